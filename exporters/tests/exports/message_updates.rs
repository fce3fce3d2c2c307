//! An export of conversations that is brought up to date with one backup after another loses no message, no reaction and no
//! file, and says of each message where it stands: held against a model that knows nothing of files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use crate::common::{Memory, about, handle, listing, options};
use corer_exporters::messages::{ChatFeed, Formats, Options, Progress, RememberedChats, export};
use corer_exporters::output::{ExportError, IfExists, SafePath, Tree, TreeOptions};
use corer_exporters::saved::{Asked, IdentifiedFeed, Mode, Subject, Taken, Update};
use corer_schemas::messages::{Attachment, AttachmentContent, Chat, KIND, Message, Origin, Reaction, Service, Tapback};
use corer_schemas::{AppleTime, Entry, EntryKind, Presence, Skipped};
use proptest::prelude::*;
use serde_json::Value;

/// The first backup is from 2024-01-01; each is a day later than the one before.
const FIRST: i64 = 1_704_067_200;
const DAY: i64 = 86_400;

/// A message as the model knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Said {
    key: u8,
    words: u8,
    has_file: bool,
    /// Whether the backup cannot read its file.
    is_broken: bool,
    /// Whether somebody reacted to it.
    has_reaction: bool,
    is_chosen: bool,
    /// Whether the database no longer says to which conversation it belongs.
    is_adrift: bool,
}

/// What is on the device: three conversations, of which the first two may be shown as one.
#[derive(Debug, Clone, Default)]
struct Phone {
    day: i64,
    said: Vec<Said>,
    first_row: i64,
    are_joined: bool,
    /// Whether the identifiers of conversations name no service, as on iOS 26.
    is_of_any: bool,
}

#[derive(Debug, Clone)]
enum Step {
    Add(u8),
    Edit(u8),
    Delete(u8),
    Choose(u8),
    LoseFile(u8),
    Break(u8),
    React(u8),
    Unreact(u8),
    /// The device shows two conversations as one, or no longer.
    Join,
    /// The device names no service any more.
    Any,
    /// The database loses the conversation of a message, or finds it again.
    Adrift(u8),
    Renumber(i64),
    Update,
    Older(u8),
    Damaged,
    OfNoDevice,
    CutOff(u8),
    EditFile(u8),
    AddFile(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let key = 0..9_u8;
    let step = prop_oneof![
        5 => key.clone().prop_map(Step::Add),
        2 => key.clone().prop_map(Step::Edit),
        3 => key.clone().prop_map(Step::Delete),
        1 => key.clone().prop_map(Step::Choose),
        1 => key.clone().prop_map(Step::LoseFile),
        1 => key.clone().prop_map(Step::Break),
        2 => key.clone().prop_map(Step::React),
        1 => key.clone().prop_map(Step::Unreact),
        1 => Just(Step::Join),
        1 => Just(Step::Any),
        1 => key.clone().prop_map(Step::Adrift),
        1 => (0..40_i64).prop_map(Step::Renumber),
        6 => Just(Step::Update),
        2 => any::<u8>().prop_map(Step::Older),
        1 => Just(Step::Damaged),
        1 => Just(Step::OfNoDevice),
        2 => (0..8_u8).prop_map(Step::CutOff),
        1 => any::<u8>().prop_map(Step::EditFile),
        1 => any::<u8>().prop_map(Step::AddFile),
    ];
    prop::collection::vec(step, 1..28)
}

/// The conversation of a message, from 0.
fn chat_of(key: u8) -> i64 {
    i64::from(key % 3)
}

fn guid(chat: i64, is_of_any: bool) -> String {
    format!("{};-;+49170{chat}", if is_of_any { "any" } else { "iMessage" })
}

fn file(key: u8) -> Vec<u8> {
    format!("the file of {key}").into_bytes()
}

fn words(words: u8) -> String {
    format!("words {words}")
}

impl Phone {
    fn is_narrow(&self) -> bool {
        self.said.iter().any(|said| !said.is_chosen)
    }

