//! `corer photos`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::support::{Answer, Corer, PASSWORD, content, sample, shared};
use sample_backups::{BackupBuilder, Era, library, media};
use serde_json::Value;

/// The files of an export, below its folder.
fn files(folder: &Path) -> BTreeSet<String> {
    let paths = content(folder).into_iter().filter(|(_, bytes)| bytes.is_some()).map(|(path, _)| path);
    paths.map(|path| path.to_str().unwrap().to_owned()).collect()
}

/// Those that are photos and videos.
fn photos(folder: &Path) -> BTreeSet<String> {
    files(folder).into_iter().filter(|path| path.contains('/') && !path.starts_with("gallery/")).collect()
}

fn set(paths: &[&str]) -> BTreeSet<String> {
    paths.iter().map(|path| (*path).to_owned()).collect()
}

/// The records of the assets in a folder's `photos.jsonl`.
fn assets(folder: &Path) -> Vec<Value> {
    assets_of(&std::fs::read_to_string(folder.join("photos.jsonl")).unwrap())
}

fn assets_of(lines: &str) -> Vec<Value> {
    let records = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    records.filter(|record| record["type"] == "asset").collect()
}

/// A backup that is written, and a place for its export.
struct Work {
    corer: Corer,
    backup: PathBuf,
    out: PathBuf,
}

impl Work {
    fn of(builder: &BackupBuilder) -> Self {
        let corer = Corer::new();
        let (backup, out) = (corer.home.path().join("backup"), corer.home.path().join("out"));
        builder.write(&backup).unwrap();
        Self { corer, backup, out }
    }

    fn export(&self, more: &[&str]) -> Answer {
        let args = ["photos", "-b", self.backup.to_str().unwrap(), "-o", self.out.to_str().unwrap()];
        self.corer.unlock(&[&args[..], more].concat())
    }
}

/// Files of the camera roll without a catalogue, with what a phone would note about each.
fn roll(files: &[(&str, &str, Vec<u8>)]) -> BackupBuilder {
    let mut backup = BackupBuilder::new(Era::Ios18, "roll");
    for (path, original, bytes) in files {
        backup.odd_file("CameraRollDomain", &format!("Media/{path}"), bytes.clone(), |record| {
            *record = record.clone().at(1_468_670_400);
            if !original.is_empty() {
                let attribute = ("com.apple.assetsd.originalFilename".to_owned(), original.as_bytes().to_vec());
                record.attributes.push(attribute);
            }
        });
    }
    backup
}

#[test]
fn without_flags_photos_come_by_month_under_their_names() {
    let corer = Corer::new();
    let out = corer.home.path().join("out");
    corer.run(&["photos", "-b", &sample("ios18"), "-o", out.to_str().unwrap()]).ends_with(0);
    let expected = [
        "2012/2012-03/IMG_0001.JPG",
        "2013/2013-06/IMG_0412.JPG",
        "2016/2016-07/IMG_1003.MOV",
        "2016/2016-09/IMG_1010.PNG",
        "2018/2018-08/IMG_1999.JPG",
        "2019/2019-05/IMG_1999-reduced.JPG",
        "2019/2019-05/IMG_2041.JPG",
        "2019/2019-05/IMG_2042.JPG",
        "2019/2019-05/IMG_2042.MOV",
        "2019/2019-05/IMG_2043-edited.jpg",
        "2019/2019-05/IMG_2043.JPG",
        "2019/2019-05/IMG_2044.JPG",
        "2019/2019-05/IMG_2045.JPG",
        "_hidden/2020/2020-01/IMG_3001.JPG",
        "_recently-deleted/2024/2024-10/IMG_3002.JPG",
    ];
    assert_eq!(photos(&out), set(&expected));
    let taken = std::fs::metadata(out.join(expected[0])).unwrap().modified().unwrap();
    assert_eq!(taken.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs(), 1_331_375_467);
    // The bytes are those of the device.
    let original = corer.run(&[
        "files",
        "get",
        "-b",
        &sample("ios18"),
        "CameraRollDomain/**",
        "-o",
        corer.home.path().join("raw").to_str().unwrap(),
    ]);
    original.ends_with(0);
    let raw = corer.home.path().join("raw/CameraRollDomain/Media/DCIM/102APPLE/IMG_2043.JPG");
    assert_eq!(std::fs::read(raw).unwrap(), std::fs::read(out.join("2019/2019-05/IMG_2043.JPG")).unwrap());
}

