use serde_json::Value;

use super::*;
use crate::testing::shared_data;

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn vectors() -> Option<Vec<Value>> {
    let folder = shared_data("keybags")?;
    let vectors: Value = serde_json::from_slice(&std::fs::read(folder.join("vectors.json")).unwrap()).unwrap();
    Some(vectors["apple_notes_vectors"].as_array().unwrap().clone())
}

fn derived(password: &str, salt: &[u8], rounds: u32, length: usize) -> Vec<u8> {
    let mut key = vec![0; length];
    pbkdf2_hmac::<Sha256>(password.as_bytes(), salt, rounds, &mut key);
    key
}

#[test]
fn a_note_of_another_tools_tests_opens_with_its_password_and_no_other() {
    let Some(vectors) = vectors() else { return };
    let vector = &vectors[0];
    let field = |name: &str| bytes(vector[name].as_str().unwrap());
    let (salt, wrapped, nonce) = (field("salt"), field("wrapped_key"), field("iv"));
    let text = [field("ciphertext"), field("tag")].concat();
    let sealed = Sealed {
        salt: &salt,
        rounds: vector["iterations"].as_u64().unwrap(),
        key_length: 16,
        wrapped: &wrapped,
        nonce: &nonce,
        text: &text,
        authenticated: &[],
    };
    assert_eq!(NotePasswords::default().open(&sealed), Opening::NoPassword);
    assert_eq!(NotePasswords::new([&b"wrong"[..]]).open(&sealed), Opening::Wrong);
    let Opening::Open(plain) = NotePasswords::new([&b"wrong"[..], b"password"]).open(&sealed) else { panic!() };
    assert!(plain.starts_with(&[0x1f, 0x8b]));
    assert!(!crate::notes::fuzzing::body(&plain).unwrap().is_empty());
    let mut damaged = text.clone();
    damaged[0] ^= 1;
    let opening = NotePasswords::new([&b"password"[..]]).open(&Sealed { text: &damaged, ..sealed });
    assert!(matches!(opening, Opening::Impossible(why) if why.contains("damaged")));
}

#[test]
fn wrapped_keys_of_other_tools_unwrap() {
    let Some(vectors) = vectors() else { return };
    let mut seen = 0;
    for vector in &vectors[1..] {
        // `$ASN$*number*rounds*salt*wrapped key`
        let parts: Vec<&str> = vector["hash"].as_str().unwrap().split('*').collect();
        let (salt, wrapped) = (bytes(parts[3]), bytes(parts[4]));
        let key = derived(vector["password"].as_str().unwrap(), &salt, parts[2].parse().unwrap(), 16);
        assert_eq!(unwrap(&key, &wrapped).map(|key| key.len()), Some(16), "{vector}");
        assert!(unwrap(&derived("x", &salt, 20_000, 16), &wrapped).is_none());
        seen += 1;
    }
    assert_eq!(seen, 4);
}

/// The vector of the reference: a wrapped key of a note of macOS 15, computed by two other programs.
#[test]
fn a_key_of_the_newer_way_unwraps() {
    let salt = bytes("1faf405b502ebdb2796842e6217fa4ca274b69ac1efae128bb09dfb04989c96d");
    let key = derived("jjkhehe", &salt, 20_000, 32);
    assert_eq!(key, bytes("66c2ed1de7e3e94b63a39048edbb540b375b364ce9ffedce93d7dee4f930d576"));
    let wrapped = bytes("3e7cc8825082cd508d4f51328a287b4df4c3763eb20bacd6748adc956d44d82071f34b4039c90fe5");
    let unwrapped = unwrap(&key, &wrapped).unwrap();
    assert_eq!(unwrapped.to_vec(), bytes("e1d12f49ace8816f7334da221f0f7f149a266d6386de576b4d59a395d78afba2"));
}

#[test]
fn a_key_that_would_take_minutes_is_not_derived() {
    let sealed = |rounds, salt| Sealed {
        salt,
        rounds,
        key_length: 16,
        wrapped: &[0; 24],
        nonce: &[0; 16],
        text: &[0; 16],
        authenticated: &[],
    };
    let passwords = NotePasswords::new([&b"x"[..]]);
    assert!(matches!(passwords.open(&sealed(u64::MAX, b"a")), Opening::Impossible(_)));
    assert!(matches!(passwords.open(&sealed(0, b"a")), Opening::Impossible(_)));
    passwords.spent.set(ALL_ROUNDS - 1_000);
    assert_eq!(passwords.open(&sealed(1_000, b"a")), Opening::Wrong);
    assert_eq!(passwords.open(&sealed(1_000, b"a")), Opening::Wrong);
    assert!(matches!(passwords.open(&sealed(1_000, b"b")), Opening::Impossible(_)));
}

#[test]
fn passwords_are_tried_in_both_spellings_and_never_shown() {
    let passwords = NotePasswords::new(["\u{e5}bc".as_bytes(), b"", b"abc"]);
    assert_eq!(passwords.passwords.len(), 3);
    assert_eq!(format!("{passwords:?}"), "NotePasswords { count: 3, .. }");
}
