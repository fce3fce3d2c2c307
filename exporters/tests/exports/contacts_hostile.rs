//! Contacts of hostile texts as files: what a foreign reader finds in the cards, and what tables and pages make of them.

use crate::cards::{Texts, card, contact, hostile, read, written};
use corer_exporters::contacts::vcard::clean;
use corer_exporters::contacts::{Format, Layout, Version};
use proptest::prelude::*;

/// Texts of a list without runs of white space, which `calcard` takes for one space there.
fn listed<'t>(texts: impl IntoIterator<Item = &'t String>) -> Vec<String> {
    let spaces = |c: char| matches!(c, ' ' | '\t');
    let one = |text: &String| text.split(spaces).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    texts.into_iter().map(one).collect()
}

/// Whether a card has this address letter for letter, but for what would end the line, which is encoded.
fn has_address(card: &str, property: &str, address: &str) -> bool {
    let letter = |c: char| match c {
        c if c.is_control() || ends_line(c) => c.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect(),
        c => c.to_string(),
    };
    let address: String = address.chars().map(letter).collect();
    let unfolded = card.replace("\r\n ", "");
    let ends = [format!("{property}:{address}"), format!(".{property}:{address}")];
    unfolded.split("\r\n").any(|line| line == ends[0] || line.ends_with(&ends[1]))
}

/// Every way in which some reader ends a line.
fn ends_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(
        std::env::var("CORER_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(96)
    ))]

    #[test]
    fn cards_of_3_read_back_equal_whatever_was_typed(texts in prop::collection::vec(hostile(), 26).prop_map(Texts)) {
        let contact = contact(&texts);
        let card = card(&contact, None, Version::V3);
        prop_assert!(card.split("\r\n").all(|line| line.len() <= 75 && !line.contains(ends_line)), "{}", card);
        let found = read(&card);
        let text = |at: usize| clean(&texts.0[at]);
        let is = |name: &str, expected: Vec<Vec<String>>| {
            prop_assert_eq!(found.get(name), Some(&expected), "{} of {}", name, card);
            Ok(())
        };
        is("N", vec![vec![text(2), text(1), String::new(), text(3), String::new()]])?;
        is("X-MAIDENNAME", vec![vec![text(4)]])?;
        is("ORG", vec![vec![text(7), text(8)]])?;
        is("TITLE", vec![vec![text(9)]])?;
        is("TEL", vec![vec![text(11)], vec![text(12)]])?;
        is("ADR", vec![vec![
            String::new(), String::new(), text(14), text(15), String::new(), String::new(), String::new(),
        ]])?;
        prop_assert!(has_address(&card, "URL", &texts.0[17]), "{}", card);
        is("X-ABRELATEDNAMES", vec![vec![text(18)]])?;
        let profile = &found["X-SOCIALPROFILE"][0][0];
        prop_assert!(profile.starts_with("x-apple:a") && profile.ends_with('z') && profile.is_ascii(), "{}", profile);
        is("NOTE", vec![vec![text(21)]])?;
        is("X-CORER-FIELD", vec![vec![text(23)]])?;
        prop_assert_eq!(listed(&found["NICKNAME"][0]), listed(&[text(5), text(6)]));
        prop_assert_eq!(listed(&found["CATEGORIES"][0]), listed(&[text(24), text(25)]));
        let labels = [text(10), text(16), "_$!<Mother>!$_".to_owned(), text(22)];
        is("X-ABLABEL", labels.map(|label| vec![label]).to_vec())?;
        // And nothing else: no value has become a property.
        let known = 14 + ["FN", "VERSION", "PRODID", "EMAIL", "BDAY", "UID"].len();
        prop_assert_eq!(found.len(), known, "{:?}", found.keys());
    }

    #[test]
    fn cards_of_4_read_back_equal_whatever_was_typed(texts in prop::collection::vec(hostile(), 26).prop_map(Texts)) {
        let contact = contact(&texts);
        let card = card(&contact, None, Version::V4);
        prop_assert!(card.split("\r\n").all(|line| line.len() <= 75 && !line.contains(ends_line)), "{}", card);
        let found = read(&card);
        let text = |at: usize| clean(&texts.0[at]);
        let is = |name: &str, expected: Vec<Vec<String>>| {
            prop_assert_eq!(found.get(name), Some(&expected), "{} of {}", name, card);
            Ok(())
        };
        is("X-MAIDENNAME", vec![vec![text(4)]])?;
        is("ORG", vec![vec![text(7), text(8)]])?;
        is("TITLE", vec![vec![text(9)]])?;
        is("TEL", vec![vec![text(11)], vec![text(12)]])?;
        prop_assert!(has_address(&card, "URL", &texts.0[17]), "{}", card);
        is("RELATED", vec![vec![text(18)]])?;
        is("NOTE", vec![vec![text(21)]])?;
        is("N", vec![vec![text(2), text(1), String::new(), text(3), String::new()]])?;
        is("X-CORER-FIELD", vec![vec![text(23)]])?;
        prop_assert_eq!(listed(&found["NICKNAME"][0]), listed(&[text(5), text(6)]));
        prop_assert_eq!(listed(&found["CATEGORIES"][0]), listed(&[text(24), text(25)]));
        let address = &found["ADR"][0];
        prop_assert_eq!((&address[2], &address[3]), (&text(14), &text(15)));
        // And nothing else: no value has become a property.
        let known = 12 + ["FN", "VERSION", "PRODID", "EMAIL", "BDAY", "UID", "SOCIALPROFILE", "X-ABLABEL"].len();
        prop_assert_eq!(found.len(), known, "{:?}", found.keys());
        for name in ["N", "BDAY", "UID", "VERSION", "PRODID"] {
            prop_assert_eq!(found[name].len(), 1, "{}", name);
        }
    }

    #[test]
    fn tables_and_pages_stay_what_they_are(texts in prop::collection::vec(hostile(), 26).prop_map(Texts)) {
        let contacts = [contact(&texts)];
        for layout in [Layout::People, Layout::Google, Layout::Outlook, Layout::Imazing] {
            let table = written(&contacts, Format::Csv, layout);
            let table = table.strip_prefix('\u{feff}').unwrap_or(&table);
            let mut reader = csv::Reader::from_reader(table.as_bytes());
            let columns = reader.headers().unwrap().len();
            let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
            prop_assert_eq!((rows.len(), rows[0].len()), (1, columns));
            if layout == Layout::People {
                let is_number = |cell: &str| cell.chars().all(|c| c.is_ascii_digit() || "+ ()-".contains(c));
                let is_formula = |cell: &&str| cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number(cell);
                prop_assert_eq!(rows[0].iter().find(is_formula), None);
            }
            // The number as it was typed, in every layout.
            prop_assert!(rows[0].iter().any(|cell| cell.contains(&texts.0[11])), "{:?}", layout);
        }
        let lines = written(&contacts, Format::Jsonl, Layout::People);
        prop_assert_eq!(lines.lines().count(), 3);
        let record: serde_json::Value = serde_json::from_str(lines.lines().nth(1).unwrap()).unwrap();
        prop_assert_eq!(record["notes"][0].as_str(), Some(&*texts.0[21]));
        let page = written(&contacts, Format::Html, Layout::People);
        prop_assert_eq!(page.matches("<li class=\"person\"").count(), 1);
        prop_assert_eq!(page.matches("<script").count(), 1);
    }
}
