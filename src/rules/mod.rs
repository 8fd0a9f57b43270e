//! What a policy says, as plain data that the hook and the supervisor act on.
//!
//! [`compile`] makes a [`RuleSet`] and [`Limits`] from a valid policy; [`decide`] answers
//! what the rules say of one event. Both are pure. The rule set travels to the worker inside
//! the [setup](crate::protocol::setup), so everything here is serialisable and holds names
//! and patterns, never objects: resolving a name to an object is the hook's work.

pub mod arguments;
pub mod compile;
pub mod decide;
pub mod limits;
pub mod pattern;
pub mod resources;
pub mod syntax;
pub mod tamper;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use arguments::Condition;
pub use limits::{LimitKind, Limits};
pub use pattern::NamePattern;
pub use resources::{FileRules, NetworkRules};
pub use syntax::SyntaxRules;
pub use tamper::Tampering;

/// Position of a rule in [`RuleSet::rules`].
///
/// It crosses the protocol: the supervisor treats an index beyond the table as a broken stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RuleIndex(pub u16);

/// What a rule asks for when it matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Let it pass.
    Allow,
    /// Let it pass and record it.
    Audit,
    /// Don't let it happen; the guest gets a `PolicyViolation` that it may catch.
    Refuse,
    /// Don't let it happen, and end the run: a violation.
    Deny,
}

impl Action {
    /// The word that policies, logs and reports use.
    pub fn as_str(self) -> &'static str {
        match self {
            Action::Allow => "allow",
            Action::Audit => "audit",
            Action::Refuse => "refuse",
            Action::Deny => "deny",
        }
    }
}

/// Whose calls a rule is about (`called_from`).
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Caller {
    /// Whoever calls.
    #[default]
    Any,
    /// Calls that belong to guest code.
    Guest,
    /// Calls that belong to library code.
    Library,
    /// Calls that belong to code of one of these modules; the script is `__main__`.
    Modules(Vec<NamePattern>),
}

/// A rule's name and where the policy states it; what reports say of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleInfo {
    /// The rule's id (`no-builtin-sort`), or the name of a section's rule
    /// (`imports.allow`, `imports.deny`, `defaults.functions`, `limits.steps`, `tamper`).
    pub id: String,
    /// The author's words for whoever breaks the rule.
    pub message: Option<String>,
    /// Where the policy states it; `None` for what holds under every policy (`tamper`)
    /// or comes from the command line.
    pub origin: Option<Origin>,
}

/// A place in a policy's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The file as the user named it, or `preset:NAME`.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// Byte offsets of the rule's text within the file.
    pub span: std::ops::Range<usize>,
}

/// One `[[functions]]` rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionRule {
    /// Its entry in the table.
    pub rule: RuleIndex,
    /// Names it covers (`match`).
    pub names: Vec<NamePattern>,
    /// Names carved out of it (`except.match`).
    pub except: Vec<NamePattern>,
    /// Calls carved out of it by their arguments (`except.args`): those that meet every one of
    /// these; none are carved out if the list is empty.
    pub except_arguments: Vec<Condition>,
    /// What happens to a call. With a budget ([`max_calls`](Self::max_calls),
    /// [`max_steps`](Self::max_steps), [`max_recursion`](Self::max_recursion)): to what is in
    /// excess; then it is `Deny` or, for `max_calls` alone, `Refuse`.
    pub action: Action,
    /// Whose calls.
    pub caller: Caller,
    /// How many calls per run may pass, summed over all names of the rule.
    pub max_calls: Option<u64>,
    /// How many steps per run the Python code of these functions may take, what is nested in
    /// them included, but not what they call; summed over all names of the rule.
    pub max_steps: Option<u64>,
    /// How many calls of one of these functions may be live in one thread.
    pub max_recursion: Option<u64>,
}

impl FunctionRule {
    /// Does it let pass what stays within a ceiling?
    pub fn has_budget(&self) -> bool {
        self.max_calls.is_some() || self.max_steps.is_some() || self.max_recursion.is_some()
    }
}

/// A list of an `[imports]` section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportList {
    /// `imports.allow` or `imports.deny` in the table.
    pub rule: RuleIndex,
    /// Module names.
    pub names: Vec<NamePattern>,
}

