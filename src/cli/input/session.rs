//! Opening what a command is about: found, named to the person, and unlocked.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use corer::backup::availability::needs_encryption;
use corer::backup::damaged::DamagedFile;
use corer::backup::files::Files;
use corer::backup::keybag::UnlockError;
use corer::backup::locate::{LocateError, Located, locate};
use corer::backup::{Backup, BackupError, Facts, LockedBackup};
use corer_exporters::output::report::ExportInfo;
use corer_exporters::saved::Taken;
use corer_schemas::{AppleTime, Entry, Kind, Skipped, Source};

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::input::args::{BackupArgs, PasswordArgs, SourceArgs};
use crate::cli::input::asked_files::AskedFiles;
use crate::cli::input::content::Content;
use crate::cli::input::device_name::device_name;
use crate::cli::input::find_backup;
use crate::cli::input::password::{self, Attempt, Password};
use crate::cli::sentence::{sentence, with_full_stop};
use crate::cli::terminal::console::Console;

/// A backup or files that are open, and where they lie.
pub struct Session {
    /// The files.
    files: AskedFiles,
    /// What the property lists of a backup say; nothing for files.
    pub facts: Facts,
    /// Whether it is encrypted.
    pub is_encrypted: bool,
    /// Where it lies.
    pub place: PathBuf,
    /// The password that opened it.
    pub password: Option<Password>,
    /// What the person typed to name it.
    typed: Option<PathBuf>,
}

impl Session {
    /// Finds the backup, asks for its password where it needs one, and opens it. `main_database` is what a single file
    /// stands for, if the command takes one.
    ///
    /// # Errors
    /// When there is no such backup, when it cannot be read, and [`Exit::Password`].
    pub fn open(args: &SourceArgs, main_database: Option<&str>, console: &Console) -> Result<Self, Failure> {
        Self::open_found(Self::find(args, main_database, console)?, args, console)
    }

    /// What to call it: as it was typed, else where it lies.
    pub fn called(&self) -> &Path {
        self.typed.as_deref().unwrap_or(&self.place)
    }

    /// Finds the backup without opening it.
    ///
    /// # Errors
    /// When there is no such backup.
    pub fn find(
        args: &SourceArgs,
        main_database: Option<&str>,
        console: &Console,
    ) -> Result<(PathBuf, Located), Failure> {
        find(&args.backup, main_database, console).map_err(not_verifying)
    }

    /// Opens what [`find`](Self::find) found.
    ///
    /// # Errors
    /// When it cannot be read, and [`Exit::Password`].
    pub fn open_found(found: (PathBuf, Located), args: &SourceArgs, console: &Console) -> Result<Self, Failure> {
        Self::open_located(found, args, console).map_err(not_verifying)
    }

    /// The same for `verify`: a backup that is too damaged to be opened fails with [`Exit::Damaged`].
    ///
    /// # Errors
    /// As for [`open`](Self::open).
    pub fn open_to_verify(args: &SourceArgs, main_database: Option<&str>, console: &Console) -> Result<Self, Failure> {
        Self::open_located(find(&args.backup, main_database, console)?, args, console)
    }

    fn open_located(
        (place, located): (PathBuf, Located),
        args: &SourceArgs,
        console: &Console,
    ) -> Result<Self, Failure> {
        match located {
            Located::Backup(locked) => Self::unlock(&locked, place, &args.password, console),
            Located::Files(files) => {
                console.detail(format_args!("{} is {}.", place.display(), files.description()));
                let typed = args.backup.backup.as_ref().map(PathBuf::from);
                Ok(Self { typed, ..Self::of_files(files, place) })
            }
        }
    }

    /// Opens a backup that was found, if its password is not needed, is given, or is typed. `None` without one.
    ///
    /// # Errors
    /// When it cannot be read, and [`Exit::Password`] for a wrong password.
    pub fn unlock_if_possible(
        locked: &LockedBackup,
        place: PathBuf,
        password: &PasswordArgs,
        console: &Console,
    ) -> Result<Option<Self>, Failure> {
        let unlocked = if locked.is_encrypted() {
            password::unlock_if_given(password, console, &called(locked.facts()), |password| {
                attempt(locked, password, &place)
            })
        } else {
            locked.open_plain().map(|backup| Some((backup, None))).map_err(|error| failure(&place, &error))
        };
        Ok(unlocked.map_err(not_verifying)?.map(|opened| Self::of_backup(opened, locked, place)))
    }

    fn unlock(
        locked: &LockedBackup,
        place: PathBuf,
        password: &PasswordArgs,
        console: &Console,
    ) -> Result<Self, Failure> {
        if let Some(error) = locked.locked_for_good() {
            return Err(failure(&place, &error));
        }
        let opened = if locked.is_encrypted() {
            password::unlock_with(password, console, &called(locked.facts()), |password| {
                attempt(locked, password, &place)
            })?
        } else {
            (locked.open_plain().map_err(|error| failure(&place, &error))?, None)
        };
        for note in opened.0.notes() {
            console.warn(format_args!("{}: {}.", note.item, note.why));
        }
        Ok(Self::of_backup(opened, locked, place))
    }

