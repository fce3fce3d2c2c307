//! How pages that search compare text: by the rule of [`corer_schemas::handles::folding`], as a script made of its tables.

use std::collections::BTreeMap;

use corer_schemas::handles::folding::{APOSTROPHES, HYPHENS, LETTERS, MARKS, UNSEEN};

/// The function, with places for the tables.
const SCRIPT: &str = include_str!("folding.js");

/// A script behind the function `fold`, which it may call. `script` begins with its own `"use strict"`, if with any.
pub fn with_folding(script: &str) -> String {
    format!("\"use strict\";\n{{\n{}{script}}}\n", fold())
}

/// The function `fold`, which gives what [`corer_schemas::handles::folding::folded`] gives.
fn fold() -> String {
    let each = |ranges: &[(char, char)], typed: &str| {
        let letters = ranges.iter().flat_map(|(first, last)| *first..=*last);
        letters.map(|letter| (letter.to_string(), typed.to_owned())).collect::<Vec<_>>()
    };
    let letters = LETTERS.iter().map(|(letter, typed)| (letter.to_string(), (*typed).to_owned()));
    let letters: BTreeMap<String, String> = letters.chain(each(&APOSTROPHES, "'")).chain(each(&HYPHENS, "-")).collect();
    let gone: String =
        MARKS.iter().chain(&UNSEEN).map(|(first, last)| format!("{}-{}", code(*first), code(*last))).collect();
    let letters = serde_json::to_string(&letters).unwrap_or_default();
    SCRIPT.replace("{LETTERS}", &letters).replace("{GONE}", &gone)
}

/// A character as scripts write it.
fn code(c: char) -> String {
    format!("\\u{{{:x}}}", u32::from(c))
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::process::{Command, Stdio};

    use corer_schemas::handles::folding::folded;

    use super::*;

    /// Latin with its extensions, IPA, modifiers and marks, Greek, Cyrillic, Hebrew, Arabic, Devanagari, Thai, jamo, Greek and
    /// Latin with marks, punctuation, letters in forms, kana, Han and Hangul, presentation forms, full and half width.
    const RANGES: [(u32, u32); 17] = [
        (0, 0x6ff),
        (0x900, 0x9ff),
        (0xe00, 0xe7f),
        (0x1000, 0x11ff),
        (0x1780, 0x17ff),
        (0x1ab0, 0x1aff),
        (0x1c80, 0x1c8f),
        (0x1d00, 0x218f),
        (0x2460, 0x24ff),
        (0x2c60, 0x2c7f),
        (0x2de0, 0x2dff),
        (0x3000, 0x33ff),
        (0xa640, 0xa7ff),
        (0xab30, 0xab6f),
        (0xac00, 0xad00),
        (0xf900, 0xffef),
        (0x1d400, 0x1d7ff),
    ];

    #[test]
    fn the_tables_are_in_the_script() {
        let script = fold();
        assert!(!script.contains("{LETTERS}") && !script.contains("{GONE}"));
        for (letter, typed) in LETTERS {
            assert!(script.contains(&format!("\"{letter}\":\"{typed}\"")), "{letter}");
        }
        assert!(script.contains("\\u{300}-\\u{36f}") && script.contains("\"\u{2019}\":\"'\""));
    }

    #[test]
    fn the_pages_fold_as_corer_does() {
        let letters = RANGES.iter().flat_map(|(first, last)| *first..=*last).filter_map(char::from_u32);
        let mut texts: Vec<String> = letters.clone().map(String::from).collect();
        texts.extend(letters.map(|c| format!("X{c}y\u{301} \u{438}\u{306}\u{200d}{c}")));
        let expected: Vec<String> = texts.iter().map(|text| folded(text)).collect();
        // What is not assigned in the version of Unicode that runs the script has no case or form there.
        let script = format!(
            "{}\nconst tests = JSON.parse(require('fs').readFileSync(0, 'utf8'));\nlet wrong = 0, count = 0;\n\
             for (const [text, expected] of tests) {{\n if (/\\p{{Cn}}/u.test(text)) continue;\n count++;\n\
             if (fold(text) !== expected) {{ wrong++; if (wrong < 20) console.log(JSON.stringify([text, fold(text), expected])); }} }}\n\
             console.log(`${{count > 10000 ? 'enough' : 'few'}} ${{wrong}}`);",
            fold()
        );
        let started = Command::new("node")
            .args(["-e", &script])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let Ok(mut node) = started else {
            // Without node the tables alone are compared, above.
            return;
        };
        let tests: Vec<_> = texts.iter().zip(&expected).collect();
        let input = serde_json::to_vec(&tests).unwrap();
        node.stdin.take().unwrap().write_all(&input).unwrap();
        let output = node.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(said.trim(), "enough 0", "{}", String::from_utf8_lossy(&output.stderr));
    }
}
