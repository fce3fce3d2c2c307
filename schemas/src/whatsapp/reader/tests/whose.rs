//! Whose a message, an answer and a number are.

use super::*;

const SETTINGS: (&str, &str) =
    (Account::Personal.domain(), "Library/Preferences/group.net.whatsapp.WhatsApp.shared.plist");

fn with_text(files: Files, place: (&str, &str), text: &str) -> Files {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, text).unwrap();
    files.with_file(place, path).keeping(folder)
}

fn settings(files: Files, jid: &str) -> Files {
    with_text(files, SETTINGS, &format!("<plist><dict><key>OwnJabberID</key><string>{jid}</string></dict></plist>"))
}

fn owner(files: &Files) -> Vec<String> {
    WhatsApp::open(files, &Directory::default()).unwrap().owner().handles
}

#[test]
fn a_card_of_the_address_book_is_nobodys_number() {
    let sql = "INSERT INTO ZWACHATSESSION (Z_PK, ZSESSIONTYPE, ZCONTACTJID, ZCONTACTIDENTIFIER) VALUES
        (3, 0, '300000000000001@lid', '1'), (4, 0, '400000000000001@lid', '1')";
    let (chats, _) = read(&made(sql));
    let addresses: Vec<&str> = chats[2..].iter().map(|(chat, _)| chat.participants[0].address.as_str()).collect();
    assert_eq!(addresses, ["300000000000001@lid", "400000000000001@lid"]);
}

#[test]
fn the_settings_say_whose_the_phone_is() {
    // Somebody else got the most messages: such are those that were imported from another phone.
    assert_eq!(owner(&made("")), ["+15550100009"]);
    assert_eq!(owner(&settings(made(""), "15550100008@s.whatsapp.net")), ["+15550100008"]);
    // Damaged ones are named and cost nothing else.
    let damaged = with_text(made(""), SETTINGS, "bplist00 and no more");
    let (_, skipped) = read(&damaged);
    assert!(matches!(skipped.as_slice(), [one] if one.is_part && one.item.contains("settings")), "{skipped:?}");
    assert_eq!(owner(&damaged), ["+15550100009"]);
}

#[test]
fn the_owner_is_known_by_a_hidden_number_too() {
    let sql = "INSERT INTO ZWAMESSAGE (Z_PK, ZCHATSESSION, ZISFROMME, ZMESSAGETYPE, ZMESSAGEDATE, ZTOJID, ZTEXT) VALUES
        (2, 2, 0, 0, 700000002, '900000000000009@lid', 'x');
        INSERT INTO ZWAGROUPMEMBER VALUES (3, 2, NULL, NULL, '900000000000009@lid');
        INSERT INTO ZWAMESSAGE (Z_PK, ZCHATSESSION, ZISFROMME, ZMESSAGETYPE, ZGROUPEVENTTYPE, ZMESSAGEDATE, ZGROUPMEMBER) VALUES
        (3, 2, 0, 6, 3, 700000003, 3)";
    let read = read(&made(sql));
    assert!(by_id(&read)[&3].is_from_me);
    let others: Vec<&str> = read.0[1].0.participants.iter().map(|who| who.address.as_str()).collect();
    assert_eq!(others, ["200000000000001@lid"]);
}

fn quote(fields: &[Vec<u8>]) -> String {
    format!("INSERT INTO ZWAMEDIAITEM (Z_PK, ZMETADATA) VALUES (1, x'{}')", hex(&fields.concat()))
}

#[test]
fn what_is_answered_is_by_whom_its_own_row_says() {
    let own =
        "INSERT INTO ZWAMESSAGE (Z_PK, ZCHATSESSION, ZISFROMME, ZMESSAGETYPE, ZMESSAGEDATE, ZSTANZAID, ZTEXT) VALUES
        (2, 1, 1, 0, 700000001, 'M2', 'mine');";
    // The answer does not say by whom it was: of two, it may have been either.
    let reply = |stanza: &[u8]| {
        let more = format!("{own} {}", quote(&[field(5, stanza)]));
        let message = one("ZCHATSESSION, ZTEXT, ZMEDIAITEM, ZISFROMME", "1, 'yes', 1, 0", &more);
        let reply = message.reply_to.unwrap();
        (reply.is_from_me, reply.sender.map(|sender| sender.address.clone()))
    };
    assert_eq!(reply(b"M2"), (true, None));
    assert_eq!(reply(b"A1"), (false, Some("+15550100001".into())));
}

#[test]
fn a_message_elsewhere_that_somebody_else_wrote_is_not_the_one_that_is_answered() {
    let elsewhere =
        "INSERT INTO ZWAMESSAGE (Z_PK, ZCHATSESSION, ZISFROMME, ZMESSAGETYPE, ZMESSAGEDATE, ZSTANZAID, ZTEXT) VALUES
        (2, 1, 1, 0, 700000001, 'SAME', 'mine');";
    let more = format!("{elsewhere} {}", quote(&[field(5, b"SAME"), field(6, b"200000000000001@lid")]));
    let reply = one("ZCHATSESSION, ZTEXT, ZMEDIAITEM", "2, 'yes', 1", &more).reply_to.unwrap();
    assert_eq!((reply.id, reply.is_from_me), (None, false));
    assert_eq!(reply.sender.unwrap().name.as_deref(), Some("Ben"));
}

#[test]
fn a_status_under_a_hidden_number_has_a_sender() {
    let sql =
        "INSERT INTO ZWACHATSESSION (Z_PK, ZSESSIONTYPE, ZCONTACTJID) VALUES (3, 3, '200000000000001@lid.status');
        INSERT INTO ZWAMESSAGE (Z_PK, ZCHATSESSION, ZMESSAGETYPE, ZMESSAGEDATE, ZFROMJID, ZTEXT) VALUES
        (2, 3, 0, 700000002, '200000000000001@lid.status', 'Out at sea')";
    let read = read(&made(sql));
    assert_eq!(by_id(&read)[&2].sender.as_ref().unwrap().name.as_deref(), Some("Ben"));
}

