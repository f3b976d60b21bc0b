//! The proxy that the environment names, as curl reads it.

use super::{Proxy, URL_TAKES, no_proxy};
use crate::error::{Error, Result, Status};
use crate::institute::Origin;
use crate::process::Environment;

/// In the order of their rank. Never `HTTP_PROXY`: a CGI program's client sets it with a header `Proxy` (httpoxy).
const FOR_HTTPS: &[&str] = &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
const FOR_HTTP: &[&str] = &["http_proxy", "all_proxy", "ALL_PROXY"];
const EXCEPTIONS: &[&str] = &["no_proxy", "NO_PROXY"];

/// The proxy for requests to `origin`.
pub(super) fn proxy_for(origin: &Origin, environment: &Environment) -> Result<Option<Proxy>> {
    let first = |names: &'static [&str]| names.iter().find_map(|&name| Some((name, environment.get(name)?)));
    let Some((name, url)) = first(if origin.https { FOR_HTTPS } else { FOR_HTTP }) else {
        return Ok(None);
    };
    if let Some((_, exceptions)) = first(EXCEPTIONS)
        && no_proxy::covers(&exceptions.to_string_lossy(), &origin.host, origin.port)
    {
        return Ok(None);
    }
    let url = url.to_str().ok_or_else(|| malformed(name, "is not UTF-8"))?;
    Proxy::parse(url).map(Some).map_err(|reason| malformed(name, &reason))
}

fn malformed(name: &str, reason: &str) -> Error {
    let hint = "mend or unset it, or set the option proxy";
    Error::new(Status::Proxy, format!("the environment variable {name} {reason}: it takes {URL_TAKES}; {hint}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(institute: &str, variables: &[(&'static str, &str)]) -> Result<Option<String>> {
        let origin = Origin::parse(institute, true).unwrap();
        Ok(proxy_for(&origin, &Environment::of(variables))?.map(|proxy| proxy.to_string()))
    }

    fn proxy(institute: &str, variables: &[(&'static str, &str)]) -> Option<String> {
        chosen(institute, variables).unwrap()
    }

    #[test]
    fn the_variables_and_their_rank() {
        let all = [("https_proxy", "a:1"), ("HTTPS_PROXY", "b:1"), ("all_proxy", "c:1"), ("ALL_PROXY", "d:1")];
        for (skipped, expected) in ["a:1", "b:1", "c:1", "d:1"].into_iter().enumerate() {
            assert_eq!(proxy("demo", &all[skipped..]).unwrap(), expected);
        }
        assert_eq!(proxy("demo", &[]), None);
        assert_eq!(proxy("demo", &[("https_proxy", ""), ("HTTPS_PROXY", "b:1")]).unwrap(), "b:1");
    }

    #[test]
    fn http_has_its_own_but_never_in_upper_case() {
        let http = [("HTTP_PROXY", "evil:1"), ("https_proxy", "a:1"), ("http_proxy", "b:1"), ("ALL_PROXY", "c:1")];
        assert_eq!(proxy("http://demo.example.com", &http).unwrap(), "b:1");
        assert_eq!(proxy("http://demo.example.com", &http[..2]), None);
        assert_eq!(proxy("demo", &[("HTTP_PROXY", "evil:1"), ("http_proxy", "b:1")]), None);
    }

    #[test]
    fn exceptions_go_direct() {
        let variables = [("HTTPS_PROXY", "a:1"), ("NO_PROXY", "localhost, testpress.in")];
        assert_eq!(proxy("demo", &variables), None);
        assert_eq!(proxy("learn.example.com", &variables).unwrap(), "a:1");
        let both = [("HTTPS_PROXY", "a:1"), ("no_proxy", "example.com"), ("NO_PROXY", "testpress.in")];
        assert_eq!(proxy("demo", &both).unwrap(), "a:1", "lower case has the higher rank");
    }

    #[test]
    fn a_malformed_variable_is_an_error_that_names_it() {
        for url in ["socks5://u:hunter2@a:1", "http://a:b:c", "http://u:hunter2@", "::", "http://a:99999"] {
            let error = chosen("demo", &[("ALL_PROXY", url), ("HTTP_PROXY", "a:1")]).unwrap_err();
            assert_eq!(error.status(), Status::Proxy);
            assert!(error.message().contains("ALL_PROXY has"), "{error}");
            assert!(!error.message().contains("hunter2"), "{error}");
        }
        assert_eq!(proxy("demo", &[("HTTPS_PROXY", "::"), ("NO_PROXY", "*")]), None);
    }
}
