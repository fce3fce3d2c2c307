//! `corer photos` on libraries whose words and files do not agree: clocks, names and contents, faces of edited pictures,
//! albums of others.

use std::fs;
use std::path::Path;

use crate::roll::{Roll, asset, jpeg};
use crate::support::shared;
use sample_backups::media::{self, Exif};
use serde_json::Value;

#[test]
fn one_clock_names_the_folder_the_record_the_sidecar_and_the_choice() {
    // The last half hour of 2015 in California.
    let at = |id, zone: &[(&str, &str)]| {
        asset(id, &format!("IMG_{id}.JPG"), &[], zone).replace("490367133.25", "473326200.123")
    };
    let roll = Roll::with(
        &[
            at(1, &[("ZTIMEZONEOFFSET", "-28800"), ("ZINFERREDTIMEZONEOFFSET", "3600")]),
            at(2, &[("ZINFERREDTIMEZONEOFFSET", "-28800"), ("ZTIMEZONENAME", "'Asia/Tokyo'")]),
            at(3, &[("ZTIMEZONENAME", "'America/Los_Angeles'")]),
            at(4, &[("ZTIMEZONEOFFSET", "100000"), ("ZINFERREDTIMEZONEOFFSET", "-28800")]),
            at(5, &[("ZTIMEZONEOFFSET", "'west'"), ("ZTIMEZONENAME", "'GMT-0800'")]),
            at(
                6,
                &[
                    ("ZTIMEZONEOFFSET", "-28800.5"),
                    ("ZINFERREDTIMEZONEOFFSET", "-100000"),
                    ("ZTIMEZONENAME", "'GMT-0800'"),
                ],
            ),
        ]
        .concat(),
    );
    (1..=6).for_each(|id| roll.file(&format!("DCIM/100APPLE/IMG_{id}.JPG"), &jpeg("x")));
    for zone in ["Asia/Tokyo", "UTC", "America/Los_Angeles"] {
        roll.export(&["--tz", zone, "--sidecar", "xmp", "--name", "{date} {time} {name}"]).ends_with(0);
        for record in roll.records() {
            assert_eq!(record["date"], "2015-12-31T23:30:00.123-08:00", "{record}");
            assert_eq!(record["date_source"], "library");
            let name = format!("2015/2015-12/2015-12-31 23.30.00 {}", record["name"].as_str().unwrap());
            let sidecar = roll.text(&format!("{name}.xmp"));
            assert!(sidecar.contains("2015-12-31T23:30:00.123-08:00"), "{sidecar}");
        }
        let shown = roll.run(&["--tz", zone]).ends_with(0);
        assert_eq!(shown.stdout.matches("2015-12-31 23:30").count(), 6, "{}", shown.stdout);
        let chosen = |since: &str, until: &str| roll.run(&["--tz", zone, "--since", since, "--until", until]);
        chosen("2015-12-31", "2015-12-31").ends_with(0);
        chosen("2016-01-01", "2016-12-31").ends_with(4);
        // A moment of its own zone stays one.
        chosen("2016-01-01T07:00:00Z", "2016-01-01T08:00:00Z").ends_with(0);
    }
    let report = roll.text("report.txt");
    for value in ["IMG_4.JPG (100000)", "IMG_5.JPG (west)", "IMG_6.JPG (-28800.5)", "IMG_6.JPG (-100000)"] {
        assert!(report.contains(value), "{report}");
    }
    assert!(!report.contains("IMG_1.JPG") && report.contains("Nothing was left out."), "{report}");
}

