//! `corer verify`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod support;

use support::{Corer, copy_of, sample, shared};

/// Changes one byte in the middle of the largest payload.
fn flip_a_byte(backup: &std::path::Path) -> std::path::PathBuf {
    let payloads = support::picture(backup).into_iter().filter_map(|(path, (bytes, _))| Some((path, bytes?)));
    let (path, mut bytes) = payloads
        .filter(|(path, _)| path.file_name().unwrap().len() == 40)
        .max_by_key(|(_, bytes)| bytes.len())
        .unwrap();
    bytes.pop();
    let path = backup.join(path);
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn every_whole_sample_is_whole_at_every_level() {
    let corer = Corer::new();
    for name in ["ios5", "ios9", "ios9-encrypted", "ios10.1-encrypted", "ios18"] {
        for level in [&["--quick"][..], &[], &["--deep"]] {
            let answer = corer.unlock(&[&["verify", "-b", &sample(name)], level].concat());
            assert_eq!(answer.code, 0, "{name} {level:?}: {answer:?}");
        }
    }
}

#[test]
fn a_cut_payload_is_found_and_said_in_peoples_things() {
    let corer = Corer::new();
    for name in ["ios9-encrypted", "ios10.1-encrypted"] {
        let copy = copy_of(&sample(name));
        flip_a_byte(copy.path());
        let answer = corer.unlock(&["verify", "-b", copy.path().to_str().unwrap()]).ends_with(5);
        assert!(answer.stdout.contains("What is hurt:"), "{answer:?}");
        let json = corer.unlock(&["verify", "-b", copy.path().to_str().unwrap(), "--json"]).ends_with(5).json();
        assert_eq!(json["whole"], false);
        assert_eq!(json["damage"].as_array().unwrap().len(), 1, "{json}");
    }
}

#[test]
fn the_deep_check_writes_checksums_of_plain_content() {
    let corer = Corer::new();
    let [sums, out] = ["SUMS", "out"].map(|name| corer.home.path().join(name));
    let backup = sample("ios10.1-encrypted");
    let args = ["verify", "-b", &backup, "--deep", "-o", sums.to_str().unwrap()];
    corer.unlock(&args).ends_with(0);
    corer.unlock(&args).ends_with(2);
    corer.unlock(&[&args[..], &["--overwrite"]].concat()).ends_with(0);
    let backup = sample("ios10.1-encrypted");
    corer.unlock(&["files", "get", "-b", &backup, "-o", out.to_str().unwrap(), "--checksums"]).ends_with(0);
    let lines = |path: &std::path::Path| std::fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect();
    let (verified, taken): (Vec<String>, Vec<String>) = (lines(&sums), lines(&out.join("SHA256SUMS")));
    assert!(verified.len() > 20);
    for line in &verified {
        assert!(taken.contains(line), "{line}");
    }
}

#[test]
fn a_damaged_real_backup_ends_with_5() {
    let Some(backup) = shared("manifest-ios14.3") else { return };
    let json = Corer::new().run(&["verify", "-b", &backup, "--json"]).ends_with(5).json();
    assert!(json["damage"].as_array().unwrap().len() >= 1079);
    assert_eq!(json["files"], 1089);
}

#[test]
fn an_unencrypted_backup_is_told_what_it_never_held() {
    let answer = Corer::new().run(&["verify", "--quick", "-b", &sample("ios18")]).ends_with(0);
    assert!(answer.stdout.contains("only in encrypted backups: ") && answer.stdout.contains("Health"), "{answer:?}");
}

#[test]
fn a_manifest_that_makes_no_sense_is_damage_for_verify_alone() {
    let corer = Corer::new();
    let copy = copy_of(&sample("ios18"));
    std::fs::write(copy.path().join("Manifest.db"), b"SQLite format 3\0 and nothing else").unwrap();
    let backup = copy.path().to_str().unwrap();
    assert_eq!(corer.run(&["verify", "-b", backup]).code, 5);
    assert_eq!(corer.run(&["files", "ls", "-b", backup]).code, 1);
}
