"""Network namespaces: hosts of their own on this machine, each with files of its own in /etc."""

import contextlib
import ctypes
import os
import re
import shutil
import subprocess
import threading
from pathlib import Path

CLONE_NEWNET = 0x40000000
MOUNTED = Path("/run/netns")
# `ip netns exec` lays the files below it over those of /etc.
FILES = Path("/etc/netns")
NAME = re.compile(r"testpress-[a-z]+-([0-9]+)")

_libc = ctypes.CDLL(None, use_errno=True)


def run(*command, text=None):
    """Runs a command of the system; what it complains about is the error."""
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")


class Namespace:
    """A host. Its name has our number in it, so that a later run can tell whom it belonged to."""

    def __init__(self, role, end):
        """`end` is a stack of what to do at the end. Interfaces and routes go with it."""
        self.name = f"testpress-{role}-{os.getpid()}"
        remove_the_abandoned()
        end.callback(remove, self.name)
        run("ip", "netns", "add", self.name)

    def inside(self, function, *arguments):
        """Calls a function on a thread that is on this host. What it opens stays there."""
        results = []

        def body():
            try:
                with (MOUNTED / self.name).open() as namespace:
                    if _libc.setns(namespace.fileno(), CLONE_NEWNET) != 0:
                        raise OSError(ctypes.get_errno(), f"setns {self.name}")
                results.append((function(*arguments), None))
            except Exception as error:
                results.append((None, error))

        thread = threading.Thread(target=body)
        thread.start()
        thread.join()
        result, error = results[0]
        if error is not None:
            raise error
        return result

    def configure(self, commands):
        """`commands` are lines as `ip` takes them."""
        run("ip", "-n", self.name, "-batch", "-", text=commands)

    def set_kernel(self, setting, value):
        """A file below /proc/sys/net is that of the host from which it is opened."""
        self.inside((Path("/proc/sys/net") / setting).write_text, str(value))

    def write_file(self, name, text):
        """The host's own /etc/NAME, for the programs that are started after this."""
        folder = FILES / self.name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)

    def start(self, *command, **options):
        """Starts a program on this host."""
        return subprocess.Popen(
            ["ip", "netns", "exec", self.name, *command], text=True, encoding="utf-8", **options
        )


def remove(name):
    shutil.rmtree(FILES / name, ignore_errors=True)
    # Ours, or as empty as if it were.
    with contextlib.suppress(OSError):
        FILES.rmdir()
    try:
        run("ip", "netns", "delete", name)
    except RuntimeError:
        # It may never have been made, or another run was quicker.
        if (MOUNTED / name).exists():
            raise


def remove_the_abandoned():
    """A process leaves its namespaces only when it is killed; the next one removes them."""
    for folder in filter(Path.is_dir, (MOUNTED, FILES)):
        for name in [path.name for path in folder.iterdir()]:
            match = NAME.fullmatch(name)
            if match and not Path("/proc", match[1]).exists():
                remove(name)
