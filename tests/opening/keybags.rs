//! Keybags that nobody here wrote: two real ones of iOS 9.3 and 10.2, and seven vectors of other tools.

use corer::backup::keybag::{Keybag, UnlockError};
use corer_schemas::formats::plist::{self, Value};

fn keybag(name: &str) -> Option<Keybag> {
    let bytes = std::fs::read(crate::support::shared(&format!("keybags/{name}"))?).unwrap();
    let Value::Dictionary(manifest) = plist::read(&bytes).unwrap() else { panic!("not a dictionary") };
    Some(Keybag::parse(manifest.get("BackupKeyBag").and_then(Value::as_data).unwrap()).unwrap())
}

#[test]
fn all_eleven_keys_of_the_real_keybags_unwrap_and_four_are_for_the_device_alone() {
    for name in ["Manifest-9-test123.plist", "Manifest-10-test123.plist"] {
        let Some(keybag) = keybag(name) else { return };
        let keys = keybag.unlock(b"test123").unwrap();
        assert_eq!(keys.usable().collect::<Vec<_>>(), [1, 2, 3, 4, 6, 7, 8], "{name}");
        assert_eq!(keys.device_only(), [5, 9, 10, 11], "{name}");
        assert!(keys.damaged().is_empty(), "{name}");
    }
}

#[test]
fn a_wrong_password_is_said_to_be_wrong() {
    let Some(keybag) = keybag("Manifest-9-test123.plist") else { return };
    for password in ["test124", "", "TEST123", "test123 "] {
        assert!(matches!(keybag.unlock(password.as_bytes()), Err(UnlockError::WrongPassword)), "{password:?}");
    }
}

/// A vector gives the parameters of one class key; a keybag around it is what corer reads.
fn keybag_of_vector(hash: &str) -> Vec<u8> {
    let fields: Vec<&str> = hash.strip_prefix("$itunes_backup$*").unwrap().split('*').collect();
    let [_, wrapped, rounds, salt, first_rounds, first_salt] = fields[..] else { panic!("{hash}") };
    let number = |text: &str| text.parse::<u32>().unwrap().to_be_bytes().to_vec();
    let mut header = vec![("UUID", vec![0; 16]), ("SALT", hex(salt)), ("ITER", number(rounds))];
    if !first_rounds.is_empty() {
        header.extend([("DPIC", number(first_rounds)), ("DPSL", hex(first_salt))]);
    }
    let class = [("UUID", vec![1; 16]), ("CLAS", number("3")), ("WRAP", number("2")), ("WPKY", hex(wrapped))];
    let fields = header.into_iter().chain(class);
    fields.flat_map(|(tag, value)| [tag.as_bytes(), &(value.len() as u32).to_be_bytes(), &value].concat()).collect()
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}

#[test]
fn the_vectors_of_other_tools_hold() {
    let Some(vectors) = crate::support::shared("keybags/vectors.json") else { return };
    let vectors: serde_json::Value = serde_json::from_slice(&std::fs::read(vectors).unwrap()).unwrap();
    let vectors = vectors["hash_vectors"].as_array().unwrap();
    assert_eq!(vectors.len(), 7);
    for vector in vectors {
        let (hash, password) = (vector["hash"].as_str().unwrap(), vector["password"].as_str().unwrap());
        let keybag = Keybag::parse(&keybag_of_vector(hash)).unwrap();
        let keys = keybag.unlock(password.as_bytes()).unwrap_or_else(|error| panic!("{}: {error}", vector["source"]));
        assert_eq!(keys.usable().collect::<Vec<_>>(), [3]);
    }
}
