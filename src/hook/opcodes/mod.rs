//! What the witness needs to know of each instruction of CPython's bytecode.
//!
//! The bytecode in memory isn't what the compiler wrote: the interpreter replaces
//! instructions by specialised ones, and monitoring by instrumented ones. The tables of
//! each version bring them back to their base, whose [`Role`] says where on the value stack
//! the thing stands that it calls.

#[cfg(not(Py_3_12))]
#[allow(
    dead_code,
    reason = "the tables have one form, and 3.11 instruments nothing"
)]
mod cp311;
#[cfg(all(Py_3_12, not(Py_3_13)))]
mod cp312;
#[cfg(all(Py_3_13, not(Py_3_14)))]
mod cp313;
#[cfg(all(Py_3_14, not(Py_3_15)))]
mod cp314;
#[cfg(Py_3_15)]
mod cp315;

#[cfg(not(Py_3_12))]
use cp311 as version;
#[cfg(all(Py_3_12, not(Py_3_13)))]
use cp312 as version;
#[cfg(all(Py_3_13, not(Py_3_14)))]
use cp313 as version;
#[cfg(all(Py_3_14, not(Py_3_15)))]
use cp314 as version;
#[cfg(Py_3_15)]
use cp315 as version;

/// `INSTRUMENTED_LINE`: what it stands for is kept beside the code.
#[cfg(Py_3_12)]
pub const INSTRUMENTED_LINE: Option<u8> = version::INSTRUMENTED_LINE;
/// `INSTRUMENTED_INSTRUCTION`: what it stands for is kept beside the code.
#[cfg(Py_3_12)]
pub const INSTRUMENTED_INSTRUCTION: Option<u8> = version::INSTRUMENTED_INSTRUCTION;

/// Where an instruction may jump, relative to the instruction behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jump {
    /// It doesn't.
    None,
    /// Onwards by its argument, in code units.
    Forward,
    /// Back by its argument, in code units.
    Backward,
}

/// One base instruction.
#[derive(Clone, Copy, Debug)]
struct Row {
    number: u8,
    name: &'static str,
    caches: u8,
    jump: Jump,
    /// Specialised and instrumented forms of it.
    forms: &'static [u8],
}

const fn row(number: u8, name: &'static str, caches: u8, jump: Jump, forms: &'static [u8]) -> Row {
    Row {
        number,
        name,
        caches,
        jump,
        forms,
    }
}

/// What an instruction calls, and where on the value stack that stands. Positions count
/// from the top, which is 1, before the instruction has popped anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It calls nothing that could take long.
    Plain,
    /// It calls the callable below so many values and its arguments.
    Call {
        /// Values above the arguments.
        above: u8,
    },
    /// It calls the callable at this position, plus one if the argument is odd.
    CallUnpacked {
        /// Position of the callable when the argument is even.
        callable: u8,
    },
    /// It calls the callable at this position.
    Callable {
        /// Its position.
        position: u8,
    },
    /// `with`: it calls `__enter__` of the value on top, or of the object whose bound
    /// `__exit__` is on top.
    Enter,
    /// Binary operators: the argument says which.
    Binary,
    /// Comparisons: the argument says which.
    Compare,
    /// It runs the iterator at this position.
    Next {
        /// The iterator's position.
        position: u8,
    },
    /// `in`: it asks the value on top.
    Contains,
    /// It calls this special method of the value at this position.
    Method {
        /// The value's position.
        position: u8,
        /// The method's name.
        name: &'static str,
    },
    /// It names the keyword arguments of the call behind it.
    KeywordNames,
    /// It does what this function does.
    Function(&'static str),
}

/// A base instruction, ready for use.
#[derive(Clone, Copy, Debug)]
pub struct Opcode {
    /// Its number, as the stack effect of CPython's compiler is asked for.
    pub number: u8,
    /// Units of inline cache behind it.
    pub caches: u8,
    /// Where it may jump.
    pub jump: Jump,
    /// Does control never reach the instruction behind it?
    pub leaves: bool,
    /// Is it a prefix that extends the next instruction's argument?
    pub extends: bool,
    /// What its stack effect is where that of the compiler isn't what happens at run time.
    pub effect: Effect,
    /// What it calls.
    pub role: Role,
}

/// How many values an instruction leaves on the stack, less those that it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// As the compiler's own table has it.
    Compiler,
    /// This many.
    Fixed(i8),
    /// It takes its argument's number of values and one more (CALL of 3.11, whose PRECALL
    /// takes the arguments off by the compiler's account only).
    TakesArguments,
}

impl Row {
    fn opcode(&self) -> Opcode {
        Opcode {
            number: self.number,
            caches: self.caches,
            jump: self.jump,
            leaves: matches!(
                self.name,
                "JUMP_FORWARD"
                    | "JUMP_BACKWARD"
                    | "JUMP_BACKWARD_NO_INTERRUPT"
                    | "RETURN_VALUE"
                    | "RETURN_CONST"
                    | "RAISE_VARARGS"
                    | "RERAISE"
                    | "INTERPRETER_EXIT"
            ),
            extends: self.name == "EXTENDED_ARG",
            effect: match self.name {
                "PRECALL" => Effect::Fixed(0),
                "CALL" if cfg!(not(Py_3_12)) => Effect::TakesArguments,
                // The generator's first `send` puts a value on its stack.
                "RETURN_GENERATOR" => Effect::Fixed(1),
                _ => Effect::Compiler,
            },
            role: role(self.name),
        }
    }
}

