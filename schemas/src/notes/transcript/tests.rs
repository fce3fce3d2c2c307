use proptest::prelude::*;

use super::*;
use crate::notes::made::Field::{Bytes, Number};
use crate::notes::made::message as made;

/// A graph that is put together piece by piece.
#[derive(Default)]
struct Made {
    entries: Vec<Vec<u8>>,
    keys: Vec<String>,
    types: Vec<String>,
}

impl Made {
    fn add(&mut self, entry: Vec<u8>) -> u64 {
        self.entries.push(entry);
        self.entries.len() as u64 - 1
    }

    fn place(names: &mut Vec<String>, name: &str) -> u64 {
        let place = names.iter().position(|own| own == name).unwrap_or_else(|| {
            names.push(name.to_owned());
            names.len() - 1
        });
        place as u64
    }

    fn map(&mut self, kind: &str, values: &[(&str, Vec<u8>)]) -> u64 {
        let mut map = made(&[(1, Number(Self::place(&mut self.types, kind)))]);
        for (name, value) in values {
            let key = Self::place(&mut self.keys, name);
            map.extend(made(&[(3, Bytes(&made(&[(1, Number(key)), (2, Bytes(value))])))]));
        }
        self.add(made(&[(13, Bytes(&map))]))
    }

    fn newest(&mut self, entry: u64) -> Vec<u8> {
        to(self.add_newest(entry))
    }

    fn add_newest(&mut self, entry: u64) -> u64 {
        self.add(made(&[(1, Bytes(&made(&[(2, Bytes(&to(entry)))])))]))
    }

    fn text(&mut self, text: &str) -> Vec<u8> {
        let entry = self.map("com.apple.CRDT.NSString", &[("self", made(&[(4, Bytes(text.as_bytes()))]))]);
        self.newest(entry)
    }

    fn time(&mut self, time: f64) -> Vec<u8> {
        let mut value = vec![3 << 3 | 1];
        value.extend(time.to_bits().to_le_bytes());
        let entry = self.map("com.apple.CRDT.NSNumber", &[("doubleValue", value)]);
        self.newest(entry)
    }

    /// A piece of a recording with these words.
    fn fragment(&mut self, words: &[(&str, Option<&str>, f64)]) -> u64 {
        let mut pairs = Vec::new();
        for (text, speaker, time) in words {
            let mut values = vec![("text", self.text(text)), ("timestamp", self.time(*time))];
            values.extend(speaker.map(|speaker| ("speaker", self.text(speaker))));
            let segment = self.map(SEGMENT, &values);
            pairs.extend(made(&[(1, Bytes(&made(&[(1, Bytes(&to(segment))), (2, Bytes(&to(segment)))])))]));
        }
        let set = self.add(made(&[(15, Bytes(&made(&[(2, Bytes(&pairs))])))]));
        self.map(FRAGMENT, &[("identity", made(&[(4, Bytes(b"SOUND"))])), ("transcript", to(set))])
    }

    fn recording(mut self, fragments: &[u64], summary: Option<&str>) -> Vec<u8> {
        let items: Vec<u8> =
            fragments.iter().flat_map(|own| made(&[(1, Bytes(&made(&[(2, Bytes(&to(*own)))])))])).collect();
        let list = self.add(made(&[(5, Bytes(&items))]));
        let mut values = vec![("fragments", to(list))];
        if let Some(summary) = summary {
            let text = self.add(made(&[(10, Bytes(&made(&[(2, Bytes(summary.as_bytes()))])))]));
            values.push(("topLineSummary", self.newest(text)));
        }
        self.map(RECORDING, &values);
        let all = |number, values: Vec<&[u8]>| {
            values.into_iter().flat_map(move |value| made(&[(number, Bytes(value))])).collect::<Vec<_>>()
        };
        let entries = all(3, self.entries.iter().map(Vec::as_slice).collect());
        let keys = all(4, self.keys.iter().map(|key| key.as_bytes()).collect());
        let types = all(5, self.types.iter().map(|kind| kind.as_bytes()).collect());
        [entries, keys, types].concat()
    }
}

/// A recording of two words.
pub fn two_words() -> Vec<u8> {
    let mut graph = Made::default();
    let fragment = graph.fragment(&[("good", None, 1.0), ("morning", None, 2.0)]);
    graph.recording(&[fragment], None)
}

fn to(entry: u64) -> Vec<u8> {
    made(&[(6, Number(entry))])
}

#[test]
fn words_stand_in_the_order_of_time_with_who_said_them() {
    let mut graph = Made::default();
    let words = [
        (" there", Some("+491"), 0.5),
        ("Hello", Some("+491"), 0.0),
        ("Hi", Some("+492"), 1.0),
        ("you", Some("+492"), 2.0),
        (".", Some("+492"), 2.5),
    ];
    let one = graph.fragment(&words);
    // The second piece has a time of its own.
    let two = graph.fragment(&[("Bye", None, 0.1), ("now.\n\n", None, 0.2), ("Over", None, 0.3)]);
    let bytes = graph.recording(&[one, two], Some("A call.\n"));
    let wanted = "Summary: A call.\n+491: Hello there\n+492: Hi you.\nBye now.\nOver";
    assert_eq!(read(&bytes).unwrap().as_deref(), Some(wanted));
    // The same in the wrapping of tables.
    let wrapped = made(&[(2, Bytes(&made(&[(3, Bytes(&bytes))])))]);
    assert_eq!(read(&wrapped).unwrap().as_deref(), Some(wanted));
}

#[test]
fn words_whose_pieces_are_not_found_are_not_lost() {
    let mut graph = Made::default();
    graph.fragment(&[("two", None, 2.0), ("one", None, 1.0)]);
    assert_eq!(read(&graph.recording(&[], None)).unwrap().as_deref(), Some("one two"));
    assert_eq!(read(&Made::default().recording(&[], None)), Ok(None));
}

#[test]
fn words_that_are_referred_to_too_often_are_refused() {
    let mut graph = Made::default();
    let text = graph.text(&"x".repeat(1 << 20));
    let segments: Vec<u64> = (0..10_000).map(|_| graph.map(SEGMENT, &[("text", text.clone())])).collect();
    assert_eq!(segments.len(), 10_000);
    assert!(read(&graph.recording(&[], None)).is_err());
}

proptest! {
    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
        let _ = read(&bytes);
    }

    #[test]
    fn damage_is_survived(at in 0_usize..10_000, to in any::<u8>()) {
        let mut graph = Made::default();
        let fragment = graph.fragment(&[("a", Some("b"), 1.0), ("c", None, 2.0)]);
        let mut bytes = graph.recording(&[fragment], Some("d"));
        let length = bytes.len();
        bytes[at % length] = to;
        let _ = read(&bytes);
    }
}
