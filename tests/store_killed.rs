//! A process that is killed while it writes to the store leaves a whole token or none, and nothing else.

#![allow(missing_docs)]

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use testpress::{Client, Config, Session};
use testpress_faults::Server;

/// `make soak` asks for a thousand.
const ROUNDS: &str = "TESTPRESS_KILL_ROUNDS";
const ORIGIN: &str = "TESTPRESS_KILL_ORIGIN";
const CA: &str = "TESTPRESS_KILL_CA";
const STORE: &str = "TESTPRESS_KILL_STORE";
const READY: &str = "ready";

fn client(origin: &str, ca_file: &str, store: &Path) -> Client {
    let mut config = Config::new();
    config.set("ca_file", ca_file).unwrap();
    config.set("store", &format!("file:{}", store.display())).unwrap();
    Client::new(origin, &config).unwrap()
}

fn files(store: &Path) -> Vec<PathBuf> {
    fs::read_dir(store).into_iter().flatten().map(|entry| entry.unwrap().path()).collect()
}

fn forget_tokens(store: &Path) {
    for path in files(store).iter().filter(|path| path.extension().is_some_and(|kind| kind == "token")) {
        let _ = fs::remove_file(path);
    }
}

/// What is killed: writes one token after another.
fn write_for_ever(store: &Path) -> ! {
    let client = client(&env::var(ORIGIN).unwrap(), &env::var(CA).unwrap(), store);
    loop {
        forget_tokens(store);
        Session::new(&client, "ada", "lovelace").unwrap().token(None).unwrap();
        println!("{READY}");
    }
}

#[test]
fn a_writer_that_is_killed_leaves_a_whole_token_or_none() {
    if let Some(store) = env::var_os(STORE) {
        write_for_ever(Path::new(&store));
    }
    let rounds: u64 = env::var(ROUNDS).map_or(50, |rounds| rounds.parse().unwrap());
    let server = Server::start("another-each-time");
    let ca_file = server.ca_file().to_str().unwrap();
    let store = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("killed-{}", std::process::id()));
    fs::create_dir_all(&store).unwrap();
    fs::set_permissions(&store, fs::Permissions::from_mode(0o700)).unwrap();
    let client = client(&server.origin(), ca_file, &store);
    let mut found = BTreeSet::new();
    for round in 0..rounds {
        let mut writer = Command::new(env::current_exe().unwrap());
        writer.args(["--exact", "a_writer_that_is_killed_leaves_a_whole_token_or_none", "--nocapture"]);
        writer.envs([(ORIGIN, server.origin().as_str()), (CA, ca_file)]).env(STORE, &store);
        let mut writer = writer.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(writer.stdout.take().unwrap()).lines();
        assert!(lines.map_while(Result::ok).any(|line| line == READY), "the writer does not write");
        // Wherever it is by then.
        thread::sleep(Duration::from_micros(round * 7_919 % 3_000));
        writer.kill().unwrap();
        writer.wait().unwrap();

        let kinds: BTreeSet<String> =
            files(&store).iter().map(|path| path.extension().unwrap().to_str().unwrap().to_owned()).collect();
        assert_eq!(kinds.len(), files(&store).len(), "one file of each kind: {:?}", files(&store));
        assert!(kinds.iter().all(|kind| ["lock", "new", "token"].contains(&kind.as_str())), "{kinds:?}");
        let token = Session::new(&client, "ada", "lovelace").unwrap().token(None).unwrap();
        assert!(token.claims().is_some_and(|claims| claims.contains("jti")), "{:?}", token.claims());
        found.extend(kinds);
    }
    // That is, it was killed on both sides of a write.
    assert!(found.contains("token") && found.contains("lock"), "{found:?}");
    forget_tokens(&store);
    Session::new(&client, "ada", "lovelace").unwrap().token(None).unwrap();
    let left: BTreeSet<_> = files(&store).iter().map(|path| path.extension().unwrap().to_owned()).collect();
    assert_eq!(left, BTreeSet::from(["lock".into(), "token".into()]), "the next write clears up");
    println!("{rounds} writers killed; kinds of files found: {found:?}; {} logins", server.posts());
    fs::remove_dir_all(&store).unwrap();
}
