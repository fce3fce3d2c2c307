//! `safari.jsonl`: one JSON record a line, for programs. `docs/formats/safari.md` describes it and
//! `docs/formats/safari.schema.json` is its schema.
//!
//! The first record is a header and the last a completion with counts, so that a file which was cut off shows. Between them stand
//! visits, removed visits, bookmarks and tabs, ordered by date.

use std::io::{self, Write};

use corer_schemas::safari::{Mark, MarkKind, Origin, SafariRecord, Tab, TabKind, Visit};
use jiff::tz::TimeZone;
use serde::Serialize;

use super::totals::Totals;
use crate::clock::exact;
use crate::output::ExportInfo;
use crate::saved::{Kept, words};
use crate::write::jsonl;

/// The name of this layout. It changes only when something is taken away or changes its meaning.
const SCHEMA: &str = "corer/safari/1";

#[derive(Serialize)]
struct VisitRecord<'a> {
    id: i64,
    url: Option<&'a str>,
    title: Option<&'a str>,
    date: Option<String>,
    visits: Option<i64>,
    origin: Option<&'static str>,
    origin_number: Option<i64>,
    redirected_from: Option<&'a str>,
    redirected_to: Option<&'a str>,
    failed: bool,
    profile: Option<&'a str>,
    odd: &'a [String],
}

#[derive(Serialize)]
struct ClearedRecord<'a> {
    id: i64,
    url: Option<&'a str>,
    from: Option<String>,
    until: Option<String>,
    profile: Option<&'a str>,
    odd: &'a [String],
}

#[derive(Serialize)]
struct MarkRecord<'a> {
    id: i64,
    uuid: Option<&'a str>,
    kind: &'static str,
    kind_number: Option<i64>,
    special: Option<i64>,
    folder: Option<&'a str>,
    path: &'a [String],
    title: Option<&'a str>,
    url: Option<&'a str>,
    added: Option<String>,
    changed: Option<String>,
    viewed: Option<String>,
    preview: Option<&'a str>,
    is_read: Option<bool>,
    place: Option<i64>,
    is_deleted: bool,
    is_hidden: bool,
    odd: &'a [String],
}

#[derive(Serialize)]
struct TabRecord<'a> {
    id: Option<i64>,
    uuid: Option<&'a str>,
    kind: &'static str,
    title: Option<&'a str>,
    url: Option<&'a str>,
    viewed: Option<String>,
    closed: Option<String>,
    is_private: bool,
    is_pinned: bool,
    group: Option<&'a str>,
    profile: Option<&'a str>,
    device: Option<&'a str>,
    odd: &'a [String],
}

#[derive(Serialize)]
#[serde(untagged)]
enum Fields<'a> {
    Visit(VisitRecord<'a>),
    Cleared(ClearedRecord<'a>),
    Mark(MarkRecord<'a>),
    Tab(TabRecord<'a>),
}

/// A record, and what is remembered of it.
#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    record: Fields<'a>,
    #[serde(flatten)]
    remembered: words::Fields<Fields<'a>>,
}

/// Writes the first record.
///
/// # Errors
/// Those of `to`.
pub fn header(to: &mut dyn Write, about: &ExportInfo) -> io::Result<()> {
    jsonl::header(to, SCHEMA, about, None)
}

/// Writes a record, in times of `zone`.
///
/// # Errors
/// Those of `to`.
pub fn record(to: &mut dyn Write, record: &Kept<SafariRecord>, zone: &TimeZone) -> io::Result<()> {
    let name = match &record.record {
        SafariRecord::Visit(_) => "visit",
        SafariRecord::Cleared(_) => "cleared",
        SafariRecord::Mark(_) => "bookmark",
        SafariRecord::Tab(_) => "tab",
    };
    let remembered = words::fields(record, zone, |earlier| fields(earlier, zone));
    jsonl::record(to, name, &Whole { record: fields(record, zone), remembered })
}

/// Writes the last record.
///
/// # Errors
/// Those of `to`.
pub fn completion(to: &mut dyn Write, totals: Totals) -> io::Result<()> {
    jsonl::completion(to, &totals)
}

fn fields<'a>(record: &'a SafariRecord, zone: &TimeZone) -> Fields<'a> {
    match record {
        SafariRecord::Visit(visit) => Fields::Visit(visit_fields(visit, zone)),
        SafariRecord::Cleared(cleared) => Fields::Cleared(ClearedRecord {
            id: cleared.id,
            url: cleared.url.as_deref(),
            from: exact(cleared.from, zone),
            until: exact(cleared.until, zone),
            profile: cleared.profile.as_deref(),
            odd: &cleared.odd,
        }),
        SafariRecord::Mark(mark) => Fields::Mark(mark_fields(mark, zone)),
        SafariRecord::Tab(tab) => Fields::Tab(tab_fields(tab, zone)),
    }
}

fn visit_fields<'a>(visit: &'a Visit, zone: &TimeZone) -> VisitRecord<'a> {
    let (origin, origin_number) = match visit.origin {
        Origin::ThisDevice => (Some("this_device"), None),
        Origin::OtherDevice => (Some("other_device"), None),
        Origin::Unknown(number) => (Some("unknown"), Some(number)),
        Origin::NotStored => (None, None),
    };
    VisitRecord {
        id: visit.id,
        url: visit.url.as_deref(),
        title: visit.title.as_deref(),
        date: exact(visit.date, zone),
        visits: visit.visits,
        origin,
        origin_number,
        redirected_from: visit.redirected_from.as_deref(),
        redirected_to: visit.redirected_to.as_deref(),
        failed: visit.failed,
        profile: visit.profile.as_deref(),
        odd: &visit.odd,
    }
}

fn mark_fields<'a>(mark: &'a Mark, zone: &TimeZone) -> MarkRecord<'a> {
    let (kind, kind_number) = match mark.kind {
        MarkKind::Root => ("root", None),
        MarkKind::Folder => ("folder", None),
        MarkKind::Bookmark => ("bookmark", None),
        MarkKind::Reading => ("reading_list", None),
        MarkKind::Unknown(number) => ("unknown", Some(number)),
    };
    MarkRecord {
        id: mark.id,
        uuid: mark.uuid.as_deref(),
        kind,
        kind_number,
        special: mark.special,
        folder: mark.folder.as_deref(),
        path: &mark.path,
        title: mark.title.as_deref(),
        url: mark.url.as_deref(),
        added: exact(mark.added, zone),
        changed: exact(mark.changed, zone),
        viewed: exact(mark.viewed, zone),
        preview: mark.preview.as_deref(),
        is_read: mark.is_read,
        place: mark.place,
        is_deleted: mark.is_deleted,
        is_hidden: mark.is_hidden,
        odd: &mark.odd,
    }
}

fn tab_fields<'a>(tab: &'a Tab, zone: &TimeZone) -> TabRecord<'a> {
    TabRecord {
        id: tab.id,
        uuid: tab.uuid.as_deref(),
        kind: match tab.kind {
            TabKind::Tab => "tab",
            TabKind::Group => "group",
            TabKind::Profile => "profile",
        },
        title: tab.title.as_deref(),
        url: tab.url.as_deref(),
        viewed: exact(tab.viewed, zone),
        closed: exact(tab.closed, zone),
        is_private: tab.is_private,
        is_pinned: tab.is_pinned,
        group: tab.group.as_deref(),
        profile: tab.profile.as_deref(),
        device: tab.device.as_deref(),
        odd: &tab.odd,
    }
}
