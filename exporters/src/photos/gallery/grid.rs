//! A page of photos: small ones in a grid, and each of them large behind it.

use askama::Template;

use super::card::Card;
use super::groups::{GroupKind, PhotoGroup};
use super::{PAGE, SCRIPT, STYLE};
use crate::clock::day_in_words;
use crate::output::SafePath;
use crate::page::{LinkTarget, Links, PhotoView, Shell, complete_page, plural};

/// The name of a file, and what it is.
struct FileLink {
    label: &'static str,
    name: String,
    href: String,
}

/// One photo, small and large.
pub(super) struct GridItem {
    mark: String,
    words: String,
    thumb: Option<String>,
    picture: Option<String>,
    rare: Option<String>,
    video: Option<String>,
    motion: Option<String>,
    previous: Option<String>,
    next: Option<String>,
    is_favorite: bool,
    is_hidden: bool,
    is_trashed: bool,
    is_edited: bool,
    kind: &'static str,
    length: Option<String>,
    absent: Option<&'static str>,
    title: Option<String>,
    caption: Option<String>,
    name: String,
    when: Option<(String, String)>,
    place: Option<String>,
    people: String,
    keywords: String,
    camera: Option<String>,
    files: Vec<FileLink>,
}

/// Photos below one heading.
struct Section {
    heading: Option<String>,
    items: Vec<GridItem>,
}

#[derive(Template)]
#[template(path = "photos/gallery_shelf.html")]
struct Page<'a> {
    title: &'a str,
    note: Option<&'a str>,
    facts: String,
    start: Option<String>,
    sections: Vec<Section>,
    page: usize,
    pages: usize,
    earlier: Option<String>,
    later: Option<String>,
    zone: &'a str,
}

