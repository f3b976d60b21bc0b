//! Is there a test for every fault?

use std::fs;
use std::path::Path;

use testpress_faults::ALL;

#[test]
fn every_fault_has_a_test() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/expected");
    let files = fs::read_dir(directory).expect("the tests' own source");
    let source: String = files.map(|file| fs::read_to_string(file.expect("a file").path()).expect("a text")).collect();
    let tested = |name: &str| source.contains(&format!("fn fault_{}()", name.replace('-', "_")));
    let missing: Vec<&str> = ALL.iter().map(|fault| fault.name).filter(|name| !tested(name)).collect();
    assert!(missing.is_empty(), "no test for {missing:?}");
}
