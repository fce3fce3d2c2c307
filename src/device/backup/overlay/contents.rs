//! What is new in the folder: its folders, and the files in each of them, in little room. A phone has a million payloads:
//! the name of each takes twenty bytes here, and where its bytes lie eight.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashMap;

use super::super::early_placement::{self, Digest};

/// Where the bytes of a new file lie.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Location {
    /// At this path among the new files.
    Path(String),
    /// In the spare file of this number.
    Spare(u64),
}

/// The same; `None` for the place where the bytes of such a path are usually put.
type Stored = Option<Box<Location>>;

/// The new files of one folder.
#[derive(Debug, Default)]
struct Files {
    payloads: HashMap<Digest, Stored>,
    named: BTreeMap<String, Stored>,
}

/// All new folders and files. Every folder above a new file or folder is new, too.
#[derive(Debug)]
pub struct Contents {
    folders: HashMap<String, Files>,
    /// The paths of the folders, in order. What is asked for each file goes by the hash.
    paths: BTreeSet<String>,
}

impl Files {
    fn stored(&self, name: &str) -> Option<&Stored> {
        match early_placement::digest(name) {
            Some(digest) => self.payloads.get(&digest),
            None => self.named.get(name),
        }
    }

    fn insert(&mut self, name: &str, stored: Stored) {
        match early_placement::digest(name) {
            Some(digest) => self.payloads.insert(digest, stored),
            None => self.named.insert(name.to_owned(), stored),
        };
    }

    fn remove(&mut self, name: &str) -> Option<Stored> {
        match early_placement::digest(name) {
            Some(digest) => self.payloads.remove(&digest),
            None => self.named.remove(name),
        }
    }

    fn iter(&self) -> impl Iterator<Item = (String, &Stored)> {
        self.iter_if(|_| true)
    }

    /// Those of which only where they lie has to be looked at: the names of the others are not put together.
    fn iter_if(&self, wanted: impl Fn(&Stored) -> bool + Copy) -> impl Iterator<Item = (String, &Stored)> {
        let payloads = self.payloads.iter().filter(move |(_, stored)| wanted(stored));
        let payloads = payloads.map(|(digest, stored)| (early_placement::name(digest), stored));
        let named = self.named.iter().filter(move |(_, stored)| wanted(stored));
        payloads.chain(named.map(|(name, stored)| (name.clone(), stored)))
    }
}

impl Default for Contents {
    fn default() -> Self {
        let mut contents = Self { folders: HashMap::default(), paths: BTreeSet::new() };
        contents.add_folder(String::new());
        contents
    }
}

impl Contents {
    /// Whether a folder is new; the one that holds all others always is.
    pub fn has_folder(&self, path: &str) -> bool {
        self.folders.contains_key(path)
    }

    /// All new folders, but for the one that holds the others; each after the one that it is in.
    pub fn folders(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(String::as_str).filter(|path| !path.is_empty())
    }

    /// How many folders are new.
    pub fn folder_count(&self) -> usize {
        self.folders.len()
    }

    /// Adds a folder.
    pub fn add_folder(&mut self, path: String) {
        if self.paths.insert(path.clone()) {
            self.folders.insert(path, Files::default());
        }
    }

    /// Where the bytes of a new file lie, if there is one.
    pub fn file(&self, path: &str) -> Option<Location> {
        let (folder, name) = split(path);
        self.folders.get(folder)?.stored(name).map(|stored| location(path, stored))
    }

    /// Adds a file, or says of one that its bytes lie elsewhere now.
    pub fn put_file(&mut self, path: &str, at: Location) {
        let (folder, name) = split(path);
        let is_usual = matches!(&at, Location::Path(at) if at == early_placement::place(path));
        let stored = (!is_usual).then(|| Box::new(at));
        if !self.has_folder(folder) {
            self.add_folder(folder.to_owned());
        }
        if let Some(files) = self.folders.get_mut(folder) {
            files.insert(name, stored);
        }
    }

    /// Takes a file out.
    pub fn take_file(&mut self, path: &str) -> Option<Location> {
        let (folder, name) = split(path);
        self.folders.get_mut(folder)?.remove(name).map(|stored| location(path, &stored))
    }

    /// Takes out whatever is new at a path and below it, and gives where its bytes lie.
    pub fn clear(&mut self, path: &str) -> Vec<Location> {
        let mut cleared: Vec<Location> = self.take_file(path).into_iter().collect();
        if !self.has_folder(path) {
            return cleared;
        }
        let inner = format!("{path}/");
        let below = self.paths.range(inner.clone()..).take_while(|below| below.starts_with(&inner));
        let below: Vec<String> = below.cloned().collect();
        for folder in below.into_iter().chain([path.to_owned()]) {
            self.paths.remove(&folder);
            let files = self.folders.remove(&folder).unwrap_or_default();
            cleared.extend(files.iter().map(|(name, stored)| location(&format!("{folder}/{name}"), stored)));
        }
        cleared
    }

    /// What is new in a folder, by name: where the bytes of a file lie, and nothing for a folder.
    pub fn children(&self, path: &str) -> Vec<(String, Option<Location>)> {
        let inner = if path.is_empty() { String::new() } else { format!("{path}/") };
        let names = self.paths.range(inner.clone()..).map_while(|below| below.strip_prefix(&inner));
        let names = names.filter(|name| !name.is_empty() && !name.contains('/'));
        let folders = names.map(|name| (name.to_owned(), None));
        let files = self.folders.get(path).into_iter().flat_map(Files::iter);
        let files = files.map(|(name, stored)| {
            let at = location(&format!("{inner}{name}"), stored);
            (name, Some(at))
        });
        folders.chain(files).collect()
    }

    /// The files whose bytes lie anywhere but at their path.
    pub fn misplaced(&self) -> Vec<(String, Location)> {
        let mut found = Vec::new();
        for (folder, files) in &self.folders {
            // Elsewhere the usual place of a file is its path.
            let is_early = early_placement::place(&format!("{folder}/")).len() <= folder.len();
            for (name, stored) in files.iter_if(|stored| is_early || stored.is_some()) {
                let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
                let at = location(&path, stored);
                if !matches!(&at, Location::Path(at) if *at == path) {
                    found.push((path, at));
                }
            }
        }
        found
    }
}

/// The folder and the name of a path.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

fn location(path: &str, stored: &Stored) -> Location {
    match stored {
        Some(at) => (**at).clone(),
        None => Location::Path(early_placement::place(path).to_owned()),
    }
}
