//! The interpreter's own tables: `sys.modules`, the collector's list, captured functions.
#![allow(unsafe_code)] // raw calls into CPython

use pyo3::ffi;

use super::object::{Owned, Ref};

/// The modules that are loaded, by name.
pub fn modules() -> Option<Ref<'static>> {
    // SAFETY: attached; the interpreter owns the dictionary for its lifetime.
    unsafe { Ref::new(ffi::PyImport_GetModuleDict()) }
}

/// A loaded module. What the guest put into `sys.modules` under a name is taken at its word.
pub fn loaded_module(name: &str) -> Option<Ref<'static>> {
    modules()?.entry(name)
}

/// Everything that the garbage collector tracks.
pub fn tracked_objects() -> Option<Owned> {
    // SAFETY: attached; calls a C function of a C module, before the guest exists.
    unsafe {
        let gc = Owned::new(ffi::PyImport_ImportModule(c"gc".as_ptr()))?;
        let list = ffi::PyObject_CallMethodNoArgs(
            gc.get().as_ptr(),
            Owned::new(ffi::PyUnicode_InternFromString(c"get_objects".as_ptr()))?
                .get()
                .as_ptr(),
        );
        if list.is_null() {
            ffi::PyErr_Clear();
        }
        Owned::new(list)
    }
}

/// The items of a list that nobody else knows.
pub fn list_items(list: &Owned) -> impl Iterator<Item = Ref<'_>> {
    // SAFETY: an exact list that only we refer to, so that it doesn't change.
    let size = unsafe { ffi::PyList_Size(list.get().as_ptr()) };
    (0..size).filter_map(move |index| {
        // SAFETY: within its size.
        unsafe { Ref::new(ffi::PyList_GetItem(list.get().as_ptr(), index)) }
    })
}
