//! The blocks of a note: headings, lines, lists, quotes, tables.

use corer_schemas::notes::{Paragraph, ParagraphKind};

use super::element::{close, element, open};
use super::inline::{attached, line};
use crate::notes::content::Content;
use crate::notes::markdown::Surroundings;
use crate::page::Html;

/// The text of a note.
pub(super) fn body(content: &Content<'_>, around: &Surroundings<'_>) -> Html {
    let mut writer = Writer { html: Html::default(), lists: Vec::new(), quotes: 0 };
    for paragraph in content.note.paragraphs() {
        writer.paragraph(content, around, paragraph);
    }
    writer.end_lists(0);
    writer.quotes(0);
    for attachment in content.rest() {
        writer.html.append(&element("div", &[], &attached(content, around, attachment, 0)));
    }
    writer.html
}

struct Writer {
    html: Html,
    /// The elements of the lists that are open.
    lists: Vec<(&'static str, &'static str)>,
    quotes: u32,
}

impl Writer {
    fn paragraph(&mut self, content: &Content<'_>, around: &Surroundings<'_>, paragraph: &Paragraph) {
        if !paragraph.kind.is_list() || paragraph.quote != self.quotes {
            self.end_lists(0);
        }
        self.quotes(paragraph.quote);
        let inner = line(content, around, paragraph, false);
        if paragraph.kind.is_list() {
            self.item(paragraph, &inner);
            return;
        }
        let tag = match paragraph.kind {
            ParagraphKind::Title => "h1",
            ParagraphKind::Heading => "h2",
            ParagraphKind::Subheading => "h3",
            _ => "div",
        };
        let align = match paragraph.alignment {
            Some(1) => " centre",
            Some(2) => " right",
            Some(3) => " justified",
            _ => "",
        };
        let class = if paragraph.kind == ParagraphKind::Monospaced { "line mono" } else { "line" };
        let class = format!("{class}{align}");
        self.html.append(&element(tag, &[("class", &class), ("dir", "auto")], &inner));
    }

    fn item(&mut self, paragraph: &Paragraph, inner: &Html) {
        let (tag, class) = match paragraph.kind {
            ParagraphKind::Numbered => ("ol", "numbers"),
            ParagraphKind::Dash => ("ul", "dashes"),
            ParagraphKind::Check { .. } => ("ul", "checks"),
            _ => ("ul", "dots"),
        };
        let depth = paragraph.indent as usize;
        self.end_lists(depth + 1);
        if self.lists.len() == depth + 1 {
            close(&mut self.html, "li");
            if self.lists.last() != Some(&(tag, class)) {
                self.lists.pop().into_iter().for_each(|(tag, _)| close(&mut self.html, tag));
            }
        }
        while self.lists.len() < depth + 1 {
            open(&mut self.html, tag, &[("class", class)]);
            self.lists.push((tag, class));
            if self.lists.len() < depth + 1 {
                open(&mut self.html, "li", &[("class", "none")]);
            }
        }
        match paragraph.start {
            Some(start) => open(&mut self.html, "li", &[("dir", "auto"), ("value", &start.to_string())]),
            None => open(&mut self.html, "li", &[("dir", "auto")]),
        }
        if let ParagraphKind::Check { done } = paragraph.kind {
            let (sign, word) = if done { ("\u{2611} ", "done") } else { ("\u{2610} ", "to do") };
            self.html.append(&element("span", &[("role", "img"), ("aria-label", word)], &Html::text(sign)));
        }
        self.html.append(inner);
    }

    /// Ends lists, down to so many.
    fn end_lists(&mut self, left: usize) {
        while self.lists.len() > left {
            close(&mut self.html, "li");
            self.lists.pop().into_iter().for_each(|(tag, _)| close(&mut self.html, tag));
        }
    }

    fn quotes(&mut self, quotes: u32) {
        while self.quotes < quotes {
            open(&mut self.html, "blockquote", &[]);
            self.quotes += 1;
        }
        while self.quotes > quotes {
            close(&mut self.html, "blockquote");
            self.quotes -= 1;
        }
    }
}
