//! The two streams: stdout carries the answer and nothing else, stderr everything that is said beside it.

use std::fmt;
use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

use anstream::AutoStream;
use indicatif::{MultiProgress, ProgressDrawTarget};
use serde::Serialize;

use super::failure;
use super::global_args::GlobalArgs;
use crate::cli::failure::Failure;
use crate::cli::terminal::color::Paint;
use crate::cli::terminal::json;
use crate::cli::terminal::printable::Printable;
use crate::cli::terminal::progress::{Progress, Unit};
use crate::cli::terminal::table::Table;

/// How this run talks: what was asked for by flags and by the environment.
#[derive(Debug, Clone)]
pub struct Console {
    global: GlobalArgs,
    paint: Paint,
    bars: MultiProgress,
}

impl Console {
    /// Looks at the two streams and at the flags.
    pub fn new(global: GlobalArgs) -> Self {
        let paint = global.color.paint(&io::stderr());
        if paint.is_on() {
            enable_colors(io::stderr());
        }
        let bars = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
        Self { global, paint, bars }
    }

    /// Whether the answer is for a program.
    pub fn is_json(&self) -> bool {
        self.global.json
    }

    /// Whether nobody may be asked anything.
    pub fn is_unattended(&self) -> bool {
        self.global.no_input
    }

    /// Starts the answer.
    pub fn answer(&self) -> Answer {
        let stdout = io::stdout();
        let paint = self.global.color.paint(&stdout);
        if paint.is_on() {
            enable_colors(io::stdout());
        }
        Answer { paint, out: BufWriter::with_capacity(1 << 16, stdout) }
    }

    /// Says something that the person should know, unless they want quiet.
    pub fn note(&self, text: impl fmt::Display) {
        if !self.global.quiet {
            self.say(&Printable(text).to_string());
        }
    }

    /// Says something that may have gone unnoticed, in another colour.
    pub fn warn(&self, text: impl fmt::Display) {
        if !self.global.quiet {
            self.say(&self.paint.warn(&Printable(text).to_string()));
        }
    }

    /// Says something only with `-v`.
    pub fn detail(&self, text: impl fmt::Display) {
        if self.global.verbose && !self.global.quiet {
            self.say(&Printable(text).to_string());
        }
    }

    /// Starts one phase of long work. `total` counts in `unit`, where it is known.
    pub fn progress(&self, phase: &str, unit: Unit, total: Option<u64>) -> Progress {
        Progress::begin(self.global.progress_on(io::stderr().is_terminal()), &self.bars, phase, unit, total)
    }

    /// Shows a failure.
    pub fn show(&self, failure: &Failure) {
        // Nothing is left to do when stderr is gone.
        let _ = self.bars.suspend(|| failure::show(failure, &mut io::stderr().lock(), self.global.json, self.paint));
    }

    /// Says something even to those who want quiet: what belongs to a question.
    pub fn say(&self, line: &str) {
        // A note that nobody can read stops nothing.
        let _ = self.bars.suspend(|| writeln!(io::stderr().lock(), "{line}"));
    }
}

/// The columns of the terminal that the answer goes to: as `COLUMNS` says, else as the system does.
fn width() -> Option<usize> {
    let typed = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    typed.or_else(|| if io::stdout().is_terminal() { columns() } else { None })
}

#[cfg(unix)]
fn columns() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
    Some(usize::from(size.ws_col)).filter(|columns| *columns > 0)
}

#[cfg(not(unix))]
fn columns() -> Option<usize> {
    None
}

/// Tells an old Windows console to obey colours; does nothing elsewhere.
fn enable_colors<S: anstream::stream::RawStream>(stream: S) {
    drop(AutoStream::always(stream));
}

/// The answer, on its way to stdout. To be [finished](Self::finish).
#[must_use]
pub struct Answer {
    paint: Paint,
    out: BufWriter<Stdout>,
}

impl Answer {
    /// The colours of stdout.
    pub fn paint(&self) -> Paint {
        self.paint
    }

    /// Writes one line. The caller wraps what comes from a backup in [`Printable`].
    ///
    /// # Errors
    /// Those of writing to stdout, as all functions here.
    pub fn line(&mut self, text: impl fmt::Display) -> Result<(), Failure> {
        writeln!(self.out, "{text}").map_err(|error| Failure::stdout(&error))
    }

    /// Writes a table.
    ///
    /// # Errors
    /// Those of writing to stdout.
    pub fn table<const N: usize>(&mut self, table: &Table<N>) -> Result<(), Failure> {
        table.lines(self.paint).into_iter().try_for_each(|line| self.line(line))
    }

    /// Writes a table, its last column cut to the width of the terminal if there is one.
    ///
    /// # Errors
    /// Those of writing to stdout.
    pub fn table_that_fits<const N: usize>(&mut self, table: &Table<N>) -> Result<(), Failure> {
        let lines = match width() {
            Some(width) => table.lines_within(width, self.paint),
            None => table.lines(self.paint),
        };
        lines.into_iter().try_for_each(|line| self.line(line))
    }

    /// Writes one JSON line of a stream.
    ///
    /// # Errors
    /// Those of writing to stdout.
    pub fn json_line<T: Serialize>(&mut self, name: &str, value: &T) -> Result<(), Failure> {
        json::write_line(&mut self.out, name, value).map_err(|error| Failure::stdout(&error))
    }

    /// Writes one JSON document.
    ///
    /// # Errors
    /// Those of writing to stdout.
    pub fn json_document<T: Serialize>(&mut self, name: &str, value: &T) -> Result<(), Failure> {
        json::write_document(&mut self.out, name, value).map_err(|error| Failure::stdout(&error))
    }

    /// The stream itself, for writers of whole formats. Their errors belong into [`Failure::stdout`].
    pub fn stream(&mut self) -> &mut (dyn Write + Send) {
        &mut self.out
    }

    /// Writes bytes as they are.
    ///
    /// # Errors
    /// Those of writing to stdout.
    pub fn raw_bytes(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.out.write_all(bytes).map_err(|error| Failure::stdout(&error))
    }

    /// Writes out what is still held back.
    ///
    /// # Errors
    /// Those of writing to stdout.
    pub fn finish(mut self) -> Result<(), Failure> {
        self.out.flush().map_err(|error| Failure::stdout(&error))
    }
}
