//! Contacts as plain text, for the terminal.

use corer_schemas::contacts::Contact;

use super::fields::{self, fields, one_line};

/// What a contact is called.
pub fn title(contact: &Contact) -> String {
    fields::title(contact)
}

/// The first telephone number, the first mail address and the organisation, each on one line, empty where there is none.
pub fn summary(contact: &Contact) -> [String; 3] {
    let first = |values: &[corer_schemas::contacts::Labelled<String>]| {
        values.first().map(|value| one_line(&value.value)).unwrap_or_default()
    };
    let organization = contact.organization.as_deref().map(one_line).unwrap_or_default();
    let organization = if organization == title(contact) { String::new() } else { organization };
    [first(&contact.phones), first(&contact.emails), organization]
}

/// Every field as name and text; a text may have several lines.
pub fn card(contact: &Contact) -> Vec<(String, String)> {
    let mut lines: Vec<(String, String)> =
        fields(contact).into_iter().map(|field| (one_line(&field.name), field.value)).collect();
    if !contact.groups.is_empty() {
        lines.push(("groups".to_owned(), contact.groups.join(", ")));
    }
    lines.extend(contact.accounts.iter().map(|account| ("account".to_owned(), account_name(account))));
    lines
}

/// An account and who is signed in there.
pub(super) fn account_name(account: &corer_schemas::contacts::Account) -> String {
    match &account.user {
        Some(user) => format!("{} ({user})", account.name),
        None => account.name.clone(),
    }
}
