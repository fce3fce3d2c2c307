//! Archives of Apple's `NSKeyedArchiver`: a binary property list whose `$objects` refer to each other by UID.
//!
//! Two readers, neither of which builds an object graph:
//! - [`RootObject`] looks at the root object alone, without allocating: for hundreds of thousands of small records.
//! - [`Archive`] follows references one by one as the caller asks, within a budget of steps, so that shared objects and
//!   circles cost nothing and never hang.
//!
//! Layout (Apple's documentation of the archiver): `{$version, $archiver, $top: {root: UID}, $objects: ["$null", …]}`.
//! An object is a dictionary with a `$class` UID; `NSData`, `NSString` and their kin wrap a bare value.

mod archive;
mod root;

pub use archive::{Archive, Node};
pub use root::{Field, Fields, RootObject};

use super::bplist::{Malformed, Object, Pairs, Peek, Refs};

/// The parts of an archive that everything starts from.
#[derive(Debug, Clone, Copy)]
struct Frame<'a> {
    peek: Peek<'a>,
    objects: Refs<'a>,
    top: Pairs<'a>,
}

impl<'a> Frame<'a> {
    fn new(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let peek = Peek::new(bytes)?;
        let root = peek.root()?.dictionary().ok_or(Malformed::NotAnArchive)?;
        let (mut objects, mut top) = (None, None);
        for (key, value) in root.iter() {
            let key = peek.text(key)?;
            if key == *"$objects" {
                objects = peek.object(value)?.array();
            } else if key == *"$top" {
                top = peek.object(value)?.dictionary();
            }
        }
        let (Some(objects), Some(top)) = (objects, top) else { return Err(Malformed::NotAnArchive) };
        Ok(Self { peek, objects, top })
    }

    /// The object behind a UID.
    #[inline]
    fn resolve(&self, uid: u64) -> Result<Object<'a>, Malformed> {
        let reference = usize::try_from(uid).ok().and_then(|index| self.objects.get(index));
        self.peek.object(reference.ok_or(Malformed::OutOfRange)?)
    }

    /// The object itself, or the one that it refers to: one step, since no archiver refers to a reference.
    #[inline]
    fn follow(&self, object: Object<'a>) -> Result<Object<'a>, Malformed> {
        match object {
            Object::Uid(uid) => self.resolve(uid),
            other => Ok(other),
        }
    }

    /// The bare value inside `NSData`, `NSString`, `NSDate` and their mutable kin; other objects as they are.
    #[inline]
    fn unwrap(&self, object: Object<'a>) -> Result<Object<'a>, Malformed> {
        /// A wrapper has its class, its value and little else; objects with thousands of fields are none.
        const LARGEST_WRAPPER: usize = 8;
        let Object::Dictionary(pairs) = object else { return Ok(object) };
        for (key, value) in pairs.iter().take(LARGEST_WRAPPER) {
            let name = self.peek.text(key)?;
            if ["NS.data", "NS.string", "NS.bytes", "NS.time"].iter().any(|wrapper| name == **wrapper) {
                return self.follow(self.peek.object(value)?);
            }
        }
        Ok(object)
    }

    /// The class name of an object, where it has one.
    fn class_name(&self, object: Object<'a>) -> Result<Option<super::bplist::Text<'a>>, Malformed> {
        let Object::Dictionary(pairs) = object else { return Ok(None) };
        let Some(class) = self.peek.get(pairs, "$class")? else { return Ok(None) };
        let Object::Dictionary(class) = self.follow(class)? else { return Ok(None) };
        Ok(self.peek.get(class, "$classname")?.and_then(Object::text))
    }
}

/// Whether this is the object that stands for nothing.
#[inline]
fn is_null(object: &Object<'_>) -> bool {
    matches!(object, Object::Null) || object.is_text("$null")
}

#[cfg(test)]
mod tests;
