//! Diagnostics: what is wrong with a policy, and where.
//!
//! Every check of this module's siblings puts its findings into one [`Diagnostics`], so that
//! a policy with five mistakes is told of five. Codes are stable: scripts may rely on them.

use std::fmt;
use std::ops::Range;

use super::source::Source;

/// How many diagnostics are kept; the others are counted only. A megabyte of noise must not
/// become a gigabyte of complaints.
pub const MAX_KEPT: usize = 100;

macro_rules! codes {
    ($($variant:ident = $word:literal: $description:literal),+ $(,)?) => {
        /// What kind of problem a diagnostic is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $description] $variant,)+
        }

        impl Code {
            /// Every code, in alphabetic order of the words.
            pub const ALL: &[Code] = &[$(Code::$variant),+];

            /// The stable word: `unknown-key`.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $word,)+ }
            }

            /// What it means, in one sentence.
            pub fn description(self) -> &'static str {
                match self { $(Code::$variant => $description,)+ }
            }
        }
    };
}

codes! {
    BadEndpoint = "bad-endpoint": "An entry of `[network]` isn't a host and a port, or a socket.",
    BadGlob = "bad-glob": "A glob on file paths or environment variables isn't one.",
    BadId = "bad-id": "A rule's id isn't one word, or is a name that Lictor itself uses.",
    BadLimit = "bad-limit": "A limit's value isn't a number, duration or size that this limit can have.",
    BadOverride = "bad-override": "A `--limit` flag isn't `NAME=VALUE` with a known limit and a proper value.",
    BadPattern = "bad-pattern": "A pattern can't match a dotted name.",
    BadRegex = "bad-regex": "A regex doesn't compile.",
    BadValue = "bad-value": "A value is outside the range that its key allows.",
    ConflictingKeys = "conflicting-keys": "Two keys of one rule contradict each other.",
    Contradiction = "contradiction": "Two parts of the policy can't both be met.",
    DuplicateId = "duplicate-id": "Two rules of one file have the same id.",
    ExtendsCycle = "extends-cycle": "A policy extends itself, directly or through others.",
    ExtendsTooDeep = "extends-too-deep": "Policies extend each other through too many files.",
    IdleRule = "idle-rule": "What is written has no effect.",
    MissingKey = "missing-key": "A rule lacks a key that it needs.",
    MissingVersion = "missing-version": "The policy doesn't say which version of the language it is written in.",
    NeverMatches = "never-matches": "A rule can't match anything.",
    Syntax = "syntax": "The text isn't TOML.",
    TooManyRules = "too-many-rules": "The policy has more rules than Lictor's tables hold.",
    UnknownAnchor = "unknown-anchor": "A path begins with an anchor that doesn't exist.",
    UnknownKey = "unknown-key": "A key or section isn't part of the language, so nothing would enforce it.",
    UnknownName = "unknown-name": "A name or glob matches nothing in the Python that was asked.",
    UnknownParameter = "unknown-parameter": "A condition is on a parameter that the function doesn't have.",
    UnknownPreset = "unknown-preset": "There is no preset of this name.",
    UnknownWord = "unknown-word": "A value isn't one of the words that its key allows.",
    UnqualifiedName = "unqualified-name": "A function's name lacks its module, so it can't match.",
    Unreadable = "unreadable": "A policy file can't be read, or isn't text.",
    UnsupportedVersion = "unsupported-version": "The policy is written in a version of the language that isn't known.",
    WrongType = "wrong-type": "A value has another type than its key needs.",
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The policy can't be used.
    Error,
    /// It can, but probably doesn't do what its author wants.
    Warning,
}

/// A place in a policy's text, and what there is to say about it.
#[derive(Clone, Debug)]
pub struct Label {
    /// The text.
    pub source: Source,
    /// Byte offsets within the text.
    pub span: Range<usize>,
    /// A few words; may be empty.
    pub text: String,
}

impl Label {
    /// A label at `span` of `source`.
    pub fn new(source: &Source, span: Range<usize>, text: impl Into<String>) -> Label {
        Label {
            source: source.clone(),
            span,
            text: text.into(),
        }
    }
}

/// One problem.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// What kind of problem.
    pub code: Code,
    /// How bad.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where; `None` for what the command line says.
    pub primary: Option<Label>,
    /// Other places that matter.
    pub labels: Vec<Label>,
    /// What to do about it.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// An error.
    pub fn error(code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            severity: Severity::Error,
            message: message.into(),
            primary: None,
            labels: Vec::new(),
            help: Vec::new(),
        }
    }

    /// A warning.
    pub fn warning(code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: Severity::Warning,
            ..Diagnostic::error(code, message)
        }
    }

    /// The same, at a place.
    #[must_use]
    pub fn at(
        mut self,
        source: &Source,
        span: Range<usize>,
        text: impl Into<String>,
    ) -> Diagnostic {
        self.primary = Some(Label::new(source, span, text));
        self
    }

    /// The same, with another place that matters.
    #[must_use]
    pub fn label(mut self, label: Label) -> Diagnostic {
        self.labels.push(label);
        self
    }

    /// The same, with advice; `None` adds nothing.
    #[must_use]
    pub fn help(mut self, help: impl Into<Option<String>>) -> Diagnostic {
        self.help.extend(help.into());
        self
    }
}

/// All problems found so far.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    errors: usize,
    warnings: usize,
}

impl Diagnostics {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        match diagnostic.severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
        }
        if self.list.len() < MAX_KEPT {
            self.list.push(diagnostic);
        }
    }

    /// Adds all of `other`.
    pub fn extend(&mut self, other: Diagnostics) {
        let room = MAX_KEPT.saturating_sub(self.list.len());
        self.list.extend(other.list.into_iter().take(room));
        self.errors += other.errors;
        self.warnings += other.warnings;
    }

    /// Those that were kept, at most [`MAX_KEPT`].
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// Is nothing wrong at all?
    pub fn is_empty(&self) -> bool {
        self.errors + self.warnings == 0
    }

    /// Is there an error among them?
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// How many errors were found, kept or not.
    pub fn errors(&self) -> usize {
        self.errors
    }

    /// How many warnings were found, kept or not.
    pub fn warnings(&self) -> usize {
        self.warnings
    }

    /// How many were found beyond those kept.
    pub fn omitted(&self) -> usize {
        self.errors + self.warnings - self.list.len()
    }

    /// Puts those of one file into the order of its text.
    pub(super) fn sort_by_place(&mut self) {
        self.list.sort_by_key(|diagnostic| {
            diagnostic
                .primary
                .as_ref()
                .map(|label| (label.span.start, label.span.end))
        });
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.render(false))
    }
}

impl std::error::Error for Diagnostics {}
