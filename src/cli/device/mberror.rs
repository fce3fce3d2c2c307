//! The numbers with which a device ends a backup, in words. They are those of Apple's `MBErrorDomain`; what they mean was
//! seen in logs of real devices (`docs/formats/device.md`).

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;

/// What to say about a number.
pub fn failure(name: &str, code: i64, text: &str) -> Failure {
    let said = match (code, text) {
        (0, text) => text.to_owned(),
        (code, "") => format!("It gives the number {code} and no text."),
        (code, text) => format!("It says: \"{text}\" ({code})."),
    };
    let (exit, what) = meaning(code);
    let failure = Failure::new(exit, format!("{name}: {what}")).because(said);
    hints(code).iter().fold(failure, |failure, hint| failure.hint(*hint))
}

fn meaning(code: i64) -> (Exit, &'static str) {
    match code {
        1 => (Exit::Failed, "the device met an error that it does not name."),
        3 => (Exit::PersonNeeded, "the device still holds on to an earlier backup that was cut off."),
        4 => (Exit::Failed, "the device missed a file that it expected."),
        11 => (Exit::Failed, "the device could not read a list of this backup."),
        100 => (Exit::Failed, "the device could not read or write a file."),
        102 => (Exit::PersonNeeded, "the device could not put a file into its place."),
        103 | 205 => (Exit::Failed, "the device could not read the lists of the earlier backup."),
        104 => (Exit::PersonNeeded, "the device could not read several of its files."),
        105 => (Exit::NoSpace, "this computer does not have enough room for the backup."),
        207 => (Exit::Password, "that is not the password of its backups."),
        208 => (Exit::PersonNeeded, "the device is locked, or nobody typed its passcode in time."),
        211 => (Exit::PersonNeeded, "\"Find My\" is on, which does not let it."),
        212 => (Exit::PersonNeeded, "the device has not been set up yet."),
        _ => (Exit::Failed, "the device ended the work."),
    }
}

fn hints(code: i64) -> &'static [&'static str] {
    match code {
        3 => &["Restart the device, then: corer backup"],
        102 => &["Restart the device and run this again."],
        4 | 11 | 103 | 205 => &["Make a full backup: corer backup --full"],
        104 => &["Unlock the device, keep its screen on, and run this again."],
        105 => &["Make room, or choose another disk: corer backup --to FOLDER"],
        207 => &[
            "It is the one that was set when \"Encrypt local backup\" was first ticked, on any computer.",
            "Nobody can recover it. Settings, General, Transfer or Reset, Reset, Reset All Settings removes it for backups made from then on.",
        ],
        208 => &["Unlock the device, run this again, and type the passcode on the device when it asks."],
        211 => &["Turn it off on the device: Settings, your name, Find My."],
        212 => &["Finish the setup on the device."],
        _ => &["Unlock the device, keep its screen on, and run this again. If it happens again, restart the device."],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_that_was_seen_has_words_and_a_code() {
        let code = |number| failure("x", number, "").exit().code();
        assert_eq!([3, 102, 104, 208, 211, 212].map(code), [13; 6]);
        assert_eq!([1, 4, 11, 100, 103, 205, 999].map(code), [1; 7]);
        assert_eq!((code(105), code(207)), (14, 12));
    }
}
