//! Paths as a device gives them: `<UDID>/ab/abcd…`. They are hostile until they have passed here, and only a
//! [`BackupPath`] has: a [`Store`](super::store::Store) takes nothing else.

use std::borrow::Cow;
use std::io;

/// The longest path, in bytes.
const LONGEST: usize = 4096;
/// The longest name, in bytes: what every file system takes.
const LONGEST_NAME: usize = 255;
/// The most folders below each other; a backup has three.
const DEEPEST: usize = 32;
/// The longest path that is taken as it is: those of payloads have 52 bytes, and even names of two leave it no deeper than
/// [`DEEPEST`].
const LONGEST_USUAL: usize = 96;

/// A path inside of a backup's folder: names with `/` between them, or nothing for the folder itself. It leads nowhere else,
/// on any system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupPath<'p>(Cow<'p, str>);

impl<'p> BackupPath<'p> {
    /// Takes a path as the device gives it, for the backup of a device.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidInput`] for a path that leads anywhere else or holds what no name of a backup does.
    pub fn parse(path: &'p str, udid: &str) -> io::Result<Self> {
        let usual = path.strip_prefix(udid).and_then(|rest| rest.strip_prefix('/')).filter(|rest| is_usual(rest));
        usual.map_or_else(|| parse(path, udid).map(Cow::Owned), |relative| Ok(Cow::Borrowed(relative))).map(Self)
    }

    /// The path, from the backup's folder on.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same path, for as long as it is wanted.
    #[cfg(test)]
    pub fn into_owned(self) -> BackupPath<'static> {
        BackupPath(Cow::Owned(self.0.into_owned()))
    }
}

/// Whether a path is like those of payloads, which are most of all: with such letters and digits alone nothing is
/// the matter, and no name of that length is [reserved](is_reserved).
fn is_usual(relative: &str) -> bool {
    // Without a way out of the loop, so that it goes through many bytes at once.
    let is_simple = |all: bool, byte: u8| all & (byte.is_ascii_alphanumeric() | (byte == b'/'));
    relative.len() <= LONGEST_USUAL
        && relative.bytes().fold(true, is_simple)
        && relative.split('/').all(|name| name.len() == 2 || name.len() >= 6)
}

fn parse(path: &str, udid: &str) -> io::Result<String> {
    let refuse = || io::Error::from(io::ErrorKind::InvalidInput);
    if path.len() > LONGEST || path.starts_with('/') {
        return Err(refuse());
    }
    let mut names = path.split('/').filter(|name| !name.is_empty());
    if names.next() != Some(udid) {
        return Err(refuse());
    }
    let mut inside = String::with_capacity(path.len());
    for (depth, name) in names.enumerate() {
        if depth >= DEEPEST || !is_plain(name) {
            return Err(refuse());
        }
        if depth > 0 {
            inside.push('/');
        }
        inside.push_str(name);
    }
    Ok(inside)
}

/// Whether a name is one on every system, and cannot be mistaken for a path on any.
fn is_plain(name: &str) -> bool {
    let has_odd = name.chars().any(|c| c.is_control() || matches!(c, '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|'));
    let stem = name.split('.').next().unwrap_or_default();
    name.len() <= LONGEST_NAME && !has_odd && !name.ends_with(['.', ' ']) && !is_reserved(stem)
}

/// The names of devices, which Windows keeps for itself.
fn is_reserved(stem: &str) -> bool {
    let stem = stem.trim_end().to_ascii_uppercase();
    let number = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
    let is_number = |digit: char| digit.is_ascii_digit() || matches!(digit, '¹' | '²' | '³');
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || number.is_some_and(|number| number.chars().count() == 1 && number.chars().all(is_number))
}

#[cfg(test)]
mod tests {
    use super::*;

    const UDID: &str = "00008101-000A1B2C3D4E5F60";

    #[test]
    fn paths_of_a_backup_pass() {
        let pass = |path: &str| BackupPath::parse(&format!("{UDID}{path}"), UDID).unwrap().as_str().to_owned();
        assert_eq!(pass("/Status.plist"), "Status.plist");
        assert_eq!(pass("/Snapshot/ab/abcd"), "Snapshot/ab/abcd");
        assert_eq!(pass("//ab///abcd/"), "ab/abcd");
        assert_eq!((&*pass(""), &*pass("/")), ("", ""));
    }

    #[test]
    fn what_is_taken_as_it_is_would_be_taken_the_long_way_too() {
        let name = "3d0d7e5fb2ce288813306e4d4636395e047a3d28";
        let deep = vec!["ab"; DEEPEST].join("/");
        for usual in [&*format!("Snapshot/3d/{name}"), &*format!("3d/{name}"), "ab", "Snapshot", "CON001", &*deep] {
            let path = format!("{UDID}/{usual}");
            assert!(
                matches!(BackupPath::parse(&path, UDID), Ok(BackupPath(Cow::Borrowed(relative))) if relative == usual),
                "{usual}"
            );
            assert_eq!(parse(&path, UDID).unwrap(), usual);
        }
        for unusual in ["", "CON", "com1", "..", "ab//cdefgh", "abcdef/", "é23456", "ab.cde", &*format!("{deep}/ab")] {
            assert!(!is_usual(unusual), "{unusual}");
        }
    }

    #[test]
    fn nothing_leads_out() {
        let outside = ["", "/", "..", "/etc/passwd", "other/Status.plist", "C:/x", "../00008101-000A1B2C3D4E5F60/x"];
        for path in outside {
            assert!(BackupPath::parse(path, UDID).is_err(), "{path}");
        }
        let names =
            ["..", ".", "a\\b", "C:", "a\0b", "a\nb", "CON", "nul.txt", "com1", "conin$", "LPT².x", "x.", "x ", "a|b"];
        for name in names.iter().copied().chain([&*"x".repeat(256)]) {
            assert!(BackupPath::parse(&format!("{UDID}/ab/{name}/x"), UDID).is_err(), "{name}");
        }
        assert!(BackupPath::parse(&format!("{UDID}{}", "/a".repeat(33)), UDID).is_err());
        assert!(BackupPath::parse(&format!("{UDID}/{}", "a/".repeat(3000)), UDID).is_err());
    }
}
