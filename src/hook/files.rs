//! Files: what the runtime is about to read or write, and what the policy says of it.
//!
//! CPython's audit events tell most of it, [`unaudited`](super::unaudited) functions the rest.
//! Whoever asks is judged alike: a library that opens a file does it for the guest. What passes
//! besides the lists is what CPython itself needs, see [`Grants`](super::grants::Grants).

use std::cell::Cell;
use std::os::fd::{BorrowedFd, RawFd};
use std::path::{Path, PathBuf};

use rustix::fs::CWD;

use super::ffi::object::Ref;
use super::ffi::{buffer, descriptors, exceptions};
use super::grants::Access;
use super::latch::{self, Deed, Flow};
use super::stack;
use super::state::Hook;
use super::{databases, file_calls, imports, paths, sources};
use crate::protocol::record::{Event, EventKind, ViolationKind};
use crate::rules::{Action, RuleIndex, Scope};

/// How an argument of an event is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The file is read.
    Read,
    /// The folder's entry of that name is made, changed or removed.
    Entry,
    /// The file is written, or what is kept about it changed. The event doesn't tell whether a
    /// link is followed: both that and the file behind it are judged.
    Write,
}

/// An argument that names a file.
#[derive(Clone, Copy, Debug)]
pub struct Use {
    argument: usize,
    /// Where the event has the descriptor of the folder that a relative path starts from.
    folder: Option<usize>,
    how: How,
}

const fn of(argument: usize, how: How) -> Option<Use> {
    let folder = None;
    Some(Use {
        argument,
        folder,
        how,
    })
}

const fn at(argument: usize, folder: usize, how: How) -> Option<Use> {
    let folder = Some(folder);
    Some(Use {
        argument,
        folder,
        how,
    })
}

/// What an event does with one file. `open`, `os.rename` and `os.link` are told apart by
/// [`judge`]; the events of `shutil`, `glob` and `tempfile` stand above these.
fn use_of(event: &[u8]) -> Option<Use> {
    match event {
        b"os.listdir" | b"os.scandir" | b"os.getxattr" | b"os.listxattr" => of(0, How::Read),
        b"os.truncate" | b"os.setxattr" | b"os.removexattr" => of(0, How::Write),
        b"os.chmod" | b"os.lchmod" => at(0, 2, How::Write),
        b"os.chown" | b"os.utime" => at(0, 3, How::Write),
        b"os.mkdir" => at(0, 2, How::Entry),
        b"os.rmdir" | b"os.remove" => at(0, 1, How::Entry),
        b"os.symlink" => at(1, 2, How::Entry),
        // A module in C, mapped by the loader of the system; a database's own modules.
        b"import" | b"sqlite3.load_extension" => of(1, How::Read),
        _ => None,
    }
}

/// A file as the guest names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// A descriptor: the file was opened before.
    Open,
    /// A path.
    Path(PathBuf),
    /// What can't be read without asking its class: it could be any.
    Unknown,
}

/// Reads an argument that names a file. Without one it is the current folder.
pub fn named(argument: Option<Ref<'_>>) -> Named {
    let Some(argument) = argument.filter(|argument| !argument.is_none()) else {
        return Named::Path(PathBuf::from("."));
    };
    if argument.is_integer() {
        return Named::Open;
    }
    let path = argument.path().or_else(|| {
        use std::os::unix::ffi::OsStrExt;
        buffer::with_bytes(argument, |bytes| std::ffi::OsStr::from_bytes(bytes).into())
    });
    path.map_or(Named::Unknown, Named::Path)
}

/// Is there anything to judge or to record?
#[inline]
pub fn concern(hook: &Hook) -> bool {
    !hook.grants.are_open() || hook.rulebook.rules.audit.record.files
}

