//! Text with its styles, and what is attached.

use corer_schemas::notes::{Attachment, AttachmentKind, Note, Paragraph, Span, Style, Table};

use super::super::files::path_of;
use super::super::links::Leads;
use super::super::names::with_ending;
use super::super::{Format, labels};
use super::element::{close, element, open};
use crate::notes::markdown::Surroundings;
use crate::page::{Html, Rich, relative};

/// What a line holds.
pub(super) fn line(note: &Note, around: &Surroundings<'_>, paragraph: &Paragraph) -> Html {
    let mut html = Html::default();
    for span in &paragraph.spans {
        html.append(&piece(note, around, span));
    }
    html
}

fn piece(note: &Note, around: &Surroundings<'_>, span: &Span) -> Html {
    match &span.style.attachment {
        None => styled(around, span),
        Some(identifier) => match note.attachment(identifier) {
            Some(attachment) => attached(note, around, attachment, 0),
            None => placeholder(&labels::lost(span.style.attachment_type.as_deref())),
        },
    }
}

fn placeholder(words: &str) -> Html {
    element("span", &[("class", "gone")], &Html::text(words))
}

fn styled(around: &Surroundings<'_>, span: &Span) -> Html {
    let Style { bold, italic, underlined, struck, raised, colour, highlight, link, .. } = &span.style;
    let mut html = match link {
        Some(link) => link_to(around, link, &span.text),
        None => Rich::new(&span.text).html(),
    };
    let mut wrap = |is_so: bool, tag: &'static str| {
        if is_so {
            html = element(tag, &[], &html);
        }
    };
    wrap(*struck, "s");
    wrap(*italic, "em");
    wrap(*bold, "strong");
    wrap(*underlined, "u");
    wrap(*raised > 0, "sup");
    wrap(*raised < 0, "sub");
    if let Some(highlight) = highlight {
        let class = format!("m{highlight}");
        html = element("mark", &[("class", &class)], &html);
    }
    if let Some(colour) = colour {
        // No style but our own is let in; this attribute is none.
        html = element("font", &[("color", colour.get(..7).unwrap_or(colour))], &html);
    }
    html
}

fn link_to(around: &Surroundings<'_>, link: &str, text: &str) -> Html {
    let text = Html::text(text);
    match around.links.follow(link) {
        Leads::ToNote(stem) => {
            element("a", &[("href", &relative(around.folder, &with_ending(stem, Format::Html)))], &text)
        }
        Leads::ToAddress(address) => element("a", &[("href", address), ("rel", "noopener noreferrer")], &text),
        Leads::Nowhere => text,
    }
}

/// What is attached; pages and sounds in it stand one after the other.
pub(super) fn attached(note: &Note, around: &Surroundings<'_>, attachment: &Attachment, depth: usize) -> Html {
    if let Some(inner) = attachment.table.as_ref().filter(|_| depth == 0) {
        return table(note, around, inner, depth + 1);
    }
    let text = attachment.text.as_deref().filter(|text| !text.trim().is_empty());
    let target = attachment.target.as_deref();
    let own = path_of(around.files, &attachment.identifier).map(|path| relative(around.folder, path));
    let mut html = match (attachment.kind, own, text) {
        (AttachmentKind::Hashtag | AttachmentKind::Mention, _, Some(text)) => {
            element("span", &[("class", "tag")], &Html::text(text))
        }
        (AttachmentKind::NoteLink, _, Some(text)) => link_to(around, target.unwrap_or_default(), text),
        (AttachmentKind::Calculation, _, Some(text)) => Html::text(text),
        (AttachmentKind::Web, _, _) if target.is_some() => {
            let target = target.unwrap_or_default();
            link_to(around, target, attachment.title.as_deref().unwrap_or(target))
        }
        (_, Some(href), _) => file(attachment, &href),
        (_, None, _) if !attachment.children.is_empty() => Html::default(),
        (_, None, _) => placeholder(&labels::placeholder(attachment)),
    };
    let children = attachment.children.iter().filter(|_| depth < 2).filter_map(|child| note.attachment(child));
    for child in children {
        html.append(&attached(note, around, child, depth + 1));
    }
    html
}

/// A file: shown or played where browsers can, else linked.
fn file(attachment: &Attachment, href: &str) -> Html {
    let name = labels::name(attachment);
    let extension = href.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let mut html = Html::default();
    let is_shown = ["jpg", "jpeg", "png", "gif", "webp", "avif", "bmp"].contains(&extension.as_str());
    match attachment.kind {
        _ if is_shown => {
            let mut picture = Html::default();
            open(&mut picture, "img", &[("src", href), ("alt", &name), ("loading", "lazy")]);
            html = element("a", &[("href", href)], &picture);
        }
        AttachmentKind::Audio => {
            html =
                element("audio", &[("controls", ""), ("preload", "none"), ("src", href), ("aria-label", &name)], &html);
            html.append(&element("a", &[("href", href), ("download", "")], &Html::text(&name)));
        }
        AttachmentKind::Video => {
            html =
                element("video", &[("controls", ""), ("preload", "none"), ("src", href), ("aria-label", &name)], &html);
            html.append(&element("a", &[("href", href), ("download", "")], &Html::text(&name)));
        }
        _ => html = element("a", &[("href", href), ("class", "file")], &Html::text(&name)),
    }
    if let Some(words) = attachment.recognised.as_ref().filter(|_| attachment.kind == AttachmentKind::Audio) {
        html.append(&element("span", &[("class", "words"), ("dir", "auto")], &Html::text(words)));
    }
    html
}

/// A table, as it is shown from left to right.
fn table(note: &Note, around: &Surroundings<'_>, table: &Table, depth: usize) -> Html {
    let mut html = Html::default();
    open(&mut html, "div", &[("class", "scroll"), ("tabindex", "0")]);
    open(&mut html, "table", &[]);
    for row in &table.rows {
        open(&mut html, "tr", &[]);
        for cell in row {
            open(&mut html, "td", &[("dir", "auto")]);
            for paragraph in cell {
                // A table in a table would go on for ever in a bad file.
                let inner = if depth > 1 { Html::default() } else { line(note, around, paragraph) };
                html.append(&element("div", &[], &inner));
            }
            close(&mut html, "td");
        }
        close(&mut html, "tr");
    }
    close(&mut html, "table");
    close(&mut html, "div");
    html
}
