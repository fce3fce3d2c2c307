//! Typed records to files.
//!
//! This crate knows formats. It runs no SQL and decrypts nothing; its pages are pure functions of records and of where
//! things live.
//!
//! ```
//! use corer_exporters::calls::{CallsExporter, Format};
//! use corer_exporters::output::{ExportInfo, SafePath};
//! use corer_exporters::saved::Present;
//! use corer_exporters::write::{Context, Exporter};
//! use corer_schemas::Reading;
//! use corer_schemas::calls::Call;
//! use jiff::tz::TimeZone;
//!
//! # fn main() -> std::io::Result<()> {
//! // As a reader of `corer_schemas` gives them.
//! let calls: Reading<Call> = Reading::default();
//! let context = Context {
//!     about: ExportInfo { time_zone: "UTC".to_owned(), ..ExportInfo::default() },
//!     zone: TimeZone::UTC,
//!     base: SafePath::root(),
//!     formats: vec![Format::Csv],
//! };
//! let mut table = Vec::new();
//! let report = CallsExporter::default().stream(&Present(&calls), Format::Csv, &context, &mut table)?;
//! assert_eq!(report.exported, 0);
//! assert!(String::from_utf8_lossy(&table).contains("Date,Exact time,Direction"));
//! # Ok(())
//! # }
//! ```
//!
//! - [`calendars`]: iCalendar, pages of months, a table and JSON Lines.
//! - [`calls`]: a page with totals, a table, JSON Lines and plain text.
//! - [`contacts`]: cards, tables, JSON Lines and an address book to read.
//! - [`convert`]: pictures that other programs can show.
//! - [`formats`]: what the formats of all kinds have in common.
//! - [`messages`]: conversations as pages, JSON Lines and plain text.
//! - [`notes`]: Markdown, pages, plain text and JSON Lines, with what is attached beside them.
//! - [`output`]: atomic trees of files, safe names, the report, checksums.
//! - [`page`]: what all pages share.
//! - [`photos`]: the photo library as plain folders.
//! - [`recordings`]: voice memos as a page that plays, a table, JSON Lines, text, captions and the sounds.
//! - [`safari`]: bookmarks that browsers import, pages with the history, a table and JSON Lines.
//! - [`saved`]: what an export remembers, so that an update loses nothing.
//! - [`start`]: the start page of an export of everything.
//! - [`voicemail`]: a page that plays, a table, JSON Lines, plain text and the sounds.
//! - [`mod@write`]: what the writers of all kinds share, such as tables as CSV that a spreadsheet can open safely.

pub mod calendars;
pub mod calls;
mod clock;
pub mod contacts;
pub mod convert;
pub mod formats;
pub mod messages;
pub mod notes;
pub mod output;
pub mod page;
pub mod photos;
pub mod recordings;
pub mod safari;
pub mod saved;
pub mod sound;
pub mod start;
pub mod voicemail;
pub mod write;
