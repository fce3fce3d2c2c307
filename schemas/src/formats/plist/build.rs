//! Puts the events of a property list together, within a budget and without recursion.

use plist::stream::OwnedEvent;

use super::{Dictionary, MAX_DEPTH, MAX_EXPANDED, MAX_NODES, PlistError, Value, leaf};

/// A collection whose end has not come yet.
enum Open {
    Array(Vec<Value>),
    Dictionary { pairs: Vec<(String, Value)>, key: Option<String> },
}

/// What may still be spent.
struct Budget {
    nodes: usize,
    bytes: usize,
    /// Members that collections announced. The event reader keeps a reference to each of them.
    announced: usize,
}

/// Reads events up to the end of the first value.
pub(super) fn tree(events: impl Iterator<Item = Result<OwnedEvent, plist::Error>>) -> Result<Value, PlistError> {
    let mut budget = Budget { nodes: MAX_NODES, bytes: MAX_EXPANDED, announced: MAX_NODES };
    let mut open: Vec<Open> = Vec::new();
    for event in events {
        let event = event.map_err(|error| damage(&error))?;
        budget.spend(&event)?;
        let done = match event {
            OwnedEvent::StartArray(_) => {
                start(&mut open, Open::Array(Vec::new()))?;
                continue;
            }
            OwnedEvent::StartDictionary(_) => {
                start(&mut open, Open::Dictionary { pairs: Vec::new(), key: None })?;
                continue;
            }
            OwnedEvent::EndCollection => finish(open.pop())?,
            other => leaf(other)?,
        };
        match open.last_mut() {
            None => return Ok(done),
            Some(parent) => parent.place(done)?,
        }
    }
    Err(PlistError::Damaged("it ends before its first value does".into()))
}

/// Says where the event reader stopped. What it says itself are the names of its error kinds.
fn damage(error: &plist::Error) -> PlistError {
    let said = error.to_string();
    let place = said.rsplit_once("(offset ").and_then(|(_, place)| place.strip_suffix(')'));
    PlistError::Damaged(match (error.is_eof(), place) {
        (true, _) => "it ends early".into(),
        (false, Some(byte)) => format!("what stands at byte {byte} makes no sense"),
        (false, None) => "it makes no sense".into(),
    })
}

fn start(open: &mut Vec<Open>, collection: Open) -> Result<(), PlistError> {
    if open.len() >= MAX_DEPTH {
        return Err(PlistError::TooDeep);
    }
    if let Some(Open::Dictionary { key: None, .. }) = open.last() {
        return Err(PlistError::Damaged("a dictionary has a key that is no string".into()));
    }
    open.push(collection);
    Ok(())
}

fn finish(collection: Option<Open>) -> Result<Value, PlistError> {
    match collection {
        Some(Open::Array(members)) => Ok(Value::Array(members)),
        Some(Open::Dictionary { pairs, key: None }) => Ok(Value::Dictionary(Dictionary(pairs))),
        Some(Open::Dictionary { .. }) => Err(PlistError::Damaged("a key has no value".into())),
        None => Err(PlistError::Damaged("a collection ends that never began".into())),
    }
}

impl Open {
    fn place(&mut self, value: Value) -> Result<(), PlistError> {
        match self {
            Self::Array(members) => members.push(value),
            Self::Dictionary { pairs, key } => match (key.take(), value) {
                (Some(name), value) => pairs.push((name, value)),
                (None, Value::String(name)) => *key = Some(name),
                (None, _) => return Err(PlistError::Damaged("a dictionary has a key that is no string".into())),
            },
        }
        Ok(())
    }
}

impl Budget {
    fn spend(&mut self, event: &OwnedEvent) -> Result<(), PlistError> {
        let announced = match event {
            OwnedEvent::StartArray(Some(members)) => *members,
            OwnedEvent::StartDictionary(Some(pairs)) => pairs.saturating_mul(2),
            _ => 0,
        };
        let bytes = match event {
            OwnedEvent::String(text) => text.len(),
            OwnedEvent::Data(data) => data.len(),
            _ => 0,
        };
        let announced = usize::try_from(announced).map_err(|_| PlistError::TooMany)?;
        self.announced = self.announced.checked_sub(announced).ok_or(PlistError::TooMany)?;
        self.nodes = self.nodes.checked_sub(1).ok_or(PlistError::TooMany)?;
        self.bytes = self.bytes.checked_sub(bytes).ok_or(PlistError::TooLarge)?;
        Ok(())
    }
}
