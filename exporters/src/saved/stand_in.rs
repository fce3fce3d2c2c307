//! Files that an earlier run wrote, where the backup does not have them any more: what is remembered is written again from them.
//!
//! A file stays where it is for as long as its record is remembered. New files get other names.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use corer_schemas::identity::RecordId;
use corer_schemas::{Absence, Entry, Opened, Presence, Skipped, SourceError};

use super::memory::FOLDER;
use crate::output::SafePath;
use crate::output::ledger::Ledger;
use crate::write::{FileSource, WrittenBefore};

/// The domain of files that lie in the export itself. No backup has one of that name.
const DOMAIN: &str = FOLDER;

/// The numbers of files of a record are smaller than this; those of the same bytes in another place are larger.
pub(super) const REPEATED: usize = 1 << (usize::BITS / 2);

/// The files of a kind's folder that stand in for others.
#[derive(Debug, Default)]
pub struct StandIns {
    /// The folder of the kind on the disk; `None` in an archive, which remembers nothing.
    folder: Option<PathBuf>,
    /// The same in the tree.
    base: SafePath,
    /// What is known of the files of an earlier run.
    ledger: Option<Arc<Ledger>>,
    /// Every file that is a record's, whether or not this run needs it.
    remembered: BTreeMap<(RecordId, usize), String>,
    /// Where this run moved files, by where they were.
    moved: Mutex<HashMap<String, String>>,
    /// Files that nobody needs any more.
    let_go: Mutex<HashSet<(RecordId, usize)>>,
    /// Files of this run, by domain and path, and whose each is.
    owners: Mutex<HashMap<(String, String), Vec<Owner>>>,
    /// Where files were placed.
    placed: Mutex<BTreeMap<(RecordId, usize), String>>,
    /// What of the backup could not be read, and stands here from an earlier one.
    unreadable: Mutex<Vec<Skipped>>,
    /// What stood in for such a file, by domain and path.
    served: Mutex<HashMap<(String, String), String>>,
}

/// Whose a file is: the record, its number, and where an earlier run placed it.
#[derive(Debug, Clone)]
struct Owner {
    of: RecordId,
    number: usize,
    file: Option<String>,
    is_unchanged: bool,
}

impl StandIns {
    /// Those of a folder, in which these files are records'.
    pub(super) fn new(
        folder: Option<PathBuf>,
        base: SafePath,
        ledger: Arc<Ledger>,
        remembered: BTreeMap<(RecordId, usize), String>,
    ) -> Self {
        Self { folder, base, ledger: Some(ledger), remembered, ..Self::default() }
    }

    /// Lets a file of the export stand in for an entry.
    pub(super) fn stand_in(&self, of: RecordId, number: usize, entry: &mut Entry, file: &str) {
        entry.domain = DOMAIN.to_owned();
        entry.path = file.to_owned();
        entry.presence = Presence::Present;
        self.own(of, number, entry, Some(file));
        self.note_unchanged(entry);
    }

    /// Says that the device has not changed an entry since it was placed.
    pub(super) fn note_unchanged(&self, entry: &Entry) {
        let mut owners = lock(&self.owners);
        let of_file = owners.get_mut(&(entry.domain.clone(), entry.path.clone()));
        of_file.into_iter().flatten().for_each(|owner| owner.is_unchanged = true);
    }

    /// Nothing stands in: what has the entry's place in this backup belongs to another record.
    pub(super) fn nothing(&self, entry: &mut Entry) {
        entry.domain = DOMAIN.to_owned();
        if entry.presence == Presence::Present {
            entry.presence = Presence::Absent(Absence::Lost);
        }
    }

    /// Says whose an entry of this run is, and where an earlier run placed it.
    pub(super) fn own(&self, of: RecordId, number: usize, entry: &Entry, file: Option<&str>) {
        let owner = Owner { of, number, file: file.map(str::to_owned), is_unchanged: false };
        let mut owners = lock(&self.owners);
        let of_file = owners.entry((entry.domain.clone(), entry.path.clone())).or_default();
        of_file.retain(|known| (known.of, known.number) != (of, number));
        of_file.push(owner);
    }

