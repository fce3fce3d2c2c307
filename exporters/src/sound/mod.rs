//! Sounds that browsers do not play, as ones that they do.
//!
//! A device stores voicemail as AMR and audio messages as Opus in Apple's CAF: every player of a page stays dead on both.
//! AMR, narrow and wide, becomes WAV; Opus is taken out of its CAF and put into Ogg, packet by packet, without being decoded;
//! plain samples in a CAF become WAV. What a file is, its first bytes say, whatever it is called.
//!
//! Sounds come from strangers: they are read once, front to back, in a memory that is bounded by [`LONGEST_FILE`], and at
//! most [`LONGEST`] of sound is written. What breaks midway gives the part before.

pub mod amr;
pub mod caf;
mod film;
mod ogg;
mod samples;
mod wav;

use std::io::{self, Write};

pub use film::deaf;

/// Longer files are copied and nothing is made of them, in bytes.
pub const LONGEST_FILE: u64 = 64 << 20;

/// The most sound that is made of one file, in seconds: frames of one byte would make hours of a small file.
pub const LONGEST: u64 = 2 * 3_600;

/// What a file is for the page that it is to be played on.
#[derive(Debug)]
pub enum Playability<'a> {
    /// Browsers play it, as far as its first bytes tell.
    Plays,
    /// A copy that they play can be made.
    Copy(Playable<'a>),
    /// They do not play it, and no copy can be made: why.
    Never(String),
    /// It is nothing that is known here.
    Unknown,
}

/// A sound that can be written as one that browsers play.
#[derive(Debug)]
pub struct Playable<'a> {
    kind: SoundFormat<'a>,
    /// What is missing of it, in words: it breaks off, or is longer than [`LONGEST`].
    pub fault: Option<String>,
}

#[derive(Debug)]
enum SoundFormat<'a> {
    Amr(amr::Frames<'a>),
    Opus(caf::Opus<'a>),
    Samples(samples::Samples<'a>),
}

impl Playable<'_> {
    /// The extension of its file, without the dot.
    pub fn extension(&self) -> &'static str {
        match self.kind {
            SoundFormat::Amr(_) | SoundFormat::Samples(_) => "wav",
            SoundFormat::Opus(_) => "ogg",
        }
    }

    /// Writes it.
    ///
    /// # Errors
    /// Those of `to`.
    pub fn write(&self, to: &mut dyn Write) -> io::Result<()> {
        match &self.kind {
            SoundFormat::Amr(frames) => amr::write(frames, to),
            SoundFormat::Opus(opus) => ogg::write(opus, to),
            SoundFormat::Samples(samples) => wav::write(samples, to),
        }
    }
}

/// Whether a file may be one that browsers do not play, by its first 12 bytes: then all of it is to be [looked
/// at](look).
pub fn is_candidate(beginning: &[u8]) -> bool {
    [&b"#!AMR"[..], b"caff"].iter().any(|magic| beginning.starts_with(magic)) || is_form(beginning)
}

/// Looks at a whole file.
pub fn look(bytes: &[u8]) -> Playability<'_> {
    match bytes {
        [b'#', b'!', b'A', b'M', b'R', ..] => copy(
            amr::frames(bytes)
                .map(|frames| (frames.fault.clone(), frames))
                .map(|(fault, frames)| (SoundFormat::Amr(frames), fault)),
        ),
        [b'c', b'a', b'f', b'f', ..] => copy(caf::read(bytes).map(|caf::CafSound { sound, fault }| match sound {
            caf::Sound::Opus(opus) => (SoundFormat::Opus(opus), fault),
            caf::Sound::Samples(samples) => (SoundFormat::Samples(samples), fault),
        })),
        _ if is_form(bytes) => Playability::Never("it is AIFF, which not every browser plays".to_owned()),
        [b'I', b'D', b'3', ..] | [b'O', b'g', b'g', b'S', ..] | [b'f', b'L', b'a', b'C', ..] => Playability::Plays,
        [0xff, second, ..] if second & 0xe0 == 0xe0 => Playability::Plays,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Playability::Plays,
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => Playability::Plays,
        _ => Playability::Unknown,
    }
}

fn copy(found: Result<(SoundFormat<'_>, Option<String>), String>) -> Playability<'_> {
    match found {
        Ok((kind, fault)) => Playability::Copy(Playable { kind, fault }),
        Err(why) => Playability::Never(why),
    }
}

fn is_form(bytes: &[u8]) -> bool {
    matches!(bytes, [b'F', b'O', b'R', b'M', _, _, _, _, b'A', b'I', b'F', b'F' | b'C', ..])
}

/// So many seconds, in words.
fn after(seconds: u64) -> String {
    match (seconds / 60, seconds % 60) {
        (0, 1) => "1 second".to_owned(),
        (0, seconds) => format!("{seconds} seconds"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

/// That a sound is longer than what is made of it.
fn too_long() -> String {
    format!("it is longer than {} hours; the rest is left out of what plays", LONGEST / 3_600)
}

#[cfg(test)]
mod tests;
