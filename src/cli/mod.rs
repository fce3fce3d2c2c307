//! The command line: arguments in, calls to the rooms below, words out.
//!
//! Each command has its file or folder in [`commands`]. What was typed is plain data ([`input::args`]); each command resolves it.
//! Everything that is said passes through [`terminal::console`]; every end that is not success is a [`failure::Failure`] or an [`exit::Exit`].

mod command_line;
mod commands;
mod device;
pub mod exit;
pub mod failure;
mod file_size_limit;
mod help;
mod input;
mod run;
mod sentence;
mod state;
mod terminal;

use clap::{CommandFactory, Parser, Subcommand};

use exit::Exit;
use failure::Failure;
use terminal::console::Console;
use terminal::interrupt;

/// Make iPhone and iPad backups, look into them, and take your data out. Works offline.
#[derive(Debug, Parser)]
#[command(name = "corer", version, help_template = help::TEMPLATE, arg_required_else_help = true)]
#[command(disable_help_subcommand = false, max_term_width = 110)]
pub struct Cli {
    #[command(flatten)]
    global: terminal::global_args::GlobalArgs,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[command(alias = "ls", alias = "backups")]
    List(commands::list::ListArgs),
    #[command(alias = "show", alias = "about")]
    Info(commands::info::InfoArgs),
    #[command(alias = "file")]
    Files(commands::files::FilesArgs),
    #[command(flatten)]
    Kind(commands::kinds::KindSubcommand),
    #[command(alias = "extract")]
    Export(commands::export::ExportArgs),
    #[command(alias = "check")]
    Verify(commands::verify::VerifyArgs),
    #[command(alias = "device", alias = "phones")]
    Devices(commands::devices::DevicesArgs),
    #[command(alias = "trust")]
    Pair(commands::pair::PairArgs),
    Backup(commands::backup::BackupArgs),
    #[command(alias = "encrypt")]
    Encryption(commands::encryption::EncryptionArgs),
    #[command(alias = "doctor")]
    Ready(commands::ready::ReadyArgs),
    Schedule(commands::schedule::ScheduleArgs),
    #[command(alias = "completion")]
    Completions(commands::completions::CompletionsArgs),
    #[command(alias = "manual")]
    Man(commands::man::ManArgs),
}

/// Reads the command line and does what it says.
pub fn run() -> Exit {
    let cli = match command_line::parse() {
        Ok(cli) => cli,
        Err(exit) => return exit,
    };
    let console = Console::new(cli.global);
    match dispatch(&cli.command, &console) {
        Ok(exit) => exit,
        Err(failure) => {
            console.show(&failure);
            failure.exit()
        }
    }
}

fn dispatch(command: &Command, console: &Console) -> Result<Exit, Failure> {
    file_size_limit::fail_instead_of_killing()?;
    let answering = console.clone();
    interrupt::install(move || answering.say("Finishing what has begun; press Ctrl-C again to stop now."))?;
    match command {
        Command::List(args) => commands::list::run(args, console),
        Command::Info(args) => commands::info::run(args, console),
        Command::Files(args) => commands::files::run(args, console),
        Command::Kind(command) => command.run(console),
        Command::Export(args) => commands::export::run(args, console),
        Command::Verify(args) => commands::verify::run(args, console),
        Command::Devices(args) => commands::devices::run(args, console),
        Command::Pair(args) => commands::pair::run(args, console),
        Command::Backup(args) => commands::backup::run(args, console),
        Command::Encryption(args) => commands::encryption::run(args, console),
        Command::Ready(args) => commands::ready::run(args, console),
        Command::Schedule(args) => commands::schedule::run(args, console),
        Command::Completions(args) => commands::completions::run(args, Cli::command(), console),
        Command::Man(args) => commands::man::run(args, Cli::command(), console),
    }
}
