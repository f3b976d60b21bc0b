//! The system calls that std has no safe form of. The one file outside `ffi` with `unsafe` code.
#![allow(unsafe_code)]

use std::ffi::CStr;
use std::fs::File;
use std::io;
use std::mem::{MaybeUninit, size_of};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, Ordering};
use std::time::Duration;

pub(crate) use libc::{
    O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY, POLLIN, POLLOUT, pollfd,
};

/// The process or the system has run out of something: it is nobody else's fault.
pub(crate) fn is_exhausted(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EMFILE | libc::ENFILE | libc::ENOMEM | libc::ENOBUFS))
}

/// `poll(2)`: how many of `descriptors` are ready, at most `milliseconds` from now. Errors include EINTR.
pub(crate) fn poll(descriptors: &mut [pollfd], milliseconds: i32) -> io::Result<usize> {
    let count = descriptors.len() as libc::nfds_t;
    // SAFETY: the pointer and the count are those of one exclusive slice.
    let ready = unsafe { libc::poll(descriptors.as_mut_ptr(), count, milliseconds) };
    usize::try_from(ready).map_err(|_| io::Error::last_os_error())
}

/// Begins to connect a non-blocking socket. The connection is made, or has failed, when the socket polls as writable;
/// `TcpStream::take_error` tells which.
pub(crate) fn begin_connect(address: &SocketAddr) -> io::Result<TcpStream> {
    let family = if address.is_ipv4() { libc::AF_INET } else { libc::AF_INET6 };
    let stream = TcpStream::from(stream_socket(family)?);
    let (storage, length) = socket_address(address);
    // SAFETY: the storage outlives the call, and holds at least `length` initialized bytes.
    let result = unsafe { libc::connect(stream.as_raw_fd(), (&raw const storage).cast(), length) };
    if result == 0 {
        return Ok(stream);
    }
    match io::Error::last_os_error() {
        // Interrupted or not, the connection goes on in the background (connect(2)).
        error if matches!(error.raw_os_error(), Some(libc::EINPROGRESS | libc::EINTR)) => Ok(stream),
        error => Err(error),
    }
}

/// A non-blocking socket that no program started by the host inherits.
fn stream_socket(family: libc::c_int) -> io::Result<OwnedFd> {
    #[cfg(target_os = "linux")]
    let kind = libc::SOCK_STREAM | libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK;
    #[cfg(not(target_os = "linux"))]
    let kind = libc::SOCK_STREAM;
    // SAFETY: no pointers; the descriptor is checked before it is owned.
    let descriptor = unsafe { libc::socket(family, kind, 0) };
    if descriptor < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: just made, and nobody else's.
    let socket = unsafe { OwnedFd::from_raw_fd(descriptor) };
    #[cfg(not(target_os = "linux"))]
    {
        // SAFETY: no pointers.
        unsafe {
            libc::fcntl(descriptor, libc::F_SETFD, libc::FD_CLOEXEC);
            libc::fcntl(descriptor, libc::F_SETFL, libc::O_NONBLOCK);
        };
        let on: libc::c_int = 1;
        let length = size_of::<libc::c_int>() as libc::socklen_t;
        // SAFETY: the option's value is an int that outlives the call.
        unsafe { libc::setsockopt(descriptor, libc::SOL_SOCKET, libc::SO_NOSIGPIPE, (&raw const on).cast(), length) };
    }
    Ok(socket)
}

fn socket_address(address: &SocketAddr) -> (libc::sockaddr_storage, libc::socklen_t) {
    // SAFETY: all zeroes are a valid sockaddr_storage.
    let mut storage: libc::sockaddr_storage = unsafe { MaybeUninit::zeroed().assume_init() };
    let length = match address {
        SocketAddr::V4(v4) => {
            // SAFETY: a sockaddr_storage is large enough and aligned for every address (POSIX).
            let target = unsafe { &mut *(&raw mut storage).cast::<libc::sockaddr_in>() };
            target.sin_family = libc::AF_INET as libc::sa_family_t;
            target.sin_port = v4.port().to_be();
            target.sin_addr.s_addr = u32::from_ne_bytes(v4.ip().octets());
            size_of::<libc::sockaddr_in>()
        }
        SocketAddr::V6(v6) => {
            // SAFETY: as above.
            let target = unsafe { &mut *(&raw mut storage).cast::<libc::sockaddr_in6>() };
            target.sin6_family = libc::AF_INET6 as libc::sa_family_t;
            target.sin6_port = v6.port().to_be();
            target.sin6_addr.s6_addr = v6.ip().octets();
            target.sin6_flowinfo = v6.flowinfo();
            target.sin6_scope_id = v6.scope_id();
            size_of::<libc::sockaddr_in6>()
        }
    };
    (storage, length as libc::socklen_t)
}

/// Who this process is. Its number alone does not tell a child from its parent: in a PID namespace of its own, both may
/// be number 1. So forks are counted, too; a child made by a bare clone(2) still has another number, as a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ProcessId {
    number: u32,
    forks: u32,
}

#[cfg(test)]
impl ProcessId {
    pub(crate) fn of_another() -> ProcessId {
        ProcessId { number: std::process::id(), forks: u32::MAX }
    }
}

static FORKS: AtomicU32 = AtomicU32::new(0);

/// Takes effect with the first call; there is nothing to tell apart before it.
pub(crate) fn process_id() -> ProcessId {
    static COUNTING: AtomicBool = AtomicBool::new(false);
    extern "C" fn count_fork() {
        FORKS.fetch_add(1, Ordering::Relaxed);
    }
    if !COUNTING.load(Ordering::Relaxed) && !COUNTING.swap(true, Ordering::Relaxed) {
        // SAFETY: the handler does what is allowed in a child (async-signal-safe), and the library is never unloaded.
        unsafe { libc::pthread_atfork(None, None, Some(count_fork)) };
    }
    ProcessId { number: process_number(), forks: FORKS.load(Ordering::Relaxed) }
}

