use super::super::model::{DetectedKind, Style, TextEffect};
use super::*;

fn sample(name: &str) -> Option<Vec<u8>> {
    crate::testing::shared_data("typedstream").map(|folder| std::fs::read(folder.join(name)).unwrap())
}

fn body(name: &str) -> Option<Body> {
    sample(name).map(|bytes| read_alone(&bytes))
}

/// The styles of a body in words: `the text: what is said about it`.
fn styles(body: &Body) -> Vec<String> {
    let text = body.text.as_deref().unwrap_or_default();
    let spans = body.pieces.iter().flat_map(|piece| &piece.spans);
    spans.map(|span| format!("{}: {}", &text[span.range.clone()], word(&span.style))).collect()
}

fn word(style: &Style) -> String {
    match style {
        Style::Effect(effect) => effect.name().unwrap_or("?").to_owned(),
        Style::Link(address) => format!("-> {address}"),
        Style::Mention(handle) => format!("@{handle}"),
        Style::Detected(found) => format!("{:?}", found.kind),
        other => format!("{other:?}"),
    }
}

#[test]
fn text_needs_no_attributes() {
    let body = read(Some("hello".into()), Some(b"broken"), false);
    assert_eq!((body.text.as_deref(), body.damage), (Some("hello"), None));
    let [BodyPiece { index: 0, range, .. }] = &body.pieces[..] else { panic!("one part") };
    assert_eq!(*range, 0..5);
}

#[test]
fn a_body_that_cannot_be_read_is_said() {
    let body = read(None, Some(b"\x04\x0bstreamtyped"), false);
    assert_eq!(body.text, None);
    assert!(body.damage.is_some());
    assert_eq!(read(Some(String::new()), None, false), Body::default());
}

#[test]
fn placeholders_without_attributes_are_parts() {
    let body = read(Some("\u{fffc}look\u{fffc}".into()), None, false);
    let shape: Vec<_> = body.pieces.iter().map(|piece| (piece.index, piece.range.clone(), piece.is_file())).collect();
    assert_eq!(shape, [(0, 0..3, true), (1, 3..7, false), (2, 7..10, true)]);
}

#[test]
fn parts_and_files_are_those_that_the_attributes_number() {
    let Some(body) = body("MultiPart") else { return };
    let text = body.text.as_deref().unwrap();
    let shape: Vec<_> =
        body.pieces.iter().map(|piece| (piece.index, &text[piece.range.clone()], piece.files.len())).collect();
    let file = "\u{fffc}";
    assert_eq!(
        shape,
        [(0, file, 1), (1, "test 1", 0), (2, file, 1), (3, "test 2 ", 0), (4, file, 1), (5, "test 3", 0)]
    );
    let guid = body.pieces[2].files[0].guid.as_deref();
    assert_eq!(guid, Some("at_2_F0668F79-20C2-49C9-A87F-1B007ABB0CED"));
}

#[test]
fn a_part_that_was_taken_back_leaves_its_number_free() {
    let Some(body) = body("MultiPartWithDeleted") else { return };
    let numbers: Vec<_> = body.pieces.iter().map(|piece| piece.index).collect();
    assert_eq!(numbers, [0, 1, 2]);
}

#[test]
fn an_audio_message_says_what_was_understood() {
    let Some(body) = body("Transcription") else { return };
    let [BodyPiece { files, .. }] = &body.pieces[..] else { panic!("one part") };
    assert_eq!(files[0].transcription.as_deref(), Some("This is a test"));
    assert_eq!(files[0].guid.as_deref(), Some("4C339597-EBBB-4978-9B87-521C0471A848"));
}

#[test]
fn styles_are_ranges_of_the_text() {
    let Some(body) = body("TextStyles") else { return };
    let all = ["four: Strikethrough", "four: Underline", "four: Italic", "four: Bold"];
    let mut found = styles(&body);
    let single = ["Bold: Bold", "underline: Underline", "italic: Italic", "strikethrough: Strikethrough"];
    assert_eq!(found[..4].iter().map(|style| style.trim()).collect::<Vec<_>>(), single);
    found = found.split_off(4);
    found.sort();
    let mut all = all.map(str::to_owned);
    all.sort();
    assert_eq!(found, all);
}

