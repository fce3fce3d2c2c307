//! Which assets a person asked for, as plain data.

use std::str::FromStr;

use jiff::civil::DateTime;

use super::model::{Album, Asset, AssetKind, FileState, Library, Role, Subkind};
use crate::handles::HandleQuery;
use crate::selection::{Selection, includes};

/// A choice of assets. The default chooses everything.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// The time, and the people: the beginning of a name is enough.
    pub common: Selection,
    /// The time as clocks show it, where it was asked for so: it is the time of each photo's own clock.
    pub clock: Clock,
    /// Only what is in one of these albums: a title, or a path such as `Travel/Lisbon`. Empty: whatever the album.
    pub albums: Vec<String>,
    /// Only favourites.
    pub only_favorites: bool,
    /// Only assets that are one of these. Empty: all.
    pub sorts: Vec<Sort>,
    /// Only assets taken near a place.
    pub near: Option<Near>,
    /// Only assets that have all of these.
    pub has: Vec<Has>,
    /// Without what is hidden.
    pub no_hidden: bool,
    /// Without what is recently deleted.
    pub no_deleted: bool,
}

/// A span of time on a clock, whatever the zone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Clock {
    /// From then on.
    pub since: Option<DateTime>,
    /// Before then.
    pub until: Option<DateTime>,
}

/// What an asset may be asked to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A photo or video.
    AssetKind(AssetKind),
    /// One of the finer sorts.
    Subkind(Subkind),
}

/// What an asset may be asked to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Has {
    /// Edits.
    Edits,
    /// A place.
    Place,
    /// People with a name.
    People,
    /// Keywords.
    Keywords,
    /// A title or caption.
    Caption,
    /// The original, in this backup.
    Original,
}

/// A circle on the earth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// The radius in kilometres.
    pub kilometers: f64,
}

impl Filter {
    /// Keeps the assets that are asked for, and the albums that one of them is in. Files that no row names stay when
    /// everything is asked for. Without a choice empty albums stay, too.
    pub fn narrow(&self, library: &mut Library) {
        let wanted: Vec<i64> = self.chosen_albums(library);
        let people = self.common.asked();
        library.assets.retain(|asset| self.takes(asset, &wanted, &people));
        if self.is_everything() {
            return;
        }
        library.unindexed.clear();
        let mut left: Vec<i64> = library.assets.iter().map(|asset| asset.id).collect();
        left.sort_unstable();
        for album in &mut library.albums {
            album.members.retain(|id| left.binary_search(id).is_ok());
        }
        library.albums.retain(|album| !album.members.is_empty() && (wanted.is_empty() || wanted.contains(&album.id)));
        let kept: Vec<i64> = library.albums.iter().map(|album| album.id).collect();
        for asset in &mut library.assets {
            asset.albums.retain(|id| kept.contains(id));
        }
    }

    /// Whether nothing narrows the choice but what concerns hidden and deleted assets.
    pub fn is_everything(&self) -> bool {
        *self == Self { no_hidden: self.no_hidden, no_deleted: self.no_deleted, ..Self::default() }
    }

    fn takes(&self, asset: &Asset, albums: &[i64], people: &[HandleQuery]) -> bool {
        let is_of_sort = |sort: &Sort| match sort {
            Sort::AssetKind(kind) => asset.kind == *kind,
            Sort::Subkind(subkind) => asset.is(*subkind),
        };
        let is_left_out = self.no_hidden && asset.is_hidden
            || self.no_deleted && asset.is_trashed
            || self.only_favorites && !asset.is_favorite;
        !is_left_out
            && self.includes_time(asset)
            && includes(people, asset.people())
            && (self.albums.is_empty() || asset.albums.iter().any(|id| albums.contains(id)))
            && (self.sorts.is_empty() || self.sorts.iter().any(is_of_sort))
            && self.near.is_none_or(|near| asset.place.coordinates.is_some_and(|place| near.includes(place)))
            && self.has.iter().all(|has| has.is_met_by(asset))
    }

    /// Whether an asset was taken in the time asked for: on its own clock, where that is known and the time was asked for as
    /// clocks show it.
    fn includes_time(&self, asset: &Asset) -> bool {
        let Some(own) = asset.zone.time_zone().and_then(|zone| asset.taken(&zone)) else {
            return self.common.includes_time(asset.date);
        };
        let (own, Clock { since, until }) = (own.datetime(), self.clock);
        let moments = Selection {
            since: self.common.since.filter(|_| since.is_none()),
            until: self.common.until.filter(|_| until.is_none()),
            ..Selection::default()
        };
        moments.includes_time(asset.date)
            && since.is_none_or(|since| own >= since)
            && until.is_none_or(|until| own < until)
    }

