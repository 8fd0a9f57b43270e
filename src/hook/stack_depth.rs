//! How many values are on a frame's value stack at one of its instructions.
//!
//! CPython keeps the stack pointer of an executing frame in a register, out of reach. But
//! the depth at an instruction is the same whichever way control got there (the compiler
//! relies on it), so it follows from the code alone: walk it from the start and from each
//! exception handler, adding up stack effects, until the instruction is reached.
//!
//! The code may be anything the guest has made: each unit is walked once at most, depths
//! are bounded, and what doesn't decode leads nowhere.

use super::layout::CodeUnit;
use super::opcodes::{Effect, Jump, Opcode, Opcodes};

/// Longest code that is walked, in units. No code that people write is longer.
pub const LONGEST_CODE: usize = 1 << 18;

/// An instruction as it stands when it is executed.
#[derive(Clone, Copy, Debug)]
pub struct Reached {
    /// Its base.
    pub opcode: Opcode,
    /// Its whole argument.
    pub argument: u32,
    /// Values on the stack before it.
    pub depth: u32,
}

/// The code object that is walked.
#[derive(Clone, Copy, Debug)]
pub struct Walk<'a> {
    /// The instructions in memory; `INSTRUMENTED_LINE` and the like already replaced.
    pub code: &'a [CodeUnit],
    /// `co_exceptiontable`.
    pub handlers: &'a [u8],
    /// `co_stacksize`.
    pub stack_size: u32,
    /// The instructions' meaning.
    pub opcodes: &'a Opcodes,
    /// The compiler's stack effect of an instruction, by number, argument and whether it
    /// jumps.
    pub effect: fn(u8, u32, bool) -> Option<i32>,
}

/// Where the walk stands.
struct State {
    /// Depth before each unit, plus one; 0 where it isn't known yet.
    depths: Vec<u16>,
    /// Units to walk on from.
    open: Vec<u32>,
}

impl State {
    fn reach(&mut self, unit: usize, depth: u32) -> bool {
        match self.depths.get_mut(unit) {
            Some(known @ 0) => match u16::try_from(depth + 1) {
                Ok(depth) => {
                    *known = depth;
                    true
                }
                Err(_) => false,
            },
            _ => false,
        }
    }
}

impl Walk<'_> {
    /// The instruction at unit `target`, and the depth there; `None` if no way leads there,
    /// or if memory is short.
    pub fn reach(&self, target: usize) -> Option<Reached> {
        if self.code.len() > LONGEST_CODE || target >= self.code.len() {
            return None;
        }
        let mut state = State {
            depths: Vec::new(),
            open: Vec::new(),
        };
        state.depths.try_reserve_exact(self.code.len()).ok()?;
        state.depths.resize(self.code.len(), 0);
        // Each unit is reached once, so it is put here once.
        state.open.try_reserve_exact(self.code.len()).ok()?;

        if state.reach(0, 0) {
            state.open.push(0);
        }
        for handler in Handlers(self.handlers) {
            if handler.depth <= self.stack_size && state.reach(handler.unit as usize, handler.depth)
            {
                state.open.push(handler.unit);
            }
        }
        while let Some(unit) = state.open.pop() {
            if let Some(reached) = self.run(&mut state, unit as usize, target) {
                return Some(reached);
            }
        }
        None
    }

    /// Walks from `unit` on until the target, until control leaves, or until known ground.
    fn run(&self, state: &mut State, mut unit: usize, target: usize) -> Option<Reached> {
        loop {
            let mut depth = u32::from(state.depths.get(unit)?.checked_sub(1)?);
            let mut argument = 0u32;
            let opcode = loop {
                let found = self.code.get(unit)?;
                let opcode = self.opcodes.get(found.opcode)?;
                argument = (argument << 8) | u32::from(found.argument);
                if unit == target {
                    return Some(Reached {
                        opcode: *opcode,
                        argument,
                        depth,
                    });
                }
                unit += 1;
                if !opcode.extends {
                    break opcode;
                }
            };
            let next = unit + usize::from(opcode.caches);
            let landing = match opcode.jump {
                Jump::None => None,
                Jump::Forward => next.checked_add(argument as usize),
                Jump::Backward => next.checked_sub(argument as usize),
            };
            if let Some(landing) = landing {
                let depth = self.after(opcode, argument, true, depth)?;
                if state.reach(landing, depth) {
                    state.open.push(landing as u32);
                }
            }
            if opcode.leaves {
                return None;
            }
            depth = self.after(opcode, argument, false, depth)?;
            if !state.reach(next, depth) {
                return None;
            }
            unit = next;
        }
    }

    /// The depth behind an instruction; `None` if it can't be.
    fn after(&self, opcode: &Opcode, argument: u32, jumps: bool, depth: u32) -> Option<u32> {
        let effect = match opcode.effect {
            Effect::Compiler => (self.effect)(opcode.number, argument, jumps)?,
            Effect::Fixed(effect) => i32::from(effect),
            Effect::TakesArguments => i32::try_from(argument).ok()?.checked_add(1)?.wrapping_neg(),
        };
        depth
            .checked_add_signed(effect)
            .filter(|depth| *depth <= self.stack_size)
    }
}

/// An exception handler: where it begins, and the depth there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Handler {
    unit: u32,
    depth: u32,
}

/// Decodes an exception table (`Objects/exception_handling_notes.txt` of CPython 3.11).
struct Handlers<'a>(&'a [u8]);

impl Handlers<'_> {
    /// Six bits a byte, highest first; bit 6 says that more follow.
    fn number(&mut self) -> Option<u32> {
        let mut value = 0u32;
        loop {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value = value.checked_mul(64)? | u32::from(byte & 63);
            if byte & 64 == 0 {
                return Some(value);
            }
        }
    }
}

impl Iterator for Handlers<'_> {
    type Item = Handler;

    fn next(&mut self) -> Option<Handler> {
        let _start = self.number()?;
        let _length = self.number()?;
        let unit = self.number()?;
        let depth = self.number()?;
        // The exception is pushed, below it the instruction if the lowest bit says so.
        Some(Handler {
            unit,
            depth: (depth >> 1) + (depth & 1) + 1,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    /// Stands for the compiler's table: even opcodes push one value, odd ones take one.
    fn effect(number: u8, _argument: u32, _jumps: bool) -> Option<i32> {
        Some(if number.is_multiple_of(2) { 1 } else { -1 })
    }

    #[test]
    fn handlers_decode_as_cpython_documents() {
        // start 20, length 28, target 100, depth 3, with the instruction pushed.
        let table = [0x80 | 20, 28, 0x40 | 1, 36, 7];
        assert_eq!(
            Handlers(&table).collect::<Vec<_>>(),
            [Handler {
                unit: 100,
                depth: 5
            }]
        );
        assert_eq!(Handlers(&table[..4]).count(), 0);
    }

    proptest! {
        #[test]
        fn any_code_is_walked_within_its_stack(
            code in proptest::collection::vec(any::<[u8; 2]>(), 0..300),
            handlers in proptest::collection::vec(any::<u8>(), 0..40),
            stack_size in 0u32..40,
            target in 0usize..300,
        ) {
            let code: Vec<_> = code
                .into_iter()
                .map(|[opcode, argument]| CodeUnit { opcode, argument })
                .collect();
            let opcodes = Opcodes::new();
            let walk = Walk {
                code: &code,
                handlers: &handlers,
                stack_size,
                opcodes: &opcodes,
                effect,
            };
            if let Some(reached) = walk.reach(target) {
                prop_assert!(target < code.len());
                prop_assert!(reached.depth <= stack_size);
            }
        }
    }
}
