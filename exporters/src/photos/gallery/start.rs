//! The start page of a gallery.

use askama::Template;

use super::STYLE;
use super::card::Card;
use super::grid::{facts, tell};
use super::groups::{GroupKind, PhotoGroup};
use crate::clock::date_in_words;
use crate::output::ExportInfo;
use crate::page::{LinkTarget, Links, PhotoView, Shell, complete_page, count, plural};

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
struct GroupLink {
    href: String,
    title: String,
    count: String,
}

#[derive(Template)]
#[template(path = "photos/gallery_start.html")]
struct Start<'a> {
    facts: String,
    span: Option<String>,
    ways: Vec<GroupLink>,
    years: Vec<Year>,
    albums: Vec<Tile>,
    people: Vec<GroupLink>,
    gaps: Option<String>,
    zone: &'a str,
    backup: &'a str,
}

/// The start page.
pub(super) fn page(groups: &[PhotoGroup], cards: &[Card<'_>], links: &dyn Links, about: &ExportInfo) -> String {
    let of =
        |wanted: &dyn Fn(&GroupKind) -> bool| groups.iter().filter(|group| wanted(&group.kind)).collect::<Vec<_>>();
    let tile = |group: &PhotoGroup, title: String| tile(group, cards, links, title);
    let mut years: Vec<Year> = Vec::new();
    for group in of(&|kind| matches!(kind, GroupKind::Month(_))).into_iter().rev() {
        let GroupKind::Month(first) = group.kind else { continue };
        let month = tile(group, first.strftime("%B").to_string());
        match years.last_mut().filter(|year| year.name == first.year()) {
            Some(year) => year.months.push(month),
            None => years.push(Year { name: first.year(), months: vec![month] }),
        }
    }
    let content = Start {
        facts: tell(cards.iter()),
        span: span(cards),
        ways: ways(groups, links),
        years,
        albums: of(&|kind| *kind == GroupKind::Album)
            .into_iter()
            .map(|group| tile(group, group.title.clone()))
            .collect(),
        people: of(&|kind| *kind == GroupKind::Person).into_iter().map(|group| way(group, links)).collect(),
        gaps: gaps(cards),
        zone: &about.time_zone,
        backup: about.device.as_deref().unwrap_or(&about.backup),
    };
    complete_page(&Shell { title: "Photos", style: STYLE, script: None }, &content)
}

fn tile(group: &PhotoGroup, cards: &[Card<'_>], links: &dyn Links, title: String) -> Tile {
    let members = || group.cards.iter().filter_map(|at| cards.get(*at));
    let pictured = |card: &&Card<'_>| card.thumb.is_some();
    let liked = members().filter(pictured).find(|card| card.placed.asset.is_favorite);
    let cover = liked.or_else(|| members().find(pictured));
    Tile {
        href: first(group, links),
        title,
        note: group.note.clone(),
        facts: facts(group, cards),
        cover: cover.and_then(|card| {
            let (asset, saved) = (card.placed.asset.id, card.thumb.as_ref());
            links.href(LinkTarget::Photo { asset, view: PhotoView::Small, saved })
        }),
    }
}

/// The first page of a shelf.
fn first(group: &PhotoGroup, links: &dyn Links) -> String {
    links.href(LinkTarget::PhotoShelf { slug: &group.slug, page: 1 }).unwrap_or_default()
}

fn way(group: &PhotoGroup, links: &dyn Links) -> GroupLink {
    GroupLink {
        href: first(group, links),
        title: group.title.clone(),
        count: count(u64::try_from(group.cards.len()).unwrap_or(u64::MAX)),
    }
}

/// Favorites, the map, and what stands apart.
fn ways(groups: &[PhotoGroup], links: &dyn Links) -> Vec<GroupLink> {
    let kinds = [GroupKind::Favorites, GroupKind::Undated, GroupKind::Hidden, GroupKind::Deleted];
    let group = |kind: &GroupKind| groups.iter().find(|group| group.kind == *kind);
    let mut ways: Vec<GroupLink> = kinds.iter().filter_map(group).map(|group| way(group, links)).collect();
    let places = groups.iter().filter(|group| matches!(group.kind, GroupKind::LinkTarget(..))).count();
    if places > 0 {
        let map = GroupLink {
            href: links.href(LinkTarget::PhotoMap).unwrap_or_default(),
            title: "Map".to_owned(),
            count: plural(u64::try_from(places).unwrap_or(u64::MAX), "place"),
        };
        ways.insert(usize::from(group(&GroupKind::Favorites).is_some()), map);
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
