//! Which photos stand together: months, albums, people, places, and those apart.

use std::collections::BTreeMap;

use corer_schemas::photos::{AlbumKind, Library};
use jiff::civil::Date;

use super::card::Card;

/// Photos that stand together on pages.
pub(super) struct PhotoGroup {
    /// What its pages are called.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// What more is to be said.
    pub note: Option<String>,
    /// What sort it is.
    pub kind: GroupKind,
    /// Its photos, by their place among all, in order.
    pub cards: Vec<usize>,
}

/// What photos have in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum GroupKind {
    /// The month, by its first day.
    Month(Date),
    /// That nobody knows when they were taken.
    Undated,
    /// An album of the library.
    Album,
    /// That somebody likes them.
    Favorites,
    /// Who is in them.
    Person,
    /// Where they were taken: latitude and longitude of the middle.
    LinkTarget(f64, f64),
    /// That they are in the album "Hidden".
    Hidden,
    /// That they are in the album "Recently Deleted".
    Deleted,
}

/// Photos so close together that a map of the world shows them as one, in degrees.
const NEAR: f64 = 0.5;

/// All shelves that hold something, in the order in which they are written.
pub(super) fn groups(cards: &[Card<'_>], library: Option<&Library>) -> Vec<PhotoGroup> {
    let mut groups = months(cards);
    groups.extend(library.map(|library| albums(cards, library)).unwrap_or_default());
    groups.extend(people(cards));
    groups.extend(places(cards));
    let some = |slug: &str, title: &str, note: Option<&str>, kind, wanted: &dyn Fn(&Card<'_>) -> bool| PhotoGroup {
        slug: slug.to_owned(),
        title: title.to_owned(),
        note: note.map(str::to_owned),
        kind,
        cards: cards.iter().enumerate().filter(|(_, card)| wanted(card)).map(|(at, _)| at).collect(),
    };
    let hidden = "They were in the album Hidden, and are on no other page.";
    let deleted = "They were in the album Recently Deleted, and are on no other page.";
    groups.extend([
        some("undated", "Without a date", None, GroupKind::Undated, &|card| card.is_open() && card.taken.is_none()),
        some("favorites", "Favorites", None, GroupKind::Favorites, &|card| {
            card.is_open() && card.placed.asset.is_favorite
        }),
        some("hidden", "Hidden", Some(hidden), GroupKind::Hidden, &|card| {
            card.placed.asset.is_hidden && !card.placed.asset.is_trashed
        }),
        some("deleted", "Recently Deleted", Some(deleted), GroupKind::Deleted, &|card| card.placed.asset.is_trashed),
    ]);
    groups.retain(|group| !group.cards.is_empty());
    groups
}

/// What can be seen by everybody, with its place among all.
fn open<'c>(cards: &'c [Card<'c>]) -> impl Iterator<Item = (usize, &'c Card<'c>)> {
    cards.iter().enumerate().filter(|(_, card)| card.is_open())
}

fn months(cards: &[Card<'_>]) -> Vec<PhotoGroup> {
    let mut months: BTreeMap<Date, Vec<usize>> = BTreeMap::new();
    for (at, card) in open(cards) {
        if let Some(taken) = &card.taken {
            months.entry(taken.date().first_of_month()).or_default().push(at);
        }
    }
    let month = |(first, mut members): (Date, Vec<usize>)| {
        let moment = |at: &usize| cards.get(*at).and_then(|card| card.taken.as_ref()).map(jiff::Zoned::datetime);
        // On the clocks of places: in the order of the day, even of those who travel.
        members.sort_by_key(|at| (moment(at), *at));
        PhotoGroup {
            slug: first.strftime("%Y-%m").to_string(),
            title: first.strftime("%B %Y").to_string(),
            note: None,
            kind: GroupKind::Month(first),
            cards: members,
        }
    };
    months.into_iter().map(month).collect()
}

fn albums(cards: &[Card<'_>], library: &Library) -> Vec<PhotoGroup> {
    let by_id: BTreeMap<i64, usize> = open(cards).map(|(at, card)| (card.placed.asset.id, at)).collect();
    let album = |album: &corer_schemas::photos::Album| PhotoGroup {
        slug: format!("album-{}", album.id),
        title: if album.title.trim().is_empty() { "Album without a name".to_owned() } else { album.title.clone() },
        note: match (album.folders.is_empty(), album.kind, &album.owner) {
            (false, ..) => Some(album.folders.join(" \u{203a} ")),
            (true, AlbumKind::Shared, Some(owner)) => Some(format!("Shared by {owner}")),
            (true, AlbumKind::Shared, None) => Some("Shared album".to_owned()),
            (true, AlbumKind::User, _) => None,
        },
        kind: GroupKind::Album,
        cards: album.members.iter().filter_map(|id| by_id.get(id).copied()).collect(),
    };
    library.albums.iter().map(album).collect()
}

fn people(cards: &[Card<'_>]) -> Vec<PhotoGroup> {
    let mut people: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, card) in open(cards) {
        for name in card.placed.asset.people() {
            people.entry(name).or_default().push(at);
        }
    }
    let person = |(number, (name, cards)): (usize, (&str, Vec<usize>))| PhotoGroup {
        slug: format!("person-{}", number + 1),
        title: name.to_owned(),
        note: None,
        kind: GroupKind::Person,
        cards,
    };
    people.into_iter().enumerate().map(person).collect()
}

/// Photos of one town, or of one spot on the map where the library names none.
fn places(cards: &[Card<'_>]) -> Vec<PhotoGroup> {
    let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, card) in open(cards) {
        if let Some((latitude, longitude)) = position(card) {
            places.entry(place_name(card, latitude, longitude)).or_default().push(at);
        }
    }
    let place = |(number, (title, members)): (usize, (String, Vec<usize>))| {
        let positions: Vec<(f64, f64)> = members.iter().filter_map(|at| position(cards.get(*at)?)).collect();
        let (latitude, longitude) = middle(&positions);
        PhotoGroup {
            slug: format!("place-{}", number + 1),
            title,
            note: None,
            kind: GroupKind::LinkTarget(latitude, longitude),
            cards: members,
        }
    };
    places.into_iter().enumerate().map(place).collect()
}

fn position(card: &Card<'_>) -> Option<(f64, f64)> {
    let (latitude, longitude) = card.placed.asset.place.coordinates?;
    let is_on_earth = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
    is_on_earth.then_some((latitude, longitude))
}

fn place_name(card: &Card<'_>, latitude: f64, longitude: f64) -> String {
    let place = &card.placed.asset.place;
    let named = place.city.as_deref().or(place.region.as_deref());
    match (named, place.country.as_deref()) {
        (Some(town), Some(country)) => format!("{town}, {country}"),
        (Some(only), None) | (None, Some(only)) => only.to_owned(),
        (None, None) => {
            let side = |degrees: f64, plus, minus| {
                let rounded = (degrees / NEAR).round() * NEAR;
                format!("{:.1}° {}", rounded.abs(), if rounded < 0.0 { minus } else { plus })
            };
            format!("Around {}, {}", side(latitude, "N", "S"), side(longitude, "E", "W"))
        }
    }
}

/// The middle of positions. Those on both sides of the date line are taken for what they are: near each other.
fn middle(positions: &[(f64, f64)]) -> (f64, f64) {
    let first = positions.first().map_or(0.0, |(_, longitude)| *longitude);
    let near = |longitude: f64| match longitude - first {
        apart if apart > 180.0 => longitude - 360.0,
        apart if apart < -180.0 => longitude + 360.0,
        _ => longitude,
    };
    let (mut latitude, mut longitude, mut count) = (0.0, 0.0, 0.0);
    for (north, east) in positions {
        latitude += north;
        longitude += near(*east);
        count += 1.0;
    }
    let (latitude, longitude) = (latitude / f64::max(count, 1.0), longitude / f64::max(count, 1.0));
    (
        latitude,
        if longitude > 180.0 {
            longitude - 360.0
        } else if longitude < -180.0 {
            longitude + 360.0
        } else {
            longitude
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_places_at_the_date_line_is_there() {
        let (latitude, longitude) = middle(&[(-17.0, 179.0), (-19.0, -179.0)]);
        assert!((latitude + 18.0).abs() < 1e-9 && longitude.abs() > 179.9, "{latitude} {longitude}");
        assert_eq!(middle(&[(10.0, 20.0)]), (10.0, 20.0));
        assert_eq!(middle(&[]), (0.0, 0.0));
    }
}
