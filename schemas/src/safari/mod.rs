//! Safari: where somebody went, what was kept, and what was open.
//!
//! Five databases, of which a backup may have any: `History.db` (one for each profile), `Bookmarks.db` with the reading list,
//! `SafariTabs.db` and `BrowserState.db` with the tabs of the device, `CloudTabs.db` with those of others. Before iOS 8 the history
//! was a property list. They are one kind, because people ask for them as one; what a record is of, its variant says.

mod bookmarks;
mod filter;
mod history;
mod model;
mod moment;
mod old_history;
mod reader;
mod tabs;

use crate::kind::{Area, Content, DomainPath, Kept, Kind};

pub use filter::{Filter, Part};
pub use model::{Cleared, Mark, MarkKind, Origin, SafariRecord, Tab, TabKind, Visit};
pub use reader::Safari;

const HOME: &str = "HomeDomain";
const BROWSER: &str = "AppDomain-com.apple.mobilesafari";

/// Where histories lie: that of the first profile, of iOS 8 and later, in either place, and the list of before.
const HISTORIES: [DomainPath; 3] = [
    (HOME, "Library/Safari/History.db"),
    (BROWSER, "Library/Safari/History.db"),
    (HOME, "Library/Safari/History.plist"),
];

/// Where the histories of other profiles lie, each in a folder that is called by its identifier.
const PROFILES: DomainPath = (BROWSER, "Library/Safari/Profiles");

/// Where bookmarks and the reading list lie.
const BOOKMARKS: DomainPath = (HOME, "Library/Safari/Bookmarks.db");

/// Where tabs lie, the one that tells most of a tab first.
const TABS: [DomainPath; 5] = [
    (HOME, "Library/Safari/SafariTabs.db"),
    (BROWSER, "Library/Safari/SafariTabs.db"),
    (HOME, "Library/Safari/BrowserState.db"),
    (BROWSER, "Library/Safari/BrowserState.db"),
    (HOME, "Library/Safari/CloudTabs.db"),
];

/// Where somebody went in the net, and what was kept of it.
pub static KIND: Kind = Kind {
    name: "safari",
    title: "Safari",
    plural: "pages",
    nouns: ("entry", "entries"),
    contents: &[
        Content { title: "Safari history", kept: Kept::EncryptedFrom(13), places: &HISTORIES },
        Content { title: "Safari bookmarks", kept: Kept::Always, places: &[BOOKMARKS] },
    ],
    areas: &[
        Area::one(HOME, "Library/Safari/", "Safari's history or bookmarks"),
        Area::one(BROWSER, "Library/Safari/", "Safari's history or bookmarks"),
    ],
};

/// What people call a file in what is said about it.
fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}
