//! Numbers and mail addresses: what two contacts share of them, and whether that is one person's own.

use std::collections::BTreeSet;

use crate::contacts::{Contact, Label};
use crate::handles::{Address, folded};

/// So many numbers and addresses of a contact are looked at.
const MOST: usize = 64;

/// The end of a number by which candidates are found, in digits.
const END: usize = 7;

/// What follows so many digits may be an extension.
const BEFORE_EXTENSION: usize = 7;

/// Numbers of fewer digits have no area code: there is one in each town.
const WITH_AREA: usize = 9;

/// Labels of numbers that are one person's own, as Apple and people write them.
const OWN: [&str; 18] = [
    "mobile",
    "mobile phone",
    "cell",
    "cell phone",
    "cellphone",
    "cellular",
    "iphone",
    "apple watch",
    "handy",
    "mobil",
    "mobiltelefon",
    "natel",
    "portable",
    "movil",
    "celular",
    "cellulare",
    "komorka",
    "telemovel",
];

/// What stands before the `@` of mail addresses that several people read.
const ROLES: [&str; 28] = [
    "admin",
    "anfrage",
    "booking",
    "buero",
    "buro",
    "contact",
    "contacto",
    "enquiries",
    "familie",
    "family",
    "familia",
    "famille",
    "hello",
    "help",
    "home",
    "info",
    "kontakt",
    "mail",
    "marketing",
    "noreply",
    "no-reply",
    "office",
    "orders",
    "reception",
    "sales",
    "service",
    "support",
    "team",
];

/// What two contacts share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shared {
    /// Nothing.
    Nothing,
    /// A number, but for an extension.
    Near,
    /// A number or address that several people may use.
    Common,
    /// A number or address that one person uses.
    Own,
}

/// The numbers and addresses of a contact.
pub(super) struct ContactHandles(Vec<ContactHandle>);

struct ContactHandle {
    address: Address,
    extension: Option<String>,
    is_common: bool,
}

impl ContactHandles {
    pub(super) fn of(contact: &Contact) -> Self {
        let line = |text: &str, is_common: bool| {
            Some(ContactHandle { address: Address::read(text)?, extension: extension(text), is_common })
        };
        let phones = contact.phones.iter().filter_map(|own| line(&own.value, is_common(own.label.as_ref())));
        let emails = contact.emails.iter().filter_map(|own| line(&own.value, is_role(&own.value)));
        Self(phones.chain(emails).take(MOST).collect())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The most that both share.
    pub(super) fn shared(&self, other: &Self) -> Shared {
        self.pairs(other).map(|(one, other)| one.shared(other)).max().unwrap_or(Shared::Nothing)
    }

    /// Whether one of the two has nothing but what the other has.
    pub(super) fn is_part_of(&self, other: &Self) -> bool {
        let knows = |lines: &Self, line: &ContactHandle| lines.0.iter().any(|own| own.shared(line) >= Shared::Common);
        self.0.iter().all(|line| knows(other, line)) || other.0.iter().all(|line| knows(self, line))
    }

    /// Extensions of one number that differ.
    pub(super) fn contradiction(&self, other: &Self) -> Option<&'static str> {
        let is_one = |(one, other): (&ContactHandle, &ContactHandle)| {
            one.extension.is_some() && one.extension == other.extension
        };
        let differs = |(one, other): (&ContactHandle, &ContactHandle)| {
            one.extension.is_some() && other.extension.is_some() && one.extension != other.extension
        };
        let of_one_number = || self.pairs(other).filter(|(one, other)| is_same(&one.address, &other.address));
        (of_one_number().any(differs) && !of_one_number().any(is_one)).then_some("their extensions differ")
    }

    /// By what candidates are found.
    pub(super) fn keys(&self) -> BTreeSet<String> {
        self.0.iter().filter_map(|line| key(&line.address)).collect()
    }

    fn pairs<'l>(&'l self, other: &'l Self) -> impl Iterator<Item = (&'l ContactHandle, &'l ContactHandle)> {
        self.0.iter().flat_map(|one| other.0.iter().map(move |other| (one, other)))
    }
}

impl ContactHandle {
    fn shared(&self, other: &Self) -> Shared {
        if !is_same(&self.address, &other.address) {
            return Shared::Nothing;
        }
        if self.extension != other.extension {
            return Shared::Near;
        }
        let has_area = |line: &Self| match &line.address {
            Address::Number(number) => number.end(WITH_AREA).is_some(),
            Address::Text(_) => true,
        };
        let is_own = !self.is_common && !other.is_common && has_area(self) && has_area(other);
        if is_own { Shared::Own } else { Shared::Common }
    }
}

fn is_same(one: &Address, other: &Address) -> bool {
    match (one, other) {
        (Address::Number(one), Address::Number(other)) => one.may_be(other),
        (one, other) => one == other,
    }
}

fn key(handle: &Address) -> Option<String> {
    match handle {
        Address::Number(number) => number.end(END).map(|end| format!("number {end}")),
        Address::Text(text) => text.contains('@').then(|| format!("mail {text}")),
    }
}

/// Whether a number with this label may be used by several people: all but mobiles, and those of which nothing is said.
fn is_common(label: Option<&Label>) -> bool {
    label.is_some_and(|label| !OWN.contains(&folded(&label.words()).as_str()))
}

fn is_role(mail: &str) -> bool {
    let mail = folded(mail);
    let begin = mail.split(['@', '+']).next().unwrap_or_default();
    ROLES.contains(&begin)
        || begin.split(['.', '-', '_']).any(|word| ["familie", "family", "info", "office"].contains(&word))
}

/// The digits of an extension, however it is written: `,,11`, `x11`, `ext. 11`. `None` where there is none.
fn extension(text: &str) -> Option<String> {
    let mut digits = 0;
    let begins = |c: char| {
        digits += usize::from(c.is_numeric());
        digits >= BEFORE_EXTENSION && ",;epwx".contains(c)
    };
    let extension: String = text.get(text.find(begins)?..)?.chars().filter(|c| c.is_numeric()).collect();
    (!extension.is_empty()).then_some(extension)
}
