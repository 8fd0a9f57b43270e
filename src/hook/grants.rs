//! What may be read and written: the policy's lists, and what every Python program needs.
//!
//! Paths come resolved. A list that is there closes the rest of its kind; `None` stands for a
//! path that can't be told, which no list covers.

use std::path::{Path, PathBuf};

use super::paths;
use crate::protocol::setup::Setup;
use crate::rules::pattern::PatternError;
use crate::rules::resources::PathJudge;
use crate::rules::{Action, RuleIndex, RuleSet};

/// What is done with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Its content is read, or a folder's list of files.
    Read,
    /// It is written, made, renamed, removed, or what is kept about it is changed.
    Write,
}

/// Files that hold nothing of anybody's: devices, time zones, what kinds of files there are, and
/// which system this is. CPython's own modules read them.
const PUBLIC: &[&str] = &[
    "/dev/null",
    "/dev/zero",
    "/dev/full",
    "/dev/random",
    "/dev/urandom",
    "/etc/localtime",
    "/etc/timezone",
    "/etc/zoneinfo",
    "/usr/share/zoneinfo",
    "/usr/lib/zoneinfo",
    "/usr/share/lib/zoneinfo",
    "/etc/mime.types",
    "/etc/os-release",
    "/usr/lib/os-release",
];

/// Where everybody may write.
const SINK: &str = "/dev/null";

/// What importlib makes modules of.
const MODULE_SUFFIXES: [&str; 3] = ["py", "pyc", "so"];

/// The `[files]` section, ready to be asked.
#[derive(Debug)]
pub struct Grants {
    read: Option<PathJudge>,
    write: Option<PathJudge>,
    /// What happens to what the lists leave out: `Refuse` or `Deny`.
    pub action: Action,
    /// Always readable: the interpreter with its libraries, and the script.
    own: Vec<PathBuf>,
    /// Folders from which the guest may import, though it may not read there.
    module_folders: Vec<PathBuf>,
}

impl Grants {
    /// From the policy, and from where the interpreter and the script are.
    ///
    /// # Errors
    /// A glob doesn't compile, which the supervisor should have found.
    pub fn new(rules: &RuleSet, setup: &Setup) -> Result<Grants, PatternError> {
        let judge = |list: &Option<_>| list.as_ref().map(PathJudge::new).transpose();
        let resolved = |path: &PathBuf| paths::resolve(path);
        // A harness that the policy trusts may stand beside what it compares results with.
        let libraries = setup
            .library
            .iter()
            .filter(|folder| !rules.trust.contains(folder));
        let public = PUBLIC.iter().map(Path::new).filter_map(paths::resolve);
        Ok(Grants {
            read: judge(&rules.files.read)?,
            write: judge(&rules.files.write)?,
            action: rules.files.action.action(),
            own: libraries
                .chain([&setup.script, &setup.executable])
                .filter_map(resolved)
                .chain(public)
                .chain(PUBLIC.iter().map(PathBuf::from))
                .collect(),
            module_folders: std::iter::once(&setup.script_folder)
                .chain(&rules.trust)
                .filter_map(resolved)
                .collect(),
        })
    }

    /// Does the policy say nothing of files?
    pub fn are_open(&self) -> bool {
        self.read.is_none() && self.write.is_none()
    }

    /// The list that leaves a file out, if one does.
    pub fn refusing(&self, access: Access, path: Option<&Path>) -> Option<RuleIndex> {
        let list = match access {
            Access::Read => self.read.as_ref(),
            Access::Write => self.write.as_ref(),
        }?;
        let granted = path.is_some_and(|path| {
            // A pipe that is reached again through `/proc` has no name to be judged by.
            path.to_string_lossy().starts_with("pipe:[")
                || list.covers(path)
                || self.is_always(access, path)
        });
        (!granted).then_some(list.rule)
    }

    fn is_always(&self, access: Access, path: &Path) -> bool {
        match access {
            Access::Read => self.own.iter().any(|own| path.starts_with(own)),
            Access::Write => path == Path::new(SINK),
        }
    }

    /// Is it, by its place and name, a module that the guest may import, or a folder of such?
    pub fn is_module(&self, path: &Path) -> bool {
        let is_kind = match path.extension().and_then(|suffix| suffix.to_str()) {
            Some(suffix) if MODULE_SUFFIXES.contains(&suffix) => true,
            _ => path.is_dir(),
        };
        is_kind
            && self
                .module_folders
                .iter()
                .any(|folder| path.starts_with(folder))
    }
}
