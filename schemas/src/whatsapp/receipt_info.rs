//! `ZWAMESSAGEINFO.ZRECEIPTINFO`: what became of a message at others. A protocol buffer:
//!
//! ```text
//! 2  for each recipient: 1 who (packed) · 4 seconds until it was delivered · 5 seconds until it was read, both after 3
//! 3  when the owner sent it, in seconds since 1970
//! 7  reactions: 1 of others (1 identifier, 2 who, 3 emoji, 4 milliseconds since 1970) · 2 the owner's (1 identifier, 2 emoji, 3 ms)
//! 8  a poll: 2 question · 3 options (1 text) · 5 votes of others and 6 the owner's (1 places of options, 4 who)
//! ```
//!
//! Fields 3, 7 and the packed identifiers: the real store of iOS 15.3.1; 7 and 8: several public readers, of stores up to iOS 26.
//! That 4 and 5 are delivery and reading is how they stand to each other there, and what the app shows of a message.

use std::collections::BTreeSet;

use crate::formats::protobuf::{Field, Message as Buffer, ProtobufError};
use crate::time::AppleTime;

/// The most reactions, recipients and votes of one message that are read: no group is larger.
const MOST: usize = 4096;

/// The most options of a poll: the app allows 12.
const MOST_OPTIONS: usize = 256;

/// The longest emoji, in bytes: families of several people need about 30.
const LONGEST_EMOJI: usize = 64;

/// What became of a message.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct ReceiptInfo {
    pub(crate) recipients: Vec<Recipient>,
    pub(crate) reactions: Vec<StoredReaction>,
    pub(crate) poll: Option<StoredPoll>,
    /// Whether there is more of anything than is read.
    pub(crate) is_cut: bool,
}

/// One of those whom it was sent to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Recipient {
    /// Who, by the first part of the identifier.
    pub(crate) user: String,
    pub(crate) is_number: bool,
    pub(crate) delivered: Option<AppleTime>,
    pub(crate) read: Option<AppleTime>,
}

/// An emoji that is none.
struct TooLong;

/// A reaction. Who: `None` is the owner.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StoredReaction {
    pub(crate) id: Option<String>,
    pub(crate) jid: Option<String>,
    pub(crate) emoji: String,
    pub(crate) date: Option<AppleTime>,
}

/// A poll.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StoredPoll {
    pub(crate) question: Option<String>,
    pub(crate) options: Vec<String>,
    /// Who, as above, and the places of the options.
    pub(crate) votes: Vec<(Option<String>, Vec<usize>)>,
}

impl ReceiptInfo {
    /// Reads it.
    ///
    /// # Errors
    /// See [`ProtobufError`]. What is inside and makes no sense is left out.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, ProtobufError> {
        let buffer = Buffer::read(bytes)?;
        let sent = buffer.integer(3).and_then(|seconds| i64::try_from(seconds).ok());
        let mut is_cut = false;
        let recipients = inner(&buffer, 2).filter_map(|recipient| Recipient::read(&recipient, sent));
        let recipients = most(recipients, MOST, &mut is_cut);
        let mut reactions = Vec::new();
        for all in inner(&buffer, 7) {
            reactions.extend(inner(&all, 1).map(|own| StoredReaction::read(&own, Some(2), 3, 4)));
            reactions.extend(inner(&all, 2).map(|own| StoredReaction::read(&own, None, 2, 3)));
        }
        let reactions = most(reactions.into_iter().filter_map(|own| own.transpose()), MOST, &mut is_cut);
        let reactions = reactions.into_iter().filter_map(|own| own.map_err(|TooLong| is_cut = true).ok()).collect();
        let poll = buffer.bytes(8).and_then(|poll| Buffer::read(poll).ok());
        let poll = poll.map(|poll| StoredPoll::read(&poll, &mut is_cut));
        Ok(Self { recipients, reactions, poll, is_cut })
    }
}

impl Recipient {
    fn read(buffer: &Buffer<'_>, sent: Option<i64>) -> Option<Self> {
        let (user, is_number) = unpacked(buffer.bytes(1)?)?;
        let after = |field: u32| {
            let seconds = i64::try_from(buffer.integer(field)?).ok()?;
            AppleTime::from_unix_seconds(sent?.checked_add(seconds)?).filter(|time| time.timestamp().is_some())
        };
        Some(Self { user, is_number, delivered: after(4), read: after(5) })
    }
}

impl StoredReaction {
    fn read(buffer: &Buffer<'_>, who: Option<u32>, emoji: u32, date: u32) -> Result<Option<Self>, TooLong> {
        // One without an emoji was taken back.
        let Some(emoji) = buffer.text(emoji).filter(|emoji| !emoji.is_empty()) else { return Ok(None) };
        if emoji.len() > LONGEST_EMOJI {
            return Err(TooLong);
        }
        let text = |field: u32| buffer.text(field).filter(|text| text.len() <= 256).map(str::to_owned);
        Ok(Some(Self {
            id: text(1),
            // One of others that does not say whose is not the owner's.
            jid: who.map(|who| text(who).unwrap_or_default()),
            emoji: emoji.to_owned(),
            date: buffer.integer(date).and_then(milliseconds),
        }))
    }
}

