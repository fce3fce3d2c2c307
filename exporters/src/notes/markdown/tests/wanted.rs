//! What a note says, as blocks that can be compared.

use corer_schemas::notes::{Note, Paragraph, ParagraphKind, Span, Table};

use super::read::{Block, Letter, Look, What, letter};
use crate::page::safe_url;

/// The largest number that CommonMark knows.
const MOST: u64 = 999_999_999;

/// A letter, or a table that stands among letters.
enum Piece<'n> {
    Letter(Letter),
    Table(&'n Table),
}

struct Wanted<'n> {
    note: &'n Note,
    quote: usize,
    blocks: Vec<Block>,
}

pub(super) fn blocks(note: &Note) -> Vec<Block> {
    let mut wanted = Wanted { note, quote: 0, blocks: Vec::new() };
    let is_same = |one: &Paragraph, other: &Paragraph| {
        one.quote == other.quote && family(one.kind) == family(other.kind) && family(one.kind) != Family::Heading
    };
    for group in note.paragraphs().chunk_by(is_same) {
        wanted.quote = group[0].quote as usize;
        match family(group[0].kind) {
            Family::Heading => wanted.heading(&group[0]),
            Family::Text => wanted.text(group),
            Family::Code => wanted.code(group),
            Family::List => wanted.list(group),
        }
    }
    wanted.blocks
}

#[derive(PartialEq, Eq)]
enum Family {
    Heading,
    Text,
    Code,
    List,
}

fn family(kind: ParagraphKind) -> Family {
    match kind {
        ParagraphKind::Title | ParagraphKind::Heading | ParagraphKind::Subheading => Family::Heading,
        ParagraphKind::Monospaced => Family::Code,
        kind if kind.is_list() => Family::List,
        _ => Family::Text,
    }
}

impl<'n> Wanted<'n> {
    fn push(&mut self, what: What) {
        self.blocks.push(Block { quote: self.quote, what });
    }

