//! What the tests of the device share: hosts that others wrote, and pictures of folders.
#![allow(dead_code, reason = "every test file uses its own part")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use corer_simulated_device::Running;

/// The folder of a device's backup below the host's root.
pub const UDID: &str = "00008120-001C0FFEE0C0BE1E";
pub const PASSWORD: &str = "mira-1961";

/// Hosts that others wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    Idevicebackup2,
    Pymobiledevice3,
}

impl Peer {
    pub const ALL: [Self; 2] = [Self::Idevicebackup2, Self::Pymobiledevice3];

    /// A backup into `to`.
    pub fn backup(self, device: &Running, to: &Path, full: bool) -> Answer {
        let mut command = self.command(device);
        match (self, full) {
            (Self::Idevicebackup2, true) => command.args(["backup", "--full"]),
            (Self::Idevicebackup2, false) => command.arg("backup"),
            (Self::Pymobiledevice3, true) => command.args(["backup2", "backup", "--full"]),
            (Self::Pymobiledevice3, false) => command.args(["backup2", "backup"]),
        };
        std::fs::create_dir_all(to).unwrap();
        Answer::of(command.arg(to))
    }

    /// Turns encryption on, or off with the password that there is.
    pub fn encryption(self, device: &Running, on: bool, password: &str, folder: &Path) -> Answer {
        let mut command = self.command(device);
        let mode = if on { "on" } else { "off" };
        match self {
            Self::Idevicebackup2 => command.args(["encryption", mode, password]).arg(folder),
            Self::Pymobiledevice3 => command.args(["backup2", "encryption", mode, password, "-b"]).arg(folder),
        };
        Answer::of(&mut command)
    }

    fn command(self, device: &Running) -> Command {
        match self {
            Self::Idevicebackup2 => tool("idevicebackup2", device),
            Self::Pymobiledevice3 => {
                let mut command = Command::new(pymobiledevice3());
                // A bare path is its spelling.
                command.env("USBMUXD_SOCKET_ADDRESS", device.socket());
                command
            }
        }
    }
}

/// A program of libimobiledevice that talks to the device.
pub fn tool(name: &str, device: &Running) -> Command {
    let mut command = Command::new(name);
    command.env("USBMUXD_SOCKET_ADDRESS", format!("UNIX:{}", device.socket().display()));
    command
}

/// Whether the peers are there. Where they have to be (`CORER_PEERS=required`), they are.
pub fn have_peers() -> bool {
    let there = |program: &Path| {
        Command::new(program).arg("--help").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
    };
    let both = there(Path::new("idevicebackup2")) && pymobiledevice3().exists();
    let required = std::env::var_os("CORER_PEERS").is_some_and(|value| value == "required");
    assert!(both || !required, "the peers are missing: tests/conformance/peers device installs them");
    if !both {
        #[allow(clippy::print_stderr)]
        {
            eprintln!("skipped: no peers; tests/conformance/peers device installs them");
        }
    }
    both
}

fn pymobiledevice3() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.cache/peers/pymobiledevice3/bin/pymobiledevice3")
}

/// How a program ended.
#[derive(Debug)]
pub struct Answer {
    pub code: Option<i32>,
    pub words: String,
}

impl Answer {
    pub fn of(command: &mut Command) -> Self {
        let Output { status, stdout, stderr } = command.stdin(Stdio::null()).output().unwrap();
        let words = String::from_utf8_lossy(&stdout).into_owned() + &String::from_utf8_lossy(&stderr);
        Self { code: status.code(), words }
    }

    #[track_caller]
    pub fn succeeds(self) -> Self {
        assert_eq!(self.code, Some(0), "{}", self.words);
        self
    }

    #[track_caller]
    pub fn fails(self) -> Self {
        assert_ne!(self.code, Some(0), "{}", self.words);
        self
    }
}

/// Every file below a folder.
pub fn picture(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut picture = BTreeMap::new();
    let mut todo = vec![folder.to_owned()];
    while let Some(path) = todo.pop() {
        for entry in std::fs::read_dir(&path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                todo.push(path);
            } else {
                let bytes = std::fs::read(&path).unwrap();
                picture.insert(path.strip_prefix(folder).unwrap().to_owned(), bytes);
            }
        }
    }
    picture
}

/// The same without what tells the time and the program: Info.plist is the host's, and Status.plist has an identifier of
/// its own for every backup.
pub fn content(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut picture = picture(&folder.join(UDID));
    for of_its_own in ["Info.plist", "Status.plist"] {
        assert!(picture.remove(Path::new(of_its_own)).is_some(), "no {of_its_own}");
    }
    picture
}

/// Says where two folders differ.
#[track_caller]
pub fn assert_same(one: &BTreeMap<PathBuf, Vec<u8>>, other: &BTreeMap<PathBuf, Vec<u8>>) {
    let differ = |path: &&PathBuf| one.get(*path) != other.get(*path);
    let all: Vec<&PathBuf> = one.keys().chain(other.keys()).filter(differ).collect();
    assert!(all.is_empty(), "these differ: {all:?}");
}
