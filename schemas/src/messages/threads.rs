//! Replies: `thread_originator_guid` names the message that began a thread, `thread_originator_part` the part that is
//! answered and the range in it (`part:location:length`).

use foldhash::{HashMap, HashMapExt as _, HashSet};

use super::model::{Message, MessageKind, PartContent, Reply, Sender};
use crate::time::AppleTime;

/// The most characters of an excerpt.
const EXCERPT: usize = 160;

/// The messages of a database that answer others, by the message that began their thread.
#[derive(Debug, Default)]
pub(super) struct Threads(HashMap<String, Vec<i64>>);

impl Threads {
    /// Notes that a message answers another.
    pub(super) fn add(&mut self, originator: String, reply: i64) {
        self.0.entry(originator).or_default().push(reply);
    }

    fn replies(&self, guid: &str) -> &[i64] {
        self.0.get(guid).map_or(&[], Vec::as_slice)
    }
}

/// The part that `thread_originator_part` names.
pub(super) fn part(stored: &str) -> u32 {
    stored.split(':').next().and_then(|part| part.parse().ok()).unwrap_or(0)
}

/// What a reply shows of the message that it answers.
#[derive(Debug, Clone)]
pub(super) struct Original {
    id: i64,
    date: Option<AppleTime>,
    is_from_me: bool,
    sender: Sender,
    /// By part, ascending.
    excerpts: Vec<(u32, String)>,
}

impl Original {
    pub(super) fn of(message: &Message) -> Self {
        let text = message.text.as_deref().unwrap_or_default();
        let part = |part: &super::model::Part| match &part.content {
            PartContent::Text { range, .. } => Some((part.index, excerpt(text.get(range.clone())?)?)),
            _ => None,
        };
        let mut excerpts: Vec<_> = message.parts.iter().filter_map(part).collect();
        if let (MessageKind::App(app), true) = (&message.kind, excerpts.is_empty()) {
            excerpts.extend(app.card.words().find_map(excerpt).map(|words| (0, words)));
        }
        if excerpts.is_empty() {
            excerpts.extend(excerpt(text).map(|words| (0, words)));
        }
        // Stable: the first of one number stays the first.
        excerpts.sort_by_key(|(part, _)| *part);
        Self {
            id: message.id,
            date: message.date,
            is_from_me: message.is_from_me,
            sender: message.sender.clone(),
            excerpts,
        }
    }

    fn answer(&self, reply: &mut Reply) {
        reply.id = Some(self.id);
        reply.date = self.date;
        reply.is_from_me = self.is_from_me;
        reply.sender.clone_from(&self.sender);
        let place = self.excerpts.partition_point(|(part, _)| *part < reply.part);
        let own = self.excerpts.get(place).filter(|(part, _)| *part == reply.part);
        reply.excerpt = own.map(|(_, words)| words.clone());
    }
}

/// The beginning of a text on one line.
fn excerpt(text: &str) -> Option<String> {
    let mut words = text.split([super::body::PLACEHOLDER]).flat_map(str::split_whitespace);
    let mut line = words.next()?.to_owned();
    for word in words {
        if line.chars().count() > EXCERPT {
            break;
        }
        line.push(' ');
        line.push_str(word);
    }
    match line.char_indices().nth(EXCERPT) {
        Some((end, _)) => Some(format!("{}…", line.get(..end).unwrap_or_default().trim_end())),
        None => Some(line),
    }
}

/// The threads of one conversation as its messages pass by, the answered before the answers.
pub(super) struct Thread<'t> {
    threads: &'t Threads,
    places: &'t [i64],
    seen: HashMap<String, Option<Original>>,
    /// The identifiers of those among them that have passed by and were answered.
    passed: HashSet<String>,
}

impl<'t> Thread<'t> {
    /// `members`: the numbers of all messages of the conversation, ascending.
    pub(super) fn new(threads: &'t Threads, members: &'t [i64]) -> Self {
        Self { threads, places: members, seen: HashMap::new(), passed: HashSet::default() }
    }

    /// Puts to a message what it answers and what answers it. `find` looks an original up that has not passed by.
    pub(super) fn tie(&mut self, message: &mut Message, find: &mut dyn FnMut(&str) -> Option<Original>) {
        if let Some(reply) = &mut message.reply_to {
            let original = self.seen.entry(reply.guid.clone()).or_insert_with(|| find(&reply.guid));
            if let Some(original) = original {
                original.answer(reply);
            }
        }
        let Some(guid) = message.guid.as_deref() else { return };
        let replies = self.threads.replies(guid);
        // An identifier is that of one message; where it is not, the first has the answers.
        if !replies.is_empty() && self.passed.insert(guid.to_owned()) {
            let own = replies.iter().filter(|id| self.places.binary_search(id).is_ok() && **id != message.id);
            message.replies = own.copied().collect();
            message.replies.sort_unstable();
            let original = Original::of(message);
            self.seen.insert(guid.to_owned(), Some(original));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_one_short_line() {
        assert_eq!(excerpt(" See\u{fffc} you\n there "), Some("See you there".into()));
        assert_eq!(excerpt("\u{fffc} \n"), None);
        let long = excerpt(&"harbour ".repeat(200)).unwrap();
        assert!(long.ends_with('…') && long.chars().count() <= EXCERPT + 1);
        assert!(excerpt(&"ä".repeat(1000)).unwrap().chars().count() == EXCERPT + 1);
    }

    #[test]
    fn the_part_that_is_answered_is_the_first_number() {
        assert_eq!((part("2:0:5"), part("0"), part(""), part("x:1")), (2, 0, 0, 0));
    }
}
