//! The engine on CPython 3.12 and later: `sys.monitoring` (PEP 669).
//!
//! One tool id, callbacks that are raw vectorcall objects. `PY_START` is heard for all code:
//! the first time a code object runs it is told whose it is, and the events that the policy
//! needs are set on that code object alone; what needs no more is disabled at that place for
//! good. Library code therefore costs nothing after its first entry.
//!
//! A line event of `sys.settrace` is, on these versions, a LINE event or a backward jump
//! within one line (Python/legacy_tracing.c); the same two make a step here.
//!
//! The functions of `sys.monitoring` are guarded, so the guest can't reach the tool. The
//! engine calls the originals behind the guards.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Engine, EngineError};
use crate::hook::ffi::code::{Code, CodeInfo, Origin};
use crate::hook::ffi::monitoring::{Callback, Events, Tool};
use crate::hook::ffi::object::Ref;
use crate::hook::latch::{self, Flow};
use crate::hook::rulebook::Needs;
use crate::hook::state::{Hook, Phase, hook};
use crate::hook::{codes, observe, stack, tamper};

/// What a callback tells the runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Call again.
    Continue,
    /// Don't call again for this place in this code object.
    Disable,
    /// An exception is set.
    Raise,
}

impl From<Flow> for Answer {
    fn from(flow: Flow) -> Answer {
        match flow {
            Flow::Continue => Answer::Continue,
            Flow::Raise => Answer::Raise,
        }
    }
}

/// The engine.
pub struct Monitoring {
    tool: OnceLock<Tool>,
    inlined_classes: AtomicBool,
}

impl Monitoring {
    /// Not set up yet.
    pub const fn new() -> Monitoring {
        Monitoring {
            tool: OnceLock::new(),
            inlined_classes: AtomicBool::new(false),
        }
    }

    /// Events that the policy needs on one code object.
    fn local_events(&self, needs: Needs, info: &CodeInfo, code: Code<'_>) -> Events {
        let guest = info.origin == Origin::Guest;
        let mut events = Events::NONE;
        // A generator goes on by `send`, which is a resumption, or by `throw`, which isn't.
        let is_counted_live =
            needs.function_recursion && code.is_generator() && !info.rules.borrow().is_empty();
        if (guest && (needs.steps || needs.line_text))
            || needs.library_steps
            || needs.library_lines
            || is_counted_live
            || !info.step_rules.borrow().is_empty()
        {
            events = events | Events::LINE | Events::JUMP;
            // 3.13: a generator that is closed in `yield from` arrives at the line once more
            // under `sys.settrace`, which hears resumptions, and not under LINE alone.
            if code.is_generator() {
                events = events | Events::PY_RESUME;
            }
        }
        let calls = if guest {
            needs.native_calls
        } else {
            needs.library_native_calls
        };
        if calls || self.inlined_classes.load(Ordering::Relaxed) {
            events = events | Events::CALL;
        }
        if needs.returns {
            events = events | Events::PY_RETURN;
        }
        events
    }

    fn global_events(&self, needs: Needs) -> Events {
        let anything = needs != Needs::default() || self.inlined_classes.load(Ordering::Relaxed);
        let mut events = Events::NONE;
        if anything {
            events = events | Events::PY_START;
        }
        if needs.exceptions {
            events = events | Events::RAISE;
        }
        events
    }
}

impl Engine for Monitoring {
    fn prepare(&self, _hook: &'static Hook) -> Result<(), EngineError> {
        let tool = Tool::acquire()?;
        for (event, callback) in [
            (Events::PY_START, Callback::Start),
            (Events::PY_RESUME, Callback::Resume),
            (Events::LINE, Callback::Line),
            (Events::JUMP, Callback::Jump),
            (Events::BRANCH_LEFT, Callback::Branch),
            (Events::BRANCH_RIGHT, Callback::Branch),
            (Events::CALL, Callback::Call),
            (Events::PY_RETURN, Callback::Return),
            (Events::RAISE, Callback::Raise),
        ] {
            tool.register(event, callback)?;
        }
        self.tool
            .set(tool)
            .map_err(|_| EngineError::Refused("a second tool"))
    }

    fn start(&self, hook: &'static Hook) -> Result<(), EngineError> {
        let tool = self
            .tool
            .get()
            .ok_or(EngineError::Missing("the monitoring tool"))?;
        // Rules on Python functions were attached before: they, too, need entries to be seen.
        let mut needs = hook.rulebook.needs;
        needs.library_entries |=
            !hook.rulebook.rules.functions.is_empty() || hook.rulebook.rules.closed.is_some();
        tool.set_events(self.global_events(needs))
    }

