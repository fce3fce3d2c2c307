//! JSON for programs: one document for a list, one line for each item of a stream, each with a `type`.
//!
//! The bytes are JSON as any reader takes it; control and reading-order characters are escaped besides, because
//! people look at JSON in terminals too.

use std::fmt::{self, Display};
use std::io::{self, Write};

use serde::Serialize;

use crate::cli::terminal::printable::is_control;

/// A value with its `type` in front.
#[derive(Serialize)]
struct Tagged<'a, T> {
    #[serde(rename = "type")]
    name: &'a str,
    #[serde(flatten)]
    value: &'a T,
}

/// Writes one line of a stream. `value` must be a struct or a map.
///
/// # Errors
/// Those of writing.
pub fn write_line<T: Serialize>(out: &mut dyn Write, name: &str, value: &T) -> io::Result<()> {
    let json = serde_json::to_string(&Tagged { name, value })?;
    writeln!(out, "{}", EscapingFormatter(&json))
}

/// Writes one whole document, indented. `value` must be a struct or a map.
///
/// # Errors
/// Those of writing.
pub fn write_document<T: Serialize>(out: &mut dyn Write, name: &str, value: &T) -> io::Result<()> {
    let json = serde_json::to_string_pretty(&Tagged { name, value })?;
    writeln!(out, "{}", EscapingFormatter(&json))
}

/// JSON in which what a terminal could obey is escaped. Such characters stand in strings alone, and all of them lie in
/// the first plane, where four digits are enough.
struct EscapingFormatter<'a>(&'a str);

impl Display for EscapingFormatter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in self.0.split_inclusive(is_escaped) {
            match piece.chars().next_back().filter(|&last| is_escaped(last)) {
                Some(last) => write!(f, "{}\\u{:04x}", piece.strip_suffix(last).unwrap_or_default(), u32::from(last))?,
                None => f.write_str(piece)?,
            }
        }
        Ok(())
    }
}

/// Line ends are those between lines: inside of strings they are escaped already.
fn is_escaped(c: char) -> bool {
    c != '\n' && is_control(c)
}

/// Whether there is nothing to escape in these whole lines, as in most. What is escaped beyond ASCII begins with one of
/// three bytes.
fn is_plain(lines: &[u8]) -> bool {
    lines.iter().all(|byte| matches!(byte, b'\n' | b' '..=b'~' | 0x80..) && !matches!(byte, 0xc2 | 0xd8 | 0xe2))
}

/// Passes JSON Lines on, line by line, with the same care.
pub struct Lines<'a> {
    out: &'a mut (dyn Write + Send),
    line: Vec<u8>,
}

impl<'a> Lines<'a> {
    /// Passes on to `out`. What follows the last line end is kept back.
    pub fn new(out: &'a mut (dyn Write + Send)) -> Self {
        Self { out, line: Vec::new() }
    }
}

impl Write for Lines<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(end) = bytes.iter().rposition(|&byte| byte == b'\n') else {
            self.line.extend_from_slice(bytes);
            return Ok(bytes.len());
        };
        let (whole, rest) = bytes.split_at(end + 1);
        if self.line.is_empty() && is_plain(whole) {
            self.out.write_all(whole)?;
        } else {
            self.line.extend_from_slice(whole);
            write!(self.out, "{}", EscapingFormatter(&String::from_utf8_lossy(&self.line)))?;
            self.line.clear();
        }
        self.line.extend_from_slice(rest);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Named {
        name: &'static str,
    }

    #[test]
    fn a_line_is_one_line_with_its_type_first() {
        let mut out = Vec::new();
        write_line(&mut out, "backup", &Named { name: "a\nb" }).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "{\"type\":\"backup\",\"name\":\"a\\nb\"}\n");
    }

    #[test]
    fn no_raw_control_and_the_same_value_for_a_reader() {
        let name = "\u{1b}[2J\u{9b}\u{7f}\u{202e}é👍\u{202a}";
        for write in [write_line, write_document] {
            let mut out = Vec::new();
            write(&mut out, "x", &Named { name }).unwrap();
            let text = String::from_utf8(out).unwrap();
            assert!(!text.chars().any(|c| c != '\n' && is_control(c)), "{text:?}");
            assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap()["name"], name);
        }
    }

    #[test]
    fn lines_that_are_passed_as_they_are_have_nothing_to_escape() {
        for c in (0..=u32::from(char::MAX)).filter_map(char::from_u32).filter(|c| is_escaped(*c)) {
            assert!(!is_plain(c.to_string().as_bytes()), "{c:?}");
        }
        assert!(is_plain("{\"name\":\"Zoë 花子 👍\"}\n".as_bytes()));
    }

    #[test]
    fn lines_of_other_writers_pass_with_the_same_care() {
        let mut out = Vec::new();
        let mut lines = Lines::new(&mut out);
        for piece in ["{\"a\":\"\u{202e}".as_bytes(), &[0xc2], &[0x9b], b"x\"}\n{", b"}\n"] {
            lines.write_all(piece).unwrap();
        }
        assert_eq!(String::from_utf8(out).unwrap(), "{\"a\":\"\\u202e\\u009bx\"}\n{}\n");
    }
}
