//! What of Safari was asked for.

use super::model::{MarkKind, SafariRecord};
use crate::handles::folded;
use crate::identity::Identified as _;
use crate::selection::Selection;

/// A choice. The default chooses everything but private tabs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// When.
    pub common: Selection,
    /// Only these parts. Empty: all.
    pub parts: Vec<Part>,
    /// Only with all of these words in the address or title.
    pub words: Vec<String>,
    /// Private tabs, too.
    pub with_private: bool,
}

/// A part of what Safari keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// Visits, and those that were removed.
    History,
    /// Bookmarks and their folders.
    Bookmarks,
    /// Pages to be read later.
    ReadingList,
    /// Tabs and their groups.
    Tabs,
}

impl Part {
    /// Of which part a record is. The folder of the reading list is one of the folders.
    pub fn of(record: &SafariRecord) -> Self {
        match record {
            SafariRecord::Visit(_) | SafariRecord::Cleared(_) => Self::History,
            SafariRecord::Mark(mark) if mark.kind == MarkKind::Reading => Self::ReadingList,
            SafariRecord::Mark(_) => Self::Bookmarks,
            SafariRecord::Tab(_) => Self::Tabs,
        }
    }
}

impl Filter {
    /// Whether a part was asked for.
    pub(super) fn wants(&self, part: Part) -> bool {
        self.parts.is_empty() || self.parts.contains(&part)
    }

    /// Whether a record is one of those asked for. `words` are those of the filter, [folded](Self::folded_words).
    pub(super) fn includes(&self, record: &SafariRecord, words: &[String]) -> bool {
        let is_private = matches!(record, SafariRecord::Tab(tab) if tab.is_private);
        let has_words = || {
            let (url, title) = record.named();
            let text = folded(&format!("{} {}", url.unwrap_or_default(), title.unwrap_or_default()));
            words.iter().all(|word| text.contains(word.as_str()))
        };
        self.wants(Part::of(record))
            && (self.with_private || !is_private)
            && self.common.includes_time(record.moment())
            && (words.is_empty() || has_words())
    }

    /// The words, as they are compared.
    pub(super) fn folded_words(&self) -> Vec<String> {
        self.words.iter().map(|word| folded(word)).collect()
    }
}

impl AsRef<Selection> for Filter {
    fn as_ref(&self) -> &Selection {
        &self.common
    }
}
