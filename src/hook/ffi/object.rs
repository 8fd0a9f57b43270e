//! Looking at objects without running guest code.
//!
//! [`Ref`] is a borrowed reference. None of its methods calls a slot that a guest could have
//! written: classes are compared by identity, text is read only from exact `str` objects,
//! and dictionaries are walked entry by entry instead of being looked up (a lookup may
//! compare keys, and a key's `__eq__` may be the guest's).
#![allow(unsafe_code)] // reads the fields of CPython's objects

use std::ffi::{CStr, OsString, c_char};
use std::marker::PhantomData;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;
use std::ptr::{self, NonNull};

use pyo3::ffi::{self, Py_ssize_t, PyMethodDef, PyObject};

/// A borrowed reference, valid for `'a` while the calling thread is attached to the
/// interpreter (holds the GIL).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ref<'a> {
    pointer: NonNull<PyObject>,
    life: PhantomData<&'a PyObject>,
}

impl<'a> Ref<'a> {
    /// Wraps a borrowed pointer; `None` for null.
    ///
    /// # Safety
    /// The pointer is null or points to an object that stays alive for `'a`, and the calling
    /// thread is attached for as long.
    pub unsafe fn new(pointer: *mut PyObject) -> Option<Ref<'a>> {
        Some(Ref {
            pointer: NonNull::new(pointer)?,
            life: PhantomData,
        })
    }

    /// The raw pointer.
    pub fn as_ptr(self) -> *mut PyObject {
        self.pointer.as_ptr()
    }

    /// The address: the object's identity as long as it lives.
    pub fn address(self) -> usize {
        self.as_ptr() as usize
    }

    /// The object's class.
    pub fn class(self) -> Ref<'a> {
        // SAFETY: a live object holds a reference to its type, which therefore outlives it.
        let class = unsafe { ffi::Py_TYPE(self.as_ptr()) };
        Ref {
            pointer: NonNull::new(class.cast()).unwrap_or(self.pointer),
            life: PhantomData,
        }
    }

    fn is_exactly(self, class: *mut ffi::PyTypeObject) -> bool {
        self.class().as_ptr() == class.cast()
    }

    /// The text of an exact `str`; `None` for anything else, and for lone surrogates.
    pub fn text(self) -> Option<&'a str> {
        if !self.is_exactly(&raw mut ffi::PyUnicode_Type) {
            return None;
        }
        let mut length: Py_ssize_t = 0;
        // SAFETY: an exact str; the UTF-8 form is cached inside the object and lives with it.
        let data = unsafe { ffi::PyUnicode_AsUTF8AndSize(self.as_ptr(), &mut length) };
        if data.is_null() {
            // SAFETY: attached; forgets the UnicodeEncodeError that a surrogate caused.
            unsafe { ffi::PyErr_Clear() };
            return None;
        }
        // SAFETY: CPython gives `length` bytes of valid UTF-8 at `data`.
        let bytes = unsafe { std::slice::from_raw_parts(data.cast::<u8>(), length as usize) };
        std::str::from_utf8(bytes).ok()
    }

    /// The content of an exact `bytes`.
    pub fn bytes(self) -> Option<&'a [u8]> {
        if !self.is_exactly(&raw mut ffi::PyBytes_Type) {
            return None;
        }
        // SAFETY: an exact bytes object; its buffer lives with it and never changes.
        unsafe {
            let length = ffi::PyBytes_Size(self.as_ptr()) as usize;
            let data = ffi::PyBytes_AsString(self.as_ptr());
            Some(std::slice::from_raw_parts(data.cast::<u8>(), length))
        }
    }

    /// The path that a `str` or `bytes` stands for, subclasses included: read from the object
    /// itself, whatever its class would say.
    pub fn path(self) -> Option<PathBuf> {
        // SAFETY: both checks read the flags of a live type; the accessors read the object's
        // own data. Encoding gives a new bytes object, or an error that is forgotten.
        unsafe {
            if ffi::PyBytes_Check(self.as_ptr()) != 0 {
                return Some(path_of_bytes(self.as_ptr()));
            }
            if ffi::PyUnicode_Check(self.as_ptr()) == 0 {
                return None;
            }
            let encoded = ffi::PyUnicode_EncodeFSDefault(self.as_ptr());
            if encoded.is_null() {
                ffi::PyErr_Clear();
                return None;
            }
            let path = path_of_bytes(encoded);
            ffi::Py_DECREF(encoded);
            Some(path)
        }
    }

    /// The value of an exact `int` that fits.
    pub fn integer(self) -> Option<i64> {
        if !self.is_exactly(&raw mut ffi::PyLong_Type) {
            return None;
        }
        let mut overflow = 0;
        // SAFETY: an exact int: no `__index__` is called.
        let value = unsafe { ffi::PyLong_AsLongLongAndOverflow(self.as_ptr(), &mut overflow) };
        (overflow == 0).then_some(value)
    }

    /// The value of an `int` that fits, subclasses included: read from the object itself.
    pub fn number(self) -> Option<i64> {
        if !self.is_integer() {
            return None;
        }
        let mut overflow = 0;
        // SAFETY: an int: its own digits are read, no `__index__` is called.
        let value = unsafe { ffi::PyLong_AsLongLongAndOverflow(self.as_ptr(), &mut overflow) };
        (overflow == 0).then_some(value)
    }

    /// `True` or `False`; no other object is a `bool`.
    pub fn boolean(self) -> Option<bool> {
        // SAFETY: the two objects are always there; only their addresses are compared.
        unsafe {
            match self.as_ptr() {
                object if object == ffi::Py_True() => Some(true),
                object if object == ffi::Py_False() => Some(false),
                _ => None,
            }
        }
    }

    /// Is it `None`?
    pub fn is_none(self) -> bool {
        // SAFETY: the object is always there; only its address is compared.
        self.as_ptr() == unsafe { ffi::Py_None() }
    }

    /// Characters of an exact `str`.
    pub fn text_length(self) -> Option<usize> {
        if !self.is_exactly(&raw mut ffi::PyUnicode_Type) {
            return None;
        }
        // SAFETY: an exact str; reads its field.
        usize::try_from(unsafe { ffi::PyUnicode_GetLength(self.as_ptr()) }).ok()
    }

    /// The characters of an exact `str`, lone surrogates included, read one by one.
    pub fn characters(self) -> Option<impl Iterator<Item = u32>> {
        let length = self.text_length()?;
        // SAFETY: an exact str, and a position in it.
        Some(
            (0..length)
                .map(move |at| unsafe { ffi::PyUnicode_ReadChar(self.as_ptr(), at as Py_ssize_t) }),
        )
    }

    /// An exact `float` as Python writes it.
    pub fn float_text(self) -> Option<String> {
        if !self.is_exactly(&raw mut ffi::PyFloat_Type) {
            return None;
        }
        // SAFETY: an exact float; the text is new memory, which is given back.
        unsafe {
            let number = ffi::PyFloat_AsDouble(self.as_ptr());
            let format = b'r' as c_char;
            let flags = ffi::Py_DTSF_ADD_DOT_0;
            let text = ffi::PyOS_double_to_string(number, format, 0, flags, ptr::null_mut());
            if text.is_null() {
                ffi::PyErr_Clear();
                return None;
            }
            let shown = c_text(text).to_owned();
            ffi::PyMem_Free(text.cast());
            Some(shown)
        }
    }

    /// [`text`](Self::text) of so many characters at most.
    pub fn text_within(self, longest: usize) -> Option<&'a str> {
        self.text_length()
            .filter(|length| *length <= longest)
            .and_then(|_| self.text())
    }

    /// The path that an exact `str` or `bytes` of at most this length stands for.
    pub fn exact_path_within(self, longest: usize) -> Option<PathBuf> {
        let length = self
            .text_length()
            .or_else(|| self.bytes().map(<[u8]>::len))?;
        (length <= longest).then(|| self.path())?
    }

    /// What a cell holds: the variable that functions share.
    pub fn cell_content(self) -> Option<Ref<'a>> {
        if !self.is_exactly(&raw mut ffi::PyCell_Type) {
            return None;
        }
        #[repr(C)]
        struct Cell {
            base: PyObject,
            content: *mut PyObject,
        }
        // SAFETY: an exact cell; its content is a strong reference or null
        // (Include/cpython/cellobject.h).
        unsafe { Ref::new((*self.as_ptr().cast::<Cell>()).content) }
    }

    /// The items of an exact list, as long as no Python runs.
    pub fn list_items(self) -> impl Iterator<Item = Ref<'a>> {
        let count = if self.is_exactly(&raw mut ffi::PyList_Type) {
            // SAFETY: an exact list.
            unsafe { ffi::PyList_Size(self.as_ptr()) }
        } else {
            0
        };
        (0..count).filter_map(move |index| {
            // SAFETY: within the list's size, which nothing changes while no Python runs.
            unsafe { Ref::new(ffi::PyList_GetItem(self.as_ptr(), index)) }
        })
    }

    /// The items of an exact tuple; empty for anything else.
    pub fn items(self) -> impl Iterator<Item = Ref<'a>> + Clone {
        let count = if self.is_exactly(&raw mut ffi::PyTuple_Type) {
            // SAFETY: an exact tuple.
            unsafe { ffi::PyTuple_GET_SIZE(self.as_ptr()) }
        } else {
            0
        };
        (0..count).filter_map(move |index| {
            // SAFETY: within the tuple's size; a tuple owns its items and never changes.
            unsafe { Ref::new(ffi::PyTuple_GET_ITEM(self.as_ptr(), index)) }
        })
    }

    /// The items of an exact list, set, frozenset or dictionary (keys and values), as a tuple
    /// that nobody else knows; `None` for anything else.
    pub fn contents(self) -> Option<Owned> {
        let is_sequence = [
            &raw mut ffi::PyList_Type,
            &raw mut ffi::PySet_Type,
            &raw mut ffi::PyFrozenSet_Type,
        ]
        .iter()
        .any(|class| self.is_exactly(*class));
        // SAFETY: attached; these classes are C's own and their iterators run no guest code. An
        // error (memory is short) is forgotten; the caller hears of nothing then.
        unsafe {
            let tuple = if is_sequence {
                ffi::PySequence_Tuple(self.as_ptr())
            } else if self.is_exactly(&raw mut ffi::PyDict_Type) {
                let pairs = Owned::new(ffi::PyDict_Items(self.as_ptr()))?;
                ffi::PySequence_Tuple(pairs.get().as_ptr())
            } else {
                return None;
            };
            if tuple.is_null() {
                ffi::PyErr_Clear();
            }
            Owned::new(tuple)
        }
    }

    /// Is it an `int` (subclasses included)?
    pub fn is_integer(self) -> bool {
        // SAFETY: reads the flags of a live type.
        unsafe { ffi::PyLong_Check(self.as_ptr()) != 0 }
    }

    /// Is it a class?
    pub fn is_class(self) -> bool {
        // SAFETY: reads the flags of a live type.
        unsafe { ffi::PyType_Check(self.as_ptr()) != 0 }
    }

    /// Is it a dictionary (subclasses included)?
    pub fn is_dict(self) -> bool {
        // SAFETY: as above.
        unsafe { ffi::PyDict_Check(self.as_ptr()) != 0 }
    }

    /// Is it a module (subclasses included)?
    pub fn is_module(self) -> bool {
        // SAFETY: as above.
        unsafe { ffi::PyModule_Check(self.as_ptr()) != 0 }
    }

    /// Is it a Python function (no subclass is possible)?
    pub fn is_function(self) -> bool {
        self.is_exactly(&raw mut ffi::PyFunction_Type)
    }

    /// Is it a code object?
    pub fn is_code(self) -> bool {
        self.is_exactly(&raw mut ffi::PyCode_Type)
    }

    /// A module's namespace.
    pub fn namespace(self) -> Option<Ref<'a>> {
        if !self.is_module() {
            return None;
        }
        // SAFETY: a module; its dict is borrowed from it and never replaced.
        unsafe { Ref::new(ffi::PyModule_GetDict(self.as_ptr())) }
    }

    /// What C calls a C module, whatever name it was imported by.
    pub fn native_module(self) -> Option<&'a str> {
        if !self.is_module() {
            return None;
        }
        // SAFETY: a module; its definition is static in C, and so is the name in it.
        unsafe {
            let definition = ffi::PyModule_GetDef(self.as_ptr());
            Some(c_text((*NonNull::new(definition)?.as_ptr()).m_name))
        }
    }

    /// A class's own namespace.
    pub fn class_namespace(self) -> Option<Ref<'a>> {
        if !self.is_class() {
            return None;
        }
        // SAFETY: a class. One that a C module defines may have no namespace before its first
        // use (`_socket.socket` of 3.11); making it ready runs C only, as CPython would then.
        // From 3.12 on static builtin classes keep their dict elsewhere and
        // PyType_GetDict gives a new reference to it; the class goes on holding its own, so
        // dropping ours leaves a valid borrow.
        unsafe {
            let unready = ffi::PyType_GetFlags(self.as_ptr().cast())
                & (ffi::Py_TPFLAGS_READY | ffi::Py_TPFLAGS_READYING)
                == 0;
            if unready && ffi::PyType_Ready(self.as_ptr().cast()) != 0 {
                ffi::PyErr_Clear();
                return None;
            }
            #[cfg(Py_3_12)]
            let dict = {
                let owned = PyType_GetDict(self.as_ptr().cast());
                ffi::Py_XDECREF(owned);
                owned
            };
            #[cfg(not(Py_3_12))]
            let dict = (*self.as_ptr().cast::<ffi::PyTypeObject>()).tp_dict;
            Ref::new(dict)
        }
    }

    /// `tp_name`: what C knows the class by (`builtins` classes have no dot in it).
    pub fn class_name(self) -> &'a str {
        if !self.is_class() {
            return "";
        }
        // SAFETY: a class's tp_name is a C string that lives as long as the class.
        unsafe { c_text((*self.as_ptr().cast::<ffi::PyTypeObject>()).tp_name) }
    }

    /// The documentation that C code gave a class, its signature first; empty for a class that
    /// may be the guest's.
    pub fn native_documentation(self) -> &'a str {
        // SAFETY: a class; its tp_doc is null or a C string that lives as long as the class.
        unsafe {
            let fixed = ffi::Py_TPFLAGS_IMMUTABLETYPE;
            if !self.is_class() || ffi::PyType_GetFlags(self.as_ptr().cast()) & fixed == 0 {
                return "";
            }
            c_text((*self.as_ptr().cast::<ffi::PyTypeObject>()).tp_doc)
        }
    }

    /// Was the class made by a class statement or `type()`?
    pub fn is_heap_class(self) -> bool {
        // SAFETY: reads the flags of a live type.
        self.is_class()
            && unsafe { ffi::PyType_GetFlags(self.as_ptr().cast()) & ffi::Py_TPFLAGS_HEAPTYPE != 0 }
    }

    /// The classes that a class inherits from, itself first.
    pub fn bases(self) -> impl Iterator<Item = Ref<'a>> + Clone {
        let mro = if self.is_class() {
            // SAFETY: a class; tp_mro is an exact tuple once the class is ready.
            unsafe { Ref::new((*self.as_ptr().cast::<ffi::PyTypeObject>()).tp_mro) }
        } else {
            None
        };
        mro.into_iter().flat_map(Ref::items)
    }

    /// Entries of a dictionary, in order. The dictionary must not change meanwhile, which it
    /// doesn't as long as the caller runs no Python.
    pub fn entries(self) -> Entries<'a> {
        Entries {
            dict: self.is_dict().then_some(self),
            position: 0,
        }
    }

    /// The value under a text key, found without comparing keys in Python.
    pub fn entry(self, key: &str) -> Option<Ref<'a>> {
        self.entries()
            .find(|(k, _)| k.text() == Some(key))
            .map(|(_, value)| value)
    }

    /// The definition behind a C function, a method of a C class, or a bound one.
    pub fn definition(self) -> Option<NonNull<PyMethodDef>> {
        let class = self.class().as_ptr().cast::<ffi::PyTypeObject>();
        // SAFETY: the layouts are told by exact class; PyCMethod_Type is a subtype whose
        // objects begin like PyCFunctionObject.
        unsafe {
            if class == &raw mut ffi::PyCFunction_Type
                || ffi::PyType_IsSubtype(class, &raw mut ffi::PyCFunction_Type) != 0
            {
                return NonNull::new((*self.as_ptr().cast::<ffi::PyCFunctionObject>()).m_ml);
            }
            if class == &raw mut ffi::PyMethodDescr_Type
                || class == &raw mut ffi::PyClassMethodDescr_Type
            {
                return NonNull::new((*self.as_ptr().cast::<ffi::PyMethodDescrObject>()).d_method);
            }
        }
        None
    }

    /// What a C function is bound to: its module, an instance or a class.
    pub fn bound_to(self) -> Option<Ref<'a>> {
        // SAFETY: m_self is a strong reference or null.
        unsafe {
            if ffi::PyCFunction_Check(self.as_ptr()) == 0 {
                return None;
            }
            Ref::new((*self.as_ptr().cast::<ffi::PyCFunctionObject>()).m_self)
        }
    }

    /// `__module__` of a C function, as text.
    pub fn c_module(self) -> Option<&'a str> {
        // SAFETY: m_module is a strong reference or null.
        unsafe {
            if ffi::PyCFunction_Check(self.as_ptr()) == 0 {
                return None;
            }
            let module = (*self.as_ptr().cast::<ffi::PyCFunctionObject>()).m_module;
            Ref::new(module)?.text()
        }
    }

    /// The class that a method descriptor belongs to.
    pub fn descriptor_class(self) -> Option<Ref<'a>> {
        self.definition()?;
        // SAFETY: definition() proved that it is a C function or a method descriptor.
        unsafe {
            if ffi::PyCFunction_Check(self.as_ptr()) != 0 {
                return None;
            }
            Ref::new(
                (*self.as_ptr().cast::<ffi::PyMethodDescrObject>())
                    .d_common
                    .d_type
                    .cast(),
            )
        }
    }

    /// The code of a Python function; through a bound method, too.
    pub fn function_code(self) -> Option<Ref<'a>> {
        // SAFETY: layouts told by exact class; a function owns its code, a method its function.
        unsafe {
            if self.is_function() {
                return Ref::new((*self.as_ptr().cast::<ffi::PyFunctionObject>()).func_code);
            }
            if self.is_exactly(&raw mut PyMethod_Type) {
                return Ref::new(PyMethod_Function(self.as_ptr()))?.function_code();
            }
        }
        None
    }

    /// The namespace in which a Python function looks up its globals.
    pub fn function_globals(self) -> Option<Ref<'a>> {
        if !self.is_function() {
            return None;
        }
        // SAFETY: a function owns its globals.
        unsafe { Ref::new((*self.as_ptr().cast::<ffi::PyFunctionObject>()).func_globals) }
    }

    /// What a `staticmethod`, `classmethod` or `property` object wraps, by CPython's layout:
    /// the wrapped callable is the first field of each.
    pub fn unwrapped(self) -> Option<Ref<'a>> {
        let class = self.class().as_ptr().cast::<ffi::PyTypeObject>();
        if class != &raw mut ffi::PyStaticMethod_Type && class != &raw mut ffi::PyClassMethod_Type {
            return None;
        }
        #[repr(C)]
        struct Wrapper {
            base: PyObject,
            callable: *mut PyObject,
        }
        // SAFETY: `staticmethod` and `classmethod` in Objects/funcobject.c begin like this.
        unsafe { Ref::new((*self.as_ptr().cast::<Wrapper>()).callable) }
    }

    /// Keeps the object alive for ever: for those whose address is a key.
    pub fn immortalise(self) -> Ref<'static> {
        // SAFETY: a reference that nobody gives back keeps the object alive for the process.
        unsafe { ffi::Py_INCREF(self.as_ptr()) };
        Ref {
            pointer: self.pointer,
            life: PhantomData,
        }
    }

    /// An attribute of an object whose class is immutable and C (a code object, a function):
    /// no guest code takes part. A new reference.
    pub fn plain_attribute(self, name: &CStr) -> Option<Owned> {
        // SAFETY: attached; the caller's contract on the class keeps guest code out.
        let value = unsafe { ffi::PyObject_GetAttrString(self.as_ptr(), name.as_ptr()) };
        match NonNull::new(value) {
            Some(pointer) => Some(Owned(pointer)),
            None => {
                // SAFETY: forgets the AttributeError.
                unsafe { ffi::PyErr_Clear() };
                None
            }
        }
    }
}

