use crate::messages::Filter;
use crate::messages::{ATTACHMENTS, Attachment, AttachmentContent, Chat, DATABASE, Message, Service};
use crate::testing::{Files, going_on, open_messages};
use crate::time::AppleTime;

/// The tables of iOS 5, as its databases have them; earlier ones lack what begins with `madrid_`.
const TABLES: &str = "
    CREATE TABLE message (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, address TEXT, date INTEGER, text TEXT, flags INTEGER,
        group_id INTEGER, subject TEXT, recipients BLOB, madrid_attributedBody BLOB, madrid_handle TEXT, madrid_guid TEXT,
        madrid_roomname TEXT, madrid_service TEXT, madrid_flags INTEGER, madrid_attachmentInfo BLOB, is_madrid INTEGER,
        madrid_date_read INTEGER, madrid_date_delivered INTEGER);
    CREATE TABLE msg_group (ROWID INTEGER PRIMARY KEY, type INTEGER);
    CREATE TABLE group_member (ROWID INTEGER PRIMARY KEY, group_id INTEGER, address TEXT, country TEXT);
    CREATE TABLE msg_pieces (ROWID INTEGER PRIMARY KEY, message_id INTEGER, data BLOB, part_id INTEGER, content_type TEXT,
        content_loc TEXT);
    CREATE TABLE madrid_attachment (ROWID INTEGER PRIMARY KEY, attachment_guid TEXT, filename TEXT, mime_type TEXT,
        message_id INTEGER);
    CREATE TABLE madrid_chat (ROWID INTEGER PRIMARY KEY, chat_identifier TEXT, service_name TEXT, guid TEXT,
        room_name TEXT, participants BLOB);
    INSERT INTO msg_group VALUES (1, 0), (2, 1);
    INSERT INTO group_member VALUES (1, 1, '+15550101234', 'us'), (2, 2, '+15550101234', 'us'), (3, 2, '+15550105678', 'us');
    INSERT INTO madrid_chat VALUES (1, 'anna@example.org', 'iMessage', 'iMessage;-;anna@example.org', NULL,
        '<?xml version=\"1.0\"?><plist><array><string>anna@example.org</string></array></plist>'),
        (2, 'chat42', 'iMessage', 'iMessage;+;chat42', 'chat42', NULL);
";

fn made(sql: &str) -> Files {
    Files::new().with_database(DATABASE, &format!("{TABLES}{sql}"))
}

fn read(source: &Files) -> Vec<(Chat, Vec<Message>)> {
    let messages = open_messages(source).unwrap();
    let chats = messages.chats(&Filter::default()).unwrap();
    assert_eq!(chats.skipped, []);
    let own = |chat: Chat| {
        let mut own = Vec::new();
        let skipped = messages.in_chat(&chat, &Filter::default(), &mut going_on(|message| own.push(message))).unwrap();
        assert_eq!(skipped, []);
        (chat, own)
    };
    chats.records.into_iter().map(own).collect()
}

fn shape(chats: &[(Chat, Vec<Message>)]) -> Vec<(&str, Vec<i64>)> {
    let ids = |own: &[Message]| own.iter().map(|message| message.id).collect();
    chats.iter().map(|(chat, own)| (chat.guid.as_str(), ids(own))).collect()
}

fn written(moment: Option<AppleTime>) -> String {
    moment.and_then(AppleTime::timestamp).map(|moment| moment.to_string()).unwrap_or_default()
}

#[test]
fn text_messages_and_imessages_have_their_own_clocks_and_chats() {
    let source = made(
        "INSERT INTO message (ROWID, address, date, text, flags, group_id, is_madrid) VALUES
            (1, '+15550101234', 1331431734, 'in', 2, 1, 0), (2, '+15550101234', 1331431724, 'out', 3, 1, 0),
            (3, '+15550105678', 1331431740, 'group', 0, 2, 0), (4, 'x', 0, 'no group', 2, 9, 0);
         INSERT INTO message (ROWID, date, text, madrid_flags, madrid_handle, madrid_roomname, madrid_guid, is_madrid,
            madrid_date_read, madrid_service) VALUES
            (5, 353124534, 'sent', 36869, 'anna@example.org', NULL, 'G5', 1, 353124540, 'iMessage'),
            (6, 353124535, 'got', 12289, 'anna@example.org', NULL, 'G6', 1, 0, NULL),
            (7, 353124536, 'room', 77825, 'ben@example.org', 'chat42', 'G7', 1, 0, NULL),
            (8, 353124536, 'chat gone', 12289, 'nobody', NULL, 'G8', 1, 0, NULL);",
    );
    let chats = read(&source);
    assert_eq!(
        shape(&chats),
        [
            ("", vec![4, 8]),
            ("SMS;-;+15550101234", vec![2, 1]),
            ("SMS;+;group2", vec![3]),
            ("iMessage;-;anna@example.org", vec![5, 6]),
            ("iMessage;+;chat42", vec![7]),
        ]
    );
    let [text, out] = [&chats[1].1[1], &chats[1].1[0]];
    assert_eq!((written(text.date).as_str(), text.is_from_me), ("2012-03-11T02:08:54Z", false));
    assert_eq!((out.is_from_me, &out.sender, out.service.clone()), (true, &None, Some(Service::Sms)));
    let [sent, got] = [&chats[3].1[0], &chats[3].1[1]];
    assert_eq!((written(sent.date).as_str(), sent.is_from_me), ("2012-03-11T02:08:54Z", true));
    assert_eq!((written(sent.date_read).as_str(), sent.guid.as_deref()), ("2012-03-11T02:09:00Z", Some("G5")));
    assert_eq!((got.is_from_me, got.sender.as_ref().unwrap().address.as_str()), (false, "anna@example.org"));
    assert_eq!((got.date_read, got.service.clone()), (None, Some(Service::IMessage)));
    assert_eq!(chats[3].0.participants[0].address, "anna@example.org");
    assert_eq!(chats[4].1[0].sender.as_ref().unwrap().address, "ben@example.org");
}

