//! The values that the current instruction of a frame works on.
//!
//! CPython keeps the pointer to the top of the stack in a register, but how many values there
//! are follows from the code ([`stack_depth`](super::stack_depth)). Everything is read through
//! [`memory`](super::memory), so that nothing that stands there can crash the reader: an
//! address that comes out is the guest's word until it was compared with one that is known.
#![allow(unsafe_code)] // a pure function of CPython

use std::mem::offset_of;

use pyo3::ffi;

use super::layout::{Code, CodeUnit, InterpreterFrame, StackReference};
use super::memory::ReadMemory;
use super::opcodes::{Opcodes, Role};
use super::stack_depth::{LONGEST_CODE, Reached, Walk};
#[cfg(Py_3_12)]
use super::{layout, opcodes};

/// Longest line or exception table that is read, in bytes.
const LONGEST_TABLE: usize = 1 << 22;

/// The stack of one frame, at one instruction.
pub struct ValueStack<'a> {
    memory: &'a dyn ReadMemory,
    base: usize,
    locals: u32,
    /// The names of keyword arguments, where the code keeps them (before 3.13).
    constant_names: Option<usize>,
    /// The instruction.
    pub reached: Reached,
}

impl<'a> ValueStack<'a> {
    /// Of a frame, its code object and its instruction, all by their addresses. `None` if the
    /// instruction calls nothing, or if the stack can't be told.
    pub fn of(
        memory: &'a dyn ReadMemory,
        opcodes: &Opcodes,
        frame: usize,
        code: usize,
        instruction: usize,
    ) -> Option<ValueStack<'a>> {
        let fields: Code = memory.value(code)?;
        let current = unit(code, instruction);
        let units = instructions(memory, code, &fields)?;
        Some(ValueStack {
            memory,
            base: frame.wrapping_add(offset_of!(InterpreterFrame, locals_plus)),
            locals: u32::try_from(fields.locals_plus_count).ok()?,
            constant_names: constant_names(memory, opcodes, &fields, &units, current),
            reached: reached(memory, opcodes, &fields, &units, current)?,
        })
    }

    /// The value that stands at `position` from the top, which is 1.
    pub fn value(&self, position: u32) -> Option<usize> {
        let index = self
            .locals
            .checked_add(self.reached.depth.checked_sub(position)?)?;
        let slot = self.base.wrapping_add(index as usize * size_of::<usize>());
        let reference: StackReference = self.memory.value(slot)?;
        Some(reference.object().addr()).filter(|address| *address != 0)
    }

    /// The arguments of a plain call, and the tuple that names the last of them; `None` for an
    /// unpacked call, whose arguments are in a tuple of their own.
    pub fn arguments(&self) -> Option<(Vec<usize>, Option<usize>)> {
        let Role::Call { above } = self.reached.opcode.role else {
            return None;
        };
        let above = u32::from(above);
        let values = (above + 1..=above.checked_add(self.reached.argument)?)
            .rev()
            .map(|position| self.value(position))
            .collect::<Option<Vec<usize>>>()?;
        let names = match above {
            0 => self.constant_names,
            _ => self.value(1),
        };
        Some((values, names))
    }

    /// The object that is called, if the instruction calls one.
    pub fn callable(&self) -> Option<usize> {
        match self.reached.opcode.role {
            Role::Call { above } => {
                // Before 3.13: method or null, callable or self; then the other way round.
                let callable = self.reached.argument.checked_add(u32::from(above) + 2)?;
                if cfg!(Py_3_13) {
                    self.value(callable)
                } else {
                    self.value(callable).or_else(|| self.value(callable - 1))
                }
            }
            Role::CallUnpacked { callable } => {
                self.value(u32::from(callable) + (self.reached.argument & 1))
            }
            Role::Callable { position } => self.value(u32::from(position)),
            _ => None,
        }
    }
}

/// `KW_NAMES` before a call: the tuple of names among the code's constants. None from 3.13 on,
/// where the stack has it.
fn constant_names(
    memory: &dyn ReadMemory,
    opcodes: &Opcodes,
    code: &Code,
    units: &[CodeUnit],
    current: usize,
) -> Option<usize> {
    // 3.11 has PRECALL and its cache in between, and calls from either.
    let distances: &[usize] = if cfg!(Py_3_12) { &[1] } else { &[1, 3] };
    let names = distances.iter().find_map(|distance| {
        let unit = units.get(current.checked_sub(*distance)?)?;
        let opcode = opcodes.get(unit.opcode)?;
        (opcode.role == Role::KeywordNames).then_some(unit.argument)
    })?;
    // `PyTupleObject.ob_item`.
    let items = code
        .consts
        .addr()
        .wrapping_add(size_of::<ffi::PyVarObject>());
    memory.pointer(items.wrapping_add(usize::from(names) * size_of::<usize>()))
}

