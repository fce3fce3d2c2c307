//! `corer voicemail`, and the sounds of messages, which are played in the same way.

use crate::support::{Answer, Corer, sample, shared};
use serde_json::Value;

fn voicemails(answer: &Answer) -> Vec<Value> {
    answer.json_lines().into_iter().filter(|record| record["type"] == "voicemail").collect()
}

#[test]
fn callers_words_and_marks_are_told() {
    let found =
        voicemails(&Corer::new().unlock(&["voicemail", "-b", &sample("ios18-encrypted"), "--json"]).ends_with(0));
    let field = |name: &str| found.iter().map(|voicemail| voicemail[name].clone()).collect::<Vec<_>>();
    assert_eq!(field("state"), ["kept", "kept", "trashed"]);
    assert_eq!(field("transcript")[..2], ["It is Mum. Call me.", "Your appointment is on Tuesday."]);
    assert_eq!(field("name")[0], "Mum \u{2764}\u{fe0f}");
    assert_eq!(field("trashed")[2], "2016-09-02T08:00:00+00:00");
    assert_eq!(field("line")[0], "Primary");
    let old = voicemails(&Corer::new().run(&["voicemail", "-b", &sample("ios5"), "--json"]).ends_with(0));
    assert_eq!((old.len(), &old[0]["transcript"]), (1, &Value::Null));
}

#[test]
fn sounds_come_out_as_they_are_and_as_wav() {
    let corer = Corer::new();
    let out = corer.home.path().join("out");
    let export = ["voicemail", "-b", &sample("ios18-encrypted"), "-f", "html,csv,jsonl", "-o", out.to_str().unwrap()];
    corer.unlock(&export).ends_with(0);
    let records = std::fs::read_to_string(out.join("voicemail.jsonl")).unwrap();
    let saved: Vec<Value> = records.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut seconds = Vec::new();
    for sound in saved.iter().filter(|record| record["type"] == "voicemail").map(|record| &record["sound"]) {
        let amr = std::fs::read(out.join(sound["path"].as_str().unwrap())).unwrap();
        assert!(amr.starts_with(b"#!AMR\n") && amr.len() as u64 == sound["size"].as_u64().unwrap());
        let wav = std::fs::read(out.join(sound["wav"].as_str().unwrap())).unwrap();
        assert!(wav.starts_with(b"RIFF") && wav[8..12] == *b"WAVE");
        seconds.push((wav.len() - 44) / 16_000);
    }
    assert_eq!(seconds, [3, 5, 1]);
    let page = std::fs::read_to_string(out.join("voicemail.html")).unwrap();
    assert_eq!(page.matches("<audio").count(), 3);
    assert!(page.contains("browsers do not play"));
    for src in page.split("src=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(src.starts_with("audio/") && src.ends_with(".wav") && !src.contains(' '), "{src}");
    }
}

#[test]
fn a_selection_and_single_files() {
    let corer = Corer::new();
    let backup = sample("ios9");
    let count =
        |choice: &[&str]| voicemails(&corer.run(&[&["voicemail", "-b", &backup, "--json"], choice].concat())).len();
    assert_eq!((count(&[]), count(&["--with", "Mum"]), count(&["--since", "2016-01-01"])), (3, 1, 2));
    let table = corer.home.path().join("v.csv");
    corer.run(&["voicemail", "-b", &backup, "-o", table.to_str().unwrap()]).ends_with(0);
    assert_eq!(std::fs::read_to_string(&table).unwrap().lines().count(), 4);
    corer.run(&["voicemail", "-b", &backup, "--with", "Nobody"]).ends_with(4);
    corer.unlock(&["voicemail", "-b", &sample("odd-missing")]).ends_with(4);
}

#[test]
fn a_real_database_without_voicemail_is_no_error() {
    let Some(database) = shared("ios15.3.1/HomeDomain/Library/Voicemail/voicemail.db") else { return };
    let answer = Corer::new().run(&["voicemail", "-b", &database]).ends_with(4);
    assert!(answer.stderr.contains("no voicemail"), "{answer:?}");
}

#[test]
fn a_lost_sound_is_a_gap_and_one_at_the_carrier_is_none() {
    let corer = Corer::new();
    let tree = corer.home.path().join("tree");
    corer
        .run(&["files", "get", "-b", &sample("ios9"), "HomeDomain/Library/Voicemail/**", "-o", tree.to_str().unwrap()])
        .ends_with(0);
    let folder = tree.join("HomeDomain/Library/Voicemail");
    std::fs::remove_file(folder.join("2.amr")).unwrap();
    std::fs::write(folder.join("1.amr"), b"#!AMR\n\x50").unwrap();
    std::fs::write(folder.join("Greeting.amr"), b"#!AMR\n\x7c\x7c").unwrap();
    let out = corer.home.path().join("out");
    let export = ["voicemail", "-b", tree.to_str().unwrap(), "-o", out.to_str().unwrap()];
    corer.run(&export).ends_with(0);
    corer.run(&[&export[..], &["--overwrite", "--strict"]].concat()).ends_with(3);
    let report = std::fs::read_to_string(out.join("report.txt")).unwrap();
    assert!(report.contains("stayed with the carrier") && report.contains("does not play in browsers"), "{report}");
    let table = std::fs::read_to_string(out.join("voicemail.csv")).unwrap();
    assert!(table.contains("Greeting") && table.contains("not in the list"), "{table}");
}

