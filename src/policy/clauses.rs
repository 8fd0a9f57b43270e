//! What one policy file says, section by section, as valid values with their places.
//!
//! A file leaves out what it likes. [`Clauses::overlay`] puts a child over its parents;
//! what is then still missing has its default when the rules are compiled. The serialised
//! form holds values only, no places, and is what the policy's hash is made of.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;

use super::tree::Stated;
use crate::rules::{Action, Caller, LimitKind, NamePattern, Recorded, Scope};

/// The value of one limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Amount {
    /// So many steps, calls, frames, threads.
    Count(u64),
    /// So long.
    Time(Duration),
    /// So many bytes.
    Size(u64),
    /// `"none"`: a parent's limit doesn't hold.
    Unlimited,
}

/// `[defaults] functions`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FunctionsDefault {
    /// What no rule names may be called.
    Allow,
    /// Only what an allow or audit rule names may be called.
    Deny,
}

/// `[python] hash_seed`: the value of `PYTHONHASHSEED` in the worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum HashSeed {
    /// The same order of sets in every run.
    Fixed(u32),
    /// Another order in every run.
    Random,
}

impl Default for HashSeed {
    fn default() -> Self {
        HashSeed::Fixed(0)
    }
}

/// One `[[functions]]` rule.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FunctionClause {
    /// Its name; the place is the rule's place.
    pub id: Stated<String>,
    /// What it covers.
    pub names: Vec<Stated<NamePattern>>,
    /// What is carved out.
    pub except: Vec<Stated<NamePattern>>,
    /// What happens; with `max_calls`, to the excess.
    pub action: Action,
    /// Whose calls.
    pub caller: Caller,
    /// How many calls may pass.
    pub max_calls: Option<u64>,
    /// The author's words.
    pub message: Option<String>,
}

/// One `[[lines]]` rule.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LineClause {
    /// Its name; the place is the rule's place.
    pub id: Stated<String>,
    /// A regex that is searched in the line.
    pub pattern: String,
    /// Globs on the file; empty: every file.
    pub files: Vec<String>,
    /// `Audit` or `Deny`.
    pub action: Action,
    /// The author's words.
    pub message: Option<String>,
}

/// Where a path of a policy begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Anchor {
    /// `{script}`: the script's folder.
    Script,
    /// A folder that was known when the policy was read: that of the policy, or the
    /// current one, or the root. Not part of the policy's hash.
    Folder(#[serde(skip)] PathBuf),
}

/// A path of `[trust] paths`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TrustPath {
    /// As the policy writes it.
    pub written: String,
    /// Where it begins.
    pub anchor: Anchor,
    /// What follows the anchor; relative.
    pub rest: PathBuf,
}

/// A list of names with the place of each.
pub type Names = Stated<Vec<Stated<NamePattern>>>;

/// Everything that can be inherited.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Clauses {
    /// `[defaults] functions`.
    pub functions_default: Option<Stated<FunctionsDefault>>,
    /// `[limits]`, but for `count_library`.
    pub limits: BTreeMap<LimitKind, Stated<Amount>>,
    /// `limits.count_library`.
    pub count_library: Option<Stated<bool>>,
    /// `imports.allow`.
    pub imports_allow: Option<Names>,
    /// `imports.deny`.
    pub imports_deny: Option<Names>,
    /// `[[functions]]`.
    pub functions: Vec<FunctionClause>,
    /// `[[lines]]`.
    pub lines: Vec<LineClause>,
    /// `environment.pass`.
    pub environment_pass: Option<Stated<Vec<String>>>,
    /// `trust.paths`.
    pub trust_paths: Option<Stated<Vec<TrustPath>>>,
    /// `audit.record`.
    pub audit_record: Option<Stated<Recorded>>,
    /// `audit.scope`.
    pub audit_scope: Option<Stated<Scope>>,
    /// `python.hash_seed`.
    pub hash_seed: Option<Stated<HashSeed>>,
}

impl Clauses {
    /// Puts `child` over `self`: its scalars and lists replace, its rules are added, and a
    /// rule takes the place of one with the same id.
    pub fn overlay(&mut self, child: Clauses) {
        replace(&mut self.functions_default, child.functions_default);
        self.limits.extend(child.limits);
        replace(&mut self.count_library, child.count_library);
        replace(&mut self.imports_allow, child.imports_allow);
        replace(&mut self.imports_deny, child.imports_deny);
        replace(&mut self.environment_pass, child.environment_pass);
        replace(&mut self.trust_paths, child.trust_paths);
        replace(&mut self.audit_record, child.audit_record);
        replace(&mut self.audit_scope, child.audit_scope);
        replace(&mut self.hash_seed, child.hash_seed);
        // Ids are one namespace: a line rule may replace a function rule.
        let replaced: std::collections::HashSet<&str> = child
            .functions
            .iter()
            .map(|rule| rule.id.value.as_str())
            .chain(child.lines.iter().map(|rule| rule.id.value.as_str()))
            .collect();
        self.functions
            .retain(|rule| !replaced.contains(rule.id.value.as_str()));
        self.lines
            .retain(|rule| !replaced.contains(rule.id.value.as_str()));
        self.functions.extend(child.functions);
        self.lines.extend(child.lines);
    }

    /// How many entries the rules need in the table.
    pub fn rule_count(&self) -> usize {
        self.functions.len() + self.lines.len()
    }
}

fn replace<T>(parent: &mut Option<T>, child: Option<T>) {
    if child.is_some() {
        *parent = child;
    }
}
