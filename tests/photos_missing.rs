//! `corer photos` on files that are missing, empty or cut, and on halves of pairs.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

#[path = "support/roll.rs"]
mod roll;
mod support;

use std::fs;

use roll::{Roll, asset, jpeg};
use sample_backups::{BackupBuilder, Era, media};
use support::Corer;

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
