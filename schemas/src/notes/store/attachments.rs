//! What is in a note beside text: which attachments, in which order, and what is in what.

use std::collections::{HashMap, HashSet, VecDeque};

use super::super::lock::NotePasswords;
use super::super::model::Attachment;
use super::super::room::Room;
use super::Store;
use super::attachment::{Found, MOST_UNPACKED, Reader, Sealing, Stored, Unsealed};
use crate::database::Row;
use crate::skipped::Skipped;

/// More attachments than anybody puts into a note.
const MOST: usize = 5_000;
/// How much of what nobody knows is kept of a note, in bytes.
const MOST_RAW: usize = 4 << 20;

/// Reads the attachments of notes.
pub(super) struct Attachments<'r> {
    pub store: &'r Store,
    pub passwords: &'r NotePasswords,
    pub skipped: &'r mut Vec<Skipped>,
    /// Whether the note is open.
    pub is_open: bool,
    /// What the pieces of its texts may still take.
    pub room: &'r mut Room,
    /// How much may still be unpacked.
    pub unpacked_left: usize,
    /// How much may still be kept of what nobody knows.
    pub raw_left: usize,
}

impl<'r> Attachments<'r> {
    /// Reads those of one note.
    pub(super) fn new(
        store: &'r Store,
        passwords: &'r NotePasswords,
        skipped: &'r mut Vec<Skipped>,
        is_open: bool,
        room: &'r mut Room,
    ) -> Self {
        Self { store, passwords, skipped, is_open, room, unpacked_left: MOST_UNPACKED, raw_left: MOST_RAW }
    }
}

impl Attachments<'_> {
    /// All attachments of a note: those in its text, and behind each those that are in it; and which of them are marked as taken out.
    pub(super) fn of_note(&mut self, note: i64, is_locked: bool) -> (Vec<Attachment>, HashSet<String>) {
        let index = &self.store.index;
        let own = index.attachments.get(&note).map_or(&[][..], Vec::as_slice);
        let inner: HashSet<i64> = own.iter().filter_map(|id| index.children.get(id)).flatten().copied().collect();
        // What is in others comes with those; those that lie in each other come last.
        let (outer, rest): (Vec<i64>, Vec<i64>) = own.iter().partition(|id| !inner.contains(id));
        let mut waiting = outer.into_iter().chain(rest);
        let mut inside: VecDeque<(i64, usize)> = VecDeque::new();
        let (mut seen, mut found, mut orders) = (HashSet::new(), Vec::<Attachment>::new(), Vec::new());
        let mut removed = HashSet::new();
        while let Some((id, parent)) =
            inside.pop_front().map(|(id, parent)| (id, Some(parent))).or_else(|| waiting.next().map(|id| (id, None)))
        {
            if !seen.insert(id) {
                continue;
            }
            if found.len() >= MOST {
                self.skipped
                    .push(Skipped::part(format!("attachments of note {note} beyond {MOST}"), "there are too many"));
                break;
            }
            let Some(Found { mut attachment, order, is_removed }) = self.read(id, is_locked) else { continue };
            removed.extend(is_removed.then(|| attachment.identifier.clone()));
            if let Some(outer) = parent.and_then(|parent| found.get_mut(parent)) {
                attachment.parent = Some(outer.identifier.clone());
                outer.children.push(attachment.identifier.clone());
            }
            inside.extend(index.children.get(&id).into_iter().flatten().map(|child| (*child, found.len())));
            found.push(attachment);
            orders.push(order);
        }
        for (attachment, order) in found.iter_mut().zip(orders) {
            let places: HashMap<String, usize> = order.into_iter().zip(0..).collect();
            attachment.children.sort_by_key(|child| places.get(child).copied().unwrap_or(usize::MAX));
        }
        (found, removed)
    }

    fn read(&mut self, id: i64, is_locked: bool) -> Option<Found> {
        let store = self.store;
        let mut faults = Vec::new();
        let (is_open, passwords) = (self.is_open, self.passwords);
        let lock = match (is_locked, is_open) {
            (false, _) => Sealing::None,
            (true, true) => Sealing::Open,
            (true, false) => Sealing::Closed,
        };
        let unsealed = match lock {
            Sealing::Open => Unsealed::read(store, id, passwords).unwrap_or_else(|why| {
                faults.push(why);
                Unsealed::default()
            }),
            _ => Unsealed::default(),
        };
        let read = store.attachment_query.with(&store.connection, id, |row: Row<'_, Stored>| {
            let (room, unpacked_left, raw_left) = (&mut *self.room, &mut self.unpacked_left, &mut self.raw_left);
            Reader { store, passwords, row, lock, faults: &mut faults, room, unpacked_left, raw_left }
                .attachment(id, unsealed)
        });
        for why in faults {
            self.skipped.push(Skipped::part(format!("a part of attachment {id}"), why));
        }
        match read {
            Ok(found) => found,
            Err(error) => {
                self.skipped.push(Skipped::part(format!("attachment {id}"), error));
                None
            }
        }
    }
}
