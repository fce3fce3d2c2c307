//! Voicemail: `voicemail.db`, one sound per row beside it, and transcripts since iOS 10.

use super::Moment;
use super::people::{DENTIST, MUM};
use crate::builder::BackupBuilder;
use crate::database::{self, insert, insert_known};
use crate::era::Era;
use crate::error::Result;
use crate::mbfile::{keyed_archive, to_binary};
use crate::media;
use crate::plists::{dictionary, text};

const IOS_9: &str = include_str!("../../schema/voicemail-ios9.sql");
const IOS_16: &str = include_str!("../../schema/voicemail-ios16.sql");
const FOLDER: &str = "Library/Voicemail";

/// When, who, how long, whether it was deleted, what it says.
const STORY: [(&str, &str, usize, bool, &str); 3] = [
    ("2012-05-13T09:06:00Z", MUM.phone, 3, false, "It is Mum. Call me."),
    ("2016-03-01T08:00:00Z", DENTIST.phone, 5, false, "Your appointment is on Tuesday."),
    ("2016-09-01T08:00:00Z", "", 1, true, ""),
];

/// Adds the database, sounds and transcripts.
///
/// # Errors
/// Passes on errors of SQLite and of the encoders.
pub fn add(backup: &mut BackupBuilder) -> Result<()> {
    let is_modern = backup.era() > Era::Ios10_1;
    let mut story = Vec::new();
    for voicemail in STORY {
        let at = Moment::at(voicemail.0)?;
        if at.unix() <= backup.now() {
            story.push((at, voicemail));
        }
    }
    let database = database::build(if is_modern { IOS_16 } else { IOS_9 }, |db| {
        for (index, (at, (_, sender, seconds, is_deleted, _))) in story.iter().enumerate() {
            let trashed = if *is_deleted { at.later(86_400).apple() as i64 } else { 0 };
            insert_known(
                db,
                "voicemail",
                &[
                    ("remote_uid", &(index as i64 + 100)),
                    ("date", &at.unix()),
                    ("token", &"Complete"),
                    ("sender", &(!sender.is_empty()).then_some(sender)),
                    ("callback_num", &sender),
                    ("duration", &(*seconds as i64)),
                    ("expiration", &at.later(30 * 86_400).unix()),
                    ("trashed_date", &trashed),
                    ("flags", if *is_deleted { &75 } else { &67 }),
                    ("receiver", &"+14155550100"),
                    ("label", &"8900000000000000000"),
                ],
            )?;
        }
        if is_modern {
            insert(db, "map", &[("account", &"8900000000000000000"), ("label", &"Primary")])?;
        }
        Ok(())
    })?;
    backup.file("HomeDomain", &format!("{FOLDER}/voicemail.db"), database);
    for (row, (at, (_, _, seconds, _, words))) in (1..).zip(story) {
        let sound = media::amr(seconds);
        backup.odd_file("HomeDomain", &format!("{FOLDER}/{row}.amr"), sound, |record| record.modified = at.unix());
        if backup.era() >= Era::Ios10_1 && !words.is_empty() {
            backup.file("HomeDomain", &format!("{FOLDER}/{row}.transcript"), transcript(words)?);
        }
    }
    Ok(())
}

fn transcript(words: &str) -> Result<Vec<u8>> {
    let uid = |number| plist::Value::Uid(plist::Uid::new(number));
    let class = plist::Value::Array(vec![text("VMVoicemailTranscript"), text("NSObject")]);
    to_binary(&keyed_archive(vec![
        text("$null"),
        dictionary([("transcriptionString", uid(2)), ("confidence", plist::Value::Real(0.75)), ("$class", uid(3))]),
        text(words),
        dictionary([("$classname", text("VMVoicemailTranscript")), ("$classes", class)]),
    ]))
}
