use std::fs;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

mod captured;

use captured::{CAPTURED, CUT, LONG, NO_TEXT, Piece};

/// One captured stream; nothing when there are none at hand.
fn sample(name: &str) -> Option<Vec<u8>> {
    crate::testing::shared_data("typedstream").map(|folder| fs::read(folder.join(name)).unwrap())
}

fn attributed(name: &str) -> Option<AttributedString> {
    sample(name).map(|bytes| AttributedString::read(&bytes).unwrap())
}

/// The attributes of each part that is not the part number or the writing direction, as `part: name=value`.
fn styles(string: &AttributedString) -> Vec<String> {
    let mut styles = Vec::new();
    for run in &string.runs {
        for (name, value) in string.attributes(run) {
            let name = name.trim_start_matches("__kIM").trim_end_matches("AttributeName");
            if !["MessagePart", "BaseWritingDirection", "DataDetected"].contains(&name) {
                styles.push(format!("{}: {name}={value:?}", string.text_of(run)));
            }
        }
    }
    styles
}

/// The ranges of a text, as [`Piece`]s tell them.
fn ranges(string: &AttributedString) -> Vec<(usize, i128, String)> {
    let range = |run: &Run| {
        let (mut part, mut others) = (0, Vec::new());
        for (name, value) in string.attributes(run) {
            match (name.trim_start_matches("__kIM").trim_end_matches("AttributeName"), value) {
                ("MessagePart", Attribute::Integer(number)) => part = *number,
                ("BaseWritingDirection", _) => {}
                (name, value) => others.push(format!("{name}={}", told(value))),
            }
        }
        others.sort_unstable();
        (run.utf16.len(), part, others.join(", "))
    };
    string.runs.iter().map(range).collect()
}

