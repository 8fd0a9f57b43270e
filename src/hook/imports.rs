//! Imports that guest code asks for.
//!
//! There are two ways to ask: `builtins.__import__`, which every import statement calls once
//! the interpreter's shortcut is gone, and importlib's Python functions, which end in
//! `_gcd_import` or `_find_and_load`. importlib's own frames are conduits: the asker is the
//! first frame behind them. A library's own imports pass.

use std::path::Path;

use super::ffi::code::{Code, CodeInfo, Origin};
use super::ffi::method::Call;
use super::ffi::object::Ref;
use super::ffi::runtime;
use super::latch::{self, Deed, Flow};
use super::provenance::is_importlib;
use super::stack::{self, Caller, Frame};
use super::state::Hook;
use super::{tamper, threads};
use crate::protocol::record::{Event, EventKind, ViolationKind};
use crate::rules::{Action, Scope, Tampering};

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The module, absolute.
    pub module: String,
    /// Names after `import` in `from module import …`.
    pub members: Vec<String>,
}

impl Request {
    /// `__import__(name, globals=None, locals=None, fromlist=(), level=0)`.
    pub fn of_call(call: &Call) -> Option<Request> {
        let name = call.argument(0, "name")?.text()?;
        let level = call
            .argument(4, "level")
            .and_then(Ref::integer)
            .unwrap_or(0);
        let package = || {
            let globals = call.argument(1, "globals")?;
            package_of(globals)
        };
        let members = call.argument(3, "fromlist").map(|list| {
            list.items()
                .filter_map(|item| item.text().map(str::to_owned))
                .collect()
        });
        Some(Request {
            module: absolute(name, level, package)?,
            members: members.unwrap_or_default(),
        })
    }

    /// `_gcd_import(name, package=None, level=0)`, and `_find_and_load(name, import_)`.
    fn of_frame(caller: Caller, with_package: bool) -> Option<Request> {
        let name = caller.local(0)?.text()?;
        let level = match with_package {
            true => caller.local(2).and_then(Ref::integer).unwrap_or(0),
            false => 0,
        };
        let package = || caller.local(1)?.text().map(str::to_owned);
        Some(Request {
            module: absolute(name, level, package)?,
            members: Vec::new(),
        })
    }
}

/// Is `__import__` called as an import statement does: with five positional arguments, the
/// second of them the globals of the frame? A guest that writes just that gets what the
/// statement gets: the import is judged either way. C code that imports calls it likewise,
/// and where there is no frame it is the runtime that does.
pub fn is_statement(call: &Call) -> bool {
    let globals = stack::callers().next().and_then(Caller::globals);
    call.positional(4).is_some() && (globals.is_none() || call.positional(1) == globals)
}

/// What runs the C code of an extension module, which calls whatever it needs.
const NATIVE_INITIALISERS: &[&str] = &[
    "create_builtin",
    "create_dynamic",
    "exec_builtin",
    "exec_dynamic",
];

/// Is importlib at work for an import, as it opens, compiles and executes a module? All frames
/// down to the import must be its own: a guest that calls one of its functions is in between.
pub fn is_machinery() -> bool {
    own_frames().any(|caller| is_importlib(caller, "_find_and_load"))
}

/// Is this call a part of that? Rules on `open` or `exec` aren't about it. importlib's code must
/// name the function, or what initialises a C module: what it only finds (in
/// `sys.path_hooks`, as a finder's method) somebody else put there.
pub fn is_call_of_machinery(function: &str) -> bool {
    let writer = own_frames().find(|caller| !is_importlib(*caller, "_call_with_frames_removed"));
    let Some(writer) = writer else {
        return false;
    };
    let mentions = |name: &&str| writer.code.mentions(name);
    // It says `type(sys)` where it makes a module, and `open_code` opens by `open`.
    let named = mentions(&function)
        || (function == "module" && mentions(&"type"))
        || (function == "open" && mentions(&"open_code"));
    (named || NATIVE_INITIALISERS.iter().any(mentions)) && is_machinery()
}

/// importlib's frames from the innermost on.
fn own_frames() -> impl Iterator<Item = Caller> {
    stack::callers().take_while(|caller| is_importlib(*caller, ""))
}

