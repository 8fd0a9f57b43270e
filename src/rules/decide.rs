//! What the rules say of one event. Pure: counters and matches come in, a decision goes out.
//!
//! Deny wins over refuse, refuse over audit, audit over allow, whatever the order of the
//! rules; among rules with the same action the first one is named.

use super::pattern::{FileMatcher, NameMatcher, PatternError, search_regex};
use super::{Action, Caller, FunctionRule, ImportRules, LineRule, NamePattern, RuleIndex, RuleSet};

/// The answer to one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What happens.
    pub action: Action,
    /// The rule that says so; `None` where no rule says anything.
    pub rule: Option<RuleIndex>,
}

impl Decision {
    /// Nothing was said about it: let it pass.
    pub const PASS: Decision = Decision {
        action: Action::Allow,
        rule: None,
    };

    /// May the event happen?
    pub fn passes(self) -> bool {
        matches!(self.action, Action::Allow | Action::Audit)
    }
}

/// How strongly an action is meant; the strongest one wins.
fn strength(action: Action) -> u8 {
    match action {
        Action::Allow => 0,
        Action::Audit => 1,
        Action::Refuse => 2,
        Action::Deny => 3,
    }
}

/// One call, as far as the rules look at it.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// Positions in [`RuleSet::functions`] of the rules that match the callee
    /// (see [`FunctionMatcher`]), ascending.
    pub matching: &'a [usize],
    /// Does the call belong to guest code?
    pub by_guest: bool,
    /// Is the callee guest code itself? A closed world leaves that open.
    pub to_guest: bool,
}

/// Decides a call.
///
/// `count` is asked once for each rule with `max_calls` that the call counts for: it adds one
/// to that rule's counter, which is per run, and gives the new value. A call that another
/// rule stops anyway doesn't happen and isn't counted.
///
/// A position that no rule has is ignored.
pub fn decide_call(
    rules: &RuleSet,
    call: Call<'_>,
    mut count: impl FnMut(usize) -> u64,
) -> Decision {
    let applies = |position: &usize| {
        let rule = rules.functions.get(*position)?;
        let caller_fits = match rule.caller {
            Caller::Any => true,
            Caller::Guest => call.by_guest,
            Caller::Library => !call.by_guest,
        };
        caller_fits.then_some((*position, rule))
    };
    let mut said: Option<Decision> = None;
    for (_, rule) in call.matching.iter().filter_map(applies) {
        if rule.max_calls.is_none() {
            strengthen(&mut said, rule);
        }
    }
    let mut decision = match (said, rules.closed) {
        (Some(decision), _) => decision,
        (None, Some(closed)) if call.by_guest && !call.to_guest => Decision {
            action: Action::Deny,
            rule: Some(closed),
        },
        (None, _) => Decision::PASS,
    };
    if !decision.passes() {
        return decision;
    }
    let mut excess: Option<Decision> = None;
    for (position, rule) in call.matching.iter().filter_map(applies) {
        if rule
            .max_calls
            .is_some_and(|ceiling| count(position) > ceiling)
        {
            strengthen(&mut excess, rule);
        }
    }
    if let Some(stopped) = excess {
        decision = stopped;
    }
    decision
}

/// Lets `rule` speak: it is heard if it is stronger than what was said before.
fn strengthen(said: &mut Option<Decision>, rule: &FunctionRule) {
    if said.is_none_or(|said| strength(rule.action) > strength(said.action)) {
        *said = Some(Decision {
            action: rule.action,
            rule: Some(rule.rule),
        });
    }
}

/// Finds the function rules that match a name.
#[derive(Debug)]
pub struct FunctionMatcher {
    names: NameMatcher,
    except: NameMatcher,
}