#[test]
fn effects_have_their_names() {
    let Some(body) = body("TextEffects") else { return };
    let text = body.text.as_deref().unwrap();
    // The blanks between the words have effects too, other ones.
    let words = body.pieces[0].spans.iter().filter(|span| text[span.range.clone()] != *" ");
    let effects = words.map(|span| match span.style {
        Style::Effect(effect) => effect,
        ref other => panic!("{other:?}"),
    });
    let all = [
        TextEffect::Big,
        TextEffect::Small,
        TextEffect::Shake,
        TextEffect::Nod,
        TextEffect::Explode,
        TextEffect::Ripple,
        TextEffect::Bloom,
        TextEffect::Jitter,
    ];
    assert_eq!(effects.collect::<Vec<_>>(), all);
    // The text names each of them.
    for style in styles(&body) {
        let (text, name) = style.rsplit_once(": ").unwrap();
        assert!(text == " " || text.trim().to_lowercase() == name.to_lowercase(), "{style}");
    }
}

#[test]
fn links_mentions_and_codes_are_found() {
    for (name, expected) in [
        ("Mention", "Dad: @+15558675309"),
        ("URL", "https://github.com/ReagentX/Logria: -> https://github.com/ReagentX/Logria"),
        ("Code", "000123: OneTimeCode"),
    ] {
        let Some(body) = body(name) else { return };
        assert!(styles(&body).contains(&expected.to_owned()), "{name}: {:?}", styles(&body));
    }
}

#[test]
fn what_the_device_found_has_its_kind_and_its_parts() {
    for (name, kind, part) in [
        ("Address", DetectedKind::Address, ("City", "Cupertino")),
        ("Array", DetectedKind::Quantity, ("Unit", "watt")),
        ("Flight", DetectedKind::Flight, ("FlightNumber", "1111")),
        ("Tracking", DetectedKind::Tracking, ("UPS", "1Z999AA10123456784")),
    ] {
        let Some(body) = body(name) else { return };
        let found = body.pieces.iter().flat_map(|piece| &piece.spans).find_map(|span| match &span.style {
            Style::Detected(found) => Some(found),
            _ => None,
        });
        let found = found.unwrap_or_else(|| panic!("nothing in {name}"));
        assert_eq!(found.kind, kind, "{name}: {found:?}");
        assert!(found.fields.contains(&(part.0.into(), part.1.into())), "{name}: {found:?}");
    }
}

#[test]
fn every_captured_body_is_covered_by_its_parts() {
    let Some(folder) = crate::testing::shared_data("typedstream") else { return };
    for file in std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
        let body = read_alone(&std::fs::read(&file).unwrap());
        let Some(text) = &body.text else { continue };
        let mut end = 0;
        for piece in &body.pieces {
            assert_eq!(piece.range.start, end, "{}", file.display());
            end = piece.range.end;
            for span in &piece.spans {
                assert!(text.is_char_boundary(span.range.start) && text.is_char_boundary(span.range.end));
                assert!(span.range.start >= piece.range.start && span.range.end <= piece.range.end);
            }
        }
        assert_eq!(end, text.len(), "{}", file.display());
        // Read with its plain text beside it, it is the same but for what plain text is not asked for.
        let both = read(Some(text.clone()), Some(&std::fs::read(&file).unwrap()), false);
        assert_eq!(both.text.as_ref(), Some(text), "{}", file.display());
        assert_eq!(styles(&both), styles(&body), "{}", file.display());
        let numbers = |body: &Body| body.pieces.iter().map(|piece| piece.index).collect::<Vec<_>>();
        assert_eq!(numbers(&both), numbers(&body), "{}", file.display());
    }
}
