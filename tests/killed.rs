//! Killed at any moment, an export leaves no half file under a final name, and `--update` finishes what was begun.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use sample_backups::{BackupBuilder, Era};
use support::{PASSWORD, content};

const KILLS: u32 = 20;

type Files = BTreeMap<PathBuf, Option<Vec<u8>>>;

/// Enough files of enough sizes that a run takes a while.
fn backup(folder: &Path) {
    let mut builder = BackupBuilder::new(Era::Ios18, "killed");
    builder.encrypt(PASSWORD, Some(1000));
    for number in 0..400_usize {
        let bytes: Vec<u8> = (0..(number + 1) * 997 % 400_000).map(|i| (i ^ number) as u8).collect();
        if number % 2 == 0 {
            let photo = format!("Media/DCIM/{}APPLE/IMG_{number:04}.JPG", 100 + number % 7);
            builder.file("CameraRollDomain", &photo, bytes.clone());
        }
        builder.file("HomeDomain", &format!("Documents/{}/{number}.bin", number % 7), bytes);
    }
    sample_backups::life::contacts::add(&mut builder).unwrap();
    sample_backups::life::messages::add(&mut builder).unwrap();
    builder.write(folder).unwrap();
}

fn corer(command: &[&str], backup: &Path, out: &Path) -> Command {
    let mut corer = Command::new(env!("CARGO_BIN_EXE_corer"));
    corer.args(command).arg("-b").arg(backup).arg("-o").arg(out).args(["--no-input", "-q"]);
    corer.env("CORER_PASSWORD", PASSWORD).env("TZ", "UTC").stdin(Stdio::null());
    corer.stdout(Stdio::null()).stderr(Stdio::null());
    corer
}

/// What has no final name yet, and what an export remembers of a run that has not ended.
fn is_part(path: &Path) -> bool {
    let is_of_run = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(".corer-"));
    is_of_run || path.components().any(|name| name.as_os_str() == ".corer")
}

/// Every file that is there under its final name is complete. A folder may still be empty.
fn assert_no_half_file(found: &Files, whole: &Files, what: &str) {
    for (path, bytes) in found.iter().filter(|(path, bytes)| !is_part(path) && bytes.is_some()) {
        assert!(whole.get(path) == Some(bytes), "{what}: {} is half written", path.display());
    }
}

/// `holds`: beginnings of paths that an export must have, so that the kills reach all that it writes.
fn kill_at_many_moments(command: &[&str], holds: &[&str]) {
    let work = tempfile::tempdir().unwrap();
    let backup_folder = work.path().join("backup");
    backup(&backup_folder);
    let begun = Instant::now();
    assert!(corer(command, &backup_folder, &work.path().join("whole")).status().unwrap().success());
    let mut time = begun.elapsed();
    let whole = content(&work.path().join("whole"));
    assert!(whole.len() > 10);
    for beginning in holds {
        assert!(whole.keys().any(|path| path.to_string_lossy().starts_with(beginning)), "no {beginning}");
    }

    let mut killed = 0;
    let out = work.path().join("out");
    for moment in 0..KILLS {
        if moment % 4 == 0 {
            // A fresh start now and then; in between, runs go on where the one before was killed.
            let _ = std::fs::remove_dir_all(&out);
        }
        let mut run = corer(&[command, &["--update"]].concat(), &backup_folder, &out).spawn().unwrap();
        // Spread over the whole run, and never at the same moment twice.
        std::thread::sleep(
            time.mul_f64(f64::from((moment * 7) % KILLS) / f64::from(KILLS)) + Duration::from_micros(137),
        );
        if run.try_wait().unwrap().is_none() {
            killed += 1;
        } else {
            // Quicker than the run before: the moments move closer together.
            time = time.mul_f64(0.7);
        }
        let _ = run.kill();
        run.wait().unwrap();
        if out.exists() {
            assert_no_half_file(&content(&out), &whole, &format!("after kill {moment}"));
        }
    }
    assert!(killed > KILLS / 4, "only {killed} runs were killed before their end");
    assert!(corer(&[command, &["--update"]].concat(), &backup_folder, &out).status().unwrap().success());
    assert!(content(&out) == whole, "the finished export is not that of an uninterrupted run");
}

#[test]
fn files_get() {
    kill_at_many_moments(&["files", "get"], &["HomeDomain/", "CameraRollDomain/"]);
}

#[test]
fn messages() {
    let all = [
        "index.html",
        "Anna Kowalczyk/index.html",
        "search/1.js",
        "attachments/",
        "faces/",
        "messages.csv",
        "messages.jsonl",
    ];
    kill_at_many_moments(&["messages"], &all);
}

#[test]
fn photos() {
    kill_at_many_moments(&["photos"], &[]);
}
