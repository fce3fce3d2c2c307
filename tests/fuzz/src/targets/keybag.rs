//! Keybags, without the work of a password.

use corer::backup::keybag::Keybag;

pub fn run(bytes: &[u8]) {
    let _ = Keybag::parse(bytes);
}
