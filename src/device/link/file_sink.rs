//! Where the bytes of a file go: to the disk, in large pieces.
//!
//! A large file goes past the page cache where the system and the file system know how (`O_DIRECT` of Linux). Nobody reads
//! it again soon: in the cache it would push out what somebody does read, and giving each of its pages a place there
//! takes more of the processor than everything else that is done for it. A thread of its own waits for the disk, so that the
//! device does not.

use std::fs::File;
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

/// What is written at once past the cache: each piece is a turn of the writing thread.
const PIECE: usize = 4 << 20;
/// What is written at once into the cache: little enough to be in the processor's own until then, and to be done before the
/// device has to wait, which costs both sides more than the call.
const SMALL_PIECE: usize = 128 << 10;
/// Where pieces begin in memory, and a divisor of their size and place: what nearly every disk is content with.
const ALIGNMENT: usize = 4096;
/// So much of a file is written as usual before it counts as large.
const LARGE: u64 = 8 << 20;

/// Where the bytes of a file go. Once it fails the rest is taken off the wire and dropped.
pub struct FileSink<'a> {
    to: Target,
    failure: Option<io::Error>,
    buffer: &'a mut Vec<u8>,
    /// How many bytes came.
    pub received: u64,
}

enum Target {
    Nothing,
    Cache(File),
    Disk(DirectWriter),
}

impl<'a> FileSink<'a> {
    /// Takes a file, or why there is none. The buffer is used from one file to the next.
    pub fn new(file: io::Result<File>, buffer: &'a mut Vec<u8>) -> Self {
        buffer.resize(SMALL_PIECE, 0);
        let (to, failure) = match file {
            Ok(file) => (Target::Cache(file), None),
            Err(error) => (Target::Nothing, Some(error)),
        };
        Self { to, failure, buffer, received: 0 }
    }

    /// Where the next piece is to be put.
    pub fn room(&mut self) -> &mut [u8] {
        match &mut self.to {
            Target::Disk(disk) => disk.filling.room(),
            _ => self.buffer,
        }
    }

    /// Writes so many bytes of the room: all of it, but for the last piece of the file.
    pub fn put(&mut self, length: usize) {
        self.received += length as u64;
        let written = match &mut self.to {
            Target::Nothing => Ok(()),
            Target::Cache(file) => file.write_all(self.buffer.get(..length).unwrap_or_default()),
            Target::Disk(disk) if length == PIECE => disk.put(),
            Target::Disk(disk) => disk.put_last(length),
        };
        if let Err(error) = written {
            self.to = Target::Nothing;
            self.failure.get_or_insert(error);
        }
        if self.received == LARGE && length == SMALL_PIECE {
            self.go_past_cache();
        }
    }

    fn go_past_cache(&mut self) {
        if let Target::Cache(file) = &self.to
            && let Ok(disk) = DirectWriter::begin(file)
        {
            self.to = Target::Disk(disk);
        }
    }

    /// What went wrong on this computer, if anything.
    pub fn finish(self) -> Option<io::Error> {
        self.failure
    }
}

/// A file that is written past the page cache, by a thread of its own.
struct DirectWriter {
    file: File,
    filling: Chunk,
    full: Option<SyncSender<Chunk>>,
    empty: Receiver<Chunk>,
    writer: Option<JoinHandle<io::Result<()>>>,
}

/// Room for a piece.
struct Chunk {
    room: Vec<u8>,
    start: usize,
}

impl Default for Chunk {
    fn default() -> Self {
        let room = vec![0; PIECE + ALIGNMENT];
        // Where it cannot be told the disk refuses the piece, and it is written as usual.
        let start = room.as_ptr().align_offset(ALIGNMENT).min(ALIGNMENT);
        Self { room, start }
    }
}

impl Chunk {
    fn room(&mut self) -> &mut [u8] {
        self.room.get_mut(self.start..self.start + PIECE).unwrap_or_default()
    }

    fn bytes(&self) -> &[u8] {
        self.room.get(self.start..self.start + PIECE).unwrap_or_default()
    }
}

impl DirectWriter {
    /// Goes on with a file past the cache; an error says that it has to be written as before.
    fn begin(file: &File) -> io::Result<Self> {
        let file = file.try_clone()?;
        let of_writer = file.try_clone()?;
        let (full, come) = sync_channel(1);
        let (done, empty) = sync_channel(1);
        // The second one: it is written while the first is filled.
        done.send(Chunk::default()).map_err(io::Error::other)?;
        leave_cache(&file)?;
        let spawned = std::thread::Builder::new().name("disk".to_owned()).spawn(|| write_all(of_writer, come, done));
        match spawned {
            Ok(writer) => Ok(Self { file, filling: Chunk::default(), full: Some(full), empty, writer: Some(writer) }),
            Err(error) => {
                return_to_cache(&file)?;
                Err(error)
            }
        }
    }

    /// Hands the piece over, and takes another room in its place.
    fn put(&mut self) -> io::Result<()> {
        if let (Some(full), Ok(empty)) = (&self.full, self.empty.recv())
            && full.send(std::mem::replace(&mut self.filling, empty)).is_ok()
        {
            return Ok(());
        }
        // Only a writer that failed listens no more.
        self.wait().and(Err(io::ErrorKind::BrokenPipe.into()))
    }

