//! Exports of messages and of WhatsApp that are brought up to date with databases that lost, changed and found something.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Answer, Corer, sample, shared};
use crate::updating::files;
use rusqlite::Connection;
use serde_json::Value;
use tempfile::TempDir;

/// The messages of a folder, in its order.
fn messages(folder: &Path) -> Vec<Value> {
    let lines = fs::read_to_string(folder.join("messages.jsonl")).unwrap();
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|record| record["type"] == "message").collect()
}

/// A plain tree of an iOS 5 device, whose messages can be changed.
fn tree_of_messages(corer: &Corer) -> TempDir {
    let tree = tempfile::tempdir().unwrap();
    let (backup, out) = (sample("ios5"), tree.path().to_str().unwrap().to_owned());
    corer.run(&["files", "get", "HomeDomain/Library/SMS/**", "-b", &backup, "-o", &out, "--overwrite"]).ends_with(0);
    tree
}

#[test]
fn messages_that_the_phone_deleted_stay_and_are_marked() {
    let corer = Corer::new();
    let tree = tree_of_messages(&corer);
    let database = tree.path().join("HomeDomain/Library/SMS/sms.db");
    let sql = |sql: &str| Connection::open(&database).unwrap().execute_batch(sql).unwrap();
    let (folder, backup) = (tempfile::tempdir().unwrap(), tree.path().to_str().unwrap().to_owned());
    let out = folder.path().join("messages");
    let export = |more: &[&str]| {
        let out = out.to_str().unwrap().to_owned();
        corer.run(&[&["messages", "-b", &backup, "-o", &out], more].concat())
    };
    export(&["-f", "html,csv,jsonl,txt"]).ends_with(0);
    let before = messages(&out);
    let chats = before.iter().map(|own| own["chat_id"].as_i64().unwrap());
    let chats: std::collections::BTreeSet<i64> = chats.collect();
    assert!(chats.len() > 1 && before.len() > chats.len());
    // All but the last row goes, and with it every conversation but one.
    sql(
        "CREATE TABLE kept AS SELECT max(ROWID) AS id FROM message; DELETE FROM message WHERE ROWID NOT IN (SELECT id FROM kept);",
    );
    export(&["--update"]).ends_with(0);
    let after = messages(&out);
    let marked = after.iter().filter(|own| own["lacking"]["of"] == "backup").count();
    assert_eq!((after.len(), marked), (before.len(), before.len() - 1));
    let said = |all: &[Value]| {
        let mut said: Vec<String> = all.iter().map(|own| format!("{} {}", own["date"], own["text"])).collect();
        said.sort();
        said
    };
    assert_eq!(said(&after), said(&before));
    let texts: Vec<String> = crate::support::picture(&out)
        .into_iter()
        .filter(|(path, _)| path.extension().is_some_and(|ending| ending == "txt" || ending == "html"))
        .filter(|(path, _)| path.components().count() > 1)
        .filter_map(|(_, (content, _))| content.map(|bytes| String::from_utf8(bytes).unwrap()))
        .collect();
    let marks = |ending: &str| {
        texts
            .iter()
            .filter(|text| text.starts_with(ending))
            .map(|text| text.matches("Not in a backup without a date").count())
            .sum::<usize>()
    };
    assert_eq!(marks("<!doctype html>") + marks("<!DOCTYPE html>"), before.len() - 1, "in the pages");
    assert_eq!(
        texts.iter().map(|text| text.matches("Not in a backup without a date").count()).sum::<usize>(),
        2 * (before.len() - 1)
    );
    assert_eq!(
        fs::read_to_string(out.join("messages.csv")).unwrap().matches("Not in a backup without a date").count(),
        before.len() - 1
    );
    let pages = files(&out);
    export(&["--update"]).ends_with(0);
    assert!(pages == files(&out), "the same again writes nothing");
    let refused = export(&["-f", "html,csv,jsonl,txt", "--overwrite"]).ends_with(2);
    let count = before.len() - 1;
    assert!(
        refused.stderr.contains(&format!("The folder holds {count} messages that this backup lacks")),
        "{}",
        refused.stderr
    );
}

