//! What an earlier run wrote into the same folder, as its `photos.jsonl` tells: where each asset and each of its files
//! is. A new run puts them there again, whatever came into the library since, and leaves what has not changed.
//!
//! The file is written last. Where a run was killed before, the one of the run before it still holds, and files of which
//! it does not tell are known by their length and time.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use corer_schemas::photos::AssetFile;
use serde::Deserialize;

use super::copying::{ContentNote, EarlierContent};
use crate::convert::Content;
use crate::output::SafePath;

/// The longest line that is looked at: a record of an asset has a few kilobytes.
const LONGEST_LINE: usize = 16 << 20;

/// Every asset of an earlier run, by its identifier.
#[derive(Debug, Default)]
pub struct EarlierRun(HashMap<String, EarlierAsset>);

/// One asset of an earlier run.
#[derive(Debug)]
pub(super) struct EarlierAsset {
    pub(super) stem: SafePath,
    files: Vec<EarlierFile>,
}

/// One file of an earlier run.
#[derive(Debug, Deserialize)]
struct EarlierFile {
    /// Where it lay on the device.
    source: String,
    /// Where it is.
    path: Option<String>,
    /// Its length in bytes.
    bytes: Option<u64>,
    /// When the file on the device was last changed, in seconds since 1970.
    modified: Option<i64>,
    /// What it holds, in a word; nothing where an earlier version wrote it.
    content: Option<String>,
}

#[derive(Deserialize)]
struct RecordLine {
    uuid: Option<String>,
    stem: Option<String>,
    #[serde(default)]
    files: Vec<EarlierFile>,
}

impl EarlierRun {
    /// Reads what an earlier run wrote. A file that is not there or makes no sense tells nothing.
    pub fn read(records: &Path) -> Self {
        let mut known = HashMap::new();
        // Nothing but a plain file is opened: a pipe would wait for a writer.
        let is_plain = std::fs::symlink_metadata(records).is_ok_and(|found| found.is_file());
        let Some(file) = is_plain.then(|| File::open(records).ok()).flatten() else { return Self::default() };
        let mut lines = BufReader::with_capacity(1 << 20, file);
        let mut line = Vec::new();
        loop {
            line.clear();
            match lines.read_until(b'\n', &mut line) {
                Ok(length) if length > 0 && length <= LONGEST_LINE => {}
                _ => return Self(known),
            }
            let Ok(RecordLine { uuid: Some(uuid), stem: Some(stem), files }) = serde_json::from_slice(&line) else {
                continue;
            };
            let safe = SafePath::new(&stem);
            if safe.as_str() == stem {
                known.insert(uuid, EarlierAsset { stem: safe, files });
            }
        }
    }

    /// What is known of an asset.
    pub(super) fn asset(&self, uuid: &str) -> Option<&EarlierAsset> {
        self.0.get(uuid)
    }
}

impl EarlierAsset {
    /// What is known of one of its files that is to be at `path`.
    pub(super) fn before(&self, file: &AssetFile, path: &SafePath) -> EarlierContent {
        let (Some(entry), Some(known)) = (file.entry(), self.files.iter().find(|known| known.source == file.path()))
        else {
            return EarlierContent::Unknown;
        };
        match (&known.path, known.bytes) {
            (Some(_), _) if known.modified != entry.modified => EarlierContent::Changed,
            // One whose length is not the recorded one may be damaged, and is looked at again.
            (Some(place), Some(bytes))
                if place == path.as_str() && entry.size_hint.is_none_or(|size| size == bytes) =>
            {
                EarlierContent::Same(
                    bytes,
                    known.content.as_deref().map_or(ContentNote::Never, |word| ContentNote::At(Content::of_word(word))),
                )
            }
            _ => EarlierContent::Unknown,
        }
    }
}
