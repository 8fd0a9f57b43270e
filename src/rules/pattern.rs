//! Patterns on dotted names and on file paths.
//!
//! A policy's author writes a pattern as text; [`NamePattern::parse`] tells once what kind it
//! is and refuses what could never match a name. [`NameMatcher`] and [`FileMatcher`] put many
//! patterns into one automaton; the supervisor builds them to check a policy, the hook to
//! find the functions that a rule is about.
//!
//! Names come from the guest's process and may hold any character: a name only ever is
//! looked at, and one that no pattern covers matches nothing.

use std::collections::HashMap;
use std::fmt;

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use regex::{Regex, RegexSet, RegexSetBuilder};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Longest pattern that a policy may hold, in bytes.
pub const MAX_PATTERN: usize = 1024;

/// Largest compiled form of one regex, in bytes: room for `\w{40}`, not for `\w{10000}`.
const MAX_REGEX: usize = 4 << 20;

/// Largest compiled form of all regexes of a matcher together, in bytes.
const MAX_REGEX_SET: usize = 64 << 20;

/// A pattern as the policy writes it, told apart once.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NamePattern {
    /// A name without wildcards: `os.system`.
    Literal(String),
    /// A glob: `*` stays within one part, `**` crosses dots, `x.**` includes `x` itself.
    Glob(String),
    /// A regex, written `re:…`; it must match the whole name. The `re:` isn't kept.
    Regex(String),
}

/// Why a text isn't a pattern.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PatternError {
    /// Nothing is written.
    #[error("the pattern is empty")]
    Empty,
    /// More than [`MAX_PATTERN`] bytes.
    #[error("the pattern is longer than {MAX_PATTERN} bytes")]
    TooLong,
    /// Two dots in a row, or one at an end.
    #[error("a part between the dots is empty")]
    EmptyPart,
    /// `**` with something else between the same dots.
    #[error("`**` must stand alone between dots")]
    DoubleStar,
    /// A character that no dotted name holds.
    #[error("{0:?} can't be part of a dotted name")]
    Character(char),
    /// The regex or glob library refuses it.
    #[error("{0}")]
    Syntax(String),
}

impl NamePattern {
    /// Tells what kind of pattern `text` is.
    ///
    /// # Errors
    /// What can't match any dotted name is refused, and so is a regex that doesn't compile.
    pub fn parse(text: &str) -> Result<NamePattern, PatternError> {
        if text.len() > MAX_PATTERN {
            return Err(PatternError::TooLong);
        }
        if let Some(expression) = text.strip_prefix("re:") {
            whole_regex(expression)?;
            return Ok(NamePattern::Regex(expression.to_owned()));
        }
        if text.is_empty() {
            return Err(PatternError::Empty);
        }
        if let Some(character) = text.chars().find(|c| !may_be_in_name(*c)) {
            return Err(PatternError::Character(character));
        }
        for part in text.split('.') {
            if part.is_empty() {
                return Err(PatternError::EmptyPart);
            }
            if part.contains("**") && part != "**" {
                return Err(PatternError::DoubleStar);
            }
        }
        if text.contains('*') {
            Ok(NamePattern::Glob(text.to_owned()))
        } else {
            Ok(NamePattern::Literal(text.to_owned()))
        }
    }

    /// The dotted beginning that every matching name has, without the last dot:
    /// `os` of `os.*` and of `os.**`, `os.path` of `os.path`. Empty when there is none
    /// (`*.run`), and for a regex.
    pub fn literal_prefix(&self) -> &str {
        match self {
            NamePattern::Literal(name) => name,
            NamePattern::Glob(glob) => {
                let wild = glob.find('*').unwrap_or(glob.len());
                glob[..wild].rfind('.').map_or("", |dot| &glob[..dot])
            }
            NamePattern::Regex(_) => "",
        }
    }

    /// Does this pattern certainly match whatever `other` matches, by the look of the two?
    ///
    /// `false` may also mean that it can't be told; what a literal is matched by, a
    /// [`NameMatcher`] tells exactly.
    pub fn covers(&self, other: &NamePattern) -> bool {
        if self == other {
            return true;
        }
        let NamePattern::Glob(glob) = self else {
            return false;
        };
        glob == "**"
            || glob
                .strip_suffix(".**")
                .is_some_and(|root| !root.contains('*') && is_within(other.literal_prefix(), root))
    }
}

