//! Sounds in Apple's CAF, and any other of which a copy is made: what was found in a CAF fits into what is written.

use corer_exporters::sound::{Playability, look};

pub fn run(bytes: &[u8]) {
    let Playability::Copy(sound) = look(bytes) else { return };
    let mut copy = Vec::new();
    sound.write(&mut copy).expect("memory takes everything");
    let begin: &[u8] = if sound.extension() == "ogg" { b"OggS" } else { b"RIFF" };
    assert!(copy.starts_with(begin), "{:?}", sound.extension());
    // Pages of Ogg cost a byte for each 255 and 27 more for each packet at most; AMR has its own bounds.
    if bytes.starts_with(b"caff") {
        assert!(copy.len() <= 256 + 29 * bytes.len(), "{} bytes of {}", copy.len(), bytes.len());
    }
}
