//! Files that nobody may open: the memory of a process, the channel, and what only the
//! supervisor has open.
//!
//! `/proc/*/mem` would let pure Python rewrite the interpreter, and the channel's memory its
//! records. The path in an audit event says little (links, `chdir`, a folder's descriptor),
//! so the file is looked up the way the kernel will do it, and recognised by what it is.

use std::os::fd::{BorrowedFd, OwnedFd, RawFd};
use std::path::Path;

use rustix::fs::{CWD, Mode, OFlags, fstat, fstatfs, openat, readlinkat};

use super::ffi::object::Ref;
use super::files::{self, Named};
use super::overseer;
use super::state::Hook;

/// `f_type` of the proc file system (linux/magic.h).
const PROC_SUPER_MAGIC: i64 = 0x9fa0;

/// The name to report if opening this is tampering. A relative path starts from `folder`, if
/// there is one. A path that can't be read without asking its class (`FileIO` takes any object
/// with `__fspath__`) could be any.
pub fn forbidden(hook: &Hook, opened: Ref<'_>, folder: Option<RawFd>) -> Option<String> {
    let path = match files::named(Some(opened)) {
        Named::Open => return None,
        Named::Path(path) => path,
        Named::Unknown => return Some("a path that is no text".to_owned()),
    };
    files::from_folder(folder, |folder| is_forbidden(hook, folder, &path))
        .then(|| path.display().to_string())
}

fn is_forbidden(hook: &Hook, folder: BorrowedFd<'_>, path: &Path) -> bool {
    // O_PATH follows links as the real open will, without opening anything.
    let Ok(file) = openat(folder, path, OFlags::PATH | OFlags::CLOEXEC, Mode::empty()) else {
        return false;
    };
    if fstat(&file).is_ok_and(|stat| (stat.st_dev, stat.st_ino) == hook.channel_identity) {
        return true;
    }
    overseer::is_withheld(&file)
        || fstatfs(&file).is_ok_and(|fs| fs.f_type == PROC_SUPER_MAGIC) && is_private(&file)
}

/// Is it a process's memory, or the environment of the supervisor?
fn is_private(file: &OwnedFd) -> bool {
    use std::os::fd::AsRawFd;
    let link = format!("/proc/thread-self/fd/{}", file.as_raw_fd());
    readlinkat(CWD, link, Vec::new()).is_ok_and(|target| {
        let path = target.to_bytes();
        path.ends_with(b"/mem") || overseer::is_environment(path)
    })
}
