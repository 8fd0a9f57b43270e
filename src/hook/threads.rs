//! Threads: each one that starts is covered by the hook, or doesn't start.
//!
//! The function that a new thread is to run is replaced by a native callable which first
//! sets the engine up in the new thread, notes on whose behalf it runs, and then calls it.

use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use pyo3::ffi::PyObject;

use super::engine;
use super::ffi::callable;
use super::ffi::invoke;
use super::ffi::method::{Call, Original};
use super::ffi::process;
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
    /// The module whose code started this thread; the main thread runs for the script.
    static STARTER: RefCell<Option<Arc<str>>> = const { RefCell::new(None) };
}

/// Modules that have started threads; a thread's starter carries a position in it.
static STARTERS: Mutex<Vec<Arc<str>>> = Mutex::new(Vec::new());

fn starters() -> MutexGuard<'static, Vec<Arc<str>>> {
    STARTERS
        .try_lock()
        .unwrap_or_else(|_| process::abandon("the list of starters was entered twice"))
}

/// What a thread's starter carries: on whose behalf the thread runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(usize);

impl Mark {
    /// From what a native callable gives back.
    pub fn from_payload(mark: usize) -> Mark {
        Mark(mark)
    }

    fn new(for_guest: bool, module: &Arc<str>) -> Mark {
        let mut starters = starters();
        let known = starters.iter().position(|known| known == module);
        let position = known.unwrap_or_else(|| {
            starters.push(Arc::clone(module));
            starters.len() - 1
        });
        Mark(position << 1 | usize::from(for_guest))
    }

    fn for_guest(self) -> bool {
        self.0 & 1 != 0
    }

    fn module(self) -> Option<Arc<str>> {
        starters().get(self.0 >> 1).cloned()
    }
}

/// The module whose code started this thread.
pub fn starter() -> Arc<str> {
    STARTER.with_borrow(|starter| match starter {
        Some(module) => Arc::clone(module),
        None => Arc::from("__main__"),
    })
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
    let module = match for_guest {
        true => stack::guest_module(from),
        false => stack::callers_from(from)
            .find_map(|caller| caller.code.info())
            .map_or_else(starter, |info| Arc::clone(&info.module)),
    };
    let mark = Mark::new(for_guest, &module);
    let Some(starter) = callable::make(invoke::thread_runner(), Some(function), mark.0) else {
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
pub fn around<R>(mark: Mark, run: impl FnOnce() -> R) -> R {
    FOR_GUEST.set(mark.for_guest());
    STARTER.set(mark.module());
    IS_MAIN.set(false);
    engine::enter_thread();
    let result = run();
    ALIVE.fetch_sub(1, Ordering::Relaxed);
    result
}
