//! Names that every disk accepts, made from names that nobody checked.
//!
//! The rules are those of Windows (Microsoft, "Naming Files, Paths, and Namespaces"), which include those of macOS and
//! Linux; bidirectional controls are replaced too, because they can make `exe.jpg` out of `gpj.exe` for the eye.
//! People's letters of any script stay as they are.

use std::fmt;
use std::path::{Path, PathBuf};

use super::OWN_FOLDER;

/// The most bytes that a name may have on the disks in use (255 UTF-8 bytes on Linux and APFS).
pub(super) const NAME_BYTES: usize = 255;

/// The longest extension that is kept when a name is cut.
const EXTENSION_BYTES: usize = 20;

/// What stands for a character that a disk would refuse.
const REPLACEMENT: char = '_';

/// One name of a file or folder that is legal on Windows, macOS and Linux.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SafeName(String);

impl SafeName {
    /// Makes a legal name out of any text, keeping as much of it as possible.
    pub fn new(untrusted: &str) -> Self {
        let name: String = untrusted.chars().map(|c| if is_refused(c) { REPLACEMENT } else { c }).collect();
        let name = mend_end(cut(&name));
        if is_temporary(&name) || is_device(&name) || name.eq_ignore_ascii_case(OWN_FOLDER) {
            return Self(mend_end(cut(&format!("{REPLACEMENT}{name}"))));
        }
        Self(name)
    }

    /// The same name with `mark` between stem and extension, cut where needed.
    #[must_use]
    pub fn marked(&self, mark: &str) -> Self {
        let (stem, extension) = split_extension(&self.0);
        Self::new(&fit(stem, mark, extension))
    }

    /// What stands behind its last dot, in lower case; empty where there is none.
    pub fn extension(&self) -> String {
        extension(&self.0)
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SafeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A relative path of [`SafeName`]s; the empty path is the root of an export.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SafePath(String);

impl SafePath {
    /// The root of an export.
    pub fn root() -> Self {
        Self::default()
    }

    /// Makes a path of any text, split at `/`; empty segments are left out.
    pub fn new(untrusted: &str) -> Self {
        untrusted.split('/').filter(|segment| !segment.is_empty()).fold(Self::root(), |path, s| path.join(s))
    }

    /// The path of `untrusted`, one name, below this one.
    #[must_use]
    pub fn join(&self, untrusted: &str) -> Self {
        self.with(&SafeName::new(untrusted))
    }

    /// The path of a name below this one.
    #[must_use]
    pub fn with(&self, name: &SafeName) -> Self {
        if self.0.is_empty() { Self(name.0.clone()) } else { Self(format!("{}/{}", self.0, name.0)) }
    }

    /// The path `below` seen from where this one is seen.
    #[must_use]
    pub fn then(&self, below: &Self) -> Self {
        match (self.is_root(), below.is_root()) {
            (true, _) => below.clone(),
            (_, true) => self.clone(),
            _ => Self(format!("{}/{}", self.0, below.0)),
        }
    }

    /// The folder below this one in which an export remembers what it wrote.
    #[must_use]
    pub(crate) fn own_folder(&self) -> Self {
        self.with(&SafeName(OWN_FOLDER.to_owned()))
    }

    /// The folder that holds this path; the root holds itself.
    #[must_use]
    pub fn parent(&self) -> Self {
        Self(self.0.rsplit_once('/').map_or_else(String::new, |(parent, _)| parent.to_owned()))
    }

    /// The last name; empty for the root.
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&*self.0, |(_, name)| name)
    }

    /// The extension of the last name, in lower case; empty where there is none.
    pub fn extension(&self) -> String {
        extension(self.name())
    }

    /// The names from the root on.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.0.split('/').filter(|segment| !segment.is_empty())
    }

    /// Every folder on the way from the root, and this path itself.
    pub(super) fn down(&self) -> impl Iterator<Item = Self> {
        let ends = self.0.match_indices('/').map(|(at, _)| at).chain(Some(self.0.len()).filter(|length| *length > 0));
        ends.filter_map(|end| self.0.get(..end)).map(|path| Self(path.to_owned()))
    }

    /// Whether this is the root.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The path with `/` between the names, whatever the system.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The place of this path below `root`.
    pub fn below(&self, root: &Path) -> PathBuf {
        let mut path = root.to_path_buf();
        path.extend(self.segments());
        path
    }
}

impl fmt::Display for SafePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a character cannot be part of a name on every system, or deceives the eye.
fn is_refused(c: char) -> bool {
    matches!(c,
        '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*'
        | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' // direction
        | '\u{2028}' | '\u{2029}' // line and paragraph ends
        | '\u{feff}' | '\u{fff9}'..='\u{fffc}' // byte order mark, interlinear marks, object replacement
        | '\u{fdd0}'..='\u{fdef}' // noncharacters
    ) || c.is_control()
        || (c as u32) & 0xfffe == 0xfffe
}

/// Whether the next run would sweep this name away as its own leftover.
pub(super) fn is_temporary(name: &str) -> bool {
    name.starts_with(".corer-") && name.ends_with(".part")
}

/// Whether Windows takes this name for a device, with or without an extension: `CON`, `nul.txt`, `COM1 .tar.gz`.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_uppercase();
    if matches!(&*stem, "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$" | "CLOCK$") {
        return true;
    }
    let number = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
    number.is_some_and(|n| matches!(n, "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³"))
}

