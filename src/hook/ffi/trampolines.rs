//! The pool of guard functions that take the place of C functions' implementations.
//!
//! CPython calls a C function as `ml_meth(self, args…)`: the implementation isn't told which
//! function object, nor which `PyMethodDef`, it was called for. A guard must know, so each
//! guarded definition gets a function of its own: one instance of a generic function per
//! slot, for each of CPython's five C signatures. An instance only adds its slot number.
#![allow(unsafe_code)] // extern "C" functions which CPython calls; they pass raw arguments on

use pyo3::ffi::{self, Py_ssize_t, PyMethodDefPointer, PyObject};
use seq_macro::seq;

use crate::hook::guards::{self, Arguments};

/// The C signature of a function's implementation, told from its `ml_flags`.
///
/// Source: "Implementing functions and methods" of the C API manual.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Signature {
    /// `METH_NOARGS`, `METH_O` and `METH_VARARGS`: `(self, arg)`.
    Plain,
    /// `METH_VARARGS | METH_KEYWORDS`: `(self, args, kwargs)`.
    Keywords,
    /// `METH_FASTCALL`: `(self, args, nargs)`.
    Fast,
    /// `METH_FASTCALL | METH_KEYWORDS`: `(self, args, nargs, kwnames)`.
    FastKeywords,
    /// `METH_METHOD | METH_FASTCALL | METH_KEYWORDS`: `(self, class, args, nargs, kwnames)`.
    Method,
}

impl Signature {
    /// Reads `ml_flags`; `None` for a combination CPython doesn't document.
    pub fn of(flags: i32) -> Option<Signature> {
        const BINDING: i32 = ffi::METH_CLASS | ffi::METH_STATIC | ffi::METH_COEXIST;
        match flags & !BINDING {
            ffi::METH_NOARGS | ffi::METH_O | ffi::METH_VARARGS => Some(Signature::Plain),
            f if f == ffi::METH_VARARGS | ffi::METH_KEYWORDS => Some(Signature::Keywords),
            ffi::METH_FASTCALL => Some(Signature::Fast),
            f if f == ffi::METH_FASTCALL | ffi::METH_KEYWORDS => Some(Signature::FastKeywords),
            f if f == ffi::METH_METHOD | ffi::METH_FASTCALL | ffi::METH_KEYWORDS => {
                Some(Signature::Method)
            }
            _ => None,
        }
    }

    /// How many definitions of this signature can be guarded in one process.
    ///
    /// A start-up of CPython with the modules of the presets defines about 1,500 `Plain`,
    /// 80 `Keywords`, 450 `Fast`, 450 `FastKeywords` and 60 `Method` functions.
    pub fn capacity(self) -> usize {
        match self {
            Signature::Plain => PLAIN.len(),
            Signature::Keywords => KEYWORDS.len(),
            Signature::Fast => FAST.len(),
            Signature::FastKeywords => FAST_KEYWORDS.len(),
            Signature::Method => METHOD.len(),
        }
    }

    /// The guard function of a slot.
    pub fn trampoline(self, slot: usize) -> Option<PyMethodDefPointer> {
        Some(match self {
            Signature::Plain => PyMethodDefPointer {
                PyCFunction: *PLAIN.get(slot)?,
            },
            Signature::Keywords => PyMethodDefPointer {
                PyCFunctionWithKeywords: *KEYWORDS.get(slot)?,
            },
            Signature::Fast => PyMethodDefPointer {
                PyCFunctionFast: *FAST.get(slot)?,
            },
            Signature::FastKeywords => PyMethodDefPointer {
                PyCFunctionFastWithKeywords: *FAST_KEYWORDS.get(slot)?,
            },
            Signature::Method => PyMethodDefPointer {
                PyCMethod: *METHOD.get(slot)?,
            },
        })
    }
}

unsafe extern "C" fn plain<const SLOT: usize>(
    this: *mut PyObject,
    argument: *mut PyObject,
) -> *mut PyObject {
    guards::enter(Signature::Plain, SLOT, Arguments::Plain { this, argument })
}

unsafe extern "C" fn keywords<const SLOT: usize>(
    this: *mut PyObject,
    tuple: *mut PyObject,
    dict: *mut PyObject,
) -> *mut PyObject {
    guards::enter(
        Signature::Keywords,
        SLOT,
        Arguments::Keywords { this, tuple, dict },
    )
}

unsafe extern "C" fn fast<const SLOT: usize>(
    this: *mut PyObject,
    values: *mut *mut PyObject,
    count: Py_ssize_t,
) -> *mut PyObject {
    guards::enter(
        Signature::Fast,
        SLOT,
        Arguments::Fast {
            this,
            values,
            count,
        },
    )
}

unsafe extern "C" fn fast_keywords<const SLOT: usize>(
    this: *mut PyObject,
    values: *const *mut PyObject,
    count: Py_ssize_t,
    names: *mut PyObject,
) -> *mut PyObject {
    guards::enter(
        Signature::FastKeywords,
        SLOT,
        Arguments::FastKeywords {
            this,
            values,
            count,
            names,
        },
    )
}

unsafe extern "C" fn method<const SLOT: usize>(
    this: *mut PyObject,
    class: *mut ffi::PyTypeObject,
    values: *const *mut PyObject,
    count: Py_ssize_t,
    names: *mut PyObject,
) -> *mut PyObject {
    guards::enter(
        Signature::Method,
        SLOT,
        Arguments::Method {
            this,
            class,
            values,
            count,
            names,
        },
    )
}

seq!(N in 0..4096 {
    static PLAIN: [ffi::PyCFunction; 4096] = [#(plain::<N>,)*];
});
seq!(N in 0..512 {
    static KEYWORDS: [ffi::PyCFunctionWithKeywords; 512] = [#(keywords::<N>,)*];
});
seq!(N in 0..1536 {
    static FAST: [ffi::PyCFunctionFast; 1536] = [#(fast::<N>,)*];
});
seq!(N in 0..1536 {
    static FAST_KEYWORDS: [ffi::PyCFunctionFastWithKeywords; 1536] = [#(fast_keywords::<N>,)*];
});
seq!(N in 0..512 {
    static METHOD: [ffi::PyCMethod; 512] = [#(method::<N>,)*];
});
