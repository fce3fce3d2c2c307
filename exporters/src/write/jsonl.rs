//! Files of records: JSON Lines. The first record is a header and the last a completion with counts, so that a file which
//! was cut off shows; what each line is, its `type` says, which comes first.

use std::io::{self, Write};

use serde::Serialize;

use crate::output::ExportInfo;

/// What a file of records is about.
#[derive(Serialize)]
struct Header<'a> {
    schema: &'static str,
    #[serde(flatten)]
    about: &'a ExportInfo,
    /// Not `null`: without a name there is none of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'a str>,
}

/// Writes the first record. `schema` names the layout of the others, `owner` whose device it is, where a kind says so.
///
/// # Errors
/// Those of `to`.
pub(crate) fn header(
    to: &mut dyn Write,
    schema: &'static str,
    about: &ExportInfo,
    owner: Option<&str>,
) -> io::Result<()> {
    record(to, "header", &Header { schema, about, owner })
}

/// Writes the last record.
///
/// # Errors
/// Those of `to`.
pub(crate) fn completion<T: Serialize>(to: &mut dyn Write, totals: &T) -> io::Result<()> {
    record(to, "completion", totals)
}

/// Writes a record, which must be a struct with fields. It is put together first, because most writers are slow with the small
/// pieces that JSON consists of.
///
/// # Errors
/// Those of `to`.
pub(crate) fn record<T: Serialize>(to: &mut dyn Write, name: &str, value: &T) -> io::Result<()> {
    let mut line = Vec::with_capacity(512);
    append(&mut line, name, value)?;
    to.write_all(&line)
}

/// Appends a record, which must be a struct with fields, to lines that are gathered.
///
/// # Errors
/// When it has a value that JSON does not know.
pub(crate) fn append<T: Serialize>(lines: &mut Vec<u8>, name: &str, value: &T) -> io::Result<()> {
    write!(lines, "{{\"type\":\"{name}\"")?;
    let fields = lines.len();
    serde_json::to_writer(&mut *lines, value)?;
    // The bracket with which the fields begin becomes what stands between them and the type.
    if let Some(bracket) = lines.get_mut(fields) {
        *bracket = b',';
    }
    lines.push(b'\n');
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Fields<'a> {
        text: &'a str,
        number: Option<i64>,
    }

    #[test]
    fn the_type_comes_first() {
        let mut lines = Vec::new();
        record(&mut lines, "call", &Fields { text: "{\"a\"}\n", number: None }).unwrap();
        assert_eq!(
            String::from_utf8(lines).unwrap(),
            "{\"type\":\"call\",\"text\":\"{\\\"a\\\"}\\n\",\"number\":null}\n"
        );
    }
}
