//! What a device may ask for. An order borrows from the bytes of its message: the list of a million files is walked,
//! never built.

use corer_schemas::formats::bplist::{Object, Pairs, Peek, Ref, Refs};
use corer_schemas::formats::plist::{self as reader, Value as Read};

use super::{Response, peek};
use crate::device::error::DeviceError;

/// More paths in one message than any device has files.
const MOST_PATHS: usize = 8_000_000;

/// One message of the device.
pub enum Order<'m> {
    /// Send these files.
    Download(Paths<'m>),
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
    Move(Moves<'m>),
    /// Remove these.
    Remove(Paths<'m>),
    /// Copy one to the other.
    Copy(String, String),
    /// The answer to the request: the end.
    Response(Response),
    /// The device hangs up.
    Disconnect(String),
    /// Something that corer does not know.
    Unknown(String),
}

/// A message: what is asked for, and how far the whole work is, in percent.
pub struct Message<'m> {
    /// What is asked for.
    pub order: Order<'m>,
    /// How far the whole work is.
    pub percent: Option<f64>,
}

/// Paths in a message.
pub struct Paths<'m> {
    peek: Peek<'m>,
    refs: Refs<'m>,
}

/// Pairs of paths in a message.
pub struct Moves<'m> {
    peek: Peek<'m>,
    pairs: Pairs<'m>,
}

impl Paths<'_> {
    /// Each path; what is no text is an empty one, which nothing has.
    pub fn iter(&self) -> impl Iterator<Item = String> {
        self.refs.iter().map(|path| text_at(&self.peek, path))
    }
}

impl Moves<'_> {
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
    /// [`DeviceError::Nonsense`] for what is no message, or an order without what it needs.
    pub fn read(bytes: &'m [u8]) -> Result<Self, DeviceError> {
        let peek = peek(bytes)?;
        let members = peek.root().ok().and_then(Object::array);
        let members = members.ok_or_else(|| DeviceError::Nonsense("a message that is no list".to_owned()))?;
        let name = members.get(0).map(|name| text_at(&peek, name)).filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| DeviceError::Nonsense("a message without a name".to_owned()))?;
        let parts = Parts { peek, members };
        let order = parts.order(&name, bytes)?;
        let percent_at = if matches!(order, Order::Upload) { 2 } else { 3 };
        let percent = parts.number(percent_at).filter(|percent| (0.0..=100.0).contains(percent));
        Ok(Self { order, percent })
    }
}

/// A message that is being taken apart.
struct Parts<'m> {
    peek: Peek<'m>,
    members: Refs<'m>,
}

impl<'m> Parts<'m> {
    fn order(&self, name: &str, bytes: &[u8]) -> Result<Order<'m>, DeviceError> {
        Ok(match name {
            "DLMessageDownloadFiles" => Order::Download(self.paths(name)?),
            "DLMessageUploadFiles" => Order::Upload,
            "DLMessageGetFreeDiskSpace" => Order::FreeSpace,
            "DLMessagePurgeDiskSpace" => {
                Order::Purge(self.number(1).filter(|n| (0.0..9e18).contains(n)).map(|n| n as u64))
            }
            "DLContentsOfDirectory" => Order::List(self.text(1)),
            "DLMessageCreateDirectory" => Order::MakeFolder(self.text(1)),
            "DLMessageMoveFiles" | "DLMessageMoveItems" => Order::Move(self.moves(name)?),
            "DLMessageRemoveFiles" | "DLMessageRemoveItems" => Order::Remove(self.paths(name)?),
            "DLMessageCopyItem" => Order::Copy(self.text(1), self.text(2)),
            "DLMessageDisconnect" => Order::Disconnect(self.text(1)),
            "DLMessageProcessMessage" => Order::Response(response(bytes)?),
            other => Order::Unknown(other.chars().take(80).collect()),
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

    fn paths(&self, name: &str) -> Result<Paths<'m>, DeviceError> {
        let refs = self.object(1).and_then(Object::array).filter(|refs| refs.len() <= MOST_PATHS);
        let refs =
            refs.ok_or_else(|| DeviceError::Nonsense(format!("{name} has no list of paths that makes sense")))?;
        Ok(Paths { peek: self.peek, refs })
    }

    fn moves(&self, name: &str) -> Result<Moves<'m>, DeviceError> {
        let pairs = self.object(1).and_then(Object::dictionary).filter(|pairs| pairs.len() <= MOST_PATHS);
        let pairs = pairs.ok_or_else(|| DeviceError::Nonsense(format!("{name} has no paths that make sense")))?;
        Ok(Moves { peek: self.peek, pairs })
    }
}

fn response(bytes: &[u8]) -> Result<Response, DeviceError> {
    let value = reader::read(bytes).map_err(|error| DeviceError::Nonsense(error.to_string()))?;
    let answer = value.as_array().and_then(|members| members.get(1)).and_then(Read::as_dictionary);
    answer.map(Response::of).ok_or_else(|| DeviceError::Nonsense("an answer that says nothing".to_owned()))
}
