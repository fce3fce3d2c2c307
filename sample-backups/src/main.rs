//! Writes the checked-in samples, and big backups for benchmarks.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use sample_backups::big::{self, Plan};
use sample_backups::{Encryption, Error, Result, library, samples};

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
    /// Writes the photo library of a computer as the backup of a phone.
    Library {
        /// The database, `Photos.sqlite`, with its log beside it.
        database: PathBuf,
        /// The folder of the backup; it must not exist.
        folder: PathBuf,
    },
    /// Writes a big backup for benchmarks.
    Big(Big),
}

#[derive(Args)]
struct Big {
    /// The folder of the backup; it must not exist.
    folder: PathBuf,
    /// How many files with content.
    #[arg(long, default_value_t = 0)]
    files: u64,
    /// That many files, all of one size, instead of --files.
    #[arg(long, conflicts_with_all = ["files", "largest_first"])]
    equal: Option<u64>,
    /// How many bytes they hold together: 500M, 2G.
    #[arg(long, value_parser = size, default_value = "0")]
    bytes: u64,
    /// Write the largest files first.
    #[arg(long)]
    largest_first: bool,
    /// Rows of the manifest without a payload.
    #[arg(long, default_value_t = 0)]
    rows: u64,
    /// Messages in sms.db.
    #[arg(long, default_value_t = 0)]
    messages: u64,
    /// Conversations in sms.db.
    #[arg(long, default_value_t = 100)]
    chats: u64,
    /// People in the address book.
    #[arg(long, default_value_t = 0)]
    contacts: u64,
    /// How many of them have a picture.
    #[arg(long, default_value_t = 0)]
    pictures: u64,
    /// Calls in the call history.
    #[arg(long, default_value_t = 0)]
    calls: u64,
    /// Assets in the photo library.
    #[arg(long, default_value_t = 0)]
    photos: u64,
    /// How many bytes their originals have together: 500M, 5G.
    #[arg(long, value_parser = size, default_value = "0")]
    photo_bytes: u64,
    /// Leave out the library's own thumbnails.
    #[arg(long)]
    no_thumbnails: bool,
    /// Encrypt the backup.
    #[arg(long)]
    encrypted: bool,
    /// Its password.
    #[arg(long, default_value = samples::PASSWORD)]
    password: String,
    /// Rounds of the first derivation.
    #[arg(long, default_value_t = 1_000)]
    rounds: u32,
    /// Write the decrypted files there as well.
    #[arg(long)]
    plain_tree: Option<PathBuf>,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Write { folder, names } => write(&folder, &names),
        Command::Library { database, folder } => library::backup(&database).and_then(|backup| backup.write(&folder)),
        Command::Big(arguments) => write_big(arguments),
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

fn write_big(arguments: Big) -> Result<()> {
    if arguments.folder.exists() {
        return Err(Error::Request(format!("{} exists already", arguments.folder.display())));
    }
    let plan = Plan {
        files: arguments.equal.unwrap_or(arguments.files),
        bytes: arguments.bytes,
        is_equal: arguments.equal.is_some(),
        is_largest_first: arguments.largest_first,
        rows: arguments.rows,
        messages: arguments.messages,
        chats: arguments.chats,
        contacts: arguments.contacts,
        pictures: arguments.pictures,
        calls: arguments.calls,
        photos: arguments.photos,
        photo_bytes: arguments.photo_bytes,
        is_without_thumbnails: arguments.no_thumbnails,
        encryption: arguments.encrypted.then(|| Encryption::new(&arguments.password, Some(arguments.rounds))),
        plain_tree: arguments.plain_tree,
    };
    big::write(&arguments.folder, &plan)
}

/// Reads `123`, `64K`, `500M`, `2G` (powers of 1000, as disks are sold).
fn size(text: &str) -> std::result::Result<u64, String> {
    let digits = text.trim_end_matches(['K', 'M', 'G']);
    let factor = match text.get(digits.len()..) {
        Some("") => 1,
        Some("K") => 1_000,
        Some("M") => 1_000_000,
        Some("G") => 1_000_000_000,
        _ => return Err("a number, or one with K, M or G".into()),
    };
    let number: u64 = digits.parse().map_err(|_| "a number, or one with K, M or G".to_owned())?;
    number.checked_mul(factor).ok_or_else(|| "too large".into())
}
