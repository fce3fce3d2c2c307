//! What a connected device says about itself.

use corer_schemas::AppleTime;
use corer_schemas::formats::plist::{Dictionary as PlistDictionary, Value as PlistValue};

use super::error::DeviceError;
use super::lockdown::{Lockdown, Session};
use super::wire;

/// What any computer may know.
#[derive(Debug, Clone, Default)]
pub struct PublicInfo {
    /// The name that the owner gave the device.
    pub name: Option<String>,
    /// Such as `iPhone14,5`.
    pub product_type: Option<String>,
    /// The version of iOS.
    pub ios: Option<String>,
    /// The build of iOS.
    pub build: Option<String>,
}

/// What only a computer that is trusted may know.
#[derive(Debug, Clone, Default)]
pub struct PrivateInfo {
    /// Whether backups are encrypted.
    pub encrypts: Option<bool>,
    /// Whether it is locked with a passcode at this moment.
    pub is_locked: Option<bool>,
    /// How full the battery is, in percent.
    pub battery: Option<i64>,
    /// Whether it is being charged.
    pub is_charging: Option<bool>,
    /// How many bytes there are for data.
    pub capacity: Option<u64>,
    /// How many of them are free.
    pub free: Option<u64>,
    /// Whether iCloud Backup is on.
    pub cloud_backup: Option<bool>,
    /// When the last backup to iCloud was made.
    pub last_cloud_backup: Option<AppleTime>,
    /// Whether iCloud Photos is on.
    pub cloud_photos: Option<bool>,
}

impl PrivateInfo {
    /// How many bytes are in use.
    pub fn used(&self) -> Option<u64> {
        self.capacity?.checked_sub(self.free?)
    }
}

impl PublicInfo {
    /// Asks.
    ///
    /// # Errors
    /// Those of the conversation; what the device does not tell is `None`.
    pub fn read(lockdown: &mut Lockdown) -> Result<Self, DeviceError> {
        let mut text = |key| Ok(lockdown.value(None, Some(key))?.as_ref().and_then(PlistValue::to_text));
        Ok(Self {
            name: text("DeviceName")?,
            product_type: text("ProductType")?,
            ios: text("ProductVersion")?,
            build: text("BuildVersion")?,
        })
    }
}

impl PrivateInfo {
    /// Asks.
    ///
    /// # Errors
    /// Those of the conversation; what the device does not tell is `None`.
    pub fn read(session: &mut Session) -> Result<Self, DeviceError> {
        let is_locked = session.value(None, Some("PasswordProtected"))?;
        let backup = domain(session, "com.apple.mobile.backup")?;
        let encrypts = match backup.get("WillEncrypt").and_then(truth) {
            None => session.value(Some("com.apple.mobile.backup"), Some("WillEncrypt"))?.as_ref().and_then(truth),
            known => known,
        };
        let battery = domain(session, "com.apple.mobile.battery")?;
        let disk = domain(session, "com.apple.disk_usage")?;
        let size = |key: &str| disk.get(key).and_then(PlistValue::to_i64).and_then(|size| u64::try_from(size).ok());
        let cloud_photos = session.value(Some("com.apple.mobile.iTunes"), Some("iCloudPhotosEnabled"))?;
        Ok(Self {
            encrypts,
            is_locked: is_locked.as_ref().and_then(truth),
            battery: battery.get("BatteryCurrentCapacity").and_then(PlistValue::to_i64),
            is_charging: battery.get("BatteryIsCharging").and_then(truth),
            capacity: size("TotalDataCapacity"),
            free: size("AmountDataAvailable").or_else(|| size("TotalDataAvailable")),
            cloud_backup: backup.get("CloudBackupEnabled").and_then(truth),
            last_cloud_backup: backup.get("LastCloudBackupDate").and_then(moment),
            cloud_photos: cloud_photos.as_ref().and_then(truth),
        })
    }
}

/// All values of a domain; none where it may not be known.
fn domain(session: &mut Session, name: &str) -> Result<PlistDictionary, DeviceError> {
    match session.value(Some(name), None)? {
        Some(PlistValue::Dictionary(values)) => Ok(values),
        _ => Ok(PlistDictionary::default()),
    }
}

/// A truth value, which some domains give as a number.
fn truth(value: &PlistValue) -> Option<bool> {
    value.to_i64().map(|number| number != 0)
}

/// A moment, as a date or in seconds since 2001.
fn moment(value: &PlistValue) -> Option<AppleTime> {
    value.as_date().or_else(|| AppleTime::from_seconds(value.as_f64()?)).filter(|moment| moment.nanoseconds() != 0)
}

/// The values that `Info.plist` quotes.
pub(super) struct RootValues(PlistDictionary);

impl RootValues {
    /// Asks for all values at the root.
    pub fn read(session: &mut Session) -> Result<Self, DeviceError> {
        match session.value(None, None)? {
            Some(PlistValue::Dictionary(values)) => Ok(Self(values)),
            _ => Ok(Self(PlistDictionary::default())),
        }
    }

    /// One of them.
    pub fn text(&self, key: &str) -> Option<String> {
        wire::text(&self.0, key)
    }
}
