//! The layouts of CPython structures that differ between 3.11 and 3.15.
//!
//! This is the one place that knows them. Everything else in the hook names a field and
//! gets that of the interpreter the library is built for. The mirrors end at the last field
//! anyone needs. Their offsets are asserted against what a C compiler makes of the headers
//! of 3.11.7, 3.12.1, 3.13.0, 3.14.10 and 3.15.2; [`check`] compares them once more with the interpreter
//! that has loaded the hook, so that a micro version that moved a field is refused when the
//! hook is armed and never read wrongly.
//!
//! Sources: `Include/cpython/code.h`, `Include/cpython/pystate.h`,
//! `Include/internal/pycore_frame.h` (from 3.14 `pycore_interpframe_structs.h`,
//! `pycore_stackref.h`, `pycore_instruments.h`), each of the version in question.
#![allow(unsafe_code)] // reads interpreter structures that CPython has no accessors for

use std::ffi::{c_char, c_int, c_long, c_ulong, c_void};
use std::mem::{offset_of, size_of};

use pyo3::ffi::{self, PyObject, PyVarObject};

#[cfg(Py_GIL_DISABLED)]
compile_error!(
    "the hook needs a CPython with the GIL: free-threaded builds lay out objects differently"
);

/// One unit of bytecode: an opcode and its argument, or two bytes of an inline cache.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeUnit {
    /// The opcode, possibly specialised or instrumented.
    pub opcode: u8,
    /// The low eight bits of its argument.
    pub argument: u8,
}

/// What a frame keeps in its slots: a pointer to an object, or null.
///
/// From 3.14 (`_PyStackRef`) the two low bits are a tag: 1 says that the reference isn't
/// counted, which null always has, and 3 that the rest is a number, which the interpreter
/// itself put there.
#[repr(transparent)]
#[derive(Clone, Copy, Debug)]
pub struct StackReference(*mut PyObject);

impl StackReference {
    /// The object, borrowed; null if there is none.
    pub fn object(self) -> *mut PyObject {
        if cfg!(not(Py_3_14)) {
            return self.0;
        }
        match self.0.addr() & 3 {
            3 => std::ptr::null_mut(),
            _ => self.0.map_addr(|address| address & !3),
        }
    }
}

/// `_PyInterpreterFrame` up to its first local.
#[cfg(not(Py_3_12))]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct InterpreterFrame {
    function: *mut PyObject,
    /// `f_globals`, borrowed.
    pub globals: *mut PyObject,
    builtins: *mut PyObject,
    locals: *mut PyObject,
    /// `f_code`.
    pub executable: StackReference,
    frame_object: *mut PyObject,
    /// The frame that called this one.
    pub previous: *mut InterpreterFrame,
    /// `prev_instr`: the instruction being executed, or the last unit of its cache.
    pub instruction: *const CodeUnit,
    stack_top: c_int,
    is_entry: u8,
    /// Who owns the memory of this frame (`enum _frameowner`).
    pub owner: c_char,
    /// `localsplus`: locals, cells and free variables, then the value stack.
    pub locals_plus: [StackReference; 0],
}

/// `_PyInterpreterFrame` up to its first local.
#[cfg(Py_3_12)]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct InterpreterFrame {
    /// `f_code` or, from 3.13, `f_executable`: a code object, or None in a frame that
    /// stands for C code.
    pub executable: StackReference,
    /// The frame that called this one.
    pub previous: *mut InterpreterFrame,
    function: *mut PyObject,
    /// `f_globals`, borrowed.
    pub globals: *mut PyObject,
    builtins: *mut PyObject,
    locals: *mut PyObject,
    frame_object: *mut PyObject,
    /// `prev_instr`: the instruction being executed, or the last unit of its cache. From
    /// 3.13 `instr_ptr`: the instruction being executed or about to be.
    pub instruction: *const CodeUnit,
    #[cfg(not(Py_3_14))]
    stack_top: c_int,
    #[cfg(Py_3_14)]
    stack_top: *mut StackReference,
    return_offset: u16,
    /// Who owns the memory of this frame (`enum _frameowner`).
    pub owner: c_char,
    /// `localsplus`: locals, cells and free variables, then the value stack.
    pub locals_plus: [StackReference; 0],
}

impl InterpreterFrame {
    /// `is_entry`: did C code start this evaluation?
    #[cfg(not(Py_3_12))]
    pub fn is_entry(&self) -> bool {
        self.is_entry != 0
    }

    /// From 3.12 on frames of C code say so.
    #[cfg(Py_3_12)]
    pub fn is_entry(&self) -> bool {
        false
    }
}

