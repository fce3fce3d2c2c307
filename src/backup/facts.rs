//! What the three property lists of a backup say about the device and the backup. They are never encrypted.
//!
//! | file | says |
//! | --- | --- |
//! | `Info.plist` | device names, numbers, the last backup, apps (may be missing) |
//! | `Status.plist` | whether the last backup ended, and where an interrupted one stopped |
//! | `Manifest.plist` | whether the backup is encrypted, the keybag, the wrapped key of `Manifest.db`, apps |

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use corer_schemas::formats::bplist::{Object, Peek};
use corer_schemas::formats::plist::{self, Dictionary, Value};
use corer_schemas::{AppleTime, Skipped};

use super::bytes::read_all;
use super::out_of_reach::is_out_of_reach;
use super::tree::FileTree;

/// The largest property list that is read, in bytes. `Info.plist` carries the icons of all apps.
const LARGEST_PLIST: u64 = 64 << 20;

/// What a backup says about itself. Everything is as written there, which may be by anyone.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// The name that the owner gave the device.
    pub device_name: Option<String>,
    /// Such as `iPhone14,5`.
    pub product_type: Option<String>,
    /// Such as `iPhone 13`.
    pub product_name: Option<String>,
    /// The version of iOS.
    pub ios_version: Option<String>,
    /// The build of iOS.
    pub build: Option<String>,
    /// The identifier of the device: 40 hexadecimal digits, or 8, a dash and 16.
    pub udid: Option<String>,
    /// The serial number.
    pub serial: Option<String>,
    /// The phone number.
    pub phone_number: Option<String>,
    /// The IMEI, and a second one.
    pub imei: Vec<String>,
    /// The number of the SIM card.
    pub iccid: Option<String>,
    /// When the last backup was made.
    pub last_backup: Option<AppleTime>,
    /// The version of iTunes, or of macOS, that made it.
    pub made_by: Option<String>,
    /// Whether a passcode was set; `None` when the backup does not say.
    pub passcode_set: Option<bool>,
    /// Whether `Manifest.plist` says that the backup is encrypted; `None` when it does not say.
    pub encrypted: Option<bool>,
    /// The version of the format.
    pub manifest_version: Option<String>,
    /// What `Status.plist` says.
    pub status: Option<Status>,
    /// The apps of the device, by bundle identifier.
    pub apps: BTreeMap<String, App>,
    /// What of this could not be read.
    pub problems: Vec<Skipped>,
    /// The names of those that nobody could look at, which says nothing about them.
    pub out_of_reach: BTreeSet<String>,
}

/// An app of the device.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct App {
    /// The name in the store.
    pub name: Option<String>,
    /// The version.
    pub version: Option<String>,
}

/// What `Status.plist` says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Status {
    /// The version of the layout; 3.3 since iOS 10.
    pub version: Option<String>,
    /// Whether the last backup took everything anew.
    pub is_full: Option<bool>,
    /// When it was begun.
    pub date: Option<AppleTime>,
    /// `new`, `old` or `empty`.
    pub backup_state: Option<String>,
    /// How far the last backup came; `None` where it does not say, or says what corer does not know.
    pub snapshot: Option<SnapshotState>,
    /// The word for it that corer does not know, if it is one.
    pub unknown_state: Option<String>,
}

/// How far a backup came. The device uploads into a folder `Snapshot`, then moves the files into place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SnapshotState {
    /// The backup ended well.
    Finished,
    /// It stopped while uploading: what is in place is the backup before.
    Uploading,
    /// It stopped while files were moved into place: they may be in either.
    Moving,
    /// It stopped while old files were removed: everything new is in place.
    Removing,
}

/// What `Manifest.plist` holds beside facts.
#[derive(Default)]
pub struct ManifestSecrets {
    /// The keybag, as bytes.
    pub keybag: Option<Vec<u8>>,
    /// The wrapped key of `Manifest.db`: protection class (u32 little-endian) and 40 bytes.
    pub manifest_key: Option<Vec<u8>>,
}

impl Facts {
    /// Reads the three property lists; what is missing or damaged is noted in [`Facts::problems`]. `manifest_folder` is
    /// where `Manifest.plist` lies: `""`, or `Snapshot/` for an interrupted backup.
    pub fn read(tree: &dyn FileTree, manifest_folder: &str) -> (Self, ManifestSecrets) {
        let mut facts = Self::default();
        let mut secrets = ManifestSecrets::default();
        // The manifest comes first: what the device says goes before what the computer noted.
        if let Some(manifest) = facts.load(tree, &format!("{manifest_folder}Manifest.plist")) {
            secrets = facts.take_manifest(&manifest);
        }
        if let Some(info) = facts.load(tree, "Info.plist") {
            facts.take_info(&info);
        }
        facts.status = facts.load(tree, "Status.plist").map(|status| status_of(&status));
        (facts, secrets)
    }

    fn load(&mut self, tree: &dyn FileTree, name: &str) -> Option<Dictionary> {
        match read_plist(tree, name) {
            Ok(dictionary) => Some(dictionary),
            Err(error) => {
                if let Unread::OutOfReach(_) = error {
                    self.out_of_reach.insert(name.to_owned());
                }
                self.problems.push(Skipped::new(name, error));
                None
            }
        }
    }