/// Where in a C function, and where in a method of a C class, the definition stands.
pub const DEFINITION_OFFSETS: [usize; 2] = [
    std::mem::offset_of!(ffi::PyCFunctionObject, m_ml),
    std::mem::offset_of!(ffi::PyMethodDescrObject, d_method),
];

/// The path that an object of class `bytes`, or of one that inherits from it, holds.
///
/// # Safety
/// Such an object, alive; attached.
unsafe fn path_of_bytes(object: *mut PyObject) -> PathBuf {
    // SAFETY: the caller's promise; the data is copied before anything else happens.
    let bytes = unsafe {
        let length = ffi::PyBytes_Size(object) as usize;
        let data = ffi::PyBytes_AsString(object).cast::<u8>();
        std::slice::from_raw_parts(data, length).to_vec()
    };
    PathBuf::from(OsString::from_vec(bytes))
}

/// An owned reference.
#[derive(Debug)]
pub struct Owned(NonNull<PyObject>);

impl Owned {
    /// Takes over a new reference; `None` for null.
    ///
    /// # Safety
    /// The pointer is null or a reference that the caller owns; attached.
    pub unsafe fn new(pointer: *mut PyObject) -> Option<Owned> {
        NonNull::new(pointer).map(Owned)
    }

    /// A new `bytes`; `None`: out of memory, with the exception set.
    pub fn bytes(content: &[u8]) -> Option<Owned> {
        let length = Py_ssize_t::try_from(content.len()).ok()?;
        // SAFETY: attached; the content is copied.
        unsafe {
            Owned::new(ffi::PyBytes_FromStringAndSize(
                content.as_ptr().cast(),
                length,
            ))
        }
    }

