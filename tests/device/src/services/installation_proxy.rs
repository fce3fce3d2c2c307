//! `com.apple.mobile.installation_proxy`: which apps are installed \[S\].
//!
//! `Browse` answers in batches (`BrowsingApplications`) and ends with `Complete`; `Lookup` answers at once.

use plist::{Dictionary, Value};
use sample_backups::Era;
use sample_backups::life::apps;
use sample_backups::plists::{dictionary, text};

use super::{dialogue, word};
use crate::error::Result;
use crate::wire::Channel;
use crate::world::World;

/// Serves one connection.
///
/// # Errors
/// When the connection breaks.
pub fn serve(world: &World, channel: Channel) -> Result<()> {
    let installed = installed()?;
    dialogue(channel, |request| {
        let command = word(request, "Command");
        world.log.asked("installation_proxy", command);
        let options = request.get("ClientOptions").and_then(Value::as_dictionary).cloned().unwrap_or_default();
        Some(match command {
            "Browse" => browse(&installed, &options),
            "Lookup" => lookup(&installed, &options),
            _ => vec![dictionary([("Error", text("UnknownCommand"))])],
        })
    })
}

/// Attributes of every app, by bundle.
fn installed() -> Result<Vec<(String, Dictionary)>> {
    let mut all = Vec::new();
    let info = apps::info_applications(Era::Ios18)?;
    for (bundle, known) in apps::manifest_applications(Era::Ios18) {
        let mut app = known.into_dictionary().unwrap_or_default();
        app.insert("ApplicationType".into(), text("User"));
        app.insert("CFBundleDisplayName".into(), text(bundle.rsplit('.').next().unwrap_or_default()));
        app.insert("ApplicationSINF".into(), Value::Data(format!("sinf of {bundle}").into_bytes()));
        let metadata = info.get(&bundle).and_then(Value::as_dictionary).and_then(|app| app.get("iTunesMetadata"));
        if let Some(metadata) = metadata {
            app.insert("iTunesMetadata".into(), metadata.clone());
        }
        all.push((bundle, app));
    }
    let preferences = dictionary([
        ("CFBundleIdentifier", text("com.apple.Preferences")),
        ("ApplicationType", text("System")),
        ("CFBundleVersion", text("1")),
    ]);
    all.push(("com.apple.Preferences".into(), preferences.into_dictionary().unwrap_or_default()));
    Ok(all)
}

/// The attributes asked for of an app, if it is of the type and among the bundles asked for.
fn selected(bundle: &str, app: &Dictionary, options: &Dictionary) -> Option<Value> {
    let kind = word(options, "ApplicationType");
    if !matches!(kind, "" | "Any") && app.get("ApplicationType").and_then(Value::as_string) != Some(kind) {
        return None;
    }
    if let Some(bundles) = options.get("BundleIDs").and_then(Value::as_array)
        && !bundles.iter().any(|wanted| wanted.as_string() == Some(bundle))
    {
        return None;
    }
    let mut app = app.clone();
    if let Some(wanted) = options.get("ReturnAttributes").and_then(Value::as_array) {
        app.retain(|name, _| wanted.iter().any(|attribute| attribute.as_string() == Some(name)));
    }
    Some(Value::Dictionary(app))
}

fn browse(installed: &[(String, Dictionary)], options: &Dictionary) -> Vec<Value> {
    let found: Vec<Value> = installed.iter().filter_map(|(bundle, app)| selected(bundle, app, options)).collect();
    let count = || Value::Integer((found.len() as u64).into());
    vec![
        dictionary([
            ("Status", text("BrowsingApplications")),
            ("Total", count()),
            ("CurrentAmount", count()),
            ("CurrentIndex", Value::Integer(0.into())),
            ("CurrentList", Value::Array(found.clone())),
        ]),
        dictionary([("Status", text("Complete"))]),
    ]
}

fn lookup(installed: &[(String, Dictionary)], options: &Dictionary) -> Vec<Value> {
    let found: Dictionary =
        installed.iter().filter_map(|(bundle, app)| Some((bundle.clone(), selected(bundle, app, options)?))).collect();
    vec![dictionary([("Status", text("Complete")), ("LookupResult", Value::Dictionary(found))])]
}
