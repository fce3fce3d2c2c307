//! 10,000 files of 4 KB: the cost of a file.

use corer_simulated_device::Content;

use crate::failure::Result;
use crate::scenario::backup;
use crate::settings::Settings;
use crate::table::Report;

/// Runs the scenario.
///
/// # Errors
/// As [`crate::scenario::Scenario::run`].
pub fn run(settings: &Settings) -> Result<Report> {
    let (files, bytes) = settings.pick((10_000, 4096), (50, 4096));
    let title = format!("Backup, many: {files} files of {bytes} bytes");
    backup::run(settings, title, Content::Equal { files, bytes })
}
