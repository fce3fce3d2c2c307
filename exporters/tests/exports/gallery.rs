//! What comes out beside photos: pages, sidecars and converted copies, out of a library in memory.

use std::collections::{BTreeMap, HashMap};
use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use crate::common::{about, listing, zone};
use corer_exporters::convert::Converter;
use corer_exporters::output::{self, IfExists, KindReport, SafePath, Tree};
use corer_exporters::photos::gallery::{Gallery, GalleryOptions, PAGE};
use corer_exporters::photos::sidecar::{SidecarFormat, Sidecars};
use corer_exporters::photos::{self, Companion, Conversions, EarlierRun, Edited, ExportJob, Layout, RECORDS};
use corer_schemas::photos::{
    Album, AlbumKind, Asset, AssetFile, AssetKind, Face, FileContent, Library, Place, Region, Role, Subkind, Zone,
};
use corer_schemas::{AppleTime, Database, Entry, EntryKind, Opened, Presence, Source, SourceError};
use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use quick_xml::events::Event;
use tempfile::TempDir;

/// Files by path.
#[derive(Default)]
struct Files(HashMap<String, Vec<u8>>);

impl Source for Files {
    fn entries(&self, _: &str, _: &str) -> Result<Vec<Entry>, SourceError> {
        Ok(Vec::new())
    }

    fn entry(&self, _: &str, path: &str) -> Result<Entry, SourceError> {
        Ok(entry(path, None))
    }

    fn attributes(&self, _: &Entry) -> Result<Vec<(String, Vec<u8>)>, SourceError> {
        Ok(Vec::new())
    }

    fn open(&self, entry: &Entry) -> Result<Opened, SourceError> {
        let bytes = self.0.get(&entry.path).cloned().ok_or_else(|| SourceError::unreadable(&entry.path, "gone"))?;
        let len = Some(bytes.len() as u64);
        Ok(Opened { reader: Box::new(Cursor::new(bytes)), plain: None, len })
    }

    fn database(&self, _: &str, path: &str) -> Result<Arc<dyn Database>, SourceError> {
        Err(SourceError::unreadable(path, "there is none"))
    }
}

fn entry(path: &str, size: Option<u64>) -> Entry {
    Entry {
        id: 0,
        domain: "CameraRollDomain".to_owned(),
        path: path.to_owned(),
        kind: EntryKind::File,
        size_hint: size,
        modified: Some(1_600_000_000),
        created: None,
        presence: Presence::Present,
    }
}

fn picture(red: u8) -> Vec<u8> {
    let mut png = Cursor::new(Vec::new());
    let pixels = image::RgbImage::from_pixel(40, 30, image::Rgb([red, 90, 160]));
    pixels.write_to(&mut png, image::ImageFormat::Jpeg).unwrap();
    png.into_inner()
}

/// A library and its files.
#[derive(Default)]
struct Life {
    library: Library,
    files: Files,
}

impl Life {
    fn add(&mut self, name: &str, seconds: Option<i64>) -> &mut Asset {
        let id = self.library.assets.len() as i64 + 1;
        let path = format!("Media/DCIM/{:03}APPLE/IMG_{id:04}.JPG", 100 + id / 1000);
        self.library.assets.push(Asset {
            id,
            uuid: format!("UUID-{id}"),
            date: seconds.and_then(|seconds| AppleTime::from_seconds(seconds as f64)),
            zone: Zone { offset: Some(3600), ..Zone::default() },
            original_name: Some(name.to_owned()),
            dimensions: Some((40, 30)),
            ..Asset::default()
        });
        self.give(&path, Role::Original, picture((id % 200) as u8));
        self.library.assets.last_mut().unwrap()
    }

    fn give(&mut self, path: &str, role: Role, bytes: Vec<u8>) {
        let recorded = entry(path, Some(bytes.len() as u64));
        self.files.0.insert(path.to_owned(), bytes);
        let asset = self.library.assets.last_mut().unwrap();
        asset.files.push(AssetFile { role, content: FileContent::Recorded(recorded) });
    }

    fn album(&mut self, title: &str, members: &[i64]) {
        let id = self.library.albums.len() as i64 + 1;
        for asset in self.library.assets.iter_mut().filter(|asset| members.contains(&asset.id)) {
            asset.albums.push(id);
        }
        self.library.albums.push(Album {
            id,
            uuid: format!("ALBUM-{id}"),
            title: title.to_owned(),
            kind: AlbumKind::User,
            folders: vec![title.to_owned()],
            members: members.to_vec(),
            owner: None,
        });
    }