/// Resolves a relative name as importlib does. `None`: there is no such package, and Python
/// raises ImportError by itself.
fn absolute(name: &str, level: i64, package: impl FnOnce() -> Option<String>) -> Option<String> {
    let Some(up) = usize::try_from(level).ok()?.checked_sub(1) else {
        return Some(name.to_owned());
    };
    let package = package()?;
    let base = match up {
        0 => package.as_str(),
        _ => package.rsplitn(up + 1, '.').nth(up)?,
    };
    Some(if name.is_empty() {
        base.to_owned()
    } else {
        format!("{base}.{name}")
    })
}

/// The package that a module's relative imports start from.
fn package_of(globals: Ref<'_>) -> Option<String> {
    if let Some(package) = globals.entry("__package__").and_then(Ref::text) {
        return Some(package.to_owned());
    }
    let name = globals.entry("__name__").and_then(Ref::text)?;
    match globals.entry("__path__") {
        Some(_) => Some(name.to_owned()),
        None => name.rsplit_once('.').map(|(package, _)| package.to_owned()),
    }
}

/// importlib's functions that import on somebody's behalf. What the others of its functions
/// import, they need themselves.
const CONDUITS: &[&str] = &[
    "_call_with_frames_removed",
    "_find_and_load",
    "_find_and_load_unlocked",
    "_gcd_import",
    "_handle_fromlist",
    "__import__",
    "import_module",
];

fn is_conduit(caller: Caller) -> bool {
    CONDUITS.iter().any(|name| is_importlib(caller, name))
}

/// Is it the guest that asked? Without a frame it is the runtime (which imports `io` to print
/// a traceback), or in a thread of its own whoever started that.
fn is_guest(asker: Option<Caller>) -> bool {
    match asker {
        Some(caller) => caller.is_guest(),
        None => !threads::is_main() && threads::started_by_guest(),
    }
}

/// The frame that asked, conduits left out.
fn asker(from: Option<Frame>) -> Option<Caller> {
    stack::callers_from(from).find(|caller| !is_conduit(*caller))
}

/// Judges a call of `__import__`, before it runs.
pub fn judge(hook: &'static Hook, request: Option<&Request>, from: Option<Frame>) -> Flow {
    let Some(request) = request else {
        return Flow::Continue; // not a name: Python raises TypeError by itself
    };
    if is_probe(hook, &request.module, from) {
        return latch::deny_existence(&request.module);
    }
    let caller = asker(from);
    let guest = is_guest(caller);
    if guest && let flow @ Flow::Raise = judge_module(hook, &request.module, from) {
        return flow;
    }
    if tamper::is_forbidden_module(hook, &request.module, guest) {
        return tamper::attempt(hook, &request.module, from);
    }
    for member in request.members.iter().filter(|_| guest) {
        // A deny may name what only turns out to be a module (`from os import path`).
        let name = format!("{}.{member}", request.module);
        if let Some(rule) = hook.rulebook.import_denied(&name) {
            return deny(hook, &name, rule, from);
        }
    }
    // Parents and members that importlib fetches on the way were asked for by nobody.
    if !stack::callers_from(from).next().is_some_and(is_conduit) {
        record(hook, &request.module, caller, guest);
    }
    Flow::Continue
}

/// Judges, after the import, which of the names behind `from m import …` are modules.
pub fn judge_members(hook: &'static Hook, request: Option<&Request>, from: Option<Frame>) -> Flow {
    let Some(request) = request else {
        return Flow::Continue;
    };
    if !is_guest(asker(from)) {
        return Flow::Continue;
    }
    for member in &request.members {
        let name = format!("{}.{member}", request.module);
        if runtime::loaded_module(&name).is_some()
            && let flow @ Flow::Raise = judge_module(hook, &name, from)
        {
            return flow;
        }
    }
    Flow::Continue
}

/// Is this one of importlib's functions that import, so that entering it must be seen?
pub fn is_funnel(info: &CodeInfo) -> bool {
    funnel(info).is_some()
}

/// `Some(true)` for `_gcd_import`, `Some(false)` for `_find_and_load`.
fn funnel(info: &CodeInfo) -> Option<bool> {
    let module = info
        .name
        .strip_suffix("._gcd_import")
        .map(|module| (module, true));
    let (module, gcd) =
        module.or_else(|| Some((info.name.strip_suffix("._find_and_load")?, false)))?;
    (info.origin == Origin::Library
        && ["importlib._bootstrap", "_frozen_importlib"].contains(&module))
    .then_some(gcd)
}

