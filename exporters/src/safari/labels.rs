//! What is said of a page: the same words in every format for people.

use corer_schemas::safari::{MarkKind, Origin, SafariRecord, TabKind};
use jiff::tz::TimeZone;

use crate::saved::{Kept, words};

/// What a record is, in one or two words.
pub(super) fn kind(record: &SafariRecord) -> String {
    match record {
        SafariRecord::Visit(_) => "visit".to_owned(),
        SafariRecord::Cleared(_) => "removed from the history".to_owned(),
        SafariRecord::Mark(mark) => match mark.kind {
            MarkKind::Root | MarkKind::Folder => "folder".to_owned(),
            MarkKind::Bookmark => "bookmark".to_owned(),
            MarkKind::Reading => "reading list".to_owned(),
            MarkKind::Unknown(kind) => format!("unknown ({kind})"),
        },
        SafariRecord::Tab(tab) => match tab.kind {
            TabKind::Tab if tab.device.is_some() => "tab on another device".to_owned(),
            TabKind::Tab => "tab".to_owned(),
            TabKind::Group => "tab group".to_owned(),
            TabKind::Profile => "profile".to_owned(),
        },
    }
}

/// What it is called: its title, else its address.
pub(super) fn title(record: &SafariRecord) -> &str {
    let (url, title) = record.named();
    let title = title.map(str::trim).filter(|title| !title.is_empty());
    title.or(url).unwrap_or(match record {
        SafariRecord::Cleared(_) => "All pages of this time",
        _ => "Without an address",
    })
}

/// The folders, the group or the profile that it is in, the outermost first.
pub(super) fn place(record: &SafariRecord) -> String {
    match record {
        SafariRecord::Visit(visit) => visit.profile.clone().unwrap_or_default(),
        SafariRecord::Cleared(cleared) => cleared.profile.clone().unwrap_or_default(),
        SafariRecord::Mark(mark) => mark.path.join(" / "),
        SafariRecord::Tab(tab) => {
            let names = [&tab.device, &tab.profile, &tab.group].into_iter().flatten();
            names.cloned().collect::<Vec<_>>().join(" / ")
        }
    }
}

/// What else there is to say, in a few words each: of where it was found, and what of it makes no sense.
pub(super) fn notes(record: &Kept<SafariRecord>, zone: &TimeZone) -> Vec<String> {
    let version = |earlier: &SafariRecord| format!("\u{201c}{}\u{201d}", title(earlier));
    words::notes(record, zone, version).into_iter().chain(own_notes(record)).collect()
}

/// The same, as far as the record itself says it.
pub(super) fn own_notes(record: &SafariRecord) -> Vec<String> {
    let mut notes = Vec::new();
    let mut note = |is_so: bool, words: &str| notes.extend(is_so.then(|| words.to_owned()));
    match record {
        SafariRecord::Visit(visit) => {
            note(visit.failed, "could not be loaded");
            match visit.origin {
                Origin::OtherDevice => note(true, "on another device"),
                Origin::Unknown(number) => note(true, &format!("origin {number}")),
                Origin::ThisDevice | Origin::NotStored => {}
            }
            notes.extend(visit.redirected_from.iter().map(|url| format!("led here from {url}")));
            notes.extend(visit.redirected_to.iter().map(|url| format!("led on to {url}")));
            notes.extend(visit.odd.iter().cloned());
        }
        SafariRecord::Cleared(cleared) => notes.extend(cleared.odd.iter().cloned()),
        SafariRecord::Mark(mark) => {
            note(mark.is_read == Some(false), "unread");
            note(mark.is_deleted, "deleted");
            note(mark.is_hidden, "hidden");
            notes.extend(mark.odd.iter().cloned());
        }
        SafariRecord::Tab(tab) => {
            note(tab.is_private, "private");
            note(tab.is_pinned, "pinned");
            note(tab.closed.is_some(), "closed");
            notes.extend(tab.odd.iter().cloned());
        }
    }
    notes
}
