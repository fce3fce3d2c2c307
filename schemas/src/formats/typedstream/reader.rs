//! Reads a typed stream value by value.

use super::{Entry, MAX_INPUT, ObjectId, TypedStream, TypedStreamError, Value};

const STREAMER_VERSION: u8 = 4;
const LITTLE_ENDIAN: &[u8] = b"\x0bstreamtyped";
const BIG_ENDIAN: &[u8] = b"\x0btypedstream";

const TWO_BYTES: u8 = 0x81;
const FOUR_BYTES: u8 = 0x82;
const REAL: u8 = 0x83;
const NEW: u8 = 0x84;
const NOTHING: u8 = 0x85;
const END_OF_OBJECT: u8 = 0x86;
const EIGHT_BYTES: u8 = 0x87;
/// Bytes from 0x80 up to here are tags; all others are integers themselves.
const LAST_TAG: u8 = 0x91;
/// The number of the first string and of the first object.
const FIRST_NUMBER: i128 = 0x92 - 0x100;

/// How deep objects, arrays and structures may nest.
const MAX_DEPTH: usize = 128;
/// How many values a stream may hold. Arrays of nothing cost no bytes.
const MAX_VALUES: usize = 1_000_000;
/// The longest type encoding. Real ones have less than 20 bytes.
const MAX_ENCODING: usize = 256;

type Outcome<T> = Result<T, TypedStreamError>;

pub(super) fn read(bytes: &[u8]) -> Outcome<TypedStream<'_>> {
    if bytes.len() > MAX_INPUT {
        return Err(TypedStreamError::TooLarge);
    }
    let mut reader = Reader { rest: bytes, strings: Vec::new(), entries: Vec::new(), values: MAX_VALUES };
    reader.header()?;
    let mut roots = Vec::new();
    let end = reader.roots(&mut roots);
    Ok(TypedStream { roots, end, entries: reader.entries })
}

struct Reader<'a> {
    rest: &'a [u8],
    /// Shared strings: type encodings, class names, selectors.
    strings: Vec<&'a [u8]>,
    entries: Vec<Entry<'a>>,
    /// How many more values may be read.
    values: usize,
}

impl<'a> Reader<'a> {
    fn header(&mut self) -> Outcome<()> {
        let version = self.byte().map_err(|_| TypedStreamError::NotTypedStream)?;
        let name = self.take(LITTLE_ENDIAN.len()).map_err(|_| TypedStreamError::NotTypedStream)?;
        match (version, name) {
            (STREAMER_VERSION, LITTLE_ENDIAN) => self.integer(false).map(drop),
            (_, BIG_ENDIAN) => Err(TypedStreamError::BigEndian),
            (version, LITTLE_ENDIAN) => Err(TypedStreamError::Version(version)),
            _ => Err(TypedStreamError::NotTypedStream),
        }
    }

    fn roots(&mut self, roots: &mut Vec<Value<'a>>) -> Outcome<()> {
        while !self.rest.is_empty() {
            let encoding = self.shared_string()?.ok_or(TypedStreamError::Damaged)?;
            let mut types = checked(encoding)?;
            while !types.is_empty() {
                let value = self.value(&mut types, 0)?;
                roots.push(value);
            }
        }
        Ok(())
    }

