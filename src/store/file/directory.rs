//! Directory: where the files of a store are, opened once and known to be ours alone.
//!
//! Everything in it is reached through its descriptor, and no link is followed: whoever may change what is above it can
//! put another directory in its place, but can't make us use that.

use std::ffi::{CStr, CString};
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::names::{LOCK, kind};
use crate::config::{StoreLocation, UserDirectory};
use crate::log::{Level, Log};
use crate::store::record::MAX_BYTES;
use crate::sys;

pub(super) struct Directory {
    handle: File,
    path: PathBuf,
}

/// The rights of group and others.
const OTHERS: u32 = 0o077;
const STICKY: u32 = 0o1000;

/// Where it is for the user that this process has now, and whether the directory above it may be made, too.
pub(super) fn path(location: &StoreLocation) -> (PathBuf, bool) {
    match location {
        StoreLocation::Memory => (PathBuf::new(), false),
        StoreLocation::Directory(path) => (path.clone(), false),
        StoreLocation::UserDirectory(UserDirectory { candidates, temporary }) => {
            let user = sys::effective_user();
            // Debian's PHP-FPM has root's /var/www as HOME: nothing can be made there.
            let is_own = |path: &Path| fs::metadata(path).is_ok_and(|found| found.is_dir() && found.uid() == user);
            match candidates.iter().find(|(path, _)| is_own(path)) {
                Some((own, below)) => (own.join(below), true),
                None => (temporary.join(format!("testpress-{user}")), false),
            }
        }
    }
}

impl Directory {
    /// `None` when there is none yet.
    pub(super) fn open(location: &StoreLocation, log: &Log) -> io::Result<Option<Directory>> {
        match Directory::at(path(location).0, log) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            opened => opened.map(Some),
        }
    }

    pub(super) fn open_or_make(location: &StoreLocation, log: &Log) -> io::Result<Directory> {
        let (path, makes_above) = path(location);
        let make = |path: &Path| DirBuilder::new().mode(0o700).create(path);
        if let Some(above) = path.parent().filter(|_| makes_above) {
            // Mostly it is there; if it can't be made, neither can what is in it.
            let _ = make(above);
        }
        match make(&path) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                let above = path.parent().unwrap_or(Path::new("/")).display();
                Err(refused(format!("it can't be made: {error}; make it, or let the user write to {above}")))
            }
            _ => Directory::at(path, log),
        }
    }

    fn at(path: PathBuf, log: &Log) -> io::Result<Directory> {
        let mut options = OpenOptions::new();
        let handle = match options.read(true).custom_flags(sys::O_DIRECTORY | sys::O_NOFOLLOW).open(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(error),
            Err(error) if fs::symlink_metadata(&path).is_ok_and(|found| found.is_symlink()) => {
                return Err(refused(format!("it is a link, which is not followed ({error}): name its target")));
            }
            opened => opened?,
        };
        let found = handle.metadata()?;
        let (owner, user) = (found.uid(), sys::effective_user());
        if owner != user {
            let what = format!("it belongs to another user (uid {owner}, this process has {user})");
            return Err(refused(what + ": give it to this one, or name another directory"));
        }
        let directory = Directory { handle, path };
        if found.mode() & OTHERS != 0 {
            directory.close_to_others(&found)?;
            let path = directory.path.display();
            log.write(Level::Warn, || format!("the token store {path} was open to others: its tokens were removed"));
        }
        Ok(directory)
    }

    /// What others could read or change is of no use any more. Only a directory of the store's own is taken from others.
    fn close_to_others(&self, found: &Metadata) -> io::Result<()> {
        if found.mode() & STICKY != 0 {
            return Err(refused("it is everybody's: name a directory of its own".to_owned()));
        }
        let names: Vec<_> = self.names()?.collect();
        let is_foreign = |name: &&CString| kind(name).is_none() && !name.to_bytes().starts_with(b".");
        if let Some(name) = names.iter().find(is_foreign) {
            let what = format!("it is open to others and holds more than tokens ({})", name.to_string_lossy());
            return Err(refused(what + ": name a directory of its own, or set its mode to 0700"));
        }
        for name in names.iter().filter(|name| kind(name).is_some_and(|kind| kind != LOCK)) {
            self.remove(name)?;
        }
        self.handle.set_permissions(Permissions::from_mode(found.mode() & 0o7777 & !OTHERS))
    }

    /// By its path: a hint, for names alone.
    pub(super) fn names(&self) -> io::Result<impl Iterator<Item = CString>> {
        Ok(fs::read_dir(&self.path)?.flatten().filter_map(|entry| CString::new(entry.file_name().into_vec()).ok()))
    }

    /// A file that is ours alone. What else has its name is removed; `flags` may make it anew.
    pub(super) fn open_file(&self, name: &CStr, flags: i32) -> io::Result<File> {
        match self.try_open(name, flags)? {
            Some(file) => Ok(file),
            None => {
                self.remove(name)?;
                // Somebody puts it there again and again.
                self.try_open(name, flags)?.ok_or_else(|| ErrorKind::AlreadyExists.into())
            }
        }
    }

    /// `None` for what is no file of ours.
    fn try_open(&self, name: &CStr, flags: i32) -> io::Result<Option<File>> {
        let flags = flags | sys::O_NOFOLLOW | sys::O_NONBLOCK;
        let file = match sys::open_at(&self.handle, name, flags, 0o600) {
            Err(error) if sys::is_of_link(&error) => return Ok(None),
            file => file?,
        };
        let found = file.metadata()?;
        Ok((found.is_file() && found.uid() == sys::effective_user()).then_some(file))
    }

    /// The whole of a file that nobody else could read; `None` where there is none.
    pub(super) fn read(&self, name: &CStr) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
        let file = match self.open_file(name, sys::O_RDONLY) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            file => file?,
        };
        if file.metadata()?.mode() & OTHERS != 0 {
            self.remove(name)?;
            return Ok(None);
        }
        let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_BYTES as usize + 1));
        file.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    /// Whole or not at all: into a new file, which then takes the name.
    ///
    /// No sync: on a busy disk it takes seconds that no deadline can end. All that a crash of the machine can do is leave a
    /// file whose checksum is wrong, which costs one login.
    pub(super) fn write(&self, new: &CStr, name: &CStr, bytes: &[u8]) -> io::Result<()> {
        let written = self.write_new(new, bytes).and_then(|()| sys::rename_at(&self.handle, new, name));
        if written.is_err() {
            let _ = self.remove(new);
        }
        written
    }

    pub(super) fn write_new(&self, name: &CStr, bytes: &[u8]) -> io::Result<()> {
        self.remove(name)?;
        self.open_file(name, sys::O_WRONLY | sys::O_CREAT | sys::O_EXCL)?.write_all(bytes)
    }

    /// Whether it was there or not.
    pub(super) fn remove(&self, name: &CStr) -> io::Result<()> {
        match sys::unlink_at(&self.handle, name) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

/// Sets a file of ours that others may open to 0600.
pub(super) fn close_to_others(file: &File) -> io::Result<()> {
    if file.metadata()?.mode() & OTHERS == 0 {
        return Ok(());
    }
    file.set_permissions(Permissions::from_mode(0o600))
}

/// Whoever tells it says which store that is.
fn refused(what: String) -> io::Error {
    io::Error::other(what)
}
