use proptest::prelude::*;

use super::super::early_placement::place;
use super::super::model::{Model, Outcome, Wish, wished, wishes};
use super::*;

/// An earlier backup that is a model.
impl Earlier for Model {
    fn kind_at(&self, path: &str) -> io::Result<Option<Kind>> {
        let kind = |what: &Option<u8>| if what.is_some() { Kind::File } else { Kind::Folder };
        Ok(if path.is_empty() { Some(Kind::Folder) } else { self.get(path).map(kind) })
    }

    fn children(&self, folder: &str) -> io::Result<Vec<(String, Kind)>> {
        let inner = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let names = self.keys().filter_map(|path| path.strip_prefix(&inner)).filter(|name| !name.contains('/'));
        let kind = |name: &str| self.kind_at(&joined(folder, name)).unwrap().unwrap();
        Ok(names.map(|name| (name.to_owned(), kind(name))).collect())
    }
}

/// The disk, thought: a number wherever bytes lie.
#[derive(Default)]
struct Disk {
    bytes: BTreeMap<Location, u8>,
    spares: u64,
}

impl Disk {
    fn put(&mut self, path: &str, number: u8) -> Location {
        let usual = Location::Path(place(path).to_owned());
        self.spares += 1;
        let at = if self.bytes.contains_key(&usual) { Location::Spare(self.spares) } else { usual };
        self.bytes.insert(at.clone(), number);
        at
    }
}

fn change(overlay: &mut Overlay, earlier: &Model, disk: &mut Disk, change: Change<'_>, number: u8) -> io::Result<()> {
    let plan = overlay.plan(earlier, change)?;
    let mut placed = Vec::new();
    for (path, bytes) in &plan.puts {
        let number = match bytes {
            Bytes::Kept(at) => {
                placed.push(at.clone());
                continue;
            }
            Bytes::Fresh => number,
            Bytes::Linked(from) | Bytes::OfEarlier(from) => earlier[from].unwrap(),
            Bytes::OfNew(at) => disk.bytes[at],
        };
        placed.push(disk.put(path, number));
    }
    for unneeded in overlay.apply(plan, placed) {
        assert!(disk.bytes.remove(&unneeded).is_some(), "{unneeded:?} was given back twice");
    }
    Ok(())
}

fn fulfil(overlay: &mut Overlay, earlier: &Model, disk: &mut Disk, wish: &Wish) -> io::Result<()> {
    let mut make = |one: Change<'_>, number| change(overlay, earlier, disk, one, number);
    match wish {
        Wish::Create(path, number) => make(Change::Create(path), *number),
        Wish::Refuse(path) => {
            make(Change::Create(path), 0)?;
            make(Change::Discard(path), 0)
        }
        Wish::MakeFolder(path) => make(Change::MakeFolder(path), 0),
        Wish::Remove(path) => make(Change::Remove(path), 0),
        Wish::Rename(from, to) => make(Change::Move(from, to), 0),
        Wish::Copy(from, to) => make(Change::Copy(from, to), 0),
    }
}

/// Everything in the folder as the overlay has it, and where the bytes of what is new in it lie.
fn seen(overlay: &Overlay, earlier: &Model, disk: &Disk) -> (Model, BTreeSet<Location>) {
    let (mut model, mut used, mut waiting) = (Model::new(), BTreeSet::new(), vec![String::new()]);
    while let Some(folder) = waiting.pop() {
        for (name, standing) in overlay.list(earlier, &folder).unwrap() {
            let path = joined(&folder, &name);
            assert_eq!(overlay.standing(earlier, &path).unwrap().as_ref(), Some(&standing), "{path}");
            let number = match standing {
                Standing::Folder => {
                    waiting.push(path.clone());
                    None
                }
                Standing::New(at) => {
                    let number = disk.bytes[&at];
                    assert!(used.insert(at), "two files have the same bytes");
                    Some(number)
                }
                Standing::Earlier(_) => earlier[&path],
            };
            model.insert(path, number);
        }
    }
    (model, used)
}

