//! Where code comes from: which code objects are a library's.
//!
//! Code comes into being in few places, all of them C functions that carry a duty here, or
//! an audit event: bytecode is unmarshalled, source is compiled, a string is executed. Who
//! asked for it proves nothing, since a guest can hand its own bytes to the very functions
//! that importlib uses. So a file's code is a library's only if the bytes are, to the last,
//! the content of a file in a trusted folder, and importlib's own loader asked.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use super::codes::{self, Adoption};
use super::ffi::buffer;
use super::ffi::code::{Code, CodeInfo, Origin, Shape, SourceText};
use super::ffi::method::Call;
use super::ffi::object::Ref;
use super::latch::{self, Deed, Flow};
use super::stack::{self, Caller};
use super::state::{Hook, Phase};
use super::{imports, sources, tamper};
use crate::protocol::record::ViolationKind;
use crate::rules::Tampering;

/// Bytes before the marshalled code in a `.pyc` file (PEP 552).
const PYC_HEADER: usize = 16;

/// Largest file that is compared; larger ones aren't vouched for.
const LARGEST_FILE: u64 = 64 << 20;

/// How deep containers are searched for code.
const DEEPEST: usize = 64;

/// Is it a code object, or does it hold one?
fn holds_code(object: Ref<'_>, depth: usize) -> bool {
    if object.is_code() {
        return true;
    }
    let contents = object.contents();
    let mut items = contents
        .as_ref()
        .map_or(object, |contents| contents.get())
        .items();
    match depth.checked_sub(1) {
        Some(depth) => items.any(|item| holds_code(item, depth)),
        None => items.next().is_some(),
    }
}

/// Is importlib about to read the bytecode of a module that isn't a library's? What stands
/// there need not be what the source says: the source is compiled instead.
pub fn is_guest_bytecode(hook: &Hook, path: &Path) -> bool {
    if path.extension().is_none_or(|extension| extension != "pyc")
        || tamper::allowed(hook, Tampering::Code)
        || hook.rulebook.in_library(path)
    {
        return false;
    }
    let mut callers = stack::callers();
    callers
        .next()
        .is_some_and(|caller| is_importlib(caller, "FileLoader.get_data"))
        && callers
            .next()
            .is_some_and(|caller| is_importlib(caller, "SourceLoader.get_code"))
}

/// Bytecode that nobody vouches for may be made by hand, and so lie about its lines.
fn judge_bytecode(hook: &'static Hook, loader: Option<Caller>) -> Flow {
    let from = stack::innermost();
    if tamper::allowed(hook, Tampering::Code) {
        return Flow::Continue;
    }
    if let Some(loader) = loader {
        // `_compile_bytecode(data, name, …)`, `_unmarshal_code(self, pathname, fullpath, …)`.
        let name = loader.local(1).and_then(Ref::text).unwrap_or("?");
        let rule = hook.rulebook.rules.tamper;
        let deed = Deed {
            kind: ViolationKind::Import,
            subject: name,
            canonical: name,
            rule,
            from,
        };
        return latch::deny(hook, deed);
    }
    match stack::asker(from, "loads").guest {
        true => tamper::attempt(hook, "marshal.loads", from),
        false => Flow::Continue,
    }
}

/// `marshal.loads` or `marshal.load` returned.
pub fn unmarshalled(hook: &'static Hook, call: &Call, result: Ref<'_>) -> Flow {
    if !holds_code(result, DEEPEST) {
        return Flow::Continue;
    }
    let nearest = stack::callers().next();
    let is_loader = |caller: &Caller| {
        let of_archives =
            |info: &CodeInfo| info.origin == Origin::Library && info.name.starts_with("zipimport.");
        is_importlib(*caller, "_compile_bytecode") || caller.code.info().is_some_and(of_archives)
    };
    let loader = nearest.filter(is_loader);
    let Some(code) = Code::new(result) else {
        return judge_bytecode(hook, loader);
    };
    // `_compile_bytecode(data, name, bytecode_path, source_path)` of importlib calls it.
    let Some(loader) = loader.filter(|c| is_importlib(*c, "_compile_bytecode")) else {
        return judge_bytecode(hook, loader);
    };
    let path = |index| loader.local(index).and_then(Ref::text).map(PathBuf::from);
    let (Some(bytecode), Some(data)) = (path(2), call.single()) else {
        return judge_bytecode(hook, Some(loader));
    };
    let is_content =
        buffer::with_bytes(data, |bytes| file_is(&bytecode, PYC_HEADER, bytes)).unwrap_or(false);
    if !is_content {
        return judge_bytecode(hook, Some(loader));
    }
    if !hook.rulebook.in_library(&bytecode) {
        if let flow @ Flow::Raise = judge_bytecode(hook, Some(loader)) {
            return flow;
        }
        if let Some(source) = sources::of_bytecode(&bytecode) {
            hook.sources.add(&source);
        }
        adopt_as_guest(hook, code, None, Some(&bytecode));
        return Flow::Continue;
    }
    let source = path(3).unwrap_or_else(|| bytecode.clone());
    vouch(hook, code, &source)
}

