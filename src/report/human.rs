//! The report for people (stderr), in rustc's manner: the sentence, the guest's line and the
//! policy's line underlined, and what else helps.
//!
//! A guest's line number is the worker's claim. It is looked up in the text that the
//! supervisor read itself, and where there is no such line the report says so.

use annotate_snippets::{
    Annotation, AnnotationKind, Element, Level, Origin as Place, Renderer, Snippet,
};

use super::sentence::{self, summary_line};
use super::text::{escape, escape_block};
use super::words;
use crate::rules::syntax::Finding;
use crate::rules::{LimitKind, Origin};
use crate::verdict::{Location, Outcome, Verdict, Violation};

/// Further violations that are named; the rest are counted.
const MAX_FURTHER: usize = 3;

/// Violations of `[syntax]` whose lines are shown; the rest are counted.
const MAX_WRITTEN: usize = 10;

/// What the report quotes from, and how much it says.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The script's path, as code objects and [`Outcome::script`] name it.
    pub script_path: &'a str,
    /// The script's text, as the supervisor read it; `None` when it isn't text.
    pub script_text: Option<&'a str>,
    /// Text of another guest file, if the supervisor chooses to quote from it. The name is
    /// the guest's claim: it must not be opened as a path without a check.
    pub guest_text: &'a dyn Fn(&str) -> Option<&'a str>,
    /// Text of a policy file or preset, by the name that [`Origin::file`] gives it.
    pub policy_text: &'a dyn Fn(&str) -> Option<&'a str>,
    /// Say something of a run that completed, too, and what every run used.
    pub verbose: bool,
}

/// The report, ending with a newline; nothing at all for a run that completed, unless
/// [`Context::verbose`].
///
/// A guest that ended by an exception gets one line: Python has printed the traceback.
pub fn render(outcome: &Outcome, context: &Context<'_>, color: bool) -> String {
    let title = match outcome.verdict {
        Verdict::Completed if !context.verbose => return String::new(),
        Verdict::Completed => completed(outcome),
        _ => summary_line(outcome),
    };
    let level = match outcome.verdict {
        Verdict::Completed => Level::INFO,
        Verdict::Raised => Level::WARNING,
        Verdict::Violation | Verdict::Limit | Verdict::Crashed | Verdict::InternalError => {
            Level::ERROR
        }
    };
    let group = level
        .with_name(outcome.verdict.as_str())
        .primary_title(title)
        .elements(elements(outcome, context));
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    format!("{}\n", renderer.render(&[group]))
}

fn completed(outcome: &Outcome) -> String {
    let script = escape(&outcome.script.path);
    match words::usage(&outcome.usage) {
        Some(usage) => format!("{script}, {usage}"),
        None => script,
    }
}

fn elements(outcome: &Outcome, context: &Context<'_>) -> Vec<Element<'static>> {
    if outcome.verdict == Verdict::Completed {
        return Vec::new();
    }
    let decided = Decided::of(outcome);
    let mut elements = Vec::new();
    let mut notes = Vec::new();
    let written = written(outcome);
    if written.is_empty() {
        if let Some(location) = decided.location {
            let columns = decided.columns;
            elements.extend(guest_line(location, columns, None, context, &mut notes));
        }
        if let Some((origin, label)) = decided.policy {
            elements.push(policy_lines(origin, label, context));
        }
        notes.extend(decided.message.map(shown_message));
    } else {
        elements.extend(written_lines(written, context, &mut notes));
    }
    notes.extend(facts(outcome, &decided));
    if outcome.verdict != Verdict::Raised || context.verbose {
        notes.extend(words::usage(&outcome.usage).map(|usage| format!("used {usage}")));
    }
    elements.extend(
        notes
            .into_iter()
            .map(|text| Level::NOTE.message(text).into()),
    );
    elements.extend(help(outcome).map(|text| Level::HELP.message(text).into()));
    elements
}

/// The violations that stand in the text of the script, and are shown one by one: those of
/// `[syntax]`, which come alone.
fn written(outcome: &Outcome) -> &[Violation] {
    let all = outcome.violations.as_slice();
    let is_written = |violation: &Violation| violation.finding.is_some();
    if outcome.verdict == Verdict::Violation && all.iter().all(is_written) {
        &all[..all.len().min(MAX_WRITTEN)]
    } else {
        &[]
    }
}

/// The script's line of each violation, then what the policy says, each thing once.
fn written_lines(
    violations: &[Violation],
    context: &Context<'_>,
    notes: &mut Vec<String>,
) -> Vec<Element<'static>> {
    let mut elements = Vec::new();
    let mut origins: Vec<&Origin> = Vec::new();
    let mut messages: Vec<&str> = Vec::new();
    for violation in violations {
        let Some(finding) = &violation.finding else {
            continue;
        };
        let mut place = violation.place.clone();
        if matches!(finding, Finding::Recursion { .. } | Finding::Length { .. }) {
            // The label says which function it is about.
            place.function.clear();
        }
        if place.line > 0 {
            let label = Some(sentence::found(finding));
            elements.extend(guest_line(&place, violation.columns, label, context, notes));
        }
    }
    for violation in violations {
        if let Some(origin) = &violation.policy
            && !origins.contains(&origin)
        {
            origins.push(origin);
            let label = match violation.finding {
                Some(Finding::Missing { .. }) => "asked for here",
                Some(Finding::Nesting { .. } | Finding::Length { .. }) => "the limit is set here",
                _ => "forbidden here",
            };
            elements.push(policy_lines(origin, label, context));
        }
        if let Some(message) = violation.message.as_deref()
            && !messages.contains(&message)
        {
            messages.push(message);
            notes.push(shown_message(message));
        }
    }
    elements
}