fn role(name: &str) -> Role {
    let method = |position, name| Role::Method { position, name };
    match name {
        "PRECALL" | "CALL" => Role::Call { above: 0 },
        "KW_NAMES" => Role::KeywordNames,
        "CALL_KW" => Role::Call { above: 1 },
        // From 3.14 keywords, or null, are always there.
        "CALL_FUNCTION_EX" if cfg!(Py_3_14) => Role::Callable { position: 4 },
        "CALL_FUNCTION_EX" => Role::CallUnpacked {
            callable: if cfg!(Py_3_13) { 3 } else { 2 },
        },
        // From 3.14 followed by what it is bound to.
        "WITH_EXCEPT_START" => Role::Callable {
            position: if cfg!(Py_3_14) { 5 } else { 4 },
        },
        "BEFORE_WITH" => Role::Enter,
        "BINARY_OP" => Role::Binary,
        "COMPARE_OP" => Role::Compare,
        "CONTAINS_OP" => Role::Contains,
        // From 3.15 an index, or null, is above it.
        "FOR_ITER" => Role::Next {
            position: if cfg!(Py_3_15) { 2 } else { 1 },
        },
        "GET_ITER" => method(1, "__iter__"),
        "BINARY_SUBSCR" => method(2, "__getitem__"),
        "BINARY_SLICE" => method(3, "__getitem__"),
        "STORE_SUBSCR" => method(2, "__setitem__"),
        "STORE_SLICE" => method(3, "__setitem__"),
        "DELETE_SUBSCR" => method(2, "__delitem__"),
        "UNARY_NEGATIVE" => method(1, "__neg__"),
        "UNARY_POSITIVE" => method(1, "__pos__"),
        "UNARY_INVERT" => method(1, "__invert__"),
        "FORMAT_SIMPLE" => method(1, "__format__"),
        "FORMAT_WITH_SPEC" => method(2, "__format__"),
        "UNPACK_SEQUENCE" | "UNPACK_EX" => method(1, "__iter__"),
        "LIST_EXTEND" => Role::Function("builtins.list.extend"),
        "SET_UPDATE" => Role::Function("builtins.set.update"),
        "DICT_UPDATE" | "DICT_MERGE" => Role::Function("builtins.dict.update"),
        "BUILD_STRING" => Role::Function("builtins.str.join"),
        "FORMAT_VALUE" => Role::Function("builtins.format"),
        "IMPORT_NAME" => Role::Function("builtins.__import__"),
        _ => Role::Plain,
    }
}

/// The instructions by the number that stands in memory.
#[derive(Clone, Debug)]
pub struct Opcodes {
    base: [Option<Opcode>; 256],
}

impl Opcodes {
    /// Those of the CPython that this library is built for.
    pub fn new() -> Opcodes {
        let mut base = [None; 256];
        for row in version::ROWS {
            let opcode = row.opcode();
            base[usize::from(row.number)] = Some(opcode);
            for &form in row.forms {
                base[usize::from(form)] = Some(opcode);
            }
        }
        Opcodes { base }
    }

    /// The base of the instruction with this number; `None` if there is no such, or if what
    /// it stands for is kept elsewhere.
    pub fn get(&self, number: u8) -> Option<&Opcode> {
        self.base[usize::from(number)].as_ref()
    }
}

impl Default for Opcodes {
    fn default() -> Opcodes {
        Opcodes::new()
    }
}

/// The argument by which `BINARY_OP` is a subscription (`NB_SUBSCR`), from 3.14 on.
pub const SUBSCRIPTION: u32 = 26;

/// Special method of a binary operator without its underscores, by the argument of
/// `BINARY_OP` (`NB_*` of `Include/opcode.h`), the same on 3.11 to 3.15. In-place operators
/// follow in the same order.
pub fn binary_operator(argument: u32) -> Option<(&'static str, bool)> {
    const NAMES: [&str; 13] = [
        "add", "and", "floordiv", "lshift", "matmul", "mul", "mod", "or", "pow", "rshift", "sub",
        "truediv", "xor",
    ];
    let argument = argument as usize;
    let in_place = argument >= NAMES.len();
    let name = NAMES.get(argument - if in_place { NAMES.len() } else { 0 })?;
    Some((name, in_place))
}

/// Special method of a comparison, by the argument of `COMPARE_OP` (`Py_LT` and so on).
pub fn comparison(argument: u32) -> Option<&'static str> {
    const NAMES: [&str; 6] = ["__lt__", "__le__", "__eq__", "__ne__", "__gt__", "__ge__"];
    // From 3.12 on other things are in the low bits.
    let shift = if cfg!(Py_3_13) {
        5
    } else if cfg!(Py_3_12) {
        4
    } else {
        0
    };
    NAMES.get((argument >> shift) as usize).copied()
}
