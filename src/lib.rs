//! corer: extracts messages, contacts, calls, photos and voicemail from iPhone and iPad backups.

pub mod backup;
pub mod device;
