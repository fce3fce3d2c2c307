//! What stands within a line: text with its styles, links, and what is attached without being a block of its own.

use corer_schemas::notes::{Attachment, AttachmentKind, FileRole, Span, Style};

use super::super::content::{Content, DEEPEST, is_inline};
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
pub(super) fn pieces<'n>(content: &Content<'n>, around: &Surroundings<'_>, spans: &[Span]) -> Vec<Piece<'n>> {
    let mut pieces = Vec::new();
    for (number, span) in spans.iter().enumerate() {
        if let Some(identifier) = &span.style.attachment {
            pieces.push(match content.attachment(identifier) {
                Some(table) if table.table.is_some() => Piece::Block(table),
                Some(attachment) => Piece::Markup(attached(content, around, attachment, 0)),
                None => Piece::Markup(said(&labels::lost(span.style.attachment_type.as_deref()))),
            });
            continue;
        }
        let before = spans.iter().take(number).rev().find_map(|span| span.text.chars().last());
        let after = spans.iter().skip(number + 1).find_map(|span| span.text.chars().next());
        // What is not seen would leave marks around nothing.
        let text = span.text.replace(|c: char| c.is_control() && c != '\t' && !BREAKS.contains(&c), "");
        let mut parts = text.split(BREAKS).peekable();
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

/// What is said in the place of something.
pub(super) fn said(words: &str) -> String {
    format!("*{}*", escape::inline(words))
}

/// Puts markup behind other markup. An exclamation mark before a link would make a picture of it.
pub(super) fn join(text: &mut String, markup: &str) {
    if markup.starts_with('[') && text.ends_with('!') {
        text.pop();
        text.push_str("\\!");
    }
    text.push_str(markup);
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
pub(super) fn attached<'n>(
    content: &Content<'n>,
    around: &Surroundings<'_>,
    attachment: &'n Attachment,
    depth: usize,
) -> String {
    if attachment.table.is_some() {
        return said(&labels::below(attachment));
    }
    if !content.begin(attachment) {
        return said(&labels::again(attachment));
    }
    let mut parts = own(content, around, attachment);
    if depth < DEEPEST {
        parts.extend(content.children(attachment).map(|child| attached(content, around, child, depth + 1)));
    }
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// What is attached without what is in it.
fn own(content: &Content<'_>, around: &Surroundings<'_>, attachment: &Attachment) -> Vec<String> {
    let text = attachment.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let target = attachment.target.as_deref();
    if let Some(text) = text.filter(|_| is_inline(attachment.kind)) {
        return vec![match attachment.kind {
            AttachmentKind::Hashtag => hashtag(text),
            AttachmentKind::NoteLink => link_to(around, target.unwrap_or_default(), text),
            _ => escape::inline(text),
        }];
    }
    let files = content.saved(attachment).into_iter().map(|(role, path)| {
        let link = linked(around, &labels::file_name(attachment, role), path);
        let is_shown = role != FileRole::Original || attachment.kind != AttachmentKind::File;
        if is_shown && is_picture(path) { format!("!{link}") } else { link }
    });
    let mut parts: Vec<String> = files.collect();
    let map = labels::map_address(attachment);
    let lead = target.map(|target| card(around, target, attachment.title.as_deref().unwrap_or(target).trim()));
    let lead = lead.or_else(|| map.map(|address| link_to(around, &address, &labels::name(attachment))));
    let is_shown = lead.is_some() || !attachment.children.is_empty();
    parts.extend(lead);
    parts.extend(content.gap(attachment, is_shown).map(|gap| said(&gap)));
    parts
}

/// A card that leads somewhere. An address that is not followed from here is shown.
fn card(around: &Surroundings<'_>, target: &str, title: &str) -> String {
    match around.links.follow(target) {
        Leads::Nowhere if title != target => escape::inline(&format!("{title} ({target})")),
        _ => link_to(around, target, title),
    }
}

/// What was said in an attachment and in what is in it.
pub(super) fn words<'n>(content: &Content<'n>, attachment: &'n Attachment) -> Vec<String> {
    let lines = content.words(attachment).into_iter().flat_map(str::lines).filter(|line| !line.trim().is_empty());
    lines.map(|line| escape::line(line.trim())).collect()
}

/// A tag is one where it is a word; of others the mark is only a letter.
fn hashtag(text: &str) -> String {
    let tag = text.trim_start_matches('#');
    let is_word = !tag.is_empty() && tag.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '/'));
    match is_word && tag.chars().any(|c| !c.is_ascii_digit()) {
        true => format!("#{}", escape::inline(tag)),
        false => escape::inline(text),
    }
}

/// Whether Markdown shows a file as a picture.
fn is_picture(path: &SafePath) -> bool {
    let extension = path.extension().to_ascii_lowercase();
    ["jpg", "jpeg", "png", "gif", "webp", "heic", "heif", "tiff", "tif", "bmp", "svg"]
        .contains(&extension.trim_start_matches('.'))
}
