//! Values that go by words.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

/// Takes each value by its first word, which is told where another is typed, or by any of the others.
pub fn named_values<T, W>(values: impl IntoIterator<Item = (T, W)>) -> impl TypedValueParser<Value = T>
where
    T: Copy + Send + Sync + 'static,
    W: AsRef<[&'static str]>,
{
    let known: Vec<(T, &'static str, Vec<&'static str>)> = values
        .into_iter()
        .filter_map(|(value, words)| {
            let (first, others) = words.as_ref().split_first()?;
            Some((value, *first, others.to_vec()))
        })
        .collect();
    let possible = known.iter().map(|(_, first, others)| PossibleValue::new(*first).aliases(others.iter().copied()));
    PossibleValuesParser::new(possible.collect::<Vec<_>>()).try_map(move |typed| {
        let meant = known.iter().find(|(_, first, others)| *first == typed || others.contains(&&*typed));
        meant.map(|(value, ..)| *value).ok_or("there is no such value")
    })
}