#[test]
fn files_alone_tell_when_they_were_taken() {
    let roll = Roll::new();
    let exif = |taken| media::with_exif(&jpeg("x"), &Exif { taken, place: None, thumbnail: None });
    // A camera that notes no zone: another tag stands in the place of the one that does.
    let mut local = exif("2016:07:16 00:05:33");
    let offset = local.windows(4).position(|bytes| bytes == b"\x90\x11\0\x02").unwrap();
    local[offset + 1] = 0x99;
    roll.file("DCIM/100APPLE/IMG_1.JPG", &local);
    roll.file("DCIM/100APPLE/IMG_6.JPG", &exif("2016:07:16 00:05:33"));
    roll.file("DCIM/100APPLE/IMG_2.JPG", &exif("0000:00:00 00:00:00"));
    roll.file("DCIM/100APPLE/IMG_3.MOV", &media::mov(100));
    let header = |seconds: u64| {
        let mvhd = [&[0; 4][..], &u32::try_from(seconds).unwrap().to_be_bytes(), &[0; 92]].concat();
        let parts = [
            media::media_box(b"ftyp", b"qt  \0\0\0\0qt  "),
            media::media_box(b"moov", &media::media_box(b"mvhd", &mvhd)),
        ];
        parts.concat()
    };
    roll.file("DCIM/100APPLE/IMG_4.MOV", &header(2_082_844_800 + 1_468_670_733));
    roll.file("DCIM/100APPLE/IMG_5.MOV", &header(0));
    for (zone, date) in [("Asia/Tokyo", "2016-07-16T00:05:33+09:00"), ("UTC", "2016-07-16T00:05:33+00:00")] {
        roll.export(&["--tz", zone]).ends_with(0);
        let records = roll.records();
        let of = |name: &str| records.iter().find(|record| record["name"] == name).unwrap();
        assert!(roll.has("2016/2016-07/IMG_1.JPG"));
        assert_eq!((&of("IMG_1.JPG")["date"], &of("IMG_1.JPG")["date_source"]), (&date.into(), &"exif".into()));
        assert_eq!(of("IMG_6.JPG")["date"], "2016-07-16T00:05:33+00:00");
        assert_eq!(of("IMG_2.JPG")["date_source"], "file");
        assert_eq!(of("IMG_4.MOV")["date_source"], "quicktime");
        assert!(of("IMG_4.MOV")["date"].as_str().unwrap().starts_with("2016-07-16T"));
        assert_eq!(of("IMG_5.MOV")["date_source"], "file");
    }
}

#[test]
fn a_real_roll_without_its_library_has_the_dates_that_exiftool_reads() {
    let Some(folder) = shared("photos") else { return };
    let roll = Roll::new();
    for (from, to) in [
        ("heic/IMG_1853.HEIC", "IMG_1853.HEIC"),
        ("adjustments/IMG_1994.JPG", "IMG_1994.JPG"),
        ("live/IMG_4394.mov", "IMG_0001.MOV"),
    ] {
        roll.file(&format!("DCIM/100APPLE/{to}"), &fs::read(Path::new(&folder).join(from)).unwrap());
    }
    roll.export(&["--tz", "Pacific/Kiritimati", "--no-gallery"]).ends_with(0);
    let records = roll.records();
    let date = |name: &str| records.iter().find(|record| record["name"] == name).unwrap()["date"].clone();
    assert_eq!(date("IMG_1853.HEIC"), "2023-03-23T10:19:38.409-07:00");
    assert_eq!(date("IMG_1994.JPG"), "2020-04-15T10:25:51+14:00");
    assert_eq!(date("IMG_0001.MOV"), "2025-08-06T17:14:21-05:00");
}

#[test]
fn photos_of_a_shared_album_stand_in_its_folder() {
    let album = |id: u32, kind: u32, title: &str| {
        format!("INSERT INTO ZGENERICALBUM (Z_PK, ZKIND, ZTITLE, ZUUID) VALUES ({id}, {kind}, '{title}', 'A{id}');")
    };
    let mut sql = album(1, 1505, "Family") + &album(2, 2, "Family") + &album(3, 2, "_shared") + &album(4, 2, "..");
    for (id, albums) in [(1_u32, &[1][..]), (2, &[2, 3]), (3, &[4])] {
        let shared = if id == 1 { "1" } else { "NULL" };
        sql += &asset(id, &format!("IMG_{id}.JPG"), &[("ZCLOUDBATCHPUBLISHDATE", shared)], &[]);
        albums.iter().for_each(|album| sql += &format!("INSERT INTO Z_30ASSETS VALUES ({album}, {id}, 1);"));
    }
    let roll = Roll::with(&sql);
    (1..=3).for_each(|id| roll.file(&format!("DCIM/100APPLE/IMG_{id}.JPG"), &jpeg("x")));
    roll.export(&["--by", "album"]).ends_with(0);
    assert!(roll.has("_shared/Family/IMG_1.JPG") && roll.has("Family/IMG_2.JPG"));
    let outside = roll.corer.home.path().join("IMG_3.JPG");
    assert!(!outside.exists(), "an album's title leads nowhere");
    roll.export(&["--by", "{kind}/{album}"]).ends_with(0);
    assert!(roll.has("_shared/photo/Family/IMG_1.JPG"));
}

