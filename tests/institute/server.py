"""One running institute: gunicorn on a free loopback port, with a certificate of its own."""

from __future__ import annotations

import errno
import http.client
import os
import signal
import socket
import ssl
import subprocess
import time
from pathlib import Path

import lifetime

HERE = Path(__file__).resolve().parent
START_SECONDS = 60
STOP_SECONDS = 5
BACKLOG = 2048


class Server:
    def __init__(self, python: Path, directory: Path):
        self.ca_file = directory / "ca.pem"
        self.log_file = directory / "server.log"
        sockets = listen_on_loopback()
        self.port = sockets[0].getsockname()[1]
        self.process = start_gunicorn(python, directory, sockets, self.log_file)
        # From here on only gunicorn holds them: when it dies, a connection is refused at once.
        for listener in sockets:
            listener.close()

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    def wait_until_ready(self):
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                return self.ask(deadline)
            except (OSError, http.client.HTTPException) as error:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(
                        f"the server did not start ({error}); its log:\n{self.log()}"
                    ) from error
            time.sleep(0.02)

    def ask(self, deadline: float):
        """One request as every client makes it: by name, over verified TLS, without a proxy."""
        context = ssl.create_default_context(cafile=self.ca_file)
        timeout = max(0.1, deadline - time.monotonic())
        connection = http.client.HTTPSConnection(
            "localhost", self.port, timeout=timeout, context=context
        )
        try:
            connection.request("GET", "/api/v2.2/me/")
            status = connection.getresponse().status
        finally:
            connection.close()
        if status != 401:
            raise http.client.HTTPException(f"unexpected answer {status}")

    def stop(self):
        # SIGQUIT: no waiting for kept-alive connections.
        self.process.send_signal(signal.SIGQUIT)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8", errors="replace")


def listen_on_loopback() -> list[socket.socket]:
    """The same free port on 127.0.0.1 and, where there is IPv6, on ::1."""
    while True:
        ipv4 = listen(socket.AF_INET, "127.0.0.1", 0)
        try:
            return [ipv4, listen(socket.AF_INET6, "::1", ipv4.getsockname()[1])]
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                return [ipv4]
            # Somebody has the port on ::1 only: take another one.
            ipv4.close()


def listen(family: int, address: str, port: int) -> socket.socket:
    """Listening before gunicorn starts makes the port ours without a race."""
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind((address, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def start_gunicorn(
    python: Path, directory: Path, sockets: list[socket.socket], log_file: Path
) -> subprocess.Popen:
    descriptors = [listener.fileno() for listener in sockets]
    command = [str(python), "-m", "gunicorn"]
    for descriptor in descriptors:
        command += ["--bind", f"fd://{descriptor}"]
    with log_file.open("wb") as log:
        return lifetime.start(
            command,
            signal.SIGQUIT,
            cwd=HERE,
            env=server_environment(directory),
            pass_fds=descriptors,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # A Ctrl-C is for the command; the server stays until the command has ended.
            start_new_session=True,
        )


def server_environment(directory: Path) -> dict[str, str]:
    """Only what is meant for the server: Python and gunicorn obey many other variables."""
    wanted = ("PATH", "LD_LIBRARY_PATH", "HOME", "TMPDIR", "INSTITUTE_TOKEN_SECONDS")
    environment = {name: os.environ[name] for name in wanted if name in os.environ}
    environment["INSTITUTE_DIRECTORY"] = str(directory)
    return environment
