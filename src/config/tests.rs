//! Defaults, bad values, and what an error says of them.

use super::*;

#[test]
fn every_default_is_what_the_table_says() {
    let defaults = format!("{:?}", Settings::default());
    for option in OPTIONS {
        if let Some(value) = option.default {
            let mut config = Config::new();
            config.set(option.name, value).unwrap();
            assert_eq!(format!("{:?}", config.settings), defaults, "{}", option.name);
        }
    }
}

#[test]
fn errors_name_the_option_and_what_it_takes() {
    for (name, value) in [
        ("timeout_ms", "0"),
        ("timeout_ms", "-1"),
        ("timeout_ms", "9223372036854775808"),
        ("timeout_ms", "86400001"),
        ("timeout_ms", "abc"),
        ("timeout_ms", ""),
        ("timeout_ms", "+5"),
        ("timeout_ms", "1e3"),
        ("timeout_ms", " 5"),
        ("connect_timeout_ms", "0"),
        ("retries", "11"),
        ("api_version", "2.5"),
        ("api_version", "v2"),
        ("api_version", "v2.5/../.."),
        ("api_version", "v00002.5"),
        ("login_encoding", "xml"),
        ("allow_http", "yes"),
        ("user_agent", "a\r\nX: y"),
        ("user_agent", ""),
        ("user_agent", "é"),
        ("device_uid", "a\n"),
        ("ca_file", ""),
        ("ca_file", "a\0b"),
        ("proxy", ""),
        ("proxy", "socks5://proxy:1080"),
    ] {
        let error = Config::new().set(name, value).map(|_| ()).unwrap_err();
        let start = format!("option {name} takes ");
        assert!(error.message().starts_with(&start), "{name}={value:?}: {error}");
    }
}

#[test]
fn a_bad_proxy_is_not_repeated() {
    let error = Config::new().set("proxy", "http://user:hunter2@proxy:x").map(|_| ()).unwrap_err();
    assert!(!error.message().contains("hunter2") && error.message().contains("a port that is not"), "{error}");
}

#[test]
fn a_failed_set_changes_nothing() {
    let mut config = Config::new();
    config.set("retries", "5").unwrap();
    config.set("retries", "50").unwrap_err();
    assert_eq!(config.settings.retries, 5);
}

#[test]
fn long_values_are_cut_in_the_text() {
    let error = Config::new().set(&"x".repeat(1 << 20), "1").map(|_| ()).unwrap_err();
    assert!(error.message().len() < 500);
    let error = Config::new().set("retries", &"é".repeat(1 << 20)).map(|_| ()).unwrap_err();
    assert!(error.message().len() < 500 && error.message().contains("2097152 bytes"));
}
