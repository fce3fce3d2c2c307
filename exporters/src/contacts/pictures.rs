//! Where the pictures of contacts come from.

use std::collections::HashSet;
use std::io::Read as _;

use corer_schemas::contacts::{Contact, Image, Photo, Photos, Picture};
use corer_schemas::{Opened, Presence, Skipped};
use sha2::{Digest, Sha256};

use crate::output::SafePath;
use crate::write::FileSource;

/// Where the pictures of contacts come from.
pub trait Pictures: Sync {
    /// Reads a picture.
    ///
    /// # Errors
    /// That there is one and it cannot be read, or is none.
    fn read(&self, picture: &Picture) -> Result<Option<Photo>, Skipped>;

    /// Where an earlier run placed one, in the folder of contacts.
    fn place_of(&self, picture: &Picture) -> Option<SafePath> {
        let _ = picture;
        None
    }

    /// The places of all pictures that an earlier run placed.
    fn taken_places(&self) -> Vec<SafePath> {
        Vec::new()
    }

    /// Hears where one was placed, as seen from the root of the tree.
    fn note_placed(&self, picture: &Picture, path: &SafePath) {
        let _ = (picture, path);
    }
}

impl Pictures for Photos {
    fn read(&self, picture: &Picture) -> Result<Option<Photo>, Skipped> {
        self.of_cards(&[picture.card])
    }
}

/// The pictures of a backup, and those that an export has of earlier ones.
pub struct KeptPictures<'a> {
    /// Those of the backup.
    pub photos: &'a Photos,
    /// Those in the export.
    pub files: &'a dyn FileSource,
}

impl Pictures for KeptPictures<'_> {
    fn read(&self, picture: &Picture) -> Result<Option<Photo>, Skipped> {
        if picture.is_in_export() {
            let opened = self.files.open(&picture.entry).map_err(|error| skipped(picture, &error))?;
            return photo(opened, picture).map(Some);
        }
        let read = self.photos.read(picture);
        let Err(unread) = &read else { return read };
        match self.files.earlier(&picture.entry, &unread.why) {
            Some(opened) => photo(opened, picture).map(Some),
            None => read,
        }
    }

    fn place_of(&self, picture: &Picture) -> Option<SafePath> {
        self.files.place_of(&picture.entry)
    }

    fn taken_places(&self) -> Vec<SafePath> {
        self.files.taken_places()
    }

    fn note_placed(&self, picture: &Picture, path: &SafePath) {
        self.files.note_placed(&picture.entry, path);
    }
}

/// Reads a picture that lies in the export.
fn photo(mut opened: Opened, picture: &Picture) -> Result<Photo, Skipped> {
    let mut bytes = Vec::new();
    let most = Photos::LARGEST.unsigned_abs();
    let read = (&mut opened.reader).take(most).read_to_end(&mut bytes);
    read.map_err(|error| skipped(picture, &error))?;
    let image = Image::of(&bytes).ok_or_else(|| skipped(picture, &"it begins like no picture"))?;
    Ok(Photo { bytes, image, crop: picture.crop })
}

fn skipped(picture: &Picture, why: &dyn std::fmt::Display) -> Skipped {
    Skipped::new(format!("the picture of card {}", picture.card), why)
}

/// The pictures of a contact that are somewhere.
fn there(contact: &Contact) -> impl Iterator<Item = &Picture> {
    contact.pictures.iter().filter(|picture| picture.entry.presence == Presence::Present)
}

/// The first picture of a contact that can be read.
///
/// # Errors
/// That there is one and none can be read.
pub(super) fn shown<'c>(
    pictures: &dyn Pictures,
    contact: &'c Contact,
) -> Result<Option<(&'c Picture, Photo)>, Skipped> {
    let mut failed = None;
    for picture in there(contact) {
        match pictures.read(picture) {
            Ok(Some(photo)) => return Ok(Some((picture, photo))),
            Ok(None) => {}
            Err(skipped) => failed = failed.or(Some(skipped)),
        }
    }
    failed.map_or(Ok(None), Err)
}

/// Hands out the pictures of a contact beside the one that is [`shown`], each content once; and what cannot be read of them.
pub(super) fn others(
    pictures: &dyn Pictures,
    contact: &Contact,
    take: &mut dyn FnMut(&Picture, Result<Photo, Skipped>),
) {
    let all: Vec<&Picture> = there(contact).collect();
    if all.len() < 2 {
        return;
    }
    let (mut seen, mut failed) = (HashSet::new(), Vec::new());
    for picture in all {
        match pictures.read(picture) {
            Ok(Some(photo)) => {
                let is_first = seen.is_empty();
                if seen.insert(Sha256::digest(&photo.bytes)) && !is_first {
                    take(picture, Ok(photo));
                }
            }
            Ok(None) => {}
            Err(skipped) => failed.push((picture, skipped)),
        }
    }
    // Where none can be read, the first is what is said of the contact's own picture.
    let told = usize::from(seen.is_empty());
    failed.into_iter().skip(told).for_each(|(picture, skipped)| take(picture, Err(skipped)));
}
