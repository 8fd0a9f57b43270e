//! What the rules say of one event. Pure: counts and matches come from the caller.
//!
//! Deny wins over refuse, refuse over audit, audit over allow, whatever the order of the
//! rules; among rules with the same action the first one is named.

use super::pattern::{FileMatcher, NameMatcher, PatternError, search_regex};
use super::{Action, FunctionRule, ImportList, ImportRules, LineRule, NamePattern, RuleIndex};

/// The rule set's answer to one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What to do.
    pub action: Action,
    /// The rule that says so; `None` when none speaks of the event.
    pub rule: Option<RuleIndex>,
}

/// A rule that is about a call, and how many calls it has seen, this one included (0 if the
/// rule doesn't count).
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// The rule.
    pub rule: &'a FunctionRule,
    /// Calls so far.
    pub calls: u64,
}

impl Candidate<'_> {
    /// A ceiling that isn't reached yet is a permission: it opens a closed world, too. Those
    /// of steps and of live calls are watched elsewhere.
    fn action(self) -> Action {
        match self.rule.max_calls {
            Some(most) if self.calls <= most => Action::Allow,
            None if self.rule.has_budget() => Action::Allow,
            _ => self.rule.action,
        }
    }
}

/// How much an action stands over others: deny wins, whatever the order.
fn weight(action: Action) -> u8 {
    match action {
        Action::Allow => 0,
        Action::Audit => 1,
        Action::Refuse => 2,
        Action::Deny => 3,
    }
}

