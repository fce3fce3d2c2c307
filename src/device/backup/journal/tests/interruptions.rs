//! A run that is cut off anywhere, and the next one, again and again.

use proptest::prelude::*;

use super::super::super::model::{Model, Wish, wishes};
use super::super::super::snapshot::tests::{fulfil_as_modelled, on_disk, seen};
use super::*;

/// Where a run is cut off.
#[derive(Debug, Clone, Copy)]
enum Cut {
    /// After so many of its wishes.
    Wishes(prop::sample::Index),
    /// When all is laid out.
    LaidOut,
    /// When the journal is written, and has not got its name.
    Unnamed,
    /// When the journal counts, after so many of the steps that it stands for.
    Steps(prop::sample::Index),
}

fn cut() -> impl Strategy<Value = Cut> {
    prop_oneof![
        any::<prop::sample::Index>().prop_map(Cut::Wishes),
        Just(Cut::LaidOut),
        Just(Cut::Unnamed),
        any::<prop::sample::Index>().prop_map(Cut::Steps),
        any::<prop::sample::Index>().prop_map(Cut::Steps),
    ]
}

/// A run that is cut off; whether what it made counts.
fn run(backup: &Path, wishes: &[Wish], model: &mut Model, cut: Cut) -> bool {
    let (place, left) = Workspace::take(backup).unwrap();
    assert_eq!(left, Leftover::Nothing);
    let mut snapshot = Snapshot::begin(&place.backup, &place.files()).unwrap();
    assert_eq!(&seen(&mut snapshot), model);
    let done = if let Cut::Wishes(at) = cut { at.index(wishes.len() + 1) } else { wishes.len() };
    for wish in &wishes[..done] {
        fulfil_as_modelled(&mut snapshot, model, wish);
    }
    if let Cut::Wishes(_) = cut {
        return false;
    }
    snapshot.materialize().unwrap();
    if let Cut::LaidOut = cut {
        return false;
    }
    disk::make_folders(backup).unwrap();
    let part = place.staging.join(PART);
    place.write_journal(&part, &snapshot).unwrap();
    let Cut::Steps(at) = cut else { return false };
    fs::rename(part, place.staging.join(JOURNAL)).unwrap();
    steps(&place, at);
    true
}

/// Does some of what `apply` does, one after the other.
fn steps(place: &Workspace, cut: prop::sample::Index) {
    let journal = fs::read_to_string(place.staging.join(JOURNAL)).unwrap();
    let lines: Vec<&str> = journal.lines().skip(1).take_while(|line| *line != END).collect();
    let mut files = Vec::new();
    disk::walk(&place.files(), "", &mut |path, metadata| {
        if metadata.is_file() {
            files.push(path.to_owned());
        }
        Ok(())
    })
    .unwrap();
    let all = cut.index(lines.len() + files.len() + 1);
    for line in lines.iter().take(all) {
        place.remove_one(line).unwrap();
    }
    for file in files.iter().take(all.saturating_sub(lines.len())) {
        let target = below(&place.backup, file);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::rename(below(&place.files(), file), target).unwrap();
    }
}

proptest! {
    // Five each: 240 runs that are cut off.
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// However often and wherever a run is cut off: there is the earlier backup or the later one, complete, and the next run
    /// goes on from it.
    #[test]
    fn a_run_that_is_cut_off_leaves_one_of_the_two_backups(
        runs in proptest::collection::vec((wishes(16), cut()), 5),
        last in wishes(16),
    ) {
        let root = tempfile::tempdir().unwrap();
        let backup = root.path().join(UDID);
        let mut model = Model::new();
        for (wishes, cut) in &runs {
            let mut new = model.clone();
            let counts = run(&backup, wishes, &mut new, *cut);
            if counts {
                model = new;
            } else {
                prop_assert_eq!(&on_disk(&backup), &model, "nothing has changed before the journal counts");
            }
            let (place, left) = Workspace::take(&backup).unwrap();
            prop_assert_eq!(left == Leftover::Finished, counts);
            prop_assert_eq!(&on_disk(&backup), &model, "cut off at {:?}", cut);
            prop_assert!(!place.files().exists() && !place.staging.join(SPARE).exists());
        }
        let (place, _) = Workspace::take(&backup).unwrap();
        let mut snapshot = Snapshot::begin(&place.backup, &place.files()).unwrap();
        for wish in &last {
            fulfil_as_modelled(&mut snapshot, &mut model, wish);
        }
        snapshot.materialize().unwrap();
        place.commit(&snapshot).unwrap();
        prop_assert_eq!(&on_disk(&backup), &model);
    }
}
