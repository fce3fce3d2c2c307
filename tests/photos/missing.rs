//! `corer photos` on files that are missing, empty or cut, and on halves of pairs.

use std::fs;

use crate::roll::{Roll, asset, jpeg};
use crate::support::Corer;
use sample_backups::{BackupBuilder, Era, media};

#[test]
fn halves_of_a_pair_that_are_missing_are_named() {
    let resource = |id: u32, subtype: u32, kind: u32, local: i32, remote: u32| {
        format!(
            "INSERT INTO ZINTERNALRESOURCE (ZASSET, ZDATASTORESUBTYPE, ZRESOURCETYPE, ZVERSION, ZLOCALAVAILABILITY, \
             ZREMOTEAVAILABILITY) VALUES ({id}, {subtype}, {kind}, 0, {local}, {remote});"
        )
    };
    let live = [("ZKINDSUBTYPE", "2")];
    let roll = Roll::with(
        &[
            asset(1, "IMG_1.JPG", &[], &[]) + &resource(1, 1, 0, 1, 1) + &resource(1, 17, 4, -1, 1),
            asset(2, "IMG_2.JPG", &[], &[]) + &resource(2, 1, 0, 1, 0) + &resource(2, 17, 4, 1, 0),
            // The raw picture is here, the other is not; of the third a movement, of the fourth a raw picture alone.
            asset(3, "IMG_3.JPG", &[], &[]) + &resource(3, 1, 0, -1, 1) + &resource(3, 17, 4, 1, 1),
            asset(4, "IMG_4.HEIC", &live, &[]) + &resource(4, 1, 0, -1, 1),
            asset(5, "IMG_5.HEIC", &live, &[]) + &resource(5, 1, 0, 1, 1) + &resource(5, 18, 3, -1, 1),
            asset(6, "IMG_6.JPG", &[], &[]),
        ]
        .concat(),
    );
    for name in ["IMG_1.JPG", "IMG_2.JPG", "IMG_2.DNG", "IMG_3.DNG", "IMG_5.HEIC"] {
        roll.file(&format!("DCIM/100APPLE/{name}"), &jpeg(name));
    }
    roll.file("DCIM/100APPLE/IMG_4.MOV", &media::mov(100));
    roll.export(&[]).ends_with(0);
    let report = roll.text("report.txt");
    for line in [
        "IMG_1.JPG: the raw picture of the pair is only in iCloud\n",
        "IMG_3.JPG: the original is only in iCloud; the raw picture of the pair is here\n",
        "IMG_4.HEIC: the original is only in iCloud; the movement is here\n",
        "IMG_5.HEIC: the movement is only in iCloud\n",
        "IMG_6.JPG: the original is not in this backup; nothing of it is here\n",
    ] {
        assert!(report.contains(line), "{line}: {report}");
    }
    assert!(!report.contains("IMG_2") && report.contains("2 only in part, 1 not at all"), "{report}");
    assert!(roll.has("2016/2016-07/IMG_4.MOV") && roll.has("2016/2016-07/IMG_3.DNG"));
    assert_eq!(roll.records().iter().filter(|record| record["availability"] == "part").count(), 2);
    roll.export(&["--strict"]).ends_with(3);
}

#[test]
fn empty_and_cut_files_are_named_and_short_ones_that_are_whole_are_no_damage() {
    let whole = jpeg("whole");
    let size = |bytes: usize| bytes.to_string();
    let sizes = [size(5000), size(whole.len()), size(whole.len() + 100), size(0), size(9_000_000)];
    let name = |id: usize| format!("IMG_{id}.{}", if id == 5 { "MOV" } else { "JPG" });
    let rows = sizes.iter().enumerate().map(|(at, size)| {
        let (id, name) = (u32::try_from(at).unwrap() + 1, name(at + 1));
        asset(id, &name, &[("ZKIND", if id == 5 { "1" } else { "0" })], &[("ZORIGINALFILESIZE", size)])
    });
    let roll = Roll::with(&rows.collect::<String>());
    let movie = media::mov(100);
    let contents: [&[u8]; 5] = [b"", &whole[..whole.len() / 2], &whole, b"", &movie[..movie.len() - 20]];
    for (at, bytes) in contents.iter().enumerate() {
        roll.file(&format!("DCIM/100APPLE/{}", name(at + 1)), bytes);
    }
    roll.export(&[]).ends_with(3);
    let report = roll.text("report.txt");
    assert!(report.contains("Could not be read (4):"), "{report}");
    for line in [
        "IMG_1.JPG: the file is empty, though the library recorded 5000 bytes\n".to_owned(),
        format!("IMG_2.JPG: the backup holds {} of the {} bytes that", whole.len() / 2, whole.len()),
        "IMG_4.JPG: the file is empty\n".to_owned(),
        format!("IMG_5.MOV: the backup holds {} of the 9000000 bytes that", movie.len() - 20),
    ] {
        assert!(report.contains(&line), "{line}: {report}");
    }
    assert!(report.contains("Shorter than the library recorded: Media/DCIM/100APPLE/IMG_3.JPG"), "{report}");
    // They are written all the same, and an update says it again.
    assert_eq!(fs::read(roll.out.join("2016/2016-07/IMG_2.JPG")).unwrap(), contents[1]);
    roll.run(&["-o", roll.out.to_str().unwrap(), "--update"]).ends_with(3);
    assert!(roll.text("report.txt").contains("Could not be read (4):"));
}

