use super::*;
use crate::messages::ATTACHMENTS;
use crate::testing::Files;

const PLACE: &str = "Library/SMS/Attachments/2d/13/A B/façade.jpg";

fn resolve(path: &str) -> AttachmentContent {
    let source = Files::new().with_file((ATTACHMENTS.0, PLACE), "anywhere");
    StoredAttachment { path: Some(path.into()), ..StoredAttachment::default() }.resolve(&source).content
}

#[test]
fn every_spelling_of_the_home_folder_finds_the_file() {
    let spellings = [
        format!("~/{PLACE}"),
        format!("/var/mobile/{PLACE}"),
        format!("/private/var/mobile/{PLACE}"),
        "file:///var/mobile/Library/SMS/Attachments/2d/13/A%20B/fa%C3%A7ade.jpg".into(),
        "file://localhost/private/var/mobile/Library/SMS/Attachments/2d/13/A%20B/fa%c3%a7ade.jpg".into(),
    ];
    for path in spellings {
        assert!(matches!(resolve(&path), AttachmentContent::File(entry) if entry.path == PLACE), "{path}");
    }
}

#[test]
fn hostile_paths_find_nothing() {
    let paths = [
        "~/../../etc/passwd",
        "/etc/passwd",
        "~/Library/SMS/../../../x",
        "~//etc/passwd",
        "file:///var/mobile/%2e%2e/%2e%2e/etc/passwd",
        "~/Library/SMS/Attachments/2d/13/A B/façade.jpg/",
        "~/a\0b",
        "C:\\Windows\\win.ini",
        "file://%",
        "~/",
    ];
    for path in paths {
        assert!(matches!(resolve(path), AttachmentContent::Unknown(_)), "{path:?}");
    }
}

#[test]
fn a_percent_sign_in_a_plain_path_is_one() {
    let source = Files::new().with_file((ATTACHMENTS.0, "Library/SMS/100%25.txt"), "anywhere");
    let stored = StoredAttachment { path: Some("~/Library/SMS/100%25.txt".into()), ..StoredAttachment::default() };
    assert!(matches!(stored.resolve(&source).content, AttachmentContent::File(_)));
    assert_eq!(percent_decoded("100%"), b"100%");
    assert_eq!(percent_decoded("%zz%4"), b"%zz%4");
}

#[test]
fn what_is_not_there_says_why() {
    let why = |stored: StoredAttachment| match stored.resolve(&Files::new()).content {
        AttachmentContent::Unknown(why) => why,
        AttachmentContent::File(_) | AttachmentContent::Inline(_) => panic!("found"),
    };
    assert!(why(StoredAttachment::default()).contains("not downloaded"));
    assert!(
        why(StoredAttachment { path: Some("/tmp/x".into()), ..StoredAttachment::default() })
            .contains("do not hold the folder")
    );
    assert!(
        why(StoredAttachment { path: Some("~/Library/SMS/x".into()), ..StoredAttachment::default() })
            .contains("not in this backup")
    );
}

#[test]
fn names_and_types_come_from_the_best_there_is() {
    let resolve = |name: Option<&str>, path: Option<&str>, mime: Option<&str>| {
        let stored = StoredAttachment {
            id: 9,
            transfer_name: name.map(str::to_owned),
            path: path.map(str::to_owned),
            mime: mime.map(str::to_owned),
            size: Some(-1),
            ..StoredAttachment::default()
        };
        let attachment = stored.resolve(&Files::new());
        assert_eq!(attachment.size, None);
        (attachment.name, attachment.mime)
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(resolve(Some("a.heic"), Some("~/x/b.jpg"), None), ("a.heic".into(), some("image/heic")));
    assert_eq!(resolve(Some(""), Some("~/x/b.caf"), Some("")), ("b.caf".into(), some("audio/x-caf")));
    assert_eq!(resolve(None, None, Some("text/vcard")), ("attachment 9".into(), some("text/vcard")));
    assert_eq!(resolve(Some("../../evil"), None, None), ("../../evil".into(), None));
}
