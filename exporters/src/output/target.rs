//! Where an export goes, as the person wrote it after `-o`.

use std::path::{Path, PathBuf};

/// Where an export goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutputTarget {
    /// A folder that holds a tree of files.
    Folder(PathBuf),
    /// One `.zip` with the same tree.
    Archive(PathBuf),
    /// One file, for formats that are one file.
    File(PathBuf),
    /// The standard output.
    Stdout,
}

impl OutputTarget {
    /// Reads the value of `-o`: `-`, a name that ends with `.zip` or with one of the extensions `one_file` (without the
    /// dot, such as `vcf`), or else a folder. A folder that exists stays a folder whatever it is called.
    pub fn parse(value: &Path, one_file: &[&str]) -> Self {
        if value == Path::new("-") {
            return Self::Stdout;
        }
        let path = value.to_path_buf();
        let extension = value.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
        if value.is_dir() {
            Self::Folder(path)
        } else if extension == "zip" {
            Self::Archive(path)
        } else if one_file.contains(&&*extension) {
            Self::File(path)
        } else {
            Self::Folder(path)
        }
    }
}

/// What to do about files that are there already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum IfExists {
    /// Write only into a new or empty folder.
    #[default]
    Refuse,
    /// Write what is new or different and leave everything else untouched.
    Update,
    /// Write everything again.
    Overwrite,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_says_what_is_made() {
        let parse = |value: &str| OutputTarget::parse(Path::new(value), &["vcf", "csv"]);
        assert_eq!(parse("-"), OutputTarget::Stdout);
        assert_eq!(parse("out.ZIP"), OutputTarget::Archive("out.ZIP".into()));
        assert_eq!(parse("all.vcf"), OutputTarget::File("all.vcf".into()));
        assert_eq!(parse("out"), OutputTarget::Folder("out".into()));
        assert_eq!(parse("out.d"), OutputTarget::Folder("out.d".into()));
    }

    #[test]
    fn a_folder_that_exists_stays_one() {
        let folder = tempfile::tempdir().unwrap();
        let odd = folder.path().join("old.zip");
        std::fs::create_dir(&odd).unwrap();
        assert_eq!(OutputTarget::parse(&odd, &[]), OutputTarget::Folder(odd));
    }
}
