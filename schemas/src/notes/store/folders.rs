//! Accounts and folders, as a note says where it is.

use std::collections::{HashMap, HashSet};

use crate::skipped::Skipped;

/// Deeper nests of folders than anybody makes.
const DEEPEST: usize = 64;

/// The number of the folder of what was deleted.
const TRASH: i64 = 1;

/// The number of a folder that collects notes of other folders, as far as is known.
const SMART: i64 = 3;

/// A folder that no note is in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OtherFolder {
    /// Its account and its name, with those of the folders around it.
    pub path: Vec<String>,
    /// Whether it collects notes of other folders.
    pub is_smart: bool,
    /// The question by which it does, as stored.
    pub query: Option<String>,
}

/// An account.
#[derive(Debug, Clone, Default)]
pub(super) struct Account {
    pub name: Option<String>,
}

/// A folder.
#[derive(Debug, Clone, Default)]
pub(super) struct Folder {
    pub title: Option<String>,
    pub identifier: Option<String>,
    pub parent: Option<i64>,
    pub account: Option<i64>,
    pub kind: Option<i64>,
    /// The question of one that collects notes of other folders.
    pub query: Option<String>,
    pub is_removed: bool,
}

impl Folder {
    fn is_smart(&self) -> bool {
        self.query.is_some() || self.kind == Some(SMART)
    }

    /// Whether it has what was deleted lately.
    pub(super) fn is_trash(&self) -> bool {
        self.kind == Some(TRASH)
            || self.identifier.as_ref().is_some_and(|identifier| identifier.starts_with("TrashFolder"))
    }
}

/// All of them, by their rows.
#[derive(Debug, Default)]
pub(super) struct Folders {
    pub accounts: HashMap<i64, Account>,
    pub folders: HashMap<i64, Folder>,
}

/// Where a note is.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Whereabouts {
    pub account: Option<String>,
    pub folder: Vec<String>,
    pub is_in_trash: bool,
}

impl Folders {
    /// The rows of a folder and of those around it.
    pub(super) fn around(&self, folder: Option<i64>) -> Vec<i64> {
        let (mut around, mut next) = (Vec::new(), folder);
        while let Some((id, folder)) = next.and_then(|id| Some((id, self.folders.get(&id)?))) {
            around.push(id);
            next = folder.parent.filter(|_| around.len() < DEEPEST);
        }
        around
    }

    /// Where something is that is in a folder.
    pub(super) fn find(&self, folder: Option<i64>, account: Option<i64>) -> Whereabouts {
        let (mut path, mut is_in_trash, mut owner) = (Vec::new(), false, account);
        let mut next = folder;
        while let Some(folder) = next.and_then(|id| self.folders.get(&id)) {
            path.push(folder.title.clone().unwrap_or_else(|| "Folder without a name".to_owned()));
            is_in_trash |= folder.is_trash();
            owner = owner.or(folder.account);
            next = folder.parent.filter(|_| path.len() < DEEPEST);
        }
        path.reverse();
        let account = owner.and_then(|id| self.accounts.get(&id)).and_then(|account| account.name.clone());
        Whereabouts { account, folder: path, is_in_trash }
    }

    /// Those that are neither in `used` nor around one that is, in the order of their names.
    pub(super) fn others(&self, used: impl Iterator<Item = i64>) -> Vec<OtherFolder> {
        let mut full: HashSet<i64> = HashSet::new();
        let outer = self.folders.values().filter_map(|folder| folder.parent);
        for mut id in used.chain(outer) {
            while let Some(folder) = self.folders.get(&id).filter(|_| full.insert(id)) {
                let Some(parent) = folder.parent else { break };
                id = parent;
            }
        }
        let others =
            self.folders.iter().filter(|(id, folder)| !full.contains(id) && !folder.is_removed && !folder.is_trash());
        let mut others: Vec<OtherFolder> = others
            .map(|(id, folder)| {
                let Whereabouts { account, folder: path, .. } = self.find(Some(*id), None);
                let path = account.into_iter().chain(path).collect();
                OtherFolder { path, is_smart: folder.is_smart(), query: folder.query.clone() }
            })
            .collect();
        others.sort();
        others
    }

    /// Cuts circles, and says where.
    pub(super) fn cut_circles(&mut self, skipped: &mut Vec<Skipped>) {
        let mut ids: Vec<i64> = self.folders.keys().copied().collect();
        ids.sort_unstable();
        // What is known to end at a folder without a parent.
        let mut ending: HashMap<i64, bool> = HashMap::new();
        for id in ids {
            let (mut way, mut next) = (Vec::new(), Some(id));
            while let Some(here) = next.filter(|here| !ending.contains_key(here)) {
                if way.contains(&here) || way.len() >= DEEPEST {
                    let named = format!("the place of note folder {here}");
                    skipped.push(Skipped::part(named, "its folders lie in each other, in a circle or too deep"));
                    if let Some(last) = way.last().and_then(|last| self.folders.get_mut(last)) {
                        last.parent = None;
                    }
                    break;
                }
                way.push(here);
                next = self.folders.get(&here).and_then(|folder| folder.parent);
            }
            ending.extend(way.into_iter().map(|id| (id, true)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folders(parents: &[(i64, Option<i64>)]) -> Folders {
        let folder = |(id, parent): &(i64, Option<i64>)| {
            (*id, Folder { title: Some(format!("F{id}")), parent: *parent, ..Folder::default() })
        };
        Folders { folders: parents.iter().map(folder).collect(), ..Folders::default() }
    }

    #[test]
    fn a_folder_is_named_with_those_around_it() {
        let folders = folders(&[(1, None), (2, Some(1)), (3, Some(2)), (4, Some(9))]);
        assert_eq!(folders.find(Some(3), None).folder, ["F1", "F2", "F3"]);
        assert_eq!(folders.find(Some(4), None).folder, ["F4"]);
        assert_eq!(folders.find(Some(77), None), Whereabouts::default());
    }

    #[test]
    fn folders_without_notes_are_known() {
        let mut folders = folders(&[(1, None), (2, Some(1)), (3, Some(2)), (4, None), (5, Some(4)), (6, None)]);
        folders.folders.get_mut(&6).unwrap().query = Some("{}".into());
        let others = folders.others([2].into_iter());
        let names: Vec<_> = others.iter().map(|other| (other.path.join("/"), other.is_smart)).collect();
        assert_eq!(names, [("F1/F2/F3".into(), false), ("F4/F5".into(), false), ("F6".into(), true)]);
    }

    #[test]
    fn circles_are_cut_and_told() {
        let mut skipped = Vec::new();
        let mut folders = folders(&[(1, Some(2)), (2, Some(3)), (3, Some(1)), (4, Some(1)), (5, Some(5))]);
        folders.cut_circles(&mut skipped);
        assert_eq!(skipped.len(), 2);
        assert!(folders.find(Some(4), None).folder.len() <= 4);
        assert_eq!(folders.find(Some(5), None).folder, ["F5"]);
    }

    #[test]
    fn a_nest_too_deep_costs_no_note() {
        let parents: Vec<_> = (0..5_000).map(|id| (id, (id > 0).then_some(id - 1))).collect();
        let (mut folders, mut skipped) = (folders(&parents), Vec::new());
        folders.cut_circles(&mut skipped);
        assert!(!folders.find(Some(4_999), None).folder.is_empty());
    }
}
