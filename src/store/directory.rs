//! Directory: where the files of a store are, and whether they are only ours.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::record::MOST_BYTES;
use crate::sys;

/// A directory of the store's. Made when the first file is written.
#[derive(Debug)]
pub(super) struct Directory {
    path: PathBuf,
    /// Directories above it that may be made, too.
    make_parents: bool,
}

/// For group and others.
const OTHERS: u32 = 0o077;
const STICKY: u32 = 0o1000;
const WRITABLE_BY_OTHERS: u32 = 0o022;

impl Directory {
    pub(super) fn chosen(path: PathBuf) -> Directory {
        Directory { path, make_parents: false }
    }

    /// A directory of the user's own, else one in the temporary directory, which everybody may write to: that it is ours
    /// is checked each time. In a process with raised privileges the environment is not asked.
    pub(super) fn usual() -> Directory {
        let variable = |name| {
            let value = std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
            value.filter(|_| !sys::has_raised_privileges())
        };
        // Debian's PHP-FPM has root's /var/www as HOME: nothing can be made there.
        let ours = |path: &PathBuf| {
            fs::metadata(path).is_ok_and(|found| found.is_dir() && found.uid() == sys::effective_user())
        };
        let own = variable("XDG_RUNTIME_DIR")
            .filter(ours)
            .map(|runtime| runtime.join("testpress"))
            .or_else(|| variable("XDG_CACHE_HOME").filter(ours).map(|cache| cache.join("testpress")))
            .or_else(|| variable("HOME").filter(ours).map(|home| home.join(".cache/testpress")));
        let shared = || {
            let temporary = variable("TMPDIR").unwrap_or_else(|| PathBuf::from("/tmp"));
            temporary.join(format!("testpress-{}", sys::effective_user()))
        };
        match own {
            Some(path) => Directory { path, make_parents: true },
            None => Directory { path: shared(), make_parents: false },
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Makes it where it is not there yet. An error where it is not only ours.
    pub(super) fn prepare(&self) -> io::Result<()> {
        match DirBuilder::new().recursive(self.make_parents).mode(0o700).create(&self.path) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        self.check()
    }

    /// Whether it is there, and only ours.
    pub(super) fn check(&self) -> io::Result<()> {
        let found = fs::symlink_metadata(&self.path)?;
        if !found.is_dir() {
            return Err(refused(&self.path, "is no directory"));
        }
        check_owner(&self.path, &found)?;
        // Whoever may rename it may put another in its place.
        let above = fs::metadata(self.path.parent().unwrap_or(Path::new("/")))?;
        if above.mode() & WRITABLE_BY_OTHERS != 0 && above.mode() & STICKY == 0 {
            return Err(refused(&self.path, "is in a directory that others may change"));
        }
        Ok(())
    }
}

fn check_owner(path: &Path, found: &Metadata) -> io::Result<()> {
    if found.uid() != sys::effective_user() {
        return Err(refused(path, "belongs to another user"));
    }
    if found.mode() & OTHERS != 0 {
        return Err(refused(path, "is open to others (its mode must be 0700, a file's 0600)"));
    }
    Ok(())
}

fn refused(path: &Path, reason: &str) -> io::Error {
    io::Error::other(format!("{} {reason}", path.display()))
}

/// Opens a file that is only ours, through no link.
pub(super) fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    let file = options.mode(0o600).custom_flags(sys::O_NOFOLLOW | sys::O_NONBLOCK).open(path)?;
    let found = file.metadata()?;
    if !found.is_file() {
        return Err(refused(path, "is no file"));
    }
    check_owner(path, &found)?;
    Ok(file)
}

/// The whole of a file that is only ours; `None` where there is none.
pub(super) fn read(path: &Path) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    let file = match open(path, OpenOptions::new().read(true)) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        file => file?,
    };
    let mut bytes = Zeroizing::new(Vec::with_capacity(MOST_BYTES as usize + 1));
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}