    fn export(&self, folder: &Path, existing: IfExists, sidecar: Option<SidecarFormat>) -> KindReport {
        let tree = Tree::in_folder(folder, output::TreeOptions { existing, ..output::TreeOptions::default() }).unwrap();
        let options = photos::Options {
            about: about(),
            zone: zone(),
            base: SafePath::root(),
            layout: Layout::by("month").unwrap(),
            edited: Edited::Both,
            with_adjustments: false,
            jobs: 2,
        };
        let converter = Converter::default();
        let conversions = Conversions::new(&converter);
        let gallery = GalleryOptions { about: about(), zone: zone(), base: SafePath::root() };
        let gallery = Gallery::new(gallery, &converter, Some(&conversions));
        let sidecars = sidecar.map(|format| Sidecars::new(format, zone()));
        let mut companions: Vec<&dyn Companion> = vec![&conversions, &gallery];
        companions.extend(sidecars.as_ref().map(|sidecars| sidecars as &dyn Companion));
        let known = EarlierRun::read(&folder.join(RECORDS));
        let job = ExportJob {
            source: &self.files,
            again: &self.files,
            library: &self.library,
            options: &options,
            known: &known,
            companions: &companions,
        };
        let report = photos::export(job, &tree, &|_| ControlFlow::Continue(())).unwrap();
        tree.finish().unwrap();
        report
    }
}

fn pages(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    listing(folder).into_iter().filter(|(name, _)| name.ends_with(".html")).collect()
}

fn parse(bytes: &[u8]) -> Handle {
    parse_document(RcDom::default(), ParseOpts::default()).from_utf8().one(bytes).document
}

/// The names and values of an element.
type Attributes = [(String, String)];

fn walk(node: &Handle, each: &mut dyn FnMut(&str, &Attributes)) {
    if let NodeData::Element { name, attrs, .. } = &node.data {
        let attributes = attrs.borrow();
        let attributes: Vec<(String, String)> =
            attributes.iter().map(|a| (a.name.local.to_string(), a.value.to_string())).collect();
        each(&name.local, &attributes);
    }
    node.children.borrow().iter().for_each(|child| walk(child, each));
}

fn count(bytes: &[u8], wanted: &str) -> usize {
    let mut found = 0;
    walk(&parse(bytes), &mut |element, _| found += usize::from(element == wanted));
    found
}

const DAY: i64 = 86_400;

/// A library with something of everything.
fn life() -> Life {
    let mut life = Life::default();
    for shot in 0..(PAGE as i64 + 50) {
        life.add(&format!("IMG_{shot:04}.JPG"), Some(490_000_000 + shot));
    }
    let lisbon = life.add("Lisbon.JPG", Some(490_000_000 + 40 * DAY));
    lisbon.is_favorite = true;
    lisbon.caption = Some("The tram, at last".to_owned());
    lisbon.keywords = vec!["tram".to_owned(), "a/b".to_owned()];
    lisbon.place = Place {
        coordinates: Some((38.7, -9.13)),
        city: Some("Lisbon".to_owned()),
        country: Some("Portugal".to_owned()),
        ..Place::default()
    };
    lisbon.faces = vec![Face {
        name: Some("Anna Weber".to_owned()),
        person_uuid: None,
        region: Some(Region { x: 0.25, y: 0.5, width: 0.2, height: 0.3 }),
        ..Face::default()
    }];
    // As it is seen; the file has 40 by 30.
    lisbon.dimensions = Some((30, 40));
    lisbon.orientation = Some(6);
    lisbon.subkinds = vec![Subkind::Live];
    life.give("Media/DCIM/100APPLE/Lisbon.MOV", Role::LiveVideo, movie("one"));
    life.add("secret.JPG", Some(490_000_000)).is_hidden = true;
    life.add("gone.JPG", Some(490_000_000)).is_trashed = true;
    life.add("undated.JPG", None);
    let film = life.add("film.MOV", Some(490_000_000 + 41 * DAY));
    film.kind = AssetKind::Video;
    film.duration = Some(12.4);
    film.files.clear();
    life.give("Media/DCIM/100APPLE/film.MOV", Role::Original, movie("another"));
    let absent = life.add("cloud.HEIC", Some(490_000_000 + 41 * DAY));
    absent.is_in_cloud = true;
    absent.files.clear();
    let lisbon = PAGE as i64 + 51;
    life.album("Travel", &[lisbon, 2, 1, lisbon + 1]);
    life
}

