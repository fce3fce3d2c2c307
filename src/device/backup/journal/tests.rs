mod interruptions;

use std::collections::BTreeMap;

use super::*;
use crate::device::link::path::BackupPath;
use crate::device::link::store::Store;

const UDID: &str = "0000";

fn path(path: &str) -> BackupPath<'static> {
    BackupPath::parse(&format!("{UDID}/{path}"), UDID).unwrap().into_owned()
}

/// Everything in a backup's folder, as text.
fn content(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    if folder.exists() {
        disk::walk(folder, "", &mut |path, metadata| {
            if metadata.is_file() {
                files.insert(path.to_owned(), fs::read_to_string(below(folder, path))?);
            }
            Ok(())
        })
        .unwrap();
    }
    files
}

fn old_backup(root: &Path) -> PathBuf {
    let backup = root.join(UDID);
    for (file, text) in [("Status.plist", "1"), ("ab/1", "one"), ("ab/2", "two"), ("cd/3", "three"), ("ef/4", "four")] {
        fs::create_dir_all(backup.join(file).parent().unwrap()).unwrap();
        fs::write(backup.join(file), text).unwrap();
    }
    backup
}

/// A new backup with a changed, a new and a removed file, a removed folder, and a file in place of a folder.
fn stage(place: &Workspace) -> Snapshot {
    let mut snapshot = Snapshot::begin(&place.backup, &place.files()).unwrap();
    snapshot.write("Status.plist", b"2").unwrap();
    snapshot.write("ab/1", b"uno").unwrap();
    snapshot.write("gh/5", b"five").unwrap();
    snapshot.hide("ab/2").unwrap();
    snapshot.hide("cd").unwrap();
    snapshot.hide("ef").unwrap();
    snapshot.write("ef", b"a file now").unwrap();
    snapshot.materialize().unwrap();
    snapshot
}

fn new_content() -> BTreeMap<String, String> {
    [("Status.plist", "2"), ("ab/1", "uno"), ("ef", "a file now"), ("gh/5", "five")]
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .into()
}

#[test]
fn a_commit_makes_the_new_backup_and_leaves_nothing() {
    let root = tempfile::tempdir().unwrap();
    let backup = old_backup(root.path());
    let (place, left) = Workspace::take(&backup).unwrap();
    assert_eq!(left, Leftover::Nothing);
    place.commit(&stage(&place)).unwrap();
    assert_eq!(content(&place.backup), new_content());
    assert!(!place.backup.join("cd").exists());
    assert!(!place.files().exists() && !place.staging.join(JOURNAL).exists());
}

#[test]
fn a_first_backup_comes_into_being_whole() {
    let root = tempfile::tempdir().unwrap();
    let (place, _) = Workspace::take(&root.path().join(UDID)).unwrap();
    let snapshot = stage(&place);
    assert!(!root.path().join(UDID).exists(), "nothing before the commit");
    place.commit(&snapshot).unwrap();
    assert_eq!(content(&root.path().join(UDID)), new_content());
}

#[test]
fn before_the_journal_nothing_counts() {
    let root = tempfile::tempdir().unwrap();
    let backup = old_backup(root.path());
    let before = content(&backup);
    let (place, _) = Workspace::take(&backup).unwrap();
    let snapshot = stage(&place);
    place.write_journal(&place.staging.join(PART), &snapshot).unwrap();
    drop(place);
    let (place, left) = Workspace::take(&backup).unwrap();
    assert_eq!((left, content(&backup)), (Leftover::Unfinished, before));
    assert!(!place.files().exists() && !place.staging.join(PART).exists());
}

/// Stops after each number of steps, as a kill would, and lets the next run finish.
#[test]
fn a_cut_at_any_step_after_the_journal_is_finished_by_the_next_run() {
    for cut in 0..12 {
        let root = tempfile::tempdir().unwrap();
        let backup = old_backup(root.path());
        let (place, _) = Workspace::take(&backup).unwrap();
        let snapshot = stage(&place);
        place.write_journal(&place.staging.join(PART), &snapshot).unwrap();
        fs::rename(place.staging.join(PART), place.staging.join(JOURNAL)).unwrap();
        some_steps(&place, cut);
        drop(place);
        let (_, left) = Workspace::take(&backup).unwrap();
        assert_eq!((left, content(&backup)), (Leftover::Finished, new_content()), "after {cut} steps");
    }
}

