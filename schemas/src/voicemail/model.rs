//! Voicemails as plain records.

use crate::source::Entry;
use crate::time::AppleTime;

/// One voicemail.
#[derive(Debug, Clone, PartialEq)]
pub struct Voicemail {
    /// The row number; `None` for a sound without a row.
    pub id: Option<i64>,
    /// Whether it is kept, in the trash, or gone from it.
    pub state: State,
    /// When it was left.
    pub date: Option<AppleTime>,
    /// When it was moved to the trash.
    pub trashed: Option<AppleTime>,
    /// When the carrier lets it go.
    pub expires: Option<AppleTime>,
    /// How long it is, in seconds.
    pub duration: Option<f64>,
    /// The number of whoever left it; `None` where it was withheld.
    pub sender: Option<String>,
    /// The number to call back, where it differs.
    pub callback: Option<String>,
    /// Whose number it is, after the address book.
    pub name: Option<String>,
    /// The number that was called, of a device with several.
    pub receiver: Option<String>,
    /// The line that was called: the name of a plan, or else the number of a SIM card.
    pub line: Option<String>,
    /// The flags as stored, a set of bits that Apple does not explain.
    pub flags: Option<i64>,
    /// The carrier's number for it.
    pub remote_id: Option<i64>,
    /// What it says, as the device understood it.
    pub transcript: Option<Transcript>,
    /// The sound.
    pub sound: Sound,
    /// Further files of sound beside the same row, in other types.
    pub others: Vec<Sound>,
    /// Values that make no sense, each with its name: `duration -5`.
    pub odd: Vec<String>,
}

/// Where a voicemail stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// In the list.
    Kept,
    /// In the trash.
    Trashed,
    /// Gone from the trash: the device remembers only that it was there.
    Deleted,
    /// A sound that no row speaks of.
    Unlisted,
}

/// The words of a voicemail.
#[derive(Debug, Clone, PartialEq)]
pub struct Transcript {
    /// The words.
    pub text: String,
    /// How sure the device was of them, from 0 to 1.
    pub confidence: Option<f64>,
}

/// The sound of a voicemail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sound {
    /// A file of the source.
    Stored(Entry),
    /// It is not there, and why; whether the backup should hold it.
    Missing {
        /// Why.
        why: String,
        /// Whether it should be there.
        expected: bool,
    },
}