#[test]
fn multimedia_messages_are_put_together_from_their_pieces() {
    let source = made(
        "INSERT INTO message (ROWID, date, flags, group_id, is_madrid) VALUES (1166, 1331431734, 2, 165, 0);
         INSERT INTO msg_group VALUES (165, 0);
         INSERT INTO msg_pieces VALUES (1, 1166, NULL, 0, '', NULL), (2, 1166, NULL, 9, 'application/smil', 'a.smil'),
            (3, 1166, NULL, 0, 'image/jpeg', 'IMG_1.JPG'), (4, 1166, 'look', 1, 'text/plain', 't.txt'),
            (5, 1166, NULL, 2, 'video/quicktime', 'clip'), (6, 1166, 'BEGIN:VCARD', 3, 'text/x-vcard', 'anna.vcf'),
            (7, 1166, NULL, 4, 'image/png', 'gone.png'), (8, 4, 'other', 0, 'text/plain', NULL);",
    );
    let at = |path| (ATTACHMENTS.0, path);
    let source = source
        .with_file(at("Library/SMS/Parts/a5/14/1166-0.JPG"), "anywhere")
        .with_file(at("Library/SMS/Parts/a5/14/1166-0-preview.jpg"), "anywhere")
        .with_file(at("Library/SMS/Parts/a5/14/1166-2.mov"), "anywhere");
    let chats = read(&source);
    let message = &chats[2].1[0];
    assert_eq!(message.text.as_deref(), Some("\u{fffc}look\u{fffc}\u{fffc}\u{fffc}"));
    let content = |attachment: &Attachment| match &attachment.content {
        AttachmentContent::File(entry) => entry.path.clone(),
        AttachmentContent::Unknown(why) => why.clone(),
        AttachmentContent::Inline(_) => panic!("nothing stands in the message itself"),
    };
    let attached: Vec<_> =
        message.attachments.iter().map(|attached| (attached.name.as_str(), content(attached))).collect();
    assert_eq!(attached[0], ("IMG_1.JPG", "Library/SMS/Parts/a5/14/1166-0.JPG".into()));
    assert_eq!(attached[1], ("clip", "Library/SMS/Parts/a5/14/1166-2.mov".into()));
    assert_eq!(attached[2], ("anna.vcf", "it lies inside of the database".into()));
    assert_eq!((attached[3].0, attached.len()), ("gone.png", 4));
    assert!(attached[3].1.contains("Library/SMS/Parts/a5/14/1166-4.png\" is not in this backup"));
    assert_eq!(open_messages(&source).unwrap().count().unwrap().attachments, 4);
}

#[test]
fn imessages_find_their_files_by_name_and_by_number() {
    let array = "<?xml version=\"1.0\"?><plist><array><string>A2</string><string>A1</string></array></plist>";
    let source = made(&format!(
        "INSERT INTO message (ROWID, date, text, madrid_flags, madrid_handle, is_madrid, madrid_attachmentInfo)
            VALUES (1, 1, 'x', 12289, 'anna@example.org', 1, '{array}');
         INSERT INTO madrid_attachment VALUES (1, 'A1', '/var/mobile/Library/SMS/Attachments/1/a.jpg', 'image/jpeg', NULL),
            (2, 'A2', '/var/mobile/Library/SMS/Attachments/2/b.jpg', 'image/jpeg', 1), (3, 'A3', '~/c.jpg', NULL, 1),
            (4, 'A4', '~/d.jpg', NULL, 2);"
    ));
    let chats = read(&source);
    let names: Vec<_> = chats[2].1[0].attachments.iter().map(|attachment| attachment.name.as_str()).collect();
    assert_eq!(names, ["b.jpg", "a.jpg", "c.jpg"]);
}

#[test]
fn a_database_before_groups_and_imessages_gives_its_messages() {
    let sql = "CREATE TABLE message (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, address TEXT, date INTEGER, text TEXT,
            flags INTEGER);
         INSERT INTO message VALUES (1, '+15550101234', 1204329600, 'old', 2)";
    let chats = read(&Files::new().with_database(DATABASE, sql));
    assert_eq!(shape(&chats), [("", vec![1])]);
    assert_eq!(chats[0].1[0].sender.as_ref().unwrap().address, "+15550101234");
    assert_eq!(written(chats[0].1[0].date), "2008-03-01T00:00:00Z");
}
