"""Child processes that do not outlive this one, however it ends."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys

PR_SET_PDEATHSIG = 1


def start(command: list[str], last_signal: int, **options) -> subprocess.Popen:
    """Start a command to which the kernel sends `last_signal` when we are gone, even by SIGKILL.

    Only Linux can do that. Elsewhere the caller's own cleaning up has to be enough.
    """
    if sys.platform == "linux":
        options["preexec_fn"] = die_with_parent(last_signal)
    return subprocess.Popen(command, **options)


def die_with_parent(last_signal: int):
    parent = os.getpid()
    libc = ctypes.CDLL(None, use_errno=True)

    def in_child():
        if libc.prctl(PR_SET_PDEATHSIG, last_signal) != 0:
            raise OSError(ctypes.get_errno(), "prctl")
        # The parent may have gone before the kernel was asked to watch it.
        if os.getppid() != parent:
            os._exit(1)

    return in_child
