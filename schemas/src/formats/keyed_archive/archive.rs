//! Archives of any class, read lazily: a reference is followed when the caller asks, and each step is counted.

use std::borrow::Cow;
use std::cell::Cell;

use super::super::bplist::{Malformed, Object, Ref};
use super::super::plist::{Dictionary, MAX_DEPTH, Value};
use super::{Frame, is_null};
use crate::time::AppleTime;

/// Steps that all walks through one archive may take together. The largest archives of messages and link previews hold
/// a few thousand objects.
const MAX_STEPS: u32 = 1_000_000;
/// Bytes of text and data that a [`Node::to_value`] may copy: shared objects are copied once for each reference.
const MAX_COPIED: usize = 64 << 20;

/// A keyed archive.
#[derive(Debug)]
pub struct Archive<'a> {
    frame: Frame<'a>,
    steps: Cell<u32>,
}

/// One object of an archive.
#[derive(Debug, Clone, Copy)]
pub struct Node<'b, 'a> {
    archive: &'b Archive<'a>,
    /// The object itself, never a UID.
    object: Object<'a>,
    /// Which of `$objects` this is; `None` for a value that stands in the place of a reference.
    uid: Option<u64>,
}

impl<'a> Archive<'a> {
    /// Finds the parts of an archive.
    ///
    /// # Errors
    /// [`Malformed`] when the bytes are no binary property list or no keyed archive.
    pub fn new(bytes: &'a [u8]) -> Result<Self, Malformed> {
        Ok(Self { frame: Frame::new(bytes)?, steps: Cell::new(MAX_STEPS) })
    }

    /// The object that was archived under `root`.
    ///
    /// # Errors
    /// As [`Archive::top`]; [`Malformed::NotAnArchive`] when there is none.
    pub fn root(&self) -> Result<Node<'_, 'a>, Malformed> {
        self.top("root")?.ok_or(Malformed::NotAnArchive)
    }

    /// An object that was archived under a name of its own.
    ///
    /// # Errors
    /// [`Malformed`] when the reference leads nowhere.
    pub fn top(&self, name: &str) -> Result<Option<Node<'_, 'a>>, Malformed> {
        let object = self.frame.peek.get(self.frame.top, name)?;
        object.map(|object| self.node(object)).transpose()
    }

    /// Takes one step.
    fn node(&self, object: Object<'a>) -> Result<Node<'_, 'a>, Malformed> {
        self.steps.set(self.steps.get().checked_sub(1).ok_or(Malformed::Endless)?);
        let uid = match object {
            Object::Uid(uid) => Some(uid),
            _ => None,
        };
        Ok(Node { archive: self, object: self.frame.follow(object)?, uid })
    }

    fn at(&self, reference: Ref) -> Result<Node<'_, 'a>, Malformed> {
        self.node(self.frame.peek.object(reference)?)
    }
}

impl<'b, 'a> Node<'b, 'a> {
    /// Whether the object stands for nothing.
    pub fn is_null(&self) -> bool {
        is_null(&self.object)
    }

