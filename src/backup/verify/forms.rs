//! Whether the content of a file is in order by its own form: the last word where no digest fits.

use corer_schemas::formats::plist;

use super::media::{self, Form};
use super::{databases, logs};
use crate::backup::bytes::{ReadAt, read_all};
use crate::backup::database::integrity::is_database;
use crate::backup::lengths::is_sound;
use crate::backup::manifest::Record;
use crate::backup::stored::Stored;

/// Files up to this size are read as a whole to see whether they make sense, in bytes.
const LARGEST: u64 = 16 << 20;

/// Looks what a file is, and whether it is complete. Only what says by its first bytes what it is counts.
pub(super) fn of(backup: &Stored, record: Record<'_>) -> Form {
    let Ok(content) = backup.content(record) else { return Form::Unknown };
    let bytes = content.bytes.as_ref();
    if is_database(bytes) {
        return match is_sound(backup, record, &content.bytes) {
            Ok(true) => Form::Sound,
            Ok(false) => Form::Broken("the database is damaged".to_owned()),
            Err(_) => Form::Unknown,
        };
    }
    if let Some(why) = databases::is_lost(backup, record, &content.bytes) {
        return Form::Broken(why);
    }
    if record.path().ends_with("-wal") && logs::begins_as_log(bytes) {
        return logs::torn(bytes).map_or(Form::Sound, |why| Form::Broken(why.to_owned()));
    }
    match media::form(record.path(), bytes) {
        Form::Unknown => of_text_or_list(bytes),
        form => form,
    }
}

fn of_text_or_list(bytes: &dyn ReadAt) -> Form {
    let Ok(whole) = read_all(bytes, LARGEST) else { return Form::Unknown };
    let starts = |with: &[u8]| whole.trim_ascii_start().starts_with(with);
    if starts(b"bplist") || starts(b"<?xml") || starts(b"<plist") {
        return match plist::read(&whole) {
            Ok(_) => Form::Sound,
            Err(_) if starts(b"<?xml") => Form::Unknown,
            Err(error) => Form::Broken(format!("it is a damaged property list: {error}")),
        };
    }
    let is_json = (starts(b"{") || starts(b"[")) && serde_json::from_slice::<serde::de::IgnoredAny>(&whole).is_ok();
    if is_json { Form::Sound } else { Form::Unknown }
}
