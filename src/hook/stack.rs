//! Who calls: the Python frames of the calling thread, and to whom a call belongs.
//!
//! "The caller is the nearest Python frame; where that is library code which doesn't itself
//! name the function, the call belongs to the nearest guest frame, else to whoever started
//! the thread": so `Thread(target=sorted)` by a guest is the guest's call, and the `sorted`
//! that heapq writes itself is heapq's.

use std::sync::Arc;

use super::ffi::attached;
use super::ffi::code::{Code, Origin};
use super::ffi::object::Ref;
use super::ffi::traceback;
use super::frames;
use super::state::Hook;
use super::threads;
use crate::protocol::record::Place;

/// A frame on the calling thread's stack. It stands until Python runs again in this thread,
/// and so for as long as a callback of the hook looks at it.
pub type Frame = frames::Frame<'static>;

/// The innermost Python frame of this thread: from where a C function is called.
#[inline]
pub fn innermost() -> Option<Frame> {
    frames::current(attached::token())
}

/// Stands for a module that doesn't say its name.
const UNNAMED: &str = "?";

/// `__name__` of a module's namespace.
pub fn module_name(namespace: Ref<'_>) -> &str {
    namespace
        .entry("__name__")
        .and_then(Ref::text)
        .unwrap_or(UNNAMED)
}

/// One Python frame with its code.
#[derive(Clone, Copy, Debug)]
pub struct Caller {
    /// The frame.
    pub frame: Frame,
    /// What it runs. Borrowed from the frame, so valid until Python runs again.
    pub code: Code<'static>,
}

impl Caller {
    /// Is it the guest's? What isn't known is.
    pub fn is_guest(self) -> bool {
        self.code
            .info()
            .is_none_or(|info| info.origin == Origin::Guest)
    }

    /// Its module's namespace.
    pub fn globals(self) -> Option<Ref<'static>> {
        attached::borrowed(self.frame.globals())
    }

    /// A local variable by its position (arguments come first).
    pub fn local(self, index: usize) -> Option<Ref<'static>> {
        attached::borrowed(self.frame.fast_local(index))
    }

    /// Its place in the source.
    pub fn place(self, hook: &Hook) -> Place {
        let labels = super::codes::labels(hook, self.code);
        Place {
            file: labels.file,
            line: self.frame.line(),
            function: labels.function,
        }
    }
}

/// The frames of this thread, innermost first.
pub fn callers() -> impl Iterator<Item = Caller> + Clone {
    callers_from(innermost())
}

/// A frame and those below it.
pub fn callers_from(innermost: Option<Frame>) -> impl Iterator<Item = Caller> + Clone {
    std::iter::successors(innermost, |frame| frame.previous()).filter_map(|frame| {
        let code = Code::new(attached::borrowed(frame.code().cast())?)?;
        Some(Caller { frame, code })
    })
}

/// To whom a call belongs.
#[derive(Clone, Copy, Debug)]
pub struct Asker {
    /// Does it belong to guest code?
    pub guest: bool,
    /// The frame it belongs to; `None` when no Python frame is left.
    pub caller: Option<Caller>,
}

impl Asker {
    /// The module that it belongs to: that of the code which asks, told by where the code came
    /// from and never by `__name__`; in a thread without guest code, that of whoever started it.
    pub fn module(&self, hook: &'static Hook) -> Arc<str> {
        let own = self.caller.filter(|caller| caller.is_guest() == self.guest);
        own.and_then(|caller| super::codes::of_frame(hook, caller))
            .map_or_else(threads::starter, |info| Arc::clone(&info.module))
    }
}

/// The module of the nearest guest frame whose code is known; without one, that of whoever
/// started the thread.
pub fn guest_module(innermost: Option<Frame>) -> Arc<str> {
    callers_from(innermost)
        .filter_map(|caller| caller.code.info())
        .find(|info| info.origin == Origin::Guest)
        .map_or_else(threads::starter, |info| Arc::clone(&info.module))
}

/// To whom a call of the function `name` belongs, made from `innermost`.
pub fn asker(innermost: Option<Frame>, name: &str) -> Asker {
    let mut callers = callers_from(innermost);
    let Some(nearest) = callers.next() else {
        return Asker {
            guest: threads::started_by_guest(),
            caller: None,
        };
    };
    if nearest.is_guest() {
        return Asker {
            guest: true,
            caller: Some(nearest),
        };
    }
    // Methods of protocols are called by syntax (`with`, `for`, operators), which names none.
    if nearest.code.mentions(name) || (name.starts_with("__") && name.ends_with("__")) {
        return Asker {
            guest: false,
            caller: Some(nearest),
        };
    }
    match callers.find(|caller| caller.is_guest()) {
        Some(caller) => Asker {
            guest: true,
            caller: Some(caller),
        },
        None => Asker {
            guest: threads::started_by_guest(),
            caller: Some(nearest),
        },
    }
}

/// The frame that a report names: the nearest guest frame, else the innermost frame.
pub fn reported_frame(innermost: Option<Frame>) -> Option<Caller> {
    let mut callers = callers_from(innermost);
    callers
        .clone()
        .find(|caller| caller.is_guest())
        .or_else(|| callers.next())
}

/// The place of the frame that a report names.
pub fn reported_place(hook: &Hook, innermost: Option<Frame>) -> Place {
    reported_frame(innermost)
        .map(|caller| caller.place(hook))
        .unwrap_or_default()
}

/// Live guest frames from a frame on.
pub fn guest_depth(innermost: Option<Frame>) -> u64 {
    callers_from(innermost)
        .filter(|caller| caller.is_guest())
        .count() as u64
}

/// The guest's last line in a traceback: where an exception left guest code.
pub fn raised_at(hook: &Hook, traceback: Ref<'_>) -> Option<Place> {
    traceback::entries(traceback)
        .filter(|(code, _)| code.info().is_none_or(|info| info.origin == Origin::Guest))
        .map(|(code, line)| {
            let labels = super::codes::labels(hook, code);
            Place {
                file: labels.file,
                line,
                function: labels.function,
            }
        })
        .last()
}
