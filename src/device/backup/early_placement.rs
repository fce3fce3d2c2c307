//! Where the bytes of a file are put when they come.
//!
//! A device sends each payload as `Snapshot/ab/abcd…` and moves it to `ab/abcd…` at the end. It is stored where it is going
//! to be moved to, at once, so that the move costs nothing on the disk. What the device sees is another matter: that is what
//! the [`overlay`](super::overlay) knows.

/// The name of a payload: SHA-1 of its domain and path.
pub type Digest = [u8; 20];

/// The folder that a device sends payloads to.
const SNAPSHOT: &str = "Snapshot/";

/// Where the bytes of a file that comes to a path are put, if nothing else lies there.
pub fn place(path: &str) -> &str {
    path.strip_prefix(SNAPSHOT).unwrap_or(path)
}

/// The digest of a payload in its folder: `ab/abcd…`.
pub fn payload(place: &str) -> Option<Digest> {
    let (folder, name) = place.split_once('/')?;
    if folder.len() == 2 && name.starts_with(folder) { digest(name) } else { None }
}

/// What forty digits mean, of small letters alone: that is how payloads are named.
pub fn digest(name: &str) -> Option<Digest> {
    let mut digest = [0; 20];
    if name.len() != 2 * digest.len() {
        return None;
    }
    for (part, digits) in digest.iter_mut().zip(name.as_bytes().as_chunks().0) {
        *part = byte(*digits)?;
    }
    Some(digest)
}

/// The forty digits.
pub fn name(digest: &Digest) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What two digits mean.
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
        assert_eq!(place(&path), format!("3d/{NAME}"));
        assert_eq!(payload(place(&path)).map(|digest| name(&digest)).as_deref(), Some(NAME));
        for other in
            [NAME.to_owned(), path.clone(), format!("3e/{NAME}"), format!("3d/{NAME}0"), format!("3d/x/{NAME}")]
        {
            assert!(payload(&other).is_none(), "{other}");
        }
        assert!(digest(&NAME.to_uppercase()).is_none() && digest("3d0d7e5fb2ce288813306e4d4636395e047a3dxy").is_none());
    }

    #[test]
    fn what_is_sent_to_another_place_is_put_there() {
        assert_eq!(
            ["Status.plist", "Snapshot", "Snapshot/a", "a/Snapshot/b"].map(place),
            ["Status.plist", "Snapshot", "a", "a/Snapshot/b"]
        );
    }
}
