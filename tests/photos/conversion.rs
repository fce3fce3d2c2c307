//! `--convert`: pictures that few programs show, beside ones that all do. Real HEIC files, in messages and in the library.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Corer, sample, shared};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use serde_json::Value;

const HEIC: &str = "photos/heic/IMG_1853.HEIC";

/// The files of a sample, in which a photo of a message is this HEIC, under a name with this extension.
fn messages_with(corer: &Corer, heic: &[u8], extension: &str) -> PathBuf {
    let tree = corer.home.path().join("tree");
    corer.run(&["files", "get", "-b", &sample("ios18"), "-o", tree.to_str().unwrap()]).ends_with(0);
    let database = Connection::open(tree.join("HomeDomain/Library/SMS/sms.db")).unwrap();
    // The triggers call functions that only Messages has.
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false).unwrap();
    let path: String = database
        .query_row("SELECT filename FROM attachment WHERE transfer_name = 'IMG_2041.JPG'", [], |row| row.get(0))
        .unwrap();
    let is_sticker = extension == "HEICS";
    let sql = "UPDATE attachment SET filename = replace(filename, 'JPG', ?1), transfer_name = 'IMG_2041.' || ?1, \
               uti = 'public.' || lower(?1), mime_type = 'image/heic', is_sticker = ?2 WHERE transfer_name = 'IMG_2041.JPG'";
    assert_eq!(database.execute(sql, (extension, is_sticker)).unwrap(), 1);
    let file = tree.join("MediaDomain").join(path.trim_start_matches("~/"));
    fs::remove_file(&file).unwrap();
    fs::write(file.with_extension(extension), heic).unwrap();
    tree
}

/// A HEIC under the brand of a sequence that has a still picture too, as animated stickers are.
fn moving(heic: &[u8]) -> Vec<u8> {
    let mut moving = heic.to_vec();
    moving[8..12].copy_from_slice(b"msf1");
    moving
}

/// An attachment as `messages.jsonl` tells it.
fn attachment(out: &Path, name: &str) -> Value {
    let lines = fs::read_to_string(out.join("messages.jsonl")).unwrap();
    let messages = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mut attachments = messages.flat_map(|line| line["attachments"].as_array().cloned().unwrap_or_default());
    attachments.find(|attachment| attachment["name"] == name).unwrap()
}

/// All pages of an export.
fn pages(out: &Path) -> String {
    let pages =
        crate::support::content(out).into_iter().filter(|(path, _)| path.extension().is_some_and(|is| is == "html"));
    pages.filter_map(|(_, bytes)| String::from_utf8(bytes?).ok()).collect()
}

#[test]
fn a_photo_in_a_message_is_shown_by_browsers_and_stays_what_it_is() {
    let Some(heic) = shared(HEIC).map(|path| fs::read(path).unwrap()) else { return };
    let corer = Corer::new();
    let tree = messages_with(&corer, &heic, "HEIC");
    let out = corer.home.path().join("out");
    let args = ["messages", "-b", tree.to_str().unwrap(), "-o", out.to_str().unwrap(), "--convert", "web"];
    corer.run(&args).ends_with(0);
    let photo = attachment(&out, "IMG_2041.HEIC");
    let [original, converted] = ["path", "converted"].map(|field| photo[field].as_str().unwrap().to_owned());
    assert_eq!(fs::read(out.join(&original)).unwrap(), heic);
    let shown = image::open(out.join(&converted)).unwrap();
    assert_eq!((shown.width(), shown.height()), (3024, 4032), "{converted}");
    // A page shows the one and leads to the other.
    let html = pages(&out);
    let name = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    assert!(html.contains(&name(&converted)) && html.contains(&name(&original)));
    assert!(!fs::read_to_string(out.join("report.txt")).unwrap().contains("animated"));
}

