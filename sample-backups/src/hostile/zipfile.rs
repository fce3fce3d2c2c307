//! Zip archives put together field by field, so that they can lie.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use crate::error::Result;

/// One entry.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) name: Vec<u8>,
    /// The bytes as they lie in the archive.
    pub(super) stored: Vec<u8>,
    /// 0 stored, 8 deflated.
    pub(super) method: u16,
    pub(super) flags: u16,
    pub(super) crc: u32,
    /// What it claims to be when inflated.
    pub(super) size: u32,
    /// Unix mode in the upper half.
    pub(super) attributes: u32,
    /// Has no bytes of its own: the directory points to the entry before it that does.
    pub(super) is_shared: bool,
}

impl Entry {
    /// A deflated file.
    pub(super) fn deflated(name: &str, bytes: &[u8]) -> Result<Self> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes)?;
        let mut crc = Crc::new();
        crc.update(bytes);
        Ok(Self {
            name: name.as_bytes().to_vec(),
            stored: encoder.finish()?,
            method: 8,
            flags: 1 << 11,
            crc: crc.sum(),
            size: bytes.len() as u32,
            attributes: 0o100_644 << 16,
            is_shared: false,
        })
    }

    /// The same bytes under another name, without being there twice.
    pub(super) fn sharing(&self, name: &str) -> Self {
        Self { name: name.as_bytes().to_vec(), is_shared: true, ..self.clone() }
    }
}

/// Every file below a folder, in order, under `prefix`.
pub(super) fn entries(folder: &Path, prefix: &str) -> Result<Vec<Entry>> {
    let mut files: Vec<PathBuf> = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next)? {
            let path = entry?.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    let mut entries = Vec::new();
    for file in files {
        let relative = file.strip_prefix(folder).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        entries.push(Entry::deflated(&format!("{prefix}{relative}"), &fs::read(&file)?)?);
    }
    Ok(entries)
}

/// Puts an archive together.
pub(super) fn archive(entries: &[Entry]) -> Vec<u8> {
    let (mut out, mut directory, mut last) = (Vec::new(), Vec::new(), 0u32);
    for entry in entries {
        if !entry.is_shared {
            last = out.len() as u32;
            out.extend(b"PK\x03\x04\x14\x00");
            out.extend(fields(entry));
            out.extend(0u16.to_le_bytes());
            out.extend(&entry.name);
            out.extend(&entry.stored);
        }
        directory.extend(b"PK\x01\x02\x14\x03\x14\x00");
        directory.extend(fields(entry));
        directory.extend([0; 8]);
        directory.extend(entry.attributes.to_le_bytes());
        directory.extend(last.to_le_bytes());
        directory.extend(&entry.name);
    }
    let start = out.len() as u32;
    let count = (entries.len() as u16).to_le_bytes();
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend([count, count].concat());
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

/// The fields that stand in both places: flags, method, time, sum, sizes, length of the name.
fn fields(entry: &Entry) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend(entry.flags.to_le_bytes());
    out.extend(entry.method.to_le_bytes());
    out.extend([0, 0, 0x21, 0x58]);
    out.extend(entry.crc.to_le_bytes());
    out.extend((entry.stored.len() as u32).to_le_bytes());
    out.extend(entry.size.to_le_bytes());
    out.extend((entry.name.len() as u16).to_le_bytes());
    out
}
