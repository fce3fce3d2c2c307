//! Pictures and movies by their form alone, as `verify --deep` looks at them.

use corer::backup::bytes::MemoryBytes;
use corer::backup::verify::is_complete;

pub fn run(bytes: &[u8]) {
    for name in ["Media/DCIM/100APPLE/IMG_0001.MOV", "Media/DCIM/100APPLE/IMG_0001.JPG"] {
        let _ = is_complete(name, &MemoryBytes(bytes.to_vec()));
    }
}
