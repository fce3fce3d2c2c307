//! Property lists on the wire: a length of four bytes, then the list. Devices are strangers: what they send is read
//! under the budgets of [`corer_schemas::formats::plist`].

use std::time::Duration;

use corer_schemas::formats::plist::{self as reader, Dictionary as PlistDictionary, Value as PlistValue};
pub use plist::{Dictionary, Value};

use super::error::DeviceError;
use super::stream::Stream;

/// The largest answer of a daemon or of a small service, in bytes. Lists of installed apps are the largest.
const LARGEST: u32 = 32 << 20;
/// How long a small service may take to answer.
pub const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// Makes a dictionary to send.
#[macro_export]
#[doc(hidden)]
macro_rules! message {
    ($($key:literal : $value:expr),* $(,)?) => {{
        #[allow(unused_mut)]
        let mut dictionary = $crate::device::wire::Dictionary::new();
        $(dictionary.insert($key.to_owned(), $crate::device::wire::Value::from($value));)*
        dictionary
    }};
}
pub(crate) use message;

/// A property list as XML.
///
/// # Errors
/// When a value cannot be written, which none of corer's cannot.
pub fn xml(dictionary: Dictionary) -> Result<Vec<u8>, DeviceError> {
    let mut bytes = Vec::new();
    Value::Dictionary(dictionary).to_writer_xml(&mut bytes).map_err(unwritable)?;
    Ok(bytes)
}

/// A property list in binary form behind `head` bytes of room.
///
/// # Errors
/// As [`xml`].
pub fn binary(value: &Value, head: usize) -> Result<Vec<u8>, DeviceError> {
    let mut bytes = Vec::new();
    value.to_writer_binary(&mut bytes).map_err(unwritable)?;
    bytes.splice(0..0, std::iter::repeat_n(0, head));
    Ok(bytes)
}

fn unwritable(error: plist::Error) -> DeviceError {
    DeviceError::Protocol(format!("a message cannot be written: {error}"))
}

/// Sends a dictionary as small services want it.
///
/// # Errors
/// Those of the connection.
pub fn send(stream: &mut Stream, dictionary: Dictionary) -> Result<(), DeviceError> {
    let body = xml(dictionary)?;
    let length = u32::try_from(body.len()).map_err(|_| DeviceError::Protocol("a message is too long".to_owned()))?;
    // In one piece: two would wait for each other on TCP.
    let mut whole = length.to_be_bytes().to_vec();
    whole.extend(body);
    stream.send(&whole)
}

/// Receives a dictionary from a small service.
///
/// # Errors
/// [`DeviceError::Protocol`] for anything else.
pub fn receive(stream: &mut Stream, timeout: Duration) -> Result<PlistDictionary, DeviceError> {
    let mut length = [0; 4];
    stream.read_within(&mut length, timeout)?;
    let body = body(stream, u32::from_be_bytes(length), LARGEST, ANSWER_TIMEOUT)?;
    dictionary(&body)
}

/// Sends a dictionary and receives the answer.
///
/// # Errors
/// As [`send`] and [`receive`].
pub fn ask(stream: &mut Stream, dictionary: Dictionary) -> Result<PlistDictionary, DeviceError> {
    send(stream, dictionary)?;
    receive(stream, ANSWER_TIMEOUT)
}

/// Receives so many bytes, if they are not more than makes sense. Memory grows with what comes, not with what is said.
///
/// # Errors
/// [`DeviceError::Protocol`] for a length above `largest`.
pub fn body(stream: &mut Stream, length: u32, largest: u32, timeout: Duration) -> Result<Vec<u8>, DeviceError> {
    const STEP: usize = 1 << 20;
    if length > largest {
        return Err(DeviceError::Protocol(format!("a message of {length} bytes, where {largest} is the most")));
    }
    let length = length as usize;
    let mut bytes = Vec::new();
    while bytes.len() < length {
        let old = bytes.len();
        bytes.resize(length.min(old + STEP), 0);
        stream.read_within(bytes.get_mut(old..).unwrap_or_default(), timeout)?;
    }
    Ok(bytes)
}

/// Reads the dictionary in a message.
///
/// # Errors
/// [`DeviceError::Protocol`] for anything else.
pub fn dictionary(bytes: &[u8]) -> Result<PlistDictionary, DeviceError> {
    match reader::read(bytes) {
        Ok(PlistValue::Dictionary(dictionary)) => Ok(dictionary),
        Ok(_) => Err(DeviceError::Protocol("a message that is no dictionary".to_owned())),
        Err(error) => Err(DeviceError::Protocol(error.to_string())),
    }
}

/// The same value, to be sent or stored.
pub fn to_send(value: &PlistValue) -> Value {
    match value {
        PlistValue::Dictionary(dictionary) => Value::Dictionary(dictionary_to_send(dictionary)),
        PlistValue::Array(members) => Value::Array(members.iter().map(to_send).collect()),
        PlistValue::Data(bytes) => Value::Data(bytes.clone()),
        PlistValue::Date(_) => value.as_date().and_then(date).map_or_else(|| Value::String(String::new()), Value::Date),
        PlistValue::Integer(number) => match (i64::try_from(*number), u64::try_from(*number)) {
            (Ok(number), _) => Value::from(number),
            (_, Ok(number)) => Value::from(number),
            _ => Value::from(0),
        },
        PlistValue::Real(number) => Value::Real(*number),
        PlistValue::String(text) => Value::String(text.clone()),
        PlistValue::Uid(index) => Value::from(*index),
        PlistValue::Boolean(truth) => Value::Boolean(*truth),
    }
}

/// The same for a dictionary.
pub fn dictionary_to_send(dictionary: &PlistDictionary) -> Dictionary {
    dictionary.iter().map(|(key, value)| (key.to_owned(), to_send(value))).collect()
}

fn date(moment: corer_schemas::AppleTime) -> Option<plist::Date> {
    let timestamp = moment.timestamp()?;
    Some(std::time::SystemTime::from(timestamp).into())
}

/// The text of a key.
pub fn text(answer: &PlistDictionary, key: &str) -> Option<String> {
    answer.get(key).and_then(PlistValue::to_text)
}
