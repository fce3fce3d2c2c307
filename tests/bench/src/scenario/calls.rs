//! A long call history: the cost of a call.

use super::dump::{self, Kind};
use crate::failure::Result;
use crate::inputs::{self, FEW_ROUNDS, Form};
use crate::settings::Settings;
use crate::table::Report;

/// Runs the scenario.
///
/// # Errors
/// As [`crate::scenario::Scenario::run`].
pub fn run(settings: &Settings) -> Result<Report> {
    let calls = settings.pick(500_000, 2_000);
    let make = |name: &str, calls: u64| {
        inputs::make(settings, name, &[("calls", calls), ("rounds", u64::from(FEW_ROUNDS))], Form::EncryptedAndTree)
    };
    let kind = Kind {
        title: format!("Calls: {calls}, as pages and a table"),
        command: "calls",
        inputs: [make("calls-few", calls / 10)?, make("calls-many", calls)?],
        databases: &["HomeDomain/Library/CallHistoryDB/CallHistory.storedata"],
    };
    dump::run(settings, kind)
}