    /// The name of the object's class, such as `LPLinkMetadata`; `None` for bare values.
    pub fn class_name(&self) -> Option<Cow<'a, str>> {
        self.archive.frame.class_name(self.object).ok().flatten().map(|name| name.to_str())
    }

    /// A field of the object; `None` where it has no such field or the field holds nothing.
    ///
    /// # Errors
    /// [`Malformed`] when the field leads nowhere, [`Malformed::Endless`] after too many steps.
    pub fn field(&self, name: &str) -> Result<Option<Node<'b, 'a>>, Malformed> {
        let Object::Dictionary(pairs) = self.object else { return Ok(None) };
        let Some(value) = self.archive.frame.peek.get(pairs, name)? else { return Ok(None) };
        let node = self.archive.node(value)?;
        Ok((!node.is_null()).then_some(node))
    }

    /// A field inside of a field, and so on: `["richLinkMetadata", "title"]`.
    ///
    /// # Errors
    /// As [`Node::field`].
    pub fn path(&self, names: &[&str]) -> Result<Option<Node<'b, 'a>>, Malformed> {
        let mut node = *self;
        for name in names {
            match node.field(name)? {
                Some(next) => node = next,
                None => return Ok(None),
            }
        }
        Ok(Some(node))
    }

    /// The text of a string, bare, `NSString` or `NSURL` (joined to its base where it has one).
    pub fn text(&self) -> Option<Cow<'a, str>> {
        if let Some(text) = self.bare().and_then(Object::text) {
            return Some(text.to_str());
        }
        let relative = self.field("NS.relative").ok()??.bare()?.text()?.to_str();
        let base = self.field("NS.base").ok().flatten();
        let base = base.and_then(|base| base.field("NS.relative").ok()??.bare()?.text());
        Some(match base {
            Some(base) => Cow::Owned(format!("{}{relative}", base.to_str())),
            None => relative,
        })
    }

    /// The bytes of data, bare or `NSData`.
    pub fn data(&self) -> Option<&'a [u8]> {
        match self.bare()? {
            Object::Data(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// A whole number.
    pub fn integer(&self) -> Option<i64> {
        match self.object {
            Object::Integer(number) => i64::try_from(number).ok(),
            Object::Boolean(truth) => Some(i64::from(truth)),
            _ => None,
        }
    }

    /// A number.
    pub fn real(&self) -> Option<f64> {
        match self.object {
            Object::Real(number) => Some(number),
            Object::Integer(number) => Some(number as f64),
            _ => None,
        }
    }

    /// True or false; archivers write numbers too.
    pub fn boolean(&self) -> Option<bool> {
        self.integer().map(|number| number != 0)
    }

    /// The moment of an `NSDate` or a bare date.
    pub fn date(&self) -> Option<AppleTime> {
        match self.bare()? {
            Object::Real(seconds) | Object::Date(seconds) => AppleTime::from_seconds(seconds),
            // Whole seconds; archivers choose the shortest form of a number.
            Object::Integer(seconds) => AppleTime::from_seconds(seconds as f64),
            _ => None,
        }
    }

    /// The members of an `NSArray`, `NSSet` or bare array. Members that lead nowhere are errors of their own.
    pub fn members(&self) -> impl Iterator<Item = Result<Node<'b, 'a>, Malformed>> + use<'b, 'a> {
        let archive = self.archive;
        let refs = self.list("NS.objects");
        refs.into_iter().flat_map(|refs| refs.iter()).map(move |reference| archive.at(reference))
    }

    /// The keys and values of an `NSDictionary` or bare dictionary.
    pub fn entries(&self) -> impl Iterator<Item = Result<(Node<'b, 'a>, Node<'b, 'a>), Malformed>> + use<'b, 'a> {
        let archive = self.archive;
        let wrapped = self.list("NS.keys").zip(self.list("NS.objects"));
        let bare = match self.object {
            Object::Dictionary(pairs) if wrapped.is_none() => Some(pairs),
            _ => None,
        };
        let wrapped = wrapped.into_iter().flat_map(|(keys, values)| keys.iter().zip(values.iter()));
        let bare = bare.into_iter().flat_map(|pairs| pairs.iter());
        wrapped.chain(bare).map(move |(key, value)| Ok((archive.at(key)?, archive.at(value)?)))
    }

    /// The value of a text key of an `NSDictionary` or bare dictionary.
    ///
    /// # Errors
    /// [`Malformed`] when an entry before it, or the value, leads nowhere.
    pub fn get(&self, key: &str) -> Result<Option<Node<'b, 'a>>, Malformed> {
        for entry in self.entries() {
            let (name, value) = entry?;
            if name.text().is_some_and(|name| name == key) {
                return Ok((!value.is_null()).then_some(value));
            }
        }
        Ok(None)
    }

    /// Copies the object and everything below it: collections and bare values as such, other objects as dictionaries
    /// of their fields with the class name under `$class`. A reference back to an object that is being copied becomes
    /// the string `$null`.
    ///
    /// # Errors
    /// [`Malformed`] when something leads nowhere; [`Malformed::Endless`] when the copy becomes deeper or larger than
    /// a property list may be.
    pub fn to_value(&self) -> Result<Value, Malformed> {
        Copying { above: Vec::new(), bytes: MAX_COPIED }.value(*self)
    }

    fn bare(&self) -> Option<Object<'a>> {
        self.archive.frame.unwrap(self.object).ok()
    }

    fn list(&self, name: &str) -> Option<super::Refs<'a>> {
        match self.object {
            Object::Array(refs) if name == "NS.objects" => Some(refs),
            Object::Dictionary(pairs) => {
                let list = self.archive.frame.peek.get(pairs, name).ok()??;
                self.archive.frame.follow(list).ok()?.array()
            }
            _ => None,
        }
    }
}

