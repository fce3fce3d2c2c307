//! Bounded parsers of untrusted bytes.
//!
//! Nothing here trusts a length, a count or a depth that the input claims: every parser has a budget and gives an error
//! when it is spent. None of them panics on any input.
//!
//! - [`plist`]: property lists, XML or binary, as owned values.
//! - [`bplist`]: a look into a binary property list without building anything.
//! - [`content`]: what a file holds, whatever it is called.
//! - [`keyed_archive`]: the object archives that Apple writes into binary property lists.
//! - [`protobuf`]: protocol buffers, field by field.
//! - [`sqlite`]: tables of databases, below SQL.
//! - [`typedstream`]: the older archives that hold the text of messages.

pub mod bplist;
pub mod content;
pub mod keyed_archive;
pub mod plist;
pub mod protobuf;
pub mod quicktime;
pub mod sqlite;
pub mod typedstream;

#[cfg(test)]
mod raw_plist;