impl StoredPoll {
    fn read(buffer: &Buffer<'_>, is_cut: &mut bool) -> Self {
        let texts = inner(buffer, 3).map(|option| option.text(1).unwrap_or_default().to_owned());
        let options: Vec<String> = most(texts, MOST_OPTIONS, is_cut);
        let vote = |vote: Buffer<'_>, is_own: bool| {
            let jid = (!is_own).then(|| vote.text(4).unwrap_or_default().to_owned());
            // Who votes for one option twice votes once.
            let places: BTreeSet<usize> = vote
                .varints(1)
                .filter_map(|place| usize::try_from(place).ok().filter(|place| *place < options.len()))
                .collect();
            (jid, places.into_iter().collect())
        };
        let others = inner(buffer, 5).map(|own| vote(own, false));
        let votes = most(others.chain(inner(buffer, 6).map(|own| vote(own, true))), MOST, is_cut);
        Self { question: buffer.text(2).map(str::to_owned), votes, options }
    }
}

/// So many of them, and whether there are more.
fn most<T>(mut all: impl Iterator<Item = T>, most: usize, is_cut: &mut bool) -> Vec<T> {
    let taken = all.by_ref().take(most).collect();
    *is_cut |= all.next().is_some();
    taken
}

/// The messages in a field that may repeat. What is none is left out.
fn inner<'a>(buffer: &Buffer<'a>, field: u32) -> impl Iterator<Item = Buffer<'a>> {
    buffer.all(field).filter_map(|value| match value {
        Field::Bytes(bytes) => Buffer::read(bytes).ok(),
        _ => None,
    })
}

fn milliseconds(value: u64) -> Option<AppleTime> {
    let moment = jiff::Timestamp::from_millisecond(i64::try_from(value).ok()?).ok()?;
    AppleTime::from_timestamp(moment)
}

/// The first part of a packed identifier: a byte for its kind, then two digits a byte, `f` where their number is odd. `81` is
/// a number, `8c` an identifier that says none.
fn unpacked(bytes: &[u8]) -> Option<(String, bool)> {
    let (kind, packed) = bytes.split_first()?;
    let is_number = match kind {
        0x81 | 0x01 => true,
        0x8c | 0x0c => false,
        _ => return None,
    };
    if packed.is_empty() || packed.len() > 16 {
        return None;
    }
    let mut digits = String::with_capacity(packed.len() * 2);
    let nibbles = packed.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let count = packed.len() * 2;
    for (place, nibble) in nibbles.enumerate() {
        match nibble {
            0..=9 => digits.push(char::from(b'0' + nibble)),
            15 if place + 1 == count => {}
            _ => return None,
        }
    }
    Some((digits, is_number))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_real_receipt_says_who_got_it_and_when() {
        let bytes = b"\x12\x13\n\x07\x81\x19\x19\x88\x878o \x00(\x19R\x04\x08\x00\x10\x02\x12\t\n\x07\x81\x19\x19W\x94gO\x18\xc1\xe5\xc4\xa2\x06 \x02";
        let info = ReceiptInfo::read(bytes).unwrap();
        let at = |seconds| AppleTime::from_unix_seconds(seconds);
        assert_eq!(
            info.recipients,
            [
                Recipient {
                    user: "19198887386".into(),
                    is_number: true,
                    delivered: at(1_683_043_009),
                    read: at(1_683_043_034)
                },
                Recipient { user: "19195794674".into(), is_number: true, delivered: None, read: None },
            ]
        );
    }

    #[test]
    fn a_real_reaction_of_the_owner_has_its_emoji_and_time() {
        let bytes = b" \x02:'\x12%\n\x143A911D50B989B686BDF3\x12\x04\xf0\x9f\x91\x8d\x18\xff\xbc\xc6\xe9\xfd0 \x01";
        let info = ReceiptInfo::read(bytes).unwrap();
        let [own] = info.reactions.as_slice() else { panic!("{info:?}") };
        assert_eq!((own.jid.as_deref(), own.emoji.as_str()), (None, "👍"));
        assert_eq!(own.date.unwrap().timestamp().unwrap().to_string(), "2023-05-02T16:00:29.311Z");
    }

    #[test]
    fn packed_identifiers_are_digits_or_nothing() {
        assert_eq!(unpacked(b"\x81\x12\x3f"), Some(("123".into(), true)));
        assert_eq!(unpacked(b"\x8c\x12\x34"), Some(("1234".into(), false)));
        for bad in [&b""[..], b"\x81", b"\x81\x1f\x12", b"\x81\xab", b"\x90\x12", &[0x81; 30]] {
            assert_eq!(unpacked(bad), None, "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
            let _ = ReceiptInfo::read(&bytes);
        }
    }
}
