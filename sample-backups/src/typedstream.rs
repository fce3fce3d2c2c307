//! `attributedBody`: an attributed string in a typed stream, as Messages writes it.
//!
//! ```text
//! 04 0b "streamtyped" 81 e8 03             version 4, signature, system version 1000
//! 84 new string or object, 92.. a string or object seen before (each table counts from 92), 85 nil, 86 end of object
//! numbers: one byte, or 81 and u16, or 82 and u32, little-endian
//! ```

/// A range of the text and what is said about it.
#[derive(Debug, Clone)]
pub struct Run {
    /// Length in UTF-16 code units.
    pub length: usize,
    /// `__kIMMessagePartAttributeName`.
    pub part: i32,
    /// `__kIMFileTransferGUIDAttributeName`, where an attachment stands.
    pub transfer: Option<String>,
    /// `__kIMMentionConfirmedMention`: the handle that is mentioned.
    pub mention: Option<String>,
    /// `__kIMLinkAttributeName`: where the text leads.
    pub link: Option<String>,
    /// Further attributes that are numbers: `__kIMTextBoldAttributeName` and its kin.
    pub numbers: Vec<(&'static str, i32)>,
    /// Further attributes that are texts, such as `IMAudioTranscription`.
    pub texts: Vec<(&'static str, String)>,
    /// Further attributes that are data, such as `__kIMAddressAttributeName`.
    pub data: Vec<(&'static str, Vec<u8>)>,
}

impl Run {
    /// A range of ordinary text of part `part`.
    pub fn text(text: &str, part: i32) -> Self {
        Self {
            length: text.encode_utf16().count(),
            part,
            transfer: None,
            mention: None,
            link: None,
            numbers: vec![],
            texts: vec![],
            data: vec![],
        }
    }

    /// The place of an attachment.
    pub fn attachment(guid: &str, part: i32) -> Self {
        Self { length: 1, transfer: Some(guid.into()), ..Self::text("", part) }
    }
}

/// Encodes ordinary text: one run, part 0.
pub fn plain(text: &str) -> Vec<u8> {
    attributed(text, &[Run::text(text, 0)])
}

/// Encodes text with runs.
pub fn attributed(text: &str, runs: &[Run]) -> Vec<u8> {
    let mut stream = Stream::default();
    stream.out.extend(b"\x04\x0bstreamtyped\x81\xe8\x03");
    stream.shared(b"@");
    stream.new_object(&["NSMutableAttributedString", "NSAttributedString", "NSObject"]);
    stream.shared(b"@");
    stream.new_object(&["NSMutableString", "NSString", "NSObject"]);
    stream.shared(b"+");
    stream.bytes(text.as_bytes());
    stream.end();
    for (index, run) in runs.iter().enumerate() {
        stream.shared(b"iI");
        stream.number(index as i64 + 1);
        stream.number(run.length as i64);
        stream.shared(b"@");
        stream.run(run);
    }
    stream.end();
    stream.out
}

/// Class versions as real streams carry them.
fn version(class: &str) -> i64 {
    i64::from(matches!(class, "NSMutableString" | "NSString"))
}

/// What the table of objects remembers, so that equal things are written once.
#[derive(PartialEq)]
enum Known {
    Object,
    Class(String),
    Text(String),
    Number(i32),
    TypeName(String),
}

#[derive(Default)]
struct Stream {
    out: Vec<u8>,
    strings: Vec<Vec<u8>>,
    objects: Vec<Known>,
}

impl Stream {
    fn number(&mut self, value: i64) {
        match value {
            -110..=127 => self.out.push(value as u8),
            -32_768..=32_767 => {
                self.out.push(0x81);
                self.out.extend((value as i16).to_le_bytes());
            }
            _ => {
                self.out.push(0x82);
                self.out.extend((value as i32).to_le_bytes());
            }
        }
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as i64);
        self.out.extend(bytes);
    }

    /// References are numbers from -110 (92 as a byte) upwards.
    fn reference(&mut self, index: usize) {
        self.number(index as i64 - 110);
    }

    /// A type description or class name: written once, referred to afterwards.
    fn shared(&mut self, text: &[u8]) {
        match self.strings.iter().position(|known| known == text) {
            Some(index) => self.reference(index),
            None => {
                self.strings.push(text.to_vec());
                self.out.push(0x84);
                self.bytes(text);
            }
        }
    }

    /// Refers to `object` if it was written before; else notes it as new and says that it must be written.
    fn is_new(&mut self, object: Known) -> bool {
        match self.objects.iter().position(|known| *known == object) {
            Some(index) => {
                self.reference(index);
                false
            }
            None => {
                self.objects.push(object);
                self.out.push(0x84);
                true
            }
        }
    }

    fn class(&mut self, classes: &[&str]) {
        for class in classes {
            if !self.is_new(Known::Class((*class).to_owned())) {
                return;
            }
            self.shared(class.as_bytes());
            self.number(version(class));
        }
        self.out.push(0x85);
    }

    fn new_object(&mut self, classes: &[&str]) {
        self.objects.push(Known::Object);
        self.out.push(0x84);
        self.class(classes);
    }

    fn end(&mut self) {
        self.out.push(0x86);
    }

    fn run(&mut self, run: &Run) {
        let more = run.numbers.len() + run.texts.len() + run.data.len() + usize::from(run.link.is_some());
        let count = 1 + i64::from(run.transfer.is_some()) + i64::from(run.mention.is_some()) + more as i64;
        self.new_object(&["NSDictionary", "NSObject"]);
        self.shared(b"i");
        self.number(count);
        for (key, value) in
            [("__kIMFileTransferGUIDAttributeName", &run.transfer), ("__kIMMentionConfirmedMention", &run.mention)]
        {
            if let Some(value) = value {
                self.string(key);
                self.string(value);
            }
        }
        if let Some(address) = &run.link {
            self.string("__kIMLinkAttributeName");
            self.url(address);
        }
        for (key, value) in &run.texts {
            self.string(key);
            self.string(value);
        }
        for (key, value) in &run.data {
            self.string(key);
            self.data(value);
        }
        for (key, value) in run.numbers.iter().chain(&[("__kIMMessagePartAttributeName", run.part)]) {
            self.string(key);
            self.integer(*value);
        }
        self.end();
    }

    fn string(&mut self, text: &str) {
        self.shared(b"@");
        if self.is_new(Known::Text(text.to_owned())) {
            self.class(&["NSString", "NSObject"]);
            self.shared(b"+");
            self.bytes(text.as_bytes());
            self.end();
        }
    }

    /// An address: a flag that says that it is no relative one, and its text.
    fn url(&mut self, address: &str) {
        self.shared(b"@");
        self.new_object(&["NSURL", "NSObject"]);
        self.shared(b"c");
        self.number(0);
        self.string(address);
        self.end();
    }

    /// Raw bytes: how many, and an array of as many.
    fn data(&mut self, bytes: &[u8]) {
        self.shared(b"@");
        self.new_object(&["NSData", "NSObject"]);
        self.shared(b"i");
        self.number(bytes.len() as i64);
        self.shared(format!("[{}c]", bytes.len()).as_bytes());
        self.out.extend(bytes);
        self.end();
    }

    fn integer(&mut self, value: i32) {
        self.shared(b"@");
        if self.is_new(Known::Number(value)) {
            self.class(&["NSNumber", "NSValue", "NSObject"]);
            self.shared(b"*");
            if self.is_new(Known::TypeName("i".into())) {
                self.shared(b"i");
            }
            self.shared(b"i");
            self.number(i64::from(value));
            self.end();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_keys_are_referred_to() {
        let body = attributed("\u{fffc}\u{fffc}", &[Run::attachment("G-1", 0), Run::attachment("G-2", 1)]);
        // The second run as iOS 12.4 writes it: key, new value, key, new number with known class and type.
        let expected = b"\x99\x02\x01\x92\x84\x9a\x9b\x02\x92\x9b\x92\x84\x98\x98\x03G-2\x86\x92\x9d\x92\x84\x9f\x9e\xa1\x9b\x01\x86\x86\x86";
        assert!(body.ends_with(expected), "{body:x?}");
    }

    #[test]
    fn data_stands_as_messages_writes_it() {
        let run = Run { data: vec![("__kIMDataDetectedAttributeName", vec![7; 754])], ..Run::text("AS 1111", 0) };
        let body = attributed("AS 1111", &[run]);
        // As in a captured body with a flight, in front of the archive that the device made.
        let expected = b"\x86\x92\x84\x84\x84\x06NSData\x00\x95\x9b\x81\xf2\x02\x84\x06[754c]\x07\x07";
        assert!(body.windows(expected.len()).any(|window| window == expected), "{body:x?}");
    }

    #[test]
    fn equals_what_messages_writes() {
        // The body of one message as iOS 12.4 stored it, but for its text.
        let expected: &[&[u8]] = &[
            b"\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84\x19NSMutableAttributedString\x00\x84\x84",
            b"\x12NSAttributedString\x00\x84\x84\x08NSObject\x00\x85\x92\x84\x84\x84\x0fNSMutableString\x01\x84\x84",
            b"\x08NSString\x01\x95\x84\x01+\x02Hi\x86\x84\x02iI\x01\x02\x92\x84\x84\x84\x0cNSDictionary\x00\x95\x84",
            b"\x01i\x01\x92\x84\x98\x98\x1d__kIMMessagePartAttributeName\x86\x92\x84\x84\x84\x08NSNumber\x00\x84\x84",
            b"\x07NSValue\x00\x95\x84\x01*\x84\x9b\x9b\x00\x86\x86\x86",
        ];
        assert_eq!(plain("Hi"), expected.concat());
    }
}
