//! Text with attributes: what `NSAttributedString` archives.
//!
//! Its values are the string, then for each run the number of its attributes (counted from 1) and its length in UTF-16
//! units; a number that appears for the first time is followed by the dictionary that it stands for.

use std::borrow::Cow;
use std::ops::Range;

use super::{ObjectId, TypedStream, TypedStreamError, Value};

/// Bytes of text and data that the attributes of one string may copy.
const MAX_COPIED: usize = 16 << 20;

/// A text and what is said about its parts.
#[derive(Debug, Clone, PartialEq)]
pub struct AttributedString {
    /// The text. U+FFFC stands for each attachment.
    pub text: String,
    /// The parts that share their attributes, in order.
    pub runs: Vec<Run>,
    /// Whether everything was read. After damage the text is whole, runs are missing at the end.
    pub end: Result<(), TypedStreamError>,
    /// Dictionaries of attributes; several runs may share one.
    attributes: Vec<Vec<(String, Attribute)>>,
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Where it is, in UTF-16 units, as the data counts.
    pub utf16: Range<usize>,
    /// Where it is in [`AttributedString::text`], in bytes.
    pub bytes: Range<usize>,
    attributes: usize,
}

/// The value of an attribute.
#[derive(Debug, Clone, PartialEq)]
pub enum Attribute {
    /// A string.
    Text(String),
    /// The address of a link.
    Url(String),
    /// An integer or boolean.
    Integer(i128),
    /// A floating-point number.
    Real(f64),
    /// A moment, in seconds since 2001-01-01 UTC.
    Date(f64),
    /// Raw bytes; often an archive of their own.
    Data(Vec<u8>),
    /// An object of another class, by the name of the class.
    Other(String),
}

impl AttributedString {
    /// Reads the text of an archive whose root is an attributed or a plain string.
    ///
    /// # Errors
    /// [`TypedStreamError::NoText`] when the root is something else, and every error of [`TypedStream::read`] that
    /// strikes before the text ends. Later damage stands in [`AttributedString::end`].
    pub fn read(bytes: &[u8]) -> Result<Self, TypedStreamError> {
        let stream = TypedStream::read(bytes)?;
        // After damage the root object is the first one though no value holds it.
        let root = match (stream.roots.first(), stream.end) {
            (Some(Value::Object(root)), _) => *root,
            (None, Err(_)) => ObjectId(0),
            _ => return Err(TypedStreamError::NoText),
        };
        let lacking = stream.end.err().unwrap_or(TypedStreamError::NoText);
        if stream.is_a(root, "NSString") {
            let text = stream.text(root).ok_or(lacking)?.into_owned();
            return Ok(Self { text, runs: Vec::new(), end: stream.end, attributes: Vec::new() });
        }
        if !stream.is_a(root, "NSAttributedString") {
            return Err(lacking);
        }
        let mut values = stream.values(root).iter();
        // The string is no value of the root yet when the damage lies right behind its bytes.
        let text = match values.next() {
            Some(Value::Object(text)) => stream.text(*text),
            _ => (0..stream.entries.len()).find_map(|id| stream.text(ObjectId(id))),
        };
        let mut own =
            Self { text: text.ok_or(lacking)?.into_owned(), runs: Vec::new(), end: stream.end, attributes: Vec::new() };
        if let Err(error) = own.read_runs(&stream, values) {
            own.end = own.end.and(Err(error));
        }
        Ok(own)
    }

    /// The attributes of a run: name and value.
    pub fn attributes(&self, run: &Run) -> &[(String, Attribute)] {
        self.attributes.get(run.attributes).map_or(&[], Vec::as_slice)
    }

    /// One attribute of a run.
    pub fn attribute(&self, run: &Run, name: &str) -> Option<&Attribute> {
        self.attributes(run).iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    /// The text of a run.
    pub fn text_of(&self, run: &Run) -> &str {
        self.text.get(run.bytes.clone()).unwrap_or_default()
    }

    fn read_runs<'s, 'a: 's>(
        &mut self,
        stream: &TypedStream<'a>,
        mut values: impl Iterator<Item = &'s Value<'a>>,
    ) -> Result<(), TypedStreamError> {
        let mut copied = MAX_COPIED;
        let mut places = Places::new(&self.text);
        while let Some(number) = values.next() {
            let (Value::Integer(number), Some(Value::Integer(length))) = (number, values.next()) else {
                return Err(TypedStreamError::Damaged);
            };
            let index = usize::try_from(number - 1).map_err(|_| TypedStreamError::Damaged)?;
            let length = usize::try_from(*length).map_err(|_| TypedStreamError::Damaged)?;
            if index == self.attributes.len() {
                let Some(Value::Object(dictionary)) = values.next() else { return Err(TypedStreamError::Damaged) };
                self.attributes.push(dictionary_of(stream, *dictionary, &mut copied)?);
            } else if index > self.attributes.len() {
                return Err(TypedStreamError::Damaged);
            }
            let (utf16, bytes) = places.advance(length);
            self.runs.push(Run { utf16, bytes, attributes: index });
        }
        Ok(())
    }
}