#[test]
fn an_encrypted_backup_gives_the_same() {
    let corer = Corer::new();
    let [plain, unlocked] = ["plain", "unlocked"].map(|name| corer.home.path().join(name));
    corer.run(&["photos", "-b", &sample("ios18"), "-o", plain.to_str().unwrap()]).ends_with(0);
    corer.unlock(&["photos", "-b", &sample("ios18-encrypted"), "-o", unlocked.to_str().unwrap()]).ends_with(0);
    let pictures = |folder: &Path| -> BTreeMap<PathBuf, Option<Vec<u8>>> {
        content(folder).into_iter().filter(|(path, _)| path.components().count() > 1).collect()
    };
    assert!(pictures(&plain) == pictures(&unlocked));
}

#[test]
fn layouts_put_the_same_files_into_other_folders() {
    let corer = Corer::new();
    let export = |name: &str, flags: &[&str]| {
        let out = corer.home.path().join(name);
        let args = ["photos", "-b", &sample("ios18"), "-o", out.to_str().unwrap(), "--no-hidden", "--no-deleted"];
        corer.run(&[&args[..], flags].concat()).ends_with(0);
        files(&out)
    };
    let flat = export("flat", &["--by", "flat"]);
    assert!(flat.contains("IMG_0001.JPG") && flat.contains("IMG_2042.MOV"), "{flat:?}");
    assert!(export("year", &["--by", "year"]).contains("2019/IMG_2041.JPG"));
    assert!(export("day", &["--by", "day"]).contains("2019/2019-05/2019-05-11/IMG_2041.JPG"));
    let albums = export("album", &["--by", "album"]);
    assert!(albums.contains("Travel _ _all_/Lisbon/IMG_2041.JPG"), "{albums:?}");
    assert!(albums.contains("No album/2012/2012-03/IMG_0001.JPG"));
    let own = export("own", &["--by", "{kind}/{year}", "--name", "{date} {name}"]);
    assert!(own.contains("live/2019/2019-05-11 IMG_2042.MOV"), "{own:?}");
    let only = export("only", &["--edited", "only"]);
    assert!(only.contains("2019/2019-05/IMG_2043-edited.jpg") && !only.contains("2019/2019-05/IMG_2043.JPG"));
    let none = export("none", &["--edited", "none", "--aae"]);
    assert!(!none.contains("2019/2019-05/IMG_2043-edited.jpg") && none.contains("2019/2019-05/IMG_2043.AAE"));
    for nonsense in ["month {", "{yaer}", "months"] {
        let out = corer.home.path().join("nonsense");
        corer.run(&["photos", "-b", &sample("ios18"), "-o", out.to_str().unwrap(), "--by", nonsense]).ends_with(2);
        assert!(!out.exists());
    }
}

