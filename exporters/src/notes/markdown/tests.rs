//! Random notes become Markdown, and a parser that nobody here wrote reads the same text, styles, lists and cells out of it.

mod made;
mod read;
mod wanted;

use corer_schemas::notes::Note;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use saphyr::{LoadableYamlNode as _, Yaml};

use super::*;
use crate::saved::Kept;

/// Whatever is in a note, on one page.
fn markdown(note: &Note) -> String {
    let (links, folder) = (NoteLinks::default(), SafePath::root());
    text(note, &Surroundings { files: &[], links: &links, folder: &folder })
}

fn cases(usual: u32) -> ProptestConfig {
    let wanted = std::env::var("CORER_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(wanted.unwrap_or(usual)) }
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn notes_are_read_back_as_they_were(note in made::note()) {
        let written = markdown(&note);
        let (read, wanted) = (read::blocks(&written), wanted::blocks(&note));
        for (read, wanted) in read.iter().zip(&wanted) {
            prop_assert_eq!(read, wanted, "{}", written);
        }
        prop_assert_eq!(read.len(), wanted.len(), "{}", written);
    }

    #[test]
    fn front_matter_says_what_the_note_says(title in made::hostile(), folder in made::hostile(), tags in proptest::collection::vec(made::hostile(), 0..4)) {
        let note = Note {
            title: Some(title),
            folder: vec!["Notes".to_owned(), folder],
            tags,
            pinned: true,
            ..made::empty()
        };
        let page = page(&Kept::present(note.clone()), &Surroundings { files: &[], links: &NoteLinks::default(), folder: &SafePath::root() }, &TimeZone::UTC);
        let matter = page.strip_prefix("---\n").unwrap().split_once("\n---\n").unwrap().0;
        let documents = Yaml::load_from_str(matter).unwrap();
        let value = &documents[0];
        prop_assert_eq!(documents.len(), 1);
        prop_assert_eq!(value["title"].as_str(), Some(labels::title(&note)));
        let folder = note.folder.join("/");
        prop_assert_eq!(value["folder"].as_str(), Some(folder.as_str()));
        prop_assert_eq!(value["pinned"].as_bool(), Some(true));
        let tags = value.as_mapping().and_then(|all| all.iter().find(|(name, _)| name.as_str() == Some("tags")));
        let tags = tags.and_then(|(_, tags)| tags.as_sequence()).into_iter().flatten();
        let tags: Vec<String> = tags.filter_map(|tag| tag.as_str().map(str::to_owned)).collect();
        prop_assert_eq!(tags, note.tags);
    }
}