/// `builtins.compile` returned.
pub fn compiled(hook: &'static Hook, call: &Call, result: Ref<'_>) -> Flow {
    let Some(code) = Code::new(result) else {
        return Flow::Continue;
    };
    let file = call
        .argument(1, "filename")
        .and_then(Ref::text)
        .map(PathBuf::from);
    let mut callers = stack::callers();
    // `_call_with_frames_removed(compile, …)`, called by `source_to_code` of a file loader.
    let by_loader = callers
        .next()
        .is_some_and(|c| is_importlib(c, "_call_with_frames_removed"))
        && callers
            .next()
            .is_some_and(|c| is_importlib(c, "SourceLoader.source_to_code"));
    let is_content = by_loader
        && file.as_deref().is_some_and(|file| {
            call.argument(0, "source")
                .and_then(|data| buffer::with_bytes(data, |bytes| file_is(file, 0, bytes)))
                .unwrap_or(false)
        });
    if is_content && let Some(file) = file.as_deref() {
        if hook.rulebook.in_library(file) {
            return vouch(hook, code, file);
        }
        hook.sources.add(file);
    }
    if is_library_at_import("compile") {
        adopt_as_library(hook, code);
        return Flow::Continue;
    }
    // Guest code: its text is known now and never again.
    let source = call.argument(0, "source").and_then(source_text);
    let file = file.filter(|_| is_content);
    adopt_as_guest(hook, code, source.map(Rc::new), file.as_deref());
    Flow::Continue
}

/// `_imp.get_frozen_object` returned: code that is part of the interpreter, unless the caller
/// gave the bytes itself.
pub fn frozen(hook: &'static Hook, call: &Call, result: Ref<'_>) -> Flow {
    let own_bytes = call.positional(1).is_none_or(Ref::is_none);
    let (Some(code), true) = (Code::new(result), own_bytes) else {
        return judge_bytecode(hook, None);
    };
    let module = call
        .positional(0)
        .and_then(Ref::text)
        .unwrap_or("?")
        .to_owned();
    codes::adopt(hook, code, &Adoption::of_library(module));
    Flow::Continue
}

/// A library gives a function new code. `types.coroutine` does so to change the flags; what
/// has the same instructions and constants is whose the old code was.
pub fn rewritten(hook: &'static Hook, function: Ref<'_>, code: Ref<'_>) {
    let (Some(old), Some(new)) = (
        function.function_code().and_then(Code::new),
        Code::new(code),
    ) else {
        return;
    };
    let Some(info) = old.info() else {
        return;
    };
    if new.info().is_some() || !new.does_the_same(old) {
        return;
    }
    codes::adopt(
        hook,
        new,
        &Adoption {
            origin: info.origin,
            module: Arc::clone(&info.module),
            imported_as: None,
            source: info.source.clone(),
        },
    );
}

/// Code is about to be executed by `exec` or `eval`, or was just compiled by them.
pub fn executing(hook: &'static Hook, object: Ref<'_>) -> Flow {
    if hook.phase() == Phase::Guest
        && let Some(code) = Code::new(object)
        && code.info().is_none()
    {
        if is_library_at_import("exec") || is_library_at_import("eval") {
            adopt_as_library(hook, code);
        } else {
            adopt_as_guest(hook, code, None, None);
        }
    }
    Flow::Continue
}

