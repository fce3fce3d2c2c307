//! Known Wi-Fi networks. Their passwords are in the keychain.

use plist::{Dictionary, Value};

use crate::builder::BackupBuilder;
use crate::era::Era;
use crate::error::Result;
use crate::mbfile::to_binary;
use crate::plists::{date, dictionary, text};

/// The names of the networks, oldest first; the second one needs escaping.
pub const NETWORKS: [&str; 3] = ["Fjordgata 7", "Caf\u{e9} \"Lisboa\"; <free>", "\u{1f3e0} home"];

const JOINED: [&str; 3] = ["2012-03-01T12:00:00Z", "2019-05-11T08:00:00Z", "2023-08-01T17:30:00Z"];

/// Adds the list of known networks.
///
/// # Errors
/// Passes on errors of the encoders.
pub fn add(backup: &mut BackupBuilder) -> Result<()> {
    let domain = "SystemPreferencesDomain";
    if backup.era() >= Era::Ios18 {
        backup.file(domain, "com.apple.wifi.known-networks.plist", modern()?);
    } else {
        backup.file(domain, "SystemConfiguration/com.apple.wifi.plist", old()?);
    }
    Ok(())
}

fn modern() -> Result<Vec<u8>> {
    let mut networks = Dictionary::new();
    for (name, joined) in NETWORKS.iter().zip(JOINED) {
        let seen = dictionary([
            ("BSSID", text("02:00:00:00:00:01")),
            ("Channel", Value::Integer(36.into())),
            ("LastAssociatedAt", date(joined)?),
            ("LocationLatitude", Value::Real(59.9139)),
            ("LocationLongitude", Value::Real(10.7522)),
            ("LocationAccuracy", Value::Real(30.0)),
        ]);
        let network = dictionary([
            ("SSID", Value::Data(name.as_bytes().to_vec())),
            ("AddedAt", date(joined)?),
            ("AddReason", text("WiFi Settings")),
            ("JoinedByUserAt", date(joined)?),
            ("Hidden", Value::Boolean(false)),
            ("SupportedSecurityTypes", text("WPA2 Personal")),
            ("BSSList", Value::Array(vec![seen])),
        ]);
        networks.insert(format!("wifi.network.ssid.{name}"), network);
    }
    to_binary(&Value::Dictionary(networks))
}

fn old() -> Result<Vec<u8>> {
    let network = dictionary([
        ("SSID_STR", text(NETWORKS.first().copied().unwrap_or_default())),
        ("BSSID", text("2:0:0:0:0:1")),
        ("lastJoined", date("2012-03-01T12:00:00Z")?),
        ("enabled", Value::Boolean(true)),
        ("HIDDEN_NETWORK", Value::Boolean(false)),
    ]);
    to_binary(&dictionary([("List of known networks", Value::Array(vec![network]))]))
}