/// `FRAME_OWNED_BY_GENERATOR`: part of a generator or coroutine object.
pub const OWNED_BY_GENERATOR: c_char = 1;

/// `FRAME_OWNED_BY_CSTACK`, from 3.14 `FRAME_OWNED_BY_INTERPRETER`: this owner, and any above
/// it, say that the frame stands for C code and has no Python code of its own.
#[cfg(Py_3_12)]
pub const OWNED_BY_C: c_char = 3;

/// `PyFrameObject` up to the frame that it shows.
#[repr(C)]
pub struct FrameObject {
    base: PyObject,
    back: *mut PyObject,
    /// `f_frame`.
    pub frame: *mut InterpreterFrame,
    trace: *mut PyObject,
    line_number: c_int,
    /// `f_trace_lines`: does a trace function hear of this frame's lines?
    pub trace_lines: c_char,
    /// `f_trace_opcodes`: does it hear of each instruction?
    pub trace_opcodes: c_char,
}

/// `PyCodeObject` up to its first instruction.
#[repr(C)]
pub struct Code {
    /// Object header; its size is the number of code units.
    pub base: PyVarObject,
    /// `co_consts`, a tuple.
    pub consts: *mut PyObject,
    /// `co_names`, a tuple of strings.
    pub names: *mut PyObject,
    /// `co_exceptiontable`, bytes.
    pub exception_table: *mut PyObject,
    /// `co_flags`.
    pub flags: c_int,
    #[cfg(not(Py_3_12))]
    warmup: [u16; 2],
    argument_count: c_int,
    positional_only_count: c_int,
    keyword_only_count: c_int,
    /// `co_stacksize`: most values that are ever on the value stack.
    pub stack_size: c_int,
    /// `co_firstlineno`.
    pub first_line: c_int,
    /// `co_nlocalsplus`: locals, cells and free variables.
    pub locals_plus_count: c_int,
    #[cfg(Py_3_12)]
    frame_size: c_int,
    local_count: c_int,
    #[cfg(not(Py_3_12))]
    plain_cell_count: c_int,
    cell_count: c_int,
    free_count: c_int,
    #[cfg(Py_3_12)]
    version: u32,
    /// `co_localsplusnames`, a tuple of strings.
    pub locals_plus_names: *mut PyObject,
    locals_plus_kinds: *mut PyObject,
    /// `co_filename`, a string.
    pub filename: *mut PyObject,
    name: *mut PyObject,
    /// `co_qualname`, a string.
    pub qualname: *mut PyObject,
    /// `co_linetable`, bytes.
    pub line_table: *mut PyObject,
    weak_references: *mut PyObject,
    #[cfg(Py_3_13)]
    executors: *mut c_void,
    #[cfg(not(Py_3_12))]
    code_bytes: *mut PyObject,
    #[cfg(not(Py_3_12))]
    line_array: *mut c_char,
    #[cfg(Py_3_12)]
    cached: *mut c_void,
    #[cfg(Py_3_12)]
    instrumentation_version: u64,
    /// `_co_monitoring`: null unless instrumentation is or was in use.
    #[cfg(Py_3_12)]
    pub monitoring: *mut Monitoring,
    #[cfg(Py_3_14)]
    unique_id: isize,
    /// `_co_firsttraceable`: index of the first unit at which a frame counts as begun.
    pub first_traceable: c_int,
    /// `co_extra`.
    pub extra: *mut c_void,
    /// `co_code_adaptive`: the instructions.
    pub instructions: [CodeUnit; 0],
}

/// `_PyCoMonitoringData` up to the opcodes that instrumentation has replaced.
#[cfg(Py_3_12)]
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Monitoring {
    local_monitors: [u8; MONITORED_EVENTS],
    active_monitors: [u8; MONITORED_EVENTS],
    tools: *mut u8,
    #[cfg(Py_3_14)]
    tool_versions: [usize; 8],
    /// What an `INSTRUMENTED_LINE` stands for: [`LINE_HEADER`] bytes, then for each code unit an
    /// entry that begins with the opcode.
    pub lines: *mut u8,
    line_tools: *mut u8,
    /// One opcode per code unit: what an `INSTRUMENTED_INSTRUCTION` stands for.
    pub instructions: *mut u8,
}

// _PY_MONITORING_UNGROUPED_EVENTS (3.12, 3.15) or _PY_MONITORING_LOCAL_EVENTS.
#[cfg(Py_3_12)]
const MONITORED_EVENTS: usize = if cfg!(Py_3_15) {
    16
} else if cfg!(Py_3_14) {
    11
} else if cfg!(Py_3_13) {
    10
} else {
    15
};

