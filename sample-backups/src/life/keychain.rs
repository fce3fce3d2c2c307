//! The keychain: `keychain-backup.plist`, readable in encrypted backups only.
//!
//! ```text
//! v_Data  u32 LE version 3, u32 LE class, u32 LE 40, wrapped key, AES-256-GCM (nonce of no bytes) of the item, tag
//! item    DER: SET of SEQUENCE { UTF8String name, value }
//! ```

use plist::Value;

use super::people::ANNA;
use super::wifi::NETWORKS;
use crate::builder::BackupBuilder;
use crate::crypto::{self, Key};
use crate::era::Era;
use crate::error::Result;
use crate::mbfile::to_binary;
use crate::plists::dictionary;
use crate::seed::Seed;

/// Class "after first unlock".
const AFTER_FIRST_UNLOCK: u32 = 7;
/// The same, this device only: nobody but the device can read it.
const THIS_DEVICE_ONLY: u32 = 10;

/// Adds the keychain to encrypted backups.
///
/// # Errors
/// Passes on errors of the encoders and the cipher.
pub fn add(backup: &mut BackupBuilder) -> Result<()> {
    if !backup.is_encrypted() || backup.era() < Era::Ios18 {
        return Ok(());
    }
    let seed = backup.seed();
    let mut general = Vec::new();
    for (index, network) in NETWORKS.iter().enumerate() {
        let secret = format!("wifi-secret-{index}");
        general.push(item(
            seed,
            AFTER_FIRST_UNLOCK,
            &[("agrp", "apple"), ("svce", "AirPort"), ("acct", network), ("labl", network)],
            &secret,
        )?);
    }
    general.push(item(
        seed,
        THIS_DEVICE_ONLY,
        &[("agrp", "org.example.tidewatch"), ("svce", "token"), ("acct", "mira")],
        "x",
    )?);
    let internet = item(
        seed,
        AFTER_FIRST_UNLOCK,
        &[
            ("agrp", "com.apple.cfnetwork"),
            ("srvr", "example.com"),
            ("acct", ANNA.email),
            ("ptcl", "htps"),
            ("atyp", "form"),
        ],
        "correct \"horse\", battery; staple",
    )?;
    let keychain = to_binary(&dictionary([
        ("genp", Value::Array(general)),
        ("inet", Value::Array(vec![internet])),
        ("cert", Value::Array(Vec::new())),
        ("keys", Value::Array(Vec::new())),
    ]))?;
    backup.file("KeychainDomain", "keychain-backup.plist", keychain);
    Ok(())
}

fn item(seed: &Seed, class: u32, attributes: &[(&str, &str)], secret: &str) -> Result<Value> {
    let mut pairs: Vec<Vec<u8>> = attributes.iter().map(|(name, value)| pair(name, 0x0c, value.as_bytes())).collect();
    pairs.push(pair("cdat", 0x18, b"20190511080000Z"));
    pairs.push(pair("mdat", 0x18, b"20190511080000Z"));
    pairs.push(pair("v_Data", 0x04, secret.as_bytes()));
    // DER sorts the members of a set.
    pairs.sort();
    let plain = der(0x31, &pairs.concat());
    let name = format!("keychain {attributes:?}");
    let key: Key = seed.bytes(&name);
    let class_key: Key = seed.bytes(&format!("class key {class}"));
    let mut data = Vec::new();
    for number in [3, class, 40] {
        data.extend(number.to_le_bytes());
    }
    data.extend(crypto::wrap(&class_key, &key)?);
    data.extend(crypto::seal_keychain_item(&key, &plain)?);
    let reference = seed.bytes::<12>(&format!("reference {name}"));
    Ok(dictionary([("v_Data", Value::Data(data)), ("v_PersistentRef", Value::Data(reference.to_vec()))]))
}

fn pair(name: &str, tag: u8, value: &[u8]) -> Vec<u8> {
    der(0x30, &[der(0x0c, name.as_bytes()), der(tag, value)].concat())
}

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match content.len() {
        length @ ..0x80 => out.push(length as u8),
        length @ ..0x100 => out.extend([0x81, length as u8]),
        length => {
            out.push(0x82);
            out.extend((length as u16).to_be_bytes());
        }
    }
    out.extend(content);
    out
}
