//! Files whose end is damaged are written by every export, and named in its report, whatever they are.

use std::path::{Path, PathBuf};

use crate::support::{Corer, PASSWORD, content, sample};
use sample_backups::crypto::{hex, sha1};
use sample_backups::{BackupBuilder, Era};

/// The files of the sample `ios18`, and calls, which only encrypted backups hold; encrypted with few rounds.
fn encrypted(work: &Path) -> PathBuf {
    let plain = work.join("plain");
    let get = |pattern: &str, sample: &str| {
        let args = ["files", "get", pattern, "--overwrite", "-o", plain.to_str().unwrap(), "-b", sample];
        Corer::new().unlock(&args).ends_with(0);
    };
    for domain in ["CameraRollDomain/**", "MediaDomain/**", "HomeDomain/**"] {
        get(domain, &sample("ios18"));
    }
    get("HomeDomain/Library/CallHistoryDB/CallHistory.storedata", &sample("ios26-encrypted"));
    let mut builder = BackupBuilder::new(Era::Ios18, "damaged ends");
    builder.encrypt(PASSWORD, Some(1)).without_apps();
    for (path, bytes) in content(&plain) {
        let name = path.to_str().unwrap().replace('\\', "/");
        if let (Some((domain, path)), Some(bytes)) = (name.split_once('/'), bytes) {
            builder.file(domain, path, bytes);
        }
    }
    let backup = work.join("backup");
    builder.write(&backup).unwrap();
    backup
}

/// The names of all files with a content.
fn files(backup: &Path) -> Vec<String> {
    let args = ["files", "ls", "-b", backup.to_str().unwrap(), "--json"];
    let records = Corer::new().unlock(&args).ends_with(0).json_lines();
    let files = records.iter().filter(|record| record["kind"] == "file" && record["size"] != 0);
    files.map(|record| format!("{}/{}", record["domain"].as_str().unwrap(), record["path"].as_str().unwrap())).collect()
}

fn payload(backup: &Path, domain: &str, path: &str) -> PathBuf {
    let name = hex(&sha1(format!("{domain}-{path}").as_bytes()));
    backup.join(&name[..2]).join(name)
}

#[test]
fn every_export_names_what_it_wrote_of_a_damaged_end() {
    let work = tempfile::tempdir().unwrap();
    let backup = &encrypted(work.path());
    let place = backup.to_str().unwrap();
    // An end that is no end; what is before it decrypts as it did.
    let attachments = "MediaDomain/Library/SMS/Attachments/";
    let damaged = [
        ("photos", "CameraRollDomain/Media/DCIM/100APPLE/IMG_0412.JPG".to_owned()),
        ("messages", files(backup).into_iter().find(|name| name.starts_with(attachments)).unwrap()),
        ("messages", "HomeDomain/Library/SMS/sms.db".to_owned()),
        ("voicemail", "HomeDomain/Library/Voicemail/1.amr".to_owned()),
        ("calls", "HomeDomain/Library/CallHistoryDB/CallHistory.storedata".to_owned()),
        ("contacts", "HomeDomain/Library/AddressBook/AddressBook.sqlitedb".to_owned()),
    ];
    for (_, name) in &damaged {
        let (domain, path) = name.split_once('/').unwrap();
        let payload = payload(backup, domain, path);
        let mut stored = std::fs::read(&payload).unwrap();
        let end = stored.len() - 8;
        stored[end..].fill(0xEE);
        std::fs::write(payload, stored).unwrap();
    }
    let named = |out: &Path, kind: Option<&str>| -> Vec<(String, String)> {
        let report: serde_json::Value =
            serde_json::from_slice(&std::fs::read(out.join("report.json")).unwrap()).unwrap();
        let kinds = report["kinds"].as_array().unwrap().iter();
        let kinds = kinds.filter(|own| kind.is_none_or(|kind| own["kind"] == kind));
        let items = kinds.flat_map(|own| own["skipped"].as_array().unwrap());
        items.map(|item| (item["item"].as_str().unwrap().into(), item["why"].as_str().unwrap().into())).collect()
    };
    let is_named = |items: &[(String, String)], name: &str| {
        let own: Vec<_> = items.iter().filter(|(item, _)| item == name).collect();
        assert!(own.len() == 1 && own[0].1.contains("its end does not decrypt"), "{name}: {items:?}");
    };
    let whole = work.path().join("export");
    Corer::new().unlock(&["export", "-b", place, "-o", whole.to_str().unwrap()]).ends_with(3);
    for (kind, name) in &damaged {
        is_named(&named(&whole, Some(kind)), name);
        // And each kind by itself, anew and brought up to date.
        let out = work.path().join(kind);
        let args = [kind, "-b", place, "-o", out.to_str().unwrap()];
        for more in [&["--overwrite"][..], &["--update"]] {
            Corer::new().unlock(&[&args[..], more].concat()).ends_with(3);
            is_named(&named(&out, None), name);
        }
    }
    let (_, photo) = &damaged[0];
    let name = photo.rsplit('/').next().unwrap();
    let is_written = |path: &&PathBuf| path.ends_with(name);
    assert!(content(&work.path().join("photos")).keys().any(|path| is_written(&path)), "{name} is written");
}
