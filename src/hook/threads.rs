//! Threads: each one that starts is covered by the hook, or doesn't start.
//!
//! The function that a new thread is to run is replaced by a native callable which first
//! sets the engine up in the new thread, notes on whose behalf it runs, and then calls it.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

use pyo3::ffi::PyObject;

use super::engine;
use super::ffi::callable;
use super::ffi::invoke;
use super::ffi::method::{Call, Original};
use super::latch::{self, Deed};
use super::stack::{self, Frame};
use super::state::Hook;
use crate::protocol::record::ViolationKind;
use crate::rules::LimitKind;

static ALIVE: AtomicU64 = AtomicU64::new(0);

thread_local! {
    /// Was this thread started by guest code? The main thread runs for the guest.
    static FOR_GUEST: Cell<bool> = const { Cell::new(true) };
    static IS_MAIN: Cell<bool> = const { Cell::new(true) };
}

/// Is this the main thread? Without a frame on it, what runs there is the runtime itself.
pub fn is_main() -> bool {
    IS_MAIN.get()
}

/// Does this thread run on behalf of guest code?
pub fn started_by_guest() -> bool {
    FOR_GUEST.get()
}

/// `_thread.start_new_thread`: within the limit, with the hook in the new thread.
pub fn start(hook: &'static Hook, original: &Original, call: &Call) -> *mut PyObject {
    let from = stack::innermost();
    if let Some(ceiling) = hook.limits.threads
        && ALIVE.load(Ordering::Relaxed) >= ceiling
    {
        let _raised = latch::exceed(hook, LimitKind::Threads, ceiling, from);
        return std::ptr::null_mut();
    }
    let Some(function) = call
        .positional(0)
        .filter(|function| invoke::is_callable(*function))
    else {
        return match call.keyword("function") {
            // Nobody writes it so; the hook could not put itself before the function.
            Some(_) => refuse_uncovered(hook, from),
            None => original.call(call), // CPython says what is wrong with it
        };
    };
    let for_guest = started_by_guest() || stack::callers_from(from).any(|caller| caller.is_guest());
    let Some(starter) = callable::make(invoke::run_thread, Some(function), usize::from(for_guest))
    else {
        return std::ptr::null_mut();
    };
    // Counted from here: threads that have been started but don't run yet are alive, too.
    ALIVE.fetch_add(1, Ordering::Relaxed);
    let result = original.call_with_first(call, starter.get());
    if result.is_null() {
        ALIVE.fetch_sub(1, Ordering::Relaxed);
    }
    result
}

fn refuse_uncovered(hook: &'static Hook, from: Option<Frame>) -> *mut PyObject {
    let deed = Deed {
        kind: ViolationKind::Thread,
        subject: "_thread.start_joinable_thread",
        canonical: "_thread.start_joinable_thread",
        rule: hook.rulebook.rules.tamper,
        from,
    };
    let _raised = latch::deny(hook, deed);
    std::ptr::null_mut()
}

/// Runs in the new thread, before and after its function.
pub fn around<R>(for_guest: bool, run: impl FnOnce() -> R) -> R {
    FOR_GUEST.set(for_guest);
    IS_MAIN.set(false);
    engine::enter_thread();
    let result = run();
    ALIVE.fetch_sub(1, Ordering::Relaxed);
    result
}
