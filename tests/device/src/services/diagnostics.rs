//! `com.apple.mobile.diagnostics_relay`: the battery, as the registry of the device tells it \[S\].

use plist::Value;
use sample_backups::plists::{dictionary, text};

use super::{dialogue, word};
use crate::error::Result;
use crate::values::{BATTERY_PERCENT, IS_CHARGING};
use crate::wire::Channel;
use crate::world::World;

/// Serves one connection.
///
/// # Errors
/// When the connection breaks.
pub fn serve(world: &World, channel: Channel) -> Result<()> {
    dialogue(channel, |request| {
        let name = word(request, "Request");
        world.log.asked("diagnostics_relay", name);
        let answer = match name {
            "Goodbye" => dictionary([("Status", text("Success"))]),
            "IORegistry" if word(request, "EntryClass") == "IOPMPowerSource" => {
                let registry = dictionary([("IORegistry", battery())]);
                dictionary([("Status", text("Success")), ("Diagnostics", registry)])
            }
            _ => dictionary([("Status", text("UnknownRequest"))]),
        };
        Some(vec![answer])
    })
}

fn battery() -> Value {
    dictionary([
        ("CurrentCapacity", Value::Integer(BATTERY_PERCENT.into())),
        ("MaxCapacity", Value::Integer(100.into())),
        ("IsCharging", Value::Boolean(IS_CHARGING)),
        ("ExternalConnected", Value::Boolean(true)),
        ("FullyCharged", Value::Boolean(false)),
        ("CycleCount", Value::Integer(212.into())),
        ("Temperature", Value::Integer(2910.into())),
    ])
}