/// CPython is about to do something; is it with a file that the policy keeps closed?
pub fn judge(hook: &'static Hook, event: &[u8], arguments: Ref<'_>) -> Flow {
    let argument = |index| arguments.items().nth(index);
    match event {
        b"os.rename" | b"os.link" => {
            let from = (named(argument(0)), folder_of(argument(2)));
            let to = (named(argument(1)), folder_of(argument(3)));
            moving(hook, event == b"os.link", from, to)
        }
        b"sqlite3.connect" => match argument(0) {
            Some(name) if !file_calls::take_settled(name) => databases::judge(hook, name, false),
            _ => Flow::Continue,
        },
        // Its modules are native code.
        b"sqlite3.enable_load_extension" => match argument(1).and_then(Ref::number) {
            Some(0) => Flow::Continue,
            _ => file_calls::anything(hook, "sqlite3.enable_load_extension"),
        },
        b"import" if argument(1).is_none_or(Ref::is_none) => Flow::Continue,
        _ => match use_of(event) {
            Some(found) => {
                let folder = found.folder.and_then(argument);
                let name = named(argument(found.argument));
                using(hook, found.how, &name, folder_of(folder))
            }
            None => Flow::Continue,
        },
    }
}

/// One file is used in one way.
pub fn using(hook: &'static Hook, how: How, name: &Named, folder: Option<RawFd>) -> Flow {
    let path = match name {
        Named::Open => return Flow::Continue,
        Named::Unknown => return unknown(hook, &[how]),
        Named::Path(path) => path,
    };
    from_folder(folder, |folder| match how {
        How::Read => one(hook, Access::Read, path, paths::resolve_at(folder, path)),
        How::Entry => one(hook, Access::Write, path, paths::entry_at(folder, path)),
        How::Write => {
            let (entry, file) = (
                paths::entry_at(folder, path),
                paths::resolve_at(folder, path),
            );
            let linked = entry != file;
            if linked && one(hook, Access::Write, path, entry) == Flow::Raise {
                return Flow::Raise;
            }
            one(hook, Access::Write, path, file)
        }
    })
}

fn unknown(hook: &'static Hook, hows: &[How]) -> Flow {
    let refused = hows.iter().any(|how| {
        let access = match how {
            How::Read => Access::Read,
            How::Entry | How::Write => Access::Write,
        };
        closed(hook, access, Path::new("a path that is no text"), None) == Flow::Raise
    });
    match refused {
        true => Flow::Raise,
        false => Flow::Continue,
    }
}

thread_local! {
    /// The folder that the next `open` in this thread starts from: its event doesn't say.
    static FOLDER: Cell<Option<RawFd>> = const { Cell::new(None) };
}

/// Runs `os.open(…, dir_fd=folder)`, whose arguments are such that no guest code runs before
/// its event.
pub fn opening_at<R>(folder: RawFd, open: impl FnOnce() -> R) -> R {
    let before = FOLDER.replace(Some(folder));
    let result = open();
    FOLDER.set(before);
    result
}

/// The folder that an `open` which is being told starts from, taken once.
pub fn take_folder() -> Option<RawFd> {
    FOLDER.take()
}

