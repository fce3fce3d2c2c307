//! `corer photos` on files that are called otherwise than what they are: every content under every name.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::roll::{Roll, asset, jpeg};
use crate::support::shared;
use sample_backups::media::{self, Exif};

/// What the names end in.
const NAMES: [&str; 13] =
    [".JPG", ".JPEG", ".PNG", ".GIF", ".WEBP", ".HEIC", ".TIFF", ".DNG", ".MOV", ".MP4", ".AVIF", ".BIN", ""];

/// How a page shows a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// With a small picture made of it, and itself behind it.
    Small,
    /// As it is: a browser draws it.
    Itself,
    /// As a video.
    Video,
    /// With words: a browser may not draw it.
    Words,
}

/// One content: the word for it in data, the extensions that fit, how it is shown, and what is told of it.
struct Held {
    word: Option<&'static str>,
    right: &'static [&'static str],
    bytes: Vec<u8>,
    way: Way,
    told: Option<&'static str>,
}

fn contents() -> Vec<Held> {
    const MOVIES: &[&str] = &[".MOV", ".MP4"];
    const RAW: &str = "of TIFF and raw pictures none are made";
    let tiff = |start: &[u8]| [start, &[8, 0, 0, 0, 0, 0, 0, 0][..], &[0; 64]].concat();
    let held = |word, right, bytes, way, told| Held { word, right, bytes, way, told };
    let webp = b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0".to_vec();
    let gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;".to_vec();
    let boxed = |brand: &[u8]| [media::media_box(b"ftyp", brand), media::media_box(b"mdat", &[7; 200])].concat();
    let mp4 = [boxed(b"mp42\0\0\0\0mp42isom"), media::media_box(b"moov", &[0; 40])].concat();
    vec![
        held(Some("jpeg"), &[".JPG", ".JPEG"], jpeg("content"), Way::Small, None),
        held(Some("png"), &[".PNG"], media::png("content", 40, 30).unwrap(), Way::Small, None),
        held(Some("gif"), &[".GIF"], gif, Way::Itself, None),
        held(Some("webp"), &[".WEBP"], webp, Way::Itself, None),
        held(Some("avif"), &[".AVIF"], boxed(b"avif\0\0\0\0mif1avif"), Way::Itself, None),
        // No decoder makes anything of this one.
        held(Some("heic"), &[], boxed(b"heic\0\0\0\0mif1heic"), Way::Words, Some("")),
        held(Some("tiff"), &[".TIFF", ".DNG"], tiff(b"II*\0"), Way::Words, Some(RAW)),
        held(Some("tiff"), &[".TIFF", ".DNG"], tiff(b"MM\0*"), Way::Words, Some(RAW)),
        held(Some("quicktime"), MOVIES, media::mov(100), Way::Video, None),
        held(Some("quicktime"), MOVIES, media::media_box(b"mdat", &[9; 64]), Way::Video, None),
        held(Some("mpeg4"), MOVIES, mp4, Way::Video, None),
        held(None, &[], b"garbage!".repeat(200), Way::Words, Some("it is no picture of a known kind")),
        held(None, &[], Vec::new(), Way::Words, None),
    ]
}

/// Every pair: its name, its content, and whether its name is that of a movie.
fn pairs(contents: &[Held]) -> Vec<(String, &Held, bool)> {
    let pair = |(at, held)| {
        NAMES.iter().zip(0..).map(move |(name, more): (&&str, usize)| {
            (format!("IMG_{}{name}", at * 100 + more + 1), held, matches!(*name, ".MOV" | ".MP4"))
        })
    };
    contents.iter().enumerate().flat_map(pair).collect()
}

fn roll_of(pairs: &[(String, &Held, bool)]) -> Roll {
    let row = |(at, (name, _, is_movie)): (usize, &(String, &Held, bool))| {
        asset(u32::try_from(at).unwrap() + 1, name, &[("ZKIND", if *is_movie { "1" } else { "0" })], &[])
    };
    let roll = Roll::with(&pairs.iter().enumerate().map(row).collect::<String>());
    pairs.iter().for_each(|(name, held, _)| roll.file(&format!("DCIM/100APPLE/{name}"), &held.bytes));
    roll
}

/// What a page has for each photo: its stage, and what is said below it.
fn stages(roll: &Roll) -> BTreeMap<String, (String, String)> {
    let folder = fs::read_dir(roll.out.join("gallery")).unwrap();
    let pages = folder.map(|entry| entry.unwrap().path());
    let months = pages.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("2016-07"));
    let html: String = months.map(|path| fs::read_to_string(path).unwrap()).collect();
    let articles = html.split("<article ").skip(1).map(|article| article.split("</article>").next().unwrap());
    let one = |article: &str| {
        let (stage, tell) = article.split_once("<div class=\"tell\">").unwrap();
        let name = tell.split_once("<bdi>").unwrap().1.split("</bdi>").next().unwrap();
        (name.to_owned(), (stage.split_once("<div class=\"stage\">").unwrap().1.to_owned(), tell.to_owned()))
    };
    articles.map(one).collect()
}