/// getpid(2) costs more than all the rest of finding a cached token, so its answer is kept where a child, however it was
/// made, finds a zero.
fn process_number() -> u32 {
    static KEPT: AtomicPtr<AtomicU32> = AtomicPtr::new(std::ptr::null_mut());
    let mut kept = KEPT.load(Ordering::Acquire);
    if kept.is_null() {
        let Some(page) = page_wiped_on_fork() else { return std::process::id() };
        match KEPT.compare_exchange(kept, page, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => kept = page,
            Err(another) => {
                // SAFETY: the page was made above, and nobody else has seen it.
                unsafe { libc::munmap(page.cast(), size_of::<AtomicU32>()) };
                kept = another;
            }
        }
    }
    // SAFETY: a page that is never unmapped; all zeroes are a valid AtomicU32.
    let number = unsafe { &*kept };
    match number.load(Ordering::Relaxed) {
        0 => {
            number.store(std::process::id(), Ordering::Relaxed);
            std::process::id()
        }
        known => known,
    }
}

/// `None` before Linux 4.14, and elsewhere.
fn page_wiped_on_fork() -> Option<*mut AtomicU32> {
    #[cfg(target_os = "linux")]
    {
        let length = size_of::<AtomicU32>();
        // SAFETY: a new mapping, which touches no other memory.
        let page = unsafe {
            let (access, kind) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
            libc::mmap(std::ptr::null_mut(), length, access, kind, -1, 0)
        };
        if page == libc::MAP_FAILED {
            return None;
        }
        // SAFETY: the mapping was made above.
        if unsafe { libc::madvise(page, length, libc::MADV_WIPEONFORK) } == 0 {
            return Some(page.cast());
        }
        // SAFETY: the mapping was made above, and nobody else has seen it.
        unsafe { libc::munmap(page, length) };
    }
    None
}

/// The time since boot, with that spent asleep. It is never set.
pub(crate) fn uptime() -> Duration {
    #[cfg(target_os = "linux")]
    const CLOCK: libc::clockid_t = libc::CLOCK_BOOTTIME;
    #[cfg(not(target_os = "linux"))]
    const CLOCK: libc::clockid_t = libc::CLOCK_MONOTONIC;
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a live timespec. The clock exists, so the call can't fail.
    unsafe { libc::clock_gettime(CLOCK, &raw mut now) };
    Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
}

/// Whose files this process makes.
pub(crate) fn effective_user() -> u32 {
    // SAFETY: no pointers.
    unsafe { libc::geteuid() }
}

/// `openat(2)`: a file in a directory that is open already, for this process alone. `mode` counts for a new one.
pub(crate) fn open_at(directory: &File, name: &CStr, flags: i32, mode: u32) -> io::Result<File> {
    let flags = flags | libc::O_CLOEXEC;
    // SAFETY: the descriptor is open and the name ends at its NUL; the result is checked before it is owned.
    let descriptor = unsafe { libc::openat(directory.as_raw_fd(), name.as_ptr(), flags, mode as libc::c_uint) };
    if descriptor < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: just opened, and nobody else's.
    Ok(unsafe { File::from_raw_fd(descriptor) })
}

/// A link was found where `O_NOFOLLOW` allows none.
pub(crate) fn is_of_link(error: &io::Error) -> bool {
    error.raw_os_error() == Some(libc::ELOOP)
}

/// `unlinkat(2)`
pub(crate) fn unlink_at(directory: &File, name: &CStr) -> io::Result<()> {
    // SAFETY: the descriptor is open, and the name ends at its NUL.
    zero_is_success(unsafe { libc::unlinkat(directory.as_raw_fd(), name.as_ptr(), 0) })
}

/// `renameat(2)` within one directory.
pub(crate) fn rename_at(directory: &File, from: &CStr, to: &CStr) -> io::Result<()> {
    let descriptor = directory.as_raw_fd();
    // SAFETY: the descriptor is open, and both names end at their NUL.
    zero_is_success(unsafe { libc::renameat(descriptor, from.as_ptr(), descriptor, to.as_ptr()) })
}

fn zero_is_success(result: libc::c_int) -> io::Result<()> {
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Runs `spawn` with all signals blocked, so that a thread made by it never runs the host's signal handlers.
pub(crate) fn with_signals_blocked<T>(spawn: impl FnOnce() -> T) -> T {
    let mut all = MaybeUninit::<libc::sigset_t>::uninit();
    let mut before = MaybeUninit::<libc::sigset_t>::uninit();
    // SAFETY: both sets live here; sigfillset initializes the first, pthread_sigmask the second.
    let blocked = unsafe {
        libc::sigfillset(all.as_mut_ptr());
        libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), before.as_mut_ptr()) == 0
    };
    let result = spawn();
    if blocked {
        // SAFETY: initialized by the successful call above.
        unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, before.as_ptr(), std::ptr::null_mut()) };
    }
    result
}

/// Whether the process runs with more privileges than its caller (setuid, file capabilities), whose environment is
/// then not to be trusted.
pub(crate) fn has_raised_privileges() -> bool {
    #[cfg(target_os = "linux")]
    // SAFETY: no pointers.
    return unsafe { libc::getauxval(libc::AT_SECURE) != 0 };
    #[cfg(not(target_os = "linux"))]
    // SAFETY: no pointers.
    return unsafe { libc::getuid() != libc::geteuid() || libc::getgid() != libc::getegid() };
}
