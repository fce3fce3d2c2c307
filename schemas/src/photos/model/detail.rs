//! What is known of an asset beside when it was taken: where, who is in it, with what, and in which series.

/// A series of shots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Burst {
    /// What all shots of the series share.
    pub uuid: String,
    /// Whether a person or the device chose this shot to be shown by itself.
    pub is_picked: bool,
    /// Whether this shot stands for the series.
    pub is_key: bool,
}

/// Where an asset was taken.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Place {
    /// Latitude and longitude in degrees, north and east positive (WGS 84).
    pub coordinates: Option<(f64, f64)>,
    /// What the device called the place, by the map: the finest name first, such as `Belém, Lisbon, Portugal`.
    pub name: Option<String>,
    /// The country.
    pub country: Option<String>,
    /// The country's code of two letters.
    pub country_code: Option<String>,
    /// The state, province or region.
    pub region: Option<String>,
    /// The town.
    pub city: Option<String>,
    /// The quarter of the town.
    pub district: Option<String>,
    /// The street, with the house number.
    pub street: Option<String>,
    /// The postal code.
    pub postal_code: Option<String>,
}

impl Place {
    /// Whether nothing is known.
    pub fn is_unknown(&self) -> bool {
        *self == Self::default()
    }
}

/// A face.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Face {
    /// Who it is, where somebody has said so.
    pub name: Option<String>,
    /// The identifier of the person, the same on all of their faces.
    pub person_uuid: Option<String>,
    /// Where it is.
    pub region: Option<Region>,
    /// Which picture the region is in, where an edit cut or turned it.
    pub frame: Frame,
}

/// Which picture a region is in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Frame {
    /// The picture as the library shows it: edited, where it was.
    #[default]
    Shown,
    /// The original.
    Original,
}

/// A part of a picture, in fractions of the whole as shown (upright), from the upper left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Region {
    /// The centre, from the left.
    pub x: f64,
    /// The centre, from above.
    pub y: f64,
    /// The width.
    pub width: f64,
    /// The height.
    pub height: f64,
}

/// An app that brings photos into the library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Importer {
    /// The bundle identifier, such as `com.apple.camera`.
    pub bundle_id: Option<String>,
    /// The name.
    pub name: Option<String>,
}

/// What took an asset.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Camera {
    /// The maker.
    pub make: Option<String>,
    /// The model.
    pub model: Option<String>,
    /// The lens.
    pub lens: Option<String>,
}
