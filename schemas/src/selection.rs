//! What the person asked for, as plain data: built by the command line, turned into SQL by the readers.

use crate::messages::Choice;
use crate::people::{Address, folded};
use crate::time::AppleTime;

/// A choice of records. The default chooses everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Only records at or after this moment.
    pub since: Option<AppleTime>,
    /// Only records before this moment.
    pub until: Option<AppleTime>,
    /// Only records with one of these people: a name, number or address as typed. Empty: everybody.
    pub with: Vec<String>,
    /// What else was asked for of messages.
    pub messages: Choice,
}

impl Selection {
    /// Whether a moment lies in the time asked for. What has no date is left out as soon as a time is asked for.
    pub fn includes_time(&self, moment: Option<AppleTime>) -> bool {
        let Some(moment) = moment else { return self.since.is_none() && self.until.is_none() };
        self.since.is_none_or(|since| moment >= since) && self.until.is_none_or(|until| moment < until)
    }

    /// Whether one of these names, numbers or addresses is one of the people asked for.
    ///
    /// Text matches a part of a name or address, whatever its case and accents. Numbers match by their digits:
    /// `(555) 010-1234` finds `+15550101234`.
    pub fn includes_person<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> bool {
        self.with.is_empty() || names.into_iter().any(|name| self.with.iter().any(|asked| matches(asked, name)))
    }
}

fn matches(asked: &str, name: &str) -> bool {
    match (Address::read(asked), Address::read(name)) {
        (Some(Address::Number(asked)), Some(Address::Number(name))) => asked.may_be(&name),
        (Some(_), Some(_)) => folded(name).contains(&folded(asked)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(asked: &str) -> Selection {
        Selection { with: vec![asked.into()], ..Selection::default() }
    }

    #[test]
    fn numbers_match_by_their_digits() {
        assert!(with("(555) 010-1234").includes_person(["+15550101234"]));
        assert!(with("+1 555 010 1234").includes_person(["(555) 010-1234"]));
        assert!(!with("1234").includes_person(["+15550101234"]));
        assert!(with("0170 1234567").includes_person(["+491701234567"]));
        assert!(with("22000").includes_person(["22000"]));
    }

    #[test]
    fn names_match_by_a_part_whatever_the_case() {
        assert!(with("naïve").includes_person(["x", "To NAÏVE friends"]));
        assert!(with("zoe").includes_person(["Zoë"]) && with("ZOË").includes_person(["zoe"]));
        assert!(with("anna@").includes_person(["Anna@example.org"]));
        assert!(!with("anna").includes_person(["Hannes"]));
        assert!(!with(" ").includes_person(["anybody"]));
        assert!(Selection::default().includes_person([]));
    }

    #[test]
    fn the_end_of_a_time_is_outside_of_it() {
        let at = |seconds| AppleTime::from_seconds_or_nanoseconds(seconds);
        let selection = Selection { since: at(10), until: at(20), ..Selection::default() };
        let inside = |seconds| selection.includes_time(at(seconds));
        assert_eq!([9, 10, 19, 20].map(inside), [false, true, true, false]);
        assert!(!selection.includes_time(None));
        assert!(Selection::default().includes_time(None));
    }
}
