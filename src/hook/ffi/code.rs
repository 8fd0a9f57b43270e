//! Code objects, and what the hook knows of each.
//!
//! The knowledge is kept in the code object itself, in an extra field that CPython grants to
//! C code ("co_extra", PEP 523): it lives and dies with its code object, so an address that is
//! used again can't inherit another's trust, and a guest has no way to write it. A copy made
//! with `code.replace` has none and is therefore guest code.
#![allow(unsafe_code)] // co_extra is a C interface

use std::cell::{Cell, RefCell};
use std::ffi::{c_int, c_void};
use std::ptr;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicIsize, Ordering};

use pyo3::ffi::{self, Py_ssize_t};

use super::object::{Owned, Ref};
use crate::protocol::record::NameId;

/// Who stands behind a code object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Origin {
    /// The untrusted code.
    Guest,
    /// Trusted library code.
    Library,
}

/// What a code object is the body of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A function or lambda: entering it is a call.
    Function,
    /// A comprehension or generator expression.
    Comprehension,
    /// A module or other top-level code.
    Module,
    /// A class body.
    Class,
}

/// What the hook knows of one code object. All of it is used under the GIL only.
#[derive(Debug)]
pub struct CodeInfo {
    /// Who stands behind it.
    pub origin: Origin,
    /// What it is the body of.
    pub shape: Shape,
    /// `module.qualname`, fixed when the code was first met: the guest's later renamings
    /// don't change what rules say of it.
    pub name: String,
    /// The module that it belongs to, by where it came from.
    pub module: Arc<str>,
    /// Is it a function or constructor of a module that the guest may not import?
    pub is_entrance_of_denied_module: bool,
    /// Function rules on it, each with the name by which the rule knows it.
    pub rules: RefCell<Vec<Attached>>,
    /// Function rules that count the steps of this code: those on it, and on code around it.
    pub step_rules: RefCell<Vec<Attached>>,
    /// The text of the file it was compiled from, if known.
    pub source: Option<Rc<SourceText>>,
    /// The `[[lines]]` rules that match each line, asked once.
    pub lines: RefCell<Vec<(u32, Rc<[usize]>)>>,
    /// Interned names: file, qualified name, subject.
    pub labels: Cell<Option<Labels>>,
    /// Has the engine set its events on it?
    #[cfg_attr(not(Py_3_12), allow(dead_code, reason = "3.11 traces all code alike"))]
    pub watched: Cell<bool>,
    /// Does it hold an instruction that jumps to itself, which the engine must look for?
    #[cfg_attr(
        Py_3_12,
        allow(dead_code, reason = "there are events that tell of jumps")
    )]
    pub jumps_to_itself: Cell<bool>,
}

/// A function rule on a callee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attached {
    /// Position in [`RuleSet::functions`](crate::rules::RuleSet::functions).
    pub rule: usize,
    /// The name that the rule matched.
    pub subject: Arc<str>,
}

/// Interned names of a code object.
#[derive(Clone, Copy, Debug)]
pub struct Labels {
    /// File name.
    pub file: NameId,
    /// Qualified name.
    pub function: NameId,
    /// `module.qualname`.
    pub subject: NameId,
}

/// The text of a source file, by lines.
#[derive(Debug)]
pub struct SourceText {
    /// Its lines without their ends; line 1 first.
    pub lines: Vec<String>,
}

impl SourceText {
    /// Splits a text. The mark that some editors put at its beginning is no part of it.
    pub fn new(text: &str) -> SourceText {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        SourceText {
            lines: text.lines().map(str::to_owned).collect(),
        }
    }

    /// A line, from 1.
    pub fn line(&self, number: u32) -> Option<&str> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        self.lines.get(index).map(String::as_str)
    }
}

/// A part of a source text: lines from 1, columns in bytes of UTF-8, the last one exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Its first line.
    pub line: u32,
    /// Where it begins in that.
    pub start: u32,
    /// Its last line.
    pub end_line: u32,
    /// Where it ends in that.
    pub end: u32,
}

unsafe extern "C" {
    /// Line and column of an instruction (cpython/code.h); not in pyo3-ffi.
    fn PyCode_Addr2Location(
        code: *mut ffi::PyCodeObject,
        offset: c_int,
        line: *mut c_int,
        column: *mut c_int,
        end_line: *mut c_int,
        end_column: *mut c_int,
    ) -> c_int;
}

