//! Socket objects of `_socket`, read without their properties, which a guest may replace.
#![allow(unsafe_code)] // reads the fields of a C object

use std::ffi::c_int;
use std::os::fd::RawFd;

use pyo3::ffi::PyObject;

use super::object::Ref;

/// How `PySocketSockObject` of Modules/socketmodule.h begins, on every supported version.
#[repr(C)]
struct Socket {
    base: PyObject,
    descriptor: c_int,
    family: c_int,
}

/// Descriptor and family of the socket whose method was called: CPython's descriptor of that
/// method has made sure of the object's class.
pub fn descriptor_and_family(socket: Ref<'_>) -> (RawFd, i32) {
    let socket = socket.as_ptr().cast::<Socket>();
    // SAFETY: the caller's object is of `_socket.socket` or inherits from it, and its fields are
    // plain numbers.
    unsafe { ((*socket).descriptor, (*socket).family) }
}
