//! An export that is brought up to date with one backup after another loses nothing, says of each record where it stands, and
//! holds every file once: held against a model that knows nothing of files.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::SystemTime;

use crate::common::{about, listing, zone};
use corer_exporters::output::{ExportError, IfExists, SafePath, Tree, TreeOptions};
use corer_exporters::saved::{Asked, IdentifiedFeed, IdentifiedList, Losses, Mode, SavedError, Subject, Taken, Update};
use corer_exporters::voicemail::{Format, VoicemailExporter};
use corer_exporters::write::{Context, Exporter, FileSource};
use corer_schemas::voicemail::{KIND, Sound, State, Transcript, Voicemail};
use corer_schemas::{AppleTime, Entry, EntryKind, Opened, Presence, Reading, Skipped, SourceError};
use proptest::prelude::*;
use serde_json::Value;

/// The first backup is from 2024-01-01; each is a day later than the one before.
const FIRST: i64 = 1_704_067_200;
const DAY: i64 = 86_400;

/// A voicemail as the model knows it: who left it, in which minute, what it says, and whether its sound is on the device.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mail {
    key: u8,
    words: u8,
    has_sound: bool,
    /// Whether the backup cannot read its sound.
    is_broken: bool,
    /// Whether the choice of the export has it.
    is_chosen: bool,
}

/// What is on the device.
#[derive(Debug, Clone, Default)]
struct Backup {
    day: i64,
    mails: Vec<Mail>,
    /// Where row numbers begin: a restore gives new ones, which others had before.
    first_row: i64,
}

#[derive(Debug, Clone)]
enum Step {
    Add(u8),
    Edit(u8),
    Delete(u8),
    /// Takes it out of the choice or back.
    Choose(u8),
    /// The carrier lets the sound go.
    LoseSound(u8),
    /// The backup cannot read the sound, or can again.
    Break(u8),
    Renumber(i64),
    Update,
    Older(u8),
    Damaged,
    OfNoDevice,
    /// A run that is cut off after so many records.
    CutOff(u8),
    /// A person changes a sound, or puts a file beside the others.
    EditFile(u8),
    AddFile(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let key = 0..6_u8;
    let step = prop_oneof![
        4 => key.clone().prop_map(Step::Add),
        2 => key.clone().prop_map(Step::Edit),
        2 => key.clone().prop_map(Step::Delete),
        1 => key.clone().prop_map(Step::Choose),
        1 => key.clone().prop_map(Step::LoseSound),
        1 => key.clone().prop_map(Step::Break),
        1 => (0..5_i64).prop_map(Step::Renumber),
        5 => Just(Step::Update),
        2 => any::<u8>().prop_map(Step::Older),
        1 => Just(Step::Damaged),
        1 => Just(Step::OfNoDevice),
        2 => (0..5_u8).prop_map(Step::CutOff),
        1 => any::<u8>().prop_map(Step::EditFile),
        1 => any::<u8>().prop_map(Step::AddFile),
    ];
    prop::collection::vec(step, 1..24)
}

impl Backup {
    /// The row of a mail: rows are given in the order of the list.
    fn voicemails(&self) -> Vec<Voicemail> {
        let mut mails: Vec<(i64, &Mail)> = (self.first_row..).zip(&self.mails).collect();
        mails.sort_by_key(|(_, mail)| mail.key);
        mails.into_iter().map(|(row, mail)| voicemail(row, mail)).collect()
    }

