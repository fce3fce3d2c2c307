//! What was said in a recording (iOS 18 and later): entries of a graph ([`mergeable`](super::mergeable)).
//!
//! ```text
//! ICTTAudioRecording           fragments: a list · summary, topLineSummary: the newest text
//! ICTTAudioRecording.Fragment  identity: the attachment that has the sound · transcript: entry 15 { 2 dictionary of segments }
//! ICTTTranscriptSegment        text, speaker: the newest NSString { self } · timestamp: the newest NSNumber { doubleValue }
//! ```
//!
//! A segment is a word, with its spaces or without. Their order in the list is not that in time. Sources: three independent readers in
//! public projects, which agree; not seen by us in a real backup.

use std::cell::Cell;

use super::mergeable::{Graph, message, messages};
use crate::formats::protobuf::{Field, Message};

/// The types of the entries that are wanted.
const RECORDING: &str = "com.apple.notes.ICTTAudioRecording";
const FRAGMENT: &str = "com.apple.notes.ICTTAudioRecording.Fragment";
const SEGMENT: &str = "com.apple.notes.ICTTTranscriptSegment";

/// The longest words of a recording, in bytes: days of speech.
const LONGEST: usize = 16 << 20;
/// How much is read to find them, in bytes: each entry may be referred to many times.
const MOST_READ: usize = 512 << 20;

/// The words of a recording, a line for each time that another speaker begins, below its summary. `None` where it has none.
///
/// # Errors
/// Why they cannot be read, in words.
pub(super) fn read(bytes: &[u8]) -> Result<Option<String>, String> {
    let graph = Graph::read(bytes)?;
    let reader = Reader { graph: &graph, left: Cell::new(MOST_READ) };
    let mut lines = reader.summaries()?;
    let mut length = 0;
    for fragment in reader.fragments()? {
        lines.extend(turns(&fragment, &mut length)?);
    }
    let text = lines.join("\n");
    Ok(Some(text).filter(|text| !text.trim().is_empty()))
}

/// A word.
struct Segment {
    text: String,
    speaker: Option<String>,
    time: Option<f64>,
}

/// A map: the names of what it has, and the values.
type Map<'g> = Vec<(&'g [u8], Message<'g>)>;

struct Reader<'r, 'g> {
    graph: &'r Graph<'g>,
    left: Cell<usize>,
}