/// A borrowed code object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code<'a>(Ref<'a>);

static INDEX: AtomicIsize = AtomicIsize::new(-1);

unsafe extern "C" fn forget(info: *mut c_void) {
    if !info.is_null() {
        // SAFETY: CPython calls this once per code object that has the extra field, with the
        // pointer that `Code::learn` made from a Box.
        drop(unsafe { Box::from_raw(info.cast::<CodeInfo>()) });
    }
}

/// Where in a [`CodeInfo`] its origin stands, for readers without the GIL.
pub const ORIGIN_OFFSET: usize = std::mem::offset_of!(CodeInfo, origin);

/// Position of the hook's field among a code object's extra fields.
pub fn extra_index() -> Option<usize> {
    usize::try_from(INDEX.load(Ordering::Relaxed)).ok()
}

/// Asks CPython for the extra field. `false`: there is none to be had.
pub fn prepare() -> bool {
    // SAFETY: attached; `forget` fits the signature.
    let index = unsafe { ffi::PyUnstable_Eval_RequestCodeExtraIndex(forget) };
    INDEX.store(index as isize, Ordering::Relaxed);
    index >= 0
}

impl<'a> Code<'a> {
    /// Takes a reference to a code object; `None` for anything else.
    pub fn new(object: Ref<'a>) -> Option<Code<'a>> {
        object.is_code().then_some(Code(object))
    }

    /// The object.
    #[cfg(Py_3_12)]
    pub fn object(self) -> Ref<'a> {
        self.0
    }

