//! What a path that a person typed stands for. One level too high or too low is forgiven.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::archive::{Subtree, Zip};
use super::archive_kind::{archive_kind, begins_as_zip};
use super::backup_folder::{is_backup, missing_manifest};
use super::committed;
use super::files::Files;
use super::open::{BackupError, LockedBackup};
use super::tree::{ChildKind, FileTree, Folder};

/// What a path stands for.
pub enum Located {
    /// A backup, not yet unlocked.
    Backup(Box<LockedBackup>),
    /// Files without a manifest.
    Files(Box<Files>),
}

impl Located {
    /// Where it lies, which may be a level above or below what was typed: the folder or archive, or the single file.
    pub fn place(&self) -> PathBuf {
        match self {
            Self::Backup(backup) => backup.tree().location().to_owned(),
            Self::Files(files) => files.place(),
        }
    }
}

/// Why a path stands for nothing that can be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LocateError {
    /// There is nothing of that name.
    #[error("there is no {}", .0.display())]
    NotThere(PathBuf),
    /// It is there, and is neither a backup nor anything else that can be read.
    #[error("{} is no backup: {why}", .path.display())]
    NotABackup {
        /// What was given.
        path: PathBuf,
        /// What was looked for.
        why: String,
    },
    /// It holds several backups.
    #[error("{} holds several backups", .path.display())]
    Several {
        /// What was given.
        path: PathBuf,
        /// The backups in it.
        backups: Vec<PathBuf>,
    },
    /// It is an archive of a kind that is not looked into.
    #[error("{} is an archive ({kind}): unpack it first, and name the folder", .path.display())]
    Packed {
        /// What was given.
        path: PathBuf,
        /// Of which kind.
        kind: &'static str,
    },
    /// It has everything of a backup but the list of its files.
    #[error("{} is a backup without its manifest: {manifest} is missing", .path.display())]
    NoManifest {
        /// What was given.
        path: PathBuf,
        /// What its manifest was called.
        manifest: &'static str,
    },
    /// The operating system does not let it be read.
    #[error("{} cannot be read: {error}", .path.display())]
    Io {
        /// What was read.
        path: PathBuf,
        /// What the operating system says.
        error: io::Error,
    },
    /// It is a backup that cannot be opened.
    #[error(transparent)]
    Backup(#[from] BackupError),
}

/// Finds out what a path stands for. `main_database` is the path, in its domain, of the database that a single file
/// stands for; without it a single file is no source.
///
/// # Errors
/// [`LocateError`] says what was looked for.
pub fn locate(path: &Path, main_database: Option<&str>) -> Result<Located, LocateError> {
    let metadata = fs::metadata(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => LocateError::NotThere(path.to_owned()),
        _ => LocateError::Io { path: path.to_owned(), error },
    })?;
    match metadata {
        folder if folder.is_dir() => locate_folder(path),
        file if file.is_file() => locate_file(path, main_database),
        // Opening a pipe would wait for a writer.
        _ => {
            Err(LocateError::NotABackup { path: path.to_owned(), why: "it is neither a file nor a folder".to_owned() })
        }
    }
}

/// What keeps a folder from being looked into, itself or one directly in it.
fn closed(path: &Path, tree: &dyn FileTree) -> Option<LocateError> {
    let denied = |error: &io::Error| error.kind() == io::ErrorKind::PermissionDenied;
    let manifests = ["Manifest.db", "Manifest.mbdb"];
    let own = manifests.iter().find_map(|name| tree.look_for(name).err().map(|error| (path.to_owned(), error)));
    let below = || {
        let children = tree.list("").unwrap_or_default().into_iter();
        let folders = children.filter(|child| child.kind == ChildKind::Folder).map(|child| path.join(child.name));
        folders.into_iter().find_map(|folder| fs::read_dir(&folder).err().filter(denied).map(|error| (folder, error)))
    };
    own.or_else(below).map(|(path, error)| LocateError::Io { path, error })
}

fn locate_folder(path: &Path) -> Result<Located, LocateError> {
    // The operating system's own word goes first: a folder that may not be read looks like an empty one.
    fs::read_dir(path).map_err(|error| LocateError::Io { path: path.to_owned(), error })?;
    let tree = committed::folder(path);
    // Folders are opened as what they are, so that the backup knows where it lies.
    if let Some(found) = locate_tree(&tree, &|name| committed::folder(path.join(name)))? {
        return Ok(found);
    }
    let above = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    match above.map(committed::folder).filter(|folder| is_backup(folder.as_ref())) {
        Some(backup) => open(backup),
        None => {
            let torn = torn(&tree, &|name| committed::folder(path.join(name)));
            let closed = || closed(path, tree.as_ref());
            Err(torn.or_else(closed).unwrap_or_else(|| not_a_backup(path)))
        }
    }
}

