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
