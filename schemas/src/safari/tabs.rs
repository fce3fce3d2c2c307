//! Tabs: those of this device, in groups and profiles, and those that are open on others.
//!
//! `SafariTabs.db` (iOS 15 and later) has them in a table `bookmarks` as bookmarks are: `type` 0 is a tab and 1 a group, a group at the
//! top with `subtype` 2 a profile; `windows.private_tab_group_id` tells which groups are private. `BrowserState.db` (iOS 8 and later)
//! has a table `tabs`; a tab that is in both stands once. `CloudTabs.db` has `cloud_tabs` and `cloud_tab_devices`. Columns:
//! SafariTabs.db of macOS 27; the two others as public readers of backups and of macOS 26 ask for them. Not seen on a real device.

use std::collections::{HashMap, HashSet};

use rusqlite::Connection;

use super::bookmarks::attributes;
use super::model::{SafariRecord, Tab, TabKind};
use super::moment::{moment, of_seconds};
use super::name_of;
use crate::database::{Row, Schema, columns, each_of_table, each_row, integer};
use crate::formats::plist::Value;
use crate::skipped::Skipped;
use crate::source::{Source, SourceError};
use crate::time::AppleTime;

columns! {
    /// The columns of tabs that are stored as bookmarks.
    enum Stored {
        Parent = "parent",
        Kind = "type",
        Subtype = "subtype",
        Title = "title",
        Url = "url",
        Uuid = "external_uuid",
        Closed = "date_closed",
        Extra = "extra_attributes",
        Local = "local_attributes",
    }

    /// The columns of tabs of older versions.
    enum State {
        Uuid = "uuid",
        Title = "title",
        Url = "url",
        Visible = "user_visible_url",
        Viewed = "last_viewed_time",
        Private = "private_browsing",
    }

    /// The columns of tabs of other devices.
    enum Cloud {
        Uuid = "tab_uuid",
        Device = "device_uuid",
        Title = "title",
        Url = "url",
        Pinned = "is_pinned",
        Viewed = "last_viewed_time",
    }

    /// The columns of other devices.
    enum Device { Uuid = "device_uuid", Name = "device_name" }
}

/// Groups within each other beyond this are not followed.
const DEEPEST: usize = 8;

/// Which tabs several databases have, by their identifiers: each comes once, and is private if one of them says so.
#[derive(Debug, Default)]
pub(super) struct SeenTabs {
    all: HashSet<String>,
    private: HashSet<String>,
}

impl SeenTabs {
    /// Marks what a database that was read later says is private.
    pub(super) fn mark_private(&self, tabs: &mut [SafariRecord]) {
        for tab in tabs {
            if let SafariRecord::Tab(tab) = tab {
                tab.is_private |= tab.uuid.as_ref().is_some_and(|uuid| self.private.contains(uuid));
            }
        }
    }
}

/// Reads the tabs of one database, whichever of the three it is. What `seen` has is there already.
///
/// # Errors
/// When it is not there, cannot be read, or is one of something else.
pub(super) fn read(
    source: &dyn Source,
    (domain, path): (&str, &str),
    seen: &mut SeenTabs,
    skipped: &mut Vec<Skipped>,
) -> Result<Vec<SafariRecord>, SourceError> {
    let connection = source.database(domain, path)?.connect()?;
    let name = name_of(path);
    let schema = Schema::probe(&connection).map_err(|error| SourceError::unreadable(name, error))?;
    let mut tabs = if schema.has_column("cloud_tabs", "url") {
        of_other_devices(&connection, &schema, skipped)
    } else if schema.has_column("tabs", "url") {
        of_state(&connection, &schema, skipped)
    } else if schema.has_column("bookmarks", "url") {
        stored(&connection, &schema, skipped)
    } else {
        return Err(SourceError::foreign(name, "it has no table of tabs"));
    };
    let private = tabs.iter().filter(|tab| tab.is_private).filter_map(|tab| tab.uuid.clone());
    seen.private.extend(private);
    tabs.retain(|tab| tab.uuid.as_ref().is_none_or(|uuid| seen.all.insert(uuid.clone())));
    Ok(tabs.into_iter().map(SafariRecord::Tab).collect())
}

fn of_other_devices(connection: &Connection, schema: &Schema, skipped: &mut Vec<Skipped>) -> Vec<Tab> {
    let mut names: HashMap<String, String> = HashMap::new();
    let read = each_of_table(connection, schema, "cloud_tab_devices", &mut |_, row| {
        names.extend(row.name(Device::Uuid).zip(row.name(Device::Name)));
    });
    skipped.extend(read.err().map(|error| Skipped::part("some devices of CloudTabs.db", error)));
    let mut tabs = Vec::new();
    let read = each_of_table(connection, schema, "cloud_tabs", &mut |_, row| {
        let (viewed, odd) = moment(row.value(Cloud::Viewed));
        let device = row.name(Cloud::Device);
        let device = device.map(|device| names.get(&device).cloned().unwrap_or(device));
        tabs.push(Tab {
            uuid: row.name(Cloud::Uuid),
            title: row.some_text(Cloud::Title),
            url: row.some_text(Cloud::Url),
            viewed,
            is_pinned: row.truth(Cloud::Pinned),
            device: Some(device.unwrap_or_else(|| "another device".to_owned())),
            odd: odd.into_iter().map(|odd| format!("time {odd}")).collect(),
            ..empty(None)
        });
    });
    skipped.extend(read.err().map(|error| Skipped::part("some tabs of CloudTabs.db", error)));
    tabs
}

