//! One login to one bad server, and the words to say what should have come of it.

use std::rc::Rc;
use std::time::{Duration, Instant};

use testpress::{Call, Client, Config, Error, Status, Token};
use testpress_faults::Server;

pub const USERNAME: &str = "ada.4711@example.com";
/// With characters that need care in JSON.
pub const PASSWORD: &str = "pass \"wörd\"\\ 0815";
/// A part of the password that is the same in every spelling.
const PASSWORD_PART: &str = "0815";

/// The longest body that a login can have: each character takes six bytes in JSON, 384 KiB in all.
pub fn longest_password() -> String {
    "\u{1}".repeat(64 * 1024)
}

/// For calls whose end is not the deadline: longer than anything takes on a machine that is busy with something else.
const GENEROUS: Duration = Duration::from_secs(20);
/// For calls that only the deadline ends.
const HURRIED: Duration = Duration::from_secs(1);
/// How late a call may be where lateness is not the subject.
const LATE: Duration = Duration::from_secs(10);
/// For what the server does on its own threads.
const SOON: Duration = Duration::from_secs(10);

/// A bad server and a client for it.
pub struct Stage {
    pub server: Server,
    pub client: Client,
    timeout: Duration,
}

/// What came of a login.
pub struct Outcome {
    stage: Rc<Stage>,
    result: Result<Token, Error>,
    elapsed: Duration,
}

/// An error, and what led to it.
pub struct Failure {
    stage: Rc<Stage>,
    pub error: Error,
}

/// Logs in once, in no hurry.
pub fn login(fault: &str) -> Outcome {
    stage(fault).log_in()
}

/// Logs in once, with a second to do it in.
pub fn hurried_login(fault: &str) -> Outcome {
    Stage::set(fault, HURRIED, &[]).log_in()
}

/// For more than one login.
pub fn stage(fault: &str) -> Rc<Stage> {
    Stage::set(fault, GENEROUS, &[])
}

impl Stage {
    /// With options of one's own on top.
    pub fn set(fault: &str, timeout: Duration, options: &[(&str, &str)]) -> Rc<Stage> {
        let server = Server::start(fault);
        let mut config = Config::new();
        let timeout_ms = timeout.as_millis().to_string();
        let ca_file = server.ca_file().to_str().expect("a path in UTF-8");
        for (name, value) in [("ca_file", ca_file), ("timeout_ms", &timeout_ms)] {
            config.set(name, value).expect(name);
        }
        for (name, value) in options {
            config.set(name, value).expect(name);
        }
        let client = Client::new(&server.origin(), &config).expect("a client");
        Rc::new(Stage { server, client, timeout })
    }

    pub fn log_in(self: &Rc<Stage>) -> Outcome {
        self.log_in_with(None)
    }

    pub fn log_in_with(self: &Rc<Stage>, call: Option<&Call>) -> Outcome {
        let start = Instant::now();
        let result = self.client.login(USERNAME, PASSWORD, call);
        Outcome { stage: self.clone(), result, elapsed: start.elapsed() }
    }
}

impl Outcome {
    /// The token; it must be printed nowhere.
    pub fn succeeds(self) -> Token {
        let token = self.result.unwrap_or_else(|error| panic!("{error:?}"));
        assert!(!format!("{token:?}").contains(token.jwt()), "the token is in its Debug");
        assert_eq!(token.auth_header(), format!("Authorization: JWT {}", token.jwt()));
        assert_eq!(token.auth_value(), format!("JWT {}", token.jwt()));
        token
    }

    /// The token that the well-behaved answers have.
    pub fn succeeds_as_usual(self) -> Token {
        let token = self.succeeds();
        assert_eq!(token.jwt(), testpress_faults::jwt::token());
        token
    }

    pub fn fails(self, status: Status) -> Failure {
        self.fails_as_one_of(&[status])
    }

    /// Where the contract leaves a choice.
    pub fn fails_as_one_of(self, statuses: &[Status]) -> Failure {
        let error = match self.result {
            Ok(_) => panic!("logged in, instead of {statuses:?}"),
            Err(error) => error,
        };
        assert!(statuses.contains(&error.status()), "{error:?} instead of {statuses:?}");
        check_time(&error, self.elapsed, self.stage.timeout);
        check_secrets(&error);
        check_message(&error);
        Failure { stage: self.stage, error }
    }

    /// The deadline ended it.
    pub fn times_out(self) -> Failure {
        self.fails(Status::Timeout)
    }

