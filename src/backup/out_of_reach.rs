//! What could not be looked at, as the system says it.

use std::io;

/// Whether an error says that something could not be looked at (rights, file handles, memory, a network that is gone),
/// rather than that it is not there or that the disk cannot read it any more.
pub fn is_out_of_reach(error: &io::Error) -> bool {
    use io::ErrorKind;
    match (error.kind(), error.raw_os_error()) {
        (ErrorKind::PermissionDenied | ErrorKind::OutOfMemory | ErrorKind::TimedOut, _) => true,
        (ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::IsADirectory | ErrorKind::InvalidInput, _) => {
            false
        }
        (_, Some(code)) => !BAD_MEDIUM.contains(&code),
        // What corer itself says of a file: a link where a file should be, an archive that is cut off.
        (_, None) => false,
    }
}

/// What systems say where a disk cannot read what it holds: `EIO`, and of file systems that check sums, `EBADMSG` and
/// `EUCLEAN`; `ELOOP` where a link stands in a file's place.
#[cfg(unix)]
const BAD_MEDIUM: &[i32] = &[5, 74, 117, 40, 62];
/// `ERROR_CRC` and `ERROR_IO_DEVICE`.
#[cfg(not(unix))]
const BAD_MEDIUM: &[i32] = &[23, 1117];
