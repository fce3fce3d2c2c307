//! Real HEIC files as JPEG, beside `heif-convert` of libheif, which gives the same quality of compression. The files are
//! those of `CORER_SHARED`; they cannot be part of the repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::failure::{At, Result};
use crate::race::{Contestant, Finish, race, unfinished};
use crate::settings::Settings;
use crate::table::{Check, Limit, Report};
use crate::tree;

/// Where the files lie among the shared ones.
const FOLDERS: [&str; 3] = ["photos/heic", "photos/live", "photos/adjustments"];

/// The quality of the JPEG files that corer makes.
const QUALITY: &str = "92";

/// Runs the scenario.
///
/// # Errors
/// As [`crate::scenario::Scenario::run`].
pub fn run(settings: &Settings) -> Result<Report> {
    let mut photos = photos()?;
    let mut notes = Vec::new();
    let has_peer = is_installed("heif-convert");
    if has_peer {
        let all = photos.len();
        photos.retain(|photo| is_read_by_peer(settings, photo));
        notes.push(format!("heif-convert reads {} of {all} files; the others are not compared.", photos.len()));
    } else {
        notes.push("heif-convert is not installed (Debian: `libheif-examples`).".to_owned());
    }
    photos.truncate(settings.pick(photos.len(), 1));
    let title = format!("Conversion: {} HEIC files to JPEG, on one thread", photos.len());
    if photos.is_empty() {
        notes.push("There is no HEIC file to convert in `CORER_SHARED`.".to_owned());
        return Ok(Report { title, finishes: Vec::new(), checks: checks(&[]), notes });
    }
    let roll = camera_roll(settings, &photos)?;
    let target = settings.work().join("target");
    let mut corer = settings.corer(&["photos", "--convert", "jpeg", "--no-gallery", "--jobs", "1"], &roll);
    corer.arg("--output").arg(&target);
    let mut contestants = vec![Contestant::writing("corer photos --convert jpeg", corer, target.clone())];
    if has_peer {
        contestants.push(Contestant::writing("heif-convert, file by file", heif_convert(&photos, &target), target));
    }
    let finishes = race(settings, &contestants)?;
    notes.extend(unfinished(&finishes));
    Ok(Report { title, checks: checks(&finishes), notes, finishes })
}

fn checks(finishes: &[Finish]) -> Vec<Check> {
    let cpu = |index: usize| finishes.get(index).map(|finish| finish.usage.cpu.as_secs_f64());
    vec![Check {
        what: "CPU, beside `heif-convert`".to_owned(),
        value: cpu(0).zip(cpu(1)).map(|(corer, peer)| corer / peer),
        limit: Limit::AtMost(1.3),
        unit: "\u{d7}",
    }]
}

/// The real files, ordered by path.
fn photos() -> Result<Vec<PathBuf>> {
    let shared = std::env::var_os("CORER_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let mut photos = Vec::new();
    for folder in FOLDERS.map(|folder| shared.join("data").join(folder)).iter().filter(|folder| folder.is_dir()) {
        for item in fs::read_dir(folder).at(folder)? {
            let path = item.at(folder)?.path();
            if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("heic")) {
                photos.push(path);
            }
        }
    }
    photos.sort();
    Ok(photos)
}

/// A tree of plain files, as `files get` writes it, with the photos in it.
fn camera_roll(settings: &Settings, photos: &[PathBuf]) -> Result<PathBuf> {
    let root = settings.work().join("camera-roll");
    let folder = root.join("CameraRollDomain/Media/DCIM/100APPLE");
    tree::remove(&root)?;
    fs::create_dir_all(&folder).at(&folder)?;
    for (number, photo) in photos.iter().enumerate() {
        fs::copy(photo, folder.join(format!("IMG_{number:04}.HEIC"))).at(photo)?;
    }
    Ok(root)
}

/// One process a file: the program takes no more.
fn heif_convert(photos: &[PathBuf], target: &Path) -> Command {
    let loop_over = "target=$1; shift; mkdir \"$target\"; number=0; for photo; do number=$((number + 1)); \
         heif-convert -q \"$QUALITY\" \"$photo\" \"$target/$number.jpg\"; done";
    let mut command = Command::new("sh");
    command.env("QUALITY", QUALITY).args(["-c", loop_over, "sh"]).arg(target).args(photos);
    command
}

/// Whether `heif-convert` reads a file: old ones refuse photos with several gain maps.
fn is_read_by_peer(settings: &Settings, photo: &Path) -> bool {
    let mut command = Command::new("heif-convert");
    command.arg(photo).arg(settings.work().join("probe.jpg")).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn is_installed(program: &str) -> bool {
    Command::new(program).arg("--help").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}
