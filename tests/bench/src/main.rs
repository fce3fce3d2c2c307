//! Measures corer beside `cp` and the other tools of the field, in one run, as ratios.
//!
//! Figures of two machines, or of two hours on one, cannot be compared; ratios of interleaved runs can. Every scenario
//! makes its input with `sample-backups`, runs all contestants in turn (A B C A B C …), and prints medians as a
//! Markdown table with corer's limits beside them. Nothing fails because something was slow: the figures are for
//! reading.

mod failure;
mod inputs;
mod measure;
mod peers;
mod race;
mod scenario;
mod settings;
mod table;
mod tree;

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use failure::Result;
use scenario::Scenario;
use settings::{Options, Settings};

/// Measures corer beside cp and the other tools of the field.
#[derive(Parser)]
#[command(name = "corer-bench", version)]
struct Arguments {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Every scenario, one after the other
    All,
    /// One task
    #[command(flatten)]
    One(Scenario),
    /// The bare derivation of a backup's key, as a contestant of `unlock`
    #[command(hide = true)]
    Derive {
        /// How many rounds
        rounds: u32,
    },
    /// One command, measured from a process of its own
    #[command(hide = true)]
    Measure(measure::Arguments),
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Nothing can be done about a closed stderr.
            let _ = writeln!(std::io::stderr(), "corer-bench: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<()> {
    let scenarios: &[Scenario] = match arguments.command {
        Command::Derive { rounds } => return scenario::unlock::derive(rounds),
        Command::Measure(child) => return measure::measure_child(&child),
        Command::All => &Scenario::ALL,
        Command::One(scenario) => &[scenario],
    };
    let settings = Settings::from_options(arguments.options)?;
    let mut out = std::io::stdout();
    writeln!(out, "{}", settings.headline())?;
    for scenario in scenarios {
        let report = scenario.run(&settings)?;
        writeln!(out, "\n{report}")?;
    }
    if let Some(load) = load_average() {
        writeln!(
            out,
            "Load average of the last five minutes: {load}. What else ran slows the wall, not the CPU time."
        )?;
    }
    Ok(())
}

/// How many programs wanted to run at once, where the system says so (Linux).
fn load_average() -> Option<String> {
    let text = std::fs::read_to_string("/proc/loadavg").ok()?;
    text.split_whitespace().nth(1).map(str::to_owned)
}
