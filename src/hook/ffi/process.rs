//! The worker process itself: forks, and the end of it.
#![allow(unsafe_code)] // pthread_atfork and _exit

use std::sync::atomic::{AtomicBool, Ordering};

static FORKED: AtomicBool = AtomicBool::new(false);

/// Exit status of a process in which the hook can't do its work; the supervisor finds no end
/// record and never calls such a run completed.
pub const ABANDONED: i32 = 71;

unsafe extern "C" fn in_child() {
    FORKED.store(true, Ordering::Relaxed);
}

/// Marks children that are forked from now on. A child shares the channel with its parent, so
/// it may run no Python: it may only `exec`, as `subprocess` does.
pub fn watch_forks() {
    // SAFETY: the handler only stores an atomic.
    unsafe { libc::pthread_atfork(None, None, Some(in_child)) };
}

/// Ends a forked child that runs Python.
#[inline]
pub fn die_if_forked() {
    if FORKED.load(Ordering::Relaxed) {
        exit(ABANDONED);
    }
}

/// Ends the process at once: no handlers, no destructors.
pub fn exit(status: i32) -> ! {
    // SAFETY: _exit has no preconditions.
    unsafe { libc::_exit(status) }
}

/// Ends the process because the hook can't go on; says why on stderr.
#[cold]
pub fn abandon(reason: &str) -> ! {
    eprintln!("lictor: the hook stops this process: {reason}");
    exit(ABANDONED)
}
