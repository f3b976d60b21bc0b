#![no_main]
//! What another process left in a store: a session gets the stored token, or a new one, or the error that is stored.
//! The input is the JSON of the two files, token and back-off, with an empty line between them.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use ring::digest::{SHA256, digest};
use testpress::{Client, Config, Session, Status};
use testpress_fuzz::{local_server, secrets};

const PASSWORD: &str = "hunter2 \"clé\"2";

fuzz_target!(|input: &[u8]| {
    let end = input.windows(2).position(|window| window == b"\n\n");
    let (token, backoff) = end.map_or((input, &b""[..]), |end| (&input[..end], &input[end + 2..]));
    // The length of a request decides what the server answers: all of it, by and by.
    let extra = input.len() % 4;
    let (client, path) = (client(), &token_files()[extra]);
    write(path, token);
    // Beside it, as the store has it.
    write(&path.with_extension("backoff"), backoff);
    let password = password(extra);
    let session = Session::new(client, "testpress", &password).expect("good credentials");
    match session.token(None) {
        Ok(token) => {
            let jwt = token.jwt();
            assert!((1..=8192).contains(&jwt.len()) && jwt.bytes().all(|byte| byte.is_ascii_graphic()), "{jwt:?}");
            assert_eq!(token.origin(), local_server::origin());
            session.reject(&token);
        }
        Err(error) => {
            assert!(
                !matches!(error.status(), Status::Internal | Status::InvalidArgument | Status::Cancelled),
                "{error:?}"
            );
            secrets::assert_told_by_no_text(&error, &password);
        }
    }
});

fn password(extra: usize) -> String {
    format!("{PASSWORD}{}", "x".repeat(extra))
}

/// Of its own for each process: targets run side by side.
fn directory() -> PathBuf {
    std::env::temp_dir().join(format!("testpress-fuzz-{}", std::process::id()))
}

fn client() -> &'static Client {
    static CLIENT: OnceLock<Client> = OnceLock::new();
    CLIENT.get_or_init(|| {
        let mut config = Config::new();
        config.set("store", &format!("file:{}", directory().display())).expect("an absolute path");
        Client::new(local_server::origin(), &config).expect("good options")
    })
}

/// The name of a record is made of the password: a session of each makes its files, and so tells their names.
fn token_files() -> &'static [PathBuf; 4] {
    static FILES: OnceLock<[PathBuf; 4]> = OnceLock::new();
    FILES.get_or_init(|| {
        let mut known: Vec<PathBuf> = Vec::new();
        [0, 1, 2, 3].map(|extra| {
            let session = Session::new(client(), "testpress", &password(extra)).expect("good credentials");
            // Whether it succeeds or not, it locks its record.
            let _ = session.token(None);
            let locks = || fs::read_dir(directory()).expect("a store was made").flatten().map(|entry| entry.path());
            let is_new = |path: &PathBuf| path.extension().is_some_and(|kind| kind == "lock") && !known.contains(path);
            let lock = locks().find(is_new).expect("a lock");
            known.push(lock.clone());
            lock.with_extension("token")
        })
    })
}

fn write(path: &Path, json: &[u8]) {
    let sum: String = digest(&SHA256, json).as_ref()[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    let file = [format!("testpress-store 2 {sum}\n").as_bytes(), json].concat();
    let mut options = OpenOptions::new();
    let file_of_ours = options.write(true).create(true).truncate(true).mode(0o600);
    let written = file_of_ours.open(path).and_then(|mut opened| opened.write_all(&file));
    written.expect("the store's directory can be written");
}