    /// What a reader gives of it: of what is chosen, or of all.
    fn memory(&self, is_all: bool) -> Memory {
        let mut memory = Memory::default();
        let chats = if self.are_joined { vec![vec![0, 1], vec![2]] } else { vec![vec![0], vec![1], vec![2]] };
        for origins in chats {
            let id = self.first_row + origins[0] + 1;
            let merged = origins[1..].iter().map(|origin| Origin {
                id: self.first_row + origin + 1,
                guid: guid(*origin, self.is_of_any),
                identifier: format!("+49170{origin}"),
                service: Some(Service::IMessage),
            });
            memory.chats.push(Chat {
                id,
                guid: guid(origins[0], self.is_of_any),
                identifier: format!("+49170{}", origins[0]),
                participants: vec![handle("+49170", Some("Anna"))],
                merged: merged.collect(),
                ..Chat::default()
            });
            let mut own: Vec<Message> = (self.first_row..)
                .zip(&self.said)
                .filter(|(_, said)| !said.is_adrift && origins.contains(&chat_of(said.key)))
                .filter(|(_, said)| is_all || said.is_chosen)
                .map(|(row, said)| message(row, id, said))
                .collect();
            own.sort_by_key(|message| message.date);
            memory.messages.insert(id, own);
        }
        let adrift =
            (self.first_row..).zip(&self.said).filter(|(_, said)| said.is_adrift && (is_all || said.is_chosen));
        let mut adrift: Vec<Message> = adrift.map(|(row, said)| message(row, 0, said)).collect();
        if !adrift.is_empty() {
            adrift.sort_by_key(|message| message.date);
            memory.chats.push(Chat::default());
            memory.messages.insert(0, adrift);
        }
        let readable = self.said.iter().filter(|said| said.has_file && !said.is_broken);
        memory.files = readable.map(|said| (u64::from(said.key), file(said.key))).collect();
        memory
    }
}

fn message(row: i64, chat: i64, said: &Said) -> Message {
    let entry = Entry {
        id: u64::from(said.key),
        domain: "MediaDomain".to_owned(),
        // A restore gives other paths.
        path: format!("Library/SMS/Attachments/{row}.jpg"),
        kind: EntryKind::File,
        size_hint: None,
        modified: Some(FIRST),
        created: None,
        presence: Presence::Present,
    };
    let content = match said.has_file {
        true => AttachmentContent::File(entry),
        false => AttachmentContent::Unknown("it is only in iCloud".to_owned()),
    };
    let file = Attachment { guid: Some(format!("F{}", said.key)), ..Attachment::new(row, "a.jpg", content) };
    let reaction = Tapback {
        id: row,
        guid: Some(format!("T{}", said.key)),
        date: None,
        is_from_me: true,
        sender: None,
        target: None,
        part: 0,
        reaction: Reaction::Loved,
        removed: false,
        removed_by: None,
        text: None,
    };
    Message {
        id: row,
        guid: Some(format!("G{}", said.key)),
        chat_id: chat,
        // Some are of the same second.
        date: AppleTime::from_seconds(700_000_000.0 + f64::from(said.key / 2)),
        text: Some(words(said.words)),
        attachments: vec![file],
        tapbacks: if said.has_reaction { vec![reaction] } else { Vec::new() },
        ..Message::default()
    }
}

/// What the model remembers of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Remembered {
    words: u8,
    has_file: bool,
    has_reaction: bool,
    has_chat: bool,
    earlier: Vec<(i64, u8)>,
    seen: i64,
    lacking: Option<(&'static str, i64)>,
}

struct Export {
    folder: tempfile::TempDir,
    model: BTreeMap<u8, Remembered>,
    newest: Option<(i64, bool)>,
    taken: Vec<Phone>,
    own: BTreeMap<String, Vec<u8>>,
    has_begun: bool,
}

#[derive(Clone, Copy)]
struct Run<'r> {
    phone: &'r Phone,
    has_device: bool,
    is_damaged: bool,
    cut_off: Option<u8>,
}