    fn sounds(&self) -> BTreeMap<String, Vec<u8>> {
        (self.first_row..)
            .zip(&self.mails)
            .filter(|(_, mail)| mail.has_sound && !mail.is_broken)
            .map(|(row, mail)| (path(row), sound(mail)))
            .collect()
    }
}

fn path(row: i64) -> String {
    format!("Library/Voicemail/{row}.amr")
}

fn sound(mail: &Mail) -> Vec<u8> {
    format!("the sound of {}", mail.key).into_bytes()
}

fn number(key: u8) -> String {
    format!("+4917012345{key:02}")
}

/// Three of them leave a voicemail in the same minute under the same number, so that their sounds would have one name.
fn caller(key: u8) -> String {
    number(key / 3 * 3)
}

fn words(words: u8) -> String {
    format!("words {words}")
}

fn voicemail(row: i64, mail: &Mail) -> Voicemail {
    let entry = Entry {
        id: row as u64,
        domain: "HomeDomain".to_owned(),
        path: path(row),
        kind: EntryKind::File,
        size_hint: None,
        modified: Some(FIRST),
        created: None,
        presence: Presence::Present,
    };
    Voicemail {
        id: Some(row),
        state: State::Kept,
        date: AppleTime::from_seconds(700_000_020.0 + f64::from(mail.key / 3) * 60.0 + f64::from(mail.key % 3)),
        trashed: None,
        expires: None,
        duration: Some(1.0),
        sender: Some(caller(mail.key)),
        callback: Some(number(mail.key)),
        name: None,
        receiver: None,
        line: None,
        flags: None,
        remote_id: None,
        transcript: Some(Transcript { text: words(mail.words), confidence: None }),
        sound: match mail.has_sound {
            true => Sound::Stored(entry),
            false => Sound::Missing { why: "it stayed with the carrier".to_owned(), expected: false },
        },
        others: Vec::new(),
        odd: Vec::new(),
    }
}

struct Sounds(BTreeMap<String, Vec<u8>>);

impl FileSource for Sounds {
    fn open(&self, entry: &Entry) -> Result<Opened, SourceError> {
        let bytes =
            self.0.get(&entry.path).cloned().ok_or_else(|| SourceError::unreadable(&entry.path, "not there"))?;
        let len = Some(bytes.len() as u64);
        Ok(Opened { reader: Box::new(Cursor::new(bytes)), plain: None, len })
    }
}

/// What the model remembers of a voicemail.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Remembered {
    words: u8,
    has_sound: bool,
    earlier: Vec<(i64, u8)>,
    /// The newest backup that had it.
    seen: i64,
    /// What lacks it, and since which backup.
    lacking: Option<(&'static str, i64)>,
}

/// The export, in folder and model.
struct Export {
    folder: tempfile::TempDir,
    model: BTreeMap<u8, Remembered>,
    /// The newest backup that was taken in, and whether it was complete.
    newest: Option<(i64, bool)>,
    taken: Vec<Backup>,
    /// Files that a person changed or added: path and content.
    own: BTreeMap<String, Vec<u8>>,
    has_begun: bool,
}

struct Run<'r> {
    backup: &'r Backup,
    has_device: bool,
    is_damaged: bool,
    /// After so many records it is cut off.
    cut_off: Option<u8>,
}

