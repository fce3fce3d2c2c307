//! What a message of WhatsApp carries, and what became of it: both are protocol buffers, and whatever is one can be read.

use corer_schemas::formats::protobuf::Message;
use corer_schemas::fuzzing;

pub fn run(bytes: &[u8]) {
    let (carries, became) = fuzzing::whatsapp(bytes);
    let is_buffer = Message::read(bytes).is_ok();
    assert!(is_buffer == became && (is_buffer == carries || bytes.starts_with(b"bplist")));
}
