//! What somebody may have meant, where what they typed matches nothing: the names that are nearest to it, as a shell takes
//! them.

use corer_schemas::handles::{HandleQuery, folded};
use strsim::osa_distance;

use crate::cli::terminal::printable::is_control;

/// How many are suggested.
const MOST: usize = 3;

/// How many names are looked at, and how long they may be, in characters.
const LOOKED_AT: usize = 50_000;
const LONGEST: usize = 100;

/// The names that are nearest to what was typed, nearest first, each such that typing it finds it.
pub fn nearest<'n>(typed: &str, names: impl IntoIterator<Item = &'n str>) -> Vec<String> {
    let asked = folded(typed.trim_start_matches('='));
    if asked.is_empty() || asked.chars().count() > LONGEST {
        return Vec::new();
    }
    let mut near: Vec<(usize, String)> = Vec::new();
    for name in names.into_iter().take(LOOKED_AT) {
        let shown: String = name.trim().chars().filter(|c| !is_control(*c)).collect();
        if shown.chars().count() > LONGEST || !HandleQuery::new(&shown).means(name) {
            continue;
        }
        if let Some(distance) = distance(&asked, &folded(&shown)) {
            near.push((distance, shown));
        }
    }
    near.sort();
    near.dedup_by(|one, other| one.1 == other.1);
    near.into_iter().map(|(_, name)| name).take(MOST).collect()
}

/// How many letters lie between what was typed and a name, or as many words of it one after the other. `None`: too many.
fn distance(asked: &str, name: &str) -> Option<usize> {
    let letters = asked.chars().count();
    // A letter or two are in nearly every name.
    if letters > 2 && name.contains(asked) {
        return Some(1);
    }
    let count = asked.split(' ').count();
    let words: Vec<&str> = name.split([' ', '-']).collect();
    let parts = words.windows(count).map(|words| words.join(" "));
    let nearest = parts.chain([name.to_owned()]).map(|part| osa_distance(asked, &part)).min()?;
    let allowed = match letters {
        0..=2 => 0,
        3..=5 => 1,
        6..=10 => 2,
        _ => 3,
    };
    (nearest <= allowed).then_some(nearest)
}

/// A value as it is typed into a shell, quoted where that is needed.
pub fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "@+.,:/_-".contains(c);
    match text.chars().all(is_plain) && !text.is_empty() {
        true => text.to_owned(),
        false if cfg!(windows) => format!("\"{}\"", text.replace('"', "\\\"")),
        false => format!("'{}'", text.replace('\'', "'\\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 6] = [
        "Anna Kowalczyk",
        "Johanna M\u{fc}ller",
        "S\u{f8}ren",
        "Pat O\u{2019}Brien",
        "\u{200e}Eva",
        "hanako@example.jp",
    ];

    #[test]
    fn the_nearest_names_are_suggested() {
        let near = |typed: &str| nearest(typed, NAMES);
        assert_eq!(near("Kowalcyzk"), ["Anna Kowalczyk"]);
        assert_eq!(near("Ana"), ["Anna Kowalczyk", "hanako@example.jp"]);
        assert_eq!(near("hanna"), ["Anna Kowalczyk", "Johanna M\u{fc}ller"]);
        assert_eq!(near("Mueller"), ["Johanna M\u{fc}ller"]);
        assert_eq!(near("=Soeren"), ["S\u{f8}ren"]);
        assert_eq!(near("Evva"), ["Eva"]);
        for nothing in ["", " ", "x", "Wolfgang", &"a".repeat(5000)] {
            assert!(near(nothing).is_empty(), "{nothing}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_is_quoted_reaches_a_program_as_it_was() {
        for text in ["Anna Berg", "O'Brien", "a\"b$c`d\\e", "*", "", "-x", "=y", "\u{5b89}\u{5a1c}", "a!b #c;d&e|f"] {
            let output = std::process::Command::new("sh").args(["-c", &format!("printf %s {}", quoted(text))]).output();
            if let Ok(output) = output {
                assert_eq!(String::from_utf8_lossy(&output.stdout), text.trim_start_matches('\0'), "{text}");
            }
        }
    }
}
