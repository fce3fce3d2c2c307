//! How corer talks: the flags that every command takes.

use clap::Args;

use super::color;
use super::progress::{ProgressMode, ProgressStyle};

/// How corer talks. Every command takes these.
#[derive(Debug, Clone, Copy, Args)]
#[command(next_help_heading = "Talking")]
pub struct GlobalArgs {
    /// Print only results and errors
    #[arg(short, long, global = true)]
    pub quiet: bool,

    /// Say more
    #[arg(short, long, global = true, overrides_with = "verbose")]
    pub verbose: bool,

    /// Answer with JSON for programs
    #[arg(long, global = true)]
    pub json: bool,

    /// How to show the progress of long work
    #[arg(long, global = true, value_name = "HOW", value_enum, default_value_t, hide_possible_values = true)]
    #[arg(help = "Show progress: auto, bar, json or none")]
    pub progress: ProgressMode,

    /// When to colour what is printed
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t, hide_possible_values = true)]
    #[arg(help = "Colours: auto, always or never")]
    pub color: color::ColorMode,

    /// Never ask anything; fail instead
    #[arg(long, global = true)]
    pub no_input: bool,
}

impl GlobalArgs {
    /// Nothing beside the answer, and no questions: for tests.
    #[cfg(test)]
    pub fn silent() -> Self {
        Self {
            quiet: true,
            verbose: false,
            json: false,
            progress: ProgressMode::None,
            color: color::ColorMode::Never,
            no_input: true,
        }
    }

    /// How progress looks on a stderr that is or is not a terminal.
    pub fn progress_on(&self, is_terminal: bool) -> ProgressStyle {
        match self.progress {
            _ if self.quiet => ProgressStyle::Silent,
            ProgressMode::None => ProgressStyle::Silent,
            ProgressMode::Json => ProgressStyle::Json,
            ProgressMode::Bar => ProgressStyle::Bar,
            ProgressMode::Auto if is_terminal => ProgressStyle::Bar,
            ProgressMode::Auto => ProgressStyle::Lines,
        }
    }
}
