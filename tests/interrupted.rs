//! `corer backup`, killed and cut off at random moments: each time the folder is a complete backup, exactly the earlier or the
//! new one, and the next run completes. Six times; `CORER_INTERRUPTIONS` says how many else (`just kills`).
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]
#![allow(clippy::print_stderr, reason = "how many of which kind is worth knowing")]

#[path = "support/phone.rs"]
mod phone;
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use corer_simulated_device::{Cut, Setup};
use phone::Desk;
use support::PASSWORD;

/// Written in every round: among the first and among the last that are sent.
const WITNESSES: [(&str, &str); 3] = [
    ("AppDomain-org.example.tidewatch", "Documents/state.txt"),
    ("HomeDomain", "Documents/state.txt"),
    ("WirelessDomain", "Library/state.txt"),
];
/// How many other files change in every round, and how many bytes each has, so that a run is not over in an instant.
const OTHERS: usize = 20;
const WEIGHT: usize = 60_000;

/// Numbers that look like chance and are the same each time; the moments of kills are chance enough.
struct Chance(u64);

impl Chance {
    /// SplitMix64.
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}

/// The person goes on living between two backups.
fn live(desk: &Desk, round: u32) {
    let text = format!("state-{round} {}", "x".repeat(WEIGHT));
    let mut phone = desk.phone.phone();
    for (domain, path) in WITNESSES {
        phone.files.write(domain, path, text.clone());
    }
    for number in 0..OTHERS {
        phone.files.write("CameraRollDomain", &format!("Media/DCIM/{number}.txt"), text.clone());
    }
}

/// What the witnesses say, and whether each is complete.
fn states(desk: &Desk) -> BTreeSet<String> {
    let says = |(domain, path): (&str, &str)| {
        let text = desk.cat(&format!("{domain}/{path}"));
        let (state, weight) = text.split_once(' ').unwrap_or_default();
        if weight.len() == WEIGHT { state.to_owned() } else { format!("{state}, {} bytes", weight.len()) }
    };
    WITNESSES.map(says).into()
}

/// Kills a run after so long at most; whether it had to be.
fn kill(desk: &Desk, after: Duration) -> bool {
    let mut command = desk.command(&["backup", "--quiet", "--to", desk.root()]);
    command.timeout(after).output().unwrap().status.code().is_none()
}

/// Pulls the cable somewhere in a run; whether it was still going on.
fn cut(desk: &Desk, chance: &mut Chance) -> bool {
    let place = match chance.below(3) {
        0 => Cut::Message(chance.below(70)),
        1 => Cut::Files(1 + chance.below(23)),
        _ => Cut::Bytes(chance.below(1_400_000)),
    };
    desk.phone.phone().faults.cut = Some(place);
    let is_cut = desk.back_up(&[]).code != 0;
    desk.phone.plug();
    is_cut
}

/// Looks at what an interrupted run has left: which of the two backups. The next run has to make the new one.
fn examine(desk: &Desk, round: u32, how: &str) -> &'static str {
    let verified = desk.verify();
    assert_eq!(verified.code, 0, "round {round}, {how}: {verified:?}");
    let (earlier, new) = (format!("state-{}", round - 1), format!("state-{round}"));
    let found = states(desk);
    let is_new = found == BTreeSet::from([new.clone()]);
    assert!(is_new || found == BTreeSet::from([earlier]), "round {round}, {how}: {found:?}");
    desk.back_up(&[]).ends_with(0);
    assert_eq!(states(desk), BTreeSet::from([new]), "round {round}, {how}: the run after it");
    desk.verify().ends_with(0);
    if is_new { "new" } else { "earlier" }
}

#[test]
fn an_interruption_at_any_moment_leaves_one_of_the_two_backups() {
    let wanted = std::env::var("CORER_INTERRUPTIONS").map_or(6, |times| times.parse().unwrap());
    let desk = Desk::new(Setup { password: Some(PASSWORD.into()), ..Setup::default() });
    let mut chance = Chance(1);
    live(&desk, 0);
    desk.back_up(&[]).ends_with(0);
    live(&desk, 0);
    let began = Instant::now();
    desk.back_up(&[]).ends_with(0);
    let mut lasts = began.elapsed();
    let (mut round, mut interrupted, mut counts) = (0, 0, BTreeMap::new());
    while interrupted < wanted {
        round += 1;
        live(&desk, round);
        let (how, was_in_time) = if round % 2 == 0 {
            ("cut off", cut(&desk, &mut chance))
        } else {
            let is_killed = kill(&desk, lasts.mul_f64(chance.below(1_000) as f64 / 1_000.0));
            // The moments follow how long a run takes at this time.
            lasts = lasts.mul_f64(if is_killed { 1.03 } else { 0.9 });
            ("killed", is_killed)
        };
        let left = examine(&desk, round, how);
        if was_in_time {
            interrupted += 1;
            *counts.entry(format!("{how}: {left}")).or_insert(0) += 1;
        }
    }
    eprintln!("{interrupted} interrupted runs of {round}: {counts:?}");
}
