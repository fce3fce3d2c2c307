//! Sources without a manifest: a tree of domains as `corer files get` writes it, a dump of a whole file system, a single
//! database.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use corer_schemas::Skipped;
use corer_schemas::source::{Database, Entry, EntryKind, Opened, Presence, Source, SourceError};

use super::bytes::read_all;
use super::database::{CompanionFile, OpenDatabases, StoredDatabase};
use super::facts::texts_in;
use super::source::{missing, opened};
use super::tree::{Child, ChildKind, FileTree};

/// Folders deeper than this are not looked into.
const DEEPEST: usize = 64;

/// Files that lie somewhere as they are, found by the names that a backup would give them.
pub struct Files {
    tree: Arc<dyn FileTree>,
    layout: Layout,
    databases: OpenDatabases,
}

/// How domains lie in a tree.
enum Layout {
    /// `Domain/relative path`.
    Domains,
    /// `private/var/mobile/…`: where on the device each domain lies, and each container by its identifier.
    Device(Device),
    /// One database and what lies beside it.
    Single(Single),
}

struct Device {
    /// What stands before `mobile/…` in the tree: `private/var/`, `var/` or nothing.
    var: &'static str,
    /// The folders of app and group containers, by domain.
    containers: BTreeMap<String, String>,
}

struct Single {
    /// The folder, in its domain, of the database that the file stands for; and the database's own name.
    folder: String,
    name: String,
    /// The file that stands for it.
    file: String,
}

impl Files {
    /// Looks whether a tree holds domains (`HomeDomain/…`) or a file system (`private/var/mobile/…`).
    pub fn recognise(tree: Arc<dyn FileTree>) -> Option<Self> {
        let children = tree.list("").ok()?;
        let layout = if children.iter().any(|child| child.kind == ChildKind::Folder && is_domain(&child.name)) {
            Layout::Domains
        } else {
            Layout::Device(Device::recognise(tree.as_ref())?)
        };
        Some(Self { tree, layout, databases: OpenDatabases::default() })
    }

    /// Lets one file stand for the database at `path` of a domain. Its log, its sister databases and the folders beside
    /// it are looked for beside the file.
    pub fn single(tree: Arc<dyn FileTree>, file: &str, path: &str) -> Self {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let single = Single { folder: folder.to_owned(), name: name.to_owned(), file: file.to_owned() };
        Self { tree, layout: Layout::Single(single), databases: OpenDatabases::default() }
    }

    /// What this source is, for people.
    pub fn description(&self) -> &'static str {
        match self.layout {
            Layout::Domains => "a folder of domains",
            Layout::Device(_) => "a copy of a device's file system",
            Layout::Single(_) => "a single database",
        }
    }

    /// What could not be read beside the databases that were asked for since the last call: rows that only a write-ahead
    /// log held.
    pub fn take_unreadable(&self) -> Vec<Skipped> {
        self.databases.take_unreadable()
    }

    /// Whether [`take_unreadable`](Self::take_unreadable) has something.
    pub fn has_unreadable(&self) -> bool {
        self.databases.has_unreadable()
    }

    /// The domains that are there.
    pub fn domains(&self) -> Vec<String> {
        match &self.layout {
            Layout::Domains => {
                let children = self.tree.list("").unwrap_or_default().into_iter();
                children.filter(|child| child.kind == ChildKind::Folder).map(|child| child.name).collect()
            }
            Layout::Device(device) => {
                let fixed = DEVICE_PATHS.iter().map(|(domain, _)| (*domain).to_owned());
                let there = fixed.filter(|domain| device.locate(domain, "").is_some_and(|path| self.is_there(&path)));
                there.chain(device.containers.keys().cloned()).collect()
            }
            Layout::Single(_) => Vec::new(),
        }
    }

    fn is_there(&self, folder: &str) -> bool {
        self.tree.list(folder).is_ok_and(|children| !children.is_empty())
    }

    /// Where in the tree a file of a domain would lie.
    fn locate(&self, domain: &str, path: &str) -> Option<String> {
        match &self.layout {
            Layout::Domains if path.is_empty() => Some(domain.to_owned()),
            Layout::Domains => Some(format!("{domain}/{path}")),
            Layout::Device(device) => device.locate(domain, path),
            Layout::Single(single) => single.locate(path),
        }
    }

    /// What cannot be part of any domain, though it is there.
    pub fn left_out(&self) -> Vec<Skipped> {
        self.tree.left_out()
    }

    /// Everything in a domain, and what of it cannot be read.
    pub fn all(&self, domain: &str) -> (Vec<Entry>, Vec<Skipped>) {
        let mut found = WalkResult::default();
        if let Some(place) = self.locate(domain, "") {
            found.entries.extend(self.tree.child(&place).and_then(|child| entry(domain, "", &child)));
            self.collect(domain, "", &place, &mut found, 0);
        }
        found.entries.sort_by(|a, b| a.path.cmp(&b.path));
        (found.entries, found.problems)
    }

    /// Adds what lies at or below a place, depth first and by name.
    fn collect(&self, domain: &str, path: &str, place: &str, found: &mut WalkResult, depth: usize) {
        let children = match self.tree.list(place) {
            Ok(children) if depth < DEEPEST => children,
            Ok(children) if children.is_empty() => return,
            Ok(_) => return found.skip(domain, path, "it lies deeper than folders go on a device"),
            Err(error) => return found.skip(domain, path, error),
        };
        for child in children {
            let inside = |folder: &str| match folder {
                "" => child.name.clone(),
                folder => format!("{folder}/{}", child.name),
            };
            let (path, place) = (inside(path), inside(place));
            found.entries.extend(entry(domain, &path, &child));
            match child.kind {
                ChildKind::Folder => self.collect(domain, &path, &place, found, depth + 1),
                ChildKind::Nameless => found.skip(domain, &path, "its name is no text"),
                ChildKind::File(_) | ChildKind::Other => {}
            }
        }
    }

    /// Where it lies: the folder or archive, or the one file.
    pub fn place(&self) -> PathBuf {
        match &self.layout {
            Layout::Domains | Layout::Device(_) => self.tree.location().to_owned(),
            Layout::Single(single) => self.tree.location().join(&single.file),
        }
    }
}

