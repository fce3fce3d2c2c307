//! What a conversation is called.

use std::borrow::Cow;

use corer_schemas::messages::{Chat, ChatSort, Handle, Service};

use super::sentence::Sentence;

/// How many people are named before the rest is counted.
const NAMED: usize = 4;

/// How many characters of a number that nobody can read tell companies apart.
const SHORT: usize = 8;

/// How long the name of a folder may get, in characters: long paths trouble Windows.
const FOLDER_CHARS: usize = 60;

/// The name that people gave it, or else the names of those who take part, or else its identifier.
pub fn title(chat: &Chat) -> String {
    title_of(chat).to_string()
}

/// The same, which tells apart what is a name.
pub(super) fn title_of(chat: &Chat) -> Sentence<'_> {
    let given = chat.display_name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    if let Some(name) = given {
        return Sentence::of(readable(name));
    }
    let mut people = chat.people();
    let names = Sentence::list(people.by_ref().take(NAMED).map(label));
    match people.count() {
        _ if names.0.is_empty() => without_people(chat),
        0 => names,
        rest => names.words(format!(", {rest} more")),
    }
}

/// The title, short enough for the name of a folder.
pub(super) fn folder_title(chat: &Chat) -> String {
    title(chat).chars().take(FOLDER_CHARS).collect::<String>().trim().to_owned()
}

/// The person's name, or else the number or address.
pub(super) fn handle_name(handle: &Handle) -> &str {
    match own_name(handle) {
        Some(name) => name,
        None => kind_of(&handle.address).map_or(handle.address.as_str(), |(kind, _)| kind),
    }
}

/// The same, which tells companies apart.
pub(super) fn label(handle: &Handle) -> Cow<'_, str> {
    own_name(handle).map_or_else(|| readable(&handle.address), Cow::Borrowed)
}

fn own_name(handle: &Handle) -> Option<&str> {
    handle.name.as_deref().map(str::trim).filter(|name| !name.is_empty() && kind_of(name).is_none())
}

/// What an identifier that nobody can read stands for: companies are known by `urn:biz:` and a number.
fn kind_of(address: &str) -> Option<(&'static str, &str)> {
    let after = |text: &'_ str, start: &str| text.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start));
    let address = address.trim();
    let rest = address.get(4..).filter(|_| after(address, "urn:"))?;
    match rest.get(4..) {
        Some(number) if after(rest, "biz:") => Some(("Business", number)),
        _ => Some(("Sender", rest)),
    }
}

/// An address as it is, and the beginning of an identifier that nobody can read.
pub(super) fn readable(address: &str) -> Cow<'_, str> {
    let Some((kind, number)) = kind_of(address) else { return address.into() };
    let start: String = number.chars().filter(char::is_ascii_alphanumeric).take(SHORT).collect();
    if start.is_empty() { kind.into() } else { format!("{kind} {start}").into() }
}

/// Whether more than one other person takes part, so that each message needs a name.
pub(super) fn is_group(chat: &Chat) -> bool {
    chat.is_group || chat.people().nth(1).is_some() || is_of_none(chat)
}

/// Whether it stands for the messages that belong to no conversation.
fn is_of_none(chat: &Chat) -> bool {
    // Those of a second app have a number of their own.
    chat.id == 0 || chat.service == Some(Service::WhatsAppBusiness) && chat.guid.is_empty()
}

fn without_people(chat: &Chat) -> Sentence<'_> {
    // Where there is no identifier, the GUID stands for it, whose last part is the address.
    let identifier = chat.identifier.rsplit(';').next().unwrap_or_default().trim();
    match identifier {
        _ if is_of_none(chat) => Sentence::saying("Messages without a conversation"),
        _ if chat.sort == ChatSort::Status => Sentence::saying("Status updates"),
        "" => Sentence::saying(format!("Conversation {}", chat.id)),
        identifier => Sentence::of(readable(identifier)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chat(name: Option<&str>, people: &[(&str, Option<&str>)]) -> Chat {
        let handle = |(address, name): &(&str, Option<&str>)| Handle {
            address: (*address).to_owned(),
            name: name.map(str::to_owned),
        };
        Chat {
            id: 3,
            guid: "iMessage;-;x".to_owned(),
            identifier: "+1555".to_owned(),
            display_name: name.map(str::to_owned),
            participants: people.iter().map(handle).collect(),
            ..Chat::default()
        }
    }

    #[test]
    fn the_best_name_that_is_known_wins() {
        let anna = ("+49", Some("Anna"));
        let ben = ("ben@example.com", None);
        assert_eq!(title(&chat(Some("Family"), &[anna, ben])), "Family");
        assert_eq!(title(&chat(Some(" "), &[anna, ben])), "Anna, ben@example.com");
        assert_eq!(title(&chat(None, &[anna, anna, anna, anna, ben, ben])), "Anna, Anna, Anna, Anna, 2 more");
        assert_eq!(title(&chat(None, &[])), "+1555");
        assert_eq!(title(&Chat { id: 0, ..chat(None, &[]) }), "Messages without a conversation");
        // One person by several addresses is named once, and makes no group.
        let one = Chat { doubled: vec![1], ..chat(None, &[anna, ("anna@example.com", Some("Anna"))]) };
        assert_eq!((title(&one).as_str(), is_group(&one)), ("Anna", false));
        let three = Chat { doubled: vec![1], ..chat(None, &[anna, ("anna@example.com", Some("Anna")), ben]) };
        assert_eq!((title(&three).as_str(), is_group(&three)), ("Anna, ben@example.com", true));
    }

    #[test]
    fn what_nobody_can_read_is_no_title() {
        let company = "urn:biz:11111111-2222-3333-4444-555555555555";
        assert_eq!(title(&chat(None, &[(company, None)])), "Business 11111111");
        assert_eq!(title(&chat(None, &[(company, Some("Boats & Co"))])), "Boats & Co");
        assert_eq!(title(&chat(Some("URN:BIZ:abc-def"), &[])), "Business abcdef");
        assert_eq!(title(&chat(None, &[("urn:biz:", None)])), "Business");
        assert_eq!(title(&chat(None, &[("urn:mbid:AQAAY", None)])), "Sender mbidAQAA");
        let bare = Chat { identifier: format!("iMessage;-;{company}"), ..chat(None, &[]) };
        assert_eq!(title(&bare), "Business 11111111");
        let handle = Handle { address: company.to_owned(), name: None };
        assert_eq!(handle_name(&handle), "Business");
    }
}
