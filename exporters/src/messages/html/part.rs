//! What a message is made of: text and files, in the order in which they stand.

use corer_schemas::messages::{Attachment, Message, MessageKind};

use crate::messages::attachment::Fate;
use crate::output::split_extension;
use crate::page::{Html, Links, Place, Rich, size};

/// Stands in a text where an attachment stood.
const OBJECT: char = '\u{fffc}';

/// The most characters of a text of nothing but emoji that is shown large.
const LARGE: usize = 12;

/// The most bytes of a line in the list of conversations.
const LINE: usize = 160;

/// The most that a picture takes on a page, in pixels: width and height.
const MOST: (u32, u32) = (440, 400);

/// One part of a message.
pub(super) enum Part {
    /// Text, with links.
    Text(Html),
    /// A few emoji and nothing else.
    Emoji(String),
    /// Our own words in place of something.
    Note(&'static str),
    /// The app that the content is of.
    App(String),
    /// A file that can be opened.
    File(File),
    /// A file that is not there.
    Gone(Gone),
}

/// A file that can be opened.
pub(super) struct File {
    pub(super) href: String,
    pub(super) name: String,
    /// Its size, and what else is worth knowing.
    pub(super) facts: String,
    pub(super) shown: Shown,
    /// For a picture: the width and height at which it is shown.
    pub(super) room: Option<(u32, u32)>,
}

/// A file that is not there.
pub(super) struct Gone {
    pub(super) name: String,
    pub(super) why: String,
}

/// How a file is shown. Anything that a browser would run, as SVG and HTML, is a link only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// As a picture.
    Image,
    /// As a picture with its name beside, because not every browser can show it.
    Caption,
    /// With the controls of a film.
    Video,
    /// With the controls of a sound.
    Audio,
    /// As a link.
    Link,
}

/// Takes a message apart.
pub(super) fn parts(message: &Message, fates: &[Fate], links: &dyn Links) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut attachments = message.attachments.iter().zip(fates);
    if let MessageKind::App(app) = &message.kind {
        parts.push(Part::App(app_name(&app.bundle_id)));
    }
    for (position, text) in message.text.as_deref().unwrap_or_default().split(OBJECT).enumerate() {
        if position > 0 {
            match attachments.next() {
                Some((attachment, fate)) => parts.push(file(attachment, fate, links)),
                // In the content of an app it stands for the app's own picture.
                None if matches!(message.kind, MessageKind::App(_)) => {}
                None => parts.push(Part::Note("An attachment of which the backup has no record")),
            }
        }
        if !text.trim().is_empty() {
            parts.push(text_part(text.trim()));
        }
    }
    parts.extend(attachments.map(|(attachment, fate)| file(attachment, fate, links)));
    if parts.is_empty() && message.subject.is_none() {
        parts.push(Part::Note("Empty message"));
    }
    parts
}

/// The first line of a message, for a list.
pub(super) fn first_line(message: &Message) -> String {
    let text = message.text.as_deref().unwrap_or_default();
    let mut lines = text.split([OBJECT, '\n', '\r']).map(str::trim).filter(|line| !line.is_empty());
    let name = || message.attachments.first().map(|attachment| attachment.name.as_str());
    let line = lines.next().or(message.subject.as_deref()).or_else(name);
    line.map_or_else(
        || without_words(&message.kind),
        |line| line.get(..line.floor_char_boundary(LINE)).unwrap_or(line).to_owned(),
    )
}

fn without_words(kind: &MessageKind) -> String {
    match kind {
        MessageKind::Normal => "Empty message".to_owned(),
        MessageKind::Tapback(_) => "A reaction".to_owned(),
        MessageKind::Vote(_) => "A vote".to_owned(),
        MessageKind::Announcement(_) => "The conversation was changed".to_owned(),
        MessageKind::App(app) => app_name(&app.bundle_id),
        MessageKind::Unsupported { .. } => "A message that cannot be shown".to_owned(),
    }
}

