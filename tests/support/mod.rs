//! What the end-to-end tests share: the built program without the environment of whoever runs the test, the checked-in
//! samples, real data where it is at hand, and a picture of a folder to compare before and after.
#![allow(dead_code, reason = "every test file uses its own part")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use assert_cmd::Command;
use tempfile::TempDir;

/// The password of the encrypted samples.
pub const PASSWORD: &str = "mira-1961";

/// The program, with a home of its own: no backups in the standard places, nothing remembered.
pub struct Corer {
    pub home: TempDir,
}

impl Corer {
    pub fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap() }
    }

    /// A command line, with nobody to answer questions.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::cargo_bin("corer").unwrap();
        let own = ["CORER_BACKUP", "CORER_PASSWORD", "CORER_PASSWORD_FILE", "BACKUP_PASSWORD"];
        for variable in own.into_iter().chain(["NO_COLOR", "CLICOLOR_FORCE", "XDG_DATA_HOME", "XDG_STATE_HOME"]) {
            command.env_remove(variable);
        }
        command.env("HOME", self.home.path()).env("TZ", "UTC").args(args).arg("--no-input");
        command
    }

    /// Runs and gives the exit code, stdout and stderr.
    pub fn run(&self, args: &[&str]) -> Answer {
        Answer::of(&mut self.command(args))
    }

    /// Runs with the password of the samples.
    pub fn unlock(&self, args: &[&str]) -> Answer {
        Answer::of(self.command(args).env("CORER_PASSWORD", PASSWORD))
    }
}

/// What a run gave.
#[derive(Debug)]
pub struct Answer {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Answer {
    pub fn of(command: &mut Command) -> Self {
        let output = command.output().unwrap();
        Self {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The same, when it ended with this code.
    #[track_caller]
    pub fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        self
    }

    /// Stdout as one JSON document.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Stdout as JSON Lines.
    pub fn json_lines(&self) -> Vec<serde_json::Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// Runs a command under a limit of so many blocks in a file, of 512 or 1,024 bytes.
pub fn limited(command: &Command, blocks: u32) -> Answer {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(format!("ulimit -f {blocks}; exec \"$0\" \"$@\""));
    shell.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    Answer::of(&mut shell)
}

/// A checked-in sample.
pub fn sample(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-backups").join(name);
    assert!(path.exists(), "no sample {name}");
    path.to_str().unwrap().to_owned()
}

/// Real data from outside of the repository: below `CORER_SHARED`, else beside the workspace. `None`, with a word, when
/// there is none; on CI that is a failure.
pub fn shared(path: &str) -> Option<String> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let shared = std::env::var_os("CORER_SHARED").map_or_else(beside, PathBuf::from);
    let path = shared.join("data").join(path);
    if path.exists() {
        return Some(path.to_str().unwrap().to_owned());
    }
    assert!(std::env::var_os("CI").is_none(), "no test data in {}", path.display());
    #[allow(clippy::print_stderr)]
    {
        eprintln!("skipped: no test data in {}", path.display());
    }
    None
}

/// Everything in a folder: path, content and time of the last change. Folders have no content.
pub type Picture = BTreeMap<PathBuf, (Option<Vec<u8>>, SystemTime)>;

/// Looks at everything below a folder.
pub fn picture(folder: &Path) -> Picture {
    let mut picture = Picture::new();
    let mut todo = vec![folder.to_owned()];
    while let Some(path) = todo.pop() {
        let metadata = std::fs::symlink_metadata(&path).unwrap();
        let content = metadata.is_file().then(|| std::fs::read(&path).unwrap());
        if metadata.is_dir() {
            todo.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        }
        picture.insert(path.strip_prefix(folder).unwrap().to_owned(), (content, metadata.modified().unwrap()));
    }
    picture
}

/// The same without the times.
pub fn content(folder: &Path) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    picture(folder).into_iter().map(|(path, (content, _))| (path, content)).collect()
}

/// A copy of a sample that may be changed.
pub fn copy_of(sample: &str) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    copy_folder(Path::new(sample), copy.path());
    copy
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), &to).unwrap();
        }
    }
}

/// The database of the sample `ios18` at a path of the home domain, changed, and without its triggers.
pub fn changed(path: &str, sql: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.db");
    let corer = Corer::new();
    let mut command = corer.command(&["files", "cat", &format!("HomeDomain/{path}"), "-b", &sample("ios18")]);
    std::fs::write(&file, command.output().unwrap().stdout).unwrap();
    let database = rusqlite::Connection::open(&file).unwrap();
    let triggers: Vec<String> = {
        let mut statement = database.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    for trigger in triggers {
        database.execute_batch(&format!("DROP TRIGGER \"{trigger}\"")).unwrap();
    }
    database.execute_batch(sql).unwrap();
    drop(database);
    std::fs::read(&file).unwrap()
}
