//! Text as it is compared: neither case nor accents count, and any white space is one space.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The text in lower case and without its marks: `Zoë  MÜLLER` is `zoe muller`.
pub(crate) fn folded(text: &str) -> String {
    let letters = text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    // Lower case may bring marks of its own: that of İ is an i and a dot.
    let plain: String = letters.filter(|c| !is_combining_mark(*c)).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_case_nor_accents_nor_spaces_count() {
        assert_eq!(folded(" Zoë\u{a0} MÜLLER\n"), "zoe muller");
        assert_eq!(folded("Zoe\u{308}"), folded("ZOË"));
        assert_eq!(folded("İstanbul"), "istanbul");
        assert_eq!(folded("أَمَل"), folded("أمل"));
        assert_eq!(folded(" \u{301} "), "");
    }
}
