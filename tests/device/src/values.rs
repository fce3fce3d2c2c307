//! What lockdown tells about the device: one dictionary per domain, the root without a name.
//!
//! Names and kinds as `ideviceinfo` shows them of real devices \[S\]; the values are invented.

use plist::{Dictionary, Value};
use sample_backups::plists::{dictionary, text};

use crate::error::Result;
use crate::pairing;
use crate::phone::Phone;
use crate::world::WIFI_ADDRESS;

/// What the battery holds.
pub const BATTERY_PERCENT: u64 = 81;
/// Whether it is being charged.
pub const IS_CHARGING: bool = true;

/// What anybody may read, without a session.
const PUBLIC: [&str; 13] = [
    "BuildVersion",
    "CPUArchitecture",
    "DeviceClass",
    "DeviceName",
    "DevicePublicKey",
    "HardwareModel",
    "ProductName",
    "ProductType",
    "ProductVersion",
    "ProtocolVersion",
    "UniqueChipID",
    "UniqueDeviceID",
    "WiFiAddress",
];

/// What `GetValue` gives.
#[derive(Debug)]
pub enum Found {
    /// The value, or all values of a domain.
    Value(Value),
    /// There is none.
    Missing,
    /// Not without a session.
    Prohibited,
}

/// Looks up one value, or all of a domain.
///
/// # Errors
/// When the device's key cannot be encoded.
pub fn get(phone: &Phone, domain: &str, key: Option<&str>, has_session: bool) -> Result<Found> {
    let mut values = of_domain(phone, domain)?;
    if let Some(more) = phone.values.get(domain) {
        values.extend(more.clone());
    }
    if !has_session {
        if !domain.is_empty() || key.is_some_and(|key| values.contains_key(key) && !PUBLIC.contains(&key)) {
            return Ok(Found::Prohibited);
        }
        values.retain(|key, _| PUBLIC.contains(&key.as_str()));
    }
    Ok(match key {
        Some(key) => values.remove(key).map_or(Found::Missing, Found::Value),
        None => Found::Value(Value::Dictionary(values)),
    })
}

fn of_domain(phone: &Phone, domain: &str) -> Result<Dictionary> {
    let values = match domain {
        "" => return root(phone),
        "com.apple.mobile.backup" => backup(phone),
        "com.apple.mobile.iTunes" => itunes(),
        "com.apple.mobile.battery" => dictionary([
            ("BatteryCurrentCapacity", Value::Integer(BATTERY_PERCENT.into())),
            ("BatteryIsCharging", Value::Boolean(IS_CHARGING)),
            ("ExternalChargeCapable", Value::Boolean(true)),
            ("ExternalConnected", Value::Boolean(true)),
            ("FullyCharged", Value::Boolean(false)),
            ("GasGaugeCapability", Value::Boolean(true)),
            ("HasBattery", Value::Boolean(true)),
        ]),
        "com.apple.disk_usage" => disk(phone),
        "com.apple.mobile.wireless_lockdown" => dictionary([
            ("EnableWifiConnections", Value::Boolean(true)),
            ("EnableWifiDebugging", Value::Boolean(false)),
            ("SupportsWifi", Value::Boolean(true)),
            ("SupportsWifiSyncing", Value::Boolean(true)),
        ]),
        "com.apple.international" => dictionary([("Language", text("nb")), ("Locale", text("nb_NO"))]),
        _ => dictionary([]),
    };
    Ok(values.into_dictionary().unwrap_or_default())
}

fn root(phone: &Phone) -> Result<Dictionary> {
    let device = &phone.device;
    let mut root = Dictionary::new();
    let mut add = |key: &str, value: Value| root.insert(key.into(), value);
    add("ActivationState", text("Activated"));
    add("BasebandVersion", text("3.10.00"));
    add("BuildVersion", text(&device.build));
    add("CPUArchitecture", text("arm64e"));
    add("DeviceClass", text(if device.product_type.starts_with("iPad") { "iPad" } else { "iPhone" }));
    add("DeviceColor", text("1"));
    add("DeviceName", text(&device.name));
    add("DevicePublicKey", Value::Data(pairing::device_public_pem()?.into_bytes()));
    add("HardwareModel", text("D73AP"));
    add("HardwarePlatform", text("t8120"));
    add("IntegratedCircuitCardIdentity", text("8900000000000000000"));
    add("InternationalMobileEquipmentIdentity", text("000000000000000"));
    add("MobileEquipmentIdentifier", text("00000000000000"));
    add("ModelNumber", text("MPXV3"));
    add("PasswordProtected", Value::Boolean(phone.person.is_locked));
    add("PhoneNumber", text(&device.phone_number));
    add("ProductName", text("iPhone OS"));
    add("ProductType", text(&device.product_type));
    add("ProductVersion", text(&device.version));
    add("ProtocolVersion", text("2"));
    add("RegionInfo", text("QN/A"));
    add("SerialNumber", text(&device.serial));
    add("TelephonyCapability", Value::Boolean(true));
    add("TimeZone", text("Europe/Oslo"));
    add("TrustedHostAttached", Value::Boolean(!phone.trusted.is_empty()));
    add("UniqueChipID", Value::Integer(0x001C_0FFE_E0C0_BE1E_u64.into()));
    add("UniqueDeviceID", text(&device.udid));
    add("WiFiAddress", text(WIFI_ADDRESS));
    // Some domains stand in the root as well, and pymobiledevice3 reads this one there [1].
    add("com.apple.mobile.iTunes", itunes());
    Ok(root)
}

fn itunes() -> Value {
    dictionary([("MinITunesVersion", text("12.13"))])
}

/// Seconds since 2001 in the dates, as the device's own file of them has it \[1\].
fn backup(phone: &Phone) -> Value {
    dictionary([
        ("CloudBackupEnabled", Value::Boolean(true)),
        ("LastCloudBackupDate", Value::Integer(752_300_000.into())),
        ("LastCloudBackupTZ", text("CET")),
        ("RequiresEncryption", Value::Boolean(false)),
        ("Version", text("2.4")),
        ("WillEncrypt", Value::Boolean(phone.will_encrypt())),
    ])
}

fn disk(phone: &Phone) -> Value {
    const TOTAL: u64 = 128_000_000_000;
    const SYSTEM: u64 = 12_000_000_000;
    let free = (TOTAL - SYSTEM).saturating_sub(phone.files.bytes());
    dictionary([
        ("AmountCameraAvailable", Value::Integer(free.into())),
        ("AmountDataAvailable", Value::Integer(free.into())),
        ("AmountDataReserved", Value::Integer(200_000_000.into())),
        ("TotalDataAvailable", Value::Integer(free.into())),
        ("TotalDataCapacity", Value::Integer((TOTAL - SYSTEM).into())),
        ("TotalDiskCapacity", Value::Integer(TOTAL.into())),
        ("TotalSystemAvailable", Value::Integer(0.into())),
        ("TotalSystemCapacity", Value::Integer(SYSTEM.into())),
    ])
}
