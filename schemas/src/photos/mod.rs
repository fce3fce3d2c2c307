//! Photos: the library of `Photos.sqlite` of iOS 6 to 26 and the files of the camera roll.
//!
//! [`read`] gives the whole library in the neutral model of [`model`], from which every format is written. Tables,
//! columns and join tables are discovered, never chosen by version: the numbers in their names change inside of one
//! major version of iOS. Where there is no database, the files speak for themselves, with what their records in the
//! manifest say.

mod adjustments;
mod albums;
mod assets;
mod attributes;
mod catalog;
mod details;
mod faces;
mod files;
mod files_by_owner;
mod files_only;
mod filter;
mod geography;
mod identified;
mod medium;
pub mod model;
mod moment;
mod movements;
mod reader;
mod resources;
mod rows;
mod still;
mod zones;

use crate::kind::{self, Area, Content, Kept};

pub use filter::{Clock, Filter, Has, Near, Sort};
pub use identified::{InAlbum, LibraryAsset};
pub use model::{
    Album, AlbumKind, Asset, AssetFile, AssetKind, Availability, Burst, Camera, DateSource, Face, FileContent,
    FileState, Frame, Importer, Library, Place, Region, Resource, Role, Stored, Subkind, Zone,
};
pub use reader::{LoadedLibrary, read};

/// The domain of the library and its files.
pub const DOMAIN: &str = "CameraRollDomain";

/// Where the database lies: domain and path.
pub const DATABASE: (&str, &str) = (DOMAIN, "Media/PhotoData/Photos.sqlite");

/// The photo library.
pub static KIND: kind::Kind = kind::Kind {
    name: "photos",
    title: "Photos",
    plural: "photos",
    nouns: ("photo or video", "photos and videos"),
    contents: &[Content { title: "Photos", kept: Kept::Always, places: &[DATABASE, (DOMAIN, "Media/DCIM")] }],
    areas: &[
        Area::many(DOMAIN, "Media/DCIM/", "a photo or video", "photos and videos"),
        Area::one(DATABASE.0, DATABASE.1, "the albums and facts of photos"),
        Area::one(DOMAIN, "", "what belongs to photos (edits, thumbnails)"),
    ],
};
