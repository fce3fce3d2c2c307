use proptest::collection::vec;
use proptest::prelude::*;

use super::super::journal::Workspace;
use super::super::model::{Model, Outcome, Wish, wished, wishes};
use super::*;

const UDID: &str = "00008101-000A1B2C3D4E5F60";

struct Place {
    root: tempfile::TempDir,
    snapshot: Snapshot,
}

/// A backup with a few files, and nothing new.
fn place() -> Place {
    let root = tempfile::tempdir().unwrap();
    let old = root.path().join(UDID);
    for file in ["Status.plist", "ab/abcd", "ab/abce", "cd/cdef"] {
        fs::create_dir_all(old.join(file).parent().unwrap()).unwrap();
        fs::write(old.join(file), format!("old {file}")).unwrap();
    }
    let snapshot = Snapshot::begin(&old, &root.path().join("new")).unwrap();
    Place { root, snapshot }
}

impl Place {
    fn put(&mut self, path: &str, text: &str) {
        use std::io::Write;
        self.snapshot.create(&at(path)).unwrap().write_all(text.as_bytes()).unwrap();
    }

    /// What the device reads.
    fn text(&mut self, path: &str) -> Option<String> {
        use std::io::Read;
        let mut text = String::new();
        self.snapshot.open(&at(path)).ok()?.read_to_string(&mut text).unwrap();
        Some(text)
    }

    fn names(&mut self, path: &str) -> Vec<String> {
        self.snapshot.list(&at(path)).unwrap().into_iter().map(|item| item.name).collect()
    }

    /// Whether the old backup is untouched.
    fn old_is_whole(&self) -> bool {
        let old = self.root.path().join(UDID);
        ["Status.plist", "ab/abcd", "ab/abce", "cd/cdef"]
            .iter()
            .all(|file| fs::read_to_string(old.join(file)).is_ok_and(|text| text == format!("old {file}")))
    }
}

fn at(path: &str) -> BackupPath<'static> {
    BackupPath::parse(&format!("{UDID}/{path}"), UDID).unwrap().into_owned()
}

#[test]
fn new_files_cover_old_ones_and_the_old_ones_stay() {
    let mut place = place();
    assert_eq!(place.text("ab/abcd").as_deref(), Some("old ab/abcd"));
    place.put("ab/abcd", "new");
    place.put("ab/abcf", "new too");
    assert_eq!(place.text("ab/abcd").as_deref(), Some("new"));
    assert_eq!(place.names("ab"), ["abcd", "abce", "abcf"]);
    place.put("ab/abcd", "newer");
    assert_eq!(place.text("ab/abcd").as_deref(), Some("newer"));
    assert!(place.old_is_whole());
}

#[test]
fn what_is_removed_does_not_come_back() {
    let mut place = place();
    place.snapshot.remove(&at("ab/abcd")).unwrap();
    place.put("ab/abce", "new");
    place.snapshot.remove(&at("ab/abce")).unwrap();
    assert_eq!((place.text("ab/abcd"), place.text("ab/abce")), (None, None));
    assert!(place.names("ab").is_empty());
    place.snapshot.remove(&at("cd")).unwrap();
    place.snapshot.make_folder(&at("cd")).unwrap();
    assert!(place.names("cd").is_empty(), "an old file shows in a new folder");
    place.snapshot.remove(&at("nothing/here")).unwrap();
    assert!(place.old_is_whole());
}

#[test]
fn moves_replace_and_link() {
    let mut place = place();
    place.put("Snapshot/ab/abcd", "new");
    place.snapshot.rename(&at("Snapshot/ab/abcd"), &at("ab/abcd")).unwrap();
    assert_eq!(place.text("ab/abcd").as_deref(), Some("new"));
    // A file of the old backup, to a place where another one is.
    place.snapshot.rename(&at("cd/cdef"), &at("ab/abce")).unwrap();
    assert_eq!(place.text("ab/abce").as_deref(), Some("old cd/cdef"));
    assert_eq!(place.text("cd/cdef"), None);
    // What was linked is never written through.
    place.put("ab/abce", "changed");
    assert!(place.old_is_whole());
    assert_eq!(place.snapshot.rename(&at("nope"), &at("x")).unwrap_err().kind(), io::ErrorKind::NotFound);
    assert!(place.snapshot.rename(&at("ab"), &at("ab/inside")).is_err());
}

