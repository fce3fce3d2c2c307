use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::super::raw_plist::{array, ascii, data, dictionary, head, integer, list, uid, utf16};
use super::*;

const XML: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
  <key>Device Name</key><string>Anna &amp; Ben&#x2019;s iPad</string>
  <key>Version</key><real>3.3</real>
  <key>Size</key><integer>18446744073709551615</integer>
  <key>Below</key><integer>-7</integer>
  <key>Key</key><data>
    AAEC
    /w==
  </data>
  <key>Date</key><date>2001-01-01T00:00:10Z</date>
  <key>Empty</key><array/>
  <key>Full</key><true/><key>Twice</key><string>a</string><key>Twice</key><string>b</string>
</dict></plist>"#;

fn xml(body: &str) -> String {
    format!(r#"<?xml version="1.0"?><plist version="1.0">{body}</plist>"#)
}

fn nested_xml(levels: usize) -> String {
    xml(&format!("{}{}", "<array>".repeat(levels), "</array>".repeat(levels)))
}

/// Runs the reader; no input may take long.
fn quickly(bytes: &[u8]) -> Result<Value, PlistError> {
    let start = Instant::now();
    let result = read(bytes);
    assert!(start.elapsed() < Duration::from_secs(2), "took {:?}", start.elapsed());
    result
}

#[test]
fn xml_gives_every_kind_of_value() {
    let value = read(XML.as_bytes()).unwrap();
    let dictionary = value.as_dictionary().unwrap();
    assert_eq!(dictionary.get("Device Name").unwrap().as_str(), Some("Anna & Ben\u{2019}s iPad"));
    assert_eq!(dictionary.get("Version").unwrap().to_text().as_deref(), Some("3.3"));
    assert_eq!(dictionary.get("Size").unwrap().as_u64(), Some(u64::MAX));
    assert_eq!(dictionary.get("Size").unwrap().as_i64(), None);
    assert_eq!(dictionary.get("Below").unwrap().as_i64(), Some(-7));
    assert_eq!(dictionary.get("Key").unwrap().as_data(), Some(&[0, 1, 2, 255][..]));
    assert_eq!(dictionary.get("Date").unwrap(), &Value::Date(10.0));
    assert_eq!(dictionary.get("Empty").unwrap().as_array(), Some(&[][..]));
    assert_eq!(dictionary.get("Full").unwrap().as_bool(), Some(true));
    assert_eq!(dictionary.get("Twice").unwrap().as_str(), Some("b"), "the later one counts");
    assert_eq!(dictionary.iter().next().unwrap().0, "Device Name", "the order of the file");
}

#[test]
fn a_byte_order_mark_before_xml_is_no_harm() {
    assert!(read(format!("\u{feff}{XML}").as_bytes()).is_ok());
}

#[test]
fn binary_gives_every_kind_of_value() {
    let objects = [
        dictionary(&[(1, 2), (3, 4), (5, 6), (7, 8), (9, 10), (11, 12)]),
        ascii("text"),
        utf16("Zoë 🎈"),
        ascii("number"),
        integer(-42),
        ascii("bytes"),
        data(&[7; 20]),
        ascii("real"),
        [vec![0x23], 1.5f64.to_be_bytes().to_vec()].concat(),
        ascii("date"),
        [vec![0x33], (-3.0f64).to_be_bytes().to_vec()].concat(),
        ascii("uid"),
        uid(200),
    ];
    let value = read(&list(&objects, 0)).unwrap();
    let dictionary = value.as_dictionary().unwrap();
    assert_eq!(dictionary.get("text").unwrap().as_str(), Some("Zoë 🎈"));
    assert_eq!(dictionary.get("number").unwrap().as_i64(), Some(-42));
    assert_eq!(dictionary.get("bytes").unwrap().as_data().unwrap().len(), 20);
    assert_eq!(dictionary.get("real").unwrap().as_f64(), Some(1.5));
    assert_eq!(dictionary.get("date").unwrap(), &Value::Date(-3.0));
    assert_eq!(dictionary.get("uid").unwrap().as_uid(), Some(200));
}

#[test]
fn numbers_and_texts_are_read_however_they_were_written() {
    assert_eq!(Value::String(" 17 ".into()).to_i64(), Some(17));
    assert_eq!(Value::Real(10.0).to_i64(), Some(10));
    assert_eq!(Value::Real(10.5).to_i64(), None);
    assert_eq!(Value::Boolean(true).to_i64(), Some(1));
    assert_eq!(Value::Real(10.0).to_text().as_deref(), Some("10.0"));
    assert_eq!(Value::Data(vec![]).to_text(), None);
}

#[test]
fn depth_is_bounded_in_both_encodings() {
    assert!(quickly(nested_xml(MAX_DEPTH).as_bytes()).is_ok());
    assert_eq!(quickly(nested_xml(MAX_DEPTH + 1).as_bytes()), Err(PlistError::TooDeep));
    assert_eq!(quickly(nested_xml(200_000).as_bytes()), Err(PlistError::TooDeep));
    let objects: Vec<_> = (1..60_000u16).map(|next| array(&[next])).chain([array(&[])]).collect();
    assert_eq!(quickly(&list(&objects, 0)), Err(PlistError::TooDeep));
}

#[test]
fn arrays_that_hold_the_next_twice_do_not_expand() {
    for levels in [24, 40, 64] {
        let objects: Vec<_> = (1..levels).map(|next| array(&[next, next])).chain([ascii("lol")]).collect();
        assert_eq!(quickly(&list(&objects, 0)), Err(PlistError::TooMany));
    }
}

#[test]
fn a_long_string_that_is_held_often_does_not_expand() {
    let objects = [array(&[1; 2000]), ascii(&"x".repeat(1 << 20))];
    assert_eq!(quickly(&list(&objects, 0)), Err(PlistError::TooLarge));
}

#[test]
fn circles_are_damage() {
    for objects in [vec![array(&[0])], vec![array(&[1]), array(&[0])], vec![dictionary(&[(1, 0)]), ascii("k")]] {
        assert!(matches!(quickly(&list(&objects, 0)), Err(PlistError::Damaged(_))));
    }
}

#[test]
fn claimed_sizes_are_not_believed() {
    for kind in [0x4, 0x5, 0x6, 0xa, 0xd] {
        for size in [1 << 20, 1 << 32, 1 << 40, 1 << 60, u64::MAX] {
            let bytes = list(&[head(kind, size)], 0);
            assert!(quickly(&bytes).is_err(), "{kind:x} of {size}");
        }
    }
}

#[test]
fn trailers_out_of_range_are_damage() {
    let sound = list(&[ascii("a")], 0);
    let trailer = sound.len() - 32;
    for (at, value) in [(8, u64::MAX), (8, 1 << 40), (8, 0), (16, 1), (16, u64::MAX), (24, 1 << 40), (24, u64::MAX)] {
        let mut bytes = sound.clone();
        bytes[trailer + at..trailer + at + 8].copy_from_slice(&value.to_be_bytes());
        assert!(matches!(quickly(&bytes), Err(PlistError::Damaged(_))), "{value} at {at}");
    }
    for (at, size) in [(6, 0), (6, 9), (7, 0), (7, 255)] {
        let mut bytes = sound.clone();
        bytes[trailer + at] = size;
        assert!(quickly(&bytes).is_err());
    }
    for length in 0..sound.len() {
        assert!(quickly(&sound[..length]).is_err(), "cut to {length}");
    }
}

#[test]
fn entities_are_not_expanded() {
    let entities: String =
        (1..20).map(|level| format!(r#"<!ENTITY l{level} "{}">"#, format!("&l{};", level - 1).repeat(10))).collect();
    let bomb = format!(
        r#"<?xml version="1.0"?><!DOCTYPE plist [<!ENTITY l0 "lol">{entities}]><plist><string>&l19;</string></plist>"#
    );
    match quickly(bomb.as_bytes()) {
        Ok(Value::String(text)) => assert!(text.len() < 100),
        other => assert!(other.is_err()),
    }
}

#[test]
fn long_tags_attributes_and_comments_take_linear_time() {
    let attributes: String = (0..200_000).map(|n| format!(r#" a{n}="b""#)).collect();
    quickly(xml(&format!("<array{attributes}></array>")).as_bytes()).ok();
    quickly(xml(&format!("<string>{}</string>", "<!-- -->".repeat(300_000))).as_bytes()).ok();
    quickly(xml(&format!("<{}>", "a".repeat(4_000_000))).as_bytes()).ok();
    quickly(format!("<?xml version=\"1.0\"?><!DOCTYPE {}", "<!".repeat(1_000_000)).as_bytes()).ok();
    quickly(format!("<?xml version=\"1.0\"?><!DOCTYPE {}", "[<".repeat(1_000_000)).as_bytes()).ok();
}

#[test]
fn a_million_small_values_are_too_many() {
    let many = xml(&format!("<array>{}</array>", "<true/>".repeat(MAX_NODES)));
    assert_eq!(read(many.as_bytes()), Err(PlistError::TooMany));
}

#[test]
fn what_is_no_property_list_is_said_to_be_none() {
    for bytes in [&b""[..], b"{ a = b; }", b"SQLite format 3\0", b"   ", b"\xff\xfe<\0?\0"] {
        assert_eq!(read(bytes), Err(PlistError::NotAPlist));
    }
    assert!(matches!(read(b"bplist00"), Err(PlistError::Damaged(_))));
    assert!(matches!(read(xml("<dict><key>a</key></dict>").as_bytes()), Err(PlistError::Damaged(_))));
    assert!(matches!(read(xml("<dict><true/><true/></dict>").as_bytes()), Err(PlistError::Damaged(_))));
    assert!(matches!(read(xml("<dict><array/><true/></dict>").as_bytes()), Err(PlistError::Damaged(_))));
    assert!(matches!(read(xml("<array>").as_bytes()), Err(PlistError::Damaged(_))));
}

#[test]
fn damage_is_said_in_words() {
    let says = |bytes: &[u8]| read(bytes).unwrap_err().to_string();
    assert_eq!(says(&list(&[array(&[0])], 0)), "the property list is damaged: what stands at byte 8 makes no sense");
    assert_eq!(says(b"<plist><array>"), "the property list is damaged: it ends before its first value does");
    assert_eq!(says(b"<date>yesterday</date>"), "the property list is damaged: what stands at byte 22 makes no sense");
    assert_eq!(says(b"{}"), "not a property list");
}

#[test]
fn real_manifests_are_read() {
    let Some(folder) = crate::testing::shared_data("keybags") else { return };
    for name in ["Manifest-9-test123.plist", "Manifest-10-test123.plist"] {
        let value = read(&std::fs::read(folder.join(name)).unwrap()).unwrap();
        let dictionary = value.as_dictionary().unwrap();
        assert_eq!(dictionary.get("IsEncrypted").unwrap().as_bool(), Some(true));
        assert!(dictionary.get("BackupKeyBag").unwrap().as_data().unwrap().starts_with(b"VERS"));
    }
}

/// A sound list with one of everything, to be damaged.
fn sound() -> Vec<u8> {
    list(
        &[
            dictionary(&[(1, 2), (3, 4), (5, 6)]),
            ascii("a"),
            array(&[3, 4, 5, 6]),
            ascii("b"),
            utf16("höhe"),
            data(b"c"),
            integer(1),
        ],
        0,
    )
}

proptest! {
    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
        let _ = read(&bytes);
        let _ = read(&[b"bplist00".to_vec(), bytes.clone()].concat());
        let _ = read(&[b"<?xml version=\"1.0\"?><plist>".to_vec(), bytes].concat());
    }

    #[test]
    fn any_damage_is_survived(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        length in any::<prop::sample::Index>(),
    ) {
        for whole in [sound(), XML.as_bytes().to_vec()] {
            let mut bytes = whole.clone();
            for (at, byte) in &changes {
                bytes[at.index(whole.len())] = *byte;
            }
            let _ = read(&bytes);
            bytes.truncate(length.index(whole.len()));
            let _ = read(&bytes);
        }
    }
}
