//! Notes as Markdown, read back by parsers that nobody here wrote.

use corer_exporters::notes::markdown::{self, Surroundings};
use corer_exporters::notes::{NoteLinks, SavedFile};
use corer_exporters::output::SafePath;
use corer_exporters::saved::Kept;
use corer_schemas::notes::{
    Attachment, AttachmentKind, Body, Note, Paragraph, ParagraphKind, Span, State, Style, Table,
};
use corer_schemas::{AppleTime, Entry, EntryKind, Presence};
use jiff::tz::TimeZone;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use saphyr::{LoadableYamlNode, Yaml};

pub fn note(paragraphs: Vec<Paragraph>) -> Note {
    Note {
        id: Some(1),
        identifier: Some("N-1".into()),
        account: None,
        folder: Vec::new(),
        title: None,
        snippet: None,
        created: None,
        modified: None,
        pinned: false,
        state: State::Kept,
        lock: None,
        body: Body::Text(paragraphs),
        tags: Vec::new(),
        mentions: Vec::new(),
        shared_with: Vec::new(),
        attachments: Vec::new(),
        page: Entry {
            id: 0,
            domain: "x".into(),
            path: "y".into(),
            kind: EntryKind::File,
            size_hint: None,
            modified: None,
            created: None,
            presence: Presence::Present,
        },
        odd: Vec::new(),
    }
}

fn text_of(note: &Note) -> String {
    let (links, folder, files): (NoteLinks, SafePath, &[SavedFile]) = (NoteLinks::default(), SafePath::root(), &[]);
    markdown::text(note, &Surroundings { files, links: &links, folder: &folder })
}

fn line(kind: ParagraphKind, indent: u32, spans: &[(&str, Style)]) -> Paragraph {
    let spans = spans.iter().map(|(text, style)| Span { text: (*text).into(), style: style.clone() });
    Paragraph { kind, indent, spans: spans.collect(), ..Paragraph::default() }
}

fn plain(kind: ParagraphKind, indent: u32, text: &str) -> Paragraph {
    line(kind, indent, &[(text, Style::default())])
}

/// Bold, italic, struck, underlined.
type Look = (bool, bool, bool, bool);

/// A line as it is read: what it is, how deep in lists and quotes, and its letters with their looks.
#[derive(Debug, Clone, PartialEq)]
struct Read {
    kind: String,
    depth: usize,
    quote: usize,
    letters: Vec<(char, Look)>,
}

/// What a parser of CommonMark reads.
#[derive(Default)]
struct Reader {
    lines: Vec<Read>,
    open: Vec<(char, Look)>,
    lists: Vec<Option<u64>>,
    check: Option<bool>,
    quote: usize,
    heading: Option<HeadingLevel>,
    is_code: bool,
    looks: [usize; 4],
}

impl Reader {
    fn of(markdown: &str) -> Vec<Read> {
        let mut own = Self::default();
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
        for event in Parser::new_ext(markdown, options) {
            own.event(event);
        }
        own.lines
    }

    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::SoftBreak => panic!("no line goes on without a mark"),
            Event::HardBreak => self.flush(),
            Event::TaskListMarker(done) => self.check = Some(done),
            Event::InlineHtml(html) | Event::Html(html) => self.html(&html),
            Event::Code(text) => panic!("nothing is code within a line: {text}"),
            other => panic!("{other:?}"),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => self.heading = Some(level),
            Tag::List(start) => {
                self.flush();
                self.lists.push(start);
            }
            Tag::BlockQuote(_) => self.quote += 1,
            Tag::CodeBlock(_) => self.is_code = true,
            Tag::Strong => self.looks[0] += 1,
            Tag::Emphasis => self.looks[1] += 1,
            Tag::Strikethrough => self.looks[2] += 1,
            Tag::Item => self.check = None,
            Tag::Paragraph | Tag::HtmlBlock => {}
            other => panic!("{other:?}"),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                self.flush();
                self.heading = None;
            }
            TagEnd::List(_) => _ = self.lists.pop(),
            TagEnd::BlockQuote(_) => self.quote -= 1,
            TagEnd::CodeBlock => self.is_code = false,
            TagEnd::Strong => self.looks[0] -= 1,
            TagEnd::Emphasis => self.looks[1] -= 1,
            TagEnd::Strikethrough => self.looks[2] -= 1,
            TagEnd::Paragraph => self.flush(),
            TagEnd::Item => {
                self.flush();
                self.check = None;
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        let look = self.looks.map(|count| count > 0);
        for c in text.chars() {
            match c {
                '\n' if self.is_code => self.flush(),
                c => self.open.push((c, (look[0], look[1], look[2], look[3]))),
            }
        }
    }

    fn html(&mut self, html: &str) {
        let look = match html.trim().trim_matches(['<', '>', '/']) {
            "strong" => 0,
            "em" => 1,
            "del" => 2,
            "u" => 3,
            "br" => return self.flush(),
            "!-- --" => return,
            other => panic!("{other}"),
        };
        if html.starts_with("</") { self.looks[look] -= 1 } else { self.looks[look] += 1 }
    }

    fn flush(&mut self) {
        let letters = std::mem::take(&mut self.open);
        if letters.iter().all(|(c, _)| c.is_whitespace()) {
            return;
        }
        let kind = match (self.heading, self.is_code, self.lists.last(), self.check) {
            (Some(level), ..) => format!("heading {}", level as usize),
            (None, true, ..) => "code".into(),
            (None, false, Some(_), Some(done)) => format!("check {done}"),
            (None, false, Some(Some(_)), None) => "number".into(),
            (None, false, Some(None), None) => "item".into(),
            (None, false, None, _) => "text".into(),
        };
        let depth = self.lists.len().saturating_sub(1);
        self.lines.push(Read { kind, depth, quote: self.quote, letters });
    }
}

