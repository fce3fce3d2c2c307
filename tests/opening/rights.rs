//! What may not be read is told as that: never as missing, never as damaged.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Answer, copy_of, sample};

/// Somebody without rights: nobody, where the tests run as an administrator who may do everything.
struct Stranger {
    home: tempfile::TempDir,
    program: PathBuf,
}

impl Stranger {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let program = home.path().join("corer");
        std::fs::copy(assert_cmd::cargo::cargo_bin("corer"), &program).unwrap();
        let stranger = Self { home, program };
        stranger.owns(stranger.home.path());
        stranger
    }

    /// A copy of a sample that belongs to the stranger.
    fn copy_of(&self, name: &str) -> PathBuf {
        let place = self.home.path().join("backups").join(name);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        assert!(
            Command::new("cp").arg("-r").arg(copy_of(&sample(name)).path()).arg(&place).status().unwrap().success()
        );
        self.owns(&self.home.path().join("backups"));
        place
    }

    fn owns(&self, place: &Path) {
        if is_administrator() {
            assert!(Command::new("chown").args(["-R", NOBODY]).arg(place).status().unwrap().success());
        }
    }

    fn run(&self, args: &[&str]) -> Answer {
        let mut command = Command::new(&self.program);
        command.env_clear().env("HOME", self.home.path()).env("TZ", "UTC").args(args).arg("--no-input");
        command.current_dir(self.home.path());
        if is_administrator() {
            let id = NOBODY.parse().unwrap();
            command.gid(id).uid(id);
        }
        let output = command.output().unwrap();
        Answer {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

const NOBODY: &str = "65534";

fn is_administrator() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap().stdout;
    String::from_utf8_lossy(&id).trim() == "0"
}

/// Takes all rights of a place away while it lives.
struct Closed(PathBuf, u32);

impl Closed {
    fn new(place: impl Into<PathBuf>) -> Self {
        let place = place.into();
        let mode = std::fs::metadata(&place).unwrap().permissions().mode();
        std::fs::set_permissions(&place, std::fs::Permissions::from_mode(0o000)).unwrap();
        Self(place, mode)
    }
}

impl Drop for Closed {
    fn drop(&mut self) {
        let _ = std::fs::set_permissions(&self.0, std::fs::Permissions::from_mode(self.1));
    }
}

const READERS: [&[&str]; 9] = [
    &["info"],
    &["files", "ls"],
    &["messages"],
    &["contacts"],
    &["calls"],
    &["photos"],
    &["voicemail"],
    &["files", "get", "-o", "out"],
    &["export", "-o", "out"],
];

#[track_caller]
fn is_denied(answer: &Answer, code: i32) {
    assert_eq!(answer.code, code, "{answer:?}");
    let said = format!("{}{}", answer.stdout, answer.stderr).to_lowercase();
    assert!(said.contains("permission denied"), "{answer:?}");
    assert!(!said.contains("damaged") && !said.contains("not found") && !said.contains("there is no"), "{answer:?}");
}

#[test]
fn a_closed_place_is_told_by_every_reader() {
    let stranger = Stranger::new();
    let backup = stranger.copy_of("ios18");
    let typed = backup.to_str().unwrap();
    let places = [backup.parent().unwrap().to_owned(), backup.clone(), backup.join("Manifest.db")];
    for place in places {
        let _closed = Closed::new(place);
        for reader in READERS {
            is_denied(&stranger.run(&[reader, &["-b", typed]].concat()), 1);
        }
    }
    let _closed = Closed::new(&backup);
    is_denied(&stranger.run(&["info", "-b", backup.parent().unwrap().to_str().unwrap()]), 1);
}

#[test]
fn the_keys_of_an_encrypted_backup_may_be_closed() {
    let stranger = Stranger::new();
    let backup = stranger.copy_of("ios18-encrypted");
    std::fs::write(stranger.home.path().join("password"), crate::support::PASSWORD).unwrap();
    stranger.owns(&stranger.home.path().join("password"));
    let args = ["messages", "--password-file", "password", "-b", backup.to_str().unwrap()];
    {
        let _closed = Closed::new(backup.join("Manifest.plist"));
        is_denied(&stranger.run(&args), 1);
    }
    let _closed = Closed::new(stranger.home.path().join("password"));
    is_denied(&stranger.run(&args), 12);
}

#[test]
fn a_closed_database_and_a_closed_payload_cost_what_is_in_them() {
    let stranger = Stranger::new();
    let backup = stranger.copy_of("ios18");
    let typed = backup.to_str().unwrap();
    let payload = backup.join("3d/3d0d7e5fb2ce288813306e4d4636395e047a3d28");
    for place in [payload.clone(), payload.parent().unwrap().to_owned()] {
        let _closed = Closed::new(place);
        is_denied(&stranger.run(&["messages", "-b", typed]), 1);
        is_denied(&stranger.run(&["files", "cat", "HomeDomain/Library/SMS/sms.db", "-b", typed]), 3);
        let got = stranger.run(&["files", "get", "HomeDomain/**", "-o", "got", "--overwrite", "-b", typed]);
        assert_eq!(got.code, 3, "{got:?}");
        let report = std::fs::read_to_string(stranger.home.path().join("got/report.txt")).unwrap();
        assert!(report.to_lowercase().contains("permission denied"), "{report}");
    }
}

#[test]
fn list_says_where_it_may_not_look() {
    let stranger = Stranger::new();
    let backup = stranger.copy_of("ios18");
    let other = stranger.copy_of("ios5");
    let folder = backup.parent().unwrap().to_str().unwrap();
    for place in [backup.clone(), backup.join("Manifest.db")] {
        let _closed = Closed::new(place);
        let answer = stranger.run(&["list", folder]);
        assert!(answer.code == 3 && answer.stderr.to_lowercase().contains("permission denied"), "{answer:?}");
    }
    let _both = (Closed::new(&backup), Closed::new(&other));
    is_denied(&stranger.run(&["list", folder]), 1);
    let _above = Closed::new(backup.parent().unwrap());
    is_denied(&stranger.run(&["list", folder]), 1);
    is_denied(&stranger.run(&["list", backup.to_str().unwrap()]), 1);
}

#[test]
fn a_closed_output_is_told() {
    let stranger = Stranger::new();
    let backup = stranger.copy_of("ios18");
    let closed = stranger.home.path().join("closed");
    std::fs::create_dir(&closed).unwrap();
    stranger.owns(&closed);
    let _closed = Closed::new(&closed);
    for output in ["closed", "closed/new", "closed/x.zip", "closed/x.vcf"] {
        let answer = stranger.run(&["contacts", "-b", backup.to_str().unwrap(), "-o", output]);
        is_denied(&answer, 1);
        assert!(answer.stderr.contains(&format!("{output} cannot be written")), "{answer:?}");
    }
    let unwritable = stranger.home.path().join("unwritable");
    std::fs::create_dir(&unwritable).unwrap();
    std::fs::set_permissions(&unwritable, std::fs::Permissions::from_mode(0o555)).unwrap();
    for (command, place) in
        ["backup", "ready"].into_iter().flat_map(|command| [(command, "unwritable"), (command, "unwritable/new")])
    {
        is_denied(&stranger.run(&[command, "--to", place]), 1);
    }
    stranger.owns(&unwritable);
    for output in ["unwritable", "unwritable/new", "unwritable/x.zip", "unwritable/x.csv"] {
        let answer = stranger.run(&["contacts", "-b", backup.to_str().unwrap(), "-o", output]);
        is_denied(&answer, 1);
        assert!(answer.stderr.contains(&format!("{output} cannot be written")), "{answer:?}");
    }
    let record = stranger.home.path().join("closed/record.plist");
    is_denied(&stranger.run(&["pair", "--import", record.to_str().unwrap()]), 1);
    for command in ["backup", "ready"] {
        is_denied(&stranger.run(&[command, "--to", "closed/backups"]), 1);
    }
}
