//! The same files as a backup, a folder of domains, a dump of a device, a zip archive and a single database.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use corer::backup::bytes::ReadAt;
use corer::backup::files::Files;
use corer::backup::locate::{LocateError, Located, locate};
use corer::backup::tree::{Child, FileTree, Folder};
use corer_schemas::Source;
use sample_backups::{BackupBuilder, Era};
use zip::write::SimpleFileOptions;

const IMAGES: (&str, &str) = ("HomeDomain", "Library/AddressBook/AddressBookImages.sqlitedb");
const SMS: (&str, &str) = ("HomeDomain", "Library/SMS/sms.db");

fn source(path: &Path) -> Box<dyn Source> {
    match locate(path, Some(SMS.1)).unwrap_or_else(|error| panic!("{}: {error}", path.display())) {
        Located::Backup(locked) => Box::new(locked.unlock(b"secret").unwrap()),
        Located::Files(files) => files,
    }
}

fn pictures(source: &dyn Source) -> Vec<Vec<u8>> {
    let connection = source.database(IMAGES.0, IMAGES.1).unwrap().connect().unwrap();
    let sql = "SELECT data FROM ABFullSizeImage ORDER BY record_id";
    let mut statement = connection.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

/// All files below a folder: relative path and content.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                found.push((name, fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn zip(files: &[(String, Vec<u8>)], path: &Path, method: zip::CompressionMethod) {
    let mut archive = zip::ZipWriter::new(fs::File::create(path).unwrap());
    for (name, bytes) in files {
        archive.start_file(name, SimpleFileOptions::default().compression_method(method)).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap();
}

/// The real contact pictures lie only in the log of their database.
#[test]
fn a_database_that_lives_in_its_log_is_read_from_every_kind_of_source() {
    let Some(folder) = crate::support::shared("ios15.3.1").map(PathBuf::from) else { return };
    let work = tempfile::tempdir().unwrap();
    let files = files(&folder);
    let expected = pictures(source(&folder).as_ref());
    assert!(
        !expected.is_empty()
            && expected.iter().all(|picture| picture.starts_with(b"\xff\xd8") || picture.starts_with(b"\x89PNG"))
    );

    let mut sources: Vec<PathBuf> = Vec::new();
    for (name, method) in [("stored", zip::CompressionMethod::Stored), ("deflated", zip::CompressionMethod::Deflated)] {
        let path = work.path().join(format!("{name}.zip"));
        zip(&files, &path, method);
        sources.push(path);
    }
    for (name, era, password) in [
        ("plain", Era::Ios18, None),
        ("encrypted", Era::Ios18, Some(("secret", Some(1000)))),
        ("old", Era::Ios9, Some(("secret", None))),
    ] {
        let mut builder = BackupBuilder::new(era, name);
        if let Some((password, rounds)) = password {
            builder.encrypt(password, rounds);
        }
        for (path, bytes) in &files {
            let (domain, path) = path.split_once('/').unwrap();
            builder.file(domain, path, bytes.clone());
        }
        let folder = work.path().join(name);
        builder.write(&folder).unwrap();
        let archive = work.path().join(format!("{name}-backup.zip"));
        zip(&self::files(&folder), &archive, zip::CompressionMethod::Deflated);
        sources.extend([folder.join("Manifest.plist"), folder, archive]);
    }
    for path in sources {
        assert!(pictures(source(&path).as_ref()) == expected, "{}", path.display());
    }
}

#[test]
fn a_dump_of_a_device_is_read_by_domain() {
    let work = tempfile::tempdir().unwrap();
    let var = work.path().join("dump/private/var");
    let group = var.join("mobile/Containers/Shared/AppGroup/0C1D-2E3F");
    for folder in [var.join("mobile/Library/SMS"), group.clone()] {
        fs::create_dir_all(folder).unwrap();
    }
    fs::write(var.join("mobile/Library/SMS/sms.db"), "messages").unwrap();
    fs::write(group.join("NoteStore.sqlite"), "notes").unwrap();
    let owner = "<plist version=\"1.0\"><dict><key>MCMMetadataIdentifier</key><string>group.com.apple.notes</string></dict></plist>";
    fs::write(group.join(".com.apple.mobile_container_manager.metadata.plist"), owner).unwrap();

    // The folder itself, and one level above it.
    for path in [work.path().join("dump"), work.path().to_owned()] {
        let source = source(&path);
        assert!(source.entry(SMS.0, SMS.1).is_ok());
        let notes = source.entries("AppDomainGroup-group.com.apple.notes", "").unwrap();
        assert!(notes.iter().any(|entry| entry.path == "NoteStore.sqlite"));
        assert!(source.entry("AppDomain-com.example", "x").is_err());
    }
}

#[test]
fn one_level_too_high_or_too_low_is_forgiven() {
    let backup = PathBuf::from(crate::support::sample("ios18"));
    let work = tempfile::tempdir().unwrap();
    let mut builder = BackupBuilder::new(Era::Ios18, "below");
    builder.file("HomeDomain", "Library/a", "a");
    builder.write(&work.path().join("below")).unwrap();
    assert!(source(work.path()).entry("HomeDomain", "Library/a").is_ok());
    assert!(source(&backup.join("3d")).entry(SMS.0, SMS.1).is_ok());

    builder.write(&work.path().join("second")).unwrap();
    match locate(work.path(), None) {
        Err(LocateError::Several { backups, .. }) => assert_eq!(backups.len(), 2),
        _ => panic!("two backups are several"),
    }
}

#[test]
fn what_is_no_backup_is_said_to_be_none() {
    let work = tempfile::tempdir().unwrap();
    assert!(matches!(locate(&work.path().join("nothing"), None), Err(LocateError::NotThere(_))));
    assert!(matches!(locate(work.path(), None), Err(LocateError::NotABackup { .. })));
    let file = work.path().join("sms.db");
    fs::write(&file, "").unwrap();
    assert!(matches!(locate(&file, None), Err(LocateError::NotABackup { .. })));
    assert!(matches!(locate(&file, Some(SMS.1)), Ok(Located::Files(_))));
}

#[test]
#[cfg(target_os = "linux")]
fn what_a_folder_cannot_give_is_said() {
    use std::os::unix::ffi::OsStrExt;
    let work = tempfile::tempdir().unwrap();
    let domain = work.path().join("HomeDomain");
    fs::create_dir_all(domain.join("deep/".repeat(70))).unwrap();
    fs::write(domain.join("ok.txt"), "ok").unwrap();
    fs::write(domain.join("deep/".repeat(70)).join("lost.txt"), "lost").unwrap();
    fs::write(domain.join(std::ffi::OsStr::from_bytes(b"no text \xff")), "nameless").unwrap();
    let Ok(Located::Files(files)) = locate(work.path(), None) else { panic!("a folder of domains is files") };
    let (entries, problems) = files.all("HomeDomain");
    assert!(entries.iter().any(|entry| entry.path == "ok.txt"));
    assert_eq!(problems.len(), 2, "{problems:?}");
}

#[test]
fn a_file_of_zeros_in_an_archive_is_no_bomb() {
    let work = tempfile::tempdir().unwrap();
    let path = work.path().join("zeros.zip");
    let files = [("HomeDomain/zeros".to_owned(), vec![0; 20 << 20])];
    zip(&files, &path, zip::CompressionMethod::Deflated);
    let source = source(&path);
    let opened = source.open(&source.entry("HomeDomain", "zeros").unwrap()).unwrap();
    assert_eq!(opened.len, Some(20 << 20));
}

#[test]
fn a_backup_knows_where_it_lies_whatever_was_typed() {
    let work = tempfile::tempdir().unwrap();
    let backup = work.path().join("backup");
    let mut builder = BackupBuilder::new(Era::Ios18, "place");
    builder.file("HomeDomain", "Library/a", "a");
    builder.write(&backup).unwrap();
    let shard = fs::read_dir(&backup).unwrap().map(|entry| entry.unwrap().path()).find(|path| path.is_dir()).unwrap();
    for typed in [work.path().to_owned(), backup.clone(), backup.join("Manifest.db"), shard] {
        let place = locate(&typed, None).unwrap().place();
        assert_eq!(place.canonicalize().unwrap(), backup.canonicalize().unwrap(), "{}", typed.display());
    }
}

/// A folder that counts how often it is listed.
struct Counting(Folder, AtomicUsize);

impl FileTree for Counting {
    fn open(&self, path: &str) -> std::io::Result<Arc<dyn ReadAt>> {
        self.0.open(path)
    }

    fn size_of(&self, path: &str) -> Option<u64> {
        self.0.size_of(path)
    }

    fn child(&self, path: &str) -> Option<Child> {
        self.0.child(path)
    }

    fn list(&self, folder: &str) -> std::io::Result<Vec<Child>> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.list(folder)
    }

    fn location(&self) -> &Path {
        self.0.location()
    }
}

#[test]
fn what_lies_beside_a_single_database_is_found_without_a_listing_for_each() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("Attachments/a")).unwrap();
    fs::write(folder.path().join("Attachments/a/0.jpg"), "picture").unwrap();
    let tree = Arc::new(Counting(Folder::new(folder.path()), AtomicUsize::new(0)));
    let files = Files::single(Arc::clone(&tree) as Arc<dyn FileTree>, "sms.db", SMS.1);
    let path = |number: usize| format!("Library/SMS/Attachments/a/{number}.jpg");
    let found = (0..1_000).filter_map(|number| files.entry(SMS.0, &path(number)).ok());
    assert_eq!(found.map(|entry| entry.size_hint).collect::<Vec<_>>(), [Some(7)]);
    assert_eq!(tree.1.load(Ordering::Relaxed), 0);
}