impl fmt::Display for NamePattern {
    /// As a policy writes it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NamePattern::Literal(text) | NamePattern::Glob(text) => formatter.write_str(text),
            NamePattern::Regex(expression) => write!(formatter, "re:{expression}"),
        }
    }
}

/// Is `name` the module or package `root`, or something below it?
pub fn is_within(name: &str, root: &str) -> bool {
    name.strip_prefix(root)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Letters and digits of any script, `_`, and what CPython puts into qualified names
/// (`outer.<locals>.inner`, `<lambda>`); `*` and `.` are ours.
fn may_be_in_name(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '<' | '>' | '.' | '*')
}

/// A regex as a policy's author wrote it, compiled within bounds; it searches, unanchored.
///
/// # Errors
/// A regex that doesn't parse, or whose compiled form is too large.
pub fn search_regex(expression: &str) -> Result<Regex, PatternError> {
    regex::RegexBuilder::new(expression)
        .size_limit(MAX_REGEX)
        .build()
        .map_err(|error| PatternError::Syntax(regex_reason(&error)))
}

/// Checks a regex that must match a whole text, and gives its anchored form.
///
/// The author's text is compiled alone first, so that `a)|(b` can't break out of the group.
pub fn whole_regex(expression: &str) -> Result<String, PatternError> {
    search_regex(expression)?;
    let anchored = format!(r"\A(?:{expression})\z");
    search_regex(&anchored)?;
    Ok(anchored)
}

/// The one line of a regex error that says what is wrong; the rest draws the pattern again.
fn regex_reason(error: &regex::Error) -> String {
    match error {
        regex::Error::CompiledTooBig(limit) => {
            format!("the regex would need more than {limit} bytes when compiled")
        }
        other => {
            let text = other.to_string();
            let reason = text
                .lines()
                .rev()
                .find_map(|line| line.trim().strip_prefix("error: "));
            reason.unwrap_or(&text).to_owned()
        }
    }
}

/// Many patterns in one: tells the owners of those that match a name.
///
/// An owner is whatever number the caller gave with the pattern: the position of a rule.
#[derive(Clone, Debug, Default)]
pub struct NameMatcher {
    literals: HashMap<String, Vec<usize>>,
    globs: GlobSet,
    glob_owners: Vec<usize>,
    regexes: RegexSet,
    regex_owners: Vec<usize>,
}

impl NameMatcher {
    /// Builds the matcher from pairs of owner and pattern.
    ///
    /// # Errors
    /// A pattern that [`NamePattern::parse`] would refuse, or regexes that are too large
    /// together.
    pub fn new<'a>(
        patterns: impl IntoIterator<Item = (usize, &'a NamePattern)>,
    ) -> Result<NameMatcher, PatternError> {
        let mut literals: HashMap<String, Vec<usize>> = HashMap::new();
        let mut globs = GlobSetBuilder::new();
        let mut glob_owners = Vec::new();
        let mut expressions = Vec::new();
        let mut regex_owners = Vec::new();
        for (owner, pattern) in patterns {
            match pattern {
                NamePattern::Literal(name) => {
                    literals.entry(name.clone()).or_default().push(owner);
                }
                NamePattern::Glob(text) => {
                    if let Some(root) = text.strip_suffix(".**") {
                        globs.add(name_glob(root)?);
                        glob_owners.push(owner);
                    }
                    globs.add(name_glob(text)?);
                    glob_owners.push(owner);
                }
                NamePattern::Regex(expression) => {
                    expressions.push(whole_regex(expression)?);
                    regex_owners.push(owner);
                }
            }
        }
        let regexes = RegexSetBuilder::new(expressions)
            .size_limit(MAX_REGEX_SET)
            .build()
            .map_err(|error| PatternError::Syntax(regex_reason(&error)))?;
        Ok(NameMatcher {
            literals,
            globs: build(&globs)?,
            glob_owners,
            regexes,
            regex_owners,
        })
    }

