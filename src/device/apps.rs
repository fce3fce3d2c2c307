//! The apps that a person installed, as `Info.plist` lists them: with what a restore needs to fetch them again.

use corer_schemas::formats::plist::{Dictionary as PlistDictionary, Value as PlistValue};

use super::error::DeviceError;
use super::lockdown::Session;
use super::wire::{self, Dictionary, Value, message};

/// The service that knows the apps.
const INSTALLATION_PROXY: &str = "com.apple.mobile.installation_proxy";
/// The service that has their icons.
const SPRINGBOARD: &str = "com.apple.springboardservices";
/// More apps than fit on a device, and more answers than a list of them takes.
const MOST: usize = 20_000;
/// The most that licences, entries of the store and icons may take together, in bytes. They are kept in memory.
const LARGEST: usize = 256 << 20;

/// An installed app.
pub struct InstalledApp {
    /// Its bundle identifier.
    pub id: String,
    /// Its licence and its entry in the store, where it came from there.
    pub store: Option<StoreFiles>,
}

/// What a restore needs to fetch an app again.
pub struct StoreFiles {
    /// The licence.
    pub sinf: Vec<u8>,
    /// The entry in the store.
    pub metadata: Vec<u8>,
    /// Its icon, as PNG.
    pub icon: Option<Vec<u8>>,
}

/// The apps of a device.
///
/// # Errors
/// When the device does not offer the list, or breaks off.
pub fn installed(session: &mut Session) -> Result<Vec<InstalledApp>, DeviceError> {
    let mut stream = session.service(INSTALLATION_PROXY, false)?;
    let mut options = message! { "ApplicationType": "User" };
    let wanted = ["CFBundleIdentifier", "ApplicationSINF", "iTunesMetadata"];
    options.insert("ReturnAttributes".to_owned(), Value::Array(wanted.map(Value::from).to_vec()));
    let mut request = message! { "Command": "Browse" };
    request.insert("ClientOptions".to_owned(), Value::Dictionary(options));
    wire::send(&mut stream, request)?;
    let (mut apps, mut bytes) = (Vec::new(), 0);
    for _ in 0..MOST {
        let answer = wire::receive(&mut stream, wire::ANSWER_TIMEOUT)?;
        if let Some(word) = wire::text(&answer, "Error") {
            return Err(DeviceError::Refused { request: "the list of apps".to_owned(), answer: word });
        }
        let list = answer.get("CurrentList").and_then(PlistValue::as_array).unwrap_or_default();
        for app in list.iter().filter_map(|app| app_of(app.as_dictionary()?)) {
            bytes += app.size();
            apps.push(app);
        }
        if apps.len() > MOST || bytes > LARGEST {
            break;
        }
        if wire::text(&answer, "Status").as_deref() == Some("Complete") {
            add_icons(session, &mut apps, bytes);
            return Ok(apps);
        }
    }
    Err(DeviceError::Protocol("a list of apps without end".to_owned()))
}

impl InstalledApp {
    fn size(&self) -> usize {
        self.id.len() + self.store.as_ref().map_or(0, |store| store.sinf.len() + store.metadata.len())
    }
}

fn app_of(app: &PlistDictionary) -> Option<InstalledApp> {
    let data = |key: &str| app.get(key).and_then(PlistValue::as_data).map(<[u8]>::to_vec);
    let store = data("ApplicationSINF").zip(data("iTunesMetadata"));
    let store = store.map(|(sinf, metadata)| StoreFiles { sinf, metadata, icon: None });
    Some(InstalledApp { id: wire::text(app, "CFBundleIdentifier")?, store })
}

/// Icons are decoration: where there are none, there are none.
fn add_icons(session: &mut Session, apps: &mut [InstalledApp], mut bytes: usize) {
    if apps.iter().all(|app| app.store.is_none()) {
        return;
    }
    let Ok(mut stream) = session.service(SPRINGBOARD, false) else { return };
    for app in apps {
        let Some(store) = &mut app.store else { continue };
        let request = message! { "command": "getIconPNGData", "bundleId": app.id.as_str() };
        let Ok(answer) = wire::ask(&mut stream, request) else { return };
        let icon = answer.get("pngData").and_then(PlistValue::as_data).unwrap_or_default();
        bytes += icon.len();
        if bytes > LARGEST {
            return;
        }
        store.icon = (!icon.is_empty()).then(|| icon.to_vec());
    }
}

/// The apps as `Info.plist` has them: the identifiers of all, and what is known of those from the store.
pub fn for_info(apps: &[InstalledApp]) -> (Vec<Value>, Dictionary) {
    let ids = apps.iter().map(|app| Value::from(app.id.as_str())).collect();
    let stores = apps.iter().filter_map(|app| {
        let store = app.store.as_ref()?;
        let mut entry = Dictionary::new();
        entry.insert("ApplicationSINF".to_owned(), Value::Data(store.sinf.clone()));
        if let Some(icon) = &store.icon {
            entry.insert("PlaceholderIcon".to_owned(), Value::Data(icon.clone()));
        }
        entry.insert("iTunesMetadata".to_owned(), Value::Data(store.metadata.clone()));
        Some((app.id.clone(), Value::Dictionary(entry)))
    });
    (ids, stores.collect())
}
