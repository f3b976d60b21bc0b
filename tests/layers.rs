//! The layers of src/: each part uses only those below it, and no two files of a part use each other.

#![allow(missing_docs)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// From the top to the bottom. What stands on one line knows nothing of each other.
const LAYERS: &[&[&str]] = &[
    &["ffi", "fuzzing"],
    &["session"],
    &["client"],
    &["api", "store"],
    &["http"],
    &["config"],
    &["token", "proxy"],
    &["institute", "call", "log"],
    &["host"],
    &["process"],
    &["clock", "secret"],
    &["error"],
    &["sys", "status"],
];

/// What these may use, however low it is: the store's business is paths, bytes and locks.
const ONLY: &[(&str, &[&str])] = &[
    ("store", &["clock", "config", "log", "secret", "sys"]),
    ("client", &["api", "call", "clock", "config", "error", "http", "institute", "log", "process", "secret", "token"]),
];

const SRC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src");

fn rust_files(directory: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(directory).expect("a directory of the source").map(|entry| entry.expect("a file").path());
    let (directories, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let below = directories.iter().flat_map(|directory| rust_files(directory));
    files.into_iter().chain(below).filter(|path| path.extension().is_some_and(|end| end == "rs")).collect()
}

/// The modules of the crate that a text names, in `use` lines or in the middle of an expression.
fn modules_named(source: &str) -> BTreeSet<String> {
    let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    let named = |line: &str| -> Vec<String> {
        let after = line.split("crate::").skip(1);
        after.map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()).collect()
    };
    code.flat_map(named).filter(|name| !name.is_empty()).collect()
}

/// The part of the crate that a file belongs to: its top-level module.
fn part(file: &Path) -> String {
    let first = file.strip_prefix(SRC).expect("below src").components().next().expect("a name");
    Path::new(&first).file_stem().expect("a name").to_string_lossy().into_owned()
}

fn level(part: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&part))
}

/// Every arrow that points up, or sideways.
fn wrong_arrows(files: &[(String, String)]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (part, source) in files {
        // Such as `crate::login`, which is a function: lib.rs says whose.
        let used = modules_named(source).into_iter().filter(|name| name != part && level(name).is_some());
        for name in used {
            let is_below = level(&name) > level(part);
            let allowed = ONLY.iter().find(|(one, _)| one == part).is_none_or(|(_, allowed)| allowed.contains(&&*name));
            if !is_below || !allowed {
                wrong.push(format!("{part} -> {name}"));
            }
        }
    }
    wrong
}

fn crate_files() -> Vec<(String, String)> {
    let files = rust_files(Path::new(SRC)).into_iter().filter(|file| !file.ends_with("lib.rs"));
    files.map(|file| (part(&file), fs::read_to_string(&file).expect("a text"))).collect()
}

#[test]
fn no_arrow_points_up() {
    let files = crate_files();
    for (part, _) in &files {
        assert!(level(part).is_some(), "src/{part} has no place among the layers");
    }
    assert_eq!(wrong_arrows(&files), Vec::<String>::new());
}

#[test]
fn an_arrow_that_points_up_is_found() {
    for (part, source, arrow) in [
        ("store", "use crate::session::Session;", "store -> session"),
        ("store", "let name = crate::client::NAME;", "store -> client"),
        ("store", "use crate::status::Status;", "store -> status"),
        ("client", "use crate::session;", "client -> session"),
        ("http", "use crate::api::Body;", "http -> api"),
        ("error", "use crate::secret::Secret;", "error -> secret"),
    ] {
        assert_eq!(wrong_arrows(&[(part.to_owned(), source.to_owned())]), [arrow]);
    }
    let right = ("session".to_owned(), "use crate::client::Client;\n// not crate::ffi".to_owned());
    assert_eq!(wrong_arrows(&[right]), Vec::<String>::new());
}

/// A file's module below its folder: `mod.rs` is the empty one, `file/lock.rs` is `["file", "lock"]`.
type Module = Vec<String>;