    /// Where files were placed.
    pub(super) fn placed(&self) -> BTreeMap<(RecordId, usize), String> {
        lock(&self.placed).clone()
    }

    /// What of the backup could not be read, and stands here from an earlier one.
    pub(super) fn unreadable(&self) -> Vec<Skipped> {
        lock(&self.unreadable).clone()
    }

    /// Whether what an earlier run wrote of a file is not needed any more.
    pub(super) fn is_let_go(&self, of: RecordId, number: usize) -> bool {
        lock(&self.let_go).contains(&(of, number))
    }

    /// Where a file of an earlier run is now.
    pub(super) fn place(&self, file: &str) -> String {
        lock(&self.moved).get(file).cloned().unwrap_or_else(|| file.to_owned())
    }

    /// Whose an entry is. Several records may speak of one file.
    fn owners(&self, entry: &Entry) -> Vec<Owner> {
        lock(&self.owners).get(&(entry.domain.clone(), entry.path.clone())).cloned().unwrap_or_default()
    }

    /// Whose an entry is first of all: that for which an earlier run placed it.
    fn owner(&self, entry: &Entry) -> Option<Owner> {
        let mut owners = self.owners(entry);
        let first = owners.iter().position(|owner| owner.file.is_some()).unwrap_or_default();
        (first < owners.len()).then(|| owners.swap_remove(first))
    }

    fn open(&self, file: &str) -> Result<Opened, SourceError> {
        let unreadable = |why: &str| SourceError::unreadable(file, why);
        let folder = self.folder.as_deref().ok_or_else(|| unreadable("it is not there"))?;
        let file = self.place(file);
        let file = file.as_str();
        if !is_there(folder, file) {
            return Err(unreadable("it is not there any more, or no plain file"));
        }
        let reader = File::open(SafePath::new(file).below(folder));
        let reader = reader.map_err(|error: io::Error| SourceError::unreadable(file, error))?;
        let length = reader.metadata().ok().map(|found| found.len());
        Ok(Opened { reader: Box::new(reader), plain: None, len: length })
    }
}

/// The files of a backup, and what stands in for those that it has no more.
pub struct WithStandIns<'s> {
    /// The backup.
    pub source: &'s dyn FileSource,
    /// What stands in.
    pub stand_ins: &'s StandIns,
}

impl WithStandIns<'_> {
    /// Where the content of an entry lies in the export already, if that is what is read of it.
    pub(crate) fn stays_at(&self, entry: &Entry) -> Option<SafePath> {
        let file = match is_stand_in(entry) {
            true => entry.path.clone(),
            false => lock(&self.stand_ins.served).get(&(entry.domain.clone(), entry.path.clone()))?.clone(),
        };
        Some(SafePath::new(&self.stand_ins.place(&file)))
    }

    fn place_again(&self, entry: &Entry, more: usize, path: &SafePath) {
        let base = self.stand_ins.base.as_str();
        let Some(own) = path.as_str().strip_prefix(base).map(|own| own.trim_start_matches('/')) else { return };
        for Owner { of, number, .. } in self.stand_ins.owners(entry) {
            let mut placed = lock(&self.stand_ins.placed);
            let place = placed.entry((of, number.saturating_add(more))).or_insert_with(|| own.to_owned());
            // A message of two conversations may be placed by each: which comes first is not the same in every run.
            if own < place.as_str() {
                own.clone_into(place);
            }
        }
    }

    /// What an earlier run wrote of a file that the backup has and that cannot be read, which is told.
    fn instead(&self, entry: &Entry, why: &dyn std::fmt::Display) -> Option<Opened> {
        let file = self.stand_ins.owner(entry)?.file?;
        let opened = self.stand_ins.open(&file).ok()?;
        let known = lock(&self.stand_ins.served).insert((entry.domain.clone(), entry.path.clone()), file);
        if known.is_some() {
            return Some(opened);
        }
        let why = format!("{why}; it stands here from an earlier backup");
        let told = Skipped::new(format!("{}/{}", entry.domain, entry.path), why);
        lock(&self.stand_ins.unreadable).push(told);
        Some(opened)
    }
}