#[test]
fn whole_folders_move_with_what_is_old_and_new_in_them() {
    let mut place = place();
    place.put("ab/abcf", "new");
    place.snapshot.remove(&at("ab/abce")).unwrap();
    place.snapshot.rename(&at("ab"), &at("cd")).unwrap();
    assert_eq!(place.names("cd"), ["abcd", "abcf"]);
    assert_eq!(place.names(""), ["Status.plist", "cd"]);
    assert_eq!(place.text("cd/abcd").as_deref(), Some("old ab/abcd"));
    assert!(place.old_is_whole());
}

#[test]
fn copies_are_copies() {
    let mut place = place();
    place.put("ab/abcf", "new");
    place.snapshot.copy(&at("ab"), &at("ef")).unwrap();
    assert_eq!(place.names("ef"), ["abcd", "abce", "abcf"]);
    place.put("ef/abcd", "changed");
    assert_eq!(place.text("ab/abcd").as_deref(), Some("old ab/abcd"));
    assert!(place.old_is_whole());
}

#[test]
fn folders_and_files_take_each_others_place() {
    let mut place = place();
    place.put("ab", "a file where a folder was");
    assert_eq!(place.text("ab").as_deref(), Some("a file where a folder was"));
    assert_eq!(place.text("ab/abcd"), None);
    place.put("Snapshot/x", "1");
    place.snapshot.rename(&at("Snapshot"), &at("Status.plist")).unwrap();
    assert_eq!(place.names("Status.plist"), ["x"]);
    assert!(place.old_is_whole());
}

#[test]
fn a_first_backup_is_counted_while_it_comes_unless_something_else_happens() {
    let name = |last: char| format!("ab/ab{}{last}", "0".repeat(37));
    let lands = |snapshot: &mut Snapshot, place: &str| {
        let path = at(&format!("Snapshot/{place}"));
        snapshot.create(&path).unwrap();
        snapshot.complete(&path, 0);
        snapshot.rename(&path, &at(place)).unwrap();
    };
    let begin = || {
        let root = tempfile::tempdir().unwrap();
        let mut snapshot = Snapshot::begin(&root.path().join(UDID), &root.path().join("new")).unwrap();
        lands(&mut snapshot, &name('1'));
        lands(&mut snapshot, &name('2'));
        assert_eq!(snapshot.counted(), Some(&Inventory::take(&root.path().join("new")).unwrap()));
        (root, snapshot)
    };
    let (_root, mut snapshot) = begin();
    snapshot.remove(&at("Snapshot")).unwrap();
    let refused = at(&format!("Snapshot/{}", name('3')));
    snapshot.create(&refused).unwrap();
    snapshot.discard(&refused).unwrap();
    assert!(snapshot.counted().is_some());
    snapshot.create(&refused).unwrap();
    assert!(snapshot.counted().is_none(), "one did not become whole");
    type Disturb = fn(&mut Snapshot, &str) -> io::Result<()>;
    let disturbances: [Disturb; 5] = [
        |snapshot, place| snapshot.remove(&at(place)),
        |snapshot, _| snapshot.remove(&at("ab")),
        |snapshot, place| snapshot.rename(&at(place), &at("x")),
        |snapshot, place| snapshot.copy(&at(place), &at("ZZ/x")),
        |snapshot, place| snapshot.create(&at(place)).map(|_| ()),
    ];
    for disturb in disturbances {
        let (_root, mut snapshot) = begin();
        disturb(&mut snapshot, &name('1')).unwrap();
        lands(&mut snapshot, &name('4'));
        snapshot.materialize().unwrap();
        assert!(snapshot.counted().is_none());
    }
    let mut place = place();
    lands(&mut place.snapshot, &name('1'));
    assert!(place.snapshot.counted().is_none(), "old files may stay");
}