    /// An answer came, and it is none of the API.
    pub fn gets_bad_response(self) -> Failure {
        let failure = self.fails(Status::BadResponse);
        failure.sent();
        failure
    }

    /// The request went out and its answer was lost.
    pub fn loses_the_answer(self) -> Failure {
        let failure = self.fails(Status::OutcomeUnknown);
        failure.sent().retryable(true).connections(1);
        failure
    }
}

/// Only the deadline takes as long as the deadline.
fn check_time(error: &Error, elapsed: Duration, timeout: Duration) {
    if error.status() == Status::Timeout {
        // Clocks are read at two places; a millisecond is theirs.
        assert!(elapsed + Duration::from_millis(1) >= timeout, "too early: {elapsed:?}");
        assert!(elapsed < timeout + LATE, "too late: {elapsed:?}");
    } else {
        assert!(elapsed < timeout, "{:?} took {elapsed:?}", error.status());
    }
}

/// Every text that an error has, looked through for what must be in none.
fn check_secrets(error: &Error) {
    let texts = [
        format!("{error:?} {error:#?} {error}"),
        error.message().to_owned(),
        error.server_body().unwrap_or_default().to_owned(),
        error.server_message().unwrap_or_default().to_owned(),
    ];
    // Every token of the bad server begins like a JWT.
    for secret in [PASSWORD, PASSWORD_PART, USERNAME, "eyJ"] {
        assert!(texts.iter().all(|text| !text.contains(secret)), "{secret:?} is in {texts:?}");
    }
}

/// One line for the developer, that names the host.
fn check_message(error: &Error) {
    let message = error.message();
    assert_eq!(error.to_string(), message);
    assert!(!message.chars().any(char::is_control), "{message:?}");
    assert!(message.contains("localhost") || message.contains("127.0.0.1"), "no host in {message:?}");
}

impl Failure {
    /// The server may have seen the request.
    pub fn sent(&self) -> &Failure {
        assert!(self.error.request_sent(), "{:?}", self.error);
        self
    }

    /// The server can't have seen the request, and hasn't.
    pub fn unsent(&self) -> &Failure {
        assert!(!self.error.request_sent(), "{:?}", self.error);
        assert_eq!(self.stage.server.posts(), 0);
        self
    }

    pub fn retryable(&self, retryable: bool) -> &Failure {
        assert_eq!(self.error.retryable(), retryable, "{:?}", self.error);
        self
    }

    /// In whatever case.
    pub fn says(&self, part: &str) -> &Failure {
        let message = self.error.message().to_lowercase();
        assert!(message.contains(&part.to_lowercase()), "no {part:?} in {message:?}");
        self
    }

    pub fn never_says(&self, part: &str) -> &Failure {
        assert!(!format!("{:?}", self.error).contains(part), "{part:?} in {:?}", self.error);
        self
    }

    pub fn http(&self, status: u16) -> &Failure {
        assert_eq!(self.error.http_status(), Some(status), "{:?}", self.error);
        self
    }

    pub fn no_answer(&self) -> &Failure {
        assert_eq!(self.error.http_status(), None, "{:?}", self.error);
        self
    }

    pub fn retry_after(&self, seconds: Option<u64>) -> &Failure {
        assert_eq!(self.error.retry_after(), seconds, "{:?}", self.error);
        self
    }

    pub fn code(&self, code: Option<&str>) -> &Failure {
        assert_eq!(self.error.server_code(), code, "{:?}", self.error);
        self
    }

    pub fn server_says(&self, text: Option<&str>) -> &Failure {
        assert_eq!(self.error.server_message(), text, "{:?}", self.error);
        self
    }

    pub fn body_has(&self, part: &str) -> &Failure {
        assert!(self.error.server_body().is_some_and(|body| body.contains(part)), "{:?}", self.error);
        self
    }

    /// So many POSTs reached the server, no more and no fewer.
    pub fn posts(&self, posts: usize) -> &Failure {
        let server = &self.stage.server;
        server.wait_until(SOON, |counts| counts.posts >= posts);
        assert_eq!(server.posts(), posts, "POSTs");
        self
    }

    pub fn connections(&self, connections: usize) -> &Failure {
        let server = &self.stage.server;
        server.wait_until(SOON, |counts| counts.connections >= connections);
        assert_eq!(server.connections(), connections, "connections");
        self
    }

    /// The server beside it saw nothing of us.
    pub fn bystander_untouched(&self) -> &Failure {
        let bystander = self.stage.server.bystander().expect("a bystander");
        assert_eq!(bystander.connections(), 0, "connections to the bystander");
        self.says(&bystander.origin())
    }
}
