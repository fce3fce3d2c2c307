//! The photos as pages: by month, by album, by person and place, and a map; offline, complete with scripts off.
//!
//! ```text
//! index.html                   months, albums, people, the ways to the rest
//! gallery/2016-07.html         a month, at most [`PAGE`] photos; gallery/2016-07-2.html goes on
//! gallery/album-12.html        an album, favorites.html, person-1.html, place-3.html, hidden.html, deleted.html
//! gallery/map.html             where photos were taken
//! gallery/pages.json           what the pages were made of, for an update
//! gallery/thumbs/3f/3f9a….jpg  small pictures
//! ```
//!
//! Small pictures are the library's own where the backup has them, else the small copy inside a HEIC or JPEG file, else
//! made of the picture. A page loads those in sight and nothing else; large pictures and videos load when they are opened. It is the
//! script that puts a large picture in: without scripts browsers load all that a page names at once, so that the small one
//! stays there, with a link to the file.
//! Hidden and recently deleted photos stand on pages of their own and nowhere else.

mod card;
mod grid;
mod groups;
mod map;
mod pages;
mod start;
mod thumbs;

use jiff::tz::TimeZone;

use super::companion::{AllAssets, Companion, Placed};
use super::conversion::Conversions;
use crate::convert::Converter;
use crate::output::report::SkippedItem;
use crate::output::{ExportInfo, KindReport, OutputError, SafePath, Tree};
use thumbs::Thumbs;

/// The most photos on one page.
pub const PAGE: usize = 200;

/// The start page.
const START: &str = "index.html";

/// The folder of the other pages.
pub const FOLDER: &str = "gallery";

/// The page of places.
const MAP: &str = "map";

/// What these pages add to the style of all pages.
const STYLE: &str = include_str!("style.css");

/// What these pages can do beyond links: keys in the large view, Live Photos that move.
const SCRIPT: &str = include_str!("script.js");

/// What a gallery is about.
#[derive(Debug, Clone)]
pub struct GalleryOptions {
    /// What the run is about.
    pub about: ExportInfo,
    /// The zone of photos whose own is not known.
    pub zone: TimeZone,
    /// The folder within the tree; its root for a command of one kind.
    pub base: SafePath,
}

/// Writes a gallery beside exported photos.
pub struct Gallery<'a> {
    options: GalleryOptions,
    conversions: Option<&'a Conversions<'a>>,
    thumbs: Thumbs<'a>,
}

impl<'a> Gallery<'a> {
    /// A gallery. Pictures that browsers do not show appear as `conversions` of the same run, if there are some, else
    /// small. The conversions must be asked before the gallery.
    pub fn new(options: GalleryOptions, converter: &'a Converter, conversions: Option<&'a Conversions<'a>>) -> Self {
        let thumbs = Thumbs::new(converter, options.base.join(FOLDER));
        Self { options, conversions, thumbs }
    }

    fn page(&self, slug: &str, page: usize) -> SafePath {
        let name = if page == 1 { format!("{slug}.html") } else { format!("{slug}-{page}.html") };
        self.options.base.join(FOLDER).join(&name)
    }
}

impl Companion for Gallery<'_> {
    fn placed(&self, placed: &Placed<'_>, tree: &Tree, _: &mut Vec<SkippedItem>) -> Result<(), OutputError> {
        // What of it could not be converted has been told with the reason.
        let is_told = self.conversions.is_some_and(|made| made.has_failed(placed.asset));
        self.thumbs.make(placed, tree, is_told)
    }

    fn finish(&self, all: &AllAssets<'_>, tree: &Tree, report: &mut KindReport) -> Result<(), OutputError> {
        report.notes.extend(self.thumbs.failures());
        pages::write(self, all, tree)
    }
}
