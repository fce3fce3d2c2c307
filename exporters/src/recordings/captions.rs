//! What is said, cut into captions: as SubRip (`.srt`), as text, and for the page.
//!
//! A device times single words. Captions of that length flicker, so words are joined up to the end of a sentence, a pause, or what
//! fits on two lines.

use std::fmt::Write as _;

use corer_schemas::recordings::Transcript;

/// The longest caption, in characters: two lines of 42, as broadcasters have them.
const LONGEST: usize = 84;

/// A sentence may end a caption from so many characters on.
const SENTENCE: usize = 24;

/// A pause that ends a caption, in seconds.
const PAUSE: f64 = 1.5;

/// A pause that begins a paragraph, in seconds.
const LONG_PAUSE: f64 = 3.0;

/// The longest time that a caption stands, in seconds.
const LONGEST_TIME: f64 = 7.0;

/// Some words that are read together.
#[derive(Debug, Clone, PartialEq)]
pub struct Caption {
    /// The words, on one line.
    pub text: String,
    /// From when to when, in seconds from the beginning, where the device says.
    pub time: Option<(f64, f64)>,
}

/// Cuts what is said into captions.
pub fn captions(transcript: &Transcript) -> Vec<Caption> {
    let mut captions: Vec<Caption> = Vec::new();
    let mut is_open = false;
    for phrase in &transcript.phrases {
        let last = captions.last_mut().filter(|last| is_open && goes_on(last, &phrase.text, phrase.time));
        match last {
            Some(last) => {
                last.text.push_str(&phrase.text);
                last.time = match (last.time, phrase.time) {
                    (Some((from, to)), Some((_, end))) => Some((from, to.max(end))),
                    (own, other) => own.or(other),
                };
            }
            None => captions.push(Caption { text: phrase.text.clone(), time: phrase.time }),
        }
        is_open = captions.last().is_some_and(|last| !ends(&last.text));
    }
    for caption in &mut captions {
        // A line break would end a caption, and an empty line the file, for some players.
        caption.text = caption.text.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    captions.retain(|caption| !caption.text.is_empty());
    captions
}

/// Whether words belong to a caption that is open.
fn goes_on(caption: &Caption, text: &str, time: Option<(f64, f64)>) -> bool {
    let is_short = caption.text.chars().count() + text.chars().count() <= LONGEST;
    let is_near = caption
        .time
        .zip(time)
        .is_none_or(|((from, to), (begin, end))| begin - to < PAUSE && end - from <= LONGEST_TIME);
    is_short && is_near
}

fn ends(text: &str) -> bool {
    let text = text.trim_end();
    text.chars().count() >= SENTENCE && text.ends_with(['.', '?', '!', '…', '。', '？', '！', '؟', '।'])
}

/// Captions as SubRip. `None` where the device does not say when anything is said.
pub fn srt(transcript: &Transcript) -> Option<String> {
    let mut srt = String::new();
    let timed = captions(transcript).into_iter().filter_map(|caption| Some((caption.time?, caption.text)));
    for (number, ((from, to), text)) in timed.enumerate() {
        // Writing to a string does not fail. An arrow inside the words would be taken for a time.
        let text = text.replace("-->", "\u{2192}");
        let _ = write!(srt, "{}\n{} --> {}\n{text}\n\n", number + 1, clock(from), clock(to));
    }
    (!srt.is_empty()).then_some(srt)
}

/// All that is said as text, with a paragraph after each long pause.
pub fn paragraphs(transcript: &Transcript) -> Vec<String> {
    let mut paragraphs: Vec<String> = Vec::new();
    let mut end = None;
    for caption in captions(transcript) {
        let begin = caption.time.map(|(from, _)| from);
        let is_new = begin.zip(end).is_some_and(|(begin, end): (f64, f64)| begin - end >= LONG_PAUSE);
        match paragraphs.last_mut().filter(|_| !is_new) {
            Some(last) => {
                last.push(' ');
                last.push_str(&caption.text);
            }
            None => paragraphs.push(caption.text),
        }
        end = caption.time.map(|(_, to)| to).or(end);
    }
    paragraphs
}

/// `01:02:03,450`.
fn clock(seconds: f64) -> String {
    // Casting saturates, and times are never negative.
    let all = (seconds * 1000.0).round() as u64;
    format!("{:02}:{:02}:{:02},{:03}", all / 3_600_000, all / 60_000 % 60, all / 1000 % 60, all % 1000)
}

#[cfg(test)]
mod tests {
    use corer_schemas::recordings::Phrase;

    use super::*;

    fn said(words: &[(&str, f64, f64)]) -> Transcript {
        let phrase =
            |(text, from, to): &(&str, f64, f64)| Phrase { text: (*text).to_owned(), time: Some((*from, *to)) };
        Transcript { language: None, phrases: words.iter().map(phrase).collect() }
    }

    #[test]
    fn words_are_joined_up_to_a_pause_or_the_end_of_a_sentence() {
        let words = [
            ("This is", 0.0, 0.5),
            (" the first sentence.", 0.5, 2.0),
            (" And a second one", 2.1, 3.0),
            (" after", 8.0, 8.4),
            (" a pause", 8.4, 9.0),
        ];
        let own = captions(&said(&words));
        let texts: Vec<&str> = own.iter().map(|caption| caption.text.as_str()).collect();
        assert_eq!(texts, ["This is the first sentence.", "And a second one", "after a pause"]);
        assert_eq!(own[2].time, Some((8.0, 9.0)));
        let all = paragraphs(&said(&words));
        assert_eq!(all, ["This is the first sentence. And a second one", "after a pause"]);
    }

    #[test]
    fn no_word_can_add_a_line_or_a_time_to_captions() {
        let own = srt(&said(&[("a\n\n7\n00:00:01,000 --> 00:00:02,000\nb", 3599.9996, 3600.5)])).unwrap();
        assert_eq!(own, "1\n01:00:00,000 --> 01:00:00,500\na 7 00:00:01,000 \u{2192} 00:00:02,000 b\n\n");
        let untimed = Transcript { language: None, phrases: vec![Phrase { text: "x".to_owned(), time: None }] };
        assert_eq!(srt(&untimed), None);
        assert_eq!(paragraphs(&untimed), ["x"]);
    }
}