/// Does a library that is being imported compile this itself? The nearest frame must be
/// library code that names the function; from there to the body of the module that is being
/// imported there must be no guest frame.
fn is_library_at_import(function: &str) -> bool {
    let mut callers = stack::callers();
    let Some(nearest) = callers.next() else {
        return false;
    };
    if nearest.is_guest() || !nearest.code.mentions(function) || is_importlib(nearest, "") {
        return false;
    }
    std::iter::once(nearest)
        .chain(callers)
        .take_while(|caller| !caller.is_guest())
        .any(|caller| {
            caller
                .code
                .info()
                .is_some_and(|info| info.shape == Shape::Module)
        })
}

fn adopt_as_library(hook: &'static Hook, code: Code<'_>) {
    let module = stack::callers()
        .next()
        .and_then(|caller| caller.code.info())
        .map_or_else(|| Arc::from("?"), |info| Arc::clone(&info.module));
    codes::adopt(hook, code, &Adoption::of_library(module));
}

/// Guest code belongs to the module whose file it is the content of, in the script's folder;
/// any other to the guest code that had it compiled.
fn adopt_as_guest(
    hook: &'static Hook,
    code: Code<'_>,
    source: Option<Rc<SourceText>>,
    file: Option<&Path>,
) {
    let own = file.and_then(|file| hook.sources.module_of(file));
    let module = match &own {
        Some(module) => Arc::from(module.as_str()),
        None => stack::guest_module(stack::innermost()),
    };
    let imported_as = file.and_then(|_| imported_name());
    let adoption = Adoption {
        imported_as: imported_as.filter(|name| **name != *module),
        ..Adoption::of_guest(module, source)
    };
    codes::adopt(hook, code, &adoption);
}

/// Name of the module that importlib's loader is getting code for: `get_code(self, fullname)`.
fn imported_name() -> Option<String> {
    let loader = stack::callers().find(|caller| is_importlib(*caller, "SourceLoader.get_code"))?;
    loader.local(1).and_then(Ref::text).map(str::to_owned)
}

/// Adopts a library's module, and judges it as an import by the name that results: a guest
/// that drives a loader itself asked for nothing by that name yet.
fn vouch(hook: &'static Hook, code: Code<'_>, source: &Path) -> Flow {
    let module = hook
        .rulebook
        .module_of(source)
        .unwrap_or_else(|| "?".to_owned());
    let flow = imports::judge_loaded(hook, &module);
    codes::adopt(hook, code, &Adoption::of_library(module));
    flow
}

/// Syntax trees that a guest made by hand may lie about their lines, and lines are what is
/// counted: only text is compiled for it.
pub fn judge_source(hook: &'static Hook, call: &Call) -> Flow {
    let is_tree = call.argument(0, "source").is_some_and(|source| {
        source
            .class()
            .bases()
            .any(|base| base.class_name() == "ast.AST")
    });
    let from = stack::innermost();
    if is_tree && !tamper::allowed(hook, Tampering::Ast) && stack::asker(from, "compile").guest {
        return tamper::attempt(hook, "compile of a syntax tree", from);
    }
    Flow::Continue
}

/// Is it a frame of importlib's own code (known from before the guest), by qualified name? An
/// empty name stands for any.
pub fn is_importlib(caller: Caller, name: &str) -> bool {
    caller.code.info().is_some_and(|info| {
        info.origin == Origin::Library
            && [
                "importlib.",
                "_frozen_importlib.",
                "_frozen_importlib_external.",
            ]
            .iter()
            .any(|module| info.name.starts_with(module))
            && (name.is_empty() || info.name.ends_with(&format!(".{name}")))
    })
}

fn source_text(source: Ref<'_>) -> Option<SourceText> {
    if let Some(text) = source.text() {
        return Some(SourceText::new(text));
    }
    source
        .bytes()
        .map(|bytes| SourceText::new(&String::from_utf8_lossy(bytes)))
}

/// Does the file, from an offset on, hold exactly these bytes?
fn file_is(path: &Path, offset: usize, bytes: &[u8]) -> bool {
    let read = || -> std::io::Result<Vec<u8>> {
        let mut content = Vec::with_capacity(bytes.len() + offset + 1);
        File::open(path)?
            .take(LARGEST_FILE)
            .read_to_end(&mut content)?;
        Ok(content)
    };
    read().is_ok_and(|content| content.get(offset..) == Some(bytes))
}