/// What a note says.
fn wanted(note: &Note) -> Vec<Read> {
    let mut lines = Vec::new();
    for paragraph in note.paragraphs() {
        let kind = match paragraph.kind {
            ParagraphKind::Title => "heading 1".to_owned(),
            ParagraphKind::Heading => "heading 2".into(),
            ParagraphKind::Subheading => "heading 3".into(),
            ParagraphKind::Monospaced => "code".into(),
            ParagraphKind::Bullet | ParagraphKind::Dash => "item".into(),
            ParagraphKind::Numbered => "number".into(),
            ParagraphKind::Check { done } => format!("check {done}"),
            ParagraphKind::Body | ParagraphKind::Other(_) => "text".into(),
        };
        let is_code = paragraph.kind == ParagraphKind::Monospaced;
        let depth = if paragraph.kind.is_list() { paragraph.indent as usize } else { 0 };
        let mut letters = Vec::new();
        for span in &paragraph.spans {
            let style = &span.style;
            let is_blank = span.text.trim().is_empty();
            let look = (style.bold, style.italic, style.struck, style.underlined);
            let look = if is_code || is_blank { Look::default() } else { look };
            // Space at the ends of a piece looks like nothing.
            let inner = span.text.trim();
            let start = span.text.len() - span.text.trim_start().len();
            for (at, c) in span.text.char_indices() {
                let look = if (start..start + inner.len()).contains(&at) { look } else { Look::default() };
                letters.push((c, look));
            }
        }
        if !letters.iter().all(|(c, _)| c.is_whitespace()) {
            lines.push(Read { kind, depth, quote: paragraph.quote as usize, letters });
        }
    }
    lines
}

#[track_caller]
fn comes_back(note: &Note) {
    let markdown = text_of(note);
    assert_eq!(Reader::of(&markdown), wanted(note), "{markdown}");
}

#[test]
fn text_that_looks_like_markup_stays_text() {
    for text in [
        "# no heading",
        "- no list",
        "1. no list",
        "12) no list",
        "> no quote",
        "    no code",
        "***",
        "---",
        "===",
        "+ x",
        "*a* _b_ `c`",
        "[a](b) ![c](d)",
        "<script>alert(1)</script>",
        "&amp; &lt;",
        "a\\",
        "~~x~~",
        "| a | b |",
        "==x== %%y%% $z$",
        "#tag",
        "trailing  ",
        "\ttab",
        "https://a.example/x_y_z",
        "```",
        "~~~",
        "[ ] x",
        "- [ ] x",
        ": x",
        "[^1]: x",
        "<!-- x",
        "a  b",
        "1.",
        "-",
    ] {
        for kind in [
            ParagraphKind::Body,
            ParagraphKind::Title,
            ParagraphKind::Bullet,
            ParagraphKind::Numbered,
            ParagraphKind::Monospaced,
            ParagraphKind::Check { done: true },
        ] {
            comes_back(&note(vec![plain(kind, 0, "before"), plain(kind, 0, text), plain(kind, 0, "after")]));
        }
    }
}

#[test]
fn lists_keep_their_depth_and_numbers() {
    use ParagraphKind::{Body, Bullet, Check, Dash, Numbered};
    comes_back(&note(vec![
        plain(Bullet, 0, "a"),
        plain(Bullet, 1, "b"),
        plain(Numbered, 2, "c"),
        plain(Dash, 0, "d"),
        plain(Check { done: false }, 2, "e"),
        plain(Body, 0, ""),
        plain(Dash, 1, "f"),
        plain(Dash, 0, "g"),
    ]));
    let mut started = plain(Numbered, 0, "five");
    started.start = Some(5);
    let text = text_of(&note(vec![plain(Numbered, 0, "one"), plain(Numbered, 0, "two"), started]));
    assert_eq!(text, "1. one\n2. two\n\n5) five\n");
}

