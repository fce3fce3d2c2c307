//! People: who a handle is, after the address book of iOS 3 to 26.
//!
//! [`Directory`] is built once per run and answers for every kind of data: a message, a call and a voicemail know a number
//! or an address, and the person in front of the screen knows a name. It guesses nothing: a number that could be one of
//! two people has no name.

mod address;
mod asked;
mod directory;
mod linked;
mod listing;
mod names;
mod wanted;

pub(crate) use crate::folding::folded;
pub(crate) use address::{Address, Ending, Number};
pub use asked::Asked;
pub use directory::{Directory, Owner, People, Person};
pub(crate) use names::Names;
pub(crate) use wanted::Wanted;

pub use crate::contacts::DATABASE;
