//! Patterns on dotted names.

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