#[test]
fn templates_that_lead_out_of_the_folder_are_refused() {
    let roll = Roll::with(&asset(1, "IMG_1.JPG", &[], &[]));
    roll.file("DCIM/100APPLE/IMG_1.JPG", &jpeg("x"));
    for by in ["../{year}", "{year}/..", "/tmp/{year}", "C:\\{year}", "{city|..}/x", "{year}//x", "{year}/", "./{year}"]
    {
        let answer = roll.export(&["--by", by]).ends_with(2);
        assert!(answer.stderr.contains("template is refused"), "{by}: {}", answer.stderr);
        assert!(!roll.out.exists(), "{by}");
    }
    roll.export(&["--name", "../{name}"]).ends_with(2);
    roll.export(&["--by", "{year|undated}/{city|elsewhere}", "--name", "{date}.{name}"]).ends_with(0);
    assert!(roll.has("2016/elsewhere/2016-07-16.IMG_1.JPG"));
}

#[test]
fn a_file_is_converted_by_what_it_holds() {
    let roll = Roll::with(
        &["IMG_1.HEIC", "IMG_2.JPG", "IMG_3.JPG", "IMG_4.HEIC", "IMG_5.HEIC"]
            .iter()
            .zip(1..)
            .map(|(name, id)| asset(id, name, &[("ZADJUSTMENTSSTATE", if id == 5 { "2" } else { "0" })], &[]))
            .collect::<String>(),
    );
    let heic = shared("photos/heic/IMG_3092.heic").map(|path| fs::read(path).unwrap());
    let picture = jpeg("x");
    let png = media::png("x", 20, 10).unwrap();
    roll.file("DCIM/100APPLE/IMG_1.HEIC", &picture);
    roll.file("DCIM/100APPLE/IMG_2.JPG", heic.as_deref().unwrap_or(&picture));
    roll.file("DCIM/100APPLE/IMG_3.JPG", &picture);
    roll.file("DCIM/100APPLE/IMG_4.HEIC", &png);
    roll.file("DCIM/100APPLE/IMG_5.HEIC", &picture);
    roll.file("PhotoData/Mutations/DCIM/100APPLE/IMG_5/Adjustments/FullSizeRender.heic", &picture);
    roll.export(&["--by", "flat", "--convert", "jpeg"]).ends_with(0);
    assert_eq!(fs::read(roll.out.join("IMG_1.HEIC")).unwrap(), picture);
    for name in ["IMG_1.jpg", "IMG_5.jpg", "IMG_5-edited.jpg"] {
        assert_eq!(fs::read(roll.out.join(name)).unwrap(), picture, "{name}");
    }
    assert_eq!(fs::read(roll.out.join("IMG_4.png")).unwrap(), png);
    assert!(!roll.has("IMG_3.jpg") && !roll.has("IMG_3.JPG.jpg"), "what is called right needs no copy");
    if heic.is_some() {
        let copy = image::open(roll.out.join("IMG_2.JPG.jpg")).unwrap();
        assert_eq!((copy.width(), copy.height()), (3024, 4032));
    }
    let before = crate::support::content(&roll.out);
    roll.run(&["-o", roll.out.to_str().unwrap(), "--by", "flat", "--convert", "jpeg", "--update"]).ends_with(0);
    assert!(before.keys().eq(crate::support::content(&roll.out).keys()), "an update keeps what there is");
}

