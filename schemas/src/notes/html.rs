//! Notes of before iOS 9, which are HTML as its editor made it: `div`, `br`, `b`, `i`, `u`, `a`, lists and pictures.
//!
//! Nothing here is a page: what is no text or one of these is left out, and no markup is handed on.

use super::body::{ATTACHED, LINE_BREAK, MOST_PARAGRAPHS};
use super::model::{Paragraph, ParagraphKind, Span, Style};
use super::room::Room;

/// Deeper lists and links than anybody makes.
const DEEPEST: usize = 32;
/// The longest name of an element or entity, in bytes.
const LONGEST_NAME: usize = 32;

/// Elements that begin a line of their own.
const BLOCKS: [&str; 17] =
    ["div", "p", "li", "ul", "ol", "blockquote", "pre", "table", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "dd", "dt"];

/// The paragraphs of a note that is HTML.
pub(super) fn paragraphs(html: &str, room: &mut Room) -> Vec<Paragraph> {
    let mut writer = Writer::new(room);
    // Behind the last bracket that ends a tag, none begins one. To look for the end of each anew would take for ever.
    let (mut rest, tail) = html.split_at(html.rfind('>').map_or(0, |at| at + 1));
    while let Some(at) = rest.find('<') {
        let (text, tagged) = rest.split_at(at);
        writer.text(text);
        let Some(tag) = Tag::read(tagged) else {
            // A bracket that begins nothing is text.
            writer.text("<");
            rest = tagged.get(1..).unwrap_or_default();
            continue;
        };
        rest = tag.rest;
        if matches!(tag.name.as_str(), "script" | "style" | "head" | "title") && !tag.is_end {
            rest = after_end(rest, &tag.name);
            continue;
        }
        writer.tag(&tag);
    }
    writer.text(rest);
    writer.text(tail);
    writer.finish()
}

/// What follows the end of an element whose content is no text.
fn after_end<'h>(html: &'h str, name: &str) -> &'h str {
    let mut rest = html;
    while let Some(at) = rest.find("</") {
        rest = rest.get(at + 2..).unwrap_or_default();
        if rest.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return rest.split_once('>').map_or("", |(_, rest)| rest);
        }
    }
    ""
}

/// A tag.
struct Tag<'h> {
    name: String,
    is_end: bool,
    attributes: &'h str,
    rest: &'h str,
}

impl<'h> Tag<'h> {
    /// Reads a tag; `None` where the bracket begins none.
    fn read(html: &'h str) -> Option<Self> {
        let inner = html.strip_prefix('<')?;
        if let Some(comment) = inner.strip_prefix("!--") {
            let rest = comment.split_once("-->").map_or("", |(_, rest)| rest);
            return Some(Self { name: String::new(), is_end: false, attributes: "", rest });
        }
        let (is_end, inner) = inner.strip_prefix('/').map_or((false, inner), |inner| (true, inner));
        inner.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '!' | '?')).then_some(())?;
        let (whole, rest) = inner.split_once('>')?;
        let end = whole.find(|c: char| c.is_ascii_whitespace() || c == '/').unwrap_or(whole.len());
        let (name, attributes) = whole.split_at(end);
        let name = name.get(..name.len().min(LONGEST_NAME)).unwrap_or_default().to_ascii_lowercase();
        Some(Self { name, is_end, attributes, rest })
    }

    /// The value of an attribute.
    fn attribute(&self, name: &str) -> Option<String> {
        let mut rest = self.attributes;
        while let Some((before, after)) = rest.split_once('=') {
            let key = before.rsplit(|c: char| c.is_ascii_whitespace()).find(|key| !key.is_empty()).unwrap_or_default();
            let after = after.trim_start();
            let (value, next) = match after.chars().next() {
                Some(quote @ ('"' | '\'')) => after.get(1..)?.split_once(quote).unwrap_or((after.get(1..)?, "")),
                _ => after.split_once(|c: char| c.is_ascii_whitespace()).unwrap_or((after, "")),
            };
            if key.eq_ignore_ascii_case(name) {
                return Some(unescaped(value)).filter(|value| !value.is_empty());
            }
            rest = next;
        }
        None
    }
}

/// Puts paragraphs together.
struct Writer<'r> {
    room: &'r mut Room,
    done: Vec<Paragraph>,
    spans: Vec<Span>,
    bold: u32,
    italic: u32,
    underlined: u32,
    struck: u32,
    quotes: u32,
    links: Vec<Option<String>>,
    lists: Vec<ParagraphKind>,
    /// Whether the line is one of a list.
    is_item: bool,
    heading: Option<ParagraphKind>,
}