/// Asks something from a folder: the one that is open there, or the current one.
pub fn from_folder<R>(folder: Option<RawFd>, ask: impl FnOnce(BorrowedFd<'_>) -> R) -> R {
    match folder {
        Some(folder) => descriptors::with_borrowed(folder, ask),
        None => ask(CWD),
    }
}

/// A `dir_fd` as events have it: -1 or no number for the current folder.
fn folder_of(argument: Option<Ref<'_>>) -> Option<RawFd> {
    let number = argument?.number()?;
    RawFd::try_from(number).ok().filter(|folder| *folder >= 0)
}

/// A file is about to be opened: `open(path, mode, flags)`.
pub fn opening(hook: &'static Hook, arguments: Ref<'_>, folder: Option<RawFd>) -> Flow {
    let argument = |index| arguments.items().nth(index);
    let mode = argument(1).and_then(Ref::text).unwrap_or("");
    let flags = argument(2).and_then(Ref::number);
    let path = match named(argument(0)) {
        Named::Open => return Flow::Continue,
        Named::Path(path) => path,
        Named::Unknown => return unknown(hook, &[How::Read, How::Entry]),
    };
    let resolved = from_folder(folder, |folder| paths::resolve_at(folder, &path));
    // A line of source is shown: what may not be read isn't shown, and nobody asked for it. With
    // a mode and without flags it is C that looks for the line of a syntax error.
    let is_shown = sources::is_showing() || (mode == "rb" && flags == Some(0));
    if is_shown {
        return showing(hook, &path, resolved.as_deref());
    }
    let (reads, writes) = accesses(mode, flags);
    let judge = |access| one(hook, access, &path, resolved.clone());
    if reads && judge(Access::Read) == Flow::Raise {
        return Flow::Raise;
    }
    match writes {
        true => judge(Access::Write),
        false => Flow::Continue,
    }
}

/// What opening a file with a mode (as `fopen` has it) and flags does: is it read, is it written?
pub fn accesses(mode: &str, flags: Option<i64>) -> (bool, bool) {
    let Some(flags) = flags.and_then(|flags| i32::try_from(flags).ok()) else {
        return (true, true);
    };
    if flags & libc::O_PATH != 0 {
        return (false, false); // nothing can be read or written through it
    }
    let makes =
        flags & (libc::O_CREAT | libc::O_TRUNC) != 0 || flags & libc::O_TMPFILE == libc::O_TMPFILE;
    // What it makes itself holds nothing to read: temporary files are made so.
    let is_new = flags & (libc::O_CREAT | libc::O_EXCL) == libc::O_CREAT | libc::O_EXCL;
    let (reads, writes) = match flags & libc::O_ACCMODE {
        libc::O_RDONLY => (!is_new, makes),
        libc::O_WRONLY => (false, true),
        _ => (!is_new, true),
    };
    let says_write = mode.contains(['w', 'a', 'x', '+']);
    (reads, writes || says_write)
}

/// The interpreter shows a line of source: an honest error if it may not, and no violation.
fn showing(hook: &'static Hook, path: &Path, resolved: Option<&Path>) -> Flow {
    match refusing(hook, Access::Read, resolved) {
        Some(rule) => {
            let text = latch::message(hook, ViolationKind::FileRead, &shown(path), rule);
            exceptions::raise_about(path, &text);
            Flow::Raise
        }
        None => Flow::Continue,
    }
}

/// A file gets another name, or a second one. Its old name must be in the grants, and so must
/// the new one; and what may be read at its new place must be readable at its old one. Behind a
/// second name it can be written as well.
fn moving(
    hook: &'static Hook,
    is_link: bool,
    (from, from_folder_fd): (Named, Option<RawFd>),
    (to, to_folder): (Named, Option<RawFd>),
) -> Flow {
    let (Named::Path(from), Named::Path(to)) = (from, to) else {
        return unknown(hook, &[How::Read, How::Entry]);
    };
    let old = from_folder(from_folder_fd, |folder| {
        let mut old = vec![paths::entry_at(folder, &from)];
        if is_link {
            old.push(paths::resolve_at(folder, &from));
        }
        old.dedup();
        old
    });
    let new = from_folder(to_folder, |folder| paths::entry_at(folder, &to));
    let becomes_readable = hook.grants.refusing(Access::Read, new.as_deref()).is_none();
    for old in old {
        if becomes_readable && closed(hook, Access::Read, &from, old.as_deref()) == Flow::Raise {
            return Flow::Raise;
        }
        if one(hook, Access::Write, &from, old) == Flow::Raise {
            return Flow::Raise;
        }
    }
    one(hook, Access::Write, &to, new)
}

/// One access to one file: refused, or recorded if the policy wants that.
fn one(hook: &'static Hook, access: Access, written: &Path, resolved: Option<PathBuf>) -> Flow {
    if closed(hook, access, written, resolved.as_deref()) == Flow::Raise {
        return Flow::Raise;
    }
    record(hook, access, resolved.as_deref().unwrap_or(written));
    Flow::Continue
}

/// Refuses an access that the lists leave out.
pub fn closed(
    hook: &'static Hook,
    access: Access,
    written: &Path,
    resolved: Option<&Path>,
) -> Flow {
    match refusing(hook, access, resolved) {
        Some(rule) => refuse(hook, access, written, resolved, rule),
        None => Flow::Continue,
    }
}

/// The list that speaks against an access. What importlib loads for the guest is no file that
/// the guest reads; nor is the source of what runs, once it is known as such.
fn refusing(hook: &Hook, access: Access, resolved: Option<&Path>) -> Option<RuleIndex> {
    let rule = hook.grants.refusing(access, resolved)?;
    let is_module = access == Access::Read
        && resolved.is_some_and(|path| {
            hook.grants.is_module(path) && (imports::is_at_work() || hook.sources.knows(path))
        });
    (!is_module).then_some(rule)
}

fn refuse(
    hook: &'static Hook,
    access: Access,
    written: &Path,
    resolved: Option<&Path>,
    rule: RuleIndex,
) -> Flow {
    let subject = shown(written);
    let canonical = resolved.map_or_else(|| subject.clone(), shown);
    let deed = Deed {
        kind: match access {
            Access::Read => ViolationKind::FileRead,
            Access::Write => ViolationKind::FileWrite,
        },
        subject: &subject,
        canonical: &canonical,
        rule,
        from: stack::innermost(),
    };
    let _raised = match hook.grants.action {
        Action::Refuse => latch::refuse(hook, deed),
        _ => latch::deny(hook, deed),
    };
    // As the kernel's own refusal: programs look at `errno` and `filename`.
    exceptions::raise_about(written, &latch::message(hook, deed.kind, &subject, rule));
    Flow::Raise
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Records an access that passes. What importlib reads of the interpreter's own isn't the
/// guest's doing.
fn record(hook: &Hook, access: Access, path: &Path) {
    let audit = hook.rulebook.rules.audit;
    if !audit.record.files || (audit.scope == Scope::Guest && imports::is_at_work()) {
        return;
    }
    use std::os::unix::ffi::OsStrExt;
    let subject = hook.name(path.as_os_str().as_bytes());
    hook.report(Event {
        kind: match access {
            Access::Read => EventKind::FileRead,
            Access::Write => EventKind::FileWrite,
        },
        decision: Action::Allow,
        rule: None,
        time: hook.now(),
        subject,
        canonical: subject,
        place: stack::reported_place(hook, stack::innermost()),
    });
}

#[cfg(test)]
mod tests {
    use super::accesses;

    #[test]
    fn flags_tell_what_is_done() {
        for (mode, flags, expected) in [
            ("r", libc::O_RDONLY | libc::O_CLOEXEC, (true, false)),
            ("", libc::O_RDONLY | libc::O_CREAT, (true, true)),
            ("", libc::O_RDONLY | libc::O_TRUNC, (true, true)),
            ("", libc::O_WRONLY, (false, true)),
            ("", libc::O_RDWR, (true, true)),
            (
                "",
                libc::O_RDWR | libc::O_CREAT | libc::O_EXCL,
                (false, true),
            ),
            ("", libc::O_RDONLY | libc::O_DIRECTORY, (true, false)),
            ("", libc::O_WRONLY | libc::O_TMPFILE, (false, true)),
            ("", libc::O_PATH | libc::O_RDWR, (false, false)),
            ("wb", 0, (true, true)),
            ("rb", 0, (true, false)),
        ] {
            assert_eq!(
                accesses(mode, Some(flags.into())),
                expected,
                "{mode} {flags:o}"
            );
        }
        assert_eq!(accesses("", None), (true, true));
    }
}
