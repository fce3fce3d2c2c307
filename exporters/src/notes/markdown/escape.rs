//! Text that is read back as it is.

use std::fmt::Write as _;

/// Letters that may mean something wherever they stand, in CommonMark, its tables, or Obsidian.
const ALWAYS: &str = "\\`*[]<>|$^";

/// Text in the middle of a line. Letters that mean nothing in an address or between letters stay, so that addresses can be followed.
pub(super) fn inline(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        let rest = text.get(at + c.len_utf8()..).unwrap_or_default();
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        match c {
            c if ALWAYS.contains(c) => escaped.extend(['\\', c]),
            '_' if !(is_word(before) && is_word(rest.chars().next())) => escaped.extend(['\\', c]),
            '~' if !(before == Some('/') && is_word(rest.chars().next())) => escaped.extend(['\\', c]),
            '#' if !(is_word(before) || before == Some('/')) => escaped.extend(['\\', c]),
            '&' if is_entity(rest) => escaped.extend(['\\', c]),
            // `==` marks and `%%` hides in Obsidian.
            '=' | '%' if before == Some(c) => escaped.extend(['\\', c]),
            '\t' => escaped.push_str("&#9;"),
            c if c.is_control() => {}
            c => escaped.push(c),
        }
        before = Some(c);
    }
    escaped
}

/// Whether markup shows nothing.
pub(super) fn is_blank(markup: &str) -> bool {
    markup.split("&#9;").flat_map(|part| part.split("<br>")).all(|part| part.trim().is_empty())
}

/// Whether text behind an ampersand makes an entity of both.
fn is_entity(rest: &str) -> bool {
    let name = rest.bytes().take(64).position(|byte| !(byte.is_ascii_alphanumeric() || byte == b'#'));
    // The end of the text may not be the end of the line.
    name.is_none_or(|end| end > 0 && rest.as_bytes().get(end) == Some(&b';'))
}

/// A line of plain text.
pub(super) fn line(text: &str) -> String {
    starts_line(&inline(text))
}

/// Markup whose beginning is the beginning of a line: what would begin a list, a heading or code is escaped, and spaces stay.
pub(super) fn starts_line(markup: &str) -> String {
    let spaces = markup.len() - markup.trim_start_matches(' ').len();
    let (indent, rest) = markup.split_at(spaces);
    let indent = "&#32;".repeat(indent.len());
    // Behind an entity nothing begins but text.
    if spaces > 0 {
        return indent + rest;
    }
    if rest.starts_with(['-', '+', '=', ':']) {
        return format!("\\{rest}");
    }
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (number, behind) = rest.split_at(digits);
    match behind.starts_with(['.', ')']) && digits > 0 {
        true => format!("{number}\\{behind}"),
        false => rest.to_owned(),
    }
}

/// Markup whose end is the end of a line: spaces stay, which would be cut or break the line.
pub(super) fn ends_line(markup: &str) -> String {
    let text = markup.trim_end_matches(' ');
    let spaces = markup.len() - text.len();
    format!("{text}{}", "&#32;".repeat(spaces))
}

/// Text as a value in YAML: in quotation marks, with everything escaped that any version of YAML takes for more than a letter.
pub(super) fn yaml(text: &str) -> String {
    let mut value = String::with_capacity(text.len() + 2);
    value.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => value.extend(['\\', c]),
            '\n' => value.push_str("\\n"),
            '\t' => value.push_str("\\t"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}') => {
                _ = write!(value, "\\u{:04x}", u32::from(c));
            }
            c => value.push(c),
        }
    }
    value.push('"');
    value
}

/// An address between the round brackets of a link.
pub(super) fn address(address: &str) -> String {
    let mut escaped = String::with_capacity(address.len());
    for c in address.chars() {
        match c {
            '(' | ')' | '<' | '>' | '\\' | '"' | '`' | '*' | '_' | '[' | ']' | '|' | '^' => {
                _ = write!(escaped, "%{:02X}", u32::from(c));
            }
            // An ampersand may begin an entity.
            '&' => escaped.push_str("&amp;"),
            c if c.is_control() || c.is_whitespace() => {
                let mut buffer = [0; 4];
                c.encode_utf8(&mut buffer).bytes().for_each(|byte| _ = write!(escaped, "%{byte:02X}"));
            }
            c => escaped.push(c),
        }
    }
    escaped
}
