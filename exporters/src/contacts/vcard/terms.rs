//! The words of vCard for Apple's labels and for services.

use corer_schemas::contacts::{Label, Profile};

use crate::page::encode_path;

/// The types of a telephone number with a label; `None` where the label itself must be written.
pub(super) fn phone_types(label: Option<&Label>) -> Option<&'static [&'static str]> {
    let Some(label) = label else { return Some(&["VOICE"]) };
    match label.apple().unwrap_or(label.stored()) {
        "Mobile" => Some(&["CELL", "VOICE"]),
        "iPhone" => Some(&["IPHONE", "CELL", "VOICE"]),
        "AppleWatch" => Some(&["APPLEWATCH", "CELL", "VOICE"]),
        _ => match label.apple()? {
            "Home" => Some(&["HOME", "VOICE"]),
            "Work" => Some(&["WORK", "VOICE"]),
            "Main" => Some(&["MAIN"]),
            "HomeFAX" => Some(&["HOME", "FAX"]),
            "WorkFAX" => Some(&["WORK", "FAX"]),
            "OtherFAX" => Some(&["OTHER", "FAX"]),
            "Pager" => Some(&["PAGER"]),
            _ => None,
        },
    }
}

/// The type of anything else with a label.
pub(super) fn types(label: Option<&Label>) -> Option<&'static [&'static str]> {
    match label {
        None => Some(&[]),
        Some(label) => match label.apple()? {
            "Home" => Some(&["HOME"]),
            "Work" => Some(&["WORK"]),
            _ => None,
        },
    }
}

/// The address of somebody in an instant messenger: the scheme that is used for the service, and the name.
pub(super) fn messenger_uri(profile: &Profile) -> Option<String> {
    let scheme = match profile.service.as_deref().map(str::to_ascii_lowercase).as_deref() {
        Some("jabber" | "googletalk" | "facebook" | "xmpp") => "xmpp",
        Some("aim" | "aiminstant" | "icq") => "aim",
        Some("skype") => "skype",
        Some("msn" | "msninstant") => "msnim",
        Some("yahoo" | "yahooinstant") => "ymsgr",
        _ => "x-apple",
    };
    // Letters of other scripts are not for addresses.
    let encode = |c: char| match c {
        '@' => "@".to_owned(),
        c if c.is_ascii() => encode_path(c.encode_utf8(&mut [0; 4])).replace('/', "%2F"),
        c => c.encode_utf8(&mut [0; 4]).bytes().map(|byte| format!("%{byte:02X}")).collect(),
    };
    profile.username.as_ref().map(|name| format!("{scheme}:{}", name.chars().map(encode).collect::<String>()))
}

/// What a field is called that has no property of its own.
pub(super) fn field_name(name: &str, label: Option<&Label>) -> String {
    label.map_or_else(|| name.to_owned(), |label| format!("{name} ({label})"))
}
