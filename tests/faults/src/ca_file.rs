//! The file that clients are given as `ca_file`.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::authority;

/// The known CA as PEM, in a private directory that goes away with the last server of the process.
#[derive(Debug)]
pub(crate) struct CaFile {
    directory: PathBuf,
    path: PathBuf,
}

impl CaFile {
    /// The one of this process.
    pub(crate) fn shared() -> io::Result<Arc<CaFile>> {
        static SHARED: Mutex<Weak<CaFile>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = shared.upgrade() {
            return Ok(file);
        }
        let file = Arc::new(CaFile::create()?);
        *shared = Arc::downgrade(&file);
        Ok(file)
    }

    fn create() -> io::Result<CaFile> {
        let directory = private_directory()?;
        let file = CaFile { path: directory.join("ca.pem"), directory };
        fs::write(&file.path, authority::known().pem())?;
        Ok(file)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for CaFile {
    fn drop(&mut self) {
        // Best effort: a temporary directory that stays is no reason to fail.
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// A new directory for this user only. A name that is taken, by whomever, is passed over and never used.
fn private_directory() -> io::Result<PathBuf> {
    let parent = std::env::temp_dir();
    let mut number = 0_u32;
    loop {
        let directory = parent.join(format!("testpress-faults-{}-{number}", process::id()));
        match DirBuilder::new().mode(0o700).create(&directory) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            other => return other.map(|()| directory),
        }
    }
}
