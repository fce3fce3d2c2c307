//! A store that holds nothing and takes nothing: a change of the password needs no files.

use std::fs::File;
use std::io;

use crate::device::link::path::BackupPath;
use crate::device::link::store::{FolderItem, Store};

/// Holds nothing.
pub struct EmptyStore;

fn nothing<T>() -> io::Result<T> {
    Err(io::ErrorKind::NotFound.into())
}

impl Store for EmptyStore {
    fn open(&mut self, _: &BackupPath<'_>) -> io::Result<File> {
        nothing()
    }

    fn create(&mut self, _: &BackupPath<'_>) -> io::Result<File> {
        nothing()
    }

    fn complete(&mut self, _: &BackupPath<'_>, _: u64) {}

    fn discard(&mut self, _: &BackupPath<'_>) -> io::Result<()> {
        nothing()
    }

    fn make_folder(&mut self, _: &BackupPath<'_>) -> io::Result<()> {
        nothing()
    }

    fn rename(&mut self, _: &BackupPath<'_>, _: &BackupPath<'_>) -> io::Result<()> {
        nothing()
    }

    fn remove(&mut self, _: &BackupPath<'_>) -> io::Result<()> {
        nothing()
    }

    fn copy(&mut self, _: &BackupPath<'_>, _: &BackupPath<'_>) -> io::Result<()> {
        nothing()
    }

    fn list(&mut self, _: &BackupPath<'_>) -> io::Result<Vec<FolderItem>> {
        nothing()
    }

    fn free_space(&mut self) -> io::Result<u64> {
        Ok(0)
    }
}
