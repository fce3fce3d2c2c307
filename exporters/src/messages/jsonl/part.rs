//! The parts of a message, and what stands out in its text.

use std::cell::Cell;

use corer_schemas::messages::{DetectedKind, Message, Part, PartContent, Span, Style};
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::{Value, json};

use crate::clock::exact;

#[derive(Serialize)]
pub(super) struct PartRecord<'a> {
    index: u32,
    kind: &'static str,
    /// Where it stands in the text of the message, in characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    spans: Vec<SpanRecord<'a>>,
    /// Which of the attachments.
    #[serde(skip_serializing_if = "Option::is_none")]
    attachment: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
}

#[derive(Serialize)]
struct SpanRecord<'a> {
    start: usize,
    end: usize,
    style: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attachment: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<Value>,
}

/// Counts characters up to places in a text, each place counted on from the one before: a text may have thousands.
struct Characters<'a> {
    text: &'a str,
    is_ascii: bool,
    /// The last place, in bytes, and the characters before it.
    last: Cell<(usize, usize)>,
}

impl Characters<'_> {
    fn before(&self, byte: usize) -> usize {
        let byte = byte.min(self.text.len());
        if self.is_ascii || !self.text.is_char_boundary(byte) {
            return byte;
        }
        let (from, count) = self.last.get();
        let between = |start: usize, end: usize| self.text.get(start..end).unwrap_or_default().chars().count();
        let count = match from <= byte {
            true => count + between(from, byte),
            false => count.saturating_sub(between(byte, from)),
        };
        self.last.set((byte, count));
        count
    }
}

/// The parts of a message in their order.
pub(super) fn parts<'a>(message: &'a Message, zone: &TimeZone) -> Vec<PartRecord<'a>> {
    let text = message.text.as_deref().unwrap_or_default();
    let characters = Characters { text, is_ascii: text.is_ascii(), last: Cell::new((0, 0)) };
    message.parts.iter().map(|part| PartRecord::new(part, &characters, zone)).collect()
}

impl<'a> PartRecord<'a> {
    fn new(part: &'a Part, characters: &Characters<'_>, zone: &TimeZone) -> Self {
        let mut record = Self {
            index: part.index,
            kind: "app",
            start: None,
            end: None,
            spans: Vec::new(),
            attachment: None,
            date: None,
        };
        match &part.content {
            PartContent::Text { range, spans } => {
                record.kind = "text";
                record.start = Some(characters.before(range.start));
                record.end = Some(characters.before(range.end));
                record.spans = spans.iter().map(|span| SpanRecord::new(span, characters)).collect();
            }
            PartContent::Attachment(index) => {
                record.kind = "attachment";
                record.attachment = *index;
            }
            PartContent::App => {}
            PartContent::Unsent { date } => {
                record.kind = "unsent";
                record.date = exact(*date, zone);
            }
        }
        record
    }
}

impl<'a> SpanRecord<'a> {
    fn new(span: &'a Span, characters: &Characters<'_>) -> Self {
        let (style, value, attachment, fields) = match &span.style {
            Style::Bold => ("bold", None, None, None),
            Style::Italic => ("italic", None, None, None),
            Style::Underline => ("underline", None, None, None),
            Style::Strikethrough => ("strikethrough", None, None, None),
            Style::Effect(effect) => ("effect", effect.name(), None, None),
            Style::Link(url) => ("link", Some(&**url), None, None),
            Style::Mention(address) => ("mention", Some(&**address), None, None),
            Style::OneTimeCode => ("one_time_code", None, None, None),
            Style::Detected(found) => {
                let fields = found.fields.iter().map(|(name, value)| (name.clone(), json!(value)));
                ("detected", Some(detected(&found.kind)), None, Some(Value::Object(fields.collect())))
            }
            Style::Picture(index) => ("picture", None, *index, None),
        };
        let (start, end) = (characters.before(span.range.start), characters.before(span.range.end));
        Self { start, end, style, value, attachment, fields }
    }
}

fn detected(kind: &DetectedKind) -> &str {
    match kind {
        DetectedKind::Address => "address",
        DetectedKind::Date => "date",
        DetectedKind::PhoneNumber => "phone_number",
        DetectedKind::Email => "email",
        DetectedKind::Money => "money",
        DetectedKind::Quantity => "quantity",
        DetectedKind::Tracking => "tracking",
        DetectedKind::Flight => "flight",
        DetectedKind::Link => "link",
        DetectedKind::Other(name) => name,
    }
}
