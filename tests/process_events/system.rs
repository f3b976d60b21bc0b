//! The system calls that std has no safe form of, each in one.
#![allow(unsafe_code, reason = "signals, limits and descriptors are set by system calls")]

use std::ffi::CString;
use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

pub use libc::{RLIMIT_FSIZE, RLIMIT_NOFILE, RLIMIT_NPROC, SIGCONT, SIGPIPE, SIGSTOP, SIGXFSZ};

fn checked(result: i32) -> i32 {
    assert!(result >= 0, "{}", io::Error::last_os_error());
    result
}

/// `SIGALRM`, which ends this process, after so many seconds.
pub fn alarm(seconds: u32) {
    // SAFETY: no pointers.
    unsafe { libc::alarm(seconds) };
}

/// Sets a soft limit of this process.
pub fn limit(resource: libc::__rlimit_resource_t, value: u64) {
    let mut limits = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the structure lives here and is large enough.
    unsafe {
        checked(libc::getrlimit(resource, &mut limits));
        limits.rlim_cur = value.min(limits.rlim_max);
        checked(libc::setrlimit(resource, &limits));
    }
}

/// Takes every descriptor that is left.
pub fn every_descriptor() -> Vec<File> {
    std::iter::from_fn(|| File::open("/dev/null").ok()).collect()
}

/// Whether this process has root's privileges.
pub fn is_root() -> bool {
    // SAFETY: no pointers.
    unsafe { libc::geteuid() == 0 }
}

/// Becomes another user, for good: some limits are not for root.
pub fn become_nobody_if_root() {
    const NOBODY: u32 = 65534;
    if is_root() {
        // SAFETY: no pointers.
        checked(unsafe { libc::setuid(NOBODY) });
    }
}

/// Makes a directory the root of this process.
pub fn change_root(directory: &Path) {
    let path = CString::new(directory.to_str().expect("a path in UTF-8")).expect("no NUL");
    // SAFETY: a C string that outlives the call.
    checked(unsafe { libc::chroot(path.as_ptr()) });
    std::env::set_current_dir("/").expect("the new root");
}

/// What a signal does in a C program that knows nothing of it.
pub fn default_disposition(signal: i32) {
    // SAFETY: the default is no handler.
    unsafe { libc::signal(signal, libc::SIG_DFL) };
}

/// Makes a signal do nothing.
pub fn ignore(signal: i32) {
    // SAFETY: no handler.
    unsafe { libc::signal(signal, libc::SIG_IGN) };
}

/// Sends a signal to a process.
pub fn kill(process: u32, signal: i32) {
    // SAFETY: no pointers.
    checked(unsafe { libc::kill(i32::try_from(process).expect("a process"), signal) });
}

/// Signals that `SIGUSR1` has interrupted something so often.
pub static INTERRUPTIONS: AtomicUsize = AtomicUsize::new(0);

/// Lets `SIGUSR1` interrupt every system call, as it does without `SA_RESTART`.
pub fn let_signals_interrupt() {
    extern "C" fn count(_: i32) {
        INTERRUPTIONS.fetch_add(1, Ordering::Relaxed);
    }
    // SAFETY: the handler does what a handler may, and all zeroes are a valid sigaction.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = count as extern "C" fn(i32) as usize;
        checked(libc::sigaction(libc::SIGUSR1, &action, std::ptr::null_mut()));
    }
}

/// A thread, to be signalled.
#[derive(Clone, Copy)]
pub struct Thread(libc::pthread_t);

impl Thread {
    pub fn current() -> Thread {
        // SAFETY: no pointers.
        Thread(unsafe { libc::pthread_self() })
    }

    /// The thread must not have ended.
    pub fn interrupt(self) {
        // SAFETY: the caller's promise.
        unsafe { libc::pthread_kill(self.0, libc::SIGUSR1) };
    }
}

/// The standard descriptors, put away.
pub struct PutAway([OwnedFd; 3]);

/// Closes standard input, output and error: the next descriptors to be made get their numbers.
pub fn put_standard_descriptors_away() -> PutAway {
    let kept = [0, 1, 2].map(|number: RawFd| {
        // SAFETY: the copy is nobody else's.
        unsafe { OwnedFd::from_raw_fd(checked(libc::fcntl(number, libc::F_DUPFD_CLOEXEC, 100))) }
    });
    for number in 0..3 {
        // SAFETY: std's own handles of these numbers are used by nobody until they are back.
        checked(unsafe { libc::close(number) });
    }
    PutAway(kept)
}

impl PutAway {
    /// Puts them back.
    pub fn put_back(self) {
        for (number, kept) in (0..).zip(&self.0) {
            // SAFETY: what had the number has been dropped by now.
            checked(unsafe { libc::dup2(kept.as_raw_fd(), number) });
        }
    }
}

/// Runs `life` in a forked child, and gives its exit status. `life` must not panic.
pub fn fork(life: impl FnOnce() -> i32) -> Forked {
    // SAFETY: the child calls what it may call (the library promises it of itself), and ends without destructors.
    match checked(unsafe { libc::fork() }) {
        // SAFETY: no pointers.
        0 => unsafe {
            libc::alarm(60);
            libc::_exit(life())
        },
        child => Forked(child),
    }
}

/// A forked child.
pub struct Forked(i32);

impl Forked {
    /// Its exit status, once it has ended; a child that a signal ended has none.
    pub fn wait(self) -> Option<i32> {
        let mut status = 0;
        // SAFETY: the status lives here.
        while unsafe { libc::waitpid(self.0, &mut status, 0) } < 0 {
            assert_eq!(io::Error::last_os_error().kind(), io::ErrorKind::Interrupted);
        }
        libc::WIFEXITED(status).then(|| libc::WEXITSTATUS(status))
    }
}
