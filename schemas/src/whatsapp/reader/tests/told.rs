//! That every row is told, in its order, with all that belongs to it.

use super::*;

#[test]
fn within_a_second_the_order_is_the_apps() {
    // What others sent has whole seconds: the answer came after the question, and has the smaller date.
    let sql = "INSERT INTO ZWAMESSAGE (Z_PK, ZCHATSESSION, ZISFROMME, ZMESSAGETYPE, ZMESSAGEDATE, ZSORT, ZTEXT) VALUES
        (2, 1, 0, 0, 700000010, 2, 'answer'), (3, 1, 1, 0, 700000010.9, 1, 'question'), (4, 1, 1, 0, 700000011, 0, 'later')";
    let ids: Vec<i64> = read(&made(sql)).0[0].1.iter().map(|message| message.id).collect();
    assert_eq!(ids, [1, 3, 2, 4]);
}

#[test]
fn messages_of_conversations_that_are_gone_come_out() {
    // A row without a number of its own made all of them vanish.
    let chats = "CREATE TABLE ZWACHATSESSION (Z_PK INTEGER, ZSESSIONTYPE INTEGER, ZCONTACTJID VARCHAR);
        INSERT INTO ZWACHATSESSION (ROWID, Z_PK, ZSESSIONTYPE, ZCONTACTJID) VALUES (1, NULL, 0, '15550100001@s.whatsapp.net');
        CREATE TABLE ZWAMESSAGE (Z_PK INTEGER PRIMARY KEY, ZCHATSESSION INTEGER, ZMESSAGEDATE TIMESTAMP, ZTEXT VARCHAR);
        INSERT INTO ZWAMESSAGE VALUES (1, 1, 700000000, 'there'), (2, 77, 700000001, 'gone'), (3, 0, 700000002, 'zero'), (4, NULL, 5, 'none')";
    let (chats, skipped) = read(&Files::new().with_database(PLACE, chats));
    let told: Vec<(i64, Vec<i64>)> =
        chats.iter().map(|(chat, own)| (chat.id, own.iter().map(|message| message.id).collect())).collect();
    assert_eq!(told, [(0, vec![4, 2, 3]), (1, vec![1])]);
    assert_eq!(skipped, []);
}

#[test]
fn a_large_number_is_no_sign_of_the_other_app() {
    let sql = "INSERT INTO ZWACHATSESSION (Z_PK, ZSESSIONTYPE, ZCONTACTJID) VALUES (4294967299, 1, '9@g.us');
        INSERT INTO ZWAMESSAGE (Z_PK, ZCHATSESSION, ZMESSAGEDATE, ZTEXT) VALUES (2, 4294967299, 700000001, 'personal')";
    let both = made(sql).with_database(BUSINESS, &format!("{SCHEMA}{PEOPLE}"));
    let read = read(&both);
    assert_eq!(by_id(&read)[&2].text.as_deref(), Some("personal"));
    assert_eq!(by_id(&read).len(), 3);
}

#[test]
fn a_row_that_an_index_names_and_the_table_has_not_is_named() {
    const INDEX: &str =
        "CREATE INDEX byChat ON ZWAMESSAGE (ZCHATSESSION, ZMESSAGEDATE, ZSTANZAID, ZMEDIAITEM, ZSORT, ZISFROMME)";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged.db");
    let open = || Connection::open(&path).unwrap();
    let lost = "INSERT INTO ZWAMESSAGE (Z_PK, ZCHATSESSION, ZMESSAGEDATE, ZTEXT) VALUES (2, 1, 700000001, 'lost')";
    let connection = open();
    connection.execute_batch(&format!("{SCHEMA}{PEOPLE} {INDEX}; {lost}")).unwrap();
    let root: i64 =
        connection.query_row("SELECT rootpage FROM sqlite_master WHERE name = 'byChat'", [], |row| row.get(0)).unwrap();
    // The row goes while the index is forgotten, which then names it still.
    let forget = "PRAGMA writable_schema = ON; DELETE FROM sqlite_master WHERE name = 'byChat'";
    connection.execute_batch(forget).unwrap();
    drop(connection);
    open().execute_batch("DELETE FROM ZWAMESSAGE WHERE Z_PK = 2").unwrap();
    let again = format!(
        "PRAGMA writable_schema = ON;
         INSERT INTO sqlite_master VALUES ('index', 'byChat', 'ZWAMESSAGE', {root}, '{INDEX}')"
    );
    open().execute_batch(&again).unwrap();
    let (chats, skipped) = read(&Files::new().with_file(PLACE, &path));
    assert_eq!(chats[0].1.len(), 1);
    assert!(matches!(skipped.as_slice(), [one] if !one.is_part && one.item == "message 2"), "{skipped:?}");
}

