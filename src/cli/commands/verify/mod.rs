//! `corer verify`: is this backup whole and readable? Found out without restoring it.

mod damage_summary;

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};
use corer::backup::Backup;
use corer::backup::availability::only_in_encrypted;
use corer::backup::verify::{BackupPart, Finding, Level, Verification, Watch, verify};
use corer_exporters::output::{IfExists, SingleFile, sum_line};
use corer_schemas::AppleTime;
use jiff::Timestamp;
use serde::Serialize;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::input::args::{SourceArgs, WorkArgs};
use crate::cli::input::content::Content;
use crate::cli::input::session::Session;
use crate::cli::run::output::refuse_inside;
use crate::cli::state::verify_history::{LastCheck, VerifyHistory};
use crate::cli::terminal::console::{Answer, Console};
use crate::cli::terminal::human;
use crate::cli::terminal::interrupt;
use crate::cli::terminal::printable::Printable;
use crate::cli::terminal::progress::Unit;

/// This many findings of one kind are printed; the rest is counted. JSON has them all.
const MOST_PRINTED: usize = 100;

/// Check that a backup is whole and readable
///
/// Nothing is restored and nothing is changed. By default every file is decrypted to nowhere and checked by the rules
/// that its record allows; --quick only looks whether everything is there; --deep also checks every database, and whether
/// pictures and movies have their ends.
#[derive(Debug, Args)]
#[command(after_long_help = after_help())]
pub struct VerifyArgs {
    /// Only check the plists, the manifest, and that every file is there and long enough
    #[arg(long, conflicts_with = "deep")]
    pub quick: bool,

    /// Also check databases, pictures and movies
    #[arg(long)]
    pub deep: bool,

    /// With --deep: write the SHA-256 of every file into this file
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "deep")]
    pub output: Option<PathBuf>,

    /// Replace the file named with -o
    #[arg(long, requires = "output")]
    pub overwrite: bool,

    #[command(flatten)]
    pub work: WorkArgs,

    #[command(flatten)]
    pub source: SourceArgs,
}

fn after_help() -> String {
    help::after_help(
        &[
            ("corer verify", "the newest backup: decrypt and check every file"),
            ("corer verify --quick", "only whether everything is there"),
            ("corer verify --deep -o SHA256SUMS", "databases and pictures too, with a list of checksums"),
        ],
        &[Exit::Incomplete, Exit::Damaged, Exit::NotFound, Exit::Password, Exit::Unsupported],
    )
}

/// Verifies a backup.
///
/// # Errors
/// When it cannot be opened. Damage is no error: it ends with [`Exit::Damaged`].
pub fn run(args: &VerifyArgs, console: &Console) -> Result<Exit, Failure> {
    let session = Session::open_to_verify(&args.source, None, console)?;
    let Content::Backup(backup) = session.content() else {
        return Err(Failure::new(Exit::Unsupported, format!("{} is no backup.", session.place.display()))
            .because("What a backup says of its files is what they are verified by, and there is no manifest."));
    };
    // Begun before the long work, so that a place that cannot be written fails at once.
    let sums = args.output.as_deref().map(|output| begin_sums(output, args.overwrite, &session.place)).transpose()?;
    let level = match (args.quick, args.deep) {
        (true, _) => Level::Quick,
        (_, true) => Level::Deep,
        _ => Level::Full,
    };
    let result = verify_with_progress(backup, &session, level, args.work.threads(), console)?;
    if let Some(sums) = sums {
        write_sums(&result, sums)?;
    }
    remember(&session, level, &result, console);
    tell(&session, level, &result, console)?;
    Ok(match (result.damage.is_empty(), result.unchecked.is_empty()) {
        (false, _) => Exit::Damaged,
        (true, false) => Exit::Incomplete,
        (true, true) => Exit::Done,
    })
}

