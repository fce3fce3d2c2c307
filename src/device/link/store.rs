//! Where a device's files go and come from: the port behind which a backup's folder lies.

use std::fs::File;
use std::io;
use std::time::SystemTime;

use super::path::BackupPath;

/// What a folder holds, as a device asks for it.
#[derive(Debug, Clone)]
pub struct FolderItem {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: ItemKind,
    /// Last modification.
    pub modified: SystemTime,
}

/// What lies in a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemKind {
    /// A file of this size in bytes.
    File(u64),
    /// A folder.
    Folder,
    /// Anything else.
    Other,
}

/// The files of a backup. Every path was checked before it comes here.
pub trait Store {
    /// Opens a file for reading.
    ///
    /// # Errors
    /// What the operating system says, as everywhere here.
    fn open(&mut self, path: &BackupPath<'_>) -> io::Result<File>;

    /// Makes a new file in place of whatever is there.
    ///
    /// # Errors
    /// What the operating system says.
    fn create(&mut self, path: &BackupPath<'_>) -> io::Result<File>;

    /// A file that was [made](Store::create) is complete: everything that came, so many bytes, was written.
    fn complete(&mut self, path: &BackupPath<'_>, size: u64);

    /// Takes back a file that was begun and was not completed.
    ///
    /// # Errors
    /// What the operating system says.
    fn discard(&mut self, path: &BackupPath<'_>) -> io::Result<()>;

    /// Makes a folder and those above it. One that is there is fine.
    ///
    /// # Errors
    /// What the operating system says.
    fn make_folder(&mut self, path: &BackupPath<'_>) -> io::Result<()>;

    /// Moves a file or folder, in place of whatever is there.
    ///
    /// # Errors
    /// What the operating system says.
    fn rename(&mut self, from: &BackupPath<'_>, to: &BackupPath<'_>) -> io::Result<()>;

    /// Removes a file, or a folder with everything in it. What is not there needs nothing.
    ///
    /// # Errors
    /// What the operating system says.
    fn remove(&mut self, path: &BackupPath<'_>) -> io::Result<()>;

    /// Copies a file, or a folder with everything in it.
    ///
    /// # Errors
    /// What the operating system says.
    fn copy(&mut self, from: &BackupPath<'_>, to: &BackupPath<'_>) -> io::Result<()>;

    /// What lies in a folder, ordered by name.
    ///
    /// # Errors
    /// What the operating system says.
    fn list(&mut self, path: &BackupPath<'_>) -> io::Result<Vec<FolderItem>>;

    /// How many bytes may still be written.
    ///
    /// # Errors
    /// What the operating system says.
    fn free_space(&mut self) -> io::Result<u64>;
}
