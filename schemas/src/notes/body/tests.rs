use std::fs;

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::testing::shared_data;

fn read(bytes: &[u8]) -> Result<Vec<Paragraph>, String> {
    packed(bytes, &mut Room::default())
}

/// The runs of a body as an independent decoder sees them, as one style for each letter.
fn expected(runs: &Value) -> Vec<(char, Value)> {
    let letters = |run: &Value| -> Vec<(char, Value)> {
        run["text"].as_str().unwrap().chars().map(|c| (c, run.clone())).collect()
    };
    runs["runs"].as_array().unwrap().iter().flat_map(letters).collect()
}

fn kind(paragraph: &Value) -> ParagraphKind {
    match paragraph["style_type"].as_i64() {
        None => ParagraphKind::Body,
        Some(0) => ParagraphKind::Title,
        Some(1) => ParagraphKind::Heading,
        Some(2) => ParagraphKind::Subheading,
        Some(4) => ParagraphKind::Monospaced,
        Some(100) => ParagraphKind::Bullet,
        Some(101) => ParagraphKind::Dash,
        Some(102) => ParagraphKind::Numbered,
        Some(103) => ParagraphKind::Check { done: paragraph["checklist"]["done"].as_i64() == Some(1) },
        Some(other) => ParagraphKind::Other(other),
    }
}

/// Whether a letter looks as the other decoder says.
fn agrees(style: &Style, run: &Value) -> bool {
    let truth = |name: &str| run[name].as_i64().unwrap_or_default() != 0;
    let weight = run["font_weight"].as_i64().unwrap_or_default();
    style.bold == (weight & 1 != 0)
        && style.italic == (weight & 2 != 0)
        && style.underlined == truth("underlined")
        && style.struck == truth("strikethrough")
        && style.raised == run["superscript"].as_i64().unwrap_or_default() as i32
        && style.link.as_deref() == run["link"].as_str()
        && style.colour.is_some() == run["color"].is_object()
        && style.font.as_deref() == run["font"]["font_name"].as_str()
        && style.attachment.as_deref() == run["attachment_info"]["attachment_identifier"].as_str()
}

#[test]
fn bodies_say_what_an_independent_decoder_reads() {
    let Some(folder) = shared_data("notes-blobs") else { return };
    let mut seen = 0;
    for entry in fs::read_dir(folder.join("expected")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if path.extension().is_none_or(|kind| kind != "json") || name == "tables" {
            continue;
        }
        let runs: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let paragraphs = read(&fs::read(folder.join("exported_blobs").join(format!("{name}.bin"))).unwrap()).unwrap();
        let mut letters = expected(&runs).into_iter();
        for (number, paragraph) in paragraphs.iter().enumerate() {
            let mut first = true;
            for span in &paragraph.spans {
                for c in span.text.chars() {
                    let (wanted, run) = letters.next().unwrap();
                    assert_eq!(c, wanted, "{name}");
                    assert!(agrees(&span.style, &run), "{name}: {span:?} {run}");
                    if first {
                        let stored = &run["paragraph_style"];
                        assert_eq!(paragraph.kind, kind(stored), "{name}");
                        assert_eq!(
                            i64::from(paragraph.indent),
                            stored["indent_amount"].as_i64().unwrap_or(0),
                            "{name}"
                        );
                        assert_eq!(i64::from(paragraph.quote), stored["block_quote"].as_i64().unwrap_or(0), "{name}");
                    }
                    first = false;
                }
            }
            let end = letters.next();
            assert!(end.as_ref().is_none_or(|(c, _)| *c == '\n'), "{name} {number}");
        }
        assert!(letters.next().is_none(), "{name}");
        seen += 1;
    }
    assert_eq!(seen, 12);
}

#[test]
fn what_is_larger_than_any_note_is_refused() {
    use std::io::Write;
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..65 {
        packer.write_all(&vec![0; 1 << 20]).unwrap();
    }
    let bomb = packer.finish().unwrap();
    assert!(bomb.len() < 100_000);
    assert!(read(&bomb).unwrap_err().contains("64 MB"));
}

