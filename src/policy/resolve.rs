//! From references to files: finds what `-p` and `extends` name, reads each file once and
//! puts all of them into one order, weakest first.
//!
//! A policy comes after everything that it extends, and later parents after earlier ones.
//! A file that is reached twice (two presets that both extend `base`) stands where it is
//! reached first, so that it never overrides what one of its children says.

use std::path::{Component, Path, PathBuf};

use super::clauses::{Clauses, FunctionsDefault};
use super::diagnostic::{Code, Diagnostic, Diagnostics, Label};
use super::document::{self, Document};
use super::source::{ReadError, Source, is_path, preset_names};
use super::words::{all_of, did_you_mean, quoted};
use crate::rules::pattern::NameMatcher;
use crate::rules::{Action, NamePattern, Origin};

/// Longest chain of policies that extend each other.
const MAX_DEPTH: usize = 32;

/// Most `[[functions]]` and `[[lines]]` rules of an effective policy; their index crosses the
/// protocol in 16 bits.
const MAX_RULES: usize = 10_000;

/// One policy file of the effective policy.
pub struct Member {
    /// Its text.
    pub source: Source,
    /// What it says.
    pub document: Document,
}

/// What a file or preset is known by, whatever it is called.
#[derive(Clone, PartialEq, Eq)]
enum Identity {
    Preset(String),
    File(PathBuf),
}

/// Who names a policy: an item of `extends`, or the command line.
struct Reference<'a> {
    /// As it is written.
    written: &'a str,
    /// The policy that says so.
    by: Option<(&'a Source, &'a Origin)>,
}

impl Reference<'_> {
    /// A diagnostic at the place of the reference.
    fn diagnostic(&self, code: Code, message: String, label: &str) -> Diagnostic {
        let diagnostic = Diagnostic::error(code, message);
        match self.by {
            Some((source, origin)) => diagnostic.at(source, origin.span.clone(), label),
            None => diagnostic,
        }
    }
}

struct Resolver<'d> {
    cwd: PathBuf,
    members: Vec<Member>,
    done: Vec<Identity>,
    /// The chain of policies that are being read.
    open: Vec<(Identity, String)>,
    diagnostics: &'d mut Diagnostics,
}

/// All policies that `references` stand for, weakest first. Those that can't be read are
/// left out, with a diagnostic.
pub fn resolve(references: &[String], cwd: &Path, diagnostics: &mut Diagnostics) -> Vec<Member> {
    let mut resolver = Resolver {
        cwd: cwd.to_owned(),
        members: Vec::new(),
        done: Vec::new(),
        open: Vec::new(),
        diagnostics,
    };
    for written in references {
        resolver.visit(&Reference { written, by: None });
    }
    resolver.members
}

