//! Apple's Core Audio Format, as far as sounds of phones use it: Opus, and plain samples.
//!
//! Layout (Apple's *Core Audio Format Specification*): `caff`, version and flags, then chunks of a type, a length (eight
//! bytes, big end first) and content. `desc` says what the sound is; `data` has it, after a count of edits; `pakt` has the
//! length of each packet, in sevens of bits, where they differ.

use super::samples::{Layout, Samples};
use super::{LONGEST, after, too_long};

/// Opus counts in this rate, whatever the sound had.
const OPUS_RATE: u64 = 48_000;

/// A packet of Opus has up to 48 frames of 1,275 bytes (RFC 6716), and 120 ms.
pub(super) const LONGEST_PACKET: usize = 61_298;
const LONGEST_SAMPLES: u32 = 5_760;

/// More channels than these have a layout of their own.
const MOST_CHANNELS: u32 = 2;

const IS_FLOAT: u32 = 1;
const IS_LITTLE: u32 = 2;

/// The sound of a file, and what is missing of it.
#[derive(Debug)]
pub struct CafSound<'a> {
    /// The sound.
    pub sound: Sound<'a>,
    /// What is missing, in words.
    pub fault: Option<String>,
}

/// A sound that can be written in another container.
#[derive(Debug)]
pub enum Sound<'a> {
    /// Opus.
    Opus(Opus<'a>),
    /// Plain samples.
    Samples(Samples<'a>),
}

/// The packets of Opus.
#[derive(Debug)]
pub struct Opus<'a> {
    pub(super) packets: Vec<Packet<'a>>,
    pub(super) channels: u8,
    /// The rate before it was encoded.
    pub(super) rate: u32,
    /// Samples that are not to be heard before it begins.
    pub(super) skip: u16,
    /// How many samples are to be heard, where the file says so.
    valid: Option<u64>,
}

impl Opus<'_> {
    /// The sample with which it ends.
    pub(super) fn end(&self) -> Option<u64> {
        self.valid.map(|valid| valid.saturating_add(u64::from(self.skip)))
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Packet<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) samples: u32,
}

/// What `desc` says.
#[derive(Debug, Clone, Copy)]
struct Description {
    rate: f64,
    format: [u8; 4],
    flags: u32,
    packet_bytes: u32,
    packet_frames: u32,
    channels: u32,
    bits: u32,
}

/// The chunks of a file.
#[derive(Debug, Default)]
struct Chunks<'a> {
    description: Option<Description>,
    data: Option<&'a [u8]>,
    /// Whether the data ends before its end.
    is_cut: bool,
    packets: Option<&'a [u8]>,
}

/// Finds the sound of a file.
///
/// # Errors
/// Why it is none that can be made to play, in words.
pub fn read(bytes: &[u8]) -> Result<CafSound<'_>, String> {
    let chunks = Chunks::find(bytes).ok_or("it is not a sound that corer can read")?;
    let description = chunks.description.ok_or("it does not say what sound it has")?;
    let data = chunks.data.filter(|data| !data.is_empty()).ok_or("it is empty")?;
    match &description.format {
        b"opus" => opus(&description, &chunks, data),
        b"lpcm" => samples(&description, &chunks, data),
        format => {
            let name: String = format.iter().map(|byte| char::from(*byte)).filter(char::is_ascii_graphic).collect();
            Err(format!("not every browser plays its kind of sound ({name} in CAF)"))
        }
    }
}

impl<'a> Chunks<'a> {
    fn find(bytes: &'a [u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(b"caff")?.get(4..)?;
        let mut own = Self::default();
        while let Some((head, after)) = rest.split_first_chunk::<12>() {
            let [a, b, c, d, length @ ..] = *head;
            // Data of unknown length, the last, has -1.
            let length = i64::from_be_bytes(length);
            let whole = usize::try_from(length).unwrap_or(usize::MAX);
            let content = after.get(..whole).unwrap_or(after);
            match &[a, b, c, d] {
                b"desc" => own.description = own.description.or_else(|| Description::read(content)),
                b"data" if own.data.is_none() => {
                    own.data = content.get(4..);
                    own.is_cut = length >= 0 && content.len() < whole;
                }
                b"pakt" if own.packets.is_none() => own.packets = Some(content),
                _ => {}
            }
            rest = after.get(whole..).unwrap_or_default();
        }
        Some(own)
    }
}

impl Description {
    fn read(content: &[u8]) -> Option<Self> {
        let (rate, rest) = content.split_first_chunk()?;
        let (format, rest) = rest.split_first_chunk()?;
        let mut numbers = rest.chunks_exact(4).filter_map(|four| Some(u32::from_be_bytes(four.try_into().ok()?)));
        let rate = f64::from_be_bytes(*rate);
        Some(Self {
            rate: Some(rate).filter(|rate| (1.0..1_000_000.0).contains(rate))?,
            format: *format,
            flags: numbers.next()?,
            packet_bytes: numbers.next()?,
            packet_frames: numbers.next()?,
            channels: numbers.next()?,
            bits: numbers.next()?,
        })
    }
}

/// What `pakt` says.
struct Table<'a> {
    packets: u64,
    valid: u64,
    priming: u64,
    sizes: &'a [u8],
}

impl<'a> Table<'a> {
    fn read(content: &'a [u8]) -> Option<Self> {
        let (packets, rest) = content.split_first_chunk()?;
        let (valid, rest) = rest.split_first_chunk()?;
        let (priming, rest) = rest.split_first_chunk()?;
        let positive = |number: i64| u64::try_from(number).unwrap_or_default();
        Some(Self {
            packets: positive(i64::from_be_bytes(*packets)),
            valid: positive(i64::from_be_bytes(*valid)),
            priming: positive(i64::from(i32::from_be_bytes(*priming))),
            sizes: rest.get(4..)?,
        })
    }

