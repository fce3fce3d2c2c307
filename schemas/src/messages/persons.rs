//! Which handles are one person.
//!
//! The address book says so. Of handles that it does not know, the database itself may: rows of one `person_centric_id`
//! are one person, by the contacts that the device had when it wrote them.

use std::collections::HashMap;
use std::sync::Arc;

use super::generation::Generation;
use super::model::Chat;
use crate::handles::Address;
use crate::people::Directory;

/// A person in the address book, one that the database knows, or an address that is nobody's in particular.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Who {
    Person(i64),
    Centric(Arc<str>),
    Address(Option<Address>),
}

/// Who handles are.
pub(super) struct Persons<'p> {
    pub(super) directory: &'p Directory,
    /// `None`: the database has nothing to say.
    pub(super) generation: Option<&'p dyn Generation>,
}

impl Persons<'_> {
    /// Who a handle is.
    pub(super) fn who(&self, address: &str) -> Who {
        if let Some(person) = self.directory.person_of(address) {
            return Who::Person(person.id);
        }
        match self.generation.and_then(|generation| generation.person_centric(address)) {
            Some(id) => Who::Centric(Arc::clone(id)),
            None => Who::Address(Address::read(address)),
        }
    }

    /// Notes who of those who take part is somebody that another one is already. A conversation with one person is none
    /// of a group, unless it has a name.
    pub(super) fn tell_apart(&self, chat: &mut Chat) {
        chat.doubled.clear();
        if chat.participants.len() < 2 {
            return;
        }
        // Each of the conversations that this one is made of is with one person, and all of them are shown as one.
        let is_one = !chat.is_group && chat.participants.len() <= 1 + chat.merged.len();
        let mut first: HashMap<Who, usize> = HashMap::new();
        if is_one {
            let named = chat.participants.iter().position(|handle| handle.name.is_some()).unwrap_or(0);
            chat.doubled = (0..chat.participants.len()).filter(|place| *place != named).collect();
            return;
        }
        for (place, handle) in chat.participants.iter().enumerate() {
            if *first.entry(self.who(&handle.address)).or_insert(place) != place {
                chat.doubled.push(place);
            }
        }
        if first.len() == 1 && chat.display_name.is_none() {
            chat.is_group = false;
        }
    }
}
