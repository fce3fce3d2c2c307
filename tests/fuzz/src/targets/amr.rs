//! AMR: what is found to be a sound is written as one, and no longer than it may be.

use corer_exporters::sound::{LONGEST, amr};

pub fn run(bytes: &[u8]) {
    let Ok(frames) = amr::frames(bytes) else { return };
    let mut sound = Vec::new();
    amr::write(&frames, &mut sound).expect("memory takes everything");
    let rate = if bytes.starts_with(b"#!AMR-WB") { 16_000 } else { 8_000 };
    let most = LONGEST as usize * rate * 2 + 44;
    assert!(sound.starts_with(b"RIFF") && (45..=most).contains(&sound.len()), "{} bytes", sound.len());
}
