//! What C functions, methods and types are called, read without the GIL.
//!
//! Names are those that rules match: `builtins.pow`, `re.Pattern.match`,
//! `builtins.int.__pow__`. An object is taken for what its type says; every read may fail and
//! every text is cut, so a hostile object yields a wrong name at worst.
use std::mem::{offset_of, size_of};

use pyo3::ffi::{self, PyTypeObject};

use super::memory::ReadMemory;

/// Longest text that is read, in bytes of UTF-8.
pub const LONGEST_TEXT: usize = crate::protocol::record::MAX_NAME;

/// `Py_TPFLAGS_HEAPTYPE`: not a static type of C code.
const HEAP_TYPE: usize = 1 << 9;
/// `Py_TPFLAGS_LONG_SUBCLASS`.
const INTEGER: usize = 1 << 24;
/// `Py_TPFLAGS_UNICODE_SUBCLASS`.
const TEXT: usize = 1 << 28;
/// `Py_TPFLAGS_TYPE_SUBCLASS`.
const TYPE: usize = 1 << 31;

/// How many indirections are followed: base types, bound methods of bound methods.
const DEEPEST: usize = 32;

/// Addresses of the types that tell callables apart.
#[derive(Clone, Copy, Debug)]
struct CallableTypes {
    c_functions: [usize; 2],
    descriptors: [usize; 3],
    python_function: usize,
}

impl CallableTypes {
    fn new() -> CallableTypes {
        CallableTypes {
            c_functions: [
                (&raw const ffi::PyCFunction_Type).addr(),
                (&raw const ffi::PyCMethod_Type).addr(),
            ],
            descriptors: [
                (&raw const ffi::PyMethodDescr_Type).addr(),
                (&raw const ffi::PyClassMethodDescr_Type).addr(),
                (&raw const ffi::PyWrapperDescr_Type).addr(),
            ],
            python_function: (&raw const ffi::PyFunction_Type).addr(),
        }
    }
}

/// Reads names out of an interpreter.
pub struct Names<'a> {
    memory: &'a dyn ReadMemory,
    types: CallableTypes,
}

/// `PyMethodObject.im_func`, `wrapperobject.descr`: the first field after the header.
const FIRST_FIELD: usize = size_of::<ffi::PyObject>();
/// The second.
const SECOND_FIELD: usize = FIRST_FIELD + size_of::<usize>();

