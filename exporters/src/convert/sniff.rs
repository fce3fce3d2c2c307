//! What a file holds, whatever it is called.

/// A kind of picture, by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// JPEG.
    Jpeg,
    /// PNG, animated or not.
    Png,
    /// GIF.
    Gif,
    /// WebP.
    Webp,
    /// BMP.
    Bmp,
    /// HEVC pictures: HEIC, HEIF, and sequences of them.
    Heif,
    /// AV1 pictures.
    Avif,
}

impl Content {
    /// How many bytes are enough.
    pub const BEGINNING: usize = 64;

    /// What begins so. `None` for what is no picture of these kinds.
    pub fn of(beginning: &[u8]) -> Option<Self> {
        if beginning.get(4..8) == Some(b"ftyp") {
            return Self::of_brands(beginning);
        }
        let known: [(&[u8], Self); 6] = [
            (b"\xff\xd8\xff", Self::Jpeg),
            (b"\x89PNG\r\n\x1a\n", Self::Png),
            (b"GIF87a", Self::Gif),
            (b"GIF89a", Self::Gif),
            (b"RIFF", Self::Webp),
            (b"BM", Self::Bmp),
        ];
        let (_, content) = known.into_iter().find(|(magic, _)| beginning.starts_with(magic))?;
        let is_it = match content {
            Self::Webp => beginning.get(8..12) == Some(b"WEBP"),
            // Two letters are few: what follows the size of the file is 0.
            Self::Bmp => beginning.get(6..10) == Some(&[0; 4]),
            _ => true,
        };
        is_it.then_some(content)
    }

    /// The brand that a file goes by first, and those that it goes by too.
    fn of_brands(beginning: &[u8]) -> Option<Self> {
        const HEVC: [&[u8]; 6] = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"];
        const PLAIN: [&[u8]; 2] = [b"mif1", b"msf1"];
        let length = usize::try_from(u32::from_be_bytes(*beginning.first_chunk()?)).ok()?;
        let box_of_brands = beginning.get(..length).unwrap_or(beginning);
        let main = beginning.get(8..12)?;
        let mut others = box_of_brands.get(16..).unwrap_or_default().chunks_exact(4);
        match main {
            brand if HEVC.contains(&brand) => Some(Self::Heif),
            b"avif" | b"avis" => Some(Self::Avif),
            brand if PLAIN.contains(&brand) => {
                let is_avif = others.clone().any(|brand| matches!(brand, b"avif" | b"avis"));
                let is_hevc = others.any(|brand| HEVC.contains(&brand));
                Some(if is_avif && !is_hevc { Self::Avif } else { Self::Heif })
            }
            _ => None,
        }
    }

    /// The extension of its files, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::Webp => "webp",
            Self::Bmp => "bmp",
            Self::Heif => "heic",
            Self::Avif => "avif",
        }
    }

    /// Whether few programs show it, so that it is to be converted.
    pub fn is_rare(self) -> bool {
        self == Self::Heif
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_known_by_its_first_bytes() {
        for (bytes, content) in [
            (&b"\xff\xd8\xff\xe0"[..], Some(Content::Jpeg)),
            (b"\x89PNG\r\n\x1a\n....", Some(Content::Png)),
            (b"RIFF\0\0\0\0WEBPVP8 ", Some(Content::Webp)),
            (b"RIFF\0\0\0\0WAVEfmt ", None),
            (b"BM is a word", None),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Some(Content::Heif)),
            (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", Some(Content::Heif)),
            (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", Some(Content::Avif)),
            (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", None),
            (b"\0\0\0", None),
            (b"", None),
        ] {
            assert_eq!(Content::of(bytes), content, "{}", bytes.escape_ascii());
        }
    }
}
