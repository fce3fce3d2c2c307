//! What a device may ask for. A request borrows from the bytes of its message: the list of a million files is walked,
//! never built.

use corer_schemas::formats::bplist::{Object, Pairs, Peek, Ref, Refs};
use corer_schemas::formats::plist::{self as reader, Value as PlistValue};

use super::{Response, peek};
use crate::device::error::DeviceError;

/// More paths in one message than any device has files.
const MOST_PATHS: usize = 8_000_000;

/// One message of the device.
pub enum DeviceRequest<'m> {
    /// Send these files.
    Download(PathList<'m>),
    /// Files follow.
    Upload,
    /// How much room is there?
    FreeSpace,
    /// Make so much room.
    Purge(Option<u64>),
    /// What is in this folder?
    List(String),
    /// Make this folder.
    MakeFolder(String),
    /// Move each of these to the other.
    Move(MoveList<'m>),
    /// Remove these.
    Remove(PathList<'m>),
    /// Copy one to the other.
    Copy(String, String),
    /// The answer to the request: the end.
    Response(Response),
    /// The device hangs up.
    Disconnect(String),
    /// Something that corer does not know.
    Unknown(String),
}

/// A message: what is asked for, and how far all of the work is, in percent.
pub struct Message<'m> {
    /// What is asked for.
    pub request: DeviceRequest<'m>,
    /// How far all of the work is.
    pub percent: Option<f64>,
}

/// Paths in a message.
pub struct PathList<'m> {
    peek: Peek<'m>,
    refs: Refs<'m>,
}

/// Pairs of paths in a message.
pub struct MoveList<'m> {
    peek: Peek<'m>,
    pairs: Pairs<'m>,
}

impl PathList<'_> {
    /// Each path; what is no text is an empty one, which nothing has.
    pub fn iter(&self) -> impl Iterator<Item = String> {
        self.refs.iter().map(|path| text_at(&self.peek, path))
    }
}

impl MoveList<'_> {
    /// Each pair, from and to.
    pub fn iter(&self) -> impl Iterator<Item = (String, String)> {
        self.pairs.iter().map(|(from, to)| (text_at(&self.peek, from), text_at(&self.peek, to)))
    }
}

fn text_at(peek: &Peek<'_>, at: Ref) -> String {
    peek.text(at).map(|text| text.to_str().into_owned()).unwrap_or_default()
}

impl<'m> Message<'m> {
    /// Reads a message.
    ///
    /// # Errors
    /// [`DeviceError::Protocol`] for what is no message, or a request without what it needs.
    pub fn read(bytes: &'m [u8]) -> Result<Self, DeviceError> {
        let peek = peek(bytes)?;
        let members = peek.root().ok().and_then(Object::array);
        let members = members.ok_or_else(|| DeviceError::Protocol("a message that is no list".to_owned()))?;
        let name = members.get(0).map(|name| text_at(&peek, name)).filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| DeviceError::Protocol("a message without a name".to_owned()))?;
        let parts = Parts { peek, members };
        let request = parts.request(&name, bytes)?;
        let percent_at = if matches!(request, DeviceRequest::Upload) { 2 } else { 3 };
        let percent = parts.number(percent_at).filter(|percent| (0.0..=100.0).contains(percent));
        Ok(Self { request, percent })
    }
}

/// A message that is being taken apart.
struct Parts<'m> {
    peek: Peek<'m>,
    members: Refs<'m>,
}

impl<'m> Parts<'m> {
    fn request(&self, name: &str, bytes: &[u8]) -> Result<DeviceRequest<'m>, DeviceError> {
        Ok(match name {
            "DLMessageDownloadFiles" => DeviceRequest::Download(self.paths(name)?),
            "DLMessageUploadFiles" => DeviceRequest::Upload,
            "DLMessageGetFreeDiskSpace" => DeviceRequest::FreeSpace,
            "DLMessagePurgeDiskSpace" => {
                DeviceRequest::Purge(self.number(1).filter(|n| (0.0..9e18).contains(n)).map(|n| n as u64))
            }
            "DLContentsOfDirectory" => DeviceRequest::List(self.text(1)),
            "DLMessageCreateDirectory" => DeviceRequest::MakeFolder(self.text(1)),
            "DLMessageMoveFiles" | "DLMessageMoveItems" => DeviceRequest::Move(self.moves(name)?),
            "DLMessageRemoveFiles" | "DLMessageRemoveItems" => DeviceRequest::Remove(self.paths(name)?),
            "DLMessageCopyItem" => DeviceRequest::Copy(self.text(1), self.text(2)),
            "DLMessageDisconnect" => DeviceRequest::Disconnect(self.text(1)),
            "DLMessageProcessMessage" => DeviceRequest::Response(response(bytes)?),
            other => DeviceRequest::Unknown(other.chars().take(80).collect()),
        })
    }

    fn object(&self, at: usize) -> Option<Object<'m>> {
        self.peek.object(self.members.get(at)?).ok()
    }

    fn text(&self, at: usize) -> String {
        self.members.get(at).map(|text| text_at(&self.peek, text)).unwrap_or_default()
    }

    fn number(&self, at: usize) -> Option<f64> {
        match self.object(at)? {
            Object::Integer(number) => Some(number as f64),
            Object::Real(number) => Some(number),
            _ => None,
        }
    }

    fn paths(&self, name: &str) -> Result<PathList<'m>, DeviceError> {
        let refs = self.object(1).and_then(Object::array).filter(|refs| refs.len() <= MOST_PATHS);
        let refs =
            refs.ok_or_else(|| DeviceError::Protocol(format!("{name} has no list of paths that makes sense")))?;
        Ok(PathList { peek: self.peek, refs })
    }

    fn moves(&self, name: &str) -> Result<MoveList<'m>, DeviceError> {
        let pairs = self.object(1).and_then(Object::dictionary).filter(|pairs| pairs.len() <= MOST_PATHS);
        let pairs = pairs.ok_or_else(|| DeviceError::Protocol(format!("{name} has no paths that make sense")))?;
        Ok(MoveList { peek: self.peek, pairs })
    }
}

fn response(bytes: &[u8]) -> Result<Response, DeviceError> {
    let value = reader::read(bytes).map_err(|error| DeviceError::Protocol(error.to_string()))?;
    let answer = value.as_array().and_then(|members| members.get(1)).and_then(PlistValue::as_dictionary);
    answer.map(Response::of).ok_or_else(|| DeviceError::Protocol("an answer that says nothing".to_owned()))
}
