//! What the file of an attachment is called.

use std::io::{self, Read as _};

use corer_schemas::Opened;
use corer_schemas::messages::Attachment;

use crate::output::{SafeName, split_extension};

/// What the pictures of apps' bubbles are called.
const PAYLOAD: &str = ".pluginPayloadAttachment";

/// The name of an attachment's file, with an extension that browsers know where it has none: from what its bytes are, or
/// else from its media type.
pub(super) fn file_name(attachment: &Attachment, sniffed: Option<&str>) -> SafeName {
    let name = attachment.name.trim();
    let name = if name.is_empty() { "attachment" } else { name };
    if let Some(sniffed) = sniffed {
        return SafeName::new(&format!("{}.{sniffed}", name.strip_suffix(PAYLOAD).unwrap_or(name)));
    }
    if split_extension(name).1.is_empty()
        && let Some(extension) = attachment.mime.as_deref().and_then(extension_of)
    {
        return SafeName::new(&format!("{name}.{extension}"));
    }
    SafeName::new(name)
}

/// What the picture of an app's bubble is by its first bytes: such files have names that say nothing.
pub(super) fn sniffed(attachment: &Attachment, opened: &mut Opened) -> io::Result<Option<&'static str>> {
    if !attachment.name.ends_with(PAYLOAD) {
        return Ok(None);
    }
    let mut first = Vec::new();
    opened.reader.by_ref().take(16).read_to_end(&mut first)?;
    opened.reader.rewind()?;
    Ok(match &*first {
        [0xff, 0xd8, 0xff, ..] => Some("jpg"),
        [0x89, b'P', b'N', b'G', ..] => Some("png"),
        [b'G', b'I', b'F', b'8', ..] => Some("gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("webp"),
        [_, _, _, _, b'f', b't', b'y', b'p', b'h', b'e', b'i', ..] => Some("heic"),
        _ => None,
    })
}

/// The usual extension of the media types that phones send.
fn extension_of(mime: &str) -> Option<&'static str> {
    Some(match mime {
        "image/jpeg" | "image/jpg" => "jpg",
        "image/png" => "png",
        "image/gif" => "gif",
        "image/heic" => "heic",
        "image/heic-sequence" => "heics",
        "image/heif" => "heif",
        "image/heif-sequence" => "heifs",
        "image/webp" => "webp",
        "image/tiff" => "tiff",
        "video/mp4" => "mp4",
        "video/quicktime" => "mov",
        "video/3gpp" => "3gp",
        "audio/amr" => "amr",
        "audio/mpeg" => "mp3",
        "audio/mp4" | "audio/x-m4a" => "m4a",
        "audio/x-caf" => "caf",
        "application/pdf" => "pdf",
        "text/vcard" | "text/x-vcard" => "vcf",
        "text/plain" => "txt",
        _ => return None,
    })
}
