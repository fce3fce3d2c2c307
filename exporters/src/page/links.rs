//! Where things live, as seen from a page.

use corer_schemas::photos::Role;

use crate::output::SafePath;

/// Something that a page links to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum LinkTarget<'a> {
    /// The list of all conversations.
    Conversations,
    /// A page of a conversation.
    Chat {
        /// The conversation, by its row number.
        chat: i64,
        /// Which page, from 1.
        page: usize,
    },
    /// The content of an attachment.
    Attachment {
        /// The attachment, by its row number.
        id: i64,
        /// Where an export has saved it.
        saved: Option<&'a SafePath>,
    },
    /// The index of all that was said in conversations.
    Search,
    /// The photo of a person.
    Avatar {
        /// A number or address of theirs, as stored.
        address: &'a str,
    },
    /// The picture that a group was given.
    GroupAvatar {
        /// The conversation, by its row number.
        chat: i64,
    },
    /// A page of the call history.
    Calls {
        /// Which page, from 0 for the oldest.
        page: usize,
    },
    /// A sound of a voicemail.
    Sound {
        /// The voicemail, by its row number; a sound without a row has none.
        voicemail: Option<i64>,
        /// Where an export has saved it.
        saved: Option<&'a SafePath>,
    },
    /// A sound of a voice memo.
    Recording {
        /// The voice memo, by its row number; a sound without a row has none.
        recording: Option<i64>,
        /// Where an export has saved it.
        saved: Option<&'a SafePath>,
    },
    /// The start page of the calendars.
    Calendars,
    /// The events of a year.
    CalendarYear {
        /// The year.
        year: i16,
    },
    /// The file of a calendar.
    CalendarFile {
        /// The calendar, by its row number; events that are in none have none.
        calendar: Option<i64>,
        /// Where an export has saved it.
        saved: Option<&'a SafePath>,
    },
    /// A picture of a contact.
    ContactPicture {
        /// The contact, by its row number.
        contact: i64,
        /// Which of its pictures, from 0 for the one that is shown.
        number: usize,
        /// Where an export has saved it.
        saved: Option<&'a SafePath>,
    },
    /// The start page of the photos.
    Photos,
    /// The map of the photos.
    PhotoMap,
    /// A page of an album, a month, a person or a place.
    PhotoShelf {
        /// Its name in addresses.
        slug: &'a str,
        /// Which page, from 1.
        page: usize,
    },
    /// A photo or video, or what belongs to it.
    Photo {
        /// The asset, by its row number.
        asset: i64,
        /// What of it.
        view: PhotoView,
        /// Where an export has saved it.
        saved: Option<&'a SafePath>,
    },
}

/// What of a photo a page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhotoView {
    /// A small picture.
    Small,
    /// A large picture.
    Large,
    /// The video.
    Video,
    /// The movement of a Live Photo.
    Movement,
    /// The file itself.
    Stored(Role),
}

impl LinkTarget<'_> {
    /// Where an export has saved the file that it is.
    pub(crate) fn saved(&self) -> Option<&SafePath> {
        match self {
            Self::Attachment { saved, .. }
            | Self::Sound { saved, .. }
            | Self::Recording { saved, .. }
            | Self::CalendarFile { saved, .. }
            | Self::ContactPicture { saved, .. }
            | Self::Photo { saved, .. } => *saved,
            _ => None,
        }
    }
}

/// Says where things live. An export answers with relative paths, a server with its own addresses.
pub trait Links: Sync {
    /// The address of a place; `None` when it cannot be reached. It must be a relative reference or one on the allow
    /// list of [`safe_url`](super::safe_url).
    fn href(&self, place: LinkTarget<'_>) -> Option<String>;
}

/// Files where an export has saved them, as seen from a page in the folder `from`. Of pages it knows nothing.
pub(crate) struct SavedFiles<'a> {
    /// The folder of the page.
    pub(crate) from: &'a SafePath,
}

impl Links for SavedFiles<'_> {
    fn href(&self, place: LinkTarget<'_>) -> Option<String> {
        Some(relative(self.from, place.saved()?))
    }
}

/// The relative reference from a page in folder `from` to the file `to` of the same tree.
pub fn relative(from: &SafePath, to: &SafePath) -> String {
    let (mut here, mut there) = (from.segments().peekable(), to.segments().peekable());
    while here.peek().is_some() && here.peek() == there.peek() {
        here.next();
        there.next();
    }
    let up = "../".repeat(here.count());
    let down: Vec<&str> = there.collect();
    format!("{up}{}", encode_path(&down.join("/")))
}

/// Percent-encodes what has a meaning in an address. Letters of other scripts stay, which browsers encode themselves.
pub fn encode_path(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for c in path.chars() {
        if c.is_ascii() && !c.is_ascii_alphanumeric() && !matches!(c, '/' | '-' | '_' | '.' | '~' | ',' | '(' | ')') {
            encoded.push_str(&format!("%{:02X}", u32::from(c)));
        } else {
            encoded.push(c);
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_climb_no_more_than_they_must() {
        let relative = |from: &str, to: &str| relative(&SafePath::new(from), &SafePath::new(to));
        assert_eq!(relative("", "index.html"), "index.html");
        assert_eq!(relative("messages/Anna", "messages/Anna/page-2.html"), "page-2.html");
        assert_eq!(relative("messages/Anna", "messages/attachments/a b#1?.jpg"), "../attachments/a%20b%231_.jpg");
        assert_eq!(relative("a/b", "a/b"), "");
        assert_eq!(relative("", "写真/é 100%.png"), "写真/é%20100%25.png");
    }
}
