//! What would switch the hook off, or let code run past it: refused under every policy.
//!
//! The functions are guarded rather than deleted, so that the attempt is told. Attributes
//! of frames that switch tracing have no definition to guard; where the engine depends on
//! them (3.11) they are taken off the frame type.

use super::latch::{self, Deed, Flow};
use super::stack::Frame;
use super::state::Hook;
use crate::protocol::record::ViolationKind;

/// A function that is refused, whoever calls it: a library would do it on the guest's behalf.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// Module.
    pub module: &'static str,
    /// Function.
    pub function: &'static str,
}

const fn entry(module: &'static str, function: &'static str) -> Entry {
    Entry { module, function }
}

/// Functions that set, change or remove hooks, or start an interpreter that has none.
/// Those that a version lacks are passed over.
pub static FUNCTIONS: &[Entry] = &[
    entry("sys", "settrace"),
    entry("sys", "setprofile"),
    entry("sys", "_settraceallthreads"),
    entry("sys", "_setprofileallthreads"),
    entry("sys", "call_tracing"),
    entry("sys", "addaudithook"),
    entry("sys", "activate_stack_trampoline"),
    entry("sys", "remote_exec"),
    entry("sys.monitoring", "use_tool_id"),
    entry("sys.monitoring", "clear_tool_id"),
    entry("sys.monitoring", "free_tool_id"),
    entry("sys.monitoring", "register_callback"),
    entry("sys.monitoring", "set_events"),
    entry("sys.monitoring", "set_local_events"),
    entry("sys.monitoring", "restart_events"),
];

/// Modules that make interpreters without the hook, or reach into this one from outside
/// Python's rules. Nothing but tests of CPython itself imports them.
pub static MODULES: &[&str] = &[
    "_interpreters",
    "_xxsubinterpreters",
    "_xxinterpchannels",
    "_interpchannels",
    "_interpqueues",
    "_remote_debugging",
    "_testcapi",
    "_testinternalcapi",
    "_testlimitedcapi",
    "_testclinic",
    "_testmultiphase",
    "_testsinglephase",
    "_testbuffer",
];

/// The guest tried to tamper with the hook: latched and refused.
pub fn attempt(hook: &'static Hook, subject: &str, from: Option<Frame>) -> Flow {
    attempt_of(hook, ViolationKind::Tamper, subject, from)
}

/// As [`attempt`], told as another kind of violation.
pub fn attempt_of(
    hook: &'static Hook,
    kind: ViolationKind,
    subject: &str,
    from: Option<Frame>,
) -> Flow {
    let rule = hook.rulebook.rules.tamper;
    latch::deny(
        hook,
        Deed {
            kind,
            subject,
            canonical: subject,
            rule,
            from,
        },
    )
}
