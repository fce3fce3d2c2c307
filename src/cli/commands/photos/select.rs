//! Which photos, as typed.

use std::collections::BTreeSet;

use clap::Args;
use corer_exporters::output::AppliedFilter;
use corer_exporters::photos::{kind_word, subkind_word};
use corer_schemas::photos::{AssetKind, Clock, Filter, Has, Near, Sort, Subkind};

use crate::cli::failure::Failure;
use crate::cli::input::args::SelectArgs;
use crate::cli::input::matched_people::MatchedPeople;
use crate::cli::input::named_values::named_values;
use crate::cli::input::zone::{End, Zone, clock};

/// Which photos.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Selection")]
pub struct PhotoSelectArgs {
    /// Only what is in this album: its title, or its path as in Travel/Lisbon; may be repeated
    #[arg(long, value_name = "ALBUM")]
    pub album: Vec<String>,

    /// Only with this person in the picture: the beginning of the name that was given on the device; may be repeated
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    pub person: Vec<String>,

    /// Only favourites
    #[arg(long)]
    pub favorite: bool,

    /// Only these kinds, with commas between them: photo, video, live, screenshot, panorama, burst, portrait, raw …
    #[arg(long, value_name = "LIST", value_parser = named_values(sorts()), value_delimiter = ',', hide_possible_values = true)]
    pub kind: Vec<Sort>,

    /// Only what was taken near a place: latitude and longitude in degrees, and a distance in kilometres
    #[arg(long, value_name = "LAT,LON,KM", allow_hyphen_values = true)]
    pub near: Option<Near>,

    /// Only what has all of these, with commas between them: edits, place, people, keywords, caption, original
    #[arg(long, value_name = "LIST", value_parser = named_values(Has::ALL), value_delimiter = ',', hide_possible_values = true)]
    pub has: Vec<Has>,

    /// Without what is in the album "Hidden"
    #[arg(long)]
    pub no_hidden: bool,

    /// Without what is in the album "Recently Deleted"
    #[arg(long)]
    pub no_deleted: bool,
}

impl PhotoSelectArgs {
    /// What was asked for.
    ///
    /// # Errors
    /// A usage failure for dates that are none.
    pub fn resolve(&self, select: &SelectArgs, zone: &Zone) -> Result<Filter, Failure> {
        let mut common = select.resolve(zone)?;
        common.with.extend(self.person.iter().cloned());
        Ok(Filter {
            common,
            clock: Clock {
                since: select.time.since.as_deref().and_then(|typed| clock(typed, End::Since)),
                until: select.time.until.as_deref().and_then(|typed| clock(typed, End::Until)),
            },
            albums: self.album.clone(),
            only_favorites: self.favorite,
            sorts: self.kind.clone(),
            near: self.near,
            has: self.has.clone(),
            no_hidden: self.no_hidden,
            no_deleted: self.no_deleted,
        })
    }

    /// Whom of those with a name in some picture the choice means, by each flag.
    pub fn whom(&self, select: &SelectArgs, names: &BTreeSet<String>) -> Vec<MatchedPeople> {
        let flags = [("--with", &select.with), ("--person", &self.person)];
        let typed = flags.into_iter().filter(|(_, typed)| !typed.is_empty());
        typed.map(|(flag, typed)| MatchedPeople::of_names(flag, typed, names)).collect()
    }

    /// What narrowed the choice, as typed.
    pub fn filters(&self, select: &SelectArgs) -> Vec<AppliedFilter> {
        let mut filters = select.filters();
        filters.extend(self.person.iter().map(|name| AppliedFilter::new("person", name)));
        filters.extend(self.album.iter().map(|album| AppliedFilter::new("album", album)));
        filters.extend(self.kind.iter().map(|sort| AppliedFilter::new("kind", sort_word(*sort))));
        filters.extend(self.has.iter().map(|has| AppliedFilter::new("has", has.name())));
        filters.extend(self.near.map(|Near { latitude, longitude, kilometers }| {
            AppliedFilter::new("near", format!("{latitude},{longitude},{kilometers}"))
        }));
        let flags = [("favorite", self.favorite), ("no-hidden", self.no_hidden), ("no-deleted", self.no_deleted)];
        filters
            .extend(flags.into_iter().filter(|(_, is_set)| *is_set).map(|(name, _)| AppliedFilter::new(name, "yes")));
        filters
    }
}

/// What a photo can be asked to be, by the words that records have for it, and other words for it.
fn sorts() -> Vec<(Sort, Vec<&'static str>)> {
    let finer = Subkind::ALL.map(Sort::Subkind);
    let all = [AssetKind::Photo, AssetKind::Video].map(Sort::AssetKind).into_iter().chain(finer);
    all.map(|sort| {
        let others: &[&str] = match sort {
            Sort::Subkind(Subkind::SlowMotion) => &["slo-mo", "slomo"],
            Sort::Subkind(Subkind::TimeLapse) => &["timelapse"],
            _ => &[],
        };
        (sort, [sort_word(sort)].into_iter().chain(others.iter().copied()).collect())
    })
    .collect()
}

fn sort_word(sort: Sort) -> &'static str {
    match sort {
        Sort::AssetKind(kind) => kind_word(kind),
        Sort::Subkind(subkind) => subkind_word(subkind),
    }
}

#[cfg(test)]
mod tests {
    use clap::builder::TypedValueParser as _;

    use super::*;

    #[test]
    fn kinds_go_by_the_words_of_records_and_some_others() {
        let parse = |typed: &str| named_values(sorts()).parse_ref(&clap::Command::new("x"), None, typed.as_ref()).ok();
        for (sort, words) in sorts() {
            assert!(words.iter().all(|word| parse(word) == Some(sort)), "{words:?}");
        }
        assert_eq!(parse("slomo"), Some(Sort::Subkind(Subkind::SlowMotion)));
        assert_eq!(parse("slow"), None);
    }
}
