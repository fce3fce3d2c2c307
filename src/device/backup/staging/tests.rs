use proptest::collection::vec;
use proptest::prelude::*;

use super::super::journal::Workspace;
use super::*;
use crate::device::link::store::Store;

const UDID: &str = "00008101-000A1B2C3D4E5F60";

struct Place {
    root: tempfile::TempDir,
    staging: Staging,
}

/// A backup with a few files, and nothing new.
fn place() -> Place {
    let root = tempfile::tempdir().unwrap();
    let old = root.path().join(UDID);
    for file in ["Status.plist", "ab/abcd", "ab/abce", "cd/cdef"] {
        fs::create_dir_all(old.join(file).parent().unwrap()).unwrap();
        fs::write(old.join(file), format!("old {file}")).unwrap();
    }
    let staging = Staging::begin(UDID, &old, &root.path().join("new")).unwrap();
    Place { root, staging }
}

impl Place {
    fn put(&mut self, path: &str, text: &str) {
        use std::io::Write;
        self.staging.create(&at(path)).unwrap().write_all(text.as_bytes()).unwrap();
    }

    /// What the device reads.
    fn text(&mut self, path: &str) -> Option<String> {
        use std::io::Read;
        let mut text = String::new();
        self.staging.open(&at(path)).ok()?.read_to_string(&mut text).unwrap();
        Some(text)
    }

    fn names(&mut self, path: &str) -> Vec<String> {
        self.staging.list(&at(path)).unwrap().into_iter().map(|item| item.name).collect()
    }

    /// Whether the old backup is untouched.
    fn old_is_whole(&self) -> bool {
        let old = self.root.path().join(UDID);
        ["Status.plist", "ab/abcd", "ab/abce", "cd/cdef"]
            .iter()
            .all(|file| fs::read_to_string(old.join(file)).is_ok_and(|text| text == format!("old {file}")))
    }
}

fn at(path: &str) -> String {
    format!("{UDID}/{path}")
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
    place.staging.remove(&at("ab/abcd")).unwrap();
    place.put("ab/abce", "new");
    place.staging.remove(&at("ab/abce")).unwrap();
    assert_eq!((place.text("ab/abcd"), place.text("ab/abce")), (None, None));
    assert!(place.names("ab").is_empty());
    place.staging.remove(&at("cd")).unwrap();
    place.staging.make_folder(&at("cd")).unwrap();
    assert!(place.names("cd").is_empty(), "an old file shows in a new folder");
    place.staging.remove(&at("nothing/here")).unwrap();
    assert!(place.old_is_whole());
}

#[test]
fn moves_replace_and_link() {
    let mut place = place();
    place.put("Snapshot/ab/abcd", "new");
    place.staging.rename(&at("Snapshot/ab/abcd"), &at("ab/abcd")).unwrap();
    assert_eq!(place.text("ab/abcd").as_deref(), Some("new"));
    // A file of the old backup, to a place where another one is.
    place.staging.rename(&at("cd/cdef"), &at("ab/abce")).unwrap();
    assert_eq!(place.text("ab/abce").as_deref(), Some("old cd/cdef"));
    assert_eq!(place.text("cd/cdef"), None);
    // What was linked is never written through.
    place.put("ab/abce", "changed");
    assert!(place.old_is_whole());
    assert_eq!(place.staging.rename(&at("nope"), &at("x")).unwrap_err().kind(), io::ErrorKind::NotFound);
    assert!(place.staging.rename(&at("ab"), &at("ab/inside")).is_err());
}

#[test]
fn whole_folders_move_with_what_is_old_and_new_in_them() {
    let mut place = place();
    place.put("ab/abcf", "new");
    place.staging.remove(&at("ab/abce")).unwrap();
    place.staging.rename(&at("ab"), &at("cd")).unwrap();
    assert_eq!(place.names("cd"), ["abcd", "abcf"]);
    assert_eq!(place.names(""), ["Status.plist", "cd"]);
    assert_eq!(place.text("cd/abcd").as_deref(), Some("old ab/abcd"));
    assert!(place.old_is_whole());
}