impl<'g> Reader<'_, 'g> {
    /// An entry, as long as all that are read do not take too much time.
    fn entry(&self, number: u64) -> Result<Option<Message<'g>>, String> {
        let bytes = usize::try_from(number).ok().and_then(|number| self.graph.entries.get(number));
        let Some(bytes) = bytes else { return Ok(None) };
        let left = self.left.get().checked_sub(bytes.len() + size_of::<Self>());
        self.left.set(left.ok_or("its entries refer to each other too often")?);
        Ok(Message::read(bytes).ok())
    }

    /// The map that an entry is, if it is of a type.
    fn map(&self, number: u64, kind: Option<&str>) -> Result<Option<Map<'g>>, String> {
        let Some(map) = self.entry(number)?.and_then(|entry| message(&entry, 13)) else { return Ok(None) };
        let own = map.integer(1).and_then(|kind| self.graph.types.get(usize::try_from(kind).ok()?));
        if kind.is_some_and(|kind| own.copied() != Some(kind.as_bytes())) {
            return Ok(None);
        }
        let pairs = messages(&map, 3).filter_map(|pair| {
            let name = self.graph.keys.get(usize::try_from(pair.integer(1)?).ok()?)?;
            Some((*name, message(&pair, 2)?))
        });
        Ok(Some(pairs.collect()))
    }

    fn all(&self, kind: &str) -> Result<Vec<Map<'g>>, String> {
        let maps = (0..self.graph.entries.len() as u64).map(|number| self.map(number, Some(kind)));
        maps.filter_map(Result::transpose).collect()
    }

    /// The entry that the newest value of an entry is.
    fn newest(&self, map: &Map<'g>, name: &str) -> Result<Option<u64>, String> {
        let Some(number) = reference(map, name) else { return Ok(None) };
        let entry = self.entry(number)?;
        Ok(entry.and_then(|entry| message(&message(&entry, 1)?, 2)?.integer(6)))
    }

    /// A text or number in a map of its own.
    fn value(&self, map: &Map<'g>, name: &str, inner: &str) -> Result<Option<Message<'g>>, String> {
        let Some(number) = self.newest(map, name)? else { return Ok(None) };
        Ok(self.map(number, None)?.and_then(|map| find(&map, inner).cloned()))
    }

    fn summaries(&self) -> Result<Vec<String>, String> {
        let mut lines = Vec::new();
        for recording in self.all(RECORDING)?.iter().take(1) {
            for name in ["topLineSummary", "summary"] {
                let Some(number) = self.newest(recording, name)? else { continue };
                let text = self.entry(number)?.and_then(|entry| message(&entry, 10)?.text(2).map(str::to_owned));
                let text = text.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
                lines.extend(text.filter(|text| !text.is_empty()).map(|text| format!("Summary: {text}")));
            }
        }
        Ok(lines)
    }

    /// The words of each piece of the recording, in the order of the pieces; of one whose pieces are not found, all words.
    fn fragments(&self) -> Result<Vec<Vec<Segment>>, String> {
        let mut fragments = Vec::new();
        for recording in self.all(RECORDING)?.iter().take(1) {
            let Some(list) = reference(recording, "fragments") else { continue };
            let items = self.entry(list)?.and_then(|entry| message(&entry, 5));
            let items = items.iter().flat_map(|list| messages(list, 1).collect::<Vec<_>>());
            for item in items.filter_map(|item| message(&item, 2)?.integer(6)) {
                let Some(fragment) = self.map(item, Some(FRAGMENT))? else { continue };
                let Some(set) = reference(&fragment, "transcript") else { continue };
                let set = self.entry(set)?.and_then(|entry| message(&message(&entry, 15)?, 2));
                let pairs = set.map(|set| Graph::dictionary(&set)).unwrap_or_default();
                let segments = pairs.into_iter().map(|(_, number)| self.map(number, Some(SEGMENT)));
                let segments: Vec<Map<'g>> = segments.filter_map(Result::transpose).collect::<Result<_, _>>()?;
                fragments.push(self.segments(&segments)?);
            }
        }
        if fragments.iter().all(Vec::is_empty) {
            fragments = vec![self.segments(&self.all(SEGMENT)?)?];
        }
        Ok(fragments)
    }

    fn segments(&self, maps: &[Map<'g>]) -> Result<Vec<Segment>, String> {
        let mut segments = Vec::new();
        for map in maps {
            let text = |value: Option<Message<'g>>| value.and_then(|value| value.text(4).map(str::to_owned));
            let time = self.value(map, "timestamp", "doubleValue")?.and_then(|value| match value.field(3)? {
                Field::Fixed64(bits) => Some(f64::from_bits(bits)).filter(|time| time.is_finite()),
                _ => None,
            });
            let speaker = text(self.value(map, "speaker", "self")?).filter(|speaker| !speaker.trim().is_empty());
            if let Some(text) = text(self.value(map, "text", "self")?) {
                segments.push(Segment { text, speaker, time });
            }
        }
        segments.sort_by(|one, other| one.time.unwrap_or(f64::MAX).total_cmp(&other.time.unwrap_or(f64::MAX)));
        Ok(segments)
    }
}

fn find<'m, 'g>(map: &'m Map<'g>, name: &str) -> Option<&'m Message<'g>> {
    map.iter().rev().find(|(own, _)| *own == name.as_bytes()).map(|(_, value)| value)
}

fn reference(map: &Map<'_>, name: &str) -> Option<u64> {
    find(map, name)?.integer(6)
}

/// Words as lines, each with who said it where that is known.
fn turns(segments: &[Segment], length: &mut usize) -> Result<Vec<String>, String> {
    let mut turns: Vec<(Option<&str>, String)> = Vec::new();
    let mut ends = true;
    for segment in segments {
        *length += segment.text.len() + segment.speaker.as_ref().map_or(0, String::len);
        if *length > LONGEST {
            return Err(format!("its words are longer than {} MB", LONGEST >> 20));
        }
        let speaker = segment.speaker.as_deref();
        match turns.last_mut().filter(|(last, _)| !ends && *last == speaker) {
            Some((_, text)) => {
                // Some words bring their spaces, others none.
                let is_apart = text.ends_with(char::is_whitespace)
                    || segment.text.starts_with(|c: char| c.is_whitespace() || ".,!?;:%)]}…'’".contains(c));
                text.push_str(if is_apart { "" } else { " " });
                text.push_str(&segment.text);
            }
            None => turns.push((speaker, segment.text.clone())),
        }
        // An empty line ends what somebody says.
        ends = segment.text.ends_with("\n\n");
    }
    let line = |(speaker, text): (Option<&str>, String)| {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        speaker.map_or_else(|| text.clone(), |speaker| format!("{speaker}: {text}"))
    };
    Ok(turns.into_iter().map(line).collect())
}

#[cfg(test)]
pub(super) mod tests;
