//! Arguments of a call, as the rules' conditions see them.
//!
//! A condition is on a parameter, whichever way the call gives its argument. Where it stands
//! follows from CPython's own raw calling conventions, for Python functions from the frame at
//! its entry; a default counts as if it were given. What can't be found, or isn't an exact
//! builtin scalar, meets no condition: then the rule holds.
//!
//! What was judged is what is used. `str`, `bytes`, `int` and `bool` never change; tuples,
//! the interpreter's stack and the dictionary that CPython makes for a call's keywords are out
//! of the guest's reach until the function runs. A subclass of `str` may answer one thing now
//! and another later; so nothing is asked of objects of other classes.

use std::path::PathBuf;

use super::ffi::code::Code;
use super::ffi::method::{Call, Passing};
use super::ffi::object::{Owned, Ref};
use super::parameters::{Kind, Literal, Parameters};
use super::paths;
use super::stack::Caller;
use crate::rules::arguments::{ArgumentJudge, Value};

/// Longest text that a condition is asked about, in characters. What is longer is told by no
/// pattern that people write, and encoding it would cost the guest's memory.
const LONGEST_TEXT: usize = 64 * 1024;

/// Longest path that the kernel takes (`PATH_MAX`).
const LONGEST_PATH: usize = 4096;

/// Parameters that change what file a path names: a folder it starts from, a function that
/// opens another one.
const REDIRECTIONS: [&str; 4] = ["dir_fd", "src_dir_fd", "dst_dir_fd", "opener"];

/// How the arguments of one call can be reached.
#[derive(Clone, Copy, Debug)]
pub enum Given<'a> {
    /// Of a C function or class: what CPython passed, and the parameters if they are known.
    Native {
        /// What was passed.
        call: &'a Call,
        /// By which convention.
        passing: Passing,
        /// The parameters' names.
        parameters: Option<&'a Parameters>,
    },
    /// Of a Python function that was just entered.
    Frame(Caller),
    /// Of a C function that nobody guards: what lies on its caller's stack, with the names of
    /// the last ones.
    Stack(&'a [Ref<'a>], Option<Ref<'a>>),
    /// They can't be reached.
    Unknown,
}

/// What a parameter was given.
#[derive(Clone, Copy, Debug)]
pub enum Argument<'a> {
    /// An object.
    Object(Ref<'a>),
    /// Nothing: its default.
    Default(&'a Literal),
}

impl<'a> Given<'a> {
    /// What a parameter is given; `None` if that can't be told.
    pub fn find(&self, parameter: &str) -> Option<Argument<'a>> {
        match *self {
            Given::Native {
                call,
                passing,
                parameters,
            } => {
                // A key of another class may be equal to whatever it likes.
                if call.keywords().any(|(key, _)| key.text().is_none()) {
                    return None;
                }
                let parameters = parameters?;
                let by_keyword = || call.keyword(parameter).map(Argument::Object);
                let Some((position, found)) = parameters.find(parameter) else {
                    return by_keyword().filter(|_| parameters.takes_any_keyword());
                };
                let by_position = match found.kind {
                    Kind::Keyword => None,
                    _ => call.passed(passing, position).map(Argument::Object),
                };
                by_position
                    .or_else(|| by_keyword().filter(|_| found.kind != Kind::Positional))
                    .or_else(|| found.default.as_ref().map(Argument::Default))
            }
            Given::Frame(caller) => Signature::of(caller.code)?.argument(caller, parameter),
            Given::Stack(..) | Given::Unknown => None,
        }
    }

    /// Shows each argument, with its name if it has one, until `see` says `false`.
    pub fn each(&self, mut see: impl FnMut(Option<&str>, Ref<'_>) -> bool) {
        match *self {
            Given::Native { call, passing, .. } => {
                let positional = (0..).map_while(|index| call.passed(passing, index));
                let named = call
                    .keywords()
                    .map(|(key, value)| (Some(key.text().unwrap_or("?")), value));
                positional
                    .map(|value| (None, value))
                    .chain(named)
                    .all(|(name, value)| see(name, value));
            }
            Given::Frame(caller) => {
                if let Some(signature) = Signature::of(caller.code) {
                    signature.each(caller, see);
                }
            }
            Given::Stack(values, names) => {
                let names = names.into_iter().flat_map(Ref::items);
                let plain = values.len().saturating_sub(names.clone().count());
                let names = names.map(|name| Some(name.text().unwrap_or("?")));
                let names = std::iter::repeat_n(None, plain).chain(names);
                names.zip(values).all(|(name, value)| see(name, *value));
            }
            Given::Unknown => {}
        }
    }

    /// Does the call meet every one of these conditions?
    pub fn meets(&self, conditions: &[ArgumentJudge]) -> bool {
        conditions.iter().all(|condition| {
            let Some(argument) = self.find(&condition.parameter) else {
                return false;
            };
            let path = match condition.wants_path() && !self.is_redirected() {
                true => argument.path(),
                false => None,
            };
            condition.covers(argument.value(), path.as_deref())
        })
    }

    fn is_redirected(&self) -> bool {
        REDIRECTIONS.iter().any(|parameter| {
            matches!(self.find(parameter), Some(Argument::Object(object)) if !object.is_none())
        })
    }
}

impl<'a> Argument<'a> {
    /// Its value, as far as it can be read without asking anybody.
    pub fn value(self) -> Value<'a> {
        match self {
            Argument::Object(object) => {
                if let Some(truth) = object.boolean() {
                    return Value::Boolean(truth);
                }
                if let Some(number) = object.integer() {
                    return Value::Integer(number);
                }
                match object.text_within(LONGEST_TEXT) {
                    Some(text) => Value::Text(text),
                    None => Value::Opaque,
                }
            }
            Argument::Default(Literal::Text(text)) => Value::Text(text),
            Argument::Default(Literal::Integer(number)) => Value::Integer(*number),
            Argument::Default(Literal::Boolean(truth)) => Value::Boolean(*truth),
            Argument::Default(Literal::None) => Value::Opaque,
        }
    }

    /// The file that it names, where the kernel will look for it.
    fn path(self) -> Option<PathBuf> {
        let path = match self {
            Argument::Object(object) => object.exact_path_within(LONGEST_PATH)?,
            Argument::Default(Literal::Text(text)) => PathBuf::from(text),
            Argument::Default(_) => return None,
        };
        paths::resolve(&path)
    }
}

