//! The conversation with devices that were written down, line by line: what they send is here, what they get is looked
//! at.

use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::{self, Read, Write};
use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;

use super::host::{Host, TransferEvent};
use super::path::BackupPath;
use super::request::{DeviceRequest, Message};
use super::store::{FolderItem, Store};
use super::*;

/// A device that says what it was told to and listens to nothing.
struct Script {
    says: VecDeque<u8>,
    heard: Vec<u8>,
}

impl Read for Script {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.says.read(buffer)
    }
}

impl Write for Script {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.heard.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Calm;

impl Watchdog for Calm {
    fn is_cancelled(&self) -> bool {
        false
    }

    fn silent(&self, _: Duration) {}
}

/// Files in a folder, by plain names.
struct Shelf {
    folder: tempfile::TempDir,
    moves: Vec<(String, String)>,
    is_full: bool,
}

impl Shelf {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), moves: Vec::new(), is_full: false }
    }

    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap().map(Result::unwrap);
        entries.map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap())).collect()
    }
}

impl Store for Shelf {
    fn open(&mut self, path: &BackupPath<'_>) -> io::Result<File> {
        File::open(self.folder.path().join(path.as_str()))
    }

    fn create(&mut self, path: &BackupPath<'_>) -> io::Result<File> {
        if self.is_full {
            return Err(io::ErrorKind::StorageFull.into());
        }
        File::create(self.folder.path().join(path.as_str()))
    }

    fn complete(&mut self, _: &BackupPath<'_>, _: u64) {}

    fn discard(&mut self, path: &BackupPath<'_>) -> io::Result<()> {
        std::fs::remove_file(self.folder.path().join(path.as_str()))
    }

    fn make_folder(&mut self, _: &BackupPath<'_>) -> io::Result<()> {
        Ok(())
    }

    fn rename(&mut self, from: &BackupPath<'_>, to: &BackupPath<'_>) -> io::Result<()> {
        if !self.folder.path().join(from.as_str()).exists() {
            return Err(io::ErrorKind::NotFound.into());
        }
        self.moves.push((from.as_str().to_owned(), to.as_str().to_owned()));
        Ok(())
    }

    fn remove(&mut self, _: &BackupPath<'_>) -> io::Result<()> {
        Ok(())
    }

    fn copy(&mut self, _: &BackupPath<'_>, _: &BackupPath<'_>) -> io::Result<()> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn list(&mut self, _: &BackupPath<'_>) -> io::Result<Vec<FolderItem>> {
        Ok(Vec::new())
    }

    fn free_space(&mut self) -> io::Result<u64> {
        Ok(12_345)
    }
}

fn letter(members: Vec<Value>) -> Vec<u8> {
    let mut bytes = wire::binary(&Value::Array(members), 4).unwrap();
    let length = (bytes.len() - 4) as u32;
    bytes[..4].copy_from_slice(&length.to_be_bytes());
    bytes
}

fn request(name: &str, rest: Vec<Value>) -> Vec<u8> {
    letter([vec![name.into()], rest].concat())
}

fn answer(code: i64) -> Vec<u8> {
    request(
        "DLMessageProcessMessage",
        vec![Value::Dictionary(message! { "MessageName": "Response", "ErrorCode": code })],
    )
}

const UDID: &str = "00008101-000A1B2C3D4E5F60";

/// A path as the device gives it.
fn at(path: &str) -> String {
    format!("{UDID}/{path}")
}

fn strings(paths: &[&str]) -> Value {
    Value::Array(paths.iter().map(|path| Value::from(at(path))).collect())
}

fn block(kind: u8, bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u32 + 1).to_be_bytes()[..], &[kind], bytes].concat()
}

fn named(path: &str) -> Vec<u8> {
    [&(path.len() as u32).to_be_bytes()[..], path.as_bytes()].concat()
}

/// The files of an upload: path, blocks.
fn upload(files: &[(&str, Vec<Vec<u8>>)]) -> Vec<u8> {
    let mut bytes = request("DLMessageUploadFiles", vec![Value::Dictionary(Dictionary::new()), 10.0.into(), 5.into()]);
    for (path, blocks) in files {
        bytes.extend([named("/var/mobile/x"), named(&at(path)), blocks.concat()].concat());
    }
    bytes.extend(0_u32.to_be_bytes());
    bytes
}

