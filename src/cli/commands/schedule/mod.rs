//! `corer schedule`: lets the system run `corer backup` by itself, and says why a backup is missing.

mod plan;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::{Args, Subcommand, ValueHint};
use jiff::Timestamp;
use serde::Serialize;

use crate::cli::commands::backup::runs::{self, BackupRun, RunOutcome};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::input::args::ZoneArgs;
use crate::cli::input::zone::Zone;
use crate::cli::terminal::console::{Answer, Console};
use crate::cli::terminal::human;
use crate::cli::terminal::printable::Printable;
use crate::cli::terminal::table::{Column, Table};
use plan::{SchedulePlan, ScheduledBackup, System, TimeOfDay};

/// What Apple lets nobody do.
const HONEST: &str = "Since iOS 16.1 a device asks for its passcode before each backup: somebody has to be at it, with the \
                      device connected. A run that nobody attends is a missed one, and the next day tries again.";
/// This many of the last runs are shown.
const SHOWN: usize = 10;

/// Back up by itself, once a week
///
/// Lets the system (a systemd user timer, a launchd agent, a Windows task) run `corer backup --if-older-than 7d` each
/// day, so that a week with one good day has a backup. Somebody still has to type the passcode on the device.
#[derive(Debug, Args)]
#[command(after_long_help = after_help())]
pub struct ScheduleArgs {
    #[command(subcommand)]
    pub what: ScheduleAction,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum ScheduleAction {
    /// Install the schedule
    #[command(after_long_help = after_help())]
    Install(InstallArgs),
    /// Remove the schedule; the backups stay
    #[command(after_long_help = after_help())]
    Remove(RemoveArgs),
    /// Say whether it is installed and how the last runs went
    #[command(after_long_help = after_help())]
    Status(StatusArgs),
}

/// When, of which device, and where to.
#[derive(Debug, Args)]
pub struct InstallArgs {
    /// The time of day to try, such as 20:30
    #[arg(long, value_name = "TIME", default_value = "20:00")]
    pub at: TimeOfDay,

    /// The device: its name or UDID [default: the one that is connected]
    #[arg(short, long, value_name = "DEVICE")]
    pub device: Option<String>,

    /// Keep backups in this folder [default: where `corer backup` puts them]
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub to: Option<PathBuf>,

    /// Show what would be written and run, do nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Whether to do it.
#[derive(Debug, Args)]
pub struct RemoveArgs {
    /// Show what would be removed and run, do nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// How times are shown.
#[derive(Debug, Args)]
pub struct StatusArgs {
    #[command(flatten)]
    pub zone: ZoneArgs,
}

fn after_help() -> String {
    help::after_help(
        &[
            ("corer schedule install --at 20:30", "each evening, if the last backup is a week old"),
            ("corer schedule status", "how the last runs went, and why one is missing"),
            ("corer schedule remove", "the backups stay"),
        ],
        &[Exit::NotFound],
    )
}

/// Installs, removes or tells.
///
/// # Errors
/// When a file cannot be written or the system does not take the schedule.
pub fn run(args: &ScheduleArgs, console: &Console) -> Result<Exit, Failure> {
    match &args.what {
        ScheduleAction::Install(args) => install(args, console),
        ScheduleAction::Remove(args) => remove(args, console),
        ScheduleAction::Status(args) => status(args, console),
    }
}

fn install(args: &InstallArgs, console: &Console) -> Result<Exit, Failure> {
    let program =
        std::env::current_exe().map_err(|error| Failure::io("corer cannot find out where it lies.", &error))?;
    let to = args.to.as_deref().map(std::path::absolute).transpose();
    let to = to.map_err(|error| Failure::io("The folder for backups makes no sense.", &error))?;
    let job = ScheduledBackup { program, at: args.at, device: args.device.clone(), to };
    let plan = System::this().install(&home()?, &job);
    if args.dry_run {
        return show(&plan, console);
    }
    for (path, text) in &plan.files {
        write(path, text)?;
    }
    if let Err(failure) = carry_out(&plan) {
        // What the system did not take must not look like a schedule. The failure says more than a second one would.
        let _ = remove_files(&plan);
        return Err(failure);
    }
    let mut answer = console.answer();
    answer.line(format_args!("Each day at {} corer looks whether a backup is due.", args.at))?;
    answer.finish()?;
    console.note(HONEST);
    Ok(Exit::Done)
}

fn remove(args: &RemoveArgs, console: &Console) -> Result<Exit, Failure> {
    let plan = System::this().remove(&home()?);
    if args.dry_run {
        return show(&plan, console);
    }
    if !plan.is_installed() {
        return Err(Failure::new(Exit::NotFound, "No schedule is installed."));
    }
    carry_out(&plan)?;
    remove_files(&plan)?;
    for command in &plan.afterwards {
        run_command(command)?;
    }
    let mut answer = console.answer();
    answer.line("The schedule is removed; the backups stay.")?;
    answer.finish()?;
    Ok(Exit::Done)
}

fn remove_files(plan: &SchedulePlan) -> Result<(), Failure> {
    plan.files.iter().try_for_each(|(path, _)| match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Failure::io(format!("{} cannot be removed.", path.display()), &error))
        }
        _ => Ok(()),
    })
}

