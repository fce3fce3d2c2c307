//! What a file holds, whatever it is called: the pictures and movies of phones, by their first bytes.

use std::io::{self, Read, Seek};

/// A kind of picture or movie, by its first bytes.
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
    /// TIFF, and the raw pictures of cameras that are TIFF inside: DNG, CR2, NEF, ARW.
    Tiff,
    /// Movies as Apple's cameras write them.
    QuickTime,
    /// Movies and sounds of MPEG-4, and those of other telephones (3GP).
    Mpeg4,
}

impl Content {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Jpeg,
        Self::Png,
        Self::Gif,
        Self::Webp,
        Self::Bmp,
        Self::Heif,
        Self::Avif,
        Self::Tiff,
        Self::QuickTime,
        Self::Mpeg4,
    ];

    /// How many bytes are enough.
    pub const BEGINNING: usize = 64;

    /// What a file holds, read from where the reader stands. Leaves the reader at its start.
    ///
    /// # Errors
    /// Those of the reader.
    pub fn read(reader: &mut (impl Read + Seek + ?Sized)) -> io::Result<Option<Self>> {
        let mut beginning = Vec::with_capacity(Self::BEGINNING);
        let most = u64::try_from(Self::BEGINNING).unwrap_or(u64::MAX);
        let read = (&mut *reader).take(most).read_to_end(&mut beginning);
        reader.rewind()?;
        read?;
        Ok(Self::of(&beginning))
    }

    /// What begins so. `None` for what is nothing of these kinds.
    pub fn of(beginning: &[u8]) -> Option<Self> {
        if beginning.get(4..8) == Some(b"ftyp") {
            return Self::of_brands(beginning);
        }
        if is_atom(beginning) {
            return Some(Self::QuickTime);
        }
        let known: [(&[u8], Self); 10] = [
            (b"\xff\xd8\xff", Self::Jpeg),
            (b"\x89PNG\r\n\x1a\n", Self::Png),
            (b"GIF87a", Self::Gif),
            (b"GIF89a", Self::Gif),
            (b"RIFF", Self::Webp),
            (b"BM", Self::Bmp),
            (b"II*\0", Self::Tiff),
            (b"MM\0*", Self::Tiff),
            (b"II+\0", Self::Tiff),
            (b"MM\0+", Self::Tiff),
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
        // Pictures in the same boxes, in codecs of which little is seen: Canon's raw ones, JPEG XL and 2000, AVC, VVC, EVC.
        const OTHERS: [&[u8]; 17] = [
            b"crx ", b"jxl ", b"jp2 ", b"jpx ", b"jpm ", b"avci", b"avcs", b"vvic", b"vvis", b"evbi", b"evbs", b"j2ki",
            b"j2is", b"jpeg", b"jpgs", b"mif2", b"miaf",
        ];
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
            b"qt  " => Some(Self::QuickTime),
            brand if OTHERS.contains(&brand) => None,
            brand if brand.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ') => Some(Self::Mpeg4),
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
            Self::Tiff => "tiff",
            Self::QuickTime => "mov",
            Self::Mpeg4 => "mp4",
        }
    }

    /// The word for it in data.
    pub fn word(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::QuickTime => "quicktime",
            Self::Mpeg4 => "mpeg4",
            other => other.extension(),
        }
    }

    /// What this word stands for.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|content| content.word() == word)
    }

    /// Whether it is a movie, or a sound in the container of one.
    pub fn is_movie(self) -> bool {
        matches!(self, Self::QuickTime | Self::Mpeg4)
    }

    /// Whether it is a picture that every browser shows, whatever it is called: browsers look at the bytes, too.
    pub fn is_shown(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::Gif | Self::Webp | Self::Bmp | Self::Avif)
    }

    /// Whether an extension, without the dot, is one of those that such files have.
    pub fn has_extension(self, extension: &str) -> bool {
        const MOVIES: [&str; 14] =
            ["mov", "qt", "mqv", "mp4", "m4v", "m4a", "m4b", "m4p", "m4r", "3gp", "3gpp", "3g2", "3ga", "qta"];
        let right: &[&str] = match self {
            Self::Jpeg => &["jpg", "jpeg", "jpe", "jfif", "thm"],
            Self::Png => &["png", "apng"],
            Self::Gif => &["gif"],
            Self::Webp => &["webp"],
            Self::Bmp => &["bmp", "dib"],
            Self::Heif => &["heic", "heif", "heics", "heifs", "hif"],
            Self::Avif => &["avif", "avifs"],
            // Most raw pictures are TIFF inside.
            Self::Tiff => &[
                "tif", "tiff", "dng", "cr2", "nef", "nrw", "arw", "srf", "sr2", "srw", "orf", "rw2", "rwl", "pef",
                "ptx", "3fr", "fff", "iiq", "gpr", "kdc", "dcr", "dcs", "k25", "mef", "mos", "erf", "cap", "eip",
                "cs1",
            ],
            Self::QuickTime | Self::Mpeg4 => &MOVIES,
        };
        right.iter().any(|known| known.eq_ignore_ascii_case(extension))
    }

    /// Whether few programs show it, so that it is to be converted.
    pub fn is_rare(self) -> bool {
        self == Self::Heif
    }
}

/// Whether a file begins as movies did before they said what they are: with an atom of a movie, of a length that it may have.
fn is_atom(beginning: &[u8]) -> bool {
    let (Some(length), Some(name)) =
        (beginning.first_chunk().map(|length| u32::from_be_bytes(*length)), beginning.get(4..8))
    else {
        return false;
    };
    match name {
        // A length of 0 goes to the end, one of 1 stands behind the name.
        b"mdat" => matches!(length, 0 | 1 | 8..),
        b"moov" => length >= 16,
        b"wide" | b"pnot" => matches!(length, 8..=64),
        b"free" | b"skip" => matches!(length, 8..=0x00ff_ffff),
        _ => false,
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
            (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", Some(Content::QuickTime)),
            (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", Some(Content::Mpeg4)),
            (b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom", None),
            (b"\0\0\0\x08wide\0\0\x10\0mdat", Some(Content::QuickTime)),
            (b"Set free, at last", None),
            (b"They skip the rest", None),
            (b"MM\0*\0\0\0\x08", Some(Content::Tiff)),
            (b"II*\0\x08\0\0\0", Some(Content::Tiff)),
            (b"\0\0\0", None),
            (b"", None),
        ] {
            assert_eq!(Content::of(bytes), content, "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn every_word_stands_for_one_thing() {
        for content in Content::ALL {
            assert_eq!(Content::of_word(content.word()), Some(content));
            assert!(content.has_extension(&content.extension().to_uppercase()), "{content:?}");
            let others = Content::ALL.into_iter().filter(|other| other.is_movie() != content.is_movie());
            assert_eq!(others.filter(|other| other.has_extension(content.extension())).count(), 0, "{content:?}");
        }
        assert_eq!(Content::of_word("movie"), None);
    }

    #[test]
    fn a_reader_is_left_at_its_start() {
        let mut file = std::io::Cursor::new(b"GIF89a and so on".to_vec());
        assert_eq!(Content::read(&mut file).unwrap(), Some(Content::Gif));
        assert_eq!(file.position(), 0);
        assert_eq!(Content::read(&mut std::io::Cursor::new(Vec::new())).unwrap(), None);
    }
}