/// Bytes before the first entry of `_PyCoLineInstrumentationData`; from 3.14 one, which says
/// how long each entry is.
#[cfg(Py_3_12)]
pub const LINE_HEADER: usize = if cfg!(Py_3_14) { 1 } else { 0 };

/// Length of an entry before 3.14: an opcode and a distance between lines.
#[cfg(Py_3_12)]
pub const LINE_ENTRY: usize = 2;

/// `PyThreadState` up to the kernel's id of its thread.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct ThreadState {
    /// The thread that was started after this one.
    pub prev: *mut ThreadState,
    /// The thread that was started before this one; null for the main thread.
    pub next: *mut ThreadState,
    interpreter: *mut c_void,
    #[cfg(Py_3_13)]
    eval_breaker: usize,
    #[cfg(not(Py_3_12))]
    counters: [c_int; 7],
    #[cfg(all(Py_3_12, not(Py_3_13)))]
    counters: [c_int; 7],
    #[cfg(Py_3_13)]
    counters: [c_int; 9],
    /// `cframe`, through which the current frame is found before 3.13.
    #[cfg(not(Py_3_13))]
    pub c_frame: *mut CFrame,
    /// `current_frame`: the innermost frame, or null.
    #[cfg(Py_3_13)]
    pub current_frame: *mut InterpreterFrame,
    /// `base_frame`: the outermost frame, which stands for C code.
    #[cfg(Py_3_15)]
    pub base_frame: *mut InterpreterFrame,
    #[cfg(Py_3_15)]
    last_profiled_frame: [usize; 2],
    trace_functions: [*mut c_void; 4],
    #[cfg(not(Py_3_12))]
    current_exception: [*mut PyObject; 3],
    #[cfg(Py_3_12)]
    current_exception: *mut PyObject,
    exception_info: *mut c_void,
    dict: *mut PyObject,
    gilstate_counter: c_int,
    async_exception: *mut PyObject,
    thread_id: c_ulong,
    /// The kernel's thread id, as `gettid` gives it.
    pub native_thread_id: c_ulong,
}

/// `_PyCFrame` up to the current frame.
#[cfg(not(Py_3_13))]
#[repr(C)]
#[derive(Clone, Copy)]
pub struct CFrame {
    #[cfg(not(Py_3_12))]
    use_tracing: u8,
    /// The innermost frame, or null.
    pub current_frame: *mut InterpreterFrame,
}

/// Offsets as the C compiler has them: from a program that printed `offsetof` of each
/// field, built against the internal headers of each version on x86-64.
const _: () = {
    const VERSION: usize = if cfg!(Py_3_15) {
        4
    } else if cfg!(Py_3_14) {
        3
    } else if cfg!(Py_3_13) {
        2
    } else if cfg!(Py_3_12) {
        1
    } else {
        0
    };
    /// The number that belongs to the version at hand, of those for 3.11 to 3.15.
    const fn of(offsets: [usize; 5]) -> usize {
        offsets[VERSION]
    }

    assert!(offset_of!(InterpreterFrame, executable) == of([32, 0, 0, 0, 0]));
    assert!(offset_of!(InterpreterFrame, previous) == of([48, 8, 8, 8, 8]));
    assert!(offset_of!(InterpreterFrame, globals) == of([8, 24, 24, 24, 24]));
    assert!(offset_of!(InterpreterFrame, instruction) == 56);
    assert!(offset_of!(InterpreterFrame, owner) == of([69, 70, 70, 74, 74]));
    assert!(offset_of!(InterpreterFrame, locals_plus) == of([72, 72, 72, 80, 80]));
    assert!(offset_of!(FrameObject, frame) == 24);

    assert!(offset_of!(Code, exception_table) == 40);
    assert!(offset_of!(Code, flags) == 48);
    assert!(offset_of!(Code, stack_size) == of([68, 64, 64, 64, 64]));
    assert!(offset_of!(Code, first_line) == of([72, 68, 68, 68, 68]));
    assert!(offset_of!(Code, locals_plus_count) == of([76, 72, 72, 72, 72]));
    assert!(offset_of!(Code, locals_plus_names) == 96);
    assert!(offset_of!(Code, filename) == 112);
    assert!(offset_of!(Code, qualname) == 128);
    assert!(offset_of!(Code, line_table) == 136);
    assert!(offset_of!(Code, first_traceable) == of([168, 176, 184, 192, 192]));
    assert!(offset_of!(Code, extra) == of([176, 184, 192, 200, 200]));
    assert!(offset_of!(Code, instructions) == of([184, 192, 200, 208, 208]));

    assert!(offset_of!(ThreadState, prev) == 0);
    assert!(offset_of!(ThreadState, next) == 8);
    assert!(offset_of!(ThreadState, native_thread_id) == of([160, 144, 160, 160, 184]));
    assert!(size_of::<CodeUnit>() == 2);

    #[cfg(Py_3_12)]
    {
        assert!(offset_of!(Code, monitoring) == of([0, 168, 176, 176, 176]));
        assert!(offset_of!(Monitoring, lines) == of([0, 40, 32, 96, 104]));
        assert!(offset_of!(Monitoring, instructions) == of([0, 56, 48, 112, 120]));
    }
    #[cfg(not(Py_3_13))]
    {
        assert!(offset_of!(ThreadState, c_frame) == 56);
        assert!(offset_of!(CFrame, current_frame) == of([8, 0, 0, 0, 0]));
    }
    #[cfg(Py_3_13)]
    assert!(offset_of!(ThreadState, current_frame) == 72);
    #[cfg(Py_3_15)]
    assert!(offset_of!(ThreadState, base_frame) == 80);
};

