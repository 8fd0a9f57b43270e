//! The witness: a native thread that says where the guest is, when the supervisor asks.
//!
//! A guest that is stuck in C (`10**10**8`) reaches no event and may never let go of the
//! GIL. So the witness takes no part in the interpreter: it holds no thread state, never
//! waits for the GIL, and [reads memory](super::memory) that may change under it. It follows
//! the thread states to the innermost frame, from there to the guest's nearest frame, and
//! from the instruction there and the value stack to the C function that was called.
//!
//! What it says is a statement made by the worker's memory, in which the guest runs: good
//! for a report, no proof of anything.
#![allow(unsafe_code)] // addresses of the interpreter's state; the thread's clock

use std::mem::offset_of;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use pyo3::Python;
use pyo3::ffi;

use super::knock;
use super::layout::{self, Code, InterpreterFrame, ThreadState};
use super::line_table::LineTable;
use super::memory::{OwnMemory, ReadMemory};
use super::names::Names;
use super::opcodes::{self, Opcodes, Role};
use super::value_stack::{self, ValueStack};

/// Most frames that are looked at on the way to the guest's nearest one.
const MOST_FRAMES: usize = 4096;
/// Most threads that are looked at.
const MOST_THREADS: usize = 256;
/// How often a reading is tried again when the frames changed meanwhile.
const ATTEMPTS: usize = 16;

/// Pause between two looks at a thread that may be stuck.
const PAUSE: Duration = Duration::from_micros(250);
/// How long a thread that may be stuck is looked at. The kill waits for the answer, and a
/// guest is to be dead 100 ms after its limit.
const LONGEST_LOOK: Duration = Duration::from_millis(30);
/// A thread is stuck if so many looks find it in one place while it either used CPU time
/// since the look before, or waited for something. A loop of Python code spends less than
/// half its time in any one instruction.
const SIGNS_WANTED: usize = 12;
/// So many signs do when the time is over, which happens on a busy machine.
const SIGNS_ENOUGH: usize = 6;
/// So many do then if the main thread hasn't answered a knock either.
const SIGNS_ENOUGH_UNANSWERED: usize = 2;

/// How often the main thread is knocked at while nobody asks: so that on a busy machine,
/// where a guest may get no CPU time during a look, it is known how long it has been stuck.
const KNOCK_EVERY: Duration = Duration::from_millis(50);
/// The main thread is stuck if it used so much CPU time without answering a knock: straight
/// Python code reaches a jump or a call in less.
const STUCK_AFTER: Duration = Duration::from_millis(10);

/// Tells whether a code object, by its address, is library code. Called by the witness's
/// thread: without the GIL, with an address that may no longer be that of a code object,
/// and so with a way to read memory that can't crash.
pub type IsLibrary = fn(code: usize, memory: &dyn ReadMemory) -> bool;

/// A place in Python source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The code object's file name.
    pub file: String,
    /// The line, from 1; 0 is unknown.
    pub line: u32,
    /// The code object's qualified name.
    pub function: String,
}

/// Where the guest is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The guest's nearest frame; the innermost one if no frame is the guest's.
    pub place: Place,
    /// The innermost Python frame: the same, or a library's.
    pub innermost: Place,
    /// The C function that the innermost frame is stuck in (`builtins.pow`).
    pub inside: Option<String>,
}

/// Looks at the interpreter from outside of it.
#[derive(Clone, Debug)]
pub struct Witness {
    /// Address of the main thread's state.
    main: usize,
    is_library: IsLibrary,
    memory: OwnMemory,
    opcodes: Opcodes,
    /// When the main thread was last knocked at while nobody asked, by the clock of its CPU
    /// time.
    knocked: Option<Duration>,
}

/// Why [`Witness::spawn`]'s thread was woken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// The supervisor asks.
    Asked,
    /// The time is over.
    Idle,
}

/// What moves when a thread runs Python code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Position {
    frame: usize,
    code: usize,
    instruction: usize,
}

/// A thread and the kernel's id of it.
#[derive(Clone, Copy, Debug)]
struct Thread {
    state: usize,
    native_id: usize,
}

impl Witness {
    /// A witness of the interpreter whose main thread calls this, after
    /// [`layout::check`] has passed.
    pub fn new(_py: Python<'_>, is_library: IsLibrary) -> Witness {
        // SAFETY: the token says that the GIL is held, so there is a thread state.
        let main = unsafe { ffi::PyThreadState_Get() };
        Witness {
            main: main.addr(),
            is_library,
            memory: OwnMemory::new(),
            opcodes: Opcodes::new(),
            knocked: None,
        }
    }

