//! The rules, ready to be asked: patterns compiled, needs worked out, counters at zero.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::arguments::Given;
use super::ffi::code::Attached;
use super::naming;
use super::sources;
use crate::rules::arguments::ArgumentJudge;
use crate::rules::decide::{ImportJudge, LineJudge};
use crate::rules::pattern::{NameMatcher, PatternError};
use crate::rules::{Action, Caller, Limits, LineRule, NamePattern, RuleIndex, RuleSet};

/// A pattern that the supervisor let through doesn't compile here.
#[derive(Debug, thiserror::Error)]
pub enum RulebookError {
    /// Of any section.
    #[error(transparent)]
    Pattern(#[from] PatternError),
}

/// What the hook must see for this policy, and nothing more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Steps are counted.
    pub steps: bool,
    /// Steps of libraries, too.
    pub library_steps: bool,
    /// Line rules or line records: the line's number matters.
    pub line_text: bool,
    /// Library lines are recorded.
    pub library_lines: bool,
    /// Rules count the steps of functions.
    pub function_steps: bool,
    /// Rules limit the live calls of functions.
    pub function_recursion: bool,
    /// Entries of guest functions are counted.
    pub counts: bool,
    /// Each entry of guest code matters.
    pub guest_entries: bool,
    /// Each entry of library code matters.
    pub library_entries: bool,
    /// Calls of what isn't Python code are recorded.
    pub native_calls: bool,
    /// Those by libraries, too.
    pub library_native_calls: bool,
    /// Returns are recorded.
    pub returns: bool,
    /// Exceptions are recorded.
    pub exceptions: bool,
    /// Imports are judged or recorded.
    pub imports: bool,
}

/// The rules, ready to be asked.
#[derive(Debug)]
pub struct Rulebook {
    /// As the supervisor sent them.
    pub rules: RuleSet,
    /// What must be seen.
    pub needs: Needs,
    /// The step after which none may follow; `u64::MAX` without a limit.
    pub step_ceiling: u64,
    functions: NameMatcher,
    carved_out: Vec<NameMatcher>,
    conditions: Vec<Vec<ArgumentJudge>>,
    callers: Vec<Option<NameMatcher>>,
    imports: ImportJudge,
    lines: LineJudge,
    calls: Vec<AtomicU64>,
    steps: Vec<AtomicU64>,
    reached: Vec<AtomicU64>,
    library: Vec<PathBuf>,
}

impl Rulebook {
    /// Compiles the rules. `library` are the trusted folders.
    ///
    /// # Errors
    /// A pattern doesn't compile, which the supervisor should have found.
    pub fn new(
        rules: RuleSet,
        limits: &Limits,
        library: Vec<PathBuf>,
    ) -> Result<Rulebook, RulebookError> {
        let functions = NameMatcher::new(
            rules
                .functions
                .iter()
                .enumerate()
                .flat_map(|(index, rule)| rule.names.iter().map(move |name| (index, name))),
        )?;
        let carved_out = rules
            .functions
            .iter()
            .map(|rule| NameMatcher::new(rule.except.iter().map(|name| (0, name))))
            .collect::<Result<_, _>>()?;
        let conditions = rules
            .functions
            .iter()
            .map(|rule| {
                rule.except_arguments
                    .iter()
                    .map(ArgumentJudge::new)
                    .collect()
            })
            .collect::<Result<_, _>>()?;
        let callers = rules
            .functions
            .iter()
            .map(|rule| match &rule.caller {
                Caller::Modules(names) => {
                    NameMatcher::new(names.iter().map(|name| (0, name))).map(Some)
                }
                Caller::Any | Caller::Guest | Caller::Library => Ok(None),
            })
            .collect::<Result<_, _>>()?;
        Ok(Rulebook {
            needs: needs(&rules, limits),
            step_ceiling: limits.steps.unwrap_or(u64::MAX),
            functions,
            carved_out,
            conditions,
            callers,
            imports: ImportJudge::new(&rules.imports)?,
            lines: LineJudge::new(&rules.lines)?,
            calls: counters(rules.functions.len()),
            steps: counters(rules.functions.len()),
            reached: counters(rules.lines.len()),
            library: library.iter().map(|folder| normalised(folder)).collect(),
            rules,
        })
    }

    /// Rules on a function by its own dotted name.
    pub fn attached(&self, canonical: &str) -> Vec<Attached> {
        let mut attached: Vec<Attached> = Vec::new();
        for name in naming::public_names(canonical) {
            let subject: Arc<str> = Arc::from(&*name);
            for rule in self.functions.matches(&name) {
                if !self.is_carved_out(rule, canonical)
                    && !attached.iter().any(|known| known.rule == rule)
                {
                    attached.push(Attached {
                        rule,
                        subject: Arc::clone(&subject),
                    });
                }
            }
        }
        attached
    }

    /// Is a name taken out of a rule by its `except.match`?
    pub fn is_carved_out(&self, rule: usize, name: &str) -> bool {
        self.carved_out.get(rule).is_some_and(|matcher| {
            naming::public_names(name).any(|name| !matcher.matches(&name).is_empty())
        })
    }

    /// Is a call taken out of a rule by its `except.args`?
    pub fn is_excepted(&self, rule: usize, given: &Given<'_>) -> bool {
        self.conditions
            .get(rule)
            .is_some_and(|conditions| !conditions.is_empty() && given.meets(conditions))
    }

    /// Does a rule look at the arguments of calls?
    pub fn looks_at_arguments(&self, rule: usize) -> bool {
        self.conditions
            .get(rule)
            .is_some_and(|conditions| !conditions.is_empty())
    }

