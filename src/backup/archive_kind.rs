//! Archives, told by their content: what a file is called says nothing about what it is.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// Where the name of the format stands in a tar archive.
const TAR_MAGIC: usize = 257;

/// The kind of archive that a file is: one that is no zip, and not looked into.
///
/// # Errors
/// When it cannot be read.
pub fn archive_kind(path: &Path) -> io::Result<Option<&'static str>> {
    let mut start = Vec::new();
    File::open(path)?.take(512).read_to_end(&mut start)?;
    let kinds: [(&[u8], &'static str); 10] = [
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"Rar!\x1a\x07", "rar"),
        (b"\x1f\x8b", "gzip"),
        (b"\xfd7zXZ\0", "xz"),
        (b"BZh", "bzip2"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
        (b"\x04\x22\x4d\x18", "lz4"),
        (b"LZIP", "lzip"),
        (b"xar!", "xar"),
        (b"PK\x07\x08", "a part of a zip"),
    ];
    let known = kinds.iter().find(|(magic, _)| start.starts_with(magic)).map(|(_, kind)| *kind);
    let is_tar = start.get(TAR_MAGIC..).is_some_and(|rest| rest.starts_with(b"ustar")) || is_old_tar(&start);
    Ok(known.or(is_tar.then_some("tar")).or_else(|| is_disk_image(path).then_some("a disk image")))
}

/// A tar archive of the oldest kind has no name of its format, but a sum of its header's bytes.
fn is_old_tar(header: &[u8]) -> bool {
    const SUM: std::ops::Range<usize> = 148..156;
    let Some(written) = header.get(SUM).filter(|_| header.len() == 512 && header.first() != Some(&0)) else {
        return false;
    };
    let text: String = written.iter().map(|byte| char::from(*byte)).collect();
    let Ok(written) = u64::from_str_radix(text.trim_matches([' ', '\0']), 8) else { return false };
    let bytes = header.iter().enumerate().map(|(at, byte)| if SUM.contains(&at) { 32 } else { u64::from(*byte) });
    bytes.sum::<u64>() == written
}

/// Images of disks have their mark in the last 512 bytes.
fn is_disk_image(path: &Path) -> bool {
    let end = || {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::End(-512))?;
        let mut mark = [0; 4];
        file.read_exact(&mut mark).map(|()| mark)
    };
    end().is_ok_and(|mark: [u8; 4]| &mark == b"koly")
}

/// Whether a file is a zip archive, by its beginning.
///
/// # Errors
/// When it cannot be read.
pub fn begins_as_zip(path: &Path) -> io::Result<bool> {
    let mut start = [0; 4];
    match File::open(path)?.read_exact(&mut start) {
        Ok(()) => Ok(matches!(&start, b"PK\x03\x04" | b"PK\x05\x06")),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}
