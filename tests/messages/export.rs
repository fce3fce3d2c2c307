//! `corer messages`.

use crate::support::{Answer, Corer, sample, shared};

#[test]
fn a_single_database_of_ios_12_gives_every_message() {
    let Some(database) = shared("messages/ios12.4/sms.db") else { return };
    let corer = Corer::new();
    let lines = corer.run(&["messages", "-b", &database, "--json"]).ends_with(0).json_lines();
    let count = |name: &str| lines.iter().filter(|line| line["type"] == name).count();
    assert_eq!((count("header"), count("chat"), count("message"), count("completion")), (1, 7, 105, 1));
    let out = corer.home.path().join("out");
    corer.run(&["messages", "-b", &database, "-o", out.to_str().unwrap()]).ends_with(0);
    for name in ["index.html", "messages.jsonl", "report.json", "report.txt", "SHA256SUMS"] {
        assert!(out.join(name).exists(), "{name}");
    }
}

#[test]
fn a_database_that_exists_only_in_its_log_gives_all_rows() {
    let Some(database) = shared("messages/ios5/sms.db") else { return };
    let lines = Corer::new().run(&["messages", "-b", &database, "--json"]).ends_with(0).json_lines();
    assert_eq!(lines.iter().filter(|line| line["type"] == "message").count(), 4);
}

#[test]
fn the_same_from_a_backup_a_folder_a_zip_and_a_single_database() {
    let corer = Corer::new();
    let [folder, zip] = ["tree", "tree.zip"].map(|name| corer.home.path().join(name));
    for out in [&folder, &zip] {
        corer.run(&["files", "get", "-b", &sample("ios18"), "-o", out.to_str().unwrap()]).ends_with(0);
    }
    let single = folder.join("HomeDomain/Library/SMS/sms.db");
    let messages = |backup: &str| -> Vec<String> {
        let answer = corer.unlock(&["messages", "-b", backup, "--json"]);
        let texts = answer.json_lines().into_iter().filter(|line| line["type"] == "message");
        texts.map(|line| format!("{} {}", line["id"], line["text"])).collect()
    };
    let expected = messages(&sample("ios18"));
    assert!(expected.len() > 30);
    for other in [folder.as_path(), &zip, &single, sample("ios18-encrypted").as_ref()] {
        assert_eq!(messages(other.to_str().unwrap()), expected, "{}", other.display());
    }
}

#[test]
fn a_selection_means_the_same_with_and_without_output() {
    let corer = Corer::new();
    let backup = sample("ios18");
    let choice = ["--since", "2019-03-02", "--until", "2019-03-02", "--tz", "UTC"];
    let shown = corer.run(&[&["messages", "-b", &backup, "--json"], &choice[..]].concat()).ends_with(0);
    let out = corer.home.path().join("out");
    let export = ["messages", "-b", &backup, "-o", out.to_str().unwrap(), "-f", "jsonl"];
    corer.run(&[&export[..], &choice[..]].concat()).ends_with(0);
    let ids = |text: &str| -> Vec<String> {
        let lines = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        lines.filter(|line| line["type"] == "message").map(|line| line["id"].to_string()).collect()
    };
    let written = std::fs::read_to_string(out.join("messages.jsonl")).unwrap();
    assert!(!ids(&written).is_empty());
    assert_eq!(ids(&written), ids(&shown.stdout));
    assert!(!out.join("index.html").exists(), "only the format that was asked for");
    let stream = corer.run(&[&["messages", "-b", &backup, "-f", "jsonl", "-o", "-"], &choice[..]].concat());
    assert_eq!(stream.ends_with(0).stdout, shown.stdout);
}

/// The values of a field, one of each record of a type.
fn values(answer: &Answer, kind: &str, field: impl Fn(&serde_json::Value) -> serde_json::Value) -> Vec<String> {
    let records = answer.json_lines().into_iter().filter(|record| record["type"] == kind);
    records.map(|record| field(&record).as_str().unwrap_or("-").to_owned()).collect()
}

