//! Where on its page a message is: the part of its address behind the `#`.

use askama::filters::HtmlSafe;
use corer_schemas::messages::Message;
use foldhash::HashSet;

/// How many letters of a GUID tell the messages of a page apart, nearly always.
const SHORT: usize = 8;

/// The longest GUID that becomes part of an address as it is.
const LONGEST: usize = 64;

/// The mark of a message: `m-` and the beginning of its GUID; all of it, should two begin alike; `r-` and its row number
/// where the GUID cannot stand in an address. Letters, digits, `-` and `_` alone, so it needs no quotes in markup.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Anchor(String);

impl Anchor {
    /// The mark as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Anchor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Anchor {}

/// The marks given out on one page.
#[derive(Debug, Default)]
pub(super) struct Anchors(HashSet<[u8; SHORT]>);

impl Anchors {
    /// The mark of the next message.
    pub(super) fn next(&mut self, message: &Message) -> Anchor {
        let Some(guid) = message.guid.as_deref().filter(|guid| is_plain(guid)) else {
            return Anchor(format!("r-{}", message.id));
        };
        let short: Option<[u8; SHORT]> = guid.as_bytes().get(..SHORT).and_then(|short| short.try_into().ok());
        match short.filter(|short| is_uuid(guid) && self.0.insert(*short)) {
            Some(_) => Anchor(["m-", guid.get(..SHORT).unwrap_or_default()].concat()),
            None => Anchor(["m-", guid].concat()),
        }
    }

    /// Begins another page.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

fn is_plain(guid: &str) -> bool {
    let is_letter = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    !guid.is_empty() && guid.len() <= LONGEST && guid.bytes().all(is_letter)
}

/// Whether it has the shape of a UUID, whose beginning is as good as drawn by lot.
fn is_uuid(guid: &str) -> bool {
    guid.len() == 36 && guid.as_bytes().get(SHORT) == Some(&b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(guids: &[&str]) -> Vec<String> {
        let mut marks = Anchors::default();
        let message = |guid: &&str| Message { id: 7, guid: Some((*guid).to_owned()), ..Message::default() };
        guids.iter().map(|guid| marks.next(&message(guid)).to_string()).collect()
    }

    #[test]
    fn a_mark_is_short_as_long_as_it_is_the_only_one() {
        let one = "6F1B0A9C-0000-4000-8000-000000000001";
        let two = "6F1B0A9C-0000-4000-8000-000000000002";
        assert_eq!(marks(&[one, two]), ["m-6F1B0A9C".to_owned(), format!("m-{two}")]);
        assert_eq!(marks(&["x\"y", "", "0000-0004"]), ["r-7", "r-7", "m-0000-0004"]);
    }
}