fn verify_with_progress(
    backup: &Backup,
    session: &Session,
    level: Level,
    threads: usize,
    console: &Console,
) -> Result<Verification, Failure> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|error| Failure::failed("No threads could be started.").because(error))?;
    let files = backup.catalog().records().filter(|record| record.is_file());
    let progress = match level {
        Level::Quick => console.progress("Looking", Unit::Items, Some(files.count() as u64)),
        _ => {
            let bytes = files.map(|record| record.facts().size.unwrap_or(0)).fold(0, u64::saturating_add);
            console.progress("Verifying", Unit::Bytes, Some(bytes))
        }
    };
    let _hold = interrupt::hold();
    let advance = |bytes| progress.advance(if level == Level::Quick { 1 } else { bytes });
    let watch = Watch { advance: &advance, is_interrupted: &interrupt::requested };
    let result = pool.install(|| verify(backup, &session.facts, level, &watch));
    if result.is_interrupted { Err(Failure::interrupted()) } else { Ok(result) }
}

fn begin_sums(output: &Path, overwrite: bool, backup: &Path) -> Result<SingleFile, Failure> {
    refuse_inside(output, backup)?;
    let existing = if overwrite { IfExists::Overwrite } else { IfExists::Refuse };
    Ok(SingleFile::create(output, existing)?)
}

fn write_sums(result: &Verification, mut sums: SingleFile) -> Result<(), Failure> {
    for (name, sha256) in &result.checksums {
        let line = sum_line(sha256, name);
        sums.write_all(line.as_bytes()).map_err(|error| Failure::io("The checksums could not be written.", &error))?;
    }
    Ok(sums.finish()?)
}

/// Remembers the check for `list`. That this failed stops nothing. A check that could not look at everything and found
/// nothing is none.
fn remember(session: &Session, level: Level, result: &Verification, console: &Console) {
    if result.damage.is_empty() && !result.is_complete() {
        return;
    }
    let check = LastCheck {
        backup: session.place.clone(),
        made: session.facts.last_backup.and_then(AppleTime::timestamp).map(Timestamp::as_second),
        verified: Timestamp::now().as_second(),
        level: word(level).to_owned(),
        whole: result.is_complete(),
    };
    if let Err(error) = VerifyHistory::remember(check) {
        console.detail(format_args!("This check could not be remembered for corer list: {error}."));
    }
}

fn word(level: Level) -> &'static str {
    match level {
        Level::Quick => "quick",
        Level::Full => "full",
        Level::Deep => "deep",
    }
}

/// The answer for programs.
#[derive(Serialize)]
struct VerifyDocument<'a> {
    backup: String,
    level: &'static str,
    whole: bool,
    files: u64,
    bytes: u64,
    databases: u64,
    pictures: u64,
    digests: u64,
    in_icloud: u64,
    damage: Vec<FindingLine<'a>>,
    unchecked: Vec<FindingLine<'a>>,
    notes: Vec<FindingLine<'a>>,
    means: Vec<String>,
    not_held: Vec<&'static str>,
}

/// One finding for programs.
#[derive(Serialize)]
struct FindingLine<'a> {
    item: &'a str,
    why: String,
    kind: &'static str,
    domain: Option<&'a str>,
    path: Option<&'a str>,
    reasons: &'a [String],
}

impl<'a> FindingLine<'a> {
    fn of(finding: &'a Finding) -> Self {
        let (kind, domain, path) = match &finding.part {
            BackupPart::File { domain, path } => ("file", Some(domain.as_str()), Some(path.as_str())),
            BackupPart::Manifest => ("manifest", None, None),
            BackupPart::PropertyList(_) => ("property_list", None, None),
        };
        Self { item: &finding.item, why: finding.why(), kind, domain, path, reasons: &finding.reasons }
    }
}

fn tell(session: &Session, level: Level, result: &Verification, console: &Console) -> Result<(), Failure> {
    let means = damage_summary::of(result.damage.iter().map(|finding| &finding.part));
    let not_held = if session.is_encrypted { Vec::new() } else { only_in_encrypted(&session.facts) };
    let mut answer = console.answer();
    if console.is_json() {
        answer.json_document("verification", &document(session, level, result, means, not_held))?;
    } else {
        print_damage(result, &means, &mut answer)?;
        print_checked(result, level, &mut answer)?;
        print_notes(result, &not_held, &mut answer)?;
    }
    answer.finish()
}

