//! Whether pictures and movies are whole: those that are named as pictures begin as one, and what says by its own first
//! bytes what it is has its end.

use super::FileFindings;
use super::media::{self, Form};
use crate::backup::bytes::ReadAt;
use crate::backup::manifest::Record;

const EXTENSIONS: [&str; 9] = ["jpg", "jpeg", "png", "gif", "heic", "heif", "tif", "tiff", "webp"];

/// Where people's own pictures, movies and recordings lie. Apps keep half of a download as it is.
const OWN: [&str; 4] =
    ["CameraRollDomain", "MediaDomain", "HomeDomain", "AppDomainGroup-group.com.apple.VoiceMemos.shared"];

/// Looks at the form of a file. People's own ones that are cut short are damaged, unless a digest says that the device
/// had nothing else; what apps have is noted.
pub(super) fn check(record: Record<'_>, bytes: &dyn ReadAt, found: &mut FileFindings) {
    let is_named = is_named_as_picture(record.path());
    if bytes.size() == 0 {
        return;
    }
    let form = media::form(record.path(), bytes);
    found.is_picture = is_named || form != Form::Unknown;
    let is_sent_so = found.digest.is_some_and(|digest| digest.is_proof());
    match form {
        Form::Broken(why) if OWN.contains(&record.domain()) && !is_sent_so => found.damage(why),
        Form::Broken(why) => found.note(why),
        Form::Unknown if is_named && !begins_as_picture(bytes) => {
            let why = "it does not begin as a picture: its content is damaged or something else";
            let is_own = matches!(record.domain(), "CameraRollDomain" | "MediaDomain") && !is_sent_so;
            if is_own { found.damage(why) } else { found.note(why) }
        }
        Form::Sound | Form::Unknown => {}
    }
}

fn is_named_as_picture(path: &str) -> bool {
    let extension = path.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    extension.is_some_and(|extension| EXTENSIONS.contains(&extension.as_str()))
}

/// Any kind of picture will do, whatever the name says: apps are careless with extensions.
fn begins_as_picture(bytes: &dyn ReadAt) -> bool {
    let mut start = [0; 12];
    if bytes.read_at(0, &mut start).is_err() {
        return true;
    }
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
