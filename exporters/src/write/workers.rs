//! Work that several threads share: each takes the next piece, until there is none or one of them fails.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// So many pieces of work, handed out in their order.
#[derive(Debug)]
pub(crate) struct WorkQueue {
    count: usize,
    next: AtomicUsize,
    is_stopped: AtomicBool,
}

impl WorkQueue {
    /// Pieces 0 to `count`.
    pub(crate) fn of(count: usize) -> Self {
        Self { count, next: AtomicUsize::new(0), is_stopped: AtomicBool::new(false) }
    }

    /// The next piece; `None` when there is none left, and when a thread has failed.
    pub(crate) fn next(&self) -> Option<usize> {
        Some(self.next.fetch_add(1, Ordering::Relaxed)).filter(|next| *next < self.count && !self.is_stopped())
    }

    /// Whether a thread has failed, so that the others end.
    pub(crate) fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }

    /// Runs `one` on several threads, no more than there are pieces, and gives what each made, in their order. `one` gets the
    /// number of its thread.
    ///
    /// # Errors
    /// That of the thread which failed first: it is why the others ended.
    pub(crate) fn share<T: Send, E: Send>(
        &self,
        threads: usize,
        one: impl Fn(usize) -> Result<T, E> + Sync,
    ) -> Result<Vec<T>, E> {
        let failure = Mutex::new(None);
        let run = |worker| match one(worker) {
            Ok(made) => Some(made),
            Err(error) => {
                if !self.is_stopped.swap(true, Ordering::Relaxed)
                    && let Ok(mut first) = failure.lock()
                {
                    *first = Some(error);
                }
                None
            }
        };
        let made = std::thread::scope(|scope| {
            let run = &run;
            let work = |worker| scope.spawn(move || run(worker));
            let threads: Vec<_> = (0..threads.clamp(1, self.count.max(1))).map(work).collect();
            let join = |thread: std::thread::ScopedJoinHandle<'_, Option<T>>| {
                thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            threads.into_iter().filter_map(join).collect()
        });
        match failure.into_inner() {
            Ok(Some(error)) => Err(error),
            _ => Ok(made),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_piece_is_done_once() {
        let work = WorkQueue::of(1000);
        let all = |_| {
            let mut done = Vec::new();
            while let Some(piece) = work.next() {
                done.push(piece);
            }
            Ok::<_, ()>(done)
        };
        let mut done: Vec<usize> = work.share(8, all).unwrap().into_iter().flatten().collect();
        done.sort_unstable();
        assert!(done.into_iter().eq(0..1000));
        assert_eq!(WorkQueue::of(0).share(8, Ok::<_, ()>).unwrap(), [0], "one thread, also for nothing");
    }

    #[test]
    fn the_first_failure_counts_and_ends_the_others() {
        let work = WorkQueue::of(1_000_000);
        let one = |_| {
            while let Some(piece) = work.next() {
                if piece == 500 {
                    return Err("broken");
                }
                if work.is_stopped() {
                    return Err("stopped");
                }
            }
            Ok(())
        };
        assert_eq!(work.share(4, one), Err("broken"));
        assert_eq!(work.next(), None);
    }
}
