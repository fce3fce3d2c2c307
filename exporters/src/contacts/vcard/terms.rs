//! The words of vCard for Apple's labels and for services.

use corer_schemas::contacts::{Label, Name, Profile};

use crate::page::encode_path;

/// What makes the cards.
pub(super) const PRODUCT: &str = "-//corer//corer//EN";

/// The types of telephone numbers that version 4.0 knows (RFC 6350, 6.4.1 and 5.6).
const PHONE_TYPES: [&str; 6] = ["VOICE", "CELL", "FAX", "PAGER", "HOME", "WORK"];

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
    profile.username.as_ref().map(|name| format!("{scheme}:{}", encoded(name)))
}

/// The address of somebody in a social network: the one that is stored, else one of Apple's for the name.
pub(super) fn profile_uri(profile: &Profile) -> Option<String> {
    let made = || profile.username.as_ref().map(|name| format!("x-apple:{}", encoded(name)));
    profile.url.clone().or_else(made)
}

/// A name as addresses can say it. Letters of other scripts are not for them, and at a comma some readers end a value.
fn encoded(name: &str) -> String {
    let encode = |c: char| match c {
        '@' => "@".to_owned(),
        ',' => "%2C".to_owned(),
        c if c.is_ascii() => encode_path(c.encode_utf8(&mut [0; 4])).replace('/', "%2F"),
        c => c.encode_utf8(&mut [0; 4]).bytes().map(|byte| format!("%{byte:02X}")).collect(),
    };
    name.chars().map(encode).collect()
}

/// Those of the types of a telephone number that version 4.0 knows, and whether they say the whole label.
pub(super) fn phone_types_of_4(label: Option<&Label>) -> (Vec<&'static str>, bool) {
    let all = phone_types(label);
    let known: Vec<&str> = all.into_iter().flatten().copied().filter(|kind| PHONE_TYPES.contains(kind)).collect();
    let says_all = all.is_some_and(|all| all.len() == known.len());
    (known, says_all)
}

/// What somebody is to the contact, in the words of RFC 6350, 6.6.6.
pub(super) fn relation(label: Option<&Label>) -> Option<&'static str> {
    let words = label?.words().to_lowercase();
    let last = words.split_whitespace().next_back()?;
    // In Apple's labels what comes before says more of the same (`younger sister`), or something else.
    if ["law", "step", "grand", "god", "foster", "cousin"].iter().any(|other| words.contains(other)) {
        return None;
    }
    match last {
        "mother" | "father" | "parent" => Some("parent"),
        "brother" | "sister" | "sibling" => Some("sibling"),
        "son" | "daughter" | "child" => Some("child"),
        "spouse" | "wife" | "husband" => Some("spouse"),
        "friend" if words == "friend" => Some("friend"),
        "colleague" if words == "colleague" => Some("colleague"),
        _ => None,
    }
}

/// Whether a date is the anniversary, by Apple's label or the same word.
pub(super) fn is_anniversary(label: Option<&Label>) -> bool {
    label.is_some_and(|label| label.words().trim().eq_ignore_ascii_case("anniversary"))
}

/// What a name says that the standard has no property for, under the names that Apple gives it.
pub(super) fn extras(name: &Name) -> impl Iterator<Item = (&'static str, &String)> {
    let all = [
        ("X-MAIDENNAME", &name.maiden),
        ("X-PHONETIC-FIRST-NAME", &name.first_phonetic),
        ("X-PHONETIC-MIDDLE-NAME", &name.middle_phonetic),
        ("X-PHONETIC-LAST-NAME", &name.last_phonetic),
    ];
    all.into_iter().filter_map(|(property, value)| Some((property, value.as_ref()?)))
}
