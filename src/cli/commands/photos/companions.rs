//! What is written beside photos, as typed.

use clap::{Args, ValueEnum};
use corer_exporters::convert::Converter;
use corer_exporters::photos::sidecar::SidecarFormat;
use corer_exporters::photos::{CompanionOptions, Companions, Options};

/// What is written beside photos.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Beside the photos")]
pub struct CompanionArgs {
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
    pub convert: Option<ConvertTo>,

    /// Leave out the gallery: index.html and the pages and small pictures in gallery/
    #[arg(long)]
    pub no_gallery: bool,
}

/// What photos are converted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ConvertTo {
    /// JPEG
    Jpeg,
}

impl CompanionArgs {
    /// What was asked for. `converter` is the run's.
    pub fn companions<'a>(&self, converter: &'a Converter, options: &Options) -> Companions<'a> {
        let wanted =
            CompanionOptions { conversions: self.convert.is_some(), sidecars: self.sidecar, gallery: !self.no_gallery };
        Companions::new(wanted, converter, options)
    }
}
