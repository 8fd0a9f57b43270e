//! Records: what the hook tells the supervisor, one after another.
//!
//! Text is sent once: a [`Record::Name`] gives a number to a string, and every later record
//! names it by that number. A record is self-delimiting, at most [`MAX_RECORD`] bytes long.

use crate::rules::{Action, LimitKind, RuleIndex};

/// Longest record on the wire, in bytes, its length prefix included.
pub const MAX_RECORD: usize = 8 * 1024;

/// Longest text of a [`Record::Name`], in bytes; the hook shortens what is longer.
pub const MAX_NAME: usize = 4 * 1024;

/// Longest text of a [`Record::Arguments`], in bytes.
pub const MAX_ARGUMENTS: usize = 200;

/// Number of a string that a [`Record::Name`] introduced. Numbers start at 1 and rise by one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct NameId(pub u32);

impl NameId {
    /// Stands for "not known".
    pub const NONE: NameId = NameId(0);
}

/// A place in Python source, as the worker's memory has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The code object's file name.
    pub file: NameId,
    /// The line, from 1; 0 is unknown.
    pub line: u32,
    /// The code object's qualified name (`<module>` at top level).
    pub function: NameId,
}

/// What kind of fact an [`Event`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum EventKind {
    /// A function, method or class was called.
    Call = 1,
    /// A Python function returned.
    Return = 2,
    /// An exception was raised (`subject` is its type).
    Exception = 3,
    /// A source line was reached.
    Line = 4,
    /// A module was imported (`subject` is its name).
    Import = 5,
    /// An attempt to tamper with the hook.
    Tamper = 6,
    /// A process would have been started.
    Process = 7,
    /// A thread was started or refused.
    Thread = 8,
    /// A file, or a folder's list of files, was read (`subject` is its path).
    FileRead = 9,
    /// A file was written, made, renamed or removed.
    FileWrite = 10,
    /// A host was looked up, connected to, or listened on.
    Network = 11,
    /// An attribute was reached that the policy names.
    Attribute = 12,
    /// A construct was found or missed. Told by the supervisor before anything runs; a worker
    /// that says it is not believed.
    Syntax = 13,
}

/// One observed fact that the policy wants recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// What kind of fact.
    pub kind: EventKind,
    /// What the rules said of it.
    pub decision: Action,
    /// The rule that said so, if one did.
    pub rule: Option<RuleIndex>,
    /// Nanoseconds on CLOCK_MONOTONIC.
    pub time: u64,
    /// Name of the thing, as the policy or the guest's code writes it (`os.system`).
    pub subject: NameId,
    /// The object's own name (`posix.system`).
    pub canonical: NameId,
    /// Who did it: the caller's place.
    pub place: Place,
}

/// The arguments of a recorded call, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arguments {
    /// As Python code would write them (`'data.txt', mode='r'`); at most [`MAX_ARGUMENTS`].
    pub text: Vec<u8>,
    /// Was it cut?
    pub truncated: bool,
}

/// Kind of a violation; the words of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ViolationKind {
    /// A call that a rule denies, or one in excess of `max_calls`.
    Call = 1,
    /// A source line that a rule denies.
    Line = 2,
    /// An import that the policy denies.
    Import = 3,
    /// A process that the policy denies, or that would have escaped the hook.
    Process = 4,
    /// A thread that would have escaped the hook.
    Thread = 5,
    /// An attempt to tamper with the hook.
    Tamper = 6,
    /// A file read that the policy denies.
    FileRead = 7,
    /// A file written, made, renamed or removed that the policy denies.
    FileWrite = 8,
    /// A connection, a listening socket or a look-up that the policy denies.
    Network = 9,
    /// An attribute that the policy denies.
    Attribute = 10,
    /// A construct that the policy forbids, or one that it asks for and that is missing. Told by
    /// the supervisor before anything runs; a worker that says it is not believed.
    Syntax = 11,
}

/// A ceiling of a rule that was exceeded, and how much the rule allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Excess {
    /// `max_calls`.
    Calls(u64),
    /// `max_steps`.
    Steps(u64),
    /// `max_recursion`.
    Recursion(u64),
    /// `max_count` of a line rule.
    Lines(u64),
}

/// What ended the run from inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The policy denied what the guest did.
    Violation(ViolationKind),
    /// A limit that the hook counts was reached.
    Limit {
        /// Which one.
        kind: LimitKind,
        /// The configured ceiling.
        ceiling: u64,
        /// What was used when the guest was stopped.
        used: u64,
    },
}

/// The latched violation or limit. It is sent before anything is raised in the guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fatal {
    /// Why.
    pub cause: Cause,
    /// The rule behind it.
    pub rule: Option<RuleIndex>,
    /// Nanoseconds on CLOCK_MONOTONIC.
    pub time: u64,
    /// Name of the thing, as the policy writes it. [`NameId::NONE`] for limits.
    pub subject: NameId,
    /// The object's own name.
    pub canonical: NameId,
    /// Where the guest was.
    pub place: Place,
    /// For a violation: the ceiling that was exceeded, if that is what it was.
    pub excess: Option<Excess>,
    /// What the guest's source says at the call instead of the function's name.
    pub written: NameId,
    /// From where to where in the place's line: byte offsets in its UTF-8 text, the second one
    /// behind the end. The worker's claim, like the line.
    pub columns: Option<(u32, u32)>,
}

/// How the guest's program ended, by its own account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// The number the supervisor put into the setup; proves that the hook wrote this record.
    pub nonce: [u8; 16],
    /// Exit status as Python would give it, 0 to 255.
    pub code: u8,
    /// Type of the exception that nothing caught (`ValueError`), if there was one.
    /// `SystemExit` isn't one.
    pub exception: NameId,
    /// Where it left guest code.
    pub place: Place,
    /// Was it a `MemoryError`?
    pub out_of_memory: bool,
    /// How many records came before this one, by the hook's count.
    pub records: u64,
}

/// What the hook tells the supervisor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// The hook was loaded; always first.
    Hello {
        /// [`PROTOCOL_VERSION`](super::PROTOCOL_VERSION) of the hook.
        protocol: u32,
        /// Version of the interpreter: major, minor, micro.
        python: [u8; 3],
    },
    /// The hook could not be armed as the policy asks; nothing of the guest was run.
    /// `text` says why, in words for the user.
    Unready {
        /// The reason.
        text: NameId,
        /// `true`: the policy asks for what the hook can't do (exit code 2);
        /// `false`: our own fault (exit code 70).
        policy: bool,
    },
    /// Every mechanism that the policy needs is in place.
    Armed,
    /// The next thing that runs is the guest's first line.
    Started,
    /// Gives a number to a text.
    Name {
        /// The number.
        id: NameId,
        /// The text; any bytes, at most [`MAX_NAME`].
        text: Vec<u8>,
    },
    /// What the call was given that the next record, an event, tells of.
    Arguments(Arguments),
    /// A fact.
    Event(Event),
    /// A latched violation or limit.
    Fatal(Fatal),
    /// The guest's program ended; always last.
    End(End),
}
