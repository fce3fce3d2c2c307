//! Text with its styles, and what is attached.

use corer_schemas::notes::{Attachment, AttachmentKind, FileRole, Paragraph, Span, Style, Table};

use super::super::content::{Content, DEEPEST, is_inline};
use super::super::links::Leads;
use super::super::names::with_ending;
use super::super::{Format, labels};
use super::element::{close, element, open};
use crate::notes::markdown::Surroundings;
use crate::page::{Html, Rich, relative};

/// What a line holds; whether it is one in a table.
pub(super) fn line(content: &Content<'_>, around: &Surroundings<'_>, paragraph: &Paragraph, is_cell: bool) -> Html {
    let mut html = Html::default();
    for span in &paragraph.spans {
        html.append(&piece(content, around, span, is_cell));
    }
    html
}

fn piece(content: &Content<'_>, around: &Surroundings<'_>, span: &Span, is_cell: bool) -> Html {
    let Some(identifier) = &span.style.attachment else { return styled(around, span) };
    match content.attachment(identifier) {
        Some(inner) if is_cell && inner.table.is_some() => placeholder(&labels::below(inner)),
        Some(attachment) => attached(content, around, attachment, 0),
        None => placeholder(&labels::lost(span.style.attachment_type.as_deref())),
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
pub(super) fn attached<'n>(
    content: &Content<'n>,
    around: &Surroundings<'_>,
    attachment: &'n Attachment,
    depth: usize,
) -> Html {
    if !content.begin(attachment) {
        return placeholder(&labels::again(attachment));
    }
    let mut html = own(content, around, attachment);
    if depth < DEEPEST {
        for child in content.children(attachment) {
            html.append(&attached(content, around, child, depth + 1));
        }
    }
    html
}

/// What is attached without what is in it.
fn own(content: &Content<'_>, around: &Surroundings<'_>, attachment: &Attachment) -> Html {
    if let Some(inner) = &attachment.table {
        return table(content, around, inner);
    }
    let text = attachment.text.as_deref().filter(|text| !text.trim().is_empty());
    let target = attachment.target.as_deref();
    if let Some(text) = text.filter(|_| is_inline(attachment.kind)) {
        return match attachment.kind {
            AttachmentKind::NoteLink => link_to(around, target.unwrap_or_default(), text),
            AttachmentKind::Calculation => Html::text(text),
            _ => element("span", &[("class", "tag")], &Html::text(text)),
        };
    }
    let mut html = Html::default();
    for (role, path) in content.saved(attachment) {
        html.append(&file(attachment, role, &relative(around.folder, path)));
    }
    let name = labels::name(attachment);
    let map = labels::map_address(attachment);
    let lead = target.map(|target| card(around, target, attachment.title.as_deref().unwrap_or(target)));
    let lead = lead.or_else(|| map.map(|address| link_to(around, &address, &name)));
    let is_shown = lead.is_some() || !attachment.children.is_empty();
    lead.into_iter().for_each(|lead| html.append(&lead));
    if let Some(gap) = content.gap(attachment, is_shown) {
        html.append(&placeholder(&gap));
    }
    if let Some(words) = attachment.recognised.as_ref().filter(|_| attachment.kind == AttachmentKind::Audio) {
        html.append(&element("span", &[("class", "words"), ("dir", "auto")], &Html::text(words)));
    }
    html
}

/// A card that leads somewhere. An address that is not followed from here is shown.
fn card(around: &Surroundings<'_>, target: &str, title: &str) -> Html {
    match around.links.follow(target) {
        Leads::Nowhere if title != target => Html::text(&format!("{title} ({target})")),
        _ => link_to(around, target, title),
    }
}

/// A file: shown or played where browsers can, else linked.
fn file(attachment: &Attachment, role: FileRole, href: &str) -> Html {
    let name = labels::file_name(attachment, role);
    let extension = href.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let mut html = Html::default();
    let is_shown = ["jpg", "jpeg", "png", "gif", "webp", "avif", "bmp"].contains(&extension.as_str());
    let player = match attachment.kind {
        AttachmentKind::Audio => Some("audio"),
        AttachmentKind::Video => Some("video"),
        _ => None,
    };
    match player {
        _ if is_shown => {
            let mut picture = Html::default();
            open(&mut picture, "img", &[("src", href), ("alt", &name), ("loading", "lazy")]);
            element("a", &[("href", href)], &picture)
        }
        Some(player) => {
            html =
                element(player, &[("controls", ""), ("preload", "none"), ("src", href), ("aria-label", &name)], &html);
            html.append(&element("a", &[("href", href), ("download", "")], &Html::text(&name)));
            html
        }
        None => element("a", &[("href", href), ("class", "file")], &Html::text(&name)),
    }
}

/// A table, as it is shown from left to right.
fn table(content: &Content<'_>, around: &Surroundings<'_>, table: &Table) -> Html {
    let mut html = Html::default();
    open(&mut html, "div", &[("class", "scroll"), ("tabindex", "0")]);
    open(&mut html, "table", &[]);
    for row in &table.rows {
        open(&mut html, "tr", &[]);
        for cell in row {
            open(&mut html, "td", &[("dir", "auto")]);
            for paragraph in cell {
                html.append(&element("div", &[], &line(content, around, paragraph, true)));
            }
            close(&mut html, "td");
        }
        close(&mut html, "tr");
    }
    close(&mut html, "table");
    close(&mut html, "div");
    html
}
