//! The command line: arguments in, calls to the rooms below, words out.
//!
//! One file for each command. What was typed is plain data ([`args`]); each command resolves it. Everything that is
//! said passes through [`console`]; every end that is not success is a [`failure::Failure`] or an [`exit::Exit`].

mod args;
mod backup;
mod calls;
mod choice;
mod color;
mod completions;
mod console;
mod contacts;
mod device;
mod devices;
mod drive;
mod encryption;
pub mod exit;
mod export;
pub mod failure;
mod files;
mod formats;
mod help;
mod history;
mod human;
mod info;
pub mod interrupt;
pub mod invisible;
mod items;
mod json;
mod kind;
mod kinds;
mod large_files;
mod list;
mod man;
mod meaning;
mod messages;
mod near;
mod output;
mod pair;
mod password;
mod patterns;
mod photos;
mod printable;
mod progress;
mod ready;
mod schedule;
mod session;
mod state;
mod table;
mod unchanged;
mod usage;
mod verify;
mod voicemail;
mod watched;
mod whom;
mod zone;

use clap::{CommandFactory, Parser, Subcommand};

use console::Console;
use exit::Exit;
use failure::Failure;

/// Make iPhone and iPad backups, look into them, and take your data out. Works offline.
#[derive(Debug, Parser)]
#[command(name = "corer", version, help_template = help::TEMPLATE, arg_required_else_help = true)]
#[command(disable_help_subcommand = false, max_term_width = 110)]
pub struct Cli {
    #[command(flatten)]
    manner: args::Manner,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[command(alias = "ls", alias = "backups")]
    List(list::ListArgs),
    #[command(alias = "show", alias = "about")]
    Info(info::InfoArgs),
    #[command(alias = "file")]
    Files(files::FilesArgs),
    #[command(alias = "message", alias = "sms", alias = "imessage", alias = "chats")]
    Messages(Box<messages::MessagesArgs>),
    #[command(alias = "contact", alias = "addressbook", alias = "people")]
    Contacts(Box<contacts::ContactsArgs>),
    #[command(alias = "call", alias = "call-history")]
    Calls(calls::CallsArgs),
    #[command(alias = "voicemails")]
    Voicemail(voicemail::VoicemailArgs),
    #[command(alias = "extract")]
    Export(export::ExportArgs),
    #[command(alias = "photo", alias = "pictures", alias = "videos")]
    Photos(Box<photos::PhotosArgs>),
    #[command(alias = "check")]
    Verify(verify::VerifyArgs),
    #[command(alias = "device", alias = "phones")]
    Devices(devices::DevicesArgs),
    #[command(alias = "trust")]
    Pair(pair::PairArgs),
    Backup(backup::BackupArgs),
    #[command(alias = "encrypt")]
    Encryption(encryption::EncryptionArgs),
    #[command(alias = "doctor")]
    Ready(ready::ReadyArgs),
    Schedule(schedule::ScheduleArgs),
    #[command(alias = "completion")]
    Completions(completions::CompletionsArgs),
    #[command(alias = "manual")]
    Man(man::ManArgs),
}

/// Reads the command line and does what it says.
pub fn run() -> Exit {
    let cli = match usage::parse() {
        Ok(cli) => cli,
        Err(exit) => return exit,
    };
    let console = Console::new(cli.manner);
    match dispatch(&cli.command, &console) {
        Ok(exit) => exit,
        Err(failure) => {
            console.show(&failure);
            failure.exit()
        }
    }
}

fn dispatch(command: &Command, console: &Console) -> Result<Exit, Failure> {
    large_files::say_errors()?;
    let answering = console.clone();
    interrupt::install(move || answering.say("Finishing what has begun; press Ctrl-C again to stop now."))?;
    match command {
        Command::List(args) => list::run(args, console),
        Command::Info(args) => info::run(args, console),
        Command::Files(args) => files::run(args, console),
        Command::Messages(args) => messages::run(args, console),
        Command::Contacts(args) => contacts::run(args, console),
        Command::Calls(args) => calls::run(args, console),
        Command::Voicemail(args) => voicemail::run(args, console),
        Command::Export(args) => export::run(args, console),
        Command::Photos(args) => photos::run(args, console),
        Command::Verify(args) => verify::run(args, console),
        Command::Devices(args) => devices::run(args, console),
        Command::Pair(args) => pair::run(args, console),
        Command::Backup(args) => backup::run(args, console),
        Command::Encryption(args) => encryption::run(args, console),
        Command::Ready(args) => ready::run(args, console),
        Command::Schedule(args) => schedule::run(args, console),
        Command::Completions(args) => completions::run(args, Cli::command(), console),
        Command::Man(args) => man::run(args, Cli::command(), console),
    }
}
