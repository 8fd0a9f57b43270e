//! The engine: how the hook hears of lines, entries and calls. One for each of CPython's
//! native APIs, and this is the one place where a version chooses.
//!
//! | CPython | engine | heard through |
//! |---|---|---|
//! | 3.11 | `legacy` | `PyEval_SetTrace`, `PyEval_SetProfile` |
//! | 3.12 to 3.15 | `monitoring` | `sys.monitoring` (PEP 669), local to guest code |

#[cfg(not(Py_3_12))]
pub mod legacy;
#[cfg(Py_3_12)]
pub mod monitoring;

use super::ffi::code::Code;
use super::state::Hook;

#[cfg(not(Py_3_12))]
static ENGINE: legacy::Legacy = legacy::Legacy::new();
#[cfg(Py_3_12)]
static ENGINE: monitoring::Monitoring = monitoring::Monitoring::new();

/// Why an engine can't do its work in this interpreter.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// An interface that the version should have isn't there.
    #[error("this CPython lacks {0}")]
    Missing(&'static str),
    /// CPython refused a call.
    #[cfg(Py_3_12)]
    #[error("CPython refused {0}")]
    Refused(&'static str),
}

/// How the hook hears of lines, entries and calls.
pub trait Engine: Sync {
    /// Sets everything up in the main thread; nothing is heard of before [`Engine::start`].
    ///
    /// # Errors
    /// [`EngineError`].
    fn prepare(&self, hook: &'static Hook) -> Result<(), EngineError>;

    /// From here on, everything that the policy needs is heard of.
    ///
    /// # Errors
    /// [`EngineError`].
    fn start(&self, hook: &'static Hook) -> Result<(), EngineError>;

    /// Runs first in every new thread.
    fn enter_thread(&self);

    /// After the latch: every event, in all code and all threads.
    fn escalate(&self);

    /// Rules were put on code that may have been found to matter to nobody.
    fn reconsider(&self);

    /// Rules cover `type`, `str` or `tuple`, calls of which the specialiser inlines without
    /// asking any slot: keep call sites from being specialised.
    fn see_inlined_classes(&self);

    /// Does the code hold an instruction that jumps to itself, and so a loop that this engine
    /// hears no line events of?
    fn jumps_to_itself(&self, code: Code<'_>) -> bool;
}

/// [`Engine::prepare`] of this interpreter's engine.
///
/// # Errors
/// [`EngineError`].
pub fn prepare(hook: &'static Hook) -> Result<(), EngineError> {
    ENGINE.prepare(hook)
}

/// [`Engine::start`] of this interpreter's engine.
///
/// # Errors
/// [`EngineError`].
pub fn start(hook: &'static Hook) -> Result<(), EngineError> {
    ENGINE.start(hook)
}

/// [`Engine::enter_thread`] of this interpreter's engine.
pub fn enter_thread() {
    ENGINE.enter_thread();
}

/// [`Engine::escalate`] of this interpreter's engine.
pub fn escalate() {
    super::audit::quietly(|| ENGINE.escalate());
}

/// [`Engine::reconsider`] of this interpreter's engine.
pub fn reconsider() {
    ENGINE.reconsider();
}

/// [`Engine::see_inlined_classes`] of this interpreter's engine.
pub fn see_inlined_classes() {
    ENGINE.see_inlined_classes();
}

/// [`Engine::jumps_to_itself`] of this interpreter's engine.
pub fn jumps_to_itself(code: Code<'_>) -> bool {
    ENGINE.jumps_to_itself(code)
}
