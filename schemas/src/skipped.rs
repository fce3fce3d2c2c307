//! What could not be read: every reader gives this list beside its records, so that nothing vanishes silently.

/// The longest text of a note, in bytes: room for a domain and a path of a device.
const LONGEST: usize = 2048;

/// One item that a reader had to leave out or could only read in part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Which item, as precisely as the source allows: `message 4711`, `attachment row 12 of message 4711`.
    pub item: String,
    /// Why, in words a person can use.
    pub why: String,
    /// Whether it is no record by itself: a part of one that is handed on, such as the date of a message, or records of which
    /// nobody knows how many they are.
    pub is_part: bool,
}

impl Skipped {
    /// Notes that `item` was left out because of `why`.
    ///
    /// What is longer than any path of a device is cut, and ends in `…`: there may be thousands of such notes, and their
    /// words come from what is noted.
    pub fn new(item: impl Into<String>, why: impl std::fmt::Display) -> Self {
        let (mut item, mut why) = (item.into(), why.to_string());
        shorten(&mut item, LONGEST);
        shorten(&mut why, LONGEST);
        Self { item, why, is_part: false }
    }

    /// The same of what is no record by itself.
    pub fn part(item: impl Into<String>, why: impl std::fmt::Display) -> Self {
        Self { is_part: true, ..Self::new(item, why) }
    }

    /// How many of these are records that are not handed on.
    pub fn records(skipped: &[Self]) -> u64 {
        skipped.iter().filter(|skipped| !skipped.is_part).count() as u64
    }
}

/// The words of a note, cut as [`Skipped::new`] cuts them.
pub fn noted(mut words: String) -> String {
    shorten(&mut words, LONGEST);
    words
}

/// Cuts a text to so many bytes, with `…` as its end where something was cut off.
pub(crate) fn shorten(text: &mut String, most: usize) {
    const MARK: &str = "…";
    if text.len() > most {
        text.truncate(text.floor_char_boundary(most.saturating_sub(MARK.len())));
        text.push_str(MARK);
        text.shrink_to_fit();
    }
}
