//! One command, measured: wall time, CPU time and peak memory.
//!
//! The system adds up what *all* children of a process used, so every command is started by a small process of its
//! own (this program again, as `measure`), whose only child it is. Peak memory is that of the largest process below
//! it; the small process itself sets a floor of a few megabytes.

use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::failure::{At, Failure, Result};

/// What one run of a command used.
#[derive(Debug, Clone, Copy, Default)]
pub struct Usage {
    /// From start to end.
    pub wall: Duration,
    /// User and system time, of all threads.
    pub cpu: Duration,
    /// The most memory resident at once, in bytes.
    pub peak: u64,
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
}

/// Where a command's words go.
#[derive(Debug, Clone, Copy)]
pub struct Streams<'a> {
    /// Standard output.
    pub stdout: &'a Path,
    /// Standard error.
    pub stderr: &'a Path,
}

/// Runs `command` and measures it. `limit` ends a run that takes longer.
///
/// # Errors
/// When the command cannot be started; not when it fails by itself.
pub fn measure(command: &Command, streams: Streams<'_>, limit: Option<Duration>) -> Result<Usage> {
    let figures = streams.stdout.with_extension("figures");
    let mut wrapper = Command::new(std::env::current_exe()?);
    wrapper.arg("measure").arg("--figures").arg(&figures);
    if let Some(limit) = limit {
        wrapper.arg("--limit").arg(limit.as_millis().to_string());
    }
    wrapper.arg("--").arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => wrapper.env(name, value),
            None => wrapper.env_remove(name),
        };
    }
    let status = wrapper
        .stdin(Stdio::null())
        .stdout(File::create(streams.stdout).at(streams.stdout)?)
        .stderr(File::create(streams.stderr).at(streams.stderr)?)
        .status()?;
    if !status.success() {
        let program = command.get_program().to_string_lossy();
        return Err(Failure::new(format!("{program} could not be started; see {}", streams.stderr.display())));
    }
    read_figures(&figures)
}

/// The hidden command: run, wait, write the figures.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Where the figures go
    #[arg(long)]
    figures: PathBuf,
    /// Milliseconds after which the command is ended
    #[arg(long)]
    limit: Option<u64>,
    /// The command
    #[arg(required = true, last = true)]
    command: Vec<OsString>,
}

/// Runs one command as the only child of this process and writes what it used.
///
/// # Errors
/// When the command cannot be started or the figures not written.
pub fn measure_child(arguments: &Arguments) -> Result<()> {
    let [program, rest @ ..] = arguments.command.as_slice() else {
        return Err(Failure::new("no command given"));
    };
    let start = Instant::now();
    let child = Command::new(program).args(rest).spawn().at(Path::new(program))?;
    let status = wait(child, arguments.limit.map(Duration::from_millis))?;
    let wall = start.elapsed();
    let (cpu, peak) = used_by_children()?;
    let code = status.code().map_or_else(|| "-".to_owned(), |code| code.to_string());
    let line = format!("{} {} {peak} {code}", wall.as_micros(), cpu.as_micros());
    std::fs::write(&arguments.figures, line).at(&arguments.figures)
}

fn wait(mut child: std::process::Child, limit: Option<Duration>) -> Result<ExitStatus> {
    let Some(limit) = limit else { return Ok(child.wait()?) };
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if start.elapsed() > limit {
            child.kill()?;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[cfg(unix)]
fn used_by_children() -> Result<(Duration, u64)> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::{TimeVal, TimeValLike};

    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).map_err(std::io::Error::from)?;
    let micros = |time: TimeVal| u64::try_from(time.num_microseconds()).unwrap_or(0);
    let cpu = Duration::from_micros(micros(usage.user_time()).saturating_add(micros(usage.system_time())));
    // Linux counts kilobytes, macOS bytes.
    let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
    let peak = u64::try_from(usage.max_rss()).unwrap_or(0).saturating_mul(unit);
    Ok((cpu, peak))
}

#[cfg(not(unix))]
fn used_by_children() -> Result<(Duration, u64)> {
    Err(Failure::new("CPU time and memory of other programs are only measured on Unix"))
}

fn read_figures(path: &Path) -> Result<Usage> {
    let line = std::fs::read_to_string(path).at(path)?;
    let mut words = line.split_whitespace();
    let mut number = || words.next().and_then(|word| word.parse::<u64>().ok());
    let (Some(wall), Some(cpu), Some(peak)) = (number(), number(), number()) else {
        return Err(Failure::new(format!("{} holds no figures", path.display())));
    };
    let code = words.next().and_then(|word| word.parse().ok());
    Ok(Usage { wall: Duration::from_micros(wall), cpu: Duration::from_micros(cpu), peak, code })
}
