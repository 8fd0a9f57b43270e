//! Records as 64-bit words: what stands in the ring.
//!
//! A record is a whole number of words. The first says how long it is and what it is; the
//! fields that follow have fixed places, so that encoding an event is five stores:
//!
//! ```text
//! word 0   length in bytes (16) | tag (8) | a (8) | b (8) | c (8) | rule (16)
//! word 1…  the fields of the tag, two 32-bit numbers or one 64-bit number a word
//! ```
//!
//! Encoding trusts its caller and allocates nothing. Decoding trusts nobody: every number
//! that has a meaning is checked, and a length must be the one its tag asks for.

use super::record::{
    Arguments, Cause, End, Event, EventKind, Excess, Fatal, MAX_ARGUMENTS, MAX_NAME, MAX_RECORD,
    NameId, Place, Record, ViolationKind,
};
use super::stream::StreamError;
use crate::rules::{Action, LimitKind, RuleIndex};

/// Bytes of one word.
pub const WORD: usize = 8;

/// Room for the longest record.
pub type Words = [u64; MAX_RECORD / WORD];

/// What a record is, as a number.
mod tag {
    pub const HELLO: u8 = 1;
    pub const UNREADY: u8 = 2;
    pub const ARMED: u8 = 3;
    pub const STARTED: u8 = 4;
    pub const NAME: u8 = 5;
    pub const EVENT: u8 = 6;
    pub const FATAL: u8 = 7;
    pub const END: u8 = 8;
    pub const ARGUMENTS: u8 = 9;
}

/// Words of the records whose length doesn't vary, and of those with a text without it.
mod length {
    pub const HELLO: usize = 2;
    pub const UNREADY: usize = 2;
    pub const ARMED: usize = 1;
    pub const STARTED: usize = 1;
    pub const NAME: usize = 2;
    pub const EVENT: usize = 5;
    pub const FATAL: usize = 8;
    pub const END: usize = 6;
    pub const ARGUMENTS: usize = 2;
}

/// `a` of a [`Fatal`]: which cause it is.
const CAUSE_VIOLATION: u8 = 1;
const CAUSE_LIMIT: u8 = 2;

/// Writes a record to the start of `words` and returns how many words it takes.
///
/// The text of a name is cut at [`MAX_NAME`], that of arguments at [`MAX_ARGUMENTS`].
pub fn encode(record: &Record, words: &mut Words) -> usize {
    match record {
        Record::Hello {
            protocol,
            python: [major, minor, micro],
        } => {
            words[0] = first(length::HELLO, tag::HELLO, [*major, *minor, *micro], None);
            words[1] = u64::from(*protocol);
            length::HELLO
        }
        Record::Unready { text, policy } => {
            words[0] = first(
                length::UNREADY,
                tag::UNREADY,
                [u8::from(*policy), 0, 0],
                None,
            );
            words[1] = u64::from(text.0);
            length::UNREADY
        }
        Record::Armed => {
            words[0] = first(length::ARMED, tag::ARMED, [0; 3], None);
            length::ARMED
        }
        Record::Started => {
            words[0] = first(length::STARTED, tag::STARTED, [0; 3], None);
            length::STARTED
        }
        Record::Name { id, text } => encode_name(*id, text, words),
        Record::Arguments(arguments) => {
            let text = &arguments.text[..arguments.text.len().min(MAX_ARGUMENTS)];
            let total = put_text(words, length::ARGUMENTS, text);
            let flags = [u8::from(arguments.truncated), 0, 0];
            words[0] = first(total, tag::ARGUMENTS, flags, None);
            words[1] = text.len() as u64;
            total
        }
        Record::Event(event) => {
            let numbers = [event.kind as u8, action_number(event.decision)];
            words[0] = first_with_rule(length::EVENT, tag::EVENT, numbers, event.rule);
            words[1] = event.time;
            put_names(words, event.subject, event.canonical, event.place);
            length::EVENT
        }
        Record::Fatal(fatal) => {
            let (numbers, ceiling, used) = match fatal.cause {
                Cause::Violation(kind) => {
                    let (kind_of_excess, allowed) = excess_numbers(fatal.excess);
                    ([CAUSE_VIOLATION, kind as u8], allowed, kind_of_excess)
                }
                Cause::Limit {
                    kind,
                    ceiling,
                    used,
                } => ([CAUSE_LIMIT, kind as u8], ceiling, used),
            };
            words[0] = first_with_rule(length::FATAL, tag::FATAL, numbers, fatal.rule);
            words[1] = fatal.time;
            put_names(words, fatal.subject, fatal.canonical, fatal.place);
            words[4] |= u64::from(fatal.written.0) << 32;
            words[5] = ceiling;
            words[6] = used;
            let (start, end) = fatal.columns.unwrap_or_default();
            words[7] = pair(start, end);
            length::FATAL
        }
        Record::End(end) => {
            words[0] = first(
                length::END,
                tag::END,
                [end.code, u8::from(end.out_of_memory), 0],
                None,
            );
            let nonce = u128::from_le_bytes(end.nonce);
            words[1] = nonce as u64;
            words[2] = (nonce >> 64) as u64;
            words[3] = pair(end.exception.0, end.place.function.0);
            words[4] = pair(end.place.file.0, end.place.line);
            words[5] = end.records;
            length::END
        }
    }
}

