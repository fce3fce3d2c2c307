//! What stands above a note, in YAML: what programs ask for.

use corer_schemas::notes::Note;
use jiff::tz::TimeZone;

use super::super::labels;
use super::escape::yaml;
use crate::clock::exact;
use crate::saved::Kept;

/// The front matter of a note, with the lines around it.
pub(super) fn front_matter(note: &Kept<Note>, zone: &TimeZone) -> String {
    let mut lines = vec!["---".to_owned(), format!("title: {}", yaml(labels::title(note)))];
    let mut put = |name: &str, value: Option<String>| lines.extend(value.map(|value| format!("{name}: {value}")));
    // Dates are plain, so that programs take them for dates.
    put("created", exact(note.created, zone));
    put("modified", exact(note.modified, zone));
    put("account", note.account.as_deref().map(yaml));
    put("folder", Some(note.folder.join("/")).filter(|folder| !folder.is_empty()).as_deref().map(yaml));
    put("id", note.identifier.as_deref().map(yaml));
    put("pinned", note.pinned.then(|| "true".to_owned()));
    put("deleted", labels::state(note.state).map(yaml));
    if let Some(lock) = &note.lock {
        put("locked", Some(if lock.is_open { "opened" } else { "closed" }.to_owned()));
        put("hint", lock.hint.as_deref().map(yaml));
    }
    list(&mut lines, "tags", note.tags.iter().map(String::as_str));
    let others = note.shared_with.iter().filter(|person| !person.is_self);
    let others = others.filter_map(|person| person.name.as_deref().or(person.address.as_deref()));
    list(&mut lines, "shared_with", others);
    list(&mut lines, "mentions", note.mentions.iter().map(String::as_str));
    let notes = labels::remembered(note, zone);
    list(&mut lines, "notes", notes.iter().map(String::as_str));
    lines.push("---".to_owned());
    lines.join("\n") + "\n"
}

fn list<'v>(lines: &mut Vec<String>, name: &str, values: impl Iterator<Item = &'v str>) {
    let mut values = values.peekable();
    if values.peek().is_some() {
        lines.push(format!("{name}:"));
        lines.extend(values.map(|value| format!("  - {}", yaml(value))));
    }
}
