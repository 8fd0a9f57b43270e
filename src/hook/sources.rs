//! Source files whose lines the interpreter shows: in tracebacks, and with warnings.
//!
//! It opens them with `io.open`, in C or through `linecache`, at moments when no code asks for
//! it. A rule that forbids `open` isn't about that: a program that ends with an uncaught
//! exception has opened nothing. What passes is no more than that: reading, in the exact form
//! that CPython uses, a file that is known to be a source of the code that runs, for code that
//! doesn't name `open`.

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

/// The files that guest code was compiled from, by device and inode.
#[derive(Debug, Default)]
pub struct Sources(Mutex<HashSet<(u64, u64)>>);

impl Sources {
    /// Remembers a file; one that isn't there needs no remembering.
    pub fn add(&self, file: &Path) {
        if let Ok(about) = fs::metadata(file) {
            self.lock().insert((about.dev(), about.ino()));
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<(u64, u64)>> {
        self.0
            .try_lock()
            .unwrap_or_else(|_| process::abandon("the sources were entered twice"))
    }
}

/// Is this call the interpreter showing a line of source?
pub fn is_display(hook: &Hook, canonical: &str, call: &Call, from: Option<Frame>) -> bool {
    if !OPENER.contains(&canonical) {
        return false;
    }
    // Python/traceback.c and Lib/tokenize.py: `io.open(path, "rb")`, and nothing else.
    let path = call.positional(0).and_then(Ref::path);
    let (Some(path), Some("rb"), None) = (
        path,
        call.positional(1).and_then(Ref::text),
        call.positional(2),
    ) else {
        return false;
    };
    let is_asked_for = stack::callers_from(from)
        .next()
        .is_some_and(|nearest| nearest.code.mentions("open"));
    !is_asked_for && !call.has_keywords() && is_source(hook, &path)
}

/// Is it the source of a library, or of guest code that runs? A file that isn't there is
/// nobody's: CPython looks for a script in each folder of the path.
fn is_source(hook: &Hook, path: &Path) -> bool {
    if hook.rulebook.in_library(path) {
        return path.extension().is_some_and(|extension| extension == "py");
    }
    match fs::metadata(path) {
        Ok(about) => hook.sources.lock().contains(&(about.dev(), about.ino())),
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
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