#[test]
fn styles_that_touch_are_told_apart() {
    let bold = Style { bold: true, ..Style::default() };
    let italic = Style { italic: true, bold: true, ..Style::default() };
    let lines = [
        vec![("bold", bold.clone()), ("italic", italic.clone()), ("rest", Style::default())],
        vec![("a ", Style::default()), ("bold ", bold.clone()), ("and", Style::default())],
        vec![("(x)", bold.clone())],
        vec![("*", bold), (" ", italic.clone()), ("end", italic)],
    ];
    comes_back(&note(lines.iter().map(|spans| line(ParagraphKind::Body, 0, spans)).collect()));
    let text = text_of(&note(vec![line(
        ParagraphKind::Body,
        0,
        &[("a ", Style::default()), ("b", Style { bold: true, ..Style::default() })],
    )]));
    assert_eq!(text, "a **b**\n");
}

#[test]
fn links_are_followed_only_where_that_is_safe() {
    let link = |link: &str| Style { link: Some(link.into()), ..Style::default() };
    let text = |style: Style| text_of(&note(vec![line(ParagraphKind::Body, 0, &[("x]y", style)])]));
    assert_eq!(text(link("https://a.example/(b)c?d=1&e")), "[x\\]y](https://a.example/%28b%29c?d=1&amp;e)\n");
    for bad in ["javascript:alert(1)", "file:///etc/passwd", "applenotes:note/AB"] {
        assert_eq!(text(link(bad)), "x\\]y\n");
    }
}

#[test]
fn tables_come_back_cell_by_cell() {
    let texts = [["a|b", "*c*", ""], ["line\none", " d ", "<e>"], ["#f", "g\\", "🎈"]];
    let cell = |text: &str| text.split('\n').map(|text| plain(ParagraphKind::Body, 0, text)).collect::<Vec<_>>();
    let rows = texts.iter().map(|row| row.iter().map(|text| cell(text)).collect()).collect();
    let mut table = Attachment::new("T".into(), AttachmentKind::Table);
    table.table = Some(Table { rows, right_to_left: false });
    let style = Style { attachment: Some("T".into()), ..Style::default() };
    let mut note = note(vec![
        plain(ParagraphKind::Body, 0, "before"),
        line(ParagraphKind::Body, 0, &[("\u{fffc}", style)]),
        plain(ParagraphKind::Body, 0, "after"),
    ]);
    note.attachments = vec![table];
    let markdown = text_of(&note);
    let (mut cells, mut open) = (Vec::new(), String::new());
    for event in Parser::new_ext(&markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::TableCell) => open.clear(),
            Event::Text(text) => open.push_str(&text),
            Event::InlineHtml(html) if &*html == "<br>" => open.push('\n'),
            Event::End(TagEnd::TableCell) => cells.push(open.clone()),
            _ => {}
        }
    }
    assert_eq!(cells, texts.concat(), "{markdown}");
}

#[test]
fn front_matter_says_what_the_note_says() {
    let hostile = "a: b # c\n---\n\"quoted\" \\ 'x' {y} [z] \u{2028} \u{85} \u{7f} \u{feff} 🎈 % @ ` null";
    let mut note = note(vec![]);
    note.title = Some(hostile.into());
    note.folder = vec!["Travel".into(), hostile.into()];
    note.tags = vec!["sea".into(), "no".into(), "12".into(), hostile.into()];
    note.pinned = true;
    note.created = AppleTime::from_unix_seconds(1_700_000_000);
    let files: &[SavedFile] = &[];
    let (links, folder) = (NoteLinks::default(), SafePath::root());
    let page =
        markdown::page(&Kept::present(note), &Surroundings { files, links: &links, folder: &folder }, &TimeZone::UTC);
    let inner = page.strip_prefix("---\n").unwrap().split_once("\n---\n").unwrap().0;
    let read = Yaml::load_from_str(inner).unwrap();
    let front = &read[0];
    assert_eq!(front["title"].as_str(), Some(hostile));
    assert_eq!(front["folder"].as_str(), Some(format!("Travel/{hostile}").as_str()));
    let tags: Vec<_> = front["tags"].as_sequence().unwrap().iter().map(|tag| tag.as_str().unwrap()).collect();
    assert_eq!(tags, ["sea", "no", "12", hostile]);
    assert_eq!((front["pinned"].as_bool(), front["created"].as_str()), (Some(true), Some("2023-11-14T22:13:20+00:00")));
}