/// What became of one file of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lot {
    Here,
    Missing,
    InCloud,
    Empty,
    Cut,
}

const LOTS: [Lot; 5] = [Lot::Here, Lot::Missing, Lot::InCloud, Lot::Empty, Lot::Cut];

impl Lot {
    /// The row of the library about it: whether it is on the device and in iCloud, and its length.
    fn resource(self, id: u32, (subtype, kind): (u32, u32), bytes: usize) -> String {
        let (local, remote) = match self {
            Self::InCloud => (-1, 1),
            Self::Missing => (-1, 0),
            _ => (1, 0),
        };
        format!(
            "INSERT INTO ZINTERNALRESOURCE (ZASSET, ZDATASTORESUBTYPE, ZRESOURCETYPE, ZVERSION, ZLOCALAVAILABILITY, \
             ZREMOTEAVAILABILITY, ZDATALENGTH) VALUES ({id}, {subtype}, {kind}, 0, {local}, {remote}, {bytes});"
        )
    }

    /// What is there of these bytes.
    fn of(self, bytes: &[u8]) -> Option<&[u8]> {
        match self {
            Self::Here => Some(bytes),
            Self::Cut => Some(&bytes[..bytes.len() / 2]),
            Self::Empty => Some(b""),
            Self::Missing | Self::InCloud => None,
        }
    }

    /// What a report says that is here of a file that is called so in words.
    fn instead(self, what: &str) -> String {
        match self {
            Self::Here => format!("{what} is here"),
            Self::Cut => format!("a part of {what} is here"),
            Self::Empty => format!("the file of {what} is empty"),
            Self::Missing | Self::InCloud => "nothing of it is here".to_owned(),
        }
    }

    /// The lines of a report about the file itself: its asset, its path, its name in words, its length, and what else is here.
    fn lines(self, asset: &str, path: &str, what: &str, bytes: usize, instead: Option<&str>) -> Vec<String> {
        let more = instead.map(|instead| format!("; {instead}")).unwrap_or_default();
        match self {
            Self::Here => Vec::new(),
            Self::Missing => vec![format!("DCIM/100APPLE/{asset}: {what} is not in this backup{more}\n")],
            Self::InCloud => vec![format!("DCIM/100APPLE/{asset}: {what} is only in iCloud{more}\n")],
            Self::Empty => {
                vec![format!("Media/{path}: the file is empty, though the library recorded {bytes} bytes\n")]
            }
            Self::Cut => vec![format!("Media/{path}: the backup holds {} of the {bytes} bytes", bytes / 2)],
        }
    }
}

#[test]
fn every_half_of_a_raw_pair_is_told_for_what_it_is() {
    let raw = [&b"II*\0\x08\0\0\0"[..], &[0; 2000]].concat();
    let (mut sql, mut files, mut cases) = (String::new(), Vec::new(), Vec::new());
    for (main, half) in [("DNG", "JPG"), ("DNG", "HEIC"), ("JPG", "DNG"), ("HEIC", "CR2"), ("NEF", "JPG")] {
        for (first, second) in LOTS.iter().flat_map(|first| LOTS.iter().map(move |second| (*first, *second))) {
            let id = u32::try_from(cases.len()).unwrap() + 1;
            let picture = jpeg(&format!("pair {id}"));
            let bytes = |name: &str| if matches!(name, "JPG" | "HEIC") { picture.clone() } else { raw.clone() };
            let [names, halves] = [main, half].map(|more| format!("IMG_{id}.{more}"));
            sql += &asset(id, &names, &[], &[]);
            sql += &first.resource(id, (1, 0), bytes(main).len());
            sql += &second.resource(id, (17, 4), bytes(half).len());
            for (name, lot, bytes) in [(&names, first, bytes(main)), (&halves, second, bytes(half))] {
                files.extend(lot.of(&bytes).map(|bytes| (name.clone(), bytes.to_vec())));
            }
            let what = if matches!(half, "DNG" | "CR2") {
                "the raw picture of the pair"
            } else {
                "the other picture of the pair"
            };
            let [main_path, half_path] = [&names, &halves].map(|name| format!("DCIM/100APPLE/{name}"));
            let instead = second.instead(what);
            let mut lines = first.lines(&names, &main_path, "the original", bytes(main).len(), Some(&instead));
            lines.extend(second.lines(&names, &half_path, what, bytes(half).len(), None));
            cases.push((format!("IMG_{id}."), (first, second), lines));
        }
    }
    let roll = Roll::with(&sql);
    files.iter().for_each(|(name, bytes)| roll.file(&format!("DCIM/100APPLE/{name}"), bytes));
    roll.export(&["--no-gallery"]).ends_with(3);
    let report = roll.whole_report();
    for (name, lots, lines) in cases {
        for line in &lines {
            assert_eq!(report.matches(line.as_str()).count(), 1, "{lots:?}: {line}: {report}");
        }
        assert_eq!(report.matches(&name).count(), lines.len(), "{name} {lots:?}: {report}");
    }
    // Nothing is counted for here that is not.
    for record in roll.records() {
        let files = record["files"].as_array().unwrap();
        let has =
            |role: &str| files.iter().any(|file| role_of(file).starts_with(role) && file["bytes"].as_u64() > Some(0));
        let written = |role: &str| {
            has(role) && files.iter().any(|file| role_of(file).starts_with(role) && !file["path"].is_null())
        };
        let is_original_there = files.iter().any(|file| role_of(file) == "original" && !file["path"].is_null());
        let expected = match (written("original"), written("alternate")) {
            (true, _) => "original",
            (false, true) => "part",
            (false, false) if is_original_there => "original",
            (false, false) => "absent",
        };
        assert_eq!(record["availability"], expected, "{record}");
    }
}

