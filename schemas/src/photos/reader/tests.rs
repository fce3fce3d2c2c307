use std::collections::BTreeSet;

use super::*;
use crate::testing::{Files, shared_data};

/// Every library of the real data, by name.
fn libraries() -> Vec<(String, Library)> {
    let Some(folder) = shared_data("photos/libraries") else { return Vec::new() };
    let mut found: Vec<_> = std::fs::read_dir(folder).unwrap().map(|item| item.unwrap().path()).collect();
    found.sort();
    let read = |path: std::path::PathBuf| {
        let files = Files::new().with_file(DATABASE, path.join("Photos.sqlite"));
        let found = read(&files).unwrap();
        assert_eq!(found.skipped, [], "{}", path.display());
        (path.file_name().unwrap().to_str().unwrap().to_owned(), found.library)
    };
    found.into_iter().map(read).collect()
}

#[test]
fn real_libraries_of_every_generation_give_the_same_photos() {
    let libraries = libraries();
    let Some((_, newest)) = libraries.iter().find(|(name, _)| name == "Test-15.4.1") else { return };
    for (name, library) in libraries.iter().filter(|(name, _)| ["Test-12.0.1", "Test-14.6.0"].contains(&name.as_str()))
    {
        let names = |library: &Library| -> BTreeSet<String> {
            library.assets.iter().map(|asset| format!("{} {}", asset.uuid, asset.name())).collect()
        };
        assert_eq!(names(library), names(newest), "{name}");
        assert!(library.model_version.unwrap() < newest.model_version.unwrap());
    }
    let wedding = newest.assets.iter().find(|asset| asset.name() == "wedding.jpg").unwrap();
    assert_eq!(wedding.people(), ["Maria"]);
    assert_eq!(wedding.keywords, ["wedding"]);
    assert!(wedding.is_edited);
}
