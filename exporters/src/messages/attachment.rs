//! Saving attachments: `attachments/<original stem>-<8 hex of SHA-256>.<ext>`.
//!
//! The same content under the same name is saved once, and within a conversation under its first name only. Every name
//! depends on its own conversation alone, and among equal files the oldest time wins, so nothing depends on which thread
//! was first.

mod name;
mod outcome;

use std::collections::HashMap;
use std::io::{self, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use corer_schemas::messages::{Attachment, AttachmentContent, Message};
use corer_schemas::{Entry, Opened, Presence};
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

use name::file_name;
pub use outcome::WriteOutcome;
pub(super) use outcome::{files, sticker_outcomes};

use super::picture::dimensions;
use super::unplayable::Unplayable;
use super::{Attachments, Conversations, Options};
use crate::clock::Moment;
use crate::convert::{Content, ConvertError, ConvertTarget, Converted, Converter};
use crate::output::{CopyError, OutputError, SafeName, SafePath, Tree, fold, hex, split_extension};
use crate::page::encode_path;
use crate::sound::{Playability, look};

/// How many hex digits of the SHA-256 are in a name; more, should two contents share them.
const DIGITS: [usize; 4] = [8, 16, 32, 64];

/// The folder of attachments.
pub(super) const FOLDER: &str = "attachments";

/// Saves attachments, from any number of threads.
pub(super) struct AttachmentStore<'a> {
    tree: &'a Tree,
    options: &'a Options,
    claims: Mutex<HashMap<String, Arc<Mutex<Claim>>>>,
}

/// What is at a place, as a disk that does not tell cases apart sees it.
#[derive(Default)]
struct Claim {
    sha256: Option<[u8; 32]>,
    /// The spellings in use, each with the time of its file; one, but for odd disks.
    spellings: HashMap<SafePath, Age>,
}

/// Orders equal files by their time, those without one last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Age(bool, i64);

/// The contents that one conversation has saved so far.
#[derive(Default)]
pub(super) struct Saved(HashMap<[u8; 32], Kept>);

/// Where a content is, and the picture that was made of it for browsers.
#[derive(Clone)]
struct Kept {
    path: SafePath,
    content: Option<Content>,
    picture: Option<(u32, u32)>,
    converted: Option<SafePath>,
    unconverted: Option<String>,
    partial: Option<String>,
}

impl Kept {
    fn outcome(self, bytes: u64, sha256: [u8; 32]) -> WriteOutcome {
        let Self { path, content, picture, converted, unconverted, partial } = self;
        WriteOutcome::Saved { path, bytes, sha256, content, picture, converted, unconverted, partial }
    }
}

impl<'a> AttachmentStore<'a> {
    /// Saves as the options say.
    pub(super) fn new(tree: &'a Tree, options: &'a Options) -> Self {
        Self { tree, options, claims: Mutex::default() }
    }

    /// Saves one attachment of the conversation that `saved` belongs to, or does with it what else was asked for.
    pub(super) fn save(
        &self,
        attachment: &Attachment,
        sent: &Sent<'_>,
        source: &dyn Conversations,
        saved: &mut Saved,
    ) -> Result<WriteOutcome, OutputError> {
        let (opened, modified) = match self.open(attachment, source) {
            Ok(opened) => opened,
            Err(outcome) => return Ok(*outcome),
        };
        let mut save = |opened| self.save_opened(attachment, (opened, modified), sent, source, saved);
        let outcome = save(opened)?;
        // What breaks off on the way may lie whole in the export, from an earlier backup.
        let earlier = match &outcome {
            WriteOutcome::Unreadable { why } => entry_of(attachment).and_then(|entry| source.earlier(entry, why)),
            _ => None,
        };
        earlier.map_or(Ok(outcome), save)
    }

