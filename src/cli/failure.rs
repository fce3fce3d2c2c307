//! Why a command could not do what was asked, in sentences: what happened, why, and what to type next.

use std::fmt::Display;
use std::io::{self, Write};

use corer_exporters::output::{ExportError, OutputError, is_no_space};
use corer_exporters::saved::SavedError;

use crate::cli::exit::Exit;
use crate::cli::sentence::{sentence, with_full_stop};

/// The end of a command that could not finish. Shown once, at the end of the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    exit: Exit,
    what: String,
    why: Option<String>,
    hints: Vec<String>,
}

impl Failure {
    /// A failure of this kind. `what` says in a full sentence what happened.
    pub fn new(exit: Exit, what: impl Into<String>) -> Self {
        Self { exit, what: what.into(), why: None, hints: Vec::new() }
    }

    /// A failure without a code of its own.
    pub fn failed(what: impl Into<String>) -> Self {
        Self::new(Exit::Failed, what)
    }

    /// A command line that makes no sense.
    pub fn usage(what: impl Into<String>) -> Self {
        Self::new(Exit::Usage, what)
    }

    /// The person or another program asked corer to stop.
    pub fn interrupted() -> Self {
        Self::new(Exit::Interrupted, "Stopped before the end. What was finished stays.")
    }

    /// An error of the operating system: a full disk has an exit code of its own.
    pub fn io(what: impl Into<String>, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::FileTooLarge => Self::too_large(what),
            _ if is_no_space(error) => Self::full(what).hint("Make room, or choose another disk, and run this again."),
            _ => Self::failed(what).because(format!("The system says: {error}.")),
        }
    }

    /// A limit of sizes, whoever set it.
    fn too_large(what: impl Into<String>) -> Self {
        Self::new(Exit::NoSpace, what)
            .because("A file may not become that large here.")
            .hint("The limit is that of this session (ulimit -f) or of the disk: FAT takes 4 GB in a file.")
    }

    /// No room, whoever chose the place.
    fn full(what: impl Into<String>) -> Self {
        Self::new(Exit::NoSpace, what).because("The disk is full.")
    }

    /// An error while writing the answer. A reader that has seen enough (`corer … | head`) is no failure.
    pub fn stdout(error: &io::Error) -> Self {
        let what = "The answer could not be written to the standard output.";
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::new(Exit::Done, ""),
            io::ErrorKind::FileTooLarge => Self::too_large(what),
            _ if is_no_space(error) => Self::full(what).hint("Make room where it is sent to, and run this again."),
            _ => Self::io(what, error),
        }
    }

    /// Adds why it happened.
    #[must_use]
    pub fn because(mut self, why: impl Display) -> Self {
        self.why = Some(why.to_string());
        self
    }

    /// Adds what to do or to type next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The same failure with another exit code.
    #[must_use]
    pub fn with_exit(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }

    /// What happened, without why and what to do.
    pub fn sentence(&self) -> String {
        self.what.clone()
    }

    /// Why it happened, where that is known.
    pub fn why(&self) -> Option<&str> {
        self.why.as_deref()
    }

    /// What to do or to type next.
    pub fn hints(&self) -> &[String] {
        &self.hints
    }

    /// How the process ends.
    pub fn exit(&self) -> Exit {
        self.exit
    }
}

impl From<OutputError> for Failure {
    fn from(error: OutputError) -> Self {
        let exit = match &error {
            OutputError::NotEmpty { .. } | OutputError::Exists { .. } | OutputError::NoUpdate { .. } => Exit::Usage,
            OutputError::Busy { .. } => Exit::Busy,
            OutputError::Full { .. } | OutputError::TooLarge { .. } => Exit::NoSpace,
            _ => Exit::Failed,
        };
        let message = error.to_string();
        let begins_with_path = matches!(
            error,
            OutputError::InTheWay { .. }
                | OutputError::NoUpdate { .. }
                | OutputError::TooLarge { .. }
                | OutputError::Io { .. }
        );
        Self::new(exit, if begins_with_path { with_full_stop(&message) } else { sentence(&message) })
    }
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Interrupted => Self::interrupted(),
            ExportError::Output(error) => error.into(),
            ExportError::Saved(error) => error.into(),
        }
    }
}

impl From<SavedError> for Failure {
    fn from(error: SavedError) -> Self {
        const NEW: &str = "Take a new folder: -o OTHER";
        let message = error.to_string();
        let usage = |hints: &[&str]| {
            let failure = Self::usage(sentence(&message));
            hints.iter().chain([&NEW]).fold(failure, |failure, hint| failure.hint(*hint))
        };
        match error {
            SavedError::Unwritten(error) => Self::io("What the export remembers could not be written.", &error),
            SavedError::Changed => {
                Self::failed(sentence(&message)).hint("See that the disk is connected, and run this again.")
            }
            SavedError::Declined => Self::usage("Nothing was changed."),
            SavedError::WouldLose(_) => usage(&["Keep them: --update", "See what goes, and lose it: --mirror"]),
            SavedError::OtherDevice { .. } => usage(&["If both are of the same person: --same-person"]),
            SavedError::OtherChoice { .. } => usage(&["Go on as the folder was made: --update alone"]),
            SavedError::OtherKind { .. } | SavedError::NothingKnown => usage(&[]),
            SavedError::Newer { .. } => Self::failed(with_full_stop(&message)).hint("Update corer.").hint(NEW),
            _ => Self::failed(with_full_stop(&message)).hint(NEW),
        }
    }
}

/// Replaces the debug print of a panic: one sentence that names the place in the program and nothing from the backup.
pub fn install_panic_hook() {
    std::panic::set_hook(Box::new(|panic| {
        // A decoder that fails on a picture costs that picture, and is told with it.
        if corer_exporters::convert::is_decoding() {
            return;
        }
        let place = panic.location().map_or_else(String::new, |at| format!(" ({}:{})", at.file(), at.line()));
        // Nothing is left to do when stderr is gone.
        let _ = writeln!(
            io::stderr(),
            "corer: A mistake in corer itself stopped it{place}. Nothing in the backup was changed. Please report this."
        );
        std::process::exit(i32::from(Exit::Failed.code()));
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_has_its_own_code() {
        let full = io::Error::from(io::ErrorKind::StorageFull);
        let (file, answer) = (Failure::io("x", &full), Failure::stdout(&full));
        assert_eq!((file.exit(), answer.exit()), (Exit::NoSpace, Exit::NoSpace));
        assert!(file.hints().concat().contains("another disk") && !answer.hints().concat().contains("another disk"));
        assert!(!file.hints().concat().contains("--"), "not every command has the same options");
        let large = io::Error::from(io::ErrorKind::FileTooLarge);
        let (file, answer) = (Failure::io("x", &large), Failure::stdout(&large));
        assert_eq!((file.exit(), answer.exit()), (Exit::NoSpace, Exit::NoSpace));
        assert!(file.hints().concat().contains("ulimit"));
    }
}
