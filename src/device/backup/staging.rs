//! The folder of a backup as the device sees it while the next one is being made: the new files over the old ones.
//!
//! Nothing of the old backup changes. What the device sends lies in a folder beside it; what it removes is remembered.
//! A file of the old backup that the device moves is linked, never copied (where the file system has no links, it is
//! copied). [`journal`](super::journal) makes one of the two.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::disk::{self, HeldFolder, below, joined};
use super::early_placement::{self, EarlyPlacement};
use super::inventory::Inventory;
use super::path::inside;
use super::payload_count::PayloadCount;
use crate::device::link::store::{FolderItem, ItemKind, Store};

/// So much is kept free beyond what the device is told: a journal must fit, and a system without any room is no fun.
const RESERVE: u64 = 64 << 20;
/// More entries than any folder of a backup has.
const MOST_LISTED: usize = 1_000_000;

/// More folders than any backup has: 256 with payloads, as many in `Snapshot`, a few beside them.
const MOST_FOLDERS: usize = 100_000;

/// The new files over the old ones.
pub struct Staging {
    /// The first name of every path that the device gives.
    udid: String,
    /// The backup, which may not be there yet.
    old: PathBuf,
    /// Whether there is anything in it. Nobody else works there, so nothing comes.
    has_old: bool,
    /// The new files.
    new: HeldFolder,
    /// What of the old backup is not to be seen any more: files, and folders with everything in them.
    hidden: BTreeSet<String>,
    /// All folders among the new files, but for the one that holds them. What is not one of them is a file or nothing.
    folders: BTreeSet<String>,
    /// Payloads that lie where they are going to be moved to.
    parked: EarlyPlacement,
    /// Whether more may be parked: not once the device did something out of the ordinary. As long as it is so, no new file
    /// lies in a folder of `Snapshot`, and that of each payload that is parked is promised or there.
    parks: bool,
    /// Counts them.
    tally: PayloadCount,
}

/// What is new at a path.
#[derive(Debug, PartialEq, Eq)]
enum New {
    Nothing,
    File,
    Folder,
}

/// Takes the paths below one out of a set.
fn drain_below(paths: &mut BTreeSet<String>, relative: &str) -> Vec<String> {
    let inner = format!("{relative}/");
    let below: Vec<String> =
        paths.range(inner.clone()..).take_while(|path| path.starts_with(&inner)).cloned().collect();
    for path in &below {
        paths.remove(path);
    }
    below
}

impl Staging {
    /// Starts with nothing new.
    ///
    /// # Errors
    /// When the folder cannot be emptied or made.
    pub fn begin(udid: &str, old: &Path, new: &Path) -> io::Result<Self> {
        let new = HeldFolder::make(new)?;
        let has_old = fs::read_dir(old).map_or_else(|error| !disk::is_absent(&error), |mut all| all.next().is_some());
        let (hidden, folders) = (BTreeSet::new(), BTreeSet::new());
        Ok(Self {
            udid: udid.to_owned(),
            old: old.to_owned(),
            has_old,
            new,
            hidden,
            folders,
            parked: EarlyPlacement::default(),
            parks: true,
            tally: PayloadCount::new(has_old),
        })
    }

    /// What of the old backup is hidden.
    pub fn hidden(&self) -> impl Iterator<Item = &str> {
        self.hidden.iter().map(String::as_str)
    }

    /// Takes something of the old backup out of the device's sight.
    pub fn hide(&mut self, relative: &str) {
        drain_below(&mut self.hidden, relative);
        self.hidden.insert(relative.to_owned());
    }

    /// What is going to lie in the folders of payloads, where that is known without a look.
    pub fn tally(&self) -> Option<&Inventory> {
        self.tally.result()
    }