    /// The next number of the table.
    fn next(&mut self) -> Option<usize> {
        let mut number = 0_usize;
        for _ in 0..4 {
            let (byte, rest) = self.sizes.split_first()?;
            self.sizes = rest;
            number = number << 7 | usize::from(byte & 0x7f);
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }
}

fn opus<'a>(description: &Description, chunks: &Chunks<'a>, data: &'a [u8]) -> Result<CafSound<'a>, String> {
    let channels = u8::try_from(description.channels).ok().filter(|n| (1..=MOST_CHANNELS).contains(&u32::from(*n)));
    let channels = channels.ok_or_else(|| format!("it has {} channels", description.channels))?;
    let no_table = "the list of its packets is missing, without which nothing of it can be found";
    let mut table = match (chunks.packets, description.packet_bytes) {
        (Some(table), _) => Table::read(table).ok_or(no_table)?,
        (None, 1..) => Table { packets: u64::MAX, valid: 0, priming: 0, sizes: &[] },
        (None, 0) => return Err(no_table.to_owned()),
    };
    let scaled = |samples: u64| (samples as f64 * OPUS_RATE as f64 / description.rate).round() as u64;
    let (mut packets, mut rest, mut played, mut fault) = (Vec::new(), data, 0_u64, None);
    let ends = |played: u64, why: &str| Some(format!("it breaks off after {}: {why}", after(played / OPUS_RATE)));
    let mut left = table.packets;
    while left > 0 {
        if rest.is_empty() && description.packet_bytes > 0 && table.packets == u64::MAX {
            break;
        }
        let size = match description.packet_bytes {
            0 => table.next(),
            size => usize::try_from(size).ok(),
        };
        // The length in time stands in the packet too.
        if description.packet_frames == 0 {
            table.next();
        }
        let packet =
            size.filter(|size| (1..=LONGEST_PACKET).contains(size)).and_then(|size| rest.split_at_checked(size));
        let Some((bytes, after)) = packet else {
            fault = ends(played, "the next packet is not there");
            break;
        };
        let Some(samples) = length(bytes) else {
            fault = ends(played, "the next packet makes no sense");
            break;
        };
        if played >= LONGEST * OPUS_RATE {
            fault = Some(too_long());
            break;
        }
        packets.push(Packet { bytes, samples });
        played += u64::from(samples);
        rest = after;
        left -= 1;
    }
    if packets.is_empty() {
        return Err("it has no packet of sound".to_owned());
    }
    let skip = u16::try_from(scaled(table.priming)).unwrap_or(u16::MAX);
    let valid = Some(scaled(table.valid)).filter(|valid| *valid > 0 && fault.is_none());
    let rate = description.rate.round() as u32;
    Ok(CafSound { sound: Sound::Opus(Opus { packets, channels, rate, skip, valid }), fault })
}

/// How many samples a packet of Opus has, at 48,000 a second, after its first two bytes (RFC 6716, section 3.1).
fn length(packet: &[u8]) -> Option<u32> {
    let (first, rest) = packet.split_first()?;
    let frame = match first >> 3 {
        config @ 0..12 => [480, 960, 1_920, 2_880].get(usize::from(config & 3)).copied(),
        config @ 12..16 => [480, 960].get(usize::from(config & 1)).copied(),
        config => [120, 240, 480, 960].get(usize::from(config & 3)).copied(),
    }?;
    let frames = match first & 3 {
        0 => 1,
        1 | 2 => 2,
        _ => u32::from(rest.first()? & 0x3f),
    };
    Some(frame * frames).filter(|samples| (1..=LONGEST_SAMPLES).contains(samples))
}

fn samples<'a>(description: &Description, chunks: &Chunks<'a>, data: &'a [u8]) -> Result<CafSound<'a>, String> {
    let no = || format!("its samples have {} bits in {} channels", description.bits, description.channels);
    let channels = u16::try_from(description.channels).ok().filter(|channels| (1..=8).contains(channels));
    let channels = channels.ok_or_else(no)?;
    let is_float = description.flags & IS_FLOAT != 0;
    let width = match (description.bits, is_float) {
        (8 | 16 | 24 | 32, false) | (32 | 64, true) => description.bits / 8,
        _ => return Err(no()),
    };
    let block = width * u32::from(channels);
    if description.packet_bytes != block {
        return Err(no());
    }
    let rate = description.rate.round() as u32;
    let most = LONGEST.saturating_mul(u64::from(rate)).saturating_mul(u64::from(block));
    let whole = data.len() - data.len() % usize::try_from(block).map_err(|_| no())?;
    let kept = usize::try_from(most).unwrap_or(usize::MAX).min(whole);
    let fault = match (kept < whole, chunks.is_cut) {
        (true, _) => Some(too_long()),
        (false, true) => {
            let seconds = whole as u64 / u64::from(block) / u64::from(rate);
            Some(format!("it breaks off after {}: the rest of its samples is not there", after(seconds)))
        }
        (false, false) => None,
    };
    let bytes = data.get(..kept).filter(|bytes| !bytes.is_empty()).ok_or("it is empty")?;
    let layout = Layout { rate, channels, width: u16::try_from(width).unwrap_or_default(), is_float };
    let is_little = description.flags & IS_LITTLE != 0;
    Ok(CafSound { sound: Sound::Samples(Samples { bytes, layout, is_little }), fault })
}
