//! Photos as plain folders: every asset under the name that people know, by date or album, with its movement, its edits
//! and its records.
//!
//! [`export()`] drives it: [`FilePlan`] gives every file its place, several threads copy, then `photos.jsonl` and `photos.csv`
//! tell what is where. [`Companion`] is the seam for what is written beside the files.

mod companion;
mod companions;
mod completeness;
mod conversion;
mod copying;
mod earlier_run;
mod export;
pub mod gallery;
mod layout;
mod plan;
mod record;
pub mod sidecar;
mod table;
mod template;
mod totals;

use jiff::tz::TimeZone;

pub use companion::{AllAssets, Companion, Placed, PlacedFile};
pub use companions::{CompanionOptions, Companions};
pub use conversion::Conversions;
pub use earlier_run::EarlierRun;
pub use export::{ExportJob, Progress, RECORDS, export};
pub use layout::Layout;
pub use plan::{Edited, FilePlan};
pub use record::{AssetRecord, availability_word, role_word, stream};
pub use table::table;
pub use template::{Template, TemplateError, TemplateFields, kind_word, sort, subkind_word};
pub use totals::{Totals, missing};

use crate::formats;
use crate::output::{ExportInfo, SafePath};

/// A format of what is known of photos.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Format {
    /// A table.
    Csv,
    /// JSON Lines.
    Jsonl,
}

impl formats::Format for Format {
    const ALL: &'static [Self] = &[Self::Csv, Self::Jsonl];
    const DEFAULT: &'static [Self] = &[Self::Csv, Self::Jsonl];
    const LINES: Self = Self::Jsonl;

    fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
        }
    }

    fn is_one_file(self) -> bool {
        true
    }
}

/// How photos are exported.
#[derive(Debug, Clone)]
pub struct Options {
    /// What the run is about.
    pub about: ExportInfo,
    /// The zone of times whose own zone is not known.
    pub zone: TimeZone,
    /// The folder within the tree; its root for a command of one kind.
    pub base: SafePath,
    /// Which folders there are and what files are called.
    pub layout: Layout,
    /// Which of the original and the edited picture is written.
    pub edited: Edited,
    /// Whether to write what edits consist of (`IMG_0123.AAE`), which only editors read.
    pub with_adjustments: bool,
    /// How many assets are written at a time; at least one.
    pub jobs: usize,
}