/// How the stage of a photo shows a file at this place.
fn way(stage: &str, file: &str) -> Option<Way> {
    let (small, itself) = (stage.contains("<img src=\"thumbs/"), stage.contains(&format!("<img src=\"../{file}\"")));
    let large = stage.contains(&format!("data-large=\"../{file}\""));
    let video = stage.contains(&format!("<video src=\"../{file}\""));
    let words = stage.contains("Browsers do not show this file.");
    match (small, itself, large, video, words, stage.contains("data-rare")) {
        (true, false, true, false, false, false) => Some(Way::Small),
        (false, true, true, false, false, false) => Some(Way::Itself),
        (false, false, false, true, false, false) => Some(Way::Video),
        (false, false, false, false, true, false) => Some(Way::Words),
        _ => None,
    }
}

/// The notes about small pictures in a report.
fn told(report: &str) -> String {
    report.split("No small picture could be made of ").nth(1).unwrap_or_default().to_owned()
}

#[test]
fn a_gallery_shows_every_file_by_what_it_is() {
    let contents = contents();
    let pairs = pairs(&contents);
    let roll = roll_of(&pairs);
    // The empty ones could not be read completely.
    roll.export(&["--by", "flat"]).ends_with(3);
    let (stages, report, records) = (stages(&roll), roll.whole_report(), roll.records());
    assert_eq!(stages.len(), pairs.len());
    let told = told(&report);
    for (name, held, is_movie) in &pairs {
        let what = held.word.unwrap_or(if held.bytes.is_empty() { "nothing" } else { "garbage" });
        let (stage, tell) = &stages[name];
        assert_eq!(way(stage, name), Some(held.way), "{what} called {name}: {stage}");
        assert!(!tell.contains("preview"), "{what} called {name}");
        let kind = format!("<dd>{}</dd>", if is_video(held, *is_movie) { "Video" } else { "Photo" });
        assert!(tell.contains(&kind), "{what} called {name}: {tell}");
        assert_eq!(fs::read(roll.out.join(name)).unwrap(), held.bytes, "{what} called {name}");
        let record = records.iter().find(|record| record["name"] == name.as_str()).unwrap();
        assert_eq!(record["files"][0]["content"], held.word.unwrap_or("unknown"), "{name}");
        // A movie that is none is no picture that failed.
        let why = held.told.filter(|_| held.word.is_some() || !is_movie);
        let here = told.matches(&format!("{name} (")).count();
        assert_eq!(here, usize::from(why.is_some()), "{what} called {name}: {told}");
        assert!(why.is_none_or(|why| told.contains(&format!("{name} ({why}"))), "{what} called {name}: {told}");
        let empty = report.matches(&format!("/{name}: the file is empty")).count();
        assert_eq!(empty, usize::from(held.bytes.is_empty()), "{name}");
    }
}

/// Whether a file goes for a video: by what it holds, else by what the library says.
fn is_video(held: &Held, is_movie: bool) -> bool {
    match held.way {
        Way::Video => true,
        Way::Small | Way::Itself => false,
        Way::Words => is_movie && held.word != Some("heic"),
    }
}

#[test]
fn copies_are_made_by_what_a_file_is() {
    let contents = contents();
    let pairs = pairs(&contents);
    let roll = roll_of(&pairs);
    let args = ["--by", "flat", "--convert", "jpeg"];
    roll.export(&args).ends_with(3);
    let check = || {
        let (stages, report) = (stages(&roll), roll.whole_report());
        let files = fs::read_dir(&roll.out).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let files: BTreeSet<String> = files.filter(|name| name.starts_with("IMG_")).collect();
        let mut expected: BTreeSet<String> = pairs.iter().map(|(name, ..)| name.clone()).collect();
        for (name, held, _) in &pairs {
            let (stem, extension) = name.split_once('.').map_or((name.as_str(), ""), |(stem, more)| (stem, more));
            let word = held.word.unwrap_or_default();
            let is_right = held.right.contains(&format!(".{extension}").as_str());
            let is_unmade = word == "heic" || (word.is_empty() && extension == "HEIC" && !held.bytes.is_empty());
            let told = report.matches(&format!("/{name}: not converted: ")).count();
            assert_eq!(told, usize::from(is_unmade), "{word} called {name}: {report}");
            // Once, with the reason.
            assert!(!is_unmade || report.matches(name.as_str()).count() == 1, "{word} called {name}: {report}");
            let mut shown = name.clone();
            if !is_right && !is_unmade && !word.is_empty() {
                let right = match word {
                    "jpeg" => "jpg",
                    "quicktime" => "mov",
                    "mpeg4" => "mp4",
                    other => other,
                };
                shown = format!("{stem}.{right}");
                assert_eq!(fs::read(roll.out.join(&shown)).unwrap(), held.bytes, "{shown}");
                expected.insert(shown.clone());
            }
            assert_eq!(way(&stages[name].0, &shown), Some(held.way), "{word} called {name}: {}", stages[name].0);
        }
        assert_eq!(files, expected);
    };
    check();
    let lines = roll.text("photos.jsonl");
    let out = roll.out.to_str().unwrap();
    roll.run(&[&["-o", out, "--update"], &args[..]].concat()).ends_with(3);
    check();
    assert_eq!(roll.text("photos.jsonl"), lines);
    // A run before this one that did not note what files hold.
    fs::write(roll.out.join("photos.jsonl"), lines.replace("\"content\":", "\"held\":")).unwrap();
    roll.run(&[&["-o", out, "--update"], &args[..]].concat()).ends_with(3);
    check();
    assert_eq!(roll.text("photos.jsonl"), lines);
}

