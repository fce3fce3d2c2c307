//! People: who a handle is, after the address book of iOS 3 to 26.
//!
//! [`Directory`] is built once per run and answers for every kind of data: a message, a call and a voicemail know a number
//! or an address, and the person in front of the screen knows a name. It guesses nothing: a number that could be one of
//! two people has no name.

mod directory;
mod handle_index;
mod linked;
mod name_cache;
mod person;
mod person_filter;

pub use directory::{Directory, Owner, People};
pub(crate) use name_cache::NameCache;
pub use person::Person;
pub(crate) use person_filter::PersonFilter;