#[test]
fn that_a_refused_file_is_moved_disturbs_nothing() {
    let root = tempfile::tempdir().unwrap();
    let new = root.path().join("new");
    let mut snapshot = Snapshot::begin(&root.path().join(UDID), &new).unwrap();
    let [kept, refused] = ['1', '2'].map(|last| format!("ab/ab{}{last}", "0".repeat(37)));
    let [from, gone] = [&kept, &refused].map(|place| at(&format!("Snapshot/{place}")));
    snapshot.create(&from).unwrap();
    snapshot.complete(&from, 0);
    snapshot.create(&gone).unwrap();
    snapshot.discard(&gone).unwrap();
    assert_eq!(snapshot.rename(&gone, &at(&refused)).unwrap_err().kind(), io::ErrorKind::NotFound);
    snapshot.rename(&from, &at(&kept)).unwrap();
    assert!(snapshot.counted().is_some() && new.join(&kept).is_file() && !new.join("Snapshot/ab").exists());
}

#[test]
fn what_cannot_be_materialized_is_not_forgotten() {
    let mut place = place();
    let payload = format!("ab/ab{}1", "0".repeat(37));
    place.put(&format!("Snapshot/{payload}"), "new");
    // As a disk may fail: a file stands where the folder has to be made.
    let new = place.root.path().join("new");
    fs::write(new.join("Snapshot"), "").unwrap();
    for _ in 0..3 {
        assert!(place.snapshot.materialize().is_err());
        assert_eq!(place.text(&format!("Snapshot/{payload}")).as_deref(), Some("new"));
    }
    fs::remove_file(new.join("Snapshot")).unwrap();
    place.snapshot.materialize().unwrap();
    assert_eq!(place.text(&format!("Snapshot/{payload}")).as_deref(), Some("new"));
    assert_eq!(place.text(&payload), None);
    assert!(new.join(format!("Snapshot/{payload}")).is_file() && !new.join("ab").exists());
}

