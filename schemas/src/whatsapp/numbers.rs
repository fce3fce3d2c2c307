//! Whose number is behind an identifier that says none (`…@lid`).

use std::cmp::Ordering;

use foldhash::HashMap;

use super::columns::LidColumn;
use super::jid::Jid;
use crate::database::Row;

/// The numbers behind identifiers, both by their first parts.
#[derive(Default)]
pub(super) struct Numbers(HashMap<String, (Since, String)>);

/// Since when a pair was one. A number may pass to somebody else: what is known to be newer is better.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Since {
    /// It does not say.
    Unknown,
    /// Seconds since 2001.
    At(f64),
}

impl Since {
    fn order(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Unknown, Self::Unknown) => Ordering::Equal,
            (Self::Unknown, Self::At(_)) => Ordering::Less,
            (Self::At(_), Self::Unknown) => Ordering::Greater,
            (Self::At(own), Self::At(other)) => own.total_cmp(&other),
        }
    }
}

impl Numbers {
    /// Takes a row of the table of pairs.
    pub(super) fn take(&mut self, row: Row<'_, LidColumn>) {
        let since = row.real(LidColumn::Since).filter(|since| since.is_finite()).map_or(Since::Unknown, Since::At);
        self.pair(row.name(LidColumn::Lid).as_deref(), row.name(LidColumn::Number).as_deref(), since);
    }

    /// Notes that a number is behind an identifier. Only a number can be: nothing leads in a circle. Of two, the newer counts,
    /// and the first where neither is known to be.
    pub(super) fn pair(&mut self, lid: Option<&str>, number: Option<&str>, since: Since) {
        let lid = lid.map(|lid| lid.split_once('@').map_or(lid, |(user, _)| user).trim()).filter(|lid| !lid.is_empty());
        let number = number.and_then(Jid::read).and_then(Jid::number);
        let (Some(lid), Some(number)) = (lid, number) else { return };
        match self.0.get_mut(lid) {
            Some(known) if since.order(known.0) == Ordering::Greater => *known = (since, number.to_owned()),
            Some(_) => {}
            None => _ = self.0.insert(lid.to_owned(), (since, number.to_owned())),
        }
    }

    /// The number behind an identifier.
    pub(super) fn behind(&self, lid: &str) -> Option<&str> {
        self.0.get(lid).map(|(_, number)| number.as_str())
    }

    /// The identifiers that stand for each number, the newest first.
    pub(super) fn turned(&self) -> HashMap<String, Vec<String>> {
        let mut all: Vec<(&String, &(Since, String))> = self.0.iter().collect();
        all.sort_by(|(lid, (since, _)), (other, (newer, _))| newer.order(*since).then_with(|| lid.cmp(other)));
        let mut turned: HashMap<String, Vec<String>> = HashMap::default();
        for (lid, (_, number)) in all {
            turned.entry(number.clone()).or_default().push(lid.clone());
        }
        turned
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_of_two_numbers_is_behind_an_identifier() {
        let mut numbers = Numbers::default();
        numbers.pair(Some("7@lid"), Some("15550100001"), Since::At(10.0));
        numbers.pair(Some("7@lid"), Some("15550100002@s.whatsapp.net"), Since::At(20.0));
        numbers.pair(Some("7@lid"), Some("15550100003"), Since::At(15.0));
        numbers.pair(Some("7@lid"), Some("15550100004"), Since::Unknown);
        assert_eq!(numbers.behind("7"), Some("15550100002"));
        numbers.pair(Some("8"), Some("15550100005"), Since::Unknown);
        numbers.pair(Some("8"), Some("15550100006"), Since::Unknown);
        assert_eq!(numbers.behind("8"), Some("15550100005"));
        numbers.pair(Some("9"), Some("8@lid"), Since::Unknown);
        assert_eq!(numbers.behind("9"), None);
    }

    #[test]
    fn several_identifiers_of_a_number_come_in_one_order() {
        let mut numbers = Numbers::default();
        for (lid, since) in [("3", Since::Unknown), ("1", Since::At(1.0)), ("2", Since::At(2.0)), ("0", Since::Unknown)]
        {
            numbers.pair(Some(lid), Some("15550100001"), since);
        }
        assert_eq!(numbers.turned()["15550100001"], ["2", "1", "0", "3"]);
    }
}
