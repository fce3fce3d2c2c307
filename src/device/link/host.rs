//! The host's part of the conversation: does what the device asks for until it has answered the request.

use std::collections::BTreeSet;
use std::io;
use std::time::{SystemTime, UNIX_EPOCH};

use super::blocks::FileEnd;
use super::file_sink::FileSink;
use super::path::BackupPath;
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
    /// All of the work is so far, in percent.
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
    /// The device, whose identifier every path begins with.
    udid: &'a str,
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

/// What a request comes to.
enum Reply {
    /// An answer, with what the device wants to know.
    Status(Status, Value),
    /// The device has answered the request of this computer: nothing is said any more.
    End(Response),
}

impl From<Status> for Reply {
    fn from(status: Status) -> Self {
        Self::Status(status, Value::Dictionary(Dictionary::new()))
    }
}

impl UnreadableFile {
    /// Whether devices refuse this file in every backup, and nothing of a person's is in it: the file provider's notes
    /// for its own use, since iOS 17 (pymobiledevice3 #507, #755).
    pub fn is_usual(&self) -> bool {
        self.path.ends_with("Library/Application Support/FileProvider/backup/backup_manifest.db")
    }
}

impl<'a> Host<'a> {
    /// Serves files of the backup of a device from a store.
    pub fn new(udid: &'a str, store: &'a mut dyn Store, tell: &'a mut dyn FnMut(TransferEvent)) -> Self {
        let (refused, absent) = (Vec::new(), BTreeSet::new());
        Self { udid, store, tell, buffer: Vec::new(), refused, absent, failure: None }
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
            match self.handle(link, message.request)? {
                Reply::Status(status, payload) => link.answer(&status, payload)?,
                Reply::End(response) => return Ok(response),
            }
            link.recycle(bytes);
        }
    }

    /// Does what the device asks for. Everything that it may say has an arm here, and each of them gives a reply: what is
    /// not done is not answered as if it were.
    fn handle<W: Wire>(&mut self, link: &mut Link<'_, W>, request: DeviceRequest<'_>) -> Result<Reply, DeviceError> {
        Ok(match request {
            DeviceRequest::Download(paths) => self.send_files(link, &paths)?,
            DeviceRequest::Upload => self.receive_files(link)?.into(),
            DeviceRequest::FreeSpace => self.free_space(),
            DeviceRequest::List(path) => self.list(&path),
            DeviceRequest::MakeFolder(path) => self.make_folder(&path).into(),
            DeviceRequest::Move(moves) => self.move_all(&moves).into(),
            DeviceRequest::Remove(paths) => self.remove_all(&paths).into(),
            DeviceRequest::Copy(from, to) => self.copy(&from, &to).into(),
            DeviceRequest::Purge(wanted) => {
                (self.tell)(TransferEvent::NoSpace(wanted.unwrap_or(0)));
                Status::unsupported("Operation").into()
            }
            // As idevicebackup2 answers what it cannot do: -1 and a text. Without an answer the device would wait for one.
            DeviceRequest::Unknown(name) => Status::unsupported(&format!("{name} is")).into(),
            DeviceRequest::Response(response) => Reply::End(response),
            DeviceRequest::Disconnect(text) => {
                let why = if text == super::NOTHING { "without a word".to_owned() } else { text };
                return Err(DeviceError::Backup { code: 0, text: format!("it hung up: {why}") });
            }
        })
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

    fn make_folder(&mut self, path: &str) -> Status {
        let made = BackupPath::parse(path, self.udid).and_then(|path| self.store.make_folder(&path));
        self.status(made)
    }

    fn copy(&mut self, from: &str, to: &str) -> Status {
        let from = BackupPath::parse(from, self.udid);
        let copied = from.and_then(|from| self.store.copy(&from, &BackupPath::parse(to, self.udid)?));
        self.status(copied)
    }

    fn send_files<W: Wire>(&mut self, link: &mut Link<'_, W>, paths: &PathList<'_>) -> Result<Reply, DeviceError> {
        let mut failures = Dictionary::new();
        for path in paths.iter() {
            let file = BackupPath::parse(&path, self.udid).and_then(|path| self.store.open(&path));
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
        Ok(match failures.is_empty() {
            true => Status::done().into(),
            false => Reply::Status(Status::several(), Value::Dictionary(failures)),
        })
    }

    fn receive_files<W: Wire>(&mut self, link: &mut Link<'_, W>) -> Result<Status, DeviceError> {
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
        Ok(status)
    }

    /// Receives a file; the inner error is this computer's, and what follows still has to be taken off the wire.
    fn receive_file<W: Wire>(
        &mut self,
        link: &mut Link<'_, W>,
        on_device: &str,
        path: &str,
    ) -> Result<io::Result<()>, DeviceError> {
        let parsed = BackupPath::parse(path, self.udid);
        let created = match &parsed {
            Ok(path) => self.store.create(path),
            Err(error) => Err(error.kind().into()),
        };
        let made = parsed.ok().filter(|_| created.is_ok());
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
            if received == 0
                && let Some(made) = &made
            {
                failure = failure.or(self.store.discard(made).err());
                if self.absent.len() < MOST_REFUSED {
                    self.absent.insert(path.to_owned());
                }
                return Ok(failure.map_or(Ok(()), Err));
            }
        }
        if let Some(made) = made.filter(|_| failure.is_none()) {
            self.store.complete(&made, received);
        }
        Ok(failure.map_or(Ok(()), Err))
    }

    fn note_refused(&mut self, path: &str, why: String) {
        if self.refused.len() < MOST_REFUSED {
            let clip = |text: &str| text.chars().take(500).collect::<String>();
            self.refused.push(UnreadableFile { path: clip(path), why: clip(&why) });
        }
    }

    fn free_space(&mut self) -> Reply {
        match self.store.free_space() {
            Ok(free) => Reply::Status(Status::done(), Value::from(free)),
            Err(error) => Reply::Status(self.status(Err(error)), Value::from(0)),
        }
    }

    fn list(&mut self, path: &str) -> Reply {
        match BackupPath::parse(path, self.udid).and_then(|path| self.store.list(&path)) {
            Ok(items) => {
                let entries = items.into_iter().take(MOST_LISTED).map(entry).collect();
                Reply::Status(Status::done(), Value::Dictionary(entries))
            }
            Err(error) => self.status(Err(error)).into(),
        }
    }

    fn move_all(&mut self, moves: &MoveList<'_>) -> Status {
        let mut first = None;
        for (from, to) in moves.iter() {
            if let Err(error) = self.rename(&from, &to)
                && !(error.kind() == io::ErrorKind::NotFound && self.absent.remove(&from))
            {
                first.get_or_insert(error);
            }
        }
        self.status(first.map_or(Ok(()), Err))
    }

    fn rename(&mut self, from: &str, to: &str) -> io::Result<()> {
        self.store.rename(&BackupPath::parse(from, self.udid)?, &BackupPath::parse(to, self.udid)?)
    }

    fn remove_all(&mut self, paths: &PathList<'_>) -> Status {
        let mut first = None;
        for path in paths.iter() {
            let removed = BackupPath::parse(&path, self.udid).and_then(|path| self.store.remove(&path));
            if let Err(error) = removed {
                first.get_or_insert(error);
            }
        }
        self.status(first.map_or(Ok(()), Err))
    }
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