#[test]
fn messages_that_came_and_went_between_two_real_backups_are_all_there() {
    let Some(case) = shared("../cases/messages-update-drops-deleted") else { return };
    let (corer, folder) = (Corer::new(), tempfile::tempdir().unwrap());
    let out = folder.path().join("messages").to_str().unwrap().to_owned();
    for (which, more) in [("upA", ["-f", "html,jsonl,csv,txt"].as_slice()), ("upB", &["--update"])] {
        let backup = format!("{case}/{which}");
        corer.run(&[&["messages", "-b", &backup, "-o", &out], more].concat()).ends_with(0);
    }
    let database = Connection::open(format!("{case}/upA/HomeDomain/Library/SMS/sms.db")).unwrap();
    let count: i64 = database.query_row("SELECT count(*) FROM message", [], |row| row.get(0)).unwrap();
    let found = messages(Path::new(&out));
    assert_eq!(found.len() as i64, count);
    assert_eq!(found.iter().filter(|own| own.get("lacking").is_some()).count(), 9);
}

/// The messages of a sample, whose database can be changed, and an export of them.
struct Phone {
    corer: Corer,
    tree: TempDir,
    database: PathBuf,
    command: &'static str,
}

impl Phone {
    fn new(command: &'static str, files: &str, database: &str) -> Self {
        let (corer, tree) = (Corer::new(), tempfile::tempdir().unwrap());
        let (backup, out) = (sample("ios18"), tree.path().to_str().unwrap());
        corer.run(&["files", "get", files, "-b", &backup, "-o", out, "--overwrite"]).ends_with(0);
        let database = tree.path().join(database);
        // Rows are removed one by one here, and nothing goes with them.
        let connection = Connection::open(&database).unwrap();
        let mut triggers = connection.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").unwrap();
        let names: Vec<String> = triggers.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        names.iter().for_each(|name| connection.execute_batch(&format!("DROP TRIGGER {name}")).unwrap());
        drop(triggers);
        drop(connection);
        Self { corer, tree, database, command }
    }

    fn messages() -> Self {
        Self::new("messages", "HomeDomain/Library/SMS/**", "HomeDomain/Library/SMS/sms.db")
    }

    fn sql(&self, sql: &str) -> &Self {
        Connection::open(&self.database).unwrap().execute_batch(sql).unwrap();
        self
    }

    fn count(&self, sql: &str) -> usize {
        let count: i64 = Connection::open(&self.database).unwrap().query_row(sql, [], |row| row.get(0)).unwrap();
        usize::try_from(count).unwrap()
    }

    fn out(&self) -> PathBuf {
        self.corer.home.path().join("out")
    }

    fn export(&self, more: &[&str]) -> Answer {
        let (backup, out) = (self.tree.path().to_str().unwrap().to_owned(), self.out().to_str().unwrap().to_owned());
        self.corer.run(&[&[self.command, "-b", &backup, "-o", &out], more].concat())
    }

    fn lacking(&self, of: &str) -> usize {
        messages(&self.out()).iter().filter(|own| own["lacking"]["of"] == of).count()
    }
}

/// Removes what somebody reacted to.
const WITHOUT_TARGETS: &str = "
    DELETE FROM message WHERE guid IN
        (SELECT substr(associated_message_guid, instr(associated_message_guid, '/') + 1) FROM message
         WHERE associated_message_type BETWEEN 2000 AND 2999);";

#[test]
fn a_reaction_that_stood_alone_goes_to_its_message_when_that_comes_back() {
    let phone = Phone::messages();
    phone.export(&["-f", "jsonl"]).ends_with(0);
    let whole = messages(&phone.out()).len();
    fs::remove_dir_all(phone.out()).unwrap();
    let before = fs::read(&phone.database).unwrap();
    phone.sql(WITHOUT_TARGETS);
    phone.export(&["-f", "jsonl"]).ends_with(0);
    let alone = messages(&phone.out()).iter().filter(|own| own["kind"] == "tapback").count();
    assert!(alone > 0);
    fs::write(&phone.database, before).unwrap();
    phone.export(&["--update"]).ends_with(0);
    assert_eq!((messages(&phone.out()).len(), phone.lacking("backup")), (whole, 0));
}

#[test]
fn what_was_edited_or_taken_back_is_lost_only_by_asking() {
    let phone = Phone::messages();
    phone.export(&["-f", "jsonl"]).ends_with(0);
    phone.sql(
        "UPDATE message SET text = 'Something else', attributedBody = NULL
         WHERE ROWID = (SELECT min(ROWID) FROM message WHERE text <> '' AND associated_message_guid IS NULL);",
    );
    let refused = phone.export(&["-f", "jsonl", "--overwrite"]).ends_with(2);
    assert!(refused.stderr.contains("1 earlier version that this backup lacks"), "{}", refused.stderr);
    phone.sql("DELETE FROM message WHERE associated_message_type BETWEEN 2000 AND 2999;");
    let refused = phone.export(&["-f", "jsonl", "--overwrite"]).ends_with(2);
    assert!(refused.stderr.contains("parts (such as files or reactions) of "), "{}", refused.stderr);
    phone.export(&["-f", "jsonl", "--mirror", "--yes"]).ends_with(0);
    let mirrored = messages(&phone.out());
    fs::remove_dir_all(phone.out()).unwrap();
    phone.export(&["-f", "jsonl"]).ends_with(0);
    assert_eq!(mirrored, messages(&phone.out()), "a mirror takes them out, too");
}

