//! The formats of kinds that are a list of records, as typed.

use clap::ValueEnum;
use corer_exporters::calls::Format as Written;

/// A format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A web page
    Html,
    /// A table
    Csv,
    /// JSON Lines
    Jsonl,
}

/// What is written where no format was asked for: what people read.
pub const DEFAULT: [Written; 2] = [Written::Html, Written::Csv];

impl Format {
    /// What the name of a file of it ends in.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
        }
    }

    /// The format as the exporters call it.
    pub fn written(self) -> Written {
        match self {
            Self::Html => Written::Html,
            Self::Csv => Written::Csv,
            Self::Jsonl => Written::Jsonl,
        }
    }
}

/// What to write, where these were asked for.
pub fn written(asked: &[Format]) -> Vec<Written> {
    if asked.is_empty() { DEFAULT.to_vec() } else { asked.iter().map(|format| format.written()).collect() }
}

/// The extensions of what was asked for.
pub fn extensions(asked: &[Format]) -> Vec<&'static str> {
    asked.iter().map(|format| format.extension()).collect()
}

/// The format that has this extension.
pub fn of(extension: &str) -> Written {
    match extension {
        "html" => Written::Html,
        "csv" => Written::Csv,
        _ => Written::Jsonl,
    }
}