impl Export {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (model, taken, own) = (BTreeMap::new(), Vec::new(), BTreeMap::new());
        Self { folder, model, newest: None, taken, own, has_begun: false }
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    /// Takes a backup in, as the command does. Says whether it came to its end.
    fn run(&mut self, run: Run<'_>) -> bool {
        let mut chosen = run.phone.memory(false);
        let is_damaged = run.is_damaged && chosen.messages.values().any(|own| !own.is_empty());
        if is_damaged {
            let (id, own) =
                chosen.messages.iter_mut().filter(|(_, own)| !own.is_empty()).min_by_key(|(id, _)| **id).unwrap();
            own.pop();
            chosen.skipped.push((*id, Skipped::new("message", "its row is damaged")));
        }
        let (existing, mode) = match self.has_begun {
            true => (IfExists::Update, Mode::Update),
            false => (IfExists::Refuse, Mode::New),
        };
        self.has_begun = true;
        match export_chats(&self.root(), &chosen, run, existing, mode) {
            Ok(()) => {
                self.learn(run, &chosen, is_damaged);
                true
            }
            Err(ExportError::Interrupted) => false,
            Err(error) => panic!("{error}"),
        }
    }

    fn learn(&mut self, run: Run<'_>, chosen: &Memory, is_damaged: bool) {
        let day = run.phone.day;
        let is_older = self.newest.is_some_and(|(newest, _)| newest > day);
        let found: BTreeSet<String> = chosen.messages.values().flatten().filter_map(|own| own.guid.clone()).collect();
        let said: Vec<&Said> = run.phone.said.iter().filter(|said| found.contains(&format!("G{}", said.key))).collect();
        let is_narrow = run.phone.is_narrow();
        let newest = self.newest;
        for said in &said {
            let has_file = said.has_file && !said.is_broken;
            let fresh = || Remembered {
                words: said.words,
                has_file,
                has_reaction: said.has_reaction,
                has_chat: !said.is_adrift,
                earlier: Vec::new(),
                seen: day,
                lacking: newest
                    .filter(|(_, complete)| is_older && *complete && !is_narrow)
                    .map(|(newest, _)| ("backup", newest)),
            };
            let is_new = !self.model.contains_key(&said.key);
            let known = self.model.entry(said.key).or_insert_with(fresh);
            if is_new {
                continue;
            }
            known.has_file |= has_file;
            known.has_chat |= !said.is_adrift && !is_older;
            known.has_reaction |= said.has_reaction;
            if known.words != said.words && !is_older {
                known.earlier.push((known.seen, known.words));
                // What comes back is no earlier version any more, and what went twice went once.
                known.earlier.retain(|(_, words)| *words != said.words);
            } else if known.words != said.words && !known.earlier.iter().any(|(_, words)| *words == said.words) {
                known.earlier.push((day, said.words));
                known.earlier.sort_unstable();
            }
            if !is_older {
                (known.words, known.seen, known.lacking) = (said.words, day, None);
            }
        }
        if !is_damaged && !is_older {
            for (key, known) in self.model.iter_mut().filter(|(key, _)| !said.iter().any(|said| said.key == **key)) {
                let of = if run.phone.said.iter().any(|said| said.key == *key) { "choice" } else { "backup" };
                known.lacking = known.lacking.filter(|(before, _)| *before == of).or(Some((of, day)));
            }
        }
        let is_complete = !is_damaged && !said.iter().any(|said| said.has_file && said.is_broken);
        match &mut self.newest {
            Some((newest, complete)) if *newest == day => *complete = is_complete,
            Some((newest, _)) if *newest > day => {}
            newest => *newest = Some((day, is_complete)),
        }
        self.taken.push(run.phone.clone());
    }

