//! The folder of a backup as the device sees it while the next one is being made: the new files over the earlier ones.
//!
//! All of this is thought and nothing is done: no disk is touched here. What the device wants becomes a [`Change`], which is
//! [planned](Overlay::plan) first: refused, or turned into what has to be there before it counts. When that is there, it is
//! [applied](Overlay::apply). Between the two nothing has changed, so that what fails on the disk has not happened.
//!
//! Two questions can be asked at any time: [what stands at a path](Overlay::standing), which says for a new file where its
//! bytes lie, and [what is in a folder](Overlay::list). Where bytes lie need not be where the device sees them: a move of a
//! new file is a change of thought alone. [`Snapshot`](super::snapshot::Snapshot) lays them out at the end.

mod contents;
mod earlier;

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::disk::joined;
use contents::Contents;
pub use contents::Location;
pub use earlier::{Earlier, Kind};

/// More folders than any backup has: 256 with payloads, as many in `Snapshot`, a few beside them.
const MOST_FOLDERS: usize = 100_000;
/// The most folders below each other that are looked through; a device's paths have half of them.
const DEEPEST: usize = 64;

/// What stands at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// A folder: a new one, one of the earlier backup, or both in one.
    Folder,
    /// A new file, and where its bytes lie.
    New(Location),
    /// What the earlier backup has at this path, and that is no folder.
    Earlier(Kind),
}

