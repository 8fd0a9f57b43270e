//! The exceptions that the hook raises.
//!
//! Its own two are immutable C classes: a guest can't change what raising them means. `PolicyViolation`
//! is a `PermissionError`, as `refuse` promises; `LimitExceeded` is a `BaseException`, so that a
//! well-meant `except Exception` doesn't stand in its way.
#![allow(unsafe_code)] // defines types in CPython's terms and sets the error indicator

use std::ffi::{CStr, CString};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::ptr;
use std::sync::OnceLock;

use pyo3::ffi::{self, PyObject};

struct Classes {
    violation: *mut PyObject,
    limit: *mut PyObject,
}
// SAFETY: written once; the classes live for the process; access needs the GIL.
unsafe impl Send for Classes {}
// SAFETY: as above.
unsafe impl Sync for Classes {}

static CLASSES: OnceLock<Classes> = OnceLock::new();

/// What to raise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exception {
    /// `PolicyViolation`.
    Violation,
    /// `LimitExceeded`.
    Limit,
    /// Python's own `ModuleNotFoundError`.
    NoModule,
    /// Python's own `FileNotFoundError`.
    NoFile,
}

/// Makes the classes. `false`: out of memory, with the exception set.
pub fn prepare() -> bool {
    // SAFETY: attached; the two bases are static classes of CPython.
    let (violation, limit) = unsafe {
        (
            make(c"lictor.PolicyViolation", ffi::PyExc_PermissionError),
            make(c"lictor.LimitExceeded", ffi::PyExc_BaseException),
        )
    };
    if violation.is_null() || limit.is_null() {
        return false;
    }
    CLASSES.get_or_init(|| Classes { violation, limit });
    true
}

/// # Safety
/// `base` is a class; attached.
unsafe fn make(name: &'static CStr, base: *mut PyObject) -> *mut PyObject {
    let mut slots = [ffi::PyType_Slot::default()];
    let mut spec = ffi::PyType_Spec {
        name: name.as_ptr(),
        basicsize: 0, // the base's
        itemsize: 0,
        flags: (ffi::Py_TPFLAGS_DEFAULT | ffi::Py_TPFLAGS_IMMUTABLETYPE) as u32,
        slots: slots.as_mut_ptr(),
    };
    // SAFETY: the spec adds nothing to its base; the name is static.
    unsafe { ffi::PyType_FromSpecWithBases(&mut spec, base) }
}

/// Sets the error indicator to a `PolicyViolation` about a file, with `errno` and `filename` as
/// the kernel's own refusal has them.
pub fn raise_about(path: &Path, message: &str) {
    let Some(classes) = CLASSES.get() else {
        return;
    };
    let name = path.as_os_str().as_bytes();
    // SAFETY: attached; a live exception class; the texts are copied with their lengths. What
    // can't be made (memory is short) leaves its own error set.
    unsafe {
        let text = message.as_bytes();
        let arguments = ffi::Py_BuildValue(
            c"(iNN)".as_ptr(),
            libc::EACCES,
            ffi::PyUnicode_DecodeUTF8(text.as_ptr().cast(), text.len() as isize, ptr::null()),
            ffi::PyUnicode_DecodeFSDefaultAndSize(name.as_ptr().cast(), name.len() as isize),
        );
        if !arguments.is_null() {
            ffi::PyErr_SetObject(classes.violation, arguments);
            ffi::Py_DECREF(arguments);
        }
    }
}

/// Sets the error indicator, replacing what was set.
pub fn raise(exception: Exception, message: &str) {
    let Some(classes) = CLASSES.get() else {
        return;
    };
    let class = match exception {
        Exception::Violation => classes.violation,
        Exception::Limit => classes.limit,
        // SAFETY: reads a static pointer to a class that lives for the process.
        Exception::NoModule => unsafe { ffi::PyExc_ModuleNotFoundError },
        // SAFETY: as above.
        Exception::NoFile => unsafe { ffi::PyExc_FileNotFoundError },
    };
    let text = CString::new(message.replace('\0', "\\0")).unwrap_or_default();
    // SAFETY: attached; a live exception class and a C string. If memory or the C stack is
    // short this sets MemoryError or RecursionError instead, which stops the guest as well.
    unsafe { ffi::PyErr_SetString(class, text.as_ptr()) };
}
