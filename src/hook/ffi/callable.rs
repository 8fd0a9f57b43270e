//! Native callables: objects that CPython calls straight through a function pointer.
//!
//! Monitoring callbacks and thread starters are of this kind. They aren't builtin functions:
//! a raw vectorcall object costs a fifth less per event, has no name, no module and no
//! `__self__`, and isn't tracked by the garbage collector, so no guest finds it by walking.
#![allow(unsafe_code)] // defines a type in CPython's terms

use std::mem::offset_of;
use std::ptr;
use std::sync::OnceLock;

use pyo3::ffi::{self, PyObject, PyTypeObject, vectorcallfunc};

use super::object::{Owned, Ref};

/// A native callable with an object of its own to refer to.
#[repr(C)]
struct Callable {
    base: PyObject,
    vectorcall: vectorcallfunc,
    payload: *mut PyObject,
    mark: usize,
}

struct SharedType(*mut PyTypeObject);
// SAFETY: the pointer is written once and the type lives for the process; access needs the GIL.
unsafe impl Send for SharedType {}
// SAFETY: as above.
unsafe impl Sync for SharedType {}

static TYPE: OnceLock<SharedType> = OnceLock::new();

unsafe extern "C" fn deallocate(object: *mut PyObject) {
    // SAFETY: CPython calls this once, for an object that `make` laid out; the type is on the
    // heap, so an instance holds a reference to it.
    unsafe {
        let class = ffi::Py_TYPE(object);
        ffi::Py_XDECREF((*object.cast::<Callable>()).payload);
        ffi::PyObject_Free(object.cast());
        ffi::Py_DECREF(class.cast());
    }
}

fn class() -> Option<*mut PyTypeObject> {
    if let Some(shared) = TYPE.get() {
        return Some(shared.0);
    }
    let mut members = [
        ffi::PyMemberDef {
            name: c"__vectorcalloffset__".as_ptr(),
            type_code: ffi::Py_T_PYSSIZET,
            offset: offset_of!(Callable, vectorcall) as ffi::Py_ssize_t,
            flags: ffi::Py_READONLY,
            doc: ptr::null(),
        },
        ffi::PyMemberDef::default(),
    ];
    let mut slots = [
        ffi::PyType_Slot {
            slot: ffi::Py_tp_dealloc,
            pfunc: deallocate as *mut _,
        },
        ffi::PyType_Slot {
            slot: ffi::Py_tp_call,
            pfunc: ffi::PyVectorcall_Call as *mut _,
        },
        ffi::PyType_Slot {
            slot: ffi::Py_tp_members,
            pfunc: members.as_mut_ptr().cast(),
        },
        ffi::PyType_Slot::default(),
    ];
    let mut spec = ffi::PyType_Spec {
        name: c"builtins.callable".as_ptr(),
        basicsize: size_of::<Callable>() as i32,
        itemsize: 0,
        flags: (ffi::Py_TPFLAGS_DEFAULT
            | ffi::Py_TPFLAGS_HAVE_VECTORCALL
            | ffi::Py_TPFLAGS_IMMUTABLETYPE
            | ffi::Py_TPFLAGS_DISALLOW_INSTANTIATION) as u32,
        slots: slots.as_mut_ptr(),
    };
    // SAFETY: the spec describes `Callable`; CPython copies what it keeps of the arrays.
    let class = unsafe { ffi::PyType_FromSpec(&mut spec) };
    if class.is_null() {
        return None;
    }
    // SAFETY: a new type object. Out of the collector's lists, `gc.get_objects` doesn't show it.
    unsafe { ffi::PyObject_GC_UnTrack(class.cast()) };
    Some(TYPE.get_or_init(|| SharedType(class.cast())).0)
}

/// Makes a callable that runs `function`; `payload` and `mark` are what [`payload`] gives back.
/// `None`: out of memory, with the exception set.
pub fn make(function: vectorcallfunc, payload: Option<Ref<'_>>, mark: usize) -> Option<Owned> {
    let class = class()?;
    // SAFETY: allocates room for one `Callable` and fills every field before anybody sees it;
    // PyObject_Init takes the reference to the heap type that `deallocate` gives back.
    unsafe {
        let memory = ffi::PyObject_Malloc(size_of::<Callable>()).cast::<Callable>();
        if memory.is_null() {
            ffi::PyErr_NoMemory();
            return None;
        }
        ffi::PyObject_Init(memory.cast(), class);
        let payload = payload.map_or(ptr::null_mut(), Ref::as_ptr);
        ffi::Py_XINCREF(payload);
        (*memory).vectorcall = function;
        (*memory).payload = payload;
        (*memory).mark = mark;
        Owned::new(memory.cast())
    }
}

/// The object and the mark that a callable was made with.
///
/// # Safety
/// `callable` was made by [`make`] and is alive.
pub unsafe fn payload<'a>(callable: *mut PyObject) -> (Option<Ref<'a>>, usize) {
    // SAFETY: the caller's promise fixes the layout.
    unsafe {
        let callable = callable.cast::<Callable>();
        (Ref::new((*callable).payload), (*callable).mark)
    }
}
