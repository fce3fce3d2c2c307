//! Films and sounds that browsers do not play.

use std::io::{self, Read as _};

use corer_schemas::Opened;

use crate::convert::Content;
use crate::output::SafeName;
use crate::sound::{LONGEST_FILE, Playability, deaf, is_candidate, look};

/// A file that browsers do not play.
pub(super) enum Unplayable {
    /// A sound of which a copy may be made: its content.
    Sound(Vec<u8>),
    /// Something of which none can be made: why.
    Never(String),
}

impl Unplayable {
    /// Looks whether a file is one, by its first bytes before its name. `content`: what they are known as.
    pub(super) fn of(name: &SafeName, content: Option<Content>, opened: &mut Opened) -> io::Result<Option<Self>> {
        if content.is_some_and(|content| !content.is_movie()) {
            return Ok(None);
        }
        let mut beginning = Vec::new();
        opened.reader.by_ref().take(12).read_to_end(&mut beginning)?;
        let extension = name.extension();
        let found = if is_candidate(&beginning) {
            let mut bytes = beginning;
            opened.reader.by_ref().take(LONGEST_FILE).read_to_end(&mut bytes)?;
            match bytes.len() as u64 > LONGEST_FILE {
                true => Some(Self::Never(format!("it has more than {LONGEST_FILE} bytes"))),
                false => Some(Self::Sound(bytes)),
            }
        } else if content.is_some() || is_film(&extension) {
            deaf(&mut opened.reader)?.map(Self::Never)
        } else if is_unplayable(&extension) && matches!(look(&beginning), Playability::Unknown) {
            Some(Self::Never("browsers do not play what it is called, and it is nothing that is known".to_owned()))
        } else {
            None
        };
        opened.reader.rewind()?;
        Ok(found)
    }
}

/// Whether files of this extension, in small letters, are containers of films and sounds.
fn is_film(extension: &str) -> bool {
    matches!(extension, "m4a" | "m4b" | "mp4" | "m4v" | "mov" | "qt" | "3gp" | "3gpp" | "3g2")
}

/// Whether browsers have no player for files of this extension, in small letters.
pub(super) fn is_unplayable(extension: &str) -> bool {
    matches!(extension, "amr" | "awb" | "caf" | "aif" | "aiff" | "aifc" | "avi" | "mpg" | "mpeg" | "wma" | "wmv")
}