    fn take_manifest(&mut self, manifest: &Dictionary) -> ManifestSecrets {
        self.encrypted = manifest.get("IsEncrypted").and_then(boolean);
        self.passcode_set = manifest.get("WasPasscodeSet").and_then(boolean);
        self.manifest_version = text(manifest, "Version");
        self.last_backup = moment(manifest, "Date");
        if let Some(lockdown) = manifest.get("Lockdown").and_then(Value::as_dictionary) {
            self.device_name = text(lockdown, "DeviceName");
            self.ios_version = text(lockdown, "ProductVersion");
            self.product_type = text(lockdown, "ProductType");
            self.build = text(lockdown, "BuildVersion");
            self.serial = text(lockdown, "SerialNumber");
            self.udid = text(lockdown, "UniqueDeviceID");
        }
        if let Some(apps) = manifest.get("Applications").and_then(Value::as_dictionary) {
            for (bundle_id, app) in apps.iter() {
                let version = app.as_dictionary().and_then(|app| text(app, "CFBundleVersion"));
                self.apps.insert(bundle_id.to_owned(), App { name: None, version });
            }
        }
        let data = |key| manifest.get(key).and_then(Value::as_data).map(<[u8]>::to_vec);
        ManifestSecrets { keybag: data("BackupKeyBag"), manifest_key: data("ManifestKey") }
    }

    fn take_info(&mut self, info: &Dictionary) {
        let or = |known: &mut Option<String>, keys: &[&str]| {
            *known = known.take().or_else(|| keys.iter().find_map(|key| text(info, key)));
        };
        or(&mut self.device_name, &["Device Name", "Display Name"]);
        or(&mut self.product_type, &["Product Type"]);
        or(&mut self.product_name, &["Product Name"]);
        or(&mut self.ios_version, &["Product Version"]);
        or(&mut self.build, &["Build Version"]);
        or(&mut self.serial, &["Serial Number"]);
        or(&mut self.udid, &["Unique Identifier", "Target Identifier"]);
        or(&mut self.phone_number, &["Phone Number"]);
        or(&mut self.iccid, &["ICCID"]);
        or(&mut self.made_by, &["iTunes Version", "macOS Version"]);
        self.imei = ["IMEI", "IMEI 2"].iter().filter_map(|key| text(info, key)).collect();
        self.last_backup = moment(info, "Last Backup Date").or(self.last_backup);
        for bundle_id in info.get("Installed Applications").and_then(Value::as_array).unwrap_or_default() {
            if let Some(bundle_id) = bundle_id.as_str() {
                self.apps.entry(bundle_id.to_owned()).or_default();
            }
        }
        if let Some(apps) = info.get("Applications").and_then(Value::as_dictionary) {
            for (bundle_id, app) in apps.iter() {
                self.take_store_facts(bundle_id, app);
            }
        }
    }

    /// The name and version of an app lie in a property list inside the property list.
    fn take_store_facts(&mut self, bundle_id: &str, app: &Value) {
        let known = self.apps.entry(bundle_id.to_owned()).or_default();
        let metadata = app.as_dictionary().and_then(|app| app.get("iTunesMetadata")).and_then(Value::as_data);
        let [name, version] = texts_in(metadata.unwrap_or_default(), ["itemName", "bundleShortVersionString"]);
        known.name = name;
        known.version = version.or(known.version.take());
    }
}

/// The texts of a few keys in a property list inside of something else, of which there may be many. A binary one is only
/// looked into: were each expanded, a small file with many of them could keep a computer busy for hours.
pub(super) fn texts_in<const N: usize>(bytes: &[u8], keys: [&str; N]) -> [Option<String>; N] {
    if let Ok(peek) = Peek::new(bytes) {
        let root = peek.root().ok().and_then(Object::dictionary);
        return keys.map(|key| {
            let value = root.and_then(|root| peek.get(root, key).ok()?)?;
            value.text().map(|text| text.to_str().into_owned())
        });
    }
    let Ok(Value::Dictionary(dictionary)) = plist::read(bytes) else { return keys.map(|_| None) };
    keys.map(|key| text(&dictionary, key))
}

/// Why a property list was not read.
#[derive(Debug, thiserror::Error)]
enum Unread {
    #[error("{0}")]
    OutOfReach(io::Error),
    #[error("{0}")]
    Bad(String),
}

fn read_plist(tree: &dyn FileTree, name: &str) -> Result<Dictionary, Unread> {
    let bytes = tree.open(name).and_then(|bytes| read_all(bytes.as_ref(), LARGEST_PLIST));
    let bytes = bytes.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Unread::Bad("not there".to_owned()),
        _ if is_out_of_reach(&error) => Unread::OutOfReach(error),
        _ => Unread::Bad(error.to_string()),
    })?;
    match plist::read(&bytes) {
        Ok(Value::Dictionary(dictionary)) => Ok(dictionary),
        Ok(_) => Err(Unread::Bad("holds something else than it should".to_owned())),
        Err(error) => Err(Unread::Bad(error.to_string())),
    }
}

fn status_of(status: &Dictionary) -> Status {
    let state = text(status, "SnapshotState");
    let is_known = |state: &String| matches!(state.as_str(), "uploading" | "moving" | "removing" | "finished");
    Status {
        unknown_state: state.clone().filter(|state| !is_known(state)),
        version: text(status, "Version"),
        is_full: status.get("IsFullBackup").and_then(boolean),
        date: moment(status, "Date"),
        backup_state: text(status, "BackupState"),
        snapshot: match state.as_deref() {
            Some("uploading") => Some(SnapshotState::Uploading),
            Some("moving") => Some(SnapshotState::Moving),
            Some("removing") => Some(SnapshotState::Removing),
            Some("finished") => Some(SnapshotState::Finished),
            _ => None,
        },
    }
}

fn text(dictionary: &Dictionary, key: &str) -> Option<String> {
    dictionary.get(key).and_then(Value::to_text).filter(|text| !text.is_empty())
}

fn moment(dictionary: &Dictionary, key: &str) -> Option<AppleTime> {
    dictionary.get(key).and_then(Value::as_date)
}

/// A truth value, which some writers store as a number.
fn boolean(value: &Value) -> Option<bool> {
    value.to_i64().map(|number| number != 0)
}
