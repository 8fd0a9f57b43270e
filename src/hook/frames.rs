//! The Python frames of the calling thread, looked at from inside a callback.
//!
//! A [`Frame`] borrows CPython's own frame: walking allocates nothing, runs no guest code
//! and touches no reference count. [`hide`] empties the thread's chain of frames for a
//! while, so that the guest's module is evaluated with no host frame above it.
//!
//! It trusts that its caller runs inside CPython with the GIL held, which the
//! [`Python`] token says, and that [`layout::check`] has passed.
#![allow(unsafe_code)] // reads interpreter frames in place

use std::ffi::c_int;
use std::marker::PhantomData;
use std::ptr::{self, NonNull};

use pyo3::Python;
use pyo3::ffi::{self, PyCodeObject, PyFrameObject, PyObject};

use super::layout::{self, Code, CodeUnit, FrameObject, InterpreterFrame, StackReference};

/// A Python frame on the calling thread's chain.
///
/// It stands as long as the callback that looked it up: the frames that called a C
/// function can't return before that function does. `'py` must not reach further; it comes
/// from the callback's own token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'py> {
    frame: NonNull<InterpreterFrame>,
    gil: PhantomData<Python<'py>>,
}

/// The innermost Python frame of the calling thread, if there is one.
pub fn current(py: Python<'_>) -> Option<Frame<'_>> {
    // SAFETY: the token says that the GIL is held, so the thread has a state, and it is
    // this thread alone that changes its chain.
    let innermost = unsafe { *layout::current_frame_slot(ffi::PyThreadState_Get()) };
    Frame::first_complete(py, innermost)
}

impl<'py> Frame<'py> {
    /// The frame that a frame object shows, as trace functions get it.
    ///
    /// # Safety
    ///
    /// `object` is a live frame object whose frame is executing on the calling thread.
    #[cfg_attr(
        Py_3_12,
        allow(dead_code, reason = "sys.monitoring hands over no frames")
    )]
    pub unsafe fn of(_py: Python<'py>, object: *mut PyFrameObject) -> Option<Frame<'py>> {
        // SAFETY: a live frame object; `f_frame` is never null while it executes.
        let frame = unsafe { (*object.cast::<FrameObject>()).frame };
        NonNull::new(frame).map(|frame| Frame {
            frame,
            gil: PhantomData,
        })
    }

    /// The first frame from `frame` outwards that runs Python code.
    fn first_complete(_py: Python<'py>, mut frame: *mut InterpreterFrame) -> Option<Frame<'py>> {
        while let Some(found) = NonNull::new(frame) {
            // SAFETY: a frame of the calling thread's chain, which stands still.
            unsafe {
                if !is_incomplete(found.as_ref()) {
                    return Some(Frame {
                        frame: found,
                        gil: PhantomData,
                    });
                }
                frame = found.as_ref().previous;
            }
        }
        None
    }

    fn fields(&self) -> &InterpreterFrame {
        // SAFETY: a frame stands as long as `'py`; only its own thread, this one, changes it.
        unsafe { self.frame.as_ref() }
    }

    fn layout(&self) -> *mut Code {
        self.fields().executable.object().cast()
    }

    /// Its code object, borrowed.
    pub fn code(&self) -> *mut PyCodeObject {
        self.fields().executable.object().cast()
    }

    /// Its address: the frame's identity while it stands.
    pub fn address(&self) -> usize {
        self.frame.as_ptr() as usize
    }

    /// Addresses of itself, its code object and its current instruction.
    pub fn addresses(&self) -> (usize, usize, usize) {
        let fields = self.fields();
        let code = fields.executable.object().addr();
        (self.address(), code, fields.instruction.addr())
    }

    /// Did an instruction of this other frame enter it, without C code in between?
    pub fn is_called_by(&self, other: Frame<'_>) -> bool {
        // From 3.12 on a frame that C code enters has one before it that stands for the C code.
        let by_c = cfg!(not(Py_3_12)) && self.fields().is_entry();
        !by_c && self.fields().previous.addr() == other.address()
    }

    /// Its module's globals, borrowed.
    pub fn globals(&self) -> *mut PyObject {
        self.fields().globals
    }

    /// The Python frame that called this one, over any C code in between.
    pub fn previous(&self) -> Option<Frame<'py>> {
        // SAFETY: `self` can't exist without the GIL.
        let py = unsafe { Python::assume_attached() };
        Frame::first_complete(py, self.fields().previous)
    }

    /// Byte offset of the current instruction, as `f_lasti` has it; -1 before the first.
    pub fn instruction_offset(&self) -> c_int {
        // SAFETY: complete frames have a code object, alive as long as the frame.
        let first = unsafe { first_instruction(self.layout()) };
        let offset = self.fields().instruction.addr() as isize - first.addr() as isize;
        c_int::try_from(offset).map_or(-1, |offset| offset.max(-1))
    }

    /// The current instruction, as it stands in memory; `None` before the first.
    #[cfg_attr(
        Py_3_12,
        allow(dead_code, reason = "sys.monitoring hands over no frames")
    )]
    pub fn instruction(&self) -> Option<CodeUnit> {
        let offset = usize::try_from(self.instruction_offset()).ok()?;
        // SAFETY: complete frames have a code object, alive as long as the frame, and their
        // current instruction lies within it.
        unsafe { Some(first_instruction(self.layout()).byte_add(offset).read()) }
    }

    /// The current line, from 1; 0 if the instruction belongs to none.
    pub fn line(&self) -> u32 {
        // SAFETY: a live code object; the function reads its line table and nothing else.
        let line = unsafe { ffi::PyCode_Addr2Line(self.code(), self.instruction_offset()) };
        u32::try_from(line).unwrap_or(0)
    }

    /// What stands in slot `index` of locals, cells and free variables (the order of
    /// `co_localsplusnames`): borrowed, null if unset or out of range. Cells aren't looked
    /// into.
    pub fn fast_local(&self, index: usize) -> *mut PyObject {
        // SAFETY: complete frames have a code object, alive as long as the frame.
        let count = unsafe { (*self.layout()).locals_plus_count };
        if index >= usize::try_from(count).unwrap_or(0) {
            return ptr::null_mut();
        }
        // SAFETY: a frame is followed by as many slots as its code object says. The pointer
        // is made from that of the frame, not from the field, which has no length.
        unsafe {
            let slots = &raw const (*self.frame.as_ptr()).locals_plus;
            (*slots.cast::<StackReference>().add(index)).object()
        }
    }
}