    fn enter_thread(&self) {
        // Monitoring covers all threads of the interpreter.
    }

    fn escalate(&self) {
        if let Some(tool) = self.tool.get() {
            let everything = Events::PY_START
                | Events::PY_RESUME
                | Events::LINE
                | Events::JUMP
                | Events::BRANCH_LEFT
                | Events::BRANCH_RIGHT
                | Events::CALL;
            // What fails here costs nothing but time: the run is latched and will be killed.
            let _ = tool.set_events(everything);
            tool.restart_events();
        }
    }

    fn reconsider(&self) {
        if let Some(tool) = self.tool.get() {
            tool.restart_events();
        }
    }

    fn see_inlined_classes(&self) {
        self.inlined_classes.store(true, Ordering::Relaxed);
        self.reconsider();
    }

    fn jumps_to_itself(&self, _code: Code<'_>) -> bool {
        false // JUMP events tell of every such jump
    }
}

/// PY_START: a frame is entered.
pub fn on_start(engine: &'static Monitoring, hook: &'static Hook) -> Answer {
    let Some(caller) = stack::callers().next() else {
        return Answer::Continue;
    };
    let Some(info) = codes::of_frame(hook, caller) else {
        return Answer::Continue;
    };
    if !info.watched.replace(true) {
        let events = engine.local_events(hook.rulebook.needs, info, caller.code);
        if events != Events::NONE
            && engine
                .tool
                .get()
                .is_none_or(|tool| !tool.set_local_events(caller.code, events))
        {
            // Guest code that can't be watched must not run.
            return tamper::attempt(hook, "unwatched code", Some(caller.frame)).into();
        }
    }
    if !observe::watches_entries(hook, info) && hook.phase() == Phase::Guest {
        return Answer::Disable;
    }
    observe::entered(hook, caller).into()
}

/// PY_RESUME: a generator or coroutine goes on.
pub fn on_resume(hook: &'static Hook) -> Answer {
    if !hook.rulebook.needs.function_recursion {
        return latch::check(hook).into();
    }
    match stack::callers().next() {
        Some(caller) => observe::resumed(hook, caller).into(),
        None => Answer::Continue,
    }
}

/// LINE: a source line is reached. Instructions without a line (-1) reach none, as CPython's
/// own trace has it.
#[inline]
pub fn on_line(hook: &'static Hook, code: Code<'_>, line: i64) -> Answer {
    match u32::try_from(line) {
        Ok(line) => observe::line(hook, code, line).into(),
        Err(_) => latch::check(hook).into(),
    }
}

/// JUMP: a jump is taken. Only one back, or to itself, within a line is a new arrival there; the
/// others are disabled, as CPython's own trace does.
pub fn on_jump(hook: &'static Hook, code: Code<'_>, from: i64, to: i64) -> Answer {
    if let flow @ Flow::Raise = latch::check(hook) {
        return flow.into();
    }
    let place = |offset: i64| {
        i32::try_from(offset)
            .ok()
            .and_then(|offset| code.line_at(offset))
    };
    if to > from || place(from) != place(to) {
        return Answer::Disable;
    }
    place(to).map_or(Answer::Continue, |line| {
        observe::line(hook, code, line).into()
    })
}

/// CALL: something is called.
pub fn on_call(hook: &'static Hook, callable: Ref<'_>) -> Answer {
    observe::called(hook, callable).into()
}

/// PY_RETURN: a function returns.
pub fn on_return(hook: &'static Hook) -> Answer {
    match stack::callers().next() {
        Some(caller) => observe::returned(hook, caller).into(),
        None => Answer::Continue,
    }
}

/// RAISE: an exception is raised.
pub fn on_raise(hook: &'static Hook, exception: Ref<'_>) -> Answer {
    match stack::callers().next() {
        Some(caller) => observe::raised(hook, caller, exception.class()).into(),
        None => Answer::Continue,
    }
}

/// An event that only matters after the latch.
pub fn on_other(hook: &'static Hook) -> Answer {
    latch::check(hook).into()
}

/// The engine and the hook, for callbacks.
pub fn engine() -> Option<(&'static Monitoring, &'static Hook)> {
    Some((&super::ENGINE, hook()?))
}
