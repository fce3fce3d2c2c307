//! Signs in names that carry meaning: `Anna 🏠` and `Anna 🏢` are two people to whom wrote them.

use unicode_normalization::char::is_combining_mark;

use crate::handles::folded;

/// What people leave out or write in another way and mean the same: hyphens, apostrophes, full stops, commas, quotes and
/// brackets, as they are left when a text is folded.
const SMALL: &str = "-'`.,\"“”„‟«»‹›()[]{}<>⟨⟩〈〉《》「」『』【】〔〕。、،・·";

/// The signs of a text in their order, without spaces, letters, digits, marks of letters, and what carries no meaning.
pub(super) fn signs(text: &str) -> String {
    if text.bytes().all(|c| c.is_ascii_alphanumeric() || c == b' ') {
        return String::new();
    }
    let text_folded = folded(text);
    let is_sign = |c: &char| {
        !c.is_alphanumeric() && !c.is_whitespace() && !c.is_control() && !is_combining_mark(*c) && !SMALL.contains(*c)
    };
    // Tags show nothing, but they make the flag of Scotland of a black one.
    let tags = text.chars().filter(|c| ('\u{e0020}'..='\u{e007e}').contains(c));
    text_folded.chars().filter(is_sign).chain(tags).collect()
}

/// Words without their signs.
pub(super) fn bare(words: &[String]) -> Vec<String> {
    let words = words.iter().map(|word| word.chars().filter(|c| c.is_alphanumeric()).collect::<String>());
    words.filter(|word| !word.is_empty()).collect()
}