#[test]
fn a_number_that_passed_to_somebody_else_is_not_theirs_any_more() {
    let lids = "CREATE TABLE ZWAPHONENUMBERLIDPAIR (Z_PK INTEGER PRIMARY KEY, ZLID VARCHAR, ZPHONENUMBER VARCHAR, ZTIMESTAMP TIMESTAMP);
        INSERT INTO ZWAPHONENUMBERLIDPAIR VALUES (1, '200000000000001@lid', '15550100002', 600000000),
        (2, '200000000000001@lid', '15550100003', 700000000)";
    let sql = "INSERT INTO ZWAMESSAGE (Z_PK, ZCHATSESSION, ZMESSAGETYPE, ZMESSAGEDATE, ZGROUPMEMBER, ZTEXT) VALUES (2, 2, 0, 700000002, 1, 'x')";
    let read = read(&made(sql).with_database((Account::Personal.domain(), LIDS), lids));
    assert_eq!(by_id(&read)[&2].sender.as_ref().unwrap().address, "+15550100003");
}

#[test]
fn somebody_without_another_name_has_the_one_of_the_message() {
    let sender = |name: &str| {
        let values = format!("2, '300000000000003@lid', '{name}', 'x'");
        one("ZCHATSESSION, ZFROMJID, ZPUSHNAME, ZTEXT", &values, "").sender.unwrap().name.clone()
    };
    assert_eq!(sender("Cara"), Some("Cara".into()));
    assert_eq!(sender("CJLJk6MGIABIAQ=="), None);
    let known = one("ZCHATSESSION, ZGROUPMEMBER, ZPUSHNAME, ZTEXT", "2, 1, 'Benny', 'x'", "");
    assert_eq!(known.sender.unwrap().name.as_deref(), Some("Ben"));
}

#[test]
fn who_began_a_group_is_told() {
    let group =
        "INSERT INTO ZWAGROUPINFO (Z_PK, ZCHATSESSION, ZCREATORJID) VALUES (1, 2, '15550100001@s.whatsapp.net')";
    let message = one("ZCHATSESSION, ZMESSAGETYPE, ZGROUPEVENTTYPE", "2, 6, 12", group);
    assert_eq!(message.kind, MessageKind::Announcement(Announcement::Created));
    assert_eq!(message.sender.unwrap().name.as_deref(), Some("Anna Berg"));
}

#[test]
fn receipts_of_two_are_those_of_the_other_one() {
    let receipt =
        |user: &[u8], delivered: u8, read: u8| [field(1, user), vec![4 << 3, delivered, 5 << 3, read]].concat();
    let blob = [
        field(2, &receipt(b"\x81\x15\x55\x01\x00\x00\x1f", 1, 2)),
        field(2, &receipt(b"\x81\x15\x55\x01\x00\x77\x7f", 3, 4)),
        b"\x18\xc1\xe5\xc4\xa2\x06".to_vec(),
    ];
    let info = format!("INSERT INTO ZWAMESSAGEINFO VALUES (1, 9, x'{}')", hex(&blob.concat()));
    let message = one("ZCHATSESSION, ZMESSAGEINFO, ZISFROMME, ZSENTDATE, ZTEXT", "1, 1, 1, 700000101, 'x'", &info);
    assert_eq!(message.date_read, AppleTime::from_unix_seconds(1_683_043_009 + 2));
    assert!(message.delivery.is_read && message.delivery.is_delivered);
    let marks = message.marks.unwrap();
    assert_eq!((marks.receipts.len(), marks.sent), (0, AppleTime::from_seconds(700_000_101.0)));
}

#[test]
fn only_what_the_owner_sent_can_have_failed() {
    let error = |is_from_me: i64| {
        let values = format!("1, {is_from_me}, 5, 8, 'x'");
        one("ZCHATSESSION, ZISFROMME, ZMESSAGEERRORSTATUS, ZMESSAGESTATUS, ZTEXT", &values, "").delivery
    };
    assert_eq!((error(1).error, error(1).is_read), (Some(5), true));
    assert_eq!((error(0).error, error(0).is_read), (None, false));
}

#[test]
fn a_picture_under_a_hidden_number_is_always_the_same() {
    let lids = "CREATE TABLE ZWAPHONENUMBERLIDPAIR (Z_PK INTEGER PRIMARY KEY, ZLID VARCHAR, ZPHONENUMBER VARCHAR, ZTIMESTAMP TIMESTAMP);
        INSERT INTO ZWAPHONENUMBERLIDPAIR VALUES (1, '7@lid', '15550100005', 600000000), (2, '8@lid', '15550100005', 700000000)";
    let sql = "CREATE TABLE ZWAPROFILEPICTUREITEM (Z_PK INTEGER PRIMARY KEY, ZJID VARCHAR, ZPATH VARCHAR);
        INSERT INTO ZWAPROFILEPICTUREITEM VALUES (1, '7@lid', 'Media/Profile/7'), (2, '8@lid', 'Media/Profile/8')";
    let group = Account::Personal.domain();
    for _ in 0..8 {
        let files = made(sql).with_database((group, LIDS), lids);
        let files = files.with_file((group, "Media/Profile/7.jpg"), "a").with_file((group, "Media/Profile/8.jpg"), "b");
        let directory = Directory::default();
        let picture = WhatsApp::open(&files, &directory).unwrap().picture_of("+15550100005").unwrap();
        assert_eq!(picture.path, "Media/Profile/8.jpg");
    }
}