/// On a file system that holds two names for one, one of two files would be lost for the other.
#[test]
fn what_lies_in_the_way_at_the_end_is_never_replaced() {
    let mut place = place();
    let new = place.root.path().join("new");
    place.put("Snapshot/b", "new");
    fs::create_dir(new.join("Snapshot")).unwrap();
    fs::write(new.join("Snapshot/b"), "another").unwrap();
    assert_eq!(place.snapshot.materialize().unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    assert_eq!(fs::read_to_string(new.join("Snapshot/b")).unwrap(), "another");
    assert_eq!(place.text("Snapshot/b").as_deref(), Some("new"));
}

#[test]
fn the_whole_folder_is_never_touched() {
    let mut place = place();
    let whole = at("");
    let snapshot = &mut place.snapshot;
    let done = [snapshot.remove(&whole), snapshot.rename(&whole, &at("x")), snapshot.copy(&whole, &at("x"))];
    for error in done.map(Result::unwrap_err).into_iter().chain(snapshot.create(&whole).err()) {
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    }
    assert!(place.old_is_whole());
}

#[cfg(unix)]
#[test]
fn links_in_the_old_backup_are_not_followed() {
    let mut place = place();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret"), "secret").unwrap();
    let old = place.root.path().join(UDID);
    std::os::unix::fs::symlink(outside.path(), old.join("ef")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret"), old.join("gh")).unwrap();
    assert_eq!((place.text("ef/secret"), place.text("gh")), (None, None));
    place.put("ef/secret", "new");
    assert_eq!(fs::read_to_string(outside.path().join("secret")).unwrap(), "secret");
}

pub fn fulfil(snapshot: &mut Snapshot, wish: &Wish) -> io::Result<()> {
    match wish {
        Wish::Create(path, number) => {
            let bytes = vec![*number; 1 + usize::from(number % 3)];
            snapshot.create(&at(path))?.write_all(&bytes)?;
            snapshot.complete(&at(path), bytes.len() as u64);
            Ok(())
        }
        Wish::Refuse(path) => {
            snapshot.create(&at(path))?;
            snapshot.discard(&at(path))
        }
        Wish::MakeFolder(path) => snapshot.make_folder(&at(path)),
        Wish::Remove(path) => snapshot.remove(&at(path)),
        Wish::Rename(from, to) => snapshot.rename(&at(from), &at(to)),
        Wish::Copy(from, to) => snapshot.copy(&at(from), &at(to)),
    }
}

/// Does what is wished, and looks that it is what a plain folder would do.
pub fn fulfil_as_modelled(snapshot: &mut Snapshot, model: &mut Model, wish: &Wish) {
    match wished(model, wish) {
        Outcome::Unsaid => {}
        Outcome::Refused(kind) => assert_eq!(fulfil(snapshot, wish).unwrap_err().kind(), kind, "{wish:?}"),
        Outcome::Done(made) => {
            fulfil(snapshot, wish).unwrap();
            *model = made;
        }
    }
}

/// What the device sees.
pub fn seen(snapshot: &mut Snapshot) -> Model {
    let (mut model, mut waiting) = (Model::new(), vec![String::new()]);
    while let Some(folder) = waiting.pop() {
        for item in snapshot.list(&at(&folder)).unwrap() {
            let path = joined(&folder, &item.name);
            let mut bytes = Vec::new();
            let number = match item.kind {
                ItemKind::Folder => {
                    waiting.push(path.clone());
                    None
                }
                ItemKind::File(size) => {
                    snapshot.open(&at(&path)).unwrap().read_to_end(&mut bytes).unwrap();
                    assert_eq!(bytes.len() as u64, size, "{path}");
                    Some(bytes[0])
                }
                ItemKind::Other => panic!("{path} is neither a file nor a folder"),
            };
            model.insert(path, number);
        }
    }
    model
}

pub fn on_disk(folder: &Path) -> Model {
    let mut model = Model::new();
    if folder.exists() {
        disk::walk(folder, "", &mut |path, metadata| {
            if !path.is_empty() {
                let number = if metadata.is_file() { Some(fs::read(folder.join(path))?[0]) } else { None };
                model.insert(path.to_owned(), number);
            }
            Ok(())
        })
        .unwrap();
    }
    model
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Whatever a device does: it sees what it should, the old backup is untouched until the commit, and the commit makes
    /// exactly what the device saw.
    #[test]
    fn snapshot_and_commit_do_what_a_folder_would(
        before in wishes(24),
        after in wishes(24),
        looks in vec(prop::bool::weighted(0.2), 48),
        layouts in vec(prop::bool::weighted(0.1), 48),
    ) {
        let (mut looks, mut layouts) = (looks.into_iter(), layouts.into_iter());
        let root = tempfile::tempdir().unwrap();
        let backup = root.path().join(UDID);
        let mut model = Model::new();
        for wishes in [before, after] {
            let untouched = model.clone();
            let (place, _) = Workspace::take(&backup).unwrap();
            let mut snapshot = Snapshot::begin(&place.backup, &place.files()).unwrap();
            for wish in &wishes {
                fulfil_as_modelled(&mut snapshot, &mut model, wish);
                // Whatever was laid out goes on as before.
                if layouts.next().unwrap_or(true) {
                    snapshot.materialize().unwrap();
                }
                if looks.next().unwrap_or(true) {
                    prop_assert_eq!(&seen(&mut snapshot), &model, "after {:?}", wish);
                }
            }
            prop_assert_eq!(on_disk(&backup), untouched);
            snapshot.materialize().unwrap();
            prop_assert_eq!(&seen(&mut snapshot), &model);
            place.commit(&snapshot).unwrap();
            prop_assert_eq!(&on_disk(&backup), &model);
            if let Some(counted) = snapshot.counted() {
                prop_assert_eq!(counted, &Inventory::take(&backup).unwrap());
            }
        }
    }
}
