use super::*;
use crate::notes::fuzzing;

/// Made by `make.py`, which shares nothing with the code.
const NEO: &[u8] = include_bytes!("neo.bplist");
const DEVICE: &[u8] = include_bytes!("device.bplist");

fn tried(bytes: &[u8], password: &str) -> Tried {
    Columns::default().open(bytes, &NotePasswords::new([password.as_bytes()]))
}

#[test]
fn a_note_of_the_newer_way_opens_with_its_password() {
    let tried = tried(NEO, "Zoë’s 🔑");
    assert_eq!((tried.scheme, tried.hint.as_deref()), (Scheme::Neo, Some("the usual")));
    let Opening::Open(plain) = tried.opening else { panic!("{tried:?}") };
    let paragraphs = fuzzing::body(&plain).unwrap();
    let lines: Vec<_> = paragraphs.iter().map(|line| (line.spans[0].text.as_str(), line.spans[0].style.bold)).collect();
    assert_eq!(lines, [("Secret", false), ("The key is under the mat 🗝", true)]);
}

#[test]
fn a_wrong_password_and_none_are_told_apart() {
    assert_eq!(tried(NEO, "Zoe's").opening, Opening::Wrong);
    let none = Columns::default().open(NEO, &NotePasswords::default());
    assert_eq!((none.scheme, none.opening), (Scheme::Neo, Opening::NoPassword));
    assert_eq!(none.hint.as_deref(), Some("the usual"));
}

#[test]
fn what_the_passcode_of_the_device_locks_no_password_opens() {
    let tried = tried(DEVICE, "Zoë’s 🔑");
    assert_eq!(tried.scheme, Scheme::Device);
    assert!(matches!(tried.opening, Opening::Impossible(why) if why.contains("passcode")));
}

#[test]
fn damaged_archives_are_never_opened() {
    for at in 0..NEO.len() {
        let mut damaged = NEO.to_vec();
        damaged[at] ^= 1;
        let tried = tried(&damaged, "Zoë’s 🔑");
        // What is not part of the note, such as the name of the class, may be anything.
        if let Opening::Open(plain) = tried.opening {
            assert_eq!(fuzzing::body(&plain).unwrap().len(), 2, "{at}");
        }
        let _ = Columns::default().open(&NEO[..at], &NotePasswords::default());
    }
}