fn of_state(connection: &Connection, schema: &Schema, skipped: &mut Vec<Skipped>) -> Vec<Tab> {
    let mut tabs = Vec::new();
    let read = each_of_table(connection, schema, "tabs", &mut |id, row| {
        let (viewed, odd) = moment(row.value(State::Viewed));
        tabs.push(Tab {
            uuid: row.name(State::Uuid),
            title: row.some_text(State::Title),
            url: row.some_text(State::Url).or_else(|| row.some_text(State::Visible)),
            viewed,
            is_private: row.truth(State::Private),
            odd: odd.into_iter().map(|odd| format!("time {odd}")).collect(),
            ..empty(id)
        });
    });
    skipped.extend(read.err().map(|error| Skipped::part("some tabs of BrowserState.db", error)));
    tabs
}

/// A group: what it is called, what it is in, and what it is.
struct Group {
    name: Option<String>,
    parent: Option<i64>,
    kind: TabKind,
    is_private: bool,
}

fn stored(connection: &Connection, schema: &Schema, skipped: &mut Vec<Skipped>) -> Vec<Tab> {
    let private = private_groups(connection, schema, skipped);
    let mut groups: HashMap<i64, Group> = HashMap::new();
    let mut tabs: Vec<(Tab, Option<i64>)> = Vec::new();
    let read = each_of_table(connection, schema, "bookmarks", &mut |id, row: Row<'_, Stored>| {
        let parent = row.integer(Stored::Parent);
        let is_group = row.integer(Stored::Kind) == Some(1);
        let is_top = parent.unwrap_or_default() == 0;
        let kind = match (is_group, is_top && row.integer(Stored::Subtype) == Some(2)) {
            (false, _) => TabKind::Tab,
            (true, false) => TabKind::Group,
            (true, true) => TabKind::Profile,
        };
        let name = row.name(Stored::Title);
        let is_private = id.is_some_and(|id| private.has(id))
            || is_group && matches!(name.as_deref(), Some("Private" | "privatePinned"));
        if let Some(id) = id.filter(|_| is_group) {
            groups.insert(id, Group { name: name.clone(), parent, kind, is_private });
        }
        let (closed, odd) = moment(row.value(Stored::Closed));
        let tab = Tab {
            uuid: row.name(Stored::Uuid),
            kind,
            title: row.some_text(Stored::Title),
            url: row.some_text(Stored::Url),
            viewed: viewed(row),
            closed,
            is_private,
            odd: odd.into_iter().map(|odd| format!("time {odd}")).collect(),
            ..empty(id)
        };
        tabs.push((tab, parent));
    });
    skipped.extend(read.err().map(|error| Skipped::part("some tabs of SafariTabs.db", error)));
    for (tab, parent) in &mut tabs {
        within(tab, *parent, &groups, &private);
    }
    tabs.into_iter().map(|(tab, _)| tab).collect()
}

/// Says which group and profile a tab is in.
///
/// One whose groups cannot all be found out, where nothing else says which are private, is taken for private: nobody asked for it.
fn within(tab: &mut Tab, parent: Option<i64>, groups: &HashMap<i64, Group>, private: &PrivateGroups) {
    let mut at = parent;
    for depth in 0..=DEEPEST {
        let Some(own) = at.filter(|own| *own != 0 || groups.contains_key(own)) else { return };
        tab.is_private |= private.has(own);
        let Some(group) = groups.get(&own) else {
            tab.is_private |= !private.is_known;
            return;
        };
        if depth == DEEPEST {
            tab.is_private = true;
            return;
        }
        tab.is_private |= group.is_private;
        tab.is_pinned |= matches!(group.name.as_deref(), Some("pinned" | "privatePinned"));
        match group.kind {
            TabKind::Profile => tab.profile.clone_from(&group.name),
            TabKind::Group | TabKind::Tab if tab.group.is_none() && at != Some(0) => tab.group.clone_from(&group.name),
            TabKind::Group | TabKind::Tab => {}
        }
        at = group.parent;
    }
}

/// The groups of private tabs, as far as the windows say.
struct PrivateGroups {
    ids: HashSet<i64>,
    /// Whether all windows could be asked.
    is_known: bool,
}

impl PrivateGroups {
    fn has(&self, id: i64) -> bool {
        self.ids.contains(&id)
    }
}

fn private_groups(connection: &Connection, schema: &Schema, skipped: &mut Vec<Skipped>) -> PrivateGroups {
    let mut private = PrivateGroups { ids: HashSet::new(), is_known: false };
    if schema.has_column("windows", "private_tab_group_id") {
        let query = "SELECT private_tab_group_id FROM windows";
        let read = each_row(connection, query, [], &mut |row| private.ids.extend(integer(row, 0)));
        private.is_known = read.is_ok();
        skipped.extend(read.err().map(|error| Skipped::part("which tabs of SafariTabs.db are private", error)));
    }
    private
}

/// When a tab was last looked at.
fn viewed(row: Row<'_, Stored>) -> Option<AppleTime> {
    let date = |value: &Value| value.as_date().or_else(|| value.as_f64().and_then(of_seconds));
    let of = |column: Stored, key: &str| {
        let list = attributes(row.blob(column))?;
        date(list.as_dictionary()?.get(key)?)
    };
    of(Stored::Extra, "DateLastViewed").or_else(|| of(Stored::Local, "LastVisitTime"))
}

fn empty(id: Option<i64>) -> Tab {
    Tab {
        id,
        uuid: None,
        kind: TabKind::Tab,
        title: None,
        url: None,
        viewed: None,
        closed: None,
        is_private: false,
        is_pinned: false,
        group: None,
        profile: None,
        device: None,
        odd: Vec::new(),
    }
}