    /// The albums that are called as asked: those of exactly that title or path, else those with words that begin so.
    fn chosen_albums(&self, library: &Library) -> Vec<i64> {
        let mut chosen = Vec::new();
        for asked in self.albums.iter().map(|typed| HandleQuery::new(typed.trim_matches('/'))) {
            let exact = library.albums.iter().filter(|album| is_called(album, &asked));
            let before = chosen.len();
            chosen.extend(exact.map(|album| album.id));
            if chosen.len() == before {
                let like = library.albums.iter().filter(|album| asked.means_words(&album.title));
                chosen.extend(like.map(|album| album.id));
            }
        }
        chosen
    }
}

fn is_called(album: &Album, asked: &HandleQuery) -> bool {
    let path = album.folders.iter().chain([&album.title]).map(String::as_str).collect::<Vec<_>>().join("/");
    asked.is(&album.title) || asked.is(&path)
}

impl Has {
    /// All of them, each with its name and other words for it.
    pub const ALL: [(Self, &[&str]); 6] = [
        (Self::Edits, &["edits", "edit"]),
        (Self::Place, &["place", "location"]),
        (Self::People, &["people", "faces"]),
        (Self::Keywords, &["keywords"]),
        (Self::Caption, &["caption", "title"]),
        (Self::Original, &["original"]),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        let own = Self::ALL.iter().find(|(has, _)| *has == self);
        own.and_then(|(_, words)| words.first().copied()).unwrap_or_default()
    }

    fn is_met_by(self, asset: &Asset) -> bool {
        match self {
            Self::Edits => asset.is_edited || asset.file(Role::EditedFullSize).is_some(),
            Self::Place => asset.place.coordinates.is_some(),
            Self::People => asset.faces.iter().any(|face| face.name.is_some()),
            Self::Keywords => !asset.keywords.is_empty(),
            Self::Caption => asset.title.is_some() || asset.caption.is_some(),
            Self::Original => {
                asset.files.iter().any(|file| file.role == Role::Original && file.state() == FileState::Present)
            }
        }
    }
}

impl Near {
    /// The mean radius of the earth in kilometres (IUGG).
    const EARTH: f64 = 6_371.008_8;

    /// Whether a place in degrees lies in the circle (haversine, on a sphere: at most half a percent wrong).
    pub fn includes(self, (latitude, longitude): (f64, f64)) -> bool {
        let (from, to) = (self.latitude.to_radians(), latitude.to_radians());
        let half = |a: f64, b: f64| ((b - a) / 2.0).sin().powi(2);
        let turn = half(self.longitude.to_radians(), longitude.to_radians());
        let haversine = half(from, to) + from.cos() * to.cos() * turn;
        2.0 * Self::EARTH * haversine.sqrt().min(1.0).asin() <= self.kilometers
    }
}

/// As people type it: three numbers with commas between them.
impl FromStr for Near {
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
            true => Ok(Self { latitude, longitude, kilometers }),
            false => Err("the distance must be more than nothing".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_is_three_numbers() {
        assert_eq!("-33.8, 151.2,5".parse(), Ok(Near { latitude: -33.8, longitude: 151.2, kilometers: 5.0 }));
        for nonsense in ["", "1,2", "1,2,3,4", "91,0,1", "0,181,1", "0,0,0", "0,0,-1", "nan,0,1", "0,0,inf"] {
            assert!(nonsense.parse::<Near>().is_err(), "{nonsense}");
        }
    }

    #[test]
    fn a_circle_reaches_as_far_as_it_says() {
        // Belém is 6.3 km from the Praça do Comércio in Lisbon, Porto 275 km.
        let near = |kilometers| Near { latitude: 38.7075, longitude: -9.1364, kilometers };
        assert!(near(6.6).includes((38.6972, -9.2078)) && !near(6.0).includes((38.6972, -9.2078)));
        assert!(near(280.0).includes((41.1496, -8.6110)) && !near(270.0).includes((41.1496, -8.6110)));
        // Across the date line.
        let fiji = Near { latitude: -17.0, longitude: 179.9, kilometers: 30.0 };
        assert!(fiji.includes((-17.0, -179.9)));
    }
}
