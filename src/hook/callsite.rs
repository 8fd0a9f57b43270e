//! What the guest's source says where a call is made: its columns, and under which name the
//! function is reached.
//!
//! Asked when a call is denied, and for arguments that the audit log wants. The text is the one that the code object is known to have
//! been compiled from, never what `co_filename` names; the columns are those of the current
//! instruction. A name is told only if that instruction calls the very function that was
//! denied: what `map` or a thread calls isn't written there.

use super::arguments::Given;
use super::ffi::attached;
use super::ffi::code::Code;
use super::ffi::object::{self, Ref};
use super::memory::{OwnMemory, ReadMemory};
use super::opcodes::Opcodes;
use super::stack::{self, Caller, Frame};
use super::state::Hook;
use super::value_stack::ValueStack;
use crate::rules::RecordedArguments;

/// Longest expression that is told, in characters.
const LONGEST: usize = 120;
/// Most lines of source that one call may cover to be looked at.
const MOST_LINES: u32 = 200;

/// A function that is being called, by what tells it from others.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// A C function, by the address of its definition.
    Definition(usize),
    /// A class, by its address.
    Class(usize),
    /// A Python function, by the frame that it runs in.
    Frame(Frame),
}

/// Names by which the function is known anyway.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// As the rule writes it.
    pub subject: &'a str,
    /// Its own.
    pub canonical: &'a str,
    /// Is it a method? Then what stands before its name is an object.
    pub is_method: bool,
}

/// Columns of the current instruction in its first line, in bytes.
pub fn columns(frame: Frame) -> Option<(u32, u32)> {
    let code = Code::new(attached::borrowed(frame.code().cast())?)?;
    let span = code.span_at(frame.instruction_offset())?;
    if span.line != frame.line() {
        return None;
    }
    let end = match span.end_line == span.line {
        true => span.end,
        // The line's end is known from its text alone.
        false => {
            let source = code.info()?.source.as_deref()?;
            u32::try_from(source.line(span.line)?.len()).ok()?
        }
    };
    (span.start < end).then_some((span.start, end))
}

/// The expression by which guest code calls `target` from the frame `from`, where that isn't
/// one of the names that are known.
pub fn written(from: Option<Frame>, target: Target, known: Known<'_>) -> Option<String> {
    let caller = stack::callers_from(from).next().filter(|c| c.is_guest())?;
    if !calls(caller, target) {
        return None;
    }
    let text = expression(caller)?;
    let callee = callee(&text)?;
    if is_known(callee, known) {
        return None;
    }
    let first_line = callee.lines().next().unwrap_or("");
    let mut shown: String = first_line.chars().take(LONGEST).collect();
    if shown.len() < callee.len() {
        shown.push('…');
    }
    Some(shown)
}

/// Does code refer to the target by a global name, whatever that is?
pub fn has_alias(caller: Caller, target: Target) -> bool {
    let is_it = |value: Ref<'_>| match target {
        Target::Definition(definition) => value
            .definition()
            .is_some_and(|found| found.as_ptr() as usize == definition),
        Target::Class(class) => value.address() == class,
        Target::Frame(_) => false,
    };
    let mut globals = caller.globals().into_iter().flat_map(Ref::entries);
    globals.any(|(name, value)| {
        is_it(value) && name.text().is_some_and(|name| caller.code.mentions(name))
    })
}

/// Does the current instruction of a frame call the target itself?
pub fn calls(caller: Caller, target: Target) -> bool {
    let called = || {
        let memory: &dyn ReadMemory = &OwnMemory::new();
        let opcodes = Opcodes::new();
        let (frame, code, instruction) = caller.frame.addresses();
        ValueStack::of(memory, &opcodes, frame, code, instruction)?.callable()
    };
    match target {
        Target::Frame(frame) => frame.is_called_by(caller.frame),
        Target::Class(class) => called() == Some(class),
        Target::Definition(definition) => {
            called().is_some_and(|object| has_definition(object, definition))
        }
    }
}

