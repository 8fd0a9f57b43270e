//! C functions: their definitions, and calls of them.
#![allow(unsafe_code)] // reads and patches PyMethodDef, passes raw arguments on

use std::collections::HashMap;
use std::ptr::{self, NonNull};
use std::sync::{Mutex, OnceLock};

use pyo3::ffi::{self, Py_ssize_t, PyMethodDef, PyMethodDefPointer, PyObject};

use super::object::{Ref, c_text};
use super::process;
use super::trampolines::Signature;

/// The raw arguments of a call, in one of CPython's five conventions. They are borrowed
/// from the caller for as long as the call lasts.
#[derive(Clone, Copy, Debug)]
pub enum Arguments {
    /// `METH_NOARGS`, `METH_O`, `METH_VARARGS`.
    Plain {
        this: *mut PyObject,
        argument: *mut PyObject,
    },
    /// `METH_VARARGS | METH_KEYWORDS`.
    Keywords {
        this: *mut PyObject,
        tuple: *mut PyObject,
        dict: *mut PyObject,
    },
    /// `METH_FASTCALL`.
    Fast {
        this: *mut PyObject,
        values: *mut *mut PyObject,
        count: Py_ssize_t,
    },
    /// `METH_FASTCALL | METH_KEYWORDS`.
    FastKeywords {
        this: *mut PyObject,
        values: *const *mut PyObject,
        count: Py_ssize_t,
        names: *mut PyObject,
    },
    /// `METH_METHOD | METH_FASTCALL | METH_KEYWORDS`.
    Method {
        this: *mut PyObject,
        class: *mut ffi::PyTypeObject,
        values: *const *mut PyObject,
        count: Py_ssize_t,
        names: *mut PyObject,
    },
}

/// What the two raw values of [`Arguments::Plain`] are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passing {
    /// `METH_NOARGS`: there is no argument.
    Nothing,
    /// `METH_O`: the argument itself.
    Single,
    /// A tuple; and all other conventions.
    Many,
}

/// One call of a guarded function.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// What CPython passed.
    pub arguments: Arguments,
}

