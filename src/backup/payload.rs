//! Payloads: the bytes of one backed-up file, decrypted as they are read.
//!
//! An encrypted payload is AES-256-CBC with an IV of zeros and PKCS#7 padding that is always added. CBC decrypts from
//! any block on, given the block before it, so a payload has random access. What survives real backups:
//!
//! 1. The length is what is left after the padding. The size in the file's record is advisory: live databases are
//!    routinely longer, and cutting them to it destroys them.
//! 2. Invalid padding on whole blocks: every byte is kept, and said.
//! 3. A length that is no multiple of 16: the whole blocks are decrypted, and the payload is damaged.
//! 4. An empty file is an empty payload, or one block of padding.
//! 5. There is no authentication: a flipped bit garbles one block and goes unnoticed here.

use std::io;
use std::sync::Arc;

use aes::Aes256Dec;
use aes::cipher::{Block, BlockModeDecrypt, InnerIvInit, KeyInit};

use super::bytes::ReadAt;
use super::secret::Key;

/// The block size of AES.
const BLOCK: u64 = 16;

/// What the end of an encrypted payload says about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Nothing is encrypted: the payload is the file.
    Plain,
    /// Proper padding, or an empty payload.
    Padded,
    /// Whole blocks without proper padding: all bytes are kept.
    WithoutPadding,
    /// The last bytes do not fill a block: the payload was cut off.
    CutOff,
}

impl Ending {
    /// Whether there is nothing wrong with the end itself.
    pub fn is_right(self) -> bool {
        matches!(self, Self::Plain | Self::Padded)
    }
}

/// An encrypted payload, read as plain bytes.
pub struct Decrypted {
    stored: Arc<dyn ReadAt>,
    cipher: Aes256Dec,
    size: u64,
    ending: Ending,
}

impl Decrypted {
    /// Takes the stored bytes and the key of the file; reads the last two blocks to learn the length.
    ///
    /// # Errors
    /// What reading the stored bytes says.
    pub fn new(stored: Arc<dyn ReadAt>, key: &Key) -> io::Result<Self> {
        let cipher = Aes256Dec::new(key.bytes().into());
        let whole_blocks = stored.size() / BLOCK * BLOCK;
        let mut payload = Self { stored, cipher, size: whole_blocks, ending: Ending::Padded };
        payload.find_end()?;
        Ok(payload)
    }

    /// What the end of the payload says about it.
    pub fn ending(&self) -> Ending {
        self.ending
    }

    fn find_end(&mut self) -> io::Result<()> {
        if self.size != self.stored.size() {
            self.ending = Ending::CutOff;
        } else if let Some(last_block) = self.size.checked_sub(BLOCK) {
            let mut last = [0; BLOCK as usize];
            self.read_blocks(last_block, &mut last)?;
            match padding_of(&last) {
                Some(padding) => self.size -= padding,
                None => self.ending = Ending::WithoutPadding,
            }
        }
        Ok(())
    }

    /// Decrypts whole blocks from a block boundary on, in place. Returns how many bytes there were.
    fn read_blocks(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.stored.read_at(offset, buffer)?;
        let (blocks, _) = Block::<Aes256Dec>::slice_as_chunks_mut(buffer.get_mut(..read).unwrap_or_default());
        let mut before = Block::<Aes256Dec>::default();
        if let Some(previous) = offset.checked_sub(BLOCK) {
            self.stored.read_at(previous, &mut before)?;
        }
        cbc::Decryptor::inner_iv_init(self.cipher.clone(), &before).decrypt_blocks(blocks);
        Ok(blocks.len() * BLOCK as usize)
    }

    /// Reads a range that does not begin or end at a block boundary.
    fn read_unaligned(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let skipped = (offset % BLOCK) as usize;
        let mut blocks = vec![0; (skipped + buffer.len()).next_multiple_of(BLOCK as usize)];
        let read = self.read_blocks(offset - offset % BLOCK, &mut blocks)?;
        let plain = blocks.get(skipped..read).unwrap_or_default();
        let take = plain.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..take), plain.get(..take)) {
            to.copy_from_slice(from);
        }
        Ok(take)
    }
}

