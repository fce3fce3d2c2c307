//! Everything that one run writes beside photos.

use super::Options;
use super::companion::Companion;
use super::conversion::Conversions;
use super::gallery::{Gallery, GalleryOptions};
use super::sidecar::{SidecarFormat, Sidecars};
use crate::convert::Converter;

/// What is to be written beside photos.
#[derive(Debug, Clone, Copy, Default)]
pub struct CompanionOptions {
    /// A copy that every program shows.
    pub conversions: bool,
    /// A file with what the library knows.
    pub sidecars: Option<SidecarFormat>,
    /// The pages.
    pub gallery: bool,
}

/// Everything that is written beside photos in one run.
pub struct Companions<'a> {
    conversions: Option<Conversions<'a>>,
    sidecars: Option<Sidecars>,
    gallery: Option<GalleryOptions>,
    converter: &'a Converter,
}

impl<'a> Companions<'a> {
    /// What is wanted. `converter` is the run's.
    pub fn new(wanted: CompanionOptions, converter: &'a Converter, options: &Options) -> Self {
        let Options { about, zone, base, .. } = options.clone();
        Self {
            conversions: wanted.conversions.then(|| Conversions::new(converter)),
            sidecars: wanted.sidecars.map(|format| Sidecars::new(format, zone.clone())),
            gallery: wanted.gallery.then_some(GalleryOptions { about, zone, base }),
            converter,
        }
    }

    /// The gallery, which shows what the conversions made.
    pub fn gallery(&self) -> Option<Gallery<'_>> {
        let options = self.gallery.clone()?;
        Some(Gallery::new(options, self.converter, self.conversions.as_ref()))
    }

    /// All of them, in the order in which they are asked: conversions before the gallery.
    pub fn all<'c>(&'c self, gallery: Option<&'c Gallery<'c>>) -> Vec<&'c dyn Companion> {
        let conversions = self.conversions.as_ref().map(|it| it as &dyn Companion);
        let sidecars = self.sidecars.as_ref().map(|it| it as &dyn Companion);
        let gallery = gallery.map(|it| it as &dyn Companion);
        [conversions, sidecars, gallery].into_iter().flatten().collect()
    }
}
