//! What Outlook on the web exports, and every Outlook imports: one row of fixed columns. Header row as seen in public
//! exports. What finds no column goes into the notes, so that nothing is lost.

use corer_schemas::contacts::{Contact, Day, Label};

use crate::contacts::fields::{address, profile, words};

/// The names of the columns.
pub(super) const HEADER: [&str; 61] = [
    "First Name",
    "Middle Name",
    "Last Name",
    "Title",
    "Suffix",
    "Nickname",
    "Given Yomi",
    "Surname Yomi",
    "E-mail Address",
    "E-mail 2 Address",
    "E-mail 3 Address",
    "Home Phone",
    "Home Phone 2",
    "Business Phone",
    "Business Phone 2",
    "Mobile Phone",
    "Car Phone",
    "Other Phone",
    "Primary Phone",
    "Pager",
    "Business Fax",
    "Home Fax",
    "Other Fax",
    "Company Main Phone",
    "Callback",
    "Radio Phone",
    "Telex",
    "TTY/TDD Phone",
    "IMAddress",
    "Job Title",
    "Department",
    "Company",
    "Office Location",
    "Manager's Name",
    "Assistant's Name",
    "Assistant's Phone",
    "Company Yomi",
    "Business Street",
    "Business City",
    "Business State",
    "Business Postal Code",
    "Business Country/Region",
    "Home Street",
    "Home City",
    "Home State",
    "Home Postal Code",
    "Home Country/Region",
    "Other Street",
    "Other City",
    "Other State",
    "Other Postal Code",
    "Other Country/Region",
    "Personal Web Page",
    "Spouse",
    "Schools",
    "Hobby",
    "Location",
    "Web Page",
    "Birthday",
    "Anniversary",
    "Notes",
];

/// The row of a contact.
pub(super) fn row(contact: &Contact) -> Vec<String> {
    let mut row = Row { cells: HEADER.map(|_| String::new()), rest: Vec::new() };
    row.names(contact);
    for phone in &contact.phones {
        row.put(phone_columns(phone.label.as_ref()), &phone.value, &words(&phone.label, "phone"));
    }
    for email in &contact.emails {
        row.put(
            &["E-mail Address", "E-mail 2 Address", "E-mail 3 Address"],
            &email.value,
            &words(&email.label, "mail"),
        );
    }
    row.addresses(contact);
    for url in &contact.urls {
        row.put(&["Web Page", "Personal Web Page"], &url.value, &words(&url.label, "web"));
    }
    for date in &contact.dates {
        let is_anniversary = date.label.as_ref().and_then(Label::apple) == Some("Anniversary");
        let columns: &[&str] = if is_anniversary { &["Anniversary"] } else { &[] };
        row.put(columns, &date.value.iso(), &words(&date.label, "date"));
    }
    for related in &contact.related {
        let columns: &[&str] = match related.label.as_ref().and_then(Label::apple) {
            Some("Spouse" | "Partner" | "Wife" | "Husband") => &["Spouse"],
            Some("Manager") => &["Manager's Name"],
            Some("Assistant") => &["Assistant's Name"],
            _ => &[],
        };
        row.put(columns, &related.value, &words(&related.label, "related"));
    }
    for messenger in &contact.messengers {
        row.put(&["IMAddress"], &profile(&messenger.value), "messenger");
    }
    for social in &contact.profiles {
        row.put(&[], &profile(&social.value), "profile");
    }
    for other in &contact.others {
        row.put(&[], &other.value, &other.name);
    }
    row.finish(contact)
}

struct Row {
    cells: [String; HEADER.len()],
    /// What found no column.
    rest: Vec<String>,
}

impl Row {
    /// Puts a value into the first of these columns that is empty.
    fn put(&mut self, columns: &[&str], value: &str, called: &str) {
        let is_free = |cells: &[String], at: &usize| cells.get(*at).is_some_and(String::is_empty);
        let places = columns.iter().filter_map(|column| HEADER.iter().position(|name| name == column));
        let free = places.into_iter().find(|at| is_free(&self.cells, at));
        match free.and_then(|at| self.cells.get_mut(at)) {
            Some(cell) => value.clone_into(cell),
            None if value.is_empty() => {}
            None => self.rest.push(format!("{called}: {value}")),
        }
    }

