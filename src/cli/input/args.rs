//! The flags that several commands share: one meaning everywhere, and nothing but what was typed.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, ValueHint};
use corer_exporters::output::report::AppliedFilter;
use corer_schemas::{AppleTime, Selection};
use jiff::Timestamp;

use crate::cli::failure::Failure;
use crate::cli::input::zone::{End, Zone};

/// Which backup.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Backup")]
pub struct BackupArgs {
    /// The backup: a path, a device name or a UDID [default: the newest one found]
    ///
    /// A path may be a backup folder, its Manifest.plist, a zip of one, a folder that `files get` wrote, a file-system
    /// dump, or a single database. A UDID may be cut short. Without it, the newest backup in the standard places is
    /// taken; `corer list` shows them.
    #[arg(short, long, value_name = "BACKUP", env = "CORER_BACKUP", hide_env_values = true)]
    #[arg(value_hint = ValueHint::AnyPath)]
    pub backup: Option<String>,
}

/// Where the backup password comes from. There is no flag that takes the password itself: it would be seen in the
/// list of processes and stay in the history of the shell.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Backup")]
pub struct PasswordArgs {
    /// Read the backup password from this file; `-` is the standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "password_command")]
    pub password_file: Option<PathBuf>,

    /// Run this command and take what it prints as the backup password
    #[arg(long, value_name = "COMMAND", value_hint = ValueHint::CommandString)]
    pub password_command: Option<String>,
}

/// Which backup, and what opens it.
#[derive(Debug, Clone, Args)]
pub struct SourceArgs {
    #[command(flatten)]
    pub backup: BackupArgs,

    #[command(flatten)]
    pub password: PasswordArgs,
}

/// Where files go, and how.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// Write files here: a folder, or a zip if the name ends in .zip
    #[arg(short, long, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub output: Option<PathBuf>,

    /// Update an earlier export: write only what is new or changed
    #[arg(long, conflicts_with = "overwrite")]
    pub update: bool,

    /// Write into a folder that is not empty, over files of the same name
    #[arg(long)]
    pub overwrite: bool,

    /// Say what would be written, write nothing
    #[arg(long)]
    pub dry_run: bool,

    /// End with code 3 also for what the backup never held (only in iCloud, not uploaded)
    #[arg(long)]
    pub strict: bool,

    /// List every file in SHA256SUMS
    ///
    /// Without it, `files get` and `photos` write no such list, and other commands leave out what was only reflinked. Files that
    /// the system copies by itself are read once more for it.
    #[arg(long)]
    pub checksums: bool,
}

/// What happens to what an earlier export holds.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Output")]
pub struct KeepArgs {
    /// Make an earlier export equal to this backup: lists what goes, and asks first
    #[arg(long, requires = "output", conflicts_with_all = ["update", "overwrite"])]
    pub mirror: bool,

    /// Update with the backup of another device of the same person
    #[arg(long, requires = "update")]
    pub same_person: bool,

    /// Answer the question of --mirror with yes
    #[arg(long, requires = "mirror")]
    pub yes: bool,
}

impl KeepArgs {
    /// Where files go: a mirror writes over what is there.
    pub fn output(&self, output: &OutputArgs) -> OutputArgs {
        OutputArgs { overwrite: output.overwrite || self.mirror, ..output.clone() }
    }
}

/// From when to when.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Selection")]
pub struct TimeArgs {
    /// Only from this day or moment on (2024-01-31, or RFC 3339)
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,

    /// Only to the end of this day, or before this moment
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
}

impl TimeArgs {
    /// What was asked for, with dates read in `zone`.
    ///
    /// # Errors
    /// A usage failure for a date that is none, and for an end before the beginning.
    pub fn resolve(&self, zone: &Zone) -> Result<Selection, Failure> {
        let moment = |typed: &Option<String>, end| typed.as_deref().map(|typed| zone.moment(typed, end)).transpose();
        let since = moment(&self.since, End::Since)?;
        let until = moment(&self.until, End::Until)?;
        if since.zip(until).is_some_and(|(since, until)| since >= until) {
            return Err(Failure::usage("--until lies before --since, so nothing can match."));
        }
        Ok(Selection { since: since.and_then(apple_time), until: until.and_then(apple_time), with: Vec::new() })
    }

    /// What narrowed the choice, as typed.
    pub fn filters(&self) -> Vec<AppliedFilter> {
        let since = self.since.iter().map(|value| AppliedFilter::new("since", value));
        since.chain(self.until.iter().map(|value| AppliedFilter::new("until", value))).collect()
    }
}

/// Which records.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Selection")]
pub struct SelectArgs {
    #[command(flatten)]
    pub time: TimeArgs,

    /// Only with this person: a name, number or address; may be repeated
    ///
    /// The beginnings of words are enough, whatever their case and accents: `berg` finds Anna Berg and Anna-Berg, not Lindberg.
    /// A number counts as it is dialled, with or without its country code. `--with '=Anna Berg'` means exactly that.
    #[arg(long, value_name = "PERSON", allow_hyphen_values = true)]
    pub with: Vec<String>,
}

impl SelectArgs {
    /// What was asked for, with dates read in `zone`.
    ///
    /// # Errors
    /// As for [`TimeArgs::resolve`].
    pub fn resolve(&self, zone: &Zone) -> Result<Selection, Failure> {
        Ok(Selection { with: self.with.clone(), ..self.time.resolve(zone)? })
    }

    /// What narrowed the choice, as typed.
    pub fn filters(&self) -> Vec<AppliedFilter> {
        let with = self.with.iter().map(|value| AppliedFilter::new("with", value));
        self.time.filters().into_iter().chain(with).collect()
    }
}

/// Whole seconds are exact enough for a filter; they err towards taking more at the beginning.
fn apple_time(moment: Timestamp) -> Option<AppleTime> {
    AppleTime::from_unix_seconds(moment.as_second())
}

/// In which zone dates are read and shown.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Selection")]
pub struct ZoneArgs {
    /// Read and show times in this zone, such as Europe/Berlin [default: this computer's]
    #[arg(long, value_name = "ZONE")]
    pub tz: Option<String>,
}

/// How much of the computer to use.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct WorkArgs {
    /// Work on so many files at once [default: one for each processor]
    #[arg(short, long, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,
}

impl WorkArgs {
    /// The number of threads.
    pub fn threads(self) -> usize {
        // More threads than this only cost memory, whatever was typed.
        const MOST: usize = 256;
        self.jobs.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get).min(MOST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn select(since: Option<&str>, until: Option<&str>) -> SelectArgs {
        let time = TimeArgs { since: since.map(Into::into), until: until.map(Into::into) };
        SelectArgs { time, with: vec!["Anna".into()] }
    }

    #[test]
    fn a_span_of_one_day_is_that_day() {
        let selection = select(Some("2024-01-31"), Some("2024-01-31")).resolve(&Zone::utc()).unwrap();
        let text = |time: Option<AppleTime>| time.unwrap().timestamp().unwrap().to_string();
        assert_eq!(text(selection.since), "2024-01-31T00:00:00Z");
        assert_eq!(text(selection.until), "2024-02-01T00:00:00Z");
        assert_eq!(selection.with, ["Anna"]);
    }

    #[test]
    fn an_end_before_the_beginning_is_wrong_usage() {
        let failure = select(Some("2024-02-01"), Some("2024-01-31")).resolve(&Zone::utc()).unwrap_err();
        assert_eq!(failure.exit().code(), 2);
    }
}
