//! Conversion as a whole: look, find room, decode aside, encode.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use image::metadata::Orientation;

use super::decoder::{Decoder, Picture};
use super::embedded::{self, Embedded};
use super::isolated::isolated;
use super::memory::Memory;
use super::memory_budget::{can_have, is_limited};
use super::{Content, ConvertError, Limits, jpeg, png, thumbnail};

/// How many decoders may be left running because they took too long, before no more are started.
const LEFT_RUNNING: usize = 4;

/// The most bytes for each pixel of a JPEG or PNG that is made small: decoded, turned, with opacity. A progressive JPEG has
/// six of coefficients while it is decoded; a PNG of 16 bits has eight, twice where it is turned.
const BYTES_PER_PIXEL: u64 = 12;
const BYTES_PER_DEEP_PIXEL: u64 = 20;

/// From how much memory on a file is looked at as what may be a bomb.
const LARGE: u64 = 192 << 20;

/// How many times its own length a PNG may unpack to then: deflate reaches 1,032, pages of text 200.
const UNPACKED: u64 = 400;

/// How many pixels a byte of a JPEG may stand for: each block of 64 has at least a bit.
const PIXELS_PER_BYTE: u64 = 512;

/// What a picture is to become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConvertTarget {
    /// A JPEG in any case; what is transparent becomes white.
    Jpeg,
    /// What browsers show: a JPEG, or a PNG where not all of the picture is opaque, as in stickers. Of an animated
    /// picture its still image.
    Web,
}

/// The format of a converted picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
}

impl Format {
    /// The extension of its files, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }

    /// Its media type.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// A converted picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converted {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its format.
    pub format: Format,
    /// The width in pixels.
    pub width: u32,
    /// The height in pixels.
    pub height: u32,
}

/// The extension of a name, in small letters.
fn extension(name: &str) -> Option<String> {
    name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase())
}

/// Converts pictures, on any number of threads. One for a run: its limits hold for all of them together.
pub struct Converter {
    limits: Limits,
    decoders: Vec<Arc<dyn Decoder>>,
    memory: Arc<Memory>,
    left_running: AtomicUsize,
}

/// The limits of the run: all of its converters share one memory.
impl Default for Converter {
    fn default() -> Self {
        Self { memory: Memory::shared(), ..Self::new(Limits::default()) }
    }
}

impl Converter {
    /// A converter with the decoders of this build.
    pub fn new(limits: Limits) -> Self {
        #[cfg(feature = "heic")]
        let decoders: Vec<Arc<dyn Decoder>> = vec![Arc::new(super::heif::Heifer)];
        #[cfg(not(feature = "heic"))]
        let decoders = Vec::new();
        Self::with_decoders(limits, decoders)
    }

    /// A converter with decoders of one's own; the first that recognises a file decodes it.
    pub fn with_decoders(limits: Limits, decoders: Vec<Arc<dyn Decoder>>) -> Self {
        Self { limits, decoders, memory: Arc::new(Memory::new(limits.memory)), left_running: AtomicUsize::new(0) }
    }

    /// Whether a file of this name may need conversion, by its extension. What is inside decides later.
    pub fn is_candidate(name: &str) -> bool {
        matches!(extension(name).as_deref(), Some("heic" | "heif" | "heics" | "heifs" | "hif"))
    }

    /// Whether a file of this name holds a picture that moves, by its extension. Its copy shows one moment.
    pub fn is_animated(name: &str) -> bool {
        matches!(extension(name).as_deref(), Some("heics" | "heifs"))
    }

    /// Whether this is a picture that can be made small, by its first bytes (at least 64, where the file has so many).
    pub fn knows(&self, beginning: &[u8]) -> bool {
        self.decoder_of(beginning).is_some()
            || beginning.starts_with(b"\xff\xd8\xff")
            || beginning.starts_with(b"\x89PNG\r\n\x1a\n")
    }