impl Call {
    /// A positional argument of a function that isn't `METH_O`.
    pub fn positional(&self, index: usize) -> Option<Ref<'_>> {
        // SAFETY: the arguments are alive for the call; `index` is checked against the count,
        // which for vectorcall conventions leaves out keyword values.
        unsafe {
            match self.arguments {
                Arguments::Plain {
                    argument: tuple, ..
                }
                | Arguments::Keywords { tuple, .. } => Ref::new(tuple)?.items().nth(index),
                Arguments::Fast { values, count, .. } => {
                    if index >= usize::try_from(count).ok()? {
                        return None;
                    }
                    Ref::new(*values.add(index))
                }
                Arguments::FastKeywords { values, count, .. }
                | Arguments::Method { values, count, .. } => {
                    if index >= usize::try_from(count).ok()? {
                        return None;
                    }
                    Ref::new(*values.add(index))
                }
            }
        }
    }

    /// The only argument of a `METH_O` function.
    pub fn single(&self) -> Option<Ref<'_>> {
        match self.arguments {
            // SAFETY: alive for the call.
            Arguments::Plain { argument, .. } => unsafe { Ref::new(argument) },
            _ => self.positional(0),
        }
    }

    /// A positional argument of any function.
    pub fn passed(&self, passing: Passing, index: usize) -> Option<Ref<'_>> {
        match passing {
            Passing::Nothing => None,
            Passing::Single => self.single().filter(|_| index == 0),
            Passing::Many => self.positional(index),
        }
    }

    /// How many arguments were given by position, of any function whose arguments aren't
    /// [`Passing::Single`].
    pub fn count(&self) -> usize {
        match self.arguments {
            Arguments::Plain {
                argument: tuple, ..
            }
            | Arguments::Keywords { tuple, .. } => {
                // SAFETY: alive for the call.
                unsafe { Ref::new(tuple) }.map_or(0, |tuple| tuple.items().count())
            }
            Arguments::Fast { count, .. }
            | Arguments::FastKeywords { count, .. }
            | Arguments::Method { count, .. } => usize::try_from(count).unwrap_or(0),
        }
    }

    /// The arguments given by name.
    pub fn keywords(&self) -> impl Iterator<Item = (Ref<'_>, Ref<'_>)> {
        let (dict, named) = match self.arguments {
            // SAFETY: alive for the call.
            Arguments::Keywords { dict, .. } => (unsafe { Ref::new(dict) }, None),
            Arguments::FastKeywords {
                values,
                count,
                names,
                ..
            }
            | Arguments::Method {
                values,
                count,
                names,
                ..
            } => {
                let first = usize::try_from(count).unwrap_or(0);
                // SAFETY: alive for the call; the values of keywords follow the positional
                // ones, one for each name.
                let value = move |index| unsafe { Ref::new(*values.add(first + index)) };
                // SAFETY: alive for the call.
                let names = unsafe { Ref::new(names) };
                let named = names.map(|names| {
                    let pairs = names.items().enumerate();
                    pairs.filter_map(move |(index, name)| Some((name, value(index)?)))
                });
                (None, named)
            }
            Arguments::Plain { .. } | Arguments::Fast { .. } => (None, None),
        };
        let entries = dict.into_iter().flat_map(Ref::entries);
        entries.chain(named.into_iter().flatten())
    }

    /// A keyword argument.
    pub fn keyword(&self, name: &str) -> Option<Ref<'_>> {
        self.keywords()
            .find(|(key, _)| key.text() == Some(name))
            .map(|(_, value)| value)
    }

    /// Was any argument given by name?
    pub fn has_keywords(&self) -> bool {
        match self.arguments {
            Arguments::Plain { .. } | Arguments::Fast { .. } => false,
            Arguments::Keywords { dict, .. } => !dict.is_null(),
            Arguments::FastKeywords { names, .. } | Arguments::Method { names, .. } => {
                !names.is_null()
            }
        }
    }

    /// The object whose method is called; the module, for a function.
    pub fn this(&self) -> Option<Ref<'_>> {
        let (Arguments::Plain { this, .. }
        | Arguments::Keywords { this, .. }
        | Arguments::Fast { this, .. }
        | Arguments::FastKeywords { this, .. }
        | Arguments::Method { this, .. }) = self.arguments;
        // SAFETY: alive for the call, or null.
        unsafe { Ref::new(this) }
    }

    /// An argument that may be given either way.
    pub fn argument(&self, index: usize, name: &str) -> Option<Ref<'_>> {
        self.positional(index).or_else(|| self.keyword(name))
    }
}

/// The implementation that a guard stands before.
#[derive(Clone, Copy, Debug)]
pub struct Original {
    function: Function,
    name: &'static str,
    documentation: &'static str,
    passing: Passing,
}

#[derive(Clone, Copy, Debug)]
enum Function {
    Plain(ffi::PyCFunction),
    Keywords(ffi::PyCFunctionWithKeywords),
    Fast(ffi::PyCFunctionFast),
    FastKeywords(ffi::PyCFunctionFastWithKeywords),
    Method(ffi::PyCMethod),
}

impl Original {
    /// Reads a definition; `None` for a calling convention that isn't known.
    pub fn of(definition: NonNull<PyMethodDef>) -> Option<Original> {
        // SAFETY: a definition that a live function object refers to; which member of the
        // union is set follows from its flags. Definitions are static in C, or at least as
        // long-lived as the objects made from them, so the name is, too.
        unsafe {
            let definition = definition.as_ref();
            let pointer = definition.ml_meth;
            let function = match Signature::of(definition.ml_flags)? {
                Signature::Plain => Function::Plain(pointer.PyCFunction),
                Signature::Keywords => Function::Keywords(pointer.PyCFunctionWithKeywords),
                Signature::Fast => Function::Fast(pointer.PyCFunctionFast),
                Signature::FastKeywords => {
                    Function::FastKeywords(pointer.PyCFunctionFastWithKeywords)
                }
                Signature::Method => Function::Method(pointer.PyCMethod),
            };
            Some(Original {
                function,
                name: c_text(definition.ml_name),
                documentation: c_text(definition.ml_doc),
                passing: match definition.ml_flags {
                    flags if flags & ffi::METH_NOARGS != 0 => Passing::Nothing,
                    flags if flags & ffi::METH_O != 0 => Passing::Single,
                    _ => Passing::Many,
                },
            })
        }
    }

