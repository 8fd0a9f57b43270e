//! `sys.monitoring` from native code. CPython has no C interface to register callbacks, so
//! the Python functions are called, and the callbacks are native callables.
#![allow(unsafe_code)] // callbacks and raw calls

use std::ffi::CStr;
use std::ops::BitOr;
use std::sync::OnceLock;

use pyo3::ffi::{self, Py_ssize_t, PyObject};

use super::callable;
use super::code::Code;
use super::method::{Arguments, Call, Original};
use super::object::{Owned, Ref};
use crate::hook::audit::quietly;
use crate::hook::engine::EngineError;
use crate::hook::engine::monitoring::{self, Answer};

/// A set of events; the bits are those of `sys.monitoring.events`. 3.14 split branches in two,
/// and moved all that comes behind them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Events(i64);

impl Events {
    pub const NONE: Events = Events(0);
    pub const PY_START: Events = Events(1);
    pub const PY_RESUME: Events = Events(2);
    pub const PY_RETURN: Events = Events(4);
    pub const CALL: Events = Events(16);
    pub const LINE: Events = Events(32);
    pub const JUMP: Events = Events(128);
    pub const BRANCH_LEFT: Events = Events(256);
    pub const BRANCH_RIGHT: Events = Events(if cfg!(Py_3_14) { 512 } else { 256 });
    pub const RAISE: Events = Events(if cfg!(Py_3_14) { 2048 } else { 1024 });
}

impl BitOr for Events {
    type Output = Events;

    fn bitor(self, other: Events) -> Events {
        Events(self.0 | other.0)
    }
}

/// The callbacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callback {
    Start,
    Resume,
    Line,
    Jump,
    Branch,
    Call,
    Return,
    Raise,
}

/// The id under which the hook is registered. Debuggers, coverage and profilers have ids 0 to
/// 2 by convention, 5 is the optimizer's; 3 and 4 are free, and CPython's tests use 3.
const TOOL_ID: i64 = 4;

/// One of sys.monitoring's functions, as it was before it was guarded.
struct Function {
    original: Original,
    module: *mut PyObject,
}

/// The hook's registration.
pub struct Tool {
    set_events: Function,
    set_local_events: Function,
    restart_events: Function,
    register: Function,
}
// SAFETY: holds pointers to C code and to the module, both immortal; used under the GIL only.
unsafe impl Send for Tool {}
// SAFETY: as above.
unsafe impl Sync for Tool {}

struct Disable(*mut PyObject);
// SAFETY: the object lives as long as sys.monitoring; used under the GIL only.
unsafe impl Send for Disable {}
// SAFETY: as above.
unsafe impl Sync for Disable {}

static DISABLE: OnceLock<Disable> = OnceLock::new();

