//! The `file` column of `Manifest.db`: an `MBFile` object in a keyed archive.
//!
//! Integers stand inline in the root object; strings and wrapped data are objects of their own, referred to by UID.
//! Names and shapes as in real manifests of iOS 14.

use plist::{Dictionary, Uid, Value};

use crate::error::Result;
use crate::record::{Content, Record, Wrapping};

/// Encodes the record. `key` is the class and wrapped file key, `digest` the hash of the stored bytes.
///
/// # Errors
/// Passes on errors of the encoder.
pub fn encode(record: &Record, inode: i64, key: Option<&[u8]>, digest: Option<&[u8]>) -> Result<Vec<u8>> {
    let mut archive = Archive { wrapping: record.wrapping, objects: vec![Value::String("$null".into())] };
    let mut root = Dictionary::new();
    let mut number = |name: &str, value: Option<i64>| {
        if let Some(value) = value {
            root.insert(name.into(), Value::Integer(value.into()));
        }
    };
    number("LastModified", Some(record.modified));
    number("Flags", record.bsd_flags);
    number("GroupID", Some(record.group_id));
    number("LastStatusChange", Some(record.changed));
    number("Birth", Some(record.birth));
    number("Size", record.size);
    number("InodeNumber", Some(inode));
    number("Mode", Some(i64::from(record.mode())));
    number("UserID", record.user_id);
    number("ProtectionClass", Some(i64::from(record.protection_class)));
    archive.objects.push(Value::Boolean(false));
    root.insert("RelativePath".into(), archive.string(&record.path));
    if let Content::Symlink(target) = &record.content {
        root.insert("Target".into(), archive.string(target));
    }
    if let Some(key) = key {
        root.insert("EncryptionKey".into(), archive.data(key));
    }
    if let Some(digest) = digest {
        root.insert("Digest".into(), archive.data(digest));
    }
    if !record.attributes.is_empty() {
        let attributes = attributes(&record.attributes)?;
        root.insert("ExtendedAttributes".into(), archive.bare(Value::Data(attributes)));
    }
    root.insert("$class".into(), archive.class(&["MBFile", "NSObject"]));
    if let Some(place) = archive.objects.get_mut(1) {
        *place = Value::Dictionary(root);
    }
    to_binary(&keyed_archive(archive.objects))
}

/// Wraps objects (the first is `$null`, the second the root) into a keyed archive.
pub fn keyed_archive(objects: Vec<Value>) -> Value {
    let mut top = Dictionary::new();
    top.insert("root".into(), Value::Uid(Uid::new(1)));
    let mut archive = Dictionary::new();
    archive.insert("$version".into(), Value::Integer(100_000.into()));
    archive.insert("$archiver".into(), Value::String("NSKeyedArchiver".into()));
    archive.insert("$top".into(), Value::Dictionary(top));
    archive.insert("$objects".into(), Value::Array(objects));
    Value::Dictionary(archive)
}

/// Encodes a value as a binary property list.
///
/// # Errors
/// Passes on errors of the encoder.
pub fn to_binary(value: &Value) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    value.to_writer_binary(&mut out)?;
    Ok(out)
}

fn attributes(pairs: &[(String, Vec<u8>)]) -> Result<Vec<u8>> {
    let pairs: Dictionary = pairs.iter().map(|(name, value)| (name.clone(), Value::Data(value.clone()))).collect();
    to_binary(&Value::Dictionary(pairs))
}

/// The growing list of archived objects.
struct Archive {
    wrapping: Wrapping,
    objects: Vec<Value>,
}

impl Archive {
    fn push(&mut self, value: Value) -> Value {
        self.objects.push(value);
        Value::Uid(Uid::new(self.objects.len() as u64 - 1))
    }

    fn bare(&mut self, value: Value) -> Value {
        match self.wrapping {
            Wrapping::Inline => value,
            Wrapping::Usual | Wrapping::Objects => self.push(value),
        }
    }

    fn class(&mut self, names: &[&str]) -> Value {
        let mut class = Dictionary::new();
        class.insert("$classname".into(), Value::String(names.first().copied().unwrap_or_default().into()));
        class.insert("$classes".into(), Value::Array(names.iter().map(|name| Value::String((*name).into())).collect()));
        self.push(Value::Dictionary(class))
    }

    fn object(&mut self, field: &str, value: Value, classes: &[&str]) -> Value {
        let mut object = Dictionary::new();
        object.insert(field.into(), value);
        let class = self.class(classes);
        object.insert("$class".into(), class);
        self.push(Value::Dictionary(object))
    }

    fn string(&mut self, text: &str) -> Value {
        let value = Value::String(text.into());
        match self.wrapping {
            Wrapping::Objects => self.object("NS.string", value, &["NSString", "NSObject"]),
            Wrapping::Usual | Wrapping::Inline => self.bare(value),
        }
    }

    fn data(&mut self, bytes: &[u8]) -> Value {
        let value = Value::Data(bytes.to_vec());
        match self.wrapping {
            Wrapping::Usual => self.object("NS.data", value, &["NSMutableData", "NSData", "NSObject"]),
            Wrapping::Objects => self.object("NS.data", value, &["NSData", "NSObject"]),
            Wrapping::Inline => value,
        }
    }
}
