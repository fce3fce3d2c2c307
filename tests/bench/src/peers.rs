//! The other tools of the field, run as the programs they are. `tests/conformance/peers` installs them, and
//! `tests/conformance/messages` imessage-exporter. Those without a command for the task are driven by a few lines of Python
//! in `tests/bench/peers/`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::inputs::PASSWORD;

const IBD_EXTRACT: &str = include_str!("../peers/iphone_backup_decrypt_extract.py");
const IBD_LIST: &str = include_str!("../peers/iphone_backup_decrypt_list.py");
const PYIOSBACKUP_EXTRACT: &str = include_str!("../peers/pyiosbackup_extract.py");
const PYIOSBACKUP_LIST: &str = include_str!("../peers/pyiosbackup_list.py");
const IOSBACKUP_EXTRACT: &str = include_str!("../peers/iosbackup_extract.py");
const IOSBACKUP_LIST: &str = include_str!("../peers/iosbackup_list.py");

/// The name of pymobiledevice3's backup.
pub const PYMOBILEDEVICE3: &str = "pymobiledevice3 backup2 backup --full";

/// Which other tools this machine has.
#[derive(Debug)]
pub struct Peers {
    python: Option<PathBuf>,
    mvt: Option<PathBuf>,
    imessage_exporter: Option<PathBuf>,
    pymobiledevice3: Option<PathBuf>,
    idevicebackup2: Option<PathBuf>,
}

/// A named command.
pub type Named = (&'static str, Command);

impl Peers {
    /// Looks below `folder`, as `tests/conformance/peers` lays it out.
    pub fn find(folder: &Path) -> Self {
        let program = |path: &str| Some(folder.join(path)).filter(|path| path.is_file());
        let search = std::env::var_os("PATH").unwrap_or_default();
        let on_path =
            |name: &str| std::env::split_paths(&search).map(|folder| folder.join(name)).find(|it| it.is_file());
        Self {
            python: program("readers/bin/python"),
            mvt: program("mvt/bin/mvt-ios"),
            imessage_exporter: program("imessage-exporter/bin/imessage-exporter"),
            pymobiledevice3: program("pymobiledevice3/bin/pymobiledevice3"),
            idevicebackup2: on_path("idevicebackup2"),
        }
    }

    /// Everything that takes all files out of an encrypted backup.
    pub fn extract(&self, backup: &Path, target: &Path) -> Vec<Named> {
        let mvt = self.mvt.iter().map(|mvt| {
            let mut command = Command::new(mvt);
            // Its questions about updates go to the network.
            command.arg("--disable-update-check").arg("--disable-indicator-update-check");
            command.args(["decrypt-backup", "--password", PASSWORD, "--destination"]).arg(target).arg(backup);
            ("mvt-ios decrypt-backup", command)
        });
        let scripts = self.python.iter().flat_map(|python| {
            [
                ("iphone_backup_decrypt extract_files", script(python, IBD_EXTRACT, &[backup, target])),
                ("pyiosbackup unback", script(python, PYIOSBACKUP_EXTRACT, &[backup, target])),
                ("iOSbackup, file by file", script(python, IOSBACKUP_EXTRACT, &[backup, target])),
            ]
        });
        mvt.chain(scripts).collect()
    }

    /// What makes pages of the messages of a backup, without attachments.
    pub fn messages(&self, backup: &Path, target: &Path) -> Option<Command> {
        let mut command = Command::new(self.imessage_exporter.as_ref()?);
        command.args(["--format", "html", "--copy-method", "disabled", "--platform", "iOS", "--db-path"]).arg(backup);
        command.arg("--export-path").arg(target);
        Some(command)
    }

    /// libimobiledevice's full backup of a connected device into a folder that is there.
    pub fn idevicebackup2(&self, target: &Path) -> Option<Named> {
        let mut command = Command::new(self.idevicebackup2.as_ref()?);
        command.args(["backup", "--full"]).arg(target);
        Some(("idevicebackup2 backup --full", command))
    }

    /// pymobiledevice3's.
    pub fn pymobiledevice3(&self, target: &Path) -> Option<Named> {
        let mut command = Command::new(self.pymobiledevice3.as_ref()?);
        command.args(["backup2", "backup", "--full"]).arg(target);
        Some((PYMOBILEDEVICE3, command))
    }

    /// Everything that lists an encrypted backup with path and size.
    pub fn list(&self, backup: &Path) -> Vec<Named> {
        let scripts = self.python.iter().flat_map(|python| {
            [
                ("iphone_backup_decrypt, records", script(python, IBD_LIST, &[backup])),
                ("pyiosbackup iter_files", script(python, PYIOSBACKUP_LIST, &[backup])),
                ("iOSbackup getBackupFilesList", script(python, IOSBACKUP_LIST, &[backup])),
            ]
        });
        scripts.collect()
    }
}

fn script(python: &Path, source: &str, arguments: &[&Path]) -> Command {
    let mut command = Command::new(python);
    command.env("BACKUP_PASSWORD", PASSWORD).arg("-c").arg(source).args(arguments);
    command
}
