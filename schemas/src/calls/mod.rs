//! Calls of iOS 2 to 26: who, when, how long, by which service, and how they went.
//!
//! Four files hold them, and [`Calls`] reads them as one list:
//! - `CallHistory.storedata` (iOS 8 and later), a Core Data store: see the module of the store.
//! - `CallHistoryTemp.storedata` beside it, the same in small: calls that were not moved over yet, or have been and stayed.
//! - `transactions.log`: what is still to be done in the store, see [`Transactions`].
//! - `call_history.db` (iOS 7 and earlier), which some devices kept after they moved to the store.
//!
//! A call that is in several of them counts once. WhatsApp's own list (`CallHistory.sqlite` in the group of the app) is read as one with them.

mod app_log;
mod filter;
mod in_both;
mod legacy;
mod model;
mod parties;
mod position;
mod reader;
mod service;
mod sources;
mod store;
mod transactions;

use crate::kind::{Area, Content, Kept, Kind};

pub use filter::Filter;
pub use model::{Call, Direction, Origin, Outcome, Participant, Verdict};
pub use parties::{Party, people};
pub use reader::Calls;
pub use service::Service;
pub use sources::CallSource;
pub use transactions::Transactions;

/// Where calls lie since iOS 8: domain and path.
pub const DATABASE: (&str, &str) = ("HomeDomain", "Library/CallHistoryDB/CallHistory.storedata");

/// The store of calls that are still to be moved.
const TEMPORARY: (&str, &str) = ("HomeDomain", "Library/CallHistoryDB/CallHistoryTemp.storedata");

/// Where calls lay until iOS 7.
const EARLY: (&str, &str) = ("WirelessDomain", "Library/CallHistory/call_history.db");

/// What is still to be done in the store.
const TRANSACTIONS: (&str, &str) = ("HomeDomain", "Library/CallHistoryTransactions/transactions.log");

/// The same where somebody keeps it beside a single database.
const TRANSACTIONS_BESIDE: (&str, &str) = ("HomeDomain", "Library/CallHistoryDB/transactions.log");

/// Who called whom.
pub static KIND: Kind = Kind {
    name: "calls",
    title: "Calls",
    plural: "calls",
    nouns: ("call", "calls"),
    contents: &[Content { title: "Call history", kept: Kept::EncryptedFrom(13), places: &[DATABASE, EARLY] }],
    areas: &[
        Area::one(DATABASE.0, "Library/CallHistoryDB/", "the call history"),
        Area::one(TRANSACTIONS.0, TRANSACTIONS.1, "the call history"),
        Area::one(EARLY.0, "Library/CallHistory/", "the call history"),
    ],
};