    /// Its calling convention.
    pub fn signature(&self) -> Signature {
        match self.function {
            Function::Plain(_) => Signature::Plain,
            Function::Keywords(_) => Signature::Keywords,
            Function::Fast(_) => Signature::Fast,
            Function::FastKeywords(_) => Signature::FastKeywords,
            Function::Method(_) => Signature::Method,
        }
    }

    /// `ml_doc`: its signature, if it states one, and its documentation.
    pub fn documentation(&self) -> &'static str {
        self.documentation
    }

    /// How the arguments of [`Arguments::Plain`] are passed.
    pub fn passing(&self) -> Passing {
        self.passing
    }

    /// `ml_name`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Runs the implementation: a new reference, or null with an exception set.
    pub fn call(&self, call: &Call) -> *mut PyObject {
        self.call_with(call, call.arguments)
    }

    /// Runs it with its first positional argument replaced by another.
    pub fn call_with_first(&self, call: &Call, first: Ref<'_>) -> *mut PyObject {
        match call.arguments {
            Arguments::Plain {
                this,
                argument: tuple,
            } => match replaced_first(tuple, first) {
                Some(tuple) => self.call_with(
                    call,
                    Arguments::Plain {
                        this,
                        argument: tuple.get().as_ptr(),
                    },
                ),
                None => ptr::null_mut(),
            },
            Arguments::Keywords { this, tuple, dict } => match replaced_first(tuple, first) {
                Some(tuple) => self.call_with(
                    call,
                    Arguments::Keywords {
                        this,
                        tuple: tuple.get().as_ptr(),
                        dict,
                    },
                ),
                None => ptr::null_mut(),
            },
            Arguments::Fast {
                this,
                values,
                count,
            } => {
                let mut copy = copied(values.cast_const(), count, ptr::null_mut(), first);
                let values = copy.as_mut_ptr();
                let arguments = Arguments::Fast {
                    this,
                    values,
                    count,
                };
                self.call_with(call, arguments)
            }
            Arguments::FastKeywords {
                this,
                values,
                count,
                names,
            } => {
                let copy = copied(values, count, names, first);
                let values = copy.as_ptr();
                let arguments = Arguments::FastKeywords {
                    this,
                    values,
                    count,
                    names,
                };
                self.call_with(call, arguments)
            }
            Arguments::Method {
                this,
                class,
                values,
                count,
                names,
            } => {
                let copy = copied(values, count, names, first);
                let values = copy.as_ptr();
                let arguments = Arguments::Method {
                    this,
                    class,
                    values,
                    count,
                    names,
                };
                self.call_with(call, arguments)
            }
        }
    }

    fn call_with(&self, _original: &Call, arguments: Arguments) -> *mut PyObject {
        // SAFETY: the arguments came in by the same convention that the implementation has:
        // a trampoline takes the place of an implementation of its own signature only.
        unsafe {
            match (self.function, arguments) {
                (Function::Plain(f), Arguments::Plain { this, argument }) => f(this, argument),
                (Function::Keywords(f), Arguments::Keywords { this, tuple, dict }) => {
                    f(this, tuple, dict)
                }
                (
                    Function::Fast(f),
                    Arguments::Fast {
                        this,
                        values,
                        count,
                    },
                ) => f(this, values, count),
                (
                    Function::FastKeywords(f),
                    Arguments::FastKeywords {
                        this,
                        values,
                        count,
                        names,
                    },
                ) => f(this, values, count, names),
                (
                    Function::Method(f),
                    Arguments::Method {
                        this,
                        class,
                        values,
                        count,
                        names,
                    },
                ) => f(this, class, values, count, names),
                _ => process::abandon("a guard was called by another function's convention"),
            }
        }
    }
}

