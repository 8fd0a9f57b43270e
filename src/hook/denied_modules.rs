//! What stands in modules that the policy denies, for a guest that needn't import them.
//!
//! A denied module is often loaded all the same: a library needs it, or the interpreter. A
//! guest finds it in `sys.modules`, or as another module's attribute. So the functions and
//! classes that such a module defines are refused to guest code that calls them itself; what
//! libraries do with them is their business. Methods aren't: objects are handed out by modules
//! that are allowed.

use std::sync::atomic::Ordering;

use super::ffi::code::{CodeInfo, Origin, Shape};
use super::ffi::object::Ref;
use super::ffi::runtime;
use super::guards::{self, GuardError};
use super::latch::{self, Deed, Flow};
use super::naming;
use super::stack::{self, Frame};
use super::state::Hook;
use crate::protocol::record::ViolationKind;
use crate::rules::RuleIndex;
use crate::rules::decide::outer_module;

/// Guards the C functions of a module, as far as those come from denied modules.
///
/// # Errors
/// A function that must be guarded can't be.
pub fn guard(hook: &Hook, namespace: Ref<'_>) -> Result<(), GuardError> {
    if hook.rulebook.denies_no_import() {
        return Ok(());
    }
    for (_, function) in namespace.entries() {
        let of_module = function.bound_to().is_some_and(Ref::is_module);
        let (Some(definition), true) = (function.definition(), of_module) else {
            continue;
        };
        let denied = function.c_module().and_then(|module| denied(hook, module));
        if denied.is_none() || is_builtin(function) {
            continue;
        }
        let canonical = naming::of_c_function(function).unwrap_or_default();
        guards::install(definition, &canonical)?
            .of_denied_module
            .store(true, Ordering::Relaxed);
    }
    Ok(())
}

/// The rule that denies a module. An inner half whose outer one is allowed isn't denied here:
/// programs get its functions from there.
fn denied(hook: &Hook, module: &str) -> Option<RuleIndex> {
    let outer = outer_module(module);
    hook.rulebook
        .import_denied(outer.as_deref().unwrap_or(module))
}

/// Does `builtins` offer it, too (`open` is `io.open`)?
fn is_builtin(function: Ref<'_>) -> bool {
    runtime::loaded_module("builtins")
        .and_then(Ref::namespace)
        .is_some_and(|builtins| {
            builtins
                .entries()
                .any(|(_, value)| value.definition() == function.definition())
        })
}

/// Is this the code of a function, or of the constructor of a class, that a denied module
/// defines for others? Private ones are left out: the interpreter itself calls some.
pub fn is_entrance(hook: &Hook, origin: Origin, shape: Shape, module: &str, name: &str) -> bool {
    if origin != Origin::Library || shape != Shape::Function || hook.rulebook.denies_no_import() {
        return false;
    }
    let constructed = [".__init__", ".__new__"]
        .iter()
        .find_map(|suffix| name.strip_suffix(suffix));
    let public = constructed.unwrap_or(name);
    !public.contains('.') && !public.starts_with('_') && denied(hook, module).is_some()
}

/// A C function of a denied module is called.
pub fn called(hook: &'static Hook, canonical: &str, from: Option<Frame>) -> Flow {
    let module = canonical
        .rsplit_once('.')
        .map_or(canonical, |(module, _)| module);
    judge(hook, module, canonical, from)
}

/// A Python function of a denied module is entered.
pub fn entered(hook: &'static Hook, info: &CodeInfo, from: Option<Frame>) -> Flow {
    match info.is_entrance_of_denied_module {
        true => judge(hook, &info.module, &info.name, from),
        false => Flow::Continue,
    }
}

fn judge(hook: &'static Hook, module: &str, canonical: &str, from: Option<Frame>) -> Flow {
    let by_guest = stack::callers_from(from)
        .next()
        .is_some_and(|caller| caller.is_guest());
    let Some(rule) = denied(hook, module).filter(|_| by_guest) else {
        return Flow::Continue;
    };
    let outer = outer_module(module);
    let deed = Deed {
        kind: ViolationKind::Import,
        subject: outer.as_deref().unwrap_or(module),
        canonical,
        rule,
        from,
    };
    latch::deny(hook, deed)
}