impl Tool {
    /// Takes the tool id and the functions, before they are guarded.
    ///
    /// # Errors
    /// `sys.monitoring` isn't as PEP 669 has it, or the id is taken.
    pub fn acquire() -> Result<Tool, EngineError> {
        // SAFETY: attached; a borrowed reference from the sys module.
        let module = unsafe { Ref::new(ffi::PySys_GetObject(c"monitoring".as_ptr())) }
            .ok_or(EngineError::Missing("sys.monitoring"))?
            .immortalise();
        let names = module
            .namespace()
            .ok_or(EngineError::Missing("sys.monitoring"))?;
        let disable = names
            .entry("DISABLE")
            .ok_or(EngineError::Missing("DISABLE"))?
            .immortalise();
        DISABLE.get_or_init(|| Disable(disable.as_ptr()));
        let function = |name: &'static str| {
            names
                .entry(name)
                .and_then(Ref::definition)
                .and_then(Original::of)
                .map(|original| Function {
                    original,
                    module: module.as_ptr(),
                })
                .ok_or(EngineError::Missing(name))
        };
        let id = integer(TOOL_ID)?;
        let name = text(c"lictor")?;
        if !function("use_tool_id")?.call(&[id.get(), name.get()]) {
            return Err(EngineError::Refused("sys.monitoring.use_tool_id"));
        }
        Ok(Tool {
            set_events: function("set_events")?,
            set_local_events: function("set_local_events")?,
            restart_events: function("restart_events")?,
            register: function("register_callback")?,
        })
    }

    /// Sets the callback of one event.
    ///
    /// # Errors
    /// CPython refused it.
    pub fn register(&self, event: Events, callback: Callback) -> Result<(), EngineError> {
        let function: ffi::vectorcallfunc = match callback {
            Callback::Start => start,
            Callback::Line => line,
            Callback::Jump => jump,
            Callback::Call => call,
            Callback::Return => returned,
            Callback::Raise => raise,
            Callback::Resume => resume,
            Callback::Branch => other,
        };
        let object = callable::make(function, None, 0)
            .ok_or(EngineError::Refused("memory for a callback"))?;
        let (id, event) = (integer(TOOL_ID)?, integer(event.0)?);
        let done = quietly(|| self.register.call(&[id.get(), event.get(), object.get()]));
        if done {
            Ok(())
        } else {
            Err(EngineError::Refused("sys.monitoring.register_callback"))
        }
    }

    /// Sets the events that are heard of in all code.
    ///
    /// # Errors
    /// CPython refused it.
    pub fn set_events(&self, events: Events) -> Result<(), EngineError> {
        let (id, events) = (integer(TOOL_ID)?, integer(events.0)?);
        match self.set_events.call(&[id.get(), events.get()]) {
            true => Ok(()),
            false => Err(EngineError::Refused("sys.monitoring.set_events")),
        }
    }

    /// Sets the events that are heard of in one code object. `false`: CPython refused it.
    pub fn set_local_events(&self, code: Code<'_>, events: Events) -> bool {
        match (integer(TOOL_ID), integer(events.0)) {
            (Ok(id), Ok(events)) => {
                self.set_local_events
                    .call(&[id.get(), code.object(), events.get()])
            }
            _ => false,
        }
    }

    /// Hears again of what was disabled.
    pub fn restart_events(&self) {
        self.restart_events.call(&[]);
    }
}

impl Function {
    /// Calls it with positional arguments. `false`: it raised; the exception is forgotten.
    fn call(&self, arguments: &[Ref<'_>]) -> bool {
        let mut values: Vec<*mut PyObject> = arguments.iter().map(|value| value.as_ptr()).collect();
        let this = self.module;
        let count = values.len() as Py_ssize_t;
        let arguments = match self.original.signature() {
            super::trampolines::Signature::Fast => Arguments::Fast {
                this,
                values: values.as_mut_ptr(),
                count,
            },
            _ => Arguments::Plain {
                this,
                argument: std::ptr::null_mut(),
            },
        };
        let result = self.original.call(&Call { arguments });
        // SAFETY: attached; a new reference or null with an exception set.
        unsafe {
            if result.is_null() {
                ffi::PyErr_Clear();
            }
            Owned::new(result).is_some()
        }
    }
}

fn integer(value: i64) -> Result<Owned, EngineError> {
    // SAFETY: attached; a new reference or null.
    unsafe { Owned::new(ffi::PyLong_FromLongLong(value)) }
        .ok_or(EngineError::Refused("memory for an integer"))
}

fn text(value: &'static CStr) -> Result<Owned, EngineError> {
    // SAFETY: attached; a new reference or null.
    unsafe { Owned::new(ffi::PyUnicode_FromString(value.as_ptr())) }
        .ok_or(EngineError::Refused("memory for a string"))
}

/// Turns an answer into what CPython expects of a callback: a new reference, or null.
fn reply(answer: Answer) -> *mut PyObject {
    let object = match answer {
        Answer::Raise => return std::ptr::null_mut(),
        // SAFETY: None is always there.
        Answer::Continue => unsafe { ffi::Py_None() },
        Answer::Disable => DISABLE
            .get()
            .map_or(std::ptr::null_mut(), |disable| disable.0),
    };
    // SAFETY: a live object.
    unsafe { ffi::Py_XINCREF(object) };
    object
}

/// The positional arguments of a callback.
///
/// # Safety
/// CPython's promise to vectorcall functions: `count` live arguments at `values`.
unsafe fn arguments<'a>(values: *const *mut PyObject, count: usize) -> &'a [*mut PyObject] {
    // SAFETY: strips the offset flag; CPython gives as many arguments.
    unsafe {
        let count = ffi::PyVectorcall_NARGS(count);
        std::slice::from_raw_parts(values, usize::try_from(count).unwrap_or(0))
    }
}

/// An argument of a callback.
fn argument<'a>(arguments: &'a [*mut PyObject], index: usize) -> Option<Ref<'a>> {
    // SAFETY: alive for the call, which outlives the slice.
    unsafe { Ref::new(*arguments.get(index)?) }
}