/// What each module of a folder imports of the same folder.
fn arrows_within(folder: &str) -> BTreeMap<Module, BTreeSet<Module>> {
    let directory = Path::new(SRC).join(folder);
    let files = rust_files(&directory).into_iter().filter(|file| !file.ends_with("tests.rs"));
    let modules: BTreeMap<Module, String> = files
        .map(|file| {
            let inside = file.strip_prefix(&directory).expect("below its folder").with_extension("");
            let names = inside.iter().map(|name| name.to_string_lossy().into_owned());
            (names.filter(|name| name != "mod").collect(), fs::read_to_string(&file).expect("a text"))
        })
        .collect();
    let known: BTreeSet<Module> = modules.keys().cloned().collect();
    modules.iter().map(|(module, source)| (module.clone(), imports(folder, module, source, &known))).collect()
}

/// The modules of the same folder that `source` imports from. One that names an item of a module names the module.
fn imports(folder: &str, module: &Module, source: &str, known: &BTreeSet<Module>) -> BTreeSet<Module> {
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    let uses = code.split(';').filter_map(|statement| statement.rsplit_once("use ").map(|(_, path)| path.trim()));
    let above = || module[..module.len().saturating_sub(1)].to_vec();
    let inside_crate = format!("crate::{folder}::");
    let mut imported = BTreeSet::new();
    for path in uses {
        let (base, rest) = if let Some(rest) = path.strip_prefix("super::") {
            (above(), rest)
        } else if let Some(rest) = path.strip_prefix("self::") {
            (module.clone(), rest)
        } else if let Some(rest) = path.strip_prefix(&inside_crate) {
            (Module::new(), rest)
        } else {
            continue;
        };
        // `cache::{A, B}` names one module; `{A, b::C}` names several things.
        let paths = match rest.strip_prefix('{') {
            Some(list) => list.trim_end_matches('}').split(',').collect(),
            None => vec![rest.split("::{").next().unwrap_or(rest)],
        };
        for path in paths.iter().map(|path| path.trim()).filter(|path| !path.is_empty()) {
            let mut target = base.clone();
            for name in path.split("::") {
                let next = [target.clone(), vec![name.to_owned()]].concat();
                if !known.contains(&next) {
                    break;
                }
                target = next;
            }
            imported.insert(target);
        }
    }
    imported.remove(module);
    imported
}

/// A way from `from` back to it, if there is one.
fn circle<T: Ord>(arrows: &BTreeMap<T, BTreeSet<T>>, from: &T) -> bool {
    let (mut seen, mut next) = (BTreeSet::new(), vec![from]);
    while let Some(name) = next.pop() {
        for used in arrows.get(name).into_iter().flatten() {
            if used == from {
                return true;
            }
            if seen.insert(used) {
                next.push(used);
            }
        }
    }
    false
}

#[test]
fn sessions_and_stores_have_no_import_circle() {
    for folder in ["session", "store"] {
        let arrows = arrows_within(folder);
        assert!(arrows.values().map(BTreeSet::len).sum::<usize>() >= 5, "{folder}: {arrows:?}");
        for name in arrows.keys() {
            assert!(!circle(&arrows, name), "{folder}: {name:?} uses what uses it: {arrows:?}");
        }
    }
}

#[test]
fn an_import_circle_is_found() {
    let module =
        |path: &str| -> Module { path.split('/').filter(|name| !name.is_empty()).map(str::to_owned).collect() };
    let known = ["", "file", "file/lock", "record"].map(module).into();
    let imports = |of: &str, source: &str| imports("store", &module(of), source, &known);
    for (of, source, target) in [
        ("file/lock", "use super::Item;", "file"),
        ("file/lock", "use crate::store::record::Item;", "record"),
        ("file", "use self::lock::{self, Item};", "file/lock"),
        ("file", "use super::{Item, Other};", ""),
        ("", "pub(crate) use self::file::Item;", "file"),
    ] {
        assert_eq!(imports(of, source), BTreeSet::from([module(target)]), "{source}");
    }
    assert_eq!(imports("file", "use super::{Item, record::Other};").len(), 2);
    assert_eq!(imports("file", "use crate::storage::Item;").len(), 0);

    let arrows = BTreeMap::from([(1, BTreeSet::from([2])), (2, BTreeSet::from([3])), (3, BTreeSet::from([2]))]);
    assert!(!circle(&arrows, &1) && circle(&arrows, &2) && circle(&arrows, &3));
}
