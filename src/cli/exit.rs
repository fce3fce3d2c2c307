//! The exit codes: the part of the answer that scripts read.

use serde::Serialize;

/// How a run ended. The numbers never change their meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Exit {
    /// Everything asked for was done.
    Done,
    /// It failed for a reason that has no code of its own.
    Failed,
    /// The command line makes no sense.
    Usage,
    /// Done, but something that the backup should hold could not be read.
    Incomplete,
    /// Nothing in the backup matches what was asked for.
    NothingMatched,
    /// `verify` found damage.
    Damaged,
    /// There is no such backup or device.
    NotFound,
    /// Another program is using the backup or the output.
    Busy,
    /// The password is missing or wrong.
    Password,
    /// Somebody has to do something on the device.
    PersonNeeded,
    /// The disk is full.
    NoSpace,
    /// The input is not in a format that corer knows.
    Unsupported,
    /// Stopped by Ctrl-C or by a signal.
    Interrupted,
}

impl Exit {
    /// Every code, in order.
    pub const ALL: [Self; 13] = [
        Self::Done,
        Self::Failed,
        Self::Usage,
        Self::Incomplete,
        Self::NothingMatched,
        Self::Damaged,
        Self::NotFound,
        Self::Busy,
        Self::Password,
        Self::PersonNeeded,
        Self::NoSpace,
        Self::Unsupported,
        Self::Interrupted,
    ];

    /// The number that the process ends with.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Incomplete => 3,
            Self::NothingMatched => 4,
            Self::Damaged => 5,
            Self::NotFound => 10,
            Self::Busy => 11,
            Self::Password => 12,
            Self::PersonNeeded => 13,
            Self::NoSpace => 14,
            Self::Unsupported => 15,
            Self::Interrupted => 130,
        }
    }

    /// What the code says, for help pages.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Usage => "wrong usage",
            Self::Incomplete => "done, but something that the backup should hold could not be read (see the report)",
            Self::NothingMatched => "nothing matched",
            Self::Damaged => "verify found damage",
            Self::NotFound => "backup or device not found",
            Self::Busy => "another program is using it",
            Self::Password => "password missing or wrong",
            Self::PersonNeeded => "a person is needed at the device",
            Self::NoSpace => "not enough space",
            Self::Unsupported => "not a format that corer knows",
            Self::Interrupted => "interrupted; finished files stay",
        }
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn the_numbers_are_the_promised_ones_in_order() {
        let codes: Vec<u8> = Exit::ALL.iter().map(|exit| exit.code()).collect();
        assert_eq!(codes, [0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15, 130]);
    }
}
