//! Room for decoders: several small pictures at a time, or one large one.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

use super::memory_budget::decoder_memory;

/// Memory that is shared out, in bytes.
#[derive(Debug)]
pub(super) struct Memory {
    free: Mutex<u64>,
    freed: Condvar,
}

/// A share of the memory, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Share<'a> {
    memory: &'a Memory,
    bytes: u64,
}

impl Memory {
    pub(super) fn new(bytes: u64) -> Self {
        Self { free: Mutex::new(bytes), freed: Condvar::new() }
    }

    /// The memory of the process, which all of its converters share.
    pub(super) fn shared() -> Arc<Self> {
        static SHARED: OnceLock<Arc<Memory>> = OnceLock::new();
        Arc::clone(SHARED.get_or_init(|| Arc::new(Self::new(decoder_memory()))))
    }

    /// Waits until there is room for `bytes`, which must not be more than there is in all.
    pub(super) fn take(&self, bytes: u64) -> Share<'_> {
        let mut free = self.lock();
        while *free < bytes {
            free = self.freed.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
        *free -= bytes;
        Share { memory: self, bytes }
    }

    fn lock(&self) -> MutexGuard<'_, u64> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Share<'_> {
    /// Never gives the memory back, because whoever uses it cannot be stopped.
    pub(super) fn lose(mut self) {
        self.bytes = 0;
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        *self.memory.lock() += self.bytes;
        self.memory.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[test]
    fn no_more_is_out_than_there_is() {
        let (memory, out) = (Memory::new(10), AtomicU64::new(0));
        std::thread::scope(|scope| {
            for bytes in [3, 4, 5, 6, 7, 10] {
                let (memory, out) = (&memory, &out);
                scope.spawn(move || {
                    for _ in 0..50 {
                        let _share = memory.take(bytes);
                        assert!(out.fetch_add(bytes, Ordering::SeqCst) + bytes <= 10);
                        out.fetch_sub(bytes, Ordering::SeqCst);
                    }
                });
            }
        });
        assert_eq!(*memory.lock(), 10);
    }
}
