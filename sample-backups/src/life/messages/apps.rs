//! The contents of apps, as they lie in `payload_data`: keyed archives, JSON in them, and protocol buffers.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use plist::{Dictionary, Uid, Value};

use crate::error::Result;
use crate::mbfile::{keyed_archive, to_binary};
use crate::plists::{dictionary, text};

/// A value in an archive.
#[derive(Debug, Clone)]
pub(crate) enum Tree {
    /// A string.
    Text(String),
    /// An address.
    Url(String),
    /// A number.
    Number(i64),
    /// Raw bytes.
    Data(Vec<u8>),
    /// An array.
    List(Vec<Tree>),
    /// A dictionary.
    Fields(Vec<(&'static str, Tree)>),
    /// An object of a class with fields of its own.
    Object(&'static str, Vec<(&'static str, Tree)>),
}

/// A string in an archive.
pub(crate) fn t(words: &str) -> Tree {
    Tree::Text(words.to_owned())
}

/// An address in an archive.
pub(crate) fn u(address: &str) -> Tree {
    Tree::Url(address.to_owned())
}

/// Archives a root object.
pub(crate) fn archive(root: &Tree) -> Result<Vec<u8>> {
    archive_as("root", root)
}

/// Archives a root object under another name than the usual one.
fn archive_as(name: &str, root: &Tree) -> Result<Vec<u8>> {
    // The root is the first object after `$null`.
    let mut objects = vec![text("$null"), text("")];
    let root = value(&mut objects, root);
    if let Some(first) = objects.get_mut(1) {
        *first = root;
    }
    let mut archive = keyed_archive(objects);
    if let Value::Dictionary(archive) = &mut archive {
        archive.insert("$top".into(), dictionary([(name, Value::Uid(Uid::new(1)))]));
    }
    to_binary(&archive)
}

/// What a data detector found in a text, or a part of it.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// What it is: `FullAddress`, `City` …
    pub(crate) kind: &'static str,
    /// The words that say it.
    pub(crate) words: &'static str,
    /// What they mean, where that is not what they say.
    pub(crate) value: Option<&'static str>,
    /// What it is made of.
    pub(crate) parts: Vec<Found>,
}

impl Found {
    /// Something that is what it says.
    pub(crate) fn new(kind: &'static str, words: &'static str, parts: Vec<Self>) -> Self {
        Self { kind, words, value: None, parts }
    }

    /// Archives it as it stands in a body, for words that begin at `start`, in UTF-16 units.
    pub(crate) fn archive(&self, start: usize) -> Result<Vec<u8>> {
        archive_as("dd-result", &self.tree(start))
    }

    fn tree(&self, start: usize) -> Tree {
        let range = [("NS.rangeval.length", self.words.encode_utf16().count()), ("NS.rangeval.location", start)];
        let mut range: Vec<_> = range.map(|(name, number)| (name, Tree::Number(number as i64))).to_vec();
        range.push(("NS.special", Tree::Number(4)));
        let place = |part: &Self| {
            let before = self.words.find(part.words).and_then(|at| self.words.get(..at)).unwrap_or_default();
            start + before.encode_utf16().count()
        };
        let parts = self.parts.iter().map(|part| part.tree(place(part))).collect();
        let value = self.value.map(|value| ("V", t(value)));
        let fields = [
            ("MS", t(self.words)),
            ("AR", Tree::Object("NSValue", range)),
            ("T", t(self.kind)),
            ("SR", Tree::List(parts)),
        ];
        Tree::Object("DDScannerResult", fields.into_iter().chain(value).collect())
    }
}

fn add(objects: &mut Vec<Value>, tree: &Tree) -> Value {
    let value = value(objects, tree);
    push(objects, value)
}

fn value(objects: &mut Vec<Value>, tree: &Tree) -> Value {
    match tree {
        Tree::Text(words) => text(words.as_str()),
        Tree::Number(number) => Value::Integer((*number).into()),
        Tree::Data(bytes) => Value::Data(bytes.clone()),
        Tree::Url(address) => {
            let relative = add(objects, &Tree::Text(address.clone()));
            with_class(objects, "NSURL", vec![("NS.base", Value::Uid(Uid::new(0))), ("NS.relative", relative)])
        }
        Tree::List(members) => {
            let members = members.iter().map(|member| add(objects, member)).collect();
            with_class(objects, "NSArray", vec![("NS.objects", Value::Array(members))])
        }
        Tree::Fields(fields) => {
            let keys = fields.iter().map(|(key, _)| add(objects, &t(key))).collect();
            let values = fields.iter().map(|(_, value)| add(objects, value)).collect();
            let pairs = vec![("NS.keys", Value::Array(keys)), ("NS.objects", Value::Array(values))];
            with_class(objects, "NSDictionary", pairs)
        }
        Tree::Object(class, fields) => object(objects, class, fields),
    }
}

fn object(objects: &mut Vec<Value>, class: &'static str, fields: &[(&'static str, Tree)]) -> Value {
    let fields = fields.iter().map(|(key, value)| (*key, add(objects, value))).collect();
    with_class(objects, class, fields)
}

fn with_class(objects: &mut Vec<Value>, class: &str, fields: Vec<(&str, Value)>) -> Value {
    let classes = Value::Array(vec![text(class), text("NSObject")]);
    let class = push(objects, dictionary([("$classname", text(class)), ("$classes", classes)]));
    let mut pairs: Dictionary = fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    pairs.insert("$class".into(), class);
    Value::Dictionary(pairs)
}

fn push(objects: &mut Vec<Value>, value: Value) -> Value {
    objects.push(value);
    Value::Uid(Uid::new(objects.len() as u64 - 1))
}

