//! A directory for one run of one test, shared by the test and its child.

use std::path::{Path, PathBuf};
use std::{env, fs, process};

use super::alone::{self, Alone};

const PLACE: &str = "TESTPRESS_TEST_SCRATCH";

/// Empty at first. The child's is its parent's, who removes it.
pub struct Scratch(PathBuf);

impl Scratch {
    pub fn new(test: &str) -> Scratch {
        if alone::is_child() {
            return Scratch(env::var_os(PLACE).expect("a directory").into());
        }
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}-{}", process::id()));
        fs::create_dir_all(&directory).expect("the target directory can be written");
        Scratch(directory)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn given_to(&self, child: Alone) -> Alone {
        child.with(PLACE, self.path())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Best effort: what stays in the target directory is no reason to fail.
        let _ = fs::remove_dir_all(&self.0);
    }
}
