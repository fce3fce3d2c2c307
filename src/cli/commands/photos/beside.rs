//! What is written beside photos, as typed.

use clap::{Args, ValueEnum};
use corer_exporters::convert::Converter;
use corer_exporters::photos::gallery::{Gallery, GalleryOptions};
use corer_exporters::photos::sidecar::{SidecarFormat, Sidecars};
use corer_exporters::photos::{Companion, Conversions, Options};

/// What is written beside photos.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Beside the photos")]
pub struct BesideArgs {
    /// Write what the library knows into a file beside each photo: IMG_0123.HEIC.xmp or IMG_0123.HEIC.json
    ///
    /// Date, place, title, caption, keywords, people with their faces, and five stars for favourites; exiftool, digiKam
    /// and Lightroom read it.
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub sidecar: Option<SidecarFormat>,

    /// Write a copy that every program shows beside each HEIC photo: IMG_0123.jpg, with all that the photo says
    ///
    /// The original stays as it is. Each photo takes about a second of one core.
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub convert: Option<ConvertChoice>,

    /// Leave out the gallery: index.html and the pages and small pictures in gallery/
    #[arg(long)]
    pub no_gallery: bool,
}

/// What photos are converted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ConvertChoice {
    /// JPEG
    Jpeg,
}

/// Everything that is written beside photos in one run.
pub struct Companions<'a> {
    conversions: Option<Conversions<'a>>,
    sidecars: Option<Sidecars>,
    gallery: Option<GalleryOptions>,
    converter: &'a Converter,
}

impl BesideArgs {
    /// What was asked for. `converter` is the run's.
    pub fn companions<'a>(&self, converter: &'a Converter, options: &Options) -> Companions<'a> {
        let Options { about, zone, base, .. } = options.clone();
        let gallery = GalleryOptions { about, zone, base };
        Companions {
            conversions: self.convert.map(|ConvertChoice::Jpeg| Conversions::new(converter)),
            sidecars: self.sidecar.map(|format| Sidecars::new(format, options.zone.clone())),
            gallery: (!self.no_gallery).then_some(gallery),
            converter,
        }
    }
}

impl Companions<'_> {
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