#[test]
fn a_selection_means_the_same_with_and_without_output() {
    let corer = Corer::new();
    let names = |flags: &[&str]| -> Vec<String> {
        let answer = corer.run(&[&["photos", "-b", &sample("ios18"), "--json"], flags].concat()).ends_with(0);
        assets_of(&answer.stdout).iter().map(|asset| asset["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&[]).len(), 13);
    assert_eq!(names(&["--favorite"]), ["IMG_0412.JPG", "IMG_2041.JPG"]);
    assert_eq!(names(&["--album", "lisbon"]), ["IMG_2041.JPG", "IMG_2042.JPG", "IMG_2043.JPG", "IMG_1999.JPG"]);
    assert_eq!(names(&["--album", "Travel / <all>/Lisbon", "--kind", "live"]), ["IMG_2042.JPG"]);
    assert_eq!(names(&["--kind", "video,screenshot"]), ["IMG_1003.MOV", "IMG_1010.PNG"]);
    assert_eq!(names(&["--has", "edits"]), ["IMG_2043.JPG"]);
    assert_eq!(names(&["--near", "59.9,10.7,10"]), ["IMG_0001.JPG"]);
    assert_eq!(names(&["--until", "2012-12-31"]), ["IMG_0001.JPG"]);
    assert_eq!(names(&["--no-hidden", "--no-deleted"]).len(), 11);
    corer.run(&["photos", "-b", &sample("ios18"), "--album", "Nowhere"]).ends_with(4);
    corer.run(&["photos", "-b", &sample("ios18"), "--near", "1,2"]).ends_with(2);
    let out = corer.home.path().join("out");
    corer.run(&["photos", "-b", &sample("ios18"), "--has", "edits", "-o", out.to_str().unwrap()]).ends_with(0);
    assert_eq!(photos(&out), set(&["2019/2019-05/IMG_2043-edited.jpg", "2019/2019-05/IMG_2043.JPG"]));
}

#[test]
fn originals_in_icloud_are_counted_and_named() {
    let work = Corer::new();
    let out = work.home.path().join("out");
    let args = ["photos", "-b", &sample("ios18-cloud"), "-o", out.to_str().unwrap()];
    work.run(&args).ends_with(0);
    let report: Value = serde_json::from_slice(&std::fs::read(out.join("report.json")).unwrap()).unwrap();
    let kind = &report["kinds"][0];
    assert_eq!((&kind["found"], &kind["exported"]), (&9.into(), &7.into()));
    assert_eq!(
        kind["notes"][0],
        "The originals of 7 of 9 items are not in this backup: 1 only as edited, 3 only as a reduced copy, 1 only as a \
         thumbnail, 2 not at all."
    );
    assert!(kind["notes"][1].as_str().unwrap().starts_with("7 originals are only in iCloud."));
    let missing = kind["missing"].as_array().unwrap();
    assert_eq!(missing.len(), 7);
    assert!(missing.iter().all(|item| item["expected"] == false));
    for number in 2..=8 {
        assert!(
            missing.iter().any(|item| item["item"].as_str().unwrap().starts_with(&format!("IMG_500{number}.JPG ")))
        );
    }
    let last = std::fs::read_to_string(out.join("photos.jsonl")).unwrap();
    let last: Value = serde_json::from_str(last.lines().last().unwrap()).unwrap();
    let counts = ["assets", "originals", "edited_only", "reduced", "thumbnails", "absent"]
        .map(|name| last[name].as_u64().unwrap());
    assert_eq!(counts, [9, 2, 1, 3, 1, 2]);
    assert!(
        photos(&out).contains("2021/2021-02/IMG_5005-edited.jpg")
            && photos(&out).contains("2021/2021-02/IMG_5006-thumbnail.JPG")
    );
    let strict = work.home.path().join("strict");
    work.run(&["photos", "-b", &sample("ios18-cloud"), "-o", strict.to_str().unwrap(), "--strict"]).ends_with(3);
    assert_eq!(photos(&strict), photos(&out));
}

#[test]
fn names_that_collide_or_that_no_disk_takes_all_arrive() {
    let long = format!("{}.jpg", "n".repeat(300));
    let names: [(&str, &str); 13] = [
        ("DCIM/100APPLE/A.HEIC", "IMG_0001.HEIC"),
        ("DCIM/101APPLE/A.HEIC", "img_0001.heic"),
        ("DCIM/102APPLE/IMG_0002.HEIC", "IMG_0002.HEIC"),
        ("DCIM/102APPLE/IMG_0002.MOV", ""),
        ("DCIM/103APPLE/B.MOV", "IMG_0002.MOV"),
        ("DCIM/104APPLE/C.JPG", "a/b\\c:d.jpg"),
        ("DCIM/104APPLE/D.JPG", "👩‍👩‍👧 summer.jpg"),
        ("DCIM/104APPLE/E.JPG", &long),
        ("DCIM/104APPLE/F.JPG", "CON.jpg"),
        ("DCIM/104APPLE/G.JPG", "con.JPG"),
        ("DCIM/104APPLE/H.JPG", "../../evil.jpg"),
        ("DCIM/104APPLE/I.JPG", "IMG_0001-edited.HEIC"),
        ("DCIM/104APPLE/IMG_0009.AAE", ""),
    ];
    let contents: Vec<(&str, &str, Vec<u8>)> = names
        .iter()
        .enumerate()
        .map(|(at, (path, name))| (*path, *name, format!("content {at}").into_bytes()))
        .collect();
    let work = Work::of(&roll(&contents));
    work.export(&["--by", "flat"]).ends_with(0);
    let found: Vec<Vec<u8>> =
        content(&work.out).into_values().flatten().filter(|bytes| bytes.starts_with(b"content ")).collect();
    let expected: BTreeSet<Vec<u8>> = contents.into_iter().map(|(_, _, bytes)| bytes).collect();
    assert_eq!(found.len(), expected.len());
    assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected);
    let folded: BTreeSet<String> = files(&work.out).iter().map(|path| path.to_lowercase()).collect();
    assert_eq!(folded.len(), files(&work.out).len(), "no two names are one on a disk that does not tell cases apart");
    // A pair stays under one stem, whatever else is called so.
    let live = assets(&work.out).into_iter().find(|asset| asset["live"] == true).unwrap();
    let paths: Vec<&str> =
        live["files"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["IMG_0002.HEIC", "IMG_0002.MOV"]);
    assert!(files(&work.out).contains("_unindexed/DCIM/104APPLE/IMG_0009.AAE"));
}

#[test]
fn real_live_photos_stay_pairs_and_real_edits_stand_beside_their_originals() {
    let (Some(live), Some(adjusted)) = (shared("photos/live"), shared("photos/adjustments")) else { return };
    let read = |folder: &str, name: &str| std::fs::read(Path::new(folder).join(name)).unwrap();
    let edits = "PhotoData/Mutations/DCIM/101APPLE";
    let parts = [
        (&live, "IMG_4394.HEIC", "DCIM/100APPLE/IMG_4394.HEIC".to_owned()),
        (&live, "IMG_4394.mov", "DCIM/100APPLE/IMG_4394.MOV".to_owned()),
        (&adjusted, "IMG_3582.HEIC", "DCIM/101APPLE/IMG_3582.HEIC".to_owned()),
        (&adjusted, "IMG_3582.mov", "DCIM/101APPLE/IMG_3582.MOV".to_owned()),
        (&adjusted, "IMG_3582.AAE", "DCIM/101APPLE/IMG_3582.AAE".to_owned()),
        (&adjusted, "IMG_O3582.AAE", "DCIM/101APPLE/IMG_O3582.AAE".to_owned()),
        (&adjusted, "IMG_3582_edited.heic", format!("{edits}/IMG_3582/Adjustments/FullSizeRender.heic")),
        (&adjusted, "IMG_3582_edited.mov", format!("{edits}/IMG_3582/Adjustments/FullSizeRender.mov")),
        (&adjusted, "IMG_1994.JPG", "DCIM/101APPLE/IMG_1994.JPG".to_owned()),
        (&adjusted, "IMG_1994.AAE", "DCIM/101APPLE/IMG_1994.AAE".to_owned()),
        (&adjusted, "IMG_1994_edited.jpeg", format!("{edits}/IMG_1994/Adjustments/FullSizeRender.jpg")),
    ];
    let contents: Vec<(&str, &str, Vec<u8>)> =
        parts.iter().map(|(folder, name, path)| (path.as_str(), "", read(folder, name))).collect();
    let work = Work::of(&roll(&contents));
    work.export(&["--by", "flat"]).ends_with(0);
    let written = [
        ("IMG_4394.HEIC", 0),
        ("IMG_4394.MOV", 1),
        ("IMG_3582.HEIC", 2),
        ("IMG_3582.MOV", 3),
        ("IMG_3582-edited.heic", 6),
        ("IMG_3582-edited.mov", 7),
        ("IMG_1994.JPG", 8),
        ("IMG_1994-edited.jpg", 10),
    ];
    for (name, part) in written {
        assert!(std::fs::read(work.out.join(name)).unwrap() == contents[part].2, "{name}");
    }
    let records = assets(&work.out);
    assert_eq!(records.len(), 3);
    let is = |name: &str, field: &str| records.iter().find(|asset| asset["name"] == name).unwrap()[field] == true;
    assert!(is("IMG_4394.HEIC", "live") && !is("IMG_4394.HEIC", "edited"));
    assert!(is("IMG_3582.HEIC", "live") && is("IMG_3582.HEIC", "edited") && is("IMG_1994.JPG", "edited"));
    assert!(photos(&work.out).is_empty(), "nothing is left over: {:?}", photos(&work.out));
}

/// The table of the book, which the conformance script compares with osxphotos: library, then its numbers.
fn table() -> Vec<(String, Vec<usize>)> {
    let text = include_str!("../../docs/formats/photos.md");
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `Test-"));
    rows.map(|row| {
        let mut cells = row.trim_end_matches('|').split('|').map(str::trim);
        let name = format!("Test-{}", cells.next().unwrap().trim_end_matches('`'));
        (name, cells.map(|cell| cell.parse().unwrap()).collect())
    })
    .collect()
}

