//! Conditions on a call's arguments (`except = { args = … }`).

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::pattern::{FileMatcher, PatternError, whole_regex};

/// One parameter and what its argument may be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// The parameter's name, whether the call gives the argument by position or by keyword.
    pub parameter: String,
    /// The argument must be covered by one of these.
    pub values: Vec<ValuePattern>,
}

/// What an argument may be. Only exact builtin types are looked at: anything else, a
/// subclass of `str` too, is covered by nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ValuePattern {
    /// A text that the glob covers as a whole; `*` is any text.
    Text(String),
    /// A text that the regex matches as a whole; written `re:…`.
    Regex(String),
    /// A path (`str`, `bytes`, or a `pathlib` path) whose file, as the kernel resolves it, the
    /// glob on absolute paths covers; `dir/**` includes `dir` itself.
    Path(String),
    /// This number.
    Integer(i64),
    /// This truth value.
    Boolean(bool),
}

/// An argument's value as the hook could read it without asking its class.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// An exact `str`.
    Text(&'a str),
    /// An exact `int` that fits.
    Integer(i64),
    /// `True` or `False`.
    Boolean(bool),
    /// Anything else.
    Opaque,
}

/// A condition, ready to be asked.
#[derive(Debug)]
pub struct ArgumentJudge {
    /// The parameter's name.
    pub parameter: String,
    values: Vec<Matcher>,
}

#[derive(Debug)]
enum Matcher {
    Text(regex::Regex),
    Path(FileMatcher),
    Integer(i64),
    Boolean(bool),
}

impl ArgumentJudge {
    /// Compiles a condition.
    ///
    /// # Errors
    /// [`PatternError`].
    pub fn new(condition: &Condition) -> Result<ArgumentJudge, PatternError> {
        let values = condition.values.iter().map(|value| {
            Ok(match value {
                ValuePattern::Text(glob) => Matcher::Text(text_glob(glob)?),
                ValuePattern::Regex(expression) => {
                    Matcher::Text(super::pattern::search_regex(&whole_regex(expression)?)?)
                }
                ValuePattern::Path(glob) => {
                    let folder = glob.strip_suffix("/**").filter(|folder| !folder.is_empty());
                    let globs = [Some(glob.as_str()), folder];
                    Matcher::Path(FileMatcher::new(globs.into_iter().flatten())?)
                }
                ValuePattern::Integer(number) => Matcher::Integer(*number),
                ValuePattern::Boolean(truth) => Matcher::Boolean(*truth),
            })
        });
        Ok(ArgumentJudge {
            parameter: condition.parameter.clone(),
            values: values.collect::<Result<_, PatternError>>()?,
        })
    }

    /// Does the condition speak of paths? Then the caller resolves the argument as one.
    pub fn wants_path(&self) -> bool {
        self.values
            .iter()
            .any(|value| matches!(value, Matcher::Path(_)))
    }

    /// Is the argument covered? `path` is the file that it names, resolved, if it names one.
    pub fn covers(&self, value: Value<'_>, path: Option<&Path>) -> bool {
        self.values.iter().any(|pattern| match (pattern, value) {
            (Matcher::Text(regex), Value::Text(text)) => regex.is_match(text),
            (Matcher::Integer(one), Value::Integer(other)) => *one == other,
            (Matcher::Boolean(one), Value::Boolean(other)) => *one == other,
            (Matcher::Path(globs), _) => path.is_some_and(|path| globs.is_match(path)),
            _ => false,
        })
    }
}

/// A glob on any text: `*` alone is special.
pub(super) fn text_glob(glob: &str) -> Result<regex::Regex, PatternError> {
    let parts: Vec<String> = glob.split('*').map(regex::escape).collect();
    super::pattern::search_regex(&format!(r"(?s)\A{}\z", parts.join(".*")))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn judge(values: Vec<ValuePattern>) -> ArgumentJudge {
        let parameter = "x".to_owned();
        ArgumentJudge::new(&Condition { parameter, values }).unwrap()
    }

    #[test]
    fn texts_match_as_a_whole() {
        let mode = judge(vec![ValuePattern::Text("r*".to_owned())]);
        for (text, expected) in [("r", true), ("rb", true), ("w", false), ("wr", false)] {
            assert_eq!(mode.covers(Value::Text(text), None), expected, "{text}");
        }
        assert!(!mode.covers(Value::Opaque, None));
        let special = judge(vec![ValuePattern::Text("a.c*".to_owned())]);
        assert!(!special.covers(Value::Text("abc"), None));
        assert!(special.covers(Value::Text("a.c\n"), None));
        let regex = judge(vec![ValuePattern::Regex("a|b".to_owned())]);
        assert!(!regex.covers(Value::Text("ab"), None));
    }

    #[test]
    fn true_is_not_one() {
        let one = judge(vec![ValuePattern::Integer(1)]);
        assert!(one.covers(Value::Integer(1), None));
        assert!(!one.covers(Value::Boolean(true), None));
    }

    #[test]
    fn paths_are_judged_where_they_lead() {
        let data = judge(vec![ValuePattern::Path("/home/me/data/**".to_owned())]);
        for (path, expected) in [
            ("/home/me/data", true),
            ("/home/me/data/a/b", true),
            ("/home/me/database", false),
        ] {
            let covered = data.covers(Value::Text("data"), Some(Path::new(path)));
            assert_eq!(covered, expected, "{path}");
        }
        assert!(!data.covers(Value::Text("/home/me/data/x"), None));
    }
}
