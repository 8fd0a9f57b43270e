//! Guards on C classes: calling one goes through slots of the type object, not through a
//! `PyMethodDef`.
//!
//! Both ways in are replaced: `tp_vectorcall`, by which an exact class is called, and
//! `tp_new`, which `type.__call__`, `Class.__new__(Class)` and subclasses made later reach.
//! Python classes that define `__init__` or `__new__` themselves don't need this: their
//! constructors are Python functions, and a rule on the class is a rule on those.
#![allow(unsafe_code)] // patches type objects, passes raw arguments on

use std::collections::HashMap;
use std::ptr;
use std::sync::{Mutex, OnceLock};

use pyo3::ffi::{self, PyObject, PyTypeObject};

use super::object::Ref;
use super::process;
use crate::hook::classes::{self, ClassGuard};

/// The slots that a guard replaced.
#[derive(Clone, Copy)]
struct Slots {
    guard: &'static ClassGuard,
    new: Option<ffi::newfunc>,
    vectorcall: Option<ffi::vectorcallfunc>,
}

static GUARDED: OnceLock<Mutex<HashMap<usize, Slots>>> = OnceLock::new();

fn guarded() -> std::sync::MutexGuard<'static, HashMap<usize, Slots>> {
    GUARDED
        .get_or_init(Mutex::default)
        .try_lock()
        .unwrap_or_else(|_| process::abandon("the list of guarded classes was entered twice"))
}

/// The guard on a class, if there is one.
pub fn find(class: Ref<'_>) -> Option<&'static ClassGuard> {
    guarded().get(&class.address()).map(|slots| slots.guard)
}

/// Puts a guard on a class. The class must stay alive for ever, see [`Ref::immortalise`].
pub fn patch(class: Ref<'static>, guard: &'static ClassGuard) {
    let pointer = class.as_ptr().cast::<PyTypeObject>();
    // SAFETY: a live class that is never freed; its fields are changed under the GIL, and
    // PyType_Modified makes CPython forget what it cached of them.
    unsafe {
        let slots = Slots {
            guard,
            new: (*pointer).tp_new,
            vectorcall: (*pointer).tp_vectorcall,
        };
        guarded().insert(class.address(), slots);
        if slots.new.is_some() {
            (*pointer).tp_new = Some(guarded_new);
        }
        if slots.vectorcall.is_some() {
            (*pointer).tp_vectorcall = Some(guarded_vectorcall);
        }
        ffi::PyType_Modified(pointer);
    }
}

unsafe extern "C" fn guarded_new(
    class: *mut PyTypeObject,
    arguments: *mut PyObject,
    keywords: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: CPython passes a live class. The slot was inherited from the first guarded
    // class in its resolution order.
    let found = unsafe { Ref::new(class.cast()) }.and_then(|class| {
        let guarded = guarded();
        class.bases().find_map(|base| {
            guarded
                .get(&base.address())
                .filter(|slots| slots.new.is_some())
                .copied()
        })
    });
    let Some(Slots {
        guard,
        new: Some(new),
        ..
    }) = found
    else {
        process::abandon("a guarded class lost its constructor")
    };
    // SAFETY: alive for the call, as above.
    let count = unsafe { Ref::new(arguments) }.map_or(0, |tuple| tuple.items().count());
    if !classes::admits(guard, count) {
        return ptr::null_mut();
    }
    // SAFETY: the original slot, with the arguments CPython gave.
    unsafe { new(class, arguments, keywords) }
}

unsafe extern "C" fn guarded_vectorcall(
    callable: *mut PyObject,
    arguments: *const *mut PyObject,
    count: usize,
    names: *mut PyObject,
) -> *mut PyObject {
    let found = guarded().get(&(callable as usize)).copied();
    let Some(Slots {
        guard,
        vectorcall: Some(vectorcall),
        ..
    }) = found
    else {
        process::abandon("a guarded class lost its constructor")
    };
    // SAFETY: strips the offset flag as every vectorcall function must.
    let positional = unsafe { ffi::PyVectorcall_NARGS(count) };
    if !classes::admits(guard, usize::try_from(positional).unwrap_or(0)) {
        return ptr::null_mut();
    }
    classes::inside(guard, || {
        // SAFETY: the original slot, with the arguments CPython gave.
        unsafe { vectorcall(callable, arguments, count, names) }
    })
}