#[test]
fn copies_are_copies() {
    let mut place = place();
    place.put("ab/abcf", "new");
    place.staging.copy(&at("ab"), &at("ef")).unwrap();
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
    place.staging.rename(&at("Snapshot"), &at("Status.plist")).unwrap();
    assert_eq!(place.names("Status.plist"), ["x"]);
    assert!(place.old_is_whole());
}

#[test]
fn a_first_backup_is_counted_while_it_comes_unless_something_else_happens() {
    let name = |last: char| format!("ab/ab{}{last}", "0".repeat(37));
    let lands = |staging: &mut Staging, place: &str| {
        let path = at(&format!("Snapshot/{place}"));
        staging.create(&path).unwrap();
        staging.complete(&path, 0);
        staging.rename(&path, &at(place)).unwrap();
    };
    let begin = || {
        let root = tempfile::tempdir().unwrap();
        let mut staging = Staging::begin(UDID, &root.path().join(UDID), &root.path().join("new")).unwrap();
        lands(&mut staging, &name('1'));
        lands(&mut staging, &name('2'));
        assert_eq!(staging.tally(), Some(&Inventory::take(&root.path().join("new")).unwrap()));
        (root, staging)
    };
    let (_root, mut staging) = begin();
    staging.remove(&at("Snapshot")).unwrap();
    let refused = at(&format!("Snapshot/{}", name('3')));
    staging.create(&refused).unwrap();
    staging.discard(&refused).unwrap();
    assert!(staging.tally().is_some());
    staging.create(&refused).unwrap();
    assert!(staging.tally().is_none(), "one did not become whole");
    type Disturb = fn(&mut Staging, &str) -> io::Result<()>;
    let disturbances: [Disturb; 5] = [
        |staging, place| staging.remove(&at(place)),
        |staging, _| staging.remove(&at("ab")),
        |staging, place| staging.rename(&at(place), &at("x")),
        |staging, place| staging.copy(&at(place), &at("ZZ/x")),
        |staging, place| staging.create(&at(&format!("Snapshot/{place}"))).map(|_| ()),
    ];
    for disturb in disturbances {
        let (_root, mut staging) = begin();
        disturb(&mut staging, &name('1')).unwrap();
        staging.materialize().unwrap();
        lands(&mut staging, &name('4'));
        assert!(staging.tally().is_none());
    }
    let mut place = place();
    lands(&mut place.staging, &name('1'));
    assert!(place.staging.tally().is_none(), "old files may stay");
}

#[test]
fn that_a_refused_file_is_moved_disturbs_nothing() {
    let root = tempfile::tempdir().unwrap();
    let new = root.path().join("new");
    let mut staging = Staging::begin(UDID, &root.path().join(UDID), &new).unwrap();
    let [kept, refused] = ['1', '2'].map(|last| format!("ab/ab{}{last}", "0".repeat(37)));
    let [from, gone] = [&kept, &refused].map(|place| at(&format!("Snapshot/{place}")));
    staging.create(&from).unwrap();
    staging.complete(&from, 0);
    staging.create(&gone).unwrap();
    staging.discard(&gone).unwrap();
    assert_eq!(staging.rename(&gone, &at(&refused)).unwrap_err().kind(), io::ErrorKind::NotFound);
    staging.rename(&from, &at(&kept)).unwrap();
    assert!(staging.tally().is_some() && new.join(&kept).is_file() && !new.join("Snapshot/ab").exists());
}

#[cfg(unix)]
#[test]
fn what_cannot_be_materialized_is_not_forgotten() {
    let mut place = place();
    let payload = format!("ab/ab{}1", "0".repeat(37));
    place.put(&format!("Snapshot/{payload}"), "new");
    // As a disk may fail: a file stands where the folder has to be made.
    let new = place.root.path().join("new");
    fs::write(new.join("Snapshot/ab"), "").unwrap();
    for _ in 0..3 {
        assert!(place.staging.list(&at("ab")).is_err());
        assert!(place.staging.materialize().is_err());
    }
    fs::remove_file(new.join("Snapshot/ab")).unwrap();
    place.staging.materialize().unwrap();
    assert_eq!(place.text(&format!("Snapshot/{payload}")).as_deref(), Some("new"));
    assert_eq!(place.text(&payload), None);
}

