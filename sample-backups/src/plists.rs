//! The three property lists of every backup, which are never encrypted: Info.plist, Status.plist, Manifest.plist.

use plist::{Date, Dictionary, Value};

use crate::era::{Device, Era};
use crate::error::{Error, Result};
use crate::life::apps;
use crate::mbfile::to_binary;
use crate::seed::Seed;

/// A dictionary of a property list, written in the order of `pairs`.
pub fn dictionary<const N: usize>(pairs: [(&str, Value); N]) -> Value {
    Value::Dictionary(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// A text value.
pub fn text(value: impl Into<String>) -> Value {
    Value::String(value.into())
}

/// A moment, from RFC 3339.
///
/// # Errors
/// When `rfc3339` is none.
pub fn date(rfc3339: &str) -> Result<Value> {
    let date = Date::from_xml_format(rfc3339).map_err(|_| Error::Request(format!("not a date: {rfc3339}")))?;
    Ok(Value::Date(date))
}

/// What the state files say about how far a backup came.
#[derive(Debug, Clone)]
pub struct State {
    /// `BackupState`: `empty`, `old` or `new`.
    pub backup: String,
    /// `SnapshotState`: `uploading`, `moving`, `removing` or `finished`.
    pub snapshot: String,
    /// Whether the backup is no increment.
    pub is_full: bool,
}

impl Default for State {
    fn default() -> Self {
        Self { backup: "new".into(), snapshot: "finished".into(), is_full: true }
    }
}

/// Info.plist: what the computer knows about the device, and the `apps` of an era. XML.
///
/// # Errors
/// Passes on errors of the encoder.
pub fn info(device: &Device, era: Era, apps: Option<Era>, seed: &Seed) -> Result<Vec<u8>> {
    let mut info = Dictionary::new();
    let udid = device.udid.clone();
    let mut add = |key: &str, value: Value| info.insert(key.into(), value);
    let applications = apps.map(apps::info_applications).transpose()?.unwrap_or_default();
    add("Applications", Value::Dictionary(applications));
    add("Build Version", text(&device.build));
    add("Device Name", text(&device.name));
    add("Display Name", text(&device.name));
    add("GUID", text(seed.uuid("GUID").replace('-', "")));
    add("ICCID", text("8900000000000000000"));
    add("IMEI", text("000000000000000"));
    add("Installed Applications", Value::Array(apps.into_iter().flat_map(apps::installed).map(text).collect()));
    add("Last Backup Date", date(&device.backed_up)?);
    add("Phone Number", text(&device.phone_number));
    add("Product Name", text(&device.product_name));
    add("Product Type", text(&device.product_type));
    add("Product Version", text(&device.version));
    add("Serial Number", text(&device.serial));
    add("Target Identifier", text(&udid));
    add("Target Type", text("Device"));
    add("Unique Identifier", text(udid.to_uppercase()));
    add("iTunes Files", Value::Dictionary(Dictionary::new()));
    add("iTunes Settings", Value::Dictionary(Dictionary::new()));
    add(
        if era.is_flat() { "iTunes Version" } else { "macOS Version" },
        text(if era.is_flat() { "12.5" } else { "15.1" }),
    );
    let mut out = Vec::new();
    Value::Dictionary(info).to_writer_xml(&mut out)?;
    Ok(out)
}

/// Status.plist: how far the backup came. Binary.
///
/// # Errors
/// Passes on errors of the encoder.
pub fn status(device: &Device, era: Era, state: &State, seed: &Seed) -> Result<Vec<u8>> {
    to_binary(&dictionary([
        ("BackupState", text(&state.backup)),
        ("Date", date(&device.backed_up)?),
        ("IsFullBackup", Value::Boolean(state.is_full)),
        ("SnapshotState", text(&state.snapshot)),
        ("UUID", text(seed.uuid("status"))),
        ("Version", text(era.status_version())),
    ]))
}

/// Manifest.plist: keys, and what the device says about itself. Binary.
///
/// # Errors
/// Passes on errors of the encoder.
pub fn manifest(
    device: &Device,
    era: Era,
    apps: Option<Era>,
    keybag: &[u8],
    key: Option<Vec<u8>>,
    encrypted: bool,
) -> Result<Vec<u8>> {
    let mut manifest = Dictionary::new();
    manifest.insert("BackupKeyBag".into(), Value::Data(keybag.to_vec()));
    manifest.insert("Version".into(), text(era.manifest_version()));
    manifest.insert("Date".into(), date(&device.backed_up)?);
    manifest.insert("SystemDomainsVersion".into(), text(if era.is_flat() { "16.0" } else { "24.0" }));
    if let Some(key) = key {
        manifest.insert("ManifestKey".into(), Value::Data(key));
    }
    manifest.insert("WasPasscodeSet".into(), Value::Boolean(true));
    manifest.insert("Lockdown".into(), lockdown(device));
    manifest
        .insert("Applications".into(), Value::Dictionary(apps.map(apps::manifest_applications).unwrap_or_default()));
    manifest.insert("IsEncrypted".into(), Value::Boolean(encrypted));
    to_binary(&Value::Dictionary(manifest))
}

fn lockdown(device: &Device) -> Value {
    dictionary([
        ("com.apple.MobileDeviceCrashCopy", dictionary([])),
        ("com.apple.mobile.data_sync", dictionary([])),
        ("com.apple.mobile.wireless_lockdown", dictionary([])),
        ("ProductVersion", text(&device.version)),
        ("ProductType", text(&device.product_type)),
        ("BuildVersion", text(&device.build)),
        ("UniqueDeviceID", text(&device.udid)),
        ("SerialNumber", text(&device.serial)),
        ("DeviceName", text(&device.name)),
    ])
}
