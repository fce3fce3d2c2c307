//! What a conversation is called.

use corer_schemas::messages::{Chat, Handle};

/// How many people are named before the rest is counted.
const NAMED: usize = 4;

/// How long the name of a folder may get, in characters: long paths trouble Windows.
const FOLDER_CHARS: usize = 60;

/// The name that people gave it, or else the names of those who take part, or else its identifier.
pub fn title(chat: &Chat) -> String {
    let given = chat.display_name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    if let Some(name) = given {
        return name.to_owned();
    }
    if chat.participants.is_empty() {
        return without_people(chat);
    }
    let mut names: Vec<&str> = chat.participants.iter().take(NAMED).map(handle_name).collect();
    let rest = format!("{} more", chat.participants.len().saturating_sub(NAMED));
    if chat.participants.len() > NAMED {
        names.push(&rest);
    }
    names.join(", ")
}

/// The title, short enough for the name of a folder.
pub(super) fn folder_title(chat: &Chat) -> String {
    title(chat).chars().take(FOLDER_CHARS).collect::<String>().trim().to_owned()
}

/// The person's name, or else the number or address.
pub(super) fn handle_name(handle: &Handle) -> &str {
    handle.name.as_deref().map(str::trim).filter(|name| !name.is_empty()).unwrap_or(&handle.address)
}

/// Whether more than one other person takes part, so that each message needs a name.
pub(super) fn is_group(chat: &Chat) -> bool {
    chat.is_group || chat.participants.len() > 1 || chat.id == 0
}

fn without_people(chat: &Chat) -> String {
    match chat.identifier.trim() {
        _ if chat.id == 0 => "Messages without a conversation".to_owned(),
        "" => format!("Conversation {}", chat.id),
        identifier => identifier.to_owned(),
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
    }
}
