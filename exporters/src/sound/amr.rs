//! AMR as WAV: 16 bits, one channel; 8,000 samples a second, or 16,000 of AMR-WB.
//!
//! The decoders are those of `rvoip-codec-core` (MIT), bit-exact to 3GPP TS 26.073 and TS 26.173. Storage (RFC 4867,
//! section 5): `#!AMR\n` or `#!AMR-WB\n`, then frames of 20 ms, each a byte that says its type and quality and as many
//! bytes as the type has.

use std::io::{self, Write};

use codec_core::codecs::amr::mode::{AmrMode, AmrVariant};
use codec_core::codecs::amr::nb::bitstream::{parse, parse_sid_header};
use codec_core::codecs::amr::nb::decoder as narrow;
use codec_core::codecs::amr::nb::dtx::RxFrameType;
use codec_core::codecs::amr::wb::bitstream::{sid_is_update, sid_mode_indication};
use codec_core::codecs::amr::wb::decoder as wide;
use codec_core::codecs::amr::wb::dtx::RxFrameType as WideFrameType;
use codec_core::codecs::amr::wb::gain::FrameQuality;

use super::samples::Layout;
use super::wav::header;
use super::{LONGEST, after, too_long};

/// What such files begin with.
const NARROW: &[u8] = b"#!AMR\n";
const WIDE: &[u8] = b"#!AMR-WB\n";

/// Frames a second, and the most of them.
const FRAMES: u64 = 50;
const MOST: usize = (LONGEST * FRAMES) as usize;

/// The most frames of AMR-WB that are decoded: half an hour of speech. One costs seven times what one of AMR does, and
/// telephones record no such calls.
const MOST_WIDE: usize = (30 * 60 * FRAMES) as usize;

/// Bytes of a frame after its head, by type: the rates of speech, and comfort noise.
const NARROW_LENGTHS: [usize; 9] = [12, 13, 15, 17, 19, 20, 26, 31, 5];
const WIDE_LENGTHS: [usize; 10] = [17, 23, 32, 36, 40, 46, 50, 58, 60, 5];
const NARROW_NOISE: u8 = 8;
const WIDE_NOISE: u8 = 9;
const WIDE_LOST: u8 = 14;
const NO_DATA: u8 = 15;

/// The frames of a sound.
#[derive(Debug)]
pub struct Frames<'a> {
    frames: Vec<Frame<'a>>,
    is_wide: bool,
    /// What is missing of it, in words.
    pub fault: Option<String>,
}

#[derive(Debug, Clone, Copy)]
struct Frame<'a> {
    kind: u8,
    is_good: bool,
    data: &'a [u8],
}

/// Finds the frames of a sound, as far as they go. One that was cut off, or breaks the format, gives the frames before.
///
/// # Errors
/// Why it is none that can be played, in words.
pub fn frames(bytes: &[u8]) -> Result<Frames<'_>, String> {
    let (mut rest, is_wide) = match (bytes.strip_prefix(NARROW), bytes.strip_prefix(WIDE)) {
        (Some(rest), _) => (rest, false),
        (None, Some(rest)) => (rest, true),
        (None, None) => return Err("it is not a sound that corer can play".to_owned()),
    };
    let (mut frames, mut fault): (Vec<Frame<'_>>, Option<&str>) = (Vec::new(), None);
    let (mut gap, mut decoded) = (Gap::default(), 0);
    while let Some((head, after)) = rest.split_first() {
        if frames.len() >= MOST {
            return Ok(Frames { frames, is_wide, fault: Some(too_long()) });
        }
        let (kind, is_good) = (head >> 3 & 0x0f, head >> 2 & 1 == 1);
        let Some(length) = length(kind, is_wide) else {
            fault = Some("it has frames of an unknown type");
            break;
        };
        let Some((data, next)) = after.split_at_checked(length) else {
            fault = Some("its last frame is cut");
            break;
        };
        decoded += usize::from(!gap.is_long_at(data));
        if is_wide && decoded > MOST_WIDE {
            return Ok(Frames { frames, is_wide, fault: Some(too_much_speech()) });
        }
        frames.push(Frame { kind, is_good, data });
        rest = next;
    }
    if frames.is_empty() {
        return Err(fault.unwrap_or("it is empty").to_owned());
    }
    let played = frames.len() as u64 / FRAMES;
    let fault = fault.map(|why| format!("it breaks off after {}: {why}", after(played)));
    Ok(Frames { frames, is_wide, fault })
}

/// Why not all of a sound is decoded that costs too much.
fn too_much_speech() -> String {
    let minutes = MOST_WIDE as u64 / FRAMES / 60;
    format!("it has more than {minutes} min of speech, and the rest is left out of what plays")
}

/// How many bytes follow the head of a frame; `None` for a type that nobody knows.
fn length(kind: u8, is_wide: bool) -> Option<usize> {
    let lengths = if is_wide { &WIDE_LENGTHS[..] } else { &NARROW_LENGTHS[..] };
    match kind {
        NO_DATA => Some(0),
        WIDE_LOST if is_wide => Some(0),
        kind => lengths.get(usize::from(kind)).copied(),
    }
}

