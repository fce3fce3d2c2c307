//! A sound that a record speaks of: a file of the source, or why there is none.

use serde::{Deserialize, Serialize};

use crate::source::{Absence, Entry, Presence};

/// The sound of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sound {
    /// A file of the source.
    Stored(Entry),
    /// It is not there, and why; whether the backup should hold it.
    Missing {
        /// Why.
        why: String,
        /// Whether it should be there.
        expected: bool,
    },
}

impl Sound {
    /// That of a file which the source records, whether or not it holds its bytes.
    pub(crate) fn of(entry: Entry) -> Self {
        match entry.presence {
            Presence::Present => Self::Stored(entry),
            Presence::Absent(why) => Self::Missing { why: why.to_string(), expected: why == Absence::Lost },
        }
    }
}

/// What is kept of sounds when a newer backup lacks what an older one had: `own` and the `others` beside it take over the files of
/// the older version.
pub(crate) fn inherit(own: (&mut Sound, &mut Vec<Sound>), older: (&Sound, &[Sound])) {
    if matches!((&*own.0, older.0), (Sound::Missing { .. }, Sound::Stored(_))) {
        *own.0 = older.0.clone();
    }
    let known = own.1.len();
    own.1.extend(older.1.iter().skip(known).cloned());
}

/// The files of a sound and of others beside it, each with its number.
pub(crate) fn entries<'s>(own: &'s mut Sound, others: &'s mut [Sound]) -> Vec<(usize, &'s mut Entry)> {
    let sounds = std::iter::once(own).chain(others).enumerate();
    let stored = |(number, sound): (usize, &'s mut Sound)| match sound {
        Sound::Stored(entry) => Some((number, entry)),
        Sound::Missing { .. } => None,
    };
    sounds.filter_map(stored).collect()
}