impl FunctionMatcher {
    /// Builds the matcher over all rules.
    ///
    /// # Errors
    /// A pattern that isn't one; rules that were compiled from a policy have none.
    pub fn new(rules: &[FunctionRule]) -> Result<FunctionMatcher, PatternError> {
        fn each<'a>(
            rules: &'a [FunctionRule],
            list: fn(&FunctionRule) -> &[NamePattern],
        ) -> impl Iterator<Item = (usize, &'a NamePattern)> {
            rules.iter().enumerate().flat_map(move |(position, rule)| {
                list(rule).iter().map(move |name| (position, name))
            })
        }
        Ok(FunctionMatcher {
            names: NameMatcher::new(each(rules, |rule| &rule.names))?,
            except: NameMatcher::new(each(rules, |rule| &rule.except))?,
        })
    }

    /// Positions of the rules that cover `name` and don't carve it out, ascending.
    pub fn matching(&self, name: &str) -> Vec<usize> {
        let mut matching = self.names.owners(name);
        if !matching.is_empty() {
            let carved_out = self.except.owners(name);
            matching.retain(|position| carved_out.binary_search(position).is_err());
        }
        matching
    }

    /// Positions of the rules that carve out `name`, ascending. An object with several names
    /// (`os.system` is `posix.system`) is carved out of a rule by any of them.
    pub fn carved_out(&self, name: &str) -> Vec<usize> {
        self.except.owners(name)
    }
}

/// Decides imports.
///
/// - Deny wins. Denying `x` denies `x.y` too, since importing `x.y` imports `x`.
/// - With an allow list, everything else is denied. Allowing `a.b` lets `a` pass, which is
///   imported on the way. Of a glob with `**`, the parts before it open parents:
///   `a.**.c` lets `a` pass, `**.c` opens no parent, and neither does a regex.
#[derive(Debug)]
pub struct ImportMatcher {
    allow: Option<(RuleIndex, NameMatcher)>,
    deny: Option<(RuleIndex, NameMatcher)>,
}

impl ImportMatcher {
    /// Builds the matcher.
    ///
    /// # Errors
    /// A pattern that isn't one; rules that were compiled from a policy have none.
    pub fn new(rules: &ImportRules) -> Result<ImportMatcher, PatternError> {
        let allow = match &rules.allow {
            Some(list) => {
                let parents: Vec<NamePattern> = list.names.iter().flat_map(parents).collect();
                let names = list.names.iter().chain(&parents).map(|name| (0, name));
                Some((list.rule, NameMatcher::new(names)?))
            }
            None => None,
        };
        let deny = match &rules.deny {
            Some(list) => Some((
                list.rule,
                NameMatcher::new(list.names.iter().map(|name| (0, name)))?,
            )),
            None => None,
        };
        Ok(ImportMatcher { allow, deny })
    }

    /// Decides the import of `module` (`collections.abc`) by guest code.
    pub fn decide(&self, module: &str) -> Decision {
        if let Some((rule, denied)) = &self.deny
            && self_and_parents(module).any(|name| denied.is_match(name))
        {
            return Decision {
                action: Action::Deny,
                rule: Some(*rule),
            };
        }
        match &self.allow {
            Some((rule, allowed)) if allowed.is_match(module) => Decision {
                action: Action::Allow,
                rule: Some(*rule),
            },
            Some((rule, _)) => Decision {
                action: Action::Deny,
                rule: Some(*rule),
            },
            None => Decision::PASS,
        }
    }
}

/// `a`, `a.b` and `a.b.c` of `a.b.c`.
fn self_and_parents(module: &str) -> impl Iterator<Item = &str> {
    module
        .match_indices('.')
        .map(|(dot, _)| &module[..dot])
        .chain([module])
}

/// Patterns of the packages that are imported before what `pattern` names.
fn parents(pattern: &NamePattern) -> Vec<NamePattern> {
    let (NamePattern::Literal(text) | NamePattern::Glob(text)) = pattern else {
        return Vec::new();
    };
    text.match_indices('.')
        .map(|(dot, _)| &text[..dot])
        .take_while(|parent| !parent.contains("**"))
        .map(|parent| match parent.contains('*') {
            true => NamePattern::Glob(parent.to_owned()),
            false => NamePattern::Literal(parent.to_owned()),
        })
        .collect()
}

