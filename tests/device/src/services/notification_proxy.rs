//! `com.apple.mobile.notification_proxy`: the host posts notifications and observes those of the device \[S\].

use std::collections::BTreeSet;
use std::time::Duration;

use plist::{Dictionary, Value};
use sample_backups::plists::{dictionary, text};

use super::word;
use crate::error::Result;
use crate::wire::{Channel, Format, Polled};
use crate::world::World;

const SERVICE: &str = "notification_proxy";
/// How soon the host hears of a notification.
const PATIENCE: Duration = Duration::from_millis(20);

/// Serves one connection.
///
/// # Errors
/// When the connection breaks.
pub fn serve(world: &World, mut channel: Channel) -> Result<()> {
    let mailbox = world.open_mailbox();
    let mut observed = BTreeSet::new();
    let ended = converse(world, &mut channel, mailbox, &mut observed);
    world.close_mailbox(mailbox);
    let mut phone = world.phone();
    phone.observed.retain(|name| !observed.contains(name));
    ended
}

fn converse(world: &World, channel: &mut Channel, mailbox: u64, observed: &mut BTreeSet<String>) -> Result<()> {
    loop {
        while let Some(name) = world.next_notification(mailbox) {
            if observed.contains(&name) {
                let relay = [("Command", text("RelayNotification")), ("Name", text(name))];
                channel.send(&dictionary(relay), Format::Binary)?;
            }
        }
        match channel.poll(PATIENCE)? {
            Polled::Nothing => {}
            Polled::End => return Ok(()),
            Polled::Message(request) => {
                let request = request.into_dictionary().unwrap_or_default();
                if !obey(world, channel, &request, observed)? {
                    return Ok(());
                }
            }
        }
    }
}

/// False when the host wants to end.
fn obey(world: &World, channel: &mut Channel, request: &Dictionary, observed: &mut BTreeSet<String>) -> Result<bool> {
    let (command, name) = (word(request, "Command"), word(request, "Name"));
    world.log.asked(SERVICE, format!("{command} {name}"));
    match command {
        "PostNotification" => world.log.posted(name),
        "ObserveNotification" => {
            observed.insert(name.to_owned());
            world.phone().observed.insert(name.to_owned());
        }
        "Shutdown" => {
            let death = dictionary([("Command", text("ProxyDeath")), ("Name", Value::String(String::new()))]);
            channel.send(&death, Format::Binary)?;
            return Ok(false);
        }
        _ => world.log.violation(SERVICE, format!("no command is called {command:?}")),
    }
    Ok(true)
}
