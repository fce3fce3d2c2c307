//! Counts the payloads of a first backup while they come, so that nobody has to look at each of them again at the end.
//!
//! Only what devices usually do is counted: each payload comes once, whole, and stays. Whatever else happens where payloads
//! lie ends the counting, and the folder is looked through as that of any other backup.

use super::early_placement::Digest;
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
    /// Starts to count. Beside an old backup nothing is counted: what of it stays shows at the end alone.
    pub fn new(has_old: bool) -> Self {
        Self { inventory: (!has_old).then(Inventory::default), begun: None }
    }

    /// A payload begins to come.
    pub fn begin(&mut self, digest: Digest) {
        if self.begun.replace(digest).is_some() {
            self.give_up();
        }
    }

    /// A payload came to lie at `place`, whole, with so many bytes.
    pub fn complete(&mut self, digest: Digest, place: &str, size: u64) {
        match &mut self.inventory {
            Some(inventory) if self.begun == Some(digest) => inventory.add(place, size),
            _ => self.inventory = None,
        }
        self.begun = None;
    }

    /// A payload that began to come was taken back.
    pub fn discard(&mut self, digest: Digest) {
        if self.begun.take() != Some(digest) {
            self.give_up();
        }
    }

    /// Something else happens at a path.
    pub fn disturb(&mut self, relative: &str) {
        let folder = relative.split('/').next().unwrap_or_default();
        if folder.is_empty() || inventory::is_covered(folder) {
            self.give_up();
        }
    }

    /// Counts no more.
    pub fn give_up(&mut self) {
        self.inventory = None;
    }

    /// What lies in the folders of payloads, if it is known.
    pub fn result(&self) -> Option<&Inventory> {
        self.inventory.as_ref().filter(|_| self.begun.is_none())
    }
}