impl Export {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (model, taken, own) = (BTreeMap::new(), Vec::new(), BTreeMap::new());
        Self { folder, model, newest: None, taken, own, has_begun: false }
    }

    fn root(&self) -> std::path::PathBuf {
        self.folder.path().join("out")
    }

    /// Takes a backup in, as the command does. Says whether it came to its end.
    fn run(&mut self, run: &Run<'_>) -> bool {
        let mut chosen = run.backup.voicemails();
        let is_chosen = |voicemail: &Voicemail| {
            run.backup.mails.iter().any(|mail| Some(number(mail.key)) == voicemail.callback && mail.is_chosen)
        };
        let all = Reading { records: chosen.clone(), skipped: Vec::new() };
        chosen.retain(is_chosen);
        let mut skipped = Vec::new();
        if run.is_damaged && !chosen.is_empty() {
            chosen.pop();
            skipped.push(Skipped::new("voicemail", "its row is damaged"));
        }
        let chosen = Reading { records: chosen, skipped };
        let (existing, mode) = match self.has_begun {
            true => (IfExists::Update, Mode::Update),
            false => (IfExists::Refuse, Mode::New),
        };
        self.has_begun = true;
        let ended = export(&self.root(), &chosen, &all, &Sounds(run.backup.sounds()), run, existing, mode);
        match ended {
            Ok(()) => {
                self.learn(run, &chosen);
                true
            }
            Err(ExportError::Interrupted) => false,
            Err(error) => panic!("{error}"),
        }
    }

    /// What the model makes of a backup.
    fn learn(&mut self, run: &Run<'_>, chosen: &Reading<Voicemail>) {
        let day = run.backup.day;
        let is_complete = chosen.skipped.is_empty();
        let is_older = self.newest.is_some_and(|(newest, _)| newest > day);
        let is_narrow = run.backup.mails.iter().any(|mail| !mail.is_chosen);
        let mails: Vec<&Mail> = run
            .backup
            .mails
            .iter()
            .filter(|mail| chosen.records.iter().any(|own| own.callback == Some(number(mail.key))))
            .collect();
        for mail in &mails {
            match self.model.get_mut(&mail.key) {
                Some(known) if is_older => {
                    known.has_sound |= mail.has_sound && !mail.is_broken;
                    if known.words != mail.words && !known.earlier.iter().any(|(_, words)| *words == mail.words) {
                        known.earlier.push((day, mail.words));
                        known.earlier.sort();
                    }
                }
                Some(known) => {
                    if known.words != mail.words {
                        known.earlier.push((known.seen, known.words));
                        // What comes back is no earlier version any more, and what went twice went once.
                        known.earlier.retain(|(_, words)| *words != mail.words);
                    }
                    (known.words, known.seen, known.lacking) = (mail.words, day, None);
                    known.has_sound |= mail.has_sound && !mail.is_broken;
                }
                None => {
                    let says = |complete: bool| is_older && complete && !is_narrow;
                    let lacking =
                        self.newest.filter(|(_, complete)| says(*complete)).map(|(newest, _)| ("backup", newest));
                    let own = Remembered {
                        words: mail.words,
                        has_sound: mail.has_sound && !mail.is_broken,
                        earlier: Vec::new(),
                        seen: day,
                        lacking,
                    };
                    self.model.insert(mail.key, own);
                }
            }
        }
        if is_complete && !is_older {
            for (key, known) in &mut self.model {
                if mails.iter().any(|mail| mail.key == *key) {
                    continue;
                }
                let of = if run.backup.mails.iter().any(|mail| mail.key == *key) { "choice" } else { "backup" };
                known.lacking = known.lacking.filter(|(before, _)| *before == of).or(Some((of, day)));
            }
        }
        let is_complete = is_complete && !mails.iter().any(|mail| mail.has_sound && mail.is_broken);
        match &mut self.newest {
            Some((newest, complete)) if *newest == day => *complete = is_complete,
            Some((newest, _)) if *newest > day => {}
            newest => *newest = Some((day, is_complete)),
        }
        self.taken.push(run.backup.clone());
    }

    /// Holds the folder against the model.
    fn check(&self) -> Result<(), TestCaseError> {
        let root = self.root();
        let lines = fs::read_to_string(root.join("voicemail.jsonl")).unwrap();
        let records: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let records: Vec<&Value> = records.iter().filter(|record| record["type"] == "voicemail").collect();
        let found: BTreeMap<u8, (String, Vec<String>, Value)> = records.iter().map(|record| read(record)).collect();
        prop_assert_eq!(records.len(), self.model.len(), "each once");
        for (key, known) in &self.model {
            let (text, earlier, lacking) = found.get(key).unwrap_or_else(|| panic!("{key} is lost"));
            prop_assert_eq!(text, &words(known.words));
            prop_assert_eq!(earlier, &known.earlier.iter().map(|(_, own)| words(*own)).collect::<Vec<_>>());
            let expected = known.lacking.map(|(of, day)| (of.to_owned(), date(day)));
            let lacking = lacking
                .as_object()
                .map(|own| (own["of"].as_str().unwrap().to_owned(), own["backup"].as_str().unwrap()[..10].to_owned()));
            prop_assert_eq!(lacking, expected, "{}", key);
        }
        self.check_files(&records)
    }

    fn check_files(&self, records: &[&Value]) -> Result<(), TestCaseError> {
        let root = self.root();
        let mut named = BTreeSet::new();
        for record in records {
            let (key, ..) = read(record);
            let is_saved = record["sound"]["status"] == "saved";
            prop_assert_eq!(is_saved, self.model[&key].has_sound, "the sound of {}: {}", key, record["sound"]);
            if is_saved {
                let path = record["sound"]["path"].as_str().unwrap().to_owned();
                let bytes = fs::read(root.join(&path)).unwrap();
                let expected =
                    self.own.get(&path).cloned().unwrap_or_else(|| format!("the sound of {key}").into_bytes());
                prop_assert_eq!(bytes, expected);
                prop_assert!(named.insert(path), "no two share a file");
            }
        }
        let there: BTreeSet<String> =
            listing(&root).into_iter().map(|(name, _)| name).filter(|name| name.starts_with("audio/")).collect();
        let own: BTreeSet<String> = self.own.keys().cloned().collect();
        prop_assert_eq!(&there - &own, &named - &own, "nothing is left over and nothing stands twice");
        for (path, bytes) in &self.own {
            prop_assert_eq!(&fs::read(root.join(path)).unwrap(), bytes, "what a person wrote stays");
        }
        Ok(())
    }
}

