//! Calling Python objects on CPython's behalf.
#![allow(unsafe_code)] // raw calls

use pyo3::ffi::{self, PyObject, vectorcallfunc};

use super::callable;
use super::object::{Owned, Ref};
use crate::hook::threads::{self, Mark};

/// Can the object be called?
pub fn is_callable(object: Ref<'_>) -> bool {
    // SAFETY: reads the type's slots.
    unsafe { ffi::PyCallable_Check(object.as_ptr()) != 0 }
}

/// Has the object's class a `__fspath__`? Looked up as CPython does, without calling it.
pub fn is_path_object(object: Ref<'_>) -> bool {
    object.class().bases().any(|base| {
        base.class_namespace()
            .is_some_and(|names| names.entry("__fspath__").is_some())
    })
}

/// The text or bytes that a path object stands for, by its own word: this runs the guest's
/// code, where the function that was called would run it. `None`: it raised.
pub fn path_text(object: Ref<'_>) -> Option<Owned> {
    // SAFETY: attached, and within a call that the guest made: its code may run here. The
    // result is a new reference, or null with an exception set.
    unsafe { Owned::new(ffi::PyOS_FSPath(object.as_ptr())) }
}

unsafe extern "C-unwind" {
    /// As pyo3-ffi has it, but for the unwinding: see [`run_thread`].
    #[link_name = "PyObject_Vectorcall"]
    fn vectorcall(
        callable: *mut PyObject,
        arguments: *const *mut PyObject,
        count: usize,
        names: *mut PyObject,
    ) -> *mut PyObject;
}

type UnwindingVectorcall = unsafe extern "C-unwind" fn(
    *mut PyObject,
    *const *mut PyObject,
    usize,
    *mut PyObject,
) -> *mut PyObject;

/// The function of a thread's starter, as CPython's headers declare such functions.
pub fn thread_runner() -> vectorcallfunc {
    // SAFETY: the two types differ in nothing but what Rust code that calls them may assume of
    // unwinding; only C code calls this one.
    unsafe { std::mem::transmute::<UnwindingVectorcall, vectorcallfunc>(run_thread) }
}

/// Runs the function that a thread's starter was made for, with the hook around it.
///
/// Before 3.14, CPython ends a daemon thread that wants the GIL while the interpreter is being
/// finalised by `pthread_exit`, which unwinds the thread's stack: through this frame, too. It
/// holds nothing that must be dropped.
///
/// # Safety
/// Only CPython calls it, through an object that [`threads::start`] made.
unsafe extern "C-unwind" fn run_thread(
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
        unsafe { vectorcall(function.as_ptr(), arguments, count, names) }
    })
}
