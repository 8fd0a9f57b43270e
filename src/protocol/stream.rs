//! Which record may come after which: the [`Checker`] sees every decoded record and refuses
//! those that an honest hook doesn't send.

use super::record::{End, EventKind, MAX_ARGUMENTS, MAX_NAME, NameId, Place, Record};
use crate::rules::RuleIndex;

/// Most names that one run may introduce. An honest one needs as many as it has functions
/// and files; the supervisor keeps them all in memory.
pub const MAX_NAMES: u32 = 1 << 20;

/// Most bytes that all names together may have.
pub const MAX_NAME_BYTES: usize = 64 << 20;

/// The worker's records make no sense. Nothing after the error is read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StreamError {
    /// The ring's positions contradict each other.
    #[error("the ring's positions are impossible (read up to {read}, written up to {written})")]
    Positions {
        /// Bytes that were read.
        read: u64,
        /// Bytes that the worker says it wrote.
        written: u64,
    },
    /// A length, in bytes, that no record (or no record of its kind) has.
    #[error("a record has an impossible length ({0} bytes)")]
    Length(usize),
    /// A number that stands for nothing.
    #[error("a record has an unknown {0} ({1})")]
    Number(&'static str, u8),
    /// A record where it can't be.
    #[error("the record {0:?} came out of order")]
    Order(&'static str),
    /// Names are numbered 1, 2, 3, …; this one isn't the next.
    #[error("name {0} came out of order")]
    NameOrder(u32),
    /// A name that wasn't introduced.
    #[error("a record uses name {0}, which wasn't introduced")]
    UnknownName(u32),
    /// More names than [`MAX_NAMES`] or [`MAX_NAME_BYTES`].
    #[error("there are too many names")]
    TooManyNames,
    /// A rule that the policy doesn't have.
    #[error("a record uses rule {0}, which the policy doesn't have")]
    UnknownRule(u16),
    /// An end record that the hook didn't write.
    #[error("the end record isn't the hook's")]
    Nonce,
    /// An end record that counts other records than those that came.
    #[error("{received} records came before the end, but {claimed} were sent")]
    Count {
        /// Records that came.
        received: u64,
        /// Records that the end record counts.
        claimed: u64,
    },
}

/// How far the worker has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Nothing came.
    Silent,
    /// `Hello` came.
    Loaded,
    /// `Armed` came.
    Armed,
    /// `Started` came.
    Started,
    /// `Unready` or `End` came: nothing may follow.
    Over,
}

/// Judges each record by those that came before it.
#[derive(Debug)]
pub struct Checker {
    nonce: [u8; 16],
    rules: usize,
    stage: Stage,
    names: u32,
    name_bytes: usize,
    records: u64,
    /// Arguments came: the call that they belong to must be next.
    awaits_call: bool,
}

impl Checker {
    /// A checker for a run whose setup has this nonce and this many rules.
    pub fn new(nonce: [u8; 16], rules: usize) -> Checker {
        Checker {
            nonce,
            rules,
            stage: Stage::Silent,
            names: 0,
            name_bytes: 0,
            records: 0,
            awaits_call: false,
        }
    }

    /// How many records were admitted.
    pub fn records(&self) -> u64 {
        self.records
    }

