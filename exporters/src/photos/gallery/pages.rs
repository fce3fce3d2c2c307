//! All pages of a gallery: which there are, written by several threads; or nothing, where an earlier run wrote the same.
//!
//! What the pages show follows from the records, the order of albums, and which small pictures and copies there are. A
//! hash of all that, and the names of the pages, stand in `gallery/pages.json`: half a second of work that an update with
//! nothing new does not do again.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::card::Card;
use super::groups::{self, PhotoGroup};
use super::{FOLDER, Gallery, GalleryOptions, MAP, PAGE, SCRIPT, START, STYLE, grid, map, start};
use crate::output::{OutputError, SafePath, Tree, hex};
use crate::page::{LinkTarget, Links, SavedFiles, relative};
use crate::photos::companion::AllAssets;
use crate::write::workers::WorkQueue;

/// The file that tells what the pages were made of.
const MADE: &str = "pages.json";

/// What an earlier run left.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Made {
    /// The hash of what the pages were made of; empty while they are being written.
    made_of: String,
    /// The pages, from the folder of the photos on.
    pages: Vec<String>,
}

/// Writes all pages, unless they are there.
pub(super) fn write(gallery: &Gallery<'_>, all: &AllAssets<'_>, tree: &Tree) -> Result<(), OutputError> {
    let base = &gallery.options.base;
    let place = base.join(FOLDER).join(MADE);
    let made_of = made_of(gallery, all);
    let before: Option<Made> = tree.read(&place).and_then(|bytes| serde_json::from_slice(&bytes).ok());
    if let Some(before) = &before {
        let pages: Vec<SafePath> = before.pages.iter().map(|page| base.then(&SafePath::new(page))).collect();
        if before.made_of == made_of && pages.iter().all(|page| tree.is_there(page)) {
            return pages.iter().chain([&place]).try_for_each(|page| tree.keep(page, false));
        }
        // Should this run end half-way, no page is taken for what it was.
        put(tree, &place, &Made::default())?;
    }
    let mut pages = render(gallery, all, tree)?;
    pages.sort();
    let below = |page: &SafePath| page.as_str().strip_prefix(base.as_str()).unwrap_or(page.as_str()).to_owned();
    let pages = pages.iter().map(|page| below(page).trim_start_matches('/').to_owned()).collect();
    put(tree, &place, &Made { made_of, pages })
}

fn put(tree: &Tree, place: &SafePath, made: &Made) -> Result<(), OutputError> {
    let bytes = serde_json::to_vec(made).map_err(|error| tree.failed(place, error.into()))?;
    tree.write(place, &bytes).map(|_| ())
}

fn made_of(gallery: &Gallery<'_>, all: &AllAssets<'_>) -> String {
    let mut hash = Sha256::new();
    hash.update(all.records);
    for text in [env!("CARGO_PKG_VERSION"), STYLE, SCRIPT, &gallery.options.about.time_zone] {
        hash.update(text);
        hash.update([0]);
    }
    for album in all.placed.first().map(|placed| &placed.library.albums).into_iter().flatten() {
        hash.update(album.id.to_le_bytes());
        album.members.iter().for_each(|member| hash.update(member.to_le_bytes()));
    }
    for placed in all.placed {
        hash.update([u8::from(gallery.thumbs.of(placed).is_some())]);
        let copies = placed.files.iter().filter_map(|file| gallery.conversions?.of(&file.path));
        copies.for_each(|copy| hash.update(copy.as_str()));
    }
    hex(&hash.finalize())
}

/// Links to what lies in the same export, from a page in the folder `from`.
struct GalleryLinks<'a> {
    from: &'a SafePath,
    gallery: &'a Gallery<'a>,
}

impl Links for GalleryLinks<'_> {
    fn href(&self, place: LinkTarget<'_>) -> Option<String> {
        let path = match place {
            LinkTarget::Photos => self.gallery.options.base.join(START),
            LinkTarget::PhotoMap => self.gallery.page(MAP, 1),
            LinkTarget::PhotoShelf { slug, page } => self.gallery.page(slug, page),
            _ => return SavedFiles { from: self.from }.href(place),
        };
        Some(relative(self.from, &path))
    }
}

/// One page that is to be written.
enum Page {
    Start,
    Map,
    /// The shelf, and the page of it, from 1.
    PhotoGroup(usize, usize),
}

/// Writes all pages and gives their places.
fn render(gallery: &Gallery<'_>, all: &AllAssets<'_>, tree: &Tree) -> Result<Vec<SafePath>, OutputError> {
    let card = |placed| Card::new(placed, gallery.thumbs.of(placed), gallery.conversions, &gallery.options.zone);
    let cards: Vec<Card<'_>> = all.placed.iter().map(card).collect();
    let groups = groups::groups(&cards, all.placed.first().map(|placed| placed.library));
    let of_shelf = |(number, group): (usize, &PhotoGroup)| {
        (1..=group.cards.len().div_ceil(PAGE).max(1)).map(move |page| Page::PhotoGroup(number, page))
    };
    let pages: Vec<Page> =
        [Page::Start, Page::Map].into_iter().chain(groups.iter().enumerate().flat_map(of_shelf)).collect();
    let GalleryOptions { about, base, .. } = &gallery.options;
    let (on_start, in_folder) =
        (GalleryLinks { from: base, gallery }, GalleryLinks { from: &base.join(FOLDER), gallery });
    let write = |page: &Page| -> Result<Option<SafePath>, OutputError> {
        let (place, html) = match page {
            Page::Start => (base.join(START), Some(start::page(&groups, &cards, &on_start, about))),
            Page::Map => (gallery.page(MAP, 1), map::page(&groups, &cards, &in_folder)),
            Page::PhotoGroup(number, page) => match groups.get(*number) {
                Some(group) => (
                    gallery.page(&group.slug, *page),
                    Some(grid::page(group, *page, &cards, &in_folder, &about.time_zone)),
                ),
                None => return Ok(None),
            },
        };
        let Some(html) = html else { return Ok(None) };
        tree.write(&place, html.as_bytes())?;
        Ok(Some(place))
    };
    each(&pages, all.jobs, write)
}

/// Does `write` for each page, on several threads.
fn each<T: Send>(
    pages: &[Page],
    jobs: usize,
    write: impl Fn(&Page) -> Result<Option<T>, OutputError> + Sync,
) -> Result<Vec<T>, OutputError> {
    let work = WorkQueue::of(pages.len());
    let one = |_| -> Result<Vec<T>, OutputError> {
        let mut done = Vec::new();
        while let Some(page) = work.next().and_then(|next| pages.get(next)) {
            done.extend(write(page)?);
        }
        Ok(done)
    };
    Ok(work.share(jobs, one)?.into_iter().flatten().collect())
}