/// What came of a conversation.
struct Outcome {
    result: Result<Response, DeviceError>,
    /// The messages that the device got; bytes of files between them are not messages.
    heard: Vec<u8>,
    refused: Vec<super::host::UnreadableFile>,
    failure: Option<io::ErrorKind>,
    bytes: u64,
}

fn converse(shelf: &mut dyn Store, says: &[Vec<u8>]) -> Outcome {
    let script = Script { says: says.concat().into(), heard: Vec::new() };
    let mut link = Link { wire: script, watchdog: &Calm, message: Vec::new(), stopping: None };
    let mut bytes = 0;
    let mut tell = |event| {
        if let TransferEvent::Bytes(more) = event {
            bytes += more;
        }
    };
    let mut host = Host::new(UDID, shelf, &mut tell);
    let result = host.serve(&mut link);
    let (refused, failure) = (std::mem::take(&mut host.refused), host.failure.take().map(|error| error.kind()));
    Outcome { result, heard: link.wire.heard, refused, failure, bytes }
}

/// The answers in what the device got: code and text.
fn answers(mut heard: &[u8]) -> Vec<(i64, String)> {
    let mut answers = Vec::new();
    while let Some((length, rest)) = heard.split_first_chunk::<4>() {
        let (body, rest) = rest.split_at(u32::from_be_bytes(*length) as usize);
        heard = rest;
        let Ok(reader::Value::Array(members)) = reader::read(body) else { panic!("no message") };
        assert_eq!(members[0].as_str(), Some("DLMessageStatusResponse"));
        answers.push((members[1].as_i64().unwrap(), members[2].as_str().unwrap().to_owned()));
    }
    answers
}

#[test]
fn greetings_are_exchanged() {
    let hello = message! { "MessageName": "Response", "ErrorCode": 0, "ProtocolVersion": 2.1 };
    let says = [
        request("DLMessageVersionExchange", vec![400.into(), 0.into()]),
        request("DLMessageDeviceReady", vec![]),
        request("DLMessageProcessMessage", vec![Value::Dictionary(hello)]),
    ];
    let mut script = Script { says: says.concat().into(), heard: Vec::new() };
    assert!(Link::greet(&mut script, &Calm).is_ok());
    let text = String::from_utf8_lossy(&script.heard);
    assert!(text.contains("DLVersionsOk") && text.contains("SupportedProtocolVersions"));
    for bad in [&says[1..], &says[..1], &[answer(1)]] {
        assert!(Link::greet(Script { says: bad.concat().into(), heard: Vec::new() }, &Calm).is_err());
    }
}

#[test]
fn files_come_in_blocks_of_any_size() {
    let mut shelf = Shelf::new();
    let large: Vec<u8> = (0..1_300_000_u32).map(|n| n as u8).collect();
    let whole = || block(0, b"");
    let files = [
        ("a", vec![block(0x0c, b"one "), block(0x0c, b"two"), whole()]),
        ("empty", vec![whole()]),
        ("large", vec![block(0x0c, &large), whole()]),
    ];
    let outcome = converse(&mut shelf, &[upload(&files), answer(0)]);
    assert_eq!(outcome.result.unwrap().code, 0);
    assert_eq!(answers(&outcome.heard), [(0, NOTHING.to_owned())]);
    let files = shelf.files();
    assert_eq!((files["a"].as_slice(), files["empty"].len(), files["large"] == large), (&b"one two"[..], 0, true));
    assert_eq!(outcome.bytes, 7 + large.len() as u64);
}

#[test]
fn what_the_device_cannot_read_is_listed_and_the_rest_comes() {
    let mut shelf = Shelf::new();
    let files = [
        ("lost", vec![block(0x0b, b"Input/output error")]),
        ("half", vec![block(0x0c, b"half"), block(0x0b, b"Input/output error")]),
        ("good", vec![block(0x0c, b"good"), block(0, b"")]),
    ];
    let mut moves = Dictionary::new();
    moves.insert(at("lost"), at("ab/lost").into());
    moves.insert(at("good"), at("ab/good").into());
    let says = [upload(&files), request("DLMessageMoveItems", vec![Value::Dictionary(moves)]), answer(0)];
    let outcome = converse(&mut shelf, &says);
    assert_eq!(outcome.refused.len(), 2);
    assert_eq!(outcome.refused[0].why, "Input/output error");
    assert_eq!(shelf.files().keys().collect::<Vec<_>>(), ["good", "half"]);
    assert_eq!(answers(&outcome.heard), [(0, NOTHING.to_owned()), (0, NOTHING.to_owned())]);
    assert_eq!(shelf.moves, [("good".to_owned(), "ab/good".to_owned())]);
}