/// Index of an instruction among the units of its code object.
pub fn unit(code: usize, instruction: usize) -> usize {
    let first = code.wrapping_add(offset_of!(Code, instructions));
    instruction.saturating_sub(first) / 2
}

/// The content of a bytes object.
pub fn bytes(memory: &dyn ReadMemory, object: usize) -> Option<Vec<u8>> {
    let length: usize = memory.value(object.wrapping_add(offset_of!(ffi::PyVarObject, ob_size)))?;
    // `PyBytesObject.ob_sval`, behind the cached hash.
    let content = object.wrapping_add(size_of::<ffi::PyVarObject>() + size_of::<isize>());
    (length <= LONGEST_TABLE).then(|| memory.values(content, length))?
}

/// The instruction at unit `current` of a code object, with the depth of the stack before it;
/// `None` if it calls nothing.
fn reached(
    memory: &dyn ReadMemory,
    opcodes: &Opcodes,
    code: &Code,
    units: &[CodeUnit],
    current: usize,
) -> Option<Reached> {
    // Most instructions call nothing: no need to know the stack then.
    if opcodes.get(units.get(current)?.opcode)?.role == Role::Plain {
        return None;
    }
    let handlers = bytes(memory, code.exception_table.addr())?;
    let walk = Walk {
        code: units,
        handlers: &handlers,
        stack_size: u32::try_from(code.stack_size).ok()?,
        opcodes,
        effect: compiler_effect,
    };
    walk.reach(current)
}

/// The instructions of a code object, with those that stand for others replaced.
fn instructions(memory: &dyn ReadMemory, address: usize, code: &Code) -> Option<Vec<CodeUnit>> {
    let count = usize::try_from(code.base.ob_size).ok()?;
    if count > LONGEST_CODE {
        return None;
    }
    let first = address.wrapping_add(offset_of!(Code, instructions));
    let mut units = memory.values::<CodeUnit>(first, count)?;
    replace_instrumented(memory, code, &mut units);
    Some(units)
}

#[cfg(not(Py_3_12))]
fn replace_instrumented(_memory: &dyn ReadMemory, _code: &Code, _units: &mut [CodeUnit]) {
    // 3.11 has no instrumented instructions.
}

/// `INSTRUMENTED_LINE` and `INSTRUMENTED_INSTRUCTION` keep what they stand for in arrays
/// beside the code; the former may stand for the latter.
#[cfg(Py_3_12)]
fn replace_instrumented(memory: &dyn ReadMemory, code: &Code, units: &mut [CodeUnit]) {
    let Some(monitoring) = memory.value::<layout::Monitoring>(code.monitoring.addr()) else {
        return;
    };
    let lines = line_opcodes(memory, monitoring.lines.addr(), units.len());
    let instructions = memory.values::<u8>(monitoring.instructions.addr(), units.len());
    for (index, unit) in units.iter_mut().enumerate() {
        if Some(unit.opcode) == opcodes::INSTRUMENTED_LINE
            && let Some(lines) = &lines
        {
            unit.opcode = lines[index];
        }
        if Some(unit.opcode) == opcodes::INSTRUMENTED_INSTRUCTION
            && let Some(instructions) = &instructions
        {
            unit.opcode = instructions[index];
        }
    }
}

/// The compiler's stack effect; `None` for what isn't an instruction.
fn compiler_effect(number: u8, argument: u32, jumps: bool) -> Option<i32> {
    const INVALID: i32 = i32::MAX; // PY_INVALID_STACK_EFFECT of Include/cpython/compile.h
    let argument = i32::try_from(argument).ok()?;
    // SAFETY: a pure function of its arguments over constant tables
    // (`stack_effect` of Python/compile.c); it needs no GIL.
    let effect =
        unsafe { ffi::PyCompile_OpcodeStackEffectWithJump(number.into(), argument, jumps.into()) };
    (effect != INVALID).then_some(effect)
}

/// The opcode that each of `count` instructions has where it isn't `INSTRUMENTED_LINE`.
#[cfg(Py_3_12)]
fn line_opcodes(memory: &dyn ReadMemory, table: usize, count: usize) -> Option<Vec<u8>> {
    let entry = match layout::LINE_HEADER {
        0 => layout::LINE_ENTRY,
        _ => usize::from(memory.value::<u8>(table)?).max(1),
    };
    let first = table.checked_add(layout::LINE_HEADER)?;
    let entries: Vec<u8> = memory.values(first, count.checked_mul(entry)?)?;
    Some(entries.into_iter().step_by(entry).collect())
}