    /// Starts the witness's thread. It calls `wait` with the longest time to wait, over and
    /// over; whenever that says [`Wake::Asked`], the witness looks and hands what it saw to
    /// `answer`. All signals are blocked in the thread, so that Python's handlers keep running
    /// where they did.
    ///
    /// # Errors
    ///
    /// If the system refuses another thread.
    pub fn spawn(
        mut self,
        mut wait: impl FnMut(Duration) -> Wake + Send + 'static,
        mut answer: impl FnMut(Option<Answer>) + Send + 'static,
    ) -> std::io::Result<()> {
        const STACK_BYTES: usize = 256 * 1024;
        let blocked = SignalsBlocked::new();
        std::thread::Builder::new()
            .stack_size(STACK_BYTES)
            .spawn(move || {
                loop {
                    match wait(KNOCK_EVERY) {
                        Wake::Asked => answer(self.look()),
                        Wake::Idle => self.knock(),
                    }
                }
            })?;
        drop(blocked);
        Ok(())
    }

    /// Knocks at the main thread, for the first time or again.
    fn knock(&mut self) {
        let since = self.knocked.filter(|_| !knock::answered());
        let Some(main) = self.memory().value::<ThreadState>(self.main) else {
            return;
        };
        // Other threads may undo a knock, so one that wasn't answered says little then.
        let alone = main.prev.is_null();
        let now = cpu_time(main.native_thread_id as usize);
        self.knocked = (knock::knock() && alone).then_some(since.unwrap_or(now));
    }

    /// Says where the guest is now. Takes from a tenth of a millisecond to some 30: whether
    /// a thread is stuck shows only in its not moving. `None` if there is no Python frame, or
    /// if nothing could be read.
    pub fn look(&self) -> Option<Answer> {
        let thread = self.thread_of_interest()?;
        let stuck = self.stuck_position(thread);
        for _ in 0..ATTEMPTS {
            let Some(position) = self.position(thread.state) else {
                continue;
            };
            let inside = match stuck {
                Some(stuck) if stuck == position => self.inside(position),
                _ => None,
            };
            let innermost = self.place(position);
            let place = match self.guest_position(position) {
                Some(guest) if guest != position => self.place(guest),
                _ => innermost.clone(),
            };
            let (Some(place), Some(innermost)) = (place, innermost) else {
                continue;
            };
            // A frame that stands has kept its code object alive, and its callers'; an
            // instruction that stands, the values on its stack.
            let Some(now) = self.position(thread.state) else {
                continue;
            };
            if (now.frame, now.code) == (position.frame, position.code) {
                let inside = inside.filter(|_| now == position);
                return Some(Answer {
                    place,
                    innermost,
                    inside,
                });
            }
        }
        None
    }

    fn memory(&self) -> &dyn ReadMemory {
        &self.memory
    }

    /// The thread that computes, else the main thread. The state that the kernel gives isn't
    /// enough: threads that wait for the GIL wake up and ask for it all the time.
    fn thread_of_interest(&self) -> Option<Thread> {
        let threads = self.threads();
        if threads.len() < 2 {
            return threads.first().copied();
        }
        let before: Vec<Duration> = threads.iter().map(|t| cpu_time(t.native_id)).collect();
        std::thread::sleep(4 * PAUSE);
        let activity = |(thread, before): &(&Thread, &Duration)| {
            let used = cpu_time(thread.native_id).saturating_sub(**before);
            (used, is_running(thread.native_id))
        };
        // Of equals the last counts: the main thread comes first.
        let busiest = threads.iter().zip(&before).rev().max_by_key(activity)?;
        Some(*busiest.0)
    }

    /// The threads that run Python code, the main thread first.
    fn threads(&self) -> Vec<Thread> {
        let mut threads = Vec::new();
        let mut state = self.main;
        for _ in 0..MOST_THREADS {
            let Some(fields) = self.memory().value::<ThreadState>(state) else {
                break;
            };
            if self.position(state).is_some() {
                threads.push(Thread {
                    state,
                    native_id: fields.native_thread_id as usize,
                });
            }
            // States are prepended to the list, so those of later threads come before.
            state = fields.prev.addr();
            if state == 0 {
                break;
            }
        }
        threads
    }