impl<'r> Writer<'r> {
    fn new(room: &'r mut Room) -> Self {
        Self {
            room,
            done: Vec::new(),
            spans: Vec::new(),
            bold: 0,
            italic: 0,
            underlined: 0,
            struck: 0,
            quotes: 0,
            links: Vec::new(),
            lists: Vec::new(),
            is_item: false,
            heading: None,
        }
    }

    fn text(&mut self, html: &str) {
        let mut goes_on = false;
        for c in unescaped(html).chars() {
            let c = if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c };
            let ends_in_space = self.spans.last().is_none_or(|span| span.text.ends_with(' '));
            if c == ' ' && ends_in_space {
                continue;
            }
            match self.spans.last_mut() {
                Some(last) if goes_on => last.text.push(c),
                _ => self.begin(c),
            }
            goes_on = true;
        }
    }

    /// Begins a piece, or goes on with one that looks the same.
    fn begin(&mut self, c: char) {
        let link = self.links.last().and_then(Option::as_ref).map_or(0, String::len);
        let style = if self.room.take(size_of::<Span>() + link) { self.style() } else { Style::default() };
        match self.spans.last_mut() {
            Some(last) if last.style == style => last.text.push(c),
            _ => self.spans.push(Span { text: c.to_string(), style }),
        }
    }

    fn style(&self) -> Style {
        Style {
            bold: self.bold > 0,
            italic: self.italic > 0,
            underlined: self.underlined > 0,
            struck: self.struck > 0,
            link: self.links.last().cloned().flatten(),
            ..Style::default()
        }
    }

    fn tag(&mut self, tag: &Tag<'_>) {
        let count = |number: u32| if tag.is_end { number.saturating_sub(1) } else { number.saturating_add(1) };
        if BLOCKS.contains(&tag.name.as_str()) && !self.spans.is_empty() {
            self.end_line();
        }
        match tag.name.as_str() {
            "br" => self.end_line(),
            "b" | "strong" => self.bold = count(self.bold),
            "i" | "em" => self.italic = count(self.italic),
            "u" => self.underlined = count(self.underlined),
            "s" | "strike" | "del" => self.struck = count(self.struck),
            "blockquote" => self.quotes = count(self.quotes).min(DEEPEST as u32),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.heading = (!tag.is_end).then_some(ParagraphKind::Heading);
            }
            "a" if tag.is_end => _ = self.links.pop(),
            "a" if self.links.len() < DEEPEST => self.links.push(tag.attribute("href")),
            "ul" | "ol" if tag.is_end => _ = self.lists.pop(),
            "ul" if self.lists.len() < DEEPEST => self.lists.push(ParagraphKind::Bullet),
            "ol" if self.lists.len() < DEEPEST => self.lists.push(ParagraphKind::Numbered),
            "li" => self.is_item = !tag.is_end,
            "img" | "object" if !tag.is_end => self.attachment(tag),
            _ => {}
        }
    }

    fn attachment(&mut self, tag: &Tag<'_>) {
        let source = tag.attribute("src").or_else(|| tag.attribute("data"));
        let identifier = source.map(|source| source.strip_prefix("cid:").unwrap_or(&source).to_owned());
        let style = Style { attachment: identifier.or(Some("a picture".to_owned())), ..Style::default() };
        let cost = style.attachment.as_ref().map_or(0, String::len);
        let style = if self.room.take(size_of::<Span>() + cost) { style } else { Style::default() };
        self.spans.push(Span { text: ATTACHED.to_string(), style });
    }

    fn end_line(&mut self) {
        if self.done.len() >= MOST_PARAGRAPHS || !self.room.take(size_of::<Paragraph>()) {
            self.text(&LINE_BREAK.to_string());
            return;
        }
        self.push_line();
    }

    fn push_line(&mut self) {
        let mut spans = std::mem::take(&mut self.spans);
        if let Some(last) = spans.last_mut() {
            last.text.truncate(last.text.trim_end_matches(' ').len());
        }
        spans.retain(|span| !span.text.is_empty());
        let kind = match (self.heading, self.lists.last()) {
            (Some(heading), _) => heading,
            (None, Some(list)) if self.is_item => *list,
            _ => ParagraphKind::Body,
        };
        let indent = if kind.is_list() { self.lists.len().saturating_sub(1) as u32 } else { 0 };
        self.done.push(Paragraph { kind, indent, quote: self.quotes, spans, ..Paragraph::default() });
    }

    fn finish(mut self) -> Vec<Paragraph> {
        if !self.spans.is_empty() {
            self.push_line();
        }
        self.done
    }
}