fn shown_message(message: &str) -> String {
    escape_block(message).replace('\t', "    ")
}

/// What decided the run, as far as it can be shown.
#[derive(Default)]
struct Decided<'a> {
    location: Option<&'a Location>,
    columns: Option<(u32, u32)>,
    policy: Option<(&'a Origin, &'static str)>,
    message: Option<&'a str>,
}

impl<'a> Decided<'a> {
    fn of(outcome: &'a Outcome) -> Self {
        match (outcome.verdict, outcome.violations.first(), &outcome.limit) {
            (Verdict::Violation, Some(first), _) => Decided {
                location: Some(&first.place),
                columns: first.columns,
                policy: first
                    .policy
                    .as_ref()
                    .map(|origin| (origin, "forbidden here")),
                message: first.message.as_deref(),
            },
            (Verdict::Limit, _, Some(hit)) => Decided {
                location: outcome.location.as_ref(),
                columns: None,
                policy: hit
                    .policy
                    .as_ref()
                    .map(|origin| (origin, "the limit is set here")),
                ..Decided::default()
            },
            (Verdict::Completed | Verdict::Raised, ..) => Decided::default(),
            _ => Decided {
                location: outcome.location.as_ref(),
                ..Decided::default()
            },
        }
    }
}

/// What else there is to say, besides the decisive lines.
fn facts(outcome: &Outcome, decided: &Decided<'_>) -> Vec<String> {
    let script = escape(&outcome.script.path);
    let mut facts = Vec::new();
    let decisive = if outcome.verdict == Verdict::Violation {
        outcome.violations.first()
    } else {
        None
    };
    if let Some(first) = decisive
        && !first.canonical.is_empty()
        && first.canonical != first.subject
    {
        let (subject, canonical) = (escape(&first.subject), escape(&first.canonical));
        facts.push(format!("{subject} is {canonical}"));
    }
    if let Some(written) = decisive.and_then(|first| first.written.as_deref()) {
        facts.push(format!("reached as `{}`", escape(written)));
    }
    if decided.location.is_some() && was_killed(outcome) {
        facts.push(
            "this place was reported by the worker's memory, which the guest could have changed"
                .to_owned(),
        );
    }
    let written = written(outcome).len();
    let further = &outcome.violations[usize::from(decisive.is_some())..];
    // Of those whose lines are shown, only what has no line is told.
    let (shown, others) = further.split_at(written.saturating_sub(1));
    let untold = shown.iter().filter(|violation| violation.place.line == 0);
    let most = if written > 0 { 0 } else { MAX_FURTHER };
    facts.extend(
        untold
            .chain(others.iter().take(most))
            .map(|violation| format!("also, {}", sentence::violation(violation, &script))),
    );
    if let Some(rest) = others.len().checked_sub(most).filter(|rest| *rest > 0) {
        facts.push(format!(
            "and {}",
            words::count(rest as u64, "further violation")
        ));
    }
    if outcome.verdict != Verdict::Limit
        && let Some(hit) = &outcome.limit
    {
        facts.push(format!(
            "also, {}",
            sentence::limit(hit, outcome.location.as_ref(), &script)
        ));
    }
    if outcome.dropped > 0 {
        facts.push(format!(
            "the audit log lacks {}",
            words::count(outcome.dropped, "record")
        ));
    }
    facts
}

/// Was the guest stopped from outside, so that nothing but its memory told where it was?
fn was_killed(outcome: &Outcome) -> bool {
    let timed = |kind| matches!(kind, LimitKind::Wall | LimitKind::Cpu);
    match outcome.verdict {
        Verdict::Limit => outcome.limit.as_ref().is_some_and(|hit| timed(hit.kind)),
        Verdict::Crashed => true,
        _ => false,
    }
}