    /// The innermost frame of a thread that runs Python code, and where in it.
    fn position(&self, thread: usize) -> Option<Position> {
        #[cfg(not(Py_3_13))]
        let slot = self
            .memory()
            .pointer(thread.wrapping_add(offset_of!(ThreadState, c_frame)))?
            .wrapping_add(offset_of!(layout::CFrame, current_frame));
        #[cfg(Py_3_13)]
        let slot = thread.wrapping_add(offset_of!(ThreadState, current_frame));
        self.positions_from(self.memory().pointer(slot)?, ControlFlow::Break)
    }

    /// The nearest frame from this one outwards that isn't library code.
    fn guest_position(&self, innermost: Position) -> Option<Position> {
        self.positions_from(innermost.frame, |position| {
            if (self.is_library)(position.code, self.memory()) {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(position)
            }
        })
    }

    /// Walks the frames that run Python code, from `frame` outwards, until `visit` breaks.
    fn positions_from(
        &self,
        frame: usize,
        visit: impl Fn(Position) -> ControlFlow<Position>,
    ) -> Option<Position> {
        let mut frame = frame;
        for _ in 0..MOST_FRAMES {
            let fields: InterpreterFrame = self.memory().value(frame)?;
            if let Some(position) = self.complete(frame, &fields)
                && let ControlFlow::Break(position) = visit(position)
            {
                return Some(position);
            }
            frame = fields.previous.addr();
            if frame == 0 {
                break;
            }
        }
        None
    }

    /// `None` for frames that run no Python code (yet), as
    /// [`frames`](super::frames) has it.
    fn complete(&self, frame: usize, fields: &InterpreterFrame) -> Option<Position> {
        #[cfg(Py_3_12)]
        if fields.owner >= layout::OWNED_BY_C {
            return None;
        }
        let code = fields.executable.object().addr();
        let instruction = fields.instruction.addr();
        if fields.owner != layout::OWNED_BY_GENERATOR {
            let begun: u32 = self
                .memory()
                .value(code.wrapping_add(offset_of!(Code, first_traceable)))?;
            let first = code.wrapping_add(offset_of!(Code, instructions));
            if instruction < first.wrapping_add(2 * begun as usize) {
                return None;
            }
        }
        Some(Position {
            frame,
            code,
            instruction,
        })
    }

    /// Where a thread is stuck; `None` if it moves, or if it can't be told.
    fn stuck_position(&self, thread: Thread) -> Option<Position> {
        let mut used = cpu_time(thread.native_id);
        let is_main = thread.state == self.main;
        if let (true, Some(knocked), false) = (is_main, self.knocked, knock::answered())
            && used.saturating_sub(knocked) >= STUCK_AFTER
        {
            return self.position(thread.state);
        }
        let knocked = is_main && knock::knock();
        let position = self.position(thread.state)?;
        let mut signs = 0;
        let begun = Instant::now();
        while signs < SIGNS_WANTED {
            if begun.elapsed() >= LONGEST_LOOK {
                let enough = if knocked {
                    SIGNS_ENOUGH_UNANSWERED
                } else {
                    SIGNS_ENOUGH
                };
                return (signs >= enough).then_some(position);
            }
            std::thread::sleep(PAUSE);
            if knocked && !knock::answered() {
                knock::knock();
            }
            if (knocked && knock::answered()) || self.position(thread.state)? != position {
                return None;
            }
            let now = cpu_time(thread.native_id);
            if now > used || !is_running(thread.native_id) {
                signs += 1;
            }
            used = now;
        }
        Some(position)
    }

    /// File, line and function of a frame.
    fn place(&self, position: Position) -> Option<Place> {
        let names = Names::new(self.memory());
        let code: Code = self.memory().value(position.code)?;
        let table = value_stack::bytes(self.memory(), code.line_table.addr())?;
        let offset = value_stack::unit(position.code, position.instruction) * 2;
        let line = LineTable::new(&table, code.first_line)
            .line_at(u32::try_from(offset).unwrap_or(u32::MAX));
        Some(Place {
            file: names.text(code.filename.addr())?,
            line: line.unwrap_or(0),
            function: names.text(code.qualname.addr())?,
        })
    }

    /// The C function that the instruction at hand runs; `None` if it runs none.
    fn inside(&self, position: Position) -> Option<String> {
        let stack = ValueStack::of(
            self.memory(),
            &self.opcodes,
            position.frame,
            position.code,
            position.instruction,
        )?;
        self.called(&stack)
    }

