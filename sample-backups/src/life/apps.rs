//! Installed apps: what Info.plist and Manifest.plist say about them, and a document that one of them keeps.

use plist::{Dictionary, Value};

use crate::builder::BackupBuilder;
use crate::era::Era;
use crate::error::Result;
use crate::mbfile::to_binary;
use crate::media;
use crate::plists::{date, dictionary, text};
use crate::record::Record;

/// An app: bundle, name, maker, version, genre.
type App = (&'static str, &'static str, &'static str, &'static str, &'static str);

const APPS: [App; 2] = [
    ("org.example.tidewatch", "Tidewatch", "Lofoten Software", "3.2.1", "Weather"),
    ("net.whatsapp.WhatsApp", "WhatsApp Messenger", "WhatsApp Inc.", "24.21.80", "Social Networking"),
];

fn of(era: Era) -> impl Iterator<Item = App> {
    APPS.into_iter().take(if era.is_flat() { 1 } else { APPS.len() })
}

/// The bundle identifiers of an era.
pub fn installed(era: Era) -> impl Iterator<Item = &'static str> {
    of(era).map(|(bundle, ..)| bundle)
}

/// `Applications` of Info.plist.
///
/// # Errors
/// Passes on errors of the encoders.
pub fn info_applications(era: Era) -> Result<Dictionary> {
    let mut all = Dictionary::new();
    for (bundle, name, maker, version, genre) in of(era) {
        let metadata = to_binary(&dictionary([
            ("itemName", text(name)),
            ("artistName", text(maker)),
            ("bundleShortVersionString", text(version)),
            ("genre", text(genre)),
            ("softwareVersionBundleId", text(bundle)),
            ("purchaseDate", date("2012-03-04T09:00:00Z")?),
        ]))?;
        let app = dictionary([
            ("iTunesMetadata", Value::Data(metadata)),
            ("PlaceholderIcon", Value::Data(media::png(bundle, 8, 8)?)),
        ]);
        all.insert(bundle.into(), app);
    }
    Ok(all)
}

/// `Applications` of Manifest.plist.
pub fn manifest_applications(era: Era) -> Dictionary {
    let app = |(bundle, _, _, version, _): App| {
        let path = format!("/var/containers/Bundle/Application/00000000-0000-4000-8000-000000000000/{bundle}.app");
        let app = dictionary([
            ("CFBundleIdentifier", text(bundle)),
            ("CFBundleVersion", text(version)),
            ("ContainerContentClass", text("Data/Application")),
            ("Path", text(path)),
        ]);
        (bundle.to_owned(), app)
    };
    of(era).map(app).collect()
}

/// Adds the documents of the apps and of "On My iPhone".
///
/// # Errors
/// Passes on errors of the encoders.
pub fn add(backup: &mut BackupBuilder) -> Result<()> {
    let domain = "AppDomain-org.example.tidewatch";
    backup.file(domain, "Documents/Henningsv\u{e6}r/tides 2012.csv", "time;height\n06:12;2.41\n12:25;0.38\n");
    backup.file(domain, "Documents/.hidden", "x");
    let settings = to_binary(&dictionary([("units", text("metric")), ("launches", Value::Integer(41.into()))]))?;
    backup.file(domain, "Library/Preferences/org.example.tidewatch.plist", settings);
    if backup.era() == Era::Ios5 {
        let link = Record::symlink(domain, "Library/latest.csv", "../Documents/Henningsv\u{e6}r/tides 2012.csv");
        backup.record(link.at(backup.now()));
    }
    if backup.era() >= Era::Ios18 {
        let files = "AppDomainGroup-group.com.apple.FileProvider.LocalStorage";
        backup.file(files, "File Provider Storage/Downloads/boarding pass.txt", "OSL \u{2192} LIS, seat 14A\n");
    }
    Ok(())
}