#[test]
fn a_full_disk_is_told_and_the_wire_stays_in_step() {
    let mut shelf = Shelf { is_full: true, ..Shelf::new() };
    let files = [("a", vec![block(0x0c, b"one"), block(0, b"")]), ("b", vec![block(0x0c, b"two"), block(0, b"")])];
    let outcome = converse(&mut shelf, &[upload(&files), answer(105)]);
    assert_eq!(answers(&outcome.heard), [(-15, "No space left on device".to_owned())]);
    assert_eq!((outcome.result.unwrap().code, outcome.failure), (105, Some(io::ErrorKind::StorageFull)));
}

#[test]
fn missing_files_are_named_one_by_one() {
    let mut shelf = Shelf::new();
    std::fs::write(shelf.folder.path().join("there"), "content").unwrap();
    let says = [request("DLMessageDownloadFiles", vec![strings(&["gone", "there"]), 0.into()]), answer(0)];
    let outcome = converse(&mut shelf, &says);
    let gone = [named(&at("gone")), block(0x06, b"No such file or directory")].concat();
    let there = [named(&at("there")), block(0x0c, b"content"), block(0, b"")].concat();
    let files = [gone, there, 0_u32.to_be_bytes().to_vec()].concat();
    assert!(outcome.heard.starts_with(&files));
    assert_eq!(answers(&outcome.heard[files.len()..]), [(-13, "Multi status".to_owned())]);
    let empty = converse(&mut shelf, &[request("DLMessageDownloadFiles", vec![strings(&[])]), answer(0)]);
    assert_eq!((&empty.heard[..4], answers(&empty.heard[4..]).len()), (&[0; 4][..], 1));
}

#[test]
fn other_requests_are_handled_or_answered_with_a_number() {
    let mut shelf = Shelf::new();
    let says = [
        request("DLMessageGetFreeDiskSpace", vec![]),
        request("DLMessagePurgeDiskSpace", vec![5_000.into(), 1.into()]),
        request("DLMessageCreateDirectory", vec![at("x").into()]),
        request("DLMessageCopyItem", vec![at("a").into(), at("b").into()]),
        request("DLContentsOfDirectory", vec![at("x").into()]),
        request("DLMessageRemoveItems", vec![strings(&["x"])]),
        request("DLMessageFromTomorrow", vec![]),
        answer(0),
    ];
    let outcome = converse(&mut shelf, &says);
    let codes: Vec<i64> = answers(&outcome.heard).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, [0, -1, 0, -6, 0, 0, -1]);
}

/// Takes nothing, and knows of it when somebody tries.
#[derive(Default)]
struct Untouched(Vec<String>);

impl Untouched {
    fn note<T>(&mut self, path: &BackupPath<'_>) -> io::Result<T> {
        self.0.push(path.as_str().to_owned());
        Err(io::ErrorKind::NotFound.into())
    }
}

impl Store for Untouched {
    fn open(&mut self, path: &BackupPath<'_>) -> io::Result<File> {
        self.note(path)
    }

    fn create(&mut self, path: &BackupPath<'_>) -> io::Result<File> {
        self.note(path)
    }

    fn complete(&mut self, path: &BackupPath<'_>, _: u64) {
        let _ = self.note::<()>(path);
    }

    fn discard(&mut self, path: &BackupPath<'_>) -> io::Result<()> {
        self.note(path)
    }

    fn make_folder(&mut self, path: &BackupPath<'_>) -> io::Result<()> {
        self.note(path)
    }

    fn rename(&mut self, from: &BackupPath<'_>, _: &BackupPath<'_>) -> io::Result<()> {
        self.note(from)
    }

    fn remove(&mut self, path: &BackupPath<'_>) -> io::Result<()> {
        self.note(path)
    }

    fn copy(&mut self, from: &BackupPath<'_>, _: &BackupPath<'_>) -> io::Result<()> {
        self.note(from)
    }

