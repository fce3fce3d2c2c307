//! What the person asked for of every kind, as plain data: built by the command line, turned into SQL by the readers. What a
//! kind has beside it stands in its `Filter`.

use crate::handles::HandleQuery;
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
}

impl Selection {
    /// Whether a moment lies in the time asked for. What has no date is left out as soon as a time is asked for.
    pub fn includes_time(&self, moment: Option<AppleTime>) -> bool {
        let Some(moment) = moment else { return self.since.is_none() && self.until.is_none() };
        self.since.is_none_or(|since| moment >= since) && self.until.is_none_or(|until| moment < until)
    }

    /// The people asked for, as names, numbers and addresses are compared with them.
    pub fn asked(&self) -> Vec<HandleQuery> {
        self.with.iter().map(|typed| HandleQuery::new(typed)).collect()
    }

    /// Whether one of these names, numbers or addresses is one of the people [asked for](HandleQuery). Whoever has many to look at
    /// takes [`asked`](Self::asked) once.
    pub fn includes_person<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> bool {
        includes(&self.asked(), names)
    }
}

/// Whether nobody in particular is asked for, or one of these names, numbers or addresses is.
pub fn includes<'a>(asked: &[HandleQuery], names: impl IntoIterator<Item = &'a str>) -> bool {
    asked.is_empty() || names.into_iter().any(|name| asked.iter().any(|asked| asked.means(name)))
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
    fn names_match_by_the_beginnings_of_words_whatever_the_case() {
        assert!(with("naïve").includes_person(["x", "To NAÏVE friends"]));
        assert!(with("zoe").includes_person(["Zoë"]) && with("ZOË").includes_person(["zoe"]));
        assert!(with("anna@").includes_person(["Anna@example.org"]));
        assert!(!with("anna").includes_person(["Hannes", "Johanna"]));
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