/// Text with its entities as letters. What is none stays as it is.
fn unescaped(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('&') {
        text.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at..).unwrap_or_default();
        match entity(rest).and_then(|(name, after)| Some((letter(name)?, after))) {
            Some((letter, after)) => {
                text.push(letter);
                rest = after;
            }
            None => {
                text.push('&');
                rest = rest.get(1..).unwrap_or_default();
            }
        }
    }
    text.push_str(rest);
    text
}

/// The name of an entity, and what follows it.
fn entity(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('&')?;
    let end = inner.bytes().take(LONGEST_NAME + 1).position(|byte| byte == b';')?;
    Some((inner.get(..end)?, inner.get(end + 1..)?))
}

fn letter(name: &str) -> Option<char> {
    let number = name.strip_prefix('#').map(|digits| match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => digits.parse().ok(),
    });
    match number {
        Some(number) => char::from_u32(number?).filter(|c| !c.is_control() || *c == '\n'),
        None => Some(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            "nbsp" => '\u{a0}',
            _ => return None,
        }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn paragraphs(html: &str) -> Vec<Paragraph> {
        super::paragraphs(html, &mut Room::default())
    }

    fn lines(html: &str) -> Vec<String> {
        let text = |line: &Paragraph| line.spans.iter().map(|span| span.text.as_str()).collect();
        paragraphs(html).iter().map(text).collect()
    }

    #[test]
    fn lines_end_where_the_editor_ended_them() {
        assert_eq!(
            lines("Shopping<div>milk</div><div><br></div><div>eggs &amp; flour</div>"),
            ["Shopping", "milk", "", "eggs & flour"]
        );
        assert_eq!(lines("a<br>b<br/><br>c"), ["a", "b", "", "c"]);
        assert_eq!(lines("a\n  b &lt;i&gt; 1 < 2"), ["a b <i> 1 < 2"]);
        assert_eq!(lines("<style>x{}</style><!-- a --><script>alert('<b>')</script>z"), ["z"]);
    }

    #[test]
    fn styles_lists_and_pictures_are_kept() {
        let made = paragraphs(
            "<b>x <i>y</i></b><ol><li>one</li><ul><li>two</li></ul></ol><a href='https://a.example/?a=1&amp;b'>z</a><img src=\"cid:7@x\">",
        );
        let style = |line: usize, span: usize| &made[line].spans[span].style;
        assert!(style(0, 0).bold && !style(0, 0).italic && style(0, 1).italic && style(0, 1).bold);
        assert_eq!((made[1].kind, made[1].indent), (ParagraphKind::Numbered, 0));
        assert_eq!((made[2].kind, made[2].indent), (ParagraphKind::Bullet, 1));
        assert_eq!(style(3, 0).link.as_deref(), Some("https://a.example/?a=1&b"));
        assert_eq!(style(3, 1).attachment.as_deref(), Some("7@x"));
    }

    #[test]
    fn brackets_entities_and_links_without_an_end_take_no_time() {
        let started = std::time::Instant::now();
        let count = 300_000;
        let link = format!("<a href='{}'>", "x".repeat(1 << 20));
        for html in [
            "<a ".repeat(count),
            "&a ".repeat(count),
            "<a b=".repeat(count) + ">",
            "</".repeat(count),
            format!("<style>{}", "</".repeat(count)),
            link.clone() + &"y".repeat(count),
            link + &"<b>y</b>z".repeat(count),
            "<!--".repeat(count),
        ] {
            let made = paragraphs(&html);
            let kept =
                made.iter().flat_map(|line| &line.spans).map(|span| span.style.link.as_ref().map_or(0, String::len));
            assert!(kept.sum::<usize>() < 200 << 20);
        }
        // Each of them takes minutes where the end is looked for anew.
        assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
        assert_eq!(lines("a <b"), ["a <b"]);
        assert_eq!(lines("<i>a</i> <b &amp c"), ["a <b &amp c"]);
    }

    proptest! {
        #[test]
        fn any_text_is_survived(html in "(<[a-z/ ]{0,5}>?|&#?[a-z0-9]{0,4};?|.){0,40}") {
            let _ = paragraphs(&html);
        }
    }
}
