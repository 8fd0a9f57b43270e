//! PEP 578: CPython tells a C function what it is about to do.
#![allow(unsafe_code)] // a C callback

use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr;

use pyo3::ffi::PyObject;

use super::object::Ref;
use crate::hook::audit;
use crate::hook::latch::Flow;

type AuditHook = unsafe extern "C" fn(*const c_char, *mut PyObject, *mut c_void) -> c_int;

unsafe extern "C" {
    /// Not in pyo3-ffi. Hooks added by this function can't be removed.
    fn PySys_AddAuditHook(hook: AuditHook, data: *mut c_void) -> c_int;
}

unsafe extern "C" fn receive(
    event: *const c_char,
    arguments: *mut PyObject,
    _data: *mut c_void,
) -> c_int {
    if event.is_null() {
        return 0;
    }
    // SAFETY: CPython passes a C string and a tuple, both alive for the call.
    let (event, arguments) = unsafe { (CStr::from_ptr(event), Ref::new(arguments)) };
    match arguments.map(|arguments| audit::observe(event.to_bytes(), arguments)) {
        Some(Flow::Raise) => -1,
        Some(Flow::Continue) | None => 0,
    }
}

/// Has CPython tell [`audit::observe`] of every audit event from now on. `false`: it won't.
pub fn subscribe() -> bool {
    // SAFETY: a function of the right type; no data.
    unsafe { PySys_AddAuditHook(receive, ptr::null_mut()) == 0 }
}
