//! The folder of an iMazing user: the newest backup, and earlier ones under `iMazing.Versions`.
//!
//! ```text
//! <UDID>/                                                    the newest backup
//! iMazing.Versions/Versions/<UDID>/<date and time>/          earlier ones, each a complete backup
//! iMazing.Versions/Versions/<UDID>/Versions.db               iMazing's own notes
//! ```

use std::fs;
use std::path::Path;

use crate::builder::BackupBuilder;
use crate::database;
use crate::era::{Device, Era};
use crate::error::Result;
use crate::life::messages;

/// When the earlier backups were made, and the folders they lie in.
const EARLIER: [(&str, &str); 2] =
    [("2023-12-31T08:00:00Z", "2023-12-31 09.00.00"), ("2024-10-05T06:30:00Z", "2024-10-05 08.30.00")];

pub(super) fn versions(root: &Path) -> Result<()> {
    let udid = Device::of(Era::Ios18).udid;
    write("2024-11-03T21:14:09Z", &root.join(&udid))?;
    let versions = root.join("iMazing.Versions/Versions").join(&udid);
    for (made_at, folder) in EARLIER {
        write(made_at, &versions.join(folder))?;
    }
    fs::write(versions.join("Versions.db"), database::build("PRAGMA user_version = 1;", |_| Ok(()))?)?;
    Ok(())
}

fn write(made_at: &str, folder: &Path) -> Result<()> {
    let mut backup = BackupBuilder::new(Era::Ios18, "imazing");
    backup.made_at(made_at);
    messages::add_everyday(&mut backup)?;
    backup.write(folder)
}
