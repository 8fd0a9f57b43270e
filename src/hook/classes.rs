//! Rules on C classes (`type`, `range`, `socket.socket`): calling one makes an instance.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard};

use pyo3::ffi::PyTypeObject;

use super::arguments::Given;
use super::calls::{self, Callee};
use super::callsite::Target;
use super::ffi::class;
use super::ffi::code::Attached;
use super::ffi::method::{Call, Passing};
use super::ffi::object::Ref;
use super::ffi::process;
use super::imports;
use super::latch::{self, Flow};
use super::parameters::Parameters;
use super::stack::{self, Frame};
use super::state::{Hook, Phase, hook};

/// What the policy says of one C class.
#[derive(Debug)]
pub struct ClassGuard {
    /// Last part of its name.
    pub name: String,
    /// Its own dotted name.
    pub canonical: String,
    address: usize,
    /// Is it `type` itself, which class statements call as well?
    pub is_type: bool,
    /// Is it closed to the guest by `defaults.functions = "deny"`?
    pub closed: AtomicBool,
    /// Its constructor's parameters, if they are known.
    parameters: Option<Parameters>,
    rules: Mutex<Arc<[Attached]>>,
}

impl ClassGuard {
    /// The arguments of a call of the class.
    fn given<'a>(&'a self, call: Option<&'a Call>) -> Given<'a> {
        match call {
            Some(call) => Given::Native {
                call,
                passing: Passing::Many,
                parameters: self.parameters.as_ref(),
            },
            None => Given::Unknown,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Arc<[Attached]>> {
        self.rules
            .try_lock()
            .unwrap_or_else(|_| process::abandon("a guard was entered inside its own decision"))
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
}

/// The guard on a class, put there if there is none.
pub fn install(class: Ref<'_>, canonical: &str) -> &'static ClassGuard {
    if let Some(guard) = class::find(class) {
        return guard;
    }
    let guard: &'static ClassGuard = Box::leak(Box::new(ClassGuard {
        name: canonical.rsplit('.').next().unwrap_or(canonical).to_owned(),
        canonical: canonical.to_owned(),
        address: class.address(),
        is_type: canonical == "builtins.type",
        closed: AtomicBool::new(false),
        parameters: Parameters::of(canonical, class.native_documentation()),
        rules: Mutex::new(Arc::from([])),
    }));
    class::patch(class.immortalise(), guard);
    guard
}

thread_local! {
    /// The class whose constructor runs in this thread, and for which frame: its own use of
    /// `tp_new` is the same call, not a second one.
    static INSIDE: Cell<Option<(*const ClassGuard, Option<usize>)>> = const { Cell::new(None) };
    /// The frame for which `io.open` runs in this thread; the interpreter calls it without one.
    static OPENING: Cell<Option<Option<usize>>> = const { Cell::new(None) };
    /// The frame for which `sorted` runs in this thread.
    static SORTING: Cell<Option<usize>> = const { Cell::new(None) };
    /// The frame whose class statement runs in this thread.
    static CLASS_STATEMENT: Cell<Option<usize>> = const { Cell::new(None) };
}

fn frame_identity(frame: Option<Frame>) -> Option<usize> {
    frame.map(|frame| frame.address())
}

/// Runs a constructor; what it does with the same class for the same frame isn't judged again.
pub fn inside<R>(guard: &'static ClassGuard, construct: impl FnOnce() -> R) -> R {
    let here = (
        std::ptr::from_ref(guard),
        frame_identity(stack::innermost()),
    );
    let before = INSIDE.replace(Some(here));
    let result = construct();
    INSIDE.set(before);
    result
}

/// Runs `builtins.__build_class__`: the call of the metaclass at its end is part of the class
/// statement, and no call that the guest wrote.
pub fn class_statement<R>(build: impl FnOnce() -> R) -> R {
    let before = CLASS_STATEMENT.replace(frame_identity(stack::innermost()));
    let result = build();
    CLASS_STATEMENT.set(before);
    result
}

/// Runs `io.open`, which makes a `FileIO`, a buffer and a text stream.
pub fn opening<R>(open: impl FnOnce() -> R) -> R {
    let before = OPENING.replace(Some(frame_identity(stack::innermost())));
    let result = open();
    OPENING.set(before);
    result
}

/// Runs `builtins.sorted`, which calls `list.sort` on a list of its own.
pub fn sorting<R>(sort: impl FnOnce() -> R) -> R {
    let before = SORTING.replace(frame_identity(stack::innermost()));
    let result = sort();
    SORTING.set(before);
    result
}

/// Is this call of `list.sort` a part of `sorted`?
pub fn is_within_sorted() -> bool {
    let here = frame_identity(stack::innermost());
    here.is_some() && SORTING.get() == here
}

/// May this call of a guarded class go on? `false`: an exception is set. `class` is the one
/// whose instance is made: the guarded class, or one that inherits from it; `call` has the
/// arguments, where the slot that is called gets them.
pub fn admits(guard: &'static ClassGuard, class: *mut PyTypeObject, call: Option<&Call>) -> bool {
    process::die_if_forked();
    let Some(hook) = hook() else {
        return true;
    };
    match hook.phase() {
        Phase::Arming => return true,
        Phase::Latched => {
            let _ = latch::raise_again();
            return false;
        }
        Phase::Guest => {}
    }
    let from = stack::innermost();
    let here = frame_identity(from);
    if INSIDE.get() == Some((std::ptr::from_ref(guard), here)) {
        return true;
    }
    let is_stream = ["io.", "_io."]
        .iter()
        .any(|module| guard.canonical.starts_with(module));
    if is_stream && OPENING.get().is_some_and(|opening| opening == here) {
        return true;
    }
    let is_query = call.is_some_and(|call| call.count() == 1);
    if guard.is_type && !is_query && CLASS_STATEMENT.get().is_some_and(|f| Some(f) == here) {
        return true;
    }
    judge(hook, guard, class, call, false)
}

/// May an instance be initialised with these arguments? Its making was judged before, with
/// others perhaps.
pub fn admits_again(guard: &'static ClassGuard, class: *mut PyTypeObject, call: &Call) -> bool {
    match hook() {
        Some(hook) if hook.phase() == Phase::Guest => judge(hook, guard, class, Some(call), true),
        Some(hook) if hook.phase() == Phase::Latched => {
            let _ = latch::raise_again();
            false
        }
        _ => true,
    }
}

fn judge(
    hook: &'static Hook,
    guard: &'static ClassGuard,
    class: *mut PyTypeObject,
    call: Option<&Call>,
    is_repeated: bool,
) -> bool {
    let from = stack::innermost();
    // A library that makes instances of a class of its own doesn't call what that inherits from.
    let is_inherited = class as usize != guard.address;
    if is_inherited
        && stack::callers_from(from)
            .next()
            .is_some_and(|caller| !caller.is_guest())
    {
        return true;
    }
    // A C module makes its classes and values while it is imported.
    if imports::is_call_of_machinery(&guard.name) {
        return true;
    }
    let rules = guard.lock().clone();
    let callee = Callee {
        name: &guard.name,
        canonical: &guard.canonical,
        rules: &rules,
        closed: guard.closed.load(Ordering::Relaxed),
        is_incidental: false,
        target: Target::Class(guard.address),
        given: guard.given(call),
        is_repeated,
    };
    calls::judge(hook, &callee, from) == Flow::Continue
}
