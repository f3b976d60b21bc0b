//! Where sessions keep their tokens: the option `store`, and what the environment made of it.

use std::ffi::OsStr;
use std::path::PathBuf;

use crate::process::Environment;

/// The option `store`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StoreChoice {
    Memory,
    /// `file`: a directory of the user's own.
    UserDirectory,
    /// `file:DIRECTORY`
    Directory(PathBuf),
}

/// The same for one client, whose environment was read when it was made.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum StoreLocation {
    Memory,
    Directory(PathBuf),
    UserDirectory(UserDirectory),
}

/// Which of these it is depends on the user that the process has when the store is used, so that is decided then.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct UserDirectory {
    /// Directories that may be the user's own, each with the path below it. The first that is counts.
    pub(crate) candidates: Vec<(PathBuf, &'static str)>,
    /// Everybody's, for a directory named after the user.
    pub(crate) temporary: PathBuf,
}

impl StoreChoice {
    pub(crate) fn locate(&self, environment: &Environment) -> StoreLocation {
        match self {
            StoreChoice::Memory => StoreLocation::Memory,
            StoreChoice::Directory(path) => StoreLocation::Directory(path.clone()),
            StoreChoice::UserDirectory => StoreLocation::UserDirectory(UserDirectory::new(environment)),
        }
    }
}

impl StoreLocation {
    /// As the option names it.
    pub(crate) fn name(&self) -> &OsStr {
        match self {
            StoreLocation::Memory => OsStr::new("memory"),
            StoreLocation::UserDirectory(_) => OsStr::new("file"),
            StoreLocation::Directory(path) => path.as_os_str(),
        }
    }
}

impl UserDirectory {
    fn new(environment: &Environment) -> UserDirectory {
        let variable = |name| environment.get(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let candidate = |(name, below)| Some((variable(name)?, below));
        let names = [("XDG_RUNTIME_DIR", "testpress"), ("XDG_CACHE_HOME", "testpress"), ("HOME", ".cache/testpress")];
        UserDirectory {
            candidates: names.into_iter().filter_map(candidate).collect(),
            temporary: variable("TMPDIR").unwrap_or_else(|| PathBuf::from("/tmp")),
        }
    }
}
