//! Where files go: from `-o` and its companions to a tree that can be written.

use std::path::{Component, Path, PathBuf};

use corer_exporters::output::report::Verdict;
use corer_exporters::output::{
    Checksums, IfExists, OutputError, OutputTarget, Report, SingleFile, Tree, TreeOptions, holds_something,
    refuse_special,
};

use super::last_words;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::input::args::OutputArgs;
use crate::cli::terminal::console::Console;

/// An output that was asked for and makes sense.
#[derive(Debug)]
pub struct Output {
    target: OutputTarget,
    options: TreeOptions,
}

impl OutputArgs {
    /// What was asked for with `-o`; `None` without it. `one_file` are the extensions of formats that are one file.
    /// `backup` is where the backup lies: nothing may be written there.
    ///
    /// # Errors
    /// A usage failure for an output inside the backup, and for a flag that needs `-o` and has none.
    pub fn resolve(&self, checksums: Checksums, one_file: &[&str], backup: &Path) -> Result<Option<Output>, Failure> {
        let Some(path) = &self.output else {
            return match (self.update, self.overwrite, self.dry_run) {
                (false, false, false) => Ok(None),
                _ => Err(Failure::usage("--update, --overwrite and --dry-run belong to an output, and there is none.")
                    .hint("Say where to write: -o FOLDER")),
            };
        };
        let target = OutputTarget::parse(path, one_file);
        if let OutputTarget::Folder(folder) = &target {
            refuse_ending(folder, one_file)?;
        }
        if target != OutputTarget::Stdout {
            refuse_inside(path, backup)?;
        }
        let existing = match (self.update, self.overwrite) {
            (true, _) => IfExists::Update,
            (_, true) => IfExists::Overwrite,
            _ => IfExists::Refuse,
        };
        let checksums = if self.checksums { Checksums::All } else { checksums };
        Ok(Some(Output { target, options: TreeOptions { existing, checksums } }))
    }
}

impl Output {
    /// Starts to write.
    ///
    /// # Errors
    /// When the place cannot be written, or holds something that may not be replaced.
    pub fn tree(&self) -> Result<Tree, Failure> {
        match &self.target {
            OutputTarget::Folder(folder) => Tree::in_folder(folder, self.options).map_err(Failure::from),
            OutputTarget::Archive(file) => Tree::in_archive(file, self.options).map_err(Failure::from),
            OutputTarget::File(_) | OutputTarget::Stdout => Err(many_files()),
        }
    }

    /// Starts to write the one file that was asked for.
    ///
    /// # Errors
    /// As for [`tree`](Self::tree).
    pub fn single(&self) -> Result<SingleFile, Failure> {
        match &self.target {
            OutputTarget::File(file) => SingleFile::create(file, self.options.existing).map_err(Failure::from),
            OutputTarget::Folder(_) | OutputTarget::Archive(_) | OutputTarget::Stdout => {
                Err(Failure::usage("This makes one file."))
            }
        }
    }

    /// Says what [`tree`](Self::tree) and [`single`](Self::single) would refuse, without making anything.
    ///
    /// # Errors
    /// When the place holds something that may not be replaced.
    pub fn check(&self) -> Result<(), Failure> {
        let refuses = self.options.existing == IfExists::Refuse;
        match &self.target {
            OutputTarget::Folder(folder) if refuses && holds_something(folder).unwrap_or(false) => {
                Err(OutputError::NotEmpty { path: folder.clone() }.into())
            }
            OutputTarget::Archive(file) | OutputTarget::File(file) if self.options.existing == IfExists::Update => {
                Err(OutputError::NoUpdate { path: file.clone() }.into())
            }
            OutputTarget::Archive(file) | OutputTarget::File(file) if refuses && file.symlink_metadata().is_ok() => {
                Err(OutputError::Exists { path: file.clone() }.into())
            }
            OutputTarget::Stdout => Err(many_files()),
            OutputTarget::Archive(file) | OutputTarget::File(file) => refuse_special(file).map_err(Failure::from),
            OutputTarget::Folder(_) => Ok(()),
        }
    }

    /// The folder that is to be brought up to date; `None` for everything that is written anew.
    pub fn updated_folder(&self) -> Option<&Path> {
        match &self.target {
            OutputTarget::Folder(folder) if self.options.existing == IfExists::Update => Some(folder),
            _ => None,
        }
    }

