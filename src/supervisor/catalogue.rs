//! What a policy names, compared with what the chosen interpreter has.
//!
//! A rule on `os.sytem` is well formed and protects nobody. Which names there are only an
//! interpreter knows, so one is asked, in a process of its own, before anything of the guest
//! runs. It imports what the policy names of the standard library and nothing else: other
//! modules are the guest's surroundings, and importing them would run them.
//!
//! Names of presets aren't checked: they hold for every version. Where no answer comes,
//! nothing is said; the rules hold as they are.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::interpreter::Interpreter;
use super::probe;
use crate::policy::{Code, ConditionClause, Diagnostic, Diagnostics, Policy, Source, Stated};
use crate::policy::{all_of, did_you_mean, quoted};
use crate::rules::Origin;
use crate::rules::pattern::{NameMatcher, NamePattern};

/// Longest answer, in bytes: thousands of names, each with all that might have been meant.
const MAX_ANSWER: u64 = 64 << 20;

const PROGRAM: &str = include_str!("catalogue.py");

/// Functions of CPython that a Linux lacks. To forbid one of them isn't to misspell another.
const ELSEWHERE: [&str; 8] = [
    "os.add_dll_directory",
    "os.chflags",
    "os.lchflags",
    "os.lchmod",
    "os.startfile",
    "posix.chflags",
    "posix.lchflags",
    "posix.lchmod",
];

/// One name of the policy.
struct Named<'a> {
    pattern: &'a NamePattern,
    origin: &'a Origin,
    role: Role,
    conditions: &'a [ConditionClause],
    /// Does the rule count what the code of the function does?
    counts_code: bool,
}

/// What a name is used for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Function,
    Module,
}

/// What is asked about a name.
#[derive(Serialize)]
struct Question<'a> {
    name: &'a str,
    members: bool,
    parameters: bool,
}

#[derive(Deserialize)]
struct Reply {
    modules: Vec<String>,
    answers: Vec<Answer>,
}

#[derive(Deserialize)]
#[serde(tag = "state", rename_all = "lowercase")]
enum Answer {
    /// No module of the standard library.
    Foreign,
    /// It isn't known, and can't be without running something.
    Unasked,
    /// Its owner is there and has no such name.
    Missing {
        owner: String,
        part: String,
        members: Vec<String>,
    },
    Module {
        members: Option<Vec<String>>,
    },
    /// Plain data: a number, a text.
    Value,
    /// Anything else.
    Thing {
        /// Is it a function in C?
        native: bool,
        members: Option<Vec<String>>,
        parameters: Option<Vec<String>>,
    },
}

/// Says what of `policy` the interpreter doesn't have. `folders` are where the guest's own
/// modules may lie.
pub fn compare(policy: &Policy, interpreter: &Interpreter, folders: &[&Path]) -> Diagnostics {
    let names = names(policy);
    let mut diagnostics = Diagnostics::default();
    if names.is_empty() {
        return diagnostics;
    }
    let reply = match ask(interpreter, &names) {
        Ok(reply) => reply,
        Err(reason) => {
            tracing::warn!("the names in the policy aren't checked: {reason}");
            return diagnostics;
        }
    };
    let desk = Desk {
        policy,
        version: format!(
            "Python {}.{}",
            interpreter.version[0], interpreter.version[1]
        ),
        modules: reply.modules,
        folders: folders
            .iter()
            .map(|folder| (*folder).to_owned())
            .chain(interpreter.site_packages.iter().cloned())
            .collect(),
    };
    for (name, answer) in names.iter().zip(&reply.answers) {
        for diagnostic in desk.judge(name, answer) {
            diagnostics.push(diagnostic);
        }
    }
    diagnostics
}

/// The names that the policy's own files state.
fn names(policy: &Policy) -> Vec<Named<'_>> {
    let clauses = &policy.clauses;
    let imports = [&clauses.imports_allow, &clauses.imports_deny];
    let modules = imports
        .into_iter()
        .flatten()
        .flat_map(|list| &list.value)
        .filter_map(|name| named(name, Role::Module));
    let functions = clauses.functions.iter().flat_map(|rule| {
        let counts_code = rule.max_steps.is_some() || rule.max_recursion.is_some();
        let function = |name| named(name, Role::Function);
        let matched = rule.names.iter().filter_map(function);
        let matched = matched.map(move |name| Named {
            conditions: &rule.except_arguments,
            counts_code,
            ..name
        });
        matched.chain(rule.except.iter().filter_map(function))
    });
    modules.chain(functions).collect()
}

