//! Whom somebody asked for, and which names, numbers and addresses that means.
//!
//! Every word that was typed is the beginning of a word, or of a part of one: `lena` finds Anna-Lena, `berg anna` finds Anna
//! Berg, `ana` does not find hanako. In scripts that put no spaces between words a part may begin anywhere. Of a mail
//! address the parts before the `@` count; what is behind it only for whoever types an `@`. Numbers are compared as numbers
//! are. `=Anna Berg` asks for exactly that.

use unicode_normalization::char::is_combining_mark;

use super::address::Address;
use super::folding::folded;
use super::number::Number;

/// What begins the exact form.
const EXACTLY: char = '=';

/// One person, number or address, as typed.
#[derive(Debug, Clone)]
pub struct HandleQuery {
    typed: String,
    /// All of it, folded.
    whole: String,
    /// What is behind the sign, folded, of the exact form.
    exactly: Option<String>,
    words: Vec<String>,
    number: Option<Number>,
}

impl HandleQuery {
    /// Reads what was typed.
    pub fn new(typed: &str) -> Self {
        let typed = typed.trim();
        let bare = typed.strip_prefix(EXACTLY).map(str::trim_start);
        let whole = folded(typed);
        let number = match Address::read(bare.unwrap_or(typed)) {
            Some(Address::Number(number)) => Some(number),
            _ => None,
        };
        Self {
            words: parts(&whole).map(str::to_owned).collect(),
            exactly: bare.map(folded).filter(|text| !text.is_empty()),
            number,
            typed: typed.to_owned(),
            whole,
        }
    }

    /// What was typed.
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// Whether exactly this was asked for.
    pub fn is_exact(&self) -> bool {
        self.exactly.is_some()
    }

    /// Whether a name, number or address is meant.
    pub fn means(&self, name: &str) -> bool {
        match (&self.number, Address::read(name)) {
            (Some(asked), Some(Address::Number(number))) => asked.may_be(&number),
            _ => self.means_words(name),
        }
    }

    /// Whether a text is exactly what was typed, but for case and accents, and in scripts without spaces for how its parts are
    /// joined.
    pub fn is(&self, text: &str) -> bool {
        let text = folded(text);
        let exactly = self.exactly.as_ref().unwrap_or(&self.whole);
        !text.is_empty() && (text == self.whole || text == *exactly || joins(&text, exactly, Rest::None))
    }

    /// Whether a number is what was typed, however it is written.
    pub fn is_number(&self, handle: &str) -> bool {
        let number = self.number.as_ref().zip(Address::read(handle));
        matches!(number, Some((asked, Address::Number(number))) if asked.may_be(&number))
    }

    /// The same of what is no number, such as a title.
    pub fn means_words(&self, text: &str) -> bool {
        if self.is(text) {
            return true;
        }
        let text = folded(text);
        let is_in = |word: &String| begins_in(&text, word) || joins(&text, word, Rest::Any);
        !self.is_exact() && !self.words.is_empty() && self.words.iter().all(is_in)
    }
}

/// The words of a text and the parts of a hyphenated one.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', '-']).filter(|part| !part.is_empty())
}

/// What of a text may be left when its parts have been joined.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rest {
    None,
    Any,
}

/// The most parts of a name that are joined.
const MOST_PARTS: usize = 6;

/// Whether what was typed is parts of a folded text, joined in some order: in scripts without spaces people write 山田花子 where the
/// address book has 花子 and 山田.
fn joins(text: &str, typed: &str, rest: Rest) -> bool {
    let parts: Vec<&str> = parts(text).take(MOST_PARTS + 1).collect();
    let is_joined = (2..=MOST_PARTS).contains(&parts.len()) && !typed.is_empty() && typed.chars().all(needs_no_space);
    is_joined && follow(&parts, 0, typed, rest)
}