    /// Holds the folder against the model.
    fn check(&self) -> Result<(), TestCaseError> {
        let root = self.root();
        let lines = fs::read_to_string(root.join("messages.jsonl")).unwrap();
        let records: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let chats: BTreeSet<i64> =
            records.iter().filter(|own| own["type"] == "chat").map(|own| own["id"].as_i64().unwrap()).collect();
        let nowhere = records.iter().find(|own| own["type"] == "chat" && own["guid"] == "");
        let nowhere = nowhere.map(|own| own["id"].as_i64().unwrap());
        let records: Vec<&Value> = records.iter().filter(|record| record["type"] == "message").collect();
        prop_assert_eq!(records.len(), self.model.len(), "each once");
        let mut named = BTreeSet::new();
        for record in &records {
            let key: u8 = record["guid"].as_str().unwrap()[1..].parse().unwrap();
            let known = self.model.get(&key).unwrap_or_else(|| panic!("{key} was never there"));
            prop_assert!(chats.contains(&record["chat_id"].as_i64().unwrap()), "its conversation is there");
            let is_adrift = record["chat_id"].as_i64() == nowhere;
            prop_assert_eq!(is_adrift, !known.has_chat, "{} stays in its conversation", key);
            prop_assert_eq!(record["text"].as_str().unwrap(), words(known.words));
            let earlier = record["earlier"].as_array().into_iter().flatten();
            let earlier: Vec<&str> = earlier.map(|own| own["text"].as_str().unwrap()).collect();
            prop_assert_eq!(earlier, known.earlier.iter().map(|(_, own)| words(*own)).collect::<Vec<_>>());
            let lacking = record["lacking"].as_object();
            let lacking = lacking
                .map(|own| (own["of"].as_str().unwrap().to_owned(), own["backup"].as_str().unwrap()[..10].to_owned()));
            prop_assert_eq!(lacking, known.lacking.map(|(of, day)| (of.to_owned(), date(day))), "{}", key);
            prop_assert_eq!(record["tapbacks"].as_array().unwrap().len(), usize::from(known.has_reaction), "{}", key);
            let file = &record["attachments"][0];
            prop_assert_eq!(file["status"] == "saved", known.has_file, "the file of {}: {}", key, file);
            if known.has_file {
                let path = file["path"].as_str().unwrap().to_owned();
                let bytes = fs::read(root.join(&path)).unwrap();
                prop_assert_eq!(bytes, self.own.get(&path).cloned().unwrap_or_else(|| self::file(key)));
                named.insert(path);
            }
        }
        let all = listing(&root).into_iter().map(|(name, _)| name);
        let there: BTreeSet<String> = all.filter(|name| name.starts_with("attachments/")).collect();
        let own: BTreeSet<String> = self.own.keys().cloned().collect();
        prop_assert_eq!(&there - &own, &named - &own, "nothing is left over and nothing stands twice");
        for (path, bytes) in &self.own {
            prop_assert_eq!(&fs::read(root.join(path)).unwrap(), bytes, "what a person wrote stays");
        }
        Ok(())
    }
}

fn date(day: i64) -> String {
    let moment = jiff::Timestamp::from_second(FIRST + day * DAY).unwrap().to_zoned(crate::common::zone());
    moment.date().to_string()
}

