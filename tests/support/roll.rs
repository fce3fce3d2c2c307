//! A camera roll as plain files, with a library of a few rows, and the command that exports it.
#![allow(dead_code, reason = "every test file uses its own part")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

use std::fs;
use std::path::PathBuf;

use rusqlite::Connection;
use sample_backups::media;
use serde_json::Value;

use super::support::{Answer, Corer};

/// The tables as far as these tests need them.
const TABLES: &str = "
    CREATE TABLE ZASSET (Z_PK INTEGER PRIMARY KEY, ZUUID, ZKIND DEFAULT 0, ZKINDSUBTYPE DEFAULT 0, ZDATECREATED,
        ZDIRECTORY, ZFILENAME, ZUNIFORMTYPEIDENTIFIER, ZADJUSTMENTSSTATE DEFAULT 0, ZCLOUDBATCHPUBLISHDATE, ZWIDTH,
        ZHEIGHT, ZORIENTATION, ZMEDIAGROUPUUID);
    CREATE TABLE ZADDITIONALASSETATTRIBUTES (Z_PK INTEGER PRIMARY KEY, ZASSET, ZORIGINALFILENAME, ZTIMEZONEOFFSET,
        ZINFERREDTIMEZONEOFFSET, ZTIMEZONENAME, ZORIGINALFILESIZE, ZORIGINALWIDTH, ZORIGINALHEIGHT,
        ZORIGINALORIENTATION);
    CREATE TABLE ZINTERNALRESOURCE (Z_PK INTEGER PRIMARY KEY, ZASSET, ZDATASTORESUBTYPE, ZRESOURCETYPE, ZVERSION,
        ZLOCALAVAILABILITY, ZREMOTEAVAILABILITY, ZDATALENGTH);
    CREATE TABLE ZGENERICALBUM (Z_PK INTEGER PRIMARY KEY, ZKIND, ZTITLE, ZUUID, ZPARENTFOLDER, ZTRASHEDSTATE);
    CREATE TABLE Z_30ASSETS (Z_30ALBUMS, Z_3ASSETS, Z_FOK_3ASSETS);
    CREATE TABLE ZPERSON (Z_PK INTEGER PRIMARY KEY, ZFULLNAME, ZDISPLAYNAME, ZPERSONUUID);
    CREATE TABLE ZDETECTEDFACE (Z_PK INTEGER PRIMARY KEY, ZASSETFORFACE, ZPERSONFORFACE, ZCENTERX, ZCENTERY, ZSIZE,
        ZSOURCEWIDTH, ZSOURCEHEIGHT);";

/// A camera roll as plain files, and a place for its export.
pub struct Roll {
    pub corer: Corer,
    pub root: PathBuf,
    pub out: PathBuf,
}

impl Roll {
    pub fn new() -> Self {
        let corer = Corer::new();
        let (root, out) = (corer.home.path().join("roll"), corer.home.path().join("out"));
        fs::create_dir_all(root.join("CameraRollDomain/Media/PhotoData")).unwrap();
        Self { corer, root, out }
    }

    /// A roll with a library that has these rows.
    pub fn with(sql: &str) -> Self {
        let roll = Self::new();
        let database = roll.root.join("CameraRollDomain/Media/PhotoData/Photos.sqlite");
        Connection::open(database).unwrap().execute_batch(&format!("{TABLES}{sql}")).unwrap();
        roll
    }

    pub fn file(&self, path: &str, bytes: &[u8]) {
        let path = self.root.join("CameraRollDomain/Media").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub fn run(&self, more: &[&str]) -> Answer {
        self.corer.run(&[&["photos", "-b", self.root.to_str().unwrap()], more].concat())
    }

    pub fn export(&self, more: &[&str]) -> Answer {
        let _ = fs::remove_dir_all(&self.out);
        self.run(&[&["-o", self.out.to_str().unwrap()], more].concat())
    }

    /// What the report says, with every item on a line: its words show some of many alone.
    pub fn whole_report(&self) -> String {
        let report: serde_json::Value = serde_json::from_str(&self.text("report.json")).unwrap();
        let kind = &report["kinds"][0];
        let notes = kind["notes"].as_array().unwrap().iter().map(|note| format!("{}\n", note.as_str().unwrap()));
        let items = ["skipped", "missing"].into_iter().flat_map(|list| kind[list].as_array().unwrap());
        let items =
            items.map(|own| format!("  - {}: {}\n", own["item"].as_str().unwrap(), own["why"].as_str().unwrap()));
        notes.chain(items).collect()
    }

    pub fn text(&self, name: &str) -> String {
        fs::read_to_string(self.out.join(name)).unwrap()
    }

    pub fn records(&self) -> Vec<Value> {
        let lines = self.text("photos.jsonl");
        let records = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        records.filter(|record| record["type"] == "asset").collect()
    }

    pub fn has(&self, path: &str) -> bool {
        self.out.join(path).is_file()
    }
}

/// A row of the library: number, name and further columns with their values.
pub fn asset(id: u32, name: &str, more: &[(&str, &str)], attributes: &[(&str, &str)]) -> String {
    let columns = |pairs: &[(&str, &str)]| pairs.iter().map(|(column, _)| format!(", {column}")).collect::<String>();
    let values = |pairs: &[(&str, &str)]| pairs.iter().map(|(_, value)| format!(", {value}")).collect::<String>();
    format!(
        "INSERT INTO ZASSET (Z_PK, ZUUID, ZDATECREATED, ZDIRECTORY, ZFILENAME{}) VALUES ({id}, 'U{id}', 490367133.25, \
         'DCIM/100APPLE', '{name}'{}); INSERT INTO ZADDITIONALASSETATTRIBUTES (ZASSET, ZORIGINALFILENAME{}) VALUES ({id}, \
         '{name}'{});",
        columns(more),
        values(more),
        columns(attributes),
        values(attributes)
    )
}

/// A small picture of its own.
pub fn jpeg(name: &str) -> Vec<u8> {
    media::jpeg(name, 48, 36).unwrap()
}