    fn save_opened(
        &self,
        attachment: &Attachment,
        (mut opened, modified): (Opened, Option<i64>),
        sent: &Sent<'_>,
        source: &dyn Conversations,
        saved: &mut Saved,
    ) -> Result<WriteOutcome, OutputError> {
        let content = match Content::read(&mut *opened.reader) {
            Ok(content) => content,
            Err(error) => return Ok(WriteOutcome::Unreadable { why: error.to_string() }),
        };
        let name = file_name(attachment, content);
        let name = if self.options.formats.layout.is_some() { sent.name(&name, &self.options.zone) } else { name };
        let picture = match picture(content, &mut opened) {
            Ok(picture) => picture,
            Err(error) => return Ok(WriteOutcome::Unreadable { why: error.to_string() }),
        };
        let original = match self.original(&name, content, &mut opened) {
            Ok(original) => original,
            Err(error) => return Ok(WriteOutcome::Unreadable { why: error.to_string() }),
        };
        let sound = match Unplayable::of(&name, content, &mut opened) {
            Ok(sound) => sound,
            Err(error) => return Ok(WriteOutcome::Unreadable { why: error.to_string() }),
        };
        let mut file = self.tree.file(&self.options.base.then(&place_of(&name)), modified)?.with_sha256();
        match file.fill(opened) {
            Ok(()) => {}
            Err(CopyError::Source(error)) => return Ok(WriteOutcome::Unreadable { why: error.to_string() }),
            Err(CopyError::Output(error)) => return Err(error),
        }
        let (bytes, sha256) = (file.bytes(), file.sha256().unwrap_or_default());
        let stays = entry_of(attachment).and_then(|entry| source.stays_at(entry));
        if let Some(kept) = saved.0.get(&sha256).filter(|_| stays.is_none()) {
            self.note_placed(attachment, &kept.path, source);
            return Ok(kept.clone().outcome(bytes, sha256));
        }
        let age = Age(modified.is_none(), modified.unwrap_or_default());
        let path = match stays {
            Some(path) => path,
            None => {
                let finish = |path: &SafePath| file.finish_as(&self.options.base.then(path)).map(drop);
                self.place(&name, sha256, age, (source, entry_of(attachment)), finish)?
            }
        };
        let mut kept = Kept { path, content, picture, converted: None, unconverted: None, partial: None };
        if let Some(original) = original {
            self.convert(original, &name, modified, source, &mut kept)?;
        }
        match sound {
            Some(Unplayable::Never(why)) => kept.unconverted = Some(why),
            Some(Unplayable::Sound(bytes)) => self.play(&bytes, &name, modified, source, &mut kept)?,
            None => {}
        }
        self.note_placed(attachment, &kept.path, source);
        saved.0.insert(sha256, kept.clone());
        Ok(kept.outcome(bytes, sha256))
    }

    /// Opens the content of an attachment that is to be saved, and says when it was last changed; or says what else becomes of it.
    fn open(
        &self,
        attachment: &Attachment,
        source: &dyn Conversations,
    ) -> Result<(Opened, Option<i64>), Box<WriteOutcome>> {
        let entry = match &attachment.content {
            AttachmentContent::File(Entry { presence: Presence::Absent(why), .. }) => {
                return Err(WriteOutcome::absent(*why).into());
            }
            AttachmentContent::File(entry) => entry,
            // What stands in the message itself lies nowhere else: it is saved wherever files are shown.
            AttachmentContent::Inline(bytes) if self.options.attachments != Attachments::Leave => {
                let len = Some(bytes.len() as u64);
                let reader = Box::new(io::Cursor::new(bytes.clone()));
                return Ok((Opened { reader, plain: None, len }, None));
            }
            AttachmentContent::Inline(_) | AttachmentContent::Unknown(_) => {
                return Err(WriteOutcome::without_writing(attachment).into());
            }
        };
        match self.options.attachments {
            Attachments::Copy => {}
            Attachments::Leave => return Err(WriteOutcome::Present.into()),
            Attachments::Link => {
                let place = source.place(entry);
                let linked = |place: PathBuf| WriteOutcome::Linked { place: file_url(&place) };
                return Err(place.map_or(WriteOutcome::Present, linked).into());
            }
        }
        let opened = source.open(entry).map_err(|error| Box::new(WriteOutcome::failed(&error)))?;
        Ok((opened, entry.modified))
    }

