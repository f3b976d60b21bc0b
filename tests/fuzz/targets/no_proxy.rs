#![no_main]
//! NO_PROXY: which institutes are reached directly. The input is an institute, and the variable on the next line. There
//! is no second reader to compare with, but every reading has to agree with itself.

use std::sync::OnceLock;

use libfuzzer_sys::{Corpus, fuzz_target};
use testpress::fuzzing::{institute, proxy_from_environment};

/// More than the largest input, twice, with a host name.
const ROOM: usize = 16 * 1024;

fuzz_target!(|input: &str| -> Corpus { check(input).map_or(Corpus::Reject, |()| Corpus::Keep) });

fn check(input: &str) -> Option<()> {
    let (name, entries) = input.split_once('\n').filter(|(_, entries)| !entries.contains('\0'))?;
    let host = institute(name, true).ok()?.host;
    let covers = |entries: &str| {
        variables().set(entries);
        let proxy = proxy_from_environment(name).expect("a good institute and a good proxy");
        assert!(proxy.as_deref().is_none_or(|proxy| proxy == "proxy.example:3128"), "{proxy:?}");
        proxy.is_none()
    };
    let covered = covers(entries);
    assert!(covers(&format!("{entries},{host}")) && covers(&format!("* {entries}")), "{host} in {entries:?}");
    assert_eq!(covers(&entries.to_ascii_uppercase()), covered, "upper case counts in {entries:?}");
    if let Some((first, second)) = entries.split_once(',') {
        assert_eq!(covers(first) || covers(second), covered, "{entries:?} is more or less than its parts");
    }
    Some(())
}

/// The variable no_proxy. `set_var` keeps every value that there ever was: memory would grow for ever.
struct Variables(*mut u8);

// SAFETY: libFuzzer calls a target on one thread.
unsafe impl Sync for Variables {}
// SAFETY: as above.
unsafe impl Send for Variables {}

fn variables() -> &'static Variables {
    static VARIABLES: OnceLock<Variables> = OnceLock::new();
    VARIABLES.get_or_init(|| {
        let room = Box::leak(vec![0; ROOM].into_boxed_slice());
        room[..9].copy_from_slice(b"no_proxy=");
        let proxy = c"all_proxy=http://proxy.example:3128".as_ptr().cast_mut();
        // SAFETY: both live for ever; no other thread reads the environment.
        assert!(unsafe { libc::putenv(proxy) | libc::putenv(room.as_mut_ptr().cast()) } == 0);
        Variables(room.as_mut_ptr())
    })
}

impl Variables {
    fn set(&self, value: &str) {
        assert!(value.len() + 10 < ROOM);
        // SAFETY: there is room for it with its NUL after the name, and nobody reads it meanwhile.
        unsafe {
            self.0.add(9).copy_from_nonoverlapping(value.as_ptr(), value.len());
            self.0.add(9 + value.len()).write(0);
        }
    }
}
