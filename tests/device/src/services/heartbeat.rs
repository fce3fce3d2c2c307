//! `com.apple.mobile.heartbeat`: the device says `Marco` and drops a host that does not answer `Polo` \[S\].

use std::time::Duration;

use plist::Value;
use sample_backups::plists::{dictionary, text};

use super::word;
use crate::error::{Error, Result};
use crate::wire::{Channel, Format, Polled};
use crate::world::World;

/// Seconds between two beats, as the message says.
const INTERVAL: u64 = 10;

/// Serves one connection.
///
/// # Errors
/// When the connection breaks or the host stays silent.
pub fn serve(world: &World, mut channel: Channel) -> Result<()> {
    loop {
        let marco = [("Command", text("Marco")), ("Interval", Value::Integer(INTERVAL.into()))];
        channel.send(&dictionary(marco), Format::Binary)?;
        match channel.poll(Duration::from_secs(INTERVAL * 2))? {
            Polled::End => return Ok(()),
            Polled::Nothing => return Err(Error::Violation("did not answer Marco".into())),
            Polled::Message(answer) => {
                let answer = answer.into_dictionary().unwrap_or_default();
                world.log.asked("heartbeat", word(&answer, "Command"));
            }
        }
        std::thread::sleep(Duration::from_secs(INTERVAL / 2));
    }
}
