//! Which contacts were asked for.

use std::collections::HashSet;

use super::model::Contact;
use super::unique::Unique;
use crate::handles::HandleQuery;
use crate::selection::includes;

/// A choice of contacts, which have no time of their own. The default chooses everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only these people: a name, number or address as typed. Empty: everybody.
    pub with: Vec<String>,
    /// Only members of one of these groups.
    pub groups: Vec<String>,
    /// Only from one of these accounts: its name, or that of its user.
    pub accounts: Vec<String>,
}

impl Filter {
    /// Keeps the contacts that are asked for, and what is said of any of them, in the order of the alphabet.
    pub fn narrow(&self, all: &mut Unique) {
        if *self != Self::default() {
            let [with, groups, accounts] = [&self.with, &self.groups, &self.accounts]
                .map(|typed| typed.iter().map(|typed| HandleQuery::new(typed)).collect::<Vec<_>>());
            all.contacts.retain(|contact| {
                let own = contact.accounts.iter().flat_map(|own| [Some(own.name.as_str()), own.user.as_deref()]);
                includes(&with, contact.found_by().iter().map(String::as_str))
                    && includes(&groups, contact.groups.iter().map(String::as_str))
                    && includes(&accounts, own.flatten())
            });
        }
        let chosen: HashSet<i64> = all.contacts.iter().map(|contact| contact.id).collect();
        all.merged.retain(|merged| merged.of.iter().any(|(_, id)| chosen.contains(id)));
        all.alike.retain(|alike| chosen.contains(&alike.one.1) || chosen.contains(&alike.other.1));
        Contact::sort(&mut all.contacts);
    }
}
