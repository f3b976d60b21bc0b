//! Writes the C header to OUT_DIR, and names the shared library.

use std::env;
use std::fmt::Write as _;
use std::path::PathBuf;

// The table of statuses, of which the header's constants are made.
#[path = "src/status.rs"]
#[allow(dead_code)]
mod status;

/// The files of the C boundary in the order of the header, with the title of their section.
const SECTIONS: &[(&str, &str, &str)] = &[
    ("version", "tp_version", "The library"),
    ("login", "tp_login", "Log in: the whole story for a simple program"),
    ("token", "tp_auth_header", "Tokens: immutable, shareable"),
    ("error", "tp_error_status", "Errors: immutable"),
    ("config", "tp_config_new", "Options"),
    ("call", "tp_call_new", "Calls: a deadline and a cancellation"),
    ("client", "tp_client_new", "Clients: thread-safe"),
    ("session", "tp_session_new", "Sessions: always a valid token; thread-safe"),
];

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=cbindgen.toml");
    println!("cargo:rerun-if-changed=src/status.rs");
    println!("cargo:rerun-if-changed=src/ffi");
    let abi = abi_version();
    if env::var_os("CARGO_FEATURE_CAPI").is_some() {
        write_header(abi);
    }
    name_library(abi);
}

fn out_dir() -> PathBuf {
    PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"))
}

/// Tests compare this file with the committed one.
fn write_header(abi: u32) {
    let mut config = cbindgen::Config::from_file("cbindgen.toml").expect("cbindgen.toml is well-formed");
    config.after_includes = Some(constants(abi));
    let mut builder = cbindgen::Builder::new().with_config(config);
    for (file, ..) in SECTIONS {
        builder = builder.with_src(format!("src/ffi/{file}.rs"));
    }
    let bindings = builder.generate().expect("src/ffi is what cbindgen can read");
    let mut text = Vec::new();
    bindings.write(&mut text);
    let text = with_titles(&String::from_utf8(text).expect("cbindgen writes UTF-8"));
    let path = out_dir().join("testpress.h");
    std::fs::write(&path, text).expect("OUT_DIR can be written");
    println!("cargo:rustc-env=TESTPRESS_HEADER={}", path.display());
}

/// `#define` lines: cbindgen can't read constants that a macro makes.
fn constants(abi: u32) -> String {
    let version = env::var("CARGO_PKG_VERSION").expect("cargo sets it");
    let part = |name: &str| -> u32 { env::var(name).expect("cargo sets it").parse().expect("a number") };
    let number = part("CARGO_PKG_VERSION_MAJOR") * 1_000_000
        + part("CARGO_PKG_VERSION_MINOR") * 1000
        + part("CARGO_PKG_VERSION_PATCH");
    let mut text = format!(
        "\n/* What this header was made for; tp_abi_version() and tp_version_number() tell what was loaded. */\n\
         #define TP_ABI_VERSION {abi}\n#define TP_VERSION \"{version}\"\n\
         #define TP_VERSION_NUMBER {number} /* major * 1000000 + minor * 1000 + patch */\n\n\
         /*\n * Statuses. The numbers are fixed and never reused; expect codes that are newer than your program.\n */\n\n\
         /** Success. */\n#define TP_OK 0\n"
    );
    for status in status::Status::ALL {
        let (meaning, name, code) = (status.meaning(), status.name(), status.code());
        writeln!(text, "/** {meaning} */\n#define {name} {code}").expect("a String takes every write");
    }
    text.push_str(
        "\n/* Levels of log messages; each includes those before it. */\n\
         #define TP_LOG_ERROR 1\n#define TP_LOG_WARN 2\n#define TP_LOG_INFO 3\n#define TP_LOG_DEBUG 4\n",
    );
    text
}

/// Puts a section's title before the comment of its first function, whose declaration is the last that names it.
fn with_titles(header: &str) -> String {
    let mut header = header.to_owned();
    for (_, first, title) in SECTIONS {
        let function = header.rfind(&format!("{first}(")).unwrap_or_else(|| panic!("no {first} in the header"));
        let comment = header[..function].rfind("/**").unwrap_or_else(|| panic!("{first} has no comment"));
        header.insert_str(comment, &format!("/* ---- {title} ---- */\n\n"));
    }
    header
}

/// A single number, in the source of `tp_abi_version`.
fn abi_version() -> u32 {
    let source = std::fs::read_to_string("src/ffi/version.rs").expect("src/ffi/version.rs is there");
    let rest = source.split("ABI_VERSION: i32 = ").nth(1).expect("it has ABI_VERSION");
    rest.split(';').next().and_then(|number| number.parse().ok()).expect("ABI_VERSION is a number")
}

fn name_library(abi: u32) {
    if env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        // A cdylib has no SONAME of its own.
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libtestpress.so.{abi}");
        // Threads may still be in a lookup, and old glibc crashes on thread-locals of an unloaded library.
        println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
}