/// A folder of domains with two voicemails and the sounds that are given.
fn tree_with(corer: &Corer, sounds: &[(&str, &[u8])]) -> String {
    let tree = corer.home.path().join("tree");
    let folder = tree.join("HomeDomain/Library/Voicemail");
    std::fs::create_dir_all(&folder).unwrap();
    let database = rusqlite::Connection::open(folder.join("voicemail.db")).unwrap();
    database
        .execute_batch(
            "CREATE TABLE voicemail (ROWID INTEGER PRIMARY KEY, date, sender, duration, trashed_date);
             INSERT INTO voicemail VALUES (1, 1500000000, '+14155550101', 5, 0), (2, 1500000100, '+14155550102', 5, 0)",
        )
        .unwrap();
    for (name, bytes) in sounds {
        std::fs::write(folder.join(name), bytes).unwrap();
    }
    tree.to_str().unwrap().to_owned()
}

#[test]
fn every_sound_of_a_row_is_saved_whatever_its_type() {
    let corer = Corer::new();
    let film = b"\0\0\0\x10ftypM4A \0\0\0\0";
    let sounds = [("1.amr", &b"#!AMR\n\x7c\x7c"[..]), ("1.m4a", film), ("2.mp4", film)];
    let tree = tree_with(&corer, &sounds);
    let out = corer.home.path().join("out");
    corer.run(&["voicemail", "-b", &tree, "-o", out.to_str().unwrap(), "-f", "html,csv,jsonl"]).ends_with(0);
    let mut names: Vec<String> = std::fs::read_dir(out.join("audio"))
        .unwrap()
        .map(|entry| entry.unwrap().path().extension().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["amr", "m4a", "mp4", "wav"]);
    let records = std::fs::read_to_string(out.join("voicemail.jsonl")).unwrap();
    let records: Vec<serde_json::Value> = records.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(records[1]["sound"]["path"].as_str().unwrap().ends_with(".amr"));
    assert!(records[1]["sound"]["others"][0]["path"].as_str().unwrap().ends_with(".m4a"));
    assert!(records[2]["sound"]["path"].as_str().unwrap().ends_with(".mp4"));
    let said = std::fs::read_to_string(out.join("report.txt")).unwrap();
    assert!(!said.contains("carrier"), "{said}");
    let page = std::fs::read_to_string(out.join("voicemail.html")).unwrap();
    assert_eq!(page.matches("<audio").count(), 3);
}

#[test]
fn frames_without_end_become_two_hours_and_the_report_says_so() {
    let corer = Corer::new();
    let sound = [&b"#!AMR\n"[..], &vec![0x7c; 1 << 20]].concat();
    let tree = tree_with(&corer, &[("1.amr", &sound)]);
    let out = corer.home.path().join("out");
    corer.run(&["voicemail", "-b", &tree, "-o", out.to_str().unwrap()]).ends_with(0);
    let size = |extension: &str| {
        let mut files = std::fs::read_dir(out.join("audio")).unwrap().map(|entry| entry.unwrap().path());
        files.find(|path| path.extension().is_some_and(|is| is == extension)).unwrap().metadata().unwrap().len()
    };
    assert_eq!((size("amr"), size("wav")), (sound.len() as u64, 44 + 2 * 3_600 * 16_000));
    let said = std::fs::read_to_string(out.join("report.txt")).unwrap();
    assert!(said.contains("longer than 2 hours"), "{said}");
}

/// Opus in CAF: packets of 20 ms, each of so many bytes, their sizes before them.
fn opus_in_caf(packets: usize, size: u8) -> Vec<u8> {
    let chunk = |kind: &[u8; 4], content: &[u8]| [&kind[..], &(content.len() as i64).to_be_bytes(), content].concat();
    let numbers = |numbers: &[u32]| numbers.iter().flat_map(|number| number.to_be_bytes()).collect::<Vec<u8>>();
    let desc = [&48_000_f64.to_be_bytes()[..], b"opus", &numbers(&[0, 0, 960, 1, 0])].concat();
    let head = [&(packets as i64).to_be_bytes()[..], &(packets as i64 * 960).to_be_bytes(), &[0; 8]].concat();
    let table = [head, vec![size; packets]].concat();
    // The first byte says 20 ms of one channel; silence is a packet of nothing else.
    let packet = [&[0xf8][..], &vec![0; usize::from(size) - 1]].concat();
    let data = [vec![0; 4], packet.repeat(packets)].concat();
    [b"caff\0\x01\0\0".to_vec(), chunk(b"desc", &desc), chunk(b"pakt", &table), chunk(b"data", &data)].concat()
}

