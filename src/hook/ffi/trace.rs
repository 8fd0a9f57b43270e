//! `PyEval_SetTrace` and `PyEval_SetProfile` of CPython 3.11.
#![allow(unsafe_code)] // C callbacks, fields of frame objects

use std::ffi::c_int;

use pyo3::ffi::{self, PyFrameObject, PyObject, PyThreadState};

use super::attached;
use super::code::Code;
use super::object::Ref;
use crate::hook::audit::quietly;
use crate::hook::engine::legacy;
use crate::hook::frames::Frame;
use crate::hook::latch::Flow;
use crate::hook::layout::FrameObject;
use crate::hook::stack::Caller;
use crate::hook::state::hook;

/// `RESUME` and its quickened form, `JUMP_BACKWARD`'s quickened form (3.11's opcode.h).
const RESUME: u8 = 151;
const RESUME_QUICK: u8 = 150;
const JUMP_BACKWARD: u8 = 140;
const JUMP_BACKWARD_QUICK: u8 = 38;

type TraceFunction =
    unsafe extern "C" fn(*mut PyObject, *mut PyFrameObject, c_int, *mut PyObject) -> c_int;

unsafe extern "C" {
    /// `PyEval_SetTrace` for a thread other than the calling one (cpython/ceval.h).
    fn _PyEval_SetTrace(
        thread: *mut PyThreadState,
        function: Option<TraceFunction>,
        object: *mut PyObject,
    ) -> c_int;
}

/// A frame that an event is about.
#[derive(Clone, Copy)]
pub struct TracedFrame(*mut PyFrameObject);

impl TracedFrame {
    /// The frame and its code.
    pub fn caller(self) -> Option<Caller> {
        // SAFETY: CPython passes a live frame object of a frame that executes in this thread.
        let frame = unsafe { Frame::of(attached::token(), self.0) }?;
        let code = Code::new(attached::borrowed(frame.code().cast())?)?;
        Some(Caller { frame, code })
    }

    fn fields(self) -> *mut FrameObject {
        self.0.cast()
    }

    /// Has this frame's lines reported or not.
    pub fn report_lines(self, report: bool) {
        // SAFETY: a live frame object; CPython reads the flag before each event.
        unsafe { (*self.fields()).trace_lines = report.into() }
    }

    /// Has this frame's instructions reported.
    pub fn report_instructions(self) {
        // SAFETY: as above.
        unsafe { (*self.fields()).trace_opcodes = 1 }
    }

    /// Opcode and argument of the current instruction.
    pub fn instruction(self) -> Option<(u8, u8)> {
        // SAFETY: as in `caller`.
        let unit = unsafe { Frame::of(attached::token(), self.0) }?.instruction()?;
        Some((unit.opcode, unit.argument))
    }

    /// Is a function entered, as opposed to a generator or coroutine being resumed? RESUME's
    /// argument is 0 at the start of a function only.
    pub fn is_first_entry(self) -> bool {
        matches!(self.instruction(), Some((RESUME | RESUME_QUICK, 0)))
    }
}

/// The instruction that a quickened one stands for.
pub fn generic(opcode: u8) -> u8 {
    if opcode == JUMP_BACKWARD_QUICK {
        JUMP_BACKWARD
    } else {
        opcode
    }
}

unsafe extern "C" fn on_trace(
    _object: *mut PyObject,
    frame: *mut PyFrameObject,
    what: c_int,
    argument: *mut PyObject,
) -> c_int {
    let Some(hook) = hook() else {
        return 0;
    };
    let frame = TracedFrame(frame);
    let flow = match what {
        ffi::PyTrace_LINE => legacy::on_line(hook, frame),
        ffi::PyTrace_CALL => legacy::on_call(hook, frame),
        ffi::PyTrace_OPCODE => legacy::on_instruction(hook, frame),
        ffi::PyTrace_RETURN => {
            // A return that passes an exception on is none.
            if argument.is_null() {
                return 0;
            }
            legacy::on_return(hook, frame)
        }
        ffi::PyTrace_EXCEPTION => {
            match attached::borrowed(argument).and_then(|tuple| tuple.items().next()) {
                Some(class) => legacy::on_exception(hook, frame, class),
                None => Flow::Continue,
            }
        }
        _ => Flow::Continue,
    };
    match flow {
        Flow::Continue => 0,
        Flow::Raise => -1,
    }
}

unsafe extern "C" fn on_profile(
    _object: *mut PyObject,
    _frame: *mut PyFrameObject,
    what: c_int,
    argument: *mut PyObject,
) -> c_int {
    if what != ffi::PyTrace_C_CALL {
        return 0;
    }
    // SAFETY: for C_CALL the argument is the callable, alive for the call.
    match (hook(), unsafe { Ref::new(argument) }) {
        (Some(hook), Some(callable)) if legacy::on_native_call(hook, callable) == Flow::Raise => -1,
        _ => 0,
    }
}

/// Traces the calling thread.
pub fn set_trace() {
    // SAFETY: attached; a function of the right type, no object.
    quietly(|| unsafe { ffi::PyEval_SetTrace(Some(on_trace), std::ptr::null_mut()) });
}

/// Profiles the calling thread.
pub fn set_profile() {
    // SAFETY: as above.
    quietly(|| unsafe { ffi::PyEval_SetProfile(Some(on_profile), std::ptr::null_mut()) });
}

/// Traces every thread of the interpreter.
pub fn set_trace_everywhere() {
    // SAFETY: attached, so the list of threads stands still; each state in it is live.
    quietly(|| unsafe {
        let interpreter = ffi::PyInterpreterState_Get();
        let mut thread = ffi::PyInterpreterState_ThreadHead(interpreter);
        while !thread.is_null() {
            _PyEval_SetTrace(thread, Some(on_trace), std::ptr::null_mut());
            thread = ffi::PyThreadState_Next(thread);
        }
    });
}

/// Takes the attributes off the frame type by which Python code could switch off the events
/// of a frame: they have no definition to guard. `false`: an attribute wasn't there.
pub fn remove_frame_switches() -> bool {
    // SAFETY: attached; the frame type is static, and PyType_Modified makes CPython forget
    // what it cached of it.
    unsafe {
        let class = &raw mut ffi::PyFrame_Type;
        for name in [c"f_trace_lines", c"f_trace_opcodes"] {
            if ffi::PyDict_DelItemString((*class).tp_dict, name.as_ptr()) != 0 {
                ffi::PyErr_Clear();
                return false;
            }
        }
        ffi::PyType_Modified(class);
    }
    true
}
