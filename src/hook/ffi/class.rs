//! Guards on C classes: calling one goes through slots of the type object, not through a
//! `PyMethodDef`.
//!
//! Both ways in are replaced: `tp_vectorcall`, by which an exact class is called, and
//! `tp_new`, which `type.__call__`, `Class.__new__(Class)` and subclasses made later reach.
//! A class that makes its instances by `object.__new__` keeps that slot, by which CPython
//! checks arguments; there `tp_alloc` is replaced, which `object.__new__` calls.
//! Where a rule looks at arguments, `tp_init` is guarded as well.
//! Python classes that define `__init__` or `__new__` themselves don't need this: their
//! constructors are Python functions, and a rule on the class is a rule on those.
#![allow(unsafe_code)] // patches type objects, passes raw arguments on

use std::collections::HashMap;
use std::ptr;
use std::sync::{Mutex, OnceLock};

use pyo3::ffi::{self, PyObject, PyTypeObject};

use super::method::{Arguments, Call};
use super::object::Ref;
use super::process;
use crate::hook::classes::{self, ClassGuard};

/// The slots that a guard replaced; `None` for those it left alone.
#[derive(Clone, Copy)]
struct Slots {
    guard: &'static ClassGuard,
    new: Option<ffi::newfunc>,
    alloc: Option<ffi::allocfunc>,
    vectorcall: Option<ffi::vectorcallfunc>,
    init: Option<ffi::initproc>,
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
/// `object` itself can't be guarded: everything is one.
pub fn patch(class: Ref<'static>, guard: &'static ClassGuard) {
    let pointer = class.as_ptr().cast::<PyTypeObject>();
    let object = &raw mut ffi::PyBaseObject_Type;
    if pointer == object {
        return;
    }
    // SAFETY: a live class that is never freed; its fields are changed under the GIL, and
    // PyType_Modified makes CPython forget what it cached of them.
    unsafe {
        let makes_by_object =
            (*pointer).tp_new.map(|new| new as usize) == (*object).tp_new.map(|new| new as usize);
        let mut slots = Slots {
            guard,
            new: (*pointer).tp_new.filter(|_| !makes_by_object),
            alloc: (*pointer).tp_alloc.filter(|_| makes_by_object),
            vectorcall: (*pointer).tp_vectorcall,
            init: None,
        };
        // A class made after its base was guarded has inherited the guard itself: what stands
        // behind it is the base's.
        if slots.new.map(|new| new as usize) == Some(guarded_new as *const () as usize) {
            slots.new = inherited(pointer, |base| base.new.is_some()).and_then(|base| base.new);
        }
        if slots.alloc.map(|alloc| alloc as usize) == Some(guarded_alloc as *const () as usize) {
            slots.alloc =
                inherited(pointer, |base| base.alloc.is_some()).and_then(|base| base.alloc);
        }
        guarded().insert(class.address(), slots);
        if slots.new.is_some() {
            (*pointer).tp_new = Some(guarded_new);
        }
        if slots.alloc.is_some() {
            (*pointer).tp_alloc = Some(guarded_alloc);
        }
        if slots.vectorcall.is_some() {
            (*pointer).tp_vectorcall = Some(guarded_vectorcall);
        }
        ffi::PyType_Modified(pointer);
    }
}

/// `wrapperobject`'s descriptor (Include/cpython/descrobject.h): a slot as a method.
#[repr(C)]
struct SlotWrapper {
    common: ffi::PyDescrObject,
    base: *mut std::ffi::c_void,
    wrapped: *mut std::ffi::c_void,
}

/// Puts the guard of a class that has one before its `tp_init`, too: an object that was made
/// with one set of arguments can be initialised again with another.
pub fn patch_initialiser(class: Ref<'static>) {
    let pointer = class.as_ptr().cast::<PyTypeObject>();
    // SAFETY: a live class.
    let behind = unsafe { inherited(pointer, |base| base.init.is_some()) };
    let mut guarded = guarded();
    let Some(slots) = guarded.get_mut(&class.address()) else {
        return;
    };
    // SAFETY: a live class that is never freed, changed under the GIL. The method `__init__`
    // of a C class keeps a pointer of its own to the slot; it is replaced where it is that.
    unsafe {
        let object = &raw mut ffi::PyBaseObject_Type;
        let Some(init) = (*pointer).tp_init else {
            return;
        };
        let is_own = (*object).tp_init.map(|other| other as usize) != Some(init as usize);
        if slots.init.is_some() || !is_own {
            return;
        }
        let is_guarded = init as usize == guarded_init as *const () as usize;
        slots.init = match behind {
            Some(base) if is_guarded => base.init,
            _ => Some(init),
        };
        (*pointer).tp_init = Some(guarded_init);
        let method = class
            .class_namespace()
            .and_then(|names| names.entry("__init__"))
            .filter(|method| method.class().as_ptr() == (&raw mut ffi::PyWrapperDescr_Type).cast());
        if let Some(method) = method {
            let wrapper = method.as_ptr().cast::<SlotWrapper>();
            if (*wrapper).wrapped as usize == init as usize {
                (*wrapper).wrapped = guarded_init as *mut _;
            }
        }
        ffi::PyType_Modified(pointer);
    }
}

/// The guarded class from which a class has inherited a slot: the first in its resolution
/// order whose own was replaced.
///
/// # Safety
/// A live class; attached.
unsafe fn inherited(class: *mut PyTypeObject, replaced: impl Fn(&Slots) -> bool) -> Option<Slots> {
    // SAFETY: the caller's promise.
    let class = unsafe { Ref::new(class.cast()) }?;
    let guarded = guarded();
    class.bases().find_map(|base| {
        guarded
            .get(&base.address())
            .filter(|slots| replaced(slots))
            .copied()
    })
}

unsafe extern "C" fn guarded_alloc(
    class: *mut PyTypeObject,
    items: ffi::Py_ssize_t,
) -> *mut PyObject {
    // SAFETY: CPython passes a live class.
    let found = unsafe { inherited(class, |slots| slots.alloc.is_some()) };
    let Some(Slots {
        guard,
        alloc: Some(alloc),
        ..
    }) = found
    else {
        process::abandon("a guarded class lost its allocator")
    };
    if !classes::admits(guard, class, None) {
        return ptr::null_mut();
    }
    // SAFETY: the original slot, with the arguments CPython gave.
    unsafe { alloc(class, items) }
}

unsafe extern "C" fn guarded_new(
    class: *mut PyTypeObject,
    arguments: *mut PyObject,
    keywords: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: CPython passes a live class.
    let found = unsafe { inherited(class, |slots| slots.new.is_some()) };
    let Some(Slots {
        guard,
        new: Some(new),
        ..
    }) = found
    else {
        process::abandon("a guarded class lost its constructor")
    };
    let call = Call {
        arguments: Arguments::Keywords {
            this: class.cast(),
            tuple: arguments,
            dict: keywords,
        },
    };
    // A metaclass of one's own makes its classes by `type.__new__`: that isn't calling `type`.
    let by_metaclass = guard.is_type && class != &raw mut ffi::PyType_Type;
    if !by_metaclass && !classes::admits(guard, class, Some(&call)) {
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
    let call = Call {
        arguments: Arguments::FastKeywords {
            this: callable,
            values: arguments,
            count: positional,
            names,
        },
    };
    if !classes::admits(guard, callable.cast(), Some(&call)) {
        return ptr::null_mut();
    }
    classes::inside(guard, || {
        // SAFETY: the original slot, with the arguments CPython gave.
        unsafe { vectorcall(callable, arguments, count, names) }
    })
}

unsafe extern "C" fn guarded_init(
    object: *mut PyObject,
    arguments: *mut PyObject,
    keywords: *mut PyObject,
) -> std::ffi::c_int {
    // SAFETY: CPython passes a live object, whose class lives as long.
    let found = unsafe { inherited(ffi::Py_TYPE(object), |slots| slots.init.is_some()) };
    let Some(Slots {
        guard,
        init: Some(init),
        ..
    }) = found
    else {
        process::abandon("a guarded class lost its initialiser")
    };
    let call = Call {
        arguments: Arguments::Keywords {
            this: object,
            tuple: arguments,
            dict: keywords,
        },
    };
    // SAFETY: a live object.
    let class = unsafe { ffi::Py_TYPE(object) };
    if !classes::admits_again(guard, class, &call) {
        return -1;
    }
    // SAFETY: the original slot, with the arguments CPython gave.
    unsafe { init(object, arguments, keywords) }
}
