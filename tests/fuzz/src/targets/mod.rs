//! One file a target: bytes in, and an assertion on what must hold of what comes out. What every target asserts beside it
//! is that nothing panics, takes longer than the time or more than the memory that `tests/fuzz/run` gives.

mod amr;
mod caf;
mod calendar;
mod csv;
mod device_link;
mod drawing;
mod file_record;
mod keybag;
mod keyed_archive;
mod log;
mod mbdb;
mod movie;
mod names;
mod notes;
mod pages_check;
mod picture;
mod plist;
mod protobuf;
mod saved;
mod sqlite_pages;
mod transactions;
mod typedstream;
mod vcard;
mod whatsapp;
mod wholeness;

/// What is done with bytes.
pub type Target = fn(&[u8]);

/// Every target. Each has seeds of its own in `seeds/`, under the same name.
pub const ALL: &[(&str, Target)] = &[
    ("amr", amr::run),
    ("caf", caf::run),
    ("calendar", calendar::run),
    ("csv", csv::run),
    ("device_link", device_link::run),
    ("drawing", drawing::run),
    ("file_record", file_record::run),
    ("keybag", keybag::run),
    ("keyed_archive", keyed_archive::run),
    ("log", log::run),
    ("mbdb", mbdb::run),
    ("movie", movie::run),
    ("names", names::run),
    ("notes", notes::run),
    ("pages_check", pages_check::run),
    ("picture", picture::run),
    ("plist", plist::run),
    ("protobuf", protobuf::run),
    ("saved", saved::run),
    ("sqlite_pages", sqlite_pages::run),
    ("transactions", transactions::run),
    ("typedstream", typedstream::run),
    ("vcard", vcard::run),
    ("whatsapp", whatsapp::run),
    ("wholeness", wholeness::run),
];

/// The beginning of the bytes that is text.
fn text(bytes: &[u8]) -> &str {
    let sound = match std::str::from_utf8(bytes) {
        Ok(text) => return text,
        Err(error) => error.valid_up_to(),
    };
    bytes.get(..sound).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default()
}
