//! The two apps, which may be on one phone side by side.

use crate::kind::DomainPath;
use crate::messages::Service;

/// The database, below the folder of the group.
const DATABASE: &str = "ChatStorage.sqlite";

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
            ("AppDomain-net.whatsapp.WhatsApp", "Documents/ChatStorage.sqlite"),
        ];
        const BUSINESS: &[DomainPath] = &[(Account::Business.domain(), DATABASE)];
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
