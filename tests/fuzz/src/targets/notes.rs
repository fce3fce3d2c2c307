//! Bodies of notes, their tables, and notes that are HTML.

use corer_schemas::notes::{Paragraph, fuzzing};

fn letters(paragraphs: &[Paragraph]) -> usize {
    paragraphs.iter().flat_map(|paragraph| &paragraph.spans).map(|span| span.text.len()).sum()
}

pub fn run(bytes: &[u8]) {
    if let Ok(paragraphs) = fuzzing::body(bytes) {
        // A stretch of a packed text may stand for a thousand times its length, and no more.
        assert!(letters(&paragraphs) <= bytes.len().saturating_mul(1_100) * 3);
    }
    if let Ok(table) = fuzzing::table(bytes) {
        let width = table.rows.first().map_or(0, Vec::len);
        assert!(table.rows.iter().all(|row| row.len() == width));
    }
    if let Ok(Some(words)) = fuzzing::transcript(bytes) {
        // Words may be referred to again and again; their bound is 16 MB.
        assert!(words.len() <= 40 << 20);
    }
    let html = super::text(bytes);
    // The longest of an entity's letters is shorter than the entity; a picture without a name is three bytes.
    assert!(letters(&fuzzing::html(html)) <= html.len() * 3);
}