#[test]
fn a_damaged_old_store_is_not_an_absent_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.sqlite");
    std::fs::write(&path, "this is no database, and long enough to be looked at as one".repeat(40)).unwrap();
    let old = ("AppDomain-net.whatsapp.WhatsApp", "Documents/ChatStorage.sqlite");
    let error = WhatsApp::open(&Files::new().with_file(old, path), &Directory::default()).err().unwrap();
    assert!(matches!(error, SourceError::Unreadable { .. }), "{error:?}");
    let none = WhatsApp::open(&Files::new(), &Directory::default()).err().unwrap();
    assert!(matches!(&none, SourceError::Missing { domain, .. } if domain == Account::Personal.domain()), "{none:?}");
}

#[test]
fn packed_votes_count_and_nobody_votes_for_one_thing_twice() {
    let vote = |places: Vec<u8>| field(5, &[places, field(4, b"200000000000001@lid")].concat());
    let poll = [
        field(2, b"When?"),
        field(3, &field(1, b"Saturday")),
        field(3, &field(1, b"Sunday")),
        vote(field(1, b"\x00\x01")),
        vote(b"\x08\x01".to_vec()),
        field(6, &field(1, b"\x01\x01")),
    ];
    let info = format!("INSERT INTO ZWAMESSAGEINFO VALUES (1, 9, x'{}')", hex(&field(8, &poll.concat())));
    let message = one("ZCHATSESSION, ZMESSAGETYPE, ZMESSAGEINFO", "2, 46, 1", &info);
    let MessageKind::App(app) = &message.kind else { panic!() };
    let AppContent::Poll(poll) = &app.content else { panic!() };
    assert_eq!(poll.options.iter().map(|option| option.voters.len()).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn what_a_deleted_message_still_has_comes_out() {
    let media = "INSERT INTO ZWAMEDIAITEM (Z_PK, ZMEDIALOCALPATH) VALUES (1, 'Media/a/b/x.jpg')";
    let message = one("ZCHATSESSION, ZMESSAGETYPE, ZMEDIAITEM", "1, 14, 1", media);
    assert_eq!(message.attachments[0].name, "x.jpg");
    let only = Filter { only: vec![crate::messages::Category::Deleted], ..Filter::default() };
    let sql = "INSERT INTO ZWAMESSAGE (Z_PK, ZCHATSESSION, ZMESSAGETYPE, ZMESSAGEDATE) VALUES (2, 1, 14, 700000002)";
    let read = asked(&made(sql), &only);
    assert_eq!(by_id(&read).keys().copied().collect::<Vec<_>>(), [2]);
}

#[test]
fn files_at_the_root_of_the_group_are_found() {
    let sql = "INSERT INTO ZWAMESSAGE (Z_PK, ZCHATSESSION, ZISFROMME, ZMESSAGETYPE, ZMESSAGEDATE, ZMEDIAITEM) VALUES (9, 1, 0, 15, 700000100, 1);
        INSERT INTO ZWAMEDIAITEM (Z_PK, ZMEDIALOCALPATH) VALUES (1, 'stickers/x.webp')";
    let read = read(&made(sql).with_file((Account::Personal.domain(), "stickers/x.webp"), "anywhere"));
    assert!(
        matches!(&by_id(&read)[&9].attachments[0].content, AttachmentContent::File(entry) if entry.path == "stickers/x.webp")
    );
}

#[test]
fn what_names_its_message_and_is_not_named_by_it_belongs_to_it() {
    for named in ["NULL", "77"] {
        let more = "INSERT INTO ZWAMEDIAITEM (Z_PK, ZMESSAGE, ZTITLE, ZMEDIALOCALPATH) VALUES (5, 9, 'Sunset', 'Media/a/x.jpg')";
        let message = one("ZCHATSESSION, ZMESSAGETYPE, ZMEDIAITEM", &format!("1, 1, {named}"), more);
        assert_eq!(
            (message.attachments[0].name.as_str(), message.text.as_deref()),
            ("x.jpg", Some("Sunset")),
            "{named}"
        );
    }
    let vote = hex(&field(7, &field(2, &[field(1, b"R1"), field(2, "👍".as_bytes())].concat())));
    let message = one("ZCHATSESSION, ZTEXT", "1, 'x'", &format!("INSERT INTO ZWAMESSAGEINFO VALUES (4, 9, x'{vote}')"));
    assert_eq!(message.tapbacks.len(), 1);
}

#[test]
fn a_link_has_its_card_whatever_the_text_says_and_money_has_one_of_its_own() {
    let link = "INSERT INTO ZWAMESSAGEDATAITEM VALUES (1, 9, 'https://example.org/', NULL, 'About it', 'Example')";
    let message = one("ZCHATSESSION, ZMESSAGETYPE, ZTEXT", "1, 7, 'example.org'", link);
    assert!(matches!(&message.kind, MessageKind::App(app) if matches!(app.content, AppContent::Link(_))));
    let money = "CREATE TABLE ZWAZ1PAYMENTTRANSACTION (Z_PK INTEGER PRIMARY KEY, ZMESSAGESTANZAID VARCHAR, ZAMOUNT_1000 INTEGER, ZCURRENCY VARCHAR);
        INSERT INTO ZWAZ1PAYMENTTRANSACTION VALUES (1, 'X9', 12500, 'EUR')";
    let message = one("ZCHATSESSION, ZMESSAGETYPE, ZTEXT", "1, 4711, 'for the boat'", money);
    let MessageKind::App(app) = &message.kind else { panic!() };
    assert_eq!((&app.content, app.card.caption.as_deref()), (&AppContent::Payment, Some("12.50 EUR")));
    assert_eq!(message.text.as_deref(), Some("for the boat"));
}

#[test]
fn what_is_too_much_is_named() {
    let long = "x".repeat(70);
    let reaction = field(7, &field(2, &[field(1, b"R1"), field(2, long.as_bytes())].concat()));
    let sql = format!(
        "INSERT INTO ZWAMESSAGE (Z_PK, ZCHATSESSION, ZMESSAGEDATE, ZTEXT, ZMESSAGEINFO) VALUES (9, 1, 700000100, 'x', 1);
         INSERT INTO ZWAMESSAGEINFO VALUES (1, 9, x'{}')",
        hex(&reaction)
    );
    let (_, skipped) = read(&made(&sql));
    assert!(matches!(skipped.as_slice(), [one] if one.is_part && one.item.contains("message 9")), "{skipped:?}");
    let whom = vec!["15550100001@s.whatsapp.net"; 2100].join(",");
    let sql = format!(
        "INSERT INTO ZWAMESSAGE (Z_PK, ZCHATSESSION, ZMESSAGETYPE, ZGROUPEVENTTYPE, ZMESSAGEDATE, ZTEXT) VALUES
         (9, 2, 6, 2, 700000100, ';{whom}')"
    );
    let (_, skipped) = read(&made(&sql));
    assert!(matches!(skipped.as_slice(), [one] if one.item.contains("people whom message 9 names")), "{skipped:?}");
}

#[test]
fn conversations_that_were_put_away_say_so() {
    let sql = "INSERT INTO ZWACHATSESSION (Z_PK, ZSESSIONTYPE, ZCONTACTJID, ZREMOVED, ZHIDDEN) VALUES
        (3, 1, '3@g.us', 1, 0), (4, 1, '4@g.us', 0, 1)";
    let (chats, _) = read(&made(sql));
    let states: Vec<(bool, bool)> =
        chats.iter().map(|(chat, _)| (chat.properties.is_removed, chat.properties.is_hidden)).collect();
    assert_eq!(states, [(false, false), (false, false), (true, false), (false, true)]);
}