    /// Name of the C function that this instruction calls, by the values on its stack.
    fn called(&self, stack: &ValueStack<'_>) -> Option<String> {
        let names = Names::new(self.memory());
        let (reached, value) = (&stack.reached, |position| stack.value(position));
        match reached.opcode.role {
            Role::Plain | Role::KeywordNames => None,
            Role::Call { .. } | Role::CallUnpacked { .. } | Role::Callable { .. } => {
                names.callable(stack.callable()?)
            }
            Role::Enter => {
                let top = value(1)?;
                names.method(names.bound_to(top).unwrap_or(top), "__enter__")
            }
            Role::Binary => self.binary(&names, reached.argument, value(2)?, value(1)?),
            Role::Compare => names.method(value(2)?, opcodes::comparison(reached.argument)?),
            Role::Next { position } => names.method(value(u32::from(position))?, "__next__"),
            Role::Contains => {
                let container = value(1)?;
                // Without one of its own, `in` walks the object's iterator.
                let own = names.has_contains(container);
                names.method(container, if own { "__contains__" } else { "__next__" })
            }
            Role::Method { position, name } => names.method(value(u32::from(position))?, name),
            Role::Function(name) => Some(name.to_owned()),
        }
    }

    /// `builtins.int.__pow__`, or the right operand's reflected method where the left one is
    /// an integer and the right one isn't (`3 * [0]`).
    fn binary(
        &self,
        names: &Names<'_>,
        argument: u32,
        left: usize,
        right: usize,
    ) -> Option<String> {
        if argument == opcodes::SUBSCRIPTION {
            return names.method(left, "__getitem__");
        }
        let (operator, in_place) = opcodes::binary_operator(argument)?;
        let reflected = names.is_integer(left) && !names.is_integer(right);
        // Integers have no in-place operators of their own.
        let prefix = match (reflected, in_place && !names.is_integer(left)) {
            (true, _) => "r",
            (false, true) => "i",
            (false, false) => "",
        };
        names.method(
            if reflected { right } else { left },
            &format!("__{prefix}{operator}__"),
        )
    }
}

/// CPU time that a thread of this process has used; zero if there is no such thread.
fn cpu_time(native_id: usize) -> Duration {
    /// `CPUCLOCK_PERTHREAD_MASK | CPUCLOCK_SCHED` of the kernel's
    /// `include/linux/posix-timers_types.h`: the clock is the inverted id above three bits.
    const THREAD_CLOCK: libc::clockid_t = 4 | 2;
    let Ok(native_id) = libc::pid_t::try_from(native_id) else {
        return Duration::ZERO;
    };
    let clock = (!native_id << 3) | THREAD_CLOCK;
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the kernel fills the structure or refuses.
    if unsafe { libc::clock_gettime(clock, &raw mut time) } != 0 {
        return Duration::ZERO;
    }
    Duration::new(
        u64::try_from(time.tv_sec).unwrap_or(0),
        u32::try_from(time.tv_nsec).unwrap_or(0),
    )
}

/// Is this thread running or ready to run (state R of `/proc`)? `false` if that can't be read.
fn is_running(native_id: usize) -> bool {
    std::fs::read(format!("/proc/self/task/{native_id}/stat")).is_ok_and(|stat| {
        // The state follows the name, which is in parentheses and may contain any others.
        let end = stat.iter().rposition(|byte| *byte == b')');
        end.and_then(|end| stat.get(end + 2)) == Some(&b'R')
    })
}

/// Blocks all signals in the calling thread, and so in threads that it starts, until dropped.
struct SignalsBlocked(libc::sigset_t);

impl SignalsBlocked {
    fn new() -> SignalsBlocked {
        // SAFETY: signal sets are plain data, which the calls fill; with these arguments they
        // can't fail.
        unsafe {
            let mut all: libc::sigset_t = std::mem::zeroed();
            let mut before: libc::sigset_t = std::mem::zeroed();
            libc::sigfillset(&raw mut all);
            libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, &raw mut before);
            SignalsBlocked(before)
        }
    }
}

impl Drop for SignalsBlocked {
    fn drop(&mut self) {
        // SAFETY: sets the mask that was read before.
        unsafe {
            libc::pthread_sigmask(libc::SIG_SETMASK, &raw const self.0, std::ptr::null_mut());
        }
    }
}
