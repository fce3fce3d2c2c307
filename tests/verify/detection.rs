//! Which damage `corer verify` finds at which level: every damage is tried at every place, and the table of the guide is
//! made from what was found. With `CORER_WRITE_DOCS` it is written, else it must be the same.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use corer::backup::LockedBackup;
use corer::backup::tree::Folder;
use corer::backup::verify::{Level, Watch, verify};
use sample_backups::crypto::{hex, sha1};
use sample_backups::{BackupBuilder, Digest, Era, database, media, wal};
use tempfile::TempDir;

const PASSWORD: &str = "mira-1961";
const LEVELS: [Level; 3] = [Level::Quick, Level::Full, Level::Deep];
const DOMAIN: &str = "HomeDomain";

/// Whether damage is told; a backup that does not even open is told to be damaged, too.
fn is_told(backup: &Path, level: Level) -> bool {
    let Ok(locked) = LockedBackup::open(Arc::new(Folder::new(backup))) else { return true };
    let Ok(opened) = locked.unlock(PASSWORD.as_bytes()) else { return true };
    let watch = Watch { advance: &|_| (), is_interrupted: &|| false };
    !verify(&opened, locked.facts(), level, &watch).damage.is_empty()
}

/// How often a damage was tried, and how often each level told it.
#[derive(Default)]
struct Tried {
    count: usize,
    told: [usize; 3],
}

struct Bench {
    _folder: TempDir,
    backup: PathBuf,
}

impl Bench {
    fn new(is_encrypted: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let backup = folder.path().join("backup");
        let mut builder = BackupBuilder::new(Era::Ios18, "what is found");
        if is_encrypted {
            builder.encrypt(PASSWORD, Some(1));
        }
        add(&mut builder);
        builder.write(&backup).unwrap();
        for level in LEVELS {
            assert!(!is_told(&backup, level), "whole, at {level:?}");
        }
        Self { _folder: folder, backup }
    }

    fn payload(&self, path: &str) -> PathBuf {
        let name = hex(&sha1(format!("{DOMAIN}-{path}").as_bytes()));
        self.backup.join(&name[..2]).join(name)
    }

    /// Puts each of these in the place of a file, in turn; nothing takes it away.
    fn trying(&self, place: &Path, damages: impl FnOnce(&[u8]) -> Vec<Option<Vec<u8>>>) -> Tried {
        let whole = std::fs::read(place).unwrap();
        let mut tried = Tried::default();
        for damage in damages(&whole) {
            match damage {
                Some(bytes) => std::fs::write(place, bytes).unwrap(),
                None => std::fs::remove_file(place).unwrap(),
            }
            tried.count += 1;
            for (told, level) in tried.told.iter_mut().zip(LEVELS) {
                *told += usize::from(is_told(&self.backup, level));
            }
        }
        std::fs::write(place, whole).unwrap();
        tried
    }
}

fn add(builder: &mut BackupBuilder) {
    let text: Vec<u8> = (0..200).map(|at| b'a' + (at % 26) as u8).collect();
    builder.file(DOMAIN, "plain.dat", text.clone());
    // Another file shows what kind of digest there is.
    builder.odd_file(DOMAIN, "proof.dat", text.clone(), |record| record.digest = Digest::Sha1);
    builder.odd_file(DOMAIN, "digest.dat", text, |record| record.digest = Digest::Sha1);
    let old = database::build("CREATE TABLE t(x); CREATE INDEX i ON t(x)", |connection| {
        for row in 0..24 {
            connection.execute("INSERT INTO t VALUES (hex(zeroblob(?1)))", [row * 20])?;
        }
        Ok(())
    })
    .unwrap();
    let page_size = usize::from(u16::from_be_bytes([old[16], old[17]]));
    let new = database::build("CREATE TABLE t(x); CREATE INDEX i ON t(x)", |connection| {
        for row in 0..30 {
            connection.execute("INSERT INTO t VALUES (hex(zeroblob(?1)))", [row * 20])?;
        }
        Ok(())
    })
    .unwrap();
    let mut marked = old.clone();
    wal::mark(&mut marked);
    builder.file(DOMAIN, "a.db", old.clone());
    builder.file(DOMAIN, "logged.db", marked);
    builder.file(DOMAIN, "logged.db-wal", wal::between(&old, &new, page_size));
    // What was cut before it came into the backup: its record agrees with it.
    builder.file(DOMAIN, "a.jpg", media::jpeg("a", 60, 40).unwrap());
    builder.file(DOMAIN, "a.png", media::png("a", 20, 20).unwrap());
    builder.file(DOMAIN, "a.mov", movie());
    builder.file(DOMAIN, "a.heic", picture());
    builder.change(|record| {
        if [".jpg", ".png", ".mov", ".heic"].iter().any(|end| record.path.ends_with(end)) {
            record.size = Some(0);
        }
    });
    for number in 0..120 {
        builder.file("AppDomain-com.example.many", &format!("Documents/file-{number:03}"), "a");
    }
}