    /// Writes what is no whole piece.
    fn put_last(&mut self, length: usize) -> io::Result<()> {
        self.wait()?;
        return_to_cache(&self.file)?;
        self.file.write_all(self.filling.bytes().get(..length).unwrap_or_default())
    }

    /// Waits until everything that was handed over is written.
    fn wait(&mut self) -> io::Result<()> {
        self.full = None;
        let Some(writer) = self.writer.take() else { return Ok(()) };
        writer.join().unwrap_or_else(|_| Err(io::Error::other("the thread that writes files broke down")))
    }
}

impl Drop for DirectWriter {
    fn drop(&mut self) {
        // Nobody asks any more whether it went well, but nobody shall remove the file under the writer's hands.
        let _ = self.wait();
    }
}

/// The work of the thread.
fn write_all(mut file: File, full: Receiver<Chunk>, done: SyncSender<Chunk>) -> io::Result<()> {
    for piece in full {
        write_piece(&mut file, piece.bytes())?;
        // At the end nobody wants the room back.
        let _ = done.send(piece);
    }
    Ok(())
}

fn write_piece(file: &mut File, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match file.write(bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            // A disk with larger blocks than most, or one that has taken a part of the piece.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput && return_to_cache(file)? => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Writes past the page cache from here on.
#[cfg(target_os = "linux")]
fn leave_cache(file: &File) -> io::Result<()> {
    use rustix::fs::{FsWord, OFlags, fcntl_getfl, fcntl_setfl, fstatfs};
    /// A file system in memory: it takes the flag and has nowhere else to go.
    const TMPFS: FsWord = 0x0102_1994;
    if fstatfs(file)?.f_type == TMPFS {
        return Err(io::ErrorKind::Unsupported.into());
    }
    Ok(fcntl_setfl(file, fcntl_getfl(file)? | OFlags::DIRECT)?)
}

/// Writes into the page cache again; whether it was left.
#[cfg(target_os = "linux")]
fn return_to_cache(file: &File) -> io::Result<bool> {
    use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
    let flags = fcntl_getfl(file)?;
    fcntl_setfl(file, flags - OFlags::DIRECT)?;
    Ok(flags.contains(OFlags::DIRECT))
}

/// Elsewhere the system finds out by itself what is worth keeping, or cannot be told.
#[cfg(not(target_os = "linux"))]
fn leave_cache(_: &File) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(not(target_os = "linux"))]
fn return_to_cache(_: &File) -> io::Result<bool> {
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Puts `bytes` piece by piece.
    fn put_all(sink: &mut FileSink<'_>, mut bytes: &[u8]) {
        loop {
            let room = sink.room();
            let (piece, rest) = bytes.split_at(room.len().min(bytes.len()));
            room[..piece.len()].copy_from_slice(piece);
            let is_last = piece.len() < room.len();
            sink.put(piece.len());
            bytes = rest;
            if is_last {
                return;
            }
        }
    }

    #[test]
    fn files_of_every_size_are_what_came() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let mut buffer = Vec::new();
        let large = LARGE as usize;
        let of_cache = [0, 1, SMALL_PIECE, SMALL_PIECE + 1, large - 1, large];
        let of_disk = [large + 1, large + SMALL_PIECE, large + PIECE, large + 3 * PIECE - 4096, large + 3 * PIECE + 77];
        for length in of_cache.into_iter().chain(of_disk) {
            let bytes: Vec<u8> = (0..length).map(|n| (n / 251) as u8 ^ n as u8).collect();
            let mut sink = FileSink::new(File::create(&path), &mut buffer);
            put_all(&mut sink, &bytes);
            assert_eq!(sink.received, length as u64);
            assert!(sink.finish().is_none());
            assert!(std::fs::read(&path).unwrap() == bytes, "{length}");
        }
    }

    #[test]
    fn what_a_disk_does_not_take_past_the_cache_it_takes_through_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let mut file = File::create(&path).unwrap();
        file.write_all(b"odd").unwrap();
        let _ = leave_cache(&file);
        let piece = vec![7; SMALL_PIECE];
        write_piece(&mut file, &piece).unwrap();
        assert!(std::fs::read(&path).unwrap() == [b"odd", &piece[..]].concat());
    }

    #[test]
    fn a_writer_that_fails_is_heard_of_and_the_rest_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, "").unwrap();
        let mut buffer = Vec::new();
        for is_large in [false, true] {
            // A file that may not be written.
            let file = File::open(&path).unwrap();
            let mut sink = FileSink::new(Ok(file), &mut buffer);
            if is_large {
                sink.go_past_cache();
            }
            put_all(&mut sink, &vec![1; 5 * PIECE + 5]);
            assert_eq!(sink.received, 5 * PIECE as u64 + 5);
            assert!(sink.finish().is_some());
        }
        let full = File::options().write(true).open("/dev/full");
        if let Ok(full) = full {
            let mut sink = FileSink::new(Ok(full), &mut buffer);
            put_all(&mut sink, &vec![1; 4 * PIECE]);
            assert_eq!(sink.finish().map(|error| error.kind()), Some(io::ErrorKind::StorageFull));
        }
    }

    #[test]
    fn without_a_file_everything_is_dropped() {
        let mut buffer = Vec::new();
        let mut sink = FileSink::new(Err(io::ErrorKind::StorageFull.into()), &mut buffer);
        put_all(&mut sink, &[1; 9]);
        assert_eq!(sink.finish().map(|error| error.kind()), Some(io::ErrorKind::StorageFull));
    }
}
