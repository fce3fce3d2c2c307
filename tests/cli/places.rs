//! The places that outputs go to: held by another run, full, limited, or taken by what is no file.

use std::path::Path;

use crate::support::{Answer, Corer, content, copy_of, sample};

/// What may be written, and what it is called.
const OUTPUTS: [(&[&str], &str); 6] = [
    (&["export"], "x.zip"),
    (&["contacts"], "x.vcf"),
    (&["contacts"], "x.csv"),
    (&["messages"], "x.jsonl"),
    (&["export"], "folder"),
    (&["files", "get"], "files"),
];

fn output<'a>(what: &[&'a str], backup: &'a str, place: &'a Path, flag: &'a str) -> Vec<&'a str> {
    [what, &["-b", backup, "-o", place.to_str().unwrap(), flag]].concat()
}

/// Names that no run may leave.
fn left(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with(".corer-")).collect()
}

#[test]
fn runs_into_one_place_are_one_at_a_time() {
    let corer = Corer::new();
    let backup = sample("ios18");
    let folder = tempfile::tempdir().unwrap();
    for (what, name) in OUTPUTS {
        let place = folder.path().join(name);
        let flags = if name.contains('.') { ["--overwrite"; 3] } else { ["--overwrite", "--update", "--update"] };
        let answers: Vec<Answer> = std::thread::scope(|scope| {
            let runs = flags.map(|flag| {
                let args = output(what, &backup, &place, flag);
                let corer = &corer;
                scope.spawn(move || corer.run(&args))
            });
            runs.map(|run| run.join().unwrap()).into()
        });
        assert!(answers.iter().any(|answer| matches!(answer.code, 0 | 3)), "{name}: {answers:?}");
        for answer in answers {
            assert!(matches!(answer.code, 0 | 3 | 11), "{name}: {answer:?}");
            assert!(answer.code != 11 || answer.stderr.contains("nother run is writing"), "{answer:?}");
        }
        assert!(place.exists());
        assert!(left(folder.path()).is_empty(), "{name}: {:?}", left(folder.path()));
    }
}

#[cfg(unix)]
mod unix {
    use super::*;
    use crate::support::limited;
    use std::os::unix::fs::symlink;

    fn pipe(place: &Path) {
        assert!(std::process::Command::new("mkfifo").arg(place).status().unwrap().success());
    }

    #[test]
    fn what_is_no_file_is_neither_opened_nor_replaced() {
        let corer = Corer::new();
        let backup = sample("ios18");
        let folder = tempfile::tempdir().unwrap();
        let own = ["index.html", "report.json", "report.txt", "SHA256SUMS"];
        for (flag, name) in ["--update", "--overwrite"].into_iter().flat_map(|flag| own.map(|name| (flag, name))) {
            let out = folder.path().join(format!("{flag}-{name}"));
            std::fs::create_dir(&out).unwrap();
            pipe(&out.join(name));
            let answer = corer.run(&output(&["messages"], &backup, &out, flag)).ends_with(1);
            assert!(answer.stderr.contains("is in the way"), "{answer:?}");
            assert_eq!(std::fs::read_dir(&out).unwrap().count(), 1, "{flag} {name}");
        }
        for (what, name) in OUTPUTS.iter().filter(|(_, name)| name.contains('.')) {
            let (place, behind) = (folder.path().join(name), folder.path().join(format!("link-{name}")));
            pipe(&place);
            symlink(&place, &behind).unwrap();
            for place in [place, behind] {
                let answer = corer.run(&output(what, &backup, &place, "--overwrite")).ends_with(1);
                assert!(answer.stderr.contains("is in the way"), "{answer:?}");
            }
        }
        // A link to a file is replaced, and what it leads to stays as it is.
        let target = folder.path().join("target");
        std::fs::write(&target, "mine").unwrap();
        symlink(&target, folder.path().join("link.vcf")).unwrap();
        corer.run(&output(&["contacts"], &backup, &folder.path().join("link.vcf"), "--overwrite")).ends_with(0);
        assert_eq!(std::fs::read_to_string(&target).unwrap(), "mine");
        assert!(folder.path().join("link.vcf").symlink_metadata().unwrap().is_file());
    }

    #[test]
    fn a_pipe_is_no_backup() {
        let folder = tempfile::tempdir().unwrap();
        pipe(&folder.path().join("pipe"));
        let place = folder.path().join("pipe");
        Corer::new().run(&["messages", "-b", place.to_str().unwrap()]).ends_with(15);
    }

