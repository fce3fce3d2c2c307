//! What a handle is made of: telephone numbers are compared by their digits, anything else by its letters.

use super::folding::{caseless, folded};
use super::number::Number;

/// A handle, as it is compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Address {
    /// A telephone number or a service number.
    Number(Number),
    /// A mail address or the name of a sender (`TELEKOM`), in small letters. Accents count: they make another address.
    Text(String),
}

impl Address {
    /// Reads a handle. `None` when there is nothing in it.
    pub(crate) fn read(handle: &str) -> Option<Self> {
        match Number::read(handle) {
            Some(number) => Some(Self::Number(number)),
            None => (!folded(handle).is_empty()).then(|| Self::Text(caseless(handle))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may_be(one: &str, other: &str) -> bool {
        match (Address::read(one), Address::read(other)) {
            (Some(Address::Number(one)), Some(Address::Number(other))) => {
                assert_eq!(one.may_be(&other), other.may_be(&one));
                one.may_be(&other)
            }
            (one, other) => one.is_some() && one == other,
        }
    }

    #[test]
    fn numbers_are_the_same_however_they_are_typed() {
        for (stored, typed) in [
            ("+14155550134", "+1 (415) 555-0134"),
            ("+14155550134", "(415) 555.0134"),
            ("+14155550134", "1-415-555-0134"),
            ("+14155550134", "555 0134"),
            ("+14155550134", "\u{202a}+1\u{a0}415\u{2011}555\u{2013}0134\u{202c}"),
            ("+14155550134", "+1 415 555 0134,,1234#"),
            ("+14155550134", "415 555 0134 ext. 12"),
            ("+491701234567", "0170 / 1234567"),
            ("+491701234567", "0049 170 1234567"),
            ("+491701234567", "011 49 170 1234567"),
            ("+442079460958", "+44 (0)20 7946 0958"),
            ("+442079460958", "(0)20 7946 0958"),
            ("+79123456789", "8 (912) 345-67-89"),
            ("+5581912345678", "81 91234-5678"),
            ("+971501234567", "٠٥٠١٢٣٤٥٦٧"),
            ("+18006927753", "1-800-MY-APPLE"),
            ("22000", "22 000"),
        ] {
            assert!(may_be(stored, typed), "{typed}");
        }
    }

    #[test]
    fn numbers_that_only_end_alike_are_others() {
        for (stored, typed) in [
            ("+14155550134", "+44 415 555 0134"),
            ("+14155550134", "(212) 555-0134"),
            ("+14155550134", "50134"),
            ("+14155550134", "550134"),
            ("22000", "+22000"),
            ("22000", "022000"),
            ("22000", "122000"),
            ("*22000", "22000"),
        ] {
            assert!(!may_be(stored, typed), "{typed}");
        }
    }

    #[test]
    fn addresses_and_names_of_senders_are_text() {
        assert!(may_be("Anna@Example.ORG", " anna@example.org"));
        assert!(may_be("TELEKOM", "Telekom"));
        assert!(!may_be("josé@example.org", "jose@example.org"));
        assert!(may_be("jose\u{301}@example.org", "JOSÉ@example.org"));
        assert!(!may_be("3UK", "385"));
        assert!(matches!(Address::read("chat190511190511190511"), Some(Address::Text(_))));
        assert!(matches!(Address::read(&"1".repeat(21)), Some(Address::Text(_))));
        assert!(matches!(Address::read("+"), Some(Address::Text(_))));
        assert_eq!(Address::read(" \u{301}"), None);
    }
}
