//! `corer info`.

use crate::support::{Corer, sample, shared};

#[test]
fn tells_the_device_and_what_is_not_there() {
    let answer = Corer::new().run(&["info", "-b", &sample("ios18")]).ends_with(0);
    for words in ["Mira’s iPhone", "iPhone15,2", "Messages", "Health", "only in encrypted backups", "Tidewatch"] {
        assert!(answer.stdout.contains(words), "{words}: {answer:?}");
    }
}

#[test]
fn without_a_password_says_what_the_plists_say() {
    let corer = Corer::new();
    let args = ["info", "-b", &sample("ios18-encrypted"), "--json"];
    let locked = corer.run(&args).ends_with(0).json();
    assert_eq!((locked["encrypted"].as_bool(), locked["inside"].is_null()), (Some(true), true));
    let open = corer.unlock(&args).ends_with(0).json();
    assert!(open["inside"]["files"].as_u64().unwrap() > 50);
    let held: Vec<&str> =
        open["inside"]["held"].as_array().unwrap().iter().map(|held| held["kind"].as_str().unwrap()).collect();
    assert!(held.contains(&"Health") && held.contains(&"Call history"), "{held:?}");
}

#[test]
fn a_wrong_password_is_said_to_be_wrong() {
    let corer = Corer::new();
    let file = corer.home.path().join("password");
    std::fs::write(&file, "wrong\n").unwrap();
    let args = ["info", "-b", &sample("ios9-encrypted"), "--password-file", file.to_str().unwrap()];
    let answer = corer.run(&args).ends_with(12);
    assert!(answer.stderr.contains("does not open this backup"), "{answer:?}");
    let json = corer.run(&[&args[..], &["--json"]].concat()).ends_with(12);
    let line: serde_json::Value = serde_json::from_str(&json.stderr).unwrap();
    assert_eq!((line["type"].as_str(), line["code"].as_u64()), (Some("error"), Some(12)));
    std::fs::write(&file, "mira-1961\r\n").unwrap();
    corer.run(&args).ends_with(0);
}

#[test]
fn the_password_comes_from_where_it_should() {
    let corer = Corer::new();
    let backup = sample("ios9-encrypted");
    let args = ["files", "ls", "-b", &backup];
    assert_eq!(corer.run(&args).code, 12);
    let with = |name: &str, value: &str| crate::support::Answer::of(corer.command(&args).env(name, value)).code;
    assert_eq!(with("CORER_PASSWORD", crate::support::PASSWORD), 0);
    assert_eq!(with("BACKUP_PASSWORD", crate::support::PASSWORD), 0);
    let mut stdin = corer.command(&[&args[..], &["--password-file", "-"]].concat());
    assert_eq!(crate::support::Answer::of(stdin.write_stdin("mira-1961\n")).code, 0);
    if cfg!(unix) {
        let command = [&args[..], &["--password-command", "printf mira-1961"]].concat();
        assert_eq!(crate::support::Answer::of(corer.command(&command).env("CORER_PASSWORD", "wrong")).code, 0);
    }
}

#[test]
fn what_is_no_backup_ends_with_15_and_what_is_not_there_with_10() {
    let corer = Corer::new();
    let folder = corer.home.path().join("empty");
    std::fs::create_dir(&folder).unwrap();
    assert_eq!(corer.run(&["info", "-b", folder.to_str().unwrap()]).code, 15);
    assert_eq!(corer.run(&["info", "-b", "/does/not/exist"]).code, 10);
    assert_eq!(corer.run(&["info", "-b", &sample("README.md")]).code, 15);
}

#[test]
fn a_real_backup_without_its_manifest_plist() {
    let Some(backup) = shared("manifest-ios14.3") else { return };
    let info = Corer::new().run(&["info", "-b", &backup, "--json"]).ends_with(0).json();
    let inside = &info["inside"];
    assert_eq!([&inside["files"], &inside["directories"], &inside["links"]], [1089, 2618, 14]);
}
