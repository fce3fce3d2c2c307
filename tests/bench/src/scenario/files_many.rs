//! 2 GB in 20,000 files: the cost of a file.

use crate::failure::Result;
use crate::inputs::{self, FEW_ROUNDS, Form};
use crate::scenario::extraction;
use crate::settings::Settings;
use crate::table::Report;

/// Runs the scenario.
///
/// # Errors
/// As [`crate::scenario::Scenario::run`].
pub fn run(settings: &Settings) -> Result<Report> {
    let (files, bytes) = settings.pick((20_000, 2_000_000_000), (200, 5_000_000));
    let sizes = [("files", files), ("bytes", bytes), ("rounds", u64::from(FEW_ROUNDS))];
    let input = inputs::make(settings, "files-many", &sizes, Form::EncryptedAndTree)?;
    let title = format!("Files, many: {files} files, {} MB", bytes / 1_000_000);
    extraction::run(settings, title, &input, 1.3)
}