/// Where a Python function keeps its arguments: first the named ones, then those that are
/// left over.
struct Signature {
    /// `co_varnames`: the parameters come first.
    names: Owned,
    /// How many parameters have an argument of their own.
    named: usize,
    /// Is there a tuple of positional arguments that have no parameter? It comes next.
    has_rest: bool,
    /// Position of the dictionary of keywords that have no parameter.
    keywords: Option<usize>,
    /// `co_cellvars`: variables that inner functions share; their slots hold cells.
    cells: Option<Owned>,
}

impl Signature {
    fn of(code: Code<'_>) -> Option<Signature> {
        let (named, rest, keywords) = code.argument_counts()?;
        Some(Signature {
            names: code.variables()?,
            named,
            has_rest: rest,
            keywords: keywords.then(|| named + usize::from(rest)),
            cells: code.cells(),
        })
    }

    /// The value of a parameter, out of its cell if it is in one.
    fn value(&self, caller: Caller, position: usize, name: Ref<'_>) -> Option<Ref<'static>> {
        let slot = caller.local(position)?;
        let is_cell = self.cells.as_ref().is_some_and(|cells| {
            let mut cells = cells.get().items();
            cells.any(|cell| cell.text() == name.text())
        });
        match is_cell {
            true => slot.cell_content(),
            false => Some(slot),
        }
    }

    fn each(&self, caller: Caller, mut see: impl FnMut(Option<&str>, Ref<'_>) -> bool) {
        let named = self.names.get().items().take(self.named).enumerate();
        for (position, name) in named {
            if let Some(value) = self.value(caller, position, name)
                && !see(name.text(), value)
            {
                return;
            }
        }
        let rest = (self.has_rest).then(|| caller.local(self.named)).flatten();
        let rest = rest.into_iter().flat_map(Ref::items);
        let keywords = self.keywords.and_then(|position| caller.local(position));
        let keywords = keywords.into_iter().flat_map(Ref::entries);
        rest.map(|value| (None, value))
            .chain(keywords.map(|(key, value)| (Some(key.text().unwrap_or("?")), value)))
            .all(|(name, value)| see(name, value));
    }

    fn argument(&self, caller: Caller, parameter: &str) -> Option<Argument<'static>> {
        let is_it = |name: Ref<'_>| name.text() == Some(parameter);
        let mut named = self.names.get().items().take(self.named).enumerate();
        if let Some((position, name)) = named.find(|(_, name)| is_it(*name)) {
            return self.value(caller, position, name).map(Argument::Object);
        }
        let keywords = caller.local(self.keywords?)?;
        if keywords.entries().any(|(key, _)| key.text().is_none()) {
            return None;
        }
        keywords.entry(parameter).map(Argument::Object)
    }
}
