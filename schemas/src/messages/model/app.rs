//! The content of apps in conversations.

use serde::{Deserialize, Serialize};

use super::Sender;
use super::json::shared;
use crate::time::AppleTime;

mod drawing;

pub use drawing::{Color, Fireball, Handwriting, Point, Sketch, Stroke, Tap, Touch, TouchKiss, TouchMedia};

/// The content of an app.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct App {
    /// The bundle identifier of the app or of its message extension, as stored.
    pub bundle_id: String,
    /// The app's name, where the message says it.
    pub name: Option<String>,
    /// What its bubble says. Every app fills some of it; empty where the content could not be read.
    pub card: Card,
    /// What it is, where more is known.
    pub content: AppContent,
    /// The identifier of the message that it goes on from: the move before in a game, the poll that gets an option.
    pub updates: Option<String>,
}

/// The words and the picture of an app's bubble.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Where it leads. Whoever shows it decides which schemes it follows.
    pub url: Option<String>,
    /// Over the picture, in bold.
    pub image_title: Option<String>,
    /// Under that.
    pub image_subtitle: Option<String>,
    /// Below the picture, in bold: the first line.
    pub caption: Option<String>,
    /// The second line.
    pub subcaption: Option<String>,
    /// At the end of the first line.
    pub trailing_caption: Option<String>,
    /// At the end of the second line.
    pub trailing_subcaption: Option<String>,
    /// What stands for the bubble where it cannot be shown.
    pub summary: Option<String>,
}

impl Card {
    /// Its words in the order in which they are read.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let words = [
            &self.image_title,
            &self.image_subtitle,
            &self.caption,
            &self.subcaption,
            &self.trailing_caption,
            &self.trailing_subcaption,
            &self.summary,
        ];
        words.into_iter().filter_map(|word| word.as_deref())
    }
}

/// What the content of an app is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppContent {
    /// Nothing more than its card.
    #[default]
    Other,
    /// It could not be read, and why. It is shown with its name.
    Unreadable(String),
    /// A web page.
    Link(Link),
    /// A song or album.
    Music(Music),
    /// An app of the App Store.
    Software(Software),
    /// A place on a map.
    Place(Place),
    /// A document that several people work on.
    Collaboration(Collaboration),
    /// Money sent or asked for. Its words are in the card.
    Payment,
    /// Somebody's workout or rings. Its words are in the card.
    Fitness,
    /// Photos in a shared library or slideshow. Where they are is [`Card::url`].
    Slideshow,
    /// That somebody will say when they arrived.
    CheckIn(CheckIn),
    /// Where somebody is. Its words are in the card.
    FindMy,
    /// A question with options.
    Poll(Poll),
    /// A conversation with a company.
    Business(Business),
    /// Written by hand.
    Handwriting(Handwriting),
    /// A drawing, tap or heartbeat.
    Touch(Touch),
}

/// A web page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Where the link led in the end.
    pub url: Option<String>,
    /// The link that was sent.
    pub original_url: Option<String>,
    /// The title of the page.
    pub title: Option<String>,
    /// What it says about itself.
    pub summary: Option<String>,
    /// The name of the site.
    pub site: Option<String>,
    /// What it is: `article`, `video` …
    pub kind: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// The addresses of its pictures on the web. They are said, never loaded.
    pub images: Vec<String>,
    /// Whether the device had not loaded the preview yet.
    pub is_placeholder: bool,
}

/// A song or album of Apple Music.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Music {
    /// Where it is.
    pub url: Option<String>,
    /// The song.
    pub track: Option<String>,
    /// Who plays.
    pub artist: Option<String>,
    /// The album.
    pub album: Option<String>,
    /// The address of a sample on the web.
    pub preview: Option<String>,
    /// The lines that were shared.
    pub lyrics: Vec<String>,
}

/// An app of the App Store.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Software {
    /// Where it is.
    pub url: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// What it says about itself.
    pub subtitle: Option<String>,
    /// Its kind.
    pub genre: Option<String>,
    /// What it runs on.
    pub platform: Option<String>,
}

/// A place on a map.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Where it is on the web.
    pub url: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its address, line by line.
    pub address: Vec<String>,
    /// Latitude and longitude in degrees.
    pub coordinates: Option<(f64, f64)>,
    /// Whether it was followed while it changed: this is where somebody was last.
    #[serde(default)]
    pub is_live: bool,
}

/// A document that several people work on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collaboration {
    /// Where it is.
    pub url: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// The app, by name or bundle identifier.
    pub app: Option<String>,
}

/// That somebody will say when they arrived.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckIn {
    /// When they are expected.
    pub expected: Option<AppleTime>,
    /// From when on they count as overdue.
    pub overdue: Option<AppleTime>,
    /// When this was sent. What it says (started, arrived, late) stands in the card alone.
    pub sent: Option<AppleTime>,
}

/// A question with options, since iOS 26.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Poll {
    /// The question.
    pub title: Option<String>,
    /// Its options in their order.
    pub options: Vec<PollOption>,
}

/// An option of a poll.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PollOption {
    /// The identifier by which votes name it.
    pub id: String,
    /// What it says.
    pub text: String,
    /// The number or address of whom it is from.
    pub creator: Option<String>,
    /// Who voted for it, in the order of their dates.
    pub voters: Vec<Voter>,
}

/// Somebody who voted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Voter {
    /// Whether the owner voted.
    pub is_from_me: bool,
    /// Who voted; `None` for the owner.
    #[serde(default, with = "shared", skip_serializing_if = "Option::is_none")]
    pub sender: Sender,
    /// When.
    pub date: Option<AppleTime>,
}

/// A message of or to a company.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Business {
    /// What it is.
    pub kind: BusinessKind,
    /// What it asks.
    pub title: Option<String>,
    /// What it says below.
    pub subtitle: Option<String>,
    /// The choices or answers, each with its name where it has one.
    pub items: Vec<BusinessItem>,
}

/// What a message of or to a company is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BusinessKind {
    /// Answers to tap on.
    QuickReply,
    /// A list to choose from.
    ListPicker,
    /// Times to choose from.
    TimePicker,
    /// A form to fill in.
    Form,
    /// A form that was filled in.
    FormAnswer,
    /// Something else.
    #[default]
    Other,
}

/// A choice or an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BusinessItem {
    /// The question or group that it belongs to.
    pub label: Option<String>,
    /// The choice or answer.
    pub text: String,
    /// What is said below it.
    pub subtitle: Option<String>,
    /// Whether it was chosen.
    pub is_chosen: bool,
}
