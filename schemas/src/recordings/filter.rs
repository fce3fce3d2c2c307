//! Which voice memos were asked for.

use super::model::{Recording, State};
use crate::handles::folded;
use crate::selection::Selection;

/// A choice of voice memos. The default chooses everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// When. With whom nobody can ask.
    pub common: Selection,
    /// Only those of these folders: a part of the name, whatever its case and accents. Empty: of any, and of none.
    pub folders: Vec<String>,
    /// Only those with all of these words in their title or in what is said.
    pub words: Vec<String>,
    /// Only favourites.
    pub favorites: bool,
    /// Without those that are recently deleted.
    pub without_deleted: bool,
}

impl Filter {
    /// Whether one is among those asked for, as far as can be said without its words.
    pub(super) fn may_include(&self, recording: &Recording) -> bool {
        let folder = || folded(recording.folder.as_deref().unwrap_or_default());
        self.common.includes_time(recording.date)
            && (self.folders.is_empty() || self.folders.iter().any(|asked| folder().contains(&folded(asked))))
            && (!self.favorites || recording.favorite == Some(true))
            && !(self.without_deleted && recording.state == State::Deleted)
    }

    /// Whether all words that are asked for stand in its title or in what is said.
    pub(super) fn includes_words(&self, recording: &Recording) -> bool {
        let said = recording.transcript.as_ref().map(|transcript| transcript.text()).unwrap_or_default();
        let text = folded(&format!("{}\n{said}", recording.title.as_deref().unwrap_or_default()));
        self.words.iter().all(|word| text.contains(&folded(word)))
    }
}

impl AsRef<Selection> for Filter {
    fn as_ref(&self) -> &Selection {
        &self.common
    }
}
