//! Which conversations `--chat` means: by the title that is shown or the beginnings of words in it, by a number as people
//! type it, by an address, or by an identifier of the database.

use corer_exporters::messages::title;
use corer_schemas::handles::HandleQuery;
use corer_schemas::messages::Chat;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::input::nearest::{nearest, quoted};
use crate::cli::terminal::printable::Printable;

/// How many conversations are named before the rest is counted.
const NAMED: usize = 10;

/// What ends a title that was cut.
const CUT: char = '…';

/// The conversations that are meant, and what to say about it where that is not clear by itself.
#[derive(Default)]
pub struct MatchedChats {
    /// In the order in which they were.
    pub chats: Vec<Chat>,
    /// For the screen and the report.
    pub notes: Vec<String>,
}

/// Keeps the conversations that are meant by what was typed: those that are called exactly so, else those with words that
/// begin so. All of them, where nothing was typed.
///
/// # Errors
/// [`Exit::NothingMatched`] when none is, with what is near.
pub fn choose(typed: &[String], chats: Vec<Chat>) -> Result<MatchedChats, Failure> {
    if typed.is_empty() {
        return Ok(MatchedChats { chats, notes: Vec::new() });
    }
    let titles: Vec<String> = chats.iter().map(title).collect();
    let (mut chosen, mut notes, mut unknown) = (vec![false; chats.len()], Vec::new(), Vec::new());
    for typed in typed {
        let meant = meant(typed, &chats, &titles);
        let named = meant.iter().filter_map(|place| titles.get(*place));
        match named.clone().collect::<Vec<_>>().as_slice() {
            [] => unknown.push(typed),
            [only] if *only == typed => {}
            several => notes.push(format!("--chat {typed}: {}", list(several))),
        }
        for place in meant {
            if let Some(chosen) = chosen.get_mut(place) {
                *chosen = true;
            }
        }
    }
    if !chosen.contains(&true) {
        return Err(none(&unknown, &titles));
    }
    notes.extend(unknown.iter().map(|typed| format!("--chat {typed}: no conversation")));
    let chats = chats.into_iter().zip(chosen).filter(|(_, is_chosen)| *is_chosen).map(|(chat, _)| chat).collect();
    Ok(MatchedChats { chats, notes })
}

/// Whether what was typed may mean the messages that belong to no conversation. Finding them costs a look at every message,
/// which one conversation alone is not worth.
pub fn may_mean_orphans(typed: &[String]) -> bool {
    let orphans = Chat::default();
    let title = title(&orphans);
    let is_meant =
        |typed: &String| !meant(typed, std::slice::from_ref(&orphans), std::slice::from_ref(&title)).is_empty();
    typed.is_empty() || typed.iter().any(is_meant)
}

/// The places of the conversations that something means.
fn meant(typed: &str, chats: &[Chat], titles: &[String]) -> Vec<usize> {
    let asked = HandleQuery::new(typed);
    let number: Option<i64> = typed.trim().parse().ok();
    let each = || chats.iter().zip(titles).enumerate();
    let exactly: Vec<usize> = each()
        .filter(|(_, (chat, title))| {
            is_called(typed, &asked, title)
                || is_known_as(&asked, chat)
                || number.is_some_and(|number| chat.origins().any(|id| id == number))
        })
        .map(|(place, _)| place)
        .collect();
    // Of titles that differ in case or accents alone, the one that was typed letter for letter.
    let letter_for_letter =
        |place: &&usize| !asked.is_exact() && titles.get(**place).is_some_and(|title| title == typed.trim());
    match exactly.iter().filter(letter_for_letter).copied().collect::<Vec<_>>() {
        typed if !typed.is_empty() => return typed,
        _ if !exactly.is_empty() || asked.is_exact() => return exactly,
        _ => {}
    }
    // A title that was cut where it was shown goes on somehow.
    let asked = HandleQuery::new(typed.trim_end().trim_end_matches(CUT));
    let part = each().filter(|(_, (_, title))| asked.means_words(title));
    part.map(|(place, _)| place).collect()
}

/// Whether a title is exactly so, as it is or as a terminal shows it.
fn is_called(typed: &str, asked: &HandleQuery, title: &str) -> bool {
    [title, &Printable(title).to_string()].iter().any(|title| asked.is(title) || title.trim() == typed.trim())
}

/// Whether a conversation has an identifier, or the other person of it a number or address.
fn is_known_as(asked: &HandleQuery, chat: &Chat) -> bool {
    let merged = chat.merged.iter().flat_map(|origin| [&origin.guid, &origin.identifier]);
    let mut identifiers = [&chat.guid, &chat.identifier].into_iter().chain(merged);
    let people = chat.participants.iter().map(|handle| &handle.address);
    let merged = chat.merged.iter().map(|origin| &origin.identifier);
    let mut addresses = people.chain([&chat.identifier]).chain(merged);
    identifiers.any(|identifier| asked.is(identifier))
        || !chat.is_group && addresses.any(|address| asked.is(address) || asked.is_number(address))
}

