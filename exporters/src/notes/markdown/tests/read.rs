//! What pulldown-cmark reads out of Markdown, as blocks that can be compared.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// How a letter looks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Look {
    pub bold: bool,
    pub italic: bool,
    pub struck: bool,
    pub underlined: bool,
    pub raised: i32,
    pub marked: bool,
    pub coloured: bool,
    pub link: Option<String>,
}

/// A letter; of one that is not seen, only that it is there.
pub(super) type Letter = (char, Look);

/// A letter as it is compared.
pub(super) fn letter(c: char, look: &Look) -> Letter {
    (c, if c.is_whitespace() { Look::default() } else { look.clone() })
}

/// A block, and in how many quotes it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    pub quote: usize,
    pub what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    Text(Vec<Letter>),
    Heading(usize, Vec<Letter>),
    Code(String),
    Table(Vec<Vec<Vec<Letter>>>),
    /// How deep it is, its number if it has one, whether it is ticked if that can be, and its text.
    Item {
        depth: usize,
        number: Option<u64>,
        done: Option<bool>,
        text: Vec<Letter>,
    },
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    quote: usize,
    lists: Vec<Option<u64>>,
    /// For each open item: its number, whether it is ticked, and whether its text was read.
    items: Vec<(Option<u64>, Option<bool>, bool)>,
    looks: Vec<Look>,
    text: Vec<Letter>,
    is_open: bool,
    heading: Option<usize>,
    code: Option<String>,
    table: Option<Vec<Vec<Vec<Letter>>>>,
}

pub(super) fn blocks(markdown: &str) -> Vec<Block> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut reader = Reader::default();
    for event in Parser::new_ext(markdown, options) {
        reader.event(event, markdown);
    }
    reader.flush();
    reader.blocks
}

impl Reader {
    fn push(&mut self, what: What) {
        self.blocks.push(Block { quote: self.quote, what });
    }

    fn look(&self) -> Look {
        self.looks.last().cloned().unwrap_or_default()
    }

    fn open(&mut self, change: impl FnOnce(&mut Look)) {
        let mut look = self.look();
        change(&mut look);
        self.looks.push(look);
    }

    fn letters(&mut self, text: &str) {
        let look = self.look();
        self.text.extend(text.chars().map(|c| letter(c, &look)));
        self.is_open = true;
    }

    /// Ends the text that is being read.
    fn flush(&mut self) {
        if !std::mem::take(&mut self.is_open) {
            return;
        }
        let text = std::mem::take(&mut self.text);
        let depth = self.items.len();
        match self.items.last_mut() {
            Some((number, done, is_read)) if !*is_read => {
                *is_read = true;
                let (number, done) = (*number, *done);
                self.push(What::Item { depth: depth - 1, number, done, text });
            }
            _ => self.push(What::Text(text)),
        }
    }

    fn event(&mut self, event: Event<'_>, markdown: &str) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.code {
                Some(code) => code.push_str(&text),
                None => self.letters(&text),
            },
            Event::HardBreak => self.letters("\n"),
            Event::InlineHtml(tag) | Event::Html(tag) => self.html(tag.trim_end()),
            Event::TaskListMarker(done) => {
                self.items.last_mut().unwrap().1 = Some(done);
            }
            other => panic!("{other:?} in {markdown}"),
        }
    }

    fn html(&mut self, tag: &str) {
        match tag {
            "<!-- -->" if self.items.is_empty() => {}
            "<!-- -->" => self.is_open = true,
            "<br>" => self.letters("\n"),
            "<u>" => self.open(|look| look.underlined = true),
            "<del>" => self.open(|look| look.struck = true),
            "<em>" => self.open(|look| look.italic = true),
            "<strong>" => self.open(|look| look.bold = true),
            "<sup>" => self.open(|look| look.raised = 1),
            "<sub>" => self.open(|look| look.raised = -1),
            "<mark>" => self.open(|look| look.marked = true),
            "<span style=\"color: #FF0000\">" => self.open(|look| look.coloured = true),
            tag => {
                assert!(tag.starts_with("</"), "{tag}");
                self.looks.pop().unwrap();
            }
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph | Tag::HtmlBlock => self.flush(),
            Tag::Heading { level, .. } => {
                self.flush();
                self.heading = Some(level_of(level));
            }
            Tag::BlockQuote(_) => {
                self.flush();
                self.quote += 1;
            }
            Tag::CodeBlock(kind) => {
                self.flush();
                assert!(matches!(&kind, CodeBlockKind::Fenced(info) if info.is_empty()), "{kind:?}");
                self.code = Some(String::new());
            }
            Tag::List(start) => {
                self.flush();
                self.lists.push(start);
            }
            Tag::Item => {
                let number = self.lists.last_mut().unwrap();
                self.items.push((*number, None, false));
                *number = number.map(|number| number + 1);
            }
            Tag::Table(_) => {
                self.flush();
                self.table = Some(Vec::new());
            }
            Tag::TableHead | Tag::TableRow => self.table.as_mut().unwrap().push(Vec::new()),
            Tag::TableCell => {}
            Tag::Emphasis => self.open(|look| look.italic = true),
            Tag::Strong => self.open(|look| look.bold = true),
            Tag::Strikethrough => self.open(|look| look.struck = true),
            Tag::Link { dest_url, .. } => self.open(|look| look.link = Some(decoded(&dest_url))),
            other => panic!("{other:?}"),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.flush(),
            TagEnd::HtmlBlock => {}
            TagEnd::Heading(_) => {
                let text = std::mem::take(&mut self.text);
                self.is_open = false;
                let level = self.heading.take().unwrap();
                self.push(What::Heading(level, text));
            }
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.quote -= 1;
            }
            TagEnd::CodeBlock => {
                let code = self.code.take().unwrap();
                self.push(What::Code(code.strip_suffix('\n').unwrap_or(&code).to_owned()));
            }
            TagEnd::List(_) => _ = self.lists.pop(),
            TagEnd::Item => {
                self.flush();
                self.items.pop();
            }
            TagEnd::Table => {
                let rows = self.table.take().unwrap();
                self.push(What::Table(rows));
            }
            TagEnd::TableHead | TagEnd::TableRow => {}
            TagEnd::TableCell => {
                let text = std::mem::take(&mut self.text);
                self.is_open = false;
                self.table.as_mut().unwrap().last_mut().unwrap().push(text);
            }
            _ => _ = self.looks.pop(),
        }
    }
}

fn level_of(level: HeadingLevel) -> usize {
    level as usize
}

/// An address without its `%XX`.
fn decoded(address: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), address.as_bytes());
    while let [first, after @ ..] = rest {
        let code = after.get(..2).and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
        match code.filter(|_| *first == b'%') {
            Some(byte) => (bytes.push(byte), rest = &after[2..]).1,
            None => (bytes.push(*first), rest = after).1,
        }
    }
    String::from_utf8(bytes).unwrap()
}