fn encode_name(id: NameId, text: &[u8], words: &mut Words) -> usize {
    let text = &text[..text.len().min(MAX_NAME)];
    let total = put_text(words, length::NAME, text);
    words[0] = first(total, tag::NAME, [0; 3], None);
    words[1] = pair(id.0, text.len() as u32);
    total
}

/// Puts a text behind the words before it; how many there are then.
fn put_text(words: &mut Words, before: usize, text: &[u8]) -> usize {
    let chunks = text.chunks(WORD);
    let total = before + chunks.len();
    for (word, chunk) in words[before..].iter_mut().zip(chunks) {
        let mut bytes = [0; WORD];
        bytes[..chunk.len()].copy_from_slice(chunk);
        *word = u64::from_le_bytes(bytes);
    }
    total
}

/// The first word. `length` is in words and never beyond [`Words`].
fn first(length: usize, tag: u8, [a, b, c]: [u8; 3], rule: Option<RuleIndex>) -> u64 {
    (length * WORD) as u64
        | u64::from(tag) << 16
        | u64::from(a) << 24
        | u64::from(b) << 32
        | u64::from(c) << 40
        | u64::from(rule.map_or(0, |rule| rule.0)) << 48
}

/// The first word of a record that may name a rule: `c` says whether it does.
fn first_with_rule(length: usize, tag: u8, [a, b]: [u8; 2], rule: Option<RuleIndex>) -> u64 {
    first(length, tag, [a, b, u8::from(rule.is_some())], rule)
}

/// Words 2 to 4 of events and fatals.
fn put_names(words: &mut Words, subject: NameId, canonical: NameId, place: Place) {
    words[2] = pair(subject.0, canonical.0);
    words[3] = pair(place.file.0, place.line);
    words[4] = u64::from(place.function.0);
}

fn pair(low: u32, high: u32) -> u64 {
    u64::from(low) | u64::from(high) << 32
}

/// How many words the record takes that starts with this one.
///
/// # Errors
///
/// [`StreamError::Length`] if that isn't a whole number of words from 1 to [`MAX_RECORD`] bytes.
pub fn length_of(first: u64) -> Result<usize, StreamError> {
    let bytes = usize::from(first as u16);
    if bytes == 0 || bytes > MAX_RECORD || !bytes.is_multiple_of(WORD) {
        return Err(StreamError::Length(bytes));
    }
    Ok(bytes / WORD)
}

