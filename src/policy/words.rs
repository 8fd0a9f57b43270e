//! Words for diagnostics: what to quote, and what was probably meant.

/// Longest text of a policy that a message quotes, in characters.
const MAX_QUOTED: usize = 60;

/// `text` in backquotes, shortened; control characters become escapes.
pub fn quoted(text: &str) -> String {
    let mut short: String = text.chars().take(MAX_QUOTED).flat_map(escaped).collect();
    if text.chars().nth(MAX_QUOTED).is_some() {
        short.push('…');
    }
    format!("`{short}`")
}

fn escaped(character: char) -> impl Iterator<Item = char> {
    let escape = character.is_control().then(|| character.escape_default());
    let plain = escape.is_none().then_some(character);
    escape.into_iter().flatten().chain(plain)
}

/// ``did you mean `steps`?`` if one of `known` is near enough to `word`.
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(word, known).map(|near| format!("did you mean `{near}`?"))
}

/// The word of `known` that `word` was probably meant to be.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Distances grow with both lengths; nobody misspells a word by a line.
    if word.len() > MAX_QUOTED {
        return None;
    }
    let folded = word.to_lowercase().replace('-', "_");
    known
        .into_iter()
        .map(|candidate| {
            (
                strsim::damerau_levenshtein(&folded, &candidate.replace('-', "_")),
                candidate,
            )
        })
        // A third of the letters may be wrong, at least one: `step` for `steps`, `wal` for `wall`.
        .filter(|(distance, candidate)| *distance <= (candidate.len() / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// `a, b or c`, each in backquotes.
pub fn one_of<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    enumeration(words, "or")
}

/// `a, b and c`, each in backquotes.
pub fn all_of<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    enumeration(words, "and")
}

fn enumeration<'a>(words: impl IntoIterator<Item = &'a str>, conjunction: &str) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} {conjunction} {last}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_word_is_found_and_a_far_one_is_not() {
        assert_eq!(nearest("stepz", ["calls", "steps"]), Some("steps"));
        assert_eq!(nearest("Deny", ["allow", "deny"]), Some("deny"));
        assert_eq!(nearest("called-from", ["called_from"]), Some("called_from"));
        assert_eq!(nearest("banana", ["allow", "deny"]), None);
        assert_eq!(nearest(&"x".repeat(1000), ["x"]), None);
    }

    #[test]
    fn what_is_quoted_is_short_and_harmless() {
        assert_eq!(quoted("a\u{1b}[31m\n"), "`a\\u{1b}[31m\\n`");
        assert_eq!(quoted(&"x".repeat(61)), format!("`{}…`", "x".repeat(60)));
    }

    #[test]
    fn lists_read_as_sentences() {
        assert_eq!(one_of(["a"]), "`a`");
        assert_eq!(one_of(["a", "b", "c"]), "`a`, `b` or `c`");
        assert_eq!(all_of(["a", "b"]), "`a` and `b`");
    }
}
