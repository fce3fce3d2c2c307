//! What is known of an asset beside when it was taken: where, who is in it, with what, and in which series.

use serde::{Deserialize, Serialize};

/// A series of shots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Burst {
    /// What all shots of the series share.
    pub uuid: String,
    /// Whether a person or the device chose this shot to be shown by itself.
    pub is_picked: bool,
    /// Whether this shot stands for the series.
    pub is_key: bool,
}

/// Where an asset was taken.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// Latitude and longitude in degrees, north and east positive (WGS 84).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coordinates: Option<(f64, f64)>,
    /// What the device called the place, by the map: the finest name first, such as `Belém, Lisbon, Portugal`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The country's code of two letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,
    /// The state, province or region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// The quarter of the town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub district: Option<String>,
    /// The street, with the house number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// The postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
}

impl Place {
    /// Whether nothing is known.
    pub fn is_unknown(&self) -> bool {
        *self == Self::default()
    }
}

/// A face.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Face {
    /// Who it is, where somebody has said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The identifier of the person, the same on all of their faces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person_uuid: Option<String>,
    /// Where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// Which picture the region is in, where an edit cut or turned it.
    pub frame: Frame,
}

/// Which picture a region is in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Frame {
    /// The picture as the library shows it: edited, where it was.
    #[default]
    Shown,
    /// The original.
    Original,
}

/// A part of a picture, in fractions of the whole as shown (upright), from the upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Importer {
    /// The bundle identifier, such as `com.apple.camera`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bundle_id: Option<String>,
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// What took an asset.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Camera {
    /// The maker.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub make: Option<String>,
    /// The model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The lens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lens: Option<String>,
}