/// Decides a call: the strongest of the rules about it. `closed` is the entry of
/// `defaults.functions = "deny"` if the call falls under it: then what no rule speaks of is
/// denied.
pub fn decide_call(candidates: &[Candidate<'_>], closed: Option<RuleIndex>) -> Decision {
    let actions = candidates
        .iter()
        .map(|candidate| (candidate.action(), candidate.rule.rule));
    strongest(actions).unwrap_or(Decision {
        action: match closed {
            Some(_) => Action::Deny,
            None => Action::Allow,
        },
        rule: closed,
    })
}

/// The strongest of some actions, each with its rule. Of equals the first: reports name the
/// rule that the policy states first.
fn strongest(actions: impl Iterator<Item = (Action, RuleIndex)>) -> Option<Decision> {
    actions
        .reduce(|best, next| match weight(next.0) > weight(best.0) {
            true => next,
            false => best,
        })
        .map(|(action, rule)| Decision {
            action,
            rule: Some(rule),
        })
}

/// The `[imports]` section, ready to be asked.
///
/// - Deny wins. A deny of `x` covers its submodules `x.y`, since importing those imports `x`.
/// - With an allow list, everything else is denied. An allow of `x.y` covers its parent `x`,
///   which can't be left out. Of a glob with `**`, the parts before it open parents:
///   `a.**.c` opens `a`, `**.c` opens no parent, and neither does a regex.
#[derive(Clone, Debug, Default)]
pub struct ImportJudge {
    allow: Option<(RuleIndex, NameMatcher)>,
    deny: Option<(RuleIndex, NameMatcher)>,
}

impl ImportJudge {
    /// Compiles the lists.
    ///
    /// # Errors
    /// [`PatternError`].
    pub fn new(rules: &ImportRules) -> Result<ImportJudge, PatternError> {
        let parents: Vec<NamePattern> = rules
            .allow
            .iter()
            .flat_map(|list| &list.names)
            .flat_map(parents)
            .collect();
        let judge = |list: &Option<ImportList>, more: &[NamePattern]| {
            list.as_ref()
                .map(|list| {
                    let names = list.names.iter().chain(more).map(|name| (0, name));
                    Ok((list.rule, NameMatcher::new(names)?))
                })
                .transpose()
        };
        Ok(ImportJudge {
            allow: judge(&rules.allow, &parents)?,
            deny: judge(&rules.deny, &[])?,
        })
    }

    /// The rule that keeps a module from being imported, if one does.
    pub fn refused(&self, module: &str) -> Option<RuleIndex> {
        self.denied(module).or_else(|| {
            let (rule, matcher) = self.allow.as_ref()?;
            (!matcher.is_match(module)).then_some(*rule)
        })
    }

    /// The rule that denies a module, or a package around it, by name; or the module that it is
    /// the inner half of.
    pub fn denied(&self, module: &str) -> Option<RuleIndex> {
        let (rule, matcher) = self.deny.as_ref()?;
        let outer = outer_module(module);
        [Some(module), outer.as_deref()]
            .into_iter()
            .flatten()
            .flat_map(|name| {
                let packages = name.match_indices('.').map(|(dot, _)| &name[..dot]);
                packages.chain([name])
            })
            .any(|name| matcher.is_match(name))
            .then_some(*rule)
    }

    /// Is nothing denied by name?
    pub fn denies_nothing(&self) -> bool {
        self.deny.is_none()
    }
}

/// Modules that do the work of another one, and aren't called like it with an underscore.
const INNER_HALVES: [(&str, &str); 9] = [
    ("posix", "os"),
    ("posixpath", "os.path"),
    ("_posixsubprocess", "subprocess"),
    ("_posixshmem", "multiprocessing"),
    ("_thread", "threading"),
    ("_imp", "importlib"),
    ("_frozen_importlib", "importlib"),
    ("_frozen_importlib_external", "importlib"),
    ("_pyio", "io"),
];

/// The module that programs import to get at what this one does: `os` for `posix`, `socket`
/// for `_socket`. Who denies that one means this one, too.
pub fn outer_module(module: &str) -> Option<String> {
    if let Some((_, outer)) = INNER_HALVES.iter().find(|(inner, _)| *inner == module) {
        return Some((*outer).to_owned());
    }
    let accelerated = module.strip_prefix('_')?;
    (!accelerated.is_empty() && !accelerated.starts_with('_')).then(|| accelerated.to_owned())
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

/// The `[[lines]]` rules, ready to be asked.
#[derive(Clone, Debug, Default)]
pub struct LineJudge {
    rules: Vec<(regex::Regex, Option<FileMatcher>)>,
}

impl LineJudge {
    /// Compiles the rules.
    ///
    /// # Errors
    /// [`PatternError`].
    pub fn new(rules: &[LineRule]) -> Result<LineJudge, PatternError> {
        let compiled = rules.iter().map(|rule| {
            let files = if rule.files.is_empty() {
                None
            } else {
                Some(FileMatcher::new(rule.files.iter().map(String::as_str))?)
            };
            Ok((search_regex(&rule.pattern)?, files))
        });
        Ok(LineJudge {
            rules: compiled.collect::<Result<_, PatternError>>()?,
        })
    }

    /// Positions of the rules about a line of `file`; `text` is the line without its end.
    pub fn rules(&self, file: &str, text: &str) -> impl Iterator<Item = usize> {
        self.rules
            .iter()
            .enumerate()
            .filter(move |(_, (pattern, files))| {
                files.as_ref().is_none_or(|files| files.is_match(file)) && pattern.is_match(text)
            })
            .map(|(position, _)| position)
    }
}

/// Decides what happens at a line: the strongest of the rules about it, each with how often it
/// was reached, this time included. Where all stay within their `max_count`, it passes.
pub fn decide_line(reached: &[(&LineRule, u64)]) -> Decision {
    let speaking = reached
        .iter()
        .filter(|(rule, count)| rule.max_count.is_none_or(|most| *count > most));
    strongest(speaking.map(|(rule, _)| (rule.action, rule.rule))).unwrap_or(Decision {
        action: Action::Allow,
        rule: None,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::rules::Caller;

    fn rule(index: u16, action: Action, max_calls: Option<u64>) -> FunctionRule {
        FunctionRule {
            rule: RuleIndex(index),
            names: Vec::new(),
            except: Vec::new(),
            except_arguments: Vec::new(),
            action,
            caller: Caller::Any,
            max_calls,
            max_steps: None,
            max_recursion: None,
        }
    }

    fn decision(action: Action, rule: u16) -> Decision {
        Decision {
            action,
            rule: Some(RuleIndex(rule)),
        }
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
            let rules: Vec<FunctionRule> = actions
                .iter()
                .zip(0..)
                .map(|(action, index)| rule(index, *action, None))
                .collect();
            let candidates: Vec<_> = rules
                .iter()
                .map(|rule| Candidate { rule, calls: 0 })
                .collect();
            assert_eq!(decide_call(&candidates, None), expected, "{actions:?}");
            assert_eq!(
                decide_call(&candidates, Some(RuleIndex(9))),
                expected,
                "{actions:?}"
            );
        }
    }

    #[test]
    fn what_no_rule_names_passes_in_an_open_world_only() {
        assert_eq!(
            decide_call(&[], None),
            Decision {
                action: Action::Allow,
                rule: None
            }
        );
        assert_eq!(
            decide_call(&[], Some(RuleIndex(9))),
            decision(Action::Deny, 9)
        );
    }

    #[test]
    fn calls_pass_up_to_the_ceiling() {
        for action in [Action::Deny, Action::Refuse] {
            let counted = rule(1, action, Some(2));
            let answers: Vec<Action> = (1..=3)
                .map(|calls| {
                    decide_call(
                        &[Candidate {
                            rule: &counted,
                            calls,
                        }],
                        None,
                    )
                    .action
                })
                .collect();
            assert_eq!(answers, [Action::Allow, Action::Allow, action]);
        }
    }

    #[test]
    fn a_ceiling_does_not_weaken_another_rule() {
        let (counted, denied) = (
            rule(1, Action::Refuse, Some(5)),
            rule(2, Action::Deny, None),
        );
        let candidates = [&counted, &denied].map(|rule| Candidate { rule, calls: 1 });
        assert_eq!(decide_call(&candidates, None), decision(Action::Deny, 2));
    }

    fn imports(allow: Option<&[&str]>, deny: Option<&[&str]>) -> ImportJudge {
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
        ImportJudge::new(&rules).unwrap()
    }

    #[test]
    fn imports_are_decided_by_both_lists() {
        const PASSES: Option<u16> = None;
        const CLOSED: Option<u16> = Some(1);
        const DENIED: Option<u16> = Some(2);
        let none: Option<&[&str]> = None;
        for (allowed, forbidden, module, expected) in [
            (none, none, "os", PASSES),
            (Some(&["math"]), none, "math", PASSES),
            (Some(&["math"]), none, "os", CLOSED),
            (Some(&["math"]), none, "math.extra", CLOSED),
            (Some(&[]), none, "math", CLOSED),
            (Some(&["collections.**"]), none, "collections", PASSES),
            (Some(&["collections.**"]), none, "collections.abc", PASSES),
            (Some(&["collections.**"]), none, "collections_extra", CLOSED),
            (Some(&["a.b"]), none, "a", PASSES),
            (Some(&["a.b"]), none, "a.b", PASSES),
            (Some(&["a.b"]), none, "a.c", CLOSED),
            (Some(&["a.*.c"]), none, "a.x", PASSES),
            (Some(&["a.*.c"]), none, "a.x.y", CLOSED),
            (Some(&["a.**.c"]), none, "a", PASSES),
            (Some(&["a.**.c"]), none, "a.x", CLOSED),
            (Some(&["**.c"]), none, "a", CLOSED),
            (Some(&["re:a\\.b"]), none, "a", CLOSED),
            (none, Some(&["os"]), "os", DENIED),
            (none, Some(&["os"]), "os.path", DENIED),
            (none, Some(&["os"]), "posix", DENIED),
            (none, Some(&["os.path"]), "posix", PASSES),
            (none, Some(&["os.path"]), "posixpath", DENIED),
            (none, Some(&["socket"]), "_socket", DENIED),
            (none, Some(&["subprocess"]), "_posixsubprocess", DENIED),
            (none, Some(&["_socket"]), "socket", PASSES),
            (Some(&["json"]), none, "_json", CLOSED),
            (none, Some(&["os"]), "ossaudiodev", PASSES),
            (none, Some(&["os.path"]), "os", PASSES),
            (none, Some(&["re:_.*"]), "_socket", DENIED),
            (none, Some(&["re:_[a-z]*"]), "_pkg.sub.deep", DENIED),
            (Some(&["**"]), Some(&["os"]), "os", DENIED),
            (Some(&["**"]), Some(&["os"]), "math", PASSES),
        ] {
            let answer = imports(allowed, forbidden)
                .refused(module)
                .map(|rule| rule.0);
            assert_eq!(answer, expected, "{allowed:?} {forbidden:?} {module}");
        }
        let both = imports(Some(&["math"]), Some(&["os"]));
        assert_eq!(both.denied("os.path"), Some(RuleIndex(2)));
        assert_eq!(both.denied("json"), None);
    }

    #[test]
    fn lines_are_searched() {
        let line = |pattern: &str, files: &[&str], action| LineRule {
            rule: RuleIndex(0),
            pattern: pattern.to_owned(),
            files: files.iter().map(|text| (*text).to_owned()).collect(),
            action,
            max_count: None,
        };
        let judge = LineJudge::new(&[
            line("print", &[], Action::Audit),
            line(r"^\s*breakpoint\(", &["*.py"], Action::Deny),
            line("breakpoint", &[], Action::Deny),
        ])
        .unwrap();
        let rules = |file, text| judge.rules(file, text).collect::<Vec<_>>();
        assert!(rules("a.py", "x = 1").is_empty());
        assert_eq!(rules("a.py", "  print(x)"), [0]);
        assert_eq!(rules("/home/me/a.py", "  breakpoint()  # print"), [0, 1, 2]);
        assert_eq!(rules("a.txt", "  breakpoint()"), [2]);
    }

    #[test]
    fn the_strongest_rule_about_a_line_is_named() {
        let line = |index, action, max_count| LineRule {
            rule: RuleIndex(index),
            pattern: String::new(),
            files: Vec::new(),
            action,
            max_count,
        };
        let (audited, counted) = (line(1, Action::Audit, None), line(2, Action::Deny, Some(2)));
        let answers: Vec<_> = (1..=3)
            .map(|count| decide_line(&[(&audited, count), (&counted, count)]))
            .collect();
        let audit = decision(Action::Audit, 1);
        assert_eq!(answers, [audit, audit, decision(Action::Deny, 2)]);
        let passes = Decision {
            action: Action::Allow,
            rule: None,
        };
        assert_eq!(decide_line(&[(&counted, 2)]), passes);
        assert_eq!(decide_line(&[]), passes);
    }
}
