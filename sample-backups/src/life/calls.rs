//! Calls: `CallHistory.storedata` since iOS 8, `call_history.db` before. Since iOS 13 only in encrypted backups.

use rusqlite::Connection;

use super::Moment;
use super::people::{ANNA, HANAKO, JONAS, MUM};
use crate::builder::BackupBuilder;
use crate::database::{self, insert, insert_known};
use crate::era::Era;
use crate::error::Result;
use crate::seed::Seed;

const IOS_4: &str = include_str!("../../schema/call_history-ios4.sql");
const IOS_9: &str = include_str!("../../schema/callhistory-ios9.sql");
const IOS_10: &str = include_str!("../../schema/callhistory-ios10.sql");
const IOS_7: &str = include_str!("../../schema/call_history-ios7.sql");
const IOS_15: &str = include_str!("../../schema/callhistory-ios15.sql");
const IOS_26: &str = include_str!("../../schema/callhistory-ios26.sql");
pub(crate) const IOS_18: &str = include_str!("../../schema/callhistory-ios18.sql");

/// Where calls lie since iOS 8.
pub(crate) const PATH: &str = "Library/CallHistoryDB/CallHistory.storedata";

/// How a call went: `ZCALLTYPE` is 0 in another app, 1 by phone, 8 FaceTime video, 16 FaceTime audio.
struct Call {
    at: &'static str,
    with: &'static [&'static str],
    is_outgoing: bool,
    is_answered: bool,
    seconds: i64,
    kind: i64,
    provider: &'static str,
    place: Option<&'static str>,
    /// What was thought of the caller: nothing, junk of some kind, or kept away by an extension.
    verdict: Verdict,
    /// Whether the call is still in the temporary store, alone or beside the other.
    waits: Waits,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Nothing,
    Junk,
    Blocked,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Waits {
    No,
    There,
    InBoth,
}

const PHONE: (i64, &str) = (1, "com.apple.Telephony");
const VIDEO: (i64, &str) = (8, "com.apple.FaceTime");
const AUDIO: (i64, &str) = (16, "com.apple.FaceTime");
const WHATSAPP: (i64, &str) = (0, "net.whatsapp.WhatsApp");

const fn call(at: &'static str, with: &'static [&'static str], kind: (i64, &'static str), seconds: i64) -> Call {
    let (kind, provider) = kind;
    let (is_outgoing, is_answered, place) = (false, seconds > 0, None);
    let (verdict, waits) = (Verdict::Nothing, Waits::No);
    Call { at, with, is_outgoing, is_answered, seconds, kind, provider, place, verdict, waits }
}

const STORY: [Call; 15] = [
    Call { is_outgoing: true, place: Some("Oslo"), ..call("2012-03-05T18:00:00Z", &[ANNA.phone], PHONE, 312) },
    call("2012-05-13T09:05:00Z", &[MUM.phone], PHONE, 0),
    Call { is_outgoing: true, ..call("2012-05-13T09:25:00Z", &[MUM.phone], PHONE, 0) },
    Call { is_outgoing: true, ..call("2012-05-13T09:30:00Z", &[MUM.phone], PHONE, 1805) },
    call("2016-07-07T05:40:00Z", &[HANAKO.email], VIDEO, 64),
    Call { place: Some("<<RecentsNumberLocationNotFound>>"), ..call("2016-08-01T10:00:00Z", &[""], PHONE, 0) },
    call("2019-05-10T20:00:00Z", &[JONAS.phone], AUDIO, 700),
    call("2021-11-24T16:00:00Z", &[ANNA.phone, JONAS.phone], VIDEO, 2400),
    call("2022-01-09T12:00:00Z", &["+14155550134"], WHATSAPP, 33),
    Call { is_answered: true, ..call("2022-01-10T12:00:00Z", &[JONAS.phone], PHONE, 0) },
    Call { verdict: Verdict::Junk, ..call("2022-02-01T08:00:00Z", &["+14155550166"], PHONE, 0) },
    Call { verdict: Verdict::Blocked, ..call("2022-02-02T08:00:00Z", &["+14155550167"], PHONE, 0) },
    Call { waits: Waits::InBoth, ..call("2022-03-05T17:00:00Z", &[MUM.phone], AUDIO, 95) },
    Call { waits: Waits::There, ..call("2022-03-06T19:00:00Z", &[ANNA.phone], VIDEO, 61) },
    call("2024-11-01T07:00:00Z", &["+14155550100,,123#"], PHONE, 0),
];