    fn names(&mut self, contact: &Contact) {
        let name = &contact.name;
        for (column, value) in [
            ("First Name", &name.first),
            ("Middle Name", &name.middle),
            ("Last Name", &name.last),
            ("Title", &name.prefix),
            ("Suffix", &name.suffix),
            ("Given Yomi", &name.first_phonetic),
            ("Surname Yomi", &name.last_phonetic),
            ("Job Title", &contact.job_title),
            ("Department", &contact.department),
            ("Company", &contact.organization),
            ("Company Yomi", &contact.organization_phonetic),
        ] {
            self.put(&[column], value.as_deref().unwrap_or_default(), column);
        }
        for nickname in &contact.nicknames {
            self.put(&["Nickname"], nickname, "nickname");
        }
        self.put(&[], name.middle_phonetic.as_deref().unwrap_or_default(), "middle name, spoken");
        self.put(&[], contact.displayed().unwrap_or_default(), "display name");
        self.put(&[], name.maiden.as_deref().unwrap_or_default(), "maiden name");
        let birthday = contact.birthday.as_ref();
        // Outlook knows no birthday without a year.
        let columns: &[&str] = if matches!(birthday, Some(Day::Full(_))) { &["Birthday"] } else { &[] };
        self.put(columns, &birthday.map(Day::iso).unwrap_or_default(), "birthday");
    }

    fn addresses(&mut self, contact: &Contact) {
        let mut taken: Vec<&str> = Vec::new();
        for labelled in &contact.addresses {
            let own = &labelled.value;
            let kind = match labelled.label.as_ref().and_then(Label::apple) {
                Some("Home") => "Home",
                Some("Work") => "Business",
                _ => "Other",
            };
            if taken.contains(&kind) || !own.others.is_empty() {
                self.put(&[], &address(own), &words(&labelled.label, "address"));
                continue;
            }
            taken.push(kind);
            let area = [&own.street, &own.sub_locality, &own.sub_area].into_iter().flatten().cloned();
            let street = area.collect::<Vec<_>>().join("\n");
            let country = own.country.as_ref().or(own.country_code.as_ref());
            for (column, value) in [
                ("Street", Some(&street)),
                ("City", own.city.as_ref()),
                ("State", own.state.as_ref()),
                ("Postal Code", own.postal_code.as_ref()),
                ("Country/Region", country),
            ] {
                self.put(&[&format!("{kind} {column}")], value.map_or("", String::as_str), column);
            }
        }
    }

    fn finish(self, contact: &Contact) -> Vec<String> {
        let mut cells = self.cells.to_vec();
        let notes = contact.notes.iter().cloned();
        let groups = (!contact.groups.is_empty()).then(|| format!("groups: {}", contact.groups.join(", ")));
        let rest = [self.rest, groups.into_iter().collect()].concat().join("\n");
        let notes: Vec<String> = notes.chain((!rest.is_empty()).then_some(rest)).collect();
        if let Some(last) = cells.last_mut() {
            *last = notes.join("\n\n");
        }
        cells
    }
}

fn phone_columns(label: Option<&Label>) -> &'static [&'static str] {
    let name = label.map(|label| label.apple().unwrap_or(label.stored()));
    match name {
        Some("Mobile" | "iPhone" | "AppleWatch") => &["Mobile Phone", "Car Phone", "Other Phone", "Primary Phone"],
        Some("Home") => &["Home Phone", "Home Phone 2", "Other Phone", "Primary Phone"],
        Some("Work") => &["Business Phone", "Business Phone 2", "Other Phone", "Primary Phone"],
        Some("Main") => &["Company Main Phone", "Primary Phone"],
        Some("HomeFAX") => &["Home Fax", "Other Fax"],
        Some("WorkFAX") => &["Business Fax", "Other Fax"],
        Some("OtherFAX") => &["Other Fax"],
        Some("Pager") => &["Pager"],
        _ => &["Other Phone", "Primary Phone"],
    }
}
