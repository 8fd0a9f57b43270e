//! Source files whose lines the interpreter shows: in tracebacks, and with warnings.
//!
//! It opens them with `io.open`, in C or through `linecache`, at moments when no code asks for
//! it. A rule that forbids `open` isn't about that: a program that ends with an uncaught
//! exception has opened nothing. What passes is no more than that: reading, in the exact form
//! that CPython uses, a file that is known to be a source of the code that runs, for code that
//! doesn't name `open`.

use std::cell::Cell;
use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use super::ffi::method::Call;
use super::ffi::object::Ref;
use super::ffi::process;
use super::stack::{self, Frame};
use super::state::Hook;

/// The function that CPython reads source lines with, by the names that its versions give it.
const OPENER: [&str; 2] = ["io.open", "_io.open"];

/// The files that guest code was compiled from.
#[derive(Debug)]
pub struct Sources {
    /// By device and inode.
    files: Mutex<HashSet<(u64, u64)>>,
    /// The script's folder, which its modules are in.
    folder: PathBuf,
    /// Seconds and nanoseconds since the epoch: when none of it had been run.
    begun: (i64, i64),
}

impl Sources {
    /// None yet; `folder` is the script's.
    pub fn new(folder: &Path) -> Sources {
        // By the clock that the kernel stamps files with.
        let now = rustix::time::clock_gettime(rustix::time::ClockId::RealtimeCoarse);
        Sources {
            files: Mutex::default(),
            folder: folder.canonicalize().unwrap_or_else(|_| folder.to_owned()),
            begun: (now.tv_sec, now.tv_nsec),
        }
    }

    /// Dotted name of the module that a file in the script's folder defines, whatever the
    /// guest imports it as. `None` for a file elsewhere, and for one that changed during the
    /// run: what the guest wrote belongs to whoever loads it.
    pub fn module_of(&self, file: &Path) -> Option<String> {
        let file = file.canonicalize().ok()?;
        let about = fs::metadata(&file).ok()?;
        if (about.ctime(), about.ctime_nsec()) > self.begun {
            return None;
        }
        module_name(file.strip_prefix(&self.folder).ok()?)
    }

    /// Remembers a file; one that isn't there needs no remembering.
    pub fn add(&self, file: &Path) {
        if let Ok(about) = fs::metadata(file) {
            self.lock().insert((about.dev(), about.ino()));
        }
    }

    /// Is it one of them?
    pub fn knows(&self, file: &Path) -> bool {
        fs::metadata(file).is_ok_and(|about| self.lock().contains(&(about.dev(), about.ino())))
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<(u64, u64)>> {
        self.files
            .try_lock()
            .unwrap_or_else(|_| process::abandon("the sources were entered twice"))
    }
}

thread_local! {
    /// Is a line of source being shown in this thread?
    static SHOWING: Cell<bool> = const { Cell::new(false) };
}

/// Is the file that this thread opens one of which a line is shown?
pub fn is_showing() -> bool {
    SHOWING.get()
}

/// Runs `io.open`, in the knowledge of whether it is to show a line of source.
pub fn opening<R>(call: &Call, open: impl FnOnce() -> R) -> R {
    let before = SHOWING.replace(asks_for_a_line(call, stack::innermost()).is_some());
    let result = open();
    SHOWING.set(before);
    result
}

/// Is this call the interpreter showing a line of source?
pub fn is_display(hook: &Hook, canonical: &str, call: &Call, from: Option<Frame>) -> bool {
    OPENER.contains(&canonical)
        && asks_for_a_line(call, from).is_some_and(|path| is_source(hook, &path))
}

/// The file that a call of `io.open` is about, if it is made as CPython does to show a line of
/// it. Nothing of the guest's runs before such a call opens the file.
fn asks_for_a_line(call: &Call, from: Option<Frame>) -> Option<PathBuf> {
    // Python/traceback.c and Lib/tokenize.py: `io.open(path, "rb")`, and nothing else.
    let path = call.positional(0).and_then(Ref::path);
    let (Some(path), Some("rb"), None) = (
        path,
        call.positional(1).and_then(Ref::text),
        call.positional(2),
    ) else {
        return None;
    };
    let is_asked_for = stack::callers_from(from).next().is_some_and(|nearest| {
        ["open", "open_code"]
            .iter()
            .any(|name| nearest.code.mentions(name))
    });
    (!is_asked_for && !call.has_keywords()).then_some(path)
}

/// Is it the source of a library, or of guest code that runs? A file that isn't there is
/// nobody's: CPython looks for a script in each folder of the path.
fn is_source(hook: &Hook, path: &Path) -> bool {
    if hook.rulebook.in_library(path) {
        return path.extension().is_some_and(|extension| extension == "py");
    }
    match fs::metadata(path) {
        Ok(_) => hook.sources.knows(path),
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
}

/// Dotted name of the module that a file defines, by its path from the folder of modules.
pub fn module_name(file: &Path) -> Option<String> {
    let mut parts: Vec<String> = file
        .components()
        .filter_map(|part| part.as_os_str().to_str())
        .filter(|part| *part != "__pycache__")
        .map(str::to_owned)
        .collect();
    let last = parts.pop()?;
    let stem = last.split('.').next().unwrap_or(&last);
    if stem != "__init__" {
        parts.push(stem.to_owned());
    }
    Some(parts.join("."))
}

/// The source that a cached bytecode file belongs to (PEP 3147):
/// `folder/__pycache__/name.tag.pyc` to `folder/name.py`.
pub fn of_bytecode(file: &Path) -> Option<PathBuf> {
    let folder = file.parent()?;
    if folder.file_name()? != "__pycache__" {
        return None;
    }
    let name = file.file_name()?.to_str()?.split('.').next()?;
    Some(folder.parent()?.join(format!("{name}.py")))
}
