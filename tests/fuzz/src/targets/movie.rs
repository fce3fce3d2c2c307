//! Movies and sounds in the same container: when they were taken, whether they are complete, whether browsers play them, what is
//! said in them.

use std::io::Cursor;

use corer_exporters::sound::deaf;
use corer_schemas::formats::quicktime;

pub fn run(bytes: &[u8]) {
    let mut movie = Cursor::new(bytes);
    quicktime::read(&mut movie).expect("memory can be read");
    quicktime::is_complete(&mut movie).expect("memory can be read");
    if let Some(words) = quicktime::words(&mut movie).expect("memory can be read") {
        assert!(words.len() as u64 <= quicktime::LONGEST_WORDS + 1 && words.len() <= bytes.len());
        _ = corer_schemas::fuzzing::transcript(&words);
    }
    _ = corer_schemas::fuzzing::transcript(bytes);
    deaf(&mut movie).expect("memory can be read");
}
