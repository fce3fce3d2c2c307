//! The start page of a gallery.

use askama::Template;

use super::STYLE;
use super::card::Card;
use super::grid::{facts, tell};
use super::shelf::{Shelf, ShelfKind};
use crate::clock::date_in_words;
use crate::output::About;
use crate::page::{Links, PhotoView, Place, Shell, count, plural, whole};

/// A way to a shelf, with a picture.
struct Tile {
    href: String,
    title: String,
    note: Option<String>,
    facts: String,
    cover: Option<String>,
}

/// The months of a year.
struct Year {
    name: i16,
    months: Vec<Tile>,
}

/// A way to a shelf, in a word.
struct Way {
    href: String,
    title: String,
    count: String,
}

#[derive(Template)]
#[template(path = "photos/gallery_start.html")]
struct Start<'a> {
    facts: String,
    span: Option<String>,
    ways: Vec<Way>,
    years: Vec<Year>,
    albums: Vec<Tile>,
    people: Vec<Way>,
    gaps: Option<String>,
    zone: &'a str,
    backup: &'a str,
}

/// The start page.
pub(super) fn page(shelves: &[Shelf], cards: &[Card<'_>], links: &dyn Links, about: &About) -> String {
    let of =
        |wanted: &dyn Fn(&ShelfKind) -> bool| shelves.iter().filter(|shelf| wanted(&shelf.kind)).collect::<Vec<_>>();
    let tile = |shelf: &Shelf, title: String| tile(shelf, cards, links, title);
    let mut years: Vec<Year> = Vec::new();
    for shelf in of(&|kind| matches!(kind, ShelfKind::Month(_))).into_iter().rev() {
        let ShelfKind::Month(first) = shelf.kind else { continue };
        let month = tile(shelf, first.strftime("%B").to_string());
        match years.last_mut().filter(|year| year.name == first.year()) {
            Some(year) => year.months.push(month),
            None => years.push(Year { name: first.year(), months: vec![month] }),
        }
    }
    let content = Start {
        facts: tell(cards.iter()),
        span: span(cards),
        ways: ways(shelves, links),
        years,
        albums: of(&|kind| *kind == ShelfKind::Album)
            .into_iter()
            .map(|shelf| tile(shelf, shelf.title.clone()))
            .collect(),
        people: of(&|kind| *kind == ShelfKind::Person).into_iter().map(|shelf| way(shelf, links)).collect(),
        gaps: gaps(cards),
        zone: &about.time_zone,
        backup: about.device.as_deref().unwrap_or(&about.backup),
    };
    whole(&Shell { title: "Photos", style: STYLE, script: None }, &content)
}

fn tile(shelf: &Shelf, cards: &[Card<'_>], links: &dyn Links, title: String) -> Tile {
    let members = || shelf.cards.iter().filter_map(|at| cards.get(*at));
    let pictured = |card: &&Card<'_>| card.thumb.is_some();
    let liked = members().filter(pictured).find(|card| card.placed.asset.is_favorite);
    let cover = liked.or_else(|| members().find(pictured));
    Tile {
        href: first(shelf, links),
        title,
        note: shelf.note.clone(),
        facts: facts(shelf, cards),
        cover: cover.and_then(|card| {
            let (asset, saved) = (card.placed.asset.id, card.thumb.as_ref());
            links.href(Place::Photo { asset, view: PhotoView::Small, saved })
        }),
    }
}

/// The first page of a shelf.
fn first(shelf: &Shelf, links: &dyn Links) -> String {
    links.href(Place::PhotoShelf { slug: &shelf.slug, page: 1 }).unwrap_or_default()
}

fn way(shelf: &Shelf, links: &dyn Links) -> Way {
    Way {
        href: first(shelf, links),
        title: shelf.title.clone(),
        count: count(u64::try_from(shelf.cards.len()).unwrap_or(u64::MAX)),
    }
}

/// Favorites, the map, and what stands apart.
fn ways(shelves: &[Shelf], links: &dyn Links) -> Vec<Way> {
    let kinds = [ShelfKind::Favorites, ShelfKind::Undated, ShelfKind::Hidden, ShelfKind::Deleted];
    let shelf = |kind: &ShelfKind| shelves.iter().find(|shelf| shelf.kind == *kind);
    let mut ways: Vec<Way> = kinds.iter().filter_map(shelf).map(|shelf| way(shelf, links)).collect();
    let places = shelves.iter().filter(|shelf| matches!(shelf.kind, ShelfKind::Place(..))).count();
    if places > 0 {
        let map = Way {
            href: links.href(Place::PhotoMap).unwrap_or_default(),
            title: "Map".to_owned(),
            count: plural(u64::try_from(places).unwrap_or(u64::MAX), "place"),
        };
        ways.insert(usize::from(shelf(&ShelfKind::Favorites).is_some()), map);
    }
    ways
}

/// From when to when.
fn span(cards: &[Card<'_>]) -> Option<String> {
    let days = || cards.iter().filter(|card| card.is_open()).filter_map(|card| Some(card.taken.as_ref()?.date()));
    let (first, last) = (days().min()?, days().max()?);
    Some(if first == last {
        date_in_words(first)
    } else {
        format!("{} to {}", date_in_words(first), date_in_words(last))
    })
}

/// What is not there, in one sentence.
fn gaps(cards: &[Card<'_>]) -> Option<String> {
    let absent = cards.iter().filter(|card| card.placed.files.is_empty()).count();
    let absent = u64::try_from(absent).ok().filter(|absent| *absent > 0)?;
    Some(format!("Of {} nothing is in this backup; report.txt says which and why.", plural(absent, "photo")))
}
