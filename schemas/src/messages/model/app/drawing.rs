//! Drawings: handwriting and Digital Touch.

/// A place in a drawing, in its own units, from its upper left corner.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f32,
    /// Down.
    pub y: f32,
    /// How wide the line is there; 0 where it does not say.
    pub width: f32,
}

/// A line drawn without lifting the finger.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stroke {
    /// Its colour; `None`: that of text.
    pub color: Option<Color>,
    /// Where it goes along.
    pub points: Vec<Point>,
}

/// A colour, each from 0 to 255.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Handwriting {
    /// The width of the sheet, in the units of its points.
    pub width: f32,
    /// The height of the sheet.
    pub height: f32,
    /// Its lines, in the order in which they were drawn.
    pub strokes: Vec<Stroke>,
}

/// What was drawn or felt. Places go from 0 to 1 across the square or screen.
#[derive(Debug, Clone, PartialEq)]
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
        beats: f32,
        /// How long, in seconds.
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
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Tap {
    /// Where.
    pub point: Point,
    /// Seconds after the one before.
    pub delay: f32,
    /// Its colour.
    pub color: Option<Color>,
}

/// A drawing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sketch {
    /// Its lines, in the order in which they were drawn.
    pub strokes: Vec<Stroke>,
}

/// A kiss.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct TouchKiss {
    /// Where.
    pub point: Point,
    /// Seconds after the one before.
    pub delay: f32,
    /// How it is turned, in radians.
    pub angle: f32,
}

/// A ball of fire.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fireball {
    /// How long, in seconds.
    pub duration: f32,
    /// Where it began.
    pub start: Point,
    /// Where it moved.
    pub points: Vec<Point>,
}

/// A photo or film that is drawn on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TouchMedia {
    /// Whether it is a film.
    pub is_video: bool,
    /// What was drawn on it.
    pub overlay: Vec<Touch>,
}