/// A copy of the values of a vectorcall, those of keywords included, with another first one.
fn copied(
    values: *const *mut PyObject,
    count: Py_ssize_t,
    names: *mut PyObject,
    first: Ref<'_>,
) -> Vec<*mut PyObject> {
    let positional = usize::try_from(count).unwrap_or(0);
    // SAFETY: alive for the call; one value for each positional argument and each name.
    let mut copy = unsafe {
        let keywords = Ref::new(names).map_or(0, |names| names.items().count());
        match positional + keywords {
            0 => Vec::new(),
            all => std::slice::from_raw_parts(values, all).to_vec(),
        }
    };
    if let Some(value) = copy.get_mut(..positional).and_then(<[_]>::first_mut) {
        *value = first.as_ptr();
    }
    copy
}

/// A copy of a tuple with another first item. `None`: no such tuple, or out of memory (then
/// the exception is set).
fn replaced_first(tuple: *mut PyObject, first: Ref<'_>) -> Option<super::object::Owned> {
    // SAFETY: an exact tuple of arguments; the slice is a new tuple that nobody else has seen,
    // so its item may be set; the reference put in is ours to give, the old one to drop.
    unsafe {
        let size = ffi::PyTuple_GET_SIZE(tuple);
        let copy = ffi::PyTuple_New(size);
        if copy.is_null() {
            return None;
        }
        for index in 0..size {
            let item = if index == 0 {
                first.as_ptr()
            } else {
                ffi::PyTuple_GET_ITEM(tuple, index)
            };
            ffi::Py_INCREF(item);
            ffi::PyTuple_SET_ITEM(copy, index, item);
        }
        super::object::Owned::new(copy)
    }
}

static PATCHED: OnceLock<Mutex<HashMap<usize, (Signature, usize)>>> = OnceLock::new();

fn patched() -> std::sync::MutexGuard<'static, HashMap<usize, (Signature, usize)>> {
    PATCHED
        .get_or_init(Mutex::default)
        .try_lock()
        .unwrap_or_else(|_| process::abandon("the list of guards was entered twice"))
}

/// Signature and slot of the guard on a definition, if there is one.
pub fn guarded_slot(definition: NonNull<PyMethodDef>) -> Option<(Signature, usize)> {
    patched().get(&(definition.as_ptr() as usize)).copied()
}

/// Puts the trampoline of a slot into a definition.
pub fn patch(definition: NonNull<PyMethodDef>, signature: Signature, slot: usize) {
    let Some(trampoline) = signature.trampoline(slot) else {
        return;
    };
    make_writable(definition);
    // SAFETY: the definition is writable now; a pointer-sized aligned store which other
    // threads of the interpreter can't race, since they need the GIL to call through it.
    unsafe {
        let field: *mut PyMethodDefPointer = &raw mut (*definition.as_ptr()).ml_meth;
        field.write(trampoline);
    }
    patched().insert(definition.as_ptr() as usize, (signature, slot));
}

/// Definitions that a module declared `const` lie in memory that is read-only after loading.
fn make_writable(definition: NonNull<PyMethodDef>) {
    let page = rustix::param::page_size();
    let start = definition.as_ptr() as usize & !(page - 1);
    let end = definition.as_ptr() as usize + size_of::<PyMethodDef>();
    // SAFETY: the range holds the definition, so it is mapped; it is data of a library, which
    // is never executable, so no protection is lost but that against writing.
    unsafe {
        libc::mprotect(
            start as *mut _,
            end - start,
            libc::PROT_READ | libc::PROT_WRITE,
        );
    }
}

/// A value that was leaked on purpose.
pub fn leaked<T>(pointer: *mut T) -> Option<&'static T> {
    // SAFETY: callers pass null or what Box::leak gave; such a value is never freed, and
    // never changed other than through its own cells.
    unsafe { pointer.as_ref() }
}

/// `ml_name` of a definition.
pub fn definition_name<'a>(definition: NonNull<PyMethodDef>) -> &'a str {
    // SAFETY: a definition that a live function refers to; its name is as long-lived as itself.
    unsafe { c_text(definition.as_ref().ml_name) }
}
