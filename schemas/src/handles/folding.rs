//! Text as it is compared and searched: one rule for everything that a person types, here and on the pages.
//!
//! Neither case nor accents count, and any white space is one space. Letters that no accent makes (`ø`, `ł`, `ß`, `æ`) are
//! what people type for them, after CLDR's Latin-ASCII and the machine-readable lines of passports. What is a letter of its
//! own stays one: the marks of kana and of Indic scripts, the vowels of Thai, the parts of Hangul, the breve of `й` (as in
//! CLDR's order of letters). `ü` is `u` and not `ue`: a rule by which it is both would also join `Manuel` and `Manül`.
//!
//! [`caseless`] is for what names one thing only: `josé@example.org` and `jose@example.org` are two addresses.
//!
//! The pages fold by the same tables, which is why they are public: in the order of [`folded`], each step once.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

/// Marks that say how a letter is spoken: of Latin, Greek and Cyrillic, the points of Hebrew, the vowels of Arabic and Syriac.
pub const MARKS: [(char, char); 23] = [
    ('\u{300}', '\u{36f}'),
    ('\u{483}', '\u{489}'),
    ('\u{591}', '\u{5bd}'),
    ('\u{5bf}', '\u{5bf}'),
    ('\u{5c1}', '\u{5c2}'),
    ('\u{5c4}', '\u{5c5}'),
    ('\u{5c7}', '\u{5c7}'),
    ('\u{610}', '\u{61a}'),
    ('\u{64b}', '\u{65f}'),
    ('\u{670}', '\u{670}'),
    ('\u{6d6}', '\u{6dc}'),
    ('\u{6df}', '\u{6e4}'),
    ('\u{6e7}', '\u{6e8}'),
    ('\u{6ea}', '\u{6ed}'),
    ('\u{730}', '\u{74a}'),
    ('\u{8d3}', '\u{8e1}'),
    ('\u{8e3}', '\u{8ff}'),
    ('\u{1ab0}', '\u{1aff}'),
    ('\u{1dc0}', '\u{1dff}'),
    ('\u{20d0}', '\u{20ff}'),
    ('\u{2de0}', '\u{2dff}'),
    ('\u{a66f}', '\u{a67d}'),
    ('\u{fe20}', '\u{fe2f}'),
];