/// What is to become of the folder.
#[derive(Debug, Clone, Copy)]
pub enum Change<'p> {
    /// A new file, in place of whatever is there.
    Create(&'p str),
    /// A file that was created is taken back.
    Discard(&'p str),
    /// A folder, and those above it.
    MakeFolder(&'p str),
    /// One goes to the place of the other.
    Move(&'p str, &'p str),
    /// What is there goes.
    Remove(&'p str),
    /// One comes to lie at the place of the other, too.
    Copy(&'p str, &'p str),
    /// What the earlier backup has there is not to be seen any more.
    Hide(&'p str),
}

/// Where the bytes of a file come from that comes to a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bytes {
    /// They are still to come.
    Fresh,
    /// They lie here, and stay there.
    Kept(Location),
    /// They are those of a file of the earlier backup, which goes from the device's sight.
    Linked(String),
    /// They are a copy of those of a file of the earlier backup.
    OfEarlier(String),
    /// They are a copy of those that lie here.
    OfNew(Location),
}

/// What a change needs, and what it does.
#[derive(Debug, Default)]
pub struct Plan {
    /// The files that come to a path. The bytes of each have to be there before the plan is applied.
    pub puts: Vec<(String, Bytes)>,
    /// New files that leave their path, and whose bytes stay.
    takes: Vec<String>,
    /// Paths at and below which everything new goes.
    clears: Vec<String>,
    /// Paths at and below which everything of the earlier backup goes from sight.
    hides: Vec<String>,
    /// Folders that are made.
    folders: Vec<String>,
}

/// The new files over the earlier ones.
#[derive(Debug, Default)]
pub struct Overlay {
    new: Contents,
    /// What of the earlier backup is not to be seen any more: files, and folders with everything in them.
    hidden: BTreeSet<String>,
}

impl Overlay {
    /// What of the earlier backup is not to be seen any more.
    pub fn hidden(&self) -> impl Iterator<Item = &str> {
        self.hidden.iter().map(String::as_str)
    }

    /// All new folders, each after the one that it is in.
    pub fn new_folders(&self) -> impl Iterator<Item = &str> {
        self.new.folders()
    }

    /// Whether a folder is a new one.
    pub fn is_new_folder(&self, path: &str) -> bool {
        self.new.has_folder(path)
    }

    /// Where the bytes of a new file lie, if there is one.
    pub fn new_file(&self, path: &str) -> Option<Location> {
        self.new.file(path)
    }

    /// The new files whose bytes lie anywhere but at their path.
    pub fn misplaced(&self) -> Vec<(String, Location)> {
        self.new.misplaced()
    }

    /// The bytes of a new file were moved.
    pub fn relocate(&mut self, path: &str, to: Location) {
        if self.new.take_file(path).is_some() {
            self.new.put_file(path, to);
        }
    }

    /// What stands at a path.
    ///
    /// # Errors
    /// What the operating system says of the earlier backup.
    pub fn standing(&self, earlier: &dyn Earlier, path: &str) -> io::Result<Option<Standing>> {
        if self.new.has_folder(path) {
            return Ok(Some(Standing::Folder));
        }
        if let Some(at) = self.new.file(path) {
            return Ok(Some(Standing::New(at)));
        }
        Ok(self.visible(earlier, path)?.map(|kind| match kind {
            Kind::Folder => Standing::Folder,
            kind => Standing::Earlier(kind),
        }))
    }

    /// What is in a folder, by name.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`], [`io::ErrorKind::NotADirectory`], and what the operating system says.
    pub fn list(&self, earlier: &dyn Earlier, path: &str) -> io::Result<BTreeMap<String, Standing>> {
        match self.standing(earlier, path)? {
            None => return Err(io::ErrorKind::NotFound.into()),
            Some(Standing::Folder) => {}
            Some(_) => return Err(io::ErrorKind::NotADirectory.into()),
        }
        let mut items = BTreeMap::new();
        if self.visible(earlier, path)? == Some(Kind::Folder) {
            for (name, kind) in earlier.children(path)? {
                let standing = if kind == Kind::Folder { Standing::Folder } else { Standing::Earlier(kind) };
                if !self.is_hidden(&joined(path, &name)) {
                    items.insert(name, standing);
                }
            }
        }
        for (name, at) in self.new.children(path) {
            items.insert(name, at.map_or(Standing::Folder, Standing::New));
        }
        Ok(items)
    }

    /// What a change needs and does.
    ///
    /// # Errors
    /// Why it cannot be: what a plain folder would say, and [`io::ErrorKind::InvalidInput`] for what makes no sense.
    pub fn plan(&self, earlier: &dyn Earlier, change: Change<'_>) -> io::Result<Plan> {
        match change {
            Change::Create(path) => self.plan_create(earlier, item(path)?),
            Change::Discard(path) => Ok(Plan { clears: vec![item(path)?.to_owned()], ..Plan::default() }),
            Change::MakeFolder(path) => self.plan_folder(earlier, path),
            Change::Move(from, to) => self.plan_move(earlier, item(from)?, item(to)?),
            Change::Remove(path) => self.plan_remove(earlier, item(path)?),
            Change::Copy(from, to) => self.plan_copy(earlier, item(from)?, item(to)?),
            Change::Hide(path) => Ok(Plan { hides: vec![item(path)?.to_owned()], ..Plan::default() }),
        }
    }

    /// Lets a plan come true. `placed` says where the bytes of each of its [files](Plan::puts) lie. Gives back where bytes
    /// lie that nobody needs any more.
    pub fn apply(&mut self, plan: Plan, placed: Vec<Location>) -> Vec<Location> {
        for path in &plan.takes {
            self.new.take_file(path);
        }
        let unneeded = plan.clears.iter().flat_map(|path| self.new.clear(path)).collect();
        for path in plan.hides {
            let inner = format!("{path}/");
            let below: Vec<String> =
                self.hidden.range(inner.clone()..).take_while(|below| below.starts_with(&inner)).cloned().collect();
            for path in below {
                self.hidden.remove(&path);
            }
            self.hidden.insert(path);
        }
        for path in plan.folders {
            self.new.add_folder(path);
        }
        for ((path, _), at) in plan.puts.into_iter().zip(placed) {
            self.new.put_file(&path, at);
        }
        unneeded
    }

    fn is_hidden(&self, path: &str) -> bool {
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        !self.hidden.is_empty() && ends.into_iter().any(|end| self.hidden.contains(path.get(..end).unwrap_or_default()))
    }

    /// What the earlier backup has at a path and the device may see, or would if nothing new covered it.
    fn visible(&self, earlier: &dyn Earlier, path: &str) -> io::Result<Option<Kind>> {
        if self.is_hidden(path) { Ok(None) } else { earlier.kind_at(path) }
    }

    /// A plan that makes new folders of those above a path, so that something can be new there. A link that stands on the
    /// way is covered.
    fn plan_parents(&self, earlier: &dyn Earlier, path: &str) -> io::Result<Plan> {
        let mut plan = Plan::default();
        let mut rest = path;
        while let Some((parent, _)) = rest.rsplit_once('/') {
            if self.new.has_folder(parent) {
                break;
            }
            match self.standing(earlier, parent)? {
                None | Some(Standing::Folder) => {}
                Some(Standing::Earlier(Kind::Other)) => plan.hides.push(parent.to_owned()),
                Some(_) => return Err(io::ErrorKind::NotADirectory.into()),
            }
            plan.folders.push(parent.to_owned());
            rest = parent;
        }
        self.check_room(plan.folders.len())?;
        Ok(plan)
    }

    fn check_room(&self, more: usize) -> io::Result<()> {
        match self.new.folder_count() + more > MOST_FOLDERS {
            true => Err(io::Error::other("more folders than any backup has")),
            false => Ok(()),
        }
    }

    fn plan_create(&self, earlier: &dyn Earlier, path: &str) -> io::Result<Plan> {
        let mut plan = self.plan_replacement(earlier, path)?;
        plan.puts.push((path.to_owned(), Bytes::Fresh));
        Ok(plan)
    }

    /// A plan that makes room for a new file at a path. A file of the earlier backup is covered by it; what is in a folder
    /// would show beside it.
    fn plan_replacement(&self, earlier: &dyn Earlier, path: &str) -> io::Result<Plan> {
        let mut plan = self.plan_parents(earlier, path)?;
        if matches!(self.visible(earlier, path)?, Some(Kind::Folder | Kind::Other)) {
            plan.hides.push(path.to_owned());
        }
        plan.clears.push(path.to_owned());
        Ok(plan)
    }

    fn plan_folder(&self, earlier: &dyn Earlier, path: &str) -> io::Result<Plan> {
        let standing = self.standing(earlier, path)?;
        match standing {
            Some(Standing::Folder) => return Ok(Plan::default()),
            None | Some(Standing::Earlier(Kind::Other)) => {}
            Some(_) => return Err(io::ErrorKind::AlreadyExists.into()),
        }
        let mut plan = self.plan_parents(earlier, path)?;
        plan.hides.extend(standing.map(|_| path.to_owned()));
        plan.folders.push(path.to_owned());
        Ok(plan)
    }

    fn plan_remove(&self, earlier: &dyn Earlier, path: &str) -> io::Result<Plan> {
        let hides = self.visible(earlier, path)?.map(|_| path.to_owned()).into_iter().collect();
        Ok(Plan { clears: vec![path.to_owned()], hides, ..Plan::default() })
    }

    fn plan_move(&self, earlier: &dyn Earlier, from: &str, to: &str) -> io::Result<Plan> {
        if is_below(from, to) || is_below(to, from) {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let standing = self.standing(earlier, from)?.ok_or(io::ErrorKind::NotFound)?;
        if from == to {
            return Ok(Plan::default());
        }
        let mut plan = self.plan_replacement(earlier, to)?;
        if self.visible(earlier, from)?.is_some() {
            plan.hides.push(from.to_owned());
        }
        match standing {
            Standing::New(at) => {
                plan.takes.push(from.to_owned());
                plan.puts.push((to.to_owned(), Bytes::Kept(at)));
            }
            Standing::Earlier(Kind::File) => plan.puts.push((to.to_owned(), Bytes::Linked(from.to_owned()))),
            Standing::Earlier(_) => self.plan_vanishing(earlier, to, &mut plan)?,
            Standing::Folder => {
                plan.clears.push(from.to_owned());
                self.plan_tree(earlier, from, to, &mut plan, true)?;
            }
        }
        Ok(plan)
    }

    fn plan_copy(&self, earlier: &dyn Earlier, from: &str, to: &str) -> io::Result<Plan> {
        let standing = self.standing(earlier, from)?.ok_or(io::ErrorKind::NotFound)?;
        if from == to || is_below(from, to) || is_below(to, from) {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let mut plan = self.plan_replacement(earlier, to)?;
        match standing {
            Standing::New(at) => plan.puts.push((to.to_owned(), Bytes::OfNew(at))),
            Standing::Earlier(Kind::File) => plan.puts.push((to.to_owned(), Bytes::OfEarlier(from.to_owned()))),
            Standing::Earlier(_) => self.plan_vanishing(earlier, to, &mut plan)?,
            Standing::Folder => self.plan_tree(earlier, from, to, &mut plan, false)?,
        }
        Ok(plan)
    }

    /// What is no file and no folder is not carried on; what it was to replace goes all the same.
    fn plan_vanishing(&self, earlier: &dyn Earlier, to: &str, plan: &mut Plan) -> io::Result<()> {
        if self.visible(earlier, to)?.is_some() {
            plan.hides.push(to.to_owned());
        }
        Ok(())
    }

    /// Plans everything in a folder, new and earlier, to be in another.
    fn plan_tree(&self, earlier: &dyn Earlier, from: &str, to: &str, plan: &mut Plan, moves: bool) -> io::Result<()> {
        self.plan_vanishing(earlier, to, plan)?;
        let mut waiting = vec![(from.to_owned(), to.to_owned())];
        while let Some((from, to)) = waiting.pop() {
            if from.matches('/').count() > DEEPEST {
                return Err(io::ErrorKind::InvalidFilename.into());
            }
            for (name, standing) in self.list(earlier, &from)? {
                let (path, target) = (joined(&from, &name), joined(&to, &name));
                let bytes = match standing {
                    Standing::Folder => {
                        waiting.push((path, target));
                        continue;
                    }
                    Standing::New(at) if moves => {
                        plan.takes.push(path);
                        Bytes::Kept(at)
                    }
                    Standing::New(at) => Bytes::OfNew(at),
                    Standing::Earlier(Kind::File) if moves => Bytes::Linked(path),
                    Standing::Earlier(Kind::File) => Bytes::OfEarlier(path),
                    Standing::Earlier(_) => continue,
                };
                plan.puts.push((target, bytes));
            }
            plan.folders.push(to);
            self.check_room(plan.folders.len())?;
        }
        Ok(())
    }
}

/// Refuses the folder itself: it is never made, moved or removed.
fn item(path: &str) -> io::Result<&str> {
    if path.is_empty() { Err(io::ErrorKind::InvalidInput.into()) } else { Ok(path) }
}

fn is_below(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests;