/// Page `page` of a shelf, from 1. `zone`: what the clock of photos without a zone of their own is called.
pub(super) fn page(group: &PhotoGroup, page: usize, cards: &[Card<'_>], links: &dyn Links, zone: &str) -> String {
    let pages = group.cards.len().div_ceil(PAGE).max(1);
    let members: Vec<&Card<'_>> =
        group.cards.iter().skip((page - 1) * PAGE).take(PAGE).filter_map(|at| cards.get(*at)).collect();
    let turn = |page: usize| links.href(LinkTarget::PhotoShelf { slug: &group.slug, page });
    let title = match pages {
        1 => group.title.clone(),
        _ => format!("{} (page {page} of {pages})", group.title),
    };
    let content = Page {
        title: &group.title,
        note: group.note.as_deref(),
        facts: facts(group, cards),
        start: links.href(LinkTarget::Photos),
        sections: sections(group, &members, links),
        page,
        pages,
        earlier: if page > 1 { turn(page - 1) } else { None },
        later: if page < pages { turn(page + 1) } else { None },
        zone,
    };
    complete_page(&Shell { title: &title, style: STYLE, script: Some(SCRIPT) }, &content)
}

/// How many photos and videos there are.
pub(super) fn facts(group: &PhotoGroup, cards: &[Card<'_>]) -> String {
    tell(group.cards.iter().filter_map(|at| cards.get(*at)))
}

/// How many photos and videos there are.
pub(super) fn tell<'c>(cards: impl Iterator<Item = &'c Card<'c>>) -> String {
    let (mut photos, mut videos) = (0, 0);
    for card in cards {
        *(if card.is_video() { &mut videos } else { &mut photos }) += 1;
    }
    match (photos, videos) {
        (photos, 0) => plural(photos, "photo"),
        (0, videos) => plural(videos, "video"),
        (photos, videos) => format!("{}, {}", plural(photos, "photo"), plural(videos, "video")),
    }
}

/// Months by day; everything else as it comes.
fn sections(group: &PhotoGroup, members: &[&Card<'_>], links: &dyn Links) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let by_day = matches!(group.kind, GroupKind::Month(_));
    for (at, card) in members.iter().enumerate() {
        let heading = card.taken.as_ref().filter(|_| by_day).map(|taken| day_in_words(taken.date()));
        let mark = |at: usize| members.get(at).map(|card| format!("#{}", card.mark));
        let item = item(card, links, at.checked_sub(1).and_then(mark), mark(at + 1));
        match sections.last_mut().filter(|section| section.heading == heading) {
            Some(section) => section.items.push(item),
            None => sections.push(Section { heading, items: vec![item] }),
        }
    }
    sections
}

fn item(card: &Card<'_>, links: &dyn Links, previous: Option<String>, next: Option<String>) -> GridItem {
    let asset = card.placed.asset;
    let href = |view, path: &Option<SafePath>| {
        let saved = path.as_ref()?;
        links.href(LinkTarget::Photo { asset: asset.id, view, saved: Some(saved) })
    };
    let text =
        |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    GridItem {
        mark: card.mark.clone(),
        words: card.words(),
        // A picture that browsers show is its own small one where there is no other: formats such as GIF.
        thumb: href(PhotoView::Small, &card.thumb).or_else(|| href(PhotoView::Large, &card.picture)),
        picture: href(PhotoView::Large, &card.picture),
        rare: href(PhotoView::Large, &card.rare),
        video: href(PhotoView::Video, &card.video),
        motion: href(PhotoView::Movement, &card.motion),
        previous,
        next,
        is_favorite: asset.is_favorite,
        is_hidden: asset.is_hidden,
        is_trashed: asset.is_trashed,
        is_edited: asset.is_edited,
        kind: card.kind(),
        length: asset.duration.filter(|_| card.video.is_some()).map(length),
        absent: absent(card),
        title: text(&asset.title),
        caption: text(&asset.caption),
        name: asset.name().to_owned(),
        when: card.taken.as_ref().map(|taken| {
            let exact = taken.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
            (exact, format!("{}, {}", day_in_words(taken.date()), taken.strftime("%H:%M:%S %:z")))
        }),
        place: place(card),
        people: asset.people().join(", "),
        keywords: asset.keywords.join(", "),
        camera: camera(card),
        files: files(card, links),
    }
}

/// Why nothing can be shown.
fn absent(card: &Card<'_>) -> Option<&'static str> {
    if !card.placed.files.is_empty() {
        return None;
    }
    Some(if card.placed.asset.is_in_cloud { "Only in iCloud" } else { "Not in this backup" })
}

fn place(card: &Card<'_>) -> Option<String> {
    let place = &card.placed.asset.place;
    let position = place.coordinates.map(|(latitude, longitude)| format!("{latitude:.5}, {longitude:.5}"));
    let named = place.name.clone().or_else(|| {
        let parts: Vec<&str> = [&place.city, &place.country].into_iter().flatten().map(String::as_str).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    });
    match (named, position) {
        (Some(name), Some(position)) => Some(format!("{name} ({position})")),
        (only, None) | (None, only) => only,
    }
}

fn camera(card: &Card<'_>) -> Option<String> {
    let camera = &card.placed.asset.camera;
    // Lenses of phones begin with the phone.
    match (&camera.model, &camera.lens) {
        (Some(model), Some(lens)) if lens.starts_with(model.as_str()) => Some(lens.clone()),
        (Some(model), Some(lens)) => Some(format!("{model}, {lens}")),
        (Some(only), None) | (None, Some(only)) => Some(only.clone()),
        (None, None) => None,
    }
}

fn files(card: &Card<'_>, links: &dyn Links) -> Vec<FileLink> {
    use corer_schemas::photos::Role::{
        AlternateImage, AlternateRaw, EditedFullSize, EditedLiveVideo, LiveVideo, Original, ReducedCopy, Thumbnail,
    };
    let label = |role| match role {
        Original => Some("Original"),
        EditedFullSize => Some("Edited"),
        LiveVideo => Some("Movement"),
        EditedLiveVideo => Some("Edited movement"),
        AlternateRaw => Some("Raw"),
        AlternateImage => Some("Second picture"),
        ReducedCopy => Some("Smaller copy"),
        Thumbnail => Some("Thumbnail"),
        _ => None,
    };
    let file = |file: &crate::photos::companion::PlacedFile<'_>| {
        Some(FileLink {
            label: label(file.role())?,
            name: file.path.name().to_owned(),
            href: links.href(LinkTarget::Photo {
                asset: card.placed.asset.id,
                view: PhotoView::Stored(file.role()),
                saved: Some(&file.path),
            })?,
        })
    };
    card.placed.files.iter().filter_map(file).collect()
}

/// `0:07`, `1:02:03`.
fn length(seconds: f64) -> String {
    // Whole seconds, within what a video may have.
    let seconds = seconds.clamp(0.0, 359_999.0).round();
    let (hours, minutes, rest) = ((seconds / 3600.0).floor(), (seconds / 60.0).floor() % 60.0, seconds % 60.0);
    if hours > 0.0 { format!("{hours:.0}:{minutes:02.0}:{rest:02.0}") } else { format!("{minutes:.0}:{rest:02.0}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_like_clocks() {
        assert_eq!(
            [0.4, 7.2, 59.6, 61.0, 3723.0, -1.0, f64::INFINITY].map(length),
            ["0:00", "0:07", "1:00", "1:01", "1:02:03", "0:00", "99:59:59"]
        );
    }
}
