//! The lines of the checklist: plain facts in, verdicts out.

use corer::device::device_info::PrivateInfo;
use jiff::Timestamp;
use serde::Serialize;

use crate::cli::exit::Exit;
use crate::cli::terminal::human;

/// Below this a device that is not charged may switch itself off before the end.
const ENOUGH_BATTERY: i64 = 50;
/// A backup older than this is worth a word, in days.
const OLD: i64 = 7;

/// What is known before a backup.
pub struct KnownFacts {
    /// What people call the device.
    pub name: String,
    /// The present moment.
    pub now: Timestamp,
    /// Whether the device trusts this computer.
    pub is_paired: bool,
    /// What the device says of itself, when it does.
    pub about: Option<PrivateInfo>,
    /// Whether another program is at it.
    pub is_busy: Option<bool>,
    /// How many bytes are free where backups go.
    pub free: Option<u64>,
    /// When the last backup was made.
    pub last_backup: Option<Timestamp>,
}

/// What a line comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckVerdict {
    /// As it should be.
    Good,
    /// A backup can be made; something could be better.
    Advice,
    /// It stands in the way.
    Bad,
    /// The device does not say.
    Unknown,
}

/// One line.
#[derive(Debug)]
pub struct Check {
    /// What was looked at.
    pub name: &'static str,
    /// What it comes to.
    pub verdict: CheckVerdict,
    /// What was found.
    pub says: String,
    /// What to do.
    pub fix: Option<&'static str>,
    /// The exit code if it stands in the way.
    exit: Exit,
}

impl Check {
    /// The exit code, if this line stands in the way.
    pub fn stands_in_the_way(&self) -> Option<Exit> {
        (self.verdict == CheckVerdict::Bad).then_some(self.exit)
    }

    fn new(name: &'static str, verdict: CheckVerdict, says: impl Into<String>) -> Self {
        Self { name, verdict, says: says.into(), fix: None, exit: Exit::PersonNeeded }
    }

    fn fix(mut self, fix: &'static str) -> Self {
        self.fix = Some(fix);
        self
    }

    fn ends_with(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }
}

/// The checklist. `day` writes a moment as people read it.
pub fn checks(known: &KnownFacts, day: &dyn Fn(Timestamp) -> String) -> Vec<Check> {
    let mut list = vec![
        Check::new("reachable", CheckVerdict::Good, format!("{} answers", known.name)),
        match known.is_paired {
            true => Check::new("paired", CheckVerdict::Good, "it trusts this computer"),
            false => Check::new("paired", CheckVerdict::Bad, "it does not trust this computer")
                .fix("corer pair, and tap \"Trust\""),
        },
    ];
    if let Some(about) = &known.about {
        list.extend([
            unlocked(about),
            battery(about),
            free_space(about, known.free),
            encryption(about),
            busy(known.is_busy),
        ]);
    }
    list.push(last(known, day));
    if let Some(about) = &known.about {
        list.extend([cloud_backup(about, day), cloud_photos(about)]);
    }
    list
}

fn unlocked(about: &PrivateInfo) -> Check {
    match about.is_locked {
        Some(false) => Check::new("unlocked", CheckVerdict::Good, "it is unlocked"),
        Some(true) => Check::new("unlocked", CheckVerdict::Bad, "it is locked")
            .fix("unlock it, and keep its screen on until the backup runs"),
        None => unknown("unlocked"),
    }
}

fn battery(about: &PrivateInfo) -> Check {
    let Some(percent) = about.battery else { return unknown("battery") };
    let says = |what: &str| format!("{percent} %{what}");
    match (percent, about.is_charging) {
        (_, Some(true)) => Check::new("battery", CheckVerdict::Good, says(", charging")),
        (ENOUGH_BATTERY.., _) => Check::new("battery", CheckVerdict::Good, says("")),
        _ => Check::new("battery", CheckVerdict::Bad, says(", not charging"))
            .fix("connect it to power, or wait until it has 50 %"),
    }
}

fn free_space(about: &PrivateInfo, free: Option<u64>) -> Check {
    let Some((used, free)) = about.used().zip(free) else { return unknown("room") };
    let wanted = used.saturating_add(used / 2);
    let says = format!("{} free; the device holds {}", human::size(free), human::size(used));
    match free {
        free if free >= wanted => Check::new("room", CheckVerdict::Good, says),
        free if free >= used => {
            Check::new("room", CheckVerdict::Advice, says).fix("half as much again as the device holds is comfortable")
        }
        _ => Check::new("room", CheckVerdict::Bad, says)
            .fix("make room, or choose another disk: corer backup --to FOLDER")
            .ends_with(Exit::NoSpace),
    }
}

fn encryption(about: &PrivateInfo) -> Check {
    match about.encrypts {
        Some(true) => Check::new("encryption", CheckVerdict::Good, "its backups are encrypted"),
        Some(false) => Check::new(
            "encryption",
            CheckVerdict::Advice,
            "its backups are not encrypted: they lack passwords, Health, calls and Safari history, and anybody can read them",
        )
        .fix("corer encryption on"),
        None => unknown("encryption"),
    }
}

fn busy(is_busy: Option<bool>) -> Check {
    match is_busy {
        Some(false) => Check::new("alone", CheckVerdict::Good, "no other program is syncing or backing it up"),
        Some(true) => Check::new("alone", CheckVerdict::Bad, "another program is syncing or backing it up")
            .fix("wait until Finder, iTunes or Apple Devices is done")
            .ends_with(Exit::Busy),
        None => unknown("alone"),
    }
}

