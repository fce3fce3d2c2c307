//! `message_summary_info`: what was edited and unsent, as a property list.
//!
//! `otr` gives the parts (`lo` start, `le` length), `ec` for each part its versions (`d` seconds since 2001 as a real,
//! `t` attributed text, `bcg` identifier), `ep` the edited parts, `rp` the parts that were unsent.

use plist::{Dictionary, Value};

use crate::error::Result;
use crate::life::Moment;
use crate::mbfile::to_binary;
use crate::plists::{dictionary, text};
use crate::typedstream;

/// The summary of a message of one part with all its versions, oldest first.
///
/// # Errors
/// Passes on errors of the encoder.
pub fn edited(versions: &[(Moment, &str)]) -> Result<Vec<u8>> {
    let history = versions.iter().map(|(at, words)| {
        dictionary([
            ("d", Value::Real(at.apple())),
            ("t", Value::Data(typedstream::plain(words))),
            ("bcg", text("00000000-0000-4000-8000-00000000BC60")),
        ])
    });
    let length = versions.last().map_or(0, |(_, words)| words.encode_utf16().count());
    to_binary(&dictionary([
        ("amc", Value::Integer(1.into())),
        ("ust", Value::Boolean(true)),
        ("otr", parts(length)),
        ("ec", dictionary([("0", Value::Array(history.collect()))])),
        ("ep", Value::Array(vec![Value::Integer(0.into())])),
    ]))
}

/// The summary of a message whose only part was unsent.
///
/// # Errors
/// Passes on errors of the encoder.
pub fn unsent() -> Result<Vec<u8>> {
    unsent_part(0)
}

/// The summary of a message of which one part was unsent.
///
/// # Errors
/// Passes on errors of the encoder.
pub fn unsent_part(part: u64) -> Result<Vec<u8>> {
    to_binary(&dictionary([
        ("amc", Value::Integer(1.into())),
        ("ust", Value::Boolean(true)),
        ("otr", parts(12)),
        ("ec", Value::Dictionary(Dictionary::new())),
        ("rp", Value::Array(vec![Value::Integer(part.into())])),
    ]))
}

/// The summary of a message that the phone translated: `tmp` holds an archive.
///
/// # Errors
/// Passes on errors of the encoder.
pub fn translated(archive: Vec<u8>) -> Result<Vec<u8>> {
    to_binary(&dictionary([("ust", Value::Boolean(true)), ("tmp", Value::Data(archive))]))
}

fn parts(length: usize) -> Value {
    let range = [("lo", Value::Integer(0.into())), ("le", Value::Integer((length as u64).into()))];
    dictionary([("0", dictionary(range))])
}
