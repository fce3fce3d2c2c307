//! `--convert`: pictures that few programs show, beside ones that all do. Real HEIC files, in messages and in the library.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use serde_json::Value;
use support::{Corer, sample, shared};

const HEIC: &str = "photos/heic/IMG_1853.HEIC";

/// The files of a sample, in which a photo of a message is this HEIC.
fn messages_with(corer: &Corer, heic: &Path) -> PathBuf {
    let tree = corer.home.path().join("tree");
    corer.run(&["files", "get", "-b", &sample("ios18"), "-o", tree.to_str().unwrap()]).ends_with(0);
    let database = Connection::open(tree.join("HomeDomain/Library/SMS/sms.db")).unwrap();
    // The triggers call functions that only Messages has.
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false).unwrap();
    let path: String = database
        .query_row("SELECT filename FROM attachment WHERE transfer_name = 'IMG_2041.JPG'", [], |row| row.get(0))
        .unwrap();
    let sql = "UPDATE attachment SET filename = replace(filename, '.JPG', '.HEIC'), transfer_name = 'IMG_2041.HEIC', \
               uti = 'public.heic', mime_type = 'image/heic' WHERE transfer_name = 'IMG_2041.JPG'";
    assert_eq!(database.execute(sql, []).unwrap(), 1);
    let file = tree.join("MediaDomain").join(path.trim_start_matches("~/"));
    fs::remove_file(&file).unwrap();
    fs::copy(heic, file.with_extension("HEIC")).unwrap();
    tree
}

#[test]
fn a_photo_in_a_message_is_shown_by_browsers_and_stays_what_it_is() {
    let Some(heic) = shared(HEIC).map(PathBuf::from) else { return };
    let corer = Corer::new();
    let tree = messages_with(&corer, &heic);
    let out = corer.home.path().join("out");
    let args = ["messages", "-b", tree.to_str().unwrap(), "-o", out.to_str().unwrap(), "--convert", "web"];
    corer.run(&args).ends_with(0);
    let lines = fs::read_to_string(out.join("messages.jsonl")).unwrap();
    let messages = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mut attachments = messages.flat_map(|line| line["attachments"].as_array().cloned().unwrap_or_default());
    let photo = attachments.find(|attachment| attachment["name"] == "IMG_2041.HEIC").unwrap();
    let [original, converted] = ["path", "converted"].map(|field| photo[field].as_str().unwrap().to_owned());
    assert_eq!(fs::read(out.join(&original)).unwrap(), fs::read(&heic).unwrap());
    let shown = image::open(out.join(&converted)).unwrap();
    assert_eq!((shown.width(), shown.height()), (3024, 4032), "{converted}");
    // A page shows the one and leads to the other.
    let pages = support::content(&out).into_iter().filter(|(path, _)| path.extension().is_some_and(|is| is == "html"));
    let html: String = pages.filter_map(|(_, bytes)| String::from_utf8(bytes?).ok()).collect();
    let name = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    assert!(html.contains(&name(&converted)) && html.contains(&name(&original)));
}

/// A camera roll without a library, as plain files.
fn roll(corer: &Corer, files: &[(&str, &[u8])]) -> PathBuf {
    let root = corer.home.path().join("roll");
    let folder = root.join("CameraRollDomain/Media/DCIM/100APPLE");
    fs::create_dir_all(&folder).unwrap();
    for (name, bytes) in files {
        fs::write(folder.join(name), bytes).unwrap();
    }
    root
}

#[test]
fn copies_stand_beside_originals_and_animated_ones_are_told() {
    let Some(heic) = shared(HEIC) else { return };
    let (corer, heic) = (Corer::new(), fs::read(heic).unwrap());
    // As the brand of a sequence that has a still picture too.
    let mut moving = heic.clone();
    moving[8..12].copy_from_slice(b"msf1");
    let files: [(&str, &[u8]); 3] = [("IMG_1.HEIC", &heic), ("IMG_2.HEICS", &moving), ("IMG_3.HEIC", b"not a picture")];
    let roll = roll(&corer, &files);
    let out = corer.home.path().join("out");
    let args = ["photos", "-b", roll.to_str().unwrap(), "-o", out.to_str().unwrap(), "--by", "flat"];
    let args = [&args[..], &["--convert", "jpeg", "--no-gallery"]].concat();
    corer.run(&args).ends_with(3);
    for (name, bytes) in files {
        assert!(fs::read(out.join(name)).unwrap() == bytes, "{name}");
    }
    for name in ["IMG_1.jpg", "IMG_2.jpg"] {
        let copy = image::open(out.join(name)).unwrap();
        assert_eq!((copy.width(), copy.height()), (3024, 4032), "{name}");
    }
    let report = fs::read_to_string(out.join("report.txt")).unwrap();
    assert!(report.contains("IMG_3.HEIC") && report.contains("not converted"), "{report}");
    assert!(report.contains("The JPEG copy of 1 animated picture shows"), "{report}");
    let written = fs::metadata(out.join("IMG_1.jpg")).unwrap().modified().unwrap();
    let update = [&args[..], &["--update"]].concat();
    corer.run(&update).ends_with(3);
    assert_eq!(fs::metadata(out.join("IMG_1.jpg")).unwrap().modified().unwrap(), written);
}
