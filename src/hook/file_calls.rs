//! Calls that reach files without an audit event, or with one that tells too little.
//!
//! A path object is turned into text first, as the function itself would begin: nothing has
//! been decided then, and what is judged is what the function gets. All that follows runs no
//! code of the guest's until the function has its arguments.

use std::cell::Cell;
use std::os::fd::RawFd;
use std::path::{Path, PathBuf};
use std::ptr;

use pyo3::ffi::PyObject;

use super::ffi::invoke;
use super::ffi::method::{Call, Original};
use super::ffi::object::{Owned, Ref};
use super::files::{self, How, Named};
use super::grants::Access;
use super::latch::Flow;
use super::state::Hook;
use super::{databases, stack, tamper};

/// What a call does with files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileCall {
    /// Makes what its first argument names, from `dir_fd` on.
    MakesAt,
    /// Reads the file that this argument names; without one, a file of its own choice.
    ReadsFile(usize),
    /// Writes it.
    WritesFile(usize),
    /// Reads files that these arguments name, if they are given.
    Certificates([&'static str; 2]),
    /// Reads a database of the system.
    Reads(&'static str),
    /// As above; but who it is itself, and where its home is, any program asks.
    ReadsUnlessOwn(&'static str),
    /// Opens or removes a file in the folder of shared memory.
    SharedMemory,
    /// Opens a file, or several with suffixes, of keys and values.
    KeyValue,
    /// Opens a database of SQLite.
    Database,
    /// Runs statements in one.
    Statement,
    /// Takes a line of readline's initialisation file.
    Binding,
    /// Leads to files that can't be foreseen.
    Anything(&'static str),
}

/// Where POSIX shared memory is on Linux (shm_overview(7)).
const SHARED_MEMORY: &str = "/dev/shm";

/// What the databases of keys and values add to a name.
const KEY_VALUE_SUFFIXES: [&str; 4] = ["", ".db", ".dir", ".pag"];

/// Judges a call, and makes it if nothing stands against it.
pub fn perform(
    kind: FileCall,
    hook: &'static Hook,
    original: &Original,
    call: &Call,
) -> *mut PyObject {
    let text = match text_of_first(call) {
        Ok(text) => text,
        Err(Raised) => return ptr::null_mut(),
    };
    let text = text.as_ref().map(Owned::get);
    let first = text.or_else(|| call.positional(0));
    let run = || match text {
        Some(text) => original.call_with_first(call, text),
        None => original.call(call),
    };
    let argument = |index| {
        if index == 0 {
            first
        } else {
            call.positional(index)
        }
    };
    let flow = match kind {
        FileCall::Database => return databases::open(hook, first, call, run),
        FileCall::Statement => databases::statement(hook, first.or_else(|| call.single())),
        FileCall::MakesAt => make_at(hook, first.or_else(|| call.keyword("path")), call),
        FileCall::ReadsFile(index) => {
            let given = argument(index).or_else(|| call.keyword("path"));
            let given = given.or_else(|| call.single());
            files::using(hook, How::Read, &certain(given), None)
        }
        FileCall::WritesFile(index) => {
            files::using(hook, How::Write, &certain(argument(index)), None)
        }
        FileCall::Certificates(names) => {
            judge_all(names.iter().enumerate().filter_map(|(index, name)| {
                let given = argument(index).or_else(|| call.keyword(name));
                let given = given.filter(|given| !given.is_none())?;
                Some(move || files::using(hook, How::Read, &certain(Some(given)), None))
            }))
        }
        FileCall::Reads(path) => {
            files::using(hook, How::Read, &Named::Path(PathBuf::from(path)), None)
        }
        FileCall::ReadsUnlessOwn(path) => match call.single().and_then(Ref::integer) {
            Some(number) if is_own(number) => Flow::Continue,
            _ => files::using(hook, How::Read, &Named::Path(PathBuf::from(path)), None),
        },
        FileCall::SharedMemory => shared_memory(hook, call),
        FileCall::KeyValue => key_value(hook, first, call),
        FileCall::Binding => match call.single().and_then(Ref::text) {
            Some(line) if !line.to_ascii_lowercase().contains("include") => Flow::Continue,
            _ => anything(hook, "readline.parse_and_bind"),
        },
        FileCall::Anything(name) => anything(hook, name),
    };
    match flow {
        Flow::Raise => ptr::null_mut(),
        Flow::Continue => run(),
    }
}

/// Is it the number of this process's user, or of its group?
fn is_own(number: i64) -> bool {
    use rustix::process::{getegid, geteuid, getgid, getuid};
    let users = [getuid(), geteuid()].map(|user| user.as_raw());
    let groups = [getgid(), getegid()].map(|group| group.as_raw());
    users
        .iter()
        .chain(&groups)
        .any(|own| i64::from(*own) == number)
}

/// A call that could lead to any file.
pub fn anything(hook: &'static Hook, subject: &str) -> Flow {
    judge_all(
        [Access::Write, Access::Read]
            .map(|access| move || files::closed(hook, access, Path::new(subject), None)),
    )
}

/// The first that raises ends it.
fn judge_all(judgements: impl IntoIterator<Item = impl FnOnce() -> Flow>) -> Flow {
    let raised = judgements.into_iter().any(|judge| judge() == Flow::Raise);
    match raised {
        true => Flow::Raise,
        false => Flow::Continue,
    }
}

/// An exception is set.
struct Raised;

/// The text that a path object given as the first argument stands for; `None` for text, bytes
/// and what is no path object at all.
fn text_of_first(call: &Call) -> Result<Option<Owned>, Raised> {
    let Some(first) = call.positional(0) else {
        return Ok(None);
    };
    let is_plain = first.is_none() || files::named(Some(first)) != Named::Unknown;
    if is_plain || !invoke::is_path_object(first) {
        return Ok(None);
    }
    invoke::path_text(first).map(Some).ok_or(Raised)
}

/// A path that must be given: otherwise the function takes one of its own choice.
fn certain(argument: Option<Ref<'_>>) -> Named {
    match argument.filter(|argument| !argument.is_none()) {
        Some(argument) => files::named(Some(argument)),
        None => Named::Unknown,
    }
}

/// `dir_fd`, if it is given: its number, which must be readable.
fn folder_of(call: &Call) -> Result<Option<RawFd>, Unreadable> {
    match call.keyword("dir_fd").filter(|folder| !folder.is_none()) {
        None => Ok(None),
        Some(folder) => folder
            .number()
            .and_then(|number| RawFd::try_from(number).ok())
            .map(Some)
            .ok_or(Unreadable),
    }
}

/// A number that only its class could tell.
struct Unreadable;

fn make_at(hook: &'static Hook, path: Option<Ref<'_>>, call: &Call) -> Flow {
    let name = certain(path);
    match folder_of(call) {
        Ok(folder) => files::using(hook, How::Entry, &name, folder),
        Err(Unreadable) => files::using(hook, How::Entry, &Named::Unknown, None),
    }
}

/// `shm_open(path, flags, mode)`, `shm_unlink(path)`.
fn shared_memory(hook: &'static Hook, call: &Call) -> Flow {
    let name = call.argument(0, "path").and_then(Ref::path);
    let name = match name {
        Some(name) => {
            let name = name.strip_prefix("/").unwrap_or(&name);
            Named::Path(Path::new(SHARED_MEMORY).join(name))
        }
        None => Named::Unknown,
    };
    let flags = call.argument(1, "flags").and_then(Ref::number);
    let (reads, writes) = files::accesses("", flags);
    let uses = [(reads, How::Read), (writes, How::Entry)];
    let uses = uses.into_iter().filter(|(happens, _)| *happens);
    judge_all(uses.map(|(_, how)| {
        let name = &name;
        move || files::using(hook, how, name, None)
    }))
}

/// `open(filename, flags="r", mode=0o666)`.
fn key_value(hook: &'static Hook, path: Option<Ref<'_>>, call: &Call) -> Flow {
    let only_reads = call
        .positional(1)
        .is_none_or(|flags| flags.text() == Some("r"));
    let hows: &[How] = match only_reads {
        true => &[How::Read],
        false => &[How::Read, How::Write],
    };
    let names = KEY_VALUE_SUFFIXES.iter().map(|suffix| match certain(path) {
        Named::Path(path) => {
            let mut path = path.into_os_string();
            path.push(suffix);
            Named::Path(path.into())
        }
        other => other,
    });
    judge_all(names.flat_map(|name| {
        hows.iter().map(move |how| {
            let name = name.clone();
            move || files::using(hook, *how, &name, None)
        })
    }))
}

/// `os.open(path, flags, mode=0o777, *, dir_fd=None)`. Its event doesn't tell `dir_fd`.
pub fn open_at(hook: &'static Hook, original: &Original, call: &Call) -> *mut PyObject {
    let Some(folder) = call.keyword("dir_fd").filter(|folder| !folder.is_none()) else {
        return original.call(call);
    };
    let text = match text_of_first(call) {
        Ok(text) => text,
        Err(Raised) => return ptr::null_mut(),
    };
    let text = text.as_ref().map(Owned::get);
    let path = text.or_else(|| call.argument(0, "path"));
    let is_plain = path.is_some_and(|path| files::named(Some(path)) != Named::Unknown)
        && [(1, "flags"), (2, "mode")]
            .iter()
            .all(|(index, name)| call.argument(*index, name).is_none_or(Ref::is_integer));
    let number = folder
        .number()
        .and_then(|folder| RawFd::try_from(folder).ok());
    let Some(folder) = number.filter(|_| is_plain) else {
        // Code of the guest's would run between this look and the event.
        let _raised = tamper::attempt(hook, "os.open with dir_fd", stack::innermost());
        return ptr::null_mut();
    };
    files::opening_at(folder, || match text {
        Some(text) => original.call_with_first(call, text),
        None => original.call(call),
    })
}

thread_local! {
    /// The object that a database is being opened by, once it was judged.
    static SETTLED: Cell<usize> = const { Cell::new(0) };
}

/// Runs what opens a database by a name that was judged.
pub fn settled<R>(name: Ref<'_>, open: impl FnOnce() -> R) -> R {
    let before = SETTLED.replace(name.address());
    let result = open();
    SETTLED.set(before);
    result
}

/// Was this name judged before it came to an event? Asked once.
pub fn take_settled(name: Ref<'_>) -> bool {
    let is_settled = SETTLED.get() == name.address();
    if is_settled {
        SETTLED.set(0);
    }
    is_settled
}