fn read(record: &Value) -> (u8, (String, Vec<String>, Value)) {
    let key = record["callback"].as_str().unwrap()[11..].parse().unwrap();
    let earlier = record["earlier"].as_array().into_iter().flatten();
    let earlier = earlier.map(|own| own["transcript"].as_str().unwrap().to_owned()).collect();
    (key, (record["transcript"].as_str().unwrap().to_owned(), earlier, record["lacking"].clone()))
}

/// The day of a backup as data files have it.
fn date(day: i64) -> String {
    let moment = jiff::Timestamp::from_second(FIRST + day * DAY).unwrap().to_zoned(zone());
    moment.date().to_string()
}

#[allow(clippy::too_many_arguments, reason = "what the command puts together")]
fn export(
    root: &Path,
    chosen: &Reading<Voicemail>,
    all: &Reading<Voicemail>,
    sounds: &Sounds,
    run: &Run<'_>,
    existing: IfExists,
    mode: Mode<'_>,
) -> Result<(), ExportError> {
    let tree = Tree::in_folder(root, TreeOptions { existing, ..TreeOptions::default() })?;
    let is_narrow = run.backup.mails.iter().any(|mail| !mail.is_chosen);
    let all = IdentifiedList(all);
    let subject = Subject {
        kind: &KIND,
        chosen: &IdentifiedList(chosen),
        all: is_narrow.then_some(&all as &dyn IdentifiedFeed<Voicemail>),
        describe: &|voicemail: &Voicemail| voicemail.callback.clone().unwrap_or_default(),
        adopt: &|_| None,
    };
    let backup = Taken {
        device: run.has_device.then(|| "00008030-000123456789".to_owned()),
        name: None,
        made: Some(FIRST + run.backup.day * DAY),
        complete: true,
    };
    let asked = Asked { corer_version: "1.0.0", backup, choice: Vec::new(), mode, is_same_person: false };
    let base = SafePath::root();
    let update = Update::begin(&subject, &asked, &tree, &base)?.unwrap();
    let merged = update.merged(chosen)?;
    let context = Context { about: about(), zone: zone(), base, formats: vec![Format::Jsonl, Format::Html] };
    let done = Cell::new(0);
    let progress = |_: u64| {
        done.set(done.get() + 1);
        if run.cut_off.is_some_and(|most| done.get() > most) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    let report = VoicemailExporter.export(&merged, &update.files(sounds), &context, &tree, &progress)?;
    let writer = merged.into_writer()?;
    update.finish(writer, report.skipped.is_empty())?;
    tree.finish()?;
    Ok(())
}

/// Every file with its content and time.
fn stamped(root: &Path) -> Vec<(String, Vec<u8>, SystemTime)> {
    let time = |name: &str| fs::metadata(root.join(name)).unwrap().modified().unwrap();
    listing(root).into_iter().map(|(name, bytes)| (name.clone(), bytes, time(&name))).collect()
}

fn play(steps: &[Step]) -> Result<(), TestCaseError> {
    let mut device = Backup::default();
    let mut export = Export::new();
    for step in steps {
        let place = |device: &Backup, key: u8| device.mails.iter().position(|mail| mail.key == key);
        match step {
            Step::Add(key) if place(&device, *key).is_none() => {
                device.mails.push(Mail { key: *key, words: 0, has_sound: true, is_broken: false, is_chosen: true });
            }
            Step::Edit(key) | Step::Delete(key) | Step::Choose(key) | Step::LoseSound(key) | Step::Break(key) => {
                let Some(at) = place(&device, *key) else { continue };
                match step {
                    Step::Edit(_) => device.mails[at].words = device.mails[at].words.wrapping_add(1),
                    Step::Delete(_) => _ = device.mails.remove(at),
                    Step::Choose(_) => device.mails[at].is_chosen = !device.mails[at].is_chosen,
                    Step::Break(_) => device.mails[at].is_broken = !device.mails[at].is_broken,
                    _ => device.mails[at].has_sound = false,
                }
            }
            Step::Renumber(first) => device.first_row = *first,
            Step::Update | Step::Damaged | Step::OfNoDevice | Step::CutOff(_) => {
                device.day += 1;
                let backup = device.clone();
                let run = Run {
                    backup: &backup,
                    has_device: !matches!(step, Step::OfNoDevice),
                    is_damaged: matches!(step, Step::Damaged),
                    cut_off: if let Step::CutOff(most) = step { Some(*most) } else { None },
                };
                if export.run(&run) {
                    export.check()?;
                    again(&mut export, &run)?;
                }
            }
            Step::Older(which) if !export.taken.is_empty() => {
                let backup = export.taken[usize::from(*which) % export.taken.len()].clone();
                let run = Run { backup: &backup, has_device: true, is_damaged: false, cut_off: None };
                export.run(&run);
                export.check()?;
                again(&mut export, &run)?;
            }
            Step::EditFile(which) | Step::AddFile(which) if export.newest.is_some() => {
                let root = export.root();
                let sounds: Vec<String> = listing(&root)
                    .into_iter()
                    .map(|(name, _)| name)
                    .filter(|name| name.starts_with("audio/"))
                    .collect();
                let path = match step {
                    Step::EditFile(_) if !sounds.is_empty() => sounds[usize::from(*which) % sounds.len()].clone(),
                    _ => format!("audio/mine {which}.txt"),
                };
                fs::create_dir_all(root.join("audio")).unwrap();
                fs::write(root.join(&path), format!("mine {which}")).unwrap();
                export.own.insert(path, format!("mine {which}").into_bytes());
            }
            _ => {}
        }
    }
    Ok(())
}

/// The same backup again writes nothing.
fn again(export: &mut Export, run: &Run<'_>) -> Result<(), TestCaseError> {
    let before = stamped(&export.root());
    export.run(run);
    prop_assert!(before == stamped(&export.root()), "the same backup again writes nothing");
    export.check()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(
        std::env::var("CORER_UPDATES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(200)
    ))]

    #[test]
    fn an_update_loses_nothing(steps in steps()) {
        play(&steps)?;
    }
}

