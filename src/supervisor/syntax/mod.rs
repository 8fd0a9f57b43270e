//! The `[syntax]` section: the source is parsed and judged before anything runs.
//!
//! ```text
//! source ─ parser: CPython's own, in a process for it ─▶ tree ─ findings ─▶ what is wrong
//! ```
//!
//! The `parser` is that of the interpreter which would run the source, so the judgement is true to
//! its version; it prints the `tree`, and decides nothing. [`findings`] judges the tree by the
//! rules: `words` says which constructs a node is, `scopes` and `meaning` what a name
//! may stand for, `recursion` who calls whom, `spot` where all that is shown. What the
//! parser can't take isn't judged, and then nothing runs.

use std::ffi::OsString;

use super::events::{RecordError, Recorder};
use super::interpreter::Interpreter;
use super::judge::{Evidence, Latch};
use super::run::Script;
use crate::protocol::record::{EventKind, ViolationKind};
use crate::rules::syntax::{Finding, SyntaxRules};
use crate::rules::{Action, RuleSet};
use crate::verdict::{Location, LoggedEvent, Violation};

pub mod findings;
mod meaning;
pub mod parser;
mod recursion;
mod scopes;
mod spot;
pub mod tree;
mod words;

pub use findings::Found;
pub use parser::{ParserError, parse};
use tree::Answer;

/// What is known of a source's syntax.
#[derive(Debug, PartialEq)]
pub enum Examined {
    /// It was judged: this is wrong with it.
    Judged(Vec<Found>),
    /// It has a syntax error, which Python itself will tell: nothing of it can run.
    Unparsed,
    /// It can't be judged, for this reason.
    Unjudged(String),
}

/// Judges a source by what the parser printed of it.
///
/// # Errors
///
/// If that isn't what the parser prints.
pub fn examine(
    printed: &[u8],
    source: &[u8],
    rules: &SyntaxRules,
) -> Result<Examined, tree::TreeError> {
    let unjudged = |why: &str| Ok(Examined::Unjudged(why.to_owned()));
    match tree::decode(printed)? {
        Answer::Unparsed => Ok(Examined::Unparsed),
        Answer::TooLarge => unjudged("it is too large"),
        Answer::GaveUp(why) => unjudged(&format!("Python's parser gave up on it ({why})")),
        Answer::Tree(tree) => match findings::of(&tree, source, rules) {
            Ok(found) => Ok(Examined::Judged(found)),
            Err(findings::TooIntricate) => unjudged("its names are too intricate to follow"),
        },
    }
}

/// Examines a script by the rules, and says what is known of the run by that: violations, or
/// why there can be no judgement. If neither, the run may begin.
///
/// The violations are in the log at once, as those of a worker would be.
pub fn evidence<R: Recorder>(
    script: &Script,
    interpreter: &Interpreter,
    environment: &[(OsString, OsString)],
    rules: &RuleSet,
    recorder: &mut R,
) -> Evidence {
    let mut evidence = Evidence::default();
    if rules.syntax.is_empty() {
        return evidence;
    }
    let examined = match parse(interpreter, environment, &script.source) {
        Ok(printed) => examine(&printed, &script.source, &rules.syntax)
            .map_err(|error| format!("the parser of [syntax] prints no tree: {error}")),
        Err(ParserError::Overwhelmed(why)) => Ok(Examined::Unjudged(why)),
        Err(error) => Err(error.to_string()),
    };
    match examined {
        Ok(Examined::Judged(found)) => {
            let violations: Vec<Violation> = found
                .into_iter()
                .map(|found| violation(found, script, rules))
                .collect();
            record(&violations, recorder, &mut evidence);
            evidence.latches = violations.into_iter().map(Latch::Violation).collect();
        }
        Ok(Examined::Unparsed) => evidence.unparsed = true,
        Ok(Examined::Unjudged(why)) => evidence.unjudged = Some(why),
        Err(failure) => evidence.failures.push(failure),
    }
    evidence
}

fn violation(found: Found, script: &Script, rules: &RuleSet) -> Violation {
    let info = rules.info(found.rule);
    Violation {
        rule: info.map(|info| info.id.clone()).unwrap_or_default(),
        kind: ViolationKind::Syntax,
        canonical: found.subject.clone(),
        subject: found.subject,
        message: info.and_then(|info| info.message.clone()),
        place: Location {
            file: script.path.display().to_string(),
            line: found.spot.map_or(0, |spot| spot.line),
            function: found.function,
            inside: None,
        },
        written: match &found.finding {
            Finding::Call { name, written } if name != written => Some(written.clone()),
            _ => None,
        },
        columns: found.spot.map(|spot| spot.columns),
        excess: None,
        finding: Some(found.finding),
        policy: info.and_then(|info| info.origin.clone()),
    }
}

/// Writes violations into the log; those that it doesn't take are counted.
fn record<R: Recorder>(violations: &[Violation], recorder: &mut R, evidence: &mut Evidence) {
    for (violation, sequence) in violations.iter().zip(1..) {
        let event = LoggedEvent {
            sequence,
            time_ns: 0,
            kind: EventKind::Syntax,
            subject: violation.subject.clone(),
            canonical: violation.canonical.clone(),
            caller: violation.place.clone(),
            decision: Action::Deny,
            rule: Some(violation.rule.clone()),
            arguments: None,
        };
        if let Err(error) = recorder.record(&event) {
            evidence.dropped = (violations.len() as u64 + 1) - sequence;
            if let RecordError::Failed(reason) = error {
                evidence.failures.push(reason);
            }
            break;
        }
    }
}