/// Whether what is left of what was typed is the parts that were not `used`, each a bit, one after the other.
fn follow(parts: &[&str], used: u32, typed: &str, rest: Rest) -> bool {
    if typed.is_empty() {
        return rest == Rest::Any || used.count_ones() as usize == parts.len();
    }
    parts.iter().enumerate().filter(|(place, _)| used & 1 << place == 0).any(|(place, part)| {
        let after = typed.strip_prefix(part);
        after.is_some_and(|after| follow(parts, used | 1 << place, after, rest))
            || rest == Rest::Any && part.starts_with(typed)
    })
}

/// Whether a part of a folded text begins with a word.
fn begins_in(text: &str, word: &str) -> bool {
    let counted = match (text.find('@'), text.contains(' ')) {
        (Some(at), false) if !word.contains('@') => text.get(..at).unwrap_or(text),
        _ => text,
    };
    let mut before = ' ';
    counted.char_indices().any(|(at, c)| {
        let is_start = begins(std::mem::replace(&mut before, c), c);
        is_start && text.get(at..).is_some_and(|rest| rest.starts_with(word))
    })
}

/// Whether a part of a text may begin with `c` after `before`.
fn begins(before: char, c: char) -> bool {
    let is_inside = |c: char| c.is_alphanumeric() || is_combining_mark(c);
    match is_combining_mark(c) {
        true => false,
        false => needs_no_space(before) || needs_no_space(c) || !is_inside(before) || !is_inside(c),
    }
}

