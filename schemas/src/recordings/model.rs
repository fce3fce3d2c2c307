//! Voice memos as plain records.

use serde::{Deserialize, Serialize};

use crate::identity::{Identified, Key};
use crate::sound::{self, Sound};
use crate::source::Entry;
use crate::time::AppleTime;

/// One voice memo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    /// The row number; `None` for a sound without a row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// The identifier that the device gave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unique_id: Option<String>,
    /// Where it stands.
    pub state: State,
    /// What it is called. Since iOS 12 a device proposes the place where it was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// When it was recorded; of a sound without a row, when its file was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<AppleTime>,
    /// When it was deleted, of one that is among the recently deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted: Option<AppleTime>,
    /// How long it is, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<f64>,
    /// The folder that it was put in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// Whether it is a favourite; `None` where the database does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub favorite: Option<bool>,
    /// Whether the device keeps the plan of an edit beside it.
    pub edited: bool,
    /// The name of its file on the device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The flags that devices share, as stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flags: Option<i64>,
    /// What is said in it, as the device understood it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transcript: Option<Transcript>,
    /// The sound, as it was edited.
    pub sound: Sound,
    /// Parts of the sound that an edit left beside it.
    pub others: Vec<Sound>,
    /// Values that make no sense, each with its name: `duration -5`.
    pub odd: Vec<String>,
}

/// Where a voice memo stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// In the list.
    Kept,
    /// Among the recently deleted.
    Deleted,
    /// A sound that no row speaks of.
    Unlisted,
}

/// What is said in a voice memo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Transcript {
    /// The language, as the device calls it: `en_US`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The words in their order, each with the white space around it.
    pub phrases: Vec<Phrase>,
}

/// A word or several, and when they are said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Phrase {
    /// What is said.
    pub text: String,
    /// From when to when, in seconds from the beginning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<(f64, f64)>,
}

impl Transcript {
    /// All of it as one text.
    pub fn text(&self) -> String {
        let text: String = self.phrases.iter().map(|phrase| phrase.text.as_str()).collect();
        text.trim().to_owned()
    }
}

/// A voice memo is known by the identifier that the device gave it and by how long it is: one that was cut is another sound, and
/// the longer one must not be lost to it. Before iOS 12, and without an identifier, by when it was recorded and its file; a sound
/// without a row by its file.
impl Identified for Recording {
    fn key(&self) -> Key {
        let length = self.duration.map(|seconds| format!("{seconds:.2}")).unwrap_or_default();
        if let Some(unique_id) = &self.unique_id {
            return Key::Content(vec![unique_id.clone(), length]);
        }
        let date = self.date.map(|date| date.nanoseconds().to_string()).unwrap_or_default();
        Key::Content(vec![date, self.file.clone().unwrap_or_default(), length])
    }

    fn moment(&self) -> Option<AppleTime> {
        self.date
    }

    /// Another folder, a mark and a deletion are no other recording; words come with a version of iOS.
    fn essence(&self) -> Vec<String> {
        vec![self.title.clone().unwrap_or_default()]
    }

    fn inherit(&mut self, other: &Self) {
        sound::inherit((&mut self.sound, &mut self.others), (&other.sound, &other.others));
        if self.transcript.is_none() {
            self.transcript.clone_from(&other.transcript);
        }
    }

    fn entries(&mut self) -> Vec<(usize, &mut Entry)> {
        sound::entries(&mut self.sound, &mut self.others)
    }
}
