//! Payloads that have come and were not moved yet.
//!
//! A device sends each payload as `Snapshot/ab/abcd…` and moves it to `ab/abcd…` at the end. It is stored where it is going
//! to be moved to, at once, so that the move costs nothing; here stands which of them the device still has to see in
//! `Snapshot`: twenty bytes for a file, where a path has fifty.

use std::collections::BTreeSet;

use foldhash::HashSet;

/// The name of a payload: SHA-1 of its domain and path.
pub type Digest = [u8; 20];

/// The folder that a device sends payloads to.
const SNAPSHOT: &str = "Snapshot/";

/// Payloads on their way.
#[derive(Debug, Default)]
pub struct EarlyPlacement {
    digests: HashSet<Digest>,
    /// The folders that were made to park in, by their number: the first byte of every digest in them. The device does not
    /// know of them yet.
    pub folders: BTreeSet<u8>,
    /// The folders of `Snapshot` that the device believes in and that do not exist, by their number.
    pub promised: BTreeSet<u8>,
}

impl EarlyPlacement {
    /// Whether a payload is on its way.
    pub fn has(&self, digest: &Digest) -> bool {
        self.digests.contains(digest)
    }

    /// Adds one.
    pub fn add(&mut self, digest: Digest) {
        self.digests.insert(digest);
    }

    /// Forgets one.
    pub fn forget(&mut self, digest: &Digest) {
        self.digests.remove(digest);
    }

    /// Whether there is nothing to remember.
    pub fn is_empty(&self) -> bool {
        self.digests.is_empty() && self.folders.is_empty() && self.promised.is_empty()
    }

    /// Whether a payload is parked.
    pub fn has_payloads(&self) -> bool {
        !self.digests.is_empty()
    }

    /// All of them.
    pub fn payloads(&self) -> Vec<Digest> {
        self.digests.iter().copied().collect()
    }
}

/// Where a payload lies in the end.
pub fn place(digest: &Digest) -> String {
    let name: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}/{name}", name.get(..2).unwrap_or_default())
}

/// What a path in `Snapshot` names, if it is a payload: where it is going to be moved to, and its digest.
pub fn payload(relative: &str) -> Option<(&str, Digest)> {
    let place = relative.strip_prefix(SNAPSHOT)?;
    let (folder, name) = place.split_once('/')?;
    if name.len() != 40 || !name.starts_with(folder) || folder.len() != 2 {
        return None;
    }
    let mut digest = [0; 20];
    for (part, digits) in digest.iter_mut().zip(name.as_bytes().as_chunks().0) {
        *part = byte(*digits)?;
    }
    Some((place, digest))
}

/// The number of a folder of payloads, if that is what a path names.
pub fn folder(relative: &str) -> Option<u8> {
    relative.as_bytes().try_into().ok().and_then(byte)
}

/// The same of a folder in `Snapshot`.
pub fn folder_in_snapshot(relative: &str) -> Option<u8> {
    folder(relative.strip_prefix(SNAPSHOT)?)
}

/// The name of a folder of payloads.
pub fn name(number: u8) -> String {
    format!("{number:02x}")
}

/// Whether something at a path, or below it, may be parked or be covered by what is. Some file systems hold names for one
/// that differ in case or in the way they are encoded, and know a folder by a short name too, which has a tilde in it: only
/// what surely is none of those is far.
pub fn is_near(relative: &str) -> bool {
    let name = relative.strip_prefix(SNAPSHOT).unwrap_or(relative).split('/').next().unwrap_or_default();
    !(name.is_ascii() && name.contains('.') && !name.contains('~'))
}

/// Whether a path is that of a folder in which payloads lie, or come to lie, or what these are in: making it disturbs none.
pub fn is_folder(relative: &str) -> bool {
    relative == "Snapshot" || folder(relative.strip_prefix(SNAPSHOT).unwrap_or(relative)).is_some()
}

/// What two digits mean, of small letters alone: that is how payloads are named.
fn byte([high, low]: [u8; 2]) -> Option<u8> {
    let (high, low) = (value(high), value(low));
    ((high | low) <= 0xf).then_some((high << 4) | (low & 0xf))
}

/// The value of a digit; of what is none, more than 15. Without a way out, which would be taken or not in each of forty.
fn value(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        _ => 0xff,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "3d0d7e5fb2ce288813306e4d4636395e047a3d28";

    #[test]
    fn payloads_are_known_by_their_path() {
        let path = format!("Snapshot/3d/{NAME}");
        let (later, digest) = payload(&path).unwrap();
        assert_eq!((later, place(&digest)), (&path[9..], path[9..].to_owned()));
        for other in [NAME.to_owned(), format!("3d/{NAME}"), format!("Snapshot/3e/{NAME}"), format!("Snapshot/{NAME}")]
        {
            assert!(payload(&other).is_none(), "{other}");
        }
        assert!(payload(&path.to_uppercase()).is_none() && payload(&format!("{path}0")).is_none());
        assert!(payload("Snapshot/3d/3d0d7e5fb2ce288813306e4d4636395e047a3dxy").is_none());
    }

    #[test]
    fn what_is_near_and_what_is_not() {
        for near in ["", "Snapshot", "Snapshot/3d", "Snapshot/3d/x", "3d", "3d/x"] {
            assert!(is_near(near), "{near}");
        }
        for near in ["3D/x", "snapshot/3d", "SNAPSH~1", "SNAPSH~1.X", "Snapshot/3D", "\u{ff13}d", "xyz"] {
            assert!(is_near(near), "{near}, to some file systems");
        }
        for far in ["Status.plist", "Snapshot/Manifest.db", "Snapshot/Manifest.db/3d"] {
            assert!(!is_near(far), "{far}");
        }
        assert!(is_folder("3d") && is_folder("Snapshot") && is_folder("Snapshot/3d") && !is_folder("3d/x"));
    }
}
