//! Whether files that are named as pictures begin as pictures.

use super::{FileFindings, Finding};
use crate::backup::bytes::ReadAt;
use crate::backup::manifest::Record;

const EXTENSIONS: [&str; 9] = ["jpg", "jpeg", "png", "gif", "heic", "heif", "tif", "tiff", "webp"];

/// Looks at the first bytes. People's own pictures that do not begin as one are damaged; what apps name so is noted.
pub(super) fn check(record: Record<'_>, bytes: &dyn ReadAt, found: &mut FileFindings) {
    let extension = record.path().rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    if !extension.is_some_and(|extension| EXTENSIONS.contains(&extension.as_str())) || bytes.size() == 0 {
        return;
    }
    let mut start = [0; 12];
    if bytes.read_at(0, &mut start).is_err() {
        return;
    }
    found.is_picture = true;
    if !is_picture(&start) {
        let finding =
            Finding::new(record.name(), "it does not begin as a picture: its content is damaged or something else");
        let is_own = matches!(record.domain(), "CameraRollDomain" | "MediaDomain");
        if is_own { found.damage.push(finding) } else { found.notes.push(finding) }
    }
}

/// Any kind of picture will do, whatever the name says: apps are careless with extensions.
fn is_picture(start: &[u8; 12]) -> bool {
    let (head, tail) = start.split_at(4);
    start.starts_with(b"\xff\xd8\xff")
        || start.starts_with(b"\x89PNG\r\n\x1a\n")
        || start.starts_with(b"GIF8")
        || head == b"II*\0"
        || head == b"MM\0*"
        || start.starts_with(b"BM")
        || start.starts_with(b"%PDF")
        || (head == b"RIFF" && tail.ends_with(b"WEBP"))
        || tail.starts_with(b"ftyp")
        // JPEG XL, in its container and bare.
        || tail.starts_with(b"JXL ")
        || start.starts_with(b"\xff\x0a")
}
