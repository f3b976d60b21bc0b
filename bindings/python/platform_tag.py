"""Hatchling's hook: a wheel that brings the library along is for the machines that the library is for.

Without `src/testpress/libtestpress.so.1` the wheel is for every machine, and uses the system's library.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MACHINES = {62: "x86_64", 183: "aarch64"}
"""By the number in the ELF header."""


class PlatformTag(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        library = Path(self.root, "src/testpress/libtestpress.so.1")
        if library.exists():
            build_data["pure_python"] = False
            build_data["tag"] = f"py3-none-{platform_tag(library.read_bytes())}"


def platform_tag(library: bytes) -> str:
    """manylinux_2_34_x86_64 for a library that needs glibc 2.34 (PEP 600)."""
    machine = MACHINES[int.from_bytes(library[18:20], "little")]
    glibc = max((int(major), int(minor)) for major, minor in re.findall(rb"GLIBC_(\d+)\.(\d+)", library))
    return f"manylinux_{glibc[0]}_{glibc[1]}_{machine}"