/// The `[imports]` section. Deny wins over allow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRules {
    /// When present, guest code may import only these.
    pub allow: Option<ImportList>,
    /// Guest code may not import these.
    pub deny: Option<ImportList>,
}

/// One `[[lines]]` rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineRule {
    /// Its entry in the table.
    pub rule: RuleIndex,
    /// A regex (syntax of the `regex` crate) searched in the text of a guest source line.
    pub pattern: String,
    /// Globs on the guest file's path; empty: every file.
    pub files: Vec<String>,
    /// `Audit` or `Deny`. With [`max_count`](Self::max_count): what happens to the excess.
    pub action: Action,
    /// How often a run may reach such lines; `None`: not at all.
    pub max_count: Option<u64>,
}

/// What the audit log records (`[audit] record`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// Calls of Python functions, C functions and classes.
    pub calls: bool,
    /// Returns of Python functions.
    pub returns: bool,
    /// Exceptions as they are raised.
    pub exceptions: bool,
    /// Source lines as they are reached.
    pub lines: bool,
    /// Imports.
    pub imports: bool,
    /// Files that are read or written.
    pub files: bool,
    /// Connections, listening sockets and look-ups of names.
    pub network: bool,
    /// Processes that are started.
    pub processes: bool,
    /// Refused and denied events (violations are recorded in any case).
    pub denied: bool,
}

impl Recorded {
    /// Is nothing recorded?
    pub fn is_empty(self) -> bool {
        self == Recorded::default()
    }
}

/// Whose doings the audit log records (`[audit] scope`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Those of guest code.
    #[default]
    Guest,
    /// Those of libraries too.
    All,
}

/// What the audit log says of a call's arguments (`[audit] arguments`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordedArguments {
    /// Nothing.
    #[default]
    Off,
    /// The name of each one's type.
    Types,
    /// The values of exact builtin scalars, shortened; of others, the type's name.
    Values,
}

/// The `[audit]` section as far as the hook needs it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditSpec {
    /// Which events.
    pub record: Recorded,
    /// Whose.
    pub scope: Scope,
    /// What recorded calls say of their arguments.
    pub arguments: RecordedArguments,
}

/// Everything that the rules of a policy say, compiled; immutable.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleSet {
    /// The table that every [`RuleIndex`] points into.
    pub rules: Vec<RuleInfo>,
    /// `[[functions]]`.
    pub functions: Vec<FunctionRule>,
    /// `defaults.functions = "deny"`: the entry of that default. Guest code may then call,
    /// besides guest code, only what an `allow` or `audit` rule names.
    pub closed: Option<RuleIndex>,
    /// `[imports]`.
    pub imports: ImportRules,
    /// `[[lines]]`.
    pub lines: Vec<LineRule>,
    /// `[files]`.
    pub files: FileRules,
    /// `[network]`.
    pub network: NetworkRules,
    /// `[syntax]`.
    pub syntax: SyntaxRules,
    /// Entry for attempts to tamper with the hook (holds under every policy).
    pub tamper: RuleIndex,
    /// What isn't tampering under this policy (`[tamper] allow`).
    pub tamper_allowed: Vec<Tampering>,
    /// Entry of each limit that the policy sets.
    pub limits: Vec<(LimitKind, RuleIndex)>,
    /// `[trust] paths`, absolute: folders whose code counts as library.
    pub trust: Vec<PathBuf>,
    /// `[audit]`.
    pub audit: AuditSpec,
}

impl Default for RuleIndex {
    /// The first entry, which [`compile`] reserves for `tamper`.
    fn default() -> Self {
        RuleIndex(0)
    }
}

impl RuleSet {
    /// The table's entry, or `None` for an index that no rule has.
    pub fn info(&self, rule: RuleIndex) -> Option<&RuleInfo> {
        self.rules.get(usize::from(rule.0))
    }

    /// The entry of a limit, if the policy sets it.
    pub fn limit_rule(&self, kind: LimitKind) -> Option<RuleIndex> {
        self.limits
            .iter()
            .find(|(k, _)| *k == kind)
            .map(|(_, rule)| *rule)
    }
}
