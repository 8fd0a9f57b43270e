//! Calling Python objects on CPython's behalf.
#![allow(unsafe_code)] // raw calls

use pyo3::ffi::{self, PyObject};

use super::callable;
use super::object::Ref;
use crate::hook::threads::{self, Mark};

/// Can the object be called?
pub fn is_callable(object: Ref<'_>) -> bool {
    // SAFETY: reads the type's slots.
    unsafe { ffi::PyCallable_Check(object.as_ptr()) != 0 }
}

/// The vectorcall function of a thread's starter: runs the function it was made for, with
/// the hook around it.
///
/// # Safety
/// Only CPython calls it, through an object that [`threads::start`] made.
pub unsafe extern "C" fn run_thread(
    starter: *mut PyObject,
    arguments: *const *mut PyObject,
    count: usize,
    names: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: CPython calls this through an object that `threads::start` made, and keeps it
    // alive for the call; so is the function that it refers to.
    let (function, mark) = unsafe { callable::payload(starter) };
    let Some(function) = function else {
        return std::ptr::null_mut();
    };
    threads::around(Mark::from_payload(mark), || {
        // SAFETY: passes on what CPython passed; attached.
        unsafe { ffi::PyObject_Vectorcall(function.as_ptr(), arguments, count, names) }
    })
}
