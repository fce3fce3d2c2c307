//! JSON for programs: one document for a list, one line for each item of a stream, each with a `type`.
//!
//! The bytes are JSON as any reader takes it; control and reading-order characters are escaped besides, because
//! people look at JSON in terminals too.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};

use super::printable::is_control;

/// A value with its `type` in front.
#[derive(Serialize)]
struct Typed<'a, T> {
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
    let mut serializer = Serializer::with_formatter(&mut *out, Careful(CompactFormatter));
    Typed { name, value }.serialize(&mut serializer)?;
    out.write_all(b"\n")
}

/// Writes one whole document, indented. `value` must be a struct or a map.
///
/// # Errors
/// Those of writing.
pub fn write_document<T: Serialize>(out: &mut dyn Write, name: &str, value: &T) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(&mut *out, Careful(PrettyFormatter::new()));
    Typed { name, value }.serialize(&mut serializer)?;
    out.write_all(b"\n")
}

/// A formatter that escapes what a terminal could obey.
struct Careful<F>(F);

impl<F: Formatter> Formatter for Careful<F> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        for piece in fragment.split_inclusive(is_control) {
            match piece.chars().next_back() {
                Some(last) if is_control(last) => {
                    writer.write_all(piece.strip_suffix(last).unwrap_or_default().as_bytes())?;
                    // All of them lie in the first plane: four digits are enough.
                    write!(writer, "\\u{:04x}", u32::from(last))?;
                }
                _ => writer.write_all(piece.as_bytes())?,
            }
        }
        Ok(())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
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
}