/// A copy in the making. Its depth is bounded, and an object is never copied inside of itself.
struct Copying {
    above: Vec<Option<u64>>,
    bytes: usize,
}

impl Copying {
    fn value(&mut self, node: Node<'_, '_>) -> Result<Value, Malformed> {
        if node.uid.is_some() && self.above.contains(&node.uid) {
            return Ok(Value::String("$null".into()));
        }
        if self.above.len() >= MAX_DEPTH {
            return Err(Malformed::Endless);
        }
        self.above.push(node.uid);
        let value = self.below(node);
        self.above.pop();
        value
    }

    fn below(&mut self, node: Node<'_, '_>) -> Result<Value, Malformed> {
        let bare = node.archive.frame.unwrap(node.object)?;
        Ok(match bare {
            Object::Null => Value::String("$null".into()),
            Object::Boolean(truth) => Value::Boolean(truth),
            Object::Integer(number) => Value::Integer(number),
            Object::Real(number) => Value::Real(number),
            Object::Date(seconds) => Value::Date(seconds),
            Object::Uid(uid) => Value::Uid(uid),
            Object::Data(bytes) => {
                self.spend(bytes.len())?;
                Value::Data(bytes.to_vec())
            }
            Object::Text(text) => {
                let text = text.to_str();
                self.spend(text.len())?;
                Value::String(text.into_owned())
            }
            Object::Array(_) => self.members(node)?,
            Object::Dictionary(_) if node.list("NS.keys").is_some() => self.entries(node)?,
            Object::Dictionary(_) if node.list("NS.objects").is_some() => self.members(node)?,
            Object::Dictionary(_) => self.fields(node)?,
        })
    }

    fn members(&mut self, node: Node<'_, '_>) -> Result<Value, Malformed> {
        node.members().map(|member| self.value(member?)).collect::<Result<_, _>>().map(Value::Array)
    }

    fn entries(&mut self, node: Node<'_, '_>) -> Result<Value, Malformed> {
        let mut pairs = Vec::new();
        for entry in node.entries() {
            let (key, value) = entry?;
            let key = key.text().ok_or(Malformed::UnknownKind)?.into_owned();
            self.spend(key.len())?;
            pairs.push((key, self.value(value)?));
        }
        Ok(Value::Dictionary(Dictionary::from_iter(pairs)))
    }

    fn fields(&mut self, node: Node<'_, '_>) -> Result<Value, Malformed> {
        let mut pairs = Vec::new();
        for entry in node.entries() {
            let (key, value) = entry?;
            let key = key.text().ok_or(Malformed::UnknownKind)?.into_owned();
            self.spend(key.len())?;
            let value = match key.as_str() {
                "$class" => Value::String(node.class_name().unwrap_or_default().into_owned()),
                _ => self.value(value)?,
            };
            pairs.push((key, value));
        }
        Ok(Value::Dictionary(Dictionary::from_iter(pairs)))
    }

    fn spend(&mut self, bytes: usize) -> Result<(), Malformed> {
        self.bytes = self.bytes.checked_sub(bytes).ok_or(Malformed::Endless)?;
        Ok(())
    }
}