fn movie() -> Vec<u8> {
    [media::mov(1000), media::media_box(b"mdat", &[7; 100])].concat()
}

fn picture() -> Vec<u8> {
    let places = [&[0, 0, 0, 0, 0x44, 0, 0, 1, 0, 1, 0, 0, 0, 1][..], &80_u32.to_be_bytes(), &60_u32.to_be_bytes()];
    let iloc = media::media_box(b"iloc", &places.concat());
    let meta = media::media_box(b"meta", &[&[0; 4], &iloc[..]].concat());
    let head = [media::media_box(b"ftyp", b"heic\0\0\0\0mif1"), meta].concat();
    let content = media::media_box(b"mdat", &vec![1; 140 - head.len() - 8]);
    [head, content].concat()
}

fn each_byte(whole: &[u8]) -> Vec<Option<Vec<u8>>> {
    let flip = |at: usize| {
        let mut bytes = whole.to_vec();
        bytes[at] ^= 0x55;
        Some(bytes)
    };
    (0..whole.len()).step_by(whole.len().div_ceil(40)).map(flip).collect()
}

fn each_cut(whole: &[u8]) -> Vec<Option<Vec<u8>>> {
    (1..=20.min(whole.len() - 12)).map(|cut| Some(whole[..whole.len() - cut].to_vec())).collect()
}

fn zeroed(whole: &[u8], size: usize, places: impl Iterator<Item = usize>) -> Vec<Option<Vec<u8>>> {
    let zero = |place: usize| {
        let mut bytes = whole.to_vec();
        bytes[place * size..(place + 1) * size].fill(0);
        Some(bytes)
    };
    places.filter(|place| whole[place * size..(place + 1) * size].iter().any(|byte| *byte != 0)).map(zero).collect()
}

/// The pages of a database whose first byte is one of these, but for the first.
fn pages(whole: &[u8], kinds: &[u8]) -> (usize, Vec<usize>) {
    let size = usize::from(u16::from_be_bytes([whole[16], whole[17]]));
    (size, (1..whole.len() / size).filter(|page| kinds.contains(&whole[page * size])).collect())
}

/// Each byte of the first three keys of an index.
fn keys(whole: &[u8]) -> Vec<Option<Vec<u8>>> {
    let (size, leaves) = pages(whole, &[0x0A]);
    let mut damages = Vec::new();
    for page in leaves.into_iter().step_by(4) {
        for cell in 0..3 {
            let at = page * size + 8 + 2 * cell;
            let start = page * size + usize::from(u16::from_be_bytes([whole[at], whole[at + 1]]));
            if u16::from_be_bytes([whole[page * size + 3], whole[page * size + 4]]) as usize <= cell {
                continue;
            }
            for byte in start + 4..(start + 10).min((page + 1) * size) {
                let mut bytes = whole.to_vec();
                bytes[byte] ^= 0x01;
                damages.push(Some(bytes));
            }
        }
    }
    damages
}

fn states(whole: &[u8]) -> Vec<Option<Vec<u8>>> {
    let mut status = plist::Value::from_reader(std::io::Cursor::new(whole)).unwrap();
    let mut with = |state: &str| {
        status.as_dictionary_mut().unwrap().insert("SnapshotState".to_owned(), state.into());
        let mut bytes = Vec::new();
        status.to_writer_xml(&mut bytes).unwrap();
        Some(bytes)
    };
    ["uploading", "moving", "removing", "something new"].map(&mut with).into_iter().collect()
}

