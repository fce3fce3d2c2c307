//! Whether pictures and movies are complete: those that are named as pictures begin as one, and what says by its own first
//! bytes what it is has its end.

use super::FileFindings;
use super::media::{self, Form};
use crate::backup::bytes::ReadAt;
use crate::backup::manifest::Record;

const EXTENSIONS: [&str; 9] = ["jpg", "jpeg", "png", "gif", "heic", "heif", "tif", "tiff", "webp"];

/// Where people's own pictures, movies and recordings lie. Apps keep half of a download as it is.
const OWN: [&str; 4] = ["CameraRollDomain", "MediaDomain", "HomeDomain", MEMOS];
const MEMOS: &str = "AppDomainGroup-group.com.apple.VoiceMemos.shared";

/// Looks at the form of a file. People's own ones that are cut short are damaged, unless a digest says that the device
/// had nothing else; what apps have is noted.
pub(super) fn check(record: Record<'_>, bytes: &dyn ReadAt, found: &mut FileFindings) {
    let named = Named::of(record.path());
    if bytes.size() == 0 {
        return;
    }
    let form = media::form(record.path(), bytes);
    found.is_picture = named.is_some() || form != Form::Unknown;
    let is_sent_so = found.digest.is_some_and(|digest| digest.is_proof());
    match form {
        Form::Broken(why) if OWN.contains(&record.domain()) && !is_sent_so => found.remarks.damage(why),
        Form::Broken(why) => found.remarks.note(why),
        Form::Unknown => {
            let Some(named) = named.filter(|named| !named.fits(bytes)) else { return };
            let why = named.fault();
            let is_own = named.is_own(record.domain()) && !is_sent_so;
            if is_own { found.remarks.damage(why) } else { found.remarks.note(why) }
        }
        Form::Sound => {}
    }
}

/// What a file is by its name.
#[derive(Debug, Clone, Copy)]
enum Named {
    Picture,
    Movie,
}

impl Named {
    fn of(path: &str) -> Option<Self> {
        let extension = path.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
        let is_picture = extension.is_some_and(|extension| EXTENSIONS.contains(&extension.as_str()));
        if is_picture {
            return Some(Self::Picture);
        }
        media::is_named_as_movie(path).then_some(Self::Movie)
    }

    fn fits(self, bytes: &dyn ReadAt) -> bool {
        begins_as_picture(bytes) || matches!(self, Self::Movie) && media::begins_as_movie(bytes)
    }

    fn fault(self) -> &'static str {
        match self {
            Self::Picture => "it does not begin as a picture: its content is damaged or something else",
            Self::Movie => "it does not begin as a movie or a sound: its content is damaged or something else",
        }
    }

    /// Whether such a file is a person's own there, and no app's.
    fn is_own(self, domain: &str) -> bool {
        let is_recording = matches!(self, Self::Movie) && domain == MEMOS;
        is_recording || matches!(domain, "CameraRollDomain" | "MediaDomain")
    }
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
