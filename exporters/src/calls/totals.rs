//! Counting calls: all of them, by person, by month.

use std::collections::{BTreeMap, HashMap};

use corer_schemas::calls::{Call, Direction, Participant, Party, people};
use corer_schemas::people::Owner;
use corer_schemas::{AppleTime, Skipped};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::labels::{is_missed, name};
use crate::clock::Moment;
use crate::output::KindReport;
use crate::output::report::SkippedItem;

/// What an export holds: the content of the last record of `calls.jsonl`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Calls.
    pub calls: u64,
    /// Items that could not be read.
    pub skipped: u64,
}

/// A sum of calls.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct CallSum {
    pub(super) calls: u64,
    pub(super) outgoing: u64,
    pub(super) incoming: u64,
    pub(super) missed: u64,
    pub(super) seconds: f64,
}

impl CallSum {
    fn add(&mut self, call: &Call) {
        self.calls += 1;
        self.outgoing += u64::from(call.direction == Direction::Outgoing);
        self.incoming += u64::from(call.direction == Direction::Incoming);
        self.missed += u64::from(is_missed(call));
        self.seconds += call.duration.unwrap_or_default();
    }

    fn join(&mut self, other: &Self) {
        self.calls += other.calls;
        self.outgoing += other.outgoing;
        self.incoming += other.incoming;
        self.missed += other.missed;
        self.seconds += other.seconds;
    }
}

/// The calls with one person, or with callers who withheld their number.
#[derive(Debug, Clone, Default)]
pub(super) struct Person {
    /// The name of a contact, else the number.
    pub(super) title: String,
    /// The number of a contact, else what the network calls the number.
    pub(super) more: Option<String>,
    pub(super) sum: CallSum,
    pub(super) last: Option<Moment>,
}

/// What the calls say of somebody, whatever their order.
#[derive(Debug, Clone, Default)]
struct PartyNames {
    address: String,
    /// The name of the latest call that has one.
    name: Option<(Option<AppleTime>, String)>,
}

impl PartyNames {
    fn note(&mut self, person: &Participant, date: Option<AppleTime>) {
        if self.address.is_empty() || person.address < self.address {
            self.address.clone_from(&person.address);
        }
        let name = name(person);
        let known = self.name.as_ref().map(|(date, name)| (*date, name.as_str()));
        if name != person.address && known < Some((date, name)) {
            self.name = Some((date, name.to_owned()));
        }
    }
}

/// Everybody who took part in any call, numbered as they came.
#[derive(Debug, Default)]
struct PersonIndex {
    parties: Vec<(Party, PartyNames)>,
    numbers: HashMap<Party, usize>,
    /// Who was meant by an address: few people make many calls, and to find out who one is costs more than the rest.
    seen: HashMap<String, Vec<KnownAddress>>,
}

/// What came with an address, and who that is; nobody where the number was withheld.
#[derive(Debug)]
struct KnownAddress {
    normalized: Option<String>,
    owner: Owner,
    number: Option<usize>,
}

impl PersonIndex {
    /// The number of somebody; `None` for who withheld theirs.
    fn number(&mut self, person: &Participant) -> Option<usize> {
        let is_same = |seen: &&KnownAddress| seen.normalized == person.normalized && seen.owner == person.owner;
        if let Some(seen) = self.seen.get(&person.address).and_then(|seen| seen.iter().find(is_same)) {
            return seen.number;
        }
        let number = Party::of(person).map(|party| {
            *self.numbers.entry(party).or_insert_with_key(|party| {
                self.parties.push((party.clone(), PartyNames::default()));
                self.parties.len() - 1
            })
        });
        let seen = KnownAddress { normalized: person.normalized.clone(), owner: person.owner, number };
        self.seen.entry(person.address.clone()).or_default().push(seen);
        number
    }

    /// The same, once what the call says of them is noted.
    fn note(&mut self, person: &Participant, date: Option<AppleTime>) -> Option<usize> {
        let number = self.number(person)?;
        if let Some((_, said)) = self.parties.get_mut(number) {
            said.note(person, date);
        }
        Some(number)
    }

    fn party(&self, number: usize) -> Option<&Party> {
        self.parties.get(number).map(|(party, _)| party)
    }
}

/// Calls with the same others.
#[derive(Debug, Clone, Default)]
struct PartyGroup {
    sum: CallSum,
    last: Option<Moment>,
}

impl PartyGroup {
    fn add(&mut self, call: &Call, moment: Option<Moment>) {
        self.sum.add(call);
        self.last = moment.or(self.last);
    }
}

