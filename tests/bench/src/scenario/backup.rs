//! Backing up a simulated device, beside the other hosts of the field. The device runs in this process, so that the
//! figures are those of each host alone.

use std::process::Command;

use corer_simulated_device::{Content, Running, Setup, Simulator};

use crate::failure::{Failure, Result};
use crate::peers::PYMOBILEDEVICE3;
use crate::race::{Contestant, Finish, race, unfinished};
use crate::settings::Settings;
use crate::table::{Check, Limit, Report, megabytes};

/// Lets everybody make a full backup of a device that holds `content`.
///
/// # Errors
/// As [`crate::scenario::Scenario::run`].
pub fn run(settings: &Settings, title: String, content: Content) -> Result<Report> {
    let has_many = matches!(content, Content::Equal { files, .. } if files > 1);
    let device = Simulator::start(Setup { content, stands_still: true, ..Setup::default() });
    let device = device.map_err(|error| Failure::new(format!("the simulated device does not start: {error}")))?;
    let target = settings.work().join("target");
    let mut corer = Command::new(&settings.corer);
    corer.args(["backup", "--no-input", "--quiet", "--to"]).arg(&target);
    let peers = [settings.peers.idevicebackup2(&target), settings.peers.pymobiledevice3(&target)];
    let are_there = peers.each_ref().map(Option::is_some);
    let all = [Some(("corer backup", corer))].into_iter().chain(peers).flatten();
    let contestants: Vec<Contestant> = all
        .map(|(name, mut command)| {
            command.env("USBMUXD_SOCKET_ADDRESS", address(&device, name));
            command.env("HOME", settings.work()).env("XDG_STATE_HOME", settings.work());
            let contestant = Contestant::filling(name, command, target.clone());
            if has_many { contestant.setting_aside() } else { contestant }
        })
        .collect();
    let finishes = race(settings, &contestants)?;
    Ok(Report { title, checks: checks(&finishes, are_there), notes: unfinished(&finishes), finishes })
}

/// Where the daemon listens: on a Unix socket, as it does on Linux and macOS, in the spelling of the host.
fn address(device: &Running, host: &str) -> String {
    let socket = device.socket().display();
    match host {
        _ if cfg!(not(unix)) => device.address(),
        PYMOBILEDEVICE3 => socket.to_string(),
        _ => format!("UNIX:{socket}"),
    }
}

fn checks(finishes: &[Finish], [has_idevicebackup2, has_pymobiledevice3]: [bool; 2]) -> Vec<Check> {
    let mut finishes = finishes.iter();
    let corer = finishes.next();
    let mut next = |is_there: bool| if is_there { finishes.next() } else { None };
    let (idevicebackup2, pymobiledevice3) = (next(has_idevicebackup2), next(has_pymobiledevice3));
    let wall = |finish: &Finish| finish.usage.wall.as_secs_f64();
    let cpu = |finish: &Finish| finish.usage.cpu.as_secs_f64();
    let beside = |what: &str, peer: Option<&Finish>, figure: &dyn Fn(&Finish) -> f64, limit| Check {
        what: what.to_owned(),
        value: corer.zip(peer).map(|(corer, peer)| figure(corer) / figure(peer)),
        limit: Limit::AtMost(limit),
        unit: "×",
    };
    vec![
        beside("wall, beside idevicebackup2", idevicebackup2, &wall, 1.0),
        beside("CPU, beside idevicebackup2", idevicebackup2, &cpu, 0.5),
        beside("CPU, beside pymobiledevice3", pymobiledevice3, &cpu, 0.2),
        Check {
            what: "peak memory".to_owned(),
            value: corer.map(|corer| megabytes(corer.usage.peak)),
            limit: Limit::AtMost(50.0),
            unit: "MB",
        },
    ]
}
