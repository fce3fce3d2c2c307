//! Text as a sidecar can hold it.

/// Text that says something, with only the characters that XML can hold (its definition, `Char`).
pub(super) fn xml_text(text: Option<&str>) -> Option<String> {
    let text = text?.trim();
    let legal = |c: char| {
        matches!(c, '\t' | '\n' | '\r') || !(c.is_control() && c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}'))
    };
    (!text.is_empty()).then(|| text.chars().map(|c| if legal(c) { c } else { char::REPLACEMENT_CHARACTER }).collect())
}
