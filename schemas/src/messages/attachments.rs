//! From what the database says about an attachment to the file that a source holds.
//!
//! The path is the one on the device when the message came, in the spelling of its time:
//! `~/Library/SMS/Attachments/…`, `/var/mobile/Library/SMS/…`, `/private/var/mobile/…`, or a `file://` address. Backups
//! keep these files in `MediaDomain` under the path below the home folder. Names and paths were chosen by strangers: they
//! are looked up and shown, never used as a path on a disk.

use super::model::{Attachment, AttachmentContent, SourceApp, Sticker};
use super::stickers;
use crate::source::{Source, SourceError};
use crate::time::AppleTime;

/// The home folder, in the spellings that occur. The longer ones come first.
const HOMES: [&str; 5] = ["/private/var/mobile/", "/var/mobile/", "/private/var/root/", "/var/root/", "~/"];

/// An attachment as the database has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct StoredAttachment {
    pub(super) id: i64,
    pub(super) guid: Option<String>,
    /// The path on the device.
    pub(super) path: Option<String>,
    /// The name that the sender gave.
    pub(super) transfer_name: Option<String>,
    pub(super) mime: Option<String>,
    pub(super) size: Option<i64>,
    /// Apple's type identifier.
    pub(super) uti: Option<String>,
    /// When it was made, in seconds since 2001.
    pub(super) created: Option<i64>,
    /// Whether the phone hides it.
    pub(super) is_hidden: bool,
    pub(super) is_sensitive: bool,
    /// What a picture in a line of text shows.
    pub(super) description: Option<String>,
    /// What the row says about a sticker.
    pub(super) sticker: Option<Box<Sticker>>,
    /// The app that it came from.
    pub(super) app: Option<Box<SourceApp>>,
    /// Why there can be no file, where the row itself says so.
    pub(super) lacking: Option<String>,
}

impl StoredAttachment {
    /// Looks the file up.
    pub(super) fn resolve(self, source: &dyn Source) -> Attachment {
        let name = self.name();
        let content = match (&self.lacking, self.path.as_deref().filter(|path| !path.is_empty())) {
            (Some(why), _) => AttachmentContent::Unknown(why.clone()),
            (None, Some(path)) => find(source, path),
            (None, None) => AttachmentContent::Unknown("the device never stored it: it was not downloaded".into()),
        };
        let sticker = self.sticker.map(|sticker| stickers::look_into(sticker, &content, source));
        let mime = self.mime.filter(|mime| !mime.is_empty()).or_else(|| guess(&name));
        Attachment {
            guid: self.guid,
            mime,
            uti: self.uti,
            created: self.created.and_then(AppleTime::from_seconds_or_nanoseconds),
            is_hidden: self.is_hidden,
            is_sensitive: self.is_sensitive,
            description: self.description,
            app: self.app,
            sticker,
            size: self.size.and_then(|size| u64::try_from(size).ok()).filter(|size| *size > 0),
            ..Attachment::new(self.id, name, content)
        }
    }

    fn name(&self) -> String {
        let file = self.path.as_deref().and_then(|path| path.rsplit('/').next());
        let names = [self.transfer_name.as_deref(), file];
        let name = names.into_iter().flatten().find(|name| !name.is_empty());
        name.map_or_else(|| format!("attachment {}", self.id), str::to_owned)
    }
}

fn find(source: &dyn Source, path: &str) -> AttachmentContent {
    let device_path = device_path(path);
    let Some(relative) = below_home(&device_path) else {
        return AttachmentContent::Unknown(format!("backups do not hold the folder of {path:?}"));
    };
    let domains: &[&str] = match relative.starts_with("Media/") {
        true => &["CameraRollDomain", "MediaDomain"],
        false => &[super::ATTACHMENTS.0, "HomeDomain"],
    };
    for domain in domains {
        match source.entry(domain, relative) {
            Ok(entry) => return AttachmentContent::File(entry),
            Err(SourceError::Missing { .. }) => {}
            Err(error) => return AttachmentContent::Unknown(error.to_string()),
        }
    }
    AttachmentContent::Unknown(format!("{relative:?} is not in this backup"))
}

/// The path below the home folder. `None` for one that leads elsewhere.
fn below_home(path: &str) -> Option<&str> {
    let relative = HOMES.iter().find_map(|home| path.strip_prefix(home))?;
    let sound = |segment: &str| !matches!(segment, "" | "." | "..") && !segment.contains('\0');
    relative.split('/').all(sound).then_some(relative)
}

/// A `file://` address as the path that it means; a path as it is.
fn device_path(path: &str) -> String {
    let Some(address) = path.strip_prefix("file://") else { return path.to_owned() };
    let absolute = address.strip_prefix("localhost").unwrap_or(address);
    String::from_utf8_lossy(&percent_decoded(absolute)).into_owned()
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let mut decoded = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let byte = match (first, after) {
            (b'%', [high, low, ..]) => hex(*high).zip(hex(*low)).map(|(high, low)| high << 4 | low),
            _ => None,
        };
        decoded.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    decoded
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// The media type that the ending of a name stands for.
fn guess(name: &str) -> Option<String> {
    mime_guess::from_path(name).first_raw().map(str::to_owned)
}

#[cfg(test)]
mod tests;
