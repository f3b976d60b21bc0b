//! The C header: made from the source, readable by every compiler, and telling the truth.

#![cfg(feature = "capi")]
#![allow(missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use testpress::{OPTIONS, Status};

const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/include/testpress.h");

fn header() -> String {
    fs::read_to_string(COMMITTED).expect("include/testpress.h is there")
}

/// A directory of one test's own.
fn scratch(test: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("header").join(test);
    fs::create_dir_all(&directory).expect("the target directory can be written");
    directory
}

/// Compiles `source` with every warning as an error, and returns what the compiler said when it failed.
fn compile(test: &str, compiler: &str, standard: &str, source: &str) -> Result<PathBuf, String> {
    let directory = scratch(test);
    let name = format!("{compiler}-{standard}").replace('+', "x");
    let extension = if compiler == "g++" { "cpp" } else { "c" };
    let file = directory.join(format!("{name}.{extension}"));
    let program = directory.join(&name);
    fs::write(&file, source).expect("the target directory can be written");
    let output = Command::new(compiler)
        .args([&format!("-std={standard}"), "-Wall", "-Wextra", "-Wpedantic", "-Werror"])
        .arg(format!("-I{}/include", env!("CARGO_MANIFEST_DIR")))
        .args([&file, Path::new("-o"), &program])
        .output()
        .expect("gcc and g++ are installed");
    if output.status.success() { Ok(program) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

#[test]
fn the_committed_header_is_the_sources() {
    let generated = fs::read_to_string(env!("TESTPRESS_HEADER")).expect("build.rs wrote it");
    if std::env::var_os("TESTPRESS_WRITE_HEADER").is_some() {
        fs::write(COMMITTED, &generated).expect("include/testpress.h can be written");
    }
    assert!(generated == header(), "include/testpress.h is not what src/ffi says: run `make header` and commit it");
}

#[test]
fn it_compiles_alone_and_twice_in_every_standard() {
    let source = "#include <testpress.h>\n#include <testpress.h>\nint main(void) { return TP_OK; }\n";
    for (compiler, standard) in [("gcc", "c99"), ("gcc", "c11"), ("gcc", "c2x"), ("g++", "c++17")] {
        let result = compile("alone", compiler, standard, source);
        assert!(result.is_ok(), "{compiler} -std={standard}: {result:?}");
    }
    let broken = compile("alone", "gcc", "c99", "#include <testpress.h>\nint main(void) { return tp_missing(); }\n");
    assert!(broken.is_err(), "the compiler must see its warnings as errors");
}

/// The macros as a compiler sees them: a program that prints each.
#[test]
fn the_macros_are_the_library_s() {
    let mut source = String::from("#include <stdio.h>\n#include <testpress.h>\nint main(void) {\n");
    let mut expected = String::new();
    for status in Status::ALL {
        source.push_str(&format!("printf(\"%d %s\\n\", {0}, \"{0}\");\n", status.name()));
        expected.push_str(&format!("{} {}\n", status.code(), status.name()));
    }
    source.push_str("printf(\"%d %s %d\\n\", TP_ABI_VERSION, TP_VERSION, TP_VERSION_NUMBER);\nreturn TP_OK;\n}\n");
    let (abi, number) = (testpress::ffi::tp_abi_version(), testpress::ffi::tp_version_number());
    expected.push_str(&format!("{abi} {} {number}\n", testpress::VERSION));

    let program = compile("macros", "gcc", "c99", &source).expect("it compiles");
    let output = Command::new(program).output().expect("it runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
}

#[test]
fn every_status_and_option_is_explained() {
    let header = header();
    for status in Status::ALL {
        let line = format!("/** {} */\n#define {} {}\n", status.meaning(), status.name(), status.code());
        assert!(header.contains(&line), "{line}");
    }
    for option in OPTIONS {
        let default = option.default.unwrap_or("none").replace(testpress::VERSION, "<version>");
        let named = |line: &&str| line.starts_with(" * - ") && line.split([' ', ',']).any(|word| word == option.name);
        let row = header.lines().find(named).unwrap_or_else(|| panic!("no row for {}", option.name));
        assert!(row.contains(&format!("({default}): ")), "{row}: default {default}");
    }
}

/// PHP's FFI reads declarations only: no attributes, no macros, no types but these.
#[test]
fn declarations_are_plain() {
    let header = header();
    let without_comments = strip_comments(&header);
    let allowed = [
        "int32_t", "int64_t", "const", "char", "void", "typedef", "struct", "context", "level", "message", "extern",
        "C", // inside #ifdef __cplusplus
    ];
    let types = ["bool", "size_t", "int", "long", "unsigned", "enum", "inline", "static", "__attribute__", "..."];
    for line in without_comments.lines().filter(|line| !line.trim_start().starts_with('#')) {
        for word in line.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')) {
            assert!(allowed.contains(&word) || !types.contains(&word), "{word:?} in {line:?}");
        }
    }
}

fn strip_comments(text: &str) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("/*") {
        result.push_str(&rest[..start]);
        let end = rest[start..].find("*/").expect("comments end");
        rest = &rest[start + end + 2..];
    }
    result + rest
}