    /// Reads a whole file, as the device would.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn read(&self, relative: &str, limit: u64) -> io::Result<Vec<u8>> {
        use std::io::Read;
        let mut bytes = Vec::new();
        self.open_inside(relative)?.take(limit).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Writes a whole file of corer's own.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn write(&mut self, relative: &str, bytes: &[u8]) -> io::Result<()> {
        use std::io::Write;
        self.create_inside(relative)?.write_all(bytes)
    }

    fn inside<'p>(&self, path: &'p str) -> io::Result<Cow<'p, str>> {
        inside(path, &self.udid)
    }

    /// The same, for what is to be made, moved or removed: never the whole folder.
    fn item_inside<'p>(&self, path: &'p str) -> io::Result<Cow<'p, str>> {
        let relative = self.inside(path)?;
        if relative.is_empty() { Err(io::ErrorKind::InvalidInput.into()) } else { Ok(relative) }
    }

    fn is_hidden(&self, relative: &str) -> bool {
        let ends = relative.match_indices('/').map(|(at, _)| at).chain([relative.len()]);
        !self.hidden.is_empty()
            && ends.into_iter().any(|end| self.hidden.contains(relative.get(..end).unwrap_or_default()))
    }

    /// What the old backup has at a path and the device may see.
    fn old_at(&self, relative: &str) -> io::Result<Option<fs::Metadata>> {
        let is_seen = self.has_old && !self.is_hidden(relative);
        if is_seen { disk::metadata_below(&self.old, relative) } else { Ok(None) }
    }

    /// What is new at a path. There are no links among the new files: one look is enough.
    fn new_at(&self, relative: &str) -> io::Result<Option<fs::Metadata>> {
        disk::found(&self.new_path(relative))
    }

    fn new_path(&self, relative: &str) -> PathBuf {
        below(&self.new.path, relative)
    }

    fn is_new_folder(&self, relative: &str) -> bool {
        relative.is_empty() || self.folders.contains(relative)
    }

    fn open_inside(&self, relative: &str) -> io::Result<File> {
        if self.new_at(relative)?.is_some() {
            return disk::open(&self.new_path(relative));
        }
        match self.old_at(relative)? {
            Some(_) => disk::open(&below(&self.old, relative)),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn create_inside(&mut self, relative: &str) -> io::Result<File> {
        self.make_parent(relative)?;
        match self.new.create_new(relative) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                self.remove_new(relative)?;
                self.new.create_new(relative)
            }
            other => other,
        }
    }

    fn make_parent(&mut self, relative: &str) -> io::Result<()> {
        match relative.rsplit_once('/') {
            Some((parent, _)) => self.make_inside(parent),
            None => Ok(()),
        }
    }

    fn make_inside(&mut self, relative: &str) -> io::Result<()> {
        if self.is_new_folder(relative) || self.adopt(relative) {
            return Ok(());
        }
        if self.folders.len() > MOST_FOLDERS {
            return Err(io::Error::other("more folders than any backup has"));
        }
        disk::make_folders(&self.new_path(relative))?;
        let above = relative.match_indices('/').filter_map(|(at, _)| relative.get(..at));
        self.folders.extend(above.chain([relative]).map(str::to_owned));
        Ok(())
    }

    fn remove_new(&mut self, relative: &str) -> io::Result<()> {
        drain_below(&mut self.folders, relative);
        self.folders.remove(relative);
        disk::remove_any(&self.new_path(relative))
    }

    /// Makes place for something that comes to lie at a path.
    fn replace(&mut self, relative: &str) -> io::Result<()> {
        if self.new_at(relative)?.is_some() {
            self.remove_new(relative)?;
        }
        // A file of the old backup is covered by the new one; what is in a folder would show beside it.
        if self.old_at(relative)?.is_some_and(|old| old.is_dir()) {
            self.hide(relative);
        }
        self.make_parent(relative)
    }

    fn remove_inside(&mut self, relative: &str) -> io::Result<()> {
        if self.new_at(relative)?.is_some() {
            self.remove_new(relative)?;
        }
        if self.old_at(relative)?.is_some() {
            self.hide(relative);
        }
        Ok(())
    }

    fn rename_inside(&mut self, from: &str, to: &str) -> io::Result<()> {
        let is_below = |inner: &str, outer: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'));
        if is_below(from, to) || is_below(to, from) {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let old = self.old_at(from)?;
        let new = match self.is_new_folder(from) {
            true => New::Folder,
            false if from == to => self.new_at(from)?.map_or(New::Nothing, |_| New::File),
            false => self.move_file(from, to)?,
        };
        match (&new, &old) {
            (New::Nothing, None) => return Err(io::ErrorKind::NotFound.into()),
            _ if from == to => return Ok(()),
            (New::File, _) => {}
            (New::Folder, _) => self.move_folder(from, to)?,
            (New::Nothing, Some(_)) => self.replace(to)?,
        }
        if old.is_some() {
            // A new file covers the old one; a new folder shows what is in the old one, too.
            if new != New::File {
                self.take_old(from, to, false)?;
            }
            self.hide(from);
        }
        Ok(())
    }

    /// Moves a new file over whatever is there, if there is one. Most of a backup comes this way, so nothing is looked up
    /// that is known.
    fn move_file(&mut self, from: &str, to: &str) -> io::Result<New> {
        if self.old_at(to)?.is_some_and(|old| old.is_dir()) || self.is_new_folder(to) {
            // Only for a file that is there is a folder thrown away.
            if self.new_at(from)?.is_none() {
                return Ok(New::Nothing);
            }
            self.replace(to)?;
        }
        self.make_parent(to)?;
        match self.new.rename(from, to) {
            Ok(()) => Ok(New::File),
            Err(error) if disk::is_absent(&error) => Ok(New::Nothing),
            Err(error) => Err(error),
        }
    }

    fn move_folder(&mut self, from: &str, to: &str) -> io::Result<()> {
        self.replace(to)?;
        self.new.rename(from, to)?;
        let inner = drain_below(&mut self.folders, from);
        self.folders.remove(from);
        let moved = |path: String| format!("{to}{}", path.strip_prefix(from).unwrap_or_default());
        self.folders.extend(inner.into_iter().map(moved).chain([to.to_owned()]));
        Ok(())
    }

    /// Brings what the old backup has at `from` to `to`, among the new files; what is there already stays.
    fn take_old(&mut self, from: &str, to: &str, as_copy: bool) -> io::Result<()> {
        let mut found = Vec::new();
        disk::walk(&self.old, from, &mut |path, metadata| {
            found.push((path.to_owned(), metadata.is_dir(), metadata.is_file()));
            Ok(())
        })?;
        for (path, is_folder, is_file) in found {
            let target = format!("{to}{}", path.strip_prefix(from).unwrap_or_default());
            if self.is_hidden(&path) || self.new_at(&target)?.is_some() {
                continue;
            }
            if is_folder {
                self.make_inside(&target)?;
            } else if is_file {
                self.make_parent(&target)?;
                let (old, new) = (below(&self.old, &path), self.new_path(&target));
                if as_copy || fs::hard_link(&old, &new).is_err() {
                    fs::copy(&old, &new)?;
                }
            }
        }
        Ok(())
    }

    fn copy_inside(&mut self, from: &str, to: &str) -> io::Result<()> {
        let (new, old) = (self.new_at(from)?, self.old_at(from)?);
        if new.is_none() && old.is_none() {
            return Err(io::ErrorKind::NotFound.into());
        }
        if from == to || to.strip_prefix(from).is_some_and(|rest| rest.starts_with('/')) {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        self.replace(to)?;
        let covers = new.as_ref().is_some_and(fs::Metadata::is_file);
        if new.is_some() {
            self.copy_new(from, to)?;
        }
        if old.is_some() && !covers {
            self.take_old(from, to, true)?;
        }
        Ok(())
    }

    fn copy_new(&mut self, from: &str, to: &str) -> io::Result<()> {
        let mut found = Vec::new();
        disk::walk(&self.new.path, from, &mut |path, metadata| {
            found.push((path.to_owned(), metadata.is_dir()));
            Ok(())
        })?;
        for (path, is_folder) in found {
            let target = format!("{to}{}", path.strip_prefix(from).unwrap_or_default());
            if is_folder {
                self.make_inside(&target)?;
            } else {
                self.make_parent(&target)?;
                fs::copy(self.new_path(&path), self.new_path(&target))?;
            }
        }
        Ok(())
    }

    fn list_inside(&self, relative: &str) -> io::Result<Vec<FolderItem>> {
        let (new, old) = (self.new_at(relative)?, self.old_at(relative)?);
        let is_file = |there: &Option<fs::Metadata>| there.as_ref().is_some_and(|there| !there.is_dir());
        if new.is_none() && old.is_none() {
            return Err(io::ErrorKind::NotFound.into());
        }
        if is_file(&new) || (new.is_none() && is_file(&old)) {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        let mut items = BTreeMap::new();
        if old.is_some_and(|old| old.is_dir()) {
            self.add_items(&below(&self.old, relative), |name| !self.is_hidden(&joined(relative, name)), &mut items)?;
        }
        if new.is_some() {
            self.add_items(&self.new_path(relative), |_| true, &mut items)?;
        }
        Ok(items.into_values().collect())
    }

    fn add_items(
        &self,
        folder: &Path,
        is_seen: impl Fn(&str) -> bool,
        items: &mut BTreeMap<String, FolderItem>,
    ) -> io::Result<()> {
        for entry in fs::read_dir(folder)?.take(MOST_LISTED) {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            if !is_seen(&name) {
                continue;
            }
            let metadata = entry.metadata()?;
            let kind = match &metadata {
                file if file.is_file() => ItemKind::File(file.len()),
                folder if folder.is_dir() => ItemKind::Folder,
                _ => ItemKind::Other,
            };
            let modified = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            items.insert(name.clone(), FolderItem { name, kind, modified });
        }
        Ok(())
    }
}

/// What has to do with payloads that are [parked].
impl Staging {
    /// Makes a payload where the device is going to move it to. `None` where that is not possible.
    fn park(&mut self, relative: &str) -> io::Result<Option<File>> {
        let payload = early_placement::payload(relative).filter(|(_, digest)| self.parks && !self.parked.has(digest));
        let Some((place, digest)) = payload else { return Ok(None) };
        if self.old_at(relative)?.is_some_and(|old| old.is_dir()) {
            self.hide(relative);
        }
        let [number, ..] = digest;
        self.promise(number)?;
        let folder = place.get(..2).unwrap_or_default();
        if !self.parked.folders.contains(&number) && !self.is_new_folder(folder) {
            match self.new.make_folder(folder) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(None),
                other => other?,
            }
            self.parked.folders.insert(number);
        }
        match self.new.create_new(place) {
            Ok(file) => {
                self.parked.add(digest);
                self.tally.begin(digest);
                Ok(Some(file))
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Lets the device see a folder of payloads in `Snapshot`, without making it.
    fn promise(&mut self, number: u8) -> io::Result<()> {
        if !self.parked.promised.contains(&number)
            && !self.is_new_folder(&format!("Snapshot/{}", early_placement::name(number)))
        {
            self.make_inside("Snapshot")?;
            self.parked.promised.insert(number);
        }
        Ok(())
    }

    /// Gives the device a folder that was made to park in, if it is that.
    fn adopt(&mut self, relative: &str) -> bool {
        let is_there = early_placement::folder(relative).is_some_and(|number| self.parked.folders.remove(&number));
        if is_there {
            self.folders.insert(relative.to_owned());
        }
        is_there
    }

    /// Where a parked payload lies.
    fn parked_at<'r>(&self, relative: &'r str) -> Option<(&'r str, early_placement::Digest)> {
        early_placement::payload(relative).filter(|(_, digest)| self.parked.has(digest))
    }

    /// Lets a parked payload be where it lies, if that is where the device moves it to.
    fn arrives(&mut self, from: &str, to: &str) -> io::Result<bool> {
        let Some((place, digest)) = self.parked_at(from).filter(|(place, _)| *place == to) else {
            return Ok(false);
        };
        if self.old_at(place)?.is_some_and(|old| old.is_dir()) {
            self.hide(place);
        }
        self.make_parent(place)?;
        if self.old_at(from)?.is_some() {
            self.hide(from);
        }
        self.parked.forget(&digest);
        Ok(true)
    }

    /// Whether a path is that of a payload which surely is not there: one that the device could not read, and moves all the
    /// same.
    fn never_came(&self, relative: &str) -> io::Result<bool> {
        let is_absent =
            early_placement::payload(relative).is_some_and(|(_, digest)| self.parks && !self.parked.has(&digest));
        Ok(is_absent && self.old_at(relative)?.is_none())
    }

    /// Puts what is parked where the device sees it. After this the new files are laid out as the device thinks they are.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn materialize(&mut self) -> io::Result<()> {
        // Nothing is forgotten before it is done: what fails now fails again, and with it the backup.
        while let Some(&number) = self.parked.promised.first() {
            self.make_inside(&format!("Snapshot/{}", early_placement::name(number)))?;
            self.parked.promised.remove(&number);
        }
        for digest in self.parked.payloads() {
            self.parks = false;
            self.tally.give_up();
            let place = early_placement::place(&digest);
            self.new.rename(&place, &format!("Snapshot/{place}"))?;
            self.parked.forget(&digest);
        }
        while let Some(&number) = self.parked.folders.first() {
            fs::remove_dir(self.new_path(&early_placement::name(number)))?;
            self.parked.folders.remove(&number);
        }
        Ok(())
    }

    /// The same, if something at a path may be parked, or covered by what is.
    fn materialize_near(&mut self, relative: &str) -> io::Result<()> {
        if !self.parked.is_empty() && early_placement::is_near(relative) { self.materialize() } else { Ok(()) }
    }

    /// The same, before something comes to lie at a path in another way than payloads usually do. From then on none is
    /// parked: it could cover what lies there.
    fn materialize_for(&mut self, relative: &str) -> io::Result<()> {
        self.parks &= !early_placement::is_near(relative);
        self.materialize_near(relative)
    }
}

impl Store for Staging {
    fn open(&mut self, path: &str) -> io::Result<File> {
        let relative = self.inside(path)?;
        if let Some((place, _)) = self.parked_at(&relative) {
            return disk::open(&self.new_path(place));
        }
        self.materialize_near(&relative)?;
        self.open_inside(&relative)
    }

    fn create(&mut self, path: &str) -> io::Result<File> {
        let relative = self.item_inside(path)?;
        if let Some(file) = self.park(&relative)? {
            return Ok(file);
        }
        self.materialize_for(&relative)?;
        self.tally.disturb(&relative);
        if self.old_at(&relative)?.is_some_and(|old| old.is_dir()) {
            self.hide(&relative);
        }
        self.create_inside(&relative)
    }

    fn complete(&mut self, path: &str, size: u64) {
        let Ok(relative) = self.item_inside(path) else { return };
        if let Some((place, digest)) = self.parked_at(&relative) {
            self.tally.complete(digest, place, size);
        }
    }

    fn discard(&mut self, path: &str) -> io::Result<()> {
        let relative = self.item_inside(path)?;
        if let Some((place, digest)) = self.parked_at(&relative) {
            self.parked.forget(&digest);
            self.tally.discard(digest);
            return disk::remove_any(&self.new_path(place));
        }
        self.materialize_near(&relative)?;
        self.tally.disturb(&relative);
        self.remove_new(&relative)
    }

    fn make_folder(&mut self, path: &str) -> io::Result<()> {
        let relative = self.inside(path)?;
        if let Some(number) = early_placement::folder_in_snapshot(&relative).filter(|_| self.parks) {
            return self.promise(number);
        }
        if !early_placement::is_folder(&relative) {
            self.materialize_for(&relative)?;
        }
        self.make_inside(&relative)
    }

    fn rename(&mut self, from: &str, to: &str) -> io::Result<()> {
        let (from, to) = (self.item_inside(from)?, self.item_inside(to)?);
        if self.arrives(&from, &to)? {
            return Ok(());
        }
        if self.never_came(&from)? {
            return Err(io::ErrorKind::NotFound.into());
        }
        self.materialize_near(&from)?;
        self.materialize_for(&to)?;
        self.tally.disturb(&from);
        self.tally.disturb(&to);
        self.rename_inside(&from, &to)
    }

    fn remove(&mut self, path: &str) -> io::Result<()> {
        let relative = self.item_inside(path)?;
        if relative == "Snapshot" && !self.parked.has_payloads() {
            // They would be removed with it.
            self.parked.promised.clear();
        }
        self.materialize_near(&relative)?;
        self.tally.disturb(&relative);
        self.remove_inside(&relative)
    }

    fn copy(&mut self, from: &str, to: &str) -> io::Result<()> {
        let (from, to) = (self.item_inside(from)?, self.item_inside(to)?);
        self.materialize_near(&from)?;
        self.materialize_for(&to)?;
        self.tally.disturb(&to);
        self.copy_inside(&from, &to)
    }

    fn list(&mut self, path: &str) -> io::Result<Vec<FolderItem>> {
        let relative = self.inside(path)?;
        self.materialize_near(&relative)?;
        self.list_inside(&relative)
    }

    fn free_space(&mut self) -> io::Result<u64> {
        Ok(fs4::available_space(&self.new.path)?.saturating_sub(RESERVE))
    }
}

#[cfg(test)]
mod tests;