    /// The folder that is written, anew or not; `None` for everything else.
    pub fn folder(&self) -> Option<&Path> {
        match &self.target {
            OutputTarget::Folder(folder) => Some(folder),
            OutputTarget::Archive(_) | OutputTarget::File(_) | OutputTarget::Stdout => None,
        }
    }

    /// Whether it goes to the standard output.
    pub fn is_stdout(&self) -> bool {
        self.target == OutputTarget::Stdout
    }

    /// Whether it is one file, and no tree.
    pub fn is_single(&self) -> bool {
        matches!(self.target, OutputTarget::File(_))
    }

    /// What the name of the one file ends in, in small letters and without the dot.
    pub fn extension(&self) -> Option<String> {
        match &self.target {
            OutputTarget::File(path) => {
                path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase())
            }
            OutputTarget::Folder(_) | OutputTarget::Archive(_) | OutputTarget::Stdout => None,
        }
    }

    /// Whether the system may copy plain files into it by itself. An archive takes bytes only from this program.
    pub fn takes_kernel_copies(&self) -> bool {
        matches!(self.target, OutputTarget::Folder(_))
    }

    /// Where it goes, for people.
    pub fn place(&self) -> String {
        match &self.target {
            OutputTarget::Folder(path) | OutputTarget::Archive(path) | OutputTarget::File(path) => {
                path.display().to_string()
            }
            OutputTarget::Stdout => "the standard output".to_owned(),
        }
    }
}

/// Endings by which people mean one file, whoever writes it.
const ENDINGS: [&str; 14] =
    ["csv", "json", "jsonl", "html", "htm", "xlsx", "xls", "pdf", "txt", "vcf", "ics", "md", "xml", "docx"];

/// Refuses a new folder by whose name somebody means one file that is not written here.
fn refuse_ending(folder: &Path, one_file: &[&str]) -> Result<(), Failure> {
    let ending = folder.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
    if !ENDINGS.contains(&ending.as_str()) || folder.is_dir() {
        return Ok(());
    }
    let known: Vec<String> = one_file.iter().chain(&["zip"]).map(|ending| format!("X.{ending}")).collect();
    Err(Failure::usage(format!("This writes no file that ends in .{ending}."))
        .hint(format!("What it writes: {}, or a folder: -o FOLDER", known.join(", "))))
}

/// Says that one stream does not take many files.
pub fn many_files() -> Failure {
    Failure::usage("This makes many files and needs a place for them.")
        .hint("Name a folder, or an archive that ends in .zip: -o FOLDER")
}

/// Refuses a place inside the backup.
///
/// # Errors
/// A usage failure for such a place.
pub fn refuse_inside(path: &Path, backup: &Path) -> Result<(), Failure> {
    if is_inside(path, backup) {
        return Err(Failure::usage(format!("{} lies inside the backup.", path.display()))
            .because("corer never writes into a backup.")
            .hint("Choose another place with -o."));
    }
    Ok(())
}

/// Tells how an export ended, as JSON or in words, and gives the exit code.
///
/// # Errors
/// Those of writing to stdout.
pub fn conclude(report: &Report, output: &Output, strict: bool, console: &Console) -> Result<Exit, Failure> {
    if console.is_json() {
        let mut answer = console.answer();
        answer.json_document("report", report)?;
        answer.finish()?;
    }
    let exit = exit_of(report, strict);
    let place = output.place();
    let gaps = last_words::gaps(report);
    match exit {
        Exit::Incomplete if output.is_single() => print_gaps(report, &place, strict, console),
        Exit::NothingMatched => console.warn("Nothing matched."),
        _ if gaps.is_empty() => {
            console.note(format_args!("Everything is in {place}: {}.", last_words::exported(report)));
        }
        exit => {
            let exported = last_words::exported(report);
            let where_named = if output.is_single() { "" } else { "; report.txt names each" };
            let words = format!("{exported} in {place}; {}{where_named}.", gaps.join(", "));
            match exit {
                Exit::Incomplete => console.warn(format_args!("Done, with gaps: {words}")),
                _ => console.note(format_args!("Done: {words}")),
            }
        }
    }
    Ok(exit)
}