/// Is the object at this address a C function or method with this definition?
fn has_definition(object: usize, definition: usize) -> bool {
    let memory: &dyn ReadMemory = &OwnMemory::new();
    object::DEFINITION_OFFSETS
        .iter()
        .any(|offset| memory.pointer(object.wrapping_add(*offset)) == Some(definition))
}

/// Shows what lies on the innermost frame's stack for `callable`, which its current instruction
/// is about to call, if the policy wants arguments recorded.
pub fn with_arguments<R>(hook: &Hook, callable: Ref<'_>, see: impl FnOnce(&Given<'_>) -> R) -> R {
    if hook.rulebook.rules.audit.arguments == RecordedArguments::Off {
        return see(&Given::Unknown);
    }
    let memory: &dyn ReadMemory = &OwnMemory::new();
    let opcodes = Opcodes::new();
    let stack = stack::innermost().and_then(|frame| {
        let (frame, code, instruction) = frame.addresses();
        ValueStack::of(memory, &opcodes, frame, code, instruction)
    });
    // What is called stands where the walk says: then so does the rest. 3.11 tells of a method
    // by a bound one that it makes for the event.
    let is_it = |object: usize| {
        let definition = callable.definition().map(|found| found.as_ptr() as usize);
        object == callable.address() || definition.is_some_and(|it| has_definition(object, it))
    };
    let arguments = stack
        .filter(|stack| stack.callable().is_some_and(is_it))
        .and_then(|stack| stack.arguments());
    let Some((values, names)) = arguments else {
        return see(&Given::Unknown);
    };
    let values: Vec<Ref<'_>> = values.into_iter().filter_map(attached::at).collect();
    see(&Given::Stack(&values, names.and_then(attached::at)))
}

/// The source of the current instruction.
fn expression(caller: Caller) -> Option<String> {
    let span = caller.code.span_at(caller.frame.instruction_offset())?;
    if span.end_line < span.line || span.end_line - span.line > MOST_LINES {
        return None;
    }
    let source = caller.code.info()?.source.as_deref()?;
    let mut text = String::new();
    for number in span.line..=span.end_line {
        let line = source.line(number)?;
        let start = if number == span.line { span.start } else { 0 };
        let end = match number == span.end_line {
            true => span.end as usize,
            false => line.len(),
        };
        text.push_str(line.get(start as usize..end)?);
        if number != span.end_line {
            text.push('\n');
        }
    }
    Some(text)
}

/// Of the text of a call, what stands before the arguments: `f` of `f(x)`, `g()` of `g()(x)`.
/// A decorator's call has no arguments there. `None` for what is no call.
fn callee(text: &str) -> Option<&str> {
    let text = text.trim();
    if !text.ends_with(')') {
        return is_primary(text).then_some(text);
    }
    let open = last_group(text)?;
    let callee = text[..open].trim_end();
    (!callee.is_empty() && is_primary(callee)).then_some(callee)
}

/// Where the parentheses open that close at the end of a text.
fn last_group(text: &str) -> Option<usize> {
    let mut open = Vec::new();
    let mut last = None;
    scan(text, |at, c| match c {
        '(' | '[' | '{' => open.push(at),
        ')' | ']' | '}' => last = open.pop(),
        _ => {}
    });
    last
}

/// Is it an expression without an operator outside of brackets: names, dots, calls,
/// subscripts?
fn is_primary(text: &str) -> bool {
    let (mut depth, mut primary, mut previous) = (0_usize, true, '.');
    let mut gap = false;
    scan(text, |_, c| {
        if depth == 0 {
            let is_word = |c: char| c.is_alphanumeric() || c == '_';
            let allowed = is_word(c) || ".([{)]}\"'".contains(c) || c.is_whitespace();
            primary &= allowed && !(gap && is_word(previous) && is_word(c));
            gap = c.is_whitespace();
            if !gap {
                previous = c;
            }
        }
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => {
                depth = depth.saturating_sub(1);
                (previous, gap) = (c, false);
            }
            _ => {}
        }
    });
    primary && !text.is_empty()
}

