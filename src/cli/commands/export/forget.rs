//! `corer export --forget-history FOLDER`: an export without what it remembers of earlier backups, to be handed on.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use corer_exporters::saved::{FILE, FOLDER};
use corer_schemas::kinds::KINDS;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::terminal::console::Console;

/// Removes what the folder of one kind, or each of an export of everything, remembers. What else lies there stays.
///
/// # Errors
/// When nothing is remembered there, and when it cannot be removed.
pub fn run(folder: &Path, console: &Console) -> Result<Exit, Failure> {
    let folders = std::iter::once(folder.to_path_buf()).chain(KINDS.iter().map(|kind| folder.join(kind.name)));
    let remembering: Vec<PathBuf> =
        folders.map(|folder| folder.join(FOLDER)).filter(|own| own.join(FILE).symlink_metadata().is_ok()).collect();
    if remembering.is_empty() {
        return Err(Failure::new(Exit::NothingMatched, format!("{} remembers nothing.", folder.display()))
            .hint("Name the folder of an export, as after -o"));
    }
    for own in remembering {
        remove(&own).map_err(|error| Failure::io(format!("{} could not be removed.", own.display()), &error))?;
        console.note(format_args!(
            "{} is gone. An update will take this folder for one of an older corer.",
            own.display()
        ));
    }
    Ok(Exit::Done)
}

/// Removes the files of a memory, by their names, and its folder.
fn remove(own: &Path) -> io::Result<()> {
    if !own.symlink_metadata()?.is_dir() {
        return Err(io::Error::other("it is no folder"));
    }
    for item in fs::read_dir(own)? {
        let name = item?.file_name();
        let name = name.to_string_lossy();
        // A run that was killed may have left a part of one.
        if name == FILE || name == "writing.jsonl" || (name.starts_with(".corer-") && name.ends_with(".part")) {
            fs::remove_file(own.join(&*name))?;
        }
    }
    fs::remove_dir(own)
}