    /// Is a module among those that a rule's `called_from` names?
    pub fn is_called_from(&self, rule: usize, module: &str) -> bool {
        self.callers
            .get(rule)
            .and_then(Option::as_ref)
            .is_some_and(|matcher| matcher.is_match(module))
    }

    /// Names that rules write out in full, with the rule's position.
    pub fn literals(&self) -> impl Iterator<Item = (usize, &str)> {
        self.rules
            .functions
            .iter()
            .enumerate()
            .flat_map(|(index, rule)| {
                rule.names.iter().filter_map(move |name| match name {
                    NamePattern::Literal(name) => Some((index, name.as_str())),
                    NamePattern::Glob(_) | NamePattern::Regex(_) => None,
                })
            })
    }

    /// Do rules cover functions that only a search finds: by a wildcard, or all of them?
    pub fn must_search(&self) -> bool {
        self.rules.closed.is_some()
            || self
                .rules
                .functions
                .iter()
                .flat_map(|rule| &rule.names)
                .any(|name| !matches!(name, NamePattern::Literal(_)))
    }

    /// Do these rules let every call pass, without a record? Then no guard is needed.
    pub fn all_pass(&self, rules: &[Attached]) -> bool {
        rules
            .iter()
            .filter_map(|attached| self.rules.functions.get(attached.rule))
            .all(|rule| rule.action == Action::Allow && rule.max_calls.is_none())
    }

    /// Counts a call that a rule with `max_calls` is about: how many there were, this one
    /// included.
    pub fn count_call(&self, rule: usize) -> u64 {
        let counted = self
            .rules
            .functions
            .get(rule)
            .is_some_and(|rule| rule.max_calls.is_some());
        match self.calls.get(rule) {
            Some(counter) if counted => counter.fetch_add(1, Ordering::Relaxed) + 1,
            _ => 0,
        }
    }

    /// How many calls a rule with `max_calls` has counted.
    pub fn calls(&self, rule: usize) -> u64 {
        self.calls
            .get(rule)
            .map_or(0, |counter| counter.load(Ordering::Relaxed))
    }

    /// The rule that keeps guest code from importing a module, if one does.
    pub fn import_refused(&self, module: &str) -> Option<RuleIndex> {
        self.imports.refused(module)
    }

    /// The rule that denies a module by name, whatever the allow list says.
    pub fn import_denied(&self, module: &str) -> Option<RuleIndex> {
        self.imports.denied(module)
    }

    /// Is no module denied by name?
    pub fn denies_no_import(&self) -> bool {
        self.imports.denies_nothing()
    }

    /// Counts a step that a rule with `max_steps` is about. `false`: it is one too many, and
    /// isn't to be taken.
    pub fn count_step(&self, rule: usize) -> bool {
        let most = self.rules.functions.get(rule).and_then(|r| r.max_steps);
        match (self.steps.get(rule), most) {
            (Some(counter), Some(most)) => {
                let steps = counter.load(Ordering::Relaxed);
                counter.store(steps.saturating_add(1), Ordering::Relaxed);
                steps < most
            }
            _ => true,
        }
    }

    /// Positions of the line rules about one line of a file.
    pub fn line_rules(&self, file: &str, text: &str) -> impl Iterator<Item = usize> {
        self.lines.rules(file, text)
    }

    /// A line rule, and how often a line that it is about was reached, this time included.
    pub fn reach(&self, rule: usize) -> Option<(&LineRule, u64)> {
        let count = self.reached.get(rule)?.fetch_add(1, Ordering::Relaxed);
        Some((self.rules.lines.get(rule)?, count + 1))
    }

    /// Does a file lie in a trusted folder? Told by the path alone, so `..` disqualifies it;
    /// whoever asks goes on to compare the content.
    pub fn in_library(&self, file: &Path) -> bool {
        self.library_folder(file).is_some()
    }

    /// The longest trusted folder around a file.
    fn library_folder(&self, file: &Path) -> Option<&Path> {
        if file.components().any(|part| part == Component::ParentDir) {
            return None;
        }
        self.library
            .iter()
            .filter(|folder| file.starts_with(folder))
            .max_by_key(|folder| folder.as_os_str().len())
            .map(PathBuf::as_path)
    }

    /// Dotted name of the module that a library file defines: its own name, whatever the
    /// guest imports it as.
    pub fn module_of(&self, file: &Path) -> Option<String> {
        sources::module_name(file.strip_prefix(self.library_folder(file)?).ok()?)
    }
}

fn counters(count: usize) -> Vec<AtomicU64> {
    (0..count).map(|_| AtomicU64::new(0)).collect()
}

fn normalised(folder: &Path) -> PathBuf {
    folder.components().collect()
}

fn needs(rules: &RuleSet, limits: &Limits) -> Needs {
    let record = rules.audit.record;
    let all = rules.audit.scope == crate::rules::Scope::All;
    let steps = limits.steps.is_some();
    let imports = rules.imports.allow.is_some() || rules.imports.deny.is_some() || record.imports;
    Needs {
        steps,
        library_steps: steps && limits.count_library,
        line_text: !rules.lines.is_empty() || record.lines,
        library_lines: record.lines && all,
        function_steps: rules.functions.iter().any(|rule| rule.max_steps.is_some()),
        function_recursion: rules
            .functions
            .iter()
            .any(|rule| rule.max_recursion.is_some()),
        counts: limits.calls.is_some() || steps,
        guest_entries: limits.calls.is_some()
            || steps
            || limits.recursion.is_some()
            || record.calls,
        library_entries: record.calls,
        native_calls: record.calls,
        library_native_calls: record.calls && all,
        returns: record.returns,
        exceptions: record.exceptions,
        imports,
    }
}