    /// Takes note of the next record.
    ///
    /// # Errors
    ///
    /// A [`StreamError`] if an honest hook can't have sent it here.
    pub fn admit(&mut self, record: &Record) -> Result<(), StreamError> {
        self.stage = self.next_stage(record)?;
        let is_call = matches!(record, Record::Event(event) if event.kind == EventKind::Call);
        if self.awaits_call && !is_call {
            return Err(StreamError::Order("arguments"));
        }
        self.awaits_call = matches!(record, Record::Arguments(_));
        match record {
            Record::Hello { .. } | Record::Armed | Record::Started => {}
            Record::Unready { text, .. } => self.known(*text)?,
            Record::Name { id, text } => self.introduce(*id, text)?,
            Record::Arguments(arguments) => {
                if arguments.text.len() > MAX_ARGUMENTS {
                    return Err(StreamError::Length(arguments.text.len()));
                }
            }
            Record::Event(event) => {
                self.rule(event.rule)?;
                self.known(event.subject)?;
                self.known(event.canonical)?;
                self.place(event.place)?;
            }
            Record::Fatal(fatal) => {
                self.rule(fatal.rule)?;
                self.known(fatal.subject)?;
                self.known(fatal.canonical)?;
                self.known(fatal.written)?;
                self.place(fatal.place)?;
            }
            Record::End(end) => self.end(end)?,
        }
        self.records += 1;
        Ok(())
    }

    fn next_stage(&self, record: &Record) -> Result<Stage, StreamError> {
        match (record, self.stage) {
            (Record::Hello { .. }, Stage::Silent) => Ok(Stage::Loaded),
            (Record::Hello { .. }, _) => Err(StreamError::Order("hello")),
            (Record::Unready { .. }, Stage::Loaded) => Ok(Stage::Over),
            (Record::Unready { .. }, _) => Err(StreamError::Order("unready")),
            (Record::Armed, Stage::Loaded) => Ok(Stage::Armed),
            (Record::Armed, _) => Err(StreamError::Order("armed")),
            (Record::Started, Stage::Armed) => Ok(Stage::Started),
            (Record::Started, _) => Err(StreamError::Order("started")),
            (Record::Name { .. }, Stage::Silent | Stage::Over) => Err(StreamError::Order("name")),
            (Record::Name { .. }, stage) => Ok(stage),
            (Record::Arguments(_), Stage::Armed | Stage::Started) => Ok(self.stage),
            (Record::Arguments(_), _) => Err(StreamError::Order("arguments")),
            (Record::Event(_), Stage::Armed | Stage::Started) => Ok(self.stage),
            (Record::Event(_), _) => Err(StreamError::Order("event")),
            (Record::Fatal(_), Stage::Armed | Stage::Started) => Ok(self.stage),
            (Record::Fatal(_), _) => Err(StreamError::Order("fatal")),
            (Record::End(_), Stage::Started) => Ok(Stage::Over),
            (Record::End(_), _) => Err(StreamError::Order("end")),
        }
    }

    fn introduce(&mut self, id: NameId, text: &[u8]) -> Result<(), StreamError> {
        if text.len() > MAX_NAME {
            return Err(StreamError::Length(text.len()));
        }
        if id.0 != self.names + 1 {
            return Err(StreamError::NameOrder(id.0));
        }
        if id.0 > MAX_NAMES || self.name_bytes + text.len() > MAX_NAME_BYTES {
            return Err(StreamError::TooManyNames);
        }
        self.names = id.0;
        self.name_bytes += text.len();
        Ok(())
    }

    fn known(&self, name: NameId) -> Result<(), StreamError> {
        if name.0 <= self.names {
            Ok(())
        } else {
            Err(StreamError::UnknownName(name.0))
        }
    }

    fn place(&self, place: Place) -> Result<(), StreamError> {
        self.known(place.file)?;
        self.known(place.function)
    }

    fn rule(&self, rule: Option<RuleIndex>) -> Result<(), StreamError> {
        match rule {
            Some(rule) if usize::from(rule.0) >= self.rules => {
                Err(StreamError::UnknownRule(rule.0))
            }
            _ => Ok(()),
        }
    }

    fn end(&self, end: &End) -> Result<(), StreamError> {
        self.known(end.exception)?;
        self.known(end.place.file)?;
        self.known(end.place.function)?;
        if end.nonce != self.nonce {
            return Err(StreamError::Nonce);
        }
        if end.records != self.records {
            return Err(StreamError::Count {
                received: self.records,
                claimed: end.records,
            });
        }
        Ok(())
    }
}
