//! Whose lists of calls are read: the phone's, and WhatsApp's own beside it.

use std::collections::BTreeMap;

use super::app_log;
use super::in_both::key;
use super::reader::Calls;
use super::transactions::Transactions;
use super::{DATABASE, KIND};
use crate::people::Directory;
use crate::skipped::Skipped;
use crate::source::{Source, SourceError};
use crate::whatsapp::{Account, CALLS};

/// Whose list of calls is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CallSource {
    /// All there are. A call that two of them have counts once.
    #[default]
    All,
    /// The phone's own, in which apps may note their calls.
    Phone,
    /// WhatsApp's own.
    WhatsApp,
}

impl<'s> Calls<'s> {
    /// Opens every file that holds calls. Who took part is looked up in the directory.
    ///
    /// # Errors
    /// When there is no file of calls at all, and when none that is there can be read.
    pub fn open(source: &'s dyn Source, directory: &'s Directory) -> Result<Self, SourceError> {
        Self::open_from(source, directory, CallSource::All)
    }

    /// The same of some lists alone.
    ///
    /// # Errors
    /// As for [`open`](Self::open), of those lists.
    pub fn open_from(source: &'s dyn Source, directory: &'s Directory, from: CallSource) -> Result<Self, SourceError> {
        if source.is_one_database() {
            return Self::open_one(source, directory, from);
        }
        let mut apps = Self::nothing(directory);
        let missing = if from == CallSource::Phone { None } else { apps.take_apps(source) };
        let has_any = !apps.apps.is_empty() || !apps.skipped.is_empty();
        if from == CallSource::WhatsApp {
            return match missing {
                Some(error) if !has_any => Err(error),
                _ => Ok(apps),
            };
        }
        match Self::open_phone(source, directory) {
            Ok(mut phone) => {
                phone.apps = apps.apps;
                phone.notes = apps.notes;
                phone.skipped.append(&mut apps.skipped);
                Ok(phone)
            }
            Err(error) if !has_any => Err(error),
            Err(error) => {
                apps.notes.push(
                    "These are WhatsApp's calls alone: the phone's own list is not in this backup (since iOS 13 only encrypted backups hold it)."
                        .to_owned(),
                );
                if !matches!(error, SourceError::Missing { .. }) {
                    apps.notes.clear();
                    apps.skipped.push(Skipped::part(format!("the phone's own {}", KIND.plural), error));
                }
                Ok(apps)
            }
        }
    }

    /// A single database is what its tables say: the phone's list, or that of an app.
    fn open_one(source: &'s dyn Source, directory: &'s Directory, from: CallSource) -> Result<Self, SourceError> {
        let of_app = || {
            let mut own = Self::nothing(directory);
            own.take_app(source, DATABASE, Account::Personal).map(|()| own)
        };
        match from {
            CallSource::WhatsApp => of_app(),
            CallSource::Phone => Self::open_phone(source, directory),
            CallSource::All => match Self::open_phone(source, directory) {
                Err(SourceError::Foreign { what, why }) => of_app().map_err(|_| SourceError::Foreign { what, why }),
                opened => opened,
            },
        }
    }

    /// What a person should know: which list is not there, what is not read of one.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// A list of nothing.
    pub(super) fn nothing(directory: &'s Directory) -> Self {
        Self {
            directory,
            store: None,
            temporary: None,
            legacy: None,
            log: Transactions::default(),
            apps: BTreeMap::new(),
            notes: Vec::new(),
            skipped: Vec::new(),
        }
    }

    /// Reads the lists of both apps. Gives why there is none, where that is so.
    fn take_apps(&mut self, source: &dyn Source) -> Option<SourceError> {
        let (mut missing, mut has_list) = (None, false);
        for account in Account::ALL {
            match self.take_app(source, (account.domain(), CALLS), account) {
                Ok(()) => has_list = true,
                Err(error @ SourceError::Missing { .. }) => missing = missing.or(Some(error)),
                Err(error) => {
                    let what = format!("calls of {} ({CALLS})", account.service().as_str());
                    self.skipped.push(Skipped::part(what, error));
                }
            }
        }
        missing.filter(|_| !has_list)
    }

    fn take_app(&mut self, source: &dyn Source, place: (&str, &str), account: Account) -> Result<(), SourceError> {
        let read = app_log::read(source, self.directory, place, account, &mut self.skipped)?;
        self.apps.extend(read.calls.into_iter().map(|call| (key(call.origin, call.id), call)));
        if read.others > 0 {
            self.notes.push(format!(
                "{} also has {} in lists that corer does not read: calls that could still be joined, and calls that were planned.",
                account.service().as_str(),
                if read.others == 1 { "1 call".to_owned() } else { format!("{} calls", read.others) }
            ));
        }
        Ok(())
    }
}
