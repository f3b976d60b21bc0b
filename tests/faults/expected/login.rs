//! One login to one bad server, and the words to say what should have come of it.

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use testpress::{Call, Client, Config, Error, Level, Status, Token};
use testpress_faults::{Server, Verdict};

use super::check;

pub const USERNAME: &str = "ada.4711@example.com";
/// With characters that need care in JSON.
pub const PASSWORD: &str = "pass \"wörd\"\\ 0815";

/// The longest body that a login can have: each character takes six bytes in JSON, 384 KiB in all.
pub fn longest_password() -> String {
    "\u{1}".repeat(64 * 1024)
}

/// For calls whose end is not the deadline: longer than anything takes on a machine that is busy with something else.
const GENEROUS: Duration = Duration::from_secs(20);
/// For calls that only the deadline ends.
const HURRIED: Duration = Duration::from_secs(1);
/// For what the server does on its own threads.
pub const SOON: Duration = Duration::from_secs(10);

/// A bad server and a client for it.
pub struct Stage {
    pub server: Server,
    pub client: Client,
    timeout: Duration,
    logins: AtomicUsize,
    retries: Arc<AtomicUsize>,
}

/// What came of a login.
pub struct Outcome {
    stage: Rc<Stage>,
    result: Result<Token, Error>,
    elapsed: Duration,
    verdict: Verdict,
    /// What the catalogue says, and with it docs/faults.md.
    promised: Verdict,
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
        for (name, value) in [("timeout_ms", timeout_ms.as_str()), ("ca_file", ca_file(&server))] {
            config.set(name, value).expect(name);
        }
        config.set("proxy", &proxy(&server)).expect("proxy");
        for (name, value) in options {
            config.set(name, value).expect(name);
        }
        let retries = count_retries(&mut config);
        let client = Client::new(&server.origin(), &config).expect("a client");
        Rc::new(Stage { server, client, timeout, logins: AtomicUsize::default(), retries })
    }

    pub fn log_in(self: &Rc<Stage>) -> Outcome {
        self.log_in_with(None)
    }

    pub fn log_in_with(self: &Rc<Stage>, call: Option<&Call>) -> Outcome {
        let fault = self.server.fault();
        let is_first = self.logins.fetch_add(1, Ordering::Relaxed) == 0;
        let promised = if is_first { fault.verdict } else { fault.next.unwrap_or(fault.verdict) };
        self.retries.store(0, Ordering::Relaxed);
        let start = Instant::now();
        let result = self.client.login(USERNAME, PASSWORD, call);
        let elapsed = start.elapsed();
        let verdict = verdict(&result, self.retries.load(Ordering::Relaxed));
        Outcome { stage: self.clone(), result, elapsed, verdict, promised }
    }
}

pub fn ca_file(server: &Server) -> &str {
    server.ca_file().to_str().expect("a path in UTF-8")
}

/// The option: whatever the environment says, no other proxy than the server itself.
pub fn proxy(server: &Server) -> String {
    server.proxy_url().unwrap_or_else(|| "none".to_owned())
}

/// Every try but the first is a message in the log.
fn count_retries(config: &mut Config) -> Arc<AtomicUsize> {
    let retries = Arc::new(AtomicUsize::default());
    let count = retries.clone();
    config.set_log(Level::Warn, move |_, message| {
        if message.starts_with("trying again") {
            count.fetch_add(1, Ordering::Relaxed);
        }
    });
    retries
}

fn verdict(result: &Result<Token, Error>, retries: usize) -> Verdict {
    let (status, sent, retryable) = match result {
        Ok(_) => ("TP_OK", true, false),
        Err(error) => (error.status().name(), error.request_sent(), error.retryable()),
    };
    Verdict { status, or: None, sent, retryable, tries: 1 + retries }
}

impl Outcome {
    /// The token; it must be printed nowhere.
    pub fn succeeds(self) -> Token {
        let token = self.result.unwrap_or_else(|error| panic!("{error:?}"));
        assert!(self.promised.allows(&self.verdict), "{:?} instead of {:?}", self.verdict, self.promised);
        assert!(!format!("{token:?}").contains(token.jwt()), "the token is in its Debug");
        assert_eq!(token.auth_header(), format!("Authorization: JWT {}", token.jwt()));
        assert_eq!(token.auth_value(), format!("JWT {}", token.jwt()));
        check::tunnel(&self.stage.server);
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
        assert!(self.promised.allows(&self.verdict), "{:?} instead of {:?}: {error:?}", self.verdict, self.promised);
        check::time(&error, self.elapsed, self.stage.timeout);
        check::secrets(&error);
        check::message(&error);
        check::tunnel(&self.stage.server);
        Failure { stage: self.stage, error }
    }

    /// The deadline ended it.
    pub fn times_out(self) -> Failure {
        self.fails(Status::Timeout)
    }

    /// The proxy gave no tunnel, so the institute was not asked.
    pub fn gets_no_tunnel(self) -> Failure {
        let failure = self.fails(Status::Proxy);
        failure.unsent().no_answer().says("proxy").says("127.0.0.1").says("institute.test");
        failure
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