#[test]
fn real_libraries_have_the_numbers_that_the_book_says() {
    let Some(folder) = shared("photos/libraries") else { return };
    let table = table();
    assert_eq!(table.len(), 8);
    for (name, expected) in table {
        let work = Work::of(&library::backup(&Path::new(&folder).join(&name).join("Photos.sqlite")).unwrap());
        work.export(&[]).ends_with(0);
        let records = assets(&work.out);
        let is = |field: &str| records.iter().filter(|asset| asset[field] == true).count();
        let names = |field: &str| -> BTreeSet<String> {
            let lists = records.iter().filter_map(|asset| asset[field].as_array());
            lists.flatten().map(ToString::to_string).collect()
        };
        let places = records.iter().filter(|asset| asset["place"]["country"].is_string()).count();
        let albums: usize = {
            let shown = work.corer.run(&["photos", "-b", work.backup.to_str().unwrap(), "--json"]).ends_with(0);
            let last: Value = serde_json::from_str(shown.stdout.lines().last().unwrap()).unwrap();
            usize::try_from(last["albums"].as_u64().unwrap()).unwrap()
        };
        let found = vec![
            records.len(),
            albums,
            is("favorite"),
            is("hidden"),
            is("trashed"),
            is("edited"),
            names("keywords").len(),
            names("people").len(),
            places,
        ];
        assert_eq!(found, expected, "{name}");
        // Every file of the backup is in the export.
        let written = photos(&work.out).len();
        let laid_out = content(&work.backup)
            .into_values()
            .flatten()
            .filter(|bytes| bytes.starts_with(&[0xff, 0xd8]) || bytes.get(4..8) == Some(b"ftyp"));
        assert_eq!(written, laid_out.count(), "{name}");
        assert!(!work.out.join("_unindexed").exists());
    }
}

