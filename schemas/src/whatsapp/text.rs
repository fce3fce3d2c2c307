//! What people wrote: `@15550101234` names somebody, whom the app shows by name. So does this reader: the text says the name,
//! and a range of it says who that is.

use std::ops::Range;

use super::jid::Jid;
use super::names::Names;
use crate::messages::{Span, Style};

/// How many digits an identifier has.
const DIGITS: std::ops::RangeInclusive<usize> = 5..=20;

/// The most people that one text names.
const MOST: usize = 1024;

/// A text as the app shows it, and whom it names where.
pub(super) fn shown(text: String, names: &Names<'_>) -> (String, Vec<Span>) {
    if !text.contains('@') {
        return (text, Vec::new());
    }
    let (mut shown, mut spans) = (String::with_capacity(text.len()), Vec::new());
    let mut rest = 0;
    for (start, digits) in candidates(&text).take(MOST) {
        let Some((name, address)) = known(digits, names) else { continue };
        shown.push_str(text.get(rest..start).unwrap_or_default());
        let from = shown.len();
        shown.push('@');
        shown.push_str(&name);
        spans.push(Span { range: Range { start: from, end: shown.len() }, style: Style::Mention(address) });
        rest = start + 1 + digits.len();
    }
    shown.push_str(text.get(rest..).unwrap_or_default());
    (shown, spans)
}

/// Where a text may name somebody: the place of the `@`, and the digits behind it.
fn candidates(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices('@').filter_map(move |(start, _)| {
        let before = text.get(..start)?.chars().next_back();
        let after = text.get(start + 1..)?;
        let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        let is_mail = before.is_some_and(char::is_alphanumeric);
        (DIGITS.contains(&end) && !is_mail).then_some((start, after.get(..end)?))
    })
}

/// Who the digits are of, where anybody knows: the name to show, and the number or address.
fn known(digits: &str, names: &Names<'_>) -> Option<(String, String)> {
    let by = |server: &str| {
        let jid = format!("{digits}@{server}");
        let is_known =
            names.knows(&jid) || Jid::read(&jid).is_some_and(|jid| jid.is_lid() && names.number_of(jid).is_some());
        let handle = names.person(&jid).filter(|handle| is_known || handle.name.is_some())?;
        let name = handle.name.clone().unwrap_or_else(|| handle.address.clone());
        Some((name, handle.address.clone()))
    };
    by("lid").or_else(|| by("s.whatsapp.net"))
}
