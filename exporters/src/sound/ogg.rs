//! Opus in Ogg (RFC 3533, RFC 7845): packets as they are, in pages of about a second.

use std::io::{self, Write};

use super::caf::Opus;

/// Packets on a page: a second of those that phones write. Each has at most [`caf::LONGEST_PACKET`](super::caf) bytes, of
/// which 255 lie in a segment; a page has 255 segments.
const SEGMENTS: usize = 255;
const PACKETS: usize = 50;

/// The number of the stream. There is one in a file.
const SERIAL: u32 = 1;

const FIRST: u8 = 2;
const LAST: u8 = 4;

/// Writes the sound.
pub(super) fn write(opus: &Opus<'_>, to: &mut dyn Write) -> io::Result<()> {
    let mut pages = Pages { to, number: 0 };
    pages.write(FIRST, 0, &[&head(opus)])?;
    pages.write(0, 0, &[&tags()])?;
    let (mut waiting, mut segments, mut played) = (Vec::new(), 0, 0_u64);
    let end = opus.end();
    for packet in &opus.packets {
        let needed = packet.bytes.len() / 255 + 1;
        if !waiting.is_empty() && (segments + needed > SEGMENTS || waiting.len() >= PACKETS) {
            pages.write(0, played, &waiting)?;
            waiting.clear();
            segments = 0;
        }
        waiting.push(packet.bytes);
        segments += needed;
        played += u64::from(packet.samples);
    }
    // The position of the last page says where the sound ends, within its last packet.
    pages.write(LAST, end.unwrap_or(played).min(played), &waiting)
}

fn head(opus: &Opus<'_>) -> Vec<u8> {
    let mut head = b"OpusHead".to_vec();
    head.extend([1, opus.channels]);
    head.extend(opus.skip.to_le_bytes());
    head.extend(opus.rate.to_le_bytes());
    // No gain; the channels lie as they do in one or two of them.
    head.extend([0, 0, 0]);
    head
}

fn tags() -> Vec<u8> {
    let mut tags = b"OpusTags".to_vec();
    tags.extend(5_u32.to_le_bytes());
    tags.extend(b"corer");
    tags.extend(0_u32.to_le_bytes());
    tags
}

struct Pages<'w> {
    to: &'w mut dyn Write,
    number: u32,
}

impl Pages<'_> {
    fn write(&mut self, kind: u8, position: u64, packets: &[&[u8]]) -> io::Result<()> {
        let mut lacing = Vec::with_capacity(SEGMENTS);
        for packet in packets {
            lacing.extend(std::iter::repeat_n(255_u8, packet.len() / 255));
            lacing.push((packet.len() % 255) as u8);
        }
        let mut page = b"OggS\0".to_vec();
        page.push(kind);
        page.extend(position.to_le_bytes());
        page.extend(SERIAL.to_le_bytes());
        page.extend(self.number.to_le_bytes());
        let sum_at = page.len();
        page.extend([0; 4]);
        page.push(u8::try_from(lacing.len()).unwrap_or(u8::MAX));
        page.extend(lacing);
        packets.iter().for_each(|packet| page.extend_from_slice(packet));
        let sum = sum(&page).to_le_bytes();
        for (place, byte) in page.iter_mut().skip(sum_at).zip(sum) {
            *place = byte;
        }
        self.number += 1;
        self.to.write_all(&page)
    }
}

/// The checksum of a page: a CRC of 32 bits with the polynomial 04C11DB7, the highest bit first, from 0.
fn sum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum: u32, byte| {
        (0..8).fold(sum ^ u32::from(*byte) << 24, |sum, _| {
            if sum & 0x8000_0000 != 0 { sum << 1 ^ 0x04c1_1db7 } else { sum << 1 }
        })
    })
}