    /// Says where the content of an attachment is now.
    fn note_placed(&self, attachment: &Attachment, path: &SafePath, source: &dyn Conversations) {
        if let Some(entry) = entry_of(attachment) {
            source.note_placed(entry, &self.options.base.then(path));
        }
    }

    /// The whole content of what is to be converted.
    fn original(
        &self,
        name: &SafeName,
        content: Option<Content>,
        opened: &mut Opened,
    ) -> io::Result<Option<Result<Vec<u8>, ConvertError>>> {
        // What it holds decides. A name that says HEIC of something else hides it from browsers, or damage; one that says
        // nothing of a movie keeps some of them from playing it.
        let is_hidden =
            |content: Content| content.is_rare() || (content.is_movie() && !content.has_extension(&name.extension()));
        if !self.options.convert || !(content.is_some_and(is_hidden) || Converter::is_candidate(name.as_str())) {
            return Ok(None);
        }
        let bytes = self.options.converter.read(&mut opened.reader);
        opened.reader.rewind()?;
        Ok(Some(bytes))
    }

    /// The picture as browsers show it: converted, or as it is where only its name is wrong.
    fn shown(&self, bytes: Vec<u8>) -> Result<Shown, ConvertError> {
        match Content::of(&bytes) {
            Some(content) if !content.is_rare() => {
                let size = dimensions(&mut io::Cursor::new(&bytes)).ok().flatten();
                Ok(Shown { bytes, extension: content.extension(), size })
            }
            _ => {
                let Converted { bytes, format, width, height } =
                    self.options.converter.convert(bytes, ConvertTarget::Web)?;
                Ok(Shown { bytes, extension: format.extension(), size: Some((width, height)) })
            }
        }
    }

    /// Puts beside a picture one that browsers show. What cannot be converted stays what it is.
    fn convert(
        &self,
        original: Result<Vec<u8>, ConvertError>,
        name: &SafeName,
        modified: Option<i64>,
        source: &dyn Conversations,
        kept: &mut Kept,
    ) -> Result<(), OutputError> {
        let converted = match original.and_then(|bytes| self.shown(bytes)) {
            Ok(converted) => converted,
            Err(error) => {
                kept.unconverted = Some(error.to_string());
                return Ok(());
            }
        };
        let Shown { bytes, extension, size } = converted;
        let name = SafeName::new(&format!("{}.{extension}", split_extension(name.as_str()).0));
        let sha256: [u8; 32] = Sha256::digest(&bytes).into();
        let age = Age(modified.is_none(), modified.unwrap_or_default());
        let path = self.place(&name, sha256, age, (source, None), |path| {
            let path = self.options.base.then(path);
            let mut file = self.tree.file(&path, modified)?;
            file.write_all(&bytes).map_err(|e| self.tree.failed(&path, e))?;
            file.finish().map(drop)
        })?;
        kept.picture = size;
        kept.converted = Some(path);
        Ok(())
    }

    /// Puts beside a sound one that browsers play.
    fn play(
        &self,
        bytes: &[u8],
        name: &SafeName,
        modified: Option<i64>,
        source: &dyn Conversations,
        kept: &mut Kept,
    ) -> Result<(), OutputError> {
        let sound = match look(bytes) {
            Playability::Copy(sound) => sound,
            Playability::Never(why) => {
                kept.unconverted = Some(why);
                return Ok(());
            }
            Playability::Plays | Playability::Unknown => return Ok(()),
        };
        let name = SafeName::new(&format!("{}.{}", split_extension(name.as_str()).0, sound.extension()));
        let begun = self.options.base.then(&place_of(&name));
        let mut file = self.tree.file(&begun, modified)?.with_sha256();
        sound.write(&mut file).map_err(|error| self.tree.failed(&begun, error))?;
        let sha256 = file.sha256().unwrap_or_default();
        let age = Age(modified.is_none(), modified.unwrap_or_default());
        let finish = |path: &SafePath| file.finish_as(&self.options.base.then(path)).map(drop);
        let path = self.place(&name, sha256, age, (source, None), finish)?;
        kept.converted = Some(path);
        kept.partial = sound.fault;
        Ok(())
    }