#[test]
fn people_go_by_their_names() {
    let corer = Corer::new();
    let backup = sample("ios18");
    let answer = corer.run(&["messages", "-b", &backup, "--json"]).ends_with(0);
    let titles = values(&answer, "chat", |chat| chat["title"].clone());
    for title in
        ["Anna Kowalczyk", "Mum \u{2764}\u{fe0f}", "\u{623}\u{645}\u{644} \u{62d}\u{62f}\u{627}\u{62f}", "22000"]
    {
        assert!(titles.iter().any(|own| own == title), "{title} in {titles:?}");
    }
    let senders = values(&answer, "message", |message| message["sender"]["name"].clone());
    assert!(
        senders.iter().any(|name| name == "Anna Kowalczyk") && senders.iter().any(|name| name == "Jonas M\u{fc}ller")
    );
    let shown = corer.run(&["messages", "-b", &backup, "--with", "22000"]).ends_with(0).stdout;
    assert!(shown.starts_with("22000\n"), "{shown}");
}

#[test]
fn with_a_person_finds_all_that_is_theirs() {
    let corer = Corer::new();
    let backup = sample("ios18");
    let ids = |who: &str| -> Vec<String> {
        let answer = corer.run(&["messages", "-b", &backup, "--with", who, "--json"]).ends_with(0);
        answer.json_lines().iter().filter(|line| line["type"] == "chat").map(|chat| chat["id"].to_string()).collect()
    };
    let anna = ids("Anna");
    // Her iMessages and text messages are one conversation, as on the phone. She is in two groups.
    assert_eq!(anna, ["0", "2", "3", "12"]);
    // By the name on her other card, her number as her friends dial it, and her mail address.
    for who in ["ania", "KOWALCZYK", "(415) 555-0134", "anna.kowalczyk@example.com"] {
        assert_eq!(ids(who), anna, "{who}");
    }
    assert_eq!(ids("muller"), ids("Müller"));
}

#[test]
fn folders_and_pages_go_by_names_too() {
    let corer = Corer::new();
    let out = corer.home.path().join("out");
    let backup = sample("ios18");
    let export = ["messages", "-b", &backup, "--with", "Anna", "--no-merge", "-o", out.to_str().unwrap()];
    corer.run(&export).ends_with(0);
    let folders: Vec<String> =
        std::fs::read_dir(&out).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    let own: Vec<_> = folders.iter().filter(|name| name.starts_with("Anna Kowalczyk")).collect();
    assert_eq!(own.len(), 2, "{folders:?}");
    for folder in own {
        let page = std::fs::read_to_string(out.join(folder).join("index.html")).unwrap();
        assert!(page.contains("<title>Anna Kowalczyk"), "{folder}");
    }
}

#[test]
fn an_address_book_that_cannot_be_read_costs_the_names_and_is_named() {
    let corer = Corer::new();
    let tree = corer.home.path().join("tree");
    let tree_name = tree.to_str().unwrap();
    corer.run(&["files", "get", "-b", &sample("ios18"), "-o", tree_name]).ends_with(0);
    let book = tree.join("HomeDomain/Library/AddressBook/AddressBook.sqlitedb");
    std::fs::write(&book, "no database at all".repeat(1000)).unwrap();
    let answer = corer.run(&["messages", "-b", tree_name]).ends_with(3);
    assert!(answer.stdout.contains("+14155550134: Got your number"), "{}", answer.stdout);
    assert!(answer.stderr.contains("the address book"), "{}", answer.stderr);
    // Nobody of that name is known, and perhaps only because of the damage.
    corer.run(&["messages", "-b", tree_name, "--with", "Kowalczyk Anna"]).ends_with(3);
    for entry in std::fs::read_dir(book.parent().unwrap()).unwrap() {
        std::fs::remove_file(entry.unwrap().path()).unwrap();
    }
    let answer = corer.run(&["messages", "-b", tree_name]).ends_with(0);
    assert!(answer.stdout.contains("+14155550134: Got your number"), "a device without contacts");
}