    fn pieces(&self, spans: &'n [Span]) -> Vec<Piece<'n>> {
        let mut pieces = Vec::new();
        for span in spans {
            let Some(identifier) = &span.style.attachment else {
                pieces.extend(letters(span).into_iter().map(Piece::Letter));
                continue;
            };
            let attachment = self.note.attachment(identifier).unwrap();
            match (&attachment.table, attachment.text.as_deref()) {
                (Some(table), _) => pieces.push(Piece::Table(table)),
                (None, text) => {
                    let text = text.unwrap().chars();
                    pieces.extend(text.map(|c| Piece::Letter(letter(c, &Look::default()))));
                }
            }
        }
        pieces
    }

    /// The letters of a line, and the tables in it.
    fn parts(&self, line: &'n Paragraph) -> (Vec<Letter>, Vec<&'n Table>) {
        let (mut letters, mut tables) = (Vec::new(), Vec::new());
        for piece in self.pieces(&line.spans) {
            match piece {
                Piece::Letter(letter) => letters.push(letter),
                Piece::Table(table) => tables.push(table),
            }
        }
        (letters, tables)
    }

    fn tables(&mut self, tables: Vec<&Table>) {
        for table in tables {
            let rows = table.rows.iter().map(|row| row.iter().map(|cell| self::cell(cell)).collect());
            self.push(What::Table(rows.collect()));
        }
    }

    fn heading(&mut self, line: &'n Paragraph) {
        let level = match line.kind {
            ParagraphKind::Title => 1,
            ParagraphKind::Heading => 2,
            _ => 3,
        };
        let (letters, tables) = self.parts(line);
        if !is_blank(&letters) {
            self.push(What::Heading(level, letters));
        }
        self.tables(tables);
    }

    fn text(&mut self, group: &'n [Paragraph]) {
        let mut open: Vec<Vec<Letter>> = Vec::new();
        for line in group {
            let mut own = Vec::new();
            for piece in self.pieces(&line.spans) {
                match piece {
                    Piece::Letter(('\n', _)) => self.line(&mut open, std::mem::take(&mut own)),
                    Piece::Letter(letter) => own.push(letter),
                    Piece::Table(table) => {
                        self.line(&mut open, std::mem::take(&mut own));
                        self.paragraph(&mut open);
                        self.tables(vec![table]);
                    }
                }
            }
            self.line(&mut open, own);
        }
        self.paragraph(&mut open);
    }

    /// A line of plain text: one of nothing ends a paragraph.
    fn line(&mut self, open: &mut Vec<Vec<Letter>>, line: Vec<Letter>) {
        match is_blank(&line) {
            true => self.paragraph(open),
            false => open.push(line),
        }
    }

    fn paragraph(&mut self, open: &mut Vec<Vec<Letter>>) {
        let lines = std::mem::take(open);
        if !lines.is_empty() {
            self.push(What::Text(lines.join(&('\n', Look::default()))));
        }
    }

    fn code(&mut self, group: &'n [Paragraph]) {
        let line = |line: &Paragraph| -> String {
            let spans = line.spans.iter().filter(|span| span.style.attachment.is_none());
            spans.flat_map(|span| shown(&span.text)).collect()
        };
        let text = group.iter().map(line).collect::<Vec<_>>().join("\n");
        self.push(What::Code(text));
        for span in group.iter().flat_map(|line| &line.spans).filter(|span| span.style.attachment.is_some()) {
            for piece in self
                .pieces(std::slice::from_ref(span))
                .chunk_by(|one, other| matches!((one, other), (Piece::Letter(_), Piece::Letter(_))))
            {
                let letters = piece.iter().filter_map(|piece| match piece {
                    Piece::Letter(letter) => Some(letter.clone()),
                    Piece::Table(_) => None,
                });
                let letters: Vec<Letter> = letters.collect();
                match piece.first() {
                    Some(Piece::Table(table)) => self.tables(vec![table]),
                    _ => self.push(What::Text(letters)),
                }
            }
        }
    }

    fn list(&mut self, group: &'n [Paragraph]) {
        // Which kind of list is open at each depth, and the number of its last line.
        let mut open: Vec<(char, u64)> = Vec::new();
        for line in group {
            let depth = line.indent as usize;
            let kind = match line.kind {
                ParagraphKind::Bullet => '*',
                ParagraphKind::Numbered => '1',
                _ => '-',
            };
            open.truncate(depth + 1);
            let last = open.get(depth).filter(|(open, _)| *open == kind).map(|(_, number)| *number);
            open.truncate(depth);
            open.resize(depth, (kind, 1));
            let number = line.start.map_or(last.unwrap_or(0) + 1, |start| u64::from(start).min(MOST));
            open.push((kind, number));
            let (letters, tables) = self.parts(line);
            let done = match line.kind {
                ParagraphKind::Check { done } => Some(done),
                _ => None,
            };
            let lines: Vec<_> = letters.split(|(c, _)| *c == '\n').filter(|line| !is_blank(line)).collect();
            let text = lines.join(&('\n', Look::default()));
            self.push(What::Item { depth, number: Some(number).filter(|_| kind == '1'), done, text });
            self.tables(tables);
        }
    }
}

fn cell(paragraphs: &[Paragraph]) -> Vec<Letter> {
    let line = |line: &Paragraph| -> Vec<Letter> {
        let mark = match line.kind {
            ParagraphKind::Bullet => "• ",
            ParagraphKind::Dash => "– ",
            ParagraphKind::Check { done: true } => "☑ ",
            ParagraphKind::Check { done: false } => "☐ ",
            _ => "",
        };
        let mark = mark.chars().map(|c| letter(c, &Look::default()));
        mark.chain(line.spans.iter().flat_map(letters)).collect()
    };
    let letters = paragraphs.iter().map(line).collect::<Vec<_>>().join(&('\n', Look::default()));
    if letters.iter().all(|(c, _)| *c == ' ') { Vec::new() } else { letters }
}

fn letters(span: &Span) -> Vec<Letter> {
    let look = look(span);
    shown(&span.text).map(|c| letter(c, &look)).collect()
}

/// The letters that are shown: what breaks a line is one break.
fn shown(text: &str) -> impl Iterator<Item = char> {
    let is_break = |c| matches!(c, '\u{2028}' | '\u{2029}' | '\r' | '\u{b}' | '\u{c}' | '\u{85}');
    text.chars()
        .map(move |c| if is_break(c) { '\n' } else { c })
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
}

fn look(span: &Span) -> Look {
    let style = &span.style;
    Look {
        bold: style.bold,
        italic: style.italic,
        struck: style.struck,
        underlined: style.underlined,
        raised: style.raised.signum(),
        marked: style.highlight.is_some(),
        coloured: style.colour.is_some(),
        link: style.link.clone().filter(|link| safe_url(link).is_some()),
    }
}

fn is_blank(letters: &[Letter]) -> bool {
    letters.iter().all(|(c, _)| c.is_whitespace())
}
