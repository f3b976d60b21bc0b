//! The README's tables, and those of docs/, say what the code says.

#![allow(missing_docs)]

use std::collections::BTreeSet;
use std::{env, fs};

use testpress::{OPTIONS, Status, VERSION};
use testpress_faults::{Fault, TOPICS};

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

const FAULTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/faults.md");
/// The line above the tables that are made from the catalogue.
const MADE: &str = "<!-- Made from tests/faults: TESTPRESS_WRITE_DOCS=1 cargo test --test docs -->\n";

/// Where a fault shows at the second login only, that one's error is told.
fn row(fault: &Fault) -> String {
    let word = |yes| if yes { "yes" } else { "no" };
    let then = fault.next.map_or(String::new(), |next| format!(", then {next}"));
    let last = fault.next.unwrap_or(fault.verdict);
    let (sent, retryable) = (word(last.sent), word(last.retryable));
    format!("| `{}` | {} | {}{then} | {sent} | {retryable} |\n", fault.name, fault.summary, fault.verdict)
}

/// What a login ends with is tested by each fault's own test in tests/faults.rs.
#[test]
fn the_tables_of_faults_are_the_catalogue() {
    let head =
        "| fault | what the server does | a login ends with | sent | retryable |\n| --- | --- | --- | --- | --- |\n";
    let tables = TOPICS.iter().map(|topic| {
        let rows: String = topic.faults.iter().map(row).collect();
        format!("\n### {}\n\n{head}{rows}", topic.heading)
    });
    let tables: String = tables.collect();
    let committed = fs::read_to_string(FAULTS).expect("docs/faults.md is there");
    let (before, old) = committed.split_once(MADE).expect("docs/faults.md has the line above its tables");
    if env::var_os("TESTPRESS_WRITE_DOCS").is_some() {
        fs::write(FAULTS, format!("{before}{MADE}{tables}")).expect("docs/faults.md can be written");
    } else {
        assert!(
            old == tables,
            "docs/faults.md is not what tests/faults says: TESTPRESS_WRITE_DOCS=1 cargo test --test docs"
        );
    }
}

/// The tests of what happens to a client's own process are their own catalogue.
#[test]
fn every_event_of_the_process_is_told() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/process_events");
    let files = fs::read_dir(directory).expect("the tests' own source");
    let source: String = files.map(|file| fs::read_to_string(file.expect("a file").path()).expect("a text")).collect();
    let tests = source.split("fn fault_process_").skip(1).filter_map(|rest| rest.split_once('('));
    let tested: BTreeSet<String> = tests.map(|(name, _)| name.replace('_', "-")).collect();

    let text = fs::read_to_string(FAULTS).expect("docs/faults.md is there");
    let (_, table) = text.split_once("\n| event |").expect("docs/faults.md has a table of events");
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let names = rows.filter_map(|row| row.split(" | ").next());
    let told: BTreeSet<String> = names.flat_map(|cell| cell.split('`').skip(1).step_by(2).map(str::to_owned)).collect();
    assert_eq!(told, tested);
}