#[test]
fn nothing_outside_is_reached() {
    let mut place = place();
    fs::write(place.root.path().join("secret"), "secret").unwrap();
    let staging = &mut place.staging;
    for path in [at("../secret"), "../secret".into(), "/etc/passwd".into(), "secret".into(), at("ab/../../secret")] {
        assert_eq!(staging.open(&path).unwrap_err().kind(), io::ErrorKind::InvalidInput, "{path}");
        assert!(staging.create(&path).is_err() && staging.remove(&path).is_err() && staging.list(&path).is_err());
        assert!(staging.rename(&at("ab/abcd"), &path).is_err() && staging.copy(&path, &at("x")).is_err(), "{path}");
        assert!(staging.make_folder(&path).is_err(), "{path}");
    }
    assert!(staging.remove(UDID).is_err(), "the whole folder");
    assert_eq!(fs::read_dir(place.root.path()).unwrap().count(), 3);
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

/// What a backup holds: a number for a file, nothing for a folder.
type Model = BTreeMap<String, Option<u8>>;

/// Something that a device may want.
#[derive(Debug, Clone)]
enum Wish {
    Create(String, u8),
    Refuse(String),
    MakeFolder(String),
    Remove(String),
    Rename(String, String),
    Copy(String, String),
}

fn wishes() -> impl Strategy<Value = Vec<Wish>> {
    let plain = || vec(prop::sample::select(vec!["a.x", "b", "c.x"]), 1..4).prop_map(|names| names.join("/"));
    let payload = || {
        let name = |last: &str| format!("ab{}{last}", "0".repeat(37));
        let later = [name("1"), name("2"), name("3")].map(|name| format!("ab/{name}"));
        let all = later.iter().flat_map(|later| [later.clone(), format!("Snapshot/{later}")]);
        prop::sample::select(all.chain(["ab", "Snapshot", "Snapshot/ab"].map(str::to_owned)).collect::<Vec<_>>())
    };
    let path = move || prop_oneof![plain(), payload(), payload()];
    let wish = prop_oneof![
        // As devices do it.
        (1..4_u8).prop_map(|n| Wish::Create(format!("Snapshot/ab/ab{}{n}", "0".repeat(37)), n)),
        (1..4_u8).prop_map(|n| Wish::Refuse(format!("Snapshot/ab/ab{}{n}", "0".repeat(37)))),
        (1..4_u8)
            .prop_map(|n| format!("ab/ab{}{n}", "0".repeat(37)))
            .prop_map(|to| Wish::Rename(format!("Snapshot/{to}"), to)),
        prop::sample::select(vec!["Snapshot/ab", "Snapshot/cd"]).prop_map(|path| Wish::MakeFolder(path.to_owned())),
        Just(Wish::Remove("Snapshot".to_owned())),
        (path(), any::<u8>()).prop_map(|(path, number)| Wish::Create(path, number)),
        path().prop_map(Wish::MakeFolder),
        path().prop_map(Wish::Remove),
        (path(), path()).prop_map(|(from, to)| Wish::Rename(from, to)),
        (path(), path()).prop_map(|(from, to)| Wish::Copy(from, to)),
    ];
    vec(wish, 0..24)
}

fn is_at_or_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn above(path: &str) -> Vec<&str> {
    path.match_indices('/').map(|(at, _)| &path[..at]).collect()
}

/// What a wish makes of a backup; `None` for one that no device has.
fn wished(model: &Model, wish: &Wish) -> Option<Model> {
    let mut model = model.clone();
    let has_file_above = |path: &str| above(path).iter().any(|folder| matches!(model.get(*folder), Some(Some(_))));
    let (Wish::Create(to, _)
    | Wish::Refuse(to)
    | Wish::MakeFolder(to)
    | Wish::Remove(to)
    | Wish::Rename(_, to)
    | Wish::Copy(_, to)) = wish;
    if has_file_above(to) || (matches!(wish, Wish::MakeFolder(_)) && matches!(model.get(to), Some(Some(_)))) {
        return None;
    }
    let mut new = Model::new();
    match wish {
        Wish::Create(_, number) => _ = new.insert(to.clone(), Some(*number)),
        Wish::Refuse(_) if model.contains_key(to) => return None,
        Wish::Refuse(_) => model.extend(above(to).into_iter().map(|folder| (folder.to_owned(), None))),
        Wish::MakeFolder(_) => {
            new = model.range(to.clone()..).filter(|(path, _)| is_at_or_below(path, to)).map(own).collect();
            new.insert(to.clone(), None);
        }
        Wish::Remove(_) => {}
        Wish::Rename(from, _) | Wish::Copy(from, _) => {
            if !model.contains_key(from) || is_at_or_below(from, to) || is_at_or_below(to, from) {
                return None;
            }
            let source = model.iter().filter(|(path, _)| is_at_or_below(path, from));
            new = source.map(|(path, what)| (format!("{to}{}", &path[from.len()..]), *what)).collect();
            if matches!(wish, Wish::Rename(..)) {
                model.retain(|path, _| !is_at_or_below(path, from));
            }
        }
    }
    model.retain(|path, _| !is_at_or_below(path, to));
    if !new.is_empty() {
        model.extend(above(to).into_iter().map(|folder| (folder.to_owned(), None)));
    }
    model.extend(new);
    Some(model)
}

fn own((path, what): (&String, &Option<u8>)) -> (String, Option<u8>) {
    (path.clone(), *what)
}

fn fulfil(staging: &mut Staging, wish: &Wish) -> io::Result<()> {
    use std::io::Write;
    match wish {
        Wish::Create(path, number) => {
            let bytes = vec![*number; 1 + usize::from(number % 3)];
            staging.create(&at(path))?.write_all(&bytes)?;
            staging.complete(&at(path), bytes.len() as u64);
            Ok(())
        }
        Wish::Refuse(path) => {
            staging.create(&at(path))?;
            staging.discard(&at(path))
        }
        Wish::MakeFolder(path) => staging.make_folder(&at(path)),
        Wish::Remove(path) => staging.remove(&at(path)),
        Wish::Rename(from, to) => staging.rename(&at(from), &at(to)),
        Wish::Copy(from, to) => staging.copy(&at(from), &at(to)),
    }
}

/// What the device sees.
fn seen(staging: &mut Staging, folder: &str, model: &mut Model) {
    for item in staging.list(&at(folder)).unwrap() {
        let path = disk::joined(folder, &item.name);
        match item.kind {
            ItemKind::Folder => {
                model.insert(path.clone(), None);
                seen(staging, &path, model);
            }
            _ => {
                let number = staging.read(&path, 2).unwrap();
                model.insert(path, Some(number[0]));
            }
        }
    }
}

fn on_disk(folder: &Path) -> Model {
    let mut model = Model::new();
    disk::walk(folder, "", &mut |path, metadata| {
        if !path.is_empty() {
            let number = if metadata.is_file() { Some(fs::read(folder.join(path))?[0]) } else { None };
            model.insert(path.to_owned(), number);
        }
        Ok(())
    })
    .unwrap();
    model
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Whatever a device does: it sees what it should, the old backup is untouched until the commit, and the commit makes
    /// exactly what the device saw.
    #[test]
    fn staging_and_commit_do_what_a_folder_would(
        before in wishes(),
        after in wishes(),
        looks in vec(prop::bool::weighted(0.2), 48),
    ) {
        let mut looks = looks.into_iter();
        let root = tempfile::tempdir().unwrap();
        let backup = root.path().join(UDID);
        let mut model = Model::new();
        for wishes in [before, after] {
            let untouched = model.clone();
            let (place, _) = Workspace::take(&backup).unwrap();
            let mut staging = Staging::begin(UDID, &place.backup, &place.files()).unwrap();
            for wish in &wishes {
                let Some(wanted) = wished(&model, wish) else { continue };
                fulfil(&mut staging, wish).unwrap();
                model = wanted;
                // A look moves what is parked: not after each wish.
                if looks.next().unwrap_or(true) {
                    let mut is = Model::new();
                    seen(&mut staging, "", &mut is);
                    prop_assert_eq!(&is, &model, "after {:?}", wish);
                }
            }
            if backup.exists() {
                prop_assert_eq!(on_disk(&backup), untouched);
            }
            staging.materialize().unwrap();
            place.commit(&staging).unwrap();
            prop_assert_eq!(on_disk(&backup), model.clone());
            if let Some(counted) = staging.tally() {
                prop_assert_eq!(counted, &Inventory::take(&backup).unwrap());
            }
        }
    }
}
