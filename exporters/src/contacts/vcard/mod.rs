//! Cards: vCard 3.0 (RFC 2426) in the dialect that iPhones write and that phones, mail programs and servers read best, and
//! vCard 4.0 (RFC 6350).
//!
//! Nothing that a backup holds can add a line or a property to a card: [`clean`] leaves no control characters but line
//! breaks and tabs, and texts escape those; addresses, in which nothing is escaped, encode them.

mod card;
mod head;
mod read_back;
mod terms;
mod version3;
mod version4;

use std::collections::HashSet;
use std::io::{self, Write};

use corer_schemas::contacts::{Contact, Image, Photo};
use sha2::{Digest, Sha256};

use crate::convert::{ConvertTarget, Converter, Format};
use crate::output::hex;
use crate::write::content_lines as line;
pub use crate::write::content_lines::clean;

pub(super) use read_back::read_back;

/// The version of cards.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Version {
    /// vCard 3.0: what iPhones, Android, Google, Outlook and Nextcloud import best.
    #[default]
    #[cfg_attr(feature = "cli", value(name = "3.0", alias = "3"))]
    V3,
    /// vCard 4.0.
    #[cfg_attr(feature = "cli", value(name = "4.0", alias = "4"))]
    V4,
}

/// Writes cards, one after the other.
pub struct Cards {
    version: Version,
    /// What the cards come from, which goes into identifiers that the address book has none of its own for.
    backup: String,
    known: HashSet<String>,
    converter: Converter,
    /// Why the picture of the last card stayed what it is, where it was to be converted.
    pub unconverted: Option<String>,
}

impl Cards {
    /// Cards of a version, from the backup that is known by this.
    pub fn new(version: Version, backup: &str) -> Self {
        Self {
            version,
            backup: backup.to_owned(),
            known: HashSet::new(),
            converter: Converter::default(),
            unconverted: None,
        }
    }

    /// Writes the card of a contact.
    ///
    /// # Errors
    /// Those of `to`.
    pub fn write(&mut self, contact: &Contact, photo: Option<&Photo>, to: &mut dyn Write) -> io::Result<()> {
        let identifier = self.identifier(contact);
        let shown = photo.and_then(|photo| self.shown(photo));
        let photo = shown.as_ref().or(photo);
        let dialect: &dyn card::Dialect = match self.version {
            Version::V3 => &version3::V3,
            Version::V4 => &version4::V4,
        };
        card::write(dialect, contact, photo, &identifier, to)
    }

    /// A picture that few programs show, as one that all do; `None` for one that needs no conversion or defies it.
    fn shown(&mut self, photo: &Photo) -> Option<Photo> {
        if photo.image != Image::Heic {
            return None;
        }
        let converted = self.converter.convert(photo.bytes.clone(), ConvertTarget::Web);
        let converted = converted.map_err(|why| self.unconverted = Some(why.to_string())).ok()?;
        let image = match converted.format {
            Format::Jpeg => Image::Jpeg,
            Format::Png => Image::Png,
        };
        Some(Photo { bytes: converted.bytes, image, crop: photo.crop })
    }

    /// What the card is known by, the same in every run: its own identifier, else one made of the backup and the row.
    fn identifier(&mut self, contact: &Contact) -> String {
        let own = contact.guid.as_deref().map(|guid| clean(guid).trim().to_owned());
        if let Some(own) = own.filter(|own| !own.is_empty() && !own.contains('\n') && self.known.insert(own.clone())) {
            return own;
        }
        let digest = hex(&Sha256::digest(format!("{}\0{}", self.backup, contact.id)));
        let part = |from, to| digest.get(from..to).unwrap_or_default();
        // The form of a random UUID, with its version and variant.
        let made = format!("{}-{}-4{}-8{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32));
        self.known.insert(made.clone());
        made
    }
}

#[cfg(test)]
mod tests;
