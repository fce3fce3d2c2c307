//! Which photos, as typed.

use std::collections::BTreeSet;
use std::str::FromStr;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use corer_exporters::output::Filter;
use corer_exporters::photos::{kind_word, subkind_word};
use corer_schemas::photos::{Clock, Filter as PhotosFilter, Has, Kind, Near, Sort, Subkind};

use crate::cli::failure::Failure;
use crate::cli::input::args::SelectArgs;
use crate::cli::input::whom::Whom;
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
    #[arg(long, value_name = "LIST", value_parser = sorts(), value_delimiter = ',', hide_possible_values = true)]
    pub kind: Vec<Sort>,

    /// Only what was taken near a place: latitude and longitude in degrees, and a distance in kilometres
    #[arg(long, value_name = "LAT,LON,KM", allow_hyphen_values = true)]
    pub near: Option<Circle>,

    /// Only what has all of these, with commas between them: edits, place, people, keywords, caption, original
    #[arg(long, value_name = "LIST", value_enum, value_delimiter = ',', hide_possible_values = true)]
    pub has: Vec<HasChoice>,

    /// Without what is in the album "Hidden"
    #[arg(long)]
    pub no_hidden: bool,

    /// Without what is in the album "Recently Deleted"
    #[arg(long)]
    pub no_deleted: bool,
}

/// What a photo can be asked to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
pub enum HasChoice {
    #[value(alias = "edit")]
    Edits,
    #[value(alias = "location")]
    Place,
    #[value(alias = "faces")]
    People,
    Keywords,
    #[value(alias = "title")]
    Caption,
    Original,
}

/// A circle on the earth, as typed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Circle(Near);

impl FromStr for Circle {
    type Err = String;

    fn from_str(typed: &str) -> Result<Self, String> {
        let wrong = || "three numbers are needed, such as 38.71,-9.14,25".to_owned();
        let numbers: Result<Vec<f64>, _> = typed.split(',').map(|part| part.trim().parse()).collect();
        let Ok([latitude, longitude, kilometers]) = <[f64; 3]>::try_from(numbers.map_err(|_| wrong())?) else {
            return Err(wrong());
        };
        if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) {
            return Err("latitudes go from -90 to 90, longitudes from -180 to 180".to_owned());
        }
        match kilometers > 0.0 && kilometers.is_finite() {
            true => Ok(Self(Near { latitude, longitude, kilometers })),
            false => Err("the distance must be more than nothing".to_owned()),
        }
    }
}

impl PhotoSelectArgs {
    /// What was asked for.
    ///
    /// # Errors
    /// A usage failure for dates that are none.
    pub fn resolve(&self, select: &SelectArgs, zone: &Zone) -> Result<PhotosFilter, Failure> {
        let mut common = select.resolve(zone)?;
        common.with.extend(self.person.iter().cloned());
        Ok(PhotosFilter {
            common,
            clock: Clock {
                since: select.since.as_deref().and_then(|typed| clock(typed, End::Since)),
                until: select.until.as_deref().and_then(|typed| clock(typed, End::Until)),
            },
            albums: self.album.clone(),
            only_favorites: self.favorite,
            sorts: self.kind.clone(),
            near: self.near.map(|Circle(near)| near),
            has: self.has.iter().map(|has| has_of(*has)).collect(),
            no_hidden: self.no_hidden,
            no_deleted: self.no_deleted,
        })
    }

    /// Whom of those with a name in some picture the choice means, by each flag.
    pub fn whom(&self, select: &SelectArgs, names: &BTreeSet<String>) -> Vec<Whom> {
        let flags = [("--with", &select.with), ("--person", &self.person)];
        let typed = flags.into_iter().filter(|(_, typed)| !typed.is_empty());
        typed.map(|(flag, typed)| Whom::of_names(flag, typed, names)).collect()
    }

    /// What narrowed the choice, as typed.
    pub fn filters(&self, select: &SelectArgs) -> Vec<Filter> {
        let mut filters = select.filters();
        filters.extend(self.person.iter().map(|name| Filter::new("person", name)));
        filters.extend(self.album.iter().map(|album| Filter::new("album", album)));
        filters.extend(self.kind.iter().map(|sort| Filter::new("kind", sort_word(*sort))));
        filters.extend(self.has.iter().filter_map(|has| Some(Filter::new("has", word(has)?))));
        filters.extend(self.near.map(|Circle(Near { latitude, longitude, kilometers })| {
            Filter::new("near", format!("{latitude},{longitude},{kilometers}"))
        }));
        let flags = [("favorite", self.favorite), ("no-hidden", self.no_hidden), ("no-deleted", self.no_deleted)];
        filters.extend(flags.into_iter().filter(|(_, is_set)| *is_set).map(|(name, _)| Filter::new(name, "yes")));
        filters
    }
}

fn word(value: &impl ValueEnum) -> Option<String> {
    value.to_possible_value().map(|value| value.get_name().to_owned())
}

/// What a photo can be asked to be, by the words that records have for it.
fn sorts() -> impl TypedValueParser<Value = Sort> {
    let words = all_sorts().map(|sort| match sort {
        Sort::Subkind(Subkind::SlowMotion) => PossibleValue::new(sort_word(sort)).aliases(["slo-mo", "slomo"]),
        Sort::Subkind(Subkind::TimeLapse) => PossibleValue::new(sort_word(sort)).alias("timelapse"),
        _ => PossibleValue::new(sort_word(sort)),
    });
    PossibleValuesParser::new(words).try_map(|typed| {
        let known = all_sorts().find(|sort| {
            let word = sort_word(*sort);
            word == typed || (typed.starts_with("slo") && word == "slow-motion") || word.replace('-', "") == typed
        });
        known.ok_or("there is no such kind")
    })
}

fn all_sorts() -> impl Iterator<Item = Sort> {
    [Kind::Photo, Kind::Video].map(Sort::Kind).into_iter().chain(Subkind::ALL.map(Sort::Subkind))
}

fn sort_word(sort: Sort) -> &'static str {
    match sort {
        Sort::Kind(kind) => kind_word(kind),
        Sort::Subkind(subkind) => subkind_word(subkind),
    }
}

fn has_of(has: HasChoice) -> Has {
    match has {
        HasChoice::Edits => Has::Edits,
        HasChoice::Place => Has::Place,
        HasChoice::People => Has::People,
        HasChoice::Keywords => Has::Keywords,
        HasChoice::Caption => Has::Caption,
        HasChoice::Original => Has::Original,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_is_three_numbers() {
        assert_eq!("-33.8, 151.2,5".parse(), Ok(Circle(Near { latitude: -33.8, longitude: 151.2, kilometers: 5.0 })));
        for nonsense in ["", "1,2", "1,2,3,4", "91,0,1", "0,181,1", "0,0,0", "0,0,-1", "nan,0,1", "0,0,inf"] {
            assert!(nonsense.parse::<Circle>().is_err(), "{nonsense}");
        }
    }

    #[test]
    fn kinds_go_by_the_words_of_records_and_some_others() {
        let parse = |typed: &str| sorts().parse_ref(&clap::Command::new("x"), None, typed.as_ref()).ok();
        for sort in all_sorts() {
            assert_eq!(parse(sort_word(sort)), Some(sort));
        }
        for typed in ["slow-motion", "slo-mo", "slomo"] {
            assert_eq!(parse(typed), Some(Sort::Subkind(Subkind::SlowMotion)));
        }
        assert_eq!(parse("timelapse"), Some(Sort::Subkind(Subkind::TimeLapse)));
        assert_eq!(parse("slow"), None);
    }
}