#[test]
fn what_a_backup_lacks_is_lost_only_by_asking() {
    let mut device = Backup {
        mails: vec![Mail { key: 1, words: 0, has_sound: true, is_broken: false, is_chosen: true }],
        ..Backup::default()
    };
    device.mails.push(Mail { key: 2, words: 0, has_sound: true, is_broken: false, is_chosen: true });
    let mut export_of = Export::new();
    fn run(backup: &Backup) -> Run<'_> {
        Run { backup, has_device: true, is_damaged: false, cut_off: None }
    }
    assert!(export_of.run(&run(&device)));
    device.mails.pop();
    // The carrier has let go of the sound of what is still there: that goes by asking, too.
    device.mails[0].has_sound = false;
    device.day = 1;
    let chosen = Reading { records: device.voicemails(), skipped: Vec::new() };
    let (root, sounds) = (export_of.root(), Sounds(device.sounds()));
    let before = stamped(&root);
    let write = |mode: Mode<'_>| export(&root, &chosen, &chosen, &sounds, &run(&device), IfExists::Overwrite, mode);
    let refused = write(Mode::Overwrite).unwrap_err();
    assert!(
        matches!(refused, ExportError::Saved(SavedError::WouldLose(Losses { records: 1, versions: 0, parts: 1, .. }))),
        "{refused}"
    );
    let declined = write(Mode::Mirror(&|losses: &Losses| {
        assert_eq!(losses.examples, [number(2)]);
        false
    }));
    assert!(matches!(declined, Err(ExportError::Saved(SavedError::Declined))));
    assert!(before == stamped(&root), "nothing is touched");
    write(Mode::Mirror(&|_: &Losses| true)).unwrap();
    let sounds: Vec<String> =
        listing(&root).into_iter().map(|(name, _)| name).filter(|name| name.starts_with("audio/")).collect();
    assert!(sounds.is_empty(), "{sounds:?}");
    assert!(!fs::read_to_string(root.join("voicemail.jsonl")).unwrap().contains(&number(2)));
}
