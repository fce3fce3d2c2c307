//! Folders that are a backup, and folders that were one: everything is there but the list of the files.

use super::facts::Facts;
use super::tree::{Child, ChildKind, FileTree};

/// The list of files since iOS 10, and before.
const DATABASE: &str = "Manifest.db";
const RECORDS: &str = "Manifest.mbdb";

/// Whether there is a manifest in a folder of a tree, or in its `Snapshot`.
pub fn is_backup(tree: &dyn FileTree) -> bool {
    let is_there =
        |folder: &str| [DATABASE, RECORDS].iter().any(|name| tree.size_of(&format!("{folder}{name}")).is_some());
    is_there("") || is_there("Snapshot/")
}

/// What the list of files was called, in a folder that is a backup but for it: the other lists are there, or folders of
/// payloads. `None` for anything else.
pub fn missing_manifest(tree: &dyn FileTree) -> Option<&'static str> {
    let has = |name: &str| tree.size_of(name).is_some();
    if is_backup(tree) || !(has("Manifest.plist") || has("Status.plist") || has("Info.plist")) {
        return None;
    }
    let payloads = Payloads::of(&tree.list("").unwrap_or_default());
    let is_torn = has("Manifest.plist") || has("Status.plist") || payloads != Payloads::default();
    is_torn.then(|| by_version(tree).unwrap_or_else(|| payloads.manifest()))
}

/// What it is called in backups of the iOS that this one says it is of, or of the version of its own lists.
fn by_version(tree: &dyn FileTree) -> Option<&'static str> {
    let (facts, _) = Facts::read(tree, "");
    let major = |version: Option<&String>| version?.split('.').next()?.parse::<u32>().ok();
    let since = |version: Option<u32>, first: u32| Some(if version? < first { RECORDS } else { DATABASE });
    since(major(facts.ios_version.as_ref()), 10)
        .or_else(|| since(major(facts.manifest_version.as_ref()), 10))
        .or_else(|| since(major(facts.status.as_ref().and_then(|status| status.version.as_ref())), 3))
}

/// How payloads lie: all in one folder until iOS 9, since then in folders named by two digits.
#[derive(Default, PartialEq, Eq)]
struct Payloads {
    flat: bool,
    in_folders: bool,
}

impl Payloads {
    fn of(children: &[Child]) -> Self {
        let is_digits = |name: &str, length| name.len() == length && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        let any = |test: &dyn Fn(&Child) -> bool| children.iter().any(test);
        Self {
            flat: any(&|child| matches!(child.kind, ChildKind::File(_)) && is_digits(&child.name, 40)),
            in_folders: any(&|child| child.kind == ChildKind::Folder && is_digits(&child.name, 2)),
        }
    }

    fn manifest(&self) -> &'static str {
        match (self.flat, self.in_folders) {
            (true, false) => RECORDS,
            (false, true) => DATABASE,
            _ => "Manifest.db (iOS 10 and later) or Manifest.mbdb (before)",
        }
    }
}