/// What shows nothing, or only stretches: soft hyphens, joiners, marks of direction, selectors of a form, tags.
pub const UNSEEN: [(char, char); 10] = [
    ('\u{ad}', '\u{ad}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{640}', '\u{640}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{202a}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// What people type as an apostrophe and mean as one.
pub const APOSTROPHES: [(char, char); 6] = [
    ('\u{2b9}', '\u{2bf}'),
    ('\u{55a}', '\u{55a}'),
    ('\u{5f3}', '\u{5f3}'),
    ('\u{2018}', '\u{201b}'),
    ('\u{2032}', '\u{2032}'),
    ('\u{a78c}', '\u{a78c}'),
];

/// Every hyphen and dash.
pub const HYPHENS: [(char, char); 4] =
    [('\u{58a}', '\u{58a}'), ('\u{2010}', '\u{2015}'), ('\u{2212}', '\u{2212}'), ('\u{fe58}', '\u{fe58}')];

/// Small letters that no mark makes, and what is typed for them. Ordered.
pub const LETTERS: [(char, &str); 99] = [
    ('ß', "ss"),
    ('æ', "ae"),
    ('ð', "d"),
    ('ø', "o"),
    ('þ', "th"),
    ('đ', "d"),
    ('ħ', "h"),
    ('ĸ', "q"),
    ('ł', "l"),
    ('ŋ', "n"),
    ('œ', "oe"),
    ('ŧ', "t"),
    ('ƀ', "b"),
    ('ƃ', "b"),
    ('ƈ', "c"),
    ('ƌ', "d"),
    ('ƒ', "f"),
    ('ƕ', "hv"),
    ('ƙ', "k"),
    ('ƚ', "l"),
    ('ƞ', "n"),
    ('ƣ', "oi"),
    ('ƥ', "p"),
    ('ƫ', "t"),
    ('ƭ', "t"),
    ('ƴ', "y"),
    ('ƶ', "z"),
    ('ǝ', "e"),
    ('ǥ', "g"),
    ('ȡ', "d"),
    ('ȥ', "z"),
    ('ȴ', "l"),
    ('ȵ', "n"),
    ('ȶ', "t"),
    ('ȷ', "j"),
    ('ȸ', "db"),
    ('ȹ', "qp"),
    ('ȼ', "c"),
    ('ȿ', "s"),
    ('ɀ', "z"),
    ('ɇ', "e"),
    ('ɉ', "j"),
    ('ɋ', "q"),
    ('ɍ', "r"),
    ('ɏ', "y"),
    ('ɓ', "b"),
    ('ɔ', "o"),
    ('ɕ', "c"),
    ('ɖ', "d"),
    ('ɗ', "d"),
    ('ə', "e"),
    ('ɛ', "e"),
    ('ɠ', "g"),
    ('ɡ', "g"),
    ('ɣ', "g"),
    ('ɦ', "h"),
    ('ɨ', "i"),
    ('ɩ', "i"),
    ('ɪ', "i"),
    ('ɫ', "l"),
    ('ɬ', "l"),
    ('ɭ', "l"),
    ('ɱ', "m"),
    ('ɲ', "n"),
    ('ɳ', "n"),
    ('ɵ', "o"),
    ('ɼ', "r"),
    ('ɽ', "r"),
    ('ɾ', "r"),
    ('ʂ', "s"),
    ('ʈ', "t"),
    ('ʉ', "u"),
    ('ʋ', "v"),
    ('ʐ', "z"),
    ('ʑ', "z"),
    ('ʠ', "q"),
    ('ς', "σ"),
    ('ى', "ي"),
    ('ک', "ك"),
    ('ی', "ي"),
    ('ᵫ', "ue"),
    ('ᵬ', "b"),
    ('ᵭ', "d"),
    ('ᵮ', "f"),
    ('ᵯ', "m"),
    ('ᵰ', "n"),
    ('ᵱ', "p"),
    ('ᵽ', "p"),
    ('ᶃ', "g"),
    ('ẜ', "s"),
    ('ẝ', "s"),
    ('ỿ', "y"),
    ('ⱥ', "a"),
    ('ⱦ', "t"),
    ('ⱨ', "h"),
    ('ⱪ', "k"),
    ('ⱬ', "z"),
    ('ⱳ', "w"),
    ('ꞡ', "g"),
];

/// The letters of Latin that have a code of their own, with or without accents: before the first character that changes what
/// stands before it.
const LATIN: usize = 0x250;

/// Each of [`LATIN`] as [`plain`] has it, because most names are made of nothing else.
static PLAIN_LATIN: LazyLock<Vec<String>> =
    LazyLock::new(|| ('\0'..).take(LATIN).map(|c| plain(c.encode_utf8(&mut [0; 4]))).collect());

/// The text as it is compared: `Zoë  MÜLLER-Sørensen` is `zoe muller-sorensen`.
pub fn folded(text: &str) -> String {
    if text.is_ascii() {
        return joined(&text.to_ascii_lowercase());
    }
    joined(&plain_latin(text).unwrap_or_else(|| plain(text)))
}

/// The text in small letters, with its accents: what tells one address from another.
pub fn caseless(text: &str) -> String {
    if text.is_ascii() {
        return joined(&text.to_ascii_lowercase());
    }
    if is_latin(text) {
        return joined(&text.to_lowercase());
    }
    joined(&text.nfc().flat_map(char::to_lowercase).nfc().collect::<String>())
}

/// [`plain`], letter by letter. `None` for a text that holds more than Latin.
fn plain_latin(text: &str) -> Option<String> {
    let mut letters = String::with_capacity(text.len());
    for c in text.chars() {
        letters.push_str(PLAIN_LATIN.get(c as usize)?);
    }
    Some(letters)
}

fn is_latin(text: &str) -> bool {
    text.chars().all(|c| (c as usize) < LATIN)
}

/// The text without case and accents, its spaces as they are.
fn plain(text: &str) -> String {
    // An acute by itself would come apart into a space and a mark; people type it for an apostrophe.
    let parts: String = text.chars().map(|c| if matches!(c, '´' | '\u{1ffd}') { '\'' } else { c }).nfkd().collect();
    let parts = parts.replace("и\u{306}", "й").replace("И\u{306}", "Й");
    let letters = parts.chars().filter(|c| !is_in(*c, &MARKS) && !is_in(*c, &UNSEEN));
    // Capitals first, so that letters with one capital meet: ß and ẞ, ı and i, both small sigmas, ſ and s.
    let small = letters.flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    let mut plain = String::with_capacity(parts.len());
    for c in small {
        match LETTERS.binary_search_by_key(&c, |(letter, _)| *letter) {
            Ok(found) => plain.push_str(LETTERS.get(found).map_or("", |(_, typed)| typed)),
            Err(_) if is_in(c, &APOSTROPHES) => plain.push('\''),
            Err(_) if is_in(c, &HYPHENS) => plain.push('-'),
            Err(_) => plain.push(c),
        }
    }
    plain.nfc().collect()
}

fn joined(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

fn is_in(c: char, ranges: &[(char, char)]) -> bool {
    ranges.iter().any(|(first, last)| (*first..=*last).contains(&c))
}

#[cfg(test)]
mod tests;
