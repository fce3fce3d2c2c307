//! Text from a backup on its way to a terminal.
//!
//! Names and messages were typed by strangers. Escape sequences could move the cursor, rewrite what was printed, or
//! fill the clipboard; bidirectional controls could make a name read as another one. All of them become visible.

use std::fmt::{self, Display, Write};

/// Shows text with every control character as `\u{..}`.
#[derive(Debug, Clone, Copy)]
pub struct Printable<T>(pub T);

impl<T: Display> Display for Printable<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Filter(f), "{}", self.0)
    }
}

/// Replaces what must not reach a terminal while text passes through.
struct Filter<'a, 'b>(&'a mut fmt::Formatter<'b>);

impl Write for Filter<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // Almost all text is plain, and there may be half a million lines of it.
        if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return self.0.write_str(text);
        }
        let mut rest = text;
        while let Some((at, control)) = rest.char_indices().find(|&(_, c)| is_control(c)) {
            let (before, after) = rest.split_at(at);
            self.0.write_str(before)?;
            write!(self.0, "\\u{{{:x}}}", u32::from(control))?;
            rest = after.get(control.len_utf8()..).unwrap_or_default();
        }
        self.0.write_str(rest)
    }
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
        let text = "Анна 안나 안 👩\u{200d}👧 é 🏴\u{e0067}\u{e0062}";
        assert_eq!(Printable(text).to_string(), text);
    }

    #[test]
    fn nothing_controlling_is_left_whatever_comes_in() {
        for c in ('\0'..=char::MAX).filter(|&c| is_control(c)) {
            assert!(!Printable(c).to_string().chars().any(is_control), "{:x}", u32::from(c));
        }
    }
}