    fn of_backup((backup, password): (Backup, Option<Password>), locked: &LockedBackup, place: PathBuf) -> Self {
        let files = AskedFiles::new(Content::Backup(Box::new(backup)));
        let facts = locked.facts().clone();
        Self { files, facts, is_encrypted: locked.is_encrypted(), place, password, typed: None }
    }

    /// Takes files that were found.
    pub fn of_files(files: Box<Files>, place: PathBuf) -> Self {
        let files = AskedFiles::new(Content::Files(files));
        Self { files, facts: Facts::default(), is_encrypted: false, place, password: None, typed: None }
    }

    /// The port that readers of records take.
    pub fn source(&self) -> &dyn Source {
        &self.files
    }

    /// The backup, or the files without a manifest.
    pub fn content(&self) -> &Content {
        &self.files.content
    }

    /// The files that ought to belong to a record of a kind, and that no reader has asked for. Nothing where somebody named one
    /// database: what lies beside it was not meant.
    pub fn files_of_no_record(&self, kind: &Kind) -> Vec<Entry> {
        if self.files.is_one_database() {
            return Vec::new();
        }
        self.files.of_no_record(kind).unwrap_or_default()
    }

    /// Whether records of the manifest could not be read: then what seems not to be there may have been among them.
    pub fn has_lost_records(&self) -> bool {
        match self.content() {
            Content::Backup(backup) => !backup.catalog().problems().is_empty() || !backup.unread().is_empty(),
            Content::Files(files) => !files.left_out().is_empty(),
        }
    }

    /// What could not be read beside the databases that were asked for since the last call: rows that only a write-ahead
    /// log held. No reader of records sees that they are missing.
    pub fn take_unreadable(&self) -> Vec<Skipped> {
        match self.content() {
            Content::Backup(backup) => backup.take_unreadable(),
            Content::Files(files) => files.take_unreadable(),
        }
    }

    /// Whether everything could be read that readers of records do not see themselves: the manifest, and the logs of the
    /// databases that were asked for.
    pub fn is_complete(&self) -> bool {
        let has_unreadable = match self.content() {
            Content::Backup(backup) => backup.has_unreadable(),
            Content::Files(files) => files.has_unreadable(),
        };
        !has_unreadable && !self.has_lost_records()
    }

    /// Files that were opened since the last call and are incomplete.
    pub fn take_damaged(&self) -> Vec<DamagedFile> {
        match self.content() {
            Content::Backup(backup) => backup.take_damaged(),
            Content::Files(_) => Vec::new(),
        }
    }

    /// The same failure to find something, with another end where it may have been among what is lost.
    pub fn or_unreadable(&self, failure: Failure) -> Failure {
        let unread = self.take_unreadable();
        if let Some(first) = unread.first() {
            let failure =
                if failure.exit() == Exit::NothingMatched { failure.with_exit(Exit::Incomplete) } else { failure };
            return failure.because(format!("{}: {}.", first.item, first.why));
        }
        if failure.exit() != Exit::NothingMatched || !self.has_lost_records() {
            return failure;
        }
        let hint = "Records of the manifest could not be read; it may have been among them: corer verify tells more.";
        failure.with_exit(Exit::Incomplete).hint(hint)
    }

    /// Whether this is a backup from which a device leaves out a kind because it is not encrypted.
    pub fn leaves_out(&self, kind: &Kind) -> bool {
        matches!(self.content(), Content::Backup(_)) && !self.is_encrypted && needs_encryption(kind, &self.facts)
    }

    /// What a person should know about how it is read.
    pub fn notes(&self) -> &[Skipped] {
        match self.content() {
            Content::Backup(backup) => backup.notes(),
            Content::Files(_) => &[],
        }
    }

    /// What an export remembers of the backup.
    pub fn taken(&self) -> Taken {
        let made = self.facts.last_backup.and_then(AppleTime::timestamp).map(|made| made.as_second());
        Taken {
            device: self.facts.udid.clone(),
            name: self.facts.device_name.clone(),
            made,
            // How far it can be read shows when it is.
            complete: true,
        }
    }

    /// What a report says first: the backup goes by the UDID of its device, else by the path that was given.
    pub fn about(&self, time_zone: &str) -> ExportInfo {
        let backup = self.facts.udid.clone().unwrap_or_else(|| self.place.display().to_string());
        ExportInfo {
            corer_version: env!("CARGO_PKG_VERSION").to_owned(),
            backup,
            device: self.facts.device_name.is_some().then(|| device_name(&self.facts)),
            time_zone: time_zone.to_owned(),
            filters: Vec::new(),
        }
    }
}