    /// Finds the place for a content and puts it there, unless an equal and no younger file has it.
    fn place(
        &self,
        name: &SafeName,
        sha256: [u8; 32],
        age: Age,
        (source, entry): (&dyn Conversations, Option<&Entry>),
        put: impl FnOnce(&SafePath) -> Result<(), OutputError>,
    ) -> Result<SafePath, OutputError> {
        let digest = hex(&sha256);
        // In a layout of another program a name is marked only where it must be.
        let unmarked = self.options.formats.layout.map(|_| 0);
        for digits in unmarked.into_iter().chain(DIGITS) {
            let path = match digits {
                0 => place_of(name),
                _ => place_of(&name.marked(&format!("-{}", digest.get(..digits).unwrap_or_default()))),
            };
            let claim = Arc::clone(lock(&self.claims).entry(fold(path.as_str())).or_default());
            let mut claim = lock(&claim);
            if digits == 0 && source.is_of_another(entry, &path, &sha256) {
                continue;
            }
            if *claim.sha256.get_or_insert(sha256) != sha256 {
                continue;
            }
            if claim.spellings.get(&path).is_none_or(|there| age < *there) {
                put(&path)?;
                claim.spellings.insert(path.clone(), age);
            }
            return Ok(path);
        }
        // Two contents with one SHA-256 under one name: they are the same for all anyone knows.
        Ok(place_of(&name.marked(&format!("-{digest}"))))
    }
}

/// The file of the source that an attachment is.
fn entry_of(attachment: &Attachment) -> Option<&Entry> {
    match &attachment.content {
        AttachmentContent::File(entry) => Some(entry),
        _ => None,
    }
}

/// A picture that browsers show.
struct Shown {
    bytes: Vec<u8>,
    extension: &'static str,
    /// Its width and height in pixels.
    size: Option<(u32, u32)>,
}

/// When and in which conversation a file was sent.
pub(super) struct Sent<'a> {
    pub(super) message: &'a Message,
    /// The folder of the conversation, whose name no other has.
    pub(super) folder: &'a SafePath,
}

impl Sent<'_> {
    /// The name as iMazing writes it: `2019-03-04 14 05 33 - Anna - IMG_1.jpg`.
    fn name(&self, name: &SafeName, zone: &TimeZone) -> SafeName {
        let when = self.message.date.and_then(|date| Moment::new(date, zone));
        let when = when.map_or_else(|| "no date".to_owned(), |moment| moment.plain().replace(':', " "));
        SafeName::new(&format!("{when} - {} - {name}", self.folder.name()))
    }
}

/// The address of a file of this computer, for pages.
fn file_url(place: &Path) -> String {
    let place = place.to_string_lossy().replace('\\', "/");
    let root = if place.starts_with('/') { "file://" } else { "file:///" };
    format!("{root}{}", encode_path(&place).replace("%3A/", ":/"))
}

/// The size of a picture that browsers show.
fn picture(content: Option<Content>, opened: &mut Opened) -> io::Result<Option<(u32, u32)>> {
    if content.is_some_and(Content::is_shown) { dimensions(&mut opened.reader) } else { Ok(None) }
}

/// The place of a name, from the folder of this kind.
fn place_of(name: &SafeName) -> SafePath {
    SafePath::new(FOLDER).with(name)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
