//! Trees of files: whole or not at all, never beside their place, the same as folder and as archive.

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::Path;

use crate::common::{listing, names, skip};
use corer_exporters::output::{
    Checksums, CopyError, IfExists, OutputError, SafePath, SingleFile, Tree, TreeOptions, UniqueNames, Written,
};
use corer_schemas::Opened;
use tempfile::TempDir;

const UPDATE: TreeOptions = TreeOptions { existing: IfExists::Update, checksums: Checksums::Written };
const OVERWRITE: TreeOptions = TreeOptions { existing: IfExists::Overwrite, checksums: Checksums::Written };

fn path(text: &str) -> SafePath {
    SafePath::new(text)
}

fn streamed(bytes: &[u8]) -> Opened {
    Opened { reader: Box::new(Cursor::new(bytes.to_vec())), plain: None, len: Some(bytes.len() as u64) }
}

/// A small tree that has a bit of everything, written by several threads in whatever order.
fn fill(tree: &Tree) {
    std::thread::scope(|scope| {
        for thread in 0..4 {
            scope.spawn(move || {
                for number in (thread..40).step_by(4) {
                    let text = format!("file {number} ").repeat(number * 100);
                    let mut file = tree.file(&path(&format!("d{}/f{number}.txt", number % 3)), Some(1_500_000_000));
                    file.as_mut().unwrap().write_all(text.as_bytes()).unwrap();
                    file.unwrap().finish().unwrap();
                }
            });
        }
    });
    tree.copy(streamed(&[7; 3_000_000]), &path("big.jpg"), Some(-5)).unwrap();
    tree.write(&path("empty"), b"").unwrap();
    tree.folder(&path("nothing/in/here"), Some(1_400_000_000)).unwrap();
}

#[test]
fn a_file_appears_only_when_it_is_finished() {
    let target = TempDir::new().unwrap();
    let tree = Tree::in_folder(target.path(), TreeOptions::default()).unwrap();
    let mut file = tree.file(&path("a/b.txt"), None).unwrap();
    file.write_all(b"half").unwrap();
    file.flush().unwrap();
    let before = names(target.path());
    assert!(before.len() == 1 && before[0].starts_with("a/.corer-") && before[0].ends_with(".part"), "{before:?}");
    drop(file);
    assert!(names(target.path()).is_empty());

    let mut file = tree.file(&path("a/b.txt"), Some(1_500_000_000)).unwrap();
    file.write_all(b"whole").unwrap();
    let written = file.finish().unwrap();
    assert_eq!((written.bytes, written.changed), (5, true));
    assert_eq!(listing(target.path()), [("a/b.txt".to_owned(), b"whole".to_vec())]);
    let modified = fs::metadata(target.path().join("a/b.txt")).unwrap().modified().unwrap();
    assert_eq!(modified.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs(), 1_500_000_000);
}

#[test]
fn a_copy_that_cannot_be_read_to_its_end_leaves_nothing() {
    struct Broken(u32);
    impl Read for Broken {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            self.0 += 1;
            if self.0 > 3 { Err(std::io::Error::other("bad sector")) } else { Ok(buffer.len()) }
        }
    }
    impl std::io::Seek for Broken {
        fn seek(&mut self, _: std::io::SeekFrom) -> std::io::Result<u64> {
            Ok(0)
        }
    }
    let target = TempDir::new().unwrap();
    let tree = Tree::in_folder(target.path(), TreeOptions::default()).unwrap();
    let broken = Opened { reader: Box::new(Broken(0)), plain: None, len: None };
    let error = tree.copy(broken, &path("x"), None).unwrap_err();
    assert!(matches!(&error, CopyError::Source(e) if e.to_string() == "bad sector"), "{error:?}");
    let short = Opened { len: Some(10), ..streamed(b"short") };
    assert!(matches!(tree.copy(short, &path("x"), None), Err(CopyError::Source(_))));
    assert!(names(target.path()).is_empty());
}

