//! The promise that all of the hook stands on: CPython called us, so this thread is attached.
#![allow(unsafe_code)] // asserts what the types can't know

use pyo3::Python;
use pyo3::ffi::PyObject;

use super::object::Ref;

/// Proof that the thread is attached (holds the GIL).
#[inline]
pub fn token() -> Python<'static> {
    // SAFETY: every path into the hook is a call by CPython: `run` of the module, trampolines,
    // slots, callbacks, the audit hook. CPython makes each of them attached. The one thread
    // that isn't CPython's, the witness, calls nothing that needs this.
    unsafe { Python::assume_attached() }
}

/// A pointer that something on the calling thread's stack keeps alive: a frame's code, its
/// globals, an argument.
pub fn borrowed(pointer: *mut PyObject) -> Option<Ref<'static>> {
    // SAFETY: as the callers say, a live frame or call owns the object. It is looked at within
    // the callback that found it, before Python runs again; nothing stores it.
    unsafe { Ref::new(pointer) }
}

/// An object by its address, which was found on the stack of a frame whose instruction is
/// calling with it.
pub fn at(address: usize) -> Option<Ref<'static>> {
    borrowed(std::ptr::with_exposed_provenance_mut(address))
}
