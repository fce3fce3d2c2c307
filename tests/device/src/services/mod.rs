//! The services behind lockdown, one a file, and the ports on which they listen once they were started.

mod afc;
mod diagnostics;
mod heartbeat;
mod installation_proxy;
mod notification_proxy;
mod springboard;

use std::sync::Arc;

use plist::{Dictionary, Value};

use crate::error::{Error, Result};
use crate::wire::{Channel, Format, tls};
use crate::world::World;
use crate::{backup, lockdown};

/// A service of the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// Files of the media folder, and the sync lock.
    Afc,
    /// What the battery says.
    Diagnostics,
    /// Keeps connections over Wi-Fi alive.
    Heartbeat,
    /// Installed apps.
    InstallationProxy,
    /// Backups.
    Backup,
    /// Notifications in both directions.
    NotificationProxy,
    /// Icons.
    Springboard,
}

impl Service {
    const ALL: [(&'static str, Self); 7] = [
        ("com.apple.afc", Self::Afc),
        ("com.apple.mobile.diagnostics_relay", Self::Diagnostics),
        ("com.apple.mobile.heartbeat", Self::Heartbeat),
        ("com.apple.mobile.installation_proxy", Self::InstallationProxy),
        ("com.apple.mobilebackup2", Self::Backup),
        ("com.apple.mobile.notification_proxy", Self::NotificationProxy),
        ("com.apple.springboardservices", Self::Springboard),
    ];

    /// The service of a name that `StartService` gives.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, service)| service)
    }
}

/// What a started service was started with.
#[derive(Debug, Clone)]
pub struct Grant {
    /// Which service.
    pub service: Service,
    /// The host that started it.
    pub host_id: String,
    /// Whether it gave its escrow bag.
    pub has_escrow_bag: bool,
}

/// Whether something listens on a port.
pub fn is_open(world: &World, port: u16) -> bool {
    port == lockdown::PORT || world.at_port(port).is_some()
}

/// Serves what listens on a port until the connection ends.
pub fn serve(world: &Arc<World>, port: u16, mut channel: Channel) {
    channel.pace = world.phone().faults.pace;
    let (name, ended) = match world.at_port(port) {
        None => ("lockdown", lockdown::serve(world, channel)),
        Some(grant) => started(world, &grant, channel),
    };
    match ended {
        // Hosts end connections as they like.
        Ok(()) | Err(Error::Io(_) | Error::Pulled) => {}
        Err(Error::Violation(words)) => world.log.violation(name, words),
        Err(error) => world.log.device(name, format!("gave up: {error}")),
    }
}

/// Every service speaks TLS, as on current iOS \[S\].
fn started(world: &Arc<World>, grant: &Grant, mut channel: Channel) -> (&'static str, Result<()>) {
    let host = world.phone().trusted.get(&grant.host_id).cloned();
    let secured = host.map_or(Ok(()), |host| channel.start_tls(tls::config(&host)?));
    if secured.is_err() {
        return ("TLS", secured);
    }
    match grant.service {
        Service::Afc => ("afc", afc::serve(world, channel)),
        Service::Diagnostics => ("diagnostics_relay", diagnostics::serve(world, channel)),
        Service::Heartbeat => ("heartbeat", heartbeat::serve(world, channel)),
        Service::InstallationProxy => ("installation_proxy", installation_proxy::serve(world, channel)),
        Service::Backup => ("mobilebackup2", backup::serve(world, grant, channel)),
        Service::NotificationProxy => ("notification_proxy", notification_proxy::serve(world, channel)),
        Service::Springboard => ("springboard", springboard::serve(world, channel)),
    }
}

/// Answers requests that are dictionaries, one after another; `None` ends the connection.
fn dialogue(mut channel: Channel, mut answer: impl FnMut(&Dictionary) -> Option<Vec<Value>>) -> Result<()> {
    while let Some(request) = channel.receive()? {
        let request = request.into_dictionary().ok_or_else(|| Error::Violation("sent no dictionary".into()))?;
        let Some(answers) = answer(&request) else { return Ok(()) };
        for answer in answers {
            channel.send(&answer, Format::Xml)?;
        }
    }
    Ok(())
}

/// A text of a request.
fn word<'a>(request: &'a Dictionary, key: &str) -> &'a str {
    request.get(key).and_then(Value::as_string).unwrap_or_default()
}
