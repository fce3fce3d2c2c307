//! Voice memos as a page, the newest first: what, when, a player, and what is said, which moves along with it.

use askama::Template;
use corer_schemas::recordings::{Recording, State};
use jiff::tz::TimeZone;

use super::captions::captions;
use super::labels::{notes, state, title};
use super::totals::Totals;
use crate::clock::{Moment, date_in_words, lasting};
use crate::output::ExportInfo;
use crate::page::{Html, LinkTarget, Links, Shell, complete_page, plural, size};
use crate::saved::Kept;
use crate::write::{SoundOutcome, SoundOutcomes};

/// What this page adds to the style of all pages.
const STYLE: &str = include_str!("style.css");

/// Marks what is being said, and goes to what is clicked on.
const SCRIPT: &str = include_str!("follow.js");

#[derive(Template)]
#[template(path = "recordings/page.html")]
struct Page<'a> {
    facts: String,
    gaps: Option<String>,
    /// The newest first.
    rows: Vec<&'a Html>,
    zone: &'a str,
    backup: &'a str,
}

#[derive(Template)]
#[template(path = "recordings/row.html")]
struct Row<'a> {
    title: &'a str,
    when: Option<When>,
    facts: Vec<String>,
    mark: Option<&'static str>,
    sounds: Vec<PageSound>,
    gone: Option<&'a str>,
    language: Option<String>,
    lines: Vec<Line>,
    is_long: bool,
}

struct When {
    exact: String,
    words: String,
    plain: String,
}

/// A sound that is there.
struct PageSound {
    /// What plays.
    played: Option<String>,
    /// The address of the file, and what it is.
    file: (String, String),
    /// Why it does not play, or not all of it.
    note: Option<String>,
}

/// What is said at a time.
struct Line {
    /// In seconds from the beginning.
    from: Option<f64>,
    text: String,
}

/// Voice memos that are on the page, the oldest first.
#[derive(Default)]
pub struct Rows(Vec<Html>);

/// Words of more captions are folded away until they are asked for.
const MOST_OPEN: usize = 12;

impl Rows {
    /// Adds one.
    pub fn push(&mut self, recording: &Kept<Recording>, outcomes: &SoundOutcomes, links: &dyn Links, zone: &TimeZone) {
        self.0.push(Html::of(&row(recording, outcomes, links, zone)));
    }
}

/// The page.
pub fn page(rows: &Rows, totals: Totals, gaps: u64, about: &ExportInfo) -> String {
    let said = (totals.transcripts > 0).then(|| format!("{} with words", totals.transcripts));
    let facts = [Some(plural(totals.recordings, "voice memo")), said].into_iter().flatten().collect::<Vec<_>>();
    let told = format!("{} could not be read; report.txt says which and why.", plural(gaps, "item"));
    let page = Page {
        facts: facts.join(" · "),
        gaps: (gaps > 0).then_some(told),
        rows: rows.0.iter().rev().collect(),
        zone: &about.time_zone,
        backup: about.device.as_deref().unwrap_or(&about.backup),
    };
    complete_page(&Shell { title: "Voice memos", style: STYLE, script: Some(SCRIPT) }, &page)
}

fn row<'a>(recording: &'a Kept<Recording>, outcomes: &'a SoundOutcomes, links: &dyn Links, zone: &TimeZone) -> Row<'a> {
    let moment = recording.date.and_then(|date| Moment::new(date, zone));
    let deleted = recording.deleted.and_then(|date| Moment::new(date, zone));
    let facts = [
        recording.duration.map(lasting),
        recording.folder.as_ref().map(|folder| format!("in {folder}")),
        (recording.favorite == Some(true)).then(|| "favourite".to_owned()),
        recording.edited.then(|| "edited".to_owned()),
        deleted.map(|moment| format!("deleted on {}", date_in_words(moment.date()))),
    ];
    let sounds: Vec<PageSound> = outcomes.all().filter_map(|outcome| sound(recording, outcome, links)).collect();
    let gone = match &outcomes.sound {
        SoundOutcome::Missing { why, .. } | SoundOutcome::Unreadable { why } => Some(why.as_str()),
        SoundOutcome::Saved { .. } | SoundOutcome::Present => None,
    };
    let captions = recording.transcript.as_ref().map(captions).unwrap_or_default();
    let lines: Vec<Line> = captions
        .into_iter()
        .map(|caption| Line { from: caption.time.map(|(from, _)| from), text: caption.text })
        .collect();
    let language = recording.transcript.as_ref().and_then(|transcript| transcript.language.as_deref());
    Row {
        title: title(recording),
        when: moment.map(|moment| When {
            exact: moment.exact(),
            words: moment.words(),
            plain: format!("{}, {}", date_in_words(moment.date()), moment.time()),
        }),
        facts: facts.into_iter().flatten().chain(notes(recording, zone)).collect(),
        mark: (recording.state != State::Kept).then(|| state(recording.state)),
        sounds,
        gone,
        language: language.and_then(tag),
        is_long: lines.len() > MOST_OPEN,
        lines,
    }
}

/// A language as pages name it: `zh-Hans-CN`. `None` for what is no such name.
fn tag(language: &str) -> Option<String> {
    let tag = language.replace('_', "-");
    let is_sound = tag.len() <= 35
        && tag.split('-').all(|part| (1..=8).contains(&part.len()))
        && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_sound.then_some(tag)
}

fn sound(recording: &Recording, outcome: &SoundOutcome, links: &dyn Links) -> Option<PageSound> {
    let SoundOutcome::Saved { path, bytes, unplayed, .. } = outcome else { return None };
    let kind = path.as_str().rsplit('.').next().unwrap_or_default().to_ascii_uppercase();
    let href = |path| links.href(LinkTarget::Recording { recording: recording.id, saved: Some(path) });
    let file = (href(path)?, format!("{kind}, {}", size(*bytes)));
    let note = unplayed.as_ref().map(|why| match outcome.played() {
        Some(_) => format!("Not all of it plays: {why}."),
        None => format!("It does not play here: {why}."),
    });
    Some(PageSound { played: outcome.played().and_then(href), file, note })
}
