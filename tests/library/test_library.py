"""What the release library looks like to a linker and a loader.

TESTPRESS_LIBRARY_FILE names another file than the one that `make` builds.
"""

import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LIBRARY = Path(
    os.environ.get("TESTPRESS_LIBRARY_FILE") or ROOT / "target/dist/lib/libtestpress.so.1"
)
MOST_BYTES = 1_800_000
# glibc's own parts, and gcc's unwinder: what every program has.
LIBRARIES = {
    "libc.so.6",
    "libgcc_s.so.1",
    "ld-linux-x86-64.so.2",
    "libm.so.6",
    "libpthread.so.0",
    "libdl.so.2",
}

# Loads the library and does nothing with it.
LOADER = """
#include <dlfcn.h>
#include <unistd.h>
int main(int argc, char **argv) {
    write(2, "BEFORE", 6);
    void *library = argc == 2 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : 0;
    write(2, "LOADED", 6);
    if (library) dlclose(library);
    write(2, "CLOSED", 6);
    return library ? 0 : 1;
}
"""


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def listed():
    return (HERE / "symbols.txt").read_text().split()


class TheFile(unittest.TestCase):
    def test_exports_exactly_the_listed_functions(self):
        rows = [line.split() for line in output("nm", "-D", "--defined-only", LIBRARY).splitlines()]
        self.assertEqual(
            sorted(row[2] for row in rows), listed(), "tests/library/symbols.txt is the list"
        )
        self.assertEqual({row[1] for row in rows}, {"T"}, "functions, and nothing else")

    def test_the_list_is_the_header(self):
        header = re.sub(
            r"/\*.*?\*/", "", (ROOT / "include/testpress.h").read_text(), flags=re.DOTALL
        )
        self.assertEqual(sorted(re.findall(r"\b(tp_\w+)\(", header)), listed())

    def test_has_its_soname_and_stays_loaded(self):
        dynamic = output("readelf", "-dW", LIBRARY)
        self.assertIn("Library soname: [libtestpress.so.1]", dynamic)
        self.assertRegex(dynamic, r"FLAGS_1\).*NODELETE")
        self.assertRegex(dynamic, r"FLAGS_1\).*NOW")

    def test_symbols_have_no_versions(self):
        self.assertNotRegex(output("readelf", "-VW", LIBRARY), r"\.gnu\.version_d")

    def test_needs_only_what_every_system_has(self):
        needed = set(re.findall(r"\(NEEDED\).*\[(.+)\]", output("readelf", "-dW", LIBRARY)))
        self.assertLessEqual(needed, LIBRARIES)

    def test_is_stripped_and_small(self):
        self.assertNotIn(".symtab", output("readelf", "-SW", LIBRARY))
        self.assertLessEqual(LIBRARY.stat().st_size, MOST_BYTES)

    def test_knows_nothing_of_the_machine_that_built_it(self):
        content = LIBRARY.read_bytes()
        for folder in (f"{ROOT}/", f"{Path.home()}/"):
            self.assertFalse(folder.encode() in content, f"{folder} is in {LIBRARY}")


class Loading(unittest.TestCase):
    """The system calls between dlopen and its return, as strace sees them."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        source, program, trace = (Path(folder.name) / name for name in ("load.c", "load", "trace"))
        source.write_text(LOADER)
        subprocess.run(["gcc", source, "-o", program], check=True)
        subprocess.run(
            ["strace", "-f", "-o", trace, program, LIBRARY], check=True, capture_output=True
        )
        lines = trace.read_text().splitlines()
        marks = [
            next(i for i, line in enumerate(lines) if mark in line)
            for mark in ("BEFORE", "LOADED", "CLOSED")
        ]
        cls.loading = lines[marks[0] + 1 : marks[1]]
        cls.closing = lines[marks[1] + 1 : marks[2]]
        cls.exiting = lines[marks[2] + 1 :]

    def test_the_trace_shows_the_library(self):
        self.assertTrue(any(LIBRARY.name in line for line in self.loading), self.loading)

    def test_starts_no_thread_and_no_process(self):
        for line in self.loading + self.closing + self.exiting:
            self.assertNotRegex(line, r"\b(clone|clone3|fork|vfork|execve)\(")

    def test_opens_no_file_but_libraries(self):
        for line in self.loading:
            if re.search(r"\bopen(at)?\(", line):
                self.assertRegex(line, r'"[^"]*(\.so[.0-9]*|/ld\.so\.cache)"', line)
        for line in self.closing + self.exiting:
            self.assertNotRegex(line, r"\bopen(at)?\(")

    def test_makes_no_socket(self):
        for line in self.loading + self.closing + self.exiting:
            self.assertNotRegex(
                line, r"\b(socket|socketpair|connect|eventfd2?|epoll_create1?|pipe2?)\("
            )


if __name__ == "__main__":
    unittest.main()