    /// Reads one value of the first type of an encoding, and takes that type off it.
    fn value(&mut self, types: &mut &[u8], depth: usize) -> Outcome<Value<'a>> {
        if depth >= MAX_DEPTH {
            return Err(TypedStreamError::TooLarge);
        }
        self.values = self.values.checked_sub(1).ok_or(TypedStreamError::TooLarge)?;
        let (first, rest) = types.split_first().ok_or(TypedStreamError::Damaged)?;
        *types = rest;
        match first {
            b'c' => Ok(Value::Integer(self.byte()?.cast_signed().into())),
            b'C' | b'B' => Ok(Value::Integer(self.byte()?.into())),
            b's' | b'i' | b'l' | b'q' => self.integer(true).map(Value::Integer),
            b'S' | b'I' | b'L' | b'Q' => self.integer(false).map(Value::Integer),
            b'f' => self.real(|bytes| f32::from_le_bytes(bytes).into()).map(Value::Real),
            b'd' => self.real(f64::from_le_bytes).map(Value::Real),
            b'+' => Ok(self.string()?.map_or(Value::Nothing, Value::Bytes)),
            b':' | b'%' => Ok(self.shared_string()?.map_or(Value::Nothing, Value::Bytes)),
            b'*' => Ok(self.c_string()?.map_or(Value::Nothing, Value::Bytes)),
            b'#' => Ok(self.class()?.map_or(Value::Nothing, Value::Class)),
            b'@' => Ok(self.object(depth)?.map_or(Value::Nothing, Value::Object)),
            b'!' => Ok(Value::Nothing),
            b'[' => self.array(types, depth),
            b'{' => self.structure(types, depth),
            _ => Err(TypedStreamError::Damaged),
        }
    }

    /// `[` count, type `]`; bytes come as one value.
    fn array(&mut self, types: &mut &'_ [u8], depth: usize) -> Outcome<Value<'a>> {
        let digits = types.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (count, element) = types.split_at_checked(digits).ok_or(TypedStreamError::Damaged)?;
        let count: usize =
            std::str::from_utf8(count).ok().and_then(|n| n.parse().ok()).ok_or(TypedStreamError::Damaged)?;
        if let Some(rest) = element.strip_prefix(b"c]").or_else(|| element.strip_prefix(b"C]")) {
            *types = rest;
            return self.take(count).map(Value::Bytes);
        }
        let mut members = Vec::new();
        let mut after = element;
        for _ in 0..count {
            after = element;
            members.push(self.value(&mut after, depth + 1)?);
        }
        if count == 0 {
            skip(&mut after, 0)?;
        }
        *types = after.strip_prefix(b"]").ok_or(TypedStreamError::Damaged)?;
        Ok(Value::List(members))
    }

    /// `{` name `=` types `}`
    fn structure(&mut self, types: &mut &'_ [u8], depth: usize) -> Outcome<Value<'a>> {
        let name = types.iter().position(|byte| *byte == b'=').ok_or(TypedStreamError::Damaged)?;
        *types = types.get(name + 1..).ok_or(TypedStreamError::Damaged)?;
        let mut members = Vec::new();
        loop {
            if let Some(rest) = types.strip_prefix(b"}") {
                *types = rest;
                return Ok(Value::List(members));
            }
            members.push(self.value(types, depth + 1)?);
        }
    }

    fn object(&mut self, depth: usize) -> Outcome<Option<ObjectId>> {
        match self.byte()? {
            NOTHING => Ok(None),
            NEW => {
                let id = self.enter(Entry::Object { class: None, values: Vec::new() });
                let own = self.class()?;
                if let Some(Entry::Object { class, .. }) = self.entries.get_mut(id.0) {
                    *class = own;
                }
                self.groups(id, depth)?;
                Ok(Some(id))
            }
            head => {
                let id = self.number(head)?;
                match self.entries.get(id) {
                    Some(Entry::Object { .. }) => Ok(Some(ObjectId(id))),
                    _ => Err(TypedStreamError::Damaged),
                }
            }
        }
    }

    /// The values of an object up to its end. Each is kept at once, so that damage costs only what follows it.
    fn groups(&mut self, id: ObjectId, depth: usize) -> Outcome<()> {
        loop {
            let head = self.byte()?;
            if head == END_OF_OBJECT {
                return Ok(());
            }
            let encoding = self.shared_string_after(head)?.ok_or(TypedStreamError::Damaged)?;
            let mut types = checked(encoding)?;
            while !types.is_empty() {
                let value = self.value(&mut types, depth + 1)?;
                if let Some(Entry::Object { values, .. }) = self.entries.get_mut(id.0) {
                    values.push(value);
                }
            }
        }
    }

    /// A class with its superclasses: a chain that ends with nothing or with a class that is known.
    fn class(&mut self) -> Outcome<Option<ObjectId>> {
        let (mut first, mut last) = (None, None);
        loop {
            let next = match self.byte()? {
                NOTHING => None,
                NEW => {
                    let name = self.shared_string()?.ok_or(TypedStreamError::Damaged)?;
                    self.integer(true)?;
                    let id = self.enter(Entry::Class { name, parent: None });
                    self.link(last, id);
                    first = first.or(Some(id));
                    last = Some(id);
                    continue;
                }
                head => Some(ObjectId(self.number(head)?)),
            };
            if let Some(id) = next {
                if !matches!(self.entries.get(id.0), Some(Entry::Class { .. })) {
                    return Err(TypedStreamError::Damaged);
                }
                self.link(last, id);
            }
            return Ok(first.or(next));
        }
    }

    fn link(&mut self, class: Option<ObjectId>, superclass: ObjectId) {
        let entry = class.and_then(|class| self.entries.get_mut(class.0));
        if let Some(Entry::Class { parent, .. }) = entry {
            *parent = Some(superclass);
        }
    }

    fn c_string(&mut self) -> Outcome<Option<&'a [u8]>> {
        match self.byte()? {
            NOTHING => Ok(None),
            NEW => {
                let text = self.shared_string()?.ok_or(TypedStreamError::Damaged)?;
                self.enter(Entry::Bytes(text));
                Ok(Some(text))
            }
            head => {
                let id = self.number(head)?;
                match self.entries.get(id) {
                    Some(Entry::Bytes(text)) => Ok(Some(text)),
                    _ => Err(TypedStreamError::Damaged),
                }
            }
        }
    }

    fn shared_string(&mut self) -> Outcome<Option<&'a [u8]>> {
        let head = self.byte()?;
        self.shared_string_after(head)
    }

    fn shared_string_after(&mut self, head: u8) -> Outcome<Option<&'a [u8]>> {
        match head {
            NOTHING => Ok(None),
            NEW => {
                let text = self.string()?.ok_or(TypedStreamError::Damaged)?;
                self.strings.push(text);
                Ok(Some(text))
            }
            head => {
                let number = self.number(head)?;
                self.strings.get(number).copied().map(Some).ok_or(TypedStreamError::Damaged)
            }
        }
    }

    fn string(&mut self) -> Outcome<Option<&'a [u8]>> {
        match self.byte()? {
            NOTHING => Ok(None),
            head => {
                let length =
                    usize::try_from(self.integer_after(head, false)?).map_err(|_| TypedStreamError::Truncated)?;
                self.take(length).map(Some)
            }
        }
    }

    /// Gives the next number to an entry.
    fn enter(&mut self, entry: Entry<'a>) -> ObjectId {
        self.entries.push(entry);
        ObjectId(self.entries.len() - 1)
    }

    /// The index that a reference means.
    fn number(&mut self, head: u8) -> Outcome<usize> {
        let number = self.integer_after(head, true)? - FIRST_NUMBER;
        usize::try_from(number).map_err(|_| TypedStreamError::Damaged)
    }

    fn integer(&mut self, signed: bool) -> Outcome<i128> {
        let head = self.byte()?;
        self.integer_after(head, signed)
    }

    fn integer_after(&mut self, head: u8, signed: bool) -> Outcome<i128> {
        let (number, bits) = match head {
            TWO_BYTES => (u16::from_le_bytes(self.chunk()?).into(), 16),
            FOUR_BYTES => (u32::from_le_bytes(self.chunk()?).into(), 32),
            EIGHT_BYTES => (u64::from_le_bytes(self.chunk()?), 64),
            0x80..=LAST_TAG => return Err(TypedStreamError::Damaged),
            small => (small.into(), 8),
        };
        let number = i128::from(number);
        let negative = signed && number >> (bits - 1) != 0;
        Ok(if negative { number - (1 << bits) } else { number })
    }

    fn real<const N: usize>(&mut self, decode: impl Fn([u8; N]) -> f64) -> Outcome<f64> {
        match self.byte()? {
            REAL => self.chunk().map(decode),
            head => Ok(self.integer_after(head, true)? as f64),
        }
    }

    fn byte(&mut self) -> Outcome<u8> {
        self.chunk::<1>().map(|[byte]| byte)
    }

    fn chunk<const N: usize>(&mut self) -> Outcome<[u8; N]> {
        let (chunk, rest) = self.rest.split_first_chunk().ok_or(TypedStreamError::Truncated)?;
        self.rest = rest;
        Ok(*chunk)
    }

    fn take(&mut self, count: usize) -> Outcome<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(TypedStreamError::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }
}

/// An encoding is read again for every value of its type, so a long one is refused.
fn checked(encoding: &[u8]) -> Outcome<&[u8]> {
    match encoding.len() {
        0 => Err(TypedStreamError::Damaged),
        1..=MAX_ENCODING => Ok(encoding),
        _ => Err(TypedStreamError::TooLarge),
    }
}

/// Takes the first type off an encoding without reading a value of it: the element of an array of none.
fn skip(types: &mut &[u8], depth: usize) -> Outcome<()> {
    if depth >= MAX_DEPTH {
        return Err(TypedStreamError::TooLarge);
    }
    let (first, rest) = types.split_first().ok_or(TypedStreamError::Damaged)?;
    *types = rest;
    let end = match first {
        b'[' => b']',
        b'{' => b'}',
        _ => return Ok(()),
    };
    while types.first() != Some(&end) {
        skip(types, depth + 1)?;
    }
    *types = types.get(1..).ok_or(TypedStreamError::Damaged)?;
    Ok(())
}
