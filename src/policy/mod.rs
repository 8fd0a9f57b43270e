//! Text → [`Policy`]: what the user wrote, valid, merged, with every place remembered.
//!
//! A reference is [opened](source), [read](raw) into values checked one by one, and merged
//! with what it extends. All problems come at once, as [diagnostics](diagnostic); only a
//! policy without errors is returned. Nothing here knows of Python or of the kernel.

pub mod diagnostic;
mod merge;
pub mod presets;
mod raw;
mod reader;
mod source;
pub mod units;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;

pub use diagnostic::{Code, Diagnostic, Diagnostics};
pub use raw::{Function, Line};

use crate::rules::{LimitKind, Limits, NamePattern, Origin, Recorded, Scope};

/// How Python's hash seed is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum HashSeed {
    /// The same in every run: two runs of a deterministic script count the same.
    Fixed(u32),
    /// Another one each time.
    Random,
}

/// Something with the place where the policy states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated<T> {
    /// The thing.
    pub value: T,
    /// Where; `None` for flags of the command line.
    pub origin: Option<Origin>,
}

/// A valid policy: everything merged, later parents over earlier, the child over all.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Its name: what it says itself, else its first source.
    pub name: String,
    /// Its files and presets, child first.
    pub sources: Vec<String>,
    /// SHA-256 of the effective policy, in hex: of what rules, however it was written.
    pub sha256: String,
    /// The ceilings.
    pub limits: Limits,
    /// Where each limit is stated.
    pub limit_origins: Vec<(LimitKind, Option<Origin>)>,
    /// Names and globs of environment variables that the guest gets.
    pub environment_pass: Vec<String>,
    /// Python's hash seed.
    pub hash_seed: HashSeed,
    /// `defaults.functions = "deny"`.
    pub closed: Option<Stated<()>>,
    /// `imports.allow`.
    pub import_allow: Option<Stated<Vec<NamePattern>>>,
    /// `imports.deny`.
    pub import_deny: Option<Stated<Vec<NamePattern>>>,
    /// `[[functions]]`.
    pub functions: Vec<Stated<Function>>,
    /// `[[lines]]`.
    pub lines: Vec<Stated<Line>>,
    /// `[trust] paths`, absolute.
    pub trust: Vec<PathBuf>,
    /// `[audit] record`.
    pub record: Recorded,
    /// `[audit] scope`.
    pub scope: Scope,
    /// Problems that don't keep the policy from being used.
    pub warnings: Diagnostics,
    texts: BTreeMap<String, Arc<str>>,
}

impl Policy {
    /// The text of one of its sources, by the name that [`Origin::file`] gives it.
    pub fn source_text(&self, file: &str) -> Option<&str> {
        self.texts.get(file).map(|text| &**text)
    }
}

/// Loads the policies that the user named; later ones over earlier ones. Without any, the
/// preset `base` rules. `overrides` are the values of `--limit` (`steps=1000`).
///
/// # Errors
/// All problems of all files.
pub fn load(
    references: &[String],
    overrides: &[String],
    cwd: &Path,
) -> Result<Policy, Diagnostics> {
    merge::load(references, overrides, cwd)
}
