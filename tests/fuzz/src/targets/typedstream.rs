//! Typedstreams, and the attributed text in them: every run lies in the text.

use corer_schemas::formats::typedstream::{AttributedString, TypedStream};

pub fn run(bytes: &[u8]) {
    let _ = TypedStream::read(bytes);
    if let Ok(text) = AttributedString::read(bytes) {
        for run in &text.runs {
            let _ = (text.text_of(run), text.attributes(run));
        }
    }
}
