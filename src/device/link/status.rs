//! The numbers with which this computer answers: device link's own, negative, and what they stand for here.

use std::io;

/// An answer to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// 0, or a negative number.
    pub code: i64,
    /// What it means, for the device's log.
    pub text: String,
}

/// Some of the files of a request could not be had; the payload says which.
pub const MULTI_STATUS: i64 = -13;
const OTHER: i64 = -1;
const NOT_THERE: i64 = -6;
const EXISTS: i64 = -7;
const NOT_A_FOLDER: i64 = -8;
const IS_A_FOLDER: i64 = -9;
const LOOP: i64 = -10;
const INPUT_OUTPUT: i64 = -11;
const NO_SPACE: i64 = -15;

impl Status {
    /// Done.
    pub fn done() -> Self {
        Self { code: 0, text: String::new() }
    }

    /// Refused, because corer does not do that.
    pub fn unsupported(what: &str) -> Self {
        Self { code: OTHER, text: format!("{what} not supported") }
    }

    /// Some files were not there.
    pub fn several() -> Self {
        Self { code: MULTI_STATUS, text: "Multi status".to_owned() }
    }
}

impl From<&io::Error> for Status {
    fn from(error: &io::Error) -> Self {
        let (code, text) = match error.kind() {
            io::ErrorKind::NotFound => (NOT_THERE, "No such file or directory"),
            io::ErrorKind::AlreadyExists => (EXISTS, "File exists"),
            io::ErrorKind::NotADirectory => (NOT_A_FOLDER, "Not a directory"),
            io::ErrorKind::IsADirectory => (IS_A_FOLDER, "Is a directory"),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                (NO_SPACE, "No space left on device")
            }
            io::ErrorKind::InvalidInput => (OTHER, "Invalid path"),
            io::ErrorKind::InvalidFilename => (LOOP, "Too many levels"),
            _ => (INPUT_OUTPUT, "Input/output error"),
        };
        Self { code, text: text.to_owned() }
    }
}