/// What would be there if what is hidden were removed and what is new were put over the rest.
fn committed(overlay: &Overlay, earlier: &Model, disk: &Disk) -> Model {
    let is_hidden = |path: &str| overlay.hidden().any(|hidden| path == hidden || is_below(path, hidden));
    let left = earlier.iter().filter(|(path, _)| !is_hidden(path));
    let mut model: Model = left.map(|(path, what)| (path.clone(), *what)).collect();
    model.extend(overlay.new_folders().map(|folder| (folder.to_owned(), None)));
    for (path, _) in seen(overlay, earlier, disk).0 {
        if let Some(at) = overlay.new_file(&path) {
            model.insert(path, Some(disk.bytes[&at]));
        }
    }
    model
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    /// Whatever a device wants: what stands where is what it would be in a plain folder, what cannot be is refused and
    /// changes nothing, and no bytes are forgotten or used twice.
    #[test]
    fn the_overlay_is_what_a_plain_folder_would_be(before in wishes(16), after in wishes(32)) {
        let mut earlier = Model::new();
        for wish in before {
            if let Outcome::Done(made) = wished(&earlier, &wish) {
                earlier = made;
            }
        }
        let (mut overlay, mut disk, mut model) = (Overlay::default(), Disk::default(), earlier.clone());
        for wish in &after {
            match wished(&model, wish) {
                Outcome::Unsaid => continue,
                Outcome::Refused(kind) => {
                    let done = fulfil(&mut overlay, &earlier, &mut disk, wish);
                    prop_assert_eq!(done.map_err(|error| error.kind()), Err(kind), "{:?}", wish);
                }
                Outcome::Done(made) => {
                    fulfil(&mut overlay, &earlier, &mut disk, wish).unwrap();
                    model = made;
                }
            }
            let (is, used) = seen(&overlay, &earlier, &disk);
            prop_assert_eq!(&is, &model, "after {:?}", wish);
            prop_assert_eq!(&used, &disk.bytes.keys().cloned().collect(), "after {:?}", wish);
            prop_assert_eq!(&committed(&overlay, &earlier, &disk), &model, "after {:?}", wish);
        }
        // Once all is where it is seen, nothing is out of place.
        for (path, _) in overlay.misplaced() {
            overlay.relocate(&path, Location::Path(path.clone()));
        }
        prop_assert_eq!(overlay.misplaced(), vec![]);
    }
}

#[test]
fn the_folder_itself_is_never_touched() {
    let (overlay, earlier) = (Overlay::default(), Model::new());
    let changes = [
        Change::Create(""),
        Change::Discard(""),
        Change::Move("", "a"),
        Change::Move("a", ""),
        Change::Remove(""),
        Change::Copy("", "a"),
        Change::Copy("a", ""),
        Change::Hide(""),
    ];
    for change in changes {
        assert_eq!(overlay.plan(&earlier, change).unwrap_err().kind(), io::ErrorKind::InvalidInput, "{change:?}");
    }
    assert!(overlay.plan(&earlier, Change::MakeFolder("")).is_ok(), "it is there");
}

#[test]
fn what_is_planned_and_not_applied_has_not_happened() {
    let earlier = Model::from([("a".to_owned(), Some(1))]);
    let overlay = Overlay::default();
    let plan = overlay.plan(&earlier, Change::Move("a", "b/c")).unwrap();
    assert_eq!(plan.puts, [("b/c".to_owned(), Bytes::Linked("a".to_owned()))]);
    assert_eq!(overlay.standing(&earlier, "a").unwrap(), Some(Standing::Earlier(Kind::File)));
    assert_eq!((overlay.standing(&earlier, "b").unwrap(), overlay.hidden().count()), (None, 0));
}

#[test]
fn a_move_of_what_is_new_moves_no_bytes() {
    let (mut overlay, earlier, mut disk) = (Overlay::default(), Model::new(), Disk::default());
    let later = format!("ab/ab{}", "0".repeat(38));
    let sent = format!("Snapshot/{later}");
    change(&mut overlay, &earlier, &mut disk, Change::Create(&sent), 1).unwrap();
    let at = Location::Path(later.clone());
    assert_eq!(overlay.standing(&earlier, &sent).unwrap(), Some(Standing::New(at.clone())));
    assert_eq!(overlay.standing(&earlier, &later).unwrap(), None, "it lies there, and is not seen there");
    assert_eq!(overlay.misplaced(), [(sent.clone(), at.clone())]);
    change(&mut overlay, &earlier, &mut disk, Change::Move(&sent, &later), 0).unwrap();
    assert_eq!(overlay.standing(&earlier, &later).unwrap(), Some(Standing::New(at)));
    assert_eq!(overlay.misplaced(), []);
}