fn list(titles: &[&String]) -> String {
    let rest = titles.len().saturating_sub(NAMED);
    let mut named: Vec<String> = titles.iter().take(NAMED).map(|title| (*title).clone()).collect();
    if rest > 0 {
        named.push(format!("{rest} more"));
    }
    named.join(", ")
}

fn none(typed: &[&String], titles: &[String]) -> Failure {
    let typed_all: Vec<String> = typed.iter().map(|typed| format!("\"{typed}\"")).collect();
    let mut failure =
        Failure::new(Exit::NothingMatched, format!("No conversation is called {}.", typed_all.join(" or ")));
    for typed in typed {
        for title in nearest(typed, titles.iter().map(String::as_str)) {
            failure = failure.hint(format!("Did you mean: --chat {}", quoted(&title)));
        }
    }
    failure.hint("To see all conversations: corer messages --list")
}

#[cfg(test)]
mod tests {
    use corer_schemas::messages::Handle;

    use super::*;

    fn chats() -> Vec<Chat> {
        let one = |id, address: &str, name: Option<&str>| Chat {
            id,
            guid: format!("iMessage;-;{address}"),
            identifier: address.to_owned(),
            participants: vec![Handle { address: address.to_owned(), name: name.map(str::to_owned) }],
            ..Chat::default()
        };
        let group = |id, name: &str| Chat {
            id,
            guid: format!("iMessage;+;chat{id}"),
            identifier: format!("chat{id}"),
            display_name: Some(name.to_owned()),
            is_group: true,
            ..Chat::default()
        };
        vec![
            one(1, "+14155550134", Some("Anna Kowalczyk")),
            one(2, "22000", None),
            group(3, "Lisbon 2017"),
            group(4, "Lisbon"),
            group(5, "=Secret"),
            group(6, "-- Plans"),
            group(7, "Two\nlines \u{202e}and more"),
            group(8, "Zo\u{eb} & Co"),
            group(9, "\u{200b}"),
            group(10, "A very long title that a terminal has no room for"),
            group(11, "Secret"),
            group(12, "family"),
            group(13, "Family"),
        ]
    }

    fn ids(typed: &str) -> Vec<i64> {
        choose(&[typed.to_owned()], chats())
            .map(|meant| meant.chats.iter().map(|chat| chat.id).collect())
            .unwrap_or_default()
    }

    #[test]
    fn every_title_that_is_shown_finds_its_conversation() {
        for chat in chats() {
            for typed in [title(&chat), Printable(title(&chat)).to_string(), chat.guid.clone(), chat.id.to_string()] {
                assert!(ids(&typed).contains(&chat.id), "{typed}");
            }
        }
        assert_eq!(ids("A very long ti…"), [10]);
    }

    #[test]
    fn a_title_may_be_begun_and_a_number_typed_as_it_is_dialled() {
        assert_eq!(ids("Lisbon"), [4], "exactly so");
        assert_eq!(ids("lisbon 20"), [3]);
        assert_eq!(ids("lisb"), [3, 4]);
        assert_eq!(ids("zoe"), [8]);
        assert_eq!(ids("(415) 555-0134"), [1]);
        assert_eq!(ids("22 000"), [2]);
        assert_eq!(ids("=lisbon"), [4]);
        assert_eq!(ids("=Secret"), [5, 11]);
        assert_eq!((ids("family"), ids("Family"), ids("FAMILY")), (vec![12], vec![13], vec![12, 13]));
        for nothing in ["isbon", "=lisb", "99", "chat", " "] {
            assert!(ids(nothing).is_empty(), "{nothing}");
        }
    }

    #[test]
    fn messages_without_a_conversation_are_looked_for_where_they_may_be_meant() {
        let may = |typed: &str| may_mean_orphans(&[typed.to_owned()]);
        assert!(may_mean_orphans(&[]));
        for typed in [&*title(&Chat::default()), "messages with", "=Messages without a conversation", "0"] {
            assert!(may(typed), "{typed}");
        }
        for typed in ["Lisbon", "+1 415 555 0134", "266", "message about Lisbon", "=messages"] {
            assert!(!may(typed), "{typed}");
        }
    }

    #[test]
    fn what_is_not_clear_is_said() {
        let notes = |typed: &[&str]| {
            choose(&typed.iter().map(|typed| (*typed).to_owned()).collect::<Vec<_>>(), chats()).map(|meant| meant.notes)
        };
        assert_eq!(notes(&["Lisbon"]).unwrap(), [""; 0]);
        assert_eq!(
            notes(&["lisb", "nothing"]).unwrap(),
            ["--chat lisb: Lisbon 2017, Lisbon", "--chat nothing: no conversation"]
        );
        let failure = notes(&["Lisbno"]).unwrap_err();
        assert_eq!(failure.exit(), Exit::NothingMatched);
        let mut said = Vec::new();
        crate::cli::terminal::failure::show(&failure, &mut said, false, crate::cli::terminal::color::Paint::off())
            .unwrap();
        assert!(String::from_utf8(said).unwrap().contains("Did you mean: --chat Lisbon\n"));
    }
}
