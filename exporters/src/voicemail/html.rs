//! Voicemails as a page, the newest first: who, when, the words, and a player.

use askama::Template;
use corer_schemas::voicemail::{State, Voicemail};
use jiff::tz::TimeZone;

use super::sound::Fate;
use super::words::{number, state, who};
use crate::clock::{Moment, date_in_words, lasting};
use crate::output::{About, SafePath};
use crate::page::{Shell, encode_path, plural, size, whole};

/// What this page adds to the style of all pages.
const STYLE: &str = include_str!("style.css");

#[derive(Template)]
#[template(path = "voicemail/page.html")]
struct Page<'a> {
    facts: String,
    gaps: Option<String>,
    voicemails: Vec<Line<'a>>,
    zone: &'a str,
    backup: &'a str,
}

struct Line<'a> {
    who: &'a str,
    number: Option<&'a str>,
    when: Option<When>,
    facts: Vec<String>,
    mark: Option<&'static str>,
    words: Option<&'a str>,
    wav: Option<String>,
    file: Option<(String, String)>,
    gone: Option<&'a str>,
}

struct When {
    exact: String,
    words: String,
    plain: String,
}

/// The page; `fates` tells of the sounds, in the order of the voicemails.
pub fn page(voicemails: &[Voicemail], fates: &[Fate], skipped: u64, about: &About, zone: &TimeZone) -> String {
    let lines = voicemails.iter().zip(fates).rev().map(|(voicemail, fate)| line(voicemail, fate, zone));
    let gaps = format!("{} could not be read; report.txt says which and why.", plural(skipped, "item"));
    let page = Page {
        facts: plural(voicemails.len() as u64, "voicemail"),
        gaps: (skipped > 0).then_some(gaps),
        voicemails: lines.collect(),
        zone: &about.time_zone,
        backup: about.device.as_deref().unwrap_or(&about.backup),
    };
    whole(&Shell { title: "Voicemail", style: STYLE, script: None }, &page)
}

fn line<'a>(voicemail: &'a Voicemail, fate: &'a Fate, zone: &TimeZone) -> Line<'a> {
    let moment = voicemail.date.and_then(|date| Moment::new(date, zone));
    let trashed = voicemail.trashed.and_then(|date| Moment::new(date, zone));
    let long = voicemail.duration.map(lasting);
    let line = voicemail.line.clone().filter(|line| line != who(voicemail)).map(|line| format!("line {line}"));
    let sure = voicemail.transcript.as_ref().and_then(|transcript| transcript.confidence);
    let sure = sure.map(|sure| format!("words {:.0} % sure", sure * 100.0));
    let trashed = trashed.map(|moment| format!("moved to the trash on {}", date_in_words(moment.date())));
    let (wav, file, gone) = match fate {
        Fate::Saved { path, bytes, wav, .. } => {
            let kind = path.as_str().rsplit('.').next().unwrap_or_default().to_ascii_uppercase();
            let file = (href(path), format!("{kind}, {}", size(*bytes)));
            (wav.as_ref().map(href), Some(file), None)
        }
        Fate::Present => (None, None, None),
        Fate::Missing { why, .. } | Fate::Unreadable { why } => (None, None, Some(why.as_str())),
    };
    Line {
        who: who(voicemail),
        number: number(voicemail),
        when: moment.map(|moment| When {
            exact: moment.exact(),
            words: moment.words(),
            plain: format!("{}, {}", date_in_words(moment.date()), moment.time()),
        }),
        facts: [long, line, trashed, sure].into_iter().flatten().chain(voicemail.odd.iter().cloned()).collect(),
        mark: (voicemail.state != State::Kept).then(|| state(voicemail.state)),
        words: voicemail.transcript.as_ref().map(|transcript| transcript.text.as_str()),
        wav,
        file,
        gone: gone.filter(|_| voicemail.state != State::Deleted),
    }
}

fn href(path: &SafePath) -> String {
    encode_path(path.as_str())
}