fn role_of(file: &serde_json::Value) -> &str {
    file["role"].as_str().unwrap()
}

#[test]
fn of_a_movement_nothing_is_said_that_is_not_so() {
    let movie = media::mov(100);
    let live = [("ZKINDSUBTYPE", "2")];
    let (mut sql, mut files, mut cases) = (String::new(), Vec::new(), Vec::new());
    for (still, movement, is_recorded) in LOTS.iter().flat_map(|still| {
        let movements = LOTS.iter().flat_map(|movement| [(*movement, true), (*movement, false)]);
        movements.map(move |(movement, is_recorded)| (*still, movement, is_recorded))
    }) {
        let id = u32::try_from(cases.len()).unwrap() + 1;
        let picture = jpeg(&format!("live {id}"));
        let (name, other) = (format!("IMG_{id}.HEIC"), format!("IMG_{id}.MOV"));
        sql += &asset(id, &name, &live, &[]);
        sql += &still.resource(id, (1, 0), picture.len());
        if is_recorded {
            sql += &movement.resource(id, (18, 3), movie.len());
        }
        files.extend(still.of(&picture).map(|bytes| (name.clone(), bytes.to_vec())));
        files.extend(movement.of(&movie).map(|bytes| (other.clone(), bytes.to_vec())));
        let instead = movement.instead("the movement");
        let line = still.lines(&name, &format!("DCIM/100APPLE/{name}"), "the original", picture.len(), Some(&instead));
        cases.push((still, movement, is_recorded, line));
    }
    let roll = Roll::with(&sql);
    files.iter().for_each(|(name, bytes)| roll.file(&format!("DCIM/100APPLE/{name}"), bytes));
    roll.export(&["--no-gallery"]).ends_with(3);
    let report = roll.whole_report();
    for (still, movement, is_recorded, lines) in cases {
        for line in lines {
            let what = format!("{still:?} {movement:?} {is_recorded}");
            assert_eq!(report.matches(&line).count(), 1, "{what}: {line}: {report}");
        }
    }
}

/// A movie that says which Live Photo it belongs to.
fn movement(identifier: &str) -> Vec<u8> {
    let key = [&b"mdta"[..], b"com.apple.quicktime.content.identifier"].concat();
    let key = [&u32::try_from(key.len() + 4).unwrap().to_be_bytes()[..], &key].concat();
    let keys = media::media_box(b"keys", &[&[0, 0, 0, 0, 0, 0, 0, 1][..], &key].concat());
    let data = media::media_box(b"data", &[&[0, 0, 0, 1, 0, 0, 0, 0][..], identifier.as_bytes()].concat());
    let list = media::media_box(b"ilst", &media::media_box(&[0, 0, 0, 1], &data));
    let handler = media::media_box(b"hdlr", &[0; 24]);
    let meta = media::media_box(b"meta", &[handler, keys, list].concat());
    [media::media_box(b"ftyp", b"qt  \0\0\0\0qt  "), media::media_box(b"moov", &meta)].concat()
}

