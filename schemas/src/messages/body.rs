//! The text of a message and the order of what is attached to it.
//!
//! A row has its text up to twice: as `text`, and with attributes as `attributedBody`. Newer versions leave `text` empty
//! more and more often. Where both are there they say the same (in all 105 rows of the iOS 12.4 database that this was
//! compared on), and `text` needs no parser to be right; so it comes first, and the attributes are read when there is
//! no `text`, or when several attachments need their order.

use crate::formats::typedstream::{Attribute, AttributedString};

/// Stands in a text where an attachment stands.
const PLACEHOLDER: char = '\u{fffc}';

/// The attribute of a placeholder that names its attachment.
const ATTACHMENT: &str = "__kIMFileTransferGUIDAttributeName";

/// What the two columns of a row give together.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Body {
    pub(super) text: Option<String>,
    /// The identifiers of the attachments, in the order of their placeholders. Empty where the order does not matter.
    pub(super) order: Vec<String>,
    /// Why a part could not be read.
    pub(super) damage: Option<String>,
}

/// Reads the body of a message.
pub(super) fn read(text: Option<String>, attributed: Option<&[u8]>) -> Body {
    let text = text.filter(|text| !text.is_empty());
    let placeholders = text.iter().flat_map(|text| text.chars()).filter(|c| *c == PLACEHOLDER).take(2).count();
    let needed = text.is_none() || placeholders > 1;
    let Some(attributed) = attributed.filter(|_| needed) else { return Body { text, ..Body::default() } };
    match AttributedString::read(attributed) {
        Ok(body) => Body {
            order: order(&body),
            damage: body.end.err().map(|error| error.to_string()).filter(|_| text.is_none()),
            text: text.or_else(|| Some(body.text).filter(|text| !text.is_empty())),
        },
        Err(error) => Body { damage: text.is_none().then(|| error.to_string()), text, order: Vec::new() },
    }
}

/// The identifiers of the attachments of a body, in the order of their placeholders.
pub(super) fn attachment_names(attributed: &[u8]) -> Vec<String> {
    AttributedString::read(attributed).map(|body| order(&body)).unwrap_or_default()
}

fn order(body: &AttributedString) -> Vec<String> {
    let names = body.runs.iter().filter_map(|run| match body.attribute(run, ATTACHMENT) {
        Some(Attribute::Text(guid)) => Some(guid.clone()),
        _ => None,
    });
    names.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_needs_no_attributes() {
        let body = read(Some("hello".into()), Some(b"broken"));
        assert_eq!(body, Body { text: Some("hello".into()), ..Body::default() });
    }

    #[test]
    fn a_body_that_cannot_be_read_is_said() {
        let body = read(None, Some(b"\x04\x0bstreamtyped"));
        assert_eq!(body.text, None);
        assert!(body.damage.is_some());
        assert_eq!(read(Some(String::new()), None), Body::default());
    }

    #[test]
    fn attributes_give_text_and_order() {
        let Some(folder) = crate::testing::shared_data("typedstream") else { return };
        let bytes = std::fs::read(folder.join("MultiAttachment")).unwrap();
        let body = read(None, Some(&bytes));
        assert_eq!(body.text.as_deref().map(|text| text.matches(PLACEHOLDER).count()), Some(body.order.len()));
        assert!(body.order.len() > 1 && body.damage.is_none());
    }
}
