//! What a plain folder would do: the model against which the [overlay](super::overlay) and the
//! [snapshot](super::snapshot) are tested.

use std::collections::BTreeMap;
use std::io;

use proptest::collection::vec;
use proptest::prelude::*;

/// What a folder holds: a number for a file, nothing for a folder.
pub type Model = BTreeMap<String, Option<u8>>;

/// Something that a device may want.
#[derive(Debug, Clone)]
pub enum Wish {
    Create(String, u8),
    /// A file that is begun and taken back.
    Refuse(String),
    MakeFolder(String),
    Remove(String),
    Rename(String, String),
    Copy(String, String),
}

/// What comes of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    Done(Model),
    Refused(io::ErrorKind),
    /// No device wants that: a file that was there is begun anew and taken back.
    Unsaid,
}

/// The path of one of a few payloads.
fn payload(number: u8) -> String {
    format!("ab/ab{}{number}", "0".repeat(37))
}

/// Paths of all sorts: plain ones, those of payloads where they are sent to and where they come to lie, and the folders
/// around them; some folders have the names of files of others.
fn paths() -> impl Strategy<Value = String> {
    let plain = vec(prop::sample::select(vec!["a.x", "b", "c.x"]), 1..4).prop_map(|names| names.join("/"));
    let later = [1, 2, 3].map(payload);
    let sent = later.clone().map(|later| format!("Snapshot/{later}"));
    let folders =
        ["ab", "Snapshot", "Snapshot/ab", "Snapshot/b", "Snapshot/Snapshot", "Snapshot/Manifest.db", "Manifest.db"];
    let known: Vec<String> = later.into_iter().chain(sent).chain(folders.map(str::to_owned)).collect();
    prop_oneof![plain, prop::sample::select(known.clone()), prop::sample::select(known)]
}

/// What a device does all day.
fn usual() -> impl Strategy<Value = Wish> {
    let number = || 1..4_u8;
    prop_oneof![
        number().prop_map(|n| Wish::Create(format!("Snapshot/{}", payload(n)), n)),
        number().prop_map(|n| Wish::Refuse(format!("Snapshot/{}", payload(n)))),
        number().prop_map(|n| Wish::Rename(format!("Snapshot/{}", payload(n)), payload(n))),
        any::<u8>().prop_map(|n| Wish::Create("Snapshot/Manifest.db".to_owned(), n)),
        Just(Wish::Rename("Snapshot/Manifest.db".to_owned(), "Manifest.db".to_owned())),
        prop::sample::select(vec!["Snapshot/ab", "Snapshot/cd"]).prop_map(|path| Wish::MakeFolder(path.to_owned())),
        Just(Wish::Remove("Snapshot".to_owned())),
    ]
}

/// Whatever anybody could think of.
fn any_wish() -> impl Strategy<Value = Wish> {
    prop_oneof![
        (paths(), any::<u8>()).prop_map(|(path, number)| Wish::Create(path, number)),
        paths().prop_map(Wish::Refuse),
        paths().prop_map(Wish::MakeFolder),
        paths().prop_map(Wish::Remove),
        (paths(), paths()).prop_map(|(from, to)| Wish::Rename(from, to)),
        (paths(), paths()).prop_map(|(from, to)| Wish::Copy(from, to)),
    ]
}

/// Some wishes, one after the other.
pub fn wishes(most: usize) -> impl Strategy<Value = Vec<Wish>> {
    vec(prop_oneof![usual(), any_wish()], 0..most)
}

fn is_at_or_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn above(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

fn remove(model: &mut Model, path: &str) {
    model.retain(|there, _| !is_at_or_below(there, path));
}

fn put(model: &mut Model, path: &str, what: Option<u8>) {
    model.extend(above(path).map(|folder| (folder.to_owned(), None)));
    model.insert(path.to_owned(), what);
}

/// What a plain folder would make of a wish.
pub fn wished(model: &Model, wish: &Wish) -> Outcome {
    use io::ErrorKind::{AlreadyExists, InvalidInput, NotADirectory, NotFound};
    let mut new = model.clone();
    let has_file_above = |path: &str| above(path).any(|folder| matches!(model.get(folder), Some(Some(_))));
    match wish {
        Wish::Remove(path) => remove(&mut new, path),
        Wish::Refuse(path) if model.contains_key(path) => return Outcome::Unsaid,
        Wish::Create(path, _) | Wish::Refuse(path) | Wish::MakeFolder(path) if has_file_above(path) => {
            return Outcome::Refused(NotADirectory);
        }
        Wish::Create(path, number) => {
            remove(&mut new, path);
            put(&mut new, path, Some(*number));
        }
        Wish::Refuse(path) => new.extend(above(path).map(|folder| (folder.to_owned(), None))),
        Wish::MakeFolder(path) if matches!(model.get(path), Some(Some(_))) => return Outcome::Refused(AlreadyExists),
        Wish::MakeFolder(path) => put(&mut new, path, None),
        Wish::Rename(from, to) if from == to => {
            return if model.contains_key(from) { Outcome::Done(new) } else { Outcome::Refused(NotFound) };
        }
        Wish::Rename(from, to) | Wish::Copy(from, to) => {
            let is_copy = matches!(wish, Wish::Copy(..));
            let is_nested = is_at_or_below(from, to) || is_at_or_below(to, from);
            match (is_nested, model.contains_key(from)) {
                (true, has) if has || !is_copy => return Outcome::Refused(InvalidInput),
                (_, false) => return Outcome::Refused(NotFound),
                _ if has_file_above(to) => return Outcome::Refused(NotADirectory),
                _ => {}
            }
            remove(&mut new, to);
            if !is_copy {
                remove(&mut new, from);
            }
            for (path, what) in model.iter().filter(|(path, _)| is_at_or_below(path, from)) {
                put(&mut new, &format!("{to}{}", &path[from.len()..]), *what);
            }
        }
    }
    Outcome::Done(new)
}
