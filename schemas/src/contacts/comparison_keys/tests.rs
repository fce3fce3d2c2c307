use super::*;

#[test]
fn punctuation_and_case_are_nothing_and_everything_else_is_kept() {
    let same = |one: &str, other: &str| number(one) == number(other);
    for (one, other) in [
        ("+14155550134", "+1 (415) 555-0134"),
        ("+14155550134", "\u{202a}+1\u{a0}415\u{2011}555\u{2013}01\u{200e}34\u{202c}"),
        ("415.555.0134 ext. 12", "(415) 555 0134 EXT 12"),
        ("1-800-MY-APPLE", "1 800 my apple"),
        ("+14155550134,,12#", "+1 415 555 0134 ,,12#"),
    ] {
        assert!(same(one, other), "{one} {other}");
    }
    for (one, other) in [
        ("+14155550134", "+14155550134,,12"),
        ("+14155550134,12", "+14155550134,,12"),
        ("+14155550134;12", "+14155550134,12"),
        ("+14155550134 x12", "+14155550134 x13"),
        ("+14155550134p1", "+14155550134w1"),
        ("1-800-MY-APPLE", "1-800-69-27753"),
        ("+14155550134", "4155550134"),
        ("+14155550134", "0014155550134"),
        ("+44 (0)20 7946 0958", "+44 20 7946 0958"),
        ("0170 1234567/8", "0170 12345678"),
        ("٠٥٠١٢٣٤٥٦٧", "0501234567"),
        ("12", "1-2"),
    ] {
        assert!(!same(one, other), "{one} {other}");
    }
}

#[test]
fn texts_keep_their_accents_and_addresses_the_case_of_their_path() {
    assert_eq!(caseless(" Zoë\n MÜLLER "), caseless("Zoe\u{308} müller"));
    for (one, other) in [("Zoë", "Zoe"), ("Łukasz", "Lukasz"), ("a.b", "ab"), ("O'Brien", "OBrien"), ("ı", "i")] {
        assert_ne!(caseless(one), caseless(other));
    }
    let web = |text: &str| address(text);
    assert_eq!(web("HTTP://Example.org/a"), web(" http://example.org/a"));
    assert_eq!(web("Example.ORG"), web("example.org"));
    for (one, other) in [
        ("http://bit.ly/aB", "http://bit.ly/Ab"),
        ("example.org?a=B", "example.org?a=b"),
        ("ftp://Me@example.org/", "ftp://me@example.org/"),
        ("http://example.org", "https://example.org"),
        ("http://example.org", "http://example.org/"),
    ] {
        assert_ne!(web(one), web(other));
    }
}

#[test]
fn a_label_is_what_it_means_and_none_is_no_label() {
    let of = |label: Option<&str>| {
        labelled(&Labelled { label: label.map(Label::new), value: "1".to_owned() }, |text| number(text))
    };
    assert_eq!(of(Some("_$!<Mobile>!$_")), of(Some("mobile")));
    assert_eq!(of(Some("_$!<HomeFAX>!$_")), of(Some("Home Fax")));
    let all = [None, Some(""), Some("_$!<Home>!$_"), Some("_$!<Work>!$_"), Some("Café"), Some("Cafe"), Some("-")];
    assert_eq!(all.map(of).iter().collect::<std::collections::BTreeSet<_>>().len(), all.len());
}
