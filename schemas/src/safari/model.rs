//! What Safari keeps, as plain records.

use serde::{Deserialize, Serialize};

use crate::identity::{Identified, Key};
use crate::time::AppleTime;

/// One thing that Safari keeps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum SafariRecord {
    /// A page that was visited.
    Visit(Visit),
    /// Visits that were removed from the history.
    Cleared(Cleared),
    /// A bookmark, a folder of them, or a page to be read later.
    Mark(Mark),
    /// A tab, or a group of them.
    Tab(Tab),
}

/// A page that was visited, once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    /// The row number; of the list of old versions, the place in it.
    pub id: i64,
    /// The address; `None` where the row that has it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What the page called itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// When it was visited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<AppleTime>,
    /// How often the address was visited in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visits: Option<i64>,
    /// On which device.
    pub origin: Origin,
    /// The address that led to it by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirected_from: Option<String>,
    /// The address to which it led by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirected_to: Option<String>,
    /// Whether the page could not be loaded.
    pub failed: bool,
    /// The profile, by its name or else its identifier; `None` for the one that everybody has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Values that make no sense, each with its name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub odd: Vec<String>,
}

/// On which device a page was visited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// On this one.
    ThisDevice,
    /// On another one with the same account.
    OtherDevice,
    /// The database has a number that is not known.
    Unknown(i64),
    /// The database does not say.
    NotStored,
}

/// Visits that were removed from the history: of one address, or all of a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cleared {
    /// The row number.
    pub id: i64,
    /// The address; `None` for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The beginning of the time of which visits were removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<AppleTime>,
    /// Its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<AppleTime>,
    /// As for a [`Visit`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Values that make no sense, each with its name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub odd: Vec<String>,
}

/// A bookmark, a folder of them, or a page to be read later.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// The row number.
    pub id: i64,
    /// The identifier that the device gave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
    /// What it is.
    pub kind: MarkKind,
    /// The number of a folder that is Safari's own: 1 favorites, 2 the menu, 3 the reading list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub special: Option<i64>,
    /// The identifier of the folder that it is in, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// The names of the folders that it is in, the outermost first. Safari's own folders have the names that people see.
    pub path: Vec<String>,
    /// What it is called; of one of Safari's own folders, what people see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When it was put on the reading list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub added: Option<AppleTime>,
    /// When it was last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed: Option<AppleTime>,
    /// When it was last looked at, on the reading list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub viewed: Option<AppleTime>,
    /// The beginning of the page, on the reading list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preview: Option<String>,
    /// Whether it has been read, on the reading list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_read: Option<bool>,
    /// Its place among those beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<i64>,
    /// Whether it is deleted, and kept only until other devices know.
    pub is_deleted: bool,
    /// Whether Safari does not show it.
    pub is_hidden: bool,
    /// Values that make no sense, each with its name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub odd: Vec<String>,
}

/// What a row of bookmarks is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkKind {
    /// The folder that holds all others, which people never see.
    Root,
    /// A folder.
    Folder,
    /// A bookmark.
    Bookmark,
    /// A page on the reading list.
    Reading,
    /// A type that is not known.
    Unknown(i64),
}

/// A tab, or a group of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tab {
    /// The row number; tabs of other devices have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// The identifier that the device gave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
    /// What it is.
    pub kind: TabKind,
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When it was last looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub viewed: Option<AppleTime>,
    /// When it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed: Option<AppleTime>,
    /// Whether it is private.
    pub is_private: bool,
    /// Whether it stands before the others.
    pub is_pinned: bool,
    /// The group that it is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// The other device on which it is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// Values that make no sense, each with its name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub odd: Vec<String>,
}

/// What a row of tabs is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TabKind {
    /// A tab.
    Tab,
    /// A group of tabs.
    Group,
    /// A profile, with groups of its own.
    Profile,
}

impl SafariRecord {
    /// Its address, and what it is called.
    pub fn named(&self) -> (Option<&str>, Option<&str>) {
        let (url, title) = match self {
            Self::Visit(visit) => (&visit.url, &visit.title),
            Self::Cleared(cleared) => (&cleared.url, &None),
            Self::Mark(mark) => (&mark.url, &mark.title),
            Self::Tab(tab) => (&tab.url, &tab.title),
        };
        (url.as_deref(), title.as_deref())
    }
}

/// A visit is known by its address, profile and time; visits that were removed by the same; a bookmark, a folder and a tab by the
/// identifier that the device gave it, else by its folders, address and name.
impl Identified for SafariRecord {
    fn key(&self) -> Key {
        let moment = |date: Option<AppleTime>| date.map(|date| date.nanoseconds().to_string()).unwrap_or_default();
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        match self {
            Self::Visit(it) => {
                Key::Content(vec!["visit".to_owned(), moment(it.date), text(&it.url), text(&it.profile)])
            }
            Self::Cleared(it) => {
                let times = [moment(it.from), moment(it.until)].join(" ");
                Key::Content(vec!["cleared".to_owned(), times, text(&it.url), text(&it.profile)])
            }
            Self::Mark(it) => match &it.uuid {
                Some(uuid) => Key::Given(format!("mark {uuid}")),
                None => {
                    let own = [vec!["mark".to_owned(), text(&it.url), text(&it.title)], it.path.clone()];
                    Key::Content(own.concat())
                }
            },
            Self::Tab(it) => match &it.uuid {
                Some(uuid) => Key::Given(format!("tab {uuid}")),
                None => Key::Content(vec!["tab".to_owned(), text(&it.url), text(&it.title), text(&it.device)]),
            },
        }
    }

    fn moment(&self) -> Option<AppleTime> {
        match self {
            Self::Visit(it) => it.date,
            Self::Cleared(it) => it.until.or(it.from),
            Self::Mark(it) => it.added.or(it.changed),
            Self::Tab(it) => it.viewed.or(it.closed),
        }
    }

    /// A bookmark that moved is the same one; a tab that goes on to other pages is another version.
    fn essence(&self) -> Vec<String> {
        let (url, title) = self.named();
        let title = title.filter(|_| matches!(self, Self::Mark(_)));
        [url, title].into_iter().map(|text| text.unwrap_or_default().to_owned()).collect()
    }
}
