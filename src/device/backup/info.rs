//! `Info.plist`: the one file of a backup that the computer writes. Without it Finder, iTunes and other readers refuse
//! the backup. The keys and their order are those of the files that libimobiledevice writes and published logs show.

use std::time::SystemTime;

use corer_schemas::formats::plist::{Dictionary as PlistDictionary, Value as PlistValue};

use crate::device::afc::Afc;
use crate::device::apps;
use crate::device::device_info::RootValues;
use crate::device::error::DeviceError;
use crate::device::lockdown::Session;
use crate::device::pairing::uuid;
use crate::device::wire::{self, Dictionary, Value};

/// Files of the media folder that a restore brings back.
const ITUNES_FILES: [&str; 11] = [
    "ApertureAlbumPrefs",
    "IC-Info.sidb",
    "IC-Info.sidv",
    "PhotosFolderAlbums",
    "PhotosFolderName",
    "PhotosFolderPrefs",
    "VoiceMemos.plist",
    "iPhotoAlbumPrefs",
    "iTunesApplicationIDs",
    "iTunesPrefs",
    "iTunesPrefs.plist",
];
/// What is said where the device asks for no version of iTunes.
const ITUNES_VERSION: &str = "10.0.1";

/// Makes the file for a device. What the device does not offer (apps, files of iTunes) is left out.
///
/// # Errors
/// Those of the conversation.
pub fn info_plist(session: &mut Session, afc: Option<&mut Afc>, udid: &str) -> Result<Vec<u8>, DeviceError> {
    let quoted = RootValues::read(session)?;
    let (ids, stores) = apps::for_info(&apps::installed(session).unwrap_or_default());
    let mut info = Dictionary::new();
    let mut put = |key: &str, value: Value| info.insert(key.to_owned(), value);
    put("Applications", Value::Dictionary(stores));
    for (key, name) in
        [("Build Version", "BuildVersion"), ("Device Name", "DeviceName"), ("Display Name", "DeviceName")]
    {
        put(key, quoted.text(name).unwrap_or_default().into());
    }
    put("GUID", uuid().into());
    let numbers = [("ICCID", "IntegratedCircuitCardIdentity"), ("IMEI", "InternationalMobileEquipmentIdentity")];
    for (key, name) in numbers {
        if let Some(text) = quoted.text(name) {
            put(key, text.into());
        }
    }
    put("Installed Applications", Value::Array(ids));
    put("Last Backup Date", Value::Date(whole_second().into()));
    for (key, name) in [("MEID", "MobileEquipmentIdentifier"), ("Phone Number", "PhoneNumber")] {
        if let Some(text) = quoted.text(name) {
            put(key, text.into());
        }
    }
    for (key, name) in
        [("Product Type", "ProductType"), ("Product Version", "ProductVersion"), ("Serial Number", "SerialNumber")]
    {
        put(key, quoted.text(name).unwrap_or_default().into());
    }
    put("Target Identifier", udid.into());
    put("Target Type", "Device".into());
    put("Unique Identifier", udid.to_uppercase().into());
    if let Some(afc) = afc {
        from_media_folder(afc, &mut put)?;
    }
    put("iTunes Settings", Value::Dictionary(wire::dictionary_to_send(&itunes_settings(session)?)));
    let version = session.value(Some("com.apple.mobile.iTunes"), Some("MinITunesVersion"))?;
    let version = version.as_ref().and_then(PlistValue::to_text).unwrap_or_else(|| ITUNES_VERSION.to_owned());
    put("iTunes Version", version.into());
    wire::xml(info)
}

fn from_media_folder(afc: &mut Afc, put: &mut dyn FnMut(&str, Value) -> Option<Value>) -> Result<(), DeviceError> {
    if let Some(books) = afc.file("/Books/iBooksData2.plist")? {
        put("iBooks Data 2", Value::Data(books));
    }
    let mut files = Dictionary::new();
    for name in ITUNES_FILES {
        if let Some(file) = afc.file(&format!("/iTunes_Control/iTunes/{name}"))? {
            files.insert(name.to_owned(), Value::Data(file));
        }
    }
    put("iTunes Files", Value::Dictionary(files));
    Ok(())
}

fn itunes_settings(session: &mut Session) -> Result<PlistDictionary, DeviceError> {
    match session.value(Some("com.apple.iTunes"), None)? {
        Some(PlistValue::Dictionary(settings)) => Ok(settings),
        _ => Ok(PlistDictionary::default()),
    }
}

/// Now: property lists have no fractions of a second.
fn whole_second() -> SystemTime {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(since.as_secs())
}
