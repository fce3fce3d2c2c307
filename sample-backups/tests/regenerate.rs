//! What is checked in is what the generator writes, byte by byte.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use sample_backups::samples;

/// Every file and link below a folder: what it holds, or where it points.
fn tree(root: &Path) -> io::Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let relative = path.strip_prefix(root).map_err(io::Error::other)?.to_owned();
            if path.is_symlink() {
                found.insert(relative, fs::read_link(&path)?.into_os_string().into_encoded_bytes());
            } else if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(relative, fs::read(&path)?);
            }
        }
    }
    Ok(found)
}

#[test]
fn samples_are_what_the_generator_writes() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let fresh = tempfile::tempdir().unwrap();
    for sample in samples::ALL {
        let root = fresh.path().join(sample.name);
        (sample.write)(&root).unwrap();
        let (kept, new) = (tree(&home.join(sample.name)).unwrap(), tree(&root).unwrap());
        let names = |tree: &BTreeMap<PathBuf, Vec<u8>>| tree.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&kept), names(&new), "{}: run `sample-backups write sample-backups`", sample.name);
        for (path, bytes) in &new {
            assert!(
                kept[path] == *bytes,
                "{}/{}: run `sample-backups write sample-backups`",
                sample.name,
                path.display()
            );
        }
    }
}

#[test]
fn samples_stay_small() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let bytes: usize =
        samples::ALL.iter().flat_map(|sample| tree(&home.join(sample.name)).unwrap()).map(|(_, b)| b.len()).sum();
    assert!(bytes <= 12 << 20, "{bytes} bytes");
}
