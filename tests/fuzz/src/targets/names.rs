//! Names of any text: legal on every disk, and never the same place twice.

use std::collections::HashSet;

use corer_exporters::output::{SafeName, UniqueNames};

const REFUSED: &str = "<>:\"/\\|?*\u{202e}\u{2066}\u{200f}\u{feff}";
const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "COM1", "LPT9"];

fn is_legal(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_uppercase();
    !name.is_empty()
        && name.len() <= 255
        && !name.ends_with(['.', ' '])
        && !name.contains(|c: char| c.is_control() || REFUSED.contains(c))
        && !DEVICES.contains(&stem.as_str())
        && SafeName::new(name).as_str() == name
}

pub fn run(bytes: &[u8]) {
    let text = super::text(bytes);
    let mut names = UniqueNames::new();
    let mut places = HashSet::new();
    for path in text.split('\n') {
        let place = names.file(path.split('/'));
        assert!(place.as_str().len() <= 1024 && place.segments().all(is_legal), "{path:?} is {place}");
        assert!(places.insert(place.as_str().to_lowercase()), "{path:?} is {place} again");
    }
}