    fn list(&mut self, path: &BackupPath<'_>) -> io::Result<Vec<FolderItem>> {
        self.note(path)
    }

    fn free_space(&mut self) -> io::Result<u64> {
        Ok(0)
    }
}

#[test]
fn a_path_that_leads_out_reaches_no_store_and_is_refused() {
    let fine = at("fine");
    for bad in ["", "x", "../x", "/etc/passwd", &at("../x"), &at("a/../../x"), &at("a\\b"), &at("CON"), &at("x ")] {
        let pair = |from: &str, to: &str| {
            let mut pair = Dictionary::new();
            pair.insert(from.to_owned(), to.into());
            Value::Dictionary(pair)
        };
        let list = || Value::Array(vec![bad.into()]);
        // An empty name ends the list of files that are sent.
        let sent = if bad.is_empty() { "/" } else { bad };
        let file =
            |path: &str| [named("/var/x"), named(path), block(0x0c, b"bytes"), block(0, b""), vec![0; 4]].concat();
        let says = [
            request("DLContentsOfDirectory", vec![bad.into()]),
            request("DLMessageCreateDirectory", vec![bad.into()]),
            [request("DLMessageUploadFiles", vec![]), file(sent)].concat(),
            request("DLMessageMoveItems", vec![pair(bad, &fine)]),
            request("DLMessageMoveFiles", vec![pair(&fine, bad)]),
            request("DLMessageRemoveItems", vec![list()]),
            request("DLMessageCopyItem", vec![bad.into(), fine.as_str().into()]),
            request("DLMessageCopyItem", vec![fine.as_str().into(), bad.into()]),
            answer(0),
        ];
        let mut store = Untouched::default();
        let outcome = converse(&mut store, &says);
        assert_eq!(answers(&outcome.heard), vec![(-1, "Invalid path".to_owned()); 8], "{bad}");
        assert_eq!((store.0.len(), outcome.failure), (0, Some(io::ErrorKind::InvalidInput)), "{bad}");
        let says = [request("DLMessageDownloadFiles", vec![list()]), answer(0)];
        let outcome = converse(&mut store, &says);
        let told = [named(bad), block(0x06, b"Invalid path"), vec![0; 4]].concat();
        assert!(outcome.heard.starts_with(&told) && store.0.is_empty(), "{bad}");
        assert_eq!(answers(&outcome.heard[told.len()..]), [(-13, "Multi status".to_owned())], "{bad}");
    }
}

#[test]
fn nonsense_ends_the_conversation_and_nothing_else() {
    let huge_message = [0xff, 0xff, 0xff, 0xff].to_vec();
    let huge_path = [request("DLMessageUploadFiles", vec![]), 0x7fff_ffff_u32.to_be_bytes().to_vec()].concat();
    let no_kind = [request("DLMessageUploadFiles", vec![]), named("a"), named("b"), vec![0; 4]].concat();
    let odd_kind = [request("DLMessageUploadFiles", vec![]), named("a"), named("b"), block(0x77, b"x")].concat();
    let cut = [request("DLMessageUploadFiles", vec![]), named("a"), named("b"), vec![0, 0, 1]].concat();
    let text = |bytes: &[u8]| [&(bytes.len() as u32).to_be_bytes()[..], bytes].concat();
    let hostile = [
        huge_message,
        huge_path,
        no_kind,
        odd_kind,
        cut,
        text(b"garbage"),
        text(b""),
        text(b"bplist00"),
        letter(vec![]),
        letter(vec![Value::Array(vec![])]),
        request("DLMessageProcessMessage", vec![]),
        request("DLMessageDownloadFiles", vec![]),
        request("DLMessageMoveItems", vec!["x".into()]),
        request("DLMessageDisconnect", vec!["bye".into()]),
        vec![],
    ];
    for says in hostile {
        let outcome = converse(&mut Shelf::new(), std::slice::from_ref(&says));
        assert!(outcome.result.is_err(), "{says:02x?}");
    }
}

#[test]
fn an_answer_in_xml_is_understood() {
    let mut xml = Vec::new();
    let answer = message! { "MessageName": "Response", "ErrorCode": 208, "ErrorDescription": "Device locked" };
    Value::Array(vec!["DLMessageProcessMessage".into(), Value::Dictionary(answer)]).to_writer_xml(&mut xml).unwrap();
    let says = [&(xml.len() as u32).to_be_bytes()[..], &xml].concat();
    let response = converse(&mut Shelf::new(), &[says]).result.unwrap();
    assert_eq!((response.code, response.text.as_str()), (208, "Device locked"));
}