    /// Reads a whole file, unless it is longer than the limits allow.
    ///
    /// # Errors
    /// [`ConvertError::TooLarge`], and [`ConvertError::Undecodable`] with the reader's words when it cannot be read.
    pub fn read(&self, reader: impl Read) -> Result<Vec<u8>, ConvertError> {
        let mut file = Vec::new();
        let most = self.limits.bytes;
        reader
            .take(most.saturating_add(1))
            .read_to_end(&mut file)
            .map_err(|e| ConvertError::Undecodable(e.to_string()))?;
        if u64::try_from(file.len()).is_ok_and(|length| length <= most) {
            Ok(file)
        } else {
            Err(ConvertError::TooLarge(format!("it has more than {most} bytes")))
        }
    }

    /// Converts a picture that browsers and other programs do not show.
    ///
    /// # Errors
    /// [`ConvertError::Unknown`] for what needs no conversion or is no picture.
    pub fn convert(&self, file: Vec<u8>, target: ConvertTarget) -> Result<Converted, ConvertError> {
        let decoder = self.decoder_of(&file).ok_or(ConvertError::Unknown)?;
        let (file, limits) = (Arc::new(file), self.limits);
        let needed = self.estimate(&decoder, &file)?.saturating_add(length(&file));
        self.run(needed, move || encode(decoder.decode(&file, &limits)?, target))
    }

    /// Makes a small JPEG of a HEIC, JPEG or PNG file, with no side longer than `side` pixels. Where the file holds a
    /// small copy of its picture that is at least half that long, it is made of that, which is much cheaper.
    ///
    /// # Errors
    /// [`ConvertError::Unknown`] for what is no picture.
    pub fn thumbnail(&self, file: Vec<u8>, side: u32) -> Result<Converted, ConvertError> {
        let (file, limits) = (Arc::new(file), self.limits);
        if let Some(decoder) = self.decoder_of(&file) {
            let needed = self.estimate(&decoder, &file)?.saturating_add(length(&file));
            return self.run(needed, move || small(preview(&*decoder, &file, &limits, side)?, side));
        }
        let (width, height) = imagesize::blob_size(&file)
            .ok()
            .and_then(|size| Some((u64::try_from(size.width).ok()?, u64::try_from(size.height).ok()?)))
            .ok_or(ConvertError::Unknown)?;
        let pixels = width.saturating_mul(height);
        if pixels > limits.pixels {
            return Err(ConvertError::TooLarge(format!("it has {width} × {height} pixels")));
        }
        let needed = pixels.saturating_mul(per_pixel(&file)).saturating_add(length(&file));
        if needed > LARGE && claims_too_much(&file, pixels) {
            let bytes = file.len();
            return Err(ConvertError::TooLarge(format!("it claims {width} × {height} pixels in {bytes} bytes")));
        }
        self.run(needed, move || small(thumbnail::decode(&file, &limits)?, side))
    }

    /// The small copy that a JPEG holds of its picture in its EXIF data: a JPEG, upright. `beginning` is the file as far as
    /// [`Self::BEGINNING`]. `None` where it holds none that pages could show.
    pub fn embedded(&self, beginning: &[u8]) -> Option<Vec<u8>> {
        let Embedded { file, orientation } = embedded::embedded(beginning)?;
        if orientation == Orientation::NoTransforms {
            return Some(file);
        }
        let limits = self.limits;
        let turned = move || {
            let picture = thumbnail::decode_turned(&file, &limits, Some(orientation))?;
            small(picture, u32::MAX)
        };
        self.isolated(turned).ok().map(|small| small.bytes)
    }

    /// How many bytes from its beginning on show whether a JPEG holds a small copy.
    pub const BEGINNING: usize = embedded::BEGINNING;

    fn decoder_of(&self, file: &[u8]) -> Option<Arc<dyn Decoder>> {
        let beginning = file.get(..64).unwrap_or(file);
        self.decoders.iter().find(|decoder| decoder.recognises(beginning)).cloned()
    }

    fn estimate(&self, decoder: &Arc<dyn Decoder>, file: &Arc<Vec<u8>>) -> Result<u64, ConvertError> {
        let (decoder, file, limits) = (Arc::clone(decoder), Arc::clone(file), self.limits);
        self.isolated(move || decoder.estimate(&file, &limits))
    }

