//! Who waits for another thread's login, whose time is over before its own.

#![allow(missing_docs)]

use std::thread;
use std::time::Duration;

use testpress::{Call, Client, Config, Session, Status};
use testpress_faults::Server;

#[test]
fn a_leader_whose_time_is_over_hands_over() {
    let server = Server::start("silent-then-ok");
    let mut config = Config::new();
    config.set("ca_file", server.ca_file().to_str().unwrap()).unwrap();
    let session = Session::new(&Client::new(&server.origin(), &config).unwrap(), "ada", "lovelace").unwrap();
    let leader = Call::new(Some(Duration::from_secs(2)));
    thread::scope(|scope| {
        let led = scope.spawn(|| session.token(Some(&leader)));
        assert!(server.wait_for_post(Duration::from_secs(20)));
        let followed = [(); 8].map(|()| scope.spawn(|| session.token(None)));
        assert_eq!(led.join().unwrap().unwrap_err().status(), Status::Timeout);
        for follower in followed {
            follower.join().unwrap().expect("it has time of its own");
        }
    });
    assert_eq!(server.posts(), 2, "one of those who waited logs in for all");
}
