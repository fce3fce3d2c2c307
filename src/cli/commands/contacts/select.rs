//! Which contacts, as typed, and what counts as one.

use clap::Args;
use corer_exporters::output::report::AppliedFilter;
use corer_schemas::contacts::{AddressBook, Contact, Filter, Linking, Unique, unique};
use corer_schemas::handles::HandleQuery;

use crate::cli::input::matched_people::MatchedPeople;

/// Which contacts, and what counts as one.
#[derive(Debug, Args)]
#[command(next_help_heading = "Selection")]
pub struct ContactSelectArgs {
    /// Only this person: a name, number or address; may be repeated
    ///
    /// The beginnings of words are enough, whatever their case and accents; `--with '=Anna Berg'` means exactly that.
    #[arg(long, value_name = "PERSON", allow_hyphen_values = true)]
    pub with: Vec<String>,

    /// Only contacts in this group; may be repeated
    #[arg(long, value_name = "GROUP")]
    pub group: Vec<String>,

    /// Only contacts from this account, such as iCloud; may be repeated
    #[arg(long, value_name = "ACCOUNT")]
    pub account: Vec<String>,

    /// Keep cards apart that the device shows as one
    #[arg(long, conflicts_with = "unique")]
    pub no_link: bool,

    /// Merge contacts that are the same person, and say which
    ///
    /// The same mobile number or mail address and a name that fits, or the same full name with nothing of its own. Firms,
    /// jobs, postal addresses, suffixes, extensions or birthdays that differ, or a name that could be either of two people,
    /// keep them apart; the report lists who may be the same. Nothing is lost: what two say differently is kept.
    #[arg(long)]
    pub unique: bool,
}

impl ContactSelectArgs {
    /// What narrowed the choice, as typed.
    pub fn filters(&self) -> Vec<AppliedFilter> {
        let with = self.with.iter().map(|value| AppliedFilter::new("with", value));
        let group = self.group.iter().map(|value| AppliedFilter::new("group", value));
        let account = self.account.iter().map(|value| AppliedFilter::new("account", value));
        with.chain(group).chain(account).collect()
    }

    /// What was asked for.
    pub fn resolve(&self) -> Filter {
        Filter { with: self.with.clone(), groups: self.group.clone(), accounts: self.account.clone() }
    }

    /// The contacts of an address book, before any choice.
    pub fn contacts(&self, book: AddressBook) -> Unique {
        let contacts = book.contacts(if self.no_link { Linking::Apart } else { Linking::Together });
        match self.unique {
            true => unique(contacts),
            false => Unique { contacts, merged: Vec::new(), alike: Vec::new() },
        }
    }
}

/// Whom of some contacts `--with` means.
pub fn matched_people(typed: &[String], contacts: &[Contact]) -> Option<MatchedPeople> {
    let mut whom = MatchedPeople::nobody("--with");
    let found_by: Vec<(&Contact, Vec<String>)> =
        contacts.iter().filter(|_| !typed.is_empty()).map(|contact| (contact, contact.found_by())).collect();
    for asked in typed.iter().map(|typed| HandleQuery::new(typed)) {
        let is_meant = |names: &[String]| names.iter().any(|name| asked.means(name));
        let meant = found_by.iter().filter(|(_, names)| is_meant(names)).filter_map(|(contact, _)| contact.title());
        whom.add(&asked, meant.collect(), found_by.iter().flat_map(|(_, names)| names).map(String::as_str));
    }
    (!typed.is_empty()).then_some(whom)
}
