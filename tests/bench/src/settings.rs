//! What a run uses: programs, sizes, and a folder to work in.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{At, Failure, Result};
use crate::peers::Peers;

/// What the person may choose.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Tiny inputs and one round: shows that the benchmarks work, and no figures worth reading
    #[arg(long, global = true)]
    quick: bool,
    /// How often every contestant runs; medians are shown [default: 5, with --quick 1]
    #[arg(long, global = true, value_name = "N")]
    runs: Option<usize>,
    /// The folder for inputs and outputs; best on tmpfs [default: /dev/shm where there is one]
    #[arg(long, global = true, value_name = "DIR")]
    work: Option<PathBuf>,
    /// Keep the inputs in the work folder for the next run
    #[arg(long, global = true)]
    keep: bool,
    /// The program to measure [default: `corer` beside this program]
    #[arg(long, global = true, value_name = "FILE")]
    corer: Option<PathBuf>,
    /// The folder that `tests/conformance/peers` filled with other tools
    #[arg(long, global = true, value_name = "DIR", default_value = ".cache/peers", env = "CORER_PEERS")]
    peers: PathBuf,
    /// The hostile samples
    #[arg(long, global = true, value_name = "DIR", default_value = "sample-backups/hostile")]
    hostile: PathBuf,
}

/// What every scenario works with.
#[derive(Debug)]
pub struct Settings {
    /// Whether inputs are tiny.
    pub quick: bool,
    /// How often every contestant runs.
    pub runs: usize,
    /// The program that is measured.
    pub corer: PathBuf,
    /// The program that makes inputs.
    pub sample_backups: PathBuf,
    /// The other tools.
    pub peers: Peers,
    /// The hostile samples.
    pub hostile: PathBuf,
    work: PathBuf,
    keep: bool,
}

impl Settings {
    /// Looks for the programs and makes the work folder.
    ///
    /// # Errors
    /// When a program is not there or the folder cannot be made.
    pub fn from_options(options: Options) -> Result<Self> {
        let own = std::env::current_exe()?;
        let beside = |name: &str| own.with_file_name(name).with_extension(std::env::consts::EXE_EXTENSION);
        let settings = Self {
            quick: options.quick,
            runs: options.runs.unwrap_or(if options.quick { 1 } else { 5 }).max(1),
            corer: existing(options.corer.unwrap_or_else(|| beside("corer")))?,
            sample_backups: existing(beside("sample-backups"))?,
            peers: Peers::find(&options.peers),
            hostile: options.hostile,
            work: options.work.unwrap_or_else(default_work).join(format!("corer-bench-{}", size_name(options.quick))),
            keep: options.keep,
        };
        std::fs::create_dir_all(&settings.work).at(&settings.work)?;
        Ok(settings)
    }

    /// `full`, or `tiny` for `--quick`.
    pub fn pick<T>(&self, full: T, tiny: T) -> T {
        if self.quick { tiny } else { full }
    }

    /// The folder for inputs and outputs.
    pub fn work(&self) -> &Path {
        &self.work
    }

    /// The command `words` of corer on `backup`, which never asks.
    pub fn corer(&self, words: &[&str], backup: &Path) -> Command {
        let mut command = Command::new(&self.corer);
        command.env("CORER_PASSWORD", crate::inputs::PASSWORD);
        // `verify` remembers what it checked: not these.
        command.env("XDG_STATE_HOME", &self.work);
        command.args(words).args(["--no-input", "--progress", "none", "--backup"]).arg(backup);
        command
    }

    /// What was measured where, as the first line of the answer.
    pub fn headline(&self) -> String {
        let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
        let build = if cfg!(debug_assertions) { ", DEBUG BUILD" } else { "" };
        let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
        let (runs, version) = (self.runs, env!("CARGO_PKG_VERSION"));
        format!("# corer {version}, {os} {arch}, {cores} cores, medians of {runs} interleaved runs{build}")
    }
}

impl Drop for Settings {
    fn drop(&mut self) {
        if !self.keep {
            // What is left behind in a temporary folder is not worth an error.
            let _ = std::fs::remove_dir_all(&self.work);
        }
    }
}

fn existing(program: PathBuf) -> Result<PathBuf> {
    if program.is_file() {
        return Ok(program);
    }
    Err(Failure::new(format!(
        "{} is not there: build everything first (`cargo build --release --workspace --bins`)",
        program.display()
    )))
}

fn default_work() -> PathBuf {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() }
}

fn size_name(quick: bool) -> &'static str {
    if quick { "quick" } else { "full" }
}
