//! The host's part of the conversation: does what the device asks for until it has answered the request.

use std::collections::BTreeSet;
use std::io;
use std::time::{SystemTime, UNIX_EPOCH};

use super::blocks::FileEnd;
use super::file_sink::FileSink;
use super::request::{DeviceRequest, Message, MoveList, PathList};
use super::status::Status;
use super::store::{FolderItem, ItemKind, Store};
use super::{Link, Response, Wire};
use crate::device::error::DeviceError;
use crate::device::wire::{Dictionary, Value, message};

/// More entries of one folder than a device needs to know: a backup's largest folder has some thousands.
const MOST_LISTED: usize = 500_000;
/// More files than these that the device could not read are not remembered.
const MOST_REFUSED: usize = 10_000;

/// What happens during the conversation.
pub enum TransferEvent {
    /// So many bytes came.
    Bytes(u64),
    /// So many bytes were sent.
    Sent(u64),
    /// A file came.
    File,
    /// The whole work is so far, in percent.
    Percent(f64),
    /// The device wants more room than there is.
    NoSpace(u64),
}

/// A file that the device could not read, or that it named in a way that leads out of the backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableFile {
    /// Its path on the device, or as it was named.
    pub path: String,
    /// Why.
    pub why: String,
}

/// Answers the requests of one device.
pub struct Host<'a> {
    store: &'a mut dyn Store,
    tell: &'a mut dyn FnMut(TransferEvent),
    buffer: Vec<u8>,
    /// What the device could not read.
    pub refused: Vec<UnreadableFile>,
    /// Where those would lie; that the device moves them later is no error.
    absent: BTreeSet<String>,
    /// What first went wrong on this computer.
    pub failure: Option<io::Error>,
}

impl UnreadableFile {
    /// Whether devices refuse this file in every backup, and nothing of a person's is in it: the file provider's notes
    /// for its own use, since iOS 17 (pymobiledevice3 #507, #755).
    pub fn is_usual(&self) -> bool {
        self.path.ends_with("Library/Application Support/FileProvider/backup/backup_manifest.db")
    }
}

impl<'a> Host<'a> {
    /// Serves files from a store.
    pub fn new(store: &'a mut dyn Store, tell: &'a mut dyn FnMut(TransferEvent)) -> Self {
        let (refused, absent) = (Vec::new(), BTreeSet::new());
        Self { store, tell, buffer: Vec::new(), refused, absent, failure: None }
    }

    /// Serves the device until it has answered the request.
    ///
    /// # Errors
    /// Those of the connection; what goes wrong on this computer is told to the device, which then answers.
    pub fn serve<W: Wire>(&mut self, link: &mut Link<'_, W>) -> Result<Response, DeviceError> {
        loop {
            let bytes = link.receive()?;
            let message = Message::read(&bytes)?;
            if let Some(percent) = message.percent {
                (self.tell)(TransferEvent::Percent(percent));
            }
            match message.request {
                DeviceRequest::Response(response) => return Ok(response),
                DeviceRequest::Disconnect(text) => {
                    let why = if text == super::NOTHING { "without a word".to_owned() } else { text };
                    return Err(DeviceError::Backup { code: 0, text: format!("it hung up: {why}") });
                }
                request => self.handle(link, &request)?,
            }
            link.recycle(bytes);
        }
    }

    fn handle<W: Wire>(&mut self, link: &mut Link<'_, W>, request: &DeviceRequest<'_>) -> Result<(), DeviceError> {
        match request {
            DeviceRequest::Download(paths) => return self.send_files(link, paths),
            DeviceRequest::Upload => return self.receive_files(link),
            DeviceRequest::FreeSpace => return self.tell_room(link),
            DeviceRequest::List(path) => return self.list(link, path),
            DeviceRequest::Purge(wanted) => {
                (self.tell)(TransferEvent::NoSpace(wanted.unwrap_or(0)));
                return link.answer(&Status::other("Operation not supported"), empty());
            }
            DeviceRequest::Unknown(name) => {
                return link.answer(&Status::other(format!("{name} is not supported")), empty());
            }
            _ => {}
        }
        let status = match request {
            DeviceRequest::MakeFolder(path) => {
                let made = self.store.make_folder(path);
                self.status(made)
            }
            DeviceRequest::Copy(from, to) => {
                let copied = self.store.copy(from, to);
                self.status(copied)
            }
            DeviceRequest::Move(moves) => self.move_all(moves),
            DeviceRequest::Remove(paths) => self.remove_all(paths),
            _ => Status::done(),
        };
        link.answer(&status, empty())
    }

    /// The answer for a result; the first failure is remembered.
    fn status(&mut self, result: io::Result<()>) -> Status {
        match result {
            Ok(()) => Status::done(),
            Err(error) => {
                let status = Status::from(&error);
                self.remember(error);
                status
            }
        }
    }

    /// That a file is not there is everyday business; everything else explains why a backup fails.
    fn remember(&mut self, error: io::Error) {
        if error.kind() != io::ErrorKind::NotFound && self.failure.is_none() {
            self.failure = Some(error);
        }
    }

