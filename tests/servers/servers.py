"""How each application server is started, on a free port of loopback and in a folder of its own."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from string import Template

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WORKERS = 2


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Server:
    """A server process with workers below it, which stops on `stop_signal` with status 0."""

    stop_signal = signal.SIGTERM

    def __init__(self, folder):
        self.folder = folder
        self.port = free_port()
        self.log = folder / "server.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                self.command(),
                env={**os.environ, **self.environment()},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def environment(self):
        return {}

    def stop(self):
        """The exit status, or None when it had to be killed."""
        self.process.send_signal(self.stop_signal)
        try:
            return self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            return None
        finally:
            self.kill()

    def kill(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


class Gunicorn(Server):
    """Prefork, with the application and its client made before the fork."""

    def command(self):
        return [
            *(sys.executable, "-m", "gunicorn", "--preload", "--chdir", str(HERE / "gunicorn")),
            *("--workers", str(WORKERS), "--bind", f"127.0.0.1:{self.port}", "application:application"),
        ]

    def environment(self):
        return {"PYTHONPATH": str(ROOT / "bindings/python/src"), "PYTHONDONTWRITEBYTECODE": "1"}


class Puma(Server):
    """Cluster mode, with the application and its client made before the fork."""

    def command(self):
        return [
            *("puma", "--config", str(HERE / "puma/puma.rb"), "--bind", f"tcp://127.0.0.1:{self.port}"),
            str(HERE / "puma/config.ru"),
        ]

    def environment(self):
        return {"RUBYLIB": str(ROOT / "bindings/ruby/lib"), "WORKERS": str(WORKERS)}


class Fpm(Server):
    """PHP-FPM with opcache and a preloaded binding, under PHP's default `ffi.enable=preload`."""

    # nginx in front: it is stopped with FPM.
    stop_signal = signal.SIGQUIT

    def __init__(self, folder):
        names = {
            "folder": folder,
            "port": free_port(),
            "workers": WORKERS,
            "here": HERE / "fpm",
            "binding": ROOT / "bindings/php",
        }
        for name in ("php-fpm.conf", "nginx.conf", "php.ini"):
            template = Template((HERE / "fpm" / name).read_text())
            (folder / name).write_text(template.safe_substitute(names))
        super().__init__(folder)
        self.port = names["port"]
        self.nginx = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)])

    def command(self):
        fpm = next(Path("/usr/sbin").glob("php-fpm[0-9]*"), "php-fpm")
        root = ["--allow-to-run-as-root"] if os.geteuid() == 0 else []
        return [
            *(str(fpm), "--nodaemonize", *root, "-c", str(self.folder / "php.ini")),
            *("-y", str(self.folder / "php-fpm.conf")),
        ]

    def stop(self):
        self.nginx.send_signal(signal.SIGQUIT)
        self.nginx.wait(timeout=30)
        return super().stop()


SERVERS = {"gunicorn": Gunicorn, "puma": Puma, "fpm": Fpm}
