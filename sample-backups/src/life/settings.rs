//! Small settings: the home screen and blocked numbers.

use plist::Value;

use crate::builder::BackupBuilder;
use crate::error::Result;
use crate::mbfile::to_binary;
use crate::plists::{dictionary, text};

/// Adds the settings.
///
/// # Errors
/// Passes on errors of the encoders.
pub fn add(backup: &mut BackupBuilder) -> Result<()> {
    backup.file("HomeDomain", "Library/SpringBoard/IconState.plist", home_screen()?);
    backup.file("HomeDomain", "Library/Preferences/com.apple.cmfsyncagent.plist", blocked()?);
    Ok(())
}

fn home_screen() -> Result<Vec<u8>> {
    let page = |ids: &[&str]| Value::Array(ids.iter().map(|id| text(*id)).collect());
    let folder = dictionary([
        ("displayName", text("Weather \u{2601}\u{fe0f}")),
        ("iconLists", Value::Array(vec![page(&["org.example.tidewatch"])])),
        ("listType", text("folder")),
    ]);
    let first = Value::Array(vec![text("com.apple.mobileslideshow"), folder]);
    to_binary(&dictionary([
        ("buttonBar", page(&["com.apple.mobilephone", "com.apple.MobileSMS", "com.apple.mobilesafari"])),
        ("iconLists", Value::Array(vec![first])),
    ]))
}

fn blocked() -> Result<Vec<u8>> {
    let number = dictionary([
        ("__kCMFItemTypeKey", Value::Integer(0.into())),
        ("__kCMFItemPhoneNumberUnformattedKey", text("+14155550166")),
        ("__kCMFItemPhoneNumberCountryCodeKey", text("us")),
    ]);
    let list = dictionary([("__kCMFBlockListStoreArrayKey", Value::Array(vec![number]))]);
    to_binary(&dictionary([("__kCMFBlockListStoreTopLevelKey", list)]))
}
