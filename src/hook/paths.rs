//! Where a path leads, as the kernel will resolve it.
//!
//! A rule on files is about the file, not about how the guest spells it: the kernel itself is
//! asked to follow `..`, links and what `/proc` offers, by opening the path without access
//! (`O_PATH`) and reading the name of what was found. Between this look and the kernel's own,
//! another thread may change a link; what a policy must keep out for certain is the jail's
//! business.

use std::ffi::OsStr;
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Component, Path, PathBuf};

use rustix::fs::{CWD, Mode, OFlags, fstat, openat, readlinkat};
use rustix::io::Errno;

/// As the kernel has it (`MAXSYMLINKS` in linux/namei.h).
const MAX_LINKS: usize = 40;

/// The absolute path of the file that opening `path` would reach or make, every link
/// followed, the last one too. `None` if that can't be told: then it could be any file.
/// What has no path, a pipe reached through `/proc`, gives the kernel's word for it, which
/// isn't absolute.
pub fn resolve(path: &Path) -> Option<PathBuf> {
    resolve_at(CWD, path)
}

/// As [`resolve`], from a folder that is open.
pub fn resolve_at(folder: BorrowedFd<'_>, path: &Path) -> Option<PathBuf> {
    if path.as_os_str().as_bytes().contains(&0) {
        return None; // no file has such a name
    }
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        match look(folder, &path) {
            Ok(file) => return name_of(&file),
            Err(Errno::NOENT) => {}
            Err(Errno::LOOP) => return None,
            // The call fails likewise; the name says what was meant.
            Err(_) => return nearest(folder, &path),
        }
        // What doesn't exist may be made: in the folder around it, or where a link points to.
        match readlinkat(folder, &path, Vec::new()) {
            Ok(target) => path = path.parent()?.join(OsStr::from_bytes(target.to_bytes())),
            Err(_) => return entry_at(folder, &path),
        }
    }
    None
}

/// The absolute path of the folder entry itself, its last link not followed: what `unlink`,
/// `rename` and `symlink` are about.
#[cfg(test)]
pub fn entry(path: &Path) -> Option<PathBuf> {
    entry_at(CWD, path)
}

/// The absolute path of the folder entry itself, its last link not followed: what `unlink`,
/// `rename` and `symlink` are about. Relative paths begin at an open folder.
pub fn entry_at(folder: BorrowedFd<'_>, path: &Path) -> Option<PathBuf> {
    let (parent, name) = split(path);
    let Some(name) = name else {
        // `/`, or it ends in a dot: no entry of its own.
        return name_of(&look(folder, path).ok()?);
    };
    match look(folder, &parent) {
        Ok(parent) => Some(name_of(&parent)?.join(name)),
        Err(_) => nearest(folder, path),
    }
}

/// A path's folder and the last name in it, by its text alone: `std` would drop a final `.`,
/// behind which the kernel follows a link.
fn split(path: &Path) -> (PathBuf, Option<&OsStr>) {
    let bytes = path.as_os_str().as_bytes();
    let end = bytes.iter().rposition(|byte| *byte != b'/');
    let bytes = &bytes[..end.map_or(0, |end| end + 1)];
    let start = bytes.iter().rposition(|byte| *byte == b'/');
    let (parent, name) = match start {
        Some(0) => (&b"/"[..], &bytes[1..]),
        Some(at) => (&bytes[..at], &bytes[at + 1..]),
        None => (&b"."[..], bytes),
    };
    let name = (!matches!(name, b"" | b"." | b"..")).then(|| OsStr::from_bytes(name));
    (PathBuf::from(OsStr::from_bytes(parent)), name)
}

/// Finds a file as the kernel would, without opening it for anything.
fn look(folder: BorrowedFd<'_>, path: &Path) -> Result<OwnedFd, Errno> {
    openat(folder, path, OFlags::PATH | OFlags::CLOEXEC, Mode::empty())
}

/// The kernel's name of an open file. `None` for one that was removed, or lies outside of what
/// this process can see. A thread may have descriptors of its own: so not `/proc/self`.
fn name_of(file: &OwnedFd) -> Option<PathBuf> {
    let link = format!("/proc/thread-self/fd/{}", file.as_raw_fd());
    let name = readlinkat(CWD, link, Vec::new()).ok()?.into_bytes();
    let removed = fstat(file).ok()?.st_nlink == 0 && name.starts_with(b"/");
    let visible = !removed && !name.starts_with(b"(unreachable)");
    visible.then(|| PathBuf::from(std::ffi::OsString::from_vec(name)))
}

/// The nearest folder that can be reached, resolved, and the rest by name. Nothing is known of
/// a path with `..` in it.
fn nearest(folder: BorrowedFd<'_>, path: &Path) -> Option<PathBuf> {
    if path.components().any(|part| part == Component::ParentDir) {
        return None;
    }
    let (known, file) = path.ancestors().skip(1).find_map(|ancestor| {
        let here = match ancestor.as_os_str().is_empty() {
            true => Path::new("."),
            false => ancestor,
        };
        Some((ancestor, look(folder, here).ok()?))
    })?;
    Some(name_of(&file)?.join(path.strip_prefix(known).ok()?))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::os::fd::AsFd;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_and_dots_are_followed() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        std::fs::create_dir(root.join("data")).unwrap();
        std::fs::write(root.join("secret"), "").unwrap();
        symlink("../secret", root.join("data/link")).unwrap();
        symlink("../made", root.join("data/dangling")).unwrap();
        symlink("loop", root.join("data/loop")).unwrap();
        symlink("..", root.join("data/up")).unwrap();
        for (path, expected) in [
            ("data/link", Some("secret")),
            ("data/../secret", Some("secret")),
            ("data/up/secret", Some("secret")),
            ("data/dangling", Some("made")),
            ("data/new", Some("data/new")),
            ("data/up/new", Some("new")),
            ("gone/deep/new", Some("gone/deep/new")),
            ("secret/below", Some("secret/below")),
            ("gone/../secret", None),
            ("data/loop", None),
        ] {
            let resolved = resolve(&root.join(path));
            assert_eq!(resolved, expected.map(|path| root.join(path)), "{path}");
            let at = std::fs::File::open(&root).unwrap();
            assert_eq!(resolve_at(at.as_fd(), Path::new(path)), resolved, "{path}");
        }
        assert_eq!(entry(&root.join("data/link")), Some(root.join("data/link")));
        assert_eq!(entry(&root.join("data/up/x")), Some(root.join("x")));
        assert_eq!(entry(&root.join("data/up/.")), Some(root.clone()));
        assert_eq!(entry(&root.join("data/")), Some(root.join("data")));
    }

    #[test]
    fn what_proc_offers_is_followed() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        std::fs::write(root.join("file"), "").unwrap();
        let path = format!("/proc/self/root{}/file", root.display());
        assert_eq!(resolve(Path::new(&path)), Some(root.join("file")));
        let at = std::fs::File::open(&root).unwrap();
        let path = format!("/proc/self/fd/{}/file", at.as_raw_fd());
        assert_eq!(resolve(Path::new(&path)), Some(root.join("file")));
        let removed = std::fs::File::open(root.join("file")).unwrap();
        std::fs::remove_file(root.join("file")).unwrap();
        let path = format!("/proc/self/fd/{}", removed.as_raw_fd());
        assert_eq!(resolve(Path::new(&path)), None);
        let (reader, _writer) = std::io::pipe().unwrap();
        let path = format!("/proc/self/fd/{}", reader.as_raw_fd());
        assert!(resolve(Path::new(&path)).unwrap().is_relative());
    }
}