/// Takes every file and keeps none.
struct Sieve;

impl Store for Sieve {
    fn open(&mut self, _: &BackupPath<'_>) -> io::Result<File> {
        tempfile::tempfile()
    }

    fn create(&mut self, _: &BackupPath<'_>) -> io::Result<File> {
        tempfile::tempfile()
    }

    fn complete(&mut self, _: &BackupPath<'_>, _: u64) {}

    fn discard(&mut self, _: &BackupPath<'_>) -> io::Result<()> {
        Ok(())
    }

    fn make_folder(&mut self, _: &BackupPath<'_>) -> io::Result<()> {
        Ok(())
    }

    fn rename(&mut self, _: &BackupPath<'_>, _: &BackupPath<'_>) -> io::Result<()> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn remove(&mut self, _: &BackupPath<'_>) -> io::Result<()> {
        Ok(())
    }

    fn copy(&mut self, _: &BackupPath<'_>, _: &BackupPath<'_>) -> io::Result<()> {
        Ok(())
    }

    fn list(&mut self, _: &BackupPath<'_>) -> io::Result<Vec<FolderItem>> {
        Ok(Vec::new())
    }

    fn free_space(&mut self) -> io::Result<u64> {
        Ok(0)
    }
}

/// One of everything that a device may say.
fn all_requests() -> Vec<u8> {
    let mut moves = Dictionary::new();
    moves.insert(at("from"), at("to").into());
    let file = |kind| ("file", vec![block(0x0c, b"some bytes"), block(kind, b"")]);
    let says = [
        request("DLContentsOfDirectory", vec![at("x").into()]),
        request("DLMessageDownloadFiles", vec![strings(&["a", "b"]), 0.into()]),
        request("DLMessageGetFreeDiskSpace", vec![]),
        request("DLMessagePurgeDiskSpace", vec![5_000.into(), 1.into()]),
        request("DLMessageCreateDirectory", vec![at("x").into()]),
        upload(&[file(0), file(0x0b)]),
        request("DLMessageMoveItems", vec![Value::Dictionary(moves)]),
        request("DLMessageRemoveItems", vec![strings(&["x"])]),
        request("DLMessageCopyItem", vec![at("a").into(), at("b").into()]),
        answer(0),
    ];
    says.concat()
}

#[test]
fn one_of_everything_is_handled() {
    assert_eq!(converse(&mut Sieve, &[all_requests()]).result.unwrap().code, 0);
}

proptest! {
    /// As idevicebackup2 answers what it does not do; and the conversation goes on.
    #[test]
    fn whatever_is_not_known_is_refused_and_never_done(
        name in "(DL(Message)?)?[A-Za-z]{1,40}",
        rest in vec(prop_oneof![Just(Value::from(1)), Just(Value::from(at("x"))), Just(strings(&["x"]))], 0..4),
    ) {
        let is_known = Message::read(&request(&name, rest.clone())[4..])
            .map_or(true, |message| !matches!(message.request, DeviceRequest::Unknown(_)));
        prop_assume!(!is_known);
        let mut store = Untouched::default();
        let outcome = converse(&mut store, &[request(&name, rest), request("DLMessageGetFreeDiskSpace", vec![]), answer(0)]);
        prop_assert_eq!(outcome.result.unwrap().code, 0);
        prop_assert_eq!(answers(&outcome.heard), [(-1, format!("{name} is not supported")), (0, NOTHING.to_owned())]);
        prop_assert!(store.0.is_empty());
    }

    #[test]
    fn any_bytes_of_a_device_are_survived(bytes in vec(any::<u8>(), 0..2048)) {
        // What follows a proper message is read as the next one.
        for says in [vec![bytes.clone()], vec![request("DLMessageUploadFiles", vec![]), bytes]] {
            let _ = converse(&mut Sieve, &says);
        }
    }

    #[test]
    fn a_conversation_with_wrong_bytes_is_survived(
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = all_requests();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(cut.index(bytes.len() * 2));
        let _ = converse(&mut Sieve, &[bytes]);
    }
}
