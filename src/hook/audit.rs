//! Audit events (PEP 578): attempts to tamper with the hook, processes that would escape it,
//! and code that is about to be executed.
//!
//! Most events of interest come from functions that are guarded as well; the event is the
//! second net, for calls that C makes without passing the function.

use std::cell::Cell;
use std::path::Path;

use super::ffi::object::Ref;
use super::latch::{self, Flow};
use super::state::{Hook, Phase, hook};
use super::{children, files, hosts, imports, knock, opened, overseer, provenance, stack, tamper};
use crate::rules::Tampering;

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
    let unless_allowed = |family: Tampering, subject: &str| match tamper::allowed(hook, family) {
        true => Flow::Continue,
        false => tampering(subject),
    };
    match event {
        b"exec" => argument(0).map_or(Flow::Continue, |code| provenance::executing(hook, code)),
        b"open" => {
            let folder = files::take_folder();
            if let Some(path) = argument(0).and_then(Ref::text).map(Path::new)
                && provenance::is_guest_bytecode(hook, path)
            {
                return latch::deny_file(path);
            }
            match argument(0).and_then(|path| opened::forbidden(hook, path, folder)) {
                Some(subject) => tampering(&subject),
                None if files::concern(hook) => files::opening(hook, arguments, folder),
                None => Flow::Continue,
            }
        }
        b"sys.settrace" => unless_allowed(Tampering::Tracing, "sys.settrace"),
        b"sys.setprofile" => unless_allowed(Tampering::Tracing, "sys.setprofile"),
        b"sys.addaudithook" => unless_allowed(Tampering::AuditHooks, "sys.addaudithook"),
        b"sys.monitoring.register_callback" => {
            unless_allowed(Tampering::Monitoring, "sys.monitoring.register_callback")
        }
        b"cpython.PyInterpreterState_New" => {
            unless_allowed(Tampering::Interpreters, "cpython.PyInterpreterState_New")
        }
        b"cpython.remote_debugger_script" => tampering("cpython.remote_debugger_script"),
        b"code.__new__" if stack::asker(stack::innermost(), "replace").guest => {
            unless_allowed(Tampering::Code, "code.__new__")
        }
        b"object.__setattr__" if sets_code(arguments) => {
            if stack::asker(stack::innermost(), "__code__").guest
                && !tamper::allowed(hook, Tampering::Code)
            {
                return tampering("function.__code__");
            }
            if let (Some(function), Some(code)) = (argument(0), argument(2)) {
                provenance::rewritten(hook, function, code);
            }
            Flow::Continue
        }
        b"import" => match argument(0).and_then(Ref::text) {
            Some(name) if imports::is_probe(hook, name, stack::innermost()) => {
                latch::deny_existence(name)
            }
            name => match (name, argument(1).and_then(Ref::path)) {
                (name, Some(file)) => imports::judge_native(hook, name.unwrap_or("?"), &file),
                (Some(name), None) if is_forbidden(hook, name) => tampering(name),
                (_, None) => resources(hook, event, arguments),
            },
        },
        _ if event.starts_with(b"ctypes.") && !tamper::allowed(hook, Tampering::Ctypes) => {
            match is_behind_ctypes() {
                true => tampering(&String::from_utf8_lossy(event)),
                false => Flow::Continue,
            }
        }
        _ => resources(hook, event, arguments),
    }
}

/// Is it tampering to import this module, for the code that asks?
fn is_forbidden(hook: &Hook, module: &str) -> bool {
    tamper::is_forbidden_module(hook, module, false)
        || (tamper::is_forbidden_module(hook, module, true)
            && imports::is_driven_by_guest(stack::innermost()))
}

/// Files, hosts and processes, as far as the policy speaks of them.
fn resources(hook: &'static Hook, event: &[u8], arguments: Ref<'_>) -> Flow {
    if event.starts_with(b"socket.") || event.starts_with(b"syslog.") {
        return hosts::heard(hook, event, arguments);
    }
    if files::concern(hook) && files::judge(hook, event, arguments) == Flow::Raise {
        return Flow::Raise;
    }
    if children::heard(hook, event, arguments) == Flow::Raise {
        return Flow::Raise;
    }
    overseer::heard(hook, event, arguments)
}

/// Is it guest code that uses `ctypes`, whose own frames are left out?
fn is_behind_ctypes() -> bool {
    stack::callers()
        .find(|caller| {
            let own = |info: &super::ffi::code::CodeInfo| info.name.starts_with("ctypes.");
            caller.is_guest() || !caller.code.info().is_some_and(own)
        })
        .is_some_and(|caller| caller.is_guest())
}

/// `function.__code__ = …`: the function would go on under another's name.
fn sets_code(arguments: Ref<'_>) -> bool {
    let mut items = arguments.items();
    items.next().is_some_and(Ref::is_function)
        && items.next().and_then(Ref::text) == Some("__code__")
}
