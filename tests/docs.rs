//! The README's tables say what the code says.

#![allow(missing_docs)]

use testpress::{OPTIONS, Status, VERSION};

const README: &str = include_str!("../README.md");

/// The cells of the table whose heading starts with `heading`.
fn table(heading: &str) -> Vec<Vec<&'static str>> {
    let from = README.find(&format!("\n| {heading} |")).unwrap_or_else(|| panic!("no table of {heading}"));
    let rows = README[from + 1..].lines().take_while(|line| line.starts_with('|')).skip(2);
    rows.map(|row| row.trim_matches('|').split(" | ").map(str::trim).collect()).collect()
}

#[test]
fn the_table_of_errors_is_complete_and_true() {
    let expected: Vec<Vec<String>> = std::iter::once(("TP_OK", 0, "Success."))
        .chain(Status::ALL.iter().map(|status| (status.name(), status.code(), status.meaning())))
        .map(|(name, code, meaning)| vec![format!("`{name}`"), code.to_string(), meaning.to_owned()])
        .collect();
    assert_eq!(table("status"), expected);
}

#[test]
fn the_table_of_options_is_complete_and_true() {
    let expected: Vec<Vec<String>> = OPTIONS
        .iter()
        .map(|option| {
            let default = option.default.map_or("–".to_owned(), |value| format!("`{value}`"));
            vec![format!("`{}`", option.name), default, option.takes.to_owned()]
        })
        .collect();
    assert_eq!(table("option"), expected);
}

#[test]
fn the_changelog_has_this_version() {
    assert!(include_str!("../CHANGELOG.md").contains(&format!("\n## {VERSION} ")));
}
