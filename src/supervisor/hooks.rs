//! Which hook libraries there are: one for each minor version of CPython.
//!
//! A plain `cargo build` puts the one it built beside the program as `liblictor.so`. Those for
//! other versions lie in `hooks/liblictor-cp311.so` and so on; they may be older, so where both
//! fit the one that was built with the program is taken.

use std::path::{Path, PathBuf};

/// Minor versions (of Python 3) that the hook is written for.
pub const SUPPORTED: std::ops::RangeInclusive<u8> = 11..=15;

/// A hook library on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// The minor version of Python 3 that it is for.
    pub minor: u8,
    /// Where it is.
    pub path: PathBuf,
}

/// The hook libraries beside the running program.
///
/// # Errors
///
/// If the program doesn't know where it is.
pub fn beside_program() -> std::io::Result<Vec<Hook>> {
    let program = std::env::current_exe()?;
    Ok(program.parent().map(find).unwrap_or_default())
}

/// The hook libraries for a program in `folder`, the one that was built with it first.
pub fn find(folder: &Path) -> Vec<Hook> {
    let numbered = SUPPORTED.map(|minor| Hook {
        minor,
        path: folder.join(format!("hooks/liblictor-cp3{minor}.so")),
    });
    let built = built_minor().into_iter().flat_map(|minor| {
        built_folders(folder).map(move |folder| Hook {
            minor,
            path: folder.join("liblictor.so"),
        })
    });
    built
        .chain(numbered)
        .filter(|hook| hook.path.is_file())
        .collect()
}

/// The minor version for which the hook of this very build is.
fn built_minor() -> Option<u8> {
    env!("LICTOR_HOOK_PYTHON").strip_prefix("3.")?.parse().ok()
}

/// Test programs stand in `deps/`, one below the folder where cargo puts the library.
fn built_folders(folder: &Path) -> impl Iterator<Item = &Path> {
    let above = folder.parent().filter(|_| folder.ends_with("deps"));
    [Some(folder), above].into_iter().flatten()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_built_library_comes_before_the_numbered_ones() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("hooks")).unwrap();
        for name in [
            "hooks/liblictor-cp312.so",
            "hooks/liblictor-cp399.so",
            "liblictor.so",
        ] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let found = find(folder.path());
        assert_eq!(found[0].path, folder.path().join("liblictor.so"));
        assert_eq!(found[1].minor, 12);
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn a_program_in_deps_finds_the_library_above() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("deps")).unwrap();
        std::fs::write(folder.path().join("liblictor.so"), "").unwrap();
        assert_eq!(
            find(&folder.path().join("deps"))[0].path,
            folder.path().join("liblictor.so")
        );
    }

    #[test]
    fn an_empty_folder_has_none() {
        assert_eq!(find(tempfile::tempdir().unwrap().path()), []);
    }
}
