//! What a device says: the greeting, then one request after the other.

use std::io::{Cursor, Read, Result, Write};
use std::time::Duration;

use corer::device::link::request::Message;
use corer::device::link::{Link, Watchdog};

/// A device that says the same whatever it is told.
struct Device<'a>(Cursor<&'a [u8]>);

impl Read for Device<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        self.0.read(buffer)
    }
}

impl Write for Device<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

struct Calm;

impl Watchdog for Calm {
    fn is_cancelled(&self) -> bool {
        false
    }

    fn silent(&self, _so_far: Duration) {}
}

pub fn run(bytes: &[u8]) {
    let _ = Message::read(bytes);
    let Ok(mut link) = Link::greet(Device(Cursor::new(bytes)), &Calm) else { return };
    while let Ok(message) = link.receive() {
        let _ = Message::read(&message);
        link.recycle(message);
    }
}