#[test]
fn a_plain_file_is_copied_by_the_kernel_with_and_without_its_hash() {
    let source = TempDir::new().unwrap();
    let bytes: Vec<u8> = (0..2_500_000u32).map(|n| (n % 251) as u8).collect();
    fs::write(source.path().join("plain"), &bytes).unwrap();
    let opened = || {
        let file = fs::File::open(source.path().join("plain")).unwrap();
        let plain = Some(file.try_clone().unwrap());
        Opened { reader: Box::new(file), plain, len: Some(bytes.len() as u64) }
    };
    for (checksums, hashed) in [(Checksums::None, false), (Checksums::Written, false), (Checksums::All, true)] {
        let target = TempDir::new().unwrap();
        let tree = Tree::in_folder(target.path(), TreeOptions { checksums, ..TreeOptions::default() }).unwrap();
        let written = tree.copy(opened(), &path("p.bin"), None).unwrap();
        assert_eq!((written.bytes, written.sha256.is_some()), (bytes.len() as u64, hashed));
        if let Some(sum) = written.sha256 {
            assert_eq!(Some(sum), hash_of(&bytes));
        }
        tree.finish().unwrap();
        assert!(fs::read(target.path().join("p.bin")).unwrap() == bytes);
        assert_eq!(target.path().join("SHA256SUMS").exists(), hashed);
    }
}

/// The hash that a streamed copy of these bytes gets.
fn hash_of(bytes: &[u8]) -> Option<[u8; 32]> {
    let target = TempDir::new().unwrap();
    let tree = Tree::in_folder(target.path(), TreeOptions::default()).unwrap();
    tree.copy(streamed(bytes), &path("x"), None).unwrap().sha256
}

#[test]
fn a_folder_that_holds_something_is_used_only_when_told_so() {
    let target = TempDir::new().unwrap();
    fs::write(target.path().join("mine.txt"), "mine").unwrap();
    let refused = Tree::in_folder(target.path(), TreeOptions::default()).unwrap_err();
    assert!(matches!(refused, OutputError::NotEmpty { .. }), "{refused:?}");
    for options in [UPDATE, OVERWRITE] {
        let tree = Tree::in_folder(target.path(), options).unwrap();
        tree.write(&path("new.txt"), b"new").unwrap();
        tree.finish().unwrap();
        assert_eq!(fs::read(target.path().join("mine.txt")).unwrap(), b"mine");
    }
}

#[test]
fn an_update_leaves_equal_files_untouched_and_replaces_the_others() {
    let target = TempDir::new().unwrap();
    let old = filetime::FileTime::from_unix_time(1_000_000_000, 0);
    for (name, text) in [("same", "same"), ("longer", "old"), ("other", "old!")] {
        fs::write(target.path().join(name), text).unwrap();
        filetime::set_file_mtime(target.path().join(name), old).unwrap();
    }
    let tree = Tree::in_folder(target.path(), UPDATE).unwrap();
    let changed = |name: &str, text: &str| tree.write(&path(name), text.as_bytes()).unwrap().changed;
    assert_eq!([changed("same", "same"), changed("longer", "longer"), changed("other", "new!")], [false, true, true]);
    assert!(tree.is_current(&path("same"), 4, Some(1_000_000_000)));
    assert!(!tree.is_current(&path("same"), 4, Some(1_000_000_100)));
    assert!(!tree.is_current(&path("same"), 5, Some(1_000_000_000)));
    tree.keep(&path("same"), false).unwrap();
    tree.finish().unwrap();
    let touched = fs::metadata(target.path().join("same")).unwrap();
    assert_eq!(filetime::FileTime::from_last_modification_time(&touched), old);
    assert_eq!(fs::read(target.path().join("other")).unwrap(), b"new!");
    let sums = fs::read_to_string(target.path().join("SHA256SUMS")).unwrap();
    let listed: Vec<&str> = sums.lines().map(|line| &line[66..]).collect();
    assert_eq!(listed, ["longer", "other", "same"]);
}

#[test]
fn what_a_killed_run_left_is_swept_where_the_next_one_writes() {
    let target = TempDir::new().unwrap();
    for (folder, file) in [
        ("deep/.corer-tree-9-9.part", "x"),
        ("deep", ".corer-tree-1-2.part"),
        ("", ".corer-tree-1-3.part"),
        ("deep", "kept.part"),
    ] {
        fs::create_dir_all(target.path().join(folder)).unwrap();
        fs::write(target.path().join(folder).join(file), "half").unwrap();
    }
    let tree = Tree::in_folder(target.path(), UPDATE).unwrap();
    tree.write(&path("deep/new"), b"x").unwrap();
    tree.finish().unwrap();
    assert_eq!(names(target.path()), ["SHA256SUMS", "deep/kept.part", "deep/new"]);
}