/// What a walk found.
#[derive(Default)]
struct WalkResult {
    entries: Vec<Entry>,
    problems: Vec<Skipped>,
}

impl WalkResult {
    fn skip(&mut self, domain: &str, path: &str, why: impl std::fmt::Display) {
        self.problems.push(Skipped::new(format!("{domain}/{path}"), why));
    }
}

impl Source for Files {
    fn entries(&self, domain: &str, prefix: &str) -> Result<Vec<Entry>, SourceError> {
        let Some(place) = self.locate(domain, prefix) else { return Ok(Vec::new()) };
        let mut found = WalkResult::default();
        found.entries.extend(self.tree.child(&place).and_then(|child| entry(domain, prefix, &child)));
        self.collect(domain, prefix, &place, &mut found, 0);
        found.entries.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(found.entries)
    }

    fn entry(&self, domain: &str, path: &str) -> Result<Entry, SourceError> {
        let child = self.locate(domain, path).and_then(|place| self.tree.child(&place));
        let child = child.ok_or_else(|| missing(domain, path))?;
        // A link or a pipe in a file's place is not nothing.
        let other = || SourceError::unreadable(format!("{domain}/{path}"), "it is neither a file nor a folder");
        entry(domain, path, &child).ok_or_else(other)
    }

    fn attributes(&self, _entry: &Entry) -> Result<Vec<(String, Vec<u8>)>, SourceError> {
        Ok(Vec::new())
    }

    fn open(&self, entry: &Entry) -> Result<Opened, SourceError> {
        let place = self.locate(&entry.domain, &entry.path).ok_or_else(|| missing(&entry.domain, &entry.path))?;
        let bytes = self.tree.open(&place).map_err(|error| not_opened(&entry.domain, &entry.path, &error))?;
        opened(bytes, &entry.path)
    }

    fn place(&self, entry: &Entry) -> Option<PathBuf> {
        let place = self.locate(&entry.domain, &entry.path)?;
        Some(self.tree.location().join(place)).filter(|path| path.is_file())
    }

    fn is_one_database(&self) -> bool {
        matches!(self.layout, Layout::Single(_))
    }

    fn database(&self, domain: &str, path: &str) -> Result<Arc<dyn Database>, SourceError> {
        let place = self.locate(domain, path).ok_or_else(|| missing(domain, path))?;
        self.databases.get(&place, || {
            let main = self.tree.open(&place).map_err(|error| not_opened(domain, path, &error))?;
            let beside = |suffix: &str| CompanionFile::in_tree(self.tree.as_ref(), &format!("{place}{suffix}"));
            let stored = StoredDatabase::with_companions(place.clone(), main, beside("-wal"), beside("-journal"));
            // No manifest says that a database stood here: what is none is something else, and not a damaged one.
            match stored.may_be_database() {
                true => Ok(stored),
                false => Err(SourceError::foreign(place.clone(), "it is not a database")),
            }
        })
    }
}

impl Single {
    /// The database is the file; whatever else lies in its folder is looked for beside the file.
    fn locate(&self, path: &str) -> Option<String> {
        let rest = match self.folder.as_str() {
            "" => path,
            folder => path.strip_prefix(folder)?.strip_prefix('/')?,
        };
        match rest.strip_prefix(&self.name) {
            Some("") => Some(self.file.clone()),
            _ => Some(match self.file.rsplit_once('/') {
                Some((folder, _)) => format!("{folder}/{rest}"),
                None => rest.to_owned(),
            }),
        }
    }
}

