//! The two apps, which may be on one phone side by side.

use crate::kind::DomainPath;
use crate::messages::Service;

/// The database, below the folder of the group.
const DATABASE: &str = "ChatStorage.sqlite";

/// The domain of the app itself, where everything lay before it had a group.
const OLD: &str = "AppDomain-net.whatsapp.WhatsApp";

/// What is added to the numbers of rows of the second app, so that no number means two things.
const SECOND: i64 = 1 << 32;

/// An app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Account {
    /// WhatsApp.
    Personal,
    /// WhatsApp Business.
    Business,
}

impl Account {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Personal, Self::Business];

    /// The domain of its group.
    pub const fn domain(self) -> &'static str {
        match self {
            Self::Personal => "AppDomainGroup-group.net.whatsapp.WhatsApp.shared",
            Self::Business => "AppDomainGroup-group.net.whatsapp.WhatsAppSMB.shared",
        }
    }

    /// Where its conversations lie, the newest place first.
    pub const fn places(self) -> &'static [DomainPath] {
        const PERSONAL: &[DomainPath] = &[
            (Account::Personal.domain(), DATABASE),
            // Before iOS 8 apps had no groups.
            (OLD, "Documents/ChatStorage.sqlite"),
        ];
        const BUSINESS: &[DomainPath] = &[(Account::Business.domain(), DATABASE)];
        match self {
            Self::Personal => PERSONAL,
            Self::Business => BUSINESS,
        }
    }

    /// Where its settings lie, the newest place first.
    pub(super) const fn settings(self) -> &'static [DomainPath] {
        const PERSONAL: &[DomainPath] = &[
            (Account::Personal.domain(), "Library/Preferences/group.net.whatsapp.WhatsApp.shared.plist"),
            (OLD, "Library/Preferences/net.whatsapp.WhatsApp.plist"),
        ];
        const BUSINESS: &[DomainPath] = &[
            (Account::Business.domain(), "Library/Preferences/group.net.whatsapp.WhatsAppSMB.shared.plist"),
            ("AppDomain-net.whatsapp.WhatsAppSMB", "Library/Preferences/net.whatsapp.WhatsAppSMB.plist"),
        ];
        match self {
            Self::Personal => PERSONAL,
            Self::Business => BUSINESS,
        }
    }

    /// Where its media lie, the newest place first: a domain, and what the path begins with.
    pub(super) const fn media(self) -> &'static [DomainPath] {
        const PERSONAL: &[DomainPath] =
            &[(Account::Personal.domain(), "Message/"), (Account::Personal.domain(), ""), (OLD, "Library/")];
        const BUSINESS: &[DomainPath] = &[(Account::Business.domain(), "Message/"), (Account::Business.domain(), "")];
        match self {
            Self::Personal => PERSONAL,
            Self::Business => BUSINESS,
        }
    }

    /// By what its messages travel.
    pub fn service(self) -> Service {
        match self {
            Self::Personal => Service::WhatsApp,
            Self::Business => Service::WhatsAppBusiness,
        }
    }

    /// What is added to the numbers of its rows.
    pub(super) fn offset(self) -> i64 {
        match self {
            Self::Personal => 0,
            Self::Business => SECOND,
        }
    }
}