/// Decides lines of guest source.
#[derive(Debug)]
pub struct LineMatcher {
    rules: Vec<(regex::Regex, Option<FileMatcher>, Decision)>,
}

impl LineMatcher {
    /// Builds the matcher over all rules.
    ///
    /// # Errors
    /// A regex or glob that isn't one; rules that were compiled from a policy have none.
    pub fn new(rules: &[LineRule]) -> Result<LineMatcher, PatternError> {
        let compiled = rules.iter().map(|rule| {
            let files = match rule.files.is_empty() {
                true => None,
                false => Some(FileMatcher::new(rule.files.iter().map(String::as_str))?),
            };
            let decision = Decision {
                action: rule.action,
                rule: Some(rule.rule),
            };
            Ok((search_regex(&rule.pattern)?, files, decision))
        });
        Ok(LineMatcher {
            rules: compiled.collect::<Result<_, PatternError>>()?,
        })
    }

    /// Are there no rules?
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Decides one line of `file`; `text` is the line without its end.
    pub fn decide(&self, file: &str, text: &str) -> Decision {
        let mut strongest = Decision::PASS;
        for (regex, files, decision) in &self.rules {
            if (strongest.rule.is_none() || strength(decision.action) > strength(strongest.action))
                && files.as_ref().is_none_or(|files| files.is_match(file))
                && regex.is_match(text)
            {
                strongest = *decision;
            }
        }
        strongest
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::rules::ImportList;

    fn rule(index: u16, action: Action) -> FunctionRule {
        FunctionRule {
            rule: RuleIndex(index),
            names: vec![NamePattern::parse("os.**").unwrap()],
            except: Vec::new(),
            action,
            caller: Caller::Any,
            max_calls: None,
        }
    }

    fn rules(functions: Vec<FunctionRule>) -> RuleSet {
        RuleSet {
            functions,
            ..RuleSet::default()
        }
    }

    fn decision(action: Action, rule: u16) -> Decision {
        Decision {
            action,
            rule: Some(RuleIndex(rule)),
        }
    }

    const BY_GUEST: Call<'_> = Call {
        matching: &[],
        by_guest: true,
        to_guest: false,
    };

    /// Decides a call that nothing counts.
    fn decide(rules: &RuleSet, call: Call<'_>) -> Decision {
        decide_call(rules, call, |_| 0)
    }

    #[test]
    fn the_strongest_action_wins_whatever_the_order() {
        use Action::{Allow, Audit, Deny, Refuse};
        for (actions, expected) in [
            (&[Allow, Audit][..], decision(Audit, 1)),
            (&[Audit, Allow], decision(Audit, 0)),
            (&[Allow, Refuse, Audit], decision(Refuse, 1)),
            (&[Deny, Allow], decision(Deny, 0)),
            (&[Refuse, Allow, Deny, Deny], decision(Deny, 2)),
            (&[Allow, Allow], decision(Allow, 0)),
        ] {
            let functions = actions
                .iter()
                .zip(0..)
                .map(|(action, index)| rule(index, *action))
                .collect();
            let matching: Vec<usize> = (0..actions.len()).collect();
            let call = Call {
                matching: &matching,
                ..BY_GUEST
            };
            assert_eq!(decide(&rules(functions), call), expected, "{actions:?}");
        }
    }

