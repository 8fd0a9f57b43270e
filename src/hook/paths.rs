//! Where a path leads, as the kernel will resolve it.
//!
//! A rule on files is about the file, not about how the guest spells it: `..`, symbolic links
//! and what `/proc` offers are followed first. Between this look and the kernel's own, another
//! thread may change a link; what a policy must keep out for certain is the jail's business.
#![allow(dead_code)]

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// As the kernel has it (`MAXSYMLINKS` in linux/namei.h).
const MAX_LINKS: usize = 40;

/// The absolute path of the file that opening `path` would reach or make, every link
/// followed, the last one too. `None` if that can't be told: then it could be any file.
pub fn resolve(path: &Path) -> Option<PathBuf> {
    let mut path = std::path::absolute(path).ok()?;
    for _ in 0..MAX_LINKS {
        match path.canonicalize() {
            Ok(resolved) => return Some(resolved),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(_) => return None,
        }
        // What doesn't exist may be made: in the folder around it, or where a link points to.
        match path.read_link() {
            Ok(target) => path = path.parent()?.join(target),
            Err(_) => return entry(&path),
        }
    }
    None
}

/// The absolute path of the folder entry itself, its last link not followed: what `unlink`,
/// `rename` and `symlink` are about.
pub fn entry(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    let Some(name) = path.file_name() else {
        return path.canonicalize().ok(); // `/`, or it ends in `..`
    };
    match path.parent()?.canonicalize() {
        Ok(folder) => Some(folder.join(name)),
        // No such folder: the call fails; its name says what was meant.
        Err(error) if error.kind() == ErrorKind::NotFound && !has_dots(&path) => {
            Some(nearest(&path)?.join(name))
        }
        Err(_) => None,
    }
}

fn has_dots(path: &Path) -> bool {
    path.components()
        .any(|part| part == std::path::Component::ParentDir)
}

/// The parent folder, as far as it exists resolved, the rest by name.
fn nearest(path: &Path) -> Option<PathBuf> {
    let folder = path.parent()?;
    let known = folder.ancestors().find(|ancestor| ancestor.exists())?;
    let rest = folder.strip_prefix(known).ok()?;
    Some(known.canonicalize().ok()?.join(rest))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
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
            ("gone/../secret", None),
            ("data/loop", None),
        ] {
            let resolved = resolve(&root.join(path));
            assert_eq!(resolved, expected.map(|path| root.join(path)), "{path}");
        }
        assert_eq!(entry(&root.join("data/link")), Some(root.join("data/link")));
        assert_eq!(entry(&root.join("data/up/x")), Some(root.join("x")));
    }
}
