//! Links with a preview: `LPLinkMetadata` of LinkPresentation, under `richLinkMetadata`.
//!
//! What the page is beyond a page stands in `specialization` (a song: `LPiTunesMediaSongMetadata`, an app:
//! `LPiTunesMediaSoftwareMetadata`) and `specialization2` (a place: `LPMapMetadata`); a document that is worked on together
//! has `collaborationMetadata`.

use super::super::model::AppContent;
use super::super::model::app::{Collaboration, Link, Music, Place, Software};
use super::{child, text};
use crate::formats::keyed_archive::Node;

/// The most pictures that a page has.
const MOST_IMAGES: usize = 32;

/// Reads the metadata of a link.
pub(super) fn read(root: &Node<'_, '_>) -> AppContent {
    let Some(page) = child(root, "richLinkMetadata").or_else(|| child(root, "metadata")) else {
        return AppContent::Link(Link { is_placeholder: true, ..Link::default() });
    };
    let special = child(&page, "specialization");
    let second = child(&page, "specialization2");
    if let Some(shared) = child(&page, "collaborationMetadata") {
        return AppContent::Collaboration(collaboration(&page, &shared, second.as_ref()));
    }
    for special in [&special, &second].into_iter().flatten() {
        if let Some(content) = specialized(&page, special) {
            return content;
        }
    }
    AppContent::Link(link(root, &page))
}

fn specialized(page: &Node<'_, '_>, special: &Node<'_, '_>) -> Option<AppContent> {
    let class = special.class_name().unwrap_or_default();
    let has = |key: &str| child(special, key).is_some();
    if has("album") || class.contains("MediaSong") || class.contains("MediaAlbum") {
        return Some(AppContent::Music(music(page, special)));
    }
    if has("address") || has("addressComponents") {
        return Some(AppContent::Place(place(page, special)));
    }
    if class.contains("Software") || has("genre") || has("platform") {
        return Some(AppContent::Software(software(page, special)));
    }
    None
}

fn url(page: &Node<'_, '_>) -> Option<String> {
    text(page, "URL").or_else(|| text(page, "originalURL"))
}

fn link(root: &Node<'_, '_>, page: &Node<'_, '_>) -> Link {
    let placeholder = [root, page].into_iter().find_map(|node| child(node, "richLinkIsPlaceholder")?.boolean());
    Link {
        url: text(page, "URL"),
        original_url: text(page, "originalURL"),
        title: text(page, "title"),
        summary: text(page, "summary"),
        site: text(page, "siteName"),
        kind: text(page, "itemType"),
        author: text(page, "creator").or_else(|| text(page, "author")),
        images: images(page),
        is_placeholder: placeholder.unwrap_or(false),
    }
}

/// Lists of pictures stand one level deeper under their own name; the one that is shown has metadata of its own.
fn images(page: &Node<'_, '_>) -> Vec<String> {
    let mut images: Vec<String> =
        child(page, "imageMetadata").and_then(|image| text(&image, "URL")).into_iter().collect();
    let list = child(page, "images").map(|list| child(&list, "images").unwrap_or(list));
    let members = list.into_iter().flat_map(|list| list.members()).flatten();
    for address in members.filter_map(|image| text(&image, "URL")).take(MOST_IMAGES) {
        if !images.contains(&address) {
            images.push(address);
        }
    }
    images
}

fn music(page: &Node<'_, '_>, song: &Node<'_, '_>) -> Music {
    let lyrics = child(song, "lyricExcerpt").and_then(|excerpt| text(&excerpt, "lyrics"));
    Music {
        url: url(page),
        track: text(song, "name"),
        artist: text(song, "artist"),
        album: text(song, "album"),
        preview: text(song, "previewURL"),
        lyrics: lyrics.map(|lyrics| lyrics.lines().map(str::to_owned).collect()).unwrap_or_default(),
    }
}

fn software(page: &Node<'_, '_>, app: &Node<'_, '_>) -> Software {
    Software {
        url: url(page),
        name: text(app, "name").or_else(|| text(page, "title")),
        subtitle: text(app, "subtitle"),
        genre: text(app, "genre"),
        platform: text(app, "platform"),
    }
}

fn place(page: &Node<'_, '_>, place: &Node<'_, '_>) -> Place {
    let parts = child(place, "addressComponents");
    let part = |key: &str| parts.as_ref().and_then(|parts| text(parts, key));
    let join = |words: [Option<String>; 2]| {
        let line = words.into_iter().flatten().collect::<Vec<_>>().join(" ");
        Some(line).filter(|line| !line.is_empty())
    };
    let lines = [
        part("_street"),
        part("_subLocality"),
        join([part("_postalCode"), part("_city")]),
        part("_state"),
        part("_country"),
    ];
    let mut address: Vec<String> = lines.into_iter().flatten().collect();
    if address.is_empty() {
        address.extend(text(place, "address").into_iter().flat_map(|text| lines_of(&text)));
    }
    Place {
        url: url(page),
        name: text(place, "name").or_else(|| text(page, "title")),
        address,
        coordinates: coordinates(page, place),
        is_live: false,
    }
}

fn lines_of(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

/// Where a place is, from the address of the map: `…?ll=38.71,-9.14`.
fn coordinates(page: &Node<'_, '_>, place: &Node<'_, '_>) -> Option<(f64, f64)> {
    let number = |key: &str| child(place, key).and_then(|number| number.real());
    if let Some(pair) = number("latitude").zip(number("longitude")) {
        return Some(pair).filter(|(latitude, longitude)| latitude.is_finite() && longitude.is_finite());
    }
    let address = url(page)?;
    let (_, query) = address.split_once('?')?;
    let value =
        query.split('&').find_map(|pair| pair.strip_prefix("ll=").or_else(|| pair.strip_prefix("coordinate=")))?;
    let (latitude, longitude) = value.split_once(',').or_else(|| value.split_once("%2C"))?;
    let degrees = |text: &str| text.parse().ok().filter(|degrees: &f64| degrees.is_finite());
    Some((degrees(latitude)?, degrees(longitude)?))
}

fn collaboration(page: &Node<'_, '_>, shared: &Node<'_, '_>, second: Option<&Node<'_, '_>>) -> Collaboration {
    let application = second.and_then(|second| text(&child(second, "specialization")?, "application"));
    let container = || {
        let setup = child(shared, "containerSetupInfo")?;
        text(&child(&setup, "containerID")?, "ContainerIdentifier")
    };
    Collaboration {
        url: url(page).or_else(|| text(shared, "collaborationIdentifier")),
        title: text(shared, "title").or_else(|| text(page, "title")),
        app: application.or_else(container),
    }
}
