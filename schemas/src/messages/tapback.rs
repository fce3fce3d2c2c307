//! Reactions: rows that say by `associated_message_type` how somebody reacted, and by `associated_message_guid` to what.
//!
//! `2000` to `2005` are the six classic ones, `2006` any emoji (in `associated_message_emoji`, since iOS 18), `1000` and
//! `2007` stickers, and the same from `3000` on takes back. The target is `p:PART/GUID`, `bp:GUID` for the bubble of an
//! app, or a bare `GUID` (iOS 10, stickers).

use super::model::Reaction;
use crate::skipped::shorten;

/// The longest emoji that is kept, in bytes: of thousands of reactions to one message each is in memory, and on one page.
const LONGEST: usize = 1024;

/// An emoji, and what is to be said of one that is cut.
pub(super) fn emoji(mut stored: String) -> (String, Option<String>) {
    let length = stored.len();
    let cut =
        (length > LONGEST).then(|| format!("it is no emoji but {length} bytes of text, of which the first are kept"));
    shorten(&mut stored, LONGEST);
    (stored, cut)
}

/// What the device wrote for phones that know no reactions. It is kept in the text of the row, and here only as far as a
/// person would read it.
pub(super) fn words(text: Option<&String>) -> Option<String> {
    let mut text = text?.clone();
    shorten(&mut text, LONGEST);
    Some(text)
}

/// Takes the target of a reaction apart: the part, and the identifier of the message.
pub(super) fn target(stored: &str) -> (u32, &str) {
    if let Some((part, guid)) = stored.strip_prefix("p:").and_then(|rest| rest.split_once('/')) {
        return (part.parse().unwrap_or(0), guid);
    }
    (0, stored.strip_prefix("bp:").unwrap_or(stored))
}

/// How a row of this type reacts, and whether it takes the reaction back.
pub(super) fn reaction(number: i64, emoji: Option<String>) -> (Reaction, bool) {
    let removed = (3000..4000).contains(&number);
    let reaction = match if removed { number - 1000 } else { number } {
        2000 => Reaction::Loved,
        2001 => Reaction::Liked,
        2002 => Reaction::Disliked,
        2003 => Reaction::Laughed,
        2004 => Reaction::Emphasized,
        2005 => Reaction::Questioned,
        2006 => emoji.map_or(Reaction::Other(number), Reaction::Emoji),
        1000 | 2007 => Reaction::Sticker(None),
        _ => Reaction::Other(number),
    };
    (reaction, removed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_target_is_read() {
        assert_eq!(target("p:2/AB-1"), (2, "AB-1"));
        assert_eq!(target("bp:AB-1"), (0, "AB-1"));
        assert_eq!(target("AB-1"), (0, "AB-1"));
        assert_eq!(target("p:x/AB-1"), (0, "AB-1"));
        assert_eq!(target("p:7"), (0, "p:7"));
    }

    #[test]
    fn an_emoji_of_megabytes_is_cut_and_named() {
        let families = "👩‍👩‍👧‍👦".repeat(1 << 18);
        let (kept, why) = emoji(families.clone());
        assert!(kept.len() <= LONGEST && families.starts_with(kept.trim_end_matches('…')), "{}", kept.len());
        assert!(why.is_some_and(|why| why.contains(&families.len().to_string())));
        assert_eq!(emoji("👩‍👩‍👧‍👦".to_owned()), ("👩‍👩‍👧‍👦".to_owned(), None));
    }

    #[test]
    fn every_number_has_its_reaction() {
        assert_eq!(reaction(2003, None), (Reaction::Laughed, false));
        assert_eq!(reaction(3003, None), (Reaction::Laughed, true));
        assert_eq!(reaction(2006, Some("🎈".into())), (Reaction::Emoji("🎈".into()), false));
        assert_eq!(reaction(2006, None), (Reaction::Other(2006), false));
        assert_eq!(reaction(1000, None), (Reaction::Sticker(None), false));
        assert_eq!(reaction(3007, None), (Reaction::Sticker(None), true));
    }
}
