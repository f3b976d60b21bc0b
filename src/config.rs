//! Config: every option, in one table: name, default, what it takes, and how it is set.

mod store_location;

use std::path::PathBuf;
use std::time::Duration;

pub(crate) use self::store_location::{StoreChoice, StoreLocation, UserDirectory};
use crate::error::{Error, Result};
use crate::log::{Level, Log};
use crate::proxy;

/// The options of a [`Client`](crate::Client), set by name.
///
/// A new option changes no signature here and none in any binding.
#[derive(Clone, Debug)]
pub struct Config {
    pub(crate) settings: Settings,
    pub(crate) log: Log,
}

/// The values, checked. File contents are read when a client is made.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) api_version: String,
    pub(crate) login_encoding: Encoding,
    pub(crate) timeout: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) retries: u32,
    pub(crate) ca_file: Option<PathBuf>,
    pub(crate) client_cert_file: Option<PathBuf>,
    pub(crate) client_key_file: Option<PathBuf>,
    pub(crate) proxy: proxy::Choice,
    pub(crate) user_agent: String,
    pub(crate) device_uid: Option<String>,
    pub(crate) device_type: Option<String>,
    pub(crate) allow_http: bool,
    pub(crate) store: StoreChoice,
    /// `None`: as long as befits the token's lifetime.
    pub(crate) expiry_leeway: Option<Duration>,
}

/// How a login's body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Json,
    Multipart,
}

/// A row of the table of options.
#[derive(Debug)]
pub struct Opt {
    /// The name that [`Config::set`] takes.
    pub name: &'static str,
    /// The value of a new `Config`, in the option's own words; `None` where it is unset.
    pub default: Option<&'static str>,
    /// What it takes, as its errors say it.
    pub takes: &'static str,
    set: fn(&mut Settings, &str) -> std::result::Result<(), Wrong>,
}

/// How an error speaks of a bad value.
enum Wrong {
    Quoted,
    /// It may hold a password: only what is wrong with it is said.
    Hidden(String),
}

const MILLISECONDS: &str = "milliseconds, 1 to 86400000";
const MAX_MILLISECONDS: u64 = 86_400_000;
const DEFAULT_USER_AGENT: &str = concat!("libtestpress/", env!("CARGO_PKG_VERSION"));

/// Every option there is.
pub const OPTIONS: &[Opt] = &[
    Opt {
        name: "api_version",
        default: Some("v2.5"),
        takes: "\"v\" and two numbers, such as v2.5",
        set: |s, value| set(&mut s.api_version, is_api_version(value).then(|| value.to_owned())),
    },
    Opt {
        name: "login_encoding",
        default: Some("json"),
        takes: "json or multipart",
        set: |s, value| set(&mut s.login_encoding, encoding(value)),
    },
    Opt {
        name: "timeout_ms",
        default: Some("30000"),
        takes: MILLISECONDS,
        set: |s, value| set(&mut s.timeout, milliseconds(value)),
    },
    Opt {
        name: "connect_timeout_ms",
        default: Some("10000"),
        takes: MILLISECONDS,
        set: |s, value| set(&mut s.connect_timeout, milliseconds(value)),
    },
    Opt {
        name: "retries",
        default: Some("2"),
        takes: "0 to 10",
        set: |s, value| set(&mut s.retries, number(value, 0, 10).map(|n| n as u32)),
    },
    Opt {
        name: "ca_file",
        default: None,
        takes: "the path of a PEM file of CA certificates",
        set: |s, value| set(&mut s.ca_file, path(value)),
    },
    Opt {
        name: "client_cert_file",
        default: None,
        takes: "the path of a PEM file, together with client_key_file",
        set: |s, value| set(&mut s.client_cert_file, path(value)),
    },
    Opt {
        name: "client_key_file",
        default: None,
        takes: "the path of a PEM file, together with client_cert_file",
        set: |s, value| set(&mut s.client_key_file, path(value)),
    },
    Opt {
        name: "proxy",
        default: Some("env"),
        takes: "env, none or http://[user:password@]host[:port]",
        set: |s, value| {
            s.proxy = proxy::Choice::parse(value).map_err(Wrong::Hidden)?;
            Ok(())
        },
    },
    Opt {
        name: "user_agent",
        default: Some(DEFAULT_USER_AGENT),
        takes: "1 to 1024 visible ASCII characters and spaces",
        set: |s, value| set(&mut s.user_agent, header_value(value)),
    },
    Opt {
        name: "device_uid",
        default: None,
        takes: "1 to 1024 visible ASCII characters and spaces",
        set: |s, value| set(&mut s.device_uid, header_value(value).map(Some)),
    },
    Opt {
        name: "device_type",
        default: None,
        takes: "1 to 1024 visible ASCII characters and spaces",
        set: |s, value| set(&mut s.device_type, header_value(value).map(Some)),
    },
    Opt {
        name: "allow_http",
        default: Some("false"),
        takes: "true or false",
        set: |s, value| set(&mut s.allow_http, boolean(value)),
    },
    Opt {
        name: "store",
        default: Some("memory"),
        takes: "memory, file or file:DIRECTORY (an absolute path)",
        set: |s, value| set(&mut s.store, store(value)),
    },
    Opt {
        name: "expiry_leeway",
        default: Some("auto"),
        takes: "auto or seconds, 0 to 86400",
        set: |s, value| set(&mut s.expiry_leeway, leeway(value)),
    },
];