/// A name alone, unless it is none to ask about.
fn named(name: &Stated<NamePattern>, role: Role) -> Option<Named<'_>> {
    let origin = name.origin.as_ref()?;
    let prefix = name.value.literal_prefix();
    let ours = origin.file.starts_with("preset:");
    let guests = prefix == "__main__" || prefix.starts_with("__main__.");
    (!ours && !guests && !prefix.is_empty()).then_some(Named {
        pattern: &name.value,
        origin,
        role,
        conditions: &[],
        counts_code: false,
    })
}

impl Named<'_> {
    fn is_literal(&self) -> bool {
        matches!(self.pattern, NamePattern::Literal(_))
    }

    /// Is it a glob on the members of what its literal beginning names?
    fn is_on_members(&self) -> bool {
        let NamePattern::Glob(glob) = self.pattern else {
            return false;
        };
        let rest = &glob[self.pattern.literal_prefix().len()..];
        rest.matches('.').count() == 1 && rest != ".**"
    }
}

fn ask(interpreter: &Interpreter, names: &[Named<'_>]) -> Result<Reply, String> {
    let questions: Vec<Question<'_>> = names
        .iter()
        .map(|name| Question {
            name: name.pattern.literal_prefix(),
            members: name.is_on_members(),
            parameters: name.is_literal() && !name.conditions.is_empty(),
        })
        .collect();
    let question = serde_json::to_vec(&questions).map_err(|error| error.to_string())?;
    let answer = probe::ask(&interpreter.executable, PROGRAM, question, MAX_ANSWER)?;
    serde_json::from_slice(&answer.text).map_err(|_| answer.complaint())
}

/// What is needed to judge an answer.
struct Desk<'a> {
    policy: &'a Policy,
    /// `Python 3.11`.
    version: String,
    /// The standard library's top modules.
    modules: Vec<String>,
    /// Where other modules may lie.
    folders: Vec<PathBuf>,
}