impl Resolver<'_> {
    fn visit(&mut self, reference: &Reference<'_>) {
        let Some((identity, source)) = self.open_source(reference) else {
            return;
        };
        if let Some(at) = self.open.iter().position(|(open, _)| *open == identity) {
            let chain: Vec<&str> = self.open[at..]
                .iter()
                .map(|(_, name)| name.as_str())
                .collect();
            let message = format!("{} extends itself", quoted(&source.name));
            let help = format!("the chain is {} → {}", chain.join(" → "), source.name);
            self.diagnostics.push(
                reference
                    .diagnostic(Code::ExtendsCycle, message, "closes the cycle")
                    .help(help),
            );
            return;
        }
        if self.done.contains(&identity) {
            return;
        }
        if self.open.len() >= MAX_DEPTH {
            let message = format!("more than {MAX_DEPTH} policies extend each other in a chain");
            self.diagnostics
                .push(reference.diagnostic(Code::ExtendsTooDeep, message, ""));
            return;
        }
        let (document, problems) = document::read(&source, &self.cwd);
        self.diagnostics.extend(problems);
        self.open.push((identity.clone(), source.name.to_string()));
        for parent in &document.extends {
            if let Some(origin) = &parent.origin {
                self.visit(&Reference {
                    written: &parent.value,
                    by: Some((&source, origin)),
                });
            }
        }
        self.open.pop();
        self.done.push(identity);
        self.members.push(Member { source, document });
    }

    fn open_source(&mut self, reference: &Reference<'_>) -> Option<(Identity, Source)> {
        let written = reference.written;
        if !is_path(written) {
            if let Some(source) = Source::preset(written) {
                return Some((Identity::Preset(written.to_owned()), source));
            }
            let message = format!("there is no preset {}", quoted(written));
            let presets = format!(
                "the presets are {}; a path has a `/` or ends in `.toml`",
                all_of(preset_names())
            );
            self.diagnostics.push(
                reference
                    .diagnostic(Code::UnknownPreset, message, "")
                    .help(did_you_mean(written, preset_names()))
                    .help(presets),
            );
            return None;
        }
        // A path in a file is relative to that file; what the user sees keeps the folder that
        // the user named.
        let (name, folder) = match reference.by {
            Some((by, _)) => {
                let named = Path::new(&*by.name)
                    .parent()
                    .unwrap_or(Path::new(""))
                    .join(written);
                let named: PathBuf = named
                    .components()
                    .filter(|part| *part != Component::CurDir)
                    .collect();
                (
                    named.to_string_lossy().into_owned(),
                    by.folder.as_deref().unwrap_or(&self.cwd),
                )
            }
            None => (written.to_owned(), self.cwd.as_path()),
        };
        let path = folder.join(written);
        let read = Source::read(&name, &path)
            .and_then(|source| Ok((path.canonicalize().map_err(ReadError::Io)?, source)));
        match read {
            Ok((path, source)) => Some((Identity::File(path), source)),
            Err(error) => {
                let message = format!("the policy {} can't be read: {error}", quoted(&name));
                self.diagnostics
                    .push(reference.diagnostic(Code::Unreadable, message, ""));
                None
            }
        }
    }
}

/// What can only be told of the whole: too many rules, and rules that another one makes idle.
pub fn check_merged(clauses: &Clauses, members: &[Member], diagnostics: &mut Diagnostics) {
    if clauses.rule_count() > MAX_RULES {
        let message = format!(
            "the policy has {} rules; more than {MAX_RULES} aren't supported",
            clauses.rule_count()
        );
        diagnostics.push(Diagnostic::error(Code::TooManyRules, message));
    }
    let source = |origin: &Origin| {
        members
            .iter()
            .map(|member| &member.source)
            .find(|source| *source.name == *origin.file)
    };
    let closed = clauses
        .functions_default
        .as_ref()
        .is_some_and(|default| default.value == FunctionsDefault::Deny);
    if !closed {
        for rule in clauses
            .functions
            .iter()
            .filter(|rule| rule.action == Action::Allow)
        {
            if let Some(origin) = &rule.id.origin
                && let Some(source) = source(origin)
            {
                let message = format!(
                    "the rule {} allows what is allowed anyway",
                    quoted(&rule.id.value)
                );
                let diagnostic = Diagnostic::warning(Code::IdleRule, message)
                    .at(source, origin.span.clone(), "")
                    .help("deny wins over allow: to carve a name out of a rule, use `except` in that rule".to_owned())
                    .help("`functions = \"deny\"` in `[defaults]` denies all that isn't allowed".to_owned());
                diagnostics.push(diagnostic);
            }
        }
    }
    let (Some(allow), Some(deny)) = (&clauses.imports_allow, &clauses.imports_deny) else {
        return;
    };
    let Ok(denied) = NameMatcher::new(
        deny.value
            .iter()
            .enumerate()
            .map(|(at, name)| (at, &name.value)),
    ) else {
        return;
    };
    for name in &allow.value {
        let (NamePattern::Literal(text), Some(origin)) = (&name.value, &name.origin) else {
            continue;
        };
        let by = denied
            .matches(text)
            .first()
            .and_then(|at| deny.value.get(*at))
            .and_then(|name| name.origin.as_ref());
        if let Some(by) = by
            && let (Some(source), Some(by_source)) = (source(origin), source(by))
        {
            let message = format!(
                "the import of {} is allowed and denied; deny wins",
                quoted(text)
            );
            let diagnostic = Diagnostic::warning(Code::IdleRule, message)
                .at(source, origin.span.clone(), "allowed here")
                .label(Label::new(by_source, by.span.clone(), "denied here"))
                .help(
                    "to allow it, write a `deny` list of your own: it replaces the inherited one"
                        .to_owned(),
                );
            diagnostics.push(diagnostic);
        }
    }
}
