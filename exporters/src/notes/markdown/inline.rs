//! What stands within a line: text with its styles, links, and what is attached without being a block of its own.

use corer_schemas::notes::{Attachment, AttachmentKind, Note, Span, Style};

use super::super::files::path_of;
use super::super::links::Leads;
use super::super::names::with_ending;
use super::super::{Format, labels};
use super::Surroundings;
use super::escape;
use crate::output::SafePath;
use crate::page::relative;

/// Letters that break a line within a paragraph.
const BREAKS: [char; 6] = ['\u{2028}', '\u{2029}', '\r', '\u{b}', '\u{c}', '\u{85}'];

/// A piece of a line.
pub(super) enum Piece<'n> {
    /// Markup.
    Markup(String),
    /// Where the line breaks.
    Break,
    /// Something that is a block of its own.
    Block(&'n Attachment),
}

/// The pieces of a line.
pub(super) fn pieces<'n>(note: &'n Note, around: &Surroundings<'_>, spans: &'n [Span]) -> Vec<Piece<'n>> {
    let mut pieces = Vec::new();
    for (number, span) in spans.iter().enumerate() {
        if let Some(identifier) = &span.style.attachment {
            match note.attachment(identifier) {
                Some(table) if table.kind == AttachmentKind::Table && table.table.is_some() => {
                    pieces.push(Piece::Block(table))
                }
                Some(attachment) => pieces.push(Piece::Markup(attached(note, around, attachment, 0))),
                None => {
                    let lost = labels::lost(span.style.attachment_type.as_deref());
                    pieces.push(Piece::Markup(format!("*{}*", escape::inline(&lost))));
                }
            }
            continue;
        }
        let before = spans.iter().take(number).rev().find_map(|span| span.text.chars().last());
        let after = spans.iter().skip(number + 1).find_map(|span| span.text.chars().next());
        let mut parts = span.text.split(BREAKS).peekable();
        let mut is_first = true;
        while let Some(part) = parts.next() {
            let is_last = parts.peek().is_none();
            let before = before.filter(|_| is_first);
            let after = after.filter(|_| is_last);
            pieces.push(Piece::Markup(styled(around, part, &span.style, before, after)));
            if !is_last {
                pieces.push(Piece::Break);
            }
            is_first = false;
        }
    }
    pieces
}

/// Text of one style, between these letters.
fn styled(around: &Surroundings<'_>, text: &str, style: &Style, before: Option<char>, after: Option<char>) -> String {
    let core = text.trim_matches(char::is_whitespace);
    if core.is_empty() {
        return escape::inline(text);
    }
    let at = text.len() - text.trim_start_matches(char::is_whitespace).len();
    let (lead, rest) = text.split_at(at);
    let trail = rest.get(core.len()..).unwrap_or_default();
    // Asterisks are emphasis for every parser where space is on their outer side and a letter on the inner one.
    let outer = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let inner = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let before = lead.chars().last().or(before);
    let after = trail.chars().next().or(after);
    let is_plain = !style.underlined && style.raised == 0 && style.highlight.is_none() && style.colour.is_none();
    let asterisks = outer(before)
        && outer(after)
        && inner(core.chars().next())
        && inner(core.chars().last())
        && (is_plain && style.link.is_none());
    let mut markup = match style.link.as_deref() {
        Some(link) => link_to(around, link, core),
        None => escape::inline(core),
    };
    let mut wrap = |is_so: bool, marks: (&str, &str), tags: (&str, &str)| {
        if is_so {
            let (open, close) = if asterisks { marks } else { tags };
            markup = format!("{open}{markup}{close}");
        }
    };
    wrap(style.struck, ("~~", "~~"), ("<del>", "</del>"));
    wrap(style.italic, ("*", "*"), ("<em>", "</em>"));
    wrap(style.bold, ("**", "**"), ("<strong>", "</strong>"));
    wrap(style.underlined, ("", ""), ("<u>", "</u>"));
    wrap(style.raised > 0, ("", ""), ("<sup>", "</sup>"));
    wrap(style.raised < 0, ("", ""), ("<sub>", "</sub>"));
    wrap(style.highlight.is_some(), ("", ""), ("<mark>", "</mark>"));
    if let Some(colour) = &style.colour {
        markup = format!(
            "<span style=\"color: {}\">{markup}</span>",
            colour.replace(|c: char| c != '#' && !c.is_ascii_hexdigit(), "")
        );
    }
    format!("{}{markup}{}", escape::inline(lead), escape::inline(trail))
}

