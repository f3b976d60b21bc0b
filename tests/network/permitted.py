"""Whether this machine lets us make two hosts."""

import contextlib
import functools
import os
import shutil
import sys
from pathlib import Path

from link import open_tun
from namespaces import Namespace

TRIAL = """
link set wire up
addr add 2001:db8::1/64 dev wire nodad
"""


@functools.cache
def why_not():
    """None when it does, else a sentence."""
    if sys.platform != "linux":
        return "only Linux has network namespaces"
    if os.geteuid() != 0:
        return "only root may make network namespaces"
    if shutil.which("ip") is None:
        return "there is no program ip (package iproute2)"
    if not Path("/dev/net/tun").exists():
        return "there is no /dev/net/tun"
    try:
        try_it()
    except (OSError, RuntimeError) as error:
        return f"network namespaces with TUN devices and IPv6 are not permitted here: {error}"
    return None


def try_it():
    with contextlib.ExitStack() as end:
        host = Namespace("trial", end)
        end.callback(os.close, host.inside(open_tun, "wire"))
        host.configure(TRIAL)
        host.write_file("hosts", "")
        if host.start("true").wait() != 0:
            raise RuntimeError("ip netns exec fails")
