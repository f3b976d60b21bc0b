"""How each application server is started, on a free port of loopback and in a folder of its own."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent

# The institute's packages have gunicorn.
sys.path.insert(0, str(HERE.parent / "institute"))
import packages  # noqa: E402

WORKERS = 2


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Server:
    """A server process with workers below it, which stops on SIGTERM with status 0."""

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
        self.process.terminate()
        try:
            return self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            return None
        finally:
            self.kill()

    def kill(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Gunicorn(Server):
    """Prefork, with the application and its client made before the fork."""

    def command(self):
        return [
            *(str(packages.python()), "-m", "gunicorn", "--preload", "--workers", str(WORKERS)),
            *("--chdir", str(HERE / "gunicorn"), "--bind", f"127.0.0.1:{self.port}"),
            "application:application",
        ]

    def environment(self):
        return {"PYTHONPATH": str(ROOT / "bindings/python/src"), "PYTHONDONTWRITEBYTECODE": "1"}


class Puma(Server):
    """Cluster mode, with the application and its client made before the fork."""

    def command(self):
        return [
            *(
                "puma",
                "--config",
                str(HERE / "puma/puma.rb"),
                "--bind",
                f"tcp://127.0.0.1:{self.port}",
            ),
            str(HERE / "puma/config.ru"),
        ]

    def environment(self):
        return {"RUBYLIB": str(ROOT / "bindings/ruby/lib"), "WORKERS": str(WORKERS)}


SERVERS = {"gunicorn": Gunicorn, "puma": Puma}
