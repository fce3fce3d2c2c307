//! How ranges of a text look and where they lead, from the attributes of its runs.

use super::super::model::{Span, Style, TextEffect};
use super::detected;
use crate::formats::typedstream::{Attribute, AttributedString, Run};

/// Names of attributes whose presence alone says something.
const SWITCHES: [(&str, Style); 5] = [
    ("__kIMTextBoldAttributeName", Style::Bold),
    ("__kIMTextItalicAttributeName", Style::Italic),
    ("__kIMTextUnderlineAttributeName", Style::Underline),
    ("__kIMTextStrikethroughAttributeName", Style::Strikethrough),
    ("__kIMOneTimeCodeAttributeName", Style::OneTimeCode),
];

const EFFECT: &str = "__kIMTextEffectAttributeName";
const LINK: &str = "__kIMLinkAttributeName";
const MENTION: &str = "__kIMMentionConfirmedMention";

/// Names of attributes that hold what a data detector found.
const DETECTED: [&str; 5] = [
    "__kIMDataDetectedAttributeName",
    "__kIMAddressAttributeName",
    "__kIMCalendarEventAttributeName",
    "__kIMPhoneNumberAttributeName",
    "__kIMMoneyAttributeName",
];

/// Adds what a run says about its text. What goes on from the run before becomes longer: `open` are the
/// places of what the run before said.
pub(super) fn add(body: &AttributedString, run: &Run, spans: &mut Vec<Span>, open: &mut Vec<usize>) {
    let mut still = Vec::new();
    for (name, value) in body.attributes(run) {
        let Some(style) = style(name, value) else { continue };
        let goes_on = |place: &usize| {
            spans.get(*place).is_some_and(|span| span.range.end == run.bytes.start && span.style == style)
        };
        let place = open.iter().copied().find(goes_on);
        match place.and_then(|place| spans.get_mut(place)) {
            Some(span) => span.range.end = run.bytes.end,
            None => spans.push(Span { range: run.bytes.clone(), style }),
        }
        still.push(place.unwrap_or(spans.len() - 1));
    }
    *open = still;
}

fn style(name: &str, value: &Attribute) -> Option<Style> {
    if let Some((_, style)) = SWITCHES.iter().find(|(switch, _)| *switch == name) {
        return (*value != Attribute::Integer(0)).then(|| style.clone());
    }
    match (name, value) {
        (EFFECT, Attribute::Integer(number)) => i64::try_from(*number).ok().map(TextEffect::read).map(Style::Effect),
        (LINK, Attribute::Url(address) | Attribute::Text(address)) => Some(Style::Link(address.clone())),
        (MENTION, Attribute::Text(handle)) => Some(Style::Mention(handle.clone())),
        (_, Attribute::Data(archive)) if DETECTED.contains(&name) => {
            detected::read(archive).map(|found| Style::Detected(Box::new(found)))
        }
        _ => None,
    }
}