fn last(known: &KnownFacts, day: &dyn Fn(Timestamp) -> String) -> Check {
    let Some(last) = known.last_backup else {
        return Check::new("last backup", CheckVerdict::Advice, "there is none here yet").fix("corer backup");
    };
    let days = known.now.duration_since(last).as_hours() / 24;
    let says = format!("{} ({})", day(last), human::count(days.max(0).unsigned_abs(), "day ago", "days ago"));
    match days {
        OLD.. => Check::new("last backup", CheckVerdict::Advice, says).fix("corer backup"),
        _ => Check::new("last backup", CheckVerdict::Good, says),
    }
}

fn cloud_backup(about: &PrivateInfo, day: &dyn Fn(Timestamp) -> String) -> Check {
    let last = about.last_cloud_backup.and_then(corer_schemas::AppleTime::timestamp);
    match (about.cloud_backup, last) {
        (_, Some(last)) => Check::new("iCloud", CheckVerdict::Good, format!("last backup to iCloud {}", day(last))),
        (Some(true), None) => {
            Check::new("iCloud", CheckVerdict::Good, "iCloud Backup is on; it does not say when the last one was")
        }
        (Some(false), None) => {
            Check::new("iCloud", CheckVerdict::Good, "iCloud Backup is off: the backup here is the only one")
        }
        (None, None) => unknown("iCloud"),
    }
}

fn cloud_photos(about: &PrivateInfo) -> Check {
    match about.cloud_photos {
        Some(true) => Check::new(
            "photos",
            CheckVerdict::Advice,
            "iCloud Photos is on: photos that are only in iCloud are in no backup",
        )
        .fix("to have them here: Settings, Photos, Download and Keep Originals; then wait"),
        Some(false) => Check::new("photos", CheckVerdict::Good, "iCloud Photos is off: every photo is on the device"),
        None => unknown("photos"),
    }
}

fn unknown(name: &'static str) -> Check {
    Check::new(name, CheckVerdict::Unknown, "the device does not say")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about() -> PrivateInfo {
        PrivateInfo {
            encrypts: Some(true),
            is_locked: Some(false),
            battery: Some(80),
            is_charging: Some(false),
            capacity: Some(100),
            free: Some(40),
            ..PrivateInfo::default()
        }
    }

    fn known(about: Option<PrivateInfo>) -> KnownFacts {
        let now = Timestamp::from_second(10 * 86_400).unwrap();
        KnownFacts {
            name: "Mira".into(),
            now,
            is_paired: about.is_some(),
            about,
            is_busy: Some(false),
            free: Some(90),
            last_backup: Timestamp::from_second(9 * 86_400).ok(),
        }
    }

    fn verdict(known: &KnownFacts, name: &str) -> (CheckVerdict, Option<u8>) {
        let list = checks(known, &|moment| moment.to_string());
        let check = list.into_iter().find(|check| check.name == name).unwrap();
        (check.verdict, check.stands_in_the_way().map(Exit::code))
    }

    #[test]
    fn all_is_well() {
        let list = checks(&known(Some(about())), &|moment| moment.to_string());
        assert!(
            list.iter().all(|check| matches!(check.verdict, CheckVerdict::Good | CheckVerdict::Unknown)),
            "{list:?}"
        );
        assert_eq!(list.len(), 10);
    }

    #[test]
    fn what_stands_in_the_way_has_a_code_and_a_fix() {
        let with = |change: &dyn Fn(&mut PrivateInfo)| {
            let mut about = about();
            change(&mut about);
            known(Some(about))
        };
        assert_eq!(verdict(&known(None), "paired"), (CheckVerdict::Bad, Some(13)));
        assert_eq!(verdict(&with(&|about| about.is_locked = Some(true)), "unlocked"), (CheckVerdict::Bad, Some(13)));
        assert_eq!(verdict(&with(&|about| about.battery = Some(49)), "battery"), (CheckVerdict::Bad, Some(13)));
        let charging = with(&|about| (about.battery, about.is_charging) = (Some(5), Some(true)));
        assert_eq!(verdict(&charging, "battery"), (CheckVerdict::Good, None));
        assert_eq!(verdict(&with(&|about| about.free = Some(0)), "room"), (CheckVerdict::Bad, Some(14)));
        assert_eq!(verdict(&with(&|about| about.encrypts = Some(false)), "encryption"), (CheckVerdict::Advice, None));
        let busy = KnownFacts { is_busy: Some(true), ..known(Some(about())) };
        assert_eq!(verdict(&busy, "alone"), (CheckVerdict::Bad, Some(11)));
        for check in checks(&busy, &|moment| moment.to_string()) {
            assert_eq!(check.verdict == CheckVerdict::Bad, check.stands_in_the_way().is_some());
            assert!(check.verdict != CheckVerdict::Bad || check.fix.is_some());
        }
    }

    #[test]
    fn room_for_half_as_much_again_is_comfortable() {
        let free = |free| verdict(&KnownFacts { free: Some(free), ..known(Some(about())) }, "room").0;
        assert_eq!(
            (free(90), free(89), free(60), free(59)),
            (CheckVerdict::Good, CheckVerdict::Advice, CheckVerdict::Advice, CheckVerdict::Bad)
        );
    }

    #[test]
    fn a_week_is_old() {
        let last = |days: i64| {
            let last = Timestamp::from_second((10 - days) * 86_400).ok();
            verdict(&KnownFacts { last_backup: last, ..known(Some(about())) }, "last backup").0
        };
        assert_eq!((last(6), last(7)), (CheckVerdict::Good, CheckVerdict::Advice));
        assert_eq!(
            verdict(&KnownFacts { last_backup: None, ..known(Some(about())) }, "last backup").0,
            CheckVerdict::Advice
        );
    }
}
