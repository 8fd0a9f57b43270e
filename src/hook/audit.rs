//! Audit events (PEP 578): attempts to tamper with the hook, processes that would escape it,
//! and code that is about to be executed.
//!
//! Most events of interest come from functions that are guarded as well; the event is the
//! second net, for calls that C makes without passing the function.

use std::cell::Cell;

use super::ffi::object::Ref;
use super::latch::{self, Flow};
use super::state::{Hook, Phase, hook};
use super::{imports, knock, opened, provenance, stack, tamper};
use crate::protocol::record::ViolationKind;

thread_local! {
    /// Is the hook itself at work? What it does raises events, too.
    static OURS: Cell<bool> = const { Cell::new(false) };
}

/// Does something that raises audit events on the hook's own account.
pub fn quietly<R>(work: impl FnOnce() -> R) -> R {
    let before = OURS.replace(true);
    let result = work();
    OURS.set(before);
    result
}

/// CPython is about to do something.
pub fn observe(event: &[u8], arguments: Ref<'_>) -> Flow {
    let Some(hook) = hook() else {
        return Flow::Continue;
    };
    if OURS.get() {
        return Flow::Continue;
    }
    if event == b"cpython._PySys_ClearAuditHooks" {
        // Finalisation is about to free what the witness's knocks need.
        knock::cease();
        return Flow::Continue;
    }
    match hook.phase() {
        Phase::Arming => Flow::Continue,
        Phase::Latched => latch::raise_again(),
        Phase::Guest => judge(hook, event, arguments),
    }
}

fn judge(hook: &'static Hook, event: &[u8], arguments: Ref<'_>) -> Flow {
    let argument = |index| arguments.items().nth(index);
    let tampering = |subject: &str| tamper::attempt(hook, subject, stack::innermost());
    match event {
        b"exec" => argument(0).map_or(Flow::Continue, |code| provenance::executing(hook, code)),
        b"open" => match argument(0).and_then(|path| opened::forbidden(hook, path)) {
            Some(subject) => tampering(&subject),
            None => Flow::Continue,
        },
        b"sys.settrace" => tampering("sys.settrace"),
        b"sys.setprofile" => tampering("sys.setprofile"),
        b"sys.addaudithook" => tampering("sys.addaudithook"),
        b"sys.monitoring.register_callback" => tampering("sys.monitoring.register_callback"),
        b"cpython.PyInterpreterState_New" => tampering("cpython.PyInterpreterState_New"),
        b"cpython.remote_debugger_script" => tampering("cpython.remote_debugger_script"),
        b"code.__new__" if stack::asker(stack::innermost(), "replace").guest => {
            tampering("code.__new__")
        }
        b"object.__setattr__" if sets_code(arguments) => {
            if stack::asker(stack::innermost(), "__code__").guest {
                return tampering("function.__code__");
            }
            if let (Some(function), Some(code)) = (argument(0), argument(2)) {
                provenance::rewritten(hook, function, code);
            }
            Flow::Continue
        }
        b"os.fork" => escaping(hook, "os.fork"),
        b"os.forkpty" => escaping(hook, "os.forkpty"),
        b"import" => match argument(0).and_then(Ref::text) {
            Some(name) if imports::is_probe(name, stack::innermost()) => {
                latch::deny_existence(name)
            }
            Some(name) if tamper::MODULES.contains(&name) => tampering(name),
            _ => Flow::Continue,
        },
        _ => Flow::Continue,
    }
}

/// A forked child would run the guest's code without a channel of its own.
fn escaping(hook: &'static Hook, subject: &str) -> Flow {
    tamper::attempt_of(hook, ViolationKind::Process, subject, stack::innermost())
}

/// `function.__code__ = …`: the function would go on under another's name.
fn sets_code(arguments: Ref<'_>) -> bool {
    let mut items = arguments.items();
    items.next().is_some_and(Ref::is_function)
        && items.next().and_then(Ref::text) == Some("__code__")
}
