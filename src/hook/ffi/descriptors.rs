//! Descriptors that belong to the guest.
#![allow(unsafe_code)] // borrows descriptors by number

use std::os::fd::{BorrowedFd, RawFd};

/// Asks something about a descriptor of this process that may be closed at any time.
pub fn with_borrowed<R>(fd: RawFd, ask: impl FnOnce(BorrowedFd<'_>) -> R) -> R {
    // SAFETY: the borrow is only used for questions that change nothing; a number that is
    // closed meanwhile gives EBADF, one that is used again answers for the new file.
    ask(unsafe { BorrowedFd::borrow_raw(fd) })
}
