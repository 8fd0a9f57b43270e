//! What would switch the hook off, or let code run past it: refused under every policy that
//! doesn't allow it by name (`[tamper] allow`).
//!
//! The functions are guarded rather than deleted, so that the attempt is told. Attributes
//! of frames that switch tracing have no definition to guard; where the engine depends on
//! them (3.11) they are taken off the frame type.

use super::latch::{self, Deed, Flow};
use super::stack::Frame;
use super::state::Hook;
use crate::protocol::record::ViolationKind;
use crate::rules::Tampering;

/// Who may not call a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Anybody: a library would do it on the guest's behalf.
    Anybody,
    /// The guest; libraries have honest uses for it.
    Guest,
}

/// A function that switches the hook off, or lets code run past it.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// Module.
    pub module: &'static str,
    /// Function.
    pub function: &'static str,
    /// The word by which a policy may allow it.
    pub family: Tampering,
    /// Who may not call it.
    pub whom: Whom,
}

const fn entry(module: &'static str, function: &'static str, family: Tampering) -> Entry {
    Entry {
        module,
        function,
        family,
        whom: Whom::Anybody,
    }
}

const fn to_guest(module: &'static str, function: &'static str, family: Tampering) -> Entry {
    Entry {
        module,
        function,
        family,
        whom: Whom::Guest,
    }
}

/// Functions that set, change or remove hooks, start an interpreter that has none, or find
/// objects that nobody handed over. Those that a version lacks are passed over.
pub static FUNCTIONS: &[Entry] = &[
    entry("sys", "settrace", Tampering::Tracing),
    entry("sys", "setprofile", Tampering::Tracing),
    entry("sys", "_settraceallthreads", Tampering::Tracing),
    entry("sys", "_setprofileallthreads", Tampering::Tracing),
    entry("sys", "call_tracing", Tampering::Tracing),
    entry("sys", "addaudithook", Tampering::AuditHooks),
    entry("sys", "activate_stack_trampoline", Tampering::Tracing),
    entry("sys", "remote_exec", Tampering::Tracing),
    entry("sys.monitoring", "use_tool_id", Tampering::Monitoring),
    entry("sys.monitoring", "clear_tool_id", Tampering::Monitoring),
    entry("sys.monitoring", "free_tool_id", Tampering::Monitoring),
    entry("sys.monitoring", "register_callback", Tampering::Monitoring),
    entry("sys.monitoring", "set_events", Tampering::Monitoring),
    entry("sys.monitoring", "set_local_events", Tampering::Monitoring),
    entry("sys.monitoring", "restart_events", Tampering::Monitoring),
    to_guest("gc", "get_objects", Tampering::Gc),
    to_guest("gc", "get_referrers", Tampering::Gc),
    to_guest("gc", "get_referents", Tampering::Gc),
];

/// Modules that make interpreters without the hook, or reach into this one from outside
/// Python's rules: nothing but tests of CPython itself imports them. Native code by address is
/// refused to the guest alone: scientific packages are made of it.
pub static MODULES: &[(&str, Tampering, Whom)] = &[
    ("_interpreters", Tampering::Interpreters, Whom::Anybody),
    ("_xxsubinterpreters", Tampering::Interpreters, Whom::Anybody),
    ("_xxinterpchannels", Tampering::Interpreters, Whom::Anybody),
    ("_interpchannels", Tampering::Interpreters, Whom::Anybody),
    ("_interpqueues", Tampering::Interpreters, Whom::Anybody),
    ("_remote_debugging", Tampering::TestModules, Whom::Anybody),
    ("_testcapi", Tampering::TestModules, Whom::Anybody),
    ("_testinternalcapi", Tampering::TestModules, Whom::Anybody),
    ("_testlimitedcapi", Tampering::TestModules, Whom::Anybody),
    ("_testclinic", Tampering::TestModules, Whom::Anybody),
    ("_testmultiphase", Tampering::TestModules, Whom::Anybody),
    ("_testsinglephase", Tampering::TestModules, Whom::Anybody),
    ("_testbuffer", Tampering::TestModules, Whom::Anybody),
    ("_ctypes_test", Tampering::TestModules, Whom::Anybody),
    ("ctypes", Tampering::Ctypes, Whom::Guest),
    ("_ctypes", Tampering::Ctypes, Whom::Guest),
    ("_cffi_backend", Tampering::Ctypes, Whom::Guest),
];

/// Is a family of attempts allowed by the policy?
pub fn allowed(hook: &Hook, family: Tampering) -> bool {
    hook.rulebook.rules.tamper_allowed.contains(&family)
}

/// Is importing this module tampering? `by_guest`: is it the guest that asks?
pub fn is_forbidden_module(hook: &Hook, module: &str, by_guest: bool) -> bool {
    let package = module.split('.').next().unwrap_or(module);
    MODULES.iter().any(|(name, family, whom)| {
        *name == package && (by_guest || *whom == Whom::Anybody) && !allowed(hook, *family)
    })
}

/// The guest tried to tamper with the hook: latched and refused.
pub fn attempt(hook: &'static Hook, subject: &str, from: Option<Frame>) -> Flow {
    let deed = Deed {
        kind: ViolationKind::Tamper,
        subject,
        canonical: subject,
        rule: hook.rulebook.rules.tamper,
        from,
    };
    latch::deny(hook, deed)
}
