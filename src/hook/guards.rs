//! Guards: C functions and methods that ask the rules before they run.
//!
//! A guard replaces the implementation inside a `PyMethodDef`, the definition that all
//! objects of one C function share: aliases, bound methods, second copies of a module, calls
//! made from C, all end there. Calls of functions that aren't guarded cost nothing.
//!
//! A guard serves three purposes, together or alone: the policy's rules on the function, the
//! refusal of functions that would switch the hook off, and the hook's own needs (a thread
//! starts, a module's code is loaded).

use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock};

use pyo3::ffi::PyMethodDef;

use super::arguments::Given;
use super::callsite::Target;
use super::duties::Duty;
use super::ffi::code::Attached;
use super::ffi::method::{Call, Original};
use super::ffi::process;
use super::ffi::trampolines::Signature;
use super::latch::{self, Flow};
use super::parameters::Parameters;
use super::stack::Frame;
use super::state::{Hook, Phase, hook};
use super::{calls, classes, denied_modules, imports, sources, stack, tamper};

pub use super::ffi::method::Arguments;

/// One guarded definition.
#[derive(Debug)]
pub struct Guard {
    original: Original,
    definition: usize,
    /// Last part of the name: what a caller's code would have to mention.
    pub name: &'static str,
    /// The function's own dotted name.
    pub canonical: String,
    /// What the policy says of it.
    pub rules: Mutex<Arc<[Attached]>>,
    /// Is it closed to the guest by `defaults.functions = "deny"`?
    pub closed: AtomicBool,
    /// Does it belong to a module that the guest may not import?
    pub of_denied_module: AtomicBool,
    /// Is it a method of a C class?
    pub is_method: AtomicBool,
    /// Would it switch the hook off?
    pub tampers: Option<tamper::Whom>,
    /// What the hook itself does around it.
    pub duty: Option<Duty>,
    parameters: OnceLock<Option<Parameters>>,
}

/// Why a definition could not be guarded.
#[derive(Debug, thiserror::Error)]
pub enum GuardError {
    /// More functions than the pool has guards.
    #[error("the policy covers more C functions than the {0} that the hook can guard")]
    PoolExhausted(usize),
    /// A calling convention that CPython doesn't document.
    #[error("{0} has a calling convention that the hook does not know")]
    UnknownConvention(String),
}

/// Guards by slot, for each signature.
struct Table {
    slots: Vec<AtomicPtr<Guard>>,
    used: Mutex<usize>,
}

static TABLES: [OnceLock<Table>; 5] = [const { OnceLock::new() }; 5];

fn table(signature: Signature) -> &'static Table {
    TABLES[signature as usize].get_or_init(|| Table {
        slots: (0..signature.capacity())
            .map(|_| AtomicPtr::default())
            .collect(),
        used: Mutex::new(0),
    })
}

/// The guard on a definition, if there is one.
pub fn find(definition: NonNull<PyMethodDef>) -> Option<&'static Guard> {
    let (signature, slot) = super::ffi::method::guarded_slot(definition)?;
    at(signature, slot)
}

fn at(signature: Signature, slot: usize) -> Option<&'static Guard> {
    let pointer = table(signature).slots.get(slot)?.load(Ordering::Acquire);
    super::ffi::method::leaked(pointer)
}

/// Guards a definition; one that is guarded already is returned.
///
/// # Errors
/// [`GuardError`].
pub fn install(
    definition: NonNull<PyMethodDef>,
    canonical: &str,
) -> Result<&'static Guard, GuardError> {
    install_with(definition, canonical, |_| {})
}

/// Guards a definition, with a purpose; `adjust` sees the guard before it is in force.
///
/// # Errors
/// [`GuardError`].
pub fn install_with(
    definition: NonNull<PyMethodDef>,
    canonical: &str,
    adjust: impl FnOnce(&mut Guard),
) -> Result<&'static Guard, GuardError> {
    if let Some(guard) = find(definition) {
        return Ok(guard);
    }
    let original = Original::of(definition)
        .ok_or_else(|| GuardError::UnknownConvention(canonical.to_owned()))?;
    let table = table(original.signature());
    let mut used = table
        .used
        .try_lock()
        .unwrap_or_else(|_| process::abandon("the guards were entered twice"));
    let slot = *used;
    let place = table
        .slots
        .get(slot)
        .ok_or(GuardError::PoolExhausted(table.slots.len()))?;
    let mut guard = Guard {
        name: original.name(),
        canonical: canonical.to_owned(),
        rules: Mutex::new(Arc::from([])),
        closed: AtomicBool::new(false),
        of_denied_module: AtomicBool::new(false),
        is_method: AtomicBool::new(false),
        tampers: None,
        duty: None,
        parameters: OnceLock::new(),
        definition: definition.as_ptr() as usize,
        original,
    };
    adjust(&mut guard);
    let guard: &'static mut Guard = Box::leak(Box::new(guard));
    place.store(guard, Ordering::Release);
    *used += 1;
    super::ffi::method::patch(definition, guard.original.signature(), slot);
    at(guard.original.signature(), slot)
        .ok_or_else(|| GuardError::UnknownConvention(canonical.to_owned()))
}