/// Adds the call history, where this era and encryption keep one.
///
/// # Errors
/// Passes on errors of SQLite.
pub fn add(backup: &mut BackupBuilder) -> Result<()> {
    if !backup.holds_secrets() {
        return Ok(());
    }
    let (now, seed) = (backup.now(), backup.seed().clone());
    let mut story = Vec::new();
    for call in &STORY {
        let at = Moment::at(call.at)?;
        if at.unix() <= now {
            story.push((at, call));
        }
    }
    let schema = match backup.era() {
        Era::Ios5 | Era::Ios7 => {
            let schema = if backup.era() == Era::Ios5 { IOS_4 } else { IOS_7 };
            let database = database::build(schema, |db| story.iter().try_for_each(|(at, call)| old(db, *at, call)))?;
            backup.file("WirelessDomain", "Library/CallHistory/call_history.db", database);
            return Ok(());
        }
        Era::Ios9 => IOS_9,
        Era::Ios10_1 => IOS_10,
        Era::Ios15 => IOS_15,
        Era::Ios18 => IOS_18,
        Era::Ios26 => IOS_26,
    };
    let stays = story.iter().filter(|(_, call)| call.waits != Waits::There);
    let database = store(schema, &seed, &stays.copied().collect::<Vec<_>>())?;
    backup.file("HomeDomain", PATH, database);
    let waits: Vec<_> = story.iter().filter(|(_, call)| call.waits != Waits::No).copied().collect();
    if !waits.is_empty() {
        let database = store(schema, &seed, &waits)?;
        backup.file("HomeDomain", "Library/CallHistoryDB/CallHistoryTemp.storedata", database);
    }
    Ok(())
}

fn store(schema: &str, seed: &Seed, story: &[(Moment, &Call)]) -> Result<Vec<u8>> {
    database::build(schema, |db| {
        let mut names = vec!["CallDBProperties", "CallRecord"];
        if !database::columns(db, "ZEMERGENCYMEDIAITEM")?.is_empty() {
            names.push("EmergencyMediaItem");
        }
        names.push("Handle");
        let names: Vec<(i64, &str)> = (1..).zip(names).collect();
        database::entities(db, &names)?;
        insert(db, "ZCALLDBPROPERTIES", &[("Z_ENT", &1), ("Z_OPT", &1), ("ZTIMER_ALL", &5400.0)])?;
        story.iter().try_for_each(|(at, call)| modern(db, *at, call, seed))
    })
}

/// `flags`: 4 incoming, 5 outgoing; seconds since 1970.
fn old(db: &Connection, at: Moment, call: &Call) -> Result<()> {
    insert(
        db,
        "call",
        &[
            ("address", &call.with.first()),
            ("date", &at.unix()),
            ("duration", &call.seconds),
            ("flags", if call.is_outgoing { &5 } else { &4 }),
            ("id", &-1),
            ("country_code", &"310"),
        ],
    )?;
    Ok(())
}

fn modern(db: &Connection, at: Moment, call: &Call, seed: &Seed) -> Result<()> {
    let address = call.with.first().copied().unwrap_or_default();
    let id = insert_known(
        db,
        "ZCALLRECORD",
        &[
            ("Z_ENT", &2),
            ("Z_OPT", &1),
            ("ZANSWERED", &i64::from(call.is_answered)),
            ("ZCALL_CATEGORY", if call.kind == 8 { &2 } else { &1 }),
            ("ZCALLTYPE", &call.kind),
            ("ZDISCONNECTED_CAUSE", &0),
            ("ZHANDLE_TYPE", if address.contains('@') { &3 } else { &2 }),
            ("ZORIGINATED", &i64::from(call.is_outgoing)),
            ("ZREAD", &1),
            ("ZDATE", &at.apple()),
            ("ZDURATION", &(if call.seconds > 0 { call.seconds as f64 + 0.25 } else { 0.0 })),
            // Text in a column of bytes, as devices store it.
            ("ZADDRESS", &address.as_bytes()),
            ("ZISO_COUNTRY_CODE", &"us"),
            ("ZLOCATION", &call.place),
            ("ZSERVICE_PROVIDER", &call.provider),
            ("ZUNIQUE_ID", &seed.uuid(&format!("call {}", call.at))),
            ("ZJUNKCONFIDENCE", if call.verdict == Verdict::Junk { &3 } else { &0 }),
            ("ZJUNKIDENTIFICATIONCATEGORY", &(call.verdict == Verdict::Junk).then_some("Telemarketer")),
            ("ZBLOCKEDBYEXTENSION", &(call.verdict == Verdict::Blocked).then_some("org.example.callguard.block")),
            ("ZBLOCKEDBYEXTENSIONNAME", &(call.verdict == Verdict::Blocked).then_some("Call Guard")),
            ("ZFILTERED_OUT_REASON", if call.verdict == Verdict::Blocked { &2 } else { &0 }),
        ],
    )?;
    if database::columns(db, "ZHANDLE")?.is_empty() {
        return Ok(());
    }
    let columns = database::columns(db, "Z_2REMOTEPARTICIPANTHANDLES")?;
    let joined = columns.iter().find(|name| name.ends_with("HANDLES")).map_or("", String::as_str);
    let entity = if joined.starts_with("Z_3") { 3 } else { 4 };
    for with in call.with.iter().filter(|with| !with.is_empty()) {
        let kind = if with.contains('@') { 3 } else { 2 };
        let row: [(&str, &dyn rusqlite::ToSql); 5] =
            [("Z_ENT", &entity), ("Z_OPT", &1), ("ZTYPE", &kind), ("ZNORMALIZEDVALUE", with), ("ZVALUE", with)];
        let handle = insert(db, "ZHANDLE", &row)?;
        let row: [(&str, &dyn rusqlite::ToSql); 2] = [("Z_2REMOTEPARTICIPANTCALLS", &id), (joined, &handle)];
        insert(db, "Z_2REMOTEPARTICIPANTHANDLES", &row)?;
    }
    Ok(())
}
