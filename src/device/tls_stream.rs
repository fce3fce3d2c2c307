//! TLS over a socket, by hand: records are decrypted where they were read to, and copied once more, to whom they are for.
//! The ready-made stream copies each byte four times, which is most of what a backup costs.

use std::io::{self, Read, Write};
use std::sync::Arc;
use std::time::Instant;

use rustls::client::UnbufferedClientConnection;
use rustls::pki_types::ServerName;
use rustls::unbuffered::{ConnectionState, EncodeError, EncryptError, InsufficientSizeError, UnbufferedStatus};
use rustls::{ClientConfig, Error};

use super::socket::{ReadAhead, is_tick};

/// The most that is put into one record, in bytes.
const RECORD: usize = 16 << 10;
/// What a record has beside its content, at most.
const AROUND: usize = 256;

/// A connection inside TLS, as its client.
pub struct TlsStream {
    connection: UnbufferedClientConnection,
    ahead: ReadAhead,
    /// What came, is decrypted, and did not fit where it was to go.
    plain: Vec<u8>,
    taken: usize,
    outgoing: Vec<u8>,
    has_ended: bool,
}

/// How far one step came.
enum Step {
    /// So many bytes were decrypted into the buffer, perhaps none.
    Read(usize),
    /// More has to come first.
    Starved,
    /// More may come, and something may be sent.
    Open,
    /// Nothing more will come.
    Ended,
}

impl TlsStream {
    /// Greets the device, until `until` at the latest.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidData`] when the two do not agree, [`io::ErrorKind::UnexpectedEof`] when it hangs up.
    pub fn greet(ahead: ReadAhead, config: &Arc<ClientConfig>, until: Instant) -> io::Result<Self> {
        // The name is sent to no one: devices have none.
        let name = ServerName::try_from("device").map_err(io::Error::other)?;
        let connection = UnbufferedClientConnection::new(Arc::clone(config), name).map_err(invalid)?;
        let (plain, outgoing) = (Vec::new(), Vec::new());
        let mut secure = Self { connection, ahead, plain, taken: 0, outgoing, has_ended: false };
        loop {
            match secure.step(&mut [], None)? {
                Step::Open => return Ok(secure),
                Step::Read(_) => {}
                Step::Starved => match secure.ahead.fill() {
                    Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                    Err(error) if !is_tick(&error) || Instant::now() >= until => return Err(error),
                    _ => {}
                },
                Step::Ended => return Err(io::ErrorKind::UnexpectedEof.into()),
            }
        }
    }

    /// Goes on as far as what has come allows: decrypts a record into `buffer`, sends what TLS itself has to say, or,
    /// where nothing of this is due, encrypts `message` for sending.
    fn step(&mut self, buffer: &mut [u8], message: Option<&[u8]>) -> io::Result<Step> {
        let UnbufferedStatus { mut discard, state } = self.connection.process_tls_records(self.ahead.waiting());
        let (mut read, mut is_due) = (0, false);
        let step = match state.map_err(invalid)? {
            ConnectionState::ReadTraffic(mut traffic) => {
                while let Some(record) = traffic.next_record() {
                    let record = record.map_err(invalid)?;
                    discard += record.discard;
                    read += deliver(record.payload, buffer.get_mut(read..).unwrap_or_default(), &mut self.plain);
                }
                Step::Read(read)
            }
            ConnectionState::EncodeTlsData(mut data) => {
                append(&mut self.outgoing, |room| data.encode(room))?;
                Step::Read(0)
            }
            ConnectionState::TransmitTlsData(data) => {
                data.done();
                is_due = true;
                Step::Read(0)
            }
            ConnectionState::WriteTraffic(mut traffic) => {
                for piece in message.unwrap_or_default().chunks(RECORD) {
                    append(&mut self.outgoing, |room| traffic.encrypt(piece, room))?;
                }
                Step::Open
            }
            ConnectionState::BlockedHandshake => Step::Starved,
            _ => Step::Ended,
        };
        self.ahead.consume(discard);
        if is_due {
            self.send_off()?;
        }
        Ok(step)
    }

    fn send_off(&mut self) -> io::Result<()> {
        self.ahead.write_all(&self.outgoing)?;
        self.outgoing.clear();
        Ok(())
    }
}

/// Puts bytes where they are to go, and what does not fit behind what waits.
fn deliver(payload: &[u8], buffer: &mut [u8], plain: &mut Vec<u8>) -> usize {
    // Nothing may overtake what waits.
    let fit = if plain.is_empty() { payload.len().min(buffer.len()) } else { 0 };
    let (now, later) = payload.split_at_checked(fit).unwrap_or_default();
    if let Some(room) = buffer.get_mut(..fit) {
        room.copy_from_slice(now);
    }
    plain.extend_from_slice(later);
    fit
}

impl Read for TlsStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            let waiting = self.plain.get(self.taken..).unwrap_or_default();
            if !waiting.is_empty() {
                let length = waiting.len().min(buffer.len());
                if let (Some(to), Some(from)) = (buffer.get_mut(..length), waiting.get(..length)) {
                    to.copy_from_slice(from);
                }
                self.taken += length;
                return Ok(length);
            }
            self.plain.clear();
            self.taken = 0;
            if self.has_ended {
                return Ok(0);
            }
            match self.step(buffer, None)? {
                Step::Read(0) => {}
                Step::Read(length) => return Ok(length),
                Step::Ended => self.has_ended = true,
                // Devices hang up without saying so inside TLS.
                Step::Open | Step::Starved => self.has_ended = self.ahead.fill()? == 0,
            }
        }
    }
}

impl Write for TlsStream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            match self.step(&mut [], Some(bytes))? {
                Step::Open => break,
                Step::Read(_) => {}
                Step::Starved | Step::Ended => return Err(io::ErrorKind::BrokenPipe.into()),
            }
        }
        self.send_off()?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.ahead.flush()
    }
}

/// An error that may only say that the room was too small.
trait TooSmall: Sized {
    fn wanted(&self) -> Option<usize>;
}

impl TooSmall for EncodeError {
    fn wanted(&self) -> Option<usize> {
        match self {
            Self::InsufficientSize(InsufficientSizeError { required_size }) => Some(*required_size),
            Self::AlreadyEncoded => None,
        }
    }
}

impl TooSmall for EncryptError {
    fn wanted(&self) -> Option<usize> {
        match self {
            Self::InsufficientSize(InsufficientSizeError { required_size }) => Some(*required_size),
            Self::EncryptExhausted => None,
        }
    }
}

/// Lets `write` put something behind what is there, with as much room as it wants.
fn append<E>(out: &mut Vec<u8>, mut write: impl FnMut(&mut [u8]) -> Result<usize, E>) -> io::Result<()>
where
    E: TooSmall + std::error::Error + Send + Sync + 'static,
{
    let old = out.len();
    let mut room = RECORD + AROUND;
    loop {
        out.resize(old + room, 0);
        match write(out.get_mut(old..).unwrap_or_default()) {
            Ok(written) => {
                out.truncate(old + written);
                return Ok(());
            }
            Err(error) => match error.wanted().filter(|wanted| *wanted > room) {
                Some(wanted) => room = wanted,
                None => return Err(io::Error::other(error)),
            },
        }
    }
}

fn invalid(error: Error) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}
