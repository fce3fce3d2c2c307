//! Work that is not trusted, on a thread of its own.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

use super::ConvertError;

/// The stack of such a thread, in bytes. Decoders of pictures nest little; the rest is room.
const STACK: usize = 8 << 20;

/// Does `work`, for at most `time`. A panic in it is an error like any other.
///
/// # Errors
/// [`ConvertError::Crashed`] after a panic. [`ConvertError::TooSlow`] when the time is over: the thread cannot be stopped
/// then, and goes on until the program ends.
pub(super) fn isolated<T: Send + 'static>(
    time: Duration,
    work: impl FnOnce() -> Result<T, ConvertError> + Send + 'static,
) -> Result<T, ConvertError> {
    let (sender, receiver) = sync_channel(1);
    let quiet = move || {
        let done = catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(ConvertError::Crashed));
        // Nobody waits for what came too late.
        let _ = sender.send(done);
    };
    let started = thread::Builder::new().name(NAME.to_owned()).stack_size(STACK).spawn(quiet);
    if started.is_err() {
        return Err(ConvertError::TooLarge("there is no room for another decoder now".to_owned()));
    }
    match receiver.recv_timeout(time) {
        Ok(done) => done,
        Err(RecvTimeoutError::Timeout) => Err(ConvertError::TooSlow),
        Err(RecvTimeoutError::Disconnected) => Err(ConvertError::Crashed),
    }
}

/// What such a thread is called.
const NAME: &str = "picture";

/// Whether this is a thread on which a decoder runs: a panic here costs one picture and is told with it, so that a
/// program's panic hook should do nothing.
pub fn is_decoding() -> bool {
    thread::current().name() == Some(NAME)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_or_a_delay_is_an_error_of_one_picture() {
        assert_eq!(isolated(Duration::from_secs(60), || Ok(1)), Ok(1));
        let panics = || if std::hint::black_box(true) { panic!("an odd picture") } else { Ok(()) };
        assert_eq!(isolated(Duration::from_secs(60), panics), Err(ConvertError::Crashed));
        let sleeps = || {
            thread::sleep(Duration::from_secs(5));
            Ok(())
        };
        assert_eq!(isolated(Duration::from_millis(20), sleeps), Err(ConvertError::TooSlow));
    }
}
