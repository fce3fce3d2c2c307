//! `History.plist`, the history before iOS 8: addresses, each with its last visit.
//!
//! `WebHistoryDates` is a list of dictionaries: the address under the key `""`, `title`, `lastVisitedDate` (seconds since 2001 as
//! text), `visitCount`, `redirectURLs`. Safari of those years wrote the same file on computers.

use std::io::Read;

use super::model::{Origin, SafariRecord, Visit};
use super::moment::of_seconds;
use crate::formats::plist::{self, Dictionary, MAX_INPUT};
use crate::source::{Source, SourceError};

/// Reads it.
///
/// # Errors
/// When it is not there, and when it is no such list.
pub(super) fn read(source: &dyn Source, (domain, path): (&str, &str)) -> Result<Vec<SafariRecord>, SourceError> {
    let unreadable = |why: &dyn std::fmt::Display| SourceError::unreadable("History.plist", why);
    let opened = source.open(&source.entry(domain, path)?)?;
    let mut bytes = Vec::new();
    let read = opened.reader.take(MAX_INPUT as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|error| unreadable(&error))?;
    let list = plist::read(&bytes).map_err(|error| unreadable(&error))?;
    let visits = list.as_dictionary().and_then(|list| list.get("WebHistoryDates")?.as_array());
    let visits = visits.ok_or_else(|| SourceError::foreign("History.plist", "it is no list of visits"))?;
    let visit = |(place, visit): (usize, &plist::Value)| visit.as_dictionary().map(|it| visit_of(place as i64 + 1, it));
    Ok(visits.iter().enumerate().filter_map(visit).map(SafariRecord::Visit).collect())
}

fn visit_of(id: i64, visit: &Dictionary) -> Visit {
    let text = |key: &str| visit.get(key).and_then(|value| value.as_str()).filter(|text| !text.is_empty());
    let stored = visit.get("lastVisitedDate");
    let seconds = stored.and_then(|value| value.as_f64().or_else(|| value.as_str()?.trim().parse().ok()));
    let date = stored.and_then(|value| value.as_date()).or_else(|| seconds.and_then(of_seconds));
    let odd = text("lastVisitedDate").filter(|_| date.is_none()).map(|odd| format!("time {odd}"));
    let from = visit.get("redirectURLs").and_then(|urls| urls.as_array()?.last()?.as_str());
    Visit {
        id,
        url: text("").map(str::to_owned),
        title: text("title").or_else(|| text("displayTitle")).map(str::to_owned),
        date,
        visits: visit.get("visitCount").and_then(|count| count.as_i64()),
        origin: Origin::NotStored,
        redirected_from: from.map(str::to_owned),
        redirected_to: None,
        failed: false,
        profile: None,
        odd: odd.into_iter().collect(),
    }
}
