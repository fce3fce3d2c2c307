//! Typed records to files.
//!
//! This crate knows formats. It runs no SQL and decrypts nothing; its pages are pure functions of records and of where
//! things live.
//!
//! - [`output`]: atomic trees of files, safe names, the report, checksums.

pub mod output;
