//! Connects the [witness](super::witness) with the supervisor: it waits for the supervisor's
//! question and answers into the channel.

use std::mem::offset_of;
use std::sync::{Arc, Mutex, PoisonError};

use super::ffi::attached;
use super::ffi::code::{self, Origin};
use super::layout::Code;
use super::memory::ReadMemory;
use super::witness::{Answer, Wake, Witness};
use crate::protocol::witness::{Witness as Line, WitnessAnswer};

/// Starts the witness.
///
/// # Errors
/// The system refuses another thread.
pub fn start(line: Line) -> std::io::Result<()> {
    let line = Arc::new(Mutex::new(line));
    let listener = Arc::clone(&line);
    Witness::new(attached::token(), is_library).spawn(
        move |patience| {
            let mut listener = listener.lock().unwrap_or_else(PoisonError::into_inner);
            if listener.wait_request(patience) {
                Wake::Asked
            } else {
                Wake::Idle
            }
        },
        move |answer| {
            let answer = answer.map(report).unwrap_or_default();
            line.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .answer(&answer);
        },
    )
}

fn report(answer: Answer) -> WitnessAnswer {
    WitnessAnswer {
        file: answer.place.file.into_bytes(),
        line: answer.place.line,
        function: answer.place.function.into_bytes(),
        inside: answer.inside.map(String::into_bytes),
    }
}

/// Is a code object known as a library's? Reads what [`codes`](super::codes) keeps in it, by
/// way of the kernel: the address may have gone stale.
fn is_library(address: usize, memory: &dyn ReadMemory) -> bool {
    let read = || {
        let extra = memory.pointer(address + offset_of!(Code, extra))?;
        // `_PyCodeObjectExtra` (Objects/codeobject.c): a count, then that many pointers.
        let count: usize = memory.value(extra)?;
        let index = code::extra_index().filter(|index| *index < count)?;
        let info = memory.pointer(extra + size_of::<usize>() * (1 + index))?;
        memory.value::<u8>(info + code::ORIGIN_OFFSET)
    };
    read() == Some(Origin::Library as u8)
}
