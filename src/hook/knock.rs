//! Asks the interpreter's main thread for a sign that it runs Python code.
//!
//! The witness must tell a thread that is stuck in one C function from one that is often seen
//! in it. CPython's eval loop looks for pending calls at each backward jump, function entry
//! and return from C, so a pending call that isn't made means that none of these is reached.
//! Adding one needs no GIL and no thread state (`Py_AddPendingCall`), and the call itself
//! runs no Python code, nor does it count as an event.
#![allow(unsafe_code)] // a callback for CPython

use std::ffi::{c_int, c_void};
use std::ptr;
#[cfg(not(Py_3_13))]
use std::sync::atomic::AtomicI32;
use std::sync::atomic::{AtomicBool, Ordering};

use pyo3::ffi;

/// Is there a knock that wasn't answered? Static, because CPython keeps the callback for as
/// long as it lives.
static UNANSWERED: AtomicBool = AtomicBool::new(false);

/// Is knocking over for good?
static CEASED: AtomicBool = AtomicBool::new(false);

extern "C" fn answer(_nothing: *mut c_void) -> c_int {
    UNANSWERED.store(false, Ordering::Release);
    0
}

/// Knocks, or knocks again. Only after [`layout::check`](super::layout::check) has passed. Returns `false` if that isn't possible: the queue of pending calls is full, or
/// [`cease`] was called.
pub fn knock() -> bool {
    if CEASED.load(Ordering::Acquire) {
        return false;
    }
    // An earlier knock that is still unanswered serves as well.
    let before = UNANSWERED.swap(true, Ordering::AcqRel);
    // SAFETY: CPython allows this from any thread at any time, until it frees the queue's lock
    // at the end of finalisation; `cease` was called before that.
    if !before && unsafe { ffi::Py_AddPendingCall(Some(answer), ptr::null_mut()) } != 0 {
        UNANSWERED.store(false, Ordering::Release);
        return false;
    }
    break_eval_loop();
    true
}

/// Makes the eval loop look for pending calls. Before 3.13 it isn't told of those that other
/// threads than the main one add (`COMPUTE_EVAL_BREAKER` of Python/ceval_gil.c), and threads
/// that switch may undo it: so each knock does it anew.
fn break_eval_loop() {
    #[cfg(not(Py_3_13))]
    // SAFETY: the main interpreter's state is part of the runtime's static state, and the field
    // is an atomic integer at this offset, which `layout::check` has verified. One is the
    // value that CPython itself stores there; too much of it costs a look and nothing else.
    unsafe {
        let state = ffi::PyInterpreterState_Main().cast::<u8>();
        let breaker = state.add(super::layout::EVAL_BREAKER).cast::<c_int>();
        AtomicI32::from_ptr(breaker).store(1, Ordering::Relaxed);
    }
}

/// Has the main thread answered since the last [`knock`] that succeeded?
pub fn answered() -> bool {
    !UNANSWERED.load(Ordering::Acquire)
}

/// Ends all knocking. To be called once no guest code can run any more, while the interpreter
/// still stands: at the audit event `cpython._PySys_ClearAuditHooks`.
pub fn cease() {
    CEASED.store(true, Ordering::Release);
}