/// After so many frames with nothing in them, what follows is silence, without asking the decoder, which takes as long for nothing
/// as for speech. Who speaks into a pause says so every eight frames.
const LONGEST_GAP: usize = 100;

/// The frames with nothing in them up to here.
#[derive(Default)]
struct Gap(usize);

impl Gap {
    /// Takes the next frame, and says whether it lies so deep in a gap that it is silence.
    fn is_long_at(&mut self, data: &[u8]) -> bool {
        self.0 = if data.is_empty() { self.0 + 1 } else { 0 };
        self.0 > LONGEST_GAP
    }
}

/// The samples of a frame of it.
const SILENCE: [i16; 320] = [0; 320];

/// Writes the sound as a WAV file.
///
/// # Errors
/// Those of `to`.
pub fn write(frames: &Frames<'_>, to: &mut dyn Write) -> io::Result<()> {
    let samples = if frames.is_wide { 320 } else { 160 };
    let bytes = u32::try_from(frames.frames.len()).unwrap_or(u32::MAX).saturating_mul(samples * 2);
    to.write_all(&header(Layout { rate: samples * 50, channels: 1, width: 2, is_float: false }, bytes))?;
    let (mut decoders, mut mode) = ((narrow::Decoder::new(), wide::Decoder::new()), 0);
    let mut gap = Gap::default();
    for frame in &frames.frames {
        match frames.is_wide {
            is_wide if gap.is_long_at(frame.data) => {
                put(SILENCE.get(..if is_wide { 320 } else { 160 }).unwrap_or_default(), to)?
            }
            true => put(&wide(&mut decoders.1, frame, &mut mode), to)?,
            false => put(&narrow(&mut decoders.0, frame, &mut mode), to)?,
        }
    }
    Ok(())
}

fn put(samples: &[i16], to: &mut dyn Write) -> io::Result<()> {
    let mut plain = [0; 640];
    for (pair, sample) in plain.chunks_exact_mut(2).zip(samples) {
        pair.copy_from_slice(&sample.to_le_bytes());
    }
    to.write_all(plain.get(..samples.len() * 2).unwrap_or_default())
}

/// Decodes one frame of AMR-WB; `mode` is the rate of the speech before it.
fn wide(decoder: &mut wide::Decoder, frame: &Frame<'_>, mode: &mut u8) -> [i16; 320] {
    let rate = |index| AmrMode::new(AmrVariant::WideBand, index).ok();
    let samples = match frame.kind {
        speech @ 0..WIDE_NOISE => {
            *mode = speech;
            let quality = if frame.is_good { FrameQuality::Good } else { FrameQuality::Bad };
            rate(speech).and_then(|rate| decoder.decode_frame(rate, frame.data, quality))
        }
        WIDE_NOISE => {
            *mode = sid_mode_indication(frame.data).unwrap_or(*mode);
            let kind = match (frame.is_good, sid_is_update(frame.data)) {
                (false, _) => WideFrameType::SidBad,
                (true, true) => WideFrameType::SidUpdate,
                (true, false) => WideFrameType::SidFirst,
            };
            decoder.decode_comfort_noise(kind, frame.data, *mode)
        }
        WIDE_LOST => rate(*mode).and_then(|rate| decoder.decode_frame(rate, &[], FrameQuality::Unusable)),
        _ => decoder.decode_comfort_noise(WideFrameType::NoData, &[], *mode),
    };
    samples.unwrap_or([0; 320])
}