#[test]
fn a_run_that_left_nothing_but_half_files_can_be_repeated() {
    let target = TempDir::new().unwrap();
    fs::write(target.path().join(".corer-tree-1-2.part"), "half").unwrap();
    Tree::in_folder(target.path(), TreeOptions::default()).unwrap().finish().unwrap();
}

#[test]
fn two_runs_do_not_write_into_one_folder() {
    let target = TempDir::new().unwrap();
    let first = Tree::in_folder(target.path(), UPDATE).unwrap();
    if cfg!(unix) {
        assert!(matches!(Tree::in_folder(target.path(), UPDATE), Err(OutputError::Busy { .. })));
    }
    drop(first);
    Tree::in_folder(target.path(), UPDATE).unwrap();
}

#[cfg(unix)]
#[test]
fn a_planted_link_is_never_followed() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let target = TempDir::new().unwrap();
    let outside = TempDir::new().unwrap();
    fs::write(outside.path().join("victim"), "untouched").unwrap();
    symlink(outside.path(), target.path().join("folder")).unwrap();
    symlink(outside.path().join("victim"), target.path().join("file")).unwrap();
    symlink(outside.path().join("new"), target.path().join("dangling")).unwrap();
    for options in [UPDATE, OVERWRITE] {
        let tree = Tree::in_folder(target.path(), options).unwrap();
        let refused = tree.write(&path("folder/x"), b"x").unwrap_err();
        assert!(matches!(refused, OutputError::InTheWay { .. }), "{refused:?}");
        assert!(!tree.is_current(&path("folder/victim"), 9, None) && !tree.is_current(&path("file"), 9, None));
        tree.write(&path("file"), b"untouched").unwrap();
        tree.write(&path("dangling"), b"new").unwrap();
        tree.finish().unwrap();
    }
    assert_eq!(names(outside.path()), ["victim"]);
    let written = fs::symlink_metadata(target.path().join("file")).unwrap();
    assert!(written.is_file());
    assert_eq!(written.permissions().mode() & 0o777, 0o600);
}

#[cfg(unix)]
#[test]
fn outputs_are_for_the_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let target = TempDir::new().unwrap();
    let root = target.path().join("new/out");
    let tree = Tree::in_folder(&root, TreeOptions::default()).unwrap();
    tree.write(&path("a/b"), b"x").unwrap();
    tree.finish().unwrap();
    for (name, mode) in [("", 0o700), ("a", 0o700), ("a/b", 0o600), ("SHA256SUMS", 0o600)] {
        assert_eq!(fs::metadata(root.join(name)).unwrap().permissions().mode() & 0o777, mode, "{name}");
    }
}

#[test]
fn times_of_folders_are_those_given() {
    let target = TempDir::new().unwrap();
    let tree = Tree::in_folder(target.path(), TreeOptions::default()).unwrap();
    tree.folder(&path("a/b"), Some(1_200_000_000)).unwrap();
    tree.folder(&path("a"), Some(1_100_000_000)).unwrap();
    tree.write(&path("a/b/c"), b"x").unwrap();
    tree.finish().unwrap();
    for (name, seconds) in [("a", 1_100_000_000), ("a/b", 1_200_000_000)] {
        let found = fs::metadata(target.path().join(name)).unwrap();
        assert_eq!(filetime::FileTime::from_last_modification_time(&found).unix_seconds(), seconds);
    }
}

#[test]
fn an_archive_holds_what_a_folder_would_and_its_bytes_do_not_depend_on_threads() {
    let place = TempDir::new().unwrap();
    let folder = place.path().join("folder");
    let tree = Tree::in_folder(&folder, TreeOptions::default()).unwrap();
    fill(&tree);
    tree.finish().unwrap();

    let archives = ["one.zip", "two.zip"].map(|name| {
        let archive = place.path().join(name);
        let tree = Tree::in_archive(&archive, TreeOptions::default()).unwrap();
        fill(&tree);
        tree.finish().unwrap();
        archive
    });
    assert!(fs::read(&archives[0]).unwrap() == fs::read(&archives[1]).unwrap());

    let mut zip = zip::ZipArchive::new(fs::File::open(&archives[0]).unwrap()).unwrap();
    let mut inside = Vec::new();
    let mut folders = Vec::new();
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        if entry.is_dir() {
            folders.push(entry.name().unwrap().into_owned())
        } else {
            inside.push((entry.name().unwrap().into_owned(), bytes))
        }
    }
    assert!(inside == listing(&folder));
    assert_eq!(folders, ["nothing/in/here/"]);
    let mut left: Vec<_> = fs::read_dir(place.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["folder", "one.zip", "two.zip"]);
}

