//! AMR as WAV: 8,000 samples a second, 16 bits, one channel.
//!
//! The decoder is that of `rvoip-codec-core` (MIT), bit-exact to 3GPP TS 26.073. Storage (RFC 4867, section 5): `#!AMR\n`,
//! then frames of 20 ms, each a byte that says its type and quality and as many bytes as the type has.

use std::io::{self, Write};

use codec_core::codecs::amr::nb::bitstream::{parse, parse_sid_header};
use codec_core::codecs::amr::nb::decoder::Decoder;
use codec_core::codecs::amr::nb::dtx::RxFrameType;

/// What every such file begins with.
const MAGIC: &[u8] = b"#!AMR\n";

/// Samples a second, and in a frame.
const RATE: u32 = 8_000;
const SAMPLES: u32 = 160;

/// Bytes of a frame after its head, by type: eight rates of speech, and comfort noise.
const LENGTHS: [usize; 9] = [12, 13, 15, 17, 19, 20, 26, 31, 5];
const COMFORT_NOISE: u8 = 8;
const NO_DATA: u8 = 15;

/// The frames of a sound.
#[derive(Debug)]
pub struct Frames<'a> {
    frames: Vec<Frame<'a>>,
}

#[derive(Debug, Clone, Copy)]
struct Frame<'a> {
    kind: u8,
    is_good: bool,
    data: &'a [u8],
}

/// Finds the frames of a sound. One that was cut off at its end gives the frames before.
///
/// # Errors
/// Why it is none that can be played, in words.
pub fn frames(bytes: &[u8]) -> Result<Frames<'_>, String> {
    let mut rest = bytes.strip_prefix(MAGIC).ok_or("it is not a sound that corer can play")?;
    let mut frames = Vec::new();
    while let Some((head, after)) = rest.split_first() {
        let (kind, is_good) = (head >> 3 & 0x0f, head >> 2 & 1 == 1);
        let length = match kind {
            NO_DATA => 0,
            kind => *LENGTHS.get(usize::from(kind)).ok_or("it has frames of an unknown type")?,
        };
        let Some((data, next)) = after.split_at_checked(length) else { break };
        frames.push(Frame { kind, is_good, data });
        rest = next;
    }
    match frames.is_empty() {
        true => Err("it is empty".to_owned()),
        false => Ok(Frames { frames }),
    }
}

/// Writes the sound as a WAV file.
///
/// # Errors
/// Those of `to`.
pub fn write(frames: &Frames<'_>, to: &mut dyn Write) -> io::Result<()> {
    let count = u32::try_from(frames.frames.len()).unwrap_or(u32::MAX);
    let bytes = count.saturating_mul(SAMPLES * 2);
    to.write_all(&header(bytes))?;
    let mut decoder = Decoder::new();
    let mut mode = 0;
    for frame in &frames.frames {
        let samples = decode(&mut decoder, frame, &mut mode);
        let mut plain = [0; SAMPLES as usize * 2];
        for (pair, sample) in plain.chunks_exact_mut(2).zip(samples) {
            pair.copy_from_slice(&sample.to_le_bytes());
        }
        to.write_all(&plain)?;
    }
    Ok(())
}

/// Decodes one frame; `mode` is the rate of the speech before it.
fn decode(decoder: &mut Decoder, frame: &Frame<'_>, mode: &mut u8) -> [i16; SAMPLES as usize] {
    let (kind, parameters) = match frame.kind {
        speech @ 0..COMFORT_NOISE => match parse(speech, frame.data) {
            Some(parameters) => {
                *mode = speech;
                (if frame.is_good { RxFrameType::SpeechGood } else { RxFrameType::SpeechBad }, parameters)
            }
            None => (RxFrameType::NoData, Vec::new()),
        },
        COMFORT_NOISE => match parse_sid_header(frame.data).zip(parse(COMFORT_NOISE, frame.data)) {
            Some((header, parameters)) => {
                *mode = header.mode_index & 7;
                match (frame.is_good, header.update) {
                    (false, _) => (RxFrameType::SidBad, parameters),
                    (true, true) => (RxFrameType::SidUpdate, parameters),
                    (true, false) => (RxFrameType::SidFirst, Vec::new()),
                }
            }
            None => (RxFrameType::NoData, Vec::new()),
        },
        _ => (RxFrameType::NoData, Vec::new()),
    };
    decoder.decode_typed(kind, *mode, &parameters)
}

/// What stands before the samples of a WAV file (PCM, one channel, 16 bits).
fn header(bytes: u32) -> Vec<u8> {
    let mut header = Vec::with_capacity(44);
    header.extend_from_slice(b"RIFF");
    header.extend_from_slice(&bytes.saturating_add(36).to_le_bytes());
    header.extend_from_slice(b"WAVEfmt ");
    header.extend_from_slice(&16_u32.to_le_bytes());
    for pair in [1_u16, 1] {
        header.extend_from_slice(&pair.to_le_bytes());
    }
    header.extend_from_slice(&RATE.to_le_bytes());
    header.extend_from_slice(&(RATE * 2).to_le_bytes());
    for pair in [2_u16, 16] {
        header.extend_from_slice(&pair.to_le_bytes());
    }
    header.extend_from_slice(b"data");
    header.extend_from_slice(&bytes.to_le_bytes());
    header
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wav(bytes: &[u8]) -> Result<Vec<u8>, String> {
        let frames = frames(bytes)?;
        let mut out = Vec::new();
        write(&frames, &mut out).unwrap();
        Ok(out)
    }

    #[test]
    fn a_second_of_silence_is_a_second_of_samples() {
        let sound = [MAGIC, &[0x7c; 50]].concat();
        let wav = wav(&sound).unwrap();
        assert_eq!(wav.len(), 44 + 16_000);
        assert_eq!(wav.get(40..44), Some(&16_000_u32.to_le_bytes()[..]));
        assert_eq!(wav.get(4..8), Some(&16_036_u32.to_le_bytes()[..]));
    }

    #[test]
    fn a_cut_end_costs_its_frame_alone() {
        let one = [&[0x3c][..], &[0x55; 31]].concat();
        let sound = [MAGIC, &one, &one, &one[..9]].concat();
        assert_eq!(wav(&sound).unwrap().len(), 44 + 640);
    }

    #[test]
    fn what_is_no_sound_says_so() {
        assert!(wav(b"").is_err() && wav(MAGIC).is_err() && wav(b"#!AMR-WB\n....").is_err());
        assert_eq!(wav(b"#!AMR\n\x50").unwrap_err(), "it has frames of an unknown type");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        /// Whatever the frames hold, each gives its samples.
        #[test]
        fn noise_is_decoded(kinds in prop::collection::vec((0_u8..10, any::<bool>(), any::<[u8; 31]>()), 1..200)) {
            let mut sound = MAGIC.to_vec();
            for (kind, is_good, data) in &kinds {
                let kind = if *kind == 9 { NO_DATA } else { *kind };
                sound.push(kind << 3 | u8::from(*is_good) << 2);
                sound.extend_from_slice(&data[..LENGTHS.get(usize::from(kind)).copied().unwrap_or(0)]);
            }
            prop_assert_eq!(wav(&sound).unwrap().len(), 44 + kinds.len() * 320);
        }
    }
}