impl FileSource for WithStandIns<'_> {
    fn open(&self, entry: &Entry) -> Result<Opened, SourceError> {
        if entry.domain == DOMAIN {
            return self.stand_ins.open(&entry.path);
        }
        match self.source.open(entry) {
            Ok(opened) => {
                let is_cut = opened.len.zip(entry.size_hint).is_some_and(|(length, recorded)| length < recorded);
                let whole = if is_cut { self.instead(entry, &"it is shorter than recorded") } else { None };
                Ok(whole.unwrap_or(opened))
            }
            Err(error) => self.instead(entry, &error).ok_or(error),
        }
    }

    fn earlier(&self, entry: &Entry, why: &dyn std::fmt::Display) -> Option<Opened> {
        if entry.domain == DOMAIN { None } else { self.instead(entry, why) }
    }

    fn place_of(&self, entry: &Entry) -> Option<SafePath> {
        self.stand_ins.owner(entry)?.file.map(|file| SafePath::new(&self.stand_ins.place(&file)))
    }

    fn taken_places(&self) -> Vec<SafePath> {
        self.stand_ins.remembered.values().map(|file| SafePath::new(file)).collect()
    }

    fn written(&self, entry: &Entry) -> Option<WrittenBefore> {
        let Owner { file, is_unchanged, .. } = self.stand_ins.owner(entry)?;
        let file = file?;
        let facts = self.stand_ins.ledger.as_ref()?.known(&file);
        // Of files that were taken over, no more is known than what lies there.
        let length = facts.map(|facts| facts.length).or(entry.size_hint.filter(|_| entry.domain == DOMAIN))?;
        let content = facts.and_then(|facts| facts.content.clone());
        Some(WrittenBefore { path: SafePath::new(&self.stand_ins.place(&file)), length, content, is_unchanged })
    }

    fn repeats_of(&self, entry: &Entry) -> Vec<SafePath> {
        let Some(Owner { of, number, .. }) = self.stand_ins.owner(entry) else { return Vec::new() };
        let remembered = self.stand_ins.remembered.range((of, REPEATED)..=(of, usize::MAX));
        let own = remembered.filter(|((_, own), _)| own % REPEATED == number);
        own.map(|(_, file)| SafePath::new(&self.stand_ins.place(file))).collect()
    }

    fn note_moved(&self, from: &SafePath, to: &SafePath) {
        lock(&self.stand_ins.moved).insert(from.as_str().to_owned(), to.as_str().to_owned());
    }

    fn note_repeated(&self, entry: &Entry, number: usize, path: &SafePath) {
        self.place_again(entry, (number + 1).saturating_mul(REPEATED), path);
    }

    fn let_go(&self, entry: &Entry) {
        if let Some(Owner { of, number, .. }) = self.stand_ins.owner(entry) {
            lock(&self.stand_ins.let_go).insert((of, number));
        }
    }

    fn note_placed(&self, entry: &Entry, path: &SafePath) {
        self.place_again(entry, 0, path);
    }
}

/// Whether a file of the export stands in for an entry.
pub(crate) fn is_stand_in(entry: &Entry) -> bool {
    entry.domain == DOMAIN && entry.presence == Presence::Present
}

/// Whether a file lies in the folder of a kind, as a plain file under a name that an export gives, and no link on the way to it.
pub(crate) fn is_there(folder: &Path, file: &str) -> bool {
    let path = SafePath::new(file);
    let mut place = folder.to_path_buf();
    let mut names = path.segments().peekable();
    while let Some(name) = names.next() {
        place.push(name);
        let found = fs::symlink_metadata(&place);
        let is_right = |found: fs::Metadata| if names.peek().is_some() { found.is_dir() } else { found.is_file() };
        if !found.is_ok_and(is_right) {
            return false;
        }
    }
    path.as_str() == file && !path.is_root()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
