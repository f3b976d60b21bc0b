//! A store on a disk that is full or can't be written to, or that another user has made.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use testpress::Status;
use testpress_faults::Server;

use super::process::Process;
use super::{Directory, session};

const NOBODY: u32 = 65_534;

/// Whether this machine lets us make other users' files, and mount. CI must.
fn permitted() -> bool {
    let mut unshare = Command::new("unshare");
    let mounts = unshare.args(["-m", "true"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let permitted = mounts.is_ok_and(|status| status.success()) && fs::metadata("/proc/self").unwrap().uid() == 0;
    assert!(permitted || std::env::var_os("TESTPRESS_SKIP_NOTHING").is_none(), "needs root, and to mount");
    permitted
}

/// Two processes, one after the other, whose store is on a disk mounted with these options.
fn with_a_disk(options: &str) -> (Vec<String>, usize) {
    let (server, directory) = (Server::start("another-each-time"), Directory::new());
    let store = directory.0.join("store");
    fs::create_dir_all(&store).unwrap();
    let mount = format!("mount -t tmpfs -o mode=0700,{options} none {} && exec \"$@\"", store.display());
    let ended = (0..2).map(|_| {
        let under = ["unshare", "-m", "sh", "-c", &mount, "sh"];
        let mut process = Process::start_under(&under, &server, &directory.store(), Duration::from_secs(20));
        process.go();
        process.ended()
    });
    (ended.collect(), server.posts())
}

#[test]
fn a_full_disk_costs_a_login_and_no_more() {
    if permitted() {
        // A directory, and not one file in it.
        assert_eq!(with_a_disk("nr_inodes=1"), (vec!["TP_OK".to_owned(); 2], 2));
        // Files, and not one byte in them.
        assert_eq!(with_a_disk("size=4096,nr_inodes=8"), (vec!["TP_OK".to_owned(); 2], 2));
    }
}

#[test]
fn a_disk_that_cant_be_written_to_costs_a_login_and_no_more() {
    if permitted() {
        assert_eq!(with_a_disk("ro"), (vec!["TP_OK".to_owned(); 2], 2));
    }
}

#[test]
fn what_another_user_has_made_is_refused() {
    if !permitted() {
        return;
    }
    let (server, directory) = (Server::start("another-each-time"), Directory::new());
    let ask = || session(&server, &directory.store()).token(None).unwrap().jwt().to_owned();
    let own = ask();
    assert_eq!(ask(), own);
    let give = |path: &Path, owner| chown(path, Some(owner), None).unwrap();
    let (token, store) = (directory.file("token"), directory.0.join("store"));
    give(&token, NOBODY);
    assert_ne!(ask(), own, "a token that another user has put there");
    give(&token, 0);
    give(&store, NOBODY);
    let before = server.posts();
    ask();
    assert_eq!(server.posts(), before + 1, "a directory that another user has put there");
    let error = session(&server, &directory.store()).check_store().unwrap_err();
    assert_eq!(error.status(), Status::Store);
    let told = error.message();
    assert!(told.contains(&*store.to_string_lossy()) && told.contains("another user (uid 65534"), "{told}");
}
