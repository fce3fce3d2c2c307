//! Pictures: converted and made small within limits, or refused. A decoder that panics is caught, and costs its picture.

use std::time::Duration;

use corer_exporters::convert::{ConvertTarget, Converter, Limits};

const LIMITS: Limits = Limits { bytes: 1 << 20, pixels: 1 << 20, memory: 64 << 20, time: Duration::from_secs(20) };

pub fn run(bytes: &[u8]) {
    let converter = Converter::new(LIMITS);
    let _ = converter.convert(bytes.to_vec(), ConvertTarget::Web);
    let _ = converter.embedded(bytes);
    if let Ok(small) = converter.thumbnail(bytes.to_vec(), 64) {
        assert!(small.bytes.starts_with(b"\xff\xd8"), "a small picture is a JPEG");
    }
}
