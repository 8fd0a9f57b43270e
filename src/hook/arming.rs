//! Arming: everything that must be in place before the guest's first line, in order.
//!
//! 1. exceptions, the extra field of code objects, the mark for forked children;
//! 2. the engine takes what it needs of the interpreter while it is unguarded;
//! 3. all code that exists is vouched for;
//! 4. guards on what would switch the hook off, and on the hook's own duties;
//! 5. guards on what the policy covers;
//! 6. audit events; the engine starts.

use super::duties::Duty;
use super::engine::{self, EngineError};
use super::ffi::interpreter::{self, FieldNotFound};
use super::ffi::object::Ref;
use super::ffi::{attached, audit_events, code, exceptions, process, runtime};
use super::guards::{self, GuardError};
use super::state::Hook;
use super::{codes, naming, overseer, resolve, tamper, unaudited};
use crate::hook::layout;

/// The hook could not be armed; nothing of the guest runs.
#[derive(Debug, thiserror::Error)]
pub enum ArmingError {
    /// The policy covers more than the hook can guard.
    #[error(transparent)]
    Guard(#[from] GuardError),
    /// The interpreter isn't as its version says.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// As above: a field.
    #[error(transparent)]
    Field(#[from] FieldNotFound),
    /// As above: frames.
    #[error(transparent)]
    Layout(#[from] layout::Mismatch),
    /// A part of CPython that every build has wasn't there.
    #[error("this CPython lacks {0}")]
    Missing(&'static str),
}

impl ArmingError {
    /// Is it the policy that asks too much, rather than a fault of ours?
    pub fn is_policy(&self) -> bool {
        matches!(self, ArmingError::Guard(_))
    }
}

/// Functions around which the hook itself has work to do.
const DUTIES: &[(&str, &str, Duty)] = &[
    ("_thread", "start_new_thread", Duty::StartThread),
    ("_thread", "start_new", Duty::StartThread),
    ("_thread", "start_joinable_thread", Duty::StartThread),
    ("builtins", "__import__", Duty::Import),
    ("builtins", "__lazy_import__", Duty::LazyImport),
    ("builtins", "compile", Duty::Compile),
    ("builtins", "exec", Duty::Execute),
    ("builtins", "__build_class__", Duty::ClassStatement),
    ("builtins", "sorted", Duty::Sort),
    ("builtins", "open", Duty::Open),
    ("marshal", "loads", Duty::Unmarshal),
    ("_signal", "pidfd_send_signal", Duty::Signal),
    ("_imp", "get_frozen_object", Duty::Frozen),
    ("_imp", "create_builtin", Duty::CreateNative),
    ("_imp", "create_dynamic", Duty::CreateNative),
    ("_imp", "exec_builtin", Duty::ExecuteNative),
    ("_imp", "exec_dynamic", Duty::ExecuteNative),
];

/// Arms the hook.
///
/// # Errors
/// [`ArmingError`].
pub fn arm(hook: &'static Hook) -> Result<(), ArmingError> {
    layout::verify(attached::token())?;
    if !exceptions::prepare() {
        return Err(ArmingError::Missing("memory for exceptions"));
    }
    if !code::prepare() {
        return Err(ArmingError::Missing("an extra field of code objects"));
    }
    process::watch_forks();
    overseer::look();
    engine::prepare(hook)?;
    vouch_for_existing(hook)?;
    guard_tampering(hook)?;
    take_up_duties()?;
    for (_, module) in runtime::modules().into_iter().flat_map(Ref::entries) {
        unaudited::guard(hook, module)?;
    }
    resolve::everything(hook)?;
    disable_shortcuts(hook)?;
    if !audit_events::subscribe() {
        return Err(ArmingError::Missing("audit events"));
    }
    engine::start(hook)?;
    Ok(())
}

/// Takes in what was loaded since [`arm`], before there is any guest code.
///
/// # Errors
/// [`ArmingError`].
pub fn catch_up(hook: &'static Hook) -> Result<(), ArmingError> {
    vouch_for_existing(hook)?;
    resolve::everything(hook)?;
    Ok(())
}

fn vouch_for_existing(hook: &'static Hook) -> Result<(), ArmingError> {
    let tracked = runtime::tracked_objects()
        .ok_or(ArmingError::Missing("the collector's list of objects"))?;
    codes::vouch_for_existing(hook, runtime::list_items(&tracked));
    Ok(())
}

/// A function of a module that is part of every CPython.
fn builtin(module: &str, name: &str) -> Option<Ref<'static>> {
    let namespace = match module.split_once('.') {
        None => runtime::loaded_module(module)?.namespace()?,
        Some((module, inner)) => runtime::loaded_module(module)?
            .namespace()?
            .entry(inner)?
            .namespace()?,
    };
    namespace.entry(name)
}

/// Some call sites go past a function's definition; where a guard stands there, they mustn't.
fn disable_shortcuts(hook: &'static Hook) -> Result<(), ArmingError> {
    let find = |name| builtin("builtins", name).ok_or(ArmingError::Missing(name));
    let append = find("list")?
        .class_namespace()
        .and_then(|methods| methods.entry("append"))
        .ok_or(ArmingError::Missing("list.append"))?;
    let inlined = [find("isinstance")?, find("len")?, append];
    let is_guarded = |function: &Ref<'_>| function.definition().and_then(guards::find).is_some();
    if inlined.iter().any(is_guarded) {
        interpreter::disable_inlined_builtins(inlined[0], inlined[1], inlined[2])?;
    }
    if hook.rulebook.needs.imports || hook.rulebook.rules.closed.is_some() {
        interpreter::disable_inlined_import(find("__import__")?)?;
        if let Some(lazy) = builtin("builtins", "__lazy_import__") {
            interpreter::disable_inlined_import(lazy)?;
        }
    }
    Ok(())
}

fn guard_tampering(hook: &'static Hook) -> Result<(), ArmingError> {
    let refused = |entry: &&tamper::Entry| !tamper::allowed(hook, entry.family);
    for entry in tamper::FUNCTIONS.iter().filter(refused) {
        let function = builtin(entry.module, entry.function);
        if let Some(definition) = function.and_then(Ref::definition) {
            let canonical = format!("{}.{}", entry.module, entry.function);
            guards::install_with(definition, &canonical, |guard| {
                guard.tampers = Some(entry.whom);
            })?;
        }
    }
    Ok(())
}

fn take_up_duties() -> Result<(), ArmingError> {
    for (module, name, duty) in DUTIES {
        let Some(function) = builtin(module, name) else {
            continue; // other versions have it
        };
        let Some(definition) = function.definition() else {
            return Err(ArmingError::Missing(name));
        };
        let canonical =
            naming::of_c_function(function).unwrap_or_else(|| format!("{module}.{name}"));
        guards::install_with(definition, &canonical, |guard| guard.duty = Some(*duty))?;
    }
    Ok(())
}