/// Whether a letter is of a script that puts no space between words, or, in Korean, between the parts of a name.
pub(crate) fn needs_no_space(c: char) -> bool {
    matches!(c,
        // Thai and Lao; Myanmar; Khmer; Tai Le to Tai Tham.
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{1950}'..='\u{1aaf}'
        // Balinese and Javanese; more of Myanmar and Tai Viet.
        | '\u{1b00}'..='\u{1b7f}' | '\u{a980}'..='\u{a9ff}' | '\u{aa60}'..='\u{aadf}'
        // Radicals, kana, Bopomofo and Han; Hangul; the supplements of Han and kana.
        | '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}'
        | '\u{1aff0}'..='\u{1b16f}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn means(typed: &str, name: &str) -> bool {
        HandleQuery::new(typed).means(name)
    }

    #[test]
    fn where_no_space_stands_between_words_a_name_may_be_written_in_one() {
        for (typed, name) in [
            ("山田花子", "花子 山田"),
            ("花子山田", "花子 山田"),
            ("=山田花子", "花子 山田"),
            ("山田花", "花子 山田"),
            ("김민수", "민수 김"),
            ("=김민수", "민수 김"),
        ] {
            assert!(means(typed, name), "{typed}: {name}");
        }
        for (typed, name) in [
            ("山田次郎", "花子 山田"),
            ("=山田花", "花子 山田"),
            ("=山田", "花子 山田"),
            ("山田山田", "花子 山田"),
            ("bergenanna", "Anna Bergen"),
        ] {
            assert!(!means(typed, name), "{typed}: {name}");
        }
    }

    #[test]
    fn words_are_found_by_their_beginnings() {
        for (typed, name) in [
            ("anna", "Anna Kowalczyk"),
            ("KOWAL", "Anna Kowalczyk"),
            ("kowalczyk, a", "Kowalczyk, Anna"),
            ("berg anna", "Anna Berg"),
            ("lena", "Anna-Lena Berg"),
            ("Anna Lena", "Anna-Lena Berg"),
            ("anna-lena", "Anna Lena"),
            ("soren", "Søren"),
            ("SØREN", "Soren"),
            ("muller", "Jonas Müller"),
            ("brien", "Pat O\u{2019}Brien"),
            ("o'b", "Pat O\u{2019}Brien"),
            ("work", "Anna (Work)"),
            ("\u{2764}", "Mum \u{2764}\u{fe0f}"),
            ("anna", "\u{2764}Anna"),
            ("民秀", "金民秀"),
            ("민수", "김민수"),
            ("花子", "山田花子"),
            ("ชาย", "สมชาย"),
            ("tel", "TELEKOM"),
            ("112", "112 Notruf"),
            ("flowers", "1-800-FLOWERS"),
        ] {
            assert!(means(typed, name), "{typed}: {name}");
        }
    }

    #[test]
    fn what_is_inside_of_a_word_is_not_found() {
        for (typed, name) in [
            ("anna", "Johanna Müller"),
            ("anna", "Hannah"),
            ("ana", "hanako@example.jp"),
            ("berg", "Lindberg"),
            ("anna huber", "Anna Berg"),
            ("kom", "TELEKOM"),
            ("ष", "क्षमा"),
            ("カ", "ガ"),
            (" ", "Anna"),
            ("", "Anna"),
            ("-", "Anna-Lena"),
            ("=", "Anna"),
        ] {
            assert!(!means(typed, name), "{typed}: {name}");
        }
    }

    #[test]
    fn of_a_mail_address_the_parts_before_the_at_count() {
        let address = "Hanako.Yamada+x@mail.example.jp";
        for typed in ["hanako", "yamada", "x", "hanako.yam", "HANAKO.YAMADA+X@MAIL.EXAMPLE.JP", "yamada+x@", "@mail"] {
            assert!(means(typed, address), "{typed}");
        }
        for typed in ["mail", "example", "jp", "ana", "@example"] {
            assert!(!means(typed, address), "{typed}");
        }
    }

    #[test]
    fn numbers_go_by_their_digits_and_in_no_part() {
        for (typed, stored) in [
            ("(555) 010-1234", "+15550101234"),
            ("=0170 1234567", "+491701234567"),
            ("22000", "22000"),
            ("1234", "1234@example.com"),
        ] {
            assert!(means(typed, stored), "{typed}");
        }
        for (typed, stored) in [("1234", "+15550101234"), ("anna", "+15550101234"), ("22000", "122000")] {
            assert!(!means(typed, stored), "{typed}");
        }
    }

    #[test]
    fn the_exact_form_means_the_whole() {
        for name in ["Anna Berg", "anna berg", "=Anna Berg"] {
            assert!(means("=Anna Berg", name), "{name}");
        }
        for name in ["Anna Bergmann", "Anna", "Berg Anna", "Anna-Berg"] {
            assert!(!means("=Anna Berg", name), "{name}");
        }
        assert!(means("= anna@example.org", "Anna@Example.org") && !means("=anna", "anna@example.org"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn a_word_means_what_has_a_word_that_begins_so(
            typed in "[a-dA-D]{1,3}",
            words in proptest::collection::vec("[a-dA-D]{1,5}", 1..4),
            between in proptest::sample::select(vec![" ", "-", "  ", "\u{2011}", ", ", "."]),
        ) {
            let name = words.join(between);
            let expected = words.iter().any(|word| word.to_lowercase().starts_with(&typed.to_lowercase()));
            prop_assert_eq!(means(&typed, &name), expected, "{} {}", typed, name);
        }

        #[test]
        fn any_part_means_a_name_without_spaces(name in "[\u{4e00}-\u{4eff}가-각]{1,6}", from in 0_usize..6, len in 1_usize..6) {
            let part: String = name.chars().skip(from).take(len).collect();
            prop_assert_eq!(means(&part, &name), !part.is_empty());
        }

        #[test]
        fn every_name_is_found_by_itself(name in any::<String>(), exactly in any::<bool>()) {
            let typed = if exactly { format!("={name}") } else { name.clone() };
            // Points of Hebrew by themselves are letters to some, and nothing that is compared.
            let says_something = folded(&name).chars().any(char::is_alphanumeric);
            prop_assert!(!says_something || means(&typed, &name), "{}", typed);
        }
    }
}
