//! Ctrl-C, and the signals that ask a program to end.
//!
//! Most of the time the process ends at once: nothing that corer writes is left half under its final name. Work that
//! wants to close its files and write its report first holds the end back and looks at [`check`] between two steps.
//! The first one is answered at once, and a second always ends it.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;

static REQUESTED: AtomicBool = AtomicBool::new(false);
static HELD: AtomicUsize = AtomicUsize::new(0);

/// Starts to listen. `answer` tells that it was heard, where the end is held back.
///
/// # Errors
/// When the system does not let a program listen.
pub fn install(answer: impl Fn() + Send + 'static) -> Result<(), Failure> {
    ctrlc::set_handler(move || {
        let again = REQUESTED.swap(true, Ordering::SeqCst);
        if again || HELD.load(Ordering::SeqCst) == 0 {
            std::process::exit(i32::from(Exit::Interrupted.code()));
        }
        answer();
    })
    .map_err(|error| Failure::failed("corer could not prepare for Ctrl-C.").because(error))
}

/// Holds the end back while it lives.
#[derive(Debug)]
pub struct Hold(());

/// Holds the end back until the returned value is dropped.
#[must_use]
pub fn hold() -> Hold {
    HELD.fetch_add(1, Ordering::SeqCst);
    Hold(())
}

impl Drop for Hold {
    fn drop(&mut self) {
        HELD.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Whether somebody asked to stop.
pub fn requested() -> bool {
    REQUESTED.load(Ordering::SeqCst)
}

/// Whether to go on: until somebody asks to stop.
pub fn keep_going() -> ControlFlow<()> {
    if requested() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

/// Fails when somebody asked to stop.
///
/// # Errors
/// [`Failure::interrupted`].
pub fn check() -> Result<(), Failure> {
    if requested() { Err(Failure::interrupted()) } else { Ok(()) }
}

/// A writer whose writing ends when somebody asks to stop.
pub struct Stoppable<W>(pub W);

impl<W: Write> Write for Stoppable<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if requested() {
            // Not the kind `Interrupted`: that one means "try again".
            return Err(io::Error::other("stopped"));
        }
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