/// Whether the disk of a folder makes clones, which share their bytes without sharing their inode.
#[cfg(target_os = "linux")]
fn makes_clones(folder: &Path) -> bool {
    let [from, to] = ["from", "to"].map(|name| folder.join(name));
    std::fs::write(&from, [7; 10_000]).unwrap();
    let copied = std::process::Command::new("cp").arg("--reflink=always").args([&from, &to]).output();
    copied.is_ok_and(|output| output.status.success())
}

#[test]
#[cfg(target_os = "linux")]
fn what_is_in_several_albums_takes_the_room_of_one() {
    use std::os::unix::fs::MetadataExt;

    let Some(folder) = shared("photos/libraries/Test-15.4.1") else { return };
    let work = Work::of(&library::backup(&Path::new(&folder).join("Photos.sqlite")).unwrap());
    work.export(&["--by", "album", "--no-gallery"]).ends_with(0);
    let mut places: BTreeMap<Vec<u8>, Vec<PathBuf>> = BTreeMap::new();
    // All edited pictures of the sample are the same one.
    for path in photos(&work.out).into_iter().filter(|path| !path.contains("-edited")) {
        places.entry(std::fs::read(work.out.join(&path)).unwrap()).or_default().push(work.out.join(path));
    }
    let in_several = |asset: &&Value| asset["albums"].as_array().unwrap().len() > 1 && asset["trashed"] == false;
    let expected = assets(&work.out).iter().filter(in_several).count();
    let several: Vec<Vec<PathBuf>> = places.into_values().filter(|paths| paths.len() > 1).collect();
    assert!(expected > 0 && several.len() >= expected, "{several:?}");
    let makes_clones = makes_clones(work.corer.home.path());
    for paths in several {
        let inodes: BTreeSet<u64> = paths.iter().map(|path| std::fs::metadata(path).unwrap().ino()).collect();
        assert_eq!(inodes.len(), if makes_clones { paths.len() } else { 1 }, "{paths:?}");
        // The backup's own files are never linked to: who changes an export must not change the backup.
        let links = std::fs::metadata(&paths[0]).unwrap().nlink();
        assert_eq!(links, if makes_clones { 1 } else { paths.len() as u64 }, "{paths:?}");
    }
}

