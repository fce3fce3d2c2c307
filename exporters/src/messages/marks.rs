//! What WhatsApp and its like tell of messages and calls, in words.

use std::borrow::Cow;

use corer_schemas::messages::{ChatCall, Marks, Message, Receipt, Sender};

use super::people::ChatPeople;
use super::sentence::Sentence;
use super::title::handle_name;

/// From how often on the app says that something was forwarded many times.
const MANY: u64 = 5;

/// How many people of a receipt are named before the rest is counted.
const NAMED: usize = 8;

/// What else is to be said about a message: a star, that it was forwarded, who read it.
pub(super) fn mark_words(marks: &Marks) -> Vec<Cow<'static, str>> {
    let mut words: Vec<Cow<'static, str>> = Vec::new();
    let forwarded = marks.forwarded.map(|times| if times >= MANY { "Forwarded many times" } else { "Forwarded" });
    words.extend(forwarded.map(Cow::Borrowed));
    let flags = [
        (marks.is_starred, "Starred"),
        (marks.is_view_once, "To be opened once"),
        (marks.is_gif, "GIF"),
        (marks.is_video_note, "Video message"),
        (marks.is_revoked, "Deleted for everyone"),
    ];
    words.extend(flags.into_iter().filter(|(is_so, _)| *is_so).map(|(_, words)| Cow::Borrowed(words)));
    words.extend(marks.seconds.map(|seconds| Cow::Owned(length(seconds))));
    let read = |receipt: &&Receipt| receipt.read.is_some();
    let those = |receipts: Vec<&Receipt>, what: &str| {
        (!receipts.is_empty()).then(|| Cow::Owned(format!("{what} {}", names(&receipts))))
    };
    words.extend(those(marks.receipts.iter().filter(read).collect(), "Read by"));
    words.extend(those(marks.receipts.iter().filter(|receipt| !read(receipt)).collect(), "Delivered to"));
    words
}

fn names(receipts: &[&Receipt]) -> String {
    let name = |receipt: &&Receipt| receipt.person.as_deref().map_or("somebody", handle_name).to_owned();
    let mut names: Vec<String> = receipts.iter().take(NAMED).map(name).collect();
    if receipts.len() > NAMED {
        names.push(format!("{} more", receipts.len() - NAMED));
    }
    names.join(", ")
}

/// A time as it is told of sounds and calls: `1:35`, `1:02:03`.
pub(super) fn length(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        hours => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// A call as a sentence without a stop; `said`: who called.
pub(super) fn called<'m>(call: ChatCall, said: Sentence<'m>) -> Sentence<'m> {
    let what = match (call.is_group, call.is_video) {
        (false, Some(true)) => "video call",
        (false, Some(false)) => "voice call",
        (false, None) => "call",
        (true, Some(true)) => "group video call",
        (true, Some(false)) => "group voice call",
        (true, None) => "group call",
    };
    match (call.is_missed, call.seconds) {
        (true, _) => Sentence::saying(format!("Missed {what} from ")).join(said),
        (false, Some(0)) => said.words(format!(" called: {what}, not taken")),
        (false, Some(seconds)) => said.words(format!(" called: {what}, {}", length(seconds))),
        (false, None) if what == "call" => said.words(" called"),
        (false, None) => said.words(format!(" called: {what}")),
    }
}

/// After how long messages vanish, behind who said so.
pub(super) fn timer_words(seconds: Option<u64>) -> String {
    const DAY: u64 = 86_400;
    match seconds {
        None => " changed after how long messages vanish".to_owned(),
        Some(0) => " let messages stay from here on".to_owned(),
        Some(seconds) if seconds % DAY == 0 => {
            format!(" let messages vanish after {}", crate::page::plural(seconds / DAY, "day"))
        }
        Some(seconds) => format!(" let messages vanish after {}", length(seconds)),
    }
}

/// That several people came or were made to go; `said`: by whom, where that is known. `words`: what was done, and what was done to
/// somebody of whom nothing is known.
pub(super) fn moved<'m, 'a: 'm>(
    message: &'m Message,
    said: Sentence<'m>,
    people: &'m [Sender],
    (did, was): (&'static str, &'static str),
    who: &ChatPeople<'a>,
) -> Sentence<'m> {
    let is_known = message.is_from_me || message.sender.is_some();
    if people.is_empty() {
        return match is_known {
            true => said.words(format!(" {did} somebody")),
            false => Sentence::saying(format!("Somebody {was}")),
        };
    }
    let names = Sentence::list(people.iter().map(|person| Cow::Borrowed(who.object(person))));
    let said = if is_known { said } else { Sentence::saying("Somebody") };
    said.words(format!(" {did} ")).join(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_as_on_a_phone() {
        assert_eq!((length(5).as_str(), length(95).as_str(), length(3723).as_str()), ("0:05", "1:35", "1:02:03"));
        assert_eq!(timer_words(Some(604_800)), " let messages vanish after 7 days");
    }

    #[test]
    fn calls_say_how_they_went() {
        let call = |seconds, is_missed| ChatCall { is_video: Some(true), is_group: false, seconds, is_missed };
        let told = |call| called(call, Sentence::of("Anna")).to_string();
        assert_eq!(told(call(None, true)), "Missed video call from Anna");
        assert_eq!(told(call(Some(95), false)), "Anna called: video call, 1:35");
        assert_eq!(told(call(Some(0), false)), "Anna called: video call, not taken");
    }
}