/// The content of a message extension: its name, its words and its own address.
pub(crate) fn card(name: &str, caption: &str, subcaption: &str, url: &str) -> Result<Vec<u8>> {
    archive(&Tree::Fields(card_fields(name, caption, subcaption, url)))
}

fn card_fields(name: &str, caption: &str, subcaption: &str, url: &str) -> Vec<(&'static str, Tree)> {
    let words = Tree::Fields(vec![("caption", t(caption)), ("subcaption", t(subcaption))]);
    vec![("an", t(name)), ("ldtext", t(caption)), ("URL", u(url)), ("userInfo", words)]
}

/// A link whose page is something more than a page.
pub(crate) fn link(url: &str, title: &str, more: Vec<(&'static str, Tree)>) -> Result<Vec<u8>> {
    let page = [vec![("URL", u(url)), ("originalURL", u(url)), ("title", t(title))], more].concat();
    archive(&Tree::Fields(vec![("richLinkMetadata", Tree::Object("LPLinkMetadata", page))]))
}

/// A poll or a vote: JSON in the address.
pub(crate) fn poll(json: &str) -> Result<Vec<u8>> {
    card("Polls", "Poll", "", &format!("data:,{}?src=p", URL_SAFE.encode(json)))
}

/// What a company asks.
pub(crate) fn business(json: &str) -> Result<Vec<u8>> {
    let mut fields = card_fields("Business Chat", "How can we help?", "Tap to answer", "https://business.example.com/");
    fields.push(("data", Tree::Data(json.as_bytes().to_vec())));
    archive(&Tree::Fields(fields))
}

/// A field of a protocol buffer with bytes in it.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let mut field = vec![number << 3 | 2];
    let mut length = bytes.len();
    while length > 0x7f {
        field.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    field.push(length as u8);
    field.extend(bytes);
    field
}

/// A wave and a dot, written by hand.
pub(crate) fn handwriting() -> Vec<u8> {
    let number = |value: i16| (value.cast_unsigned() ^ 0x8000).to_le_bytes();
    let wave: Vec<(i16, i16)> = (0..40).map(|x| (x * 8, 60 + ((f64::from(x) / 4.0).sin() * 40.0) as i16)).collect();
    let strokes = [wave, vec![(330, 90), (334, 94)]];
    let mut points = Vec::new();
    for stroke in &strokes {
        points.extend((stroke.len() as u16).to_le_bytes());
        points.extend(stroke.iter().flat_map(|(x, y)| [*x, *y, 4, 0]).flat_map(number));
    }
    let frame: Vec<u8> = [0, 0, 350, 120].into_iter().flat_map(number).collect();
    let drawing = [field(3, &frame), vec![4 << 3, 2, 5 << 3, 1], field(8, &points)].concat();
    field(4, &drawing)
}

/// What a message says in another language, part by part.
pub(crate) fn translation(language: &str, words: &str) -> Result<Vec<u8>> {
    let words = vec![("translationLanguage", t(language)), ("translatedText", t(words))];
    let part = Tree::Fields(vec![("0", Tree::List(vec![Tree::Fields(words)]))]);
    archive(&Tree::Fields(vec![("0", part)]))
}

/// A message of Digital Touch.
fn touch(kind: u8, inner: &[u8]) -> Vec<u8> {
    [vec![1 << 3, kind], field(3, inner), field(5, b"TOUCH-1")].concat()
}

/// A field of a protocol buffer with a real number in it.
fn real(number: u8, value: f32) -> Vec<u8> {
    [vec![number << 3 | 5], value.to_le_bytes().to_vec()].concat()
}

fn place(x: u16, y: u16) -> Vec<u8> {
    [x.to_le_bytes(), y.to_le_bytes()].concat()
}

/// A heartbeat, 72 to the minute, that may break.
pub(crate) fn heartbeat(broken_at: Option<f32>) -> Vec<u8> {
    let mut inner = real(1, 72.0);
    inner.extend([2 << 3, 4]);
    inner.extend(broken_at.into_iter().flat_map(|second| real(6, second)));
    touch(3, &inner)
}

/// Three taps, half a second apart.
pub(crate) fn taps() -> Vec<u8> {
    let delays: Vec<u8> = [0u16, 500, 500].into_iter().flat_map(u16::to_le_bytes).collect();
    let places = [place(20_000, 20_000), place(40_000, 30_000), place(30_000, 45_000)].concat();
    let colours = [255, 149, 0, 255].repeat(3);
    touch(1, &[field(2, &delays), field(3, &places), field(4, &colours)].concat())
}

/// One kiss, a little turned.
pub(crate) fn kiss() -> Vec<u8> {
    touch(7, &[field(1, &[0, 0]), field(2, &place(33_000, 33_000)), field(3, &300u16.to_le_bytes())].concat())
}

/// A ball of fire that moves for two seconds.
pub(crate) fn fireball() -> Vec<u8> {
    let places = [place(33_000, 33_000), place(45_000, 40_000), place(50_000, 52_000)].concat();
    let delays: Vec<u8> = [0u16, 700, 700].into_iter().flat_map(u16::to_le_bytes).collect();
    touch(8, &[real(1, 2.0), real(2, 0.0), real(3, 0.0), field(4, &delays), field(5, &places)].concat())
}

/// A drawing in two colours.
pub(crate) fn sketch() -> Vec<u8> {
    let mut strokes = Vec::new();
    for shift in [0, 12_000] {
        strokes.extend([0, 0, 3, 0]);
        strokes.extend([place(9_000 + shift, 9_000), place(30_000, 50_000), place(52_000 - shift, 9_000)].concat());
    }
    let colours = [255, 59, 48, 255, 0, 122, 255, 255];
    touch(4, &[vec![1 << 3, 2], field(2, &strokes), field(3, &colours)].concat())
}