/// Names each gap where no report lies beside the output.
fn print_gaps(report: &Report, place: &str, strict: bool, console: &Console) {
    let mut on_progress = std::collections::HashSet::new();
    for kind in &report.kinds {
        let missing = kind.missing.iter().filter(|missing| missing.expected || strict);
        let missing = missing.map(|missing| (&missing.item, &missing.why));
        for (item, why) in kind.skipped.iter().map(|skipped| (&skipped.item, &skipped.why)).chain(missing) {
            if on_progress.insert((item, why)) {
                console.warn(format_args!("{item}: {why}"));
            }
        }
    }
    console.warn(format_args!("{place} is done, with the gaps named above."));
}

/// The exit code of what a report tells.
pub fn exit_of(report: &Report, strict: bool) -> Exit {
    match report.verdict(strict) {
        Verdict::Complete => Exit::Done,
        Verdict::Incomplete => Exit::Incomplete,
        Verdict::Nothing => Exit::NothingMatched,
    }
}

/// Whether `path`, which may not exist yet, lies in `folder` or is it.
fn is_inside(path: &Path, folder: &Path) -> bool {
    folder
        .canonicalize()
        .is_ok_and(|folder| std::path::absolute(path).is_ok_and(|path| real(&path).starts_with(folder)))
}

/// Where an absolute path leads once everything on the way has been made: links resolved, `..` applied.
fn real(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut real, step| {
        match step {
            Component::ParentDir => _ = real.pop(),
            other => real.push(other),
        }
        real.canonicalize().unwrap_or(real)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(output: Option<&Path>, update: bool) -> OutputArgs {
        let output = output.map(Path::to_owned);
        OutputArgs { output, update, overwrite: false, dry_run: false, strict: false, checksums: false }
    }

    #[test]
    fn nothing_is_written_into_the_backup() {
        let folder = tempfile::tempdir().unwrap();
        let backup = folder.path().join("backup");
        std::fs::create_dir(&backup).unwrap();
        for inside in [backup.clone(), backup.join("a/b"), folder.path().join("new/../backup/a")] {
            let failure = args(Some(&inside), false).resolve(Checksums::None, &[], &backup).unwrap_err();
            assert_eq!(failure.exit(), Exit::Usage, "{}", inside.display());
        }
        let beside = folder.path().join("backup2/a");
        assert!(args(Some(&beside), false).resolve(Checksums::None, &[], &backup).unwrap().is_some());
    }

    #[test]
    fn the_name_of_a_file_that_is_not_written_is_no_folder() {
        let home = tempfile::tempdir().unwrap();
        let resolve = |name: &str, one_file: &[&str]| {
            args(Some(&home.path().join(name)), false).resolve(Checksums::None, one_file, Path::new("/none"))
        };
        for ending in ENDINGS {
            let failure = resolve(&format!("mum.{}", ending.to_uppercase()), &[]).unwrap_err();
            assert!(failure.exit() == Exit::Usage && failure.hints().concat().contains("X.zip"), "{ending}");
            assert!(resolve(&format!("mum.{ending}"), &[ending]).unwrap().unwrap().is_single());
        }
        for folder in ["mum", "mum.d", "mum.2024", "csv", ".csv"] {
            assert!(resolve(folder, &[]).unwrap().unwrap().folder().is_some(), "{folder}");
        }
        std::fs::create_dir(home.path().join("old.csv")).unwrap();
        assert!(resolve("old.csv", &[]).unwrap().unwrap().folder().is_some(), "a folder that is there stays one");
    }

    #[test]
    fn flags_of_an_output_need_one() {
        assert!(args(None, false).resolve(Checksums::None, &[], Path::new("/")).unwrap().is_none());
        assert_eq!(args(None, true).resolve(Checksums::None, &[], Path::new("/")).unwrap_err().exit(), Exit::Usage);
    }

    #[test]
    fn a_folder_that_holds_something_is_wrong_usage() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("x"), "x").unwrap();
        let output =
            args(Some(folder.path()), false).resolve(Checksums::None, &[], Path::new("/none")).unwrap().unwrap();
        assert_eq!(output.tree().unwrap_err().exit(), Exit::Usage);
    }
}
