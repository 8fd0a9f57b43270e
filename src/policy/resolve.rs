//! From references to files: finds what `-p` and `extends` name, reads each file once and
//! puts all of them into one order, weakest first.
//!
//! A policy comes after everything that it extends, and later parents after earlier ones.
//! A file that is reached twice (two presets that both extend `base`) stands where it is
//! reached first, so that it never overrides what one of its children says.

use std::path::{Component, Path, PathBuf};

use super::diagnostic::{Code, Diagnostic, Diagnostics};
use super::document::{self, Document};
use super::source::{ReadError, Source, is_path, preset_names};
use super::words::{all_of, did_you_mean, quoted};
use crate::rules::Origin;

/// Longest chain of policies that extend each other.
const MAX_DEPTH: usize = 32;

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
