//! Voicemails as plain records.

use serde::{Deserialize, Serialize};

use crate::identity::{Identified, Key};
use crate::sound::{self, Sound};
use crate::source::Entry;
use crate::time::AppleTime;

/// One voicemail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Voicemail {
    /// The row number; `None` for a sound without a row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// Whether it is kept, in the trash, or gone from it.
    pub state: State,
    /// When it was left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<AppleTime>,
    /// When it was moved to the trash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trashed: Option<AppleTime>,
    /// When the carrier lets it go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<AppleTime>,
    /// How long it is, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<f64>,
    /// The number of whoever left it; `None` where it was withheld.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender: Option<String>,
    /// The number to call back, where it differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub callback: Option<String>,
    /// Whose number it is, after the address book.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The number that was called, of a device with several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receiver: Option<String>,
    /// The line that was called: the name of a plan, or else the number of a SIM card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// The flags as stored, a set of bits that Apple does not explain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flags: Option<i64>,
    /// The carrier's number for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote_id: Option<i64>,
    /// What it says, as the device understood it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transcript: Option<Transcript>,
    /// The sound.
    pub sound: Sound,
    /// Further files of sound beside the same row, in other types.
    pub others: Vec<Sound>,
    /// Values that make no sense, each with its name: `duration -5`.
    pub odd: Vec<String>,
}

/// Where a voicemail stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Transcript {
    /// The words.
    pub text: String,
    /// How sure the device was of them, from 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
}

/// A voicemail is known by when it was left and by whom: row numbers are given anew by a restore, and the
/// carrier's numbers by another carrier. A sound without a row is known by its length and time.
impl Identified for Voicemail {
    fn key(&self) -> Key {
        if self.state == State::Unlisted
            && let Sound::Stored(sound) = &self.sound
        {
            let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
            let length = sound.size_hint.map(|length| length.to_string()).unwrap_or_default();
            return Key::Content(vec!["sound".to_owned(), length, number(sound.modified)]);
        }
        let date = self.date.map(|date| date.nanoseconds().to_string()).unwrap_or_default();
        let parts = [Some(&date), self.sender.as_ref().or(self.callback.as_ref())];
        Key::Content(parts.into_iter().map(|part| part.cloned().unwrap_or_default()).collect())
    }

    fn moment(&self) -> Option<AppleTime> {
        self.date
    }

    /// What the device does with a voicemail, such as moving it to the trash, is no other voicemail.
    fn essence(&self) -> Vec<String> {
        let words = self.transcript.as_ref().map(|transcript| transcript.text.clone());
        vec![self.duration.map(|seconds| seconds.to_string()).unwrap_or_default(), words.unwrap_or_default()]
    }

    fn inherit(&mut self, other: &Self) {
        sound::inherit((&mut self.sound, &mut self.others), (&other.sound, &other.others));
    }

    fn entries(&mut self) -> Vec<(usize, &mut Entry)> {
        sound::entries(&mut self.sound, &mut self.others)
    }
}
