//! Calls of iOS 2 to 26: who, when, how long, by which service, and how they went.
//!
//! Three files hold them, and [`Calls`] reads them as one list:
//! - `CallHistory.storedata` (iOS 8 and later), a Core Data store: see the module of the store.
//! - `CallHistoryTemp.storedata` beside it, the same in small: calls that were not moved over yet, or have been and stayed.
//! - `call_history.db` (iOS 7 and earlier), which some devices kept after they moved to the store.
//!
//! A call that is in two of them counts once.

mod early;
mod model;
mod place;
mod reader;
mod service;
mod store;

pub use model::{Call, Direction, Origin, Outcome, Participant, Verdict};
pub use reader::{Calls, Choice};
pub use service::Service;

/// Where calls lie since iOS 8: domain and path.
pub const DATABASE: (&str, &str) = ("HomeDomain", "Library/CallHistoryDB/CallHistory.storedata");

/// The store of calls that are still to be moved.
const TEMPORARY: (&str, &str) = ("HomeDomain", "Library/CallHistoryDB/CallHistoryTemp.storedata");

/// Where calls lay until iOS 7.
const EARLY: (&str, &str) = ("WirelessDomain", "Library/CallHistory/call_history.db");
