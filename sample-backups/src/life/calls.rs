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
const IOS_18: &str = include_str!("../../schema/callhistory-ios18.sql");

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
}

const PHONE: (i64, &str) = (1, "com.apple.Telephony");
const VIDEO: (i64, &str) = (8, "com.apple.FaceTime");
const AUDIO: (i64, &str) = (16, "com.apple.FaceTime");
const WHATSAPP: (i64, &str) = (0, "net.whatsapp.WhatsApp");

const fn call(at: &'static str, with: &'static [&'static str], kind: (i64, &'static str), seconds: i64) -> Call {
    let (kind, provider) = kind;
    Call { at, with, is_outgoing: false, is_answered: seconds > 0, seconds, kind, provider, place: None }
}

const STORY: [Call; 9] = [
    Call { is_outgoing: true, place: Some("Oslo"), ..call("2012-03-05T18:00:00Z", &[ANNA.phone], PHONE, 312) },
    call("2012-05-13T09:05:00Z", &[MUM.phone], PHONE, 0),
    Call { is_outgoing: true, ..call("2012-05-13T09:30:00Z", &[MUM.phone], PHONE, 1805) },
    call("2016-07-07T05:40:00Z", &[HANAKO.email], VIDEO, 64),
    Call { place: Some("<<RecentsNumberLocationNotFound>>"), ..call("2016-08-01T10:00:00Z", &[""], PHONE, 0) },
    call("2019-05-10T20:00:00Z", &[JONAS.phone], AUDIO, 700),
    call("2021-11-24T16:00:00Z", &[ANNA.phone, JONAS.phone], VIDEO, 2400),
    call("2022-01-09T12:00:00Z", &["+14155550134"], WHATSAPP, 33),
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
            let database = database::build(IOS_4, |db| story.iter().try_for_each(|(at, call)| old(db, *at, call)))?;
            backup.file("WirelessDomain", "Library/CallHistory/call_history.db", database);
            return Ok(());
        }
        Era::Ios9 => IOS_9,
        Era::Ios10_1 => IOS_10,
        Era::Ios15 | Era::Ios18 | Era::Ios26 => IOS_18,
    };
    let database = database::build(schema, |db| {
        database::entities(
            db,
            &[(1, "CallDBProperties"), (2, "CallRecord"), (3, "EmergencyMediaItem"), (4, "Handle")],
        )?;
        insert(db, "ZCALLDBPROPERTIES", &[("Z_ENT", &1), ("Z_OPT", &1), ("ZTIMER_ALL", &5400.0)])?;
        story.iter().try_for_each(|(at, call)| modern(db, *at, call, &seed))
    })?;
    backup.file("HomeDomain", "Library/CallHistoryDB/CallHistory.storedata", database);
    Ok(())
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
            ("ZDURATION", &(call.seconds as f64 + 0.25)),
            // Text in a column of bytes, as devices store it.
            ("ZADDRESS", &address.as_bytes()),
            ("ZISO_COUNTRY_CODE", &"us"),
            ("ZLOCATION", &call.place),
            ("ZSERVICE_PROVIDER", &call.provider),
            ("ZUNIQUE_ID", &seed.uuid(&format!("call {}", call.at))),
        ],
    )?;
    if database::columns(db, "ZHANDLE")?.is_empty() {
        return Ok(());
    }
    for with in call.with.iter().filter(|with| !with.is_empty()) {
        let kind = if with.contains('@') { 3 } else { 2 };
        let row: [(&str, &dyn rusqlite::ToSql); 5] =
            [("Z_ENT", &4), ("Z_OPT", &1), ("ZTYPE", &kind), ("ZNORMALIZEDVALUE", with), ("ZVALUE", with)];
        let handle = insert(db, "ZHANDLE", &row)?;
        let row: [(&str, &dyn rusqlite::ToSql); 2] =
            [("Z_2REMOTEPARTICIPANTCALLS", &id), ("Z_4REMOTEPARTICIPANTHANDLES", &handle)];
        insert(db, "Z_2REMOTEPARTICIPANTHANDLES", &row)?;
    }
    Ok(())
}
