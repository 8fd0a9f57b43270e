//! Makes the [`RuleSet`] of a valid policy. Pure: what the folders are was settled when the
//! policy was loaded; only the script's is given here.

use std::path::{Component, Path, PathBuf};

use super::arguments::{Condition, ValuePattern};
use super::resources::{Endpoint, FileRules, HostList, NetworkRules, Outside, PathList};
use super::syntax::{Construct, ConstructList, SyntaxRules};
use super::{
    AuditSpec, FunctionRule, ImportList, ImportRules, LineRule, NamePattern, Origin, RuleIndex,
    RuleInfo, RuleSet,
};
use crate::policy::{
    Amount, Anchor, AnchoredPath, Clauses, ConditionClause, EndpointClause, FunctionsDefault,
    Names, Policy, Stated, ValueClause,
};

/// Compiles the rules of `policy` for a run of `script`.
///
/// The first entry of the table is `tamper`, which no policy states. Paths of `[trust]` that
/// begin at `{script}` are left out when there is no script (a policy is only being checked).
/// All of them come out absolute, with `..` taken out by the look of the path: whoever
/// compares files with them resolves symbolic links first.
pub fn compile(policy: &Policy, script: Option<&Path>) -> RuleSet {
    let clauses = &policy.clauses;
    let places = Places {
        script: script.and_then(|script| policy.cwd.join(script).parent().map(Path::to_owned)),
    };
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
            except_arguments: conditions(&clause.except_arguments, &places),
            action: clause.action,
            caller: clause.caller.clone(),
            max_calls: clause.max_calls,
            max_steps: clause.max_steps,
            max_recursion: clause.max_recursion,
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
            max_count: clause.max_count,
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
    let files = FileRules {
        read: paths(&mut table, "files.read", &clauses.files_read, &places),
        write: paths(&mut table, "files.write", &clauses.files_write, &places),
        action: value_or_default::<Outside>(&clauses.files_action),
    };
    let network = NetworkRules {
        connect: hosts(
            &mut table,
            "network.connect",
            &clauses.network_connect,
            &places,
        ),
        bind: hosts(&mut table, "network.bind", &clauses.network_bind, &places),
        action: value_or_default::<Outside>(&clauses.network_action),
    };
    let syntax = syntax(&mut table, clauses);
    RuleSet {
        functions,
        closed,
        imports,
        lines,
        files,
        network,
        syntax,
        tamper,
        tamper_allowed: clauses
            .tamper_allow
            .as_ref()
            .map(|allowed| allowed.value.clone())
            .unwrap_or_default(),
        limits,
        trust: trust(policy, &places),
        audit: AuditSpec {
            record: value_or_default(&clauses.audit_record),
            scope: value_or_default(&clauses.audit_scope),
            arguments: value_or_default(&clauses.audit_arguments),
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

/// Where the paths of a policy begin.
struct Places {
    /// The script's folder; `None` when there is no script.
    script: Option<PathBuf>,
}

impl Places {
    fn folder<'a>(&'a self, path: &'a AnchoredPath) -> Option<&'a Path> {
        match &path.anchor {
            Anchor::Script => self.script.as_deref(),
            Anchor::Folder(folder) => Some(folder),
        }
    }

    /// A glob on absolute paths. The folder that it begins at is taken literally, whatever
    /// characters its name has.
    fn glob(&self, path: &AnchoredPath) -> Option<String> {
        let folder = without_dots(self.folder(path)?);
        let folder = globset::escape(&folder.to_string_lossy());
        let rest = path.rest.to_string_lossy();
        let glob = match rest.is_empty() {
            true => folder,
            false => format!("{}/{rest}", folder.trim_end_matches('/')),
        };
        Some(
            without_dots(Path::new(&glob))
                .to_string_lossy()
                .into_owned(),
        )
    }
}

fn paths(
    table: &mut Table,
    id: &str,
    list: &Option<Stated<Vec<AnchoredPath>>>,
    places: &Places,
) -> Option<PathList> {
    list.as_ref().map(|list| PathList {
        rule: table.add(id, None, list.origin.clone()),
        globs: list
            .value
            .iter()
            .filter_map(|path| places.glob(path))
            .collect(),
    })
}

fn hosts(
    table: &mut Table,
    id: &str,
    list: &Option<Stated<Vec<EndpointClause>>>,
    places: &Places,
) -> Option<HostList> {
    let endpoint = |clause: &EndpointClause| match clause {
        EndpointClause::Host { host, port } => Some(Endpoint::Host {
            host: host.clone(),
            port: *port,
        }),
        EndpointClause::Unix(path) => places.glob(path).map(Endpoint::Unix),
        EndpointClause::Abstract(name) => Some(Endpoint::Unix(format!("@{name}"))),
    };
    list.as_ref().map(|list| HostList {
        rule: table.add(id, None, list.origin.clone()),
        endpoints: list.value.iter().filter_map(endpoint).collect(),
    })
}

fn conditions(clauses: &[ConditionClause], places: &Places) -> Vec<Condition> {
    let value = |clause: &ValueClause| match clause {
        ValueClause::Text(text) => Some(ValuePattern::Text(text.clone())),
        ValueClause::Regex(expression) => Some(ValuePattern::Regex(expression.clone())),
        ValueClause::Path(path) => places.glob(path).map(ValuePattern::Path),
        ValueClause::Integer(number) => Some(ValuePattern::Integer(*number)),
        ValueClause::Boolean(truth) => Some(ValuePattern::Boolean(*truth)),
    };
    clauses
        .iter()
        .map(|clause| Condition {
            parameter: clause.parameter.value.clone(),
            values: clause.values.iter().filter_map(value).collect(),
        })
        .collect()
}

fn syntax(table: &mut Table, clauses: &Clauses) -> SyntaxRules {
    let section = &clauses.syntax;
    let message = section
        .message
        .as_ref()
        .map(|message| message.value.clone());
    let mut add = |id: &str, origin: &Option<Origin>| {
        table.add(&format!("syntax.{id}"), message.clone(), origin.clone())
    };
    let mut list = |id: &str, stated: &Option<Stated<Vec<Stated<Construct>>>>| {
        stated.as_ref().map(|list| ConstructList {
            rule: add(id, &list.origin),
            constructs: list.value.iter().map(|it| it.value.clone()).collect(),
        })
    };
    let forbid = list("forbid", &section.forbid);
    let require = list("require", &section.require);
    let mut ceiling = |id: &str, stated: &Option<Stated<u64>>| {
        stated.as_ref().map(|stated| {
            let most = u32::try_from(stated.value).unwrap_or(u32::MAX);
            (add(id, &stated.origin), most)
        })
    };
    SyntaxRules {
        forbid,
        require,
        max_nesting: ceiling("max_nesting", &section.max_nesting),
        max_function_lines: ceiling("max_function_lines", &section.max_function_lines),
    }
}

fn trust(policy: &Policy, places: &Places) -> Vec<PathBuf> {
    let paths = policy
        .clauses
        .trust_paths
        .as_ref()
        .map(|paths| paths.value.as_slice());
    paths
        .unwrap_or_default()
        .iter()
        .filter_map(|path| Some(without_dots(&places.folder(path)?.join(&path.rest))))
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
