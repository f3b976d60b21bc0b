//! No thread is to be had, threads are small, or there are very many.

use std::sync::Barrier;
use std::thread;

use testpress::Status;

use super::alone::beside;
use super::system;

#[test]
fn fault_process_no_thread_left() {
    beside(&["ok"]).run(|world| {
        let here = world.client("ok", &[]);
        let elsewhere = world.try_client("https://institute.invalid", &[]).expect("a client");
        system::limit(system::RLIMIT_NPROC, 0);
        system::become_nobody_if_root();
        assert!(thread::Builder::new().spawn(|| ()).is_err(), "the limit holds");
        let error = elsewhere.login("ada", "word", None).unwrap_err();
        assert_eq!(error.status(), Status::Internal, "{error:?}");
        assert!(error.message().contains("no thread for the lookup of institute.invalid"), "{error:?}");
        assert!(!error.request_sent());
        here.login("ada", "word", None).expect("an address needs no thread");
    });
}

#[test]
fn fault_process_small_stack() {
    const STACK: usize = 128 * 1024;
    beside(&["ok", "proxy-tunnel", "json-very-deep", "certificate-expired", "huge-headers"]).run(|world| {
        let log_in_everywhere = || {
            for fault in ["ok", "proxy-tunnel"] {
                world.client(fault, &[]).login("ada", "word", None).expect("a login");
            }
            for (fault, status) in [
                ("json-very-deep", Status::BadResponse),
                ("certificate-expired", Status::Tls),
                ("huge-headers", Status::BadResponse),
            ] {
                assert_eq!(world.client(fault, &[]).login("ada", "word", None).unwrap_err().status(), status);
            }
            let elsewhere = world.try_client("https://institute.invalid", &[("timeout_ms", "500")]).expect("a client");
            let error = elsewhere.login("ada", "word", None).unwrap_err();
            // A name server that does not answer is no subject here.
            assert!([Status::Dns, Status::Timeout].contains(&error.status()), "{error:?}");
        };
        thread::scope(|scope| {
            let small = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, log_in_everywhere);
            small.expect("a thread").join().expect("no panic");
        });
    });
}

#[test]
fn fault_process_256_threads() {
    const THREADS: usize = 256;
    // Slow enough that all are in the call at once.
    let servers = beside(&["slow-answer"]).run(|world| {
        let client = world.client("slow-answer", &[("timeout_ms", "60000"), ("connect_timeout_ms", "60000")]);
        let start = Barrier::new(THREADS);
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    start.wait();
                    let token = client.login("ada", "word", None).expect("a login");
                    assert_eq!(token.jwt(), testpress_faults::jwt::token());
                });
            }
        });
    });
    assert_eq!(servers[0].posts(), THREADS);
}
