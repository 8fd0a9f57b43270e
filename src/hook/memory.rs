//! Reading the interpreter's memory without the GIL.
//!
//! The interpreter may free or change what is being read. So nothing is dereferenced: the
//! kernel copies the bytes (`process_vm_readv` on our own process) and says no where there is
//! nothing, instead of a crash. What comes back may be stale or torn; whoever reads it takes
//! it for the guest's word and bounds every length.
#![allow(unsafe_code)] // a system call on raw addresses

use std::mem::{MaybeUninit, size_of};

use pyo3::ffi;

use super::layout;

/// Memory that can be read by address.
pub trait ReadMemory {
    /// Fills `into` with the bytes at `address`. Returns `false` if any of them can't be
    /// read; `into` is then unspecified.
    fn read(&self, address: usize, into: &mut [u8]) -> bool;
}

impl dyn ReadMemory + '_ {
    /// The value at `address`.
    pub fn value<T: Plain>(&self, address: usize) -> Option<T> {
        let mut value = MaybeUninit::<T>::zeroed();
        // SAFETY: as many bytes as the value has, all of them initialised.
        let bytes = unsafe {
            std::slice::from_raw_parts_mut(value.as_mut_ptr().cast::<u8>(), size_of::<T>())
        };
        // SAFETY: `Plain` types are made of any bytes.
        self.read(address, bytes)
            .then(|| unsafe { value.assume_init() })
    }

    /// The pointer at `address`; `None` if it is null, too.
    pub fn pointer(&self, address: usize) -> Option<usize> {
        self.value::<usize>(address).filter(|pointer| *pointer != 0)
    }

    /// `count` values at `address`; `None` also if memory is too short to keep them.
    pub fn values<T: Plain + Copy>(&self, address: usize, count: usize) -> Option<Vec<T>> {
        let mut values: Vec<T> = Vec::new();
        values.try_reserve_exact(count).ok()?;
        let length = count.checked_mul(size_of::<T>())?;
        let spare = values.spare_capacity_mut().as_mut_ptr().cast::<u8>();
        // SAFETY: the capacity is there; zeroes initialise it for the slice.
        let bytes = unsafe {
            spare.write_bytes(0, length);
            std::slice::from_raw_parts_mut(spare, length)
        };
        if !self.read(address, bytes) {
            return None;
        }
        // SAFETY: `count` values were initialised; `Plain` types are made of any bytes.
        unsafe { values.set_len(count) };
        Some(values)
    }
}

/// Types that any bytes are a value of: integers, raw pointers, structures of these.
///
/// # Safety
///
/// The implementor is sure of that.
pub unsafe trait Plain {}

// SAFETY: integers.
unsafe impl Plain for u8 {}
// SAFETY: integers.
unsafe impl Plain for u16 {}
// SAFETY: integers.
unsafe impl Plain for u32 {}
// SAFETY: integers.
unsafe impl Plain for usize {}
// SAFETY: integers.
unsafe impl Plain for isize {}
// SAFETY: two integers.
unsafe impl Plain for layout::CodeUnit {}
// SAFETY: raw pointers and integers.
unsafe impl Plain for layout::InterpreterFrame {}
// SAFETY: raw pointers and integers.
unsafe impl Plain for layout::ThreadState {}
// SAFETY: raw pointers and integers, the object header included.
unsafe impl Plain for layout::Code {}
#[cfg(Py_3_12)]
// SAFETY: raw pointers and integers.
unsafe impl Plain for layout::Monitoring {}
// SAFETY: a raw pointer.
unsafe impl Plain for layout::StackReference {}
// SAFETY: raw pointers and integers.
unsafe impl Plain for ffi::PyObject {}

/// The memory of this process.
#[derive(Clone, Copy, Debug)]
pub struct OwnMemory {
    process: libc::pid_t,
}

impl OwnMemory {
    /// Of the process that calls; a fork needs its own.
    pub fn new() -> OwnMemory {
        // SAFETY: takes nothing and can't fail.
        let process = unsafe { libc::getpid() };
        OwnMemory { process }
    }
}

impl Default for OwnMemory {
    fn default() -> OwnMemory {
        OwnMemory::new()
    }
}

impl ReadMemory for OwnMemory {
    fn read(&self, address: usize, into: &mut [u8]) -> bool {
        let local = libc::iovec {
            iov_base: into.as_mut_ptr().cast(),
            iov_len: into.len(),
        };
        let remote = libc::iovec {
            iov_base: std::ptr::without_provenance_mut(address),
            iov_len: into.len(),
        };
        // SAFETY: the kernel writes at most `into.len()` bytes to `into`, and checks the other
        // address itself.
        let count = unsafe { libc::process_vm_readv(self.process, &local, 1, &remote, 1, 0) };
        usize::try_from(count) == Ok(into.len())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_is_not_there_is_not_read() {
        let memory: &dyn ReadMemory = &OwnMemory::new();
        let number = 0x1234_5678_usize;
        assert_eq!(
            memory.value::<usize>((&raw const number).addr()),
            Some(number)
        );
        assert_eq!(memory.value::<usize>(8), None);
        assert_eq!(memory.values::<usize>(usize::MAX - 4, 2), None);
        assert_eq!(
            memory.values::<u8>((&raw const number).addr(), 1),
            Some(vec![0x78])
        );
    }
}