    #[test]
    fn what_no_rule_names_passes_in_an_open_world_only() {
        let open = rules(vec![rule(1, Action::Allow)]);
        let closed = RuleSet {
            closed: Some(RuleIndex(9)),
            ..open.clone()
        };
        assert_eq!(decide(&open, BY_GUEST), Decision::PASS);
        assert_eq!(decide(&closed, BY_GUEST), decision(Action::Deny, 9));
        assert_eq!(
            decide(
                &closed,
                Call {
                    to_guest: true,
                    ..BY_GUEST
                }
            ),
            Decision::PASS
        );
        assert_eq!(
            decide(
                &closed,
                Call {
                    by_guest: false,
                    ..BY_GUEST
                }
            ),
            Decision::PASS
        );
        let named = Call {
            matching: &[0],
            ..BY_GUEST
        };
        assert_eq!(decide(&closed, named), decision(Action::Allow, 1));
    }

    #[test]
    fn a_rule_speaks_of_its_callers_only() {
        for (caller, by_guest, applies) in [
            (Caller::Any, true, true),
            (Caller::Any, false, true),
            (Caller::Guest, true, true),
            (Caller::Guest, false, false),
            (Caller::Library, true, false),
            (Caller::Library, false, true),
        ] {
            let rules = rules(vec![FunctionRule {
                caller,
                ..rule(1, Action::Deny)
            }]);
            let answer = decide(
                &rules,
                Call {
                    matching: &[0],
                    by_guest,
                    to_guest: false,
                },
            );
            assert_eq!(answer.passes(), !applies, "{caller:?} {by_guest}");
        }
    }

    #[test]
    fn an_allow_rule_for_libraries_does_not_open_a_closed_world_to_the_guest() {
        let allow = FunctionRule {
            caller: Caller::Library,
            ..rule(1, Action::Allow)
        };
        let rules = RuleSet {
            closed: Some(RuleIndex(9)),
            ..rules(vec![allow])
        };
        let call = Call {
            matching: &[0],
            ..BY_GUEST
        };
        assert_eq!(decide(&rules, call), decision(Action::Deny, 9));
    }

    #[test]
    fn calls_pass_up_to_the_ceiling() {
        for action in [Action::Deny, Action::Refuse] {
            let counted = FunctionRule {
                max_calls: Some(2),
                ..rule(1, action)
            };
            let rules = rules(vec![counted, rule(2, Action::Audit)]);
            let mut calls = 0;
            let answers: Vec<Decision> = (0..3)
                .map(|_| {
                    decide_call(
                        &rules,
                        Call {
                            matching: &[0, 1],
                            ..BY_GUEST
                        },
                        |position| {
                            assert_eq!(position, 0);
                            calls += 1;
                            calls
                        },
                    )
                })
                .collect();
            let audited = decision(Action::Audit, 2);
            assert_eq!(answers, [audited, audited, decision(action, 1)]);
        }
    }

    #[test]
    fn a_call_that_is_stopped_anyway_is_not_counted() {
        let counted = FunctionRule {
            max_calls: Some(0),
            ..rule(1, Action::Deny)
        };
        let library = FunctionRule {
            caller: Caller::Library,
            ..counted.clone()
        };
        for functions in [
            vec![counted, rule(2, Action::Refuse)],
            vec![library, rule(2, Action::Refuse)],
        ] {
            let call = Call {
                matching: &[0, 1],
                ..BY_GUEST
            };
            let answer = decide_call(&rules(functions), call, |_| unreachable!("counted"));
            assert_eq!(answer, decision(Action::Refuse, 2));
        }
    }

    #[test]
    fn a_position_beyond_the_rules_is_ignored() {
        let call = Call {
            matching: &[5],
            ..BY_GUEST
        };
        assert_eq!(decide(&rules(Vec::new()), call), Decision::PASS);
    }

    #[test]
    fn except_carves_names_out_of_its_own_rule_only() {
        let parse = |text| NamePattern::parse(text).unwrap();
        let carved = FunctionRule {
            except: vec![parse("os.path.**")],
            ..rule(1, Action::Deny)
        };
        let matcher = FunctionMatcher::new(&[carved, rule(2, Action::Audit)]).unwrap();
        assert_eq!(matcher.matching("os.system"), [0, 1]);
        assert_eq!(matcher.matching("os.path.join"), [1]);
        assert!(matcher.matching("math.sin").is_empty());
        assert_eq!(matcher.carved_out("os.path"), [0]);
    }

