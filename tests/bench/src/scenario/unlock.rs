//! Unlocking costs one key derivation and nothing else: the whole of `files ls` on a small encrypted backup beside the
//! bare loop of the same crates.

use std::io::Write;
use std::process::Command;

use pbkdf2::pbkdf2_hmac;
use sha2::Sha256;

use crate::failure::Result;
use crate::inputs::{self, Form};
use crate::race::{Contestant, race, unfinished};
use crate::settings::Settings;
use crate::table::{Check, Limit, Report};

/// The rounds of the first derivation since iOS 10.2.
const ROUNDS: u32 = 10_000_000;

/// Runs the scenario.
///
/// # Errors
/// As [`crate::scenario::Scenario::run`].
pub fn run(settings: &Settings) -> Result<Report> {
    let rounds = settings.pick(ROUNDS, 20_000);
    let sizes = [("files", 10), ("bytes", 100_000), ("rounds", u64::from(rounds))];
    let input = inputs::make(settings, "unlock", &sizes, Form::Encrypted)?;
    let mut bare = Command::new(std::env::current_exe()?);
    bare.arg("derive").arg(rounds.to_string());
    let corer = settings.corer(&["files", "ls"], &input.backup);
    let finishes = race(settings, &[Contestant::new("corer files ls", corer), Contestant::new("bare loop", bare)])?;
    let cpu = |index: usize| finishes.get(index).map(|finish| finish.usage.cpu.as_secs_f64());
    let ratio = cpu(0).zip(cpu(1)).map(|(corer, bare)| corer / bare);
    Ok(Report {
        title: format!("Unlock: {rounds} rounds of PBKDF2-HMAC-SHA256"),
        checks: vec![Check {
            what: "CPU, beside the bare loop".to_owned(),
            value: ratio,
            limit: Limit::AtMost(1.15),
            unit: "×",
        }],
        notes: unfinished(&finishes),
        finishes,
    })
}

/// The bare loop itself: derives a key and prints it, so that the work cannot be optimised away.
///
/// # Errors
/// When standard output is closed.
pub fn derive(rounds: u32) -> Result<()> {
    let mut key = [0_u8; 32];
    pbkdf2_hmac::<Sha256>(inputs::PASSWORD.as_bytes(), b"twenty bytes of salt", rounds, &mut key);
    writeln!(std::io::stdout(), "{key:02x?}")?;
    Ok(())
}
