//! Who and what identifiers name: `15550101234@s.whatsapp.net` a number, `205690463334636@lid` somebody whose number is not
//! shown, `120363023356659014@g.us` a group, `status@broadcast` what people show to everybody.

use crate::messages::ChatSort;

/// The server of people who are known by their number.
const PHONE: &str = "s.whatsapp.net";

/// An identifier in its two parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Jid<'a> {
    pub(super) user: &'a str,
    pub(super) server: &'a str,
}

impl<'a> Jid<'a> {
    /// Takes an identifier apart. One that names a device of somebody (`15550101234:7@…`) is that of the person; one without a
    /// server is a number.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let (user, server) = text.split_once('@').unwrap_or((text, PHONE));
        let user = user.split(':').next().unwrap_or_default().trim_start_matches('+');
        (!user.is_empty()).then_some(Self { user, server })
    }

    /// The number of a person, by its digits.
    pub(super) fn number(self) -> Option<&'a str> {
        let is_phone = matches!(self.server, PHONE | "c.us");
        (is_phone && self.user.bytes().all(|byte| byte.is_ascii_digit())).then_some(self.user)
    }

    /// Whether it is of somebody whose number it does not say.
    pub(super) fn is_lid(self) -> bool {
        self.server == "lid"
    }

    /// Whether it is of a person, whoever that is.
    pub(super) fn is_person(self) -> bool {
        self.is_lid() || self.number().is_some()
    }

    /// The person whose status updates an identifier stands for: `15550101234@status`, `205690463334636@lid.status`. Any other
    /// one as it is.
    pub(super) fn of_status(self) -> Self {
        match self.server {
            "status" => Self { server: PHONE, ..self },
            "lid.status" => Self { server: "lid", ..self },
            _ => self,
        }
    }

    /// Whether it is of a group.
    pub(super) fn is_group(self) -> bool {
        self.server == "g.us"
    }

    /// What a conversation with this identifier is, where the identifier alone says so.
    pub(super) fn sort(self) -> Option<ChatSort> {
        match (self.user, self.server) {
            ("status", "broadcast") | (_, "status" | "lid.status") => Some(ChatSort::Status),
            (_, "broadcast") => Some(ChatSort::Broadcast),
            (_, "newsletter") => Some(ChatSort::Channel),
            _ => None,
        }
    }

    /// How it is written without the device.
    pub(super) fn whole(self) -> String {
        format!("{}@{}", self.user, self.server)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Jid<'_> {
        Jid::read(text).unwrap()
    }

    #[test]
    fn an_identifier_says_what_it_names() {
        assert_eq!(read("15550101234@s.whatsapp.net").number(), Some("15550101234"));
        assert_eq!(read("+15550101234:7@s.whatsapp.net").whole(), "15550101234@s.whatsapp.net");
        assert_eq!(read("15550101234").number(), Some("15550101234"));
        assert!(read("205690463334636@lid").is_lid() && read("205690463334636@lid").number().is_none());
        assert!(read("120363023356659014@g.us").is_group() && !read("120363023356659014@g.us").is_person());
        assert_eq!(read("status@broadcast").sort(), Some(ChatSort::Status));
        assert_eq!(read("15550101234@status").sort(), Some(ChatSort::Status));
        assert_eq!(read("15550101234@status").of_status().number(), Some("15550101234"));
        assert_eq!(read("205690463334636@lid.status").of_status().whole(), "205690463334636@lid");
        assert!(!read("status@broadcast").of_status().is_person());
        assert_eq!(read("1626200000@broadcast").sort(), Some(ChatSort::Broadcast));
        assert_eq!(read("120363000@newsletter").sort(), Some(ChatSort::Channel));
        assert_eq!(read("15550101234@s.whatsapp.net").sort(), None);
        assert_eq!((Jid::read(""), Jid::read("@lid"), Jid::read(" ")), (None, None, None));
    }
}
