//! No command changes a backup: not a byte, a time or a name, whether it may be written or not.

use crate::support::{Corer, copy_of, picture, sample};

/// Every command that opens a backup.
const COMMANDS: [&[&str]; 7] = [
    &["info"],
    &["files", "ls", "--long"],
    &["files", "cat", "sms.db"],
    &["files", "get", "-o", "OUT"],
    &["verify", "--quick"],
    &["verify", "--deep"],
    &["messages", "-o", "OUT"],
];

fn run_all(backup: &std::path::Path) {
    let corer = Corer::new();
    let before = picture(backup);
    for (number, command) in COMMANDS.iter().enumerate() {
        let out = corer.home.path().join(number.to_string());
        let out = out.to_str().unwrap();
        let args: Vec<&str> = command.iter().map(|word| if *word == "OUT" { out } else { word }).collect();
        let answer = corer.unlock(&[&args[..], &["-b", backup.to_str().unwrap()]].concat());
        assert!([0, 3, 5].contains(&answer.code), "{args:?}: {answer:?}");
        assert!(picture(backup) == before, "{args:?} changed the backup");
    }
    corer.run(&["list", backup.parent().unwrap().to_str().unwrap()]);
    assert!(picture(backup) == before, "list changed the backup");
}

#[test]
fn a_copy_that_may_be_written() {
    for name in ["ios5", "ios10.1-encrypted", "ios18", "odd-missing"] {
        let folder = tempfile::tempdir().unwrap();
        let backup = folder.path().join("backup");
        std::fs::rename(copy_of(&sample(name)).keep(), &backup).unwrap();
        run_all(&backup);
    }
}

#[test]
#[cfg(unix)]
fn a_copy_that_may_not_be_written() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("backup");
    std::fs::rename(copy_of(&sample("ios10.1-encrypted")).keep(), &backup).unwrap();
    let paths: Vec<_> = picture(&backup).into_keys().map(|path| backup.join(path)).collect();
    let allow = |file: u32, dir: u32| {
        for path in &paths {
            let mode = if path.is_dir() { dir } else { file };
            std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
        }
    };
    allow(0o400, 0o500);
    run_all(&backup);
    allow(0o600, 0o700);
}