/// Reads the record that fills `words` exactly.
///
/// # Errors
///
/// A [`StreamError`] for lengths, tags and numbers that mean nothing. Whether the record may
/// stand where it stands is the [`Checker`](super::stream::Checker)'s question.
pub fn decode(words: &[u64]) -> Result<Record, StreamError> {
    let Some(&first) = words.first() else {
        return Err(StreamError::Length(0));
    };
    if length_of(first)? != words.len() {
        return Err(StreamError::Length(usize::from(first as u16)));
    }
    let [_, _, tag, a, b, c, _, _] = first.to_le_bytes();
    Ok(match tag {
        tag::HELLO => {
            let [protocol] = fields::<1>(words)?;
            Record::Hello {
                protocol: low(protocol),
                python: [a, b, c],
            }
        }
        tag::UNREADY => {
            let [text] = fields::<1>(words)?;
            Record::Unready {
                text: NameId(low(text)),
                policy: flag(a)?,
            }
        }
        tag::ARMED => {
            let [] = fields::<0>(words)?;
            Record::Armed
        }
        tag::STARTED => {
            let [] = fields::<0>(words)?;
            Record::Started
        }
        tag::NAME => {
            let (header, text) = text(words, MAX_NAME, high)?;
            Record::Name {
                id: NameId(low(header)),
                text,
            }
        }
        tag::ARGUMENTS => {
            let (header, text) = text(words, MAX_ARGUMENTS, low)?;
            if high(header) != 0 {
                return Err(StreamError::Length(text.len()));
            }
            Record::Arguments(Arguments {
                text,
                truncated: flag(a)?,
            })
        }
        tag::EVENT => {
            let [time, names, place, function] = fields::<4>(words)?;
            Record::Event(Event {
                kind: event_kind(a)?,
                decision: action(b)?,
                rule: rule(first, c)?,
                time,
                subject: NameId(low(names)),
                canonical: NameId(high(names)),
                place: self::place(place, function),
            })
        }
        tag::FATAL => {
            let [time, names, place, function, ceiling, used, columns] = fields::<7>(words)?;
            let cause = cause(a, b, ceiling, used)?;
            Record::Fatal(Fatal {
                excess: match cause {
                    Cause::Violation(_) => excess(used, ceiling)?,
                    Cause::Limit { .. } => None,
                },
                written: NameId(high(function)),
                columns: (low(columns) < high(columns)).then(|| (low(columns), high(columns))),
                cause,
                rule: rule(first, c)?,
                time,
                subject: NameId(low(names)),
                canonical: NameId(high(names)),
                place: self::place(place, function),
            })
        }
        tag::END => {
            let [nonce_low, nonce_high, names, place, records] = fields::<5>(words)?;
            let nonce = u128::from(nonce_low) | u128::from(nonce_high) << 64;
            Record::End(End {
                nonce: nonce.to_le_bytes(),
                code: a,
                exception: NameId(low(names)),
                place: self::place(place, u64::from(high(names))),
                out_of_memory: flag(b)?,
                records,
            })
        }
        other => return Err(StreamError::Number("tag", other)),
    })
}

/// The second word, and the text behind it, of the length that `length` finds in that word.
fn text(
    words: &[u64],
    longest: usize,
    length: fn(u64) -> u32,
) -> Result<(u64, Vec<u8>), StreamError> {
    let Some((&[_, header], text_words)) = words.split_first_chunk::<2>() else {
        return Err(StreamError::Length(words.len() * WORD));
    };
    let length = length(header) as usize;
    if length > longest || text_words.len() != length.div_ceil(WORD) {
        return Err(StreamError::Length(length));
    }
    let mut text: Vec<u8> = text_words
        .iter()
        .flat_map(|word| word.to_le_bytes())
        .collect();
    text.truncate(length);
    Ok((header, text))
}