/// The head of a PNG that claims a size, and a word of content.
fn claim(width: u32, height: u32, depth: u8) -> Vec<u8> {
    let sizes = [width.to_be_bytes(), height.to_be_bytes()].concat();
    let head = [&b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"[..], &sizes, &[depth, 6, 0, 0, 0], b"\0\0\0\0"].concat();
    [&head[..], b"\0\0\0\x04IDAT\x78\x9c\x03\0\0\0\0\0\0\0\0\0IEND\xaeB`\x82"].concat()
}

#[test]
fn a_picture_that_needs_too_much_memory_is_told_and_costs_nothing_else() {
    let roll = Roll::with(&(asset(1, "IMG_1.PNG", &[], &[]) + &asset(2, "IMG_2.JPG", &[], &[])));
    let bomb = claim(11_300, 11_300, 16);
    roll.file("DCIM/100APPLE/IMG_1.PNG", &bomb);
    roll.file("DCIM/100APPLE/IMG_2.JPG", &jpeg("x"));
    roll.export(&[]).ends_with(0);
    let report = roll.text("report.txt");
    assert!(report.contains("No small picture could be made of IMG_1.PNG (it claims 11300 × 11300 pixels"), "{report}");
    assert!(!report.contains("IMG_2.JPG"));
    assert_eq!(fs::read(roll.out.join("2016/2016-07/IMG_1.PNG")).unwrap(), bomb);
}

/// The region that a sidecar names: the size that it refers to, and its middle.
fn region(xmp: &str) -> Option<[f64; 4]> {
    let number = |name: &str| -> Option<f64> {
        let after = xmp.split_once(name)?.1.trim_start_matches(['=', '"', '>']);
        after.split(['"', '<']).next()?.parse().ok()
    };
    Some([number("stDim:w")?, number("stDim:h")?, number("stArea:x")?, number("stArea:y")?])
}

#[test]
fn faces_stand_where_they_are_in_each_file() {
    // Found at 0.75, 0.2 from the upper left of a picture of 300 by 400 as it is seen.
    let face = |id: u32, (x, y): (f64, f64), (width, height): (u32, u32)| {
        format!(
            "INSERT INTO ZDETECTEDFACE (ZASSETFORFACE, ZPERSONFORFACE, ZCENTERX, ZCENTERY, ZSIZE, ZSOURCEWIDTH, \
             ZSOURCEHEIGHT) VALUES ({id}, 1, {x}, {}, 0.15, {width}, {height});",
            1.0 - y
        )
    };
    let size = |width, height, turn, state| {
        [("ZWIDTH", width), ("ZHEIGHT", height), ("ZORIENTATION", turn), ("ZADJUSTMENTSSTATE", state)]
    };
    let original =
        |width, height, turn| [("ZORIGINALWIDTH", width), ("ZORIGINALHEIGHT", height), ("ZORIGINALORIENTATION", turn)];
    let sql = [
        "INSERT INTO ZPERSON VALUES (1, 'Ada', 'Ada', 'P1');".to_owned(),
        asset(1, "IMG_1.JPG", &size("300", "400", "6", "0"), &original("400", "300", "6")),
        // Edited where it is, stored lying on its side.
        asset(2, "IMG_2.JPG", &size("300", "400", "1", "2"), &original("400", "300", "6")),
        // Cut, and the face found in the rest; cut, and the face found before.
        asset(3, "IMG_3.JPG", &size("150", "200", "1", "2"), &original("300", "400", "1")),
        asset(4, "IMG_4.JPG", &size("200", "200", "1", "2"), &original("300", "400", "1")),
        // Turned.
        asset(5, "IMG_5.JPG", &size("400", "300", "1", "2"), &original("300", "400", "1")),
        // An edit of which nothing is known but that it is there.
        asset(6, "IMG_6.JPG", &size("300", "400", "1", "2"), &[]),
        face(1, (0.75, 0.2), (300, 400)),
        face(2, (0.75, 0.2), (300, 400)),
        face(3, (0.5, 0.4), (150, 200)),
        face(4, (0.75, 0.2), (300, 400)),
        face(5, (0.2, 0.25), (400, 300)),
        face(6, (0.75, 0.2), (300, 400)),
    ];
    let roll = Roll::with(&sql.concat());
    let turned = |name: &str, width, height, turn: u8| {
        let plain = media::jpeg(name, width, height).unwrap();
        let tiff = [&b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0"[..], &[turn], b"\0\0\0\0\0\0"].concat();
        let length = u16::try_from(tiff.len() + 8).unwrap().to_be_bytes();
        [&plain[..2], b"\xff\xe1", &length, b"Exif\0\0", &tiff, &plain[2..]].concat()
    };
    let originals = [(400, 300, 6), (400, 300, 6), (300, 400, 1), (300, 400, 1), (300, 400, 1), (300, 400, 1)];
    let renders = [None, Some((300, 400)), Some((150, 200)), Some((200, 200)), Some((400, 300)), Some((300, 400))];
    for ((id, (width, height, turn)), render) in (1..).zip(originals).zip(renders) {
        roll.file(&format!("DCIM/100APPLE/IMG_{id}.JPG"), &turned("x", width, height, turn));
        if let Some((width, height)) = render {
            let path = format!("PhotoData/Mutations/DCIM/100APPLE/IMG_{id}/Adjustments/FullSizeRender.jpg");
            roll.file(&path, &media::jpeg("x", width, height).unwrap());
        }
    }
    roll.export(&["--by", "flat", "--sidecar", "xmp", "--no-gallery"]).ends_with(0);
    let of = |name: &str| region(&roll.text(&format!("{name}.xmp")));
    let lying = Some([400.0, 300.0, 0.2, 0.25]);
    assert_eq!([of("IMG_1.JPG"), of("IMG_2.JPG")], [lying, lying]);
    assert_eq!(of("IMG_2-edited.jpg"), Some([300.0, 400.0, 0.75, 0.2]));
    assert_eq!([of("IMG_3.JPG"), of("IMG_3-edited.jpg")], [None, Some([150.0, 200.0, 0.5, 0.4])]);
    assert_eq!([of("IMG_4.JPG"), of("IMG_4-edited.jpg")], [Some([300.0, 400.0, 0.75, 0.2]), None]);
    assert_eq!([of("IMG_5.JPG"), of("IMG_5-edited.jpg")], [None, Some([400.0, 300.0, 0.2, 0.25])]);
    assert_eq!([of("IMG_6.JPG"), of("IMG_6-edited.jpg")], [None, Some([300.0, 400.0, 0.75, 0.2])]);
    let report = roll.text("report.txt");
    assert!(report.contains("Of 4 photos an edit cut or turned the picture"), "{report}");
    let frames: Vec<Value> = roll.records().iter().map(|record| record["faces"][0]["of"].clone()).collect();
    assert_eq!(frames, ["shown", "shown", "shown", "original", "shown", "shown"]);
}

/// The inputs of the reports that these tests come from, where they are at hand.
#[test]
fn what_was_reported_is_mended() {
    let Some(data) = shared("photos") else { return };
    let cases = Path::new(&data).join("../../cases");
    if !cases.is_dir() {
        return;
    }
    let export = |name: &str, more: &[&str], code: i32| {
        let roll = Roll::new();
        let backup = cases.join(name).join("backup");
        let args = ["photos", "-b", backup.to_str().unwrap(), "-o", roll.out.to_str().unwrap()];
        roll.corer.run(&[&args[..], more].concat()).ends_with(code);
        roll
    };
    for zone in ["Asia/Tokyo", "America/Los_Angeles"] {
        let roll = export("photos-inferred-time-zone", &["--tz", zone], 0);
        assert!((1..=3).all(|id| roll.has(&format!("2015/2015-12/IMG_000{id}.JPG"))), "{zone}");
        assert!(roll.records().iter().all(|record| record["date"] == "2015-12-31T23:30:00-08:00"), "{zone}");
        assert!(export("photos-files-alone-exif-date", &["--tz", zone], 0).has("2016/2016-07/IMG_0001.JPG"));
    }
    let empty = export("photos-empty-and-cut", &[], 3).text("report.txt");
    assert!(empty.contains("IMG_0001.JPG: ") && empty.contains("IMG_0002.JPG: "), "{empty}");
    let alone = export("photos-movement-alone", &[], 0).text("report.txt");
    assert!(alone.contains("the movement is here"), "{alone}");
    let pair = export("photos-raw-of-a-pair-missing", &["--strict"], 3).text("report.txt");
    assert!(pair.contains("the raw picture of the pair is only in iCloud"), "{pair}");
    assert!(export("photos-shared-album-folder", &["--by", "album"], 0).has("_shared/Family/IMG_0099.JPG"));
    let content = export("photos-name-and-content", &["--convert", "jpeg", "--by", "flat"], 0);
    for name in ["IMG_0033.jpg", "IMG_0034.JPG.jpg"] {
        assert!(fs::read(content.out.join(name)).unwrap().starts_with(b"\xff\xd8\xff"), "{name}");
    }
    let faces = export("photos-faces-of-edited-photos", &["--sidecar", "xmp", "--by", "flat"], 0);
    assert_eq!(region(&faces.text("IMG_21.JPG.xmp")), None);
    assert_eq!(region(&faces.text("IMG_20.JPG.xmp")), region(&faces.text("IMG_11.JPG.xmp")));
}

/// The run of a process that may have 1.5 GB of addresses, as `ulimit -v 1572864` gives it.
#[cfg(target_os = "linux")]
#[test]
fn where_memory_is_short_one_picture_is_skipped_and_the_run_ends() {
    let roll = Roll::with(&asset(1, "IMG_1.JPG", &[], &[]));
    // A picture of 100 megapixels that is one colour: 1.2 GB while it is decoded.
    let large = image::GrayImage::from_pixel(10_000, 10_000, image::Luma([90]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::DynamicImage::ImageLuma8(large).write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    roll.file("DCIM/100APPLE/IMG_1.JPG", bytes.get_ref());
    let corer = env!("CARGO_BIN_EXE_corer");
    let (root, out) = (roll.root.to_str().unwrap(), roll.out.to_str().unwrap());
    let limited = format!("ulimit -v 1572864; exec '{corer}' photos -b '{root}' -o '{out}'");
    let done = std::process::Command::new("sh").args(["-c", &limited]).output().unwrap();
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(roll.text("report.txt").contains("IMG_1.JPG (decoding it needs"), "{}", roll.text("report.txt"));
    assert!(roll.has("2016/2016-07/IMG_1.JPG"));
}
