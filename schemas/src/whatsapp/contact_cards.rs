//! Cards of people that were sent: their names and the cards themselves, each in one text with marks between them. Where several
//! were sent at once, the first name is that of them all.

/// Between names.
const BETWEEN_NAMES: &str = "_$!<Name-Separator>!$_";

/// Between cards.
const BETWEEN_CARDS: &str = "_$!<VCard-Separator>!$_";

/// The most cards of one message that are read: the app sends 257 at once.
const MOST: usize = 512;

/// The most numbers of one card that are shown.
const MOST_NUMBERS: usize = 16;

/// A card that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SentCard {
    pub(super) name: String,
    pub(super) text: String,
}

/// Takes the cards apart, and says whether there are more than are read.
pub(super) fn cards(names: &str, cards: &str) -> (Vec<SentCard>, bool) {
    let mut whole = cards.split(BETWEEN_CARDS).filter(|card| !card.trim().is_empty());
    let all: Vec<&str> = whole.by_ref().take(MOST).collect();
    let is_cut = whole.next().is_some();
    let mut own: Vec<&str> = names.split(BETWEEN_NAMES).take(MOST + 1).collect();
    if own.len() > all.len() && all.len() > 1 {
        own.remove(0);
    }
    let card = |(place, text): (usize, &&str)| {
        let name = own.get(place).map(|name| name.trim()).filter(|name| !name.is_empty());
        let name = name.or_else(|| value(text, "FN")).unwrap_or("contact");
        SentCard { name: name.to_owned(), text: (*text).to_owned() }
    };
    (all.iter().enumerate().map(card).collect(), is_cut)
}

impl SentCard {
    /// The numbers on the card, as it writes them.
    pub(super) fn numbers(&self) -> impl Iterator<Item = &str> {
        lines(&self.text, "TEL").take(MOST_NUMBERS)
    }
}

fn value<'a>(card: &'a str, field: &'a str) -> Option<&'a str> {
    lines(card, field).next()
}

/// The values of a field, whatever group and parameters it has.
fn lines<'a>(card: &'a str, field: &'a str) -> impl Iterator<Item = &'a str> {
    card.lines().filter_map(move |line| {
        let (head, value) = line.split_once(':')?;
        let name = head.split(';').next().unwrap_or_default();
        let name = name.rsplit('.').next().unwrap_or_default();
        (name.eq_ignore_ascii_case(field) && !value.trim().is_empty()).then(|| value.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_card_has_one_name() {
        let text = "BEGIN:VCARD\nVERSION:3.0\nFN:Anna Berg\nitem1.TEL;waid=15550101234:+1 555 010 1234\nEND:VCARD";
        let [card] = &*cards("Anna Berg", text).0 else { panic!() };
        assert_eq!((card.name.as_str(), card.numbers().collect::<Vec<_>>()), ("Anna Berg", vec!["+1 555 010 1234"]));
        assert_eq!(cards("", text).0[0].name, "Anna Berg");
    }

    #[test]
    fn several_cards_have_a_name_of_them_all_first() {
        let names = format!("2 contacts{BETWEEN_NAMES}Anna{BETWEEN_NAMES}Ben");
        let (all, _) = cards(&names, &format!("FN:A{BETWEEN_CARDS}FN:B"));
        let named: Vec<_> = all.iter().map(|card| (card.name.as_str(), card.text.as_str())).collect();
        assert_eq!(named, [("Anna", "FN:A"), ("Ben", "FN:B")]);
        assert_eq!(cards("Anna", ""), (vec![], false));
        let (all, is_cut) = cards("", &vec!["FN:A"; MOST + 1].join(BETWEEN_CARDS));
        assert_eq!((all.len(), is_cut), (MOST, true));
    }
}
