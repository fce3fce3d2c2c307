use super::*;

fn begin(root: &Path) -> StagedFiles {
    StagedFiles::begin(&root.join("files"), false).unwrap()
}

#[test]
fn what_could_not_be_removed_is_removed_before_the_end() {
    let root = tempfile::tempdir().unwrap();
    let mut staged = begin(root.path());
    let (_, at) = staged.create("a").unwrap();
    staged.unneeded.push(at);
    staged.materialize(&mut Overlay::default()).unwrap();
    assert!(!root.path().join("files/a").exists());
}

/// Some systems say that a file cannot be removed, and then it is gone all the same.
#[test]
fn what_came_in_its_place_is_not_removed() {
    let root = tempfile::tempdir().unwrap();
    let mut staged = begin(root.path());
    staged.unneeded.push(Location::Path("a".to_owned()));
    staged.create("a").unwrap();
    staged.materialize(&mut Overlay::default()).unwrap();
    assert!(root.path().join("files/a").exists());
}

#[test]
fn what_finds_its_place_taken_goes_to_a_spare_file() {
    let root = tempfile::tempdir().unwrap();
    let mut staged = begin(root.path());
    assert_eq!(staged.create("a/b").unwrap().1, Location::Path("a/b".to_owned()));
    // A file, a folder, and a file where a folder would have to be.
    let spares = ["Snapshot/a/b", "a", "a/b/c"].map(|path| staged.create(path).unwrap().1);
    assert_eq!(spares, [1, 2, 3].map(Location::Spare));
    assert_eq!(fs::read_dir(root.path().join(SPARE)).unwrap().count(), 3);
}
