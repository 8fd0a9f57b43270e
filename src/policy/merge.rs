//! Merging a policy with what it extends: scalars and lists of the child replace the
//! parent's, rules add up, a rule with a parent's id replaces it in its place.

use std::path::{Path, PathBuf};

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::diagnostic::{Code, Diagnostic, Diagnostics, did_you_mean};
use super::raw::{self, LimitValue, Raw};
use super::reader::At;
use super::source::{self, Source};
use super::{HashSeed, Policy, Stated};
use crate::rules::{Action, Caller, LimitKind, Limits, Origin, Recorded, Scope};

/// Deepest chain of `extends`.
const DEEPEST: usize = 16;

/// See [`super::load`].
pub fn load(
    references: &[String],
    overrides: &[String],
    cwd: &Path,
) -> Result<Policy, Diagnostics> {
    let mut merger = Merger {
        problems: Diagnostics::default(),
        policy: empty(),
        chain: Vec::new(),
    };
    let default = ["base".to_owned()];
    let references = if references.is_empty() {
        &default
    } else {
        references
    };
    for reference in references {
        merger.add(reference, cwd, None);
    }
    for flag in overrides {
        merger.override_limit(flag);
    }
    let Merger {
        mut problems,
        mut policy,
        ..
    } = merger;
    problems.sort();
    if problems.has_errors() {
        return Err(problems);
    }
    if policy.name.is_empty() {
        policy.name = policy.sources.first().cloned().unwrap_or_default();
    }
    policy.sha256 = digest(&policy);
    policy.warnings = problems;
    Ok(policy)
}

fn empty() -> Policy {
    Policy {
        name: String::new(),
        sources: Vec::new(),
        sha256: String::new(),
        limits: Limits::default(),
        limit_origins: Vec::new(),
        environment_pass: Vec::new(),
        hash_seed: HashSeed::Fixed(0),
        closed: None,
        import_allow: None,
        import_deny: None,
        functions: Vec::new(),
        lines: Vec::new(),
        trust: Vec::new(),
        record: Recorded::default(),
        scope: Scope::Guest,
        warnings: Diagnostics::default(),
        texts: std::collections::BTreeMap::new(),
    }
}

struct Merger {
    problems: Diagnostics,
    policy: Policy,
    /// Sources that are being read, outermost first.
    chain: Vec<PathBuf>,
}

impl Merger {
    /// Reads a reference, its parents first, and puts it over what there is. `from` is the
    /// place that names it.
    fn add(&mut self, reference: &str, folder: &Path, from: Option<(&Source, &At<String>)>) {
        let source = match source::open(reference, folder) {
            Ok(source) => source,
            Err(mut diagnostic) => {
                if let Some((parent, at)) = from {
                    diagnostic = diagnostic.at(&parent.name, at.span.clone(), "");
                }
                self.problems.push(diagnostic);
                return;
            }
        };
        if self.chain.contains(&source.identity) || self.chain.len() >= DEEPEST {
            let message = match self.chain.contains(&source.identity) {
                true => format!("`{}` extends itself", source.name),
                false => format!("the chain of `extends` is longer than {DEEPEST}"),
            };
            let mut diagnostic = Diagnostic::error(Code::ExtendsCycle, message)
                .help("a policy may extend others, but none of them may lead back to it");
            if let Some((parent, at)) = from {
                diagnostic = diagnostic.at(&parent.name, at.span.clone(), "");
            }
            self.problems.push(diagnostic);
            return;
        }
        self.problems.add_text(&source.name, source.text.clone());
        self.policy
            .texts
            .insert(source.name.clone(), source.text.clone());
        let raw = raw::read(&source, &mut self.problems);
        self.chain.push(source.identity.clone());
        let parents = source.folder.clone().unwrap_or_default();
        for parent in &raw.extends {
            self.add(&parent.value, &parents, Some((&source, parent)));
        }
        self.chain.pop();
        self.policy.sources.retain(|name| *name != source.name);
        self.policy.sources.insert(0, source.name.clone());
        self.merge(raw, &source);
    }

    fn merge(&mut self, raw: Raw, source: &Source) {
        let policy = &mut self.policy;
        let origin = |span: &std::ops::Range<usize>| Some(origin(source, span.clone()));
        if let Some(name) = raw.name {
            policy.name = name;
        }
        if let Some(closed) = raw.closed {
            policy.closed = closed.value.then(|| Stated {
                value: (),
                origin: origin(&closed.span),
            });
        }
        for (kind, limit) in raw.limits {
            set_limit(policy, kind, limit.value, origin(&limit.span));
        }
        if let Some(count_library) = raw.count_library {
            policy.limits.count_library = count_library;
        }
        if let Some(list) = raw.import_allow {
            policy.import_allow = Some(Stated {
                origin: origin(&list.span),
                value: list.value,
            });
        }
        if let Some(list) = raw.import_deny {
            policy.import_deny = Some(Stated {
                origin: origin(&list.span),
                value: list.value,
            });
        }
        for rule in raw.functions {
            let stated = Stated {
                origin: origin(&rule.span),
                value: rule.value,
            };
            match policy
                .functions
                .iter_mut()
                .find(|known| known.value.id == stated.value.id)
            {
                Some(known) => *known = stated,
                None => policy.functions.push(stated),
            }
        }
        for rule in raw.lines {
            let stated = Stated {
                origin: origin(&rule.span),
                value: rule.value,
            };
            match policy
                .lines
                .iter_mut()
                .find(|known| known.value.id == stated.value.id)
            {
                Some(known) => *known = stated,
                None => policy.lines.push(stated),
            }
        }
        if let Some(pass) = raw.environment {
            policy.environment_pass = pass;
        }
        if let Some(paths) = raw.trust {
            let folder = source.folder.clone().unwrap_or_default();
            policy.trust = paths
                .iter()
                .map(|path| folder.join(path))
                .map(|path| path.canonicalize().unwrap_or(path))
                .collect();
        }
        if let Some(words) = raw.record {
            let has = |word: &str| words.iter().any(|written| written == word);
            policy.record = Recorded {
                calls: has("calls"),
                returns: has("returns"),
                exceptions: has("exceptions"),
                lines: has("lines"),
                imports: has("imports"),
                denied: has("denied"),
            };
        }
        if let Some(scope) = raw.scope {
            policy.scope = scope;
        }
        if let Some(seed) = raw.hash_seed {
            policy.hash_seed = seed;
        }
    }