#[test]
fn a_real_heic_is_one_under_every_name() {
    let Some(path) = shared("photos/heic/IMG_3092.heic") else { return };
    let heic = fs::read(path).unwrap();
    let names = ["IMG_1.JPG", "IMG_2.MOV", "IMG_3.TIFF", "IMG_4.HEIC"];
    let row = |(id, name): (u32, &&str)| asset(id, name, &[("ZKIND", if id == 2 { "1" } else { "0" })], &[]);
    let roll = Roll::with(&(1..).zip(&names).map(row).collect::<String>());
    names.iter().for_each(|name| roll.file(&format!("DCIM/100APPLE/{name}"), &heic));
    roll.export(&["--by", "flat"]).ends_with(0);
    let stages = stages(&roll);
    for name in names {
        let (stage, tell) = &stages[name];
        assert!(stage.contains("<img src=\"thumbs/"), "{name}: {stage}");
        assert!(
            stage.contains(&format!("data-rare=\"../{name}\"")) && !stage.contains("data-large"),
            "{name}: {stage}"
        );
        assert!(tell.contains("A small preview"), "{name}");
    }
    assert!(!roll.text("report.txt").contains("No small picture"));
    roll.export(&["--by", "flat", "--convert", "jpeg", "--no-gallery"]).ends_with(0);
    for name in names {
        let copy = if name == "IMG_1.JPG" { "IMG_1.JPG.jpg".to_owned() } else { name[..5].to_owned() + ".jpg" };
        assert!(fs::read(roll.out.join(&copy)).unwrap().starts_with(b"\xff\xd8\xff"), "{name}: {copy}");
    }
}

/// A movie whose header says when it was made, in seconds since 1970.
fn movie(made: u64) -> Vec<u8> {
    let mvhd = [&[0; 4][..], &u32::try_from(made + 2_082_844_800).unwrap().to_be_bytes(), &[0; 92]].concat();
    let parts =
        [media::media_box(b"ftyp", b"qt  \0\0\0\0qt  "), media::media_box(b"moov", &media::media_box(b"mvhd", &mvhd))];
    parts.concat()
}

#[test]
fn files_alone_are_dated_by_what_they_are() {
    let roll = Roll::new();
    let exif = Exif { taken: "2016:07:16 00:05:33", place: None, thumbnail: None };
    let picture = media::with_exif(&jpeg("x"), &exif);
    let names = NAMES.iter().filter(|name| !matches!(**name, ".AVIF" | ".BIN"));
    for (name, at) in names.clone().zip(1..) {
        roll.file(&format!("DCIM/100APPLE/IMG_{at}{name}"), &picture);
        roll.file(&format!("DCIM/101APPLE/IMG_{at}{name}"), &movie(1_468_670_733));
    }
    roll.export(&["--tz", "UTC", "--no-gallery"]).ends_with(0);
    let records = roll.records();
    assert_eq!(records.len(), names.count() * 2);
    for record in records {
        let is_movie = record["files"][0]["source"].as_str().unwrap().contains("101APPLE");
        let (kind, source) = if is_movie { ("video", "quicktime") } else { ("photo", "exif") };
        assert_eq!((&record["kind"], &record["date_source"]), (&kind.into(), &source.into()), "{record}");
        let day = if is_movie { "2016-07-16T12:05:33+00:00" } else { "2016-07-16T00:05:33+00:00" };
        assert_eq!(record["date"], day, "{record}");
    }
}

#[test]
fn a_movement_without_a_library_is_one_whatever_it_is_called() {
    let roll = Roll::new();
    roll.file("DCIM/100APPLE/IMG_1.HEIC", &jpeg("still"));
    roll.file("DCIM/100APPLE/IMG_1.JPG", &movie(1_468_670_733));
    // Two pictures, one of which is called a movie.
    roll.file("DCIM/100APPLE/IMG_2.HEIC", &jpeg("one"));
    roll.file("DCIM/100APPLE/IMG_2.MOV", &jpeg("two"));
    roll.export(&["--by", "flat"]).ends_with(0);
    let records = roll.records();
    let of = |name: &str| {
        let found = records.iter().find(|record| record["name"] == name);
        let files = found.map(|record| record["files"].as_array().unwrap().clone()).unwrap_or_default();
        files.iter().map(|file| file["role"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(of("IMG_1.HEIC"), ["original", "live-video"]);
    assert_eq!(
        (of("IMG_1.JPG").len(), of("IMG_2.HEIC"), of("IMG_2.MOV")),
        (0, vec!["original".into()], vec!["original".into()])
    );
}
