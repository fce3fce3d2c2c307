//! One safe path per untrusted path, never the same one twice: not even on a disk that takes `A` for `a` or the two
//! spellings of `é` for one (APFS, HFS+, NTFS, exFAT).
//!
//! The first to come keeps its name; a later one gets a mark that depends on its original alone. Who calls in a fixed
//! order gets the same names every time.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use super::safe_name::{NAME_BYTES, SafeName, SafePath};

/// The longest path of folders, in bytes. With a name and a hash below it stays under 900; macOS allows 1,024 with the
/// folder that the person chose.
const PATH_BYTES: usize = 600;

/// How many hex digits of the hash make the mark that tells two names apart, tried in this order.
const MARK_DIGITS: [usize; 4] = [8, 16, 32, 64];

/// 128 bits of a SHA-256: what is remembered of a name, so that half a million names stay small.
type Key = [u8; 16];

/// Gives out safe paths.
#[derive(Debug, Default)]
pub struct UniqueNames {
    /// Every place given out, as its disk sees it.
    taken: HashSet<Key>,
    /// The folders given out, by parent and original name.
    folders: HashMap<Key, SafeName>,
    /// The next number to try for a name that comes again and again.
    next_numbers: HashMap<Key, u64>,
}

impl UniqueNames {
    /// Starts with nothing taken.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps a path for corer's own use, so that nothing else gets it.
    pub fn reserve(&mut self, path: &SafePath) {
        self.taken.insert(place_key(&path.parent(), path.name()));
    }

    /// The path of a file, given the original names from the root on. Ask once for each file.
    pub fn file<'a>(&mut self, segments: impl IntoIterator<Item = &'a str>) -> SafePath {
        self.path(segments, false)
    }

    /// The path of a folder: the same originals give the same path every time.
    pub fn folder<'a>(&mut self, segments: impl IntoIterator<Item = &'a str>) -> SafePath {
        self.path(segments, true)
    }

    /// A path for one new file or folder in a folder that is already safe. `identity` is what tells it from another of
    /// the same name, the same in every run.
    pub fn fresh_in(&mut self, folder: &SafePath, original: &str, identity: &str) -> SafePath {
        let name = self.free_name(folder, original, identity);
        folder.with(&name)
    }

    fn path<'a>(&mut self, segments: impl IntoIterator<Item = &'a str>, is_folder: bool) -> SafePath {
        let mut segments = segments.into_iter().peekable();
        let mut path = SafePath::root();
        let mut whole = Sha256::new();
        while let Some(original) = segments.next() {
            whole.update((original.len() as u64).to_le_bytes());
            whole.update(original);
            let last = segments.peek().is_none();
            if !last && path.as_str().len() + original.len().min(NAME_BYTES) >= PATH_BYTES {
                // Too deep for some disk: what remains above the last name becomes one hash.
                let rest = segments.by_ref().inspect(|s| whole.update(s)).last().unwrap_or_default();
                let digest = hex(&whole.finalize());
                let folder = self.folder_name(&path, digest.get(..32).unwrap_or_default());
                let path = path.with(&folder);
                return self.last_name(path, rest, is_folder);
            }
            if last {
                return self.last_name(path, original, is_folder);
            }
            let name = self.folder_name(&path, original);
            path = path.with(&name);
        }
        path
    }

    fn last_name(&mut self, parent: SafePath, original: &str, is_folder: bool) -> SafePath {
        let name =
            if is_folder { self.folder_name(&parent, original) } else { self.free_name(&parent, original, original) };
        parent.with(&name)
    }

    fn folder_name(&mut self, parent: &SafePath, original: &str) -> SafeName {
        let key = key_of(parent.as_str(), original);
        if let Some(known) = self.folders.get(&key) {
            return known.clone();
        }
        let name = self.free_name(parent, original, original);
        self.folders.insert(key, name.clone());
        name
    }

    fn free_name(&mut self, parent: &SafePath, original: &str, identity: &str) -> SafeName {
        let plain = SafeName::new(original);
        if self.take(parent, &plain) {
            return plain;
        }
        let digest = hex(&Sha256::digest(identity));
        for digits in MARK_DIGITS {
            let marked = plain.marked(&format!("-{}", digest.get(..digits).unwrap_or_default()));
            if self.take(parent, &marked) {
                return marked;
            }
        }
        self.counted_name(parent, &plain)
    }

    /// The same original again and again: numbered in the order they come.
    fn counted_name(&mut self, parent: &SafePath, plain: &SafeName) -> SafeName {
        let place = place_key(parent, plain.as_str());
        let mut number = self.next_numbers.get(&place).copied().unwrap_or(2);
        loop {
            let marked = plain.marked(&format!(" ({number})"));
            number += 1;
            if self.take(parent, &marked) {
                self.next_numbers.insert(place, number);
                return marked;
            }
        }
    }

    fn take(&mut self, parent: &SafePath, name: &SafeName) -> bool {
        self.taken.insert(place_key(parent, name.as_str()))
    }
}

