//! What an export remembers, and the files from which the folder of an older corer is adopted: the first byte says which file the
//! rest is.

use std::fs;
use std::sync::OnceLock;

use corer_exporters::calls::CallsExporter;
use corer_exporters::saved::{FILE, FOLDER, Memory};
use corer_exporters::voicemail::VoicemailExporter;
use corer_exporters::write::Exporter;

const NAMES: [&str; 4] = ["calls.jsonl", "calls.csv", "voicemail.jsonl", "voicemail.csv"];

pub fn run(bytes: &[u8]) {
    static FOLDERS: OnceLock<std::path::PathBuf> = OnceLock::new();
    let folder = FOLDERS.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("corer-fuzz-{}", std::process::id()));
        fs::create_dir_all(folder.join(FOLDER)).expect("a folder");
        folder
    });
    let Some((which, rest)) = bytes.split_first() else { return };
    let name = NAMES.get(usize::from(*which)).map_or_else(|| format!("{FOLDER}/{FILE}"), |name| (*name).to_owned());
    fs::write(folder.join(&name), rest).expect("a file");
    let scratch = || {
        let path = folder.join("scratch");
        let file = fs::File::options().read(true).write(true).create(true).truncate(true).open(&path)?;
        fs::remove_file(path)?;
        Ok(file)
    };
    if let Ok(Some(memory)) = Memory::read(folder, scratch) {
        assert!(Memory::head_of(folder).is_ok_and(|head| head.is_some_and(|head| head == memory.head)));
    }
    let calls = CallsExporter::default().adopt(folder).unwrap_or_default();
    assert!(calls.is_sorted_by_key(|call| call.date));
    let voicemails = VoicemailExporter.adopt(folder).unwrap_or_default();
    assert!(voicemails.is_sorted_by_key(|voicemail| voicemail.date));
    fs::remove_file(folder.join(name)).expect("the file is there");
}
