//! Drawings: handwriting and Digital Touch.

use serde::{Deserialize, Serialize};

use crate::messages::model::json::number_or_none;

/// A place in a drawing, in its own units, from its upper left corner.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// To the right.
    #[serde(deserialize_with = "number_or_none")]
    pub x: f32,
    /// Down.
    #[serde(deserialize_with = "number_or_none")]
    pub y: f32,
    /// How wide the line is there; 0 where it does not say.
    #[serde(deserialize_with = "number_or_none")]
    pub width: f32,
}

/// A line drawn without lifting the finger.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Stroke {
    /// Its colour; `None`: that of text.
    pub color: Option<Color>,
    /// Where it goes along.
    pub points: Vec<Point>,
}

/// A colour, each from 0 to 255.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Color {
    /// Red.
    pub red: u8,
    /// Green.
    pub green: u8,
    /// Blue.
    pub blue: u8,
    /// Opacity.
    pub alpha: u8,
}

/// A message written by hand.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Handwriting {
    /// The width of the sheet, in the units of its points.
    #[serde(deserialize_with = "number_or_none")]
    pub width: f32,
    /// The height of the sheet.
    #[serde(deserialize_with = "number_or_none")]
    pub height: f32,
    /// Its lines, in the order in which they were drawn.
    pub strokes: Vec<Stroke>,
}

/// What was drawn or felt. Places go from 0 to 1 across the square or screen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Touch {
    /// Taps of a finger.
    Taps(Vec<Tap>),
    /// A drawing.
    Sketch(Sketch),
    /// Kisses.
    Kisses(Vec<TouchKiss>),
    /// A heartbeat; where it breaks, it does so after this many seconds.
    Heartbeat {
        /// Beats a minute.
        #[serde(deserialize_with = "number_or_none")]
        beats: f32,
        /// How long, in seconds.
        #[serde(deserialize_with = "number_or_none")]
        duration: f32,
        /// When the heart broke, in seconds from its beginning.
        broken_at: Option<f32>,
    },
    /// A ball of fire.
    Fireball(Fireball),
    /// A photo or film that is drawn on.
    Media(TouchMedia),
    /// Another one, by its number.
    Other(i64),
}

/// A tap of a finger.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Tap {
    /// Where.
    pub point: Point,
    /// Seconds after the one before.
    #[serde(deserialize_with = "number_or_none")]
    pub delay: f32,
    /// Its colour.
    pub color: Option<Color>,
}

/// A drawing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Sketch {
    /// Its lines, in the order in which they were drawn.
    pub strokes: Vec<Stroke>,
}

/// A kiss.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct TouchKiss {
    /// Where.
    pub point: Point,
    /// Seconds after the one before.
    #[serde(deserialize_with = "number_or_none")]
    pub delay: f32,
    /// How it is turned, in radians.
    #[serde(deserialize_with = "number_or_none")]
    pub angle: f32,
}

/// A ball of fire.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Fireball {
    /// How long, in seconds.
    #[serde(deserialize_with = "number_or_none")]
    pub duration: f32,
    /// Where it began.
    pub start: Point,
    /// Where it moved.
    pub points: Vec<Point>,
}

/// A photo or film that is drawn on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TouchMedia {
    /// Whether it is a film.
    pub is_video: bool,
    /// What was drawn on it.
    pub overlay: Vec<Touch>,
}
