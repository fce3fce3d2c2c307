//! A simulated phone and the program on one desk.
#![allow(dead_code, reason = "every test file uses its own part")]

use std::path::{Path, PathBuf};

use corer_simulated_device::{Running, Setup, Simulator};

use crate::support::{Answer, Corer};

/// The phone's UDID.
pub const UDID: &str = "00008120-001C0FFEE0C0BE1E";

/// A phone on its cable, the program, and a folder for backups.
pub struct Desk {
    pub corer: Corer,
    pub phone: Running,
    pub backups: tempfile::TempDir,
}

impl Desk {
    pub fn new(setup: Setup) -> Self {
        Self { corer: Corer::new(), phone: Simulator::start(setup).unwrap(), backups: tempfile::tempdir().unwrap() }
    }

    /// A command line that finds the phone.
    pub fn command(&self, args: &[&str]) -> assert_cmd::Command {
        let mut command = self.corer.command(args);
        command.env_remove("CORER_DEVICE").env("USBMUXD_SOCKET_ADDRESS", self.phone.address());
        command
    }

    pub fn run(&self, args: &[&str]) -> Answer {
        Answer::of(&mut self.command(args))
    }

    /// `corer backup` into the folder for backups.
    pub fn back_up(&self, args: &[&str]) -> Answer {
        self.run(&[&["backup", "--to", self.root()], args].concat())
    }

    pub fn root(&self) -> &str {
        self.backups.path().to_str().unwrap()
    }

    /// The backup's own folder.
    pub fn backup(&self) -> PathBuf {
        self.backups.path().join(UDID)
    }

    /// `corer verify` of the backup, with the password of the samples.
    pub fn verify(&self) -> Answer {
        self.corer.unlock(&["verify", "--deep", "-b", self.backup().to_str().unwrap()])
    }

    /// The text of a file in the backup.
    pub fn cat(&self, pattern: &str) -> String {
        let backup = self.backup();
        self.corer.unlock(&["files", "cat", pattern, "-b", backup.to_str().unwrap()]).stdout
    }

    /// What lies where nothing may lie but backups and corer's own folder.
    pub fn strangers(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.backups.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name != UDID && *name != format!(".corer-{UDID}")).collect()
    }
}

/// The bytes of every file in a backup but those that say when and under which number it was made.
pub fn payloads(backup: &Path) -> std::collections::BTreeMap<PathBuf, Option<Vec<u8>>> {
    let mut content = crate::support::content(backup);
    content.retain(|path, bytes| bytes.is_some() && path.extension().is_none_or(|extension| extension != "plist"));
    content
}