fn locate_file(path: &Path, main_database: Option<&str>) -> Result<Located, LocateError> {
    // The person may name a link; what lies beside the file lies beside what it links to.
    let path = &path.canonicalize().map_err(|error| LocateError::Io { path: path.to_owned(), error })?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    if matches!(name.as_ref(), "Manifest.db" | "Manifest.mbdb" | "Manifest.plist" | "Info.plist" | "Status.plist") {
        return locate_folder(folder);
    }
    if begins_as_zip(path).map_err(|error| LocateError::Io { path: path.to_owned(), error })? {
        return locate_zip(path);
    }
    if let Some(kind) = archive_kind(path).map_err(|error| LocateError::Io { path: path.to_owned(), error })? {
        return Err(LocateError::Packed { path: path.to_owned(), kind });
    }
    let Some(database) = main_database else {
        let why = "it is a single file; a database on its own can be given to the command of its kind \
                   (corer messages -b sms.db)";
        return Err(LocateError::NotABackup { path: path.to_owned(), why: why.to_owned() });
    };
    Ok(Located::Files(Box::new(Files::single(Arc::new(Folder::new(folder)), &name, database))))
}

fn locate_zip(path: &Path) -> Result<Located, LocateError> {
    let zip = Zip::open(path).map_err(|error| LocateError::NotABackup {
        path: path.to_owned(),
        why: format!("the archive cannot be read ({error})"),
    })?;
    let tree: Arc<dyn FileTree> = Arc::new(zip);
    let inside = |name: &str| Arc::new(Subtree::new(Arc::clone(&tree), name)) as Arc<dyn FileTree>;
    locate_tree(&tree, &inside)?.ok_or_else(|| torn(&tree, &inside).unwrap_or_else(|| not_a_backup(path)))
}

/// A backup without its manifest: a tree, or one folder of it, which `inside` opens.
fn torn(tree: &Arc<dyn FileTree>, inside: &dyn Fn(&str) -> Arc<dyn FileTree>) -> Option<LocateError> {
    let place = tree.location();
    let of = |path: PathBuf, tree: &dyn FileTree| {
        missing_manifest(tree).map(|manifest| LocateError::NoManifest { path, manifest })
    };
    let children = || tree.list("").unwrap_or_default().into_iter().filter(|child| child.kind == ChildKind::Folder);
    let below = || children().find_map(|child| of(place.join(&child.name), inside(&child.name).as_ref()));
    of(place.to_owned(), tree.as_ref()).or_else(below)
}

/// A backup or files in a tree, or in one folder of it, which `inside` opens.
fn locate_tree(
    tree: &Arc<dyn FileTree>,
    inside: &dyn Fn(&str) -> Arc<dyn FileTree>,
) -> Result<Option<Located>, LocateError> {
    if is_backup(tree.as_ref()) {
        return open(Arc::clone(tree)).map(Some);
    }
    if let Some(files) = Files::recognise(Arc::clone(tree)) {
        return Ok(Some(Located::Files(Box::new(files))));
    }
    let children = tree.list("").unwrap_or_default().into_iter();
    let folders: Vec<_> = children.filter(|child| child.kind == ChildKind::Folder).map(|child| child.name).collect();
    let backups: Vec<_> = folders.iter().filter(|name| is_backup(inside(name).as_ref())).collect();
    match backups.as_slice() {
        [] => {
            let files = folders.iter().find_map(|name| Files::recognise(inside(name)));
            Ok(files.map(|files| Located::Files(Box::new(files))))
        }
        [one] => open(inside(one)).map(Some),
        several => Err(LocateError::Several {
            path: tree.location().to_owned(),
            backups: several.iter().map(|name| tree.location().join(name)).collect(),
        }),
    }
}

fn open(tree: Arc<dyn FileTree>) -> Result<Located, LocateError> {
    Ok(Located::Backup(Box::new(LockedBackup::open(tree)?)))
}

fn not_a_backup(path: &Path) -> LocateError {
    let why =
        "there is no Manifest.db or Manifest.mbdb in it, no folder of a domain (HomeDomain), no private/var/mobile";
    LocateError::NotABackup { path: path.to_owned(), why: why.to_owned() }
}
