//! The simulated device as a program, for hosts that are programs too.
//!
//! Prints where it listens, then obeys lines from its standard input (`help` lists them) until it is ended.

use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use corer_simulated_device::{
    Content, Cut, Faults, Hostile, Passcode, Person, Running, Setup, Simulator, Stage, Trust,
};

const HELP: &str = "\
write DOMAIN PATH TEXT    write a file on the phone
delete DOMAIN PATH        delete a file or folder
password [NEW]            encrypt backups with it, or no longer
cut WHEN                  pull the cable in the next backup: message=N files=N bytes=N stage=NAME
back SECONDS              and plug it in again after this time
hostile WHAT              mean harm in the next backup: upload=PATH garbage bomb endless-files=N …
fail STAGE CODE           end the next backup with a code of MBErrorDomain
space BYTES               need so much more free space in the next backup
plug, unplug              the cable
log, courses              what hosts did
quit";

/// A simulated iPhone behind a simulated usbmuxd
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The Unix socket; a new one in the temporary folder by default
    #[arg(long)]
    socket: Option<PathBuf>,
    /// The TCP port; any by default
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// What the phone holds
    #[arg(long, value_enum, default_value_t = Holds::Life)]
    content: Holds,
    /// For `--content equal`: how many files
    #[arg(long, default_value_t = 1)]
    files: u64,
    /// For `--content equal`: of how many bytes
    #[arg(long, default_value_t = 1_000_000)]
    bytes: u64,
    /// The password of its backups
    #[arg(long)]
    password: Option<String>,
    /// Rounds of the key derivation
    #[arg(long, default_value_t = corer_simulated_device::phone::FEW_ROUNDS)]
    rounds: u32,
    /// No host has paired before
    #[arg(long)]
    unpaired: bool,
    /// "Trust" is tapped after so many requests
    #[arg(long, default_value_t = 0)]
    trust_after: u32,
    /// The phone is locked
    #[arg(long)]
    locked: bool,
    /// The phone asks for the passcode before each backup; it is typed after so many milliseconds
    #[arg(long)]
    passcode: Option<u64>,
    /// The clock stands still: two backups of one state are the same bytes
    #[arg(long)]
    clock_stands: bool,
    /// List the phone over Wi-Fi too
    #[arg(long)]
    wifi: bool,
    /// Bytes a second that the phone sends at most
    #[arg(long)]
    pace: Option<u64>,
    /// Milliseconds before each message
    #[arg(long, default_value_t = 0)]
    rest: u64,
}

#[derive(Clone, Copy, ValueEnum)]
enum Holds {
    /// The life of the samples
    Life,
    /// Files of one size
    Equal,
    /// Nothing
    Empty,
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing can be done about a closed stderr.
            let _ = writeln!(std::io::stderr(), "corer-simulated-device: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> corer_simulated_device::Result<()> {
    let (socket, port) = (arguments.socket.clone(), arguments.port);
    let setup = setup(arguments);
    let running = match socket {
        Some(socket) => Simulator::start_at(setup, &socket, port)?,
        None => Simulator::start(setup)?,
    };
    let mut out = std::io::stdout();
    writeln!(out, "{}\nUNIX:{}", running.address(), running.socket().display())?;
    out.flush()?;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        if line.trim() == "quit" {
            return Ok(());
        }
        let answer = obey(&running, &line).unwrap_or_else(|problem| format!("no: {problem}"));
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    loop {
        std::thread::park();
    }
}

fn setup(arguments: Arguments) -> Setup {
    let content = match arguments.content {
        Holds::Life => Content::Life,
        Holds::Equal => Content::Equal { files: arguments.files, bytes: arguments.bytes },
        Holds::Empty => Content::Empty,
    };
    let passcode = arguments.passcode.map(|time| Passcode::After(Duration::from_millis(time)));
    Setup {
        content,
        password: arguments.password,
        rounds: arguments.rounds,
        is_paired: !arguments.unpaired,
        person: Person {
            trust: if arguments.trust_after > 0 { Trust::After(arguments.trust_after) } else { Trust::AtOnce },
            passcode: passcode.unwrap_or_default(),
            is_locked: arguments.locked,
            ..Person::default()
        },
        faults: Faults { pace: arguments.pace, rest: Duration::from_millis(arguments.rest), ..Faults::default() },
        stands_still: arguments.clock_stands,
        has_wifi: arguments.wifi,
        ..Setup::default()
    }
}

/// Does what a line says and gives the answer.
fn obey(running: &Running, line: &str) -> Result<String, String> {
    let mut words = line.splitn(4, ' ');
    let mut next = || words.next().unwrap_or_default();
    let (command, first, second, third) = (next(), next(), next(), next());
    let number = |text: &str| text.parse::<i64>().map_err(|_| format!("not a number: {text}"));
    match command {
        "" => {}
        "write" => running.phone().files.write(first, second, third),
        "delete" if running.phone().files.delete(first, second) => {}
        "delete" => return Err(format!("nothing is at {first} {second}")),
        "password" => running.phone().set_password((!first.is_empty()).then(|| first.to_owned())),
        "cut" => running.phone().faults.cut = Some(first.parse::<Cut>()?),
        "back" => running.phone().faults.comes_back = Some(Duration::from_secs(number(first)?.unsigned_abs())),
        "hostile" => running.phone().faults.hostile = Some(first.parse::<Hostile>()?),
        "fail" => {
            let fault = (first.parse::<Stage>()?, number(second)?, "As the test had ordered".to_owned());
            running.phone().faults.fails = Some(fault);
        }
        "space" => running.phone().faults.needs_space = number(first)?.unsigned_abs(),
        "plug" => running.plug(),
        "unplug" => running.unplug(),
        "log" => return Ok(running.log().entries().iter().map(|entry| format!("{entry}\n")).collect::<String>() + "ok"),
        "courses" => return Ok(running.log().courses().iter().map(|it| format!("{it:?}\n")).collect::<String>() + "ok"),
        "help" => return Ok(HELP.to_owned()),
        _ => return Err(format!("no command is called {command}; try help")),
    }
    Ok("ok".to_owned())
}
