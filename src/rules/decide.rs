//! What the rules say of one event. Pure: counts and matches come from the caller.

use super::pattern::{NameMatcher, PatternError};
use super::{Action, FunctionRule, ImportList, ImportRules, RuleIndex};

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
    fn action(self) -> Action {
        match self.rule.max_calls {
            Some(most) if self.calls <= most => Action::Allow,
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
    // The first of equals: reports name the rule that the policy states first.
    let strongest = candidates
        .iter()
        .map(|candidate| (candidate.action(), candidate.rule.rule))
        .reduce(|best, next| {
            if weight(next.0) > weight(best.0) {
                next
            } else {
                best
            }
        });
    match (strongest, closed) {
        (Some((action, rule)), _) => Decision {
            action,
            rule: Some(rule),
        },
        (None, Some(rule)) => Decision {
            action: Action::Deny,
            rule: Some(rule),
        },
        (None, None) => Decision {
            action: Action::Allow,
            rule: None,
        },
    }
}

/// The `[imports]` section, ready to be asked.
///
/// A deny of `x` covers its submodules `x.y`, since importing those imports `x`; an allow of
/// `x.y` covers its parent `x`, which can't be left out.
#[derive(Clone, Debug, Default)]
pub struct ImportJudge {
    allow: Option<(RuleIndex, NameMatcher, Vec<String>)>,
    deny: Option<(RuleIndex, NameMatcher)>,
}

impl ImportJudge {
    /// Compiles the lists.
    ///
    /// # Errors
    /// [`PatternError`].
    pub fn new(rules: &ImportRules) -> Result<ImportJudge, PatternError> {
        let matcher = |list: &ImportList| NameMatcher::new(list.names.iter().map(|name| (0, name)));
        let allow = match &rules.allow {
            Some(list) => {
                let names = list.names.iter().map(ToString::to_string).collect();
                Some((list.rule, matcher(list)?, names))
            }
            None => None,
        };
        let deny = match &rules.deny {
            Some(list) => Some((list.rule, matcher(list)?)),
            None => None,
        };
        Ok(ImportJudge { allow, deny })
    }

    /// The rule that keeps a module from being imported, if one does.
    pub fn refused(&self, module: &str) -> Option<RuleIndex> {
        if let Some(rule) = self.denied(module) {
            return Some(rule);
        }
        let (rule, matcher, names) = self.allow.as_ref()?;
        let is_parent = || {
            names.iter().any(|name| {
                name.strip_prefix(module)
                    .is_some_and(|rest| rest.starts_with('.'))
            })
        };
        (!matcher.is_match(module) && !is_parent()).then_some(*rule)
    }

    /// The rule that denies a module, or a package around it, by name.
    pub fn denied(&self, module: &str) -> Option<RuleIndex> {
        let (rule, matcher) = self.deny.as_ref()?;
        let packages = module.match_indices('.').map(|(dot, _)| &module[..dot]);
        packages
            .chain([module])
            .any(|name| matcher.is_match(name))
            .then_some(*rule)
    }
}