#[test]
fn an_animated_sticker_is_shown_as_one_moment_and_the_report_says_so() {
    let Some(heic) = shared(HEIC).map(|path| fs::read(path).unwrap()) else { return };
    let (corer, sticker) = (Corer::new(), moving(&heic));
    let tree = messages_with(&corer, &sticker, "HEICS");
    let out = corer.home.path().join("out");
    let args = ["messages", "-b", tree.to_str().unwrap(), "-o", out.to_str().unwrap()];
    // As it is, its name stands beside it: most browsers show nothing.
    corer.run(&args).ends_with(0);
    let plain = attachment(&out, "IMG_2041.HEICS");
    let path = plain["path"].as_str().unwrap();
    assert!(pages(&out).contains(&format!("<a class=\"pic caption sticker\" href=\"../{path}\">")));
    assert_eq!(plain.get("converted").and_then(Value::as_str), None);
    fs::remove_dir_all(&out).unwrap();
    corer.run(&[&args[..], &["--convert", "web"]].concat()).ends_with(0);
    let there = attachment(&out, "IMG_2041.HEICS");
    let [original, converted] = ["path", "converted"].map(|field| there[field].as_str().unwrap());
    assert_eq!((fs::read(out.join(original)).unwrap(), there["sticker"].is_object()), (sticker, true));
    assert_eq!(image::open(out.join(converted)).unwrap().width(), 3024);
    let html = pages(&out);
    assert!(html.contains(&format!("src=\"../{converted}\"")) && html.contains(original));
    assert!(!html.contains("pic caption"));
    let report = fs::read_to_string(out.join("report.txt")).unwrap();
    assert!(report.contains("The copy of 1 animated picture shows one moment"), "{report}");
}

/// How the pages show the file at this path of an export.
fn shown(out: &Path, path: &str) -> &'static str {
    let (html, place) = (pages(out), format!("\"../{path}\""));
    let tag = |start: &str| {
        let tags = html.split(start).skip(1).map(|tag| tag.split('>').next().unwrap_or_default());
        tags.filter(|tag| tag.contains(&place)).count() > 0
    };
    match (tag("<img "), tag("<video "), tag("<a class=\"pic caption\""), tag("<a class=\"file doc\"")) {
        (true, false, true, false) => "caption",
        (true, false, false, false) => "picture",
        (false, true, false, false) => "video",
        (false, false, false, true) => "link",
        _ => "otherwise",
    }
}

#[test]
fn a_file_in_a_message_is_shown_by_what_it_holds() {
    use sample_backups::media;
    let heic = [media::media_box(b"ftyp", b"heic\0\0\0\0mif1heic"), media::media_box(b"mdat", &[7; 90])].concat();
    let (jpeg, movie) = (media::jpeg("x", 48, 36).unwrap(), media::mov(100));
    let garbage = b"garbage!".repeat(50);
    for (bytes, extension, expected) in [
        (&jpeg, "HEIC", "picture"),
        (&jpeg, "MOV", "picture"),
        (&jpeg, "TIFF", "picture"),
        (&movie, "JPG", "video"),
        (&movie, "HEIC", "video"),
        (&heic, "JPG", "caption"),
        (&heic, "MOV", "caption"),
        (&garbage, "HEIC", "link"),
        (&garbage, "JPG", "link"),
        (&jpeg, "HTML", "link"),
    ] {
        let corer = Corer::new();
        let tree = messages_with(&corer, bytes, extension);
        let out = corer.home.path().join("out");
        let args = ["messages", "-b", tree.to_str().unwrap(), "-o", out.to_str().unwrap()];
        corer.run(&args).ends_with(0);
        let there = attachment(&out, &format!("IMG_2041.{extension}"));
        let path = there["path"].as_str().unwrap();
        assert_eq!(shown(&out, path), expected, "{path}");
        assert_eq!(&fs::read(out.join(path)).unwrap(), bytes, "{path}");
        // A movie under a name of its own plays in every browser.
        if expected == "video" {
            fs::remove_dir_all(&out).unwrap();
            corer.run(&[&args[..], &["--convert", "web"]].concat()).ends_with(0);
            let copy = attachment(&out, &format!("IMG_2041.{extension}"))["converted"].as_str().unwrap().to_owned();
            assert!(copy.ends_with(".mov"), "{copy}");
            assert_eq!((shown(&out, &copy), &fs::read(out.join(&copy)).unwrap()), ("video", bytes));
        }
    }
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
    let moving = moving(&heic);
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