    /// The owners of the patterns that match `name`, ascending, each once.
    pub fn matches(&self, name: &str) -> Vec<usize> {
        let mut owners = self.literals.get(name).cloned().unwrap_or_default();
        if !self.globs.is_empty() {
            let found = self.globs.matches(as_path(name));
            owners.extend(found.into_iter().map(|position| self.glob_owners[position]));
        }
        if !self.regexes.is_empty() {
            let found = self.regexes.matches(name);
            owners.extend(
                found
                    .into_iter()
                    .map(|position| self.regex_owners[position]),
            );
        }
        owners.sort_unstable();
        owners.dedup();
        owners
    }

    /// Does any pattern match `name`?
    pub fn is_match(&self, name: &str) -> bool {
        self.literals.contains_key(name)
            || (!self.globs.is_empty() && self.globs.is_match(as_path(name)))
            || (!self.regexes.is_empty() && self.regexes.is_match(name))
    }
}

/// `globset` knows separators as `/`: the parts of a name become those of a path. A `/` that
/// the guest put into a name must not become one.
fn as_path(name: &str) -> String {
    name.chars()
        .map(|character| match character {
            '.' => '/',
            '/' => '\u{1}',
            other => other,
        })
        .collect()
}

fn name_glob(text: &str) -> Result<Glob, PatternError> {
    path_glob(&as_path(text))
}

fn path_glob(text: &str) -> Result<Glob, PatternError> {
    GlobBuilder::new(text)
        .literal_separator(true)
        .build()
        .map_err(|error| PatternError::Syntax(error.kind().to_string()))
}

fn build(globs: &GlobSetBuilder) -> Result<GlobSet, PatternError> {
    globs
        .build()
        .map_err(|error| PatternError::Syntax(error.kind().to_string()))
}

/// Globs on file paths: `*` stays within one folder, `**` crosses them. A glob that doesn't
/// begin with `/` may start at any folder: `tests/*.py` covers `/home/me/tests/a.py`.
#[derive(Clone, Debug)]
pub struct FileMatcher {
    globs: GlobSet,
}

