//! Tracebacks: a chain of C objects, outermost frame first.
#![allow(unsafe_code)] // reads PyTracebackObject

use std::ffi::c_int;

use pyo3::ffi::{self, PyFrameObject, PyObject};

use super::code::Code;
use super::object::Ref;

/// `PyTracebackObject` (Include/cpython/traceback.h).
#[repr(C)]
struct Traceback {
    base: PyObject,
    next: *mut Traceback,
    frame: *mut PyFrameObject,
    instruction: c_int,
    line: c_int,
}

/// Longest traceback that is walked; one of a recursion error has a thousand entries.
const LONGEST: usize = 1 << 20;

/// Code and line of each entry; nothing for what isn't a traceback.
pub fn entries<'a>(traceback: Ref<'a>) -> impl Iterator<Item = (Code<'a>, u32)> {
    // SAFETY: compares a class.
    let is_traceback =
        traceback.class().as_ptr() == (&raw mut ffi::PyTraceBack_Type).cast::<PyObject>();
    let first = if is_traceback {
        traceback.as_ptr().cast::<Traceback>()
    } else {
        std::ptr::null_mut()
    };
    // SAFETY: each entry owns the next one and its frame, all alive with the first for 'a.
    let chain = std::iter::successors(unsafe { first.as_ref() }, |entry| unsafe {
        entry.next.as_ref()
    });
    chain.take(LONGEST).filter_map(|entry| {
        // SAFETY: a live frame object. The code is a new reference; its frame goes on holding
        // one, so giving ours back leaves a valid borrow. A line of -1 or less isn't known yet
        // (it is computed when asked for) and is then looked up by the instruction.
        unsafe {
            let code = ffi::PyFrame_GetCode(entry.frame);
            ffi::Py_DECREF(code.cast());
            let code = Code::new(Ref::new(code.cast())?)?;
            let line = u32::try_from(entry.line).ok().filter(|line| *line > 0);
            Some((
                code,
                line.or_else(|| code.line_at(entry.instruction))
                    .unwrap_or(0),
            ))
        }
    })
}
