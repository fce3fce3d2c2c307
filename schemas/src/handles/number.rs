//! Telephone numbers, and when two of them may be the same.
//!
//! Databases of messages hold numbers in international form, address books hold what somebody typed: with or without a
//! country code, with brackets, hidden marks of direction, digits of another script, letters for digits. A national number
//! is the end of the international one once the digit that only dials out of town is gone (`0` in most countries, `8` in
//! the countries of +7).

/// Shorter numbers are service numbers, not the ends of longer ones.
const SHORTEST_END: usize = 7;

/// Numbers have up to 15 digits (ITU-T E.164) and what is dialled before them.
const LONGEST: usize = 20;

/// A telephone number. Ordered by its form, then from its last digit on, so that numbers of one ending lie together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Number {
    /// Whether it begins with a country code.
    is_international: bool,
    /// Its digits from the last to the first.
    backwards: String,
}

impl Number {
    /// A number of the given form with these digits.
    fn new(is_international: bool, digits: &str) -> Self {
        Self { is_international, backwards: digits.chars().rev().collect() }
    }

    /// Reads a number. `None` for what is none.
    pub(super) fn read(text: &str) -> Option<Self> {
        let Dialled { has_plus, digits } = Dialled::read(text)?;
        if has_plus {
            return Some(Self::new(true, &digits));
        }
        match digits.strip_prefix("00") {
            Some(rest) if rest.len() > SHORTEST_END && !rest.starts_with('0') => Some(Self::new(true, rest)),
            _ => Some(Self::new(false, without_trunk(&digits))),
        }
    }

    /// Whether both may be one number: equal, or the national one the end of the other.
    pub(crate) fn may_be(&self, other: &Self) -> bool {
        if self.is_international == other.is_international && self.backwards == other.backwards {
            return true;
        }
        let (short, long) = match self.backwards.len() <= other.backwards.len() {
            true => (&self.backwards, &other.backwards),
            false => (&other.backwards, &self.backwards),
        };
        !(self.is_international && other.is_international)
            && short.len() >= SHORTEST_END
            && long.starts_with(short.as_str())
    }

    /// Whether it begins with a country code.
    pub(crate) fn is_international(&self) -> bool {
        self.is_international
    }

    /// So many of its last digits, the last one first; `None` for a shorter number.
    pub(crate) fn end(&self, digits: usize) -> Option<&str> {
        self.backwards.get(..digits)
    }

    /// Whether the number ends in these digits, given backwards.
    pub(crate) fn ends_in(&self, end: &Self) -> bool {
        self.is_international == end.is_international && self.backwards.starts_with(&end.backwards)
    }

    /// What other numbers must end in so that they may be this one, and what they may be in full: with and without a country
    /// code, but never both with one.
    pub(crate) fn endings(&self) -> impl Iterator<Item = Ending> {
        let is_long = self.backwards.len() >= SHORTEST_END;
        let forms = if self.is_international { &[false][..] } else { &[false, true][..] };
        let forms = forms.iter().copied().filter(move |_| is_long);
        forms.flat_map(|is_international| {
            let with = move |backwards: &str| Self { is_international, backwards: backwards.to_owned() };
            let shorter = (SHORTEST_END..self.backwards.len()).filter_map(|len| self.backwards.get(..len));
            let shorter = shorter.map(move |end| Ending::Whole(with(end)));
            shorter.chain([Ending::Open(with(&self.backwards))])
        })
    }
}

/// What another number must be so that it may be the same.
pub(crate) enum Ending {
    /// Exactly this.
    Whole(Number),
    /// This, and anything before it.
    Open(Number),
}

/// What somebody would dial.
struct Dialled {
    has_plus: bool,
    digits: String,
}

impl Dialled {
    /// Reads the digits of a number. `None` for what is none.
    fn read(text: &str) -> Option<Self> {
        // +44 (0)20 …: the zero in brackets is dialled without the country code only.
        let text = text.trim().replace("(0)", if text.contains('+') { "" } else { "0" });
        let mut own = Self { has_plus: false, digits: String::new() };
        let mut has_letters = false;
        for c in text.chars() {
            match c {
                '+' | '\u{ff0b}' if own.digits.is_empty() && !own.has_plus => own.has_plus = true,
                // What follows is dialled after somebody has answered.
                ',' | ';' | 'e' | 'p' | 'w' | 'x' if own.digits.len() >= SHORTEST_END => break,
                'A'..='Z' if !own.digits.is_empty() => {
                    has_letters = true;
                    own.digits.push(key(c));
                }
                _ if is_between(c) => {}
                _ => own.digits.push(digit(c)?),
            }
            if own.digits.len() > LONGEST {
                return None;
            }
        }
        let is_number = !own.digits.is_empty() && (!has_letters || own.digits.len() >= SHORTEST_END);
        is_number.then_some(own)
    }
}

/// The digit in any script that telephone numbers are typed in.
fn digit(c: char) -> Option<char> {
    // ASCII, full width, Arabic, Persian, Devanagari.
    let zeros = ['0', '\u{ff10}', '\u{660}', '\u{6f0}', '\u{966}'];
    let value = zeros.iter().filter_map(|zero| u32::from(c).checked_sub(u32::from(*zero))).find(|value| *value < 10)?;
    char::from_digit(value, 10)
}

/// What stands between digits and means nothing: separators, and hidden marks that were copied along.
fn is_between(c: char) -> bool {
    c.is_whitespace()
        || "-()./·\u{ad}\u{feff}\u{2212}".contains(c)
        || ('\u{200b}'..='\u{2015}').contains(&c)
        || ('\u{202a}'..='\u{202e}').contains(&c)
        || ('\u{2060}'..='\u{2069}').contains(&c)
}

/// The key of a telephone that carries a letter (ITU-T E.161).
fn key(letter: char) -> char {
    match letter {
        'A'..='C' => '2',
        'D'..='F' => '3',
        'G'..='I' => '4',
        'J'..='L' => '5',
        'M'..='O' => '6',
        'P'..='S' => '7',
        'T'..='V' => '8',
        _ => '9',
    }
}

/// A national number without the digit that dials out of town. Service numbers stay as they are.
fn without_trunk(digits: &str) -> &str {
    let rest = match digits.strip_prefix('8') {
        Some(rest) if digits.len() == 11 => rest,
        _ => digits.trim_start_matches('0'),
    };
    if rest.len() >= SHORTEST_END { rest } else { digits }
}
