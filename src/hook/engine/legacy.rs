//! The engine on CPython 3.11: a C trace function and a C profile function.
//!
//! The trace function hears of lines, entries, returns and exceptions of all code in its
//! thread; the profile function, of calls of C functions. Each is set only if the policy
//! needs it, and in every thread anew. Lines of library frames are switched off frame by
//! frame as they are entered. A one-line loop (`while 1: pass`) is one instruction that jumps
//! to itself, for which 3.11 reports no line: in frames of such code, instructions are
//! reported, and each execution of that jump is a step.

use std::sync::atomic::{AtomicBool, Ordering};

use super::{Engine, EngineError};
use crate::hook::ffi::code::{Code, Origin};
use crate::hook::ffi::object::Ref;
use crate::hook::ffi::trace::{self, TracedFrame};
use crate::hook::latch::{self, Flow};
use crate::hook::stack::{self, Caller};
use crate::hook::state::{Hook, Phase, hook};
use crate::hook::{codes, observe, tamper};
use crate::rules::Tampering;

/// `JUMP_BACKWARD` and `JUMP_BACKWARD_NO_INTERRUPT` of 3.11 (Include/opcode.h).
const BACKWARD_JUMPS: [u8; 2] = [140, 134];

/// The engine.
pub struct Legacy {
    started: AtomicBool,
    lines: AtomicBool,
    entries: AtomicBool,
    native_calls: AtomicBool,
}

impl Legacy {
    /// Not set up yet.
    pub const fn new() -> Legacy {
        Legacy {
            started: AtomicBool::new(false),
            lines: AtomicBool::new(false),
            entries: AtomicBool::new(false),
            native_calls: AtomicBool::new(false),
        }
    }
}

impl Engine for Legacy {
    fn prepare(&self, hook: &'static Hook) -> Result<(), EngineError> {
        let keep = tamper::allowed(hook, Tampering::FrameTracing);
        if !keep && !trace::remove_frame_switches() {
            return Err(EngineError::Missing("frame attributes"));
        }
        let needs = hook.rulebook.needs;
        self.lines.store(
            needs.steps
                || needs.line_text
                || needs.function_steps
                || needs.returns
                || needs.exceptions,
            Ordering::Relaxed,
        );
        self.entries.store(
            needs.guest_entries || needs.library_entries || needs.imports,
            Ordering::Relaxed,
        );
        self.native_calls
            .store(needs.native_calls, Ordering::Relaxed);
        Ok(())
    }

    fn start(&self, hook: &'static Hook) -> Result<(), EngineError> {
        if hook.rulebook.rules.closed.is_some() {
            self.entries.store(true, Ordering::Relaxed);
        }
        self.started.store(true, Ordering::Relaxed);
        self.enter_thread();
        Ok(())
    }

    fn enter_thread(&self) {
        let phase = hook().map_or(Phase::Arming, Hook::phase);
        let entries = self.entries.load(Ordering::Relaxed);
        if self.lines.load(Ordering::Relaxed) || entries || phase == Phase::Latched {
            trace::set_trace();
        }
        if self.native_calls.load(Ordering::Relaxed) {
            trace::set_profile();
        }
    }

    fn escalate(&self) {
        trace::set_trace_everywhere();
    }

    fn reconsider(&self) {
        // Rules on Python functions: their entries are heard of through the trace function.
        if !self.entries.swap(true, Ordering::Relaxed) && self.started.load(Ordering::Relaxed) {
            trace::set_trace_everywhere();
        }
    }

    fn see_inlined_classes(&self) {
        // Traced code isn't specialised: the interpreter runs the plain instructions.
        self.reconsider();
    }

    fn jumps_to_itself(&self, code: Code<'_>) -> bool {
        code.bytecode().is_some_and(|code| {
            code.get().bytes().is_some_and(|bytes| {
                let (units, _) = bytes.as_chunks::<2>();
                units.iter().any(|unit| is_self_jump(unit[0], unit[1]))
            })
        })
    }
}

/// A backward jump over one unit lands on itself: the distance is from the next instruction.
fn is_self_jump(opcode: u8, argument: u8) -> bool {
    BACKWARD_JUMPS.contains(&opcode) && argument == 1
}

/// A frame is entered or resumed.
pub fn on_call(hook: &'static Hook, frame: TracedFrame) -> Flow {
    if hook.phase() == Phase::Latched {
        return latch::raise_again();
    }
    let Some(caller) = frame.caller() else {
        return Flow::Continue;
    };
    let Some(info) = codes::of_frame(hook, caller) else {
        return Flow::Continue;
    };
    let needs = hook.rulebook.needs;
    let quiet = info.origin == Origin::Library && !needs.library_steps && !needs.library_lines;
    // A generator goes on by `send`, which is a call here, or by `throw`, which isn't.
    let is_counted_live =
        needs.function_recursion && caller.code.is_generator() && !info.rules.borrow().is_empty();
    let is_counted = !info.step_rules.borrow().is_empty() || is_counted_live;
    let reports = is_counted || (!quiet && (needs.steps || needs.line_text));
    if !reports {
        frame.report_lines(false);
    }
    if info.jumps_to_itself.get() && reports {
        frame.report_instructions();
    }
    if !frame.is_first_entry() {
        return observe::resumed(hook, caller);
    }
    if !observe::watches_entries(hook, info) {
        return Flow::Continue;
    }
    observe::entered(hook, caller)
}

/// A line is reached.
#[inline]
pub fn on_line(hook: &'static Hook, frame: TracedFrame) -> Flow {
    match frame.caller() {
        Some(caller) => reach(hook, caller),
        None => Flow::Continue,
    }
}

#[inline]
fn reach(hook: &'static Hook, caller: Caller) -> Flow {
    let line = if hook.rulebook.needs.line_text {
        caller.frame.line()
    } else {
        0
    };
    observe::line(hook, caller.code, line)
}

/// An instruction is about to be executed.
pub fn on_instruction(hook: &'static Hook, frame: TracedFrame) -> Flow {
    if hook.phase() == Phase::Latched {
        return latch::raise_again();
    }
    match (frame.instruction(), frame.caller()) {
        (Some((opcode, argument)), Some(caller))
            if is_self_jump(trace::generic(opcode), argument) =>
        {
            reach(hook, caller)
        }
        _ => Flow::Continue,
    }
}

/// A frame returns.
pub fn on_return(hook: &'static Hook, frame: TracedFrame) -> Flow {
    match frame.caller() {
        Some(caller) if hook.rulebook.needs.returns => observe::returned(hook, caller),
        _ => latch::check(hook),
    }
}

/// An exception passes through a frame.
pub fn on_exception(hook: &'static Hook, frame: TracedFrame, class: Ref<'_>) -> Flow {
    match frame.caller() {
        Some(caller) if hook.rulebook.needs.exceptions => observe::raised(hook, caller, class),
        _ => latch::check(hook),
    }
}

/// A C function is called.
pub fn on_native_call(hook: &'static Hook, callable: Ref<'_>) -> Flow {
    let by_guest = stack::callers()
        .next()
        .is_none_or(|caller| caller.is_guest());
    if by_guest || hook.rulebook.needs.library_native_calls {
        return observe::called(hook, callable);
    }
    latch::check(hook)
}
