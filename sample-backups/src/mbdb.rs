//! `Manifest.mbdb`, the list of files before iOS 10.
//!
//! ```text
//! "mbdb" 05 00, then records to the end; integers big-endian; text and data are u16 length and bytes, FFFF is null
//! domain, path, link target, digest, encryption key, u16 mode, u64 inode, u32 uid, u32 gid,
//! u32 modified, u32 status change, u32 birth, u64 size, u8 protection class, u8 n, n x (name, value)
//! ```

use crate::record::{Content, Record};

/// The bytes before the first record.
pub const MAGIC: &[u8] = b"mbdb\x05\x00";

/// Appends one record. `key` is the class and wrapped file key, `digest` the hash of the stored bytes.
pub fn append(out: &mut Vec<u8>, record: &Record, inode: i64, key: Option<&[u8]>, digest: Option<&[u8]>) {
    let target = match &record.content {
        Content::Symlink(target) => Some(target.as_bytes()),
        Content::Directory | Content::File(_) => None,
    };
    data(out, Some(record.domain.as_bytes()));
    data(out, Some(record.path.as_bytes()));
    data(out, target);
    data(out, digest);
    data(out, key);
    out.extend((record.mode() as u16).to_be_bytes());
    out.extend(inode.to_be_bytes());
    for value in [record.user_id.unwrap_or(0), record.group_id, record.modified, record.changed, record.birth] {
        out.extend((value as u32).to_be_bytes());
    }
    out.extend(record.size.unwrap_or(0).to_be_bytes());
    out.push(record.protection_class as u8);
    out.push(record.attributes.len() as u8);
    for (name, value) in &record.attributes {
        data(out, Some(name.as_bytes()));
        data(out, Some(value));
    }
}

/// Appends text or data, or null.
pub fn data(out: &mut Vec<u8>, value: Option<&[u8]>) {
    match value {
        Some(bytes) => {
            out.extend((bytes.len() as u16).to_be_bytes());
            out.extend(bytes);
        }
        None => out.extend([0xff, 0xff]),
    }
}
