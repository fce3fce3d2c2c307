//! Writes the checked-in samples, and big backups for benchmarks.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use sample_backups::{Error, Result, samples};

#[derive(Parser)]
#[command(version, about = "Writes small fictional backups: the same bytes every time")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Writes the checked-in samples into a folder, in place of what is there.
    Write {
        /// The folder that holds the samples.
        folder: PathBuf,
        /// Which ones; all if none is named.
        names: Vec<String>,
    },
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Write { folder, names } => write(&folder, &names),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "sample-backups: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write(folder: &Path, names: &[String]) -> Result<()> {
    if let Some(unknown) = names.iter().find(|name| !samples::ALL.iter().any(|sample| sample.name == **name)) {
        return Err(Error::Request(format!("there is no sample named {unknown}")));
    }
    for sample in samples::ALL.iter().filter(|sample| names.is_empty() || names.iter().any(|name| name == sample.name))
    {
        let root = folder.join(sample.name);
        if root.exists() {
            std::fs::remove_dir_all(&root)?;
        }
        (sample.write)(&root)?;
    }
    Ok(())
}
