"""Two hosts with a link between them: a client's, and one with institutes and a name server."""

import atexit
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import plan
from link import Link, open_tun
from name_server import NameServer, open_socket
from namespaces import Namespace

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LIBRARY = os.environ.get("TESTPRESS_LIBRARY") or ROOT / "target/dist/lib/libtestpress.so.1"
FAULTS = ROOT / os.environ.get("CARGO_TARGET_DIR", "target") / "debug/faults"
# No proxy, no certificates and no Python but what is meant.
ENVIRONMENT = {
    "PATH": os.environ.get("PATH", os.defpath),
    "PYTHONPATH": str(ROOT / "bindings/python/src"),
    "PYTHONDONTWRITEBYTECODE": "1",
    "TESTPRESS_LIBRARY": str(LIBRARY),
}
# Longer than any login here may take.
PATIENCE = 60
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Hosts:
    """Both of them, until they are closed or the process ends."""

    def __init__(self):
        self._end = contextlib.ExitStack()
        end_in_order()
        atexit.register(self._close_at_exit)
        try:
            self._set_up()
        except BaseException:
            self.close()
            raise

    def close(self):
        atexit.unregister(self._close_at_exit)
        self._end.close()

    def _close_at_exit(self):
        # A second Ctrl-C would leave half of it behind.
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        self.close()

    def _set_up(self):
        self.client = Namespace("client", self._end)
        self.server = Namespace("server", self._end)
        self.link = Link(*(host.inside(open_tun, "wire") for host in (self.client, self.server)))
        self._end.callback(self.link.close)
        for host, interfaces, kernel in (
            (self.client, plan.CLIENT_INTERFACES, plan.CLIENT_KERNEL),
            (self.server, plan.SERVER_INTERFACES, plan.SERVER_KERNEL),
        ):
            for setting, value in kernel.items():
                host.set_kernel(setting, value)
            host.configure(interfaces)
        for name, text in plan.CLIENT_FILES.items():
            self.client.write_file(name, text)
        self.ask_names_of(plan.SERVER)
        name_server = NameServer(self.server.inside(open_socket, plan.SERVER), plan.ZONE)
        self._end.callback(name_server.close)

    def serve(self, fault):
        """Serves a fault on the server's host, and returns its institute."""
        process = self.server.start(
            FAULTS,
            "serve",
            fault,
            plan.DOMAIN,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        self._end.callback(process.communicate)
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"{FAULTS} does not serve {fault}")
        origin, ca_file = line.rstrip("\n").split("\t")
        return Institute(int(origin.rpartition(":")[2]), ca_file)

    def begin(self, institute, name, *, times=1, options=None, **how):
        """Begins to log in from the client's host to a name of the plan, or to an address.

        client.py tells what else there is to say.
        """
        job = {
            "origin": institute.origin(name),
            "options": {"ca_file": institute.ca_file, **(options or {})},
            "times": times,
            **dict.fromkeys(("at_once", "kept", "cancel", "stepwise", "settle"), False),
            **how,
        }
        process = self.client.start(
            sys.executable,
            str(HERE / "client.py"),
            json.dumps(job),
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        return Logins(process, self._end)

    def log_in(self, *arguments, **how):
        """Logs in, and returns what came of each login."""
        return self.begin(*arguments, **how).results()

    def round_trip(self, institute):
        """The seconds that one takes: a connection is made in one."""

        def connect():
            begun = time.monotonic()
            socket.create_connection((plan.SERVER, institute.port), timeout=PATIENCE).close()
            return time.monotonic() - begun

        return min(self.client.inside(connect) for _ in range(3))

    def ask_names_of(self, *servers, options="timeout:5 attempts:2"):
        """Writes the client's resolv.conf, for the logins that begin after this."""
        lines = [f"nameserver {server}" for server in servers]
        self.client.write_file("resolv.conf", "\n".join([*lines, f"options {options}", ""]))


@dataclass(frozen=True)
class Institute:
    """Where a fault is served."""

    port: int
    ca_file: str

    def origin(self, name):
        host = name if name[0] in "[0123456789" else f"{name}.{plan.DOMAIN}"
        return f"https://{host}:{self.port}"


class Logins:
    """The client's program, which may be under way."""

    def __init__(self, process, end):
        self._process = process
        end.callback(self._stop)

    def step(self):
        """Begins the next one of logins that are made stepwise."""
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def result(self):
        """Waits for the next one."""
        return result(self._process.stdout.readline())

    def results(self):
        """Waits for all that are left."""
        printed, errors = self._process.communicate(timeout=PATIENCE)
        if self._process.returncode != 0 or errors:
            raise AssertionError(f"the client ended with {self._process.returncode}: {errors}")
        return [result(line) for line in printed.splitlines()]

    def _stop(self):
        self._process.kill()
        self._process.communicate()


def result(line):
    return SimpleNamespace(**json.loads(line))


def end_in_order():
    """Being terminated is an interruption: what atexit knows is done then, too."""

    def interrupt(*_):
        raise KeyboardInterrupt

    for number in SIGNALS:
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, interrupt)
