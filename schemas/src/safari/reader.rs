//! The reader: all that Safari keeps as one list, in the order of time.
//!
//! Of visits only the rows and times are held, and each is looked up when its turn comes; of everything else there is so little
//! that it is held.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use super::bookmarks::Bookmarks;
use super::filter::{Filter, Part};
use super::history::History;
use super::model::{SafariRecord, TabKind};
use super::tabs::SeenTabs;
use super::{BOOKMARKS, HISTORIES, PROFILES, TABS, name_of, old_history, tabs};
use crate::identity::Identified as _;
use crate::records::Records;
use crate::skipped::Skipped;
use crate::source::{Source, SourceError};
use crate::time::AppleTime;

/// What Safari keeps on a device.
pub struct Safari<'s> {
    source: &'s dyn Source,
    histories: Vec<History>,
    old: Vec<SafariRecord>,
    bookmarks: Bookmarks,
    tabs: Vec<SafariRecord>,
    skipped: Vec<Skipped>,
    /// Where everything is, in the order of time, once somebody asked for any of it.
    places: OnceCell<Places>,
}

#[derive(Default)]
struct Places {
    places: Vec<Place>,
    /// What was removed, which is found with the visits.
    cleared: Vec<SafariRecord>,
    skipped: Vec<Skipped>,
}

/// Where a record is, and when it was.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    date: Option<AppleTime>,
    at: At,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum At {
    Mark(usize),
    Tab(usize),
    Cleared(usize),
    Old(usize),
    /// A history, and a row of it.
    Visit(usize, i64),
}

impl<'s> Safari<'s> {
    /// Opens every file that Safari keeps something in.
    ///
    /// # Errors
    /// When there is none at all, and when none that is there can be read.
    pub fn open(source: &'s dyn Source) -> Result<Self, SourceError> {
        let mut own = Self {
            source,
            histories: Vec::new(),
            old: Vec::new(),
            bookmarks: Bookmarks::default(),
            tabs: Vec::new(),
            skipped: Vec::new(),
            places: OnceCell::new(),
        };
        if source.is_one_database() {
            own.open_one()?;
            return Ok(own);
        }
        let (mut first, mut is_any) = (None, false);
        let mut seen = SeenTabs::default();
        let tabs = TABS.map(|place| own.note(place, |own| own.add_tabs(place, &mut seen)));
        let profiles = own.profiles();
        let histories = HISTORIES.map(|place| own.note(place, |own| own.add_history(place, None)));
        let others: Vec<_> = own.histories_of_profiles(profiles);
        let marks = own.note(BOOKMARKS, |own| own.add_bookmarks(BOOKMARKS));
        for result in tabs.into_iter().chain(histories).chain(others).chain([marks]) {
            match result {
                Ok(()) => is_any = true,
                Err(error) if first.is_none() || is_missing(first.as_ref()) && !is_missing(Some(&error)) => {
                    first = Some(error);
                }
                Err(_) => {}
            }
        }
        match first {
            Some(error) if !is_any => Err(error),
            _ => Ok(own),
        }
    }

    /// Opens the one database that was named, whichever it is.
    fn open_one(&mut self) -> Result<(), SourceError> {
        let [place, ..] = HISTORIES;
        let is_other = |result: &Result<(), SourceError>| matches!(result, Err(SourceError::Foreign { .. }));
        let history = self.add_history(place, None);
        if !is_other(&history) {
            return history;
        }
        // Bookmarks and tabs are stored in tables of the same name. Those of tabs come with windows.
        let tabs = self.add_tabs(place, &mut SeenTabs::default());
        let is_marks = self.source.database(place.0, place.1)?.connect().is_ok_and(|connection| {
            let windows = "SELECT 1 FROM sqlite_master WHERE name IN ('windows', 'tabs', 'cloud_tabs')";
            connection.prepare(windows).and_then(|mut query| query.exists([])).is_ok_and(|is_there| !is_there)
        });
        if tabs.is_ok() && is_marks {
            self.tabs.clear();
            return self.add_bookmarks(place);
        }
        if is_other(&tabs) { history } else { tabs }
    }

    /// Adds a file, and says where it cannot be read.
    fn note(
        &mut self,
        place: (&str, &str),
        add: impl FnOnce(&mut Self) -> Result<(), SourceError>,
    ) -> Result<(), SourceError> {
        let result = add(self);
        match &result {
            Ok(()) | Err(SourceError::Missing { .. }) => {}
            Err(SourceError::Unreadable { why, .. } | SourceError::Foreign { why, .. }) => {
                self.skipped.push(Skipped::new(name_of(place.1), why));
            }
            Err(error) => self.skipped.push(Skipped::new(name_of(place.1), error)),
        }
        result
    }

    fn add_history(&mut self, place: (&str, &str), profile: Option<String>) -> Result<(), SourceError> {
        if place.1.ends_with(".plist") {
            self.old = old_history::read(self.source, place)?;
        } else {
            self.histories.push(History::open(self.source, place, profile)?);
        }
        Ok(())
    }

    fn add_bookmarks(&mut self, place: (&str, &str)) -> Result<(), SourceError> {
        self.bookmarks = Bookmarks::read(self.source, place, &mut self.skipped)?;
        Ok(())
    }

