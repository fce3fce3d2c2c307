//! The people of the story. Numbers and addresses are from the ranges reserved for fiction.

/// Somebody whom Mira knows.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    /// Given name.
    pub first: &'static str,
    /// Family name.
    pub last: &'static str,
    /// Company, if the contact has one.
    pub organization: &'static str,
    /// Number in international form, `""` for none.
    pub phone: &'static str,
    /// Mail address, `""` for none.
    pub email: &'static str,
    /// Birthday, `1604-…` where the year is unknown, `""` for none.
    pub birthday: &'static str,
}

/// The closest friend.
pub const ANNA: Person = Person {
    first: "Anna",
    last: "Kowalczyk",
    organization: "",
    phone: "+14155550134",
    email: "anna.kowalczyk@example.com",
    birthday: "1990-05-17",
};

/// A colleague with an umlaut, and a birthday without a year.
pub const JONAS: Person = Person {
    first: "Jonas",
    last: "M\u{fc}ller",
    organization: "Fjord & S\u{f8}nner AS",
    phone: "+442079460958",
    email: "jonas@example.org",
    birthday: "1604-02-29",
};

/// A friend who writes from right to left.
pub const AMAL: Person = Person {
    first: "\u{623}\u{645}\u{644}",
    last: "\u{62d}\u{62f}\u{627}\u{62f}",
    organization: "",
    phone: "+33199005521",
    email: "amal@example.net",
    birthday: "",
};

/// A friend in Kyoto.
pub const HANAKO: Person = Person {
    first: "\u{82b1}\u{5b50}",
    last: "\u{5c71}\u{7530}",
    organization: "",
    phone: "+815055501023",
    email: "hanako@example.jp",
    birthday: "1988-11-03",
};

/// The mother: known by a nickname only.
pub const MUM: Person = Person {
    first: "Mum \u{2764}\u{fe0f}",
    last: "",
    organization: "",
    phone: "+14155550177",
    email: "",
    birthday: "",
};

/// A company whose name needs escaping in every format.
pub const DENTIST: Person = Person {
    first: "",
    last: "",
    organization: "O\u{2019}Brien, \"Bright\" & <Sons>; Dentists",
    phone: "+14155550142",
    email: "hello@dentist.example",
    birthday: "",
};

/// Everybody, in the order of the address book.
pub const ALL: [Person; 6] = [ANNA, JONAS, AMAL, HANAKO, MUM, DENTIST];

impl Person {
    /// First and last name, or the company.
    pub fn name(&self) -> String {
        match format!("{} {}", self.first, self.last).trim() {
            "" => self.organization.to_owned(),
            name => name.to_owned(),
        }
    }
}