    fn send_files<W: Wire>(&mut self, link: &mut Link<'_, W>, paths: &PathList<'_>) -> Result<(), DeviceError> {
        let mut failures = Dictionary::new();
        for path in paths.iter() {
            let file = self.store.open(&path);
            let size = file.as_ref().ok().and_then(|file| file.metadata().ok()).map_or(0, |metadata| metadata.len());
            if let Some(error) = link.send_file(&path, file)? {
                let status = Status::from(&error);
                self.remember(error);
                let entry = message! { "DLFileErrorString": status.text, "DLFileErrorCode": status.code };
                failures.insert(path, Value::Dictionary(entry));
            }
            (self.tell)(TransferEvent::Sent(size));
        }
        link.end_of_files()?;
        match failures.is_empty() {
            true => link.answer(&Status::done(), empty()),
            false => link.answer(&Status::several(), Value::Dictionary(failures)),
        }
    }

    fn receive_files<W: Wire>(&mut self, link: &mut Link<'_, W>) -> Result<(), DeviceError> {
        let mut status = Status::done();
        while let Some(on_device) = link.path()? {
            let Some(path) = link.path()? else { break };
            let outcome = self.receive_file(link, &on_device, &path)?;
            if let Err(error) = outcome
                && status.code == 0
            {
                status = Status::from(&error);
                self.remember(error);
            }
        }
        link.answer(&status, empty())
    }

    /// Receives a file; the inner error is this computer's, and what follows still has to be taken off the wire.
    fn receive_file<W: Wire>(
        &mut self,
        link: &mut Link<'_, W>,
        on_device: &str,
        path: &str,
    ) -> Result<io::Result<()>, DeviceError> {
        let created = self.store.create(path);
        let is_there = created.is_ok();
        let mut buffer = std::mem::take(&mut self.buffer);
        let mut sink = FileSink::new(created, &mut buffer);
        let end = link.receive_file(&mut sink, &mut |bytes| (self.tell)(TransferEvent::Bytes(bytes)));
        let received = sink.received;
        let failure = sink.finish();
        self.buffer = buffer;
        let end = end?;
        (self.tell)(TransferEvent::File);
        let mut failure = failure;
        if let FileEnd::Refused(why) = end {
            self.note_refused(on_device, why);
            // Without a byte there is nothing to keep; an empty file would look like one that is empty.
            if received == 0 && is_there {
                failure = failure.or(self.store.discard(path).err());
                if self.absent.len() < MOST_REFUSED {
                    self.absent.insert(path.to_owned());
                }
                return Ok(failure.map_or(Ok(()), Err));
            }
        }
        if is_there && failure.is_none() {
            self.store.complete(path, received);
        }
        Ok(failure.map_or(Ok(()), Err))
    }

    fn note_refused(&mut self, path: &str, why: String) {
        if self.refused.len() < MOST_REFUSED {
            let clip = |text: &str| text.chars().take(500).collect::<String>();
            self.refused.push(UnreadableFile { path: clip(path), why: clip(&why) });
        }
    }

    fn tell_room<W: Wire>(&mut self, link: &mut Link<'_, W>) -> Result<(), DeviceError> {
        match self.store.free_space() {
            Ok(free) => link.answer(&Status::done(), Value::from(free)),
            Err(error) => {
                let status = self.status(Err(error));
                link.answer(&status, Value::from(0))
            }
        }
    }

    fn list<W: Wire>(&mut self, link: &mut Link<'_, W>, path: &str) -> Result<(), DeviceError> {
        match self.store.list(path) {
            Ok(items) => {
                let entries = items.into_iter().take(MOST_LISTED).map(entry).collect();
                link.answer(&Status::done(), Value::Dictionary(entries))
            }
            Err(error) => {
                let status = self.status(Err(error));
                link.answer(&status, empty())
            }
        }
    }

    fn move_all(&mut self, moves: &MoveList<'_>) -> Status {
        let mut first = None;
        for (from, to) in moves.iter() {
            if let Err(error) = self.store.rename(&from, &to)
                && !(error.kind() == io::ErrorKind::NotFound && self.absent.remove(&from))
            {
                first.get_or_insert(error);
            }
        }
        self.status(first.map_or(Ok(()), Err))
    }

    fn remove_all(&mut self, paths: &PathList<'_>) -> Status {
        let mut first = None;
        for path in paths.iter() {
            if let Err(error) = self.store.remove(&path) {
                first.get_or_insert(error);
            }
        }
        self.status(first.map_or(Ok(()), Err))
    }
}

fn empty() -> Value {
    Value::Dictionary(Dictionary::new())
}

/// One entry of a listing, as devices want it.
fn entry(item: FolderItem) -> (String, Value) {
    let (kind, size) = match item.kind {
        ItemKind::File(size) => ("DLFileTypeRegular", size),
        ItemKind::Folder => ("DLFileTypeDirectory", 0),
        ItemKind::Other => ("DLFileTypeUnknown", 0),
    };
    let mut facts = message! { "DLFileType": kind, "DLFileSize": size };
    // Whole seconds: fractions are more than this format promises.
    let seconds = item.modified.duration_since(UNIX_EPOCH).map(|since| since.as_secs()).unwrap_or_default();
    let date = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
    facts.insert("DLFileModificationDate".to_owned(), Value::Date(date.into()));
    (item.name, Value::Dictionary(facts))
}