unsafe extern "C" fn start(
    _callable: *mut PyObject,
    _values: *const *mut PyObject,
    _count: usize,
    _names: *mut PyObject,
) -> *mut PyObject {
    reply(match monitoring::engine() {
        Some((engine, hook)) => monitoring::on_start(engine, hook),
        None => Answer::Continue,
    })
}

unsafe extern "C" fn line(
    _callable: *mut PyObject,
    values: *const *mut PyObject,
    count: usize,
    _names: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: CPython's promise.
    let values = unsafe { arguments(values, count) };
    let code = argument(values, 0).and_then(Code::new);
    let line = argument(values, 1).and_then(Ref::integer).unwrap_or(0);
    reply(match (monitoring::engine(), code) {
        (Some((_, hook)), Some(code)) => monitoring::on_line(hook, code, line),
        _ => Answer::Continue,
    })
}

unsafe extern "C" fn jump(
    _callable: *mut PyObject,
    values: *const *mut PyObject,
    count: usize,
    _names: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: CPython's promise.
    let values = unsafe { arguments(values, count) };
    let code = argument(values, 0).and_then(Code::new);
    let offset = |index| argument(values, index).and_then(Ref::integer).unwrap_or(0);
    reply(match (monitoring::engine(), code) {
        (Some((_, hook)), Some(code)) => monitoring::on_jump(hook, code, offset(1), offset(2)),
        _ => Answer::Continue,
    })
}

unsafe extern "C" fn call(
    _callable: *mut PyObject,
    values: *const *mut PyObject,
    count: usize,
    _names: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: CPython's promise.
    let values = unsafe { arguments(values, count) };
    reply(match (monitoring::engine(), argument(values, 2)) {
        (Some((_, hook)), Some(callable)) => monitoring::on_call(hook, callable),
        _ => Answer::Continue,
    })
}

unsafe extern "C" fn resume(
    _callable: *mut PyObject,
    _values: *const *mut PyObject,
    _count: usize,
    _names: *mut PyObject,
) -> *mut PyObject {
    reply(monitoring::engine().map_or(Answer::Continue, |(_, hook)| monitoring::on_resume(hook)))
}

unsafe extern "C" fn returned(
    _callable: *mut PyObject,
    _values: *const *mut PyObject,
    _count: usize,
    _names: *mut PyObject,
) -> *mut PyObject {
    reply(monitoring::engine().map_or(Answer::Continue, |(_, hook)| monitoring::on_return(hook)))
}

unsafe extern "C" fn raise(
    _callable: *mut PyObject,
    values: *const *mut PyObject,
    count: usize,
    _names: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: CPython's promise.
    let values = unsafe { arguments(values, count) };
    reply(match (monitoring::engine(), argument(values, 2)) {
        (Some((_, hook)), Some(exception)) => monitoring::on_raise(hook, exception),
        _ => Answer::Continue,
    })
}

unsafe extern "C" fn other(
    _callable: *mut PyObject,
    _values: *const *mut PyObject,
    _count: usize,
    _names: *mut PyObject,
) -> *mut PyObject {
    reply(monitoring::engine().map_or(Answer::Continue, |(_, hook)| monitoring::on_other(hook)))
}
