//! What can only be told of the whole policy, once all its files are merged: parts that
//! contradict each other, and rules that another one makes idle.

use super::clauses::{Clauses, FunctionClause, FunctionsDefault, Names};
use super::diagnostic::{Code, Diagnostic, Diagnostics, Label};
use super::resolve::Member;
use super::source::Source;
use super::tree::Stated;
use super::words::quoted;
use crate::rules::pattern::NameMatcher;
use crate::rules::syntax::Construct;
use crate::rules::{Action, Caller, NamePattern, Origin};

/// Most `[[functions]]` and `[[lines]]` rules of an effective policy; their index crosses the
/// protocol in 16 bits.
const MAX_RULES: usize = 10_000;

/// Words for constructs that include others.
const INCLUDING: [(&str, &[&str]); 2] = [
    (
        "comprehension",
        &[
            "list-comprehension",
            "set-comprehension",
            "dict-comprehension",
            "generator-expression",
        ],
    ),
    ("loop", &["for", "while"]),
];

/// Checks the merged clauses.
pub fn check(clauses: &Clauses, members: &[Member], diagnostics: &mut Diagnostics) {
    if clauses.rule_count() > MAX_RULES {
        let message = format!(
            "the policy has {} rules; more than {MAX_RULES} aren't supported",
            clauses.rule_count()
        );
        diagnostics.push(Diagnostic::error(Code::TooManyRules, message));
    }
    let mut whole = Whole {
        clauses,
        members,
        diagnostics,
    };
    whole.allowed_functions();
    if let (Some(allow), Some(deny)) = (&clauses.imports_allow, &clauses.imports_deny) {
        whole.imports(allow, deny);
    }
    whole.syntax();
}

struct Whole<'a> {
    clauses: &'a Clauses,
    members: &'a [Member],
    diagnostics: &'a mut Diagnostics,
}

impl Whole<'_> {
    fn source(&self, origin: &Origin) -> Option<&Source> {
        self.members
            .iter()
            .map(|member| &member.source)
            .find(|source| *source.name == *origin.file)
    }

    /// Adds a diagnostic at a place, with what it contradicts.
    fn say(
        &mut self,
        diagnostic: Diagnostic,
        at: &Option<Origin>,
        label: &str,
        other: Option<(&Option<Origin>, &str)>,
    ) {
        let Some(origin) = at else { return };
        let Some(source) = self.source(origin) else {
            return;
        };
        let mut diagnostic = diagnostic.at(source, origin.span.clone(), label);
        if let Some((Some(origin), text)) = other
            && let Some(source) = self.source(origin)
        {
            diagnostic = diagnostic.label(Label::new(source, origin.span.clone(), text));
        }
        self.diagnostics.push(diagnostic);
    }

    /// Rules that allow what is allowed anyway, or what another rule always denies.
    fn allowed_functions(&mut self) {
        let default = self.clauses.functions_default.as_ref();
        let closed = default.is_some_and(|default| default.value == FunctionsDefault::Deny);
        let allowing = |rule: &&FunctionClause| rule.action == Action::Allow;
        for rule in self.clauses.functions.iter().filter(allowing) {
            if !closed {
                let message = format!(
                    "the rule {} allows what is allowed anyway",
                    quoted(&rule.id.value)
                );
                let diagnostic = Diagnostic::warning(Code::IdleRule, message)
                    .help("deny wins over allow: to carve a name out of a rule, use `except` in that rule".to_owned())
                    .help("`functions = \"deny\"` in `[defaults]` denies all that isn't allowed".to_owned());
                self.say(diagnostic, &rule.id.origin, "", None);
                continue;
            }
            for name in &rule.names {
                let Some((by, denied)) = self.denial(&name.value) else {
                    continue;
                };
                let message = format!(
                    "{} is allowed here, but the rule {} denies it; deny wins",
                    quoted(&name.value.to_string()),
                    quoted(&by.id.value)
                );
                let help = "to carve a name out of a rule, use `except` in that rule";
                let diagnostic = Diagnostic::warning(Code::IdleRule, message).help(help.to_owned());
                let (at, other) = (name.origin.clone(), denied.origin.clone());
                self.say(diagnostic, &at, "allowed", Some((&other, "denied")));
            }
        }
    }

    /// The rule that denies every call of what `name` names, and its pattern.
    fn denial(&self, name: &NamePattern) -> Option<(&FunctionClause, &Stated<NamePattern>)> {
        let always = |rule: &&FunctionClause| {
            matches!(rule.action, Action::Deny | Action::Refuse)
                && matches!(rule.caller, Caller::Any | Caller::Guest)
                && rule.except.is_empty()
                && rule.except_arguments.is_empty()
                && rule.max_calls.is_none()
                && rule.max_steps.is_none()
                && rule.max_recursion.is_none()
        };
        self.clauses
            .functions
            .iter()
            .filter(always)
            .flat_map(|rule| rule.names.iter().map(move |pattern| (rule, pattern)))
            .find(|(_, pattern)| covers(&pattern.value, name))
    }

    fn imports(&mut self, allow: &Names, deny: &Names) {
        for name in &allow.value {
            let Some(by) = deny
                .value
                .iter()
                .find(|denied| covers(&denied.value, &name.value))
            else {
                continue;
            };
            let message = format!(
                "the import of {} is allowed and denied; deny wins",
                quoted(&name.value.to_string())
            );
            let diagnostic = Diagnostic::warning(Code::IdleRule, message).help(
                "to allow it, write a `deny` list of your own: it replaces the inherited one"
                    .to_owned(),
            );
            let other = Some((&by.origin, "denied here"));
            self.say(diagnostic, &name.origin, "allowed here", other);
        }
    }

    /// What a program must have and must not have: no program passes.
    fn syntax(&mut self) {
        let section = &self.clauses.syntax;
        let (Some(forbid), Some(require)) = (&section.forbid, &section.require) else {
            return;
        };
        for wanted in &require.value {
            let Some(by) = forbid
                .value
                .iter()
                .find(|forbidden| includes(&forbidden.value, &wanted.value))
            else {
                continue;
            };
            let message = format!(
                "{} is required and forbidden: no program can pass",
                quoted(&wanted.value.to_string())
            );
            let diagnostic = Diagnostic::error(Code::Contradiction, message);
            let other = Some((&by.origin, "forbidden here"));
            self.say(diagnostic, &wanted.origin, "required here", other);
        }
    }
}

/// Does `wide` certainly match whatever `narrow` does?
fn covers(wide: &NamePattern, narrow: &NamePattern) -> bool {
    wide.covers(narrow)
        || matches!(narrow, NamePattern::Literal(text)
            if NameMatcher::new([(0, wide)]).is_ok_and(|matcher| matcher.is_match(text)))
}

/// Is whoever uses `narrow` caught by `wide`?
fn includes(wide: &Construct, narrow: &Construct) -> bool {
    match (wide, narrow) {
        (Construct::Recursion(any), Construct::Recursion(_)) if any == "*" => true,
        (Construct::Word(wide), Construct::Word(narrow)) if wide != narrow => INCLUDING
            .iter()
            .any(|(word, parts)| word == wide && parts.contains(&narrow.as_str())),
        _ => wide == narrow,
    }
}