#[test]
fn a_cut_after_the_one_step_of_a_first_backup_is_finished_by_the_next_run() {
    let root = tempfile::tempdir().unwrap();
    let backup = root.path().join(UDID);
    let (place, _) = Workspace::take(&backup).unwrap();
    let snapshot = stage(&place);
    disk::make_folders(&backup).unwrap();
    place.write_journal(&place.staging.join(JOURNAL), &snapshot).unwrap();
    fs::rename(place.files(), &backup).unwrap();
    drop(place);
    let (_, left) = Workspace::take(&backup).unwrap();
    assert_eq!((left, content(&backup)), (Leftover::Finished, new_content()));
}

#[test]
fn a_folder_that_was_removed_and_made_anew_is_there_however_often_the_journal_is_obeyed() {
    let root = tempfile::tempdir().unwrap();
    let backup = old_backup(root.path());
    let (place, _) = Workspace::take(&backup).unwrap();
    let mut snapshot = Snapshot::begin(&place.backup, &place.files()).unwrap();
    snapshot.remove(&path("cd")).unwrap();
    snapshot.make_folder(&path("cd")).unwrap();
    snapshot.materialize().unwrap();
    let journal = place.staging.join(JOURNAL);
    place.write_journal(&journal, &snapshot).unwrap();
    let text = fs::read(&journal).unwrap();
    place.apply(&journal, false).unwrap();
    fs::write(&journal, text).unwrap();
    place.apply(&journal, false).unwrap();
    assert!(backup.join("cd").is_dir() && !backup.join("cd/3").exists());
}

#[test]
fn a_folder_that_a_person_made_for_a_first_backup_stays() {
    let root = tempfile::tempdir().unwrap();
    let backup = root.path().join(UDID);
    fs::create_dir(&backup).unwrap();
    let folder = File::open(&backup).unwrap();
    let (place, _) = Workspace::take(&backup).unwrap();
    place.commit(&stage(&place)).unwrap();
    assert_eq!(content(&backup), new_content());
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        assert_eq!(folder.metadata().unwrap().ino(), fs::metadata(&backup).unwrap().ino());
    }
    drop(folder);
}

/// Does the first few of the steps that `apply` does.
fn some_steps(place: &Workspace, steps: usize) {
    let journal = fs::read_to_string(place.staging.join(JOURNAL)).unwrap();
    let mut left = steps;
    for line in journal.lines().skip(1).take_while(|line| *line != END) {
        if left == 0 {
            return;
        }
        place.remove_one(line).unwrap();
        left -= 1;
    }
    for file in ["Status.plist", "ab/1", "ef", "gh/5"].iter().take(left) {
        let target = below(&place.backup, file);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::rename(below(&place.files(), file), target).unwrap();
    }
}

#[test]
fn only_one_run_at_a_time() {
    let root = tempfile::tempdir().unwrap();
    let backup = old_backup(root.path());
    let (place, _) = Workspace::take(&backup).unwrap();
    assert!(matches!(Workspace::take(&backup), Err(DeviceError::Busy(_))));
    drop(place);
    assert!(Workspace::take(&backup).is_ok());
}

#[test]
fn a_journal_that_is_none_changes_nothing() {
    for text in [
        "",
        "corer journal 1\nfile ab/9\n",
        "other\nend\n",
        "corer journal 1\nfile ../../x\nend\n",
        "corer journal 1\nab/1\nend\n",
    ] {
        let root = tempfile::tempdir().unwrap();
        let backup = old_backup(root.path());
        fs::write(root.path().join("x"), "outside").unwrap();
        let staging = staging_of(&backup).unwrap();
        fs::create_dir_all(&staging).unwrap();
        fs::write(staging.join(JOURNAL), text).unwrap();
        assert!(Workspace::take(&backup).is_err(), "{text:?}");
        assert!(root.path().join("x").exists());
    }
}

#[cfg(unix)]
#[test]
fn a_link_in_the_backup_is_replaced_and_never_followed() {
    let root = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    let backup = old_backup(root.path());
    std::os::unix::fs::symlink(outside.path(), backup.join("gh")).unwrap();
    let (place, _) = Workspace::take(&backup).unwrap();
    place.commit(&stage(&place)).unwrap();
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
    assert_eq!(content(&backup), new_content());
}
