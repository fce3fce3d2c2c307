//! `corer files ls`, `cat` and `get`.

use std::path::Path;

use crate::support::{Corer, PASSWORD, content, copy_of, picture, sample, shared};

#[test]
fn lists_every_record_of_a_real_backup() {
    let Some(backup) = shared("manifest-ios14.3") else { return };
    let corer = Corer::new();
    let entries = corer.run(&["files", "ls", "-b", &backup, "--json"]).ends_with(0).json_lines();
    let count = |kind: &str| entries.iter().filter(|entry| entry["kind"] == kind).count();
    assert_eq!((count("file"), count("directory"), count("link")), (1089, 2618, 14));
    let plain = corer.run(&["files", "ls", "-b", &backup]).ends_with(0);
    assert_eq!(plain.stdout.lines().count(), 1089 + 2618 + 14);
    assert!(plain.stderr.contains("1089 files, 2618 directories, 14 links"), "{}", plain.stderr);
}

#[test]
fn takes_what_there_is_of_a_real_backup_and_says_what_is_missing() {
    let Some(backup) = shared("manifest-ios14.3") else { return };
    let corer = Corer::new();
    let out = corer.home.path().join("out");
    let answer = corer.run(&["files", "get", "-b", &backup, "-o", out.to_str().unwrap(), "--json"]).ends_with(3);
    assert!(answer.stderr.contains("files are taken as they are"), "{}", answer.stderr);
    let report = answer.json();
    let kind = &report["kinds"][0];
    assert_eq!((kind["found"].as_u64(), kind["exported"].as_u64()), (Some(1089), Some(10)));
    assert_eq!(kind["missing"].as_array().unwrap().len(), 1079);
    assert!(out.join("report.txt").exists());
}

#[test]
fn patterns_choose() {
    let corer = Corer::new();
    let backup = sample("ios18");
    let ls = |pattern: &str| corer.run(&["files", "ls", "-b", &backup, pattern]);
    assert_eq!(ls("HomeDomain/Library/SMS/sms.db").stdout, "HomeDomain/Library/SMS/sms.db\n");
    assert_eq!(ls("SMS.DB").stdout, "HomeDomain/Library/SMS/sms.db\n");
    assert!(ls("HomeDomain/Library/SMS").stdout.lines().count() >= 2);
    assert_eq!(ls("nothing/like/this").code, 4);
}

#[test]
fn cat_gives_the_bytes_of_the_plain_sample_from_the_encrypted_one() {
    let corer = Corer::new();
    let cat = |command: &mut assert_cmd::Command| command.output().unwrap().stdout;
    let args = |backup: &str| ["files", "cat", "-b", backup, "HomeDomain/Library/SMS/sms.db"].map(str::to_owned);
    let plain = args(&sample("ios9"));
    let locked = args(&sample("ios9-encrypted"));
    let plain = cat(&mut corer.command(&plain.each_ref().map(String::as_str)));
    let locked = cat(corer.command(&locked.each_ref().map(String::as_str)).env("CORER_PASSWORD", PASSWORD));
    assert!(plain.starts_with(b"SQLite format 3\0"));
    assert_eq!(plain, locked);
}

#[test]
fn what_comes_out_of_an_encrypted_backup_is_what_is_in_the_plain_one() {
    let corer = Corer::new();
    let get = |name: &str| {
        let out = corer.home.path().join(name);
        corer.unlock(&["files", "get", "-b", &sample(name), "-o", out.to_str().unwrap()]).ends_with(0);
        let mut files = content(&out);
        files.retain(|path, _| !path.to_string_lossy().starts_with("report."));
        files
    };
    let (plain, locked) = (get("ios9"), get("ios9-encrypted"));
    assert!(plain.len() > 30);
    for (path, bytes) in &plain {
        assert_eq!(locked.get(path), Some(bytes), "{}", path.display());
    }
}

