//! What a sidecar says, before it is written in any format.

use corer_schemas::photos::Place;
use jiff::Zoned;
use jiff::tz::TimeZone;

use super::faces::{NamedFace, Size, has_named_faces, named_faces, stored};
use super::xml_text::xml_text;
use crate::photos::companion::{Placed, PlacedFile};

/// What a favourite is rated, of five.
const FAVORITE: u8 = 5;

/// What a sidecar says about one file.
pub(super) struct Facts<'a> {
    /// The name of the file.
    pub file: &'a str,
    /// The extension of the name, without the dot.
    pub extension: &'a str,
    /// When it was taken, on a clock at the place.
    pub taken: Option<Zoned>,
    /// Latitude and longitude in degrees.
    pub coordinates: Option<(f64, f64)>,
    /// The place in words.
    pub place: &'a Place,
    /// The title.
    pub title: Option<String>,
    /// The caption.
    pub caption: Option<String>,
    /// What is seen, for those who cannot see it.
    pub accessibility: Option<String>,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Names of people.
    pub people: Vec<String>,
    /// Where faces are.
    pub faces: Vec<NamedFace>,
    /// What the places of faces refer to.
    pub size: Option<Size>,
    /// Of five.
    pub rating: Option<u8>,
}

impl<'a> Facts<'a> {
    pub(super) fn new(placed: &'a Placed<'_>, file: &'a PlacedFile<'_>, zone: &TimeZone) -> Self {
        let asset = placed.asset;
        let name = file.path.name();
        // Only where there is a face to be placed the file is worth a look.
        let as_stored = has_named_faces(asset).then(|| stored(placed.source, file.file)).flatten();
        let (size, faces) = named_faces(asset, file.role(), as_stored);
        Self {
            file: name,
            extension: name.rsplit_once('.').map_or("", |(_, extension)| extension),
            taken: asset.taken(zone),
            coordinates: asset.place.coordinates.filter(|(latitude, longitude)| is_on_earth(*latitude, *longitude)),
            place: &asset.place,
            title: xml_text(asset.title.as_deref()),
            caption: xml_text(asset.caption.as_deref()),
            accessibility: xml_text(asset.accessibility.as_deref()),
            keywords: asset.keywords.iter().filter_map(|keyword| xml_text(Some(keyword))).collect(),
            people: asset.people().into_iter().filter_map(|name| xml_text(Some(name))).collect(),
            faces,
            size,
            rating: asset.is_favorite.then_some(FAVORITE),
        }
    }
}

fn is_on_earth(latitude: f64, longitude: f64) -> bool {
    (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude)
}