/// Finds what was asked for, not unlocked.
///
/// # Errors
/// [`Exit::NotFound`] when there is nothing of that name, [`Exit::Unsupported`] when it is something else.
pub fn find(args: &BackupArgs, main_database: Option<&str>, console: &Console) -> Result<(PathBuf, Located), Failure> {
    match args.backup.as_deref().filter(|typed| !typed.is_empty()) {
        Some(typed) if is_there(Path::new(typed))? => {
            let typed = Path::new(typed);
            let located = locate(typed, main_database).map_err(|error| not_located(typed, error))?;
            Ok((located.place(), located))
        }
        Some(typed) => find_backup::by_name(typed).map(|found| (found.path, Located::Backup(Box::new(found.backup)))),
        None => {
            let found = find_backup::newest()?;
            console.note(format_args!("{} in {}", device_name(found.backup.facts()), found.path.display()));
            Ok((found.path, Located::Backup(Box::new(found.backup))))
        }
    }
}

/// Whether there is something of this name. Where nobody may look, nobody can say.
fn is_there(path: &Path) -> Result<bool, Failure> {
    match path.metadata() {
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => Err(unreadable(&path.display(), &error)),
        found => Ok(found.is_ok()),
    }
}

/// That a backup is damaged is an answer of `verify` alone; any other command failed by it.
fn not_verifying(failure: Failure) -> Failure {
    match failure.exit() {
        Exit::Damaged => failure.with_exit(Exit::Failed),
        _ => failure,
    }
}

/// What a prompt calls a backup.
fn called(facts: &Facts) -> String {
    match &facts.device_name {
        Some(name) => format!("\"{name}\""),
        None => "this backup".to_owned(),
    }
}

/// Opens a backup with a password, which may open more than that.
fn attempt(locked: &LockedBackup, password: &Password, place: &Path) -> Result<(Backup, Option<Password>), Attempt> {
    let opened = locked.unlock(password.as_bytes()).map(|backup| (backup, Some(password.copy())));
    opened.map_err(|error| match error {
        BackupError::Unlock(UnlockError::WrongPassword) => Attempt::Wrong,
        other => Attempt::Failed(failure(place, &other)),
    })
}

fn not_located(place: &Path, error: LocateError) -> Failure {
    // Most begin with the path that was typed.
    let why = with_full_stop(&error.to_string());
    match error {
        LocateError::NotThere(_) => find_backup::nothing_called(&place.display()),
        LocateError::NotABackup { .. } => {
            Failure::new(Exit::Unsupported, why).hint("To see which backups are in a folder: corer list FOLDER")
        }
        LocateError::Packed { .. } => {
            Failure::new(Exit::Unsupported, why).because("corer looks into zip archives, and into no others.")
        }
        LocateError::NoManifest { .. } => no_manifest(why),
        LocateError::Several { .. } if place.is_file() => Failure::usage(why)
            .because("Of an archive with several backups none can be named.")
            .hint("Unpack it, and name the folder of one of them with -b."),
        LocateError::Several { backups, .. } => {
            backups.iter().fold(Failure::usage(why).because("Say which one is meant:"), |failure, backup| {
                failure.hint(format!("-b '{}'", backup.display()))
            })
        }
        LocateError::Io { path, error } => unreadable(&path.display(), &error),
        LocateError::Backup(error) => failure(place, &error),
        _ => Failure::failed(why),
    }
}

/// What a backup that does not open means for the person.
fn failure(place: &Path, error: &BackupError) -> Failure {
    let place = place.display();
    let cannot = format!("The backup in {place} cannot be opened.");
    let why = sentence(&error.to_string());
    match error {
        BackupError::NoManifest(_) => no_manifest(format!("{place} is a backup without its manifest.")).because(why),
        BackupError::Io { error, what } => unreadable(&format!("{what} of the backup in {place}"), error),
        BackupError::Unlock(UnlockError::TooManyRounds(_)) => Failure::new(Exit::Unsupported, cannot).because(why),
        _ => Failure::new(Exit::Damaged, cannot).because(why),
    }
}

fn no_manifest(what: String) -> Failure {
    Failure::new(Exit::Unsupported, what).hint(
        "The manifest says which file is which. Was only a part of the backup copied? Look for it where it came from.",
    )
}

fn unreadable(place: &dyn Display, error: &std::io::Error) -> Failure {
    let failure = Failure::io(format!("{place} cannot be read."), error);
    if cfg!(target_os = "macos") && error.kind() == std::io::ErrorKind::PermissionDenied {
        return failure
            .hint("Allow it: System Settings, Privacy & Security, Full Disk Access, then switch on your terminal.");
    }
    failure
}