fn help(outcome: &Outcome) -> Option<&'static str> {
    let hit = outcome
        .limit
        .as_ref()
        .filter(|_| outcome.verdict == Verdict::Limit)?;
    let inside = outcome
        .location
        .as_ref()
        .is_some_and(|location| location.inside.is_some());
    match hit.kind {
        LimitKind::Steps => Some("is there a loop that never ends?"),
        LimitKind::Calls | LimitKind::Recursion => {
            Some("is there a function that calls itself without end?")
        }
        LimitKind::Wall | LimitKind::Cpu if inside => {
            Some("is this one operation asked to do too much?")
        }
        LimitKind::Wall => {
            Some("is there a loop that never ends, or a wait for something that never comes?")
        }
        LimitKind::Cpu => Some("is there a loop that never ends?"),
        LimitKind::Memory => Some("is there a list or a text that grows without end?"),
        LimitKind::Output => Some("is there a print in a loop that never ends?"),
        LimitKind::Threads | LimitKind::Processes | LimitKind::Audit => None,
    }
}

/// The guest's line underlined, or its name and number where there is no text to quote; a
/// line that the text doesn't have is worth a note. What is underlined is said by `label` and
/// the function.
fn guest_line(
    location: &Location,
    columns: Option<(u32, u32)>,
    label: Option<String>,
    context: &Context<'_>,
    notes: &mut Vec<String>,
) -> Option<Element<'static>> {
    let file = location.file.as_str();
    if file.is_empty() {
        return None;
    }
    let path = escape(file);
    let text = if file == context.script_path {
        context.script_text
    } else {
        (context.guest_text)(file)
    };
    let place = Place::path(path.clone());
    let number = location.line as usize;
    if number == 0 {
        return Some(place.into());
    }
    let Some(text) = text else {
        return Some(place.line(number).into());
    };
    let Some(line) = source_line(text, number) else {
        notes.push(format!("{path} has no line {number}"));
        return Some(place.line(number).into());
    };
    let function = (!location.function.is_empty() && location.function != "<module>")
        .then(|| format!("in {}", escape(&location.function)));
    let label: Vec<String> = label.into_iter().chain(function).collect();
    Some(quote(
        &path,
        number,
        line,
        underlined(line, columns),
        AnnotationKind::Primary,
        (!label.is_empty()).then(|| label.join(" ")),
    ))
}

/// The part of a line that is underlined: the columns, which are as much somebody's claim as
/// the line, if there is text in them; else all of it.
fn underlined(line: &str, columns: Option<(u32, u32)>) -> std::ops::Range<usize> {
    let start = line.len() - line.trim_start().len();
    columns
        .map(|(start, end)| start as usize..(end as usize).min(line.len()))
        .filter(|span| {
            line.get(span.clone())
                .is_some_and(|text| !text.trim().is_empty())
        })
        .unwrap_or(start..start + line.trim().len())
}

/// The rule's text underlined, or the policy's name and line where there is no text.
fn policy_lines(origin: &Origin, label: &'static str, context: &Context<'_>) -> Element<'static> {
    let path = escape(&origin.file);
    let quoted = (context.policy_text)(&origin.file).and_then(|text| {
        let marked = text.get(origin.span.clone())?;
        let marked_end = origin.span.start + marked.trim_end().len();
        let start = text[..origin.span.start]
            .rfind('\n')
            .map_or(0, |newline| newline + 1);
        let end = text[marked_end..]
            .find('\n')
            .map_or(text.len(), |newline| marked_end + newline);
        let number = text[..start].matches('\n').count() + 1;
        let window = &text[start..end];
        let span = origin.span.start - start..marked_end - start;
        Some(quote(
            &path,
            number,
            window,
            span,
            AnnotationKind::Context,
            Some(label.to_owned()),
        ))
    });
    quoted.unwrap_or_else(|| Place::path(path).line(origin.line as usize).into())
}

/// `text` from line `number` on, with `span` of it underlined; unsafe characters escaped.
fn quote(
    path: &str,
    number: usize,
    text: &str,
    span: std::ops::Range<usize>,
    kind: AnnotationKind,
    label: Option<String>,
) -> Element<'static> {
    let before = escape_block(&text[..span.start]);
    let marked = escape_block(&text[span.clone()]);
    let after = escape_block(&text[span.end..]);
    let shown_span = before.len()..before.len() + marked.len();
    let annotation: Annotation<'static> = kind.span(shown_span).label(label);
    Snippet::source(before + &marked + &after)
        .line_start(number)
        .path(path.to_owned())
        .annotation(annotation)
        .into()
}

/// Line `number` (from 1) as Python counts lines: ended by `\n`, `\r\n` or `\r`.
fn source_line(text: &str, number: usize) -> Option<&str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut rest = text;
    for _ in 1..number {
        let end = rest.find(['\n', '\r'])?;
        let newline = if rest[end..].starts_with("\r\n") {
            2
        } else {
            1
        };
        rest = &rest[end + newline..];
    }
    if rest.is_empty() {
        return None;
    }
    Some(rest.split(['\n', '\r']).next().unwrap_or(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_as_python_counts_them() {
        let text = "\u{feff}a\nb\r\nc\rd\n";
        let lines: Vec<_> = (1..6).map(|number| source_line(text, number)).collect();
        assert_eq!(lines, [Some("a"), Some("b"), Some("c"), Some("d"), None]);
        assert_eq!(source_line("", 1), None);
        assert_eq!(source_line("a", 2), None);
    }
}
