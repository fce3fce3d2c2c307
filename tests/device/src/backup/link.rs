//! Device link: messages that tell the host what to do with its files, and streams of files in both directions \[S\].
//!
//! A message is an array whose first item is its name. A file is `u32 length, path` (twice when the device sends), then
//! blocks `u32 (n + 1), code, n bytes`; the code is 0x0C for data, 0 for the end, 0x06 or 0x0B with words for an error of
//! the host or the device. A list of files ends with a length of 0.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::sync::Arc;

use plist::{Dictionary, Value};
use sample_backups::plists::{dictionary, text};

use super::{Ending, SERVICE, response};
use crate::error::{Error, Result};
use crate::faults::{Cut, Faults, Stage};
use crate::log::Answered;
use crate::mux;
use crate::wire::{Channel, Format};
use crate::world::World;

/// Major version of device link \[L\].
const MAJOR: u64 = 400;
/// Stands for "nothing" where a text is due.
const NOTHING: &str = "___EmptyParameterString___";

/// Apple's `BufferSize` of 32 KiB, with the code \[1\]; the device bears no larger blocks from the host \[L\].
pub(super) const BLOCK: usize = 32 << 10;
/// A host may send 32 KiB of data beside the code.
const LARGEST: usize = BLOCK + 1;
const LONGEST_PATH: usize = 4096;

/// Codes before a block.
pub(super) const END: u8 = 0x00;
const HOST_ERROR: u8 = 0x06;
pub(super) const DEVICE_ERROR: u8 = 0x0b;
pub(super) const DATA: u8 = 0x0c;

/// How a host answered a message.
#[derive(Debug)]
pub(super) struct Status {
    /// 0, or a negative error.
    pub code: i64,
    /// Its words.
    pub words: String,
    /// What belongs to it.
    pub payload: Value,
}

/// What a host gave for one path.
pub(super) type Downloaded = std::result::Result<Vec<u8>, String>;

/// Writes the bytes of a file.
pub(super) type Body<'a> = Box<dyn FnOnce(&mut dyn Write) -> Result<()> + 'a>;

/// A file that the device sends.
pub(super) struct Outgoing<'a> {
    /// Its path on the device.
    pub device_path: String,
    /// Where the host shall put it, below its root.
    pub host_path: String,
    /// Its bytes, already as they shall be stored.
    pub write: Body<'a>,
    /// Words of an error instead of the second half of the file.
    pub error: Option<&'static str>,
}

/// The connection of one backup.
pub(super) struct Link<'a> {
    world: &'a Arc<World>,
    channel: Channel,
    /// Percent of the whole backup.
    pub progress: f64,
    faults: Faults,
    messages: u64,
    files: u64,
    bytes: u64,
    is_pulled: bool,
}

impl<'a> Link<'a> {
    pub(super) fn new(world: &'a Arc<World>, channel: Channel) -> Self {
        let faults = Faults::default();
        Self { world, channel, progress: 0.0, faults, messages: 0, files: 0, bytes: 0, is_pulled: false }
    }

    /// Takes the faults that are meant for this backup.
    pub(super) fn arm(&mut self) {
        let mut phone = self.world.phone();
        let lasting = Faults { busy_lock: phone.faults.busy_lock, pace: phone.faults.pace, ..Faults::default() };
        self.faults = std::mem::replace(&mut phone.faults, lasting);
    }

    /// What goes wrong in this backup.
    pub(super) fn faults(&self) -> &Faults {
        &self.faults
    }

    /// The bare connection, for those who mean harm.
    pub(super) fn channel(&mut self) -> &mut Channel {
        &mut self.channel
    }

    pub(super) fn exchange_versions(&mut self) -> Result<()> {
        let version = [text("DLMessageVersionExchange"), Value::Integer(MAJOR.into()), Value::Integer(0.into())];
        self.send(Value::Array(version.to_vec()))?;
        let answer = self.receive()?;
        let agreed = answer.get(1).and_then(Value::as_string) == Some("DLVersionsOk")
            && answer.get(2).and_then(Value::as_unsigned_integer) == Some(MAJOR);
        if named(&answer) != "DLMessageVersionExchange" || !agreed {
            return Err(Error::Violation(format!("answered the version exchange with {answer:?}")));
        }
        self.send(Value::Array(vec![text("DLMessageDeviceReady")]))
    }

