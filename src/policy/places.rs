//! Paths of a policy: where they begin.
//!
//! A path may begin with an anchor, at the root, or at a folder that its section decides. The
//! folders of the policy and of the caller are known here; that of the script isn't yet.

use std::path::{Path, PathBuf};

use super::clauses::{Anchor, AnchoredPath};
use super::diagnostic::Code;
use super::tree::{Stated, Walk};
use super::words::{one_of, quoted};

/// The anchors that a path may begin with.
const ANCHORS: [&str; 3] = ["{script}", "{cwd}", "{policy}"];

/// Where a path without an anchor begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// At the policy's folder: what belongs to the policy lies beside it.
    Policy,
    /// At the current folder, as the guest's own relative paths do.
    Cwd,
}

/// Tells where a path begins, or leaves a diagnostic.
pub fn anchored(
    walk: &mut Walk<'_>,
    text: Stated<String>,
    cwd: &Path,
    home: Home,
) -> Option<AnchoredPath> {
    let written = text.value;
    let policy = || Anchor::Folder(walk.source.folder.clone().unwrap_or_else(|| cwd.to_owned()));
    let after = |anchor: &str| {
        written
            .strip_prefix(anchor)
            .filter(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let (anchor, rest) = if let Some(rest) = after("{script}") {
        (Anchor::Script, rest)
    } else if let Some(rest) = after("{cwd}") {
        (Anchor::Folder(cwd.to_owned()), rest)
    } else if let Some(rest) = after("{policy}") {
        (policy(), rest)
    } else if written.is_empty() || written.starts_with('{') || written.contains('\0') {
        let message = format!("{} is not a path that can be named here", quoted(&written));
        let help = Some(format!("a path may begin with {}", one_of(ANCHORS)));
        if let Some(origin) = text.origin {
            walk.error(Code::UnknownAnchor, origin.span, message, "", help);
        }
        return None;
    } else if written.starts_with('/') {
        (Anchor::Folder(PathBuf::from("/")), written.as_str())
    } else {
        let folder = match home {
            Home::Policy => policy(),
            Home::Cwd => Anchor::Folder(cwd.to_owned()),
        };
        (folder, written.as_str())
    };
    let rest = PathBuf::from(rest.trim_start_matches('/'));
    Some(AnchoredPath {
        anchor,
        rest,
        written,
    })
}

/// Does a text of `except.args` mean a path, by its look?
pub fn looks_like_path(text: &str) -> bool {
    ANCHORS.iter().any(|anchor| text.starts_with(anchor))
        || (text.contains('/') && !text.contains("://"))
}