/// A value as [`Piece`]s tell it.
fn told(value: &Attribute) -> String {
    match value {
        Attribute::Text(text) | Attribute::Url(text) => text.clone(),
        Attribute::Integer(number) => number.to_string(),
        Attribute::Real(number) => format!("{number:?}"),
        Attribute::Data(bytes) => format!("[{}c]", bytes.len()),
        Attribute::Dictionary(entries) => {
            let entries: Vec<_> = entries.iter().map(|(name, value)| format!("{name}={}", told(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        other => format!("{other:?}"),
    }
}

fn expected(pieces: &[Piece]) -> Vec<(usize, i128, String)> {
    pieces.iter().map(|(_, length, part, others)| (*length, *part, (*others).to_owned())).collect()
}

/// A length as a stream holds it.
fn number(length: usize) -> Vec<u8> {
    match u8::try_from(length) {
        Ok(length) if length < 0x80 => vec![length],
        _ => [[0x81].as_slice(), &u16::try_from(length).unwrap().to_le_bytes()].concat(),
    }
}

/// Whether the text and the lengths of its ranges stand at these places, without any reader.
fn stands(bytes: &[u8], place: usize, text: &str, pieces: &[Piece]) -> bool {
    let head = [b"\x84\x01+".as_slice(), &number(text.len())].concat();
    let run_list = if pieces.is_empty() { b"\x86\x86".as_slice() } else { b"\x86\x84\x02iI\x01" };
    let behind = place + text.len() + run_list.len();
    bytes[..place].ends_with(&head)
        && bytes[place..].starts_with(&[text.as_bytes(), run_list].concat())
        && pieces.first().map_or(bytes.len(), |first| first.0) == behind
        && pieces.is_sorted_by(|one, next| one.0 < next.0)
        && pieces.iter().all(|(place, length, ..)| bytes[*place..].starts_with(&number(*length)))
}

#[test]
fn every_captured_stream_gives_its_text_and_its_ranges_to_the_last_byte() {
    for (name, place, text, pieces) in CAPTURED {
        let Some(bytes) = sample(name) else { return };
        assert!(stands(&bytes, place, text, pieces), "{name}");
        let string = AttributedString::read(&bytes).unwrap();
        assert_eq!((string.text.as_str(), string.end), (text, Ok(())), "{name}");
        assert_eq!(ranges(&string), expected(pieces), "{name}");
        let covered = string.runs.last().map_or(0, |run| run.utf16.end);
        assert_eq!(covered, text.encode_utf16().count(), "{name}");
        let joined: String = string.runs.iter().map(|run| string.text_of(run)).collect();
        assert_eq!(joined, text, "{name}");
    }
}

#[test]
fn a_long_text_keeps_its_length() {
    let (name, place, length, starts, end, pieces) = LONG;
    let Some(bytes) = sample(name) else { return };
    let text = str::from_utf8(&bytes[place..place + length]).unwrap();
    assert!(stands(&bytes, place, text, pieces) && text.ends_with(end));
    let paragraphs: Vec<_> = text.split('\n').collect();
    assert_eq!(paragraphs.len(), starts.len());
    assert!(paragraphs.iter().zip(starts).all(|(paragraph, start)| paragraph.starts_with(start)));
    let string = AttributedString::read(&bytes).unwrap();
    assert_eq!((string.text.as_str(), string.end), (text, Ok(())));
    assert_eq!(ranges(&string), expected(pieces));
}

#[test]
fn no_captured_stream_is_left_out() {
    let Some(folder) = crate::testing::shared_data("typedstream") else { return };
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut all: Vec<_> = files.collect();
    all.sort();
    let others = [LONG.0, CUT.0, NO_TEXT];
    let mut known: Vec<_> = CAPTURED.iter().map(|captured| captured.0).chain(others).collect();
    known.sort_unstable();
    assert_eq!(all, known);
    assert_eq!(all.len(), 41);
}

#[test]
fn a_text_shorter_than_it_says_ends_where_it_is_no_text_any_more() {
    let (name, place, length, left) = CUT;
    let Some(bytes) = sample(name) else { return };
    assert!(bytes[..place].ends_with(&number(length.into())) && bytes.len() < place + usize::from(length));
    let string = AttributedString::read(&bytes).unwrap();
    assert_eq!(string.text, left);
    // The stream ends within the text, before any range.
    assert_eq!((ranges(&string), string.end), (vec![], Err(TypedStreamError::Truncated)));
}

#[test]
fn a_stream_of_other_things_is_read_too() {
    let Some(bytes) = sample(NO_TEXT) else { return };
    let stream = TypedStream::read(&bytes).unwrap();
    assert_eq!(stream.end, Ok(()));
    let [Value::Object(root)] = stream.roots[..] else { panic!("{:?}", stream.roots) };
    assert_eq!(stream.class_name(root).as_deref(), Some("NSMutableArray"));
    assert!(stream.is_a(root, "NSArray") && stream.is_a(root, "NSObject") && !stream.is_a(root, "NSString"));
    let [Value::Integer(1), Value::Object(rows)] = stream.values(root) else { panic!("not one array of rows") };
    assert_eq!((stream.values(*rows).len(), &stream.values(*rows)[0]), (36, &Value::Integer(35)));
    assert_eq!(AttributedString::read(&bytes), Err(TypedStreamError::NoText));
}

#[test]
fn an_attribute_is_found_by_its_name() {
    let Some(mention) = attributed("Mention") else { return };
    assert_eq!(styles(&mention), [r#"Dad: MentionConfirmedMention=Text("+15558675309")"#]);
    assert_eq!(mention.runs[1].utf16, 5..8);
    let link = attributed("URL").unwrap();
    let address = Attribute::Url("https://github.com/ReagentX/Logria".into());
    assert_eq!(link.attribute(&link.runs[0], "__kIMLinkAttributeName"), Some(&address));
    assert_eq!(link.attribute(&link.runs[0], "__kIMTextBoldAttributeName"), None);
}

#[test]
fn places_count_in_utf16_and_in_bytes() {
    let Some(string) = attributed("EmojiBoldUnderline") else { return };
    let parts: Vec<_> = string.runs.iter().map(|run| (run.utf16.clone(), string.text_of(run))).collect();
    assert_eq!(parts, [(0..3, "🅱\u{fe0f}"), (3..7, "Bold"), (7..8, "_"), (8..17, "Underline")]);
    let effects = attributed("TextEffects").unwrap();
    assert_eq!(effects.runs.len(), 13);
    assert_eq!(styles(&effects)[0], "Big: TextEffect=Integer(5)");
}

#[test]
fn other_variants_are_refused_in_words() {
    let says = |bytes: &[u8]| TypedStream::read(bytes).unwrap_err().to_string();
    assert_eq!(
        says(b"\x04\x0btypedstream\x81\x03\xe8"),
        "a typed stream of a big-endian machine, which is not supported"
    );
    assert_eq!(says(b"\x03\x0bstreamtyped\x81\xe8\x03"), "a typed stream of version 3, which is not supported");
    assert_eq!(says(b"bplist00"), "not a typed stream");
    assert_eq!(says(b""), "not a typed stream");
}

/// A stream of one group.
fn stream(group: &[u8]) -> Vec<u8> {
    [b"\x04\x0bstreamtyped\x81\xe8\x03".as_slice(), group].concat()
}

#[test]
fn every_width_of_number_is_read() {
    let bytes = stream(
        b"\x84\x08iiiIqQfd\xff\x81\xff\xff\x82\x00\x00\x00\x80\xff\x87\x00\x00\x00\x00\x00\x00\x00\x80\
        \x87\xff\xff\xff\xff\xff\xff\xff\xff\x83\x00\x00\xc0\x3f\x07",
    );
    let stream = TypedStream::read(&bytes).unwrap();
    let integers = [-1, -1, i128::from(i32::MIN), 255, i128::from(i64::MIN), i128::from(u64::MAX)];
    let mut expected: Vec<_> = integers.into_iter().map(Value::Integer).collect();
    expected.extend([Value::Real(1.5), Value::Real(7.0)]);
    assert_eq!((stream.roots, stream.end), (expected, Ok(())));
}

#[test]
fn arrays_and_structures_are_read() {
    let bytes = stream(b"\x84\x16{r=c[2i][0{p=ii}][3C]}\x07\x01\x02abc");
    let stream = TypedStream::read(&bytes).unwrap();
    let pair = Value::List(vec![Value::Integer(1), Value::Integer(2)]);
    let expected = Value::List(vec![Value::Integer(7), pair, Value::List(vec![]), Value::Bytes(b"abc")]);
    assert_eq!((stream.roots, stream.end), (vec![expected], Ok(())));
}

#[test]
fn bombs_end_in_an_error() {
    let arrays_of_nothing = stream(b"\x84\x19[999999[999999[999999{}]]]");
    let deep_types = stream(&[b"\x84\x81\xc8\x00".as_slice(), &b"{=".repeat(100)].concat());
    let long_types = stream(&[b"\x84\x82\x00\x00\x01\x00".as_slice(), &b"c".repeat(65_536)].concat());
    let deep_objects = stream(&[b"\x84\x01@".as_slice(), &b"\x84\x85\x92".repeat(200_000)].concat());
    let endless_classes = stream(&[b"\x84\x01@\x84".as_slice(), &b"\x84\x92\x00".repeat(200_000)].concat());
    let huge_string = stream(b"\x84\x01+\x82\xff\xff\xff\xff");
    for bytes in [arrays_of_nothing, deep_types, long_types, deep_objects, endless_classes, huge_string] {
        let start = Instant::now();
        assert!(TypedStream::read(&bytes).unwrap().end.is_err());
        assert!(start.elapsed() < Duration::from_secs(2));
    }
}

#[test]
fn dictionaries_inside_of_themselves_do_not_expand() {
    // An attributed string whose attributes hold themselves forty times.
    let bytes = stream(
        &[
            b"\x84\x01@\x84\x84\x84\x12NSAttributedString\x00\x84\x84\x08NSObject\x00\x85".as_slice(),
            b"\x92\x84\x84\x84\x08NSString\x01\x94\x84\x01+\x01a\x86\x84\x02iI\x01\x01",
            b"\x92\x84\x84\x84\x0cNSDictionary\x00\x94\x84\x01i\x28",
            &b"\x92\x84\x96\x96\x01k\x86\x92\x97".repeat(40),
            b"\x86\x86",
        ]
        .concat(),
    );
    let start = Instant::now();
    let string = AttributedString::read(&bytes).unwrap();
    assert!(start.elapsed() < Duration::from_secs(2));
    assert_eq!((string.text.as_str(), string.end), ("a", Err(TypedStreamError::TooLarge)));
}

proptest! {
    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
        let _ = AttributedString::read(&stream(&bytes));
        let _ = AttributedString::read(&bytes);
    }

    #[test]
    fn any_damage_is_survived(
        which in any::<prop::sample::Index>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        length in any::<prop::sample::Index>(),
    ) {
        if let Some(mut bytes) = sample(which.get(&CAPTURED).0) {
            for (at, byte) in &changes {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            let _ = AttributedString::read(&bytes).map(|string| styles(&string));
            bytes.truncate(length.index(bytes.len()));
            let _ = AttributedString::read(&bytes).map(|string| styles(&string));
        }
    }
}
