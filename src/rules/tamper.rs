//! What counts as tampering with the hook, in the words by which a policy may allow it.

use serde::{Deserialize, Serialize};

/// A family of attempts to switch the hook off, or to get past it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tampering {
    /// `sys.settrace`, `sys.setprofile`, `threading.settrace` and kin.
    Tracing,
    /// `sys.monitoring.*`.
    Monitoring,
    /// `sys.addaudithook`.
    AuditHooks,
    /// `f_trace`, `f_trace_lines`, `f_trace_opcodes` of frames.
    FrameTracing,
    /// `code.__new__`, `code.replace`, `function.__code__ = …`.
    Code,
    /// `gc.get_objects`, `gc.get_referrers`, `gc.get_referents`.
    Gc,
    /// `ctypes`, `_ctypes` and what else calls native code by address.
    Ctypes,
    /// `_testcapi`, `_testinternalcapi` and other modules for testing CPython itself.
    TestModules,
    /// `_interpreters`, `_xxsubinterpreters`: interpreters without a hook.
    Interpreters,
    /// `compile` of a syntax tree whose positions are made by hand.
    Ast,
}

impl Tampering {
    /// Every family, in the order of the policy reference.
    pub const ALL: [Tampering; 10] = [
        Tampering::Tracing,
        Tampering::Monitoring,
        Tampering::AuditHooks,
        Tampering::FrameTracing,
        Tampering::Code,
        Tampering::Gc,
        Tampering::Ctypes,
        Tampering::TestModules,
        Tampering::Interpreters,
        Tampering::Ast,
    ];

    /// The word that policies use.
    pub fn as_str(self) -> &'static str {
        match self {
            Tampering::Tracing => "tracing",
            Tampering::Monitoring => "monitoring",
            Tampering::AuditHooks => "audit-hooks",
            Tampering::FrameTracing => "frame-tracing",
            Tampering::Code => "code",
            Tampering::Gc => "gc",
            Tampering::Ctypes => "ctypes",
            Tampering::TestModules => "test-modules",
            Tampering::Interpreters => "interpreters",
            Tampering::Ast => "ast",
        }
    }
}
