//! What the file of an attachment is called.

use corer_schemas::messages::Attachment;

use crate::convert::Content;
use crate::output::{SafeName, split_extension};

/// What the pictures of apps' bubbles are called.
const PAYLOAD: &str = ".pluginPayloadAttachment";

/// The name of an attachment's file, with an extension that browsers know where it has none: from what its bytes are, or
/// else from its media type. The pictures of apps' bubbles have names that say nothing.
pub(super) fn file_name(attachment: &Attachment, content: Option<Content>) -> SafeName {
    let name = attachment.name.trim();
    let name = if name.is_empty() { "attachment" } else { name };
    if let (Some(stem), Some(content)) = (name.strip_suffix(PAYLOAD), content) {
        return SafeName::new(&format!("{stem}.{}", content.extension()));
    }
    if split_extension(name).1.is_empty() {
        // Sounds are in the containers of movies too: there the media type knows better.
        let of_type = || attachment.mime.as_deref().and_then(extension_of);
        let extension = match content {
            Some(content) if content.is_movie() => of_type().filter(|known| content.has_extension(known)),
            _ => None,
        };
        let extension = extension.or(content.map(Content::extension)).or_else(of_type);
        if let Some(extension) = extension {
            return SafeName::new(&format!("{name}.{extension}"));
        }
    }
    SafeName::new(name)
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