/// Decodes one frame; `mode` is the rate of the speech before it.
fn narrow(decoder: &mut narrow::Decoder, frame: &Frame<'_>, mode: &mut u8) -> [i16; 160] {
    let (kind, parameters) = match frame.kind {
        speech @ 0..NARROW_NOISE => match parse(speech, frame.data) {
            Some(parameters) => {
                *mode = speech;
                (if frame.is_good { RxFrameType::SpeechGood } else { RxFrameType::SpeechBad }, parameters)
            }
            None => (RxFrameType::NoData, Vec::new()),
        },
        NARROW_NOISE => match parse_sid_header(frame.data).zip(parse(NARROW_NOISE, frame.data)) {
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
        let sound = [NARROW, &[0x7c; 50]].concat();
        let wav = wav(&sound).unwrap();
        assert_eq!(wav.len(), 44 + 16_000);
        assert_eq!(wav.get(40..44), Some(&16_000_u32.to_le_bytes()[..]));
        assert_eq!(wav.get(4..8), Some(&16_036_u32.to_le_bytes()[..]));
    }

    #[test]
    fn a_cut_end_costs_its_frame_alone() {
        let one = [&[0x3c][..], &[0x55; 31]].concat();
        let sound = [NARROW, &one, &one, &one[..9]].concat();
        assert_eq!(wav(&sound).unwrap().len(), 44 + 640);
    }

    #[test]
    fn what_is_no_sound_says_so() {
        assert!(wav(b"").is_err() && wav(NARROW).is_err() && wav(b"#!AMR-XX\n....").is_err());
        assert_eq!(wav(b"#!AMR\n\x50").unwrap_err(), "it has frames of an unknown type");
    }

    #[test]
    fn what_breaks_midway_gives_its_good_part_and_says_how_long() {
        let one = [&[0x3c][..], &[0x55; 31]].concat();
        let sound = [NARROW, &one.repeat(150), &[0x50], &one].concat();
        let frames = frames(&sound).unwrap();
        assert_eq!(frames.fault.as_deref(), Some("it breaks off after 3 seconds: it has frames of an unknown type"));
        assert_eq!(wav(&sound).unwrap().len(), 44 + 150 * 320);
        let cut = super::frames(&sound[..sound.len() - 40]).unwrap();
        assert_eq!(cut.fault.as_deref(), Some("it breaks off after 2 seconds: its last frame is cut"));
    }

    #[test]
    fn frames_without_end_become_two_hours() {
        let sound = [NARROW, &vec![0x7c; 1 << 20]].concat();
        let frames = frames(&sound).unwrap();
        assert_eq!(frames.frames.len(), 2 * 3_600 * 50);
        assert!(frames.fault.unwrap().starts_with("it is longer than 2 hours"));
        assert_eq!(super::frames(&[NARROW, &vec![0x7c; 360_000]].concat()).unwrap().fault, None);
    }

    #[test]
    fn a_long_gap_is_silence_and_speech_goes_on_after_it() {
        let speech = [&[0x3c][..], &[0x55; 31]].concat().repeat(50);
        let sound = [NARROW, &speech, &[0x7c; 1000], &speech].concat();
        let wav = wav(&sound).unwrap();
        assert_eq!(wav.len(), 44 + 1100 * 320);
        let is_silent = |frames: std::ops::Range<usize>| {
            wav[44 + frames.start * 320..44 + frames.end * 320].iter().all(|byte| *byte == 0)
        };
        assert!(is_silent(50 + LONGEST_GAP..1050) && !is_silent(0..50) && !is_silent(1050..1100));
    }

    #[test]
    fn half_an_hour_of_wide_speech_is_decoded_and_gaps_cost_nothing() {
        let speech = |frames: usize| [&[0x04][..], &[0x55; 17]].concat().repeat(frames);
        let of = |bytes: Vec<u8>| {
            let frames = frames(&bytes).unwrap();
            (frames.frames.len(), frames.fault)
        };
        assert_eq!(of([WIDE, &speech(MOST_WIDE)].concat()), (MOST_WIDE, None));
        let (played, fault) = of([WIDE, &speech(MOST_WIDE + 1)].concat());
        assert_eq!(played, MOST_WIDE);
        assert!(fault.unwrap().contains("more than 30 min of speech"));
        // An hour and a half, most of it gaps of ten seconds.
        let part = [speech(90), vec![0x7c; 500]].concat();
        let (played, fault) = of([WIDE, &part.repeat(450)].concat());
        assert!(fault.is_none() && played == 450 * 590);
        // Short gaps are decoded as speech is.
        let part = [speech(50), vec![0x7c; 50]].concat();
        assert_eq!(of([WIDE, &part.repeat(3_600)].concat()).0, MOST_WIDE);
        // Of AMR, two hours are.
        let narrow = [&[0x3c][..], &[0x55; 31]].concat();
        assert_eq!(of([NARROW, &narrow.repeat(MOST_WIDE + 1)].concat()), (MOST_WIDE + 1, None));
    }

    #[test]
    fn a_second_of_wide_silence_has_16_000_samples() {
        let sound = [WIDE, &[0x7c; 50]].concat();
        let wav = wav(&sound).unwrap();
        assert_eq!((wav.len(), wav.get(24..28)), (44 + 32_000, Some(&16_000_u32.to_le_bytes()[..])));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        /// The same of AMR-WB.
        #[test]
        fn wide_noise_is_decoded(kinds in prop::collection::vec((0_u8..12, any::<bool>(), any::<[u8; 60]>()), 1..100)) {
            let mut sound = WIDE.to_vec();
            for (kind, is_good, data) in &kinds {
                let kind = match kind { 10 => WIDE_LOST, 11 => NO_DATA, kind => *kind };
                sound.push(kind << 3 | u8::from(*is_good) << 2);
                sound.extend_from_slice(&data[..length(kind, true).unwrap()]);
            }
            prop_assert_eq!(wav(&sound).unwrap().len(), 44 + kinds.len() * 640);
        }

        /// Whatever the frames hold, each gives its samples.
        #[test]
        fn noise_is_decoded(kinds in prop::collection::vec((0_u8..10, any::<bool>(), any::<[u8; 31]>()), 1..200)) {
            let mut sound = NARROW.to_vec();
            for (kind, is_good, data) in &kinds {
                let kind = if *kind == 9 { NO_DATA } else { *kind };
                sound.push(kind << 3 | u8::from(*is_good) << 2);
                sound.extend_from_slice(&data[..NARROW_LENGTHS.get(usize::from(kind)).copied().unwrap_or(0)]);
            }
            prop_assert_eq!(wav(&sound).unwrap().len(), 44 + kinds.len() * 320);
        }
    }
}