#[test]
fn times_and_folders_are_kept_and_only_the_owner_may_look() {
    let corer = Corer::new();
    let out = corer.home.path().join("out");
    corer.run(&["files", "get", "-b", &sample("ios18"), "-o", out.to_str().unwrap()]).ends_with(0);
    let listed = corer.run(&["files", "ls", "-b", &sample("ios18"), "--json"]).json_lines();
    for entry in listed.iter().filter(|entry| entry["kind"] != "link") {
        let path = out.join(entry["domain"].as_str().unwrap()).join(entry["path"].as_str().unwrap());
        let metadata = std::fs::metadata(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        if let Some(time) = entry["modified"].as_str() {
            let expected: jiff::Timestamp = time.parse().unwrap();
            let found = jiff::Timestamp::try_from(metadata.modified().unwrap()).unwrap();
            assert_eq!(found.as_second(), expected.as_second(), "{}", path.display());
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(metadata.permissions().mode() & 0o077, 0, "{}", path.display());
        }
    }
}

#[test]
fn a_second_run_needs_update_or_overwrite() {
    let corer = Corer::new();
    let out = corer.home.path().join("out");
    let out = out.to_str().unwrap();
    let backup = sample("ios5");
    let get = |more: &[&str]| corer.run(&[&["files", "get", "-b", &backup, "-o", out][..], more].concat());
    get(&[]).ends_with(0);
    let first = picture(Path::new(out));
    let refused = get(&[]).ends_with(2);
    assert!(refused.stderr.contains("--update"), "{}", refused.stderr);
    std::fs::remove_file(Path::new(out).join("HomeDomain/Library/SMS/sms.db")).unwrap();
    get(&["--update"]).ends_with(0);
    assert_eq!(content(Path::new(out)), first.into_iter().map(|(path, (content, _))| (path, content)).collect());
    get(&["--overwrite"]).ends_with(0);
}

#[test]
fn a_zip_holds_the_same_files_and_can_be_read_again() {
    let corer = Corer::new();
    let [folder, zip, again] = ["tree", "tree.zip", "again"].map(|name| corer.home.path().join(name));
    let get = |backup: &str, out: &Path| {
        corer.run(&["files", "get", "-b", backup, "-o", out.to_str().unwrap()]).ends_with(0);
    };
    get(&sample("ios18"), &folder);
    get(&sample("ios18"), &zip);
    get(zip.to_str().unwrap(), &again);
    let without_reports = |folder: &Path| {
        let mut files = content(folder);
        files.retain(|path, bytes| bytes.is_some() && !path.to_string_lossy().starts_with("report."));
        files
    };
    assert_eq!(without_reports(&folder), without_reports(&again));
}

#[test]
fn dry_run_writes_nothing_and_the_backup_takes_nothing() {
    let corer = Corer::new();
    let copy = copy_of(&sample("ios5"));
    let backup = copy.path().to_str().unwrap();
    let out = corer.home.path().join("out");
    let dry = corer.run(&["files", "get", "-b", backup, "-o", out.to_str().unwrap(), "--dry-run"]).ends_with(0);
    assert!(dry.stdout.contains("Would write") && !out.exists());
    let inside = copy.path().join("out");
    corer.run(&["files", "get", "-b", backup, "-o", inside.to_str().unwrap()]).ends_with(2);
    corer.run(&["files", "get", "-b", backup]).ends_with(2);
}

#[test]
fn missing_content_ends_with_3_and_what_was_only_in_icloud_with_0() {
    let corer = Corer::new();
    let get = |name: &str, out: &str, more: &[&str]| {
        let out = corer.home.path().join(out);
        corer.unlock(&[&["files", "get", "-b", &sample(name), "-o", out.to_str().unwrap(), "--json"], more].concat())
    };
    let report = get("odd-missing", "a", &[]).ends_with(3).json();
    let missing = report["kinds"][0]["missing"].as_array().unwrap().clone();
    let expected = |expected: bool| missing.iter().filter(|one| one["expected"] == expected).count();
    assert_eq!((expected(true), expected(false)), (2, 1), "{missing:?}");
    let one = &missing.iter().find(|one| one["expected"] == false).unwrap()["item"].as_str().unwrap();
    get("odd-missing", "b", &[one]).ends_with(0);
    get("odd-missing", "c", &["--strict", one]).ends_with(3);
}

#[test]
fn any_number_of_threads_writes_the_same_bytes() {
    let corer = Corer::new();
    let get = |jobs: &str| {
        let out = corer.home.path().join(jobs);
        let backup = sample("odd-encrypted");
        let args = ["files", "get", "-b", &backup, "-o", out.to_str().unwrap(), "--checksums", "-j", jobs];
        let mut command = corer.command(&args);
        crate::support::Answer::of(command.env("CORER_PASSWORD", "Havet 1961 – æøå")).ends_with(0);
        content(&out)
    };
    assert_eq!(get("1"), get("7"));
}

/// A copy of a sample in whose list of files something is done.
fn with_manifest(sql: &str) -> tempfile::TempDir {
    let backup = copy_of(&sample("ios18"));
    let database = rusqlite::Connection::open(backup.path().join("Manifest.db")).unwrap();
    database.execute_batch(sql).unwrap();
    backup
}

#[test]
fn a_record_that_cannot_be_read_counts_where_its_name_is_asked_for() {
    let backup = with_manifest(
        "INSERT INTO Files (fileID, domain, relativePath, flags, file)
         VALUES ('no file ID', 'HomeDomain', 'Documents/lost.txt', 1, x'00')",
    );
    let corer = Corer::new();
    let get = |number: usize, patterns: &[&str]| {
        let out = corer.home.path().join(number.to_string());
        let place = ["-b", backup.path().to_str().unwrap(), "-o", out.to_str().unwrap()];
        let answer = corer.run(&[&["files", "get"], patterns, &place].concat());
        (answer, std::fs::read_to_string(out.join("report.txt")).unwrap_or_default())
    };
    let asked: [&[&str]; 7] = [
        &[],
        &["**"],
        &["*"],
        &["HomeDomain/**"],
        &["**/*.txt", "HomeDomain/Library/SMS/sms.db"],
        &["HomeDomain/Documents", "CameraRollDomain/**"],
        &["lost.txt", "sms.db"],
    ];
    for (number, patterns) in asked.iter().enumerate() {
        let (answer, report) = get(number, patterns);
        assert_eq!(answer.code, 3, "{patterns:?}: {answer:?}");
        assert!(report.contains("HomeDomain/Documents/lost.txt"), "{patterns:?}: {report}");
    }
    let (answer, report) = get(10, &["CameraRollDomain/**"]);
    assert!(answer.code == 0 && !report.contains("lost.txt"), "{answer:?} {report}");
    let (answer, _) = get(11, &["lost.txt"]);
    assert!(answer.code == 3 && answer.stderr.contains("HomeDomain/Documents/lost.txt"), "{answer:?}");
    let ls = |pattern: &str| corer.run(&["files", "ls", "-b", backup.path().to_str().unwrap(), pattern]).code;
    assert_eq!((ls("**"), ls("HomeDomain/**"), ls("CameraRollDomain/**"), ls("NoDomain/**")), (3, 3, 0, 4));
}

#[test]
fn a_record_without_a_name_counts_where_everything_is_asked_for() {
    let backup = with_manifest(
        "INSERT INTO Files (fileID, domain, relativePath, flags, file) VALUES ('no file ID', NULL, NULL, 1, x'00')",
    );
    let corer = Corer::new();
    for (number, (pattern, code)) in [("**", 3), ("HomeDomain/**", 0)].into_iter().enumerate() {
        let out = corer.home.path().join(number.to_string());
        let place = ["-b", backup.path().to_str().unwrap(), "-o", out.to_str().unwrap()];
        corer.run(&[&["files", "get", pattern][..], &place].concat()).ends_with(code);
        let report = std::fs::read_to_string(out.join("report.txt")).unwrap();
        assert!(report.contains("of Manifest.db"), "{pattern}: {report}");
    }
}
