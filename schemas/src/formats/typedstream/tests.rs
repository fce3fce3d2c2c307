use std::fs;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

const LONG_MESSAGE_END: &str = "Curabitur consectetur cursus sem nec accumsan.";
const LYRICS: &str = "https://music.apple.com/us/lyrics/1329891623?ts=11.108&te=16.031&l=en\
    &tk=2.v1.VsuX9f%2BaT1PyrgMgIT7ANQ%3D%3D&itsct=sharing_msg_lyrics&itscg=50401";

/// The captured streams with the text that each of them shows in Messages.
const TEXTS: [(&str, &str); 38] = [
    ("0123456789", "0123456789"),
    (
        "35123",
        "0123456789\nBold Italics Underline Strikethrough\u{a0}\u{a0}Big Small Shake Nod Explode Ripple Bloom Jitter",
    ),
    ("Address", "1 Apple Park Way, Cupertino, CA 95014"),
    ("AppMessage", "\u{fffc}"),
    ("AppleMusicLyrics", LYRICS),
    ("Arabic", "أهلا\u{64b} بالعالم"),
    ("Array", "A single ChatGPT instance takes 5MW of power to run"),
    ("Attachment", "\u{fffc}This is how the notes look to me fyi, in case it helps make sense of anything"),
    ("AttachmentI16", "\u{fffc}"),
    ("AttributedBodyTextOnly", "Noter test"),
    ("AttributedBodyTextOnly2", "Test 3"),
    ("Blank", ""),
    ("Code", "000123 is your security code. Don't share your code."),
    ("Currency", "Money: $1234.56, £20, 100 USD"),
    ("CurrencyTemperatureVolumeWeight", "$100\n\n75℉\n\n1L of water\n\n225lbs"),
    ("CustomTapback", "Reacted with a sticker to “Like I wonder if the stickers can be reactions ”\u{fffc}"),
    ("Date", "Hi. Right now or tomorrow?"),
    ("EditedWithFormatting", "Test"),
    ("Email", "asdfghjklq@gmail.com might work"),
    ("EmojiBoldUnderline", "🅱\u{fe0f}Bold_Underline"),
    ("Flight", "AS 1111"),
    ("Formatted", "Big small"),
    ("Mention", "Test Dad "),
    ("MultiPart", "\u{fffc}test 1\u{fffc}test 2 \u{fffc}test 3"),
    ("MultiPartWithDeleted", "From arbitrary byte stream:\r\u{fffc}To native Rust data structures:\r"),
    ("OverlappingFormat", "8:00 pm"),
    ("PhoneNumber", "What about 0000000000"),
    ("StyledLink", "https://github.com/ReagentX/imessage-exporter/discussions/553"),
    ("TextEffects", "Big small shake nod explode ripple bloom jitter"),
    ("TextStyles", "Bold underline italic strikethrough all four"),
    ("TextStylesMixed", "Underline normal jitter normal"),
    ("TextStylesSingleRange", "Everything"),
    ("Tracking", "1Z999AA10123456784"),
    ("Transcription", "\u{fffc}"),
    ("URL", "https://github.com/ReagentX/Logria"),
    ("URLMessage", "https://twitter.com/xxxxxxxxx/status/0000223300009216128"),
    ("WeirdText", "𝖍𝖊𝖑𝖑𝖔 𝖜𝖔𝖗𝖑𝖉"),
    (
        "MultiAttachment",
        "\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}\u{fffc}",
    ),
];

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

#[test]
fn every_captured_stream_gives_its_text_to_the_last_byte() {
    for (name, text) in TEXTS {
        let Some(string) = attributed(name) else { return };
        assert_eq!((string.text.as_str(), string.end), (text, Ok(())), "{name}");
        let covered = string.runs.last().map_or(0, |run| run.utf16.end);
        assert_eq!(covered, text.encode_utf16().count(), "{name}");
        let joined: String = string.runs.iter().map(|run| string.text_of(run)).collect();
        assert_eq!(joined, text, "{name}");
    }
}

#[test]
fn a_long_text_keeps_its_length() {
    let Some(string) = attributed("LongMessage") else { return };
    assert_eq!((string.text.len(), string.end), (2359, Ok(())));
    assert!(string.text.starts_with("Sed nibh velit, sodales") && string.text.ends_with(LONG_MESSAGE_END));
    assert_eq!(string.runs.len(), 1);
}

#[test]
fn a_text_shorter_than_it_says_ends_where_it_is_no_text_any_more() {
    let Some(string) = attributed("ExtraData") else { return };
    assert_eq!(string.text, "This is parsing  ");
    assert_eq!(string.end, Err(TypedStreamError::Truncated));
}

#[test]
fn a_stream_of_other_things_is_read_too() {
    let Some(bytes) = sample("HugeWithRefs") else { return };
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
fn attributes_have_their_values_and_their_places() {
    let Some(mention) = attributed("Mention") else { return };
    assert_eq!(styles(&mention), [r#"Dad: MentionConfirmedMention=Text("+15558675309")"#]);
    assert_eq!(mention.runs[1].utf16, 5..8);
    let code = attributed("Code").unwrap();
    let display = r#"Dictionary([("displayCode", Text("000123")), ("code", Text("000123"))])"#;
    assert_eq!(styles(&code), [format!("000123: OneTimeCode={display}")]);
    let attachment = attributed("Attachment").unwrap();
    let run = &attachment.runs[0];
    assert_eq!(attachment.attribute(run, "__kIMInlineMediaHeightAttributeName"), Some(&Attribute::Real(1139.0)));
    assert_eq!(attachment.attribute(run, "__kIMInlineMediaWidthAttributeName"), Some(&Attribute::Real(952.0)));
    let spoken = attributed("Transcription").unwrap();
    let words = spoken.attribute(&spoken.runs[0], "IMAudioTranscription");
    assert_eq!(words, Some(&Attribute::Text("This is a test".into())));
    let link = attributed("URL").unwrap();
    let address = Attribute::Url("https://github.com/ReagentX/Logria".into());
    assert_eq!(link.attribute(&link.runs[0], "__kIMLinkAttributeName"), Some(&address));
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
        if let Some(mut bytes) = sample(which.get(&TEXTS).0) {
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
