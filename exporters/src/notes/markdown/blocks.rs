//! The blocks of a note: headings, paragraphs, lists, code, quotes, tables.

use corer_schemas::notes::{Attachment, Paragraph, ParagraphKind};

use super::Surroundings;
use super::escape;
use super::inline::{Piece, attached, join, pieces, said, words};
use super::lists::Lists;
use super::tables::table;
use crate::notes::content::Content;
use crate::notes::labels;

/// Writes the blocks of one note.
pub(super) struct Writer<'w, 'n> {
    content: &'w Content<'n>,
    around: &'w Surroundings<'w>,
    blocks: Vec<Block>,
}

/// A block with its lines, and how many quotes it is in.
struct Block {
    lines: Vec<String>,
    quote: u32,
    is_list: bool,
}

impl<'w, 'n> Writer<'w, 'n> {
    pub(super) fn new(content: &'w Content<'n>, around: &'w Surroundings<'w>) -> Self {
        Self { content, around, blocks: Vec::new() }
    }

    /// The text of the note, and below it what is attached to it without standing in it.
    pub(super) fn note(mut self) -> String {
        let mut rest = self.content.note.paragraphs();
        while let Some(first) = rest.first() {
            let like = |other: &&Paragraph| family(other) == family(first) && other.quote == first.quote;
            let length = rest.iter().take_while(like).count().max(1);
            let (group, after) = rest.split_at(length);
            match family(first) {
                Family::Heading => group.iter().for_each(|line| self.heading(line)),
                Family::Text => self.text(group),
                Family::Code => self.code(group),
                Family::List => self.list(group),
            }
            rest = after;
        }
        self.unplaced();
        self.finish()
    }

    fn heading(&mut self, line: &Paragraph) {
        let marks = match line.kind {
            ParagraphKind::Title => "# ",
            ParagraphKind::Heading => "## ",
            _ => "### ",
        };
        let mut text = String::new();
        let mut blocks = Vec::new();
        for piece in pieces(self.content, self.around, &line.spans) {
            match piece {
                Piece::Markup(markup) => join(&mut text, &markup),
                Piece::Break => text.push_str("<br>"),
                Piece::Block(table) => blocks.push(table),
            }
        }
        if !escape::is_blank(&text) {
            let spaces = text.len() - text.trim_start_matches(' ').len();
            let text = format!("{}{}", "&#32;".repeat(spaces), text.get(spaces..).unwrap_or_default());
            self.push(vec![format!("{marks}{}", escape::ends_line(&text))], line.quote, false);
        }
        for inner in blocks {
            self.table(inner, line.quote);
        }
        for words in self.words_of(line) {
            self.push(vec![words], line.quote, false);
        }
    }

    /// Lines of plain text: an empty one ends a paragraph, others break a line.
    fn text(&mut self, group: &[Paragraph]) {
        let mut lines: Vec<String> = Vec::new();
        let quote = group.first().map_or(0, |line| line.quote);
        for line in group {
            let mut open = String::new();
            let mut is_empty = true;
            for piece in pieces(self.content, self.around, &line.spans) {
                match piece {
                    Piece::Markup(markup) => {
                        is_empty &= escape::is_blank(&markup);
                        join(&mut open, &markup);
                    }
                    Piece::Break => lines.push(std::mem::take(&mut open)),
                    Piece::Block(inner) => {
                        lines.push(std::mem::take(&mut open));
                        self.paragraph(&mut lines, quote);
                        self.table(inner, quote);
                        is_empty = true;
                    }
                }
            }
            if is_empty {
                self.paragraph(&mut lines, quote);
            } else {
                lines.push(open);
                lines.extend(self.words_of(line).into_iter().flat_map(|words| [String::new(), words]));
            }
        }
        self.paragraph(&mut lines, quote);
    }

    /// What was said in the recordings of a line.
    fn words_of(&self, line: &Paragraph) -> Vec<String> {
        let named = line.spans.iter().filter_map(|span| span.style.attachment.as_deref());
        named
            .filter_map(|identifier| self.content.attachment(identifier))
            .flat_map(|own| words(self.content, own))
            .collect()
    }

    /// Ends a paragraph.
    fn paragraph(&mut self, lines: &mut Vec<String>, quote: u32) {
        let mut lines = std::mem::take(lines);
        while lines.pop_if(|line| escape::is_blank(line)).is_some() {}
        let first = lines.iter().position(|line| !escape::is_blank(line)).unwrap_or(lines.len());
        let lines: Vec<String> = lines.split_off(first);
        // A line of nothing within a paragraph would end it.
        for paragraph in lines.split(|line| escape::is_blank(line)).filter(|lines| !lines.is_empty()) {
            self.push(broken(paragraph), quote, false);
        }
    }