/// What a trampoline does: ask, and call the original if nothing stands against it.
pub fn enter(signature: Signature, slot: usize, arguments: Arguments) -> *mut pyo3::ffi::PyObject {
    process::die_if_forked();
    let Some(guard) = at(signature, slot) else {
        process::abandon("a guard was called that was never installed")
    };
    let call = Call { arguments };
    let Some(hook) = hook() else {
        return guard.original.call(&call);
    };
    match hook.phase() {
        Phase::Arming => return guard.original.call(&call),
        Phase::Guest => {}
        Phase::Latched => {
            let _ = latch::raise_again();
            return std::ptr::null_mut();
        }
    }
    // An import statement calls `__import__`, too; it is judged as an import, and rules on the
    // function are about code that writes the call out.
    let is_import = matches!(guard.duty, Some(Duty::Import | Duty::LazyImport));
    let is_statement = is_import && imports::is_statement(&call);
    if !is_statement && ask(hook, guard, &call) == Flow::Raise {
        return std::ptr::null_mut();
    }
    match guard.duty {
        None => guard.original.call(&call),
        Some(duty) => duty.perform(hook, &guard.original, &call),
    }
}

/// What speaks against this call?
fn ask(hook: &'static Hook, guard: &'static Guard, call: &Call) -> Flow {
    let from = stack::innermost();
    // A rule on the function says more than one on its module.
    match ask_rules(hook, guard, call, from) {
        Flow::Continue if guard.of_denied_module.load(Ordering::Relaxed) => {
            denied_modules::called(hook, &guard.canonical, from)
        }
        flow => flow,
    }
}

fn ask_rules(hook: &'static Hook, guard: &'static Guard, call: &Call, from: Option<Frame>) -> Flow {
    let forbidden = match guard.tampers {
        None => false,
        Some(tamper::Whom::Anybody) => true,
        Some(tamper::Whom::Guest) => stack::asker(from, guard.name).guest,
    };
    if forbidden {
        return tamper::attempt(hook, &guard.canonical, from);
    }
    let rules = guard.rules();
    let closed = guard.closed.load(Ordering::Relaxed);
    if (rules.is_empty() && !closed) || imports::is_call_of_machinery(guard.name) {
        return Flow::Continue;
    }
    if guard.canonical == "builtins.list.sort" && classes::is_within_sorted() {
        return Flow::Continue;
    }
    if sources::is_display(hook, &guard.canonical, call, from) {
        return Flow::Continue;
    }
    let callee = calls::Callee {
        name: guard.name,
        canonical: &guard.canonical,
        rules: &rules,
        closed,
        is_incidental: guard.is_method.load(Ordering::Relaxed),
        target: Target::Definition(guard.definition),
        given: guard.given(call),
        is_repeated: false,
    };
    calls::judge(hook, &callee, from)
}

impl Guard {
    /// The arguments of a call of the function.
    fn given<'a>(&'a self, call: &'a Call) -> Given<'a> {
        let parameters = self
            .parameters
            .get_or_init(|| Parameters::of(&self.canonical, self.original.documentation()));
        Given::Native {
            call,
            passing: self.original.passing(),
            parameters: parameters.as_ref(),
        }
    }

    /// What the policy says of the function.
    pub fn rules(&self) -> Arc<[Attached]> {
        self.lock().clone()
    }

    /// Adds rules; those that are there already stay.
    pub fn attach(&self, more: impl IntoIterator<Item = Attached>) {
        let mut rules = self.lock();
        let mut all = rules.to_vec();
        for attached in more {
            if !all.iter().any(|known| known.rule == attached.rule) {
                all.push(attached);
            }
        }
        *rules = all.into();
    }

    /// Does the guard itself record the calls that the policy lets pass?
    pub fn records_calls(&self) -> bool {
        self.closed.load(Ordering::Relaxed) || !self.lock().is_empty()
    }

    fn lock(&self) -> MutexGuard<'_, Arc<[Attached]>> {
        self.rules
            .try_lock()
            .unwrap_or_else(|_| process::abandon("a guard was entered inside its own decision"))
    }
}
