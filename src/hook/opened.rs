//! Files that nobody may open: the memory of a process, the channel, and what only the
//! supervisor has open.
//!
//! `/proc/*/mem` would let pure Python rewrite the interpreter, and the channel's memory its
//! records. The path in an audit event says little (links, `chdir`, a folder's descriptor),
//! so the file is looked up the way the kernel will do it, and recognised by what it is.

use std::ffi::OsStr;
use std::os::fd::{BorrowedFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, Mode, OFlags, fstat, fstatfs, openat, readlinkat};

use super::ffi::object::Ref;
use super::ffi::{buffer, descriptors};
use super::overseer;
use super::state::Hook;

/// `f_type` of the proc file system (linux/magic.h).
const PROC_SUPER_MAGIC: i64 = 0x9fa0;

/// The name to report if opening this is tampering. A path that can't be read without asking
/// its class (`FileIO` takes any object with `__fspath__`) could be any.
pub fn forbidden(hook: &Hook, opened: Ref<'_>) -> Option<String> {
    if opened.is_integer() {
        return None; // a descriptor: its file was opened before
    }
    let path = opened
        .path()
        .or_else(|| buffer::with_bytes(opened, |bytes| PathBuf::from(OsStr::from_bytes(bytes))));
    let Some(path) = path else {
        return Some("a path that is no text".to_owned());
    };
    if is_forbidden(hook, CWD, &path) {
        return Some(path.display().to_string());
    }
    // `os.open(path, flags, dir_fd=…)`: the event doesn't tell the descriptor, so the path is
    // tried from every folder that is open.
    let hidden = path.is_relative()
        && open_folders().any(|folder| {
            descriptors::with_borrowed(folder, |folder| is_forbidden(hook, folder, &path))
        });
    hidden.then(|| path.display().to_string())
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
    let link = format!("/proc/self/fd/{}", file.as_raw_fd());
    readlinkat(CWD, link, Vec::new()).is_ok_and(|target| {
        let path = target.to_bytes();
        path.ends_with(b"/mem") || overseer::is_environment(path)
    })
}

/// Descriptors of the folders that this process has open.
fn open_folders() -> impl Iterator<Item = RawFd> {
    std::fs::read_dir("/proc/self/fd")
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|fd: &RawFd| descriptors::with_borrowed(*fd, is_folder))
}

fn is_folder(fd: BorrowedFd<'_>) -> bool {
    fstat(fd).is_ok_and(|stat| {
        rustix::fs::FileType::from_raw_mode(stat.st_mode) == rustix::fs::FileType::Directory
    })
}
