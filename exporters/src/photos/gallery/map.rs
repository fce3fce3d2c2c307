//! Where photos were taken, on a map that needs no tiles.
//!
//! The coast is Natural Earth's at 1:110 million (public domain), as one path in tenths of a degree. Land that lies across the
//! date line is cut there, so that no line runs around the world.

use askama::Template;

use super::STYLE;
use super::card::Card;
use super::grid::facts;
use super::groups::{GroupKind, PhotoGroup};
use crate::page::{LinkTarget, Links, Shell, complete_page, plural};

/// The coast of the world, in tenths of a degree: east to the right, south downwards.
const LAND: &str = include_str!("land.txt");

/// The least that is shown, in tenths of a degree: the coast is too coarse for less.
const LEAST: f64 = 500.0;

/// A place on the map.
struct Dot {
    x: String,
    y: String,
    radius: String,
    href: String,
    words: String,
}

/// A place in the list below.
struct Row {
    href: String,
    title: String,
    facts: String,
}

#[derive(Template)]
#[template(path = "photos/gallery_map.html")]
struct Map<'a> {
    facts: String,
    start: Option<String>,
    view: String,
    stretch: String,
    land: &'a str,
    dots: Vec<Dot>,
    rows: Vec<Row>,
}

/// What of the world is shown, in tenths of a degree.
#[derive(Debug, Clone, Copy, PartialEq)]
struct View {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
    /// How much taller a degree is drawn than wide, so that shapes look as they do on a globe in the middle of the view.
    stretch: f64,
}

/// The page, if there are places.
pub(super) fn page(groups: &[PhotoGroup], cards: &[Card<'_>], links: &dyn Links) -> Option<String> {
    let mut places: Vec<(&PhotoGroup, f64, f64)> = groups
        .iter()
        .filter_map(|group| match group.kind {
            GroupKind::LinkTarget(latitude, longitude) => Some((group, latitude, longitude)),
            _ => None,
        })
        .collect();
    // The largest first, so that small dots lie on top of large ones.
    places.sort_by_key(|(group, ..)| (std::cmp::Reverse(group.cards.len()), &group.title));
    let view = View::of(places.iter().map(|(_, latitude, longitude)| (*latitude, *longitude)))?;
    let href =
        |group: &PhotoGroup| links.href(LinkTarget::PhotoShelf { slug: &group.slug, page: 1 }).unwrap_or_default();
    let dot = |(group, latitude, longitude): &(&PhotoGroup, f64, f64)| Dot {
        x: format!("{:.1}", longitude * 10.0),
        y: format!("{:.1}", -latitude * 10.0 * view.stretch),
        radius: format!("{:.2}", view.radius(group.cards.len())),
        href: href(group),
        words: format!("{}: {}", group.title, facts(group, cards)),
    };
    let row = |(group, ..): &(&PhotoGroup, f64, f64)| Row {
        href: href(group),
        title: group.title.clone(),
        facts: facts(group, cards),
    };
    let content = Map {
        facts: plural(u64::try_from(places.len()).unwrap_or(u64::MAX), "place"),
        start: links.href(LinkTarget::Photos),
        view: view.numbers(),
        stretch: format!("{:.3}", view.stretch),
        land: LAND,
        dots: places.iter().map(dot).collect(),
        rows: places.iter().map(row).collect(),
    };
    Some(complete_page(&Shell { title: "Map of photos", style: STYLE, script: None }, &content))
}

impl View {
    /// Everything that positions in degrees need, twice as wide as high.
    fn of(positions: impl Iterator<Item = (f64, f64)> + Clone) -> Option<Self> {
        let bounds = |values: &mut dyn Iterator<Item = f64>| {
            values.fold(None, |bounds: Option<(f64, f64)>, value| {
                Some(bounds.map_or((value, value), |(low, high)| (low.min(value), high.max(value))))
            })
        };
        let (south, north) = bounds(&mut positions.clone().map(|(latitude, _)| latitude * 10.0))?;
        let (west, east) = bounds(&mut positions.map(|(_, longitude)| longitude * 10.0))?;
        let middle = (-(south + north) / 2.0, f64::midpoint(west, east));
        let stretch = 1.0 / (middle.0 / 10.0).to_radians().cos().max(0.4);
        let width = (east - west).max((north - south) * stretch * 2.0).mul_add(1.3, 0.0).clamp(LEAST, 3600.0);
        // The whole world needs no stretch: it has every latitude.
        let stretch = if width >= 1800.0 { 1.0 } else { stretch };
        let height = width / 2.0;
        let left = (middle.1 - width / 2.0).clamp(-1800.0, (1800.0 - width).max(-1800.0));
        let most = 900.0 * stretch;
        let top = middle.0.mul_add(stretch, -height / 2.0).clamp(-most, (most - height).max(-most));
        Some(Self { left, top, width, height, stretch })
    }

    fn numbers(&self) -> String {
        format!("{:.1} {:.1} {:.1} {:.1}", self.left, self.top, self.width, self.height)
    }

    /// The radius of a dot: its area grows with the digits of the number of photos.
    fn radius(&self, photos: usize) -> f64 {
        let digits = f64::from(u32::try_from(photos).unwrap_or(u32::MAX)).max(1.0).log10();
        self.width / 150.0 * (1.0 + 0.6 * digits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_coast_runs_around_the_world() {
        for ring in LAND.split('M').filter(|ring| !ring.is_empty()) {
            let spaced = ring.trim_end().trim_end_matches('z').replace('l', " ").replace('-', " -");
            let numbers: Vec<i32> = spaced.split_whitespace().map(|number| number.parse().unwrap()).collect();
            let (start, steps) = numbers.split_at(2);
            let (mut x, mut y) = (start[0], start[1]);
            for step in steps.chunks_exact(2) {
                assert!(step[0].abs() <= 1800 || y == 900 && step[1] == 0, "{x} {y}");
                (x, y) = (x + step[0], y + step[1]);
                assert!((-1800..=1800).contains(&x) && (-900..=900).contains(&y), "{x} {y}");
            }
        }
    }

    #[test]
    fn every_place_is_in_sight() {
        let lisbon = (38.7, -9.1);
        for places in [
            vec![lisbon],
            vec![lisbon, (52.5, 13.4)],
            vec![lisbon, (-33.9, 151.2), (40.7, -74.0)],
            vec![(89.0, 179.0), (-89.0, -179.0)],
            vec![(64.1, -21.9)],
        ] {
            let view = View::of(places.iter().copied()).unwrap();
            for (latitude, longitude) in &places {
                let (x, y) = (longitude * 10.0, -latitude * 10.0 * view.stretch);
                assert!(x >= view.left && x <= view.left + view.width, "{places:?} {view:?}");
                assert!(y >= view.top && y <= view.top + view.height, "{places:?} {view:?}");
            }
            assert!(view.width >= LEAST && view.width <= 3600.0 && view.left >= -1800.0);
        }
        assert_eq!(View::of(std::iter::empty()), None);
    }
}