    fn code(&mut self, group: &[Paragraph]) {
        let lines: Vec<String> = group
            .iter()
            .map(|line| {
                line.spans
                    .iter()
                    .filter(|span| span.style.attachment.is_none())
                    .map(|span| span.text.as_str())
                    .collect()
            })
            .map(|line: String| line.replace(['\u{2028}', '\u{2029}', '\r', '\u{b}', '\u{c}', '\u{85}'], "\n"))
            .map(|line| line.replace(|c: char| c.is_control() && c != '\n' && c != '\t', ""))
            .collect();
        let text = lines.join("\n");
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
        let fence = "`".repeat(longest.max(2) + 1);
        let quote = group.first().map_or(0, |line| line.quote);
        let lines = std::iter::once(fence.clone()).chain(text.split('\n').map(str::to_owned)).chain([fence]);
        self.push(lines.collect(), quote, false);
        let attachments = group.iter().flat_map(|line| &line.spans).filter(|span| span.style.attachment.is_some());
        for span in attachments {
            let mut lines = Vec::new();
            for piece in pieces(self.content, self.around, std::slice::from_ref(span)) {
                match piece {
                    Piece::Markup(markup) => lines.push(markup),
                    Piece::Break => {}
                    Piece::Block(inner) => self.table(inner, quote),
                }
            }
            self.paragraph(&mut lines, quote);
        }
    }

    fn list(&mut self, group: &[Paragraph]) {
        let (mut lists, mut lines) = (Lists::default(), Vec::new());
        let quote = group.first().map_or(0, |line| line.quote);
        for line in group {
            let (marks, width, is_apart) = lists.line(line);
            if is_apart && !lines.is_empty() {
                lines.push(String::new());
            }
            let mut parts = vec![String::new()];
            let mut blocks = Vec::new();
            for piece in pieces(self.content, self.around, &line.spans) {
                match (piece, parts.last_mut()) {
                    (Piece::Markup(markup), Some(open)) => join(open, &markup),
                    (Piece::Break, _) => parts.push(String::new()),
                    (Piece::Block(inner), _) => blocks.push(inner),
                    (Piece::Markup(_), None) => {}
                }
            }
            parts.retain(|part| !escape::is_blank(part));
            let indent = " ".repeat(width);
            let mut text = broken(&parts).into_iter();
            let first = match text.next() {
                Some(first) => format!("{marks}{first}"),
                // Marks with nothing behind them would be a rule, or text of the line before.
                None => format!("{marks}<!-- -->"),
            };
            lines.push(first);
            lines.extend(text.map(|part| format!("{indent}{part}")));
            for inner in blocks {
                let inner = self.rows(inner).unwrap_or_default();
                lines.push(String::new());
                lines.extend(inner.lines().map(|line| format!("{indent}{line}")));
                lines.push(String::new());
            }
            let words = self.words_of(line).into_iter();
            lines.extend(words.flat_map(|words| [String::new(), format!("{indent}{words}"), String::new()]));
        }
        while lines.pop_if(|line| line.is_empty()).is_some() {}
        self.push(lines, quote, true);
    }

    /// The table that an attachment is. One that was written before is only named.
    fn rows(&self, attachment: &'n Attachment) -> Option<String> {
        if !self.content.begin(attachment) {
            return Some(said(&labels::again(attachment)));
        }
        table(self.content, self.around, attachment.table.as_ref()?)
    }

    fn table(&mut self, attachment: &'n Attachment, quote: u32) {
        if let Some(table) = self.rows(attachment) {
            self.push(table.lines().map(str::to_owned).collect(), quote, false);
        }
    }

    /// What is attached to a note whose text does not name it.
    fn unplaced(&mut self) {
        let content = self.content;
        for attachment in content.rest() {
            match &attachment.table {
                Some(_) => self.table(attachment, 0),
                None => {
                    let mut lines = vec![attached(content, self.around, attachment, 0)];
                    lines.extend(words(content, attachment).into_iter().flat_map(|words| [String::new(), words]));
                    self.paragraph(&mut lines, 0);
                }
            }
        }
    }

    fn push(&mut self, lines: Vec<String>, quote: u32, is_list: bool) {
        self.blocks.push(Block { lines, quote, is_list });
    }

    fn finish(self) -> String {
        let mut text = String::new();
        let mut before: Option<&Block> = None;
        for block in &self.blocks {
            let marks = "> ".repeat(block.quote as usize);
            if let Some(before) = before {
                // What is in the same quotes goes on in them.
                let shared = before.quote.min(block.quote);
                let blank = "> ".repeat(shared as usize);
                let blank = if before.quote == block.quote { blank.trim_end() } else { "" };
                text.push_str(blank);
                text.push('\n');
                if before.is_list && block.is_list && before.quote == block.quote {
                    text.push_str(&format!("{marks}<!-- -->\n{blank}\n"));
                }
            }
            for line in &block.lines {
                text.push_str(if line.is_empty() { marks.trim_end() } else { &marks });
                text.push_str(line);
                text.push('\n');
            }
            before = Some(block);
        }
        text
    }
}

#[derive(PartialEq, Eq)]
enum Family {
    Heading,
    Text,
    Code,
    List,
}

fn family(line: &Paragraph) -> Family {
    match line.kind {
        ParagraphKind::Title | ParagraphKind::Heading | ParagraphKind::Subheading => Family::Heading,
        ParagraphKind::Body | ParagraphKind::Other(_) => Family::Text,
        ParagraphKind::Monospaced => Family::Code,
        _ => Family::List,
    }
}

/// Lines of one paragraph, each but the last with a break at its end.
fn broken(lines: &[String]) -> Vec<String> {
    let last = lines.len().saturating_sub(1);
    let line = |(number, line): (usize, &String)| {
        let line = escape::ends_line(&escape::starts_line(line));
        if number < last { format!("{line}\\") } else { line }
    };
    lines.iter().enumerate().map(line).collect()
}
