//! A tunnel is a connection like any other. The proxy is asked for it, and for nothing else.

use testpress::Status;

use super::login::{hurried_login, login, stage};

#[test]
fn fault_proxy_tunnel() {
    let stage = stage("proxy-tunnel");
    let token = stage.log_in().succeeds_as_usual();
    assert_eq!(token.origin(), "https://institute.test");
    stage.log_in().succeeds_as_usual();
    assert_eq!((stage.server.connections(), stage.server.posts()), (1, 2), "the tunnel is kept");
    let methods: Vec<String> = stage.server.requests().into_iter().map(|request| request.method).collect();
    assert_eq!(methods, ["CONNECT", "POST", "POST"]);
}

#[test]
fn a_proxy_is_told_this_and_no_more() {
    let stage = stage("proxy-tunnel");
    stage.log_in().succeeds();
    let connect = &stage.server.requests()[0];
    assert_eq!((connect.method.as_str(), connect.target.as_str()), ("CONNECT", "institute.test:443"));
    let agent = format!("libtestpress/{}", testpress::VERSION);
    let mut headers: Vec<(String, &str)> =
        connect.headers.iter().map(|(name, value)| (name.to_lowercase(), value.as_str())).collect();
    headers.sort();
    assert_eq!(headers, [("host".to_owned(), "institute.test:443"), ("user-agent".to_owned(), &agent)]);
}

#[test]
fn fault_proxy_credentials_right() {
    let stage = stage("proxy-credentials-right");
    stage.log_in().succeeds_as_usual();
    let requests = stage.server.requests();
    assert_eq!(requests[0].count("Proxy-Authorization"), 1);
    assert_eq!(requests[1].count("Proxy-Authorization"), 0, "the institute has no business with them");
}

#[test]
fn fault_proxy_http_1_0() {
    login("proxy-http-1-0").succeeds_as_usual();
}

#[test]
fn fault_proxy_more_headers() {
    let stage = stage("proxy-more-headers");
    stage.log_in().succeeds_as_usual();
    stage.log_in().succeeds_as_usual();
    assert_eq!(stage.server.connections(), 1, "what the proxy says of its connection is not the institute's word");
    assert!(stage.server.requests().iter().all(|request| request.count("Cookie") == 0));
}

#[test]
fn fault_proxy_bare_line_feeds() {
    login("proxy-bare-line-feeds").succeeds_as_usual();
}

#[test]
fn fault_proxy_interim() {
    login("proxy-interim").succeeds_as_usual();
}

#[test]
fn fault_proxy_202() {
    login("proxy-202").succeeds_as_usual();
}

#[test]
fn fault_proxy_length() {
    login("proxy-length").succeeds_as_usual();
}

#[test]
fn fault_proxy_chunked() {
    login("proxy-chunked").succeeds_as_usual();
}

#[test]
fn fault_proxy_slow_drip() {
    login("proxy-slow-drip").succeeds_as_usual();
}

#[test]
fn fault_proxy_refuses_twice() {
    let stage = stage("proxy-refuses-twice");
    stage.log_in().succeeds_as_usual();
    assert_eq!((stage.server.connections(), stage.server.posts()), (3, 1));
}

#[test]
fn fault_proxy_tunnel_stale() {
    let stage = stage("proxy-tunnel-stale");
    stage.log_in().succeeds_as_usual();
    stage.log_in().succeeds_as_usual();
    assert_eq!((stage.server.connections(), stage.server.posts()), (2, 3), "a new tunnel, and one resend");
}

#[test]
fn fault_proxy_tunnel_silent() {
    hurried_login("proxy-tunnel-silent").times_out().unsent().says("handshake with institute.test");
}

#[test]
fn fault_proxy_tunnel_closed() {
    login("proxy-tunnel-closed").fails(Status::Tls).unsent().retryable(true).connections(3);
}

#[test]
fn fault_proxy_tunnel_reset() {
    login("proxy-tunnel-reset").fails(Status::Tls).unsent().retryable(true).connections(3);
}

#[test]
fn fault_proxy_tunnel_to_page() {
    login("proxy-tunnel-to-page").fails(Status::Tls).unsent().retryable(false).connections(1);
}

#[test]
fn fault_proxy_tunnel_inspected() {
    let failure = login("proxy-tunnel-inspected").fails(Status::Tls);
    failure.unsent().retryable(false).connections(1).says("Unknown Corp Proxy CA").says("ca_file");
}

#[test]
fn fault_proxy_tunnel_elsewhere() {
    login("proxy-tunnel-elsewhere").fails(Status::Tls).unsent().retryable(false).connections(1).says("other.example");
}

#[test]
fn fault_proxy_tunnel_cut() {
    login("proxy-tunnel-cut").loses_the_answer().posts(1).no_answer();
}
