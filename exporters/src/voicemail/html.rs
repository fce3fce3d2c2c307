//! Voicemails as a page, the newest first: who, when, the words, and a player.

use askama::Template;
use corer_schemas::voicemail::{State, Voicemail};
use jiff::tz::TimeZone;

use super::labels::{notes, number, state, who};
use crate::clock::{Moment, date_in_words, lasting};
use crate::output::ExportInfo;
use crate::page::{LinkTarget, Links, Shell, complete_page, plural, size};
use crate::saved::Kept;
use crate::write::{SoundOutcome, SoundOutcomes};

/// What this page adds to the style of all pages.
const STYLE: &str = include_str!("style.css");

#[derive(Template)]
#[template(path = "voicemail/page.html")]
struct Page<'a> {
    facts: String,
    gaps: Option<String>,
    voicemails: Vec<VoicemailLine<'a>>,
    zone: &'a str,
    backup: &'a str,
}

struct VoicemailLine<'a> {
    who: &'a str,
    number: Option<&'a str>,
    when: Option<When>,
    facts: Vec<String>,
    mark: Option<&'static str>,
    words: Option<&'a str>,
    sounds: Vec<Sound>,
    gone: Option<&'a str>,
}

/// A sound that is there.
struct Sound {
    /// What plays.
    played: Option<String>,
    /// The address of the file, and what it is.
    file: (String, String),
    /// Why it does not play, or not all of it.
    note: Option<String>,
}

struct When {
    exact: String,
    words: String,
    plain: String,
}

/// The page; `outcomes` tells of the sounds, in the order of the voicemails.
pub fn page(
    voicemails: &[Kept<Voicemail>],
    outcomes: &[SoundOutcomes],
    skipped: u64,
    links: &dyn Links,
    about: &ExportInfo,
    zone: &TimeZone,
) -> String {
    let lines =
        voicemails.iter().zip(outcomes).rev().map(|(voicemail, outcomes)| line(voicemail, outcomes, links, zone));
    let gaps = format!("{} could not be read; report.txt says which and why.", plural(skipped, "item"));
    let page = Page {
        facts: plural(voicemails.len() as u64, "voicemail"),
        gaps: (skipped > 0).then_some(gaps),
        voicemails: lines.collect(),
        zone: &about.time_zone,
        backup: about.device.as_deref().unwrap_or(&about.backup),
    };
    complete_page(&Shell { title: "Voicemail", style: STYLE, script: None }, &page)
}

fn line<'a>(
    voicemail: &'a Kept<Voicemail>,
    outcomes: &'a SoundOutcomes,
    links: &dyn Links,
    zone: &TimeZone,
) -> VoicemailLine<'a> {
    let moment = voicemail.date.and_then(|date| Moment::new(date, zone));
    let trashed = voicemail.trashed.and_then(|date| Moment::new(date, zone));
    let long = voicemail.duration.map(lasting);
    let line = voicemail.line.clone().filter(|line| line != who(voicemail)).map(|line| format!("line {line}"));
    let sure = voicemail.transcript.as_ref().and_then(|transcript| transcript.confidence);
    let sure = sure.map(|sure| format!("words {:.0} % sure", sure * 100.0));
    let trashed = trashed.map(|moment| format!("moved to the trash on {}", date_in_words(moment.date())));
    let sounds: Vec<Sound> = outcomes.all().filter_map(|outcome| sound(voicemail, outcome, links)).collect();
    let gone = match &outcomes.sound {
        SoundOutcome::Missing { why, .. } | SoundOutcome::Unreadable { why } if sounds.is_empty() => Some(why.as_str()),
        _ => None,
    };
    VoicemailLine {
        who: who(voicemail),
        number: number(voicemail),
        when: moment.map(|moment| When {
            exact: moment.exact(),
            words: moment.words(),
            plain: format!("{}, {}", date_in_words(moment.date()), moment.time()),
        }),
        facts: [long, line, trashed, sure].into_iter().flatten().chain(notes(voicemail, zone)).collect(),
        mark: (voicemail.state != State::Kept).then(|| state(voicemail.state)),
        words: voicemail.transcript.as_ref().map(|transcript| transcript.text.as_str()),
        sounds,
        gone: gone.filter(|_| voicemail.state != State::Deleted),
    }
}

fn sound(voicemail: &Voicemail, outcome: &SoundOutcome, links: &dyn Links) -> Option<Sound> {
    let SoundOutcome::Saved { path, bytes, unplayed, .. } = outcome else { return None };
    let kind = path.as_str().rsplit('.').next().unwrap_or_default().to_ascii_uppercase();
    let href = |path| links.href(LinkTarget::Sound { voicemail: voicemail.id, saved: Some(path) });
    let file = (href(path)?, format!("{kind}, {}", size(*bytes)));
    let note = unplayed.as_ref().map(|why| match outcome.played() {
        Some(_) => format!("Not all of it plays: {why}."),
        None => format!("It does not play here: {why}."),
    });
    Some(Sound { played: outcome.played().and_then(href), file, note })
}
