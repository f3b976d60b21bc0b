# make         the release library and its header, in target/dist
# make demo    logs in to a real institute, made here (or to TESTPRESS_INSTITUTE), from every language
# make test    everything that is tested; needs nothing but what README.md names
# make sanitize  leaks, overflows and races: valgrind and the sanitizers; make test has it, too
# make soak    thousands of logins in every language and application server: memory stays flat
# make bench   what a login costs beside libcurl's, and what wiping adds
# make fuzz    a minute of made-up inputs for everything that reads what others wrote
# make check   formatters, linters, documentation

CARGO ?= cargo
PREFIX ?= /usr/local
DESTDIR ?=
LIBDIR ?= $(PREFIX)/lib

VERSION := $(shell sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
DIST := target/dist
SONAME := libtestpress.so.1
# What the C parts are told of where things are.
C_PATHS := INCLUDE=$(CURDIR)/include LIBDIR=$(CURDIR)/$(DIST)/lib OUT=$(CURDIR)/target/c

# What is tested is on this machine; only packages come through a proxy.
export no_proxy := localhost,127.0.0.1,::1,$(or $(no_proxy),$(NO_PROXY))
export NO_PROXY := $(no_proxy)

.PHONY: all library header demo test sanitize soak bench fuzz check format install clean

all: library

# A library of its own: with "lib" among the crate types cargo silently leaves out LTO. The texts of panics name source
# files: without the folders of the machine that built it, every machine builds the same library.
CARGO_HOME ?= $(HOME)/.cargo
library: export RUSTFLAGS := $(RUSTFLAGS) --remap-path-prefix=$(CURDIR)/= \
	--remap-path-prefix=$(CARGO_HOME)/registry/src/=
library:
	$(CARGO) rustc --release --locked --lib --crate-type cdylib
	@mkdir -p $(DIST)/lib $(DIST)/debug $(DIST)/include
# Tools that name functions (valgrind, gdb) read this one.
	@cp target/release/libtestpress.so $(DIST)/debug/$(SONAME).new
	@mv $(DIST)/debug/$(SONAME).new $(DIST)/debug/$(SONAME)
	@ln -sf $(SONAME) $(DIST)/debug/libtestpress.so
# A new file under the old name: programs that run with the old one must not see it change.
	@strip --strip-all --remove-section=.comment -o $(DIST)/lib/$(SONAME).new $(DIST)/debug/$(SONAME)
	@mv $(DIST)/lib/$(SONAME).new $(DIST)/lib/$(SONAME)
	@ln -sf $(SONAME) $(DIST)/lib/libtestpress.so
	@cp include/testpress.h $(DIST)/include/
	@echo "built $(DIST)/lib/$(SONAME) and $(DIST)/include/testpress.h"

# Makes include/testpress.h anew from src/ffi; a test fails when the two differ.
header:
	TESTPRESS_WRITE_HEADER=1 $(CARGO) test --quiet --locked --test header the_committed_header_is_the_sources

demo: library
	tests/packages demo
	tests/demo

test:
	tests/packages test
	$(MAKE) library
	tests/run

sanitize: library
	tests/packages test
	$(CARGO) build --workspace --locked
	tests/institute/run target/debug/faults run tests/sanitize/run

# Many logins of every kind: what leaks shows. Takes its time.
soak: library
	tests/packages test
	$(CARGO) build --workspace --locked
	tests/soak

# Ratios of one run: absolute times are the machine's.
bench: library
	tests/packages test
	tests/bench/run

fuzz:
	tests/packages test
	tests/fuzz/run

check:
	tests/packages check
	tests/check

format:
	$(CARGO) fmt --all
	$(MAKE) -C bindings/c format

# As root, whose PATH may not have cargo: `make` comes first.
install:
	@test -e $(DIST)/lib/$(SONAME) || { echo "run make first, then make install" >&2; exit 1; }
	$(MAKE) -C bindings/c $(C_PATHS) RPATH= all
	install -d $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(PREFIX)/include $(DESTDIR)$(PREFIX)/bin \
		$(DESTDIR)$(PREFIX)/share/man/man1
	install -m 755 $(DIST)/lib/$(SONAME) $(DESTDIR)$(LIBDIR)/
	ln -sf $(SONAME) $(DESTDIR)$(LIBDIR)/libtestpress.so
	install -m 644 include/testpress.h $(DESTDIR)$(PREFIX)/include/
	install -m 755 target/c/tp-header $(DESTDIR)$(PREFIX)/bin/
	install -m 644 bindings/c/tp-header.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	sed -e 's|@PREFIX@|$(PREFIX)|; s|@LIBDIR@|$(LIBDIR)|; s|@VERSION@|$(VERSION)|' bindings/c/testpress.pc.in \
		> $(DESTDIR)$(LIBDIR)/pkgconfig/testpress.pc

clean:
	$(CARGO) clean
