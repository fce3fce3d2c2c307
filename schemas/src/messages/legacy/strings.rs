//! The strings of an archived array: who takes part, to whom it went, which attachments.

use crate::formats::keyed_archive::Archive;
use crate::formats::plist::{self, Value};
use crate::formats::typedstream::{TypedStream, Value as Typed};

/// All strings of an array, whether it is a property list or an archive of either kind. Nothing when it is none.
pub(super) fn read(bytes: &[u8]) -> Vec<String> {
    if let Ok(stream) = TypedStream::read(bytes) {
        return typed(&stream);
    }
    match plist::read(bytes) {
        Ok(Value::Array(members)) => members.iter().filter_map(|member| member.as_str().map(str::to_owned)).collect(),
        Ok(Value::Dictionary(_)) => keyed(bytes).unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn typed(stream: &TypedStream<'_>) -> Vec<String> {
    let Some(Typed::Object(array)) = stream.roots.first() else { return Vec::new() };
    let members = stream.values(*array).iter().filter_map(|member| match member {
        Typed::Object(member) => stream.text(*member),
        _ => None,
    });
    members.map(std::borrow::Cow::into_owned).collect()
}

fn keyed(bytes: &[u8]) -> Option<Vec<String>> {
    let archive = Archive::new(bytes).ok()?;
    let members = archive.root().ok()?.members();
    Some(members.filter_map(|member| Some(member.ok()?.text()?.into_owned())).collect())
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn every_form_of_an_array_is_read() {
        let xml = br#"<?xml version="1.0"?><plist><array><string>(209) 598-1933</string><true/></array></plist>"#;
        assert_eq!(read(xml), ["(209) 598-1933"]);
        let typed = b"\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84\x07NSArray\x00\x84\x84\x08NSObject\x00\x85\
            \x84\x01i\x02\x92\x84\x84\x84\x08NSString\x01\x94\x84\x01+\x01a\x86\x92\x84\x96\x97\x02bc\x86\x86";
        assert_eq!(read(typed), ["a", "bc"]);
        assert_eq!(read(b"neither"), [""; 0]);
    }
}
