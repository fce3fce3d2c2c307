//! The photos of people and the pictures of groups, made small: `faces/<hash>.jpg`, each content once.

use std::collections::HashMap;

use corer_schemas::messages::{AttachmentContent, Chat};
use sha2::{Digest, Sha256};

use super::{Conversations, Options};
use crate::output::{OutputError, SafePath, Tree, hex};

/// The folder of faces.
pub(super) const FOLDER: &str = "faces";

/// The longest side of a face in pixels: twice what is shown, for sharp screens.
const SIDE: u32 = 128;

/// How many hex digits of the hash make a name.
const DIGITS: usize = 16;

/// Where faces are, from the folder of messages.
#[derive(Debug, Default)]
pub(super) struct Avatars {
    people: HashMap<String, SafePath>,
    groups: HashMap<i64, SafePath>,
}

impl Avatars {
    /// Saves the faces of everybody who takes part in conversations, and of the groups. A picture that cannot be read is
    /// no face: initials stand in its place.
    pub(super) fn save(
        source: &dyn Conversations,
        chats: &[Chat],
        options: &Options,
        tree: &Tree,
    ) -> Result<Self, OutputError> {
        let mut avatars = Self::default();
        let save = |picture: Vec<u8>| -> Result<Option<SafePath>, OutputError> {
            let Ok(small) = options.converter.thumbnail(picture, SIDE) else { return Ok(None) };
            let digest = hex(&Sha256::digest(&small.bytes));
            let name = format!("{}.{}", digest.get(..DIGITS).unwrap_or_default(), small.format.extension());
            let path = SafePath::new(FOLDER).join(&name);
            tree.write(&options.base.then(&path), &small.bytes)?;
            Ok(Some(path))
        };
        for handle in chats.iter().flat_map(|chat| &chat.participants) {
            if avatars.people.contains_key(&handle.address) {
                continue;
            }
            if let Some(path) = source.photo_of(&handle.address).map(save).transpose()?.flatten() {
                avatars.people.insert(handle.address.clone(), path);
            }
        }
        for chat in chats {
            let Some(AttachmentContent::File(entry)) = chat.properties.photo.as_ref().map(|photo| &photo.content)
            else {
                continue;
            };
            let opened = source.open(entry).ok().and_then(|opened| options.converter.read(opened.reader).ok());
            if let Some(path) = opened.map(save).transpose()?.flatten() {
                avatars.groups.insert(chat.id, path);
            }
        }
        Ok(avatars)
    }

    /// The face of whom a number or address, as stored, is of.
    pub(super) fn of_person(&self, address: &str) -> Option<&SafePath> {
        self.people.get(address)
    }

    /// The picture of a group.
    pub(super) fn of_group(&self, chat: i64) -> Option<&SafePath> {
        self.groups.get(&chat)
    }
}
