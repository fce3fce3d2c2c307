//! Asking for a password on the terminal, without echo.
//!
//! The question waits in a thread of its own: a signal must end the program at once, and the terminal must echo again
//! whatever the thread has done to it.

use std::io;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use crate::cli::terminal::interrupt;

/// Between two looks whether somebody asked to stop.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// How a question ended.
pub enum Reply {
    /// With these words; perhaps with none.
    Typed(String),
    /// Somebody asked to stop.
    Interrupted,
    /// There is no terminal, or it went away.
    NoTerminal,
}

/// Asks.
pub fn ask(question: String) -> Reply {
    let _hold = interrupt::hold();
    let terminal = Terminal::remember();
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || sender.send(rpassword::prompt_password(question)));
    let reply = loop {
        match receiver.recv_timeout(LOOK_EVERY) {
            Ok(reply) => break reply_of(reply),
            Err(RecvTimeoutError::Timeout) if interrupt::requested() => break Reply::Interrupted,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break Reply::NoTerminal,
        }
    };
    terminal.restore();
    reply
}

fn reply_of(result: io::Result<String>) -> Reply {
    match result {
        Ok(typed) => Reply::Typed(typed),
        Err(_) if interrupt::requested() => Reply::Interrupted,
        Err(error) => match error.kind() {
            io::ErrorKind::Interrupted => Reply::Interrupted,
            // Ctrl-D: an answer without words.
            io::ErrorKind::UnexpectedEof => Reply::Typed(String::new()),
            _ => Reply::NoTerminal,
        },
    }
}

/// How the terminal was before the question.
#[cfg(unix)]
struct Terminal(Option<(std::fs::File, rustix::termios::Termios)>);

#[cfg(unix)]
impl Terminal {
    fn remember() -> Self {
        let remember = || {
            let terminal = std::fs::File::open("/dev/tty")?;
            let state = rustix::termios::tcgetattr(&terminal)?;
            io::Result::Ok((terminal, state))
        };
        Self(remember().ok())
    }

    fn restore(self) {
        if let Some((terminal, state)) = self.0 {
            // A terminal that went away needs nothing.
            let _ = rustix::termios::tcsetattr(terminal, rustix::termios::OptionalActions::Now, &state);
        }
    }
}

/// Windows gives a console back as it was.
#[cfg(not(unix))]
struct Terminal;

#[cfg(not(unix))]
impl Terminal {
    fn remember() -> Self {
        Self
    }

    fn restore(self) {}
}