    /// Reads a request of the host.
    pub(super) fn request(&mut self) -> Result<Dictionary> {
        let message = self.receive()?;
        match (named(&message), message.get(1)) {
            ("DLMessageProcessMessage", Some(Value::Dictionary(content))) => Ok(content.clone()),
            ("DLMessageDisconnect", _) => Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset).into()),
            (name, _) => Err(Error::Violation(format!("sent {name:?} where a request was due"))),
        }
    }

    /// Ends what the host asked for.
    pub(super) fn respond<const N: usize>(&mut self, ending: &Ending, more: [(&str, Value); N]) -> Result<()> {
        self.send(response(ending, more))
    }

    /// Waits for the host to leave.
    pub(super) fn goodbye(&mut self) -> Result<()> {
        if let Ok(message) = self.receive() {
            match named(&message) {
                "DLMessageDisconnect" => self.world.log.course(|course| course.said_goodbye = true),
                name => self.world.log.violation(SERVICE, format!("{name:?} after the end")),
            }
        }
        Ok(())
    }

    /// A stage begins: the cable may be pulled here, or the device hang.
    pub(super) fn stage(&mut self, stage: Stage) -> Result<()> {
        if self.faults.cut == Some(Cut::Stage(stage)) {
            return self.pull();
        }
        if self.faults.hangs == Some(stage) {
            self.channel.flush()?;
            self.world.log.device(SERVICE, format!("hangs while {}", stage.name()));
            // Until the host leaves or the cable is pulled.
            while self.channel.receive().is_ok_and(|message| message.is_some()) {}
            return Err(Error::Pulled);
        }
        Ok(())
    }

    /// Sends a message and reads the host's status.
    pub(super) fn tell(&mut self, name: &str, rest: Vec<Value>) -> Result<Status> {
        self.announce(name, rest)?;
        self.status(name)
    }

    /// Sends a message.
    pub(super) fn announce(&mut self, name: &str, rest: Vec<Value>) -> Result<()> {
        if self.faults.cut == Some(Cut::Message(self.messages)) {
            return self.pull();
        }
        self.messages += 1;
        std::thread::sleep(self.faults.rest);
        self.send(Value::Array(std::iter::once(text(name)).chain(rest).collect()))
    }

    /// Reads the host's status after a message.
    pub(super) fn status(&mut self, name: &str) -> Result<Status> {
        let mut answer = self.receive()?.into_iter();
        let kind = answer.next();
        if kind.as_ref().and_then(Value::as_string) != Some("DLMessageStatusResponse") {
            return Err(Error::Violation(format!("answered {name} with {kind:?}")));
        }
        // Negative codes come signed or as two's complement [S].
        let code = answer.next();
        let code = code
            .as_ref()
            .and_then(|code| code.as_signed_integer().or_else(|| code.as_unsigned_integer().map(u64::cast_signed)));
        let Some(code) = code else { return Err(Error::Violation(format!("answered {name} without a code"))) };
        let words = answer.next().and_then(Value::into_string).unwrap_or_default();
        let payload = answer.next().unwrap_or(Value::Boolean(false));
        if code != 0 {
            let answered = Answered { message: name.to_owned(), code, words: words.clone() };
            self.world.log.course(|course| course.answers.push(answered));
        }
        Ok(Status { code, words, payload })
    }

    /// Makes a folder.
    pub(super) fn create_directory(&mut self, path: &str) -> Result<Status> {
        self.tell("DLMessageCreateDirectory", vec![text(path), text(NOTHING)])
    }

    /// Renames, replacing what is there.
    pub(super) fn move_items(&mut self, items: &[(String, String)]) -> Result<Status> {
        let items: Dictionary = items.iter().map(|(from, to)| (from.clone(), text(to))).collect();
        let rest = vec![Value::Dictionary(items), dictionary([]), Value::Real(self.progress)];
        self.tell("DLMessageMoveItems", rest)
    }

    /// Removes files, and folders with all that is in them.
    pub(super) fn remove_items(&mut self, paths: &[String]) -> Result<Status> {
        let paths = Value::Array(paths.iter().map(text).collect());
        self.tell("DLMessageRemoveItems", vec![paths, dictionary([]), Value::Real(self.progress)])
    }

    /// The names in a folder, with their kind.
    pub(super) fn list(&mut self, path: &str) -> Result<BTreeMap<String, String>> {
        let status = self.tell("DLContentsOfDirectory", vec![text(path), dictionary([])])?;
        let listed = status.payload.into_dictionary().unwrap_or_default();
        let mut names = BTreeMap::new();
        for (name, entry) in listed {
            let entry = entry.into_dictionary().unwrap_or_default();
            let kind = entry.get("DLFileType").and_then(Value::as_string).unwrap_or_default();
            let has_all = entry.get("DLFileSize").is_some_and(|size| size.as_unsigned_integer().is_some())
                && entry.get("DLFileModificationDate").is_some_and(|date| date.as_date().is_some());
            if !has_all || !matches!(kind, "DLFileTypeRegular" | "DLFileTypeDirectory" | "DLFileTypeUnknown") {
                self.world.log.violation(SERVICE, format!("listed {name:?} as {entry:?}"));
            }
            names.insert(name, kind.to_owned());
        }
        Ok(names)
    }

    /// Free bytes at the host.
    pub(super) fn free_space(&mut self) -> Result<u64> {
        let status = self.tell("DLMessageGetFreeDiskSpace", vec![])?;
        let free = status.payload.as_unsigned_integer();
        free.ok_or_else(|| Error::Violation(format!("told its free space as {:?}", status.payload)))
    }

    /// Asks the host for files. The list may be empty \[L\].
    pub(super) fn download(&mut self, paths: &[String]) -> Result<Vec<Downloaded>> {
        let list = Value::Array(paths.iter().map(text).collect());
        let callbacks = dictionary([("DLDeviceIOCallbacks", dictionary([]))]);
        let rest = vec![list, callbacks, Value::Real(self.progress), Value::Integer(0.into())];
        self.announce("DLMessageDownloadFiles", rest)?;
        let mut files = Vec::new();
        for path in paths {
            let length = self.channel.number()? as usize;
            if length == 0 {
                // What idevicebackup2 does after the first error; the others go on.
                self.world.log.device(SERVICE, format!("the host gave {} of {} files", files.len(), paths.len()));
                files.resize_with(paths.len(), || Err("not sent".to_owned()));
                return self.end_of_download(files);
            }
            let named = self.channel.take(length.min(LONGEST_PATH + 1))?;
            if named != path.as_bytes() {
                let named = String::from_utf8_lossy(&named);
                return Err(Error::Violation(format!("sent {named:?} where {path:?} was asked for")));
            }
            files.push(self.incoming()?);
        }
        if self.channel.number()? != 0 {
            return Err(Error::Violation("sent more files than were asked for".into()));
        }
        self.end_of_download(files)
    }

    fn end_of_download(&mut self, files: Vec<Downloaded>) -> Result<Vec<Downloaded>> {
        let status = self.status("DLMessageDownloadFiles")?;
        let failed = files.iter().filter(|file| file.is_err()).count();
        let listed = status.payload.as_dictionary().map_or(0, Dictionary::len);
        if (failed > 0) != (status.code == -13) || (failed > 0 && listed == 0) {
            let words = format!("{failed} files failed, but its status is {} with {listed} of them", status.code);
            self.world.log.violation(SERVICE, words);
        }
        Ok(files)
    }

    fn incoming(&mut self) -> Result<Downloaded> {
        let mut bytes = Vec::new();
        loop {
            let length = self.channel.number()? as usize;
            self.world.log.course(|course| course.largest_block = course.largest_block.max(length));
            if length > LARGEST {
                self.world.log.violation(SERVICE, format!("sent a block of {length} bytes"));
            }
            let block = self.channel.take(length)?;
            match block.split_first() {
                Some((&DATA, data)) => bytes.extend(data),
                Some((&END, [])) => return Ok(Ok(bytes)),
                Some((&HOST_ERROR, words)) => return Ok(Err(String::from_utf8_lossy(words).into_owned())),
                other => return Err(Error::Violation(format!("sent a block that begins {:?}", other.map(|it| it.0)))),
            }
        }
    }

    /// Sends files, `total` bytes together.
    pub(super) fn upload(&mut self, files: Vec<Outgoing<'_>>, total: u64) -> Result<Status> {
        let rest = vec![dictionary([]), Value::Real(self.progress), Value::Integer(total.into())];
        self.announce("DLMessageUploadFiles", rest)?;
        for file in files {
            self.outgoing(file)?;
        }
        self.channel.write_all(&0_u32.to_be_bytes())?;
        self.channel.flush()?;
        self.status("DLMessageUploadFiles")
    }

    fn outgoing(&mut self, file: Outgoing<'_>) -> Result<()> {
        for path in [&file.device_path, &file.host_path] {
            self.channel.write_all(&(path.len() as u32).to_be_bytes())?;
            self.channel.write_all(path.as_bytes())?;
        }
        let mut blocks = Blocks { link: self, block: Vec::with_capacity(BLOCK + 4) };
        let written = (file.write)(&mut blocks).and_then(|()| Ok(blocks.send()?));
        if self.is_pulled {
            return Err(Error::Pulled);
        }
        written?;
        match file.error {
            None => self.block(END, &[])?,
            Some(words) => self.block(DEVICE_ERROR, words.as_bytes())?,
        }
        self.files += 1;
        if self.faults.cut == Some(Cut::Files(self.files)) {
            return self.pull();
        }
        Ok(())
    }

    pub(super) fn block(&mut self, code: u8, bytes: &[u8]) -> Result<()> {
        self.channel.write_all(&(bytes.len() as u32 + 1).to_be_bytes())?;
        self.channel.write_all(&[code])?;
        Ok(self.channel.write_all(bytes)?)
    }

    /// Pulls the cable.
    pub(super) fn pull(&mut self) -> Result<()> {
        // What was written has gone through the cable.
        let _ = self.channel.flush();
        self.is_pulled = true;
        self.world.log.device(SERVICE, "the cable is pulled");
        mux::announce(self.world, false);
        if let Some(time) = self.faults.comes_back {
            let world = Arc::clone(self.world);
            std::thread::spawn(move || {
                std::thread::sleep(time);
                mux::announce(&world, true);
            });
        }
        Err(Error::Pulled)
    }

    fn send(&mut self, message: Value) -> Result<()> {
        self.channel.send(&message, Format::Binary)
    }

    fn receive(&mut self) -> Result<Vec<Value>> {
        let message = self.channel.receive()?.ok_or(std::io::Error::from(std::io::ErrorKind::UnexpectedEof))?;
        message.into_array().ok_or_else(|| Error::Violation("sent a message that is no array".into()))
    }
}