impl ReadAt for Decrypted {
    fn size(&self) -> u64 {
        self.size
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.size.saturating_sub(offset)).unwrap_or(usize::MAX);
        let wanted = left.min(buffer.len());
        if wanted == 0 {
            return Ok(0);
        }
        if !offset.is_multiple_of(BLOCK) {
            return self.read_unaligned(offset, buffer.get_mut(..wanted).unwrap_or_default());
        }
        // As many whole blocks as the buffer holds, straight into it: that may take padding along, which is not counted.
        let in_place = wanted.next_multiple_of(BLOCK as usize).min(buffer.len() / BLOCK as usize * BLOCK as usize);
        let done = self.read_blocks(offset, buffer.get_mut(..in_place).unwrap_or_default())?.min(wanted);
        if done < in_place.min(wanted) {
            return Ok(done);
        }
        let tail = buffer.get_mut(done..wanted).unwrap_or_default();
        Ok(if tail.is_empty() { done } else { done + self.read_unaligned(offset + done as u64, tail)? })
    }
}

/// The length of PKCS#7 padding at the end of the last block: 1 to 16 bytes that all say their number.
fn padding_of(last: &[u8; 16]) -> Option<u64> {
    let length = *last.last()?;
    let start = 16_usize.checked_sub(usize::from(length))?;
    let padding = last.get(start..).filter(|padding| !padding.is_empty())?;
    padding.iter().all(|byte| *byte == length).then_some(u64::from(length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backup::bytes::MemoryBytes;
    use aes::Aes256Enc;
    use aes::cipher::{BlockModeEncrypt, block_padding::Pkcs7};

    const KEY: [u8; 32] = [7; 32];

    fn encrypt(plain: &[u8]) -> Vec<u8> {
        let cipher = Aes256Enc::new((&KEY).into());
        let mut buffer = [plain, &[0; 16]].concat();
        let encryptor = cbc::Encryptor::inner_iv_init(cipher, &Default::default());
        encryptor.encrypt_padded::<Pkcs7>(&mut buffer, plain.len()).unwrap().to_vec()
    }

    fn decrypted(stored: Vec<u8>) -> Decrypted {
        Decrypted::new(Arc::new(MemoryBytes(stored)), &Key::new(KEY)).unwrap()
    }

    #[test]
    fn every_range_of_every_length_reads_as_the_plain_bytes() {
        for length in [0_usize, 1, 15, 16, 17, 31, 32, 33, 100] {
            let plain: Vec<u8> = (0..length).map(|i| i as u8).collect();
            let payload = decrypted(encrypt(&plain));
            assert_eq!((payload.size(), payload.ending()), (length as u64, Ending::Padded));
            for offset in 0..=length + 20 {
                for wanted in 0..=length + 20 {
                    let mut buffer = vec![0xEE; wanted];
                    let read = payload.read_at(offset as u64, &mut buffer).unwrap();
                    let expected = plain.get(offset..).unwrap_or_default();
                    assert_eq!(buffer[..read], expected[..expected.len().min(wanted)], "{length} {offset} {wanted}");
                }
            }
        }
    }

    #[test]
    fn invalid_padding_keeps_every_byte() {
        let mut stored = encrypt(&[99; 40]);
        stored.truncate(32);
        let payload = decrypted(stored);
        assert_eq!((payload.size(), payload.ending()), (32, Ending::WithoutPadding));
    }

    #[test]
    fn a_cut_off_payload_gives_its_whole_blocks() {
        let mut stored = encrypt(&[1; 40]);
        stored.truncate(37);
        let payload = decrypted(stored);
        assert_eq!((payload.size(), payload.ending()), (32, Ending::CutOff));
        let mut buffer = [0; 64];
        assert_eq!(payload.read_at(0, &mut buffer).unwrap(), 32);
        assert_eq!(buffer[..32], [1; 32]);
    }

    #[test]
    fn an_empty_payload_is_an_empty_file() {
        assert_eq!(decrypted(Vec::new()).size(), 0);
        assert_eq!(decrypted(encrypt(&[])).size(), 0);
    }
}
