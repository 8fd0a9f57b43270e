//! Turns policies, as people write them, into one valid [`Policy`], or into diagnostics.
//!
//! ```text
//! file or preset ─source─▶ text ─tree, document─▶ clauses ─resolve─▶ merged ─load─▶ Policy
//! ```
//!
//! A policy is trusted: it is written by whoever runs Lictor. But people err, and a mistake in
//! a policy is a hole in the wall. So nothing is guessed and nothing is ignored: what isn't
//! understood is an error with its place, all errors are reported at once, and while there is
//! one there is no [`Policy`].

mod clauses;
mod conditions;
mod diagnostic;
mod document;
mod guestcode;
mod limits;
mod places;
mod quantity;
mod render;
mod resolve;
mod resources;
mod ruleset;
mod source;
mod tree;
mod whole;
mod words;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};

pub use clauses::{
    Amount, Anchor, AnchoredPath, Clauses, ConditionClause, EndpointClause, FunctionClause,
    FunctionsDefault, HashSeed, LineClause, Names, SyntaxClause, ValueClause,
};
pub use diagnostic::{Code, Diagnostic, Diagnostics, Label, MAX_KEPT, Severity};
pub use quantity::{QuantityError, format_duration, format_size, parse_duration, parse_size};
pub use source::{MAX_SIZE, Source, preset_names};
pub use tree::Stated;
pub use words::{all_of, did_you_mean, quoted};

use crate::rules::Limits;

/// The preset that rules when nobody names a policy.
pub const DEFAULT_PRESET: &str = "base";

/// A valid policy: parsed, merged with all that it extends, and overridden by flags.
#[derive(Clone, Debug)]
pub struct Policy {
    /// What it calls itself; else its file's stem or its preset's name.
    pub name: String,
    /// Its files (as the user named them) and presets (`preset:NAME`), child first.
    pub sources: Vec<String>,
    /// SHA-256, in hex, of what the policy says in effect: neither the places where it says
    /// so nor its name count. Equal hashes mean equal rules for one version of Lictor.
    pub sha256: String,
    /// The effective limits.
    pub limits: Limits,
    /// Names and globs of environment variables that reach the guest.
    pub environment_pass: Vec<String>,
    /// The seed of Python's string hashes.
    pub hash_seed: HashSeed,
    /// What is probably not meant, though valid.
    pub warnings: Diagnostics,
    /// What the rules are [compiled](crate::rules::compile::compile) from.
    pub clauses: Clauses,
    /// The current folder at the time of loading, absolute.
    pub cwd: std::path::PathBuf,
    texts: BTreeMap<String, Arc<str>>,
}

impl Policy {
    /// The text of a file or preset that is part of the policy, by the name that
    /// [`Origin::file`](crate::rules::Origin::file) has.
    pub fn source_text(&self, file: &str) -> Option<&str> {
        self.texts.get(file).map(|text| &**text)
    }
}

/// Loads the policies that `references` name: presets, or paths relative to `cwd`. Later ones
/// stand over earlier ones; without any, [`DEFAULT_PRESET`] rules. `overrides` are the values
/// of `--limit` flags, `NAME=VALUE`; they stand over everything.
///
/// # Errors
/// Every problem of every file involved, and of every flag. Warnings alone are no failure:
/// they come with the policy.
pub fn load(
    references: &[String],
    overrides: &[String],
    cwd: &Path,
) -> Result<Policy, Diagnostics> {
    let default = [DEFAULT_PRESET.to_owned()];
    let references = if references.is_empty() {
        &default[..]
    } else {
        references
    };
    let mut diagnostics = Diagnostics::default();
    let members = resolve::resolve(references, cwd, &mut diagnostics);
    assemble(&members, overrides, cwd, diagnostics)
}

/// The policy that a text makes alone: what it extends isn't looked at. For tools that check
/// a text and must read no file. `name` is what diagnostics call it.
///
/// # Errors
/// Every problem of the text.
pub fn parse_alone(name: &str, text: &str, cwd: &Path) -> Result<Policy, Diagnostics> {
    let source = Source::new(name, name, text, Some(cwd.to_owned()));
    let (document, diagnostics) = document::read(&source, cwd);
    assemble(
        &[resolve::Member { source, document }],
        &[],
        cwd,
        diagnostics,
    )
}

/// Makes one policy of all its members, weakest first.
fn assemble(
    members: &[resolve::Member],
    overrides: &[String],
    cwd: &Path,
    mut diagnostics: Diagnostics,
) -> Result<Policy, Diagnostics> {
    let mut clauses = Clauses::default();
    for member in members {
        clauses.overlay(member.document.clauses.clone());
    }
    limits::apply_overrides(overrides, &mut clauses, &mut diagnostics);
    whole::check(&clauses, members, &mut diagnostics);
    if diagnostics.has_errors() {
        return Err(diagnostics);
    }
    let strongest = members.last();
    Ok(Policy {
        name: strongest.map_or_else(String::new, |member| {
            member
                .document
                .name
                .clone()
                .unwrap_or_else(|| member.source.stem.clone())
        }),
        sources: members
            .iter()
            .rev()
            .map(|member| member.source.name.to_string())
            .collect(),
        sha256: hash(&clauses),
        limits: limits::effective(&clauses),
        environment_pass: clauses
            .environment_pass
            .as_ref()
            .map(|names| names.value.clone())
            .unwrap_or_default(),
        hash_seed: clauses
            .hash_seed
            .as_ref()
            .map(|seed| seed.value)
            .unwrap_or_default(),
        warnings: diagnostics,
        clauses,
        cwd: cwd.to_owned(),
        texts: members
            .iter()
            .map(|member| (member.source.name.to_string(), member.source.text.clone()))
            .collect(),
    })
}

/// The hash of the clauses' values, in the order that they are declared in.
fn hash(clauses: &Clauses) -> String {
    // Maps with word keys, lists and scalars: serialising them can't fail, but if it did, a
    // hash of the debug form would still tell different policies apart.
    let canonical =
        serde_json::to_vec(clauses).unwrap_or_else(|_| format!("{clauses:?}").into_bytes());
    let mut hex = String::new();
    for byte in Sha256::digest(canonical) {
        // Writing to a String can't fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