/// Everything that is tried: what, how it is damaged, and what came of it.
fn rows() -> Vec<(&'static str, &'static str, Tried)> {
    let plain = Bench::new(false);
    let encrypted = Bench::new(true);
    let gone = |_: &[u8]| vec![None];
    let of = |name: &str| plain.backup.join(name);
    let blocks =
        |range: fn(usize) -> std::ops::Range<usize>| move |whole: &[u8]| zeroed(whole, 16, range(whole.len() / 16));
    let all_pages = |whole: &[u8]| {
        let size = usize::from(u16::from_be_bytes([whole[16], whole[17]]));
        zeroed(whole, size, 0..whole.len() / size)
    };
    let some_pages = |kinds: &'static [u8]| {
        move |whole: &[u8]| {
            let (size, pages) = pages(whole, kinds);
            zeroed(whole, size, pages.into_iter())
        }
    };
    let secret = |path: &str| encrypted.payload(path);
    let media = |bench: &Bench, damages: fn(&[u8]) -> Vec<Option<Vec<u8>>>| {
        let each = ["a.jpg", "a.png", "a.heic", "a.mov"].map(|path| bench.trying(&bench.payload(path), damages));
        each.into_iter().fold(Tried::default(), |mut all, one| {
            all.count += one.count;
            all.told.iter_mut().zip(one.told).for_each(|(all, one)| *all += one);
            all
        })
    };
    vec![
        ("`Status.plist`", "gone", plain.trying(&of("Status.plist"), gone)),
        ("`Status.plist`", "says that the backup was not finished", plain.trying(&of("Status.plist"), states)),
        ("`Manifest.plist`", "gone", plain.trying(&of("Manifest.plist"), gone)),
        ("`Manifest.db`", "a page of a table zeroed", plain.trying(&of("Manifest.db"), some_pages(&[0x05, 0x0D]))),
        ("`Manifest.db`", "a page of an index zeroed", plain.trying(&of("Manifest.db"), some_pages(&[0x02, 0x0A]))),
        ("`Manifest.db`", "a byte of an index's key changed", plain.trying(&of("Manifest.db"), keys)),
        ("a file", "gone", plain.trying(&plain.payload("plain.dat"), gone)),
        ("a file, not encrypted", "cut", plain.trying(&plain.payload("plain.dat"), each_cut)),
        ("a file, not encrypted", "a byte changed", plain.trying(&plain.payload("plain.dat"), each_byte)),
        ("the same with a digest", "a byte changed", plain.trying(&plain.payload("digest.dat"), each_byte)),
        ("a file, encrypted", "cut", encrypted.trying(&secret("plain.dat"), each_cut)),
        (
            "a file, encrypted",
            "one of its last two blocks zeroed",
            encrypted.trying(&secret("plain.dat"), blocks(|count| count - 2..count)),
        ),
        (
            "a file, encrypted",
            "another block zeroed",
            encrypted.trying(&secret("plain.dat"), blocks(|count| 0..count - 2)),
        ),
        (
            "the same with a digest",
            "any block zeroed",
            encrypted.trying(&secret("digest.dat"), blocks(|count| 0..count)),
        ),
        ("a database", "a page zeroed", plain.trying(&plain.payload("a.db"), all_pages)),
        ("the log of a database", "a byte changed", plain.trying(&plain.payload("logged.db-wal"), each_byte)),
        ("a JPEG, PNG, HEIC, MOV", "cut before it came into the backup", media(&plain, each_cut)),
        ("a JPEG, PNG, HEIC, MOV", "a byte changed", media(&plain, each_byte)),
    ]
}

fn cell(told: usize, count: usize) -> String {
    match told {
        0 => "–".to_owned(),
        told if told == count => "told".to_owned(),
        told => format!("{told} of {count}"),
    }
}

#[test]
fn the_guide_says_which_damage_is_found_at_which_level() {
    let mut table =
        "| what | damage | tried | `--quick` | default | `--deep` |\n|---|---|---:|:---:|:---:|:---:|\n".to_owned();
    for (what, damage, tried) in rows() {
        let [quick, full, deep] = tried.told.map(|told| cell(told, tried.count));
        writeln!(table, "| {what} | {damage} | {} | {quick} | {full} | {deep} |", tried.count).unwrap();
    }
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide/verify-a-backup.md");
    let text = std::fs::read_to_string(&guide).unwrap();
    let (before, rest) = text.split_once("<!-- made by tests/verify/detection.rs -->\n\n").unwrap();
    let (written, behind) = rest.split_once("\n<!-- end -->").unwrap();
    if std::env::var_os("CORER_WRITE_DOCS").is_some() {
        let whole = format!("{before}<!-- made by tests/verify/detection.rs -->\n\n{table}\n<!-- end -->{behind}");
        std::fs::write(guide, whole).unwrap();
        return;
    }
    assert_eq!(written, table, "run this test with CORER_WRITE_DOCS=1, and read what changed:\n{table}");
}
