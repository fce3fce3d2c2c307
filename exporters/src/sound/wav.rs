//! WAV: what stands before plain samples (PCM), and samples of a CAF as WAV wants them.

use std::io::{self, Write};

use super::samples::{Layout, Samples};

/// What stands before so many bytes of samples.
pub(super) fn header(layout: Layout, bytes: u32) -> Vec<u8> {
    let block = layout.channels.saturating_mul(layout.width);
    let mut header = Vec::with_capacity(44);
    header.extend_from_slice(b"RIFF");
    header.extend_from_slice(&bytes.saturating_add(36).to_le_bytes());
    header.extend_from_slice(b"WAVEfmt ");
    header.extend_from_slice(&16_u32.to_le_bytes());
    for pair in [if layout.is_float { 3_u16 } else { 1 }, layout.channels] {
        header.extend_from_slice(&pair.to_le_bytes());
    }
    header.extend_from_slice(&layout.rate.to_le_bytes());
    header.extend_from_slice(&layout.rate.saturating_mul(u32::from(block)).to_le_bytes());
    for pair in [block, layout.width.saturating_mul(8)] {
        header.extend_from_slice(&pair.to_le_bytes());
    }
    header.extend_from_slice(b"data");
    header.extend_from_slice(&bytes.to_le_bytes());
    header
}

/// Writes the samples of a CAF: the little end first, and bytes without a sign.
pub(super) fn write(samples: &Samples<'_>, to: &mut dyn Write) -> io::Result<()> {
    let width = usize::from(samples.layout.width);
    to.write_all(&header(samples.layout, u32::try_from(samples.bytes.len()).unwrap_or(u32::MAX)))?;
    let mut out = Vec::with_capacity(1 << 16);
    for chunk in samples.bytes.chunks(width * 4_096) {
        out.clear();
        for sample in chunk.chunks_exact(width) {
            match sample {
                [byte] => out.push(byte ^ 0x80),
                sample if samples.is_little => out.extend_from_slice(sample),
                sample => out.extend(sample.iter().rev()),
            }
        }
        to.write_all(&out)?;
    }
    Ok(())
}