/// As much of a movie as tells that it is one.
fn movie(name: &str) -> Vec<u8> {
    [&b"\0\0\0\x14ftypqt  \0\0\0\0qt  "[..], name.as_bytes()].concat()
}

#[test]
fn pages_are_bounded_and_hold_every_photo_where_it_belongs() {
    let folder = TempDir::new().unwrap();
    let life = life();
    let report = life.export(folder.path(), IfExists::Refuse, None);
    assert!(report.skipped.is_empty(), "{:?}", report.skipped);
    let pages = pages(folder.path());
    let cells = |page: &str| {
        let mut cells = 0;
        walk(&parse(&pages[page]), &mut |_, attributes| {
            cells += usize::from(attributes.iter().any(|(name, value)| name == "class" && value == "cell"));
        });
        cells
    };
    assert_eq!((cells("gallery/2016-07.html"), cells("gallery/2016-07-2.html")), (PAGE, 50));
    assert_eq!(
        ["favorites", "hidden", "deleted", "undated", "person-1", "place-1"]
            .map(|slug| cells(&format!("gallery/{slug}.html"))),
        [1; 6]
    );
    // The hidden one is in the album on the device, and on no page but its own.
    assert_eq!(cells("gallery/album-1.html"), 3);
    for (name, bytes) in &pages {
        let text = String::from_utf8_lossy(bytes);
        assert_eq!(text.contains("secret.JPG"), name == "gallery/hidden.html", "{name}");
        assert_eq!(text.contains("gone.JPG"), name == "gallery/deleted.html", "{name}");
    }
    let august = String::from_utf8_lossy(&pages["gallery/2016-08.html"]);
    for wanted in [
        "Only in iCloud",
        "data-motion=\"../2016/2016-08/Lisbon.MOV\"",
        "preload=\"none\"",
        "0:12",
        "The tram, at last",
    ] {
        assert!(august.contains(wanted), "{wanted}");
    }
    assert_eq!(count(&pages["gallery/map.html"], "circle"), 1);
}

#[test]
fn every_link_and_picture_of_the_pages_is_there_and_loads_late() {
    let folder = TempDir::new().unwrap();
    life().export(folder.path(), IfExists::Refuse, None);
    let mut links = 0;
    for (name, bytes) in pages(folder.path()) {
        let mut marks = Vec::new();
        let mut places = Vec::new();
        walk(&parse(&bytes), &mut |element, attributes| {
            let of = |wanted: &str| attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
            marks.extend(of("id"));
            places.extend(["href", "src", "poster", "data-motion", "data-large"].into_iter().filter_map(of));
            assert!(element != "img" || of("loading").as_deref() == Some("lazy"), "{name}");
        });
        for place in places {
            match place.strip_prefix('#') {
                Some(mark) => assert!(marks.iter().any(|known| known == mark), "{name}: {place}"),
                None => {
                    let path = folder.path().join(&name).parent().unwrap().join(&place);
                    assert!(path.is_file(), "{name}: {place}");
                    links += 1;
                }
            }
        }
    }
    assert!(links > 800, "{links}");
}

#[test]
fn an_update_with_nothing_new_changes_nothing() {
    let (first, second) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let life = life();
    life.export(first.path(), IfExists::Refuse, Some(SidecarFormat::Xmp));
    life.export(second.path(), IfExists::Refuse, Some(SidecarFormat::Xmp));
    let before = listing(first.path());
    assert_eq!(before, listing(second.path()), "the same library gives the same bytes");
    let times = |folder: &Path| -> Vec<_> {
        before.iter().map(|(name, _)| folder.join(name).metadata().unwrap().modified().unwrap()).collect()
    };
    let written = times(first.path());
    life.export(first.path(), IfExists::Update, Some(SidecarFormat::Xmp));
    assert_eq!(before, listing(first.path()));
    let untouched = before.iter().zip(written.iter().zip(times(first.path())));
    for ((name, _), (before, after)) in untouched.filter(|((name, _), _)| !name.starts_with("photos.")) {
        assert_eq!(*before, after, "{name}");
    }
}

