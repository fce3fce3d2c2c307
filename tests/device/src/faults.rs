//! Knobs: what the person at the phone does, and what goes wrong.

use std::collections::BTreeSet;
use std::str::FromStr;
use std::time::Duration;

/// What the person does who holds the phone.
#[derive(Debug, Clone, Default)]
pub struct Person {
    /// What happens when a host wants to pair.
    pub trust: Trust,
    /// What happens when the phone asks for the passcode before a backup (iOS 16.1 and later).
    pub passcode: Passcode,
    /// Whether the phone is locked: backups need the escrow bag, pairing must wait.
    pub is_locked: bool,
    /// Whether backup passwords have to be confirmed with the passcode (iOS 13 and later), and are.
    pub password_change: Passcode,
}

/// The dialogue "Trust this computer?".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Trust {
    /// Confirmed after it was asked so many times; hosts ask again each second.
    After(u32),
    /// Confirmed at once.
    #[default]
    AtOnce,
    /// "Don't trust".
    Never,
    /// The phone is locked for so many requests, then confirmed.
    LockedFor(u32),
    /// A phone that is managed and pairs with nobody else.
    Supervised,
}

/// The dialogue that asks for the passcode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Passcode {
    /// Not asked.
    #[default]
    NotAsked,
    /// Typed after this time.
    After(Duration),
    /// Not typed; the device gives up after this time.
    Refused(Duration),
}

/// How far a backup came: what Status.plist calls `SnapshotState`, and the time before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Before anything was written.
    Begun,
    /// Payloads go to `Snapshot/`.
    Uploading,
    /// Payloads go from `Snapshot/` to their places.
    Moving,
    /// What is no longer needed is removed.
    Removing,
    /// All is written; the device checks it.
    Finished,
}

impl Stage {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Begun, Self::Uploading, Self::Moving, Self::Removing, Self::Finished];

    /// The word in Status.plist.
    pub fn name(self) -> &'static str {
        match self {
            Self::Begun => "begun",
            Self::Uploading => "uploading",
            Self::Moving => "moving",
            Self::Removing => "removing",
            Self::Finished => "finished",
        }
    }
}

impl FromStr for Stage {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|stage| stage.name() == name).ok_or_else(|| format!("no stage is called {name}"))
    }
}

/// When the cable is pulled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Before this message of the device (the first is 0).
    Message(u64),
    /// After this many payloads.
    Files(u64),
    /// After this many bytes of payloads: usually in the middle of a file.
    Bytes(u64),
    /// When this stage begins.
    Stage(Stage),
}

/// What goes wrong. All of it but `busy_lock` and `pace` concerns the next backup only.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    /// The cable is pulled.
    pub cut: Option<Cut>,
    /// The phone is there again this long after the cable was pulled; else [`crate::Running::plug`] brings it back.
    pub comes_back: Option<Duration>,
    /// Bytes a second that the device sends at most.
    pub pace: Option<u64>,
    /// The device rests this long before each message.
    pub rest: Duration,
    /// The device needs this much free space beside what it sends.
    pub needs_space: u64,
    /// The device ends the backup at a stage with a code of `MBErrorDomain` and these words.
    pub fails: Option<(Stage, i64, String)>,
    /// Files (domain, path) that the device cannot read: it sends code 0x0B in their middle.
    pub unreadable: BTreeSet<(String, String)>,
    /// Whether unreadable files make the backup fail with 104; iOS 17 goes on \[L\].
    pub unreadable_is_fatal: bool,
    /// How many times the sync lock is held by somebody else.
    pub busy_lock: u32,
    /// The device wants sessions without TLS, as no device does that has the key of its record.
    pub speaks_in_clear: bool,
    /// The device does not send anything more when this stage begins, and keeps the connection.
    pub hangs: Option<Stage>,
    /// The device means harm.
    pub hostile: Option<Hostile>,
}

/// What a device that means harm does while payloads are uploaded. Paths are sent as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hostile {
    /// Uploads a file to this path.
    Upload(String),
    /// Makes this folder.
    Create(String),
    /// Moves a payload to this path.
    MoveTo(String),
    /// Moves what is at this path into the backup.
    MoveFrom(String),
    /// Copies what is at this path into the backup.
    CopyFrom(String),
    /// Copies a payload to this path.
    CopyTo(String),
    /// Removes this path.
    Remove(String),
    /// Asks for the content of this path.
    Download(String),
    /// Asks for the list of this folder.
    List(String),
    /// A block of a file that claims 4 GB.
    HugeBlock,
    /// A path that claims 4 GB.
    HugeName,
    /// A message that claims 4 GB.
    HugeMessage,
    /// A message whose length is less than the message.
    WrongLength,
    /// A message that is no property list.
    Garbage,
    /// A property list a hundred thousand levels deep.
    Deep,
    /// A small property list that stands for millions of values.
    Bomb,
    /// A property list that is no message.
    NoMessage,
    /// A message that nobody knows.
    UnknownMessage,
    /// Messages whose parts are missing or of the wrong kind.
    WrongParts,
    /// Files without end: so many empty ones, each under another name.
    EndlessFiles(u64),
    /// An upload that ends in the middle of a file, with the connection.
    EndsInsideFile,
}

impl FromStr for Hostile {
    type Err = String;

    /// `upload=PATH`, `garbage`, `endless-files=1000` …
    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        let path = value.to_owned();
        Ok(match name {
            "upload" => Self::Upload(path),
            "create" => Self::Create(path),
            "move-to" => Self::MoveTo(path),
            "move-from" => Self::MoveFrom(path),
            "copy-from" => Self::CopyFrom(path),
            "copy-to" => Self::CopyTo(path),
            "remove" => Self::Remove(path),
            "download" => Self::Download(path),
            "list" => Self::List(path),
            "huge-block" => Self::HugeBlock,
            "huge-name" => Self::HugeName,
            "huge-message" => Self::HugeMessage,
            "wrong-length" => Self::WrongLength,
            "garbage" => Self::Garbage,
            "deep" => Self::Deep,
            "bomb" => Self::Bomb,
            "no-message" => Self::NoMessage,
            "unknown-message" => Self::UnknownMessage,
            "wrong-parts" => Self::WrongParts,
            "endless-files" => Self::EndlessFiles(value.parse().map_err(|_| format!("not a number: {value}"))?),
            "ends-inside-file" => Self::EndsInsideFile,
            _ => return Err(format!("no hostile device is called {name}")),
        })
    }
}

impl FromStr for Cut {
    type Err = String;

    /// `message=3`, `files=10`, `bytes=100000`, `stage=moving`.
    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        let number = || value.parse().map_err(|_| format!("not a number: {value}"));
        match name {
            "message" => Ok(Self::Message(number()?)),
            "files" => Ok(Self::Files(number()?)),
            "bytes" => Ok(Self::Bytes(number()?)),
            "stage" => Ok(Self::Stage(value.parse()?)),
            _ => Err(format!("cannot cut at {name}")),
        }
    }
}
