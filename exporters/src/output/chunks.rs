//! Reading to the end through one large buffer that each thread keeps.

use std::cell::RefCell;
use std::io::{self, Read};

use sha2::{Digest, Sha256};

/// How much is read at a time, in bytes.
const CHUNK: usize = 1024 * 1024;

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Hands everything in `reader` to `each`, piece by piece. `unreadable` words a failure to read.
pub(super) fn chunks<E>(
    reader: &mut dyn Read,
    unreadable: impl Fn(io::Error) -> E,
    mut each: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    // Taken out while in use, so that a reader which copies something itself finds the place empty, not locked.
    let mut buffer = BUFFER.take();
    buffer.resize(CHUNK, 0);
    let result = loop {
        match reader.read(&mut buffer) {
            Ok(0) => break Ok(()),
            Ok(count) => {
                if let Err(e) = each(buffer.get(..count).unwrap_or_default()) {
                    break Err(e);
                }
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => break Err(unreadable(e)),
        }
    };
    BUFFER.set(buffer);
    result
}

/// Hashes everything in `reader`.
pub(super) fn hash_all(reader: &mut dyn Read, hash: &mut Sha256) -> io::Result<()> {
    chunks(
        reader,
        |e| e,
        |bytes| {
            hash.update(bytes);
            Ok(())
        },
    )
}