/// One of importlib's functions was entered.
pub fn entered(hook: &'static Hook, code: Code<'_>, caller: Caller) -> Flow {
    let Some(gcd) = code.info().and_then(funnel) else {
        return Flow::Continue;
    };
    let Some(request) = Request::of_frame(caller, gcd) else {
        return Flow::Continue;
    };
    let from = Some(caller.frame);
    if is_probe(hook, &request.module, from) {
        return latch::deny_existence(&request.module);
    }
    let asker = asker(from);
    let guest = is_guest(asker);
    if guest && let flow @ Flow::Raise = judge_module(hook, &request.module, from) {
        return flow;
    }
    if tamper::is_forbidden_module(hook, &request.module, guest) {
        return tamper::attempt(hook, &request.module, from);
    }
    let inner = caller
        .frame
        .previous()
        .and_then(|frame| stack::callers_from(Some(frame)).next());
    if gcd && !inner.is_some_and(|caller| is_importlib(caller, "_call_with_frames_removed")) {
        record(hook, &request.module, asker, guest);
    }
    Flow::Continue
}

/// From 3.14 `concurrent.futures`, and so `asyncio`, looks whether there is a module for other
/// interpreters, and does without where there is none.
pub fn is_probe(hook: &Hook, module: &str, from: Option<Frame>) -> bool {
    module == "_interpreters"
        && !tamper::allowed(hook, Tampering::Interpreters)
        && asker(from)
            .and_then(|caller| caller.code.info())
            .is_some_and(|info| info.origin == Origin::Library && info.name == "concurrent.futures")
}

/// A library's module was loaded: judged if guest code drove the loader, importlib's frames
/// and those of the modules that run others left out.
pub fn judge_loaded(hook: &'static Hook, module: &str) -> Flow {
    let from = stack::innermost();
    match is_driven_by_guest(from) {
        true => judge_module(hook, module, from),
        false => Flow::Continue,
    }
}

/// Does guest code drive the loader that is at work?
pub fn is_driven_by_guest(from: Option<Frame>) -> bool {
    const DRIVERS: &[&str] = &["runpy.", "pkgutil.", "zipimport."];
    let driver = stack::callers_from(from).find(|caller| {
        let drives = caller
            .code
            .info()
            .is_some_and(|info| DRIVERS.iter().any(|driver| info.name.starts_with(driver)));
        !drives && !is_importlib(*caller, "")
    });
    is_guest(driver)
}

/// A C module is about to be loaded from a file. The name that it gets is whatever the finder
/// says; the file tells what it is. One from outside the trusted folders is native code of the
/// guest's own.
pub fn judge_native(hook: &'static Hook, name: &str, file: &Path) -> Flow {
    let Some(module) = hook.rulebook.module_of(file) else {
        return match tamper::allowed(hook, Tampering::Ctypes) {
            true => Flow::Continue,
            false => tamper::attempt(hook, name, stack::innermost()),
        };
    };
    let module = module.strip_prefix("lib-dynload.").unwrap_or(&module);
    for name in [name, module] {
        if let flow @ Flow::Raise = judge_loaded(hook, name) {
            return flow;
        }
    }
    let from = stack::innermost();
    let by_guest = is_driven_by_guest(from);
    match [module, name]
        .iter()
        .find(|name| tamper::is_forbidden_module(hook, name, by_guest))
    {
        Some(name) => tamper::attempt(hook, name, from),
        None => Flow::Continue,
    }
}

fn judge_module(hook: &'static Hook, module: &str, from: Option<Frame>) -> Flow {
    match hook.rulebook.import_refused(module) {
        Some(rule) => deny(hook, module, rule, from),
        None => Flow::Continue,
    }
}

fn deny(
    hook: &'static Hook,
    module: &str,
    rule: crate::rules::RuleIndex,
    from: Option<Frame>,
) -> Flow {
    let deed = Deed {
        kind: ViolationKind::Import,
        subject: module,
        canonical: module,
        rule,
        from,
    };
    latch::deny(hook, deed)
}

fn record(hook: &'static Hook, module: &str, caller: Option<Caller>, guest: bool) {
    let audit = hook.rulebook.rules.audit;
    if !audit.record.imports || (!guest && audit.scope == Scope::Guest) {
        return;
    }
    let subject = hook.name(module.as_bytes());
    hook.report(Event {
        kind: EventKind::Import,
        decision: Action::Allow,
        rule: None,
        time: hook.now(),
        subject,
        canonical: subject,
        place: caller.map(|caller| caller.place(hook)).unwrap_or_default(),
    });
}