    /// Runs a decoder when there is room for it.
    fn run(
        &self,
        needed: u64,
        work: impl FnOnce() -> Result<Converted, ConvertError> + Send + 'static,
    ) -> Result<Converted, ConvertError> {
        if needed > self.limits.memory {
            let (needed, room) = (needed / 1_000_000, self.limits.memory / 1_000_000);
            return Err(ConvertError::TooLarge(format!(
                "decoding it needs {needed} MB, and there are {room} MB for it"
            )));
        }
        // Under a limit of its own the process decodes one picture at a time, and asks whether there is memory for it.
        let share = self.memory.take(if is_limited() { self.limits.memory } else { needed });
        if is_limited() && !can_have(needed) {
            let needed = needed / 1_000_000;
            return Err(ConvertError::TooLarge(format!(
                "decoding it needs {needed} MB, and there are not so many now"
            )));
        }
        let done = self.isolated(work);
        if done == Err(ConvertError::TooSlow) {
            share.lose();
        }
        done
    }

    /// Does work on a thread of its own. After some that took too long no more is begun: each still runs, and holds its
    /// memory, until the program ends.
    fn isolated<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, ConvertError> + Send + 'static,
    ) -> Result<T, ConvertError> {
        if self.left_running.load(Ordering::Relaxed) >= LEFT_RUNNING {
            return Err(ConvertError::TooSlow);
        }
        let done = isolated(self.limits.time, work);
        if matches!(done, Err(ConvertError::TooSlow)) {
            self.left_running.fetch_add(1, Ordering::Relaxed);
        }
        done
    }
}

fn length(file: &[u8]) -> u64 {
    u64::try_from(file.len()).unwrap_or(u64::MAX)
}

/// Whether a JPEG or PNG claims more pixels than so many bytes can hold, but in a bomb.
fn claims_too_much(file: &[u8], pixels: u64) -> bool {
    match Content::of(file) {
        Some(Content::Jpeg) => length(file) < pixels / PIXELS_PER_BYTE,
        Some(Content::Png) => {
            // The depth of a channel, and how many there are.
            let bits = u64::from(file.get(24).copied().unwrap_or(8));
            let channels = match file.get(25) {
                Some(2) => 3,
                Some(4) => 2,
                Some(6) => 4,
                _ => 1,
            };
            pixels.saturating_mul(bits * channels) / 8 / UNPACKED > length(file)
        }
        _ => false,
    }
}

/// How many bytes of memory a pixel of a JPEG or PNG takes, by its header.
fn per_pixel(file: &[u8]) -> u64 {
    let is_deep = Content::of(file) == Some(Content::Png) && file.get(24).is_some_and(|depth| *depth > 8);
    if is_deep { BYTES_PER_DEEP_PIXEL } else { BYTES_PER_PIXEL }
}

/// The picture itself, or a copy inside the file that is large enough.
fn preview(decoder: &dyn Decoder, file: &[u8], limits: &Limits, side: u32) -> Result<Picture, ConvertError> {
    let enough = |picture: &Picture| picture.pixels.width.max(picture.pixels.height) >= side / 2;
    // A damaged copy is no reason to go without.
    match decoder.preview(file, limits).ok().flatten().filter(enough) {
        Some(picture) => Ok(picture),
        None => decoder.decode(file, limits),
    }
}

fn small(picture: Picture, side: u32) -> Result<Converted, ConvertError> {
    let picture = thumbnail::shrink(picture, side)?;
    let bytes = jpeg::encode(&picture.pixels, &picture.metadata, jpeg::SMALL)?;
    Ok(Converted { bytes, format: Format::Jpeg, width: picture.pixels.width, height: picture.pixels.height })
}

fn encode(mut picture: Picture, target: ConvertTarget) -> Result<Converted, ConvertError> {
    let (width, height) = (picture.pixels.width, picture.pixels.height);
    if target == ConvertTarget::Web && picture.pixels.has_alpha {
        let bytes = png::encode(&picture.pixels, &picture.metadata)?;
        return Ok(Converted { bytes, format: Format::Png, width, height });
    }
    picture.pixels.flatten();
    let bytes = jpeg::encode(&picture.pixels, &picture.metadata, jpeg::PHOTO)?;
    Ok(Converted { bytes, format: Format::Jpeg, width, height })
}
