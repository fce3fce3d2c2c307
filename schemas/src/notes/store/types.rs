//! What an attachment is, by its type.

use super::super::model::AttachmentKind;

/// Types that are one thing and nothing else.
const TYPES: [(&str, AttachmentKind); 24] = [
    ("com.apple.notes.inlinetextattachment.hashtag", AttachmentKind::Hashtag),
    ("com.apple.notes.inlinetextattachment.mention", AttachmentKind::Mention),
    ("com.apple.notes.inlinetextattachment.link", AttachmentKind::NoteLink),
    ("com.apple.notes.inlinetextattachment.calculateresult", AttachmentKind::Calculation),
    ("com.apple.notes.inlinetextattachment.calculategraphexpression", AttachmentKind::Calculation),
    ("com.apple.notes.table", AttachmentKind::Table),
    ("com.apple.notes.gallery", AttachmentKind::Scan),
    ("com.apple.paper.doc.scan", AttachmentKind::Scan),
    ("com.apple.paper.doc.pdf", AttachmentKind::Pdf),
    ("com.adobe.pdf", AttachmentKind::Pdf),
    ("com.apple.drawing", AttachmentKind::Drawing),
    ("com.apple.drawing.2", AttachmentKind::Drawing),
    ("com.apple.paper", AttachmentKind::Drawing),
    ("com.apple.notes.sketch", AttachmentKind::Drawing),
    ("public.url", AttachmentKind::Web),
    ("com.apple.mapkit.map-item", AttachmentKind::Map),
    ("public.vcard", AttachmentKind::Contact),
    ("com.apple.ical.ics", AttachmentKind::Event),
    ("public.audio", AttachmentKind::Audio),
    ("com.apple.m4a-audio", AttachmentKind::Audio),
    ("com.apple.coreaudio-format", AttachmentKind::Audio),
    ("public.image", AttachmentKind::Image),
    ("public.movie", AttachmentKind::Video),
    ("com.apple.quicktime-movie", AttachmentKind::Video),
];

/// What a type is called whose attachments have no file in any case.
const INLINE: &str = "com.apple.notes.inlinetextattachment.";

/// What an attachment is, by its type, or else by the name of its file.
pub(super) fn kind_of(uti: Option<&str>, file_name: Option<&str>) -> AttachmentKind {
    let uti = uti.unwrap_or_default().to_ascii_lowercase();
    if let Some((_, kind)) = TYPES.iter().find(|(known, _)| *known == uti) {
        return *kind;
    }
    if uti.starts_with(INLINE) {
        return AttachmentKind::Unknown;
    }
    // `public.jpeg`, `public.mp3`, `com.compuserve.gif`: what a type ends in is what files of it end in, too.
    let ending = uti.rsplit('.').next().unwrap_or_default();
    let named = file_name.map(mime_guess::from_path).and_then(|guess| guess.first());
    let kind = named.or_else(|| mime_guess::from_ext(ending).first());
    match kind.as_ref().map(|kind| kind.type_().as_str()) {
        Some("image") => AttachmentKind::Image,
        Some("audio") => AttachmentKind::Audio,
        Some("video") => AttachmentKind::Video,
        _ if kind.as_ref().is_some_and(|kind| kind.subtype() == "pdf") => AttachmentKind::Pdf,
        _ if matches!(ending, "heic" | "heif" | "heics" | "webp") => AttachmentKind::Image,
        _ if ending.starts_with("mpeg-4") => AttachmentKind::Video,
        _ if ending.ends_with("audio") => AttachmentKind::Audio,
        _ if file_name.is_some() => AttachmentKind::File,
        _ => AttachmentKind::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_and_names_tell_what_an_attachment_is() {
        let cases = [
            ("public.jpeg", None, AttachmentKind::Image),
            ("public.heic", Some("IMG_1.HEIC"), AttachmentKind::Image),
            ("com.compuserve.gif", None, AttachmentKind::Image),
            ("com.apple.m4a-audio", Some("x.m4a"), AttachmentKind::Audio),
            ("com.apple.notes.inlinetextattachment.link", None, AttachmentKind::NoteLink),
            ("com.apple.notes.inlinetextattachment.future", None, AttachmentKind::Unknown),
            ("org.example.unheard", None, AttachmentKind::Unknown),
            ("org.example.unheard", Some("a.zip"), AttachmentKind::File),
            ("dyn.age8u", Some("a.pdf"), AttachmentKind::Pdf),
        ];
        for (uti, name, kind) in cases {
            assert_eq!(kind_of(Some(uti), name), kind, "{uti} {name:?}");
        }
        assert_eq!(kind_of(None, None), AttachmentKind::Unknown);
    }
}
