//! Text with styles: paragraphs, the pieces of one style in them, and tables of such.

use serde::{Deserialize, Serialize};

/// A line of a note.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Paragraph {
    /// What it is.
    #[serde(default, skip_serializing_if = "is_default")]
    pub kind: ParagraphKind,
    /// How deep it is in lists, from 0.
    #[serde(default, skip_serializing_if = "is_default")]
    pub indent: u32,
    /// The number with which a numbered list begins here, where it is not 1.
    #[serde(default, skip_serializing_if = "is_default")]
    pub start: Option<u32>,
    /// As stored: 0 left, 1 centre, 2 right, 3 justified, 4 natural.
    #[serde(default, skip_serializing_if = "is_default")]
    pub alignment: Option<u32>,
    /// As stored: 0 natural, 1 left to right, 2 right to left. What the numbers mean is not sure.
    #[serde(default, skip_serializing_if = "is_default")]
    pub direction: Option<u32>,
    /// How many block quotes it is in.
    #[serde(default, skip_serializing_if = "is_default")]
    pub quote: u32,
    /// Its text, in pieces of one style each.
    pub spans: Vec<Span>,
}

/// What a line is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParagraphKind {
    /// Plain text.
    #[default]
    Body,
    /// The title.
    Title,
    /// A heading.
    Heading,
    /// A heading of less weight.
    Subheading,
    /// Text of letters that are equally wide.
    Monospaced,
    /// A line of a list with dots.
    Bullet,
    /// A line of a list with dashes.
    Dash,
    /// A line of a list with numbers.
    Numbered,
    /// A line of a checklist.
    Check {
        /// Whether it is ticked.
        done: bool,
    },
    /// Something that nobody knows here, by its number.
    Other(i64),
}

impl ParagraphKind {
    /// Whether it is a line of a list.
    pub fn is_list(self) -> bool {
        matches!(self, Self::Bullet | Self::Dash | Self::Numbered | Self::Check { .. })
    }
}

/// Text of one style.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// The text; U+FFFC for an attachment.
    pub text: String,
    /// How it looks.
    #[serde(flatten)]
    pub style: Style,
}

/// How text looks, and what it leads to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Style {
    /// Bold.
    #[serde(default, skip_serializing_if = "is_default")]
    pub bold: bool,
    /// Italic.
    #[serde(default, skip_serializing_if = "is_default")]
    pub italic: bool,
    /// Underlined.
    #[serde(default, skip_serializing_if = "is_default")]
    pub underlined: bool,
    /// Struck through.
    #[serde(default, skip_serializing_if = "is_default")]
    pub struck: bool,
    /// Above 0 raised, below 0 lowered.
    #[serde(default, skip_serializing_if = "is_default")]
    pub raised: i32,
    /// The colour of the letters: `#RRGGBB`, or `#RRGGBBAA` where one sees through it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub colour: Option<String>,
    /// The colour of the marker, as stored: 1 purple, 2 pink, 3 orange, 4 mint, 5 blue.
    #[serde(default, skip_serializing_if = "is_default")]
    pub highlight: Option<u32>,
    /// The name of the font, where one was chosen.
    #[serde(default, skip_serializing_if = "is_default")]
    pub font: Option<String>,
    /// Its size in points.
    #[serde(default, skip_serializing_if = "is_default")]
    pub size: Option<f32>,
    /// Where it leads.
    #[serde(default, skip_serializing_if = "is_default")]
    pub link: Option<String>,
    /// The identifier of the attachment that stands here.
    #[serde(default, skip_serializing_if = "is_default")]
    pub attachment: Option<String>,
    /// The type of it, as the text says.
    #[serde(default, skip_serializing_if = "is_default")]
    pub attachment_type: Option<String>,
}

/// A table.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Rows of cells, each with its paragraphs, as they are shown from left to right. All rows are equally long.
    pub rows: Vec<Vec<Vec<Paragraph>>>,
    /// Whether the first column is the rightmost one.
    pub right_to_left: bool,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