#[test]
fn records_are_as_the_schema_says() {
    let schema: Value = serde_json::from_str(include_str!("../../docs/formats/photos.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let corer = Corer::new();
    for name in ["ios18", "ios18-cloud", "ios9", "ios5"] {
        let out = corer.home.path().join(name);
        corer.run(&["photos", "-b", &sample(name), "-o", out.to_str().unwrap()]).ends_with(0);
        let shown = corer.run(&["photos", "-b", &sample(name), "--json"]).ends_with(0).stdout;
        for line in std::fs::read_to_string(out.join("photos.jsonl")).unwrap().lines().chain(shown.lines()) {
            let record: Value = serde_json::from_str(line).unwrap();
            let errors: Vec<String> = schema.iter_errors(&record).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{name}: {record}: {errors:?}");
        }
    }
}

#[test]
fn one_file_of_records_or_a_table() {
    let corer = Corer::new();
    let [records, table] = ["photos.jsonl", "photos.csv"].map(|name| corer.home.path().join(name));
    for file in [&records, &table] {
        corer.run(&["photos", "-b", &sample("ios18"), "-o", file.to_str().unwrap()]).ends_with(0);
    }
    assert_eq!(assets_of(&std::fs::read_to_string(records).unwrap()).len(), 13);
    let table = std::fs::read_to_string(table).unwrap();
    assert_eq!(table.lines().count(), 14);
    assert!(table.starts_with("\u{feff}date,name,file,"));
}

#[test]
fn an_update_with_nothing_new_writes_nothing() {
    let corer = Corer::new();
    let out = corer.home.path().join("out");
    let args = ["photos", "-b", &sample("ios18"), "-o", out.to_str().unwrap()];
    corer.run(&args).ends_with(0);
    let before = crate::support::picture(&out);
    corer.run(&args).ends_with(2);
    corer.run(&[&args[..], &["--update"]].concat()).ends_with(0);
    let files = |picture: crate::support::Picture| -> Vec<_> {
        picture.into_iter().filter(|(_, (bytes, _))| bytes.is_some()).collect()
    };
    assert!(files(crate::support::picture(&out)) == files(before.clone()));
    // What somebody took away comes back, whether a page, a small picture or a photo.
    let thumb = before.keys().find(|path| path.starts_with("gallery/thumbs") && path.extension().is_some()).unwrap();
    for lost in [Path::new("gallery/2019-05.html"), Path::new("2019/2019-05/IMG_2041.JPG"), thumb] {
        std::fs::remove_file(out.join(lost)).unwrap();
        corer.run(&[&args[..], &["--update"]].concat()).ends_with(0);
        assert_eq!(std::fs::read(out.join(lost)).unwrap(), *before[lost].0.as_ref().unwrap(), "{}", lost.display());
    }
}

#[test]
fn an_update_of_what_nobody_touched_does_not_even_open_the_backup() {
    let corer = Corer::new();
    let (backup, out) = (crate::support::copy_of(&sample("ios18-encrypted")), corer.home.path().join("out"));
    let args = ["photos", "-b", backup.path().to_str().unwrap(), "-o", out.to_str().unwrap()];
    let update = [&args[..], &["--update"]].concat();
    corer.unlock(&args).ends_with(0);
    // Without its password: nothing of it is read.
    let told = corer.run(&[&update[..], &["--json"]].concat()).ends_with(0).json();
    let report: Value = serde_json::from_slice(&std::fs::read(out.join("report.json")).unwrap()).unwrap();
    assert_eq!(told["kinds"], report["kinds"]);
    // Another question, and another backup in the same place, are new.
    corer.run(&[&update[..], &["--kind", "video"]].concat()).ends_with(12);
    let manifest = std::fs::File::options().write(true).open(backup.path().join("Manifest.db")).unwrap();
    manifest.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
    corer.run(&update).ends_with(12);
    corer.unlock(&update).ends_with(0);
    corer.run(&update).ends_with(0);
}

#[test]
fn an_update_keeps_names_and_takes_what_is_new_or_changed() {
    let picture = |name: &str| media::jpeg(name, 16, 12).unwrap();
    let first = [("DCIM/100APPLE/B.JPG", "IMG_0001.JPG", picture("b"))];
    let work = Work::of(&roll(&first));
    work.export(&[]).ends_with(0);
    assert_eq!(photos(&work.out), set(&["2016/2016-07/IMG_0001.JPG"]));
    // A second one of the same name comes before it in every order.
    let both = [("DCIM/100APPLE/A.JPG", "IMG_0001.JPG", picture("a")), first[0].clone()];
    std::fs::remove_dir_all(&work.backup).unwrap();
    roll(&both).write(&work.backup).unwrap();
    let plan = work.export(&["--update", "--dry-run", "--json"]).ends_with(0).json();
    assert_eq!((&plan["type"], &plan["files"]), (&"plan".into(), &2.into()));
    assert_eq!(photos(&work.out).len(), 1, "a dry run writes nothing");
    work.export(&["--update"]).ends_with(0);
    assert_eq!(std::fs::read(work.out.join("2016/2016-07/IMG_0001.JPG")).unwrap(), first[0].2);
    assert_eq!(photos(&work.out).len(), 2);
    // The records are gone: names and contents are found again all the same.
    std::fs::remove_file(work.out.join("photos.jsonl")).unwrap();
    work.export(&["--update"]).ends_with(0);
    let contents: BTreeSet<Vec<u8>> =
        photos(&work.out).iter().map(|path| std::fs::read(work.out.join(path)).unwrap()).collect();
    assert_eq!(contents, both.into_iter().map(|(_, _, bytes)| bytes).collect());
}

#[test]
fn pages_and_sidecars_stand_beside_photos() {
    let corer = Corer::new();
    let [pages, plain] = ["pages", "plain"].map(|name| corer.home.path().join(name));
    let export = |out: &Path, flags: &[&str]| {
        let args = ["photos", "-b", &sample("ios18"), "-o", out.to_str().unwrap()];
        corer.run(&[&args[..], flags].concat()).ends_with(0);
        files(out)
    };
    let found = export(&pages, &["--sidecar", "xmp"]);
    for wanted in ["index.html", "gallery/2019-05.html", "gallery/map.html", "2019/2019-05/IMG_2041.JPG.xmp"] {
        assert!(found.contains(wanted), "{wanted}: {found:?}");
    }
    let found = export(&plain, &["--no-gallery", "--sidecar", "json"]);
    assert!(found.contains("2019/2019-05/IMG_2041.JPG.json"), "{found:?}");
    assert!(!found.iter().any(|path| path.ends_with(".html") || path.starts_with("gallery/")), "{found:?}");
}

#[test]
fn a_zip_holds_the_same() {
    let corer = Corer::new();
    let [folder, zip, unpacked] = ["folder", "photos.zip", "unpacked"].map(|name| corer.home.path().join(name));
    for out in [&folder, &zip] {
        corer.run(&["photos", "-b", &sample("ios18"), "--by", "album", "-o", out.to_str().unwrap()]).ends_with(0);
    }
    let mut archive = zip::ZipArchive::new(std::fs::File::open(&zip).unwrap()).unwrap();
    archive.extract(&unpacked).unwrap();
    assert!(content(&unpacked) == content(&folder));
}

#[test]
fn a_damaged_catalogue_costs_what_it_says_and_no_photo() {
    let corer = Corer::new();
    let tree = corer.home.path().join("tree");
    corer
        .run(&["files", "get", "-b", &sample("ios18"), "-o", tree.to_str().unwrap(), "CameraRollDomain/**"])
        .ends_with(0);
    let database = tree.join("CameraRollDomain/Media/PhotoData/Photos.sqlite");
    std::fs::write(&database, "no database at all".repeat(1000)).unwrap();
    let out = corer.home.path().join("out");
    let answer = corer.run(&["photos", "-b", tree.to_str().unwrap(), "-o", out.to_str().unwrap()]).ends_with(3);
    assert!(answer.stderr.contains("The files alone were read"), "{}", answer.stderr);
    let written = photos(&out);
    assert_eq!(written.len(), 14, "{written:?}");
    std::fs::remove_file(&database).unwrap();
    let again = corer.home.path().join("again");
    corer.run(&["photos", "-b", tree.to_str().unwrap(), "-o", again.to_str().unwrap()]).ends_with(0);
    assert_eq!(photos(&again), written);
}

#[test]
fn hostile_backups_end_in_order() {
    let corer = Corer::new();
    for entry in std::fs::read_dir(sample("hostile")).unwrap() {
        let path = entry.unwrap().path();
        let out = corer.home.path().join(path.file_name().unwrap());
        let backup = path.to_str().unwrap();
        let args = ["photos", "-b", backup, "-o", out.to_str().unwrap()];
        let answer = Answer::of(corer.command(&args).env("CORER_PASSWORD", PASSWORD));
        assert!([0, 1, 2, 3, 4, 10, 12, 15].contains(&answer.code), "{backup}: {answer:?}");
    }
}
