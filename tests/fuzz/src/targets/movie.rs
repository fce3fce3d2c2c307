//! Movies: when they were taken, whether they are complete, whether browsers play them.

use std::io::Cursor;

use corer_exporters::sound::deaf;
use corer_schemas::formats::quicktime;

pub fn run(bytes: &[u8]) {
    let mut movie = Cursor::new(bytes);
    quicktime::read(&mut movie).expect("memory can be read");
    quicktime::is_complete(&mut movie).expect("memory can be read");
    deaf(&mut movie).expect("memory can be read");
}