fn home() -> Result<PathBuf, Failure> {
    etcetera::home_dir().map_err(|error| Failure::failed("corer cannot find your home folder.").because(error))
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error| Failure::io(format!("{} cannot be written.", path.display()), &error);
    fs::create_dir_all(path.parent().unwrap_or(path)).map_err(failed)?;
    fs::write(path, text).map_err(failed)
}

fn show(plan: &SchedulePlan, console: &Console) -> Result<Exit, Failure> {
    let mut answer = console.answer();
    for (path, text) in &plan.files {
        answer.line(format_args!("# {}", Printable(path.display())))?;
        text.lines().try_for_each(|line| answer.line(Printable(line)))?;
    }
    for command in plan.commands.iter().chain(&plan.afterwards) {
        answer.line(format_args!("$ {}", Printable(command.join(" "))))?;
    }
    answer.finish()?;
    Ok(Exit::Done)
}

fn carry_out(plan: &SchedulePlan) -> Result<(), Failure> {
    plan.commands.iter().try_for_each(|command| run_command(command))
}

fn run_command(command: &[String]) -> Result<(), Failure> {
    let Some((program, arguments)) = command.split_first() else { return Ok(()) };
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output();
    let typed = command.join(" ");
    let output = output.map_err(|error| {
        Failure::failed(format!("\"{typed}\" cannot be run.")).because(format!("The system says: {error}."))
    })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let failure = Failure::failed(format!("\"{typed}\" failed.")).because(format!("It says: {}", said.trim()));
    match program.as_str() {
        "systemctl" => Err(failure.hint(
            "systemd has to run for your user: log in in the usual way, not through sudo. On a server: loginctl enable-linger",
        )),
        _ => Err(failure),
    }
}

/// The answer for programs.
#[derive(Serialize)]
struct StatusDocument {
    installed: bool,
    runs: Vec<RunLine>,
}

/// One run for programs.
#[derive(Serialize)]
struct RunLine {
    began: String,
    ended: String,
    device: Option<String>,
    udid: Option<String>,
    to: String,
    outcome: RunOutcome,
    code: u8,
    why: Option<String>,
    files: u64,
    bytes: u64,
}

fn status(args: &StatusArgs, console: &Console) -> Result<Exit, Failure> {
    let zone = Zone::resolve(args.zone.tz.as_deref(), console)?;
    let is_installed = System::this().remove(&home()?).is_installed();
    let runs = runs::read();
    let mut answer = console.answer();
    if console.is_json() {
        let runs = runs.into_iter().map(|run| line(run, &zone)).collect();
        answer.json_document("schedule", &StatusDocument { installed: is_installed, runs })?;
    } else {
        tell(is_installed, &runs, &zone, &mut answer)?;
    }
    answer.finish()?;
    console.note(HONEST);
    Ok(Exit::Done)
}

fn tell(is_installed: bool, runs: &[BackupRun], zone: &Zone, answer: &mut Answer) -> Result<(), Failure> {
    answer.line(match is_installed {
        true => "The schedule is installed.",
        false => "No schedule is installed. To install it: corer schedule install",
    })?;
    if runs.is_empty() {
        return answer.line("corer has made no backup on this computer yet.");
    }
    let mut table = Table::new([
        Column::left("When"),
        Column::left("Device"),
        Column::left("How it went"),
        Column::right("Files"),
        Column::right("Size"),
    ]);
    for run in runs.iter().rev().take(SHOWN) {
        let when = Timestamp::from_second(run.began).map(|moment| zone.minute(moment)).unwrap_or_default();
        let device = run.name.clone().unwrap_or_else(|| "-".to_owned());
        let amount = |text: String| if run.outcome == RunOutcome::Made { text } else { "-".to_owned() };
        table.push([when, device, went(run), amount(run.files.to_string()), amount(human::size(run.bytes))]);
    }
    answer.table(&table)
}

fn went(run: &BackupRun) -> String {
    match (run.outcome, &run.why) {
        (RunOutcome::Made, _) => "backed up".to_owned(),
        (RunOutcome::NotDue, _) => "not due yet".to_owned(),
        (RunOutcome::Missed, Some(why)) => format!("missed: {why}"),
        (RunOutcome::Missed, None) => "missed".to_owned(),
    }
}

fn line(run: BackupRun, zone: &Zone) -> RunLine {
    let moment = |seconds| Timestamp::from_second(seconds).map(|moment| zone.rfc3339(moment)).unwrap_or_default();
    RunLine {
        began: moment(run.began),
        ended: moment(run.ended),
        device: run.name,
        udid: run.udid,
        to: run.to.display().to_string(),
        outcome: run.outcome,
        code: run.code,
        why: run.why,
        files: run.files,
        bytes: run.bytes,
    }
}
