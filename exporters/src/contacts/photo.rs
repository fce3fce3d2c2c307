//! Pictures on their way into files.

use corer_schemas::contacts::{Contact, Photo, Picture};

use super::Pictures;
use super::fields::title;
use crate::output::{OutputError, SafeName, SafePath, Tree, UniqueNames};

/// The folder of pictures, beside the other files.
const FOLDER: &str = "photos";

/// The pictures that are saved, each under the name of its contact.
pub(super) struct SavedPictures<'t> {
    tree: &'t Tree,
    base: &'t SafePath,
    pictures: &'t dyn Pictures,
    names: UniqueNames,
}

impl<'t> SavedPictures<'t> {
    /// An album in the folder of contacts, which may have the pictures of an earlier run already.
    pub(super) fn new(tree: &'t Tree, base: &'t SafePath, pictures: &'t dyn Pictures) -> Self {
        let mut names = UniqueNames::new();
        pictures.taken_places().iter().for_each(|place| names.reserve(&base.then(place)));
        Self { tree, base, pictures, names }
    }

    /// Saves a picture and says where.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn save(
        &mut self,
        contact: &Contact,
        picture: &Picture,
        photo: &Photo,
    ) -> Result<SafePath, OutputError> {
        let identity = contact.guid.clone().unwrap_or_else(|| contact.id.to_string());
        self.save_as(&title(contact), &identity, picture, photo)
    }

    /// Saves another picture of the contact, and says where.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn save_another(
        &mut self,
        contact: &Contact,
        picture: &Picture,
        number: usize,
        photo: &Photo,
    ) -> Result<SafePath, OutputError> {
        self.save_as(&format!("{} {number}", title(contact)), &format!("card {}", picture.card), picture, photo)
    }

    /// What lies there stays there as long as its contact is called so. What only the export has is not moved.
    fn save_as(
        &mut self,
        name: &str,
        identity: &str,
        picture: &Picture,
        photo: &Photo,
    ) -> Result<SafePath, OutputError> {
        let stem = SafeName::new(name);
        let stays = |place: &SafePath| picture.is_in_export() || place.name().starts_with(stem.as_str());
        let kept = self.pictures.place_of(picture).filter(stays).map(|place| self.base.then(&place));
        let path = kept.unwrap_or_else(|| self.fresh(&format!("{name}.{}", photo.image.extension()), identity));
        let written = self.tree.write(&path, &photo.bytes)?;
        if !written.is_left_alone {
            self.pictures.note_placed(picture, &path);
        }
        Ok(path)
    }

    /// A name that no other picture has, and no file of somebody else.
    fn fresh(&mut self, name: &str, identity: &str) -> SafePath {
        let folder = self.base.join(FOLDER);
        loop {
            let path = self.names.fresh_in(&folder, name, identity);
            if !self.tree.is_there(&path) || self.tree.is_own(&path) {
                return path;
            }
        }
    }
}