    #[test]
    fn a_limit_of_sizes_is_told_like_a_full_disk() {
        let corer = Corer::new();
        let backup = sample("ios18");
        for (what, name) in OUTPUTS {
            let folder = tempfile::tempdir().unwrap();
            let place = folder.path().join(name);
            let args = [what, &["-b", &backup, "-o", place.to_str().unwrap()]].concat();
            let answer = limited(&corer.command(&args), 1).ends_with(14);
            assert!(answer.stderr.contains("ulimit -f"), "{answer:?}");
            assert!(!answer.stderr.contains("Os {"), "{answer:?}");
            assert!(left(folder.path()).is_empty() && !place.is_file(), "{name}");
            if place.is_dir() {
                let whole = folder.path().join("whole");
                corer.run(&[what, &["-b", &backup, "-o", whole.to_str().unwrap()]].concat());
                let whole = content(&whole);
                // What is remembered says of itself that the run did not end.
                let is_own = |path: &Path| path.components().any(|name| name.as_os_str() == ".corer");
                for (path, bytes) in content(&place).into_iter().filter(|(path, _)| !is_own(path)) {
                    assert!(whole.get(&path) == Some(&bytes), "{name}: {}", path.display());
                }
            }
        }
    }

    #[test]
    fn a_full_disk_has_its_words() {
        let mount = tempfile::tempdir().unwrap();
        let mounted = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"])
            .arg(mount.path())
            .stderr(std::process::Stdio::null())
            .status();
        // Only an administrator can make a small disk.
        if !mounted.is_ok_and(|status| status.success()) {
            return;
        }
        let backup = sample("ios18");
        let answers = OUTPUTS.map(|(what, name)| {
            let place = mount.path().join(name);
            let answer = Corer::new().run(&[what, &["-b", &backup, "-o", place.to_str().unwrap()]].concat());
            let _ = std::fs::remove_dir_all(&place).or_else(|_| std::fs::remove_file(&place));
            (answer, !name.contains('.'))
        });
        let unmounted = std::process::Command::new("umount").arg(mount.path()).status().unwrap().success();
        assert!(unmounted);
        for (answer, is_folder) in answers {
            assert!(matches!(answer.code, 0 | 14), "{answer:?}");
            let says_so = ["no space left", "The disk is full."].iter().any(|words| answer.stderr.contains(words));
            assert!(answer.code == 0 || says_so, "{answer:?}");
            assert!(!answer.stderr.contains("Os {"), "{answer:?}");
            assert!(
                is_folder || !answer.stderr.contains("--update"),
                "only a folder is brought up to date: {answer:?}"
            );
        }
    }
}

#[test]
fn archives_of_other_kinds_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let tar = |header: &[u8]| {
        let mut bytes = vec![0; 1024];
        bytes[..header.len()].copy_from_slice(header);
        bytes[257..262].copy_from_slice(b"ustar");
        bytes
    };
    let kinds: [(&str, Vec<u8>); 8] = [
        ("a.tar", tar(b"Manifest.db")),
        ("b", b"7z\xbc\xaf\x27\x1c rest of it".to_vec()),
        ("c.backup", b"Rar!\x1a\x07\x01\x00 rest".to_vec()),
        ("d.tar.gz", b"\x1f\x8b\x08\x00\x00\x00\x00\x00".to_vec()),
        ("e.tar.xz", b"\xfd7zXZ\x00\x00".to_vec()),
        ("f.zst", b"\x28\xb5\x2f\xfd\x00".to_vec()),
        ("g.tbz", b"BZh91AY".to_vec()),
        ("h.dmg", [vec![0; 600], b"koly".to_vec(), vec![0; 508]].concat()),
    ];
    for (name, bytes) in kinds {
        let place = folder.path().join(name);
        std::fs::write(&place, bytes).unwrap();
        for command in ["info", "messages", "files"] {
            let args = if command == "files" { vec!["files", "ls"] } else { vec![command] };
            let args = [&args[..], &["-b", place.to_str().unwrap()]].concat();
            let answer = Corer::new().run(&args).ends_with(15);
            assert!(answer.stderr.contains("unpack it first"), "{answer:?}");
        }
    }
}

#[test]
fn a_backup_without_its_manifest_is_called_so() {
    let backup = copy_of(&sample("ios18"));
    std::fs::remove_file(backup.path().join("Manifest.db")).unwrap();
    let place = backup.path().to_str().unwrap();
    let answer = Corer::new().run(&["info", "-b", place]).ends_with(15);
    assert!(answer.stderr.contains("backup without its manifest"), "{answer:?}");
    let answer = Corer::new().run(&["list", place]);
    assert!(answer.stderr.contains("backup without its manifest"), "{answer:?}");
    assert!(answer.code == 10, "{answer:?}");
}

#[test]
fn paths_stay_letter_for_letter() {
    let corer = Corer::new();
    let folder = tempfile::tempdir().unwrap();
    for name in ["h1", "it", "the", "the disk"] {
        std::fs::create_dir(folder.path().join(name)).unwrap();
        let mut command = corer.command(&["info", "-b", name]);
        let answer = Answer::of(command.current_dir(folder.path())).ends_with(15);
        assert!(answer.stderr.contains(&format!("corer: {name} is no backup")), "{answer:?}");
    }
}

#[test]
fn ready_looks_at_the_folder_as_backup_does() {
    for command in ["backup", "ready"] {
        let answer = Corer::new().run(&[command, "--to", "/none/such/folder"]).ends_with(10);
        assert!(answer.stderr.contains("There is no folder /none/such."), "{answer:?}");
    }
}