fn named(message: &[Value]) -> &str {
    message.first().and_then(Value::as_string).unwrap_or_default()
}

/// Cuts what is written into blocks.
struct Blocks<'l, 'a> {
    link: &'l mut Link<'a>,
    block: Vec<u8>,
}

impl Blocks<'_, '_> {
    fn send(&mut self) -> std::io::Result<()> {
        if self.block.is_empty() {
            return Ok(());
        }
        let block = std::mem::take(&mut self.block);
        let sent = self.send_block(&block);
        self.block = block;
        self.block.clear();
        sent.map_err(|error| match error {
            Error::Io(error) => error,
            other => std::io::Error::other(other),
        })
    }

    fn send_block(&mut self, block: &[u8]) -> Result<()> {
        let link = &mut *self.link;
        if let Some(Cut::Bytes(limit)) = link.faults.cut {
            let left = limit.saturating_sub(link.bytes);
            if left < block.len() as u64 {
                // The length is out already when the cable goes.
                link.channel.write_all(&(block.len() as u32 + 1).to_be_bytes())?;
                link.channel.write_all(&[DATA])?;
                link.channel.write_all(block.get(..left as usize).unwrap_or_default())?;
                return link.pull();
            }
        }
        link.bytes += block.len() as u64;
        link.block(DATA, block)
    }
}

impl Write for Blocks<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let space = (BLOCK - 1).saturating_sub(self.block.len());
        let (now, _) = bytes.split_at(bytes.len().min(space));
        self.block.extend(now);
        if self.block.len() == BLOCK - 1 {
            self.send()?;
        }
        Ok(now.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The first `length` bytes of a reader, as what is sent of a file.
pub(super) fn copy(from: &mut dyn Read, to: &mut dyn Write) -> Result<()> {
    let mut buffer = vec![0; 8 * BLOCK];
    loop {
        let read = from.read(&mut buffer)?;
        if read == 0 {
            return Ok(());
        }
        to.write_all(buffer.get(..read).unwrap_or_default())?;
    }
}