/// What a stranger can write into a library.
const PAYLOADS: [&str; 12] = [
    "<script>alert(1)</script>",
    "</title></style><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'><svg onload=alert(1)>",
    "\" onfocus=alert(1) autofocus x=\"",
    "<iframe src=https://evil.example></iframe>",
    "<base href=https://evil.example/>",
    "javascript:alert(1)",
    "//evil.example/x",
    "--><script>alert(1)</script><!--",
    "]]></dc:title><evil/>",
    "&lt;a\u{0}\u{b}\u{fffe}&#x3c;",
];

fn hostile() -> Life {
    let mut life = Life::default();
    for (number, payload) in (0..).zip(PAYLOADS) {
        let text = || Some(payload.to_owned());
        let asset = life.add(&format!("{payload}.JPG"), Some(490_000_000 + number * 40 * DAY));
        asset.uuid = payload.to_owned();
        (asset.title, asset.caption, asset.editor) = (text(), text(), text());
        asset.accessibility = text().filter(|_| number % 2 == 0);
        asset.keywords = vec![payload.to_owned()];
        asset.camera.model = text();
        asset.place = Place {
            coordinates: Some((number as f64 * 7.0, number as f64)),
            name: text(),
            country: text(),
            country_code: text(),
            region: text(),
            city: text(),
            district: text(),
            ..Place::default()
        };
        let region = Some(Region { x: 0.5, y: 0.5, width: f64::NAN, height: 0.1 });
        asset.faces = vec![
            Face { name: text(), person_uuid: text(), region, ..Face::default() },
            Face {
                name: text(),
                person_uuid: None,
                region: Some(Region { x: 0.5, y: 0.5, width: 0.1, height: 0.1 }),
                ..Face::default()
            },
        ];
        life.give(&format!("Media/DCIM/100APPLE/{payload}.MOV"), Role::LiveVideo, b"movie".to_vec());
        let id = life.library.assets.len() as i64;
        life.album(payload, &[id]);
    }
    life
}

#[test]
fn nothing_that_a_stranger_wrote_runs_or_loads() {
    let folder = TempDir::new().unwrap();
    hostile().export(folder.path(), IfExists::Refuse, None);
    let pages = pages(folder.path());
    assert!(pages.len() > 3 * PAYLOADS.len(), "{}", pages.len());
    for (name, bytes) in pages {
        let mut scripts = 0;
        walk(&parse(&bytes), &mut |element, attributes| {
            scripts += usize::from(element == "script");
            assert!(!["iframe", "base", "object", "embed", "form", "link"].contains(&element), "{name}: <{element}>");
            for (attribute, value) in attributes {
                assert!(!attribute.starts_with("on") && attribute != "style", "{name}: {attribute}={value}");
                if ["href", "src", "poster", "data-motion", "data-large"].contains(&&**attribute) {
                    assert!(!value.contains([':', '\\']) && !value.starts_with('/'), "{name}: {value}");
                }
            }
        });
        assert_eq!(scripts, usize::from(name != "index.html" && name != "gallery/map.html"), "{name}");
    }
}

/// The texts of a packet by the name of their element, as an XML reader sees them.
fn texts(packet: &[u8]) -> Vec<(String, String)> {
    let mut reader = quick_xml::Reader::from_reader(packet);
    let (mut texts, mut open, mut text) = (Vec::new(), Vec::<String>::new(), String::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                open.push(start.name().as_ref().to_owned());
                text.clear();
            }
            Event::Text(part) => text.push_str(&part),
            Event::GeneralRef(reference) => {
                let number = reference.resolve_char_ref().unwrap();
                text.push(number.unwrap_or_else(|| panic!("&{:?};", &*reference)));
            }
            Event::End(_) => {
                let name = open.pop().unwrap();
                let named = if name.starts_with("rdf:") {
                    open.iter().rev().find(|name| !name.starts_with("rdf:"))
                } else {
                    Some(&name)
                };
                if !text.trim().is_empty() {
                    texts.push((named.unwrap().clone(), text.clone()));
                }
                text.clear();
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty());
    texts
}