/// A folder of domains with one conversation, in which each of these files was sent.
fn messages_with(corer: &Corer, files: &[(&str, Vec<u8>)]) -> String {
    let tree = corer.home.path().join("messages");
    let (texts, sent) = (tree.join("HomeDomain/Library/SMS"), tree.join("MediaDomain/Library/SMS/Attachments/aa"));
    std::fs::create_dir_all(&texts).unwrap();
    std::fs::create_dir_all(&sent).unwrap();
    let database = rusqlite::Connection::open(texts.join("sms.db")).unwrap();
    database
        .execute_batch(
            "CREATE TABLE message (ROWID INTEGER PRIMARY KEY, guid, text, handle_id, date, is_from_me, service);
             CREATE TABLE handle (ROWID INTEGER PRIMARY KEY, id, service);
             CREATE TABLE chat (ROWID INTEGER PRIMARY KEY, guid, style, chat_identifier, service_name);
             CREATE TABLE chat_handle_join (chat_id, handle_id);
             CREATE TABLE chat_message_join (chat_id, message_id);
             CREATE TABLE attachment (ROWID INTEGER PRIMARY KEY, guid, filename, mime_type, transfer_name);
             CREATE TABLE message_attachment_join (message_id, attachment_id);
             INSERT INTO handle VALUES (1, '+14155550101', 'iMessage');
             INSERT INTO chat VALUES (1, 'iMessage;-;+14155550101', 45, '+14155550101', 'iMessage');
             INSERT INTO chat_handle_join VALUES (1, 1);",
        )
        .unwrap();
    for (row, (name, bytes)) in (1_i64..).zip(files) {
        std::fs::write(sent.join(name), bytes).unwrap();
        let date = (600_000_000 + row) * 1_000_000_000;
        let message = "INSERT INTO message VALUES (?1, 'm' || ?1, char(65532), 1, ?2, 0, 'iMessage')";
        database.execute(message, (row, date)).unwrap();
        database.execute("INSERT INTO chat_message_join VALUES (1, ?1)", [row]).unwrap();
        database.execute("INSERT INTO message_attachment_join VALUES (?1, ?1)", [row]).unwrap();
        let place = format!("~/Library/SMS/Attachments/aa/{name}");
        let attachment = "INSERT INTO attachment VALUES (?1, 'a' || ?1, ?2, 'audio/x', ?3)";
        database.execute(attachment, (row, place, name)).unwrap();
    }
    tree.to_str().unwrap().to_owned()
}

#[test]
fn a_sound_of_a_message_plays_or_has_a_note_and_no_dead_player() {
    let corer = Corer::new();
    let opus = opus_in_caf(100, 40);
    let files = [
        ("opus.caf", opus.clone()),
        ("cut.caf", opus[..opus.len() - 1_990].to_vec()),
        ("narrow.amr", [&b"#!AMR\n"[..], &[0x7c; 50]].concat()),
        ("wide.caf", [&b"#!AMR-WB\n"[..], &[0x7c; 50]].concat()),
        ("nothing.caf", b"nothing".to_vec()),
    ];
    let tree = messages_with(&corer, &files);
    let out = corer.home.path().join("out");
    let export = ["messages", "-b", &tree, "-o", out.to_str().unwrap(), "-f", "html,jsonl"];
    corer.run(&export).ends_with(0);
    let records = std::fs::read_to_string(out.join("messages.jsonl")).unwrap();
    let records: Vec<serde_json::Value> = records.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let sent = records.iter().filter(|record| record["type"] == "message").map(|record| &record["attachments"][0]);
    let copies: Vec<Option<&str>> = sent.map(|file| file["converted"].as_str()).collect();
    for (copy, beginning) in copies.iter().zip([&b"OggS"[..], b"OggS", b"RIFF", b"RIFF"]) {
        assert!(std::fs::read(out.join(copy.unwrap())).unwrap().starts_with(beginning), "{copies:?}");
    }
    assert_eq!((copies.len(), copies[4]), (5, None));
    let page = std::fs::read_to_string(out.join("+14155550101/index.html")).unwrap();
    assert_eq!((page.matches("<audio").count(), page.matches("class=note").count()), (4, 2));
    for copy in copies.iter().flatten() {
        let name = copy.rsplit_once('/').unwrap().1;
        assert!(page.contains(&format!("attachments/{name}\"")), "{name}");
    }
    // The name and the size are those of the original, which is linked once, whatever plays above it.
    for (name, _) in &files {
        assert_eq!(page.matches(&format!("<bdi>{name}</bdi> <small>")).count(), 1, "{name}");
    }
    let said = std::fs::read_to_string(out.join("report.txt")).unwrap();
    assert!(said.contains("cut.caf") && said.contains("breaks off after 1 second"), "{said}");
    // A second run finds all of it there.
    let before = crate::support::content(&out);
    corer.run(&[&export[..], &["--update"]].concat()).ends_with(0);
    assert_eq!(crate::support::content(&out), before);
}
