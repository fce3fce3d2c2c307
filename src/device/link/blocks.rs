//! Files on the wire: runs of blocks. A block is `u32 length | kind | length - 1 bytes`; a run ends with a block that is
//! no data.
//!
//! | kind | |
//! | --- | --- |
//! | `0x0C` | data |
//! | `0x00` | the file is complete |
//! | `0x06` | the sender, this computer, could not read it: text |
//! | `0x0B` | the sender, the device, could not read it: text |

use std::fs::File;
use std::io::{self, Read};

use super::file_sink::FileSink;
use super::{Link, Wire};
use crate::device::error::DeviceError;

const DATA: u8 = 0x0c;
const COMPLETE: u8 = 0x00;
const LOCAL_ERROR: u8 = 0x06;
const REMOTE_ERROR: u8 = 0x0b;

/// The size of a block to the device: Apple's own. The backup agent has little memory, and larger ones have killed it.
pub const BLOCK: usize = 32 << 10;
/// The longest path, in bytes.
const LONGEST_PATH: u32 = 4096;
/// The longest text of an error, in bytes.
const LONGEST_TEXT: u32 = 64 << 10;
/// The largest block, in bytes. Devices send far smaller ones; a length of four bytes can claim four times this.
const LARGEST_BLOCK: u32 = 1 << 30;

/// How a run of blocks ended.
#[derive(Debug, PartialEq, Eq)]
pub enum FileEnd {
    /// The file is complete.
    Complete,
    /// The device could not read it, in its words.
    Refused(String),
}

impl<W: Wire> Link<'_, W> {
    /// Reads one path of the list of an upload; `None` at its end.
    ///
    /// # Errors
    /// [`DeviceError::Protocol`] for one that is too long or no text.
    pub(super) fn path(&mut self) -> Result<Option<String>, DeviceError> {
        let length = self.length()?;
        if length == 0 {
            return Ok(None);
        }
        self.text(length, LONGEST_PATH).map(Some)
    }

    fn length(&mut self) -> Result<u32, DeviceError> {
        let mut length = [0; 4];
        self.read_exactly(&mut length)?;
        Ok(u32::from_be_bytes(length))
    }

    fn text(&mut self, length: u32, longest: u32) -> Result<String, DeviceError> {
        if length > longest {
            return Err(DeviceError::Protocol(format!("a text of {length} bytes, where {longest} is the most")));
        }
        let mut bytes = vec![0; length as usize];
        self.read_exactly(&mut bytes)?;
        Ok(String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
    }

    /// Receives a file. `advance` is told of every piece.
    ///
    /// # Errors
    /// [`DeviceError::Protocol`] for a block of an unknown kind, and those of the connection.
    pub(super) fn receive_file(
        &mut self,
        sink: &mut FileSink<'_>,
        advance: &mut dyn FnMut(u64),
    ) -> Result<FileEnd, DeviceError> {
        let mut filled = 0;
        loop {
            let length = self.length()?;
            let mut kind = [0; 1];
            if !(1..=LARGEST_BLOCK).contains(&length) {
                return Err(DeviceError::Protocol(format!("a block of {length} bytes")));
            }
            self.read_exactly(&mut kind)?;
            let end = match kind {
                [DATA] => {
                    filled = self.receive_block(length - 1, filled, sink, advance)?;
                    continue;
                }
                [COMPLETE] if length == 1 => FileEnd::Complete,
                [REMOTE_ERROR] => FileEnd::Refused(self.text(length - 1, LONGEST_TEXT)?),
                [other] => {
                    return Err(DeviceError::Protocol(format!("a block of kind {other:#04x} and {length} bytes")));
                }
            };
            sink.put(filled);
            return Ok(end);
        }
    }

    /// Receives the data of a block behind what the buffer holds already, and gives how much it holds then.
    fn receive_block(
        &mut self,
        length: u32,
        mut filled: usize,
        sink: &mut FileSink<'_>,
        advance: &mut dyn FnMut(u64),
    ) -> Result<usize, DeviceError> {
        let mut left = length as usize;
        while left > 0 {
            let room = sink.room();
            let size = room.len();
            let want = left.min(size.saturating_sub(filled));
            let read = self.read_some(room.get_mut(filled..filled + want).unwrap_or_default())?;
            filled += read;
            left -= read;
            advance(read as u64);
            if filled == size {
                sink.put(filled);
                filled = 0;
                self.check_grace()?;
            }
        }
        Ok(filled)
    }

    /// Sends a file, or why it cannot be read.
    ///
    /// # Errors
    /// Those of the connection; what this computer cannot read is told to the device and given back.
    pub(super) fn send_file(&mut self, path: &str, file: io::Result<File>) -> Result<Option<io::Error>, DeviceError> {
        let name = path.as_bytes();
        let mut out = u32::try_from(name.len()).unwrap_or(u32::MAX).to_be_bytes().to_vec();
        out.extend(name);
        let failure = match file {
            Ok(mut file) => self.send_blocks(&mut file, &mut out)?,
            Err(error) => Some(error),
        };
        match &failure {
            None => block(&mut out, COMPLETE, b""),
            Some(error) => block(&mut out, LOCAL_ERROR, super::status::Status::from(error).text.as_bytes()),
        }
        self.write(&out)?;
        Ok(failure)
    }

    fn send_blocks(&mut self, file: &mut File, out: &mut Vec<u8>) -> Result<Option<io::Error>, DeviceError> {
        let mut piece = vec![0; BLOCK];
        loop {
            let read = match file.read(&mut piece) {
                Ok(0) => return Ok(None),
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Ok(Some(error)),
            };
            block(out, DATA, piece.get(..read).unwrap_or_default());
            self.write(out)?;
            out.clear();
        }
    }

    /// Ends the list of files that are sent.
    ///
    /// # Errors
    /// Those of the connection.
    pub(super) fn end_of_files(&mut self) -> Result<(), DeviceError> {
        self.write(&0_u32.to_be_bytes())
    }
}

fn block(out: &mut Vec<u8>, kind: u8, bytes: &[u8]) {
    let length = u32::try_from(bytes.len() + 1).unwrap_or(u32::MAX);
    out.extend(length.to_be_bytes());
    out.push(kind);
    out.extend(bytes);
}