/// Text that leads somewhere.
fn link_to(around: &Surroundings<'_>, link: &str, text: &str) -> String {
    match around.links.follow(link) {
        Leads::ToNote(stem) => linked(around, text, &with_ending(stem, Format::Markdown)),
        Leads::ToAddress(address) => format!("[{}]({})", escape::inline(text), escape::address(address)),
        Leads::Nowhere => escape::inline(text),
    }
}

fn linked(around: &Surroundings<'_>, text: &str, path: &SafePath) -> String {
    format!("[{}]({})", escape::inline(text), escape::address(&relative(around.folder, path)))
}

/// What is attached, where it is no block of its own; pages and sounds in it stand one after the other.
pub(super) fn attached(note: &Note, around: &Surroundings<'_>, attachment: &Attachment, depth: usize) -> String {
    let text = attachment.text.as_deref().unwrap_or_default();
    let own = path_of(around.files, &attachment.identifier);
    let children = attachment.children.iter().filter(|_| depth == 0).filter_map(|child| note.attachment(child));
    let children: Vec<String> = children.map(|child| attached(note, around, child, depth + 1)).collect();
    let markup = match (attachment.kind, own) {
        (AttachmentKind::Hashtag, _) => hashtag(text),
        (AttachmentKind::Mention | AttachmentKind::Calculation, _) if !text.is_empty() => escape::inline(text),
        (AttachmentKind::NoteLink, _) if !text.is_empty() => {
            let text = text.trim();
            attachment.target.as_deref().map_or_else(|| escape::inline(text), |target| link_to(around, target, text))
        }
        (AttachmentKind::Image | AttachmentKind::Drawing | AttachmentKind::Scan, Some(path)) if is_picture(path) => {
            format!("!{}", linked(around, &labels::name(attachment), path))
        }
        (AttachmentKind::Web, _) if attachment.target.is_some() => {
            let target = attachment.target.as_deref().unwrap_or_default();
            link_to(around, target, attachment.title.as_deref().unwrap_or(target).trim())
        }
        (AttachmentKind::Map, None) if attachment.place.is_some() => map(attachment),
        (_, Some(path)) => linked(around, &labels::name(attachment), path),
        (_, None) if !children.is_empty() => String::new(),
        (_, None) => format!("*{}*", escape::inline(&labels::placeholder(attachment))),
    };
    [vec![markup], children].concat().into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A tag is one where it is a word; of others the mark is only a letter.
fn hashtag(text: &str) -> String {
    let tag = text.trim_start_matches('#');
    let is_word = !tag.is_empty() && tag.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '/'));
    match is_word && tag.chars().any(|c| !c.is_ascii_digit()) {
        true => format!("#{}", tag.replace('_', "\\_")),
        false => escape::inline(text),
    }
}

fn map(attachment: &Attachment) -> String {
    let (latitude, longitude) = attachment.place.unwrap_or_default();
    let name = escape::inline(&labels::name(attachment));
    format!("[{name}](https://maps.apple.com/?ll={latitude},{longitude})")
}

/// Whether Markdown shows a file as a picture.
fn is_picture(path: &SafePath) -> bool {
    let extension = path.extension().to_ascii_lowercase();
    ["jpg", "jpeg", "png", "gif", "webp", "heic", "heif", "tiff", "tif", "bmp", "svg"]
        .contains(&extension.trim_start_matches('.'))
}