fn export_chats(
    root: &std::path::Path,
    chosen: &Memory,
    run: Run<'_>,
    existing: IfExists,
    mode: Mode<'_>,
) -> Result<(), ExportError> {
    let all = run.phone.memory(true);
    let tree = Tree::in_folder(root, TreeOptions { existing, ..TreeOptions::default() })?;
    let feed = ChatFeed::new(chosen, &chosen.chats, true);
    let all = ChatFeed::new(&all, &all.chats, true);
    let subject = Subject {
        kind: &KIND,
        chosen: &feed,
        all: run.phone.is_narrow().then_some(&all as &dyn IdentifiedFeed<Message>),
        describe: &|message: &Message| message.text.clone().unwrap_or_default(),
        adopt: &|_| None,
    };
    let backup = Taken {
        device: run.has_device.then(|| "00008030-000123456789".to_owned()),
        name: None,
        made: Some(FIRST + run.phone.day * DAY),
        complete: true,
    };
    let asked = Asked { corer_version: "1.0.0", backup, choice: Vec::new(), mode, is_same_person: false };
    let base = SafePath::root();
    let update = Update::begin(&subject, &asked, &tree, &base)?.unwrap();
    let chats = RememberedChats::new(&update, chosen, &chosen.chats, &feed.found())?;
    let formats = Formats { html: true, jsonl: true, ..Formats::default() };
    let options = Options { about: about(), formats, search: true, ..options(2) };
    let calls = AtomicU64::new(0);
    let progress = |_: Progress| {
        let is_over = run.cut_off.is_some_and(|most| calls.fetch_add(1, Ordering::Relaxed) >= u64::from(most));
        if is_over || chats.has_failed() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let report = export(&chats, &chats.chats(), &options, &tree, &progress)?;
    let writer = chats.into_writer()?;
    update.report(writer, report)?;
    tree.finish()?;
    Ok(())
}

fn stamped(root: &std::path::Path) -> Vec<(String, Vec<u8>, SystemTime)> {
    let time = |name: &str| fs::metadata(root.join(name)).unwrap().modified().unwrap();
    listing(root).into_iter().map(|(name, bytes)| (name.clone(), bytes, time(&name))).collect()
}

/// The same backup again writes nothing.
fn again(export: &mut Export, run: Run<'_>) -> Result<(), TestCaseError> {
    let before = stamped(&export.root());
    let has_ended = export.run(Run { cut_off: None, ..run });
    prop_assert!(has_ended);
    prop_assert!(before == stamped(&export.root()), "the same backup again writes nothing");
    export.check()
}

fn change(phone: &mut Phone, step: &Step) {
    let place = |phone: &Phone, key: u8| phone.said.iter().position(|said| said.key == key);
    let new = |key| Said {
        key,
        words: 0,
        has_file: true,
        is_broken: false,
        has_reaction: false,
        is_chosen: true,
        is_adrift: false,
    };
    match step {
        Step::Add(key) if place(phone, *key).is_none() => phone.said.push(new(*key)),
        Step::Delete(key) => phone.said.retain(|said| said.key != *key),
        Step::Join => phone.are_joined = !phone.are_joined,
        Step::Any => phone.is_of_any = !phone.is_of_any,
        Step::Renumber(first) => phone.first_row = *first,
        Step::Edit(key)
        | Step::Choose(key)
        | Step::Adrift(key)
        | Step::LoseFile(key)
        | Step::Break(key)
        | Step::React(key)
        | Step::Unreact(key) => {
            let Some(at) = place(phone, *key) else { return };
            let said = &mut phone.said[at];
            match step {
                Step::Edit(_) => said.words = said.words.wrapping_add(1),
                Step::Choose(_) => said.is_chosen = !said.is_chosen,
                Step::Adrift(_) => said.is_adrift = !said.is_adrift,
                Step::LoseFile(_) => said.has_file = false,
                Step::Break(_) => said.is_broken = !said.is_broken,
                Step::React(_) => said.has_reaction = true,
                _ => said.has_reaction = false,
            }
        }
        _ => {}
    }
}

fn meddle(export: &mut Export, step: &Step, which: u8) {
    let root = export.root();
    let all = listing(&root).into_iter().map(|(name, _)| name);
    let files: Vec<String> = all.filter(|name| name.starts_with("attachments/")).collect();
    let path = match step {
        Step::EditFile(_) if !files.is_empty() => files[usize::from(which) % files.len()].clone(),
        _ => format!("attachments/mine {which}.txt"),
    };
    fs::create_dir_all(root.join("attachments")).unwrap();
    fs::write(root.join(&path), format!("mine {which}")).unwrap();
    export.own.insert(path, format!("mine {which}").into_bytes());
}

fn play(steps: &[Step]) -> Result<(), TestCaseError> {
    let mut phone = Phone::default();
    let mut export = Export::new();
    for step in steps {
        match step {
            Step::Update | Step::Damaged | Step::OfNoDevice | Step::CutOff(_) => {
                phone.day += 1;
                let before = phone.clone();
                let run = Run {
                    phone: &before,
                    has_device: !matches!(step, Step::OfNoDevice),
                    is_damaged: matches!(step, Step::Damaged),
                    cut_off: if let Step::CutOff(most) = step { Some(*most) } else { None },
                };
                if export.run(run) {
                    export.check()?;
                    again(&mut export, run)?;
                }
            }
            Step::Older(which) if !export.taken.is_empty() => {
                let before = export.taken[usize::from(*which) % export.taken.len()].clone();
                let run = Run { phone: &before, has_device: true, is_damaged: false, cut_off: None };
                let has_ended = export.run(run);
                prop_assert!(has_ended);
                export.check()?;
                again(&mut export, run)?;
            }
            Step::EditFile(which) | Step::AddFile(which) if export.newest.is_some() => {
                meddle(&mut export, step, *which)
            }
            step => change(&mut phone, step),
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(
        std::env::var("CORER_UPDATES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(100)
    ))]

    #[test]
    fn an_update_loses_no_message(steps in steps()) {
        play(&steps)?;
    }
}