/// The words after the first, of which there must be `N`.
fn fields<const N: usize>(words: &[u64]) -> Result<[u64; N], StreamError> {
    words
        .get(1..)
        .and_then(|rest| rest.try_into().ok())
        .ok_or(StreamError::Length(words.len() * WORD))
}

fn low(word: u64) -> u32 {
    word as u32
}

fn high(word: u64) -> u32 {
    (word >> 32) as u32
}

fn place(place: u64, function: u64) -> Place {
    Place {
        file: NameId(low(place)),
        line: high(place),
        function: NameId(low(function)),
    }
}

fn flag(number: u8) -> Result<bool, StreamError> {
    match number {
        0 => Ok(false),
        1 => Ok(true),
        other => Err(StreamError::Number("flag", other)),
    }
}

fn rule(first: u64, present: u8) -> Result<Option<RuleIndex>, StreamError> {
    Ok(flag(present)?.then_some(RuleIndex((first >> 48) as u16)))
}

fn cause(cause: u8, kind: u8, ceiling: u64, used: u64) -> Result<Cause, StreamError> {
    match cause {
        CAUSE_VIOLATION => violation_kind(kind).map(Cause::Violation),
        CAUSE_LIMIT => {
            let kind = LimitKind::from_number(kind).ok_or(StreamError::Number("limit", kind))?;
            Ok(Cause::Limit {
                kind,
                ceiling,
                used,
            })
        }
        other => Err(StreamError::Number("cause", other)),
    }
}

/// Words 6 and 5 of a violation.
fn excess_numbers(excess: Option<Excess>) -> (u64, u64) {
    match excess {
        None => (0, 0),
        Some(Excess::Calls(allowed)) => (1, allowed),
        Some(Excess::Steps(allowed)) => (2, allowed),
        Some(Excess::Recursion(allowed)) => (3, allowed),
        Some(Excess::Lines(allowed)) => (4, allowed),
    }
}

fn excess(kind: u64, allowed: u64) -> Result<Option<Excess>, StreamError> {
    Ok(match kind {
        0 => None,
        1 => Some(Excess::Calls(allowed)),
        2 => Some(Excess::Steps(allowed)),
        3 => Some(Excess::Recursion(allowed)),
        4 => Some(Excess::Lines(allowed)),
        other => return Err(StreamError::Number("excess", other as u8)),
    })
}

fn action_number(action: Action) -> u8 {
    match action {
        Action::Allow => 1,
        Action::Audit => 2,
        Action::Refuse => 3,
        Action::Deny => 4,
    }
}

fn action(number: u8) -> Result<Action, StreamError> {
    Ok(match number {
        1 => Action::Allow,
        2 => Action::Audit,
        3 => Action::Refuse,
        4 => Action::Deny,
        other => return Err(StreamError::Number("decision", other)),
    })
}

fn event_kind(number: u8) -> Result<EventKind, StreamError> {
    Ok(match number {
        1 => EventKind::Call,
        2 => EventKind::Return,
        3 => EventKind::Exception,
        4 => EventKind::Line,
        5 => EventKind::Import,
        6 => EventKind::Tamper,
        7 => EventKind::Process,
        8 => EventKind::Thread,
        9 => EventKind::FileRead,
        10 => EventKind::FileWrite,
        11 => EventKind::Network,
        12 => EventKind::Attribute,
        other => return Err(StreamError::Number("event kind", other)),
    })
}

fn violation_kind(number: u8) -> Result<ViolationKind, StreamError> {
    Ok(match number {
        1 => ViolationKind::Call,
        2 => ViolationKind::Line,
        3 => ViolationKind::Import,
        4 => ViolationKind::Process,
        5 => ViolationKind::Thread,
        6 => ViolationKind::Tamper,
        7 => ViolationKind::FileRead,
        8 => ViolationKind::FileWrite,
        9 => ViolationKind::Network,
        10 => ViolationKind::Attribute,
        other => return Err(StreamError::Number("violation kind", other)),
    })
}
