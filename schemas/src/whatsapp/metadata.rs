//! `ZWAMEDIAITEM.ZMETADATA`: what a message carries beside its file. A protocol buffer:
//!
//! ```text
//! 5  the identifier of the message that is answered · 6 who wrote it · 19.1 what it said
//! 17 how often it had been forwarded
//! 36 after how many seconds messages vanish, where the message says so
//! 87 a call: 1 (1 with pictures, 3 seconds)
//! ```
//!
//! Fields 5, 6 and 19: the real store of iOS 15.3.1; the others: public readers.

use crate::formats::protobuf::{Message as Buffer, ProtobufError};

/// The most bytes of what an answered message said: the app cuts it too.
const LONGEST_QUOTE: usize = 64 << 10;

/// What a message carries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Metadata {
    pub(crate) quoted: Option<Quoted>,
    pub(crate) forwarded: Option<u64>,
    pub(crate) timer: Option<u64>,
    pub(crate) call: Option<StoredCall>,
}

/// The message that is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Quoted {
    pub(crate) stanza: String,
    pub(crate) jid: Option<String>,
    pub(crate) text: Option<String>,
}

/// A call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StoredCall {
    pub(crate) is_video: Option<bool>,
    pub(crate) seconds: Option<u64>,
}

impl Metadata {
    /// Reads it. Property lists, which old versions kept here, say nothing of this.
    ///
    /// # Errors
    /// See [`ProtobufError`].
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, ProtobufError> {
        if bytes.starts_with(b"bplist") {
            return Ok(Self::default());
        }
        let buffer = Buffer::read(bytes)?;
        let call = buffer.bytes(87).and_then(|bytes| Buffer::read(bytes).ok());
        let call = call.as_ref().and_then(|call| call.bytes(1)).and_then(|bytes| Buffer::read(bytes).ok());
        let quote = buffer.bytes(19).and_then(|bytes| Buffer::read(bytes).ok());
        let short = |text: Option<&str>, most: usize| text.filter(|text| text.len() <= most).map(str::to_owned);
        let text = quote.as_ref().and_then(|quote| quote.text(1));
        let quoted = short(buffer.text(5), 256).filter(|stanza| !stanza.is_empty()).map(|stanza| Quoted {
            stanza,
            jid: short(buffer.text(6), 256),
            text: text.map(|text| text.get(..text.floor_char_boundary(LONGEST_QUOTE)).unwrap_or_default().to_owned()),
        });
        Ok(Self {
            quoted,
            forwarded: buffer.integer(17).filter(|count| *count > 0),
            timer: buffer.integer(36),
            call: call.map(|call| StoredCall {
                is_video: call.integer(1).map(|is_video| is_video != 0),
                seconds: call.integer(3),
            }),
        })
    }

    /// The identifier of the message that is answered, and nothing else.
    pub(crate) fn quoted_stanza(bytes: &[u8]) -> Option<String> {
        Self::read(bytes).ok()?.quoted.map(|quoted| quoted.stanza)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_real_answer_names_what_it_answers() {
        let bytes = b"*\x143A26649A0A496377CB012\x1a19198887386@s.whatsapp.net\x9a\x012\n0Makes sense with all the test data you generate.";
        let quoted = Metadata::read(bytes).unwrap().quoted.unwrap();
        assert_eq!(quoted.stanza, "3A26649A0A496377CB01");
        assert_eq!(quoted.jid.as_deref(), Some("19198887386@s.whatsapp.net"));
        assert_eq!(quoted.text.as_deref(), Some("Makes sense with all the test data you generate."));
    }

    #[test]
    fn property_lists_say_nothing_and_damage_is_said() {
        assert_eq!(Metadata::read(b"bplist00\xd1").unwrap(), Metadata::default());
        assert!(Metadata::read(b"*\x14short").is_err());
        assert_eq!(Metadata::read(b"\x88\x01\x05").unwrap().forwarded, Some(5));
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
            let _ = Metadata::read(&bytes);
        }
    }
}
