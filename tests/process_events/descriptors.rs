//! No descriptor is free, or the standard ones are.

use testpress::{Call, Client, Error, Status};

use super::alone::beside;
use super::system;

fn log_in(client: &Client) -> Result<(), Error> {
    client.login("ada", "word", None).map(|_| ())
}

fn says_that_none_is_left(error: &Error) {
    assert_eq!(error.status(), Status::Internal, "{error:?}");
    assert!(error.message().contains("Too many open files"), "{error:?}");
    assert!(!error.request_sent());
}

#[test]
fn fault_process_no_descriptor_left() {
    beside(&["ok"]).run(|world| {
        let client = world.client("ok", &[]);
        let elsewhere = world.try_client("https://institute.invalid", &[("timeout_ms", "500")]).expect("a client");
        let call = Call::new(None);
        system::limit(system::RLIMIT_NOFILE, 64);
        let mut taken = system::every_descriptor();
        says_that_none_is_left(&log_in(&client).unwrap_err());
        says_that_none_is_left(&log_in(&elsewhere).unwrap_err());
        says_that_none_is_left(&client.login("ada", "word", Some(&call)).unwrap_err());
        for _ in 0..4 {
            drop(taken.pop());
            for client in [&client, &elsewhere] {
                // It depends on who is the first to be short of one: our own code or the system's resolver.
                let told = |error: Error| [Status::Internal, Status::Dns, Status::Timeout].contains(&error.status());
                assert!(client.login("ada", "word", Some(&call)).map_or_else(told, |_| true));
            }
        }
        drop(taken);
        log_in(&client).expect("a login, as soon as there are descriptors");
    });
}

#[test]
fn fault_process_no_descriptor_left_for_a_client() {
    beside(&["ok"]).run(|world| {
        system::limit(system::RLIMIT_NOFILE, 64);
        let taken = system::every_descriptor();
        let error = world.try_client("https://localhost", &[]).unwrap_err();
        assert_eq!(error.status(), Status::Internal, "{error:?}");
        assert!(error.message().contains("Too many open files"), "{error:?}");
        drop(taken);
        log_in(&world.client("ok", &[])).expect("a login, as soon as there are descriptors");
    });
}

/// Sockets get the numbers 0 to 2 then: whatever the library printed would go to the server.
#[test]
fn fault_process_standard_descriptors_closed() {
    let servers = beside(&["ok-plain", "dead-port"]).run(|world| {
        let client = world.client("ok-plain", &[]);
        let nobody = world.client("dead-port", &[]);
        let call = Call::new(None);
        let put_away = system::put_standard_descriptors_away();
        // Its cancellation takes 0 and 1, the connection gets 2, and is kept.
        let first = client.login("ada", "word", Some(&call));
        let failure = nobody.login("ada", "word", Some(&call));
        let second = client.login("ada", "word", Some(&call));
        drop((client, nobody, call));
        put_away.put_back();
        first.expect("a login");
        assert_eq!(failure.unwrap_err().status(), Status::Connect);
        second.expect("a login over the same connection");
    });
    let requests = servers[0].requests();
    assert_eq!(requests.len(), 2);
    assert!(requests.iter().all(|request| request.method == "POST" && request.body.starts_with(b"{")), "{requests:?}");
    assert_eq!(servers[0].connections(), 1);
}
