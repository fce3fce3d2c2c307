//! Text with attributes: what `NSAttributedString` archives.
//!
//! Its values are the string, then for each run the number of its attributes (counted from 1) and its length in UTF-16
//! units; a number that appears for the first time is followed by the dictionary that it stands for.

use std::borrow::Cow;
use std::ops::Range;

use super::{ObjectId, TypedStream, TypedStreamError, Value};

/// Bytes of text and data that the attributes of one string may copy.
const MAX_COPIED: usize = 16 << 20;
/// Attributes that one string may have, those inside of others counted.
const MAX_ATTRIBUTES: usize = 100_000;
/// How deep dictionaries of attributes may nest. Real ones hold one inside of the other.
const MAX_DEPTH: usize = 16;

/// Names and values in the order of the stream.
type Attributes = Vec<(String, Attribute)>;

/// A text and what is said about its parts.
#[derive(Debug, Clone, PartialEq)]
pub struct AttributedString {
    /// The text. U+FFFC stands for each attachment.
    pub text: String,
    /// The parts that share their attributes, in order.
    pub runs: Vec<Run>,
    /// Whether everything was read. After damage the text is complete, runs are missing at the end.
    pub end: Result<(), TypedStreamError>,
    /// Dictionaries of attributes; several runs may share one.
    attributes: Vec<Attributes>,
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
    /// Names with values of their own.
    Dictionary(Vec<(String, Attribute)>),
    /// An object of another class, by the name of the class.
    Other(String),
}

impl AttributedString {
    /// Reads the text of an archive whose root is an attributed or a plain string. Of a damaged archive, as much as can
    /// be told apart from the damage.
    ///
    /// # Errors
    /// [`TypedStreamError::NoText`] when the root is something else, and what [`TypedStream::read`] says when no text
    /// can be found. Where there is text, damage stands in [`AttributedString::end`].
    pub fn read(bytes: &[u8]) -> Result<Self, TypedStreamError> {
        let stream = TypedStream::read(bytes)?;
        let root = match stream.roots.first() {
            Some(Value::Object(root)) => *root,
            // After damage the root object is the first one, though no value holds it yet.
            _ if stream.end.is_err() => ObjectId(0),
            _ => return Err(TypedStreamError::NoText),
        };
        if stream.is_a(root, "NSString") {
            return Self::plain(stream.text(root), &stream, bytes);
        }
        if !stream.is_a(root, "NSAttributedString") {
            return Err(stream.end.err().unwrap_or(TypedStreamError::NoText));
        }
        let mut values = stream.values(root).iter();
        let text = match values.next() {
            Some(Value::Object(text)) => stream.text(*text),
            _ => None,
        };
        let mut own = Self::plain(text, &stream, bytes)?;
        if let Err(error) = own.read_runs(&stream, values) {
            own.end = own.end.and(Err(error));
        }
        Ok(own)
    }

    /// A text without runs.
    fn plain(text: Option<Cow<'_, str>>, stream: &TypedStream<'_>, bytes: &[u8]) -> Result<Self, TypedStreamError> {
        let end = stream.end;
        let text = match (text, end) {
            (Some(text), _) => text.into_owned(),
            (None, Ok(())) => return Err(TypedStreamError::NoText),
            (None, Err(error)) => salvage(bytes).ok_or(error)?.to_owned(),
        };
        Ok(Self { text, runs: Vec::new(), end, attributes: Vec::new() })
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
        let mut budget = Budget { bytes: MAX_COPIED, values: MAX_ATTRIBUTES };
        let mut places = Places::new(&self.text);
        while let Some(number) = values.next() {
            let (Value::Integer(number), Some(Value::Integer(length))) = (number, values.next()) else {
                return Err(TypedStreamError::Damaged);
            };
            let index = usize::try_from(number - 1).map_err(|_| TypedStreamError::Damaged)?;
            let length = usize::try_from(*length).map_err(|_| TypedStreamError::Damaged)?;
            if index == self.attributes.len() {
                let Some(Value::Object(dictionary)) = values.next() else { return Err(TypedStreamError::Damaged) };
                self.attributes.push(dictionary_of(stream, *dictionary, &mut budget, 0)?);
            } else if index > self.attributes.len() {
                return Err(TypedStreamError::Damaged);
            }
            let (utf16, bytes) = places.advance(length);
            self.runs.push(Run { utf16, bytes, attributes: index });
        }
        Ok(())
    }
}

