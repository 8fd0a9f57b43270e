//! Makes the [`RuleSet`] of a valid policy. Pure: what the folders are was settled when the
//! policy was loaded; only the script's is given here.

use std::path::{Component, Path, PathBuf};

use super::{
    AuditSpec, FileRules, FunctionRule, ImportList, ImportRules, LineRule, NamePattern,
    NetworkRules, Origin, RecordedArguments, RuleIndex, RuleInfo, RuleSet, SyntaxRules,
};
use crate::policy::{Amount, Anchor, FunctionsDefault, Names, Policy, Stated, TrustPath};

/// Compiles the rules of `policy` for a run of `script`.
///
/// The first entry of the table is `tamper`, which no policy states. Paths of `[trust]` that
/// begin at `{script}` are left out when there is no script (a policy is only being checked).
/// All of them come out absolute, with `..` taken out by the look of the path: whoever
/// compares files with them resolves symbolic links first.
pub fn compile(policy: &Policy, script: Option<&Path>) -> RuleSet {
    let clauses = &policy.clauses;
    let mut table = Table { rules: Vec::new() };
    let tamper = table.add("tamper", None, None);
    let functions = clauses
        .functions
        .iter()
        .map(|clause| FunctionRule {
            rule: table.add(
                &clause.id.value,
                clause.message.clone(),
                clause.id.origin.clone(),
            ),
            names: values(&clause.names),
            except: values(&clause.except),
            except_arguments: Vec::new(),
            action: clause.action,
            caller: clause.caller.clone(),
            max_calls: clause.max_calls,
            max_steps: None,
            max_recursion: None,
        })
        .collect();
    let lines = clauses
        .lines
        .iter()
        .map(|clause| LineRule {
            rule: table.add(
                &clause.id.value,
                clause.message.clone(),
                clause.id.origin.clone(),
            ),
            pattern: clause.pattern.clone(),
            files: clause.files.clone(),
            action: clause.action,
            max_count: None,
        })
        .collect();
    let closed = clauses
        .functions_default
        .as_ref()
        .filter(|default| default.value == FunctionsDefault::Deny)
        .map(|default| table.add("defaults.functions", None, default.origin.clone()));
    let imports = ImportRules {
        allow: clauses
            .imports_allow
            .as_ref()
            .map(|names| table.imports("imports.allow", names)),
        deny: clauses
            .imports_deny
            .as_ref()
            .map(|names| table.imports("imports.deny", names)),
    };
    let limits = clauses
        .limits
        .iter()
        .filter(|(_, amount)| amount.value != Amount::Unlimited)
        .map(|(kind, amount)| {
            (
                *kind,
                table.add(
                    &format!("limits.{}", kind.as_str()),
                    None,
                    amount.origin.clone(),
                ),
            )
        })
        .collect();
    RuleSet {
        functions,
        closed,
        imports,
        lines,
        files: FileRules::default(),
        network: NetworkRules::default(),
        attributes: None,
        syntax: SyntaxRules::default(),
        tamper,
        tamper_allowed: Vec::new(),
        limits,
        trust: trust(policy, script),
        audit: AuditSpec {
            record: value_or_default(&clauses.audit_record),
            scope: value_or_default(&clauses.audit_scope),
            arguments: RecordedArguments::default(),
        },
        rules: table.rules,
    }
}

/// The rule table while it grows.
struct Table {
    rules: Vec<RuleInfo>,
}

impl Table {
    /// Adds an entry. A valid policy has fewer rules than 16 bits count; if that ever failed,
    /// the index would be one that no table has, which ends the run instead of naming a
    /// wrong rule.
    fn add(&mut self, id: &str, message: Option<String>, origin: Option<Origin>) -> RuleIndex {
        let index = u16::try_from(self.rules.len()).unwrap_or(u16::MAX);
        self.rules.push(RuleInfo {
            id: id.to_owned(),
            message,
            origin,
        });
        RuleIndex(index)
    }

    fn imports(&mut self, id: &str, names: &Names) -> ImportList {
        ImportList {
            rule: self.add(id, None, names.origin.clone()),
            names: values(&names.value),
        }
    }
}

fn values(names: &[Stated<NamePattern>]) -> Vec<NamePattern> {
    names.iter().map(|name| name.value.clone()).collect()
}

fn value_or_default<T: Copy + Default>(stated: &Option<Stated<T>>) -> T {
    stated
        .as_ref()
        .map(|stated| stated.value)
        .unwrap_or_default()
}

fn trust(policy: &Policy, script: Option<&Path>) -> Vec<PathBuf> {
    let script_folder =
        script.and_then(|script| policy.cwd.join(script).parent().map(Path::to_owned));
    let paths = policy
        .clauses
        .trust_paths
        .as_ref()
        .map(|paths| paths.value.as_slice());
    paths
        .unwrap_or_default()
        .iter()
        .filter_map(|TrustPath { anchor, rest, .. }| {
            let folder = match anchor {
                Anchor::Script => script_folder.as_deref()?,
                Anchor::Folder(folder) => folder,
            };
            Some(without_dots(&folder.join(rest)))
        })
        .collect()
}

/// The path without `.` and `..`.
fn without_dots(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                clean.pop();
            }
            other => clean.push(other),
        }
    }
    clean
}
