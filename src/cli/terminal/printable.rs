//! Text from a backup on its way to a terminal.
//!
//! Names and messages were typed by strangers. Escape sequences could move the cursor, rewrite what was printed, or
//! fill the clipboard; bidirectional controls could make a name read as another one; characters that show nothing could
//! hide words in it, or make two names that look the same. All of them become visible, but where they do what they are
//! for: see [`invisible`].

use std::fmt::{self, Display, Write};

use crate::cli::terminal::invisible::{is_invisible, kept};

/// Shows text with every control character, and every one that shows nothing, as `\u{..}`.
#[derive(Debug, Clone, Copy)]
pub struct Printable<T>(pub T);

impl<T: Display> Display for Printable<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(PrintableWriter(f), "{}", self.0)
    }
}

/// Replaces what must not reach a terminal while text passes through.
struct PrintableWriter<'a, 'b>(&'a mut fmt::Formatter<'b>);

impl Write for PrintableWriter<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // Almost all text is plain, and there may be half a million lines of it.
        if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return self.0.write_str(text);
        }
        // What was written, and what comes: both say whether something invisible does what it is for.
        let mut shown = 0;
        let mut at = 0;
        while let Some((found, c)) = next_unprintable(text, at) {
            let (before, rest) = (text.get(..found).unwrap_or_default(), text.get(found..).unwrap_or_default());
            let length = if is_control(c) { 0 } else { kept(before, rest) };
            at = found + length.max(c.len_utf8());
            if length == 0 {
                self.0.write_str(text.get(shown..found).unwrap_or_default())?;
                write!(self.0, "\\u{{{:x}}}", u32::from(c))?;
                shown = at;
            }
        }
        self.0.write_str(text.get(shown..).unwrap_or_default())
    }
}

/// The next character from `at` on that controls or hides something.
fn next_unprintable(text: &str, at: usize) -> Option<(usize, char)> {
    let mut rest = text.get(at..)?.char_indices();
    rest.find(|&(_, c)| is_control(c) || is_invisible(c)).map(|(found, c)| (at + found, c))
}

/// Whether a character controls the terminal or the reading order instead of showing something: C0, DEL, C1, the
/// bidirectional controls, and the two line separators of Unicode.
pub fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_become_visible() {
        let clipboard = "\u{1b}]52;c;ZXZpbA==\u{7}Anna\u{9b}2J\u{7f}\r\n";
        assert_eq!(Printable(clipboard).to_string(), "\\u{1b}]52;c;ZXZpbA==\\u{7}Anna\\u{9b}2J\\u{7f}\\u{d}\\u{a}");
    }

    #[test]
    fn reading_order_cannot_be_turned() {
        assert_eq!(Printable("gpj.\u{202e}exe\u{2069}").to_string(), "gpj.\\u{202e}exe\\u{2069}");
    }

    #[test]
    fn letters_of_any_script_and_emoji_stay() {
        let england = "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}";
        let text = "Анна 안나 안 👩\u{200d}👧 é ❤\u{fe0f}\u{200d}🔥 1\u{fe0f}\u{20e3} می\u{200c}خواهم क्\u{200d}ष 葛\u{e0100} \u{f8ff}";
        for text in [text, england, &format!("{england}{england}")] {
            assert_eq!(Printable(text).to_string(), text);
        }
    }

    #[test]
    fn what_shows_nothing_becomes_visible() {
        let shown = |text: &str| Printable(text).to_string();
        assert_eq!(shown("An\u{200b}na\u{feff}\u{ad}\u{180e}"), "An\\u{200b}na\\u{feff}\\u{ad}\\u{180e}");
        assert_eq!(shown("pay\u{200d}pal \u{200c}x"), "pay\\u{200d}pal \\u{200c}x");
        // Words that are hidden in tags, and in variation selectors behind one picture.
        assert_eq!(shown("A\u{e0041}\u{e007f}"), "A\\u{e0041}\\u{e007f}");
        assert_eq!(shown("🏴\u{e0067}\u{e0062}"), "🏴\\u{e0067}\\u{e0062}");
        assert_eq!(shown("😀\u{fe0f}\u{fe01}\u{e0141}"), "😀\u{fe0f}\\u{fe01}\\u{e0141}");
        assert_eq!(shown("\u{2060}\u{3164}\u{ffff}\u{34f}"), "\\u{2060}\\u{3164}\\u{ffff}\\u{34f}");
    }

    proptest::proptest! {
        /// Every text, mixed from letters, pictures and all that shows nothing: what is left of it does what it is for.
        #[test]
        fn nothing_hides_whatever_comes_in(parts in proptest::collection::vec(part(), 0..12)) {
            let text: String = parts.concat();
            let shown = Printable(&text).to_string();
            let mut at = 0;
            while let Some((found, c)) = next_unprintable(&shown, at) {
                let length = kept(&shown[..found], &shown[found..]);
                proptest::prop_assert!(!is_control(c) && length > 0, "{:x} in {text:?}", u32::from(c));
                at = found + length;
            }
            // Shown twice is shown once, and what is not hidden is as it was.
            proptest::prop_assert_eq!(Printable(&shown).to_string(), shown.clone());
            if next_unprintable(&text, 0).is_none() {
                proptest::prop_assert_eq!(shown, text);
            }
        }
    }

    fn part() -> impl proptest::strategy::Strategy<Value = String> {
        use proptest::prelude::*;
        let hidden: Vec<char> = ('\0'..=char::MAX).filter(|&c| is_control(c) || is_invisible(c)).collect();
        prop_oneof![
            prop::sample::select(hidden).prop_map(String::from),
            prop::sample::select(vec!["a", "1", " ", "é", "👩", "❤", "🏴", "م", "क", "\u{94d}", "葛", "\u{1f3fd}"])
                .prop_map(String::from),
            any::<char>().prop_map(String::from),
        ]
    }

    #[test]
    fn nothing_controlling_is_left_whatever_comes_in() {
        for c in ('\0'..=char::MAX).filter(|&c| is_control(c)) {
            assert!(!Printable(c).to_string().chars().any(is_control), "{:x}", u32::from(c));
        }
    }
}
