//! `corer list`.

use crate::support::{Corer, copy_of, sample};

#[test]
fn lists_what_is_in_a_folder_newest_first() {
    let names = ["ios5", "ios18", "interrupted", "ios9", "ios18-encrypted"].map(sample);
    let args: Vec<&str> = ["list", "--json"].into_iter().chain(names.iter().map(String::as_str)).collect();
    let json = Corer::new().run(&args).ends_with(0).json();
    let backups = json["backups"].as_array().unwrap();
    let named = |name: &str| backups.iter().find(|backup| backup["path"].as_str().unwrap().ends_with(name)).unwrap();
    assert_eq!(named("/ios18")["encrypted"], false);
    assert_eq!(named("/ios18-encrypted")["encrypted"], true);
    assert_eq!(named("/ios5")["ios"], "5.1.1");
    assert_eq!(named("/interrupted")["state"], "interrupted");
    assert!(named("/ios9")["size"].as_u64().unwrap() > 100_000);
    let dates: Vec<&str> = backups.iter().filter_map(|backup| backup["date"].as_str()).collect();
    assert!(dates.is_sorted_by(|a, b| a >= b), "{dates:?}");
}

#[test]
fn finds_the_snapshots_of_imazing() {
    let answer = Corer::new().run(&["list", &sample("imazing"), "--json"]).ends_with(0);
    let older: Vec<bool> =
        answer.json()["backups"].as_array().unwrap().iter().map(|backup| backup["older"].as_bool().unwrap()).collect();
    assert_eq!(older, [false, true, true]);
}

#[test]
fn says_where_it_looked_and_ends_with_10() {
    let corer = Corer::new();
    let answer = corer.run(&["list"]).ends_with(10);
    assert!(answer.stderr.contains(corer.home.path().to_str().unwrap()), "{answer:?}");
    assert_eq!(corer.run(&["list", "/does/not/exist"]).code, 10);
}

#[test]
fn the_standard_place_gives_names_to_backups() {
    let corer = Corer::new();
    let place = corer.home.path().join("place");
    let backups = place.join("corer/backups");
    std::fs::create_dir_all(&backups).unwrap();
    std::fs::rename(copy_of(&sample("ios5")).keep(), backups.join("old")).unwrap();
    let run = |args: &[&str]| crate::support::Answer::of(corer.command(args).env("XDG_DATA_HOME", &place));
    let udid = run(&["list", "--json"]).ends_with(0).json()["backups"][0]["udid"].as_str().unwrap().to_owned();
    run(&["info", "-b", "mira's iphone"]).ends_with(0);
    run(&["info", "-b", &udid[..6]]).ends_with(0);
    let newest = run(&["info"]).ends_with(0);
    assert!(newest.stderr.contains("Mira’s iPhone"), "{newest:?}");
    assert_eq!(run(&["info", "-b", "nobody"]).code, 10);
    assert_eq!(
        crate::support::Answer::of(corer.command(&["info"]).env("XDG_DATA_HOME", &place).env("CORER_BACKUP", "old"))
            .code,
        0
    );
}

#[test]
fn remembers_what_verify_found() {
    let corer = Corer::new();
    let folder = tempfile::tempdir().unwrap();
    std::fs::rename(copy_of(&sample("ios5")).keep(), folder.path().join("one")).unwrap();
    let place = folder.path().to_str().unwrap().to_owned();
    let backup = folder.path().join("one").to_str().unwrap().to_owned();
    let verified = || corer.run(&["list", &place, "--json"]).json()["backups"][0]["verified_whole"].clone();
    assert!(verified().is_null());
    corer.run(&["verify", "-b", &backup]).ends_with(0);
    assert_eq!(verified(), true);
    std::fs::write(folder.path().join("one/Manifest.plist"), b"nonsense").unwrap();
    corer.run(&["verify", "-b", &backup, "--quick"]).ends_with(5);
    assert_eq!(verified(), false);
}

/// A backup, somewhere below a folder.
fn put(folder: &std::path::Path, place: &str) {
    let to = folder.join(place);
    std::fs::create_dir_all(to.parent().unwrap()).unwrap();
    std::fs::rename(copy_of(&sample("ios5")).keep(), to).unwrap();
}

fn names(json: &serde_json::Value, folder: &std::path::Path) -> Vec<String> {
    let backups = json["backups"].as_array().unwrap().iter();
    let paths = backups.map(|backup| std::path::PathBuf::from(backup["path"].as_str().unwrap()));
    let mut names: Vec<_> = paths.map(|path| path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

#[test]
fn backups_are_found_as_deep_as_people_put_them() {
    let folder = tempfile::tempdir().unwrap();
    let places =
        ["Backups/ios5", "a/b/c/d", "x", "Apple/MobileSync/Backup/0000", "iMazing/iMazing.Versions/Versions/1"];
    places.iter().for_each(|place| put(folder.path(), place));
    put(folder.path(), "too/deep/to/be/found");
    // Nothing in a backup is looked for, and nothing behind a link or in corer's own folders.
    put(folder.path(), "x/inner");
    put(folder.path(), ".corer-x/files");
    #[cfg(unix)]
    std::os::unix::fs::symlink(folder.path().join("a/b"), folder.path().join("link")).unwrap();
    let corer = Corer::new();
    let answer = corer.run(&["list", "--json", folder.path().to_str().unwrap()]).ends_with(0);
    let mut expected = places.to_vec();
    expected.sort_unstable();
    assert_eq!(names(&answer.json(), folder.path()), expected);
    let stopped = answer.json()["stopped"].clone();
    assert_eq!((stopped.as_array().unwrap().len(), &stopped[0]["bound"]), (1, &serde_json::json!("levels")));
    assert!(answer.stderr.contains("four folders deep") || answer.stderr.contains("4 folders deep"), "{answer:?}");
    // Twice named is found once.
    let deeper = folder.path().join("too/deep");
    let both = ["list", "--json", folder.path().to_str().unwrap(), deeper.to_str().unwrap(), deeper.to_str().unwrap()];
    let answer = corer.run(&both).ends_with(0);
    assert_eq!(names(&answer.json(), folder.path()).len(), places.len() + 1);
}

#[test]
fn a_search_ends_after_so_many_entries_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "many/backup");
    // What lies in a backup costs the search nothing.
    for number in 0..6_000 {
        std::fs::write(folder.path().join(format!("many/backup/{number}")), "").unwrap();
    }
    put(folder.path(), "z/other");
    let corer = Corer::new();
    let list = || corer.run(&["list", "--json", folder.path().to_str().unwrap()]).ends_with(0);
    assert_eq!(names(&list().json(), folder.path()), ["many/backup", "z/other"]);
    assert_eq!(list().json()["stopped"], serde_json::json!([]));
    std::fs::create_dir(folder.path().join("many/files")).unwrap();
    for number in 0..20_100 {
        std::fs::write(folder.path().join(format!("many/files/{number}")), "").unwrap();
    }
    let answer = list();
    assert_eq!(names(&answer.json(), folder.path()), ["many/backup", "z/other"]);
    assert_eq!(answer.json()["stopped"][0]["bound"], "entries");
    assert!(answer.stderr.contains("20000"), "{answer:?}");
}