    /// What the hook knows of it.
    #[inline]
    pub fn info(self) -> Option<&'a CodeInfo> {
        let mut extra: *mut c_void = ptr::null_mut();
        let index = INDEX.load(Ordering::Relaxed) as Py_ssize_t;
        // SAFETY: a code object; the field holds null or the Box of `learn`, which lives as
        // long as the code object, and so for 'a: it is never replaced.
        unsafe {
            if ffi::PyUnstable_Code_GetExtra(self.0.as_ptr(), index, &mut extra) != 0 {
                ffi::PyErr_Clear();
                return None;
            }
            extra.cast::<CodeInfo>().as_ref()
        }
    }

    /// Stores what the hook knows of it, once: what is known already stays.
    pub fn learn(self, info: CodeInfo) -> Option<&'a CodeInfo> {
        if let Some(known) = self.info() {
            return Some(known);
        }
        let index = INDEX.load(Ordering::Relaxed) as Py_ssize_t;
        let info = Box::into_raw(Box::new(info));
        // SAFETY: a code object and our own index; on failure the Box is still ours.
        unsafe {
            if ffi::PyUnstable_Code_SetExtra(self.0.as_ptr(), index, info.cast()) != 0 {
                ffi::PyErr_Clear();
                drop(Box::from_raw(info));
                return None;
            }
        }
        self.info()
    }

    /// `co_flags`.
    pub fn flags(self) -> i64 {
        self.0
            .plain_attribute(c"co_flags")
            .and_then(|v| v.get().integer())
            .unwrap_or(0)
    }

    /// `co_name`, `co_qualname` or `co_filename`.
    pub fn text(self, attribute: &std::ffi::CStr) -> String {
        self.0
            .plain_attribute(attribute)
            .and_then(|value| value.get().text().map(str::to_owned))
            .unwrap_or_default()
    }

    /// Names that the code looks up: globals and attributes.
    pub fn names(self) -> Option<Owned> {
        self.0.plain_attribute(c"co_names")
    }

    /// Does the code itself name this function (design: `called_from`)? In the code of a class
    /// a private name is mangled, `__name` to `_Class__name`.
    pub fn mentions(self, name: &str) -> bool {
        let is_private = name.starts_with("__") && !name.ends_with("__");
        let is_name = |found: &str| {
            found == name || (is_private && found.starts_with('_') && found.ends_with(name))
        };
        self.names()
            .is_some_and(|names| names.get().items().any(|n| n.text().is_some_and(is_name)))
    }

    /// Do both consist of the same instructions on the same constants and names? Constants and
    /// names are compared by identity.
    pub fn does_the_same(self, other: Code<'_>) -> bool {
        let (Some(mine), Some(others)) = (self.bytecode(), other.bytecode()) else {
            return false;
        };
        let same_items = |mine: Option<Owned>, others: Option<Owned>| {
            let (Some(mine), Some(others)) = (mine, others) else {
                return false;
            };
            let addresses =
                |tuple: &Owned| -> Vec<usize> { tuple.get().items().map(Ref::address).collect() };
            addresses(&mine) == addresses(&others)
        };
        mine.get().bytes() == others.get().bytes()
            && same_items(self.constants(), other.constants())
            && same_items(self.names(), other.names())
    }

    /// How many parameters have an argument of their own (keyword-only ones included), and
    /// whether there are `*args` and `**kwargs`.
    pub fn argument_counts(self) -> Option<(usize, bool, bool)> {
        let count = |name: &std::ffi::CStr| {
            let value = self.0.plain_attribute(name)?;
            usize::try_from(value.get().integer()?).ok()
        };
        let named = count(c"co_argcount")? + count(c"co_kwonlyargcount")?;
        let flags = self.flags();
        let has = |flag: c_int| flags & i64::from(flag) != 0;
        Some((named, has(ffi::CO_VARARGS), has(ffi::CO_VARKEYWORDS)))
    }

    /// `co_varnames`: parameters first, then other local variables.
    pub fn variables(self) -> Option<Owned> {
        self.0.plain_attribute(c"co_varnames")
    }

    /// `co_cellvars`: local variables that inner functions share.
    pub fn cells(self) -> Option<Owned> {
        self.0.plain_attribute(c"co_cellvars")
    }

    /// Constants; nested code objects are among them.
    pub fn constants(self) -> Option<Owned> {
        self.0.plain_attribute(c"co_consts")
    }

    /// The bytecode, specialisation undone.
    pub fn bytecode(self) -> Option<Owned> {
        self.0.plain_attribute(c"co_code")
    }

    /// Does calling it make a generator or a coroutine, of any kind?
    pub fn is_generator(self) -> bool {
        let kinds = ffi::CO_GENERATOR | ffi::CO_COROUTINE | ffi::CO_ASYNC_GENERATOR;
        self.flags() & i64::from(kinds) != 0
    }

    /// What it is the body of, by its flags: top-level code isn't optimised and makes no
    /// locals of its own, a class body makes none either but is entered through a function;
    /// a comprehension takes one argument called `.0`, which no source text can spell.
    pub fn shape(self) -> Shape {
        let flags = self.flags();
        let optimised = flags & i64::from(ffi::CO_OPTIMIZED) != 0;
        if !optimised {
            let name = self.text(c"co_name");
            return if name == "<module>" || name == "<string>" {
                Shape::Module
            } else {
                Shape::Class
            };
        }
        let hidden_argument = self
            .0
            .plain_attribute(c"co_varnames")
            .is_some_and(|names| names.get().items().next().and_then(Ref::text) == Some(".0"));
        if hidden_argument {
            Shape::Comprehension
        } else {
            Shape::Function
        }
    }

    /// What of the source the instruction at a byte offset was compiled from.
    pub fn span_at(self, offset: i32) -> Option<Span> {
        let (mut line, mut start, mut end_line, mut end) = (-1, -1, -1, -1);
        // SAFETY: a code object; CPython checks the offset and fills the numbers.
        let found = unsafe {
            PyCode_Addr2Location(
                self.0.as_ptr().cast(),
                offset,
                &mut line,
                &mut start,
                &mut end_line,
                &mut end,
            )
        };
        let known = |number: i32| u32::try_from(number).ok();
        (found != 0).then_some(())?;
        Some(Span {
            line: known(line)?,
            start: known(start)?,
            end_line: known(end_line)?,
            end: known(end)?,
        })
    }

    /// The line that the instruction at a byte offset belongs to; `None` for one without.
    pub fn line_at(self, offset: i32) -> Option<u32> {
        // SAFETY: a code object; CPython checks the offset.
        let line = unsafe { ffi::PyCode_Addr2Line(self.0.as_ptr().cast(), offset) };
        u32::try_from(line).ok()
    }
}
