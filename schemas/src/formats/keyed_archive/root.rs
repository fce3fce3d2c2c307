//! The root object of an archive, looked at in one pass and without allocating.

use super::super::bplist::{Malformed, Object, Pairs, Ref, Text};
use super::{Frame, is_null};

/// No class archives more fields than this.
const MOST_FIELDS: usize = 1024;

/// The root object of a keyed archive: `$top.root`, never deeper than field, object, wrapped value.
#[derive(Debug, Clone, Copy)]
pub struct RootObject<'a> {
    frame: Frame<'a>,
    object: Object<'a>,
    pairs: Pairs<'a>,
}

/// The value of a field, taken out of `NSData`, `NSString` and their kin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Field<'a> {
    /// The field is there and holds nothing.
    Null,
    /// True or false.
    Boolean(bool),
    /// An integer.
    Integer(i128),
    /// A floating-point number, or seconds since 2001 where the field is a date.
    Real(f64),
    /// Raw bytes.
    Data(&'a [u8]),
    /// A string.
    Text(Text<'a>),
    /// A collection or an object of another class; [`super::Archive`] reads those.
    Other,
}

impl<'a> RootObject<'a> {
    /// Finds the root object.
    ///
    /// # Errors
    /// [`Malformed`] when the bytes are no binary property list, or no keyed archive with an object as `root`.
    #[inline]
    pub fn new(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let frame = Frame::new(bytes)?;
        let root = frame.peek.get(frame.top, "root")?.ok_or(Malformed::NotAnArchive)?;
        let object = frame.follow(root)?;
        let pairs = object.dictionary().ok_or(Malformed::NotAnArchive)?;
        if pairs.len() > MOST_FIELDS {
            return Err(Malformed::Endless);
        }
        Ok(Self { frame, object, pairs })
    }

    /// The name of the root object's class, such as `MBFile`.
    ///
    /// # Errors
    /// [`Malformed`] when the class is not where the object says.
    pub fn class_name(&self) -> Result<Option<Text<'a>>, Malformed> {
        self.frame.class_name(self.object)
    }

    /// All fields in the order of the file, `$class` among them (as [`Field::Other`]).
    #[inline]
    pub fn fields(&self) -> Fields<'a> {
        Fields { frame: self.frame, pairs: self.pairs, next: 0 }
    }

    /// One field by name: for the odd look; several fields are cheaper in one pass over [`RootObject::fields`].
    ///
    /// # Errors
    /// [`Malformed`] when the field cannot be read, or a name before it.
    pub fn field(&self, name: &str) -> Result<Option<Field<'a>>, Malformed> {
        match self.frame.peek.get(self.pairs, name)? {
            Some(value) => read_field(&self.frame, value).map(Some),
            None => Ok(None),
        }
    }
}

/// The fields of a root object: name and value. A damaged field is an error of its own; the next one can still be read.
#[derive(Debug, Clone)]
pub struct Fields<'a> {
    frame: Frame<'a>,
    pairs: Pairs<'a>,
    next: usize,
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(Text<'a>, Field<'a>), Malformed>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let (key, value) = self.pairs.get(self.next)?;
        self.next += 1;
        Some(self.frame.peek.text(key).and_then(|name| Ok((name, self.value(name, value)?))))
    }
}

impl<'a> Fields<'a> {
    #[inline]
    fn value(&self, name: Text<'a>, value: Ref) -> Result<Field<'a>, Malformed> {
        // The class is no value, and following it half a million times costs as much as several fields do.
        match name == *"$class" {
            true => Ok(Field::Other),
            false => read_field(&self.frame, self.frame.peek.object(value)?),
        }
    }
}

#[inline]
fn read_field<'a>(frame: &Frame<'a>, value: Object<'a>) -> Result<Field<'a>, Malformed> {
    let value = match value {
        Object::Uid(uid) => frame.unwrap(frame.resolve(uid)?)?,
        bare => bare,
    };
    Ok(match value {
        null if is_null(&null) => Field::Null,
        Object::Boolean(truth) => Field::Boolean(truth),
        Object::Integer(number) => Field::Integer(number),
        Object::Real(number) | Object::Date(number) => Field::Real(number),
        Object::Data(bytes) => Field::Data(bytes),
        Object::Text(text) => Field::Text(text),
        _ => Field::Other,
    })
}