/// Sums of calls by person and by month. Calls with several people count for each of them.
#[derive(Debug, Default)]
pub struct Sums {
    pub(super) all: CallSum,
    pub(super) span: Option<(Date, Date)>,
    /// Calls with one other, by their number. Who is whom shows when all numbers are known.
    alone: Vec<PartyGroup>,
    /// Calls with several, by everybody who took part.
    together: BTreeMap<Vec<usize>, PartyGroup>,
    index: PersonIndex,
    withheld: PartyGroup,
    months: BTreeMap<Date, (CallSum, usize)>,
}

impl Sums {
    /// Counts a call in, which stands on page `page`.
    pub fn add(&mut self, call: &Call, zone: &TimeZone, page: usize) {
        self.all.add(call);
        let moment = call.date.and_then(|date| Moment::new(date, zone));
        let parties = call.participants.iter().filter_map(|person| self.index.note(person, call.date));
        let mut parties: Vec<usize> = parties.collect();
        parties.sort_unstable();
        parties.dedup();
        if let Some(group) = self.group(parties) {
            group.add(call, moment);
        }
        let Some(date) = moment.map(|moment| moment.date()) else { return };
        let month = self.months.entry(date.first_of_month()).or_default();
        month.0.add(call);
        month.1 = page;
        self.span = Some(self.span.map_or((date, date), |(first, _)| (first, date)));
    }

    /// The calls with exactly these, whose numbers are in order.
    fn group(&mut self, parties: Vec<usize>) -> Option<&mut PartyGroup> {
        match *parties.as_slice() {
            [] => Some(&mut self.withheld),
            [one] => {
                let known = self.alone.len().max(one + 1);
                self.alone.resize_with(known, PartyGroup::default);
                self.alone.get_mut(one)
            }
            _ => Some(self.together.entry(parties).or_default()),
        }
    }

    /// Everybody, those with the most calls first. Who withheld a number is nobody in particular.
    pub(super) fn by_person(&self) -> Vec<Person> {
        let one = people(self.index.parties.iter().map(|(party, _)| party));
        let mut found: HashMap<&Party, Person> = HashMap::new();
        let alone = self.alone.iter().enumerate().map(|(number, group)| (vec![number], group));
        let together = self.together.iter().map(|(numbers, group)| (numbers.clone(), group));
        for (numbers, group) in alone.filter(|(_, group)| group.sum.calls > 0).chain(together) {
            let parties = numbers.iter().filter_map(|number| self.index.party(*number));
            let mut whole: Vec<&Party> = parties.filter_map(|party| one.get(party)).collect();
            whole.sort();
            whole.dedup();
            for party in whole {
                let person = found.entry(party).or_default();
                person.sum.join(&group.sum);
                person.last = person.last.max(group.last);
            }
        }
        let captions = self.captions(&one);
        let mut people: Vec<Person> = found
            .into_iter()
            .map(|(party, person)| {
                let said = captions.get(party).cloned().unwrap_or_default();
                let name = said.name.map(|(_, name)| name);
                let (title, more) = match name {
                    Some(name) if party.is_contact() => (name, Some(said.address)),
                    name => (said.address, name),
                };
                Person { title, more, ..person }
            })
            .collect();
        people
            .sort_by(|a, b| b.sum.calls.cmp(&a.sum.calls).then_with(|| (&a.title, &a.more).cmp(&(&b.title, &b.more))));
        people
    }

    /// The calls of everybody who withheld the number, who may be any number of people.
    pub(super) fn withheld(&self) -> Option<Person> {
        let PartyGroup { sum, last } = self.withheld;
        let more = Some("anybody".to_owned());
        (sum.calls > 0).then(|| Person { title: "No number".to_owned(), more, sum, last })
    }

    /// What is said of each person: the number as the one that stands for it has it, and the name of the latest call.
    fn captions<'o>(&self, one: &'o HashMap<Party, Party>) -> HashMap<&'o Party, PartyNames> {
        let mut captions: HashMap<&Party, PartyNames> = HashMap::new();
        for (party, said) in &self.index.parties {
            let Some(whole) = one.get(party) else { continue };
            let own = captions.entry(whole).or_default();
            if whole == party {
                own.address.clone_from(&said.address);
            }
            if said.name > own.name {
                own.name.clone_from(&said.name);
            }
        }
        captions
    }

    /// Every month with calls, the newest first: its first day, its sum, and the page of its last call.
    pub(super) fn by_month(&self) -> impl Iterator<Item = (Date, &CallSum, usize)> {
        self.months.iter().rev().map(|(month, (sum, page))| (*month, sum, *page))
    }
}

/// The report of calls that were written.
pub(super) fn report(totals: Totals, skipped: Vec<Skipped>) -> KindReport {
    KindReport {
        found: totals.calls + Skipped::records(&skipped),
        exported: totals.calls,
        skipped: skipped.into_iter().map(|Skipped { item, why, .. }| SkippedItem { item, why }).collect(),
        ..KindReport::new("calls")
    }
}