impl Desk<'_> {
    fn judge(&self, name: &Named<'_>, answer: &Answer) -> Vec<Diagnostic> {
        let text = name.pattern.to_string();
        let at = |diagnostic: Diagnostic| self.at(diagnostic, name.origin);
        match answer {
            Answer::Unasked => Vec::new(),
            Answer::Foreign => self.foreign(name).into_iter().map(at).collect(),
            Answer::Missing { owner, .. } if self.is_installed(owner) => Vec::new(),
            Answer::Missing {
                owner,
                part,
                members,
            } => vec![at(self.missing(owner, part, members))],
            Answer::Value if name.is_literal() && name.role == Role::Function => {
                let message = format!("{} is no function, so the rule can't match", quoted(&text));
                vec![at(Diagnostic::error(Code::NeverMatches, message))]
            }
            Answer::Module { .. } if name.is_literal() && name.role == Role::Function => {
                let message = format!(
                    "{} is a module: a rule on functions can't match",
                    quoted(&text)
                );
                let help =
                    format!("`{text}.**` is all that it defines; `[imports]` is about modules");
                let diagnostic = Diagnostic::error(Code::NeverMatches, message);
                vec![at(diagnostic.help(help))]
            }
            Answer::Value | Answer::Thing { .. }
                if name.is_literal() && name.role == Role::Module =>
            {
                let message = format!("{} is no module, so no import has its name", quoted(&text));
                let help = "a rule of `[[functions]]` forbids to call a function".to_owned();
                let diagnostic = Diagnostic::warning(Code::NeverMatches, message);
                vec![at(diagnostic.help(help))]
            }
            Answer::Module {
                members: Some(members),
            }
            | Answer::Thing {
                members: Some(members),
                ..
            } => self.matched(name, members).into_iter().map(at).collect(),
            Answer::Thing { native: true, .. } if name.is_literal() && name.counts_code => {
                let message = format!(
                    "{} isn't Python code in {}: it takes no steps",
                    quoted(&text),
                    self.version
                );
                let help = "`max_calls` counts calls of any function".to_owned();
                let diagnostic = Diagnostic::warning(Code::IdleRule, message);
                vec![at(diagnostic.help(help))]
            }
            Answer::Thing {
                parameters: Some(parameters),
                ..
            } => self.parameters(name, parameters),
            _ => Vec::new(),
        }
    }

    /// A module that isn't in the standard library is left alone, unless it looks like one
    /// that is.
    fn foreign(&self, name: &Named<'_>) -> Option<Diagnostic> {
        let prefix = name.pattern.literal_prefix();
        let top = prefix.split('.').next().unwrap_or(prefix);
        if self.is_installed(top) {
            return None;
        }
        let known = self.modules.iter().map(String::as_str);
        let meant = did_you_mean(top, known.filter(|module| !module.starts_with('_')))?;
        let message = format!("{} has no module {}", self.version, quoted(top));
        Some(Diagnostic::warning(Code::UnknownName, message).help(meant))
    }

    /// Does a module of this name lie where the guest's imports look?
    fn is_installed(&self, name: &str) -> bool {
        let top = name.split('.').next().unwrap_or(name);
        self.folders
            .iter()
            .any(|folder| folder.join(top).is_dir() || folder.join(format!("{top}.py")).is_file())
    }

    /// A misspelt name is an error; one that is like no other may be of another version.
    fn missing(&self, owner: &str, part: &str, members: &[String]) -> Diagnostic {
        let name = format!("{owner}.{part}");
        let message = format!("{} has no {}", self.version, quoted(&name));
        let near = did_you_mean(part, members.iter().map(String::as_str))
            .filter(|_| !ELSEWHERE.contains(&name.as_str()));
        match near {
            Some(help) => {
                let help = help.replacen('`', &format!("`{owner}."), 1);
                Diagnostic::error(Code::UnknownName, message).help(help)
            }
            None => Diagnostic::warning(Code::UnknownName, message)
                .help("it may be of another version; this one lacks it".to_owned()),
        }
    }

    fn matched(&self, name: &Named<'_>, members: &[String]) -> Option<Diagnostic> {
        let matcher = NameMatcher::new([(0, name.pattern)]).ok()?;
        let prefix = name.pattern.literal_prefix();
        let any = members
            .iter()
            .any(|member| matcher.is_match(&format!("{prefix}.{member}")));
        let message = || {
            let text = name.pattern.to_string();
            format!("{} matches nothing in {}", quoted(&text), self.version)
        };
        (!any).then(|| Diagnostic::warning(Code::UnknownName, message()))
    }

    /// Conditions on parameters that the function doesn't have: no call would meet them.
    fn parameters(&self, name: &Named<'_>, parameters: &[String]) -> Vec<Diagnostic> {
        let known = || parameters.iter().map(String::as_str);
        let unknown = name
            .conditions
            .iter()
            .filter(|condition| known().all(|one| one != condition.parameter.value));
        unknown
            .filter_map(|condition| {
                let message = format!(
                    "{} has no parameter {}",
                    quoted(&name.pattern.to_string()),
                    quoted(&condition.parameter.value)
                );
                let help = did_you_mean(&condition.parameter.value, known()).unwrap_or_else(|| {
                    match parameters {
                        [] => "it has none".to_owned(),
                        _ => format!("it has {}", all_of(known())),
                    }
                });
                let diagnostic = Diagnostic::error(Code::UnknownParameter, message).help(help);
                Some(self.at(diagnostic, condition.parameter.origin.as_ref()?))
            })
            .collect()
    }

    fn at(&self, diagnostic: Diagnostic, origin: &Origin) -> Diagnostic {
        match self.policy.source_text(&origin.file) {
            Some(text) => {
                let source = Source::new(&origin.file, &origin.file, text, None);
                diagnostic.at(&source, origin.span.clone(), "")
            }
            None => diagnostic,
        }
    }
}
