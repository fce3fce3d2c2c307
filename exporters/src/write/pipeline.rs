//! Reading ahead: records are read on this thread and written on another, a few batches behind.

use std::ops::ControlFlow;
use std::sync::mpsc::{SyncSender, sync_channel};

/// How many batches may wait between the two.
const WAITING: usize = 2;

/// Hands on what `read` finds to `write`, which runs on a thread of its own. `read` is told to stop when `write` fails.
/// `batch` records travel together; so many for each that may wait are held at once.
///
/// # Errors
/// The first of `write`.
pub(crate) fn read_ahead<T: Send, E: Send>(
    batch: usize,
    read: impl FnOnce(&mut dyn FnMut(T) -> ControlFlow<()>),
    mut write: impl FnMut(T) -> Result<(), E> + Send,
) -> Result<(), E> {
    let (sender, receiver) = sync_channel::<Vec<T>>(WAITING);
    std::thread::scope(|scope| {
        let writer = scope.spawn(move || receiver.into_iter().flatten().try_for_each(&mut write));
        let mut batches = Batches { sender, batch, batch_so_far: Vec::with_capacity(batch) };
        read(&mut |record| batches.push(record));
        // The writer may have ended already: then it says why.
        let _ = batches.send();
        drop(batches);
        writer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// Records on their way to the writer.
struct Batches<T> {
    sender: SyncSender<Vec<T>>,
    batch: usize,
    batch_so_far: Vec<T>,
}

impl<T> Batches<T> {
    fn push(&mut self, record: T) -> ControlFlow<()> {
        self.batch_so_far.push(record);
        if self.batch_so_far.len() < self.batch { ControlFlow::Continue(()) } else { self.send() }
    }

    fn send(&mut self) -> ControlFlow<()> {
        let whole = std::mem::replace(&mut self.batch_so_far, Vec::with_capacity(self.batch));
        self.sender.send(whole).map_or(ControlFlow::Break(()), ControlFlow::Continue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_arrives_in_order() {
        for count in [0, 1, 4, 5, 1000] {
            let mut arrived = Vec::new();
            let read =
                |push: &mut dyn FnMut(u32) -> ControlFlow<()>| assert!((0..count).try_for_each(push).is_continue());
            read_ahead(4, read, |number| {
                arrived.push(number);
                Ok::<(), ()>(())
            })
            .unwrap();
            assert_eq!(arrived, (0..count).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_failure_stops_the_reading() {
        let mut read = 0;
        let failed = read_ahead(
            4,
            |push| {
                while read < 1_000_000 && push(read).is_continue() {
                    read += 1;
                }
            },
            |number| if number < 10 { Ok(()) } else { Err(number) },
        );
        assert_eq!(failed, Err(10));
        assert!(read < 1000);
    }
}
