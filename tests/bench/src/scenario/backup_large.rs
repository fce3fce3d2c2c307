//! One file of 400 MB: the cost of a byte.

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
    let (files, bytes) = settings.pick((1, 400_000_000), (1, 2_000_000));
    let title = format!("Backup, large: one file of {} MB", bytes / 1_000_000);
    backup::run(settings, title, Content::Equal { files, bytes })
}
