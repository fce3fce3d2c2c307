//! What a message is made of, and what is said about ranges of its text.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::time::AppleTime;

/// One part of a message: what the phone shows as a bubble of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// The number by which tapbacks, replies and edits refer to it.
    pub index: u32,
    /// What it is.
    pub content: PartContent,
}

/// What a part is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartContent {
    /// Text: a range of bytes of [`super::Message::text`], on boundaries of characters.
    Text {
        /// The range.
        range: Range<usize>,
        /// What is said about ranges inside of it, ordered by where they begin. They may overlap.
        spans: Vec<Span>,
    },
    /// A file, by its place in [`super::Message::attachments`]. `None` where the text names a file of which the database
    /// has no record.
    Attachment(Option<usize>),
    /// The content of the app, where [`super::MessageKind::App`] says so.
    App,
    /// The sender took it back.
    Unsent {
        /// When, as far as known.
        date: Option<AppleTime>,
    },
}

/// Something that is said about a range of a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// The range, in bytes of the whole text, on boundaries of characters.
    pub range: Range<usize>,
    /// What is said.
    pub style: Style,
}

/// What is said about a range of a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    /// Bold.
    Bold,
    /// Italic.
    Italic,
    /// Underlined.
    Underline,
    /// Struck out.
    Strikethrough,
    /// It moves.
    Effect(TextEffect),
    /// It leads to an address. Whoever shows it decides which schemes it follows.
    Link(String),
    /// It names somebody who takes part, by number or address.
    Mention(String),
    /// It is a code for one sign-in.
    OneTimeCode,
    /// The device found something in it.
    Detected(Box<Detected>),
    /// A picture in the line, such as a Genmoji, by its place in [`super::Message::attachments`].
    Picture(Option<usize>),
}

/// How a text moves, since iOS 18.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextEffect {
    /// It grows.
    Big,
    /// It shrinks.
    Small,
    /// It shakes.
    Shake,
    /// It nods.
    Nod,
    /// It bursts.
    Explode,
    /// A wave goes through it.
    Ripple,
    /// It glows up.
    Bloom,
    /// It trembles.
    Jitter,
    /// Another one, by its number.
    Other(i64),
}

impl TextEffect {
    /// Reads the number that attributes hold.
    pub fn read(number: i64) -> Self {
        match number {
            4 => Self::Ripple,
            5 => Self::Big,
            6 => Self::Bloom,
            8 => Self::Nod,
            9 => Self::Shake,
            10 => Self::Jitter,
            11 => Self::Small,
            12 => Self::Explode,
            other => Self::Other(other),
        }
    }

    /// What the phone calls it. `None` for one that is not known.
    pub fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::Big => "Big",
            Self::Small => "Small",
            Self::Shake => "Shake",
            Self::Nod => "Nod",
            Self::Explode => "Explode",
            Self::Ripple => "Ripple",
            Self::Bloom => "Bloom",
            Self::Jitter => "Jitter",
            Self::Other(_) => return None,
        })
    }
}

/// Something that the device found in a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Detected {
    /// What it is.
    pub kind: DetectedKind,
    /// Its parts by name, as the device calls them: `Street`, `City`, `FlightNumber` … in their order.
    pub fields: Vec<(String, String)>,
    /// The moment that it names.
    pub date: Option<AppleTime>,
}

/// What the device found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DetectedKind {
    /// A postal address.
    Address,
    /// A date or an appointment.
    Date,
    /// A phone number.
    PhoneNumber,
    /// A mail address.
    Email,
    /// A sum of money.
    Money,
    /// A quantity with a unit.
    Quantity,
    /// The number of a parcel.
    Tracking,
    /// A flight.
    Flight,
    /// An address of the web.
    Link,
    /// Another one, as the device calls it.
    Other(String),
}
