//! Puts a message together: its text, its attachments and its parts, which come from different tables.

use std::collections::{HashMap, HashSet};

use super::attachments::StoredAttachment;
use super::body::BodyPiece;
use super::model::{Attachment, Message, MessageKind, Part, PartContent, Span, Style};
use crate::source::Source;
use crate::time::AppleTime;

/// Gives a message its attachments, in the order in which they stand in its text, and its parts. `unsent`: those that were
/// taken back, and when.
pub(super) fn assemble(
    message: &mut Message,
    pieces: Vec<BodyPiece>,
    unsent: (&[u32], Option<AppleTime>),
    stored: Vec<StoredAttachment>,
    source: &dyn Source,
) {
    let places = match stored.is_empty() {
        true => Vec::new(),
        false => order(message, &pieces, stored, source),
    };
    message.parts = match &message.kind {
        MessageKind::App(_) => vec![Part { index: 0, content: PartContent::App }],
        _ => parts(message, pieces, &places, unsent),
    };
}

/// Finds for each file that the text names its attachment, by identifier, else by position; the others come last. Gives
/// the places of those that the text names.
fn order(
    message: &mut Message,
    pieces: &[BodyPiece],
    stored: Vec<StoredAttachment>,
    source: &dyn Source,
) -> Vec<Option<usize>> {
    let mut left: Vec<Option<StoredAttachment>> = stored.into_iter().map(Some).collect();
    let files: Vec<_> = pieces.iter().flat_map(|piece| &piece.files).collect();
    // In reverse, so that the first of one identifier is taken first.
    let mut by_guid: HashMap<String, Vec<usize>> = HashMap::new();
    for (place, stored) in left.iter().enumerate().rev() {
        if let Some(guid) = stored.as_ref().and_then(|stored| stored.guid.clone()) {
            by_guid.entry(guid).or_default().push(place);
        }
    }
    let mut named = Vec::new();
    for file in &files {
        let place = file.guid.as_ref().and_then(|guid| by_guid.get_mut(guid)?.pop());
        named.push(place.and_then(|place| left.get_mut(place)?.take()));
    }
    let mut places = Vec::new();
    let mut next = 0;
    for (file, mut found) in files.into_iter().zip(named) {
        // In the content of an app the placeholder stands for the app.
        if found.is_none() && !matches!(message.kind, MessageKind::App(_)) {
            while left.get(next).is_some_and(Option::is_none) {
                next += 1;
            }
            found = left.get_mut(next).and_then(Option::take);
        }
        places.push(found.as_ref().map(|_| message.attachments.len()));
        message.attachments.extend(found.map(|stored| {
            let mut attachment = stored.resolve(source);
            attachment.transcription.clone_from(&file.transcription);
            attachment
        }));
    }
    message.attachments.extend(left.into_iter().flatten().map(|stored| stored.resolve(source)));
    places
}

fn parts(
    message: &Message,
    pieces: Vec<BodyPiece>,
    places: &[Option<usize>],
    (unsent, date): (&[u32], Option<AppleTime>),
) -> Vec<Part> {
    let mut places_left = places.iter().copied();
    let mut parts = Vec::with_capacity(pieces.len() + unsent.len());
    for piece in pieces {
        let index = piece.index;
        let is_file = piece.is_file();
        let files = piece.files.iter().map(|file| (file.at, places_left.next().flatten()));
        let content = if is_file {
            PartContent::Attachment(files.last().and_then(|(_, place)| place))
        } else {
            let mut spans = piece.spans;
            let picture = |(at, place): (usize, Option<usize>)| {
                let range = at..at + super::body::PLACEHOLDER.len_utf8();
                Span { range, style: Style::Picture(place) }
            };
            spans.extend(files.map(picture));
            spans.sort_by_key(|span| span.range.start);
            PartContent::Text { range: piece.range, spans }
        };
        parts.push(Part { index, content });
    }
    let mut next = parts.iter().map(|part| part.index).max().map_or(0, |index| index.saturating_add(1));
    let named = places.iter().flatten().count();
    let beyond = |(_, attachment): &(usize, &Attachment)| !attachment.is_hidden;
    for (place, _) in message.attachments.iter().enumerate().skip(named).filter(beyond) {
        parts.push(Part { index: next, content: PartContent::Attachment(Some(place)) });
        next = next.saturating_add(1);
    }
    if !unsent.is_empty() {
        // A part that was taken back has no text any more; one that has was not.
        let known: HashSet<u32> = parts.iter().map(|part| part.index).collect();
        let gone = unsent.iter().filter(|index| !known.contains(index));
        parts.extend(gone.map(|index| Part { index: *index, content: PartContent::Unsent { date } }));
        parts.sort_by_key(|part| part.index);
    }
    parts
}