#[test]
fn one_file_of_records_holds_what_is_printed() {
    let corer = Corer::new();
    let backup = sample("ios18");
    let file = corer.home.path().join("mia.jsonl");
    corer.run(&["messages", "-b", &backup, "--me", "Mia", "-o", file.to_str().unwrap()]).ends_with(0);
    let shown = corer.run(&["messages", "-b", &backup, "--me", "Mia", "--json"]).ends_with(0).stdout;
    assert_eq!(std::fs::read_to_string(&file).unwrap(), shown);
    corer.run(&["messages", "-b", &backup, "-f", "csv", "-o", file.to_str().unwrap()]).ends_with(2);
}

#[test]
fn kinds_that_were_asked_for_are_all_that_is_shown() {
    let corer = Corer::new();
    let backup = sample("ios18");
    let count = |choice: &[&str]| {
        let answer = corer.run(&[&["messages", "-b", &backup, "--json"], choice].concat()).ends_with(0);
        answer.json_lines().iter().filter(|line| line["type"] == "message").count()
    };
    let all = count(&[]);
    let (some, others) = (count(&["--only", "attachment"]), count(&["--skip", "attachment"]));
    assert!(some > 0 && others > 0 && some + others == all, "{some} and {others} of {all}");
    assert_eq!(count(&["--has", "attachment"]), some);
    corer.run(&["messages", "-b", &backup, "--only", "nonsense"]).ends_with(2);
}

#[test]
fn nothing_matched_ends_with_4_and_writes_nothing() {
    let corer = Corer::new();
    let out = corer.home.path().join("out");
    let backup = sample("ios18");
    let args = ["messages", "-b", &backup, "--with", "nobody at all", "-o", out.to_str().unwrap()];
    corer.run(&args).ends_with(4);
    assert!(!out.exists());
    corer.run(&["messages", "-b", &backup, "--since", "2040-01-01"]).ends_with(4);
}

#[test]
fn dates_that_make_no_sense_are_wrong_usage() {
    let corer = Corer::new();
    let backup = sample("ios18");
    corer.run(&["messages", "-b", &backup, "--since", "yesterday"]).ends_with(2);
    corer.run(&["messages", "-b", &backup, "--since", "2020-01-01", "--until", "2019-01-01"]).ends_with(2);
    corer.run(&["messages", "-b", &backup, "--tz", "Mars/Base"]).ends_with(2);
    corer.run(&["messages", "-b", &backup, "-o", "-"]).ends_with(2);
}

#[test]
fn a_link_into_an_encrypted_backup_or_an_archive_is_refused() {
    let corer = Corer::new();
    let out = corer.home.path().join("out");
    let zip = corer.home.path().join("tree.zip");
    corer.run(&["files", "get", "-b", &sample("ios18"), "-o", zip.to_str().unwrap()]).ends_with(0);
    for (backup, why) in [(sample("ios18-encrypted"), "encrypted"), (zip.to_str().unwrap().to_owned(), "archive")] {
        let args = ["messages", "-b", &backup, "--attachments", "link", "-o", out.to_str().unwrap()];
        let answer = corer.unlock(&args).ends_with(2);
        assert!(answer.stderr.contains(why) && answer.stderr.contains("--attachments none"), "{}", answer.stderr);
        assert!(!out.exists());
    }
}

