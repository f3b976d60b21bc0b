//! In one process: threads, sessions with the same credentials, refusals.

use std::sync::{Arc, Barrier};
use std::thread;
use std::time::{Duration, Instant};

use testpress::{Call, Client, Session, Status};
use testpress_faults::Server;

use super::{PASSWORD, USER, client, config, session};

#[test]
fn a_thousand_threads_make_one_login() {
    let server = Server::start("ok");
    let session = session(&server, "memory");
    let barrier = Barrier::new(1000);
    thread::scope(|scope| {
        for _ in 0..1000 {
            thread::Builder::new()
                .stack_size(256 * 1024)
                .spawn_scoped(scope, || {
                    barrier.wait();
                    assert_eq!(session.token(None).unwrap().jwt(), testpress_faults::jwt::token());
                })
                .unwrap();
        }
    });
    assert_eq!(server.posts(), 1);
}

#[test]
fn sessions_with_the_same_credentials_share_a_token_and_others_do_not() {
    let server = Server::start("ok");
    let client = client(&server, "memory");
    let first = Session::new(&client, USER, PASSWORD).unwrap();
    let second = Session::new(&client, USER, PASSWORD).unwrap();
    assert!(Arc::ptr_eq(&first.token(None).unwrap(), &second.token(None).unwrap()));
    assert_eq!(server.posts(), 1);
    let other = Session::new(&client, USER, "another").unwrap();
    other.token(None).unwrap();
    assert_eq!(server.posts(), 2);
    drop((first, second));
    Session::new(&client, USER, PASSWORD).unwrap().token(None).unwrap();
    assert_eq!(server.posts(), 3, "the last session takes the token with it");
}

#[test]
fn a_cancelled_leader_hands_over() {
    let server = Server::start("silent-after-request");
    let session = session(&server, "memory");
    let (leader, follower) = (Call::new(None), Call::new(None));
    thread::scope(|scope| {
        let led = scope.spawn(|| session.token(Some(&leader)).unwrap_err());
        assert!(server.wait_for_post(Duration::from_secs(10)));
        let followed = scope.spawn(|| session.token(Some(&follower)).unwrap_err());
        leader.cancel();
        assert_eq!(led.join().unwrap().status(), Status::Cancelled);
        assert!(server.wait_until(Duration::from_secs(10), |counts| counts.posts == 2), "nobody took over");
        follower.cancel();
        assert_eq!(followed.join().unwrap().status(), Status::Cancelled);
    });
}

#[test]
fn who_waits_for_anothers_login_keeps_a_deadline_and_a_cancellation_of_its_own() {
    let server = Server::start("silent-after-request");
    let session = session(&server, "memory");
    let (leader, short, cancelled) = (Call::new(None), Call::new(Some(Duration::from_millis(100))), Call::new(None));
    thread::scope(|scope| {
        scope.spawn(|| session.token(Some(&leader)).unwrap_err());
        assert!(server.wait_for_post(Duration::from_secs(10)));
        let start = Instant::now();
        assert_eq!(session.token(Some(&short)).unwrap_err().status(), Status::Timeout);
        assert!(start.elapsed() >= Duration::from_millis(99));
        let waiter = scope.spawn(|| session.token(Some(&cancelled)).unwrap_err());
        cancelled.cancel();
        assert_eq!(waiter.join().unwrap().status(), Status::Cancelled);
        assert_eq!(server.posts(), 1);
        leader.cancel();
    });
}

#[test]
fn a_connection_that_times_out_fails_all_who_wait() {
    let server = Server::start("connect-stalls");
    let mut config = config(&server, "memory");
    config.set("connect_timeout_ms", "1000").unwrap();
    let session = Session::new(&Client::new(&server.origin(), &config).unwrap(), USER, PASSWORD).unwrap();
    let start = Instant::now();
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(session.token(None).unwrap_err().status(), Status::Timeout));
        }
    });
    // One after another they would take eight.
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[test]
fn a_leader_whose_time_is_over_hands_over() {
    let server = Server::start("silent-then-ok");
    let session = session(&server, "memory");
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