/// The text of a stream whose numbers or lengths are damaged: what follows the name of the string class and the type of
/// its bytes, up to the length that is said, or to where it is no text any more (the byte that ends an object cannot
/// begin a character).
fn salvage(bytes: &[u8]) -> Option<&str> {
    const CLASS: &[u8] = b"NSString";
    /// The version, the superclass and the type lie between the name and the length.
    const BETWEEN: usize = 16;
    let name = bytes.windows(CLASS.len()).position(|window| window == CLASS)?;
    let after = bytes.get(name + CLASS.len()..)?;
    let plus = after.iter().take(BETWEEN).position(|byte| *byte == b'+')?;
    let (length, text) = match after.get(plus + 1..)? {
        [0x81, low, high, rest @ ..] => (usize::from(u16::from_le_bytes([*low, *high])), rest),
        [0x82, a, b, c, d, rest @ ..] => (usize::try_from(u32::from_le_bytes([*a, *b, *c, *d])).ok()?, rest),
        [length @ ..=0x7f, rest @ ..] => (usize::from(*length), rest),
        _ => return None,
    };
    let text = text.get(..length.min(text.len()))?;
    let sound = std::str::from_utf8(text).map_or_else(|error| error.valid_up_to(), str::len);
    std::str::from_utf8(text.get(..sound)?).ok()
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

/// What the attributes of one string may still copy: a shared object is copied once for each reference to it.
struct Budget {
    bytes: usize,
    values: usize,
}

impl Budget {
    fn spend(&mut self, bytes: usize) -> Result<(), TypedStreamError> {
        self.bytes = self.bytes.checked_sub(bytes).ok_or(TypedStreamError::TooLarge)?;
        self.values = self.values.checked_sub(1).ok_or(TypedStreamError::TooLarge)?;
        Ok(())
    }
}

fn dictionary_of(
    stream: &TypedStream<'_>,
    dictionary: ObjectId,
    budget: &mut Budget,
    depth: usize,
) -> Result<Attributes, TypedStreamError> {
    let mut pairs = Vec::new();
    // The first value is the number of pairs.
    let mut values = stream.values(dictionary).iter().skip(1);
    while let (Some(Value::Object(key)), Some(value)) = (values.next(), values.next()) {
        let key = stream.text(*key).ok_or(TypedStreamError::Damaged)?.into_owned();
        if let Value::Object(value) = value {
            budget.spend(key.len())?;
            pairs.push((key, attribute(stream, *value, budget, depth + 1)?));
        }
    }
    Ok(pairs)
}

fn attribute(
    stream: &TypedStream<'_>,
    object: ObjectId,
    budget: &mut Budget,
    depth: usize,
) -> Result<Attribute, TypedStreamError> {
    if depth < MAX_DEPTH && stream.is_a(object, "NSDictionary") {
        return dictionary_of(stream, object, budget, depth).map(Attribute::Dictionary);
    }
    let value = leaf(stream, object);
    let other = || Attribute::Other(stream.class_name(object).unwrap_or_default().into_owned());
    let value = value.unwrap_or_else(other);
    budget.spend(value.size())?;
    Ok(value)
}

/// The value of an object without members.
fn leaf(stream: &TypedStream<'_>, object: ObjectId) -> Option<Attribute> {
    let values = stream.values(object);
    if let Some(text) = stream.text(object) {
        return Some(Attribute::Text(text.into_owned()));
    }
    match values {
        _ if stream.is_a(object, "NSURL") => url(stream, values).map(Attribute::Url),
        // The C string names the type of the number.
        [Value::Bytes(_), Value::Integer(number)] if stream.is_a(object, "NSValue") => {
            Some(Attribute::Integer(*number))
        }
        [Value::Bytes(_), Value::Real(number)] if stream.is_a(object, "NSValue") => Some(Attribute::Real(*number)),
        [Value::Integer(_), Value::Bytes(bytes)] if stream.is_a(object, "NSData") => {
            Some(Attribute::Data(bytes.to_vec()))
        }
        [Value::Real(seconds)] if stream.is_a(object, "NSDate") => Some(Attribute::Date(*seconds)),
        [Value::Integer(seconds)] if stream.is_a(object, "NSDate") => Some(Attribute::Date(*seconds as f64)),
        _ => None,
    }
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
            Self::Integer(_) | Self::Real(_) | Self::Date(_) | Self::Dictionary(_) => 0,
        }
    }
}
