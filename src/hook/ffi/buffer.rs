//! Bytes of exact builtin objects: `bytes` and `memoryview`s of `bytes`.
#![allow(unsafe_code)] // the buffer protocol

use pyo3::ffi;

use super::object::Ref;

/// Shows an object's bytes; `None` for anything but `bytes`, `bytearray` and `memoryview`,
/// whose buffers are C through and through.
pub fn with_bytes<R>(object: Ref<'_>, look: impl FnOnce(&[u8]) -> R) -> Option<R> {
    let class = object.class().as_ptr().cast::<ffi::PyTypeObject>();
    let known = [
        &raw mut ffi::PyBytes_Type,
        &raw mut ffi::PyByteArray_Type,
        &raw mut ffi::PyMemoryView_Type,
    ];
    if !known.contains(&class) {
        return None;
    }
    // SAFETY: attached; an all-zero Py_buffer is what PyObject_GetBuffer fills. Between getting
    // and releasing it the bytes stay where they are. `memoryview` may have a guest's exporter
    // behind it only from 3.12 on, which was already asked when the view was made.
    unsafe {
        let mut view: ffi::Py_buffer = std::mem::zeroed();
        if ffi::PyObject_GetBuffer(object.as_ptr(), &mut view, ffi::PyBUF_SIMPLE) != 0 {
            ffi::PyErr_Clear();
            return None;
        }
        let length = usize::try_from(view.len).unwrap_or(0);
        let bytes = match view.buf.is_null() {
            true => &[][..],
            false => std::slice::from_raw_parts(view.buf.cast::<u8>(), length),
        };
        let answer = look(bytes);
        ffi::PyBuffer_Release(&mut view);
        Some(answer)
    }
}