impl Config {
    /// The defaults.
    pub fn new() -> Config {
        Config { settings: Settings::default(), log: Log::none() }
    }

    /// Sets the option `name`. An unknown name or a bad value is
    /// [`InvalidArgument`](crate::Status::InvalidArgument), names the option and what it takes, and changes nothing.
    pub fn set(&mut self, name: &str, value: &str) -> Result<&mut Config> {
        let Some(option) = OPTIONS.iter().find(|option| option.name == name) else {
            return Err(unknown(name));
        };
        let not = match (option.set)(&mut self.settings, value) {
            Ok(()) => return Ok(self),
            Err(Wrong::Quoted) => format!("not {}", quote(value)),
            Err(Wrong::Hidden(reason)) => format!("and this one {reason}"),
        };
        Err(Error::invalid(format!("option {name} takes {}, {not}", option.takes)))
    }

    /// Sends messages up to `level` to `sink`, on the thread that is inside a call. They never carry a secret.
    pub fn set_log(&mut self, level: Level, sink: impl Fn(Level, &str) + Send + Sync + 'static) -> &mut Config {
        self.log = Log::new(level, sink);
        self
    }

    /// Sends no messages, as in the beginning.
    pub fn clear_log(&mut self) -> &mut Config {
        self.log = Log::none();
        self
    }
}

impl Default for Config {
    fn default() -> Config {
        Config::new()
    }
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            api_version: "v2.5".to_owned(),
            login_encoding: Encoding::Json,
            timeout: Duration::from_millis(30_000),
            connect_timeout: Duration::from_millis(10_000),
            retries: 2,
            ca_file: None,
            client_cert_file: None,
            client_key_file: None,
            proxy: proxy::Choice::Environment,
            user_agent: DEFAULT_USER_AGENT.to_owned(),
            device_uid: None,
            device_type: None,
            allow_http: false,
            store: StoreChoice::Memory,
            expiry_leeway: None,
        }
    }
}

fn unknown(name: &str) -> Error {
    let names: Vec<&str> = OPTIONS.iter().map(|option| option.name).collect();
    Error::invalid(format!("option {} is unknown; there are {}", quote(name), names.join(", ")))
}

/// A value in an error's text: printable, and short.
pub(crate) fn quote(value: &str) -> String {
    const SHOWN: usize = 60;
    match value.char_indices().nth(SHOWN) {
        None => format!("{value:?}"),
        Some((end, _)) => format!("{:?}… ({} bytes)", &value[..end], value.len()),
    }
}

fn set<T>(field: &mut T, value: Option<T>) -> std::result::Result<(), Wrong> {
    *field = value.ok_or(Wrong::Quoted)?;
    Ok(())
}

fn number(value: &str, least: u64, most: u64) -> Option<u64> {
    // `u64::from_str` would take "+5".
    let digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| value.parse().ok())?.filter(|number| (least..=most).contains(number))
}

fn milliseconds(value: &str) -> Option<Duration> {
    number(value, 1, MAX_MILLISECONDS).map(Duration::from_millis)
}

fn boolean(value: &str) -> Option<bool> {
    match value {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

fn encoding(value: &str) -> Option<Encoding> {
    match value {
        "json" => Some(Encoding::Json),
        "multipart" => Some(Encoding::Multipart),
        _ => None,
    }
}

fn is_api_version(value: &str) -> bool {
    let part = |part: &str| part.len() <= 4 && number(part, 0, 9999).is_some();
    value.strip_prefix('v').and_then(|v| v.split_once('.')).is_some_and(|(major, minor)| part(major) && part(minor))
}

fn path(value: &str) -> Option<Option<PathBuf>> {
    const PATH_MAX: usize = 4096;
    let plain = (1..PATH_MAX).contains(&value.len()) && !value.chars().any(char::is_control);
    plain.then(|| Some(PathBuf::from(value)))
}

fn store(value: &str) -> Option<StoreChoice> {
    match value {
        "memory" => Some(StoreChoice::Memory),
        "file" => Some(StoreChoice::UserDirectory),
        _ => {
            let directory = path(value.strip_prefix("file:")?)??;
            // Relative to what, when the next process has another working directory? Its components, as a slash at the
            // end would follow a link.
            directory.is_absolute().then(|| StoreChoice::Directory(directory.components().collect()))
        }
    }
}

fn leeway(value: &str) -> Option<Option<Duration>> {
    if value == "auto" { Some(None) } else { number(value, 0, 86_400).map(Duration::from_secs).map(Some) }
}

fn header_value(value: &str) -> Option<String> {
    let visible = value.bytes().all(|b| (0x20..0x7f).contains(&b));
    // Blanks around a header's value are not part of it (RFC 9110, section 5.5).
    let kept = !value.starts_with(' ') && !value.ends_with(' ');
    (visible && kept && (1..=1024).contains(&value.len())).then(|| value.to_owned())
}

#[cfg(test)]
mod tests;