#[test]
fn a_message_that_lost_its_conversation_stays_in_it() {
    let phone = Phone::messages();
    phone.export(&["-f", "jsonl"]).ends_with(0);
    let place = |id: &str| {
        let all = messages(&phone.out());
        all.iter().find(|own| own["guid"] == id).map(|own| own["chat_id"].clone()).unwrap()
    };
    let own = "SELECT m.guid FROM message m JOIN chat_message_join j ON j.message_id = m.ROWID
        WHERE m.associated_message_guid IS NULL ORDER BY m.ROWID LIMIT 1";
    let id: String = Connection::open(&phone.database).unwrap().query_row(own, [], |row| row.get(0)).unwrap();
    let (before, all) = (place(&id), messages(&phone.out()).len());
    phone.sql(&format!(
        "DELETE FROM chat_message_join WHERE message_id = (SELECT ROWID FROM message WHERE guid = '{id}');"
    ));
    phone.export(&["--update"]).ends_with(0);
    assert_eq!((place(&id), messages(&phone.out()).len(), phone.lacking("backup")), (before, all, 0));
}

#[test]
fn of_one_conversation_what_lost_it_is_not_missing() {
    let phone = Phone::messages();
    let listed = phone.corer.run(&["messages", "-b", phone.tree.path().to_str().unwrap(), "--json"]).ends_with(0);
    let chats = listed.json_lines().into_iter().filter(|own| own["type"] == "chat" && own["is_group"] == false);
    let chat = chats.max_by_key(|own| own["id"].as_i64()).unwrap();
    phone.export(&["-f", "jsonl", "--chat", chat["guid"].as_str().unwrap()]).ends_with(0);
    let all = messages(&phone.out()).len();
    phone.sql(&format!("DELETE FROM chat_message_join WHERE chat_id = {};", chat["id"]));
    phone.export(&["--update"]).ends_with(0);
    let missing = messages(&phone.out()).iter().filter(|own| own["lacking"]["of"] == "backup").count();
    assert_eq!((messages(&phone.out()).len(), missing), (all, 0));
}

const WHATSAPP: &str = "AppDomainGroup-group.net.whatsapp.WhatsApp.shared";

#[test]
fn chats_of_whatsapp_that_the_phone_deleted_stay_and_are_marked() {
    let phone = Phone::new("whatsapp", &format!("{WHATSAPP}/**"), &format!("{WHATSAPP}/ChatStorage.sqlite"));
    phone.export(&["-f", "html,jsonl"]).ends_with(0);
    let before = messages(&phone.out());
    assert_eq!(before.len(), phone.count("SELECT count(*) FROM ZWAMESSAGE"));
    let own = phone.export(&["--update"]).ends_with(0);
    assert!(before == messages(&phone.out()), "{}", own.stderr);
    phone.sql("DELETE FROM ZWAMESSAGE WHERE Z_PK > (SELECT min(Z_PK) FROM ZWAMESSAGE); DELETE FROM ZWAMEDIAITEM;");
    fs::remove_dir_all(phone.tree.path().join(WHATSAPP).join("Message")).ok();
    fs::remove_dir_all(phone.tree.path().join(WHATSAPP).join("Media")).ok();
    let media = |all: &[Value]| {
        let files = all.iter().flat_map(|own| own["attachments"].as_array().cloned().unwrap_or_default());
        files.filter(|file| file["status"] == "saved").map(|file| file["path"].to_string()).collect::<Vec<_>>()
    };
    phone.export(&["--update"]).ends_with(0);
    let after = messages(&phone.out());
    assert_eq!((after.len(), phone.lacking("backup")), (before.len(), before.len() - 1));
    assert!(!media(&before).is_empty());
    assert_eq!(media(&after), media(&before));
    for file in media(&after) {
        assert!(phone.out().join(file.trim_matches('"')).is_file(), "{file}");
    }
}