/// Where the fixed domains lie below `/private/var`.
const DEVICE_PATHS: &[(&str, &str)] = &[
    ("HomeDomain", "mobile"),
    ("CameraRollDomain", "mobile"),
    ("MediaDomain", "mobile"),
    ("HealthDomain", "mobile/Library"),
    ("BooksDomain", "mobile"),
    ("RootDomain", "root"),
    ("KeychainDomain", "Keychains"),
    ("WirelessDomain", "wireless"),
    ("SystemPreferencesDomain", "preferences"),
    ("DatabaseDomain", "db"),
    ("ManagedPreferencesDomain", "Managed Preferences"),
];

/// Where the containers of apps and groups lie, and which domain they are in a backup.
const CONTAINER_FOLDERS: &[(&str, &str)] = &[
    ("AppDomain-", "mobile/Containers/Data/Application"),
    ("AppDomainGroup-", "mobile/Containers/Shared/AppGroup"),
    ("AppDomainPlugin-", "mobile/Containers/Data/PluginKitPlugin"),
    ("SysContainerDomain-", "containers/Data/System"),
    ("SysSharedContainerDomain-", "containers/Shared/SystemGroup"),
];

/// In each container: whose it is.
const CONTAINER_METADATA: &str = ".com.apple.mobile_container_manager.metadata.plist";

impl Device {
    fn recognise(tree: &dyn FileTree) -> Option<Self> {
        let has_library = |var: &str| {
            let home = tree.list(&format!("{var}mobile")).unwrap_or_default();
            home.iter()
                .any(|child| child.kind == ChildKind::Folder && (child.name == "Library" || child.name == "Media"))
        };
        let var = ["private/var/", "var/", ""].into_iter().find(|var| has_library(var))?;
        Some(Self { var, containers: containers(tree, var) })
    }

    fn locate(&self, domain: &str, path: &str) -> Option<String> {
        let fixed = DEVICE_PATHS.iter().find(|(name, _)| *name == domain);
        let root = match fixed {
            Some((_, root)) => format!("{}{root}", self.var),
            None => self.containers.get(domain)?.clone(),
        };
        Some(if path.is_empty() { root } else { format!("{root}/{path}") })
    }
}

fn containers(tree: &dyn FileTree, var: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (prefix, folder) in CONTAINER_FOLDERS {
        let folder = format!("{var}{folder}");
        for child in tree.list(&folder).unwrap_or_default() {
            let container = format!("{folder}/{}", child.name);
            if let Some(owner) = owner_of_container(tree, &container) {
                found.insert(format!("{prefix}{owner}"), container);
            }
        }
    }
    found
}

fn owner_of_container(tree: &dyn FileTree, container: &str) -> Option<String> {
    let bytes = tree.open(&format!("{container}/{CONTAINER_METADATA}")).ok()?;
    let [owner] = texts_in(&read_all(bytes.as_ref(), 1 << 20).ok()?, ["MCMMetadataIdentifier"]);
    owner
}

/// The names of domains are open-ended; these are how they begin or end.
fn is_domain(name: &str) -> bool {
    let (kind, owner) = name.split_once('-').unwrap_or((name, ""));
    let containers =
        ["AppDomain", "AppDomainGroup", "AppDomainPlugin", "SysContainerDomain", "SysSharedContainerDomain"];
    if owner.is_empty() { kind.len() > "Domain".len() && kind.ends_with("Domain") } else { containers.contains(&kind) }
}

fn entry(domain: &str, path: &str, child: &Child) -> Option<Entry> {
    let (kind, size_hint) = match child.kind {
        ChildKind::File(size) => (EntryKind::File, Some(size)),
        ChildKind::Folder => (EntryKind::Directory, None),
        ChildKind::Other | ChildKind::Nameless => return None,
    };
    Some(Entry {
        id: 0,
        domain: domain.to_owned(),
        path: path.to_owned(),
        kind,
        size_hint,
        modified: child.modified,
        created: None,
        presence: Presence::Present,
    })
}

fn not_opened(domain: &str, path: &str, error: &io::Error) -> SourceError {
    match error.kind() {
        io::ErrorKind::NotFound => missing(domain, path),
        _ => SourceError::unreadable(format!("{domain}/{path}"), error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_known_by_their_names() {
        for name in ["HomeDomain", "CameraRollDomain", "AppDomain-com.apple.Notes", "AppDomainGroup-group.x"] {
            assert!(is_domain(name), "{name}");
        }
        for name in ["Domain", "Documents", "my-Domain", "DomainHome", "private"] {
            assert!(!is_domain(name), "{name}");
        }
    }

    #[test]
    fn a_single_database_finds_what_lies_beside_it() {
        let single =
            Single { folder: "Library/SMS".to_owned(), name: "sms.db".to_owned(), file: "here/my.db".to_owned() };
        assert_eq!(single.locate("Library/SMS/sms.db").as_deref(), Some("here/my.db"));
        assert_eq!(single.locate("Library/SMS/Attachments/a/b.jpg").as_deref(), Some("here/Attachments/a/b.jpg"));
        assert_eq!(single.locate("Library/AddressBook/AddressBook.sqlitedb"), None);
    }
}
