//! Where the guest is, told by a native thread of the worker when the supervisor asks.
//!
//! The supervisor asks before it kills a guest that is stuck. The answer comes out of the
//! worker's memory and decides nothing: it is the place that the report names.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use super::sys::{self, Mapping};

/// Bytes of the area that holds the answer.
pub(super) const AREA: usize = 8 * 1024;

/// Longest text of an answer, in bytes; what is longer is cut.
pub const MAX_TEXT: usize = 2 * 1024;

/// Bytes before the texts: three lengths and the line.
const PREFIX: usize = 16;

/// Stands for the length of a text that isn't there.
const ABSENT: u32 = u32::MAX;

const _: () = assert!(PREFIX + 3 * MAX_TEXT <= AREA);

/// Where the guest is, by the worker's own account. Texts are any bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WitnessAnswer {
    /// File name of the code object.
    pub file: Vec<u8>,
    /// Line, from 1; 0 is unknown.
    pub line: u32,
    /// Qualified name of the function.
    pub function: Vec<u8>,
    /// The C function or operator that is running.
    pub inside: Option<Vec<u8>>,
}

/// The worker's side, for one native thread.
pub struct Witness {
    mapping: Arc<Mapping>,
    /// Number of the last question that was taken.
    seen: u32,
}

impl Witness {
    pub(super) fn new(mapping: Arc<Mapping>) -> Witness {
        Witness { mapping, seen: 0 }
    }

    /// Sleeps until the supervisor asks (again), at most that long. `true`: it asked.
    pub fn wait_request(&mut self, patience: Duration) -> bool {
        let request: &AtomicU32 = &self.mapping.header().witness_request;
        let asked = |seen: &mut u32| {
            let number = request.load(Ordering::Acquire);
            std::mem::replace(seen, number) != number
        };
        if asked(&mut self.seen) {
            return true;
        }
        sys::sleep_while(request, self.seen, Some(patience));
        asked(&mut self.seen)
    }

    /// Answers the question that [`wait_request`](Self::wait_request) returned for.
    pub fn answer(&self, answer: &WitnessAnswer) {
        let header = self.mapping.header();
        write(&header.witness.0, answer);
        header.witness_answer.store(self.seen, Ordering::Release);
        sys::wake(&header.witness_answer);
    }
}

/// Puts an answer into the area.
fn write(area: &[AtomicU64], answer: &WitnessAnswer) {
    let file = cut(&answer.file);
    let function = cut(&answer.function);
    let inside = answer.inside.as_deref().map(cut);
    let lengths = [
        file.len() as u32,
        function.len() as u32,
        inside.map_or(ABSENT, |text| text.len() as u32),
        answer.line,
    ];
    let mut bytes = Vec::with_capacity(AREA);
    bytes.extend(lengths.iter().flat_map(|number| number.to_le_bytes()));
    bytes.extend_from_slice(file);
    bytes.extend_from_slice(function);
    bytes.extend_from_slice(inside.unwrap_or_default());
    sys::store_bytes(area, &bytes);
}

/// Takes an answer out of the area; `None` if it is nonsense.
pub(super) fn read(area: &[AtomicU64]) -> Option<WitnessAnswer> {
    let bytes = sys::load_bytes(area, AREA);
    let (prefix, mut texts) = bytes.split_first_chunk::<PREFIX>()?;
    let mut numbers = prefix.chunks_exact(4).map(|chunk| {
        chunk
            .iter()
            .rev()
            .fold(0u32, |number, byte| number << 8 | u32::from(*byte))
    });
    let (file, function, inside, line) = (
        numbers.next()?,
        numbers.next()?,
        numbers.next()?,
        numbers.next()?,
    );
    let mut take = |length: u32| {
        let length = usize::try_from(length)
            .ok()
            .filter(|length| *length <= MAX_TEXT)?;
        let (text, rest) = texts.split_at_checked(length)?;
        texts = rest;
        Some(text.to_vec())
    };
    Some(WitnessAnswer {
        file: take(file)?,
        line,
        function: take(function)?,
        inside: if inside == ABSENT {
            None
        } else {
            Some(take(inside)?)
        },
    })
}

fn cut(text: &[u8]) -> &[u8] {
    &text[..text.len().min(MAX_TEXT)]
}
