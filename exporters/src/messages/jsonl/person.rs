//! Who wrote or takes part, in a record.

use corer_schemas::messages::{Handle, Sender};
use serde::Serialize;

/// A person by the address, and the name where it is known.
#[derive(Serialize)]
pub(super) struct Person<'a> {
    handle: &'a str,
    name: Option<&'a str>,
}

impl<'a> Person<'a> {
    pub(super) fn new(handle: &'a Handle) -> Self {
        Person { handle: &handle.address, name: handle.name.as_deref() }
    }

    pub(super) fn of(sender: &'a Sender) -> Option<Self> {
        sender.as_deref().map(Self::new)
    }
}
