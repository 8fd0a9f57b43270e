//! Makes text that the guest chose fit to be shown.
//!
//! A name is whatever bytes the guest put into a code object. On a terminal some of them
//! are commands (ESC, C1), some forge lines (newlines, U+2028), some make text read as
//! something else (bidirectional overrides). They are shown as escapes, and the length is
//! bounded, so that a report stays one the reader can believe.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Most characters of one guest-chosen text that a report shows.
pub const MAX_CHARS: usize = 200;

/// Most characters of quoted source that a report shows around one mark.
pub const MAX_SOURCE_CHARS: usize = 2_000;

/// Is this a character that must not reach a terminal as it is?
///
/// Those of Unicode's category Cc, the line separators, and the marks that reorder or hide
/// text: U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069, U+FEFF.
pub fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// One line, at most [`MAX_CHARS`] characters of `text`, unsafe ones escaped (`\n`, `\x1b`,
/// `\u{202e}`); `…` stands for what was cut off.
pub fn escape(text: &str) -> String {
    bounded(text, MAX_CHARS, |_| false)
}

/// As [`escape`], but lines and tabs stay, and up to [`MAX_SOURCE_CHARS`] characters do: for
/// quoted source and for a policy author's message.
pub fn escape_block(text: &str) -> String {
    bounded(text, MAX_SOURCE_CHARS, |c| matches!(c, '\n' | '\t'))
}

fn bounded(text: &str, max: usize, keep: impl Fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(text.len().min(max));
    for (count, c) in text.chars().enumerate() {
        if count == max {
            shown.push('…');
            break;
        }
        if is_unsafe(c) && !keep(c) {
            push_escaped(&mut shown, c);
        } else {
            shown.push(c);
        }
    }
    shown
}

fn push_escaped(shown: &mut String, c: char) {
    // Writing to a String doesn't fail.
    let _ = match c {
        '\n' => shown.write_str("\\n"),
        '\r' => shown.write_str("\\r"),
        '\t' => shown.write_str("\\t"),
        c if u32::from(c) < 0x100 => write!(shown, "\\x{:02x}", u32::from(c)),
        c => write!(shown, "\\u{{{:x}}}", u32::from(c)),
    };
}

/// Replaces, in serialised JSON, the unsafe characters that JSON allows in its strings
/// (DEL, C1, U+202E…) with `\uXXXX`: the same value, harmless where somebody prints the file.
///
/// Newlines are left alone: between tokens they are layout, and within strings JSON has
/// escaped them already.
pub fn escape_json(json: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte < 0x7f;
    if json.bytes().all(is_plain) {
        return Cow::Borrowed(json);
    }
    let mut safe = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if is_unsafe(c) && !c.is_ascii() || c == '\x7f' {
            let _ = write!(safe, "\\u{:04x}", u32::from(c));
        } else {
            safe.push(c);
        }
    }
    Cow::Owned(safe)
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn controls_are_shown_as_escapes() {
        assert_eq!(
            escape("a\x1b[31mb\nc\r\td\0"),
            "a\\x1b[31mb\\nc\\r\\td\\x00"
        );
        assert_eq!(
            escape("\x7f\u{9b}\u{202e}\u{2028}\u{2069}"),
            "\\x7f\\x9b\\u{202e}\\u{2028}\\u{2069}"
        );
    }

    #[test]
    fn ordinary_text_stays() {
        assert_eq!(escape("größe_📏 <module>"), "größe_📏 <module>");
    }

    #[test]
    fn length_is_bounded() {
        let shown = escape(&"x".repeat(10_000));
        assert_eq!(shown.chars().count(), MAX_CHARS + 1);
        assert!(shown.ends_with('…'));
        assert_eq!(escape(&"x".repeat(MAX_CHARS)).chars().count(), MAX_CHARS);
    }

    #[test]
    fn blocks_keep_lines_and_tabs_only() {
        assert_eq!(escape_block("a\n\tb\x1b\rc"), "a\n\tb\\x1b\\rc");
    }

    #[test]
    fn json_keeps_its_value() {
        let hostile = "\x1b\x7f\u{85}\u{202e}\u{2028}ü\n\"";
        let json = serde_json::to_string(hostile).expect("a string serialises");
        let safe = escape_json(&json);
        assert!(!safe.chars().any(is_unsafe), "{safe}");
        assert_eq!(
            serde_json::from_str::<String>(&safe).expect("still JSON"),
            hostile
        );
    }
}