#[test]
fn python_reads_the_archive() {
    let place = TempDir::new().unwrap();
    let archive = place.path().join("out.zip");
    let tree = Tree::in_archive(&archive, TreeOptions::default()).unwrap();
    fill(&tree);
    tree.write(&path("写真/é.txt"), b"x").unwrap();
    tree.finish().unwrap();
    let script = "import sys, zipfile\n\
        z = zipfile.ZipFile(sys.argv[1])\n\
        assert z.testzip() is None\n\
        i = z.getinfo('d1/f1.txt')\n\
        print(len(z.namelist()), i.date_time, oct(i.external_attr >> 16), z.read('写真/é.txt'), z.getinfo('big.jpg').date_time)";
    let run = std::process::Command::new("python3").args(["-c", script]).arg(&archive).output();
    let Ok(run) = run else { return skip("python3 is not installed") };
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let said = String::from_utf8_lossy(&run.stdout);
    assert_eq!(said.trim(), "45 (2017, 7, 14, 2, 40, 0) 0o100600 b'x' (1980, 1, 1, 0, 0, 0)");
}

#[test]
fn an_archive_that_is_given_up_leaves_nothing() {
    let place = TempDir::new().unwrap();
    let archive = place.path().join("out.zip");
    let tree = Tree::in_archive(&archive, TreeOptions::default()).unwrap();
    fill(&tree);
    drop(tree);
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
    fs::write(&archive, "mine").unwrap();
    assert!(matches!(Tree::in_archive(&archive, TreeOptions::default()), Err(OutputError::Exists { .. })));
    assert!(matches!(Tree::in_archive(&archive, UPDATE), Err(OutputError::NoUpdate { .. })));
    Tree::in_archive(&archive, OVERWRITE).unwrap().finish().unwrap();
    assert_eq!(&fs::read(&archive).unwrap()[..2], b"PK");
}

#[test]
fn a_single_file_appears_when_it_is_finished() {
    let place = TempDir::new().unwrap();
    let target = place.path().join("all.vcf");
    let mut file = SingleFile::create(&target, IfExists::Refuse).unwrap();
    file.write_all(b"BEGIN").unwrap();
    assert!(!target.exists());
    file.finish().unwrap();
    assert_eq!(fs::read(&target).unwrap(), b"BEGIN");
    assert!(matches!(SingleFile::create(&target, IfExists::Refuse), Err(OutputError::Exists { .. })));
    drop(SingleFile::create(&target, IfExists::Overwrite).unwrap());
    assert_eq!(listing(place.path()), [("all.vcf".to_owned(), b"BEGIN".to_vec())]);
}

#[test]
fn a_full_disk_is_told_apart() {
    let error = std::io::Error::from(std::io::ErrorKind::StorageFull);
    assert!(matches!(OutputError::from_io(Path::new("x"), error), OutputError::Full { .. }));
}

#[test]
fn names_lead_to_files_that_can_be_written() {
    let target = TempDir::new().unwrap();
    let tree = Tree::in_folder(target.path(), TreeOptions::default()).unwrap();
    let mut names = UniqueNames::new();
    let hostile =
        ["..", "../../etc/passwd", "/etc/passwd", "C:\\x", "CON", "a\0b", "\u{202e}gpj", "", ".", "...", "x ", "~"];
    let written: Vec<Written> =
        hostile.iter().map(|name| tree.write(&names.file(["HomeDomain", *name]), name.as_bytes()).unwrap()).collect();
    tree.finish().unwrap();
    for (name, written) in hostile.iter().zip(written) {
        assert_eq!(fs::read(written.path.below(target.path())).unwrap(), name.as_bytes());
    }
    assert_eq!(fs::read_dir(target.path()).unwrap().count(), 2);
}