impl FileMatcher {
    /// Builds the matcher.
    ///
    /// # Errors
    /// A glob that `globset` refuses, or one of more than [`MAX_PATTERN`] bytes.
    pub fn new<'a>(globs: impl IntoIterator<Item = &'a str>) -> Result<FileMatcher, PatternError> {
        let mut set = GlobSetBuilder::new();
        for text in globs {
            if text.is_empty() {
                return Err(PatternError::Empty);
            }
            if text.len() > MAX_PATTERN {
                return Err(PatternError::TooLong);
            }
            let glob = if text.starts_with('/') {
                path_glob(text)?
            } else {
                path_glob(&format!("**/{text}"))?
            };
            set.add(glob);
        }
        Ok(FileMatcher {
            globs: build(&set)?,
        })
    }

    /// Does any glob match the path?
    pub fn is_match(&self, path: impl AsRef<std::path::Path>) -> bool {
        self.globs.is_match(path)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn matches(pattern: &str, name: &str) -> bool {
        let pattern = NamePattern::parse(pattern).unwrap();
        NameMatcher::new([(0, &pattern)]).unwrap().is_match(name)
    }

    #[test]
    fn patterns_match_what_they_say() {
        for (pattern, name, expected) in [
            ("os.system", "os.system", true),
            ("os.system", "os.systems", false),
            ("os.system", "xos.system", false),
            ("os.*", "os.system", true),
            ("os.*", "os", false),
            ("os.*", "os.path.join", false),
            ("os.spawn*", "os.spawnlp", true),
            ("os.spawn*", "os.spawn", true),
            ("os.*n*", "os.spawnlp", true),
            ("os.**", "os", true),
            ("os.**", "os.system", true),
            ("os.**", "os.path.join", true),
            ("os.**", "oslo.config", false),
            ("os.**", "os2", false),
            ("os.*.**", "os", false),
            ("os.*.**", "os.path", true),
            ("os.*.**", "os.path.join", true),
            ("**", "os.path.join", true),
            ("**", "os", true),
            ("**.system", "os.system", true),
            ("**.system", "system", true),
            ("**.system", "os.systemd", false),
            ("a.**.z", "a.z", true),
            ("a.**.z", "a.b.c.z", true),
            ("a.**.z", "a.bz", false),
            ("*.run", "subprocess.run", true),
            ("*.run", "a.b.run", false),
            ("__main__.f.<locals>.g", "__main__.f.<locals>.g", true),
            ("__main__.**", "__main__.<lambda>", true),
            ("größe.*", "größe.länge", true),
            (r"re:os\.(system|popen)", "os.system", true),
            (r"re:os\.(system|popen)", "os.systems", false),
            (r"re:os\.(system|popen)", "posos.system", false),
            (r"re:a|b", "ab", false),
            (r"re:(?x) os \. system # comment", "os.system", false),
            (r"re:", "", true),
            (r"re:.*\$", "os.x$", true),
        ] {
            if pattern.contains("(?x)") {
                assert!(
                    NamePattern::parse(pattern).is_err(),
                    "{pattern} swallows the anchor"
                );
            } else {
                assert_eq!(matches(pattern, name), expected, "{pattern} on {name}");
            }
        }
    }

    #[test]
    fn a_slash_in_a_name_is_no_dot() {
        assert!(!matches("a.*", "a/b"));
        assert!(matches("a.*", "a.b/c"));
        assert!(!matches("a.**", "a/b"));
    }

    #[test]
    fn owners_come_sorted_and_once() {
        let patterns: Vec<NamePattern> = ["os.**", "re:.*system", "os.system", "os.*", "sys.*"]
            .into_iter()
            .map(|text| NamePattern::parse(text).unwrap())
            .collect();
        let owners = [3, 1, 3, 2, 0];
        let matcher = NameMatcher::new(owners.into_iter().zip(&patterns)).unwrap();
        assert_eq!(matcher.matches("os.system"), [1, 2, 3]);
        assert_eq!(matcher.matches("os.path.join"), [3]);
        assert_eq!(matcher.matches("sys.exit"), [0]);
        assert!(matcher.matches("math.sin").is_empty());
    }

    #[test]
    fn a_matcher_without_patterns_matches_nothing() {
        assert!(!NameMatcher::new([]).unwrap().is_match(""));
        assert!(!NameMatcher::default().is_match("os"));
    }

    #[test]
    fn coverage_is_told_where_it_is_plain() {
        for (wide, narrow, expected) in [
            ("**", "re:x", true),
            ("os.**", "os.*", true),
            ("os.**", "os.path.**", true),
            ("os.**", "os.system", true),
            ("os.**", "os.**", true),
            ("os.**", "oslo.*", false),
            ("os.*", "os.**", false),
            ("os.**", "re:os.*", false),
        ] {
            let (wide, narrow) = (NamePattern::parse(wide), NamePattern::parse(narrow));
            assert_eq!(wide.unwrap().covers(&narrow.unwrap()), expected);
        }
    }

    #[test]
    fn the_literal_prefix_ends_before_the_first_wildcard() {
        for (pattern, prefix) in [
            ("os.path", "os.path"),
            ("os.pa*", "os"),
            ("os.**", "os"),
            ("*.x", ""),
            ("re:os", ""),
        ] {
            assert_eq!(
                NamePattern::parse(pattern).unwrap().literal_prefix(),
                prefix
            );
        }
    }

    #[test]
    fn file_globs_stay_in_their_folder() {
        let matcher = FileMatcher::new(["tests/*.py", "/srv/**"]).unwrap();
        assert!(matcher.is_match("tests/a.py"));
        assert!(matcher.is_match("/home/me/tests/a.py"));
        assert!(!matcher.is_match("/home/me/tests/deep/a.py"));
        assert!(matcher.is_match("/srv/deep/b.txt"));
        assert!(!matcher.is_match("/home/srv/b.txt"));
    }

    proptest! {
        #[test]
        fn what_parses_builds_a_matcher(text in "\\PC{0,30}|re:[a-z.*()\\\\?|]{0,12}|[a-z.*]{0,12}", name in "\\PC{0,20}") {
            if let Ok(pattern) = NamePattern::parse(&text) {
                let matcher = NameMatcher::new([(7, &pattern)]).unwrap();
                prop_assert_eq!(matcher.is_match(&name), matcher.matches(&name) == [7]);
            }
        }

        #[test]
        fn a_literal_matches_itself_and_its_tree(name in "[a-z_]{1,5}(\\.[a-z_]{1,5}){0,3}") {
            prop_assert!(matches(&name, &name));
            let tree = format!("{name}.**");
            let child = format!("{name}.x");
            prop_assert!(matches(&tree, &name));
            prop_assert!(matches(&tree, &child));
        }
    }
}