#[test]
fn a_movement_belongs_to_the_live_photo_that_it_says() {
    let live = |group: &'static str| [("ZKINDSUBTYPE", "2"), ("ZMEDIAGROUPUUID", group)];
    let roll = Roll::with(
        &[
            // Two pictures of a name, one of them a Live Photo.
            asset(1, "IMG_1.JPG", &[], &[]),
            asset(2, "IMG_1.HEIC", &live("NULL"), &[]),
            // A video of its own beside a picture.
            asset(3, "IMG_2.JPG", &[], &[]),
            asset(4, "IMG_2.MOV", &[("ZKIND", "1")], &[]),
            // Two Live Photos of a name.
            asset(5, "IMG_3.JPG", &live("'GROUP-5'"), &[]),
            asset(6, "IMG_3.HEIC", &live("'GROUP-6'"), &[]),
            // A Live Photo that is no longer shown as one, and a movement of another name.
            asset(7, "IMG_4.HEIC", &[("ZMEDIAGROUPUUID", "'GROUP-7'")], &[]),
            asset(8, "IMG_5.HEIC", &live("'GROUP-8'"), &[]),
            // A movie that belongs to nothing here.
            asset(9, "IMG_6.HEIC", &[], &[]),
        ]
        .concat(),
    );
    for name in
        ["IMG_1.JPG", "IMG_1.HEIC", "IMG_2.JPG", "IMG_3.JPG", "IMG_3.HEIC", "IMG_4.HEIC", "IMG_5.HEIC", "IMG_6.HEIC"]
    {
        roll.file(&format!("DCIM/100APPLE/{name}"), &jpeg(name));
    }
    for (name, group) in [
        ("IMG_1.MOV", "x"),
        ("IMG_2.MOV", "y"),
        ("IMG_3.MOV", "GROUP-6"),
        ("IMG_3.MP4", "GROUP-5"),
        ("IMG_4.MOV", "GROUP-7"),
        ("IMG_9999.MOV", "GROUP-8"),
        ("IMG_6.MOV", "z"),
    ] {
        roll.file(&format!("DCIM/100APPLE/{name}"), &movement(group));
    }
    roll.export(&[]).ends_with(0);
    let of = |uuid: &str| -> Option<String> {
        let records = roll.records();
        let files = records.iter().find(|record| record["uuid"] == uuid).unwrap()["files"].as_array().unwrap().clone();
        let movement = files.iter().find(|file| file["role"] == "live-video")?;
        Some(movement["source"].as_str().unwrap().rsplit('/').next().unwrap().to_owned())
    };
    let expected = [None, Some("IMG_1.MOV"), None, None, Some("IMG_3.MP4"), Some("IMG_3.MOV"), Some("IMG_4.MOV")];
    let expected = expected.into_iter().chain([Some("IMG_9999.MOV"), None]);
    for (uuid, expected) in ["U1", "U2", "U3", "U4", "U5", "U6", "U7", "U8", "U9"].into_iter().zip(expected) {
        assert_eq!(of(uuid).as_deref(), expected, "{uuid}");
    }
    assert!(roll.has("_unindexed/DCIM/100APPLE/IMG_6.MOV"));
}

#[test]
fn without_a_library_an_empty_file_is_what_the_manifest_says() {
    let folder = tempfile::tempdir().unwrap();
    let mut builder = BackupBuilder::new(Era::Ios18, "empty pictures");
    builder.file("CameraRollDomain", "Media/DCIM/100APPLE/IMG_0001.JPG", jpeg("one"));
    builder.file("CameraRollDomain", "Media/DCIM/100APPLE/IMG_0002.JPG", Vec::new());
    let export = |builder: &BackupBuilder, name: &str, code: i32| {
        let (backup, out) = (folder.path().join(name), folder.path().join(format!("{name}-out")));
        builder.write(&backup).unwrap();
        let to = out.to_str().unwrap();
        let args = ["photos", "-b", backup.to_str().unwrap(), "-o", to, "--by", "flat"];
        Corer::new().run(&args).ends_with(code);
        assert!(fs::read(out.join("IMG_0002.JPG")).unwrap().is_empty());
        fs::read_to_string(out.join("report.txt")).unwrap()
    };
    let stored = export(&builder, "stored", 0);
    assert!(stored.contains("Empty, as they were on the device: Media/DCIM/100APPLE/IMG_0002.JPG"), "{stored}");
    builder.change(|record| {
        if record.path.ends_with("IMG_0002.JPG") {
            record.size = Some(4321);
        }
    });
    let lost = export(&builder, "lost", 3);
    assert!(lost.contains("IMG_0002.JPG: the backup holds 0 of its 4321 bytes"), "{lost}");
    assert!(!lost.contains("as they were on the device"), "{lost}");
}

#[test]
fn a_plain_empty_file_is_a_note() {
    let roll = Roll::new();
    roll.file("DCIM/100APPLE/IMG_1.JPG", b"");
    roll.export(&[]).ends_with(0);
    assert!(roll.text("report.txt").contains("Empty, as they were on the device: Media/DCIM/100APPLE/IMG_1.JPG"));
}