    fn imports(allow: Option<&[&str]>, deny: Option<&[&str]>) -> ImportMatcher {
        let list = |rule, texts: &[&str]| ImportList {
            rule: RuleIndex(rule),
            names: texts
                .iter()
                .map(|text| NamePattern::parse(text).unwrap())
                .collect(),
        };
        let rules = ImportRules {
            allow: allow.map(|texts| list(1, texts)),
            deny: deny.map(|texts| list(2, texts)),
        };
        ImportMatcher::new(&rules).unwrap()
    }

    #[test]
    fn imports_are_decided_by_both_lists() {
        let allow = decision(Action::Allow, 1);
        let closed = decision(Action::Deny, 1);
        let denied = decision(Action::Deny, 2);
        for (allowed, forbidden, module, expected) in [
            (None, None, "os", Decision::PASS),
            (Some(&["math"][..]), None, "math", allow),
            (Some(&["math"]), None, "os", closed),
            (Some(&["math"]), None, "math.extra", closed),
            (Some(&[]), None, "math", closed),
            (Some(&["collections.**"]), None, "collections", allow),
            (Some(&["collections.**"]), None, "collections.abc", allow),
            (Some(&["collections.**"]), None, "collections_extra", closed),
            (Some(&["a.b"]), None, "a", allow),
            (Some(&["a.b"]), None, "a.b", allow),
            (Some(&["a.b"]), None, "a.c", closed),
            (Some(&["a.*.c"]), None, "a.x", allow),
            (Some(&["a.*.c"]), None, "a.x.y", closed),
            (Some(&["a.**.c"]), None, "a", allow),
            (Some(&["a.**.c"]), None, "a.x", closed),
            (Some(&["**.c"]), None, "a", closed),
            (Some(&["re:a\\.b"]), None, "a", closed),
            (None, Some(&["os"]), "os", denied),
            (None, Some(&["os"]), "os.path", denied),
            (None, Some(&["os"]), "ossaudiodev", Decision::PASS),
            (None, Some(&["os.path"]), "os", Decision::PASS),
            (None, Some(&["re:_.*"]), "_socket", denied),
            (None, Some(&["re:_.*"]), "_pkg.sub.deep", denied),
            (Some(&["**"]), Some(&["os"]), "os", denied),
            (Some(&["**"]), Some(&["os"]), "math", allow),
        ] {
            let forbidden: Option<&[&str]> = forbidden.map(|list: &[&str; 1]| &list[..]);
            let answer = imports(allowed, forbidden).decide(module);
            assert_eq!(answer, expected, "{allowed:?} {forbidden:?} {module}");
        }
    }

    #[test]
    fn lines_are_searched_and_the_strongest_rule_is_named() {
        let line = |rule, pattern: &str, files: &[&str], action| LineRule {
            rule: RuleIndex(rule),
            pattern: pattern.to_owned(),
            files: files.iter().map(|text| (*text).to_owned()).collect(),
            action,
        };
        let matcher = LineMatcher::new(&[
            line(1, "print", &[], Action::Audit),
            line(2, r"^\s*breakpoint\(", &["*.py"], Action::Deny),
            line(3, "breakpoint", &[], Action::Deny),
        ])
        .unwrap();
        assert_eq!(matcher.decide("a.py", "x = 1"), Decision::PASS);
        assert_eq!(
            matcher.decide("a.py", "  print(x)"),
            decision(Action::Audit, 1)
        );
        assert_eq!(
            matcher.decide("a.py", "  breakpoint()  # print"),
            decision(Action::Deny, 2)
        );
        assert_eq!(
            matcher.decide("a.txt", "  breakpoint()"),
            decision(Action::Deny, 3)
        );
        assert!(!matcher.is_empty());
        assert!(LineMatcher::new(&[]).unwrap().is_empty());
    }
}
