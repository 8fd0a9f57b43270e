//! Diagnostics: problems in a policy, each with a stable code and a place in its text.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Element, Level, Renderer, Snippet};

/// What is wrong; the code is stable, so scripts and documents can name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is described by `description`")]
pub enum Code {
    UnreadableFile,
    NotText,
    TooLarge,
    UnknownPreset,
    Syntax,
    MissingVersion,
    UnsupportedVersion,
    UnknownKey,
    WrongType,
    BadValue,
    BadPattern,
    MissingKey,
    DuplicateId,
    NeverMatches,
    ExtendsCycle,
    BadFlag,
}

impl Code {
    /// Every code.
    pub const ALL: [Code; 16] = [
        Code::UnreadableFile,
        Code::NotText,
        Code::TooLarge,
        Code::UnknownPreset,
        Code::Syntax,
        Code::MissingVersion,
        Code::UnsupportedVersion,
        Code::UnknownKey,
        Code::WrongType,
        Code::BadValue,
        Code::BadPattern,
        Code::MissingKey,
        Code::DuplicateId,
        Code::NeverMatches,
        Code::ExtendsCycle,
        Code::BadFlag,
    ];

    /// The code as it is printed.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::UnreadableFile => "unreadable-file",
            Code::NotText => "not-text",
            Code::TooLarge => "too-large",
            Code::UnknownPreset => "unknown-preset",
            Code::Syntax => "syntax",
            Code::MissingVersion => "missing-version",
            Code::UnsupportedVersion => "unsupported-version",
            Code::UnknownKey => "unknown-key",
            Code::WrongType => "wrong-type",
            Code::BadValue => "bad-value",
            Code::BadPattern => "bad-pattern",
            Code::MissingKey => "missing-key",
            Code::DuplicateId => "duplicate-id",
            Code::NeverMatches => "never-matches",
            Code::ExtendsCycle => "extends-cycle",
            Code::BadFlag => "bad-flag",
        }
    }

    /// What the code means.
    pub fn description(self) -> &'static str {
        match self {
            Code::UnreadableFile => "the policy file can't be read",
            Code::NotText => "the policy file isn't UTF-8 text",
            Code::TooLarge => "the policy file is larger than any policy",
            Code::UnknownPreset => "no preset has this name",
            Code::Syntax => "the text isn't TOML",
            Code::MissingVersion => "a policy says which version of the language it is written in",
            Code::UnsupportedVersion => "this Lictor doesn't know that version of the language",
            Code::UnknownKey => "nothing would act on this key, so nothing may rely on it",
            Code::WrongType => "the value has the wrong type",
            Code::BadValue => "the value can't be used",
            Code::BadPattern => "the pattern doesn't compile",
            Code::MissingKey => "a rule lacks something it needs",
            Code::DuplicateId => "two rules of one file have the same id",
            Code::NeverMatches => "the rule can never match",
            Code::ExtendsCycle => "the policy extends itself",
            Code::BadFlag => "a flag's value can't be used",
        }
    }
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The policy can't be used.
    Error,
    /// It can, but its author should look.
    Warning,
}

/// A place in a policy's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The file, as the user named it.
    pub file: String,
    /// Byte offsets.
    pub span: Range<usize>,
    /// Words for this place; may be empty.
    pub text: String,
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What is wrong.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in words.
    pub message: String,
    /// Where; the first is the main place. Empty for problems that have no place in a text.
    pub labels: Vec<Label>,
    /// What to do.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error without a place.
    pub fn error(code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            severity: Severity::Error,
            message: message.into(),
            labels: Vec::new(),
            help: None,
        }
    }

    /// Adds a place.
    pub fn at(mut self, file: &str, span: Range<usize>, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label {
            file: file.to_owned(),
            span,
            text: text.into(),
        });
        self
    }

    /// Says what to do.
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }
}

/// All problems of a policy, with the texts they are about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    texts: BTreeMap<String, Arc<str>>,
}

impl Diagnostics {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Makes a text known, so that places in it can be shown.
    pub fn add_text(&mut self, file: &str, text: Arc<str>) {
        self.texts.insert(file.to_owned(), text);
    }

    /// Is any of them an error?
    pub fn has_errors(&self) -> bool {
        self.list
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All of them, in the order of the text.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// Puts them in the order of the text.
    pub(super) fn sort(&mut self) {
        self.list.sort_by_key(|diagnostic| {
            diagnostic
                .labels
                .first()
                .map(|label| (label.file.clone(), label.span.start))
        });
    }

    /// All of them in rustc's manner, ending with a newline; empty if there is none.
    pub fn render(&self, color: bool) -> String {
        let renderer = if color {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        self.list
            .iter()
            .map(|diagnostic| self.render_one(diagnostic, &renderer) + "\n")
            .collect()
    }

    fn render_one(&self, diagnostic: &Diagnostic, renderer: &Renderer) -> String {
        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let mut elements: Vec<Element<'_>> = Vec::new();
        for (index, label) in diagnostic.labels.iter().enumerate() {
            let Some(text) = self.texts.get(&label.file) else {
                continue;
            };
            let kind = if index == 0 {
                AnnotationKind::Primary
            } else {
                AnnotationKind::Context
            };
            let span = label.span.start.min(text.len())..label.span.end.min(text.len());
            let annotation = match label.text.is_empty() {
                true => kind.span(span),
                false => kind.span(span).label(label.text.as_str()),
            };
            let snippet = Snippet::source(&**text)
                .path(label.file.as_str())
                .annotation(annotation);
            elements.push(snippet.into());
        }
        if let Some(help) = &diagnostic.help {
            elements.push(Level::HELP.message(help.as_str()).into());
        }
        let title = level
            .primary_title(diagnostic.message.as_str())
            .id(diagnostic.code.as_str());
        renderer.render(&[title.elements(elements)])
    }
}

/// The candidate that is meant, if one is near enough.
pub fn did_you_mean<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(written, candidate), candidate))
        .filter(|(distance, candidate)| {
            *distance <= (candidate.len().max(written.len()) / 3).max(1)
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
