//! Patterns on dotted names.
//!
//! `*` stays within one part, `**` crosses dots, `x.**` includes `x` itself; `re:…` is a
//! regex that must match the whole name; anything else is the name itself.

use std::collections::HashMap;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use regex::{Regex, RegexSet};
use serde::{Deserialize, Serialize};

/// A pattern as the policy writes it, told apart once.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NamePattern {
    /// A name without wildcards: `os.system`.
    Literal(String),
    /// A glob: `*` stays within one part, `**` crosses dots, `x.**` includes `x` itself.
    Glob(String),
    /// A regex, written `re:…`; it must match the whole name.
    Regex(String),
}

/// A pattern that doesn't compile.
#[derive(Debug, thiserror::Error)]
pub enum PatternError {
    /// A glob.
    #[error("{0}")]
    Glob(#[from] globset::Error),
    /// A regex.
    #[error("{0}")]
    Regex(#[from] regex::Error),
}

impl NamePattern {
    /// Tells what kind of pattern a text is, and whether it compiles.
    ///
    /// # Errors
    /// [`PatternError`].
    pub fn parse(text: &str) -> Result<NamePattern, PatternError> {
        if let Some(regex) = text.strip_prefix("re:") {
            Regex::new(&whole(regex))?;
            return Ok(NamePattern::Regex(regex.to_owned()));
        }
        if text.contains(['*', '?', '[', '{']) {
            for glob in globs(text) {
                GlobBuilder::new(&glob).literal_separator(true).build()?;
            }
            return Ok(NamePattern::Glob(text.to_owned()));
        }
        Ok(NamePattern::Literal(text.to_owned()))
    }
}

impl std::fmt::Display for NamePattern {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            NamePattern::Literal(text) | NamePattern::Glob(text) => out.write_str(text),
            NamePattern::Regex(text) => write!(out, "re:{text}"),
        }
    }
}

/// A regex that matches whole names only.
fn whole(regex: &str) -> String {
    format!("^(?:{regex})$")
}

/// The globs on paths that a glob on dotted names stands for.
fn globs(text: &str) -> impl Iterator<Item = String> {
    let itself = text.strip_suffix(".**").map(|name| name.replace('.', "/"));
    std::iter::once(text.replace('.', "/")).chain(itself)
}

/// Many patterns, asked all at once. Each belongs to an owner, a number of the caller's.
#[derive(Clone, Debug, Default)]
pub struct NameMatcher {
    literals: HashMap<String, Vec<usize>>,
    globs: GlobSet,
    glob_owners: Vec<usize>,
    regexes: RegexSet,
    regex_owners: Vec<usize>,
}

impl NameMatcher {
    /// Compiles patterns with their owners.
    ///
    /// # Errors
    /// [`PatternError`].
    pub fn new<'a>(
        patterns: impl IntoIterator<Item = (usize, &'a NamePattern)>,
    ) -> Result<NameMatcher, PatternError> {
        let mut literals: HashMap<String, Vec<usize>> = HashMap::new();
        let mut set = GlobSetBuilder::new();
        let mut regexes = Vec::new();
        let (mut glob_owners, mut regex_owners) = (Vec::new(), Vec::new());
        for (owner, pattern) in patterns {
            match pattern {
                NamePattern::Literal(name) => {
                    literals.entry(name.clone()).or_default().push(owner);
                }
                NamePattern::Glob(text) => {
                    for glob in globs(text) {
                        set.add(GlobBuilder::new(&glob).literal_separator(true).build()?);
                        glob_owners.push(owner);
                    }
                }
                NamePattern::Regex(text) => {
                    regexes.push(whole(text));
                    regex_owners.push(owner);
                }
            }
        }
        Ok(NameMatcher {
            literals,
            globs: set.build()?,
            glob_owners,
            regexes: RegexSet::new(regexes)?,
            regex_owners,
        })
    }

    /// Owners of the patterns that match a name, ascending, each once.
    pub fn matches(&self, name: &str) -> Vec<usize> {
        let mut owners = self.literals.get(name).cloned().unwrap_or_default();
        if !self.globs.is_empty() {
            let path = name.replace('.', "/");
            owners.extend(
                self.globs
                    .matches(path)
                    .into_iter()
                    .map(|index| self.glob_owners[index]),
            );
        }
        if !self.regexes.is_empty() {
            owners.extend(
                self.regexes
                    .matches(name)
                    .iter()
                    .map(|index| self.regex_owners[index]),
            );
        }
        owners.sort_unstable();
        owners.dedup();
        owners
    }

    /// Does any pattern match?
    pub fn is_match(&self, name: &str) -> bool {
        !self.matches(name).is_empty()
    }
}