    /// Borrows it.
    pub fn get(&self) -> Ref<'_> {
        Ref {
            pointer: self.0,
            life: PhantomData,
        }
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        // SAFETY: we own one reference; values of this type are dropped while attached.
        unsafe { ffi::Py_DECREF(self.0.as_ptr()) }
    }
}

/// Iterator over a dictionary's entries.
#[derive(Clone, Debug)]
pub struct Entries<'a> {
    dict: Option<Ref<'a>>,
    position: Py_ssize_t,
}

impl<'a> Iterator for Entries<'a> {
    type Item = (Ref<'a>, Ref<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let dict = self.dict?;
        let (mut key, mut value) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: a dict; `position` is only ever what PyDict_Next made of it.
        unsafe {
            if ffi::PyDict_Next(dict.as_ptr(), &mut self.position, &mut key, &mut value) == 0 {
                return None;
            }
            Some((Ref::new(key)?, Ref::new(value)?))
        }
    }
}

/// Reads a C string that CPython keeps; invalid UTF-8 gives an empty text.
///
/// # Safety
/// Null, or a NUL-terminated string that lives for `'a`.
pub unsafe fn c_text<'a>(text: *const c_char) -> &'a str {
    if text.is_null() {
        return "";
    }
    // SAFETY: the caller's promise.
    unsafe { CStr::from_ptr(text) }.to_str().unwrap_or("")
}

unsafe extern "C" {
    /// The class of bound Python methods; not in pyo3-ffi.
    static mut PyMethod_Type: ffi::PyTypeObject;
    /// The function of a bound method, borrowed.
    fn PyMethod_Function(method: *mut PyObject) -> *mut PyObject;
}

#[cfg(Py_3_12)]
unsafe extern "C" {
    /// 3.12: a new reference to a class's namespace, wherever it is kept.
    fn PyType_GetDict(class: *mut ffi::PyTypeObject) -> *mut PyObject;
}

/// Shows a new reference to somebody before it goes on to its owner; null isn't shown.
pub fn with_result<R>(result: *mut PyObject, look: impl FnOnce(Ref<'_>) -> R) -> Option<R> {
    // SAFETY: a new reference or null, and it stays ours until we return.
    unsafe { Ref::new(result) }.map(look)
}

/// Drops a new reference that nobody is to get.
pub fn discard(result: *mut PyObject) {
    // SAFETY: a new reference or null, given up by the caller.
    drop(unsafe { Owned::new(result) });
}
