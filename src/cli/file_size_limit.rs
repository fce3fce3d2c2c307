//! Files that may not become as large as they would.
//!
//! Where a limit stands (`ulimit -f`), the system ends a program that writes past it, in the middle and without a word, unless
//! the program listens to the signal. Then the writing fails, and that is told like a full disk.

use crate::cli::failure::Failure;

/// Makes writing past the limit fail instead of ending the program.
///
/// # Errors
/// When the system does not let a program listen.
#[cfg(unix)]
pub fn fail_instead_of_killing() -> Result<(), Failure> {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;
    // Nobody looks at it: that somebody listens is enough.
    let heard = Arc::new(AtomicBool::new(false));
    signal_hook::flag::register(SIGXFSZ, heard)
        .map(drop)
        .map_err(|error| Failure::failed("corer could not prepare for limits of files.").because(error))
}

/// The number of the signal, the same on all systems that have it.
#[cfg(unix)]
const SIGXFSZ: i32 = 25;

/// Other systems have no such signal.
#[cfg(not(unix))]
pub fn fail_instead_of_killing() -> Result<(), Failure> {
    Ok(())
}
