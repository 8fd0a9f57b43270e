//! Running the guest's program and ending the interpreter, as `python` itself does.
#![allow(unsafe_code)] // parts of CPython's life cycle that pyo3 doesn't wrap

use pyo3::exceptions::PySystemExit;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::object::Ref;

/// Does `python script.py` give `__main__` an `__annotations__`? From 3.14 annotations are
/// evaluated when they are asked for.
pub const MAIN_HAS_ANNOTATIONS: bool = cfg!(not(Py_3_14));

/// Does it give it a `__cached__`?
pub const MAIN_HAS_CACHED: bool = cfg!(not(Py_3_15));

/// A safe reference, for the parts of the hook that look at objects by [`Ref`].
pub fn borrow<'a>(object: &'a Bound<'_, PyAny>) -> Option<Ref<'a>> {
    // SAFETY: the Bound keeps the object alive and the thread attached for 'a.
    unsafe { Ref::new(object.as_ptr()) }
}

/// Runs a code object as `__main__`.
///
/// # Errors
/// What the guest raised and nothing caught.
pub fn evaluate(
    py: Python<'_>,
    code: &Bound<'_, PyAny>,
    namespace: &Bound<'_, PyDict>,
) -> PyResult<()> {
    // SAFETY: a code object and a dictionary, both alive; the result is a new reference.
    unsafe {
        let result = ffi::PyEval_EvalCode(code.as_ptr(), namespace.as_ptr(), namespace.as_ptr());
        Bound::from_owned_ptr_or_err(py, result).map(drop)
    }
}

/// Prints an exception through `sys.excepthook`, as `python` does for one that nothing caught.
pub fn print_exception(py: Python<'_>, error: PyErr) {
    error.restore(py);
    // SAFETY: attached, with the error indicator set; it isn't SystemExit, which would end
    // the process here. `sys.last_value` and kin are set as in a script.
    unsafe { ffi::PyErr_PrintEx(1) };
}

/// Exit status that a SystemExit asks for, by the rules of `sys.exit`: None is 0, a number
/// is itself, anything else is printed to stderr and is 1.
pub fn exit_status(py: Python<'_>, error: PyErr) -> u8 {
    debug_assert!(error.is_instance_of::<PySystemExit>(py));
    let Ok(code) = error.value(py).getattr("code") else {
        return 1;
    };
    if code.is_none() {
        return 0;
    }
    if let Ok(number) = code.extract::<i64>() {
        // The kernel keeps the low byte.
        return (number & 0xff) as u8;
    }
    let print = || -> PyResult<()> {
        let stderr = py.import("sys")?.getattr("stderr")?;
        stderr.call_method1("write", (code.str()?,))?;
        stderr.call_method1("write", ("\n",))?;
        Ok(())
    };
    if let Err(error) = print() {
        error.restore(py);
        // SAFETY: attached; forgets that the message could not be printed.
        unsafe { ffi::PyErr_Clear() };
    }
    1
}

/// Finalises the interpreter: joins threads, runs `atexit` and finalizers, flushes. `false`:
/// the standard streams could not be flushed. Nothing of Python may be used afterwards.
pub fn finalise(_py: Python<'_>) -> bool {
    // SAFETY: the main thread, attached, with no frame on its stack (they are hidden and
    // never come back); the caller goes on to end the process without touching Python.
    unsafe { ffi::Py_FinalizeEx() == 0 }
}
