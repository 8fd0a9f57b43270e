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
use crate::rules::resources::Outside;
use crate::rules::syntax::Construct;
use crate::rules::{
    Action, Caller, LimitKind, NamePattern, Recorded, RecordedArguments, Scope, Tampering,
};

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
    /// What is carved out by its arguments.
    pub except_arguments: Vec<ConditionClause>,
    /// What happens; with a budget, to the excess.
    pub action: Action,
    /// Whose calls.
    pub caller: Caller,
    /// How many calls may pass.
    pub max_calls: Option<u64>,
    /// How many steps the functions may take.
    pub max_steps: Option<u64>,
    /// How many calls of one function may be live in a thread.
    pub max_recursion: Option<u64>,
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
    /// `Audit` or `Deny`; with `max_count`, what happens to the excess.
    pub action: Action,
    /// How often such lines may be reached.
    pub max_count: Option<u64>,
    /// The author's words.
    pub message: Option<String>,
}

/// One argument of `except.args`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ConditionClause {
    /// The parameter's name.
    pub parameter: Stated<String>,
    /// What the argument may be.
    pub values: Vec<ValueClause>,
}

/// What an argument may be.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ValueClause {
    /// A text; `*` is any text.
    Text(String),
    /// A regex on the whole text.
    Regex(String),
    /// A glob on the path it leads to.
    Path(AnchoredPath),
    /// This number.
    Integer(i64),
    /// This truth value.
    Boolean(bool),
}

/// An endpoint of `[network]`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EndpointClause {
    /// `host:port`; no port is any.
    Host {
        /// A name, an address, `*` or `*.name`.
        host: String,
        /// The port.
        port: Option<u16>,
    },
    /// A socket in the file system.
    Unix(AnchoredPath),
    /// An abstract socket, without its `@`.
    Abstract(String),
}

/// The `[syntax]` section.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SyntaxClause {
    /// What must not occur.
    pub forbid: Option<Stated<Vec<Stated<Construct>>>>,
    /// What must occur.
    pub require: Option<Stated<Vec<Stated<Construct>>>>,
    /// How deep blocks may be nested.
    pub max_nesting: Option<Stated<u64>>,
    /// How many lines a function may have.
    pub max_function_lines: Option<Stated<u64>>,
    /// The author's words.
    pub message: Option<Stated<String>>,
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

/// A path, or a glob on paths.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnchoredPath {
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
    pub trust_paths: Option<Stated<Vec<AnchoredPath>>>,
    /// `files.read`.
    pub files_read: Option<Stated<Vec<AnchoredPath>>>,
    /// `files.write`.
    pub files_write: Option<Stated<Vec<AnchoredPath>>>,
    /// `files.action`.
    pub files_action: Option<Stated<Outside>>,
    /// `network.connect`.
    pub network_connect: Option<Stated<Vec<EndpointClause>>>,
    /// `network.bind`.
    pub network_bind: Option<Stated<Vec<EndpointClause>>>,
    /// `network.action`.
    pub network_action: Option<Stated<Outside>>,
    /// `[syntax]`.
    pub syntax: SyntaxClause,
    /// `tamper.allow`.
    pub tamper_allow: Option<Stated<Vec<Tampering>>>,
    /// `audit.record`.
    pub audit_record: Option<Stated<Recorded>>,
    /// `audit.scope`.
    pub audit_scope: Option<Stated<Scope>>,
    /// `audit.arguments`.
    pub audit_arguments: Option<Stated<RecordedArguments>>,
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
        replace(&mut self.audit_arguments, child.audit_arguments);
        replace(&mut self.hash_seed, child.hash_seed);
        replace(&mut self.files_read, child.files_read);
        replace(&mut self.files_write, child.files_write);
        replace(&mut self.files_action, child.files_action);
        replace(&mut self.network_connect, child.network_connect);
        replace(&mut self.network_bind, child.network_bind);
        replace(&mut self.network_action, child.network_action);
        replace(&mut self.tamper_allow, child.tamper_allow);
        replace(&mut self.syntax.forbid, child.syntax.forbid);
        replace(&mut self.syntax.require, child.syntax.require);
        replace(&mut self.syntax.max_nesting, child.syntax.max_nesting);
        replace(
            &mut self.syntax.max_function_lines,
            child.syntax.max_function_lines,
        );
        replace(&mut self.syntax.message, child.syntax.message);
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