    fn add_tabs(&mut self, place: (&str, &str), seen: &mut SeenTabs) -> Result<(), SourceError> {
        let tabs = tabs::read(self.source, place, seen, &mut self.skipped)?;
        self.tabs.extend(tabs);
        seen.mark_private(&mut self.tabs);
        Ok(())
    }

    /// The names of profiles by their identifiers, which the tabs know.
    fn profiles(&self) -> BTreeMap<String, String> {
        let profile = |tab: &SafariRecord| match tab {
            SafariRecord::Tab(tab) if tab.kind == TabKind::Profile => tab.uuid.clone().zip(tab.title.clone()),
            _ => None,
        };
        self.tabs.iter().filter_map(profile).collect()
    }

    fn histories_of_profiles(&mut self, names: BTreeMap<String, String>) -> Vec<Result<(), SourceError>> {
        let (domain, folder) = PROFILES;
        let entries = match self.source.entries(domain, folder) {
            Ok(entries) => entries,
            Err(error) => {
                self.skipped.push(Skipped::part("the histories of other profiles", error));
                return Vec::new();
            }
        };
        let histories = entries.iter().filter_map(|entry| {
            let id = entry.path.strip_suffix("/History.db")?.strip_prefix(folder)?.strip_prefix('/')?;
            Some((entry.path.clone(), names.get(id).cloned().unwrap_or_else(|| id.to_owned())))
        });
        let histories: Vec<(String, String)> = histories.collect();
        let open = |(path, name): (String, String)| {
            self.note((domain, &path), |own| own.add_history((domain, &path), Some(name)))
        };
        histories.into_iter().map(open).collect()
    }

    fn places(&self) -> &Places {
        self.places.get_or_init(|| {
            let mut own = Places { skipped: self.skipped.clone(), ..Places::default() };
            for (number, history) in self.histories.iter().enumerate() {
                let visits = history.places(&mut own.skipped);
                own.places.extend(visits.into_iter().map(|(date, id)| Place { date, at: At::Visit(number, id) }));
                own.cleared.extend(history.cleared(&mut own.skipped));
            }
            let dated = |record: &SafariRecord, at| Place { date: record.moment(), at };
            own.places.extend(own.cleared.iter().enumerate().map(|(n, record)| dated(record, At::Cleared(n))));
            own.places.extend(self.old.iter().enumerate().map(|(n, record)| dated(record, At::Old(n))));
            own.places.extend(self.tabs.iter().enumerate().map(|(n, record)| dated(record, At::Tab(n))));
            let marks = (0..self.bookmarks.len()).filter_map(|n| Some(dated(&self.bookmarks.get(n)?, At::Mark(n))));
            own.places.extend(marks);
            own.places.sort_unstable();
            own
        })
    }

    /// A record.
    fn record(&self, place: At, cleared: &[SafariRecord]) -> Result<Option<SafariRecord>, Skipped> {
        match place {
            At::Mark(number) => Ok(self.bookmarks.get(number)),
            At::Tab(number) => Ok(self.tabs.get(number).cloned()),
            At::Cleared(number) => Ok(cleared.get(number).cloned()),
            At::Old(number) => Ok(self.old.get(number).cloned()),
            At::Visit(number, id) => {
                let Some(history) = self.histories.get(number) else { return Ok(None) };
                history.visit(id).map_err(|error| Skipped::new(history.named(&format!("visit {id}")), error))
            }
        }
    }
}

fn is_missing(error: Option<&SourceError>) -> bool {
    matches!(error, Some(SourceError::Missing { .. }))
}

impl At {
    /// Whether it may be among what is asked for.
    fn may_be(self, filter: &Filter) -> bool {
        match self {
            Self::Mark(_) => filter.wants(Part::Bookmarks) || filter.wants(Part::ReadingList),
            Self::Tab(_) => filter.wants(Part::Tabs),
            Self::Cleared(_) | Self::Old(_) | Self::Visit(..) => filter.wants(Part::History),
        }
    }
}

impl Records for Safari<'_> {
    type Record = SafariRecord;
    type Filter = Filter;

    /// Of a narrower choice nobody knows before it is read.
    fn count(&self, filter: &Filter) -> Option<u64> {
        if *filter != (Filter { with_private: filter.with_private, ..Filter::default() }) {
            return None;
        }
        let visits: u64 = self.histories.iter().map(History::count).sum::<Option<u64>>()?;
        let tabs = self.tabs.iter().filter(|tab| filter.includes(tab, &[])).count();
        Some(visits + (self.old.len() + self.bookmarks.len() + tabs) as u64)
    }

    /// In the order of time, those without a date first.
    fn each(&self, filter: &Filter, each: &mut dyn FnMut(SafariRecord) -> ControlFlow<()>) -> Vec<Skipped> {
        let Places { places, cleared, skipped } = self.places();
        let (mut skipped, words) = (skipped.clone(), filter.folded_words());
        for place in places.iter().filter(|place| place.at.may_be(filter) && filter.common.includes_time(place.date)) {
            match self.record(place.at, cleared) {
                Ok(Some(record)) if filter.includes(&record, &words) => {
                    if each(record).is_break() {
                        break;
                    }
                }
                Ok(_) => {}
                Err(lost) => skipped.push(lost),
            }
        }
        skipped
    }

    /// Nobody is named.
    fn addresses(&self) -> BTreeSet<String> {
        BTreeSet::new()
    }
}

#[cfg(test)]
mod tests;
