//! Pictures on their way into files.

use corer_schemas::contacts::{Contact, Photo};

use super::fields::title;
use crate::output::{OutputError, SafePath, Tree, UniqueNames};

/// The folder of pictures, beside the other files.
const FOLDER: &str = "photos";

/// The pictures that are saved, each under the name of its contact.
pub(super) struct SavedPictures<'t> {
    tree: &'t Tree,
    folder: SafePath,
    names: UniqueNames,
}

impl<'t> SavedPictures<'t> {
    /// An empty album in the folder of contacts.
    pub(super) fn new(tree: &'t Tree, base: &SafePath) -> Self {
        Self { tree, folder: base.join(FOLDER), names: UniqueNames::new() }
    }

    /// Saves a picture and says where.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn save(&mut self, contact: &Contact, photo: &Photo) -> Result<SafePath, OutputError> {
        let identity = contact.guid.clone().unwrap_or_else(|| contact.id.to_string());
        self.save_as(&title(contact), &identity, photo)
    }

    /// Saves a picture of another of the cards that the contact was made of, and says where.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn save_another(
        &mut self,
        contact: &Contact,
        card: i64,
        number: usize,
        photo: &Photo,
    ) -> Result<SafePath, OutputError> {
        self.save_as(&format!("{} {number}", title(contact)), &format!("card {card}"), photo)
    }

    fn save_as(&mut self, name: &str, identity: &str, photo: &Photo) -> Result<SafePath, OutputError> {
        let name = format!("{name}.{}", photo.image.extension());
        let path = self.names.fresh_in(&self.folder, &name, identity);
        self.tree.write(&path, &photo.bytes)?;
        Ok(path)
    }
}