/// A message with these fields of bytes.
fn message(fields: &[(u8, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (number, field) in fields {
        bytes.push(number << 3 | 2);
        let mut length = field.len();
        while length > 127 {
            bytes.push((length & 127) as u8 | 128);
            length >>= 7;
        }
        bytes.push(length as u8);
        bytes.extend_from_slice(field);
    }
    bytes
}

#[test]
fn runs_that_cover_too_little_or_too_much_lose_no_letter() {
    for length in [0_u8, 1, 2, 3, 100] {
        let run = [8, length, 40, 1];
        let text = "a🎈\nb".as_bytes();
        let body = message(&[(2, &message(&[(3, &message(&[(2, text), (5, &run)]))]))]);
        let paragraphs = read(&body).unwrap();
        let lines: Vec<String> =
            paragraphs.iter().map(|line| line.spans.iter().map(|span| span.text.as_str()).collect()).collect();
        assert_eq!(lines, ["a🎈", "b"], "{length}");
    }
}

#[test]
fn letters_in_the_run_of_an_attachment_are_text() {
    let attached = message(&[(12, &message(&[(1, b"A"), (2, b"public.jpeg")]))]);
    let run = [&[8, 5][..], &attached].concat();
    let body = message(&[(2, &message(&[(3, &message(&[(2, "ab\u{fffc}\u{fffc}c".as_bytes()), (5, &run)]))]))]);
    let pieces: Vec<_> =
        read(&body).unwrap()[0].spans.iter().map(|span| (span.text.clone(), span.style.attachment.clone())).collect();
    let a = || Some("A".to_owned());
    let picture = || "\u{fffc}".to_owned();
    assert_eq!(pieces, [("ab".into(), None), (picture(), a()), (picture(), a()), ("c".into(), None)]);
}

/// A link of a megabyte in a run of so many letters.
fn with_a_long_link(text: &str, length: u8, runs: usize) -> Vec<u8> {
    let link = "https://".to_owned() + &"a".repeat(1 << 20);
    let attached = message(&[(1, link.as_bytes())]);
    let run = [&[8, length][..], &message(&[(9, link.as_bytes()), (12, &attached)])].concat();
    let mut fields: Vec<(u8, &[u8])> = vec![(2, text.as_bytes())];
    fields.resize(runs + 1, (5, &run));
    message(&[(2, &message(&[(3, &message(&fields))]))])
}

#[test]
fn a_short_body_never_takes_all_memory() {
    let size = |made: &[Paragraph]| -> usize {
        let spans = made.iter().flat_map(|line| &line.spans);
        let own = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        spans.map(|span| span.text.len() + own(&span.style.link) + own(&span.style.attachment) + 200).sum()
    };
    for unit in ["\u{fffc}", "a\n", "\u{fffc}a"] {
        let text = unit.repeat(2_000);
        let mut room = Room::default();
        let length = u8::try_from(unit.chars().count()).unwrap();
        // One run that covers all of it, and as many as it has pieces.
        for bomb in [with_a_long_link(&text, 127, 1), with_a_long_link(&text, length, 20)] {
            let made = packed(&bomb, &mut room).unwrap();
            assert!(size(&made) < 200 << 20, "{unit:?}");
            let letters: usize = made.iter().flat_map(|line| &line.spans).map(|span| span.text.chars().count()).sum();
            let breaks = made.len().saturating_sub(1) + usize::from(text.ends_with('\n') && made.last().is_some());
            assert!(letters + breaks >= text.chars().count(), "{unit:?} {letters} {breaks}");
        }
        assert!(room.is_short(), "{unit:?}");
    }
}

#[test]
fn a_damaged_run_costs_styles_and_no_text() {
    let body = message(&[(2, &message(&[(3, &message(&[(2, b"abc"), (5, &[8, 1, 40, 1]), (5, &[0xff])]))]))]);
    let mut room = Room::default();
    let made = packed(&body, &mut room).unwrap();
    let pieces: Vec<_> = made[0].spans.iter().map(|span| (span.text.as_str(), span.style.bold)).collect();
    assert_eq!((pieces, room.is_short()), (vec![("a", true), ("bc", false)], true));
}

#[test]
fn a_body_without_a_text_says_so() {
    assert_eq!(read(b"").unwrap_err(), "it has no document");
    assert!(read(&[0x1f, 0x8b, 8]).is_err());
    assert_eq!(read(&message(&[(2, &message(&[(3, b"")]))])).unwrap(), []);
}

proptest! {
    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
        let _ = read(&message(&[(2, &message(&[(3, &bytes)]))]));
    }
}