/// Does this frame not run Python code (yet)? As `_PyFrame_IsIncomplete` has it: frames that
/// stand for C code, and frames before their first `RESUME`.
///
/// # Safety
///
/// `frame` is a live frame of the calling thread.
unsafe fn is_incomplete(frame: &InterpreterFrame) -> bool {
    #[cfg(Py_3_12)]
    if frame.owner >= layout::OWNED_BY_C {
        return true;
    }
    if frame.owner == layout::OWNED_BY_GENERATOR {
        return false;
    }
    let code = frame.executable.object().cast::<Code>();
    // SAFETY: every frame but those of the C stack has a code object.
    let begun =
        unsafe { first_instruction(code).wrapping_offset((*code).first_traceable as isize) };
    frame.instruction < begun
}

/// # Safety
///
/// `code` is a live code object.
unsafe fn first_instruction(code: *mut Code) -> *const CodeUnit {
    // SAFETY: takes the address of a field of a live object.
    unsafe { (&raw const (*code).instructions).cast() }
}

/// As long as it lives, the calling thread has no Python frames. See [`hide`].
#[must_use = "the frames come back when this is dropped"]
pub struct Hidden<'py> {
    slot: *mut *mut InterpreterFrame,
    frame: *mut InterpreterFrame,
    remaining: *mut c_int,
    depth: c_int,
    gil: PhantomData<Python<'py>>,
}

/// Takes all frames off the calling thread's chain until the result is dropped.
///
/// What is evaluated meanwhile (`PyEval_EvalCode`) is outermost, as a script is: tracebacks
/// begin with it, `sys._getframe(1)` raises ValueError, and all of the recursion limit is left
/// to it. The interpreter may also be finalised while frames are hidden, if the caller never
/// returns to them.
pub fn hide(_py: Python<'_>) -> Hidden<'_> {
    // SAFETY: the token says that the GIL is held. An empty chain is what CPython itself
    // has while no Python code runs, so every part of it can stand that.
    unsafe {
        let thread = ffi::PyThreadState_Get();
        let slot = layout::current_frame_slot(thread);
        let (remaining, limit) = layout::recursion(thread);
        Hidden {
            slot,
            frame: ptr::replace(slot, layout::outermost_frame(thread)),
            depth: limit - ptr::replace(remaining, limit),
            remaining,
            gil: PhantomData,
        }
    }
}

impl Drop for Hidden<'_> {
    fn drop(&mut self) {
        // SAFETY: the slot belongs to the thread state or (before 3.13) to the C frame of
        // the evaluation that called us; both outlive the callback, and so this guard.
        // Whatever was evaluated meanwhile has taken its frames off again. `remaining` is a
        // field of the thread state; a limit that was changed meanwhile has moved it as well.
        unsafe {
            *self.slot = self.frame;
            *self.remaining -= self.depth;
        }
    }
}
