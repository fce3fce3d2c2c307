//! A password in memory: read from anything, decoded as editors write it, and wiped.

use std::ffi::OsString;
use std::io::{self, Read};

use zeroize::Zeroize;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;

/// More bytes than this are no password but a mistaken file.
const LONGEST: usize = 64 * 1024;

/// A password as typed, wiped when dropped.
pub struct Password(Vec<u8>);

impl Password {
    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The same again.
    pub fn copy(&self) -> Self {
        Self(self.0.clone())
    }

    /// What was typed at a prompt.
    pub(super) fn of_prompt(typed: String) -> Self {
        Self(typed.into_bytes())
    }

    /// The password as text, as devices take it.
    ///
    /// # Errors
    /// [`Exit::Password`] when it is no text.
    pub fn as_text(&self) -> Result<&str, Failure> {
        std::str::from_utf8(&self.0)
            .map_err(|_| Failure::new(Exit::Password, "The password is no text (UTF-8), and devices take no other."))
    }

    /// Reads to the end, without ever leaving a copy behind in memory that was given back.
    pub(super) fn read(from: impl Read) -> io::Result<Self> {
        let mut password = Self(Vec::with_capacity(LONGEST + 1));
        from.take(LONGEST as u64 + 1).read_to_end(&mut password.0)?;
        if password.0.len() > LONGEST {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "that is too long for a password"));
        }
        password.decode()?;
        password.strip_line_end();
        Ok(password)
    }

    /// Takes off the mark that editors of Windows put before a text, and turns UTF-16 that begins with one into UTF-8.
    fn decode(&mut self) -> io::Result<()> {
        let refused = |why| Err(io::Error::new(io::ErrorKind::InvalidData, why));
        let unit: fn([u8; 2]) -> u16 = match self.0.as_slice() {
            [0xef, 0xbb, 0xbf, ..] => {
                self.0.drain(..3);
                return self.refuse_zeros();
            }
            [0xff, 0xfe, ..] => u16::from_le_bytes,
            [0xfe, 0xff, ..] => u16::from_be_bytes,
            _ => return self.refuse_zeros(),
        };
        let (pairs, []) = self.0.as_chunks::<2>() else { return refused("it is UTF-16 that is cut off") };
        let mut plain = Self(Vec::with_capacity(LONGEST * 2));
        for letter in char::decode_utf16(pairs.iter().skip(1).map(|pair| unit(*pair))) {
            let Ok(letter) = letter else { return refused("it is UTF-16 that makes no sense") };
            let mut bytes = [0; 4];
            plain.0.extend_from_slice(letter.encode_utf8(&mut bytes).as_bytes());
            bytes.zeroize();
        }
        *self = plain;
        self.refuse_zeros()
    }

    /// A password has no zeros: they stand in UTF-16 without a mark, in UTF-32, and in what is no text.
    fn refuse_zeros(&self) -> io::Result<()> {
        if self.0.contains(&0) {
            let why = "it holds zero bytes, as UTF-16 without a mark does; save it as UTF-8";
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        }
        Ok(())
    }

    /// Takes over the value of a variable, so that nothing but the environment itself keeps it.
    pub(super) fn of_variable(value: OsString) -> Self {
        Self(value.into_encoded_bytes())
    }

    /// Takes off the one line end that editors and `echo` put behind a password.
    fn strip_line_end(&mut self) {
        if self.0.last() == Some(&b'\n') {
            self.0.pop();
            if self.0.last() == Some(&b'\r') {
                self.0.pop();
            }
        }
    }
}

impl Drop for Password {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_end_is_taken_off() {
        let read = |text: &str| Password::read(text.as_bytes()).map(|p| p.as_bytes().to_vec()).unwrap();
        assert_eq!(read("secret\n"), b"secret");
        assert_eq!(read("secret\r\n"), b"secret");
        assert_eq!(read("secret \n\n"), b"secret \n");
        assert_eq!(read("\r"), b"\r");
        assert!(Password::read(io::repeat(b'x')).is_err());
    }

    #[test]
    fn files_of_windows_are_read_or_refused_in_words() {
        let read =
            |bytes: &[u8]| Password::read(bytes).map(|p| p.as_bytes().to_vec()).map_err(|error| error.to_string());
        let utf16 =
            |text: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> { text.encode_utf16().flat_map(bytes).collect() };
        for text in ["geheim", "pâss wörd 花🔑"] {
            let line = format!("\u{feff}{text}\r\n");
            assert_eq!(read(line.as_bytes()).unwrap(), text.as_bytes());
            assert_eq!(read(&utf16(&line, u16::to_le_bytes)).unwrap(), text.as_bytes());
            assert_eq!(read(&utf16(&line, u16::to_be_bytes)).unwrap(), text.as_bytes());
        }
        assert!(read(&utf16("geheim", u16::to_le_bytes)).unwrap_err().contains("UTF-8"));
        assert!(read(b"a\0b").unwrap_err().contains("zero"));
        assert!(read(&[0xff, 0xfe, 0x61]).unwrap_err().contains("cut off"));
        assert!(read(&[0xff, 0xfe, 0x00, 0xd8]).unwrap_err().contains("no sense"));
        // More than one line belongs to the password: only the last line end is taken off.
        assert_eq!(read(b"one\r\ntwo\r\n").unwrap(), b"one\r\ntwo");
    }
}
