//! Where the payloads of a backup lie: `ab/abcd…` since iOS 10, `abcd…` before, in the backup or in its `Snapshot`.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::bytes::ReadAt;
use super::manifest::FileId;
use super::tree::FileTree;

/// The payloads of a backup, as they are stored.
pub struct Payloads {
    tree: Arc<dyn FileTree>,
    /// The folders to look in, in their order: `""` and perhaps `Snapshot/`.
    folders: Vec<&'static str>,
    /// Whether the backup is of a kind that puts all payloads into one folder. Both layouts are looked at.
    flat_first: bool,
}

impl Payloads {
    /// Looks in these folders of a tree, in their order.
    pub fn new(tree: Arc<dyn FileTree>, folders: Vec<&'static str>, flat_first: bool) -> Self {
        Self { tree, folders, flat_first }
    }

    /// Opens a payload.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] when it is nowhere, else what opening it says.
    pub fn open(&self, file_id: FileId) -> io::Result<Arc<dyn ReadAt>> {
        for path in self.candidates(file_id) {
            match self.tree.open(&path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                other => return other,
            }
        }
        Err(io::ErrorKind::NotFound.into())
    }

    /// The size of a payload as it is stored; `None` when there is none.
    pub fn size_of(&self, file_id: FileId) -> Option<u64> {
        self.candidates(file_id).find_map(|path| self.tree.size_of(&path))
    }

    /// The same, for who must tell "not there" from "nobody could look".
    ///
    /// # Errors
    /// What the operating system says, where it does not say that there is none.
    pub fn look_for(&self, file_id: FileId) -> io::Result<Option<u64>> {
        for path in self.candidates(file_id) {
            if let Some(size) = self.tree.look_for(&path)? {
                return Ok(Some(size));
            }
        }
        Ok(None)
    }

    /// The files of the backup as they lie on this computer.
    pub fn tree(&self) -> &dyn FileTree {
        self.tree.as_ref()
    }

    /// Whether nobody may look for a payload where it would lie.
    pub fn is_closed(&self, file_id: FileId) -> bool {
        self.look_for(file_id).is_err()
    }

    /// Where a payload lies, if it is a file of its own.
    pub fn place_of(&self, file_id: FileId) -> Option<PathBuf> {
        let path = self.candidates(file_id).find(|path| self.tree.size_of(path).is_some())?;
        Some(self.tree.location().join(path)).filter(|path| path.is_file())
    }

    fn candidates(&self, file_id: FileId) -> impl Iterator<Item = String> {
        let name = file_id.to_string();
        let layouts = if self.flat_first { [false, true] } else { [true, false] };
        self.folders.iter().flat_map(move |folder| {
            let name = name.clone();
            layouts.into_iter().map(move |sharded| match name.get(..2) {
                Some(shard) if sharded => format!("{folder}{shard}/{name}"),
                _ => format!("{folder}{name}"),
            })
        })
    }
}