/// What stands behind the last dot of a name, in lower case.
pub(crate) fn extension(name: &str) -> String {
    split_extension(name).1.trim_start_matches('.').to_lowercase()
}

/// Splits a name before its last dot, unless the dot leads or what follows is no extension: too long, or with a space
/// in it, as in `Dr. Watson`.
pub(crate) fn split_extension(name: &str) -> (&str, &str) {
    let parts = name.rfind('.').and_then(|dot| name.split_at_checked(dot));
    match parts {
        Some((stem, extension)) if !stem.is_empty() && is_extension(extension) => (stem, extension),
        _ => (name, ""),
    }
}

/// Whether this is a dot and an extension.
fn is_extension(text: &str) -> bool {
    (2..=EXTENSION_BYTES).contains(&text.len()) && !text.contains(char::is_whitespace)
}

/// Shortens a name to what a disk allows.
fn cut(name: &str) -> String {
    let (stem, extension) = split_extension(name);
    fit(stem, "", extension)
}

/// Joins the three parts, cutting the stem at a character so that the whole fits.
fn fit(stem: &str, mark: &str, extension: &str) -> String {
    let room = NAME_BYTES.saturating_sub(mark.len() + extension.len());
    let kept = stem.get(..stem.floor_char_boundary(room)).unwrap_or_default();
    format!("{kept}{mark}{extension}")
}

/// Replaces a last dot or space, which Windows would drop, and fills an empty name. `.` and `..` end with dots.
fn mend_end(mut name: String) -> String {
    if name.ends_with(['.', ' ']) {
        name.pop();
        name.push(REPLACEMENT);
    }
    if name.is_empty() {
        name.push(REPLACEMENT);
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn name(untrusted: &str) -> String {
        SafeName::new(untrusted).0
    }

    #[test]
    fn names_that_are_legal_everywhere_stay() {
        for legal in
            ["IMG_0123.HEIC", "Größe.txt", "写真 2019.jpg", "صورة.png", "👩‍👩‍👧.jpg", ".DS_Store", "a.b.c", "-x", "COM10"]
        {
            assert_eq!(name(legal), legal);
        }
    }

    #[test]
    fn names_that_some_system_refuses_are_mended() {
        for (untrusted, expected) in [
            ("", "_"),
            (".", "_"),
            ("..", "._"),
            ("a/b\\c", "a_b_c"),
            ("C:evil", "C_evil"),
            ("CON", "_CON"),
            ("con.txt", "_con.txt"),
            ("Lpt1 .tar.gz", "_Lpt1 .tar.gz"),
            ("com¹", "_com¹"),
            ("end.", "end_"),
            ("end ", "end_"),
            ("a\0b\nc\u{85}d", "a_b_c_d"),
            ("gpj\u{202e}exe", "gpj_exe"),
            (".corer-1.part", "_.corer-1.part"),
            (".corer-1.part ", ".corer-1.part_"),
        ] {
            assert_eq!(name(untrusted), expected, "{untrusted:?}");
        }
    }

    #[test]
    fn long_names_are_cut_at_a_character_and_keep_their_extension() {
        let long = name(&format!("{}.jpeg", "ü".repeat(300)));
        assert!(long.len() <= 255 && long.ends_with("ü.jpeg"), "{long}");
        let marked = SafeName::new(&long).marked("-0123abcd");
        assert!(marked.0.len() <= 255 && marked.0.ends_with("ü-0123abcd.jpeg"), "{marked}");
        assert!(name(&"x".repeat(400)).len() == 255);
        assert!(name(&format!("{} {}", "x".repeat(254), "y".repeat(99))).ends_with("x_"));
    }

    #[test]
    fn paths_drop_empty_segments_and_never_climb() {
        assert_eq!(SafePath::new("/a//../b/").as_str(), "a/._/b");
        assert_eq!(SafePath::new("a/b.TAR").extension(), "tar");
        assert_eq!(SafePath::new("a/b").parent().as_str(), "a");
        assert!(SafePath::new("").is_root() && SafePath::new("a").parent().is_root());
    }

    proptest! {
        #[test]
        fn any_text_becomes_a_legal_name(untrusted in any::<String>()) {
            assert_legal(&name(&untrusted));
            assert_legal(SafeName::new(&untrusted).marked("-0123abcd").as_str());
        }

        #[test]
        fn text_near_the_rules_becomes_a_legal_name(
            untrusted in "[.a-c /\\\\:\u{0}\u{202e}ü~$]{0,12}(CON|nul|Com1|LPT²|\\.corer-)?[. a]{0,4}(\\.part)?[. ]{0,3}"
        ) {
            assert_legal(&name(&untrusted));
        }

        #[test]
        fn a_legal_name_is_kept(untrusted in any::<String>()) {
            let once = SafeName::new(&untrusted);
            prop_assert_eq!(&SafeName::new(once.as_str()), &once);
        }
    }

    fn assert_legal(name: &str) {
        assert!(!name.is_empty() && name.len() <= 255, "{name:?}");
        assert!(!name.chars().any(is_refused), "{name:?}");
        assert!(!name.ends_with(['.', ' ']), "{name:?}");
        assert!(!is_device(name) && !is_temporary(name), "{name:?}");
        assert_eq!(Path::new(name).components().count(), 1, "{name:?}");
    }
}
