//! Reactions: rows that say by `associated_message_type` how somebody reacted, and by `associated_message_guid` to what.
//!
//! `2000` to `2005` are the six classic ones, `2006` any emoji (in `associated_message_emoji`, since iOS 18), `1000` and
//! `2007` stickers, and the same from `3000` on takes back. The target is `p:PART/GUID`, `bp:GUID` for the bubble of an
//! app, or a bare `GUID` (iOS 10, stickers).

use super::model::Reaction;

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
    fn every_number_has_its_reaction() {
        assert_eq!(reaction(2003, None), (Reaction::Laughed, false));
        assert_eq!(reaction(3003, None), (Reaction::Laughed, true));
        assert_eq!(reaction(2006, Some("🎈".into())), (Reaction::Emoji("🎈".into()), false));
        assert_eq!(reaction(2006, None), (Reaction::Other(2006), false));
        assert_eq!(reaction(1000, None), (Reaction::Sticker(None), false));
        assert_eq!(reaction(3007, None), (Reaction::Sticker(None), true));
    }
}