/// What a case-insensitive, normalisation-insensitive disk makes of a place.
fn place_key(parent: &SafePath, name: &str) -> Key {
    key_of(&fold(parent.as_str()), &fold(name))
}

fn key_of(parent: &str, name: &str) -> Key {
    let mut hash = Sha256::new();
    hash.update((parent.len() as u64).to_le_bytes());
    hash.update(parent);
    hash.update(name);
    let mut key = Key::default();
    key.iter_mut().zip(hash.finalize()).for_each(|(to, from)| *to = from);
    key
}

/// Folds away what some disk does not tell apart. Upper case first, so that `ß` and `SS`, `ſ` and `s` meet; joiners
/// are ignored by HFS+.
pub(crate) fn fold(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    name.nfd()
        .filter(|c| !matches!(c, '\u{200b}'..='\u{200d}' | '\u{206a}'..='\u{206f}'))
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
        .nfd()
        .collect()
}

/// Lower-case hex digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_first_keeps_its_name_and_later_ones_depend_on_their_original() {
        let mut names = UniqueNames::new();
        assert_eq!(names.file(["a", "Photo.jpg"]).as_str(), "a/Photo.jpg");
        let other = names.file(["a", "photo.JPG"]);
        assert_ne!(fold(other.as_str()), fold("a/Photo.jpg"));
        assert!(other.as_str().starts_with("a/photo-") && other.as_str().ends_with(".JPG"), "{other}");

        let mut again = UniqueNames::new();
        again.file(["a", "PHOTO.jpg"]);
        assert_eq!(again.file(["a", "photo.JPG"]), other);
    }

    #[test]
    fn both_spellings_of_an_accent_are_one_place() {
        let mut names = UniqueNames::new();
        assert_eq!(names.file(["caf\u{e9}"]).as_str(), "caf\u{e9}");
        assert!(names.file(["cafe\u{301}"]).as_str().contains('-'));
        assert!(names.file(["CAF\u{c9}"]).as_str().contains('-'));
    }

    #[test]
    fn a_folder_is_given_again_and_a_file_of_the_same_name_moves_aside() {
        let mut names = UniqueNames::new();
        let first = names.file(["x", "y"]);
        assert_eq!(names.folder(["x"]), first.parent());
        assert!(names.file(["x"]).as_str().starts_with("x-"));
        assert!(names.file(["x", "y", "z"]).as_str().starts_with("x/y-"));
        assert!(names.file(["X", "q"]).as_str().starts_with("X-"));
    }

    #[test]
    fn the_same_original_twice_gets_two_places() {
        let mut names = UniqueNames::new();
        let all: HashSet<SafePath> = (0..20).map(|_| names.file(["a.txt"])).collect();
        assert_eq!(all.len(), 20);
    }

    #[test]
    fn a_path_deeper_than_any_disk_allows_is_folded() {
        let mut names = UniqueNames::new();
        let deep = vec!["directory"; 5_000];
        let path = names.file(deep.iter().copied().chain(["end.txt"]));
        assert!(path.as_str().len() < 900 && path.name() == "end.txt", "{path}");
        let other = names.file(deep.iter().copied().chain(["other", "end.txt"]));
        assert_ne!(path, other);
    }

    proptest! {
        #[test]
        fn no_two_files_share_a_place(
            originals in prop::collection::hash_set(prop::collection::vec("[aAéÉßsS.. /\u{301}]{0,3}", 1..4), 1..40)
        ) {
            let mut names = UniqueNames::new();
            let mut originals: Vec<_> = originals.into_iter().collect();
            originals.sort();
            let mut places = HashSet::new();
            for original in &originals {
                let path = names.file(original.iter().map(String::as_str));
                prop_assert!(places.insert(fold(path.as_str())), "{original:?} -> {path}");
            }
            let folders: HashSet<String> =
                places.iter().filter_map(|p| p.rsplit_once('/')).map(|(parent, _)| parent.to_owned()).collect();
            prop_assert!(folders.is_disjoint(&places));
        }
    }
}