    /// A value of `--limit`.
    fn override_limit(&mut self, flag: &str) {
        let bad =
            |message: String, help: String| Diagnostic::error(Code::BadFlag, message).help(help);
        let all = LimitKind::ALL.map(LimitKind::as_str);
        let Some((name, value)) = flag.split_once('=') else {
            let help = "write it as `--limit steps=100000`".to_owned();
            self.problems
                .push(bad(format!("`--limit {flag}` has no value"), help));
            return;
        };
        let Some(kind) = LimitKind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == name)
        else {
            let help = match did_you_mean(name, all) {
                Some(meant) => format!("did you mean `{meant}`? The limits are {}", all.join(", ")),
                None => format!("the limits are {}", all.join(", ")),
            };
            self.problems.push(bad(
                format!("`--limit {flag}`: there is no limit `{name}`"),
                help,
            ));
            return;
        };
        match raw::parse_limit(kind, value) {
            Ok(limit) => set_limit(&mut self.policy, kind, limit, None),
            Err(help) => {
                let message = format!("`--limit {flag}`: `{value}` is no value of `{name}`");
                self.problems.push(bad(message, help));
            }
        }
    }
}

fn origin(source: &Source, span: std::ops::Range<usize>) -> Origin {
    let before = source.text.get(..span.start).unwrap_or(&source.text);
    let line = before.matches('\n').count() + 1;
    Origin {
        file: source.name.clone(),
        line: u32::try_from(line).unwrap_or(u32::MAX),
        span,
    }
}

fn set_limit(policy: &mut Policy, kind: LimitKind, limit: LimitValue, origin: Option<Origin>) {
    let limits = &mut policy.limits;
    match (kind, limit) {
        (LimitKind::Wall, LimitValue::Time(time)) => limits.wall = Some(time),
        (LimitKind::Cpu, LimitValue::Time(time)) => limits.cpu = Some(time),
        (LimitKind::Steps, LimitValue::Number(count)) => limits.steps = Some(count),
        (LimitKind::Calls, LimitValue::Number(count)) => limits.calls = Some(count),
        (LimitKind::Recursion, LimitValue::Number(count)) => limits.recursion = Some(count),
        (LimitKind::Memory, LimitValue::Number(bytes)) => limits.memory = Some(bytes),
        (LimitKind::Output, LimitValue::Number(bytes)) => limits.output = Some(bytes),
        (LimitKind::Threads, LimitValue::Number(count)) => limits.threads = Some(count),
        (LimitKind::Audit, LimitValue::Number(bytes)) => limits.audit = Some(bytes),
        // `parse_limit` gives times for times and numbers for the rest.
        (LimitKind::Wall | LimitKind::Cpu, LimitValue::Number(_)) | (_, LimitValue::Time(_)) => {
            return;
        }
    }
    policy.limit_origins.retain(|(known, _)| *known != kind);
    policy.limit_origins.push((kind, origin));
}

/// What the digest of a policy is made of: all that rules, nothing of how it was written.
#[derive(Serialize)]
struct Effective<'a> {
    limits: &'a Limits,
    environment: &'a [String],
    hash_seed: HashSeed,
    closed: bool,
    import_allow: Option<Vec<String>>,
    import_deny: Option<Vec<String>>,
    functions: Vec<EffectiveFunction<'a>>,
    lines: Vec<(&'a str, &'a str, &'a [String], Action)>,
    trust: &'a [PathBuf],
    record: Recorded,
    scope: Scope,
}

#[derive(Serialize)]
struct EffectiveFunction<'a> {
    id: &'a str,
    names: Vec<String>,
    except: Vec<String>,
    action: Action,
    caller: Caller,
    max_calls: Option<u64>,
}

fn digest(policy: &Policy) -> String {
    let texts = |names: &[crate::rules::NamePattern]| -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    };
    let effective = Effective {
        limits: &policy.limits,
        environment: &policy.environment_pass,
        hash_seed: policy.hash_seed,
        closed: policy.closed.is_some(),
        import_allow: policy.import_allow.as_ref().map(|list| texts(&list.value)),
        import_deny: policy.import_deny.as_ref().map(|list| texts(&list.value)),
        functions: policy
            .functions
            .iter()
            .map(|rule| EffectiveFunction {
                id: &rule.value.id,
                names: texts(&rule.value.names),
                except: texts(&rule.value.except),
                action: rule.value.action,
                caller: rule.value.caller,
                max_calls: rule.value.max_calls,
            })
            .collect(),
        lines: policy
            .lines
            .iter()
            .map(|rule| {
                let line = &rule.value;
                (
                    line.id.as_str(),
                    line.pattern.as_str(),
                    line.files.as_slice(),
                    line.action,
                )
            })
            .collect(),
        trust: &policy.trust,
        record: policy.record,
        scope: policy.scope,
    };
    // Plain data: there is nothing in it that JSON can't hold.
    let text = serde_json::to_vec(&effective).unwrap_or_default();
    Sha256::digest(text)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