/// Offset of `ceval.eval_breaker` in `PyInterpreterState`: an atomic `int` that, set to 1, makes
/// the eval loop look for what is pending. (From 3.13 it is part of the thread state, and
/// `Py_AddPendingCall` sets it whoever calls.)
#[cfg(not(Py_3_13))]
pub const EVAL_BREAKER: usize = if cfg!(Py_3_12) { 368 } else { 100 };

/// Where a thread keeps its innermost frame: the field itself, to be read or replaced.
///
/// # Safety
///
/// `thread` is a live thread state of the interpreter that this library is built for, and
/// the caller holds the GIL.
pub unsafe fn current_frame_slot(thread: *mut ffi::PyThreadState) -> *mut *mut InterpreterFrame {
    let thread = thread.cast::<ThreadState>();
    #[cfg(not(Py_3_13))]
    // SAFETY: the state is live, and its `cframe` is never null: it starts as `root_cframe`.
    let slot = unsafe { &raw mut (*(*thread).c_frame).current_frame };
    #[cfg(Py_3_13)]
    // SAFETY: the state is live.
    let slot = unsafe { &raw mut (*thread).current_frame };
    slot
}

/// What a thread has as its innermost frame while it runs no Python code: null, or from 3.15 a
/// frame of its own that stands for C code.
///
/// # Safety
///
/// As for [`current_frame_slot`].
pub unsafe fn outermost_frame(thread: *mut ffi::PyThreadState) -> *mut InterpreterFrame {
    #[cfg(Py_3_15)]
    // SAFETY: the state is live.
    let frame = unsafe { (*thread.cast::<ThreadState>()).base_frame };
    #[cfg(not(Py_3_15))]
    let frame = {
        let _ = thread;
        std::ptr::null_mut()
    };
    frame
}

/// Index of what is left of the recursion limit among a thread's counters; the limit itself
/// follows it (`recursion_remaining`, from 3.12 `py_recursion_remaining`).
const RECURSION: usize = if cfg!(not(Py_3_12)) {
    2
} else if cfg!(not(Py_3_13)) {
    1
} else if cfg!(not(Py_3_14)) {
    3
} else if cfg!(not(Py_3_15)) {
    4
} else {
    5
};

/// What is left of a thread's recursion limit, to be read or changed, and the limit.
///
/// # Safety
///
/// `thread` is a live thread state of the interpreter that this library is built for, and
/// the caller holds the GIL.
pub unsafe fn recursion(thread: *mut ffi::PyThreadState) -> (*mut c_int, c_int) {
    let thread = thread.cast::<ThreadState>();
    // SAFETY: the state is live.
    unsafe {
        let counters = &raw mut (*thread).counters;
        (&raw mut (*counters)[RECURSION], (*counters)[RECURSION + 1])
    }
}

