//! Content lines, of which cards (vCard) and calendars (iCalendar) are made: escaped, and folded at 75 octets between characters.

use std::io::{self, Write};

/// The longest line, in octets without its end (RFC 2425, 5.8.1).
const LONGEST: usize = 75;

/// Writes content lines.
pub(crate) struct Lines<'w> {
    to: &'w mut dyn Write,
    /// How many labelled lines there were: each is tied to its label by a name of its own.
    items: usize,
}

/// A parameter: name, and value, which is quoted where it must be.
pub(crate) type Parameter<'p> = (&'p str, &'p str);

impl<'w> Lines<'w> {
    pub(crate) fn new(to: &'w mut dyn Write) -> Self {
        Self { to, items: 0 }
    }

    /// Writes a line of our own words.
    pub(crate) fn fixed(&mut self, line: &str) -> io::Result<()> {
        self.fold(line)
    }

    /// Writes a property whose value is text.
    pub(crate) fn text(&mut self, name: &str, parameters: &[Parameter<'_>], value: &str) -> io::Result<()> {
        self.raw(name, parameters, &escaped(value))
    }

    /// Writes a property whose value has components; empty ones at the end stay.
    pub(crate) fn components(
        &mut self,
        name: &str,
        parameters: &[Parameter<'_>],
        components: &[Option<&str>],
    ) -> io::Result<()> {
        let components: Vec<String> =
            components.iter().map(|component| escaped(component.unwrap_or_default())).collect();
        self.raw(name, parameters, &components.join(";"))
    }

    /// Writes a property whose value is as the format wants it.
    pub(crate) fn raw(&mut self, name: &str, parameters: &[Parameter<'_>], value: &str) -> io::Result<()> {
        let mut line = name.to_owned();
        for (name, value) in parameters {
            line.push(';');
            line.push_str(name);
            line.push('=');
            line.push_str(&parameter(value));
        }
        line.push(':');
        line.push_str(value);
        self.fold(&line)
    }

    /// The name that ties the next line to its label: `item1`.
    pub(crate) fn item(&mut self) -> String {
        self.items += 1;
        format!("item{}", self.items)
    }

    fn fold(&mut self, line: &str) -> io::Result<()> {
        let (mut rest, mut room) = (line, LONGEST);
        while rest.len() > room {
            // A character has four octets at most, so this goes back three steps.
            let end = (0..=room).rev().find(|end| rest.is_char_boundary(*end)).unwrap_or(room);
            let (piece, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
            self.to.write_all(piece.as_bytes())?;
            self.to.write_all(b"\r\n ")?;
            // The space counts.
            (rest, room) = (tail, LONGEST - 1);
        }
        self.to.write_all(rest.as_bytes())?;
        self.to.write_all(b"\r\n")
    }
}

/// An address as it is, but for what would end the line or is no letter: that is encoded as addresses encode it.
pub(crate) fn uri(address: &str) -> String {
    let is_plain = |c: char| !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}');
    let mut plain = String::with_capacity(address.len());
    for c in address.chars() {
        match c {
            c if is_plain(c) => plain.push(c),
            c => c.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| plain.push_str(&format!("%{byte:02X}"))),
        }
    }
    plain
}

/// A text as content lines can say it: every kind of line break is `\n`, other control characters are spaces.
pub fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        match c {
            '\r' => {
                letters.next_if_eq(&'\n');
                clean.push('\n');
            }
            // What some readers take for the end of a line.
            '\n' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}' => clean.push('\n'),
            '\t' => clean.push('\t'),
            // Non-characters, which readers of 4.0 may refuse, and controls.
            c if c.is_control() => clean.push(' '),
            c => clean.push(c),
        }
    }
    clean
}

/// A text in which nothing separates anything.
pub(crate) fn escaped(text: &str) -> String {
    let text = clean(text);
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => escaped.push_str("\\n"),
            '\\' | ',' | ';' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c => escaped.push(c),
        }
    }
    escaped
}

/// A list of texts with commas between them.
pub(crate) fn list<'t>(texts: impl Iterator<Item = &'t String>) -> String {
    texts.map(|text| escaped(text)).collect::<Vec<_>>().join(",")
}

/// The value of a parameter, which knows no escape: quotes are apostrophes, line breaks spaces.
fn parameter(value: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if !value.is_empty() && value.chars().all(is_plain) {
        return value.to_owned();
    }
    let value: String = clean(value).chars().map(|c| if matches!(c, '\n' | '\t') { ' ' } else { c }).collect();
    format!("\"{}\"", value.replace('"', "'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(value: &str) -> String {
        let mut out = Vec::new();
        Lines::new(&mut out).text("NOTE", &[], value).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn lines_are_folded_between_characters() {
        let text = line(&"é🎈".repeat(200));
        assert!(text.split("\r\n").all(|line| line.len() <= LONGEST), "{text}");
        let unfolded = text.replace("\r\n ", "");
        assert_eq!(unfolded, format!("NOTE:{}\r\n", "é🎈".repeat(200)));
        assert_eq!(line(&"a".repeat(70)).matches("\r\n").count(), 1, "exactly 75");
        assert_eq!(line(&"a".repeat(71)).matches("\r\n").count(), 2);
    }

    #[test]
    fn no_value_makes_a_line() {
        for hostile in
            ["a\r\nTEL:1", "a\nEND:VCARD", "a\rb", "a\u{85}b", "a\u{2028}b", "a\u{b}\u{c}\u{1e}b", "a\0\u{1b}b"]
        {
            let text = line(hostile);
            let lines: Vec<&str> = text.split(|c: char| "\r\n\u{b}\u{c}\u{85}\u{2028}\u{2029}".contains(c)).collect();
            assert_eq!(lines.iter().filter(|line| !line.is_empty()).count(), 1, "{text:?}");
        }
        assert_eq!(line("a,b;c\\d\r\ne"), "NOTE:a\\,b\\;c\\\\d\\ne\r\n");
    }

    #[test]
    fn an_address_stays_letter_for_letter_on_its_line() {
        for plain in ["http://example.org/a,b;c?d=\\e&f=\"g\"#ö 🎈", "www.example.org", "a b:c^d"] {
            assert_eq!(uri(plain), plain);
        }
        assert_eq!(uri("a\r\nTEL:1\u{85}\u{2028}\u{b}\tb"), "a%0D%0ATEL:1%C2%85%E2%80%A8%0B%09b");
    }

    #[test]
    fn a_parameter_stays_one() {
        let mut out = Vec::new();
        let mut lines = Lines::new(&mut out);
        lines.text("X", &[("a", "b\":c;d=e\r\nTEL:1"), ("type", "HOME")], "v").unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "X;a=\"b':c;d=e TEL:1\";type=HOME:v\r\n");
    }
}
