//! Counts the payloads of a first backup while they come, so that nobody has to look at each of them again at the end.
//!
//! Only what devices usually do is counted: each payload comes once, complete, and stays where it was put. Whatever else
//! happens on the disk where payloads lie ends the counting, and the folder is looked through as that of any other backup.

use super::early_placement::{Digest, payload};
use super::inventory::{self, Inventory};

/// The count so far.
#[derive(Debug)]
pub struct PayloadCount {
    /// `None` when it is not known any more.
    inventory: Option<Inventory>,
    /// The payload that is coming.
    begun: Option<Digest>,
}

impl PayloadCount {
    /// Starts to count. Beside an earlier backup nothing is counted: what of it stays shows at the end alone.
    pub fn new(has_earlier: bool) -> Self {
        Self { inventory: (!has_earlier).then(Inventory::default), begun: None }
    }

    /// A file was made at a place on the disk.
    pub fn created(&mut self, place: &str) {
        match payload(place) {
            Some(digest) if self.begun.replace(digest).is_none() => {}
            Some(_) => self.inventory = None,
            None => self.disturbed(place),
        }
    }

    /// What came for the file at a place is all there: so many bytes.
    pub fn completed(&mut self, place: &str, size: u64) {
        let Some(digest) = payload(place) else { return };
        match &mut self.inventory {
            Some(inventory) if self.begun == Some(digest) => inventory.add(place, size),
            _ => self.inventory = None,
        }
        self.begun = None;
    }

    /// The file at a place was removed.
    pub fn removed(&mut self, place: &str) {
        match payload(place) {
            Some(digest) if self.begun == Some(digest) => self.begun = None,
            _ => self.disturbed(place),
        }
    }

    /// Something else happened at a place.
    pub fn disturbed(&mut self, place: &str) {
        let folder = place.split('/').next().unwrap_or_default();
        if folder.is_empty() || inventory::is_covered(folder) {
            self.inventory = None;
        }
    }

    /// What lies in the folders of payloads, if it is known.
    pub fn result(&self) -> Option<&Inventory> {
        self.inventory.as_ref().filter(|_| self.begun.is_none())
    }
}
