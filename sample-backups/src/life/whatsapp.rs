//! WhatsApp: `ChatStorage.sqlite` and the media beside it.

use rusqlite::Connection;

use super::Moment;
use super::people::{ANNA, JONAS, Person};
use crate::builder::BackupBuilder;
use crate::database::{self, insert};
use crate::era::Era;
use crate::error::Result;
use crate::media;
use crate::seed::Seed;

const SCHEMA: &str = include_str!("../../schema/chatstorage.sql");
const DOMAIN: &str = "AppDomainGroup-group.net.whatsapp.WhatsApp.shared";
const GROUP: &str = "14155550134-1557500000@g.us";
const PICTURE: &str = "Media/14155550134@s.whatsapp.net/a/b/00000000-0000-4000-8000-0000000000aa.jpg";

/// When, session (1 Anna, 2 the group), from Mira, kind (0 text, 1 image, 6 event, 14 deleted, 99 unknown), text.
const STORY: [(&str, i64, bool, i64, &str); 7] = [
    ("2019-05-09T18:00:00Z", 1, false, 0, "Trying this one too \u{1f604}"),
    ("2019-05-09T18:01:00Z", 1, true, 0, "<b>Works</b> & well"),
    ("2019-05-11T17:00:00Z", 1, false, 1, ""),
    ("2019-05-12T08:00:00Z", 2, false, 6, ""),
    ("2019-05-12T08:01:00Z", 2, false, 0, "Breakfast at 9?"),
    ("2022-01-09T12:30:00Z", 1, false, 14, ""),
    ("2024-02-02T12:00:00Z", 1, false, 99, "a kind that nobody knows yet"),
];

/// Adds database and media.
///
/// # Errors
/// Passes on errors of SQLite and of the encoders.
pub fn add(backup: &mut BackupBuilder) -> Result<()> {
    if backup.era() < Era::Ios18 {
        return Ok(());
    }
    let seed = backup.seed().clone();
    let database = database::build(SCHEMA, |db| {
        database::entities(db, &[(4, "WAChatSession"), (6, "WAGroupMember"), (8, "WAMediaItem"), (9, "WAMessage")])?;
        session(db, &jid(&ANNA), &ANNA.name(), 0)?;
        session(db, GROUP, "Lisbon \u{1f1f5}\u{1f1f9}", 1)?;
        for person in [ANNA, JONAS] {
            let row: [(&str, &dyn rusqlite::ToSql); 7] = [
                ("Z_ENT", &6),
                ("Z_OPT", &1),
                ("ZCHATSESSION", &2),
                ("ZMEMBERJID", &jid(&person)),
                ("ZCONTACTNAME", &person.name()),
                ("ZFIRSTNAME", &person.first),
                ("ZISACTIVE", &1),
            ];
            insert(db, "ZWAGROUPMEMBER", &row)?;
        }
        STORY.iter().enumerate().try_for_each(|(index, line)| message(db, index as i64, line, &seed))
    })?;
    backup.file(DOMAIN, "ChatStorage.sqlite", database);
    backup.file(DOMAIN, &format!("Message/{PICTURE}"), media::jpeg("breakfast", 32, 24)?);
    Ok(())
}

fn jid(person: &Person) -> String {
    format!("{}@s.whatsapp.net", person.phone.trim_start_matches('+'))
}

fn session(db: &Connection, jid: &str, name: &str, kind: i64) -> Result<()> {
    let row: [(&str, &dyn rusqlite::ToSql); 7] = [
        ("Z_ENT", &4),
        ("Z_OPT", &1),
        ("ZSESSIONTYPE", &kind),
        ("ZCONTACTJID", &jid),
        ("ZPARTNERNAME", &name),
        ("ZREMOVED", &0),
        ("ZHIDDEN", &0),
    ];
    insert(db, "ZWACHATSESSION", &row)?;
    Ok(())
}

fn message(db: &Connection, index: i64, line: &(&str, i64, bool, i64, &str), seed: &Seed) -> Result<()> {
    let (at, session, is_mine, kind, text) = *line;
    let date = Moment::at(at)?.apple();
    let other = if session == 2 { GROUP.to_owned() } else { jid(&ANNA) };
    let id = insert(
        db,
        "ZWAMESSAGE",
        &[
            ("Z_ENT", &9),
            ("Z_OPT", &1),
            ("ZISFROMME", &i64::from(is_mine)),
            ("ZMESSAGETYPE", &kind),
            ("ZSORT", &index),
            ("ZCHATSESSION", &session),
            ("ZGROUPMEMBER", &(session == 2).then_some(2)),
            ("ZGROUPEVENTTYPE", if kind == 6 { &12 } else { &0 }),
            ("ZMESSAGEDATE", &date),
            ("ZSENTDATE", &date),
            ("ZFROMJID", &(!is_mine).then_some(&other)),
            ("ZTOJID", &is_mine.then_some(&other)),
            ("ZSTANZAID", &seed.uuid(at).replace('-', "")),
            ("ZTEXT", &(!text.is_empty()).then_some(text)),
        ],
    )?;
    if kind == 1 {
        let row: [(&str, &dyn rusqlite::ToSql); 6] = [
            ("Z_ENT", &8),
            ("Z_OPT", &1),
            ("ZMESSAGE", &id),
            ("ZMEDIALOCALPATH", &PICTURE),
            ("ZTITLE", &"Look, breakfast"),
            ("ZVCARDSTRING", &"image/jpeg"),
        ];
        let item = insert(db, "ZWAMEDIAITEM", &row)?;
        db.execute("UPDATE ZWAMESSAGE SET ZMEDIAITEM = ? WHERE Z_PK = ?", [item, id])?;
    }
    Ok(())
}
