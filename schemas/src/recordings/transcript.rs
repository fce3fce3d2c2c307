//! What is said in a voice memo: JSON in the file of the sound, which the device writes since iOS 18.
//!
//! `attributedString` has one of three forms: `{"runs": ["text", 0, …], "attributeTable": [{"timeRange": [0.0, 0.5]}, …]}`, in which
//! a number is the place of a run's attributes; a list of texts, each followed by its attributes; or `""` where nothing was
//! understood. Times are seconds from the beginning, from and to.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::model::{Phrase, Transcript};
use crate::formats::quicktime::{LONGEST_WORDS, words};
use crate::source::{Entry, Source, SourceError};

/// What stands in the file, as far as it matters.
#[derive(Deserialize)]
struct Stored {
    #[serde(rename = "attributedString")]
    text: Option<Attributed>,
    locale: Option<Locale>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Attributed {
    Plain(String),
    List(Vec<Run>),
    Table {
        runs: Vec<Run>,
        #[serde(rename = "attributeTable", default)]
        table: Vec<Attributes>,
    },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Run {
    Text(String),
    Place(usize),
    Attributes(Attributes),
    Other(IgnoredAny),
}

#[derive(Deserialize)]
struct Attributes {
    #[serde(rename = "timeRange")]
    time: Option<(f64, f64)>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Locale {
    Named { identifier: String },
    Plain(String),
    Other(IgnoredAny),
}

/// Reads what is said; `None` for a sound in which nothing was understood, or of which nobody asked it.
///
/// # Errors
/// Why it cannot be read, in words.
pub(super) fn read(source: &dyn Source, entry: &Entry) -> Result<Option<Transcript>, String> {
    let opened = source.open(entry).map_err(|error| match error {
        SourceError::Absent { why, .. } => why.to_string(),
        error => error.to_string(),
    })?;
    let mut reader = opened.reader;
    // The heads of atoms alone tell whether there is one.
    let found = words(&mut reader).map_err(|error| error.to_string())?;
    let Some(found) = found else { return Ok(None) };
    if found.len() as u64 > LONGEST_WORDS {
        return Err("it is too long".to_owned());
    }
    parse(&found)
}

/// Reads the JSON; whatever stands before its first brace is no part of it.
pub(crate) fn parse(bytes: &[u8]) -> Result<Option<Transcript>, String> {
    let begin = bytes.iter().take(16).position(|byte| *byte == b'{');
    let Some(json) = begin.and_then(|begin| bytes.get(begin..)) else {
        return if bytes.is_empty() { Ok(None) } else { Err("it is no transcript".to_owned()) };
    };
    let stored = serde_json::Deserializer::from_slice(json).into_iter::<Stored>().next();
    let stored = stored.transpose().map_err(|error| format!("it is no transcript: {error}"))?;
    let Some(Stored { text: Some(text), locale }) = stored else { return Ok(None) };
    let phrases = phrases(text);
    let language = match locale {
        Some(Locale::Named { identifier }) => Some(identifier),
        Some(Locale::Plain(identifier)) => Some(identifier),
        Some(Locale::Other(_)) | None => None,
    };
    let transcript = Transcript { language: language.filter(|language| !language.is_empty()), phrases };
    Ok(Some(transcript).filter(|transcript| !transcript.text().is_empty()))
}

fn phrases(text: Attributed) -> Vec<Phrase> {
    let (runs, table) = match text {
        Attributed::Plain(text) => return vec![Phrase { text, time: None }],
        Attributed::List(runs) => (runs, Vec::new()),
        Attributed::Table { runs, table } => (runs, table),
    };
    let mut phrases: Vec<Phrase> = Vec::new();
    for run in runs {
        let attributes = match &run {
            Run::Place(place) => table.get(*place),
            Run::Attributes(attributes) => Some(attributes),
            Run::Text(_) | Run::Other(_) => None,
        };
        if let (Some(attributes), Some(last)) = (attributes, phrases.last_mut()) {
            last.time = attributes.time.filter(|(from, to)| *from >= 0.0 && from <= to && *to < 1e7);
        }
        if let Run::Text(text) = run {
            phrases.push(Phrase { text, time: None });
        }
    }
    phrases
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(json: &str) -> Option<Transcript> {
        parse(json.as_bytes()).unwrap()
    }

    fn phrase(text: &str, time: Option<(f64, f64)>) -> Phrase {
        Phrase { text: text.to_owned(), time }
    }

    #[test]
    fn all_three_forms_are_read() {
        let phrases = vec![phrase("Hello", Some((0.0, 0.5))), phrase(" there.", Some((0.5, 1.25)))];
        let table = r#"{"locale":{"identifier":"en_US","current":0},"attributedString":{"runs":["Hello",0," there.",1],
            "attributeTable":[{"timeRange":[0,0.5]},{"timeRange":[0.5,1.25]}]}}"#;
        let list = r#"{"attributedString":["Hello",{"timeRange":[0,0.5]}," there.",{"timeRange":[0.5,1.25]}]}"#;
        let known = said(table).unwrap();
        assert_eq!((known.language.as_deref(), known.text().as_str()), (Some("en_US"), "Hello there."));
        assert_eq!(known.phrases, phrases);
        assert_eq!(said(list), Some(Transcript { language: None, phrases }));
        assert_eq!(said(r#"{"attributedString":"","locale":{"identifier":"en_US"}}"#), None);
    }

    #[test]
    fn what_makes_no_sense_costs_no_more_than_itself() {
        let odd = r#"{"locale":7,"attributedString":{"runs":[1,"a",9,"b",0,null,"c",[2],"d",1],
            "attributeTable":[{"timeRange":[3,1]},{"other":1}]}}"#;
        let known = said(odd).unwrap();
        assert_eq!(known.phrases, ["a", "b", "c", "d"].map(|text| phrase(text, None)));
        assert_eq!(said(r#"xxxx{"attributedString":"Yes"} and more"#).unwrap().text(), "Yes");
        assert!(parse(b"nothing").is_err() && parse(b"{\"attributedString\":[").is_err());
        assert_eq!(parse(b""), Ok(None));
        assert_eq!(parse(b"{}"), Ok(None));
    }

    proptest! {
        #[test]
        fn any_bytes_give_words_or_a_reason(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            _ = parse(&bytes);
            _ = parse(&[b"{\"attributedString\":", &bytes[..]].concat());
        }
    }
}