/// Shows the characters of Python source that aren't within a string or a comment; a string
/// is shown by its first quote.
fn scan(text: &str, mut see: impl FnMut(usize, char)) {
    let mut rest = text;
    let mut at = 0;
    let skip = |rest: &mut &str, at: &mut usize, bytes: usize| {
        let bytes = bytes.min(rest.len());
        *rest = &rest[bytes..];
        *at += bytes;
    };
    while let Some(c) = rest.chars().next() {
        match c {
            '#' => {
                let end = rest.find('\n').unwrap_or(rest.len());
                skip(&mut rest, &mut at, end);
            }
            '\'' | '"' => {
                see(at, c);
                let quote: String = c.to_string().repeat(3);
                let quote = match rest.starts_with(&quote) {
                    true => quote,
                    false => c.to_string(),
                };
                let bytes = string_end(&rest[quote.len()..], &quote) + quote.len();
                skip(&mut rest, &mut at, bytes);
            }
            _ => {
                see(at, c);
                skip(&mut rest, &mut at, c.len_utf8());
            }
        }
    }
}

/// Bytes of a string's content, its closing quote included.
fn string_end(content: &str, quote: &str) -> usize {
    let mut escaped = false;
    for (at, c) in content.char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if content[at..].starts_with(quote) {
            return at + quote.len();
        }
    }
    content.len()
}

/// Is this how one writes a function of these names: the name, or its last parts; for a
/// method, something that has it?
fn is_known(callee: &str, known: Known<'_>) -> bool {
    let ends = |name: &str| {
        name.strip_suffix(callee)
            .is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    let last = |name: &str| name.rsplit('.').next().map(str::to_owned);
    let same_method = known.is_method && last(callee) == last(known.canonical);
    ends(known.subject) || ends(known.canonical) || same_method
}

/// Is a Python function of this name one of a class?
pub fn is_method(canonical: &str) -> bool {
    let mut parts = canonical.rsplit('.').skip(1);
    // `module.f` and `module.f.<locals>.g` are none.
    parts.next().is_some_and(|around| around != "<locals>") && parts.next().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_callee_is_what_stands_before_the_arguments() {
        for (text, expected) in [
            ("s('ls')", Some("s")),
            ("os . system (x)", Some("os . system")),
            ("f(1)(2)", Some("f(1)")),
            ("table['a)b'](x)", Some("table['a)b']")),
            ("(lambda: s)()('x')", Some("(lambda: s)()")),
            (
                "getattr(os, 'sys' + 'tem')('ls')",
                Some("getattr(os, 'sys' + 'tem')"),
            ),
            ("f(\"\"\"(\"\"\", ')')", Some("f")),
            ("f( # )\n)", Some("f")),
            ("decorator", Some("decorator")),
            ("a + f(x)", None),
            ("-f(x)", None),
            ("await f(x)", None),
            ("not f(x)", None),
            ("x[f(1)] ", Some("x[f(1)]")),
            ("(a)", None),
            ("", None),
            ("f)", None),
        ] {
            assert_eq!(callee(text), expected, "{text}");
        }
    }

    #[test]
    fn the_usual_names_are_known() {
        let system = Known {
            subject: "os.system",
            canonical: "posix.system",
            is_method: false,
        };
        for (callee, expected) in [
            ("os.system", true),
            ("system", true),
            ("posix.system", true),
            ("s", false),
            ("tem", false),
            ("self.os.system", false),
        ] {
            assert_eq!(is_known(callee, system), expected, "{callee}");
        }
        let sort = Known {
            subject: "builtins.list.sort",
            canonical: "builtins.list.sort",
            is_method: true,
        };
        assert!(is_known("numbers.sort", sort));
        assert!(!is_known("by", sort));
        assert!(is_method("m.C.f") && !is_method("m.f") && !is_method("m.f.<locals>.g"));
    }
}
