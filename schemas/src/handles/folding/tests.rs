use proptest::prelude::*;

use super::*;

#[test]
fn neither_case_nor_accents_nor_spaces_count() {
    for (text, typed) in [
        (" Zoë\u{a0} MÜLLER\n", "zoe muller"),
        ("Søren Kierkegård", "soren kierkegard"),
        ("ŁÓDŹ", "lodz"),
        ("Straße STRAẞE", "strasse strasse"),
        ("Đorđević Ðóra", "dordevic dora"),
        ("Işık IŞIK İstanbul", "isik isik istanbul"),
        ("Æsir Œuvre Þór Ħamrun Ŧ Ŋ ĸ", "aesir oeuvre thor hamrun t n q"),
        ("ſtraſſe", "strasse"),
        ("ΟΔΥΣΣΕΥΣ Οδυσσεύς", "οδυσσευσ οδυσσευσ"),
        ("Пётр Алёна", "петр алена"),
        ("Ｆｕｌｌ Ｗｉｄｔｈ ｶﾞ", "full width ガ"),
        ("O\u{2019}Brien O´Brien O\u{2bc}Brien", "o'brien o'brien o'brien"),
        ("Anna\u{2010}Lena\u{2011}Eva\u{2013}Mia", "anna-lena-eva-mia"),
        ("ﬁancé ǅ Ĳ", "fiance dz ij"),
        ("أَمَل", "امل"),
        ("שָׁלוֹם", "שלום"),
        ("Mum \u{2764}\u{fe0f}", "mum \u{2764}"),
        ("soft\u{ad}ly\u{200d}", "softly"),
        (" \u{301} ", ""),
    ] {
        assert_eq!(folded(text), typed, "{text}");
    }
}

#[test]
fn letters_of_their_own_stay() {
    for (one, other) in [
        ("ガ", "カ"),
        ("ば", "ぱ"),
        ("김", "기"),
        ("и", "й"),
        ("क", "कि"),
        ("ক্", "ক"),
        ("ก้า", "กา"),
        ("பா", "ப"),
        ("က္", "က"),
    ] {
        assert_ne!(folded(one), folded(other), "{one}");
        assert_eq!(folded(one), one, "kept as it is");
    }
    assert_eq!(folded("안나"), "안나");
    assert_eq!(folded("й"), folded("и\u{306}"));
}

#[test]
fn addresses_keep_their_accents() {
    assert_eq!(caseless(" José@Example.ORG "), "josé@example.org");
    assert_ne!(caseless("josé@x"), caseless("jose@x"));
    assert_eq!(caseless("jose\u{301}@x"), caseless("JOSÉ@X"));
    assert_ne!(caseless("søren@x"), caseless("soren@x"));
}

#[test]
fn the_tables_are_in_order_and_end_in_plain_letters() {
    assert!(LETTERS.is_sorted_by_key(|(letter, _)| *letter));
    for (letter, typed) in LETTERS {
        assert_eq!(letter.to_lowercase().collect::<String>(), letter.to_string(), "a small letter");
        assert_eq!(folded(typed), typed);
        assert_eq!(folded(&letter.to_uppercase().collect::<String>()), typed, "{letter}");
    }
    for ranges in [&MARKS[..], &UNSEEN, &APOSTROPHES, &HYPHENS] {
        assert!(ranges.is_sorted() && ranges.iter().all(|(first, last)| first <= last));
    }
}

#[test]
fn every_character_folds_to_what_folds_no_further() {
    for c in '\0'..=char::MAX {
        let once = folded(&format!("a{c}b"));
        assert_eq!(folded(&once), once, "{:x}", u32::from(c));
        // A vowel below another is a mark in small letters and stands beside it in capitals.
        let is_pair = c.to_lowercase().count() == 1 && c.to_uppercase().count() == 1 && !is_in(c, &MARKS);
        let same = || folded(&c.to_lowercase().to_string()) == folded(&c.to_uppercase().to_string());
        assert!(!is_pair || same(), "{:x}", u32::from(c));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_form_of_storage_makes_no_difference(text in any::<String>(), letters in "[a-zÀ-ɏͰ-ϿЀ-ӿ\u{300}-\u{36f}가-힣ァ-ヿ\u{3099}]{0,12}") {
        for text in [text, letters] {
            let own = folded(&text);
            prop_assert_eq!(folded(&text.nfc().collect::<String>()), own.as_str());
            prop_assert_eq!(folded(&text.nfd().collect::<String>()), own.as_str());
            prop_assert_eq!(folded(&own), own.as_str());
            prop_assert_eq!(caseless(&text.nfc().collect::<String>()), caseless(&text.nfd().collect::<String>()));
            prop_assert_eq!(caseless(&caseless(&text)), caseless(&text));
        }
    }
}

#[test]
fn the_short_way_of_latin_letters_folds_as_the_long_one() {
    let letters: Vec<char> = ('\0'..).take(LATIN).collect();
    for one in &letters {
        for other in &letters {
            let text = String::from_iter(['o', *one, *other, ' ', 'n']);
            assert_eq!(plain_latin(&text).unwrap(), plain(&text), "{text:?}");
            let long: String = text.nfc().flat_map(char::to_lowercase).nfc().collect();
            assert_eq!(caseless(&text), joined(&long), "{text:?}");
        }
    }
    assert_eq!(plain_latin("o\u{308}"), None);
}