/// Why the interpreter at hand can't be read.
#[derive(Debug, thiserror::Error)]
pub enum Mismatch {
    /// A structure isn't laid out as the headers of this minor version say.
    #[error("this CPython keeps its {0} elsewhere than {version} does", version = env!("LICTOR_HOOK_PYTHON"))]
    Field(&'static str),
    /// There is no Python frame to compare with.
    #[error("no Python frame is active, so the interpreter's layout can't be checked")]
    NoFrame,
}

/// [`check`], with the proof that the GIL is held.
///
/// # Errors
///
/// [`Mismatch`] if anything differs: then nothing in this module may be used.
pub fn verify(_py: pyo3::Python<'_>) -> Result<(), Mismatch> {
    // SAFETY: the token says that the GIL is held.
    unsafe { check() }
}

/// Compares the mirrors with what CPython's own functions say of the calling thread and of
/// its innermost frame. Called once, when the hook is armed, from a Python function in the
/// main thread.
///
/// # Errors
///
/// [`Mismatch`] if anything differs: then nothing in this module may be used.
///
/// # Safety
///
/// The caller holds the GIL.
pub unsafe fn check() -> Result<(), Mismatch> {
    // Reading a field at a wrong offset of these structures yields a wrong value, which is
    // what this looks for; each of them is longer than its mirror in every version, so it
    // can't read past their ends. A pointer is followed only after it was compared.
    //
    // SAFETY: the GIL is held, so the thread state is the caller's and its frames stand
    // still.
    unsafe {
        let thread = ffi::PyThreadState_Get();
        let state = thread.cast::<ThreadState>();
        if (*state).interpreter != ffi::PyThreadState_GetInterpreter(thread).cast() {
            return Err(Mismatch::Field("interpreter state"));
        }
        if (*state).native_thread_id != c_long::from(libc::gettid()) as c_ulong {
            return Err(Mismatch::Field("thread ids"));
        }
        if recursion(thread).1 != ffi::Py_GetRecursionLimit() {
            return Err(Mismatch::Field("recursion limit"));
        }
        let object = ffi::PyEval_GetFrame();
        if object.is_null() {
            return Err(Mismatch::NoFrame);
        }
        let frame = (*object.cast::<FrameObject>()).frame;
        if *current_frame_slot(thread) != frame {
            return Err(Mismatch::Field("current frame"));
        }
        let code = ffi::PyFrame_GetCode(object);
        ffi::Py_DECREF(code.cast());
        if (*frame).executable.object() != code.cast() {
            return Err(Mismatch::Field("frame's code"));
        }
        let first = (&raw const (*code.cast::<Code>()).instructions).cast::<u8>();
        let offset = (*frame)
            .instruction
            .cast::<u8>()
            .addr()
            .wrapping_sub(first.addr());
        if offset as isize != ffi::PyFrame_GetLasti(object) as isize {
            return Err(Mismatch::Field("current instruction"));
        }
        check_code(code.cast())?;
        check_eval_breaker()
    }
}

/// The part of [`check`] about the eval breaker: a pending call sets it.
///
/// # Safety
///
/// The caller is the main thread and holds the GIL.
unsafe fn check_eval_breaker() -> Result<(), Mismatch> {
    #[cfg(not(Py_3_13))]
    {
        extern "C" fn nothing(_nothing: *mut c_void) -> c_int {
            0
        }
        // SAFETY: the GIL is held; the interpreter state is much longer than the offset.
        let set = unsafe {
            ffi::Py_AddPendingCall(Some(nothing), std::ptr::null_mut());
            let state = ffi::PyInterpreterState_Main().cast::<u8>();
            state.add(EVAL_BREAKER).cast::<c_int>().read_volatile()
        };
        if set != 1 {
            return Err(Mismatch::Field("eval breaker"));
        }
    }
    Ok(())
}

/// The part of [`check`] about code objects: compares with their attributes.
///
/// # Safety
///
/// `code` is a code object and the caller holds the GIL.
unsafe fn check_code(code: *mut Code) -> Result<(), Mismatch> {
    // SAFETY: `code` is a code object, which is longer than its mirror; attributes of code
    // objects are computed by CPython itself, without any guest code.
    unsafe {
        for (name, field) in [
            (c"co_filename", (*code).filename),
            (c"co_qualname", (*code).qualname),
            (c"co_linetable", (*code).line_table),
            (c"co_exceptiontable", (*code).exception_table),
            (c"co_names", (*code).names),
        ] {
            let attribute = ffi::PyObject_GetAttrString(code.cast(), name.as_ptr());
            ffi::Py_XDECREF(attribute);
            ffi::PyErr_Clear();
            if attribute != field {
                return Err(Mismatch::Field("code objects"));
            }
        }
        for (name, field) in [
            (c"co_flags", (*code).flags),
            (c"co_stacksize", (*code).stack_size),
            (c"co_firstlineno", (*code).first_line),
        ] {
            let attribute = ffi::PyObject_GetAttrString(code.cast(), name.as_ptr());
            let number = ffi::PyLong_AsLong(attribute);
            ffi::Py_XDECREF(attribute);
            ffi::PyErr_Clear();
            if number != c_long::from(field) {
                return Err(Mismatch::Field("code objects"));
            }
        }
    }
    Ok(())
}