#[test]
fn sidecars_say_what_the_library_knows() {
    let folder = TempDir::new().unwrap();
    let life = life();
    life.export(folder.path(), IfExists::Refuse, Some(SidecarFormat::Xmp));
    let files: BTreeMap<String, Vec<u8>> = listing(folder.path()).into_iter().collect();
    let texts = texts(&files["2016/2016-08/Lisbon.JPG.xmp"]);
    let of = |wanted: &str| -> Vec<&str> {
        texts.iter().filter(|(name, _)| name == wanted).map(|(_, text)| text.as_str()).collect()
    };
    assert_eq!(of("exif:DateTimeOriginal"), ["2016-08-21T08:06:40+01:00"]);
    assert_eq!(of("exif:GPSLatitude"), ["38,42.000000N"]);
    assert_eq!(of("exif:GPSLongitude"), ["9,7.800000W"]);
    assert_eq!(of("dc:description"), ["The tram, at last"]);
    assert_eq!(of("dc:subject"), ["tram", "a/b"]);
    assert_eq!(of("digiKam:TagsList"), ["tram", "a\u{2215}b", "People/Anna Weber"]);
    assert_eq!(of("Iptc4xmpExt:PersonInImage"), ["Anna Weber"]);
    assert_eq!((of("xmp:Rating"), of("photoshop:City")), (vec!["5"], vec!["Lisbon"]));
    // It is stored lying on its side: the face from the left is one from below there.
    assert_eq!((of("stArea:x"), of("stArea:y")), (vec!["0.500000"], vec!["0.750000"]));
    assert_eq!((of("stDim:w"), of("stDim:h")), (vec!["40"], vec!["30"]));
    assert!(!files.contains_key("2016/2016-08/Lisbon.MOV.xmp"), "the movement goes with its picture");
    assert!(files.contains_key("2016/2016-08/film.MOV.xmp"));
}

#[test]
fn hostile_texts_stay_texts_in_sidecars() {
    let (xmp, json) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    hostile().export(xmp.path(), IfExists::Refuse, Some(SidecarFormat::Xmp));
    hostile().export(json.path(), IfExists::Refuse, Some(SidecarFormat::Json));
    let mut titles = Vec::new();
    for (_, bytes) in listing(xmp.path()).into_iter().filter(|(name, _)| name.ends_with(".xmp")) {
        let texts = texts(&bytes);
        titles.extend(texts.iter().filter(|(name, _)| name == "dc:title").map(|(_, text)| text.clone()));
        assert_eq!(texts.iter().filter(|(name, _)| name == "mwg-rs:Name").count(), 1, "a face of no size is none");
    }
    let legal = |payload: &str| payload.replace(['\u{0}', '\u{b}', '\u{fffe}'], "\u{fffd}");
    titles.sort();
    let mut expected = PAYLOADS.map(legal);
    expected.sort();
    assert_eq!(titles, expected);
    let is_sidecar = |name: &str| name.ends_with(".json") && !name.starts_with("gallery/");
    for (name, bytes) in listing(json.path()).into_iter().filter(|(name, _)| is_sidecar(name)) {
        let document: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert!(document[0]["XMP:Title"].is_string(), "{name}");
    }
}

#[cfg(feature = "heic")]
#[test]
fn a_converted_copy_stands_beside_its_original_and_on_the_pages() {
    let mut life = Life::default();
    let heic =
        heifer::encode(&heifer::Image::filled(64, 48, 8, [200, 100, 50, 255]), &heifer::EncodeOptions::default());
    let heic = heic.unwrap();
    life.add("IMG_1.HEIC", Some(490_000_000)).files.clear();
    life.give("Media/DCIM/100APPLE/IMG_1.HEIC", Role::Original, heic.clone());
    life.add("broken.HEIC", Some(490_000_000)).files.clear();
    life.give("Media/DCIM/100APPLE/broken.HEIC", Role::Original, heic[..heic.len() / 2].to_vec());
    let folder = TempDir::new().unwrap();
    let report = life.export(folder.path(), IfExists::Refuse, None);
    let files: BTreeMap<String, Vec<u8>> = listing(folder.path()).into_iter().collect();
    assert_eq!(files["2016/2016-07/IMG_1.HEIC"], heic);
    assert!(files["2016/2016-07/IMG_1.jpg"].starts_with(b"\xff\xd8\xff"));
    let page = String::from_utf8_lossy(&files["gallery/2016-07.html"]);
    assert!(page.contains("data-large=\"../2016/2016-07/IMG_1.jpg\""), "{page}");
    let skipped: Vec<&str> = report.skipped.iter().map(|item| item.item.as_str()).collect();
    assert_eq!(
        skipped,
        ["Media/DCIM/100APPLE/broken.HEIC"],
        "for the copy that was asked for, not for its small picture"
    );
}
