//! Random notes: every kind of line and style, lists in lists, tables, tags, and text that means something to Markdown.

use corer_schemas::notes::{
    Attachment, AttachmentKind, Body, Note, Paragraph, ParagraphKind, Span, State, Style, Table,
};
use corer_schemas::{Entry, EntryKind, Presence};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

/// Text that means something to Markdown, HTML, YAML or Obsidian, wherever it stands.
const HOSTILE: [&str; 64] = [
    "word",
    "two words",
    " ",
    "  ",
    "a",
    "ä",
    "日本",
    "🎈",
    "*",
    "**",
    "***",
    "_",
    "__a__",
    "a_b_c",
    "`",
    "```",
    "~",
    "~~",
    "# ",
    "## x",
    "#tag",
    "- ",
    "-",
    "---",
    "+ ",
    "1. ",
    "1)",
    "123",
    ".",
    ")",
    "> ",
    "<",
    "<b>",
    "</u>",
    "<!-- ",
    "-->",
    "&amp;",
    "&",
    "&#32;",
    "; ",
    "[x](y)",
    "[",
    "]",
    "![",
    "!",
    "](",
    "|",
    "| --- |",
    ":---",
    "\\",
    "\\*",
    "==",
    "%%",
    "$x$",
    "^id",
    "[[x]]",
    "https://a.example/b_c?d=1&e=2#f",
    "~/x~",
    "\t",
    "\u{a0}",
    "\u{2028}",
    "'\"",
    ": ",
    "=",
];

/// Text of such pieces.
pub(super) fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => proptest::sample::select(HOSTILE.to_vec()).prop_map(str::to_owned),
        2 => "[a-z]{1,6}",
        1 => any::<char>().prop_filter("ends a paragraph", |c| !matches!(c, '\n' | '\u{fffc}')).prop_map(String::from),
    ];
    vec(piece, 1..6).prop_map(|pieces| pieces.concat())
}

fn style() -> impl Strategy<Value = Style> {
    let link = proptest::sample::select(vec![
        "https://a.example/?b=1&c=2",
        "https://a.example/(x)_[y]*<z>|",
        "mailto:a@b.example",
        "javascript:alert(1)",
        "https://a.example/&amp;",
    ]);
    let marks = (
        option::weighted(0.1, Just("#FF0000".to_owned())),
        option::weighted(0.1, 1_u32..6),
        option::weighted(0.15, link),
    );
    let flags = (
        proptest::bool::weighted(0.2),
        proptest::bool::weighted(0.2),
        proptest::bool::weighted(0.1),
        proptest::bool::weighted(0.1),
        prop_oneof![8 => Just(0), 1 => Just(1), 1 => Just(-1)],
    );
    (flags, marks).prop_map(|((bold, italic, underlined, struck, raised), (colour, highlight, link))| Style {
        bold,
        italic,
        underlined,
        struck,
        raised,
        colour,
        highlight,
        link: link.map(str::to_owned),
        ..Style::default()
    })
}

fn span() -> impl Strategy<Value = Span> {
    (hostile(), prop_oneof![1 => Just(Style::default()), 1 => style()]).prop_map(|(text, style)| Span { text, style })
}

/// A piece for an attachment, whose identifier is given later.
fn attached() -> impl Strategy<Value = Span> {
    proptest::sample::select(vec!["T", "H"]).prop_map(|kind| Span {
        text: "\u{fffc}".to_owned(),
        style: Style { attachment: Some(kind.to_owned()), ..Style::default() },
    })
}

fn kind() -> impl Strategy<Value = ParagraphKind> {
    use ParagraphKind::{Body, Bullet, Check, Dash, Heading, Monospaced, Numbered, Other, Subheading, Title};
    prop_oneof![
        6 => Just(Body),
        1 => proptest::sample::select(vec![Title, Heading, Subheading, Monospaced, Other(9)]),
        9 => proptest::sample::select(vec![Bullet, Dash, Numbered, Numbered, Check { done: true }, Check { done: false }]),
    ]
}

fn paragraph() -> impl Strategy<Value = Paragraph> {
    let spans = vec(prop_oneof![12 => span(), 1 => attached()], 0..4);
    let start = option::weighted(0.15, prop_oneof![2_u32..20, Just(u32::MAX)]);
    let quote = prop_oneof![8 => Just(0), 1 => 1_u32..3];
    (kind(), spans, 0_u32..4, start, quote).prop_map(|(kind, spans, indent, start, quote)| Paragraph {
        kind,
        indent: if kind.is_list() { indent } else { 0 },
        start: start.filter(|_| kind == ParagraphKind::Numbered),
        quote,
        spans,
        ..Paragraph::default()
    })
}

fn cell() -> impl Strategy<Value = Vec<Paragraph>> {
    let line = (kind(), vec(span(), 0..3)).prop_map(|(kind, spans)| Paragraph { kind, spans, ..Paragraph::default() });
    vec(line, 0..3)
}

fn table() -> impl Strategy<Value = Table> {
    (1_usize..4, 1_usize..4).prop_flat_map(|(rows, columns)| {
        vec(vec(cell(), columns), rows).prop_map(|rows| Table { rows, right_to_left: false })
    })
}

/// A note of such lines, each of whose attachments stands in it once.
pub(super) fn note() -> impl Strategy<Value = Note> {
    let tag = proptest::sample::select(vec!["#sea", "#a_b", "#ä-1", "#12", "# no", "#x*y"]);
    (vec(paragraph(), 0..12), vec(table(), 8), vec(tag, 8)).prop_map(|(mut paragraphs, tables, tags)| {
        let (mut attachments, mut tables, mut tags) = (Vec::new(), tables.into_iter(), tags.into_iter());
        for span in paragraphs.iter_mut().flat_map(|line| &mut line.spans) {
            let Some(kind) = span.style.attachment.clone() else { continue };
            let identifier = format!("{kind}{}", attachments.len());
            let made = match kind.as_str() {
                "T" => tables.next().map(|table| Attachment {
                    table: Some(table),
                    ..Attachment::new(identifier.clone(), AttachmentKind::Table)
                }),
                _ => tags.next().map(|tag| Attachment {
                    text: Some(tag.to_owned()),
                    ..Attachment::new(identifier.clone(), AttachmentKind::Hashtag)
                }),
            };
            match made {
                Some(made) => {
                    attachments.push(made);
                    span.style.attachment = Some(identifier);
                }
                None => *span = Span { text: "rest".to_owned(), style: Style::default() },
            }
        }
        Note { body: Body::Text(paragraphs), attachments, ..empty() }
    })
}

/// A note of which nothing is known.
pub(in crate::notes) fn empty() -> Note {
    Note {
        id: None,
        identifier: None,
        account: None,
        folder: Vec::new(),
        title: None,
        snippet: None,
        created: None,
        modified: None,
        pinned: false,
        state: State::Kept,
        lock: None,
        body: Body::Text(Vec::new()),
        tags: Vec::new(),
        mentions: Vec::new(),
        shared_with: Vec::new(),
        attachments: Vec::new(),
        page: Entry {
            id: 0,
            domain: String::new(),
            path: String::new(),
            kind: EntryKind::File,
            size_hint: None,
            modified: None,
            created: None,
            presence: Presence::Present,
        },
        odd: Vec::new(),
    }
}