impl<'a> Names<'a> {
    /// For the interpreter in this memory.
    pub fn new(memory: &'a dyn ReadMemory) -> Names<'a> {
        Names {
            memory,
            types: CallableTypes::new(),
        }
    }

    /// Address of an object's type.
    pub fn type_of(&self, object: usize) -> Option<usize> {
        self.memory
            .pointer(field(object, offset_of!(ffi::PyObject, ob_type)))
    }

    fn flags(&self, type_object: usize) -> Option<usize> {
        self.memory
            .value(field(type_object, offset_of!(PyTypeObject, tp_flags)))
    }

    /// Is this object an integer?
    pub fn is_integer(&self, object: usize) -> bool {
        self.type_of(object)
            .and_then(|type_object| self.flags(type_object))
            .is_some_and(|flags| flags & INTEGER != 0)
    }

    /// Does this object's type have a `__contains__` of its own in C?
    pub fn has_contains(&self, object: usize) -> bool {
        let sequence = self.type_of(object).and_then(|type_object| {
            self.memory
                .pointer(field(type_object, offset_of!(PyTypeObject, tp_as_sequence)))
        });
        sequence.is_some_and(|sequence| {
            let slot = field(sequence, offset_of!(ffi::PySequenceMethods, sq_contains));
            self.memory.pointer(slot).is_some()
        })
    }

    /// Name of the C function that calling this object runs; `None` for Python functions.
    pub fn callable(&self, object: usize) -> Option<String> {
        self.callable_within(object, DEEPEST)
    }

    fn callable_within(&self, object: usize, deeper: usize) -> Option<String> {
        let deeper = deeper.checked_sub(1)?;
        let kind = self.type_of(object)?;
        if kind == self.types.python_function {
            return None;
        }
        if self.is_bound_method(kind) {
            let inner = self.memory.pointer(field(object, FIRST_FIELD))?;
            return self.callable_within(inner, deeper);
        }
        if self.types.c_functions.contains(&kind) {
            return self.c_function(object);
        }
        if self.types.descriptors.contains(&kind) {
            let owner = self
                .memory
                .pointer(field(object, offset_of!(ffi::PyDescrObject, d_type)))?;
            let name = self
                .memory
                .pointer(field(object, offset_of!(ffi::PyDescrObject, d_name)))?;
            return joined(&self.type_name(owner)?, &self.text(name)?);
        }
        if self.flags(kind)? & TYPE != 0 {
            return self.type_name(object);
        }
        // An instruction that has called may not have moved on: the result, which needn't be
        // callable, then stands where the callable was.
        self.memory
            .pointer(field(kind, offset_of!(PyTypeObject, tp_call)))?;
        joined(&self.type_name(kind)?, "__call__")
    }

    /// `PyCFunctionObject`: a function of a module, or a method bound to an object.
    fn c_function(&self, object: usize) -> Option<String> {
        let definition = self
            .memory
            .pointer(field(object, offset_of!(ffi::PyCFunctionObject, m_ml)))?;
        let name = self
            .memory
            .pointer(field(definition, offset_of!(ffi::PyMethodDef, ml_name)))?;
        let name = self.c_text(name)?;
        let module = field(object, offset_of!(ffi::PyCFunctionObject, m_module));
        if let Some(module) = self.memory.pointer(module).and_then(|text| self.text(text)) {
            return joined(&module, &name);
        }
        let owner = field(object, offset_of!(ffi::PyCFunctionObject, m_self));
        match self.memory.pointer(owner) {
            Some(owner) => joined(&self.owner_name(owner)?, &name),
            None => Some(name),
        }
    }

    /// Is it the type of bound Python methods, or of bound slots? Told by name: the
    /// latter isn't exported by 3.13.
    fn is_bound_method(&self, kind: usize) -> bool {
        self.type_name(kind)
            .is_some_and(|name| name == "builtins.method" || name == "builtins.method-wrapper")
    }

    /// The object that a bound C function is bound to.
    pub fn bound_to(&self, object: usize) -> Option<usize> {
        let kind = self.type_of(object)?;
        if self.types.c_functions.contains(&kind) {
            return self
                .memory
                .pointer(field(object, offset_of!(ffi::PyCFunctionObject, m_self)));
        }
        if self.is_bound_method(kind) {
            return self.memory.pointer(field(object, SECOND_FIELD));
        }
        None
    }

    /// Name of the type whose method an object is called with: the object itself for class
    /// methods, otherwise its type.
    fn owner_name(&self, object: usize) -> Option<String> {
        let kind = self.type_of(object)?;
        let is_type = self.flags(kind)? & TYPE != 0;
        self.type_name(if is_type { object } else { kind })
    }

    /// `builtins.int.__pow__`: this special method of this object's type.
    pub fn method(&self, object: usize, name: &str) -> Option<String> {
        joined(&self.type_name(self.type_of(object)?)?, name)
    }

    /// Dotted name of a type of C code; of the nearest such base if a Python class is asked
    /// for.
    fn type_name(&self, type_object: usize) -> Option<String> {
        let mut type_object = type_object;
        for _ in 0..DEEPEST {
            let name = field(type_object, offset_of!(PyTypeObject, tp_name));
            let name = self.c_text(self.memory.pointer(name)?)?;
            if name.contains('.') {
                return Some(name);
            }
            // `tp_name` of a Python class has no module; of a static type that has none,
            // the module is builtins (`type_module` of `Objects/typeobject.c`).
            if self.flags(type_object)? & HEAP_TYPE == 0 {
                return joined("builtins", &name);
            }
            type_object = self
                .memory
                .pointer(field(type_object, offset_of!(PyTypeObject, tp_base)))?;
        }
        None
    }

    /// A C string: up to its end or [`LONGEST_TEXT`].
    fn c_text(&self, address: usize) -> Option<String> {
        const PIECE: usize = 32;
        let mut bytes = reserved(LONGEST_TEXT)?;
        let mut address = address;
        while bytes.len() + PIECE <= LONGEST_TEXT {
            // Pieces end where aligned ones end, and so never reach into a page behind that
            // of the string's end.
            let mut piece = [0; PIECE];
            let piece = &mut piece[..PIECE - address % PIECE];
            if !self.memory.read(address, piece) {
                return None;
            }
            let end = piece.iter().position(|byte| *byte == 0);
            bytes.extend_from_slice(&piece[..end.unwrap_or(piece.len())]);
            if end.is_some() {
                break;
            }
            address = address.checked_add(piece.len())?;
        }
        String::from_utf8(bytes).ok()
    }

    /// A string object as UTF-8, cut to [`LONGEST_TEXT`].
    pub fn text(&self, object: usize) -> Option<String> {
        if self.flags(self.type_of(object)?)? & TEXT == 0 {
            return None;
        }
        let length: usize = self
            .memory
            .value(field(object, offset_of!(ffi::PyASCIIObject, length)))?;
        // `interned` (2 bits), `kind` (3 bits), `compact`, `ascii`.
        let state: u32 = self
            .memory
            .value(field(object, offset_of!(ffi::PyASCIIObject, state)))?;
        let kind = (state >> 2) & 7;
        let [compact, ascii] = [state & (1 << 5) != 0, state & (1 << 6) != 0];
        let data = if !compact {
            // An instance of a subclass keeps its characters elsewhere.
            self.memory
                .pointer(field(object, size_of::<ffi::PyCompactUnicodeObject>()))?
        } else if ascii {
            field(object, size_of::<ffi::PyASCIIObject>())
        } else {
            field(object, size_of::<ffi::PyCompactUnicodeObject>())
        };
        let length = length.min(LONGEST_TEXT);
        let mut text = String::from_utf8(reserved(LONGEST_TEXT)?).ok()?;
        let mut push = |character: u32| {
            // Surrogates stand for bytes that weren't UTF-8 (PEP 383).
            let character = char::from_u32(character).unwrap_or(char::REPLACEMENT_CHARACTER);
            if text.len() + character.len_utf8() <= LONGEST_TEXT {
                text.push(character);
            }
        };
        match kind {
            1 => self
                .memory
                .values::<u8>(data, length)?
                .iter()
                .for_each(|c| push((*c).into())),
            2 => self
                .memory
                .values::<u16>(data, length)?
                .iter()
                .for_each(|c| push((*c).into())),
            4 => self
                .memory
                .values::<u32>(data, length)?
                .iter()
                .for_each(|c| push(*c)),
            _ => return None,
        }
        Some(text)
    }
}

/// Address of a field; wraps where the object's address is nonsense, and isn't readable then.
fn field(object: usize, offset: usize) -> usize {
    object.wrapping_add(offset)
}

/// An empty buffer; `None` if memory is short (an allocation that fails would end the
/// process).
fn reserved(capacity: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(capacity).ok()?;
    Some(bytes)
}

/// `owner.name`.
fn joined(owner: &str, name: &str) -> Option<String> {
    let mut text = String::from_utf8(reserved(owner.len() + 1 + name.len())?).ok()?;
    text.push_str(owner);
    text.push('.');
    text.push_str(name);
    Some(text)
}