#[test]
fn a_link_leads_to_the_file_in_the_backup() {
    let corer = Corer::new();
    let out = corer.home.path().join("out");
    let args = ["messages", "-b", &sample("ios18"), "--attachments", "link", "-o", out.to_str().unwrap()];
    corer.run(&args).ends_with(0);
    let records = std::fs::read_to_string(out.join("messages.jsonl")).unwrap();
    let mut linked = 0;
    for record in records.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()) {
        for file in record["attachments"].as_array().into_iter().flatten().filter(|file| file["status"] == "linked") {
            let place = file["path"].as_str().unwrap().strip_prefix("file://").unwrap();
            assert!(std::path::Path::new(place).is_file(), "{place}");
            linked += 1;
        }
    }
    assert!(linked > 10, "{linked}");
    assert!(!out.join("attachments").exists());
}

#[test]
fn pictures_that_move_stay_as_they_are_when_others_are_converted() {
    let corer = Corer::new();
    let tree = corer.home.path().join("tree");
    corer.run(&["files", "get", "-b", &sample("ios18"), "-o", tree.to_str().unwrap()]).ends_with(0);
    // The beginnings of an animated GIF and of an animated PNG, in place of two photos of one conversation.
    let moving: [&[u8]; 2] = [
        b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0;",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\x08acTL",
    ];
    let mut photos = Vec::new();
    for name in ["genmoji.png", "memoji.png"] {
        photos.push(find(&tree, name).unwrap());
    }
    for (photo, bytes) in photos.iter().zip(moving) {
        std::fs::write(photo, bytes).unwrap();
    }
    let out = corer.home.path().join("out");
    let args = ["messages", "-b", tree.to_str().unwrap(), "--convert", "web", "-o", out.to_str().unwrap()];
    corer.run(&args).ends_with(0);
    let saved: Vec<_> = std::fs::read_dir(out.join("attachments")).unwrap().map(|file| file.unwrap().path()).collect();
    for bytes in moving {
        assert!(saved.iter().any(|file| std::fs::read(file).unwrap() == bytes), "kept as it is");
    }
    let converted = saved.iter().filter(|file| file.to_str().unwrap().contains("genmoji"));
    assert_eq!(converted.count(), 1, "and nothing made of it");
}

/// The file of this name somewhere in a folder.
fn find(folder: &std::path::Path, name: &str) -> Option<std::path::PathBuf> {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).find_map(|path| match path.is_dir() {
        true => find(&path, name),
        false => path.ends_with(name).then_some(path),
    })
}

#[test]
fn a_terminal_gets_no_control_characters() {
    for backup in ["ios18", "hostile/sms-html", "hostile/sms-strangers", "hostile/sms-chat-names"] {
        let shown = Corer::new().run(&["messages", "-b", &sample(backup)]);
        assert!(shown.stdout.lines().count() > 10, "{backup}");
        let turns = |c| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        for out in [&shown.stdout, &shown.stderr] {
            let bad: Vec<char> = out.chars().filter(|c| (c.is_control() && *c != '\n') || turns(*c)).collect();
            assert!(bad.is_empty(), "{backup}: {bad:?}");
        }
    }
}

#[test]
fn a_table_alone_is_that_of_a_folder_without_attachments() {
    let corer = Corer::new();
    let (folder, file) = (corer.home.path().join("folder"), corer.home.path().join("m.csv"));
    let run = |more: &[&str]| corer.run(&[&["messages", "-b", &sample("ios18"), "--tz", "UTC"], more].concat());
    run(&["-f", "csv", "--attachments", "none", "-o", folder.to_str().unwrap()]).ends_with(0);
    run(&["-o", file.to_str().unwrap()]).ends_with(0);
    let read = |path: &std::path::Path| std::fs::read_to_string(path).unwrap();
    assert_eq!(read(&file), read(&folder.join("messages.csv")));
    let stdout = run(&["-f", "csv", "-o", "-"]).ends_with(0).stdout;
    assert_eq!(stdout, read(&file));
    let refused = run(&["--layout", "imazing", "-o", file.to_str().unwrap(), "--overwrite"]).ends_with(2);
    assert!(refused.stderr.contains("need a folder"), "{}", refused.stderr);
}
