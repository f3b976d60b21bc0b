#![no_main]
//! What another process left in a store: a session gets the stored token, or a new one, or the error that is stored.
//! The input is the JSON of the two files, token and rest, with an empty line between them.

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
    let (token, rest) = end.map_or((input, &b""[..]), |end| (&input[..end], &input[end + 2..]));
    let store = store();
    write(&store.token, token);
    // Beside it, as the store has it.
    write(&store.token.with_extension("rest"), rest);
    // The length of a request decides what the server answers: all of it, by and by.
    let password = format!("{PASSWORD}{}", "x".repeat(input.len() % 4));
    let session = Session::new(&store.client, "testpress", &password).expect("good credentials");
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

struct Store {
    client: Client,
    token: PathBuf,
}

/// Of its own for each process: targets run side by side.
fn store() -> &'static Store {
    static STORE: OnceLock<Store> = OnceLock::new();
    STORE.get_or_init(|| {
        let directory = std::env::temp_dir().join(format!("testpress-fuzz-{}", std::process::id()));
        let mut config = Config::new();
        config.set("store", &format!("file:{}", directory.display())).expect("an absolute path");
        let client = Client::new(local_server::origin(), &config).expect("good options");
        Store { token: first_token(&client, &directory), client }
    })
}

/// Logs in until there is a file: only it knows its name.
fn first_token(client: &Client, directory: &Path) -> PathBuf {
    for extra in 0..4 {
        let password = format!("first{}", "x".repeat(extra));
        let session = Session::new(client, "testpress", &password).expect("good credentials");
        if session.token(None).is_ok() {
            let mut files = fs::read_dir(directory).expect("a store was made").flatten().map(|entry| entry.path());
            return files.find(|path| path.extension().is_some_and(|kind| kind == "token")).expect("a token");
        }
    }
    panic!("no login of four lengths gave a token");
}

fn write(path: &Path, json: &[u8]) {
    let sum: String = digest(&SHA256, json).as_ref()[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    let file = [format!("testpress-store 1 {sum}\n").as_bytes(), json].concat();
    let mut options = OpenOptions::new();
    let file_of_ours = options.write(true).create(true).truncate(true).mode(0o600);
    let written = file_of_ours.open(path).and_then(|mut opened| opened.write_all(&file));
    written.expect("the store's directory can be written");
}
