//! Arguments of a call as text, for the audit log.
//!
//! Only exact builtin scalars are written out, by this module and not by their `__repr__`; of
//! anything else its class is named. What is written is bounded before it is made: of a text
//! of 32 MiB a few characters are read.

use super::arguments::Given;
use super::ffi::object::Ref;
use crate::protocol::record::{Arguments, MAX_ARGUMENTS};
use crate::rules::RecordedArguments;

/// Stands for what was cut.
const CUT: &str = "…";

/// The arguments as the policy wants them recorded; `None` if it doesn't, or if they can't be
/// reached.
pub fn render(given: &Given<'_>, wanted: RecordedArguments) -> Option<Arguments> {
    if wanted == RecordedArguments::Off || matches!(given, Given::Unknown) {
        return None;
    }
    let mut text = Bounded::default();
    given.each(|name, value| {
        if !text.is_empty() {
            text.push(", ");
        }
        if let Some(name) = name {
            text.push(name);
            text.push("=");
        }
        match wanted {
            RecordedArguments::Values => write(&mut text, value),
            _ => text.push(short(value.class().class_name())),
        }
        !text.is_full
    });
    Some(text.finish())
}

fn write(text: &mut Bounded, value: Ref<'_>) {
    if value.is_none() {
        text.push("None");
    } else if let Some(truth) = value.boolean() {
        text.push(if truth { "True" } else { "False" });
    } else if let Some(number) = value.integer() {
        text.push(&number.to_string());
    } else if let Some(number) = value.float_text() {
        text.push(&number);
    } else if let Some(characters) = value.characters() {
        text.push("'");
        for character in characters.take(MAX_ARGUMENTS + 1) {
            text.push_escaped(character);
        }
        text.push("'");
    } else if let Some(bytes) = value.bytes() {
        text.push("b'");
        for byte in bytes.iter().take(MAX_ARGUMENTS + 1) {
            match char::from(*byte) {
                c if c.is_ascii() => text.push_escaped(u32::from(c)),
                _ => text.push(&format!("\\x{byte:02x}")),
            }
        }
        text.push("'");
    } else {
        text.push("<");
        text.push(short(value.class().class_name()));
        text.push(">");
    }
}

/// A class's name without its module.
fn short(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// A text that takes no more than fits.
#[derive(Default)]
struct Bounded {
    text: String,
    is_full: bool,
}

impl Bounded {
    fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Appends what fits, whole characters.
    fn push(&mut self, more: &str) {
        for c in more.chars() {
            if self.is_full || self.text.len() + c.len_utf8() > MAX_ARGUMENTS {
                self.is_full = true;
                return;
            }
            self.text.push(c);
        }
    }

    /// Appends a character as it stands in a literal.
    fn push_escaped(&mut self, code: u32) {
        match char::from_u32(code) {
            Some(c @ ('\'' | '\\')) => self.push(&format!("\\{c}")),
            Some('\n') => self.push("\\n"),
            Some('\r') => self.push("\\r"),
            Some('\t') => self.push("\\t"),
            Some(c) if !c.is_control() => self.push(c.encode_utf8(&mut [0; 4])),
            // Control characters and lone surrogates.
            _ if code < 0x100 => self.push(&format!("\\x{code:02x}")),
            _ => self.push(&format!("\\u{code:04x}")),
        }
    }

    fn finish(mut self) -> Arguments {
        if self.is_full {
            while self.text.len() + CUT.len() > MAX_ARGUMENTS {
                self.text.pop();
            }
            self.text.push_str(CUT);
        }
        Arguments {
            text: self.text.into_bytes(),
            truncated: self.is_full,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn characters_are_escaped_as_in_python() {
        let mut text = Bounded::default();
        for c in "it's\n\u{1b}é€\u{80}\\".chars() {
            text.push_escaped(u32::from(c));
        }
        text.push_escaped(0xd800);
        let Arguments { text, truncated } = text.finish();
        let expected = "it\\'s\\n\\x1bé€\\x80\\\\\\ud800";
        assert_eq!(
            (String::from_utf8(text).unwrap().as_str(), truncated),
            (expected, false)
        );
    }

    proptest! {
        #[test]
        fn no_text_is_longer_than_it_may(codes in proptest::collection::vec(0..0x11_0000_u32, 0..400)) {
            let mut text = Bounded::default();
            for code in &codes {
                text.push_escaped(*code);
            }
            let arguments = text.finish();
            prop_assert!(arguments.text.len() <= MAX_ARGUMENTS);
            prop_assert!(String::from_utf8(arguments.text).is_ok());
            prop_assert!(arguments.truncated || codes.len() <= MAX_ARGUMENTS);
        }
    }
}
