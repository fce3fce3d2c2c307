//! Protocol buffers, three levels deep.

use corer_schemas::formats::protobuf::{Field, Message};

fn walk(bytes: &[u8], levels: usize) {
    let Ok(message) = Message::read(bytes) else { return };
    for number in 0..16 {
        for field in message.all(number) {
            if let (Field::Bytes(inner), 1..) = (field, levels) {
                walk(inner, levels - 1);
            }
        }
        let _ = (message.text(number), message.integer(number), message.real(number));
    }
}

pub fn run(bytes: &[u8]) {
    walk(bytes, 3);
}
