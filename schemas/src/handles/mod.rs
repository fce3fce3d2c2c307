//! Handles: telephone numbers, mail addresses and the names of senders, and how they are compared.
//!
//! - [`folding`]: text as it is compared and searched.
//! - `address`: what a handle is, a number or a text; `number`: which numbers may be the same.
//! - [`HandleQuery`]: whom somebody asked for, and which names, numbers and addresses that means.
//!
//! Whose a handle is, [`people`](crate::people) tells.

mod address;
pub mod folding;
mod number;
mod query;

pub(crate) use address::Address;
pub use folding::{caseless, folded};
pub(crate) use number::{Ending, Number};
pub use query::HandleQuery;
pub(crate) use query::needs_no_space;
