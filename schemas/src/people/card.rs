//! One card of the address book, and what it is called.

/// Names are cut here, in characters: they stand beside every message.
const LONGEST_NAME: usize = 200;

/// A row of `ABPerson` with its numbers and addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Card {
    /// The row number.
    pub(super) id: i64,
    /// What other cards of the same person have in common with it.
    pub(super) link: Option<i64>,
    /// Whether its name is the one to show among linked cards.
    pub(super) is_preferred: bool,
    /// What it is called; `None` for a card without any name.
    pub(super) name: Option<String>,
    /// What else somebody may look for.
    pub(super) also: Vec<String>,
    /// Numbers and addresses, as typed.
    pub(super) handles: Vec<String>,
}

/// The columns of a card that name it, as they are stored.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    pub(super) first: Option<String>,
    pub(super) middle: Option<String>,
    pub(super) last: Option<String>,
    pub(super) nickname: Option<String>,
    pub(super) organization: Option<String>,
    pub(super) display: Option<String>,
    /// What the device shows where it cannot make up a name itself.
    pub(super) fallback: Option<String>,
    pub(super) is_organization: bool,
}

impl Names {
    /// `First Last`; the organisation on the card of one; else whatever other name there is.
    pub(super) fn shown(&self) -> Option<String> {
        let person = || joined(&[&self.first, &self.last]).or_else(|| joined(&[&self.middle]));
        let organization = || joined(&[&self.organization]);
        let other = || [&self.nickname, &self.organization, &self.display, &self.fallback].into_iter().find_map(one);
        let own = if self.is_organization { organization().or_else(person) } else { person() };
        own.or_else(other)
    }

    /// The other forms of the name: with its middle, family name first, and the nickname.
    pub(super) fn others(&self) -> Vec<String> {
        let whole = joined(&[&self.first, &self.middle, &self.last]);
        let turned = joined(&[&self.last, &self.first]);
        [whole, turned, one(&self.nickname)].into_iter().flatten().collect()
    }
}

fn one(part: &Option<String>) -> Option<String> {
    joined(&[part])
}

/// The parts that are there on one line, without control characters and not too long. `None` when nothing is left.
fn joined(parts: &[&Option<String>]) -> Option<String> {
    let parts = parts.iter().filter_map(|part| part.as_deref());
    let words = parts.flat_map(|part| part.split(|c: char| c.is_whitespace() || c.is_control()));
    let mut name = String::new();
    for word in words.filter(|word| !word.is_empty()).take(LONGEST_NAME) {
        if !name.is_empty() {
            name.push(' ');
        }
        name.extend(word.chars().take(LONGEST_NAME));
    }
    match name.char_indices().nth(LONGEST_NAME) {
        Some((end, _)) => name.get(..end).map(|start| format!("{}…", start.trim_end())),
        None => Some(name).filter(|name| !name.is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(first: &str, last: &str) -> Names {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Names { first: some(first), last: some(last), ..Names::default() }
    }

    #[test]
    fn a_person_goes_by_first_and_last_name() {
        let anna = Names {
            middle: Some("Maria".into()),
            nickname: Some("Ania".into()),
            organization: Some("Fjord".into()),
            ..names("Anna", " Kowalczyk\n")
        };
        assert_eq!(anna.shown().as_deref(), Some("Anna Kowalczyk"));
        assert_eq!(anna.others(), ["Anna Maria Kowalczyk", "Kowalczyk Anna", "Ania"]);
        let firm = Names { is_organization: true, ..anna };
        assert_eq!(firm.shown().as_deref(), Some("Fjord"));
        assert_eq!(names("", "Cher").shown().as_deref(), Some("Cher"));
    }

    #[test]
    fn a_card_without_a_name_goes_by_what_it_has() {
        let some = |text: &str| Some(text.to_owned());
        let mut card = Names { fallback: some("fallback"), ..Names::default() };
        let mut shown = vec![card.shown()];
        card.display = some("display");
        shown.push(card.shown());
        card.organization = some("organisation");
        shown.push(card.shown());
        card.nickname = some("nickname");
        shown.push(card.shown());
        card.middle = some("middle");
        shown.push(card.shown());
        let expected = ["fallback", "display", "organisation", "nickname", "middle"];
        assert_eq!(shown.iter().flatten().collect::<Vec<_>>(), expected);
        assert_eq!(names(" ", "\u{7}").shown(), None);
        let unnamed_firm = Names { is_organization: true, ..names("Liz", "") };
        assert_eq!(unnamed_firm.shown().as_deref(), Some("Liz"));
    }

    #[test]
    fn hostile_names_are_one_short_line() {
        assert_eq!(names("a\u{1b}[31m\r\nb", "c\0d").shown().as_deref(), Some("a [31m b c d"));
        let long = names(&"x".repeat(1_000_000), &"y ".repeat(1_000_000)).shown().unwrap();
        assert_eq!(long.chars().count(), LONGEST_NAME + 1);
        assert!(long.ends_with('…'));
    }
}
