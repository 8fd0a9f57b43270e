//! Fields of the interpreter that decide whether a guard is asked at all.
//!
//! Two shortcuts of CPython go past a function's definition: warm call sites of `len`,
//! `isinstance` and `list.append` compare the callee with a pointer that the interpreter
//! cached and then inline the work; the `import` statement compares `builtins.__import__`
//! with another one and then calls C directly. Replacing the cached pointers makes both
//! comparisons fail, and the ordinary call is made.
//!
//! The fields are internal and move between versions, so they are found by their content:
//! addresses of objects that are known for sure, at a place inside the interpreter's state.
#![allow(unsafe_code)] // reads and writes the interpreter's own memory

use pyo3::ffi::{self, PyObject};

use super::object::Ref;

/// How far into the interpreter's state the fields are searched: 4 times the size of the
/// largest state known (3.13: about 260 KiB, statics included).
const REACH: usize = 1 << 20;

/// A field was not where it should be.
#[derive(Debug, thiserror::Error)]
#[error("this build of CPython keeps {field} where the hook does not find it")]
pub struct FieldNotFound {
    field: &'static str,
}

/// Makes warm call sites of `len`, `isinstance` and `list.append` make ordinary calls.
///
/// # Errors
/// The cache isn't where every known CPython has it.
pub fn disable_inlined_builtins(
    isinstance: Ref<'_>,
    len: Ref<'_>,
    append: Ref<'_>,
) -> Result<(), FieldNotFound> {
    // The order of `struct callable_cache` in pycore_code.h, 3.11 to 3.13.
    let wanted = [isinstance.address(), len.address(), append.address()];
    let place = find(&wanted).ok_or(FieldNotFound {
        field: "its cache of inlined builtins",
    })?;
    for index in 0..wanted.len() {
        // SAFETY: None is never freed, and no comparison with a callee succeeds for it.
        replace(place + index * size_of::<usize>(), unsafe {
            ffi::Py_NewRef(ffi::Py_None())
        });
    }
    Ok(())
}

/// Makes every import statement call `builtins.__import__` like any function.
///
/// The pointer is also what importlib gets to import parents and members with, so another
/// function object of the same definition takes its place: it does the same, guard and all,
/// but isn't the one in `builtins`.
///
/// # Errors
/// The pointer isn't where every known CPython has it.
pub fn disable_inlined_import(import: Ref<'_>) -> Result<(), FieldNotFound> {
    let place = find(&[import.address()]).ok_or(FieldNotFound {
        field: "its pointer to builtins.__import__",
    })?;
    let twin = twin(import).ok_or(FieldNotFound {
        field: "memory for a function",
    })?;
    replace(place, twin);
    Ok(())
}

/// Another object of the same C function.
fn twin(function: Ref<'_>) -> Option<*mut PyObject> {
    let definition = function.definition()?;
    let this = function
        .bound_to()
        .map_or(std::ptr::null_mut(), Ref::as_ptr);
    // SAFETY: attached; the definition is static, the object keeps `this` alive.
    let twin = unsafe { ffi::PyCFunction_NewEx(definition.as_ptr(), this, std::ptr::null_mut()) };
    (!twin.is_null()).then_some(twin)
}

/// Finds a run of pointers in the interpreter's state.
fn find(wanted: &[usize]) -> Option<usize> {
    // SAFETY: attached, so there is a current interpreter.
    let start = unsafe { ffi::PyInterpreterState_Get() } as usize;
    let state = read(start, REACH);
    let (words, _) = state.as_chunks::<{ size_of::<usize>() }>();
    let words: Vec<usize> = words
        .iter()
        .map(|bytes| usize::from_ne_bytes(*bytes))
        .collect();
    let index = words.windows(wanted.len()).position(|run| run == wanted)?;
    Some(start + index * size_of::<usize>())
}

/// Copies memory of this process; shorter where it ends. The kernel does the reading, so an
/// address that isn't mapped is an error, not a fault.
fn read(start: usize, length: usize) -> Vec<u8> {
    // The kernel may give up on a whole element that isn't mapped to its end: a page each.
    const PAGE: usize = 4096;
    let mut buffer = vec![0u8; length];
    let local = libc::iovec {
        iov_base: buffer.as_mut_ptr().cast(),
        iov_len: length,
    };
    let remote: Vec<libc::iovec> = (0..length / PAGE)
        .map(|page| libc::iovec {
            iov_base: (start + page * PAGE) as *mut _,
            iov_len: PAGE,
        })
        .collect();
    // SAFETY: the local buffer has `length` bytes; the kernel checks the remote addresses.
    let got = unsafe {
        let count = remote.len() as libc::c_ulong;
        libc::process_vm_readv(libc::getpid(), &local, 1, remote.as_ptr(), count, 0)
    };
    buffer.truncate(usize::try_from(got).unwrap_or(0));
    buffer
}

/// Writes an owned reference into a field that [`find`] found.
fn replace(place: usize, object: *mut PyObject) {
    let field = place as *mut *mut PyObject;
    // SAFETY: `find` saw at this address a pointer to a live object that only this field of
    // the interpreter's state holds there. The field owned a reference or borrowed one; the
    // old object is left with its count, so at worst it is never freed.
    unsafe { field.write(object) };
}
