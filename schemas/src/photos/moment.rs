//! When a file was taken, where no library says so: by its content, else by the file system.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

use super::medium::{Medium, medium};
use super::model::{Asset, DateSource};
use super::rows::is_plausible;
use super::still::{self, Still};
use crate::formats::content::Content;
use crate::formats::quicktime;
use crate::source::{Entry, Source};
use crate::time::AppleTime;

/// Gives an asset the moment that its file tells.
pub(super) fn set(asset: &mut Asset, source: &dyn Source, entry: &Entry) {
    if asset.date.is_none() {
        by_content(asset, source, entry);
    }
    if asset.date.is_none() {
        let moment = entry.created.filter(|seconds| *seconds != 0).or(entry.modified);
        asset.date = moment.and_then(AppleTime::from_unix_seconds);
        asset.date_source = asset.date.map(|_| DateSource::File);
    }
}

fn by_content(asset: &mut Asset, source: &dyn Source, entry: &Entry) {
    let Ok(mut opened) = source.open(entry) else { return };
    let Ok(content) = Content::read(&mut *opened.reader) else { return };
    // What it holds decides, not what it is called.
    if content.map_or(medium(&entry.path) == Medium::Movie, Content::is_movie) {
        let Ok(movie) = quicktime::read(&mut opened.reader) else { return };
        if let Some((clock, offset)) = movie.taken.as_deref().and_then(still::moment) {
            take(asset, clock, offset, DateSource::QuickTime);
        }
        if asset.date.is_none() {
            asset.date = movie.made.and_then(AppleTime::from_timestamp).filter(|date| is_plausible(*date));
            asset.date_source = asset.date.map(|_| DateSource::QuickTime);
        }
        return;
    }
    let Still { clock, offset, is_by_xmp, .. } = still::read(&mut *opened.reader);
    if let Some(clock) = clock {
        take(asset, clock, offset, if is_by_xmp { DateSource::Xmp } else { DateSource::Exif });
    }
}

/// Takes what a clock showed. Where nobody says how far it was from UTC, the moment is settled later.
fn take(asset: &mut Asset, clock: DateTime, offset: Option<i32>, by: DateSource) {
    let zone = match offset.or(asset.zone.offset).and_then(|seconds| Offset::from_seconds(seconds).ok()) {
        Some(offset) => TimeZone::fixed(offset),
        None => asset.zone.time_zone().unwrap_or(TimeZone::UTC),
    };
    let is_known = offset.is_some() || asset.zone.time_zone().is_some();
    let moment = clock.to_zoned(zone).ok().and_then(|moment| AppleTime::from_timestamp(moment.timestamp()));
    let Some(moment) = moment.filter(|moment| is_plausible(*moment)) else { return };
    (asset.date, asset.date_source) = (Some(moment), Some(by));
    // The clock of the file is the one that its own date is on.
    asset.zone.offset = offset.or(asset.zone.offset);
    asset.clock = (!is_known).then_some(clock);
}
