//! What it takes to write a kind whose records stand by themselves, so that one command can be made of every such kind.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::Path;

use corer_schemas::records::Feed;
use jiff::tz::TimeZone;

use super::file_source::FileSource;
use crate::formats::Format;
use crate::output::{ExportError, ExportInfo, KindReport, SafePath, Tree};
use crate::saved::Kept;

/// How records are exported, whatever their kind.
#[derive(Debug, Clone)]
pub struct Context<F> {
    /// What the run is about.
    pub about: ExportInfo,
    /// The zone of all times that are written.
    pub zone: TimeZone,
    /// The folder within the tree; its root for a command of one kind.
    pub base: SafePath,
    /// What to write.
    pub formats: Vec<F>,
}

/// The writer of one kind. Its value is what can be asked for beside formats, such as the layout of a table.
pub trait Exporter {
    /// What is written.
    type Record;
    /// The formats.
    type Format: Format;

    /// The records that an earlier version, which remembered nothing, wrote into a folder. `None` where none of its files tells.
    fn adopt(&self, folder: &Path) -> Option<Vec<Self::Record>> {
        let _ = folder;
        None
    }

    /// A record as lines for the terminal.
    fn lines(&self, record: &Self::Record, zone: &TimeZone) -> Vec<String>;

    /// Writes all records in one format to one stream, without the files that they speak of.
    ///
    /// # Errors
    /// Those of `to`.
    fn stream(
        &self,
        records: &dyn Feed<Kept<Self::Record>>,
        format: Self::Format,
        context: &Context<Self::Format>,
        to: &mut (dyn Write + Send),
    ) -> io::Result<KindReport>;

    /// Reads the records once, and writes them into a tree in all formats that are asked for, with their files. `progress` is
    /// told how many are done, and can stop the export.
    ///
    /// # Errors
    /// [`ExportError::Output`] when the tree cannot be written, [`ExportError::Interrupted`] when it was stopped. What cannot be
    /// *read* is no error: it is in the report.
    fn export(
        &self,
        records: &dyn Feed<Kept<Self::Record>>,
        files: &dyn FileSource,
        context: &Context<Self::Format>,
        tree: &Tree,
        progress: &dyn Fn(u64) -> ControlFlow<()>,
    ) -> Result<KindReport, ExportError>;
}