/// Walks once over a text, counting in UTF-16 units and in bytes.
struct Places<'t> {
    text: &'t str,
    utf16: usize,
    byte: usize,
    /// Units that the last character had beyond the end of its run.
    over: usize,
}

impl<'t> Places<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, utf16: 0, byte: 0, over: 0 }
    }

    /// The next `length` units: the end of the text ends them, and a run that would end inside of a character
    /// holds all of it.
    fn advance(&mut self, length: usize) -> (Range<usize>, Range<usize>) {
        let (utf16, byte) = (self.utf16, self.byte);
        let mut left = length.saturating_sub(self.over);
        self.over = self.over.saturating_sub(length);
        for character in self.text.get(byte..).unwrap_or_default().chars() {
            if left == 0 {
                break;
            }
            let units = character.len_utf16();
            self.utf16 += units;
            self.byte += character.len_utf8();
            self.over = units.saturating_sub(left);
            left = left.saturating_sub(units);
        }
        (utf16..self.utf16, byte..self.byte)
    }
}

fn dictionary_of(
    stream: &TypedStream<'_>,
    dictionary: ObjectId,
    copied: &mut usize,
) -> Result<Vec<(String, Attribute)>, TypedStreamError> {
    let mut pairs = Vec::new();
    // The first value is the number of pairs.
    let mut values = stream.values(dictionary).iter().skip(1);
    while let (Some(Value::Object(key)), Some(value)) = (values.next(), values.next()) {
        let key = stream.text(*key).ok_or(TypedStreamError::Damaged)?.into_owned();
        let value = match value {
            Value::Object(value) => attribute(stream, *value),
            _ => continue,
        };
        let size = key.len() + value.size();
        *copied = copied.checked_sub(size).ok_or(TypedStreamError::TooLarge)?;
        pairs.push((key, value));
    }
    Ok(pairs)
}

fn attribute(stream: &TypedStream<'_>, object: ObjectId) -> Attribute {
    let values = stream.values(object);
    let known = if stream.is_a(object, "NSString") {
        stream.text(object).map(|text| Attribute::Text(text.into_owned()))
    } else if stream.is_a(object, "NSURL") {
        url(stream, values).map(Attribute::Url)
    } else {
        match values {
            // The C string names the type of the number.
            [Value::Bytes(_), Value::Integer(number)] if stream.is_a(object, "NSValue") => {
                Some(Attribute::Integer(*number))
            }
            [Value::Bytes(_), Value::Real(number)] if stream.is_a(object, "NSValue") => Some(Attribute::Real(*number)),
            [Value::Integer(_), Value::Bytes(bytes)] if stream.is_a(object, "NSData") => {
                Some(Attribute::Data(bytes.to_vec()))
            }
            [Value::Real(seconds)] if stream.is_a(object, "NSDate") => Some(Attribute::Date(*seconds)),
            _ => None,
        }
    };
    known.unwrap_or_else(|| Attribute::Other(stream.class_name(object).unwrap_or_default().into_owned()))
}

/// A URL says whether it has a base, which then precedes it.
fn url(stream: &TypedStream<'_>, values: &[Value<'_>]) -> Option<String> {
    match values {
        [Value::Integer(_), Value::Object(url)] => stream.text(*url).map(Cow::into_owned),
        [Value::Integer(_), Value::Object(base), Value::Object(relative)] => {
            let base = url_or_string(stream, *base)?;
            Some(base + &stream.text(*relative)?)
        }
        _ => None,
    }
}

/// A base is a URL of its own; one level is enough, since a base has no base.
fn url_or_string(stream: &TypedStream<'_>, object: ObjectId) -> Option<String> {
    match stream.values(object) {
        [Value::Integer(_), Value::Object(url)] => stream.text(*url).map(Cow::into_owned),
        _ => stream.text(object).map(Cow::into_owned),
    }
}

impl Attribute {
    /// How many bytes this copied.
    fn size(&self) -> usize {
        match self {
            Self::Text(text) | Self::Url(text) | Self::Other(text) => text.len(),
            Self::Data(bytes) => bytes.len(),
            Self::Integer(_) | Self::Real(_) | Self::Date(_) => 0,
        }
    }
}
