//! Five files of 400 MB: the cost of a byte.

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
    let (equal, bytes) = settings.pick((5, 2_000_000_000), (5, 10_000_000));
    let sizes = [("equal", equal), ("bytes", bytes), ("rounds", u64::from(FEW_ROUNDS))];
    let input = inputs::make(settings, "files-large", &sizes, Form::EncryptedAndTree)?;
    let title = format!("Files, large: {equal} files of {} MB", bytes / equal / 1_000_000);
    extraction::run(settings, title, &input, 1.1)
}
