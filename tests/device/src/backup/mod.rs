//! `com.apple.mobilebackup2`: the device backs itself up and the host obeys \[S\].
//!
//! A connection begins with the version exchange of device link and a `Hello`; then the host asks for one thing, the
//! device drives until it gives its `Response`, and the host says goodbye.

mod course;
mod hostile;
mod link;
mod manifest;
mod password;

use std::sync::Arc;

use plist::{Dictionary, Value};
use sample_backups::plists::{dictionary, text};

use crate::error::{Error, Result};
use crate::log::Course;
use crate::services::Grant;
use crate::wire::Channel;
use crate::world::World;

use link::Link;

pub(crate) const SERVICE: &str = "mobilebackup2";

/// The version of the requests that the device speaks \[S\].
const VERSION: f64 = 2.1;

/// Codes of `MBErrorDomain` \[L\].
pub(crate) mod code {
    pub const DONE: i64 = 0;
    pub const NO_COMMON_VERSION: i64 = 1;
    pub const UPLOADS_FAILED: i64 = 104;
    pub const DISK_FULL: i64 = 105;
    pub const UNREADABLE_METADATA: i64 = 205;
    pub const WRONG_PASSWORD: i64 = 207;
    pub const LOCKED: i64 = 208;
    pub const FIND_MY_IS_ON: i64 = 211;
}

/// How the device ends what it was asked for.
#[derive(Debug)]
pub(crate) struct Ending {
    code: i64,
    words: String,
}

impl Ending {
    fn done() -> Self {
        Self { code: code::DONE, words: String::new() }
    }

    fn failed(code: i64, words: impl std::fmt::Display) -> Self {
        Self { code, words: format!("{words} (MBErrorDomain/{code})") }
    }
}

/// Serves one connection.
///
/// # Errors
/// When the connection breaks or the host breaks the protocol.
pub fn serve(world: &Arc<World>, grant: &Grant, channel: Channel) -> Result<()> {
    let mut link = Link::new(world, channel);
    link.exchange_versions()?;
    let hello = link.request()?;
    if !greets(&hello) {
        let words = "no common version".to_owned();
        return link.respond(&Ending { code: code::NO_COMMON_VERSION, words }, []);
    }
    link.respond(&Ending::done(), [("ProtocolVersion", Value::Real(VERSION))])?;
    let request = match link.request() {
        // Hosts may say Hello and leave.
        Err(Error::Io(_)) => return Ok(()),
        other => other?,
    };
    let ended = answer(world, grant, &mut link, &request)?;
    link.respond(&ended, [])?;
    world.log.course(|course| course.ended = Some(ended.code));
    link.goodbye()
}

fn greets(hello: &Dictionary) -> bool {
    let versions = hello.get("SupportedProtocolVersions").and_then(Value::as_array);
    word(hello, "MessageName") == "Hello"
        && versions.is_some_and(|all| all.iter().any(|version| version.as_real() == Some(VERSION)))
}

fn answer(world: &Arc<World>, grant: &Grant, link: &mut Link<'_>, request: &Dictionary) -> Result<Ending> {
    let name = word(request, "MessageName");
    world.log.asked(SERVICE, name);
    let target = word(request, "TargetIdentifier");
    if target != world.phone().device.udid {
        world.log.violation(SERVICE, format!("{name} for another device: {target:?}"));
        return Ok(Ending::failed(1, "Unknown target"));
    }
    match name {
        "Backup" => back_up(world, grant, link, request),
        "ChangePassword" => password::change(world, request),
        "EnableCloudBackup" => {
            let is_on = request.get("CloudBackupState").cloned().unwrap_or(Value::Boolean(false));
            let mut phone = world.phone();
            let domain = phone.values.entry("com.apple.mobile.backup".into()).or_default();
            domain.insert("CloudBackupEnabled".into(), is_on);
            Ok(Ending::done())
        }
        "Info" => Ok(Ending::done()),
        // The agent looks for Manifest.mbdb, which there is none of since iOS 10 [L].
        "List" | "Unback" | "Extract" => {
            Ok(Ending::failed(code::UNREADABLE_METADATA, "Error reading manifest: file Manifest.mbdb not found"))
        }
        "Restore" => Ok(Ending::failed(code::FIND_MY_IS_ON, "Find My must be turned off to continue")),
        _ => {
            world.log.violation(SERVICE, format!("no request is called {name:?}"));
            Ok(Ending::failed(1, "Unknown message"))
        }
    }
}

fn back_up(world: &Arc<World>, grant: &Grant, link: &mut Link<'_>, request: &Dictionary) -> Result<Ending> {
    let options = request.get("Options").and_then(Value::as_dictionary);
    let forced = options.and_then(|options| options.get("ForceFullBackup")).and_then(Value::as_boolean);
    let (had_sync_lock, observed) = {
        let phone = world.phone();
        (phone.sync_lock.is_some(), phone.observed.clone())
    };
    world.log.begin(Course {
        forced_full: forced == Some(true),
        had_sync_lock,
        had_escrow_bag: grant.has_escrow_bag,
        observed,
        ..Course::default()
    });
    link.arm();
    course::run(world, grant, link, forced == Some(true))
}

fn word<'a>(request: &'a Dictionary, key: &str) -> &'a str {
    request.get(key).and_then(Value::as_string).unwrap_or_default()
}

/// A message of the host or the device that is a request or a response.
fn process_message(content: Value) -> Value {
    Value::Array(vec![text("DLMessageProcessMessage"), content])
}

fn response<const N: usize>(ending: &Ending, more: [(&str, Value); N]) -> Value {
    let mut message =
        dictionary([("MessageName", text("Response")), ("ErrorCode", Value::Integer(ending.code.into()))])
            .into_dictionary()
            .unwrap_or_default();
    if ending.code != code::DONE {
        message.insert("ErrorDescription".into(), text(&ending.words));
    }
    message.extend(more.map(|(key, value)| (key.to_owned(), value)));
    process_message(Value::Dictionary(message))
}
