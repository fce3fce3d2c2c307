//! Tables between bars. The first row is the head, because there is no table without one.

use corer_schemas::notes::{Paragraph, ParagraphKind, Table};

use super::Surroundings;
use super::escape;
use super::inline::{Piece, attached, join, pieces, words};
use crate::notes::content::Content;

/// A table; nothing of one without cells.
pub(super) fn table(content: &Content<'_>, around: &Surroundings<'_>, table: &Table) -> Option<String> {
    let mut rows = table.rows.iter();
    let row = |row: &Vec<Vec<Paragraph>>| {
        let cells: Vec<String> = row.iter().map(|cell| self::cell(content, around, cell)).collect();
        format!("| {} |", cells.join(" | "))
    };
    let head = rows.next().filter(|row| !row.is_empty())?;
    let rule = format!("|{}", " --- |".repeat(head.len()));
    let lines: Vec<String> = [row(head), rule].into_iter().chain(rows.map(row)).collect();
    Some(lines.join("\n"))
}

/// A cell is one line: its paragraphs stand with breaks between them.
fn cell(content: &Content<'_>, around: &Surroundings<'_>, paragraphs: &[Paragraph]) -> String {
    let line = |paragraph: &Paragraph| {
        let mark = match paragraph.kind {
            ParagraphKind::Bullet => "• ",
            ParagraphKind::Dash => "– ",
            ParagraphKind::Check { done: true } => "☑ ",
            ParagraphKind::Check { done: false } => "☐ ",
            _ => "",
        };
        let mut text = mark.to_owned();
        for piece in pieces(content, around, &paragraph.spans) {
            match piece {
                Piece::Markup(markup) => join(&mut text, &markup),
                Piece::Break => text.push_str("<br>"),
                // A table in a table stands below it.
                Piece::Block(inner) => join(&mut text, &attached(content, around, inner, 0)),
            }
        }
        let attachments =
            paragraph.spans.iter().filter_map(|span| content.attachment(span.style.attachment.as_deref()?));
        attachments.flat_map(|own| words(content, own)).for_each(|words| text.push_str(&format!("<br>{words}")));
        text
    };
    let lines: Vec<String> = paragraphs.iter().map(line).collect();
    let cell = lines.join("<br>");
    let inner = cell.trim_matches(' ');
    // Spaces at the ends of a cell are cut.
    let at = cell.len() - cell.trim_start_matches(' ').len();
    let lead = if inner.is_empty() { String::new() } else { "&#32;".repeat(at) };
    format!("{lead}{}", if inner.is_empty() { String::new() } else { escape::ends_line(cell.trim_start_matches(' ')) })
}
