//! Text in which ranges are bold, links, mentions, pictures … The ranges may overlap: the text is cut where any of them
//! begins or ends, and every piece carries all that is said about it.

use std::ops::Range;

use askama::Template;
use askama::filters::HtmlSafe;
use corer_schemas::messages::{DetectedKind, Span, Style};

use crate::page::{Html, Rich, safe_url};

/// The most ranges of one text that are shown. Nobody writes more; a hostile message may hold millions.
const MOST: usize = 1_000;

/// Text as markup. Most texts are plain, and are escaped where they stand.
pub(super) enum Words<'a> {
    /// Nothing is said about it, and it holds no addresses.
    Plain(&'a str),
    /// Anything else.
    Marked(Html),
}

impl std::fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Plain(text) => {
                askama::filters::escape(text, askama::filters::Html).map_err(|_| std::fmt::Error)?.fmt(f)
            }
            Self::Marked(html) => html.fmt(f),
        }
    }
}

/// What it gives out is escaped above.
impl HtmlSafe for Words<'_> {}

/// Where the picture of a range is: its address and what it shows.
pub(super) type Pictures<'p> = dyn Fn(usize) -> Option<(String, String)> + 'p;

#[derive(Template)]
#[template(path = "messages/words.html")]
struct Pieces {
    pieces: Vec<Piece>,
}

/// A piece of text about all of which the same is said.
#[derive(Default)]
struct Piece {
    html: Html,
    href: Option<String>,
    bold: bool,
    italic: bool,
    underline: bool,
    strike: bool,
    /// The effect by its name.
    effect: Option<&'static str>,
    /// What the device found there.
    found: Option<String>,
    mention: bool,
    picture: Option<(String, String)>,
}

/// The text of a range as markup.
pub(super) fn words<'a>(text: &'a str, range: &Range<usize>, spans: &[Span], pictures: &Pictures<'_>) -> Words<'a> {
    let whole = text.get(range.clone()).unwrap_or_default();
    let (start, shown) = (range.start + whole.len() - whole.trim_start().len(), whole.trim());
    let range = start..start + shown.len();
    let spans: Vec<&Span> =
        spans.iter().filter(|span| span.range.start < range.end && range.start < span.range.end).take(MOST).collect();
    if spans.is_empty() {
        return plain(shown);
    }
    let mut cuts: Vec<usize> = spans.iter().flat_map(|span| [span.range.start, span.range.end]).collect();
    cuts.extend([range.start, range.end]);
    cuts.retain(|cut| (range.start..=range.end).contains(cut));
    cuts.sort_unstable();
    cuts.dedup();
    let between = cuts.iter().zip(cuts.iter().skip(1));
    let pieces = between.filter_map(|(from, to)| {
        let over = spans.iter().filter(|span| span.range.start <= *from && *to <= span.range.end);
        Some(piece(text.get(*from..*to)?, over.map(|span| &span.style), pictures))
    });
    Words::Marked(Html::of(&Pieces { pieces: pieces.collect() }))
}

/// Text about which nothing is said.
pub(super) fn plain(text: &str) -> Words<'_> {
    if Rich::is_needed(text) { Words::Marked(Rich::new(text).html()) } else { Words::Plain(text) }
}

fn piece<'s>(text: &str, styles: impl Iterator<Item = &'s Style>, pictures: &Pictures<'_>) -> Piece {
    let mut piece = Piece::default();
    for style in styles {
        match style {
            Style::Bold => piece.bold = true,
            Style::Italic => piece.italic = true,
            Style::Underline => piece.underline = true,
            Style::Strikethrough => piece.strike = true,
            Style::Effect(effect) => piece.effect = effect.name().or(Some("Text effect")),
            Style::Link(url) => piece.href = safe_url(url).map(str::to_owned),
            Style::Mention(_) => piece.mention = true,
            Style::OneTimeCode => piece.found = Some("One-time code".to_owned()),
            Style::Detected(found) => piece.found = found_words(&found.kind),
            Style::Picture(index) => piece.picture = index.and_then(pictures),
        }
    }
    piece.html = match piece.href {
        // Links do not nest.
        Some(_) => Html::text(text),
        None => Rich::new(text).html(),
    };
    piece
}

/// What the device found, in a word. Links show by themselves.
fn found_words(kind: &DetectedKind) -> Option<String> {
    let words = match kind {
        DetectedKind::Address => "Address",
        DetectedKind::Date => "Date",
        DetectedKind::PhoneNumber => "Phone number",
        DetectedKind::Email => "Mail address",
        DetectedKind::Money => "Money",
        DetectedKind::Quantity => "Quantity",
        DetectedKind::Tracking => "Parcel",
        DetectedKind::Flight => "Flight",
        DetectedKind::Link => return None,
        DetectedKind::Other(name) => name,
    };
    Some(words.to_owned())
}