fn document<'a>(
    session: &Session,
    level: Level,
    result: &'a Verification,
    means: Vec<String>,
    not_held: Vec<&'static str>,
) -> VerifyDocument<'a> {
    let items = |findings: &'a [Finding]| findings.iter().map(FindingLine::of).collect();
    VerifyDocument {
        backup: session.place.display().to_string(),
        level: word(level),
        whole: result.is_complete(),
        files: result.files,
        bytes: result.bytes,
        databases: result.databases,
        pictures: result.pictures,
        digests: result.digests,
        in_icloud: result.in_icloud,
        damage: items(&result.damage),
        unchecked: items(&result.unchecked),
        notes: items(&result.notes),
        means,
        not_held,
    }
}

fn print_damage(result: &Verification, means: &[String], answer: &mut Answer) -> Result<(), Failure> {
    let paint = answer.paint();
    if result.is_complete() {
        return answer.line(paint.good("This backup is whole and readable, as far as was looked."));
    }
    if result.damage.is_empty() {
        let text =
            "Nothing is damaged of what was looked at, but not everything could be: this says nothing of the whole.";
        answer.line(paint.bad(text))?;
        return print_unchecked(result, answer);
    }
    let count = human::count(result.damage.len() as u64, "thing is", "things are");
    answer.line(paint.bad(&format!("This backup is damaged: {count} not as recorded.")))?;
    list(&result.damage, answer)?;
    answer.line(paint.head("\nWhat is hurt:"))?;
    means.iter().try_for_each(|means| answer.line(format_args!("  {means}")))?;
    print_unchecked(result, answer)?;
    answer
        .line("Everything else can still be taken out. While the device lives, make a new backup into another folder.")
}

fn print_unchecked(result: &Verification, answer: &mut Answer) -> Result<(), Failure> {
    if result.unchecked.is_empty() {
        return Ok(());
    }
    answer.line(answer.paint().head("\nNot checked:"))?;
    list(&result.unchecked, answer)
}

fn print_checked(result: &Verification, level: Level, answer: &mut Answer) -> Result<(), Failure> {
    let Verification { files, bytes, databases, pictures, digests, .. } = *result;
    let files = human::count(files, "file", "files");
    answer.line(match level {
        Level::Quick => format!("\nLooked for {files}. Nothing was decrypted; corer verify without --quick does that."),
        Level::Full => format!("\nRead {files} ({}); compared {digests} digests.", human::size(bytes)),
        Level::Deep => format!(
            "\nRead {files} ({}); compared {digests} digests; checked {} and {}.",
            human::size(bytes),
            human::count(databases, "database", "databases"),
            human::count(pictures, "picture", "pictures"),
        ),
    })
}

fn print_notes(result: &Verification, not_held: &[&str], answer: &mut Answer) -> Result<(), Failure> {
    if !result.notes.is_empty() {
        answer.line(answer.paint().head("\nOdd, but no damage:"))?;
        list(&result.notes, answer)?;
    }
    if result.in_icloud > 0 || !not_held.is_empty() {
        answer.line(answer.paint().head("\nNever in this backup:"))?;
    }
    if result.in_icloud > 0 {
        let files = human::count(result.in_icloud, "file", "files");
        answer.line(format_args!("  the content of {files} that the device held only in iCloud"))?;
    }
    if !not_held.is_empty() {
        let kinds = not_held.join(", ");
        answer.line(format_args!("  what a device saves only in encrypted backups: {kinds}"))?;
    }
    Ok(())
}

fn list(findings: &[Finding], answer: &mut Answer) -> Result<(), Failure> {
    for finding in findings.iter().take(MOST_PRINTED) {
        answer.line(format_args!("  {}: {}", Printable(&finding.item), Printable(&finding.why())))?;
    }
    let more = findings.len().saturating_sub(MOST_PRINTED);
    if more > 0 {
        answer.line(format_args!("  and {more} more; --json has them all"))?;
    }
    Ok(())
}