fn text_part(text: &str) -> Part {
    if is_emoji_only(text) { Part::Emoji(text.trim().to_owned()) } else { Part::Text(Rich::new(text).html()) }
}

fn file(attachment: &Attachment, fate: &Fate, links: &dyn Links) -> Part {
    let name = if attachment.name.trim().is_empty() { "Attachment" } else { &attachment.name };
    let gone = |why: &str| Part::Gone(Gone { name: name.to_owned(), why: why.to_owned() });
    let (saved, bytes, picture) = match fate {
        Fate::Missing { why, .. } | Fate::Unreadable { why } => return gone(why),
        Fate::Saved { path, bytes, picture, .. } => (Some(path), Some(*bytes), *picture),
        Fate::Present => (None, attachment.size, None),
    };
    let Some(href) = links.href(Place::Attachment { id: attachment.id, saved }) else { return gone("not included") };
    let extension = saved.map_or_else(|| extension(name), |path| path.extension());
    let facts = bytes.map(size).unwrap_or_default();
    let room = picture.map(room);
    Part::File(File { href, name: name.to_owned(), facts, shown: shown(&extension), room })
}

/// The size at which a picture is shown: its own, or as much of it as fits.
fn room((width, height): (u32, u32)) -> (u32, u32) {
    let (widest, highest) = (f64::from(MOST.0), f64::from(MOST.1));
    let scale = (widest / f64::from(width)).min(highest / f64::from(height)).min(1.0);
    let shown = |side: u32| (f64::from(side) * scale).round().max(1.0) as u32;
    (shown(width), shown(height))
}

fn extension(name: &str) -> String {
    split_extension(name).1.trim_start_matches('.').to_lowercase()
}

/// Browsers go by the extension when they open a file, so do we: the media type in the record may say anything.
fn shown(extension: &str) -> Shown {
    match extension {
        "jpg" | "jpeg" | "jfif" | "png" | "gif" | "webp" | "avif" | "bmp" => Shown::Image,
        "heic" | "heif" | "heics" | "tif" | "tiff" => Shown::Caption,
        "mp4" | "m4v" | "mov" | "3gp" | "3g2" | "webm" | "mpg" | "mpeg" | "avi" => Shown::Video,
        "m4a" | "mp3" | "aac" | "wav" | "amr" | "caf" | "ogg" | "oga" | "opus" | "aif" | "aiff" => Shown::Audio,
        _ => Shown::Link,
    }
}

/// What people call an app of Apple's, or the last part of the identifier of another.
fn app_name(bundle_id: &str) -> String {
    let last = bundle_id.rsplit([':', '.']).next().unwrap_or_default();
    let known = match last {
        "URLBalloonProvider" => "Link",
        "PeerPaymentMessagesExtension" => "Apple Pay",
        "HandwritingProvider" => "Handwriting",
        "DigitalTouchBalloonProvider" => "Digital Touch",
        "ActivityMessagesApp" | "MessagesExtension" if bundle_id.contains("Activity") => "Fitness",
        "SafetyMonitorMessages" => "Check In",
        "FindMyMessagesApp" => "Find My",
        "PhotosMessagesApp" => "Photos",
        "Polls" => "Poll",
        "gamepigeon" | "ext" if bundle_id.contains("gamepigeon") => "GamePigeon",
        "" => "App",
        other => return format!("App: {other}"),
    };
    known.to_owned()
}

/// Whether a text is a few emoji and nothing else.
fn is_emoji_only(text: &str) -> bool {
    let text = text.trim();
    let pictures = text.chars().filter(|c| is_picture(*c)).count();
    let joined = |c: char| matches!(c, '\u{fe0f}' | '\u{200d}' | '\u{20e3}' | '\u{1f3fb}'..='\u{1f3ff}' | ' ');
    pictures > 0 && text.chars().count() <= LARGE && text.chars().all(|c| is_picture(c) || joined(c))
}

fn is_picture(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1f3fa}' | '\u{1f400}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}')
}
