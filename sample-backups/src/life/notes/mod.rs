//! Notes: `NoteStore.sqlite` since iOS 9, `notes.sqlite` before.

mod body;

use rusqlite::Connection;

use super::Moment;
use crate::builder::BackupBuilder;
use crate::database::{self, insert, insert_known};
use crate::era::Era;
use crate::error::Result;
use crate::media;
use crate::seed::Seed;

use body::Paragraph;

const IOS_6: &str = include_str!("../../../schema/notes-ios6.sql");
const IOS_9: &str = include_str!("../../../schema/notestore-ios9.sql");
const IOS_10: &str = include_str!("../../../schema/notestore-ios10.sql");
const IOS_17: &str = include_str!("../../../schema/notestore-ios17.sql");
const DOMAIN: &str = "AppDomainGroup-group.com.apple.notes";

/// One note.
struct Note {
    created: &'static str,
    /// 1 the usual folder, 2 the trash, 3 a folder of one's own.
    folder: i64,
    paragraphs: &'static [(Paragraph, &'static str)],
    has_picture: bool,
    is_pinned: bool,
}

const STORY: [Note; 4] = [
    Note {
        created: "2012-04-02T19:00:00Z",
        folder: 1,
        paragraphs: &[
            (Paragraph::Title, "Waffles"),
            (Paragraph::Body, "4 eggs, 3 dl milk & cardamom"),
            (Paragraph::Body, "<i>Not too hot!</i>"),
        ],
        has_picture: false,
        is_pinned: false,
    },
    Note {
        created: "2016-07-07T06:00:00Z",
        folder: 3,
        paragraphs: &[
            (Paragraph::Title, "Kyoto \u{4eac}\u{90fd}"),
            (Paragraph::Heading, "Temples"),
            (Paragraph::Bullet, "\u{91d1}\u{95a3}\u{5bfa}"),
            (Paragraph::Bullet, "\u{6e05}\u{6c34}\u{5bfa} \u{1f341}"),
            (Paragraph::Numbered, "Train at nine"),
        ],
        has_picture: false,
        is_pinned: false,
    },
    Note {
        created: "2019-05-01T08:00:00Z",
        folder: 1,
        paragraphs: &[
            (Paragraph::Title, "Packing for Lisbon"),
            (Paragraph::Done, "Passport"),
            (Paragraph::Todo, "Sun hat"),
            (Paragraph::Body, "\u{fffc}"),
        ],
        has_picture: true,
        is_pinned: true,
    },
    Note {
        created: "2024-10-01T08:00:00Z",
        folder: 2,
        paragraphs: &[(Paragraph::Title, "Thrown away")],
        has_picture: false,
        is_pinned: false,
    },
];

/// Adds the store and the pictures in notes.
///
/// # Errors
/// Passes on errors of SQLite and of the encoders.
pub fn add(backup: &mut BackupBuilder) -> Result<()> {
    let (now, seed, era) = (backup.now(), backup.seed().clone(), backup.era());
    let mut story = Vec::new();
    for note in &STORY {
        let at = Moment::at(note.created)?;
        if at.unix() <= now {
            story.push((at, note));
        }
    }
    if era < Era::Ios9 {
        backup.file("HomeDomain", "Library/Notes/notes.sqlite", legacy(&story, &seed)?);
        return Ok(());
    }
    let picture = (seed.uuid("account"), seed.uuid("media"), "1_00000000-0000-4000-8000-000000000001");
    let store = Store { era, seed: &seed, generation: picture.2 };
    backup.file(DOMAIN, "NoteStore.sqlite", store.database(&story)?);
    if story.iter().any(|(_, note)| note.has_picture) {
        let path = format!("Accounts/{}/Media/{}/{}/hat.jpg", picture.0, picture.1, picture.2);
        backup.file(DOMAIN, &path, media::jpeg("hat", 32, 24)?);
    }
    Ok(())
}

/// The flat store of old: HTML bodies.
fn legacy(story: &[(Moment, &Note)], seed: &Seed) -> Result<Vec<u8>> {
    database::build(IOS_6, |db| {
        database::entities(db, &[(1, "Account"), (3, "Note"), (4, "NoteBody"), (7, "Store")])?;
        insert(db, "ZACCOUNT", &[("Z_ENT", &1), ("Z_OPT", &1), ("ZNAME", &"On My iPhone")])?;
        insert(db, "ZSTORE", &[("Z_ENT", &7), ("Z_OPT", &1), ("ZACCOUNT", &1), ("ZNAME", &"LOCAL_NOTES_STORE")])?;
        for (at, note) in story {
            let lines: Vec<&str> = note.paragraphs.iter().map(|(_, line)| *line).collect();
            let html = lines.join("<br>").replace('&', "&amp;");
            let title = lines.first();
            let body = insert(db, "ZNOTEBODY", &[("Z_ENT", &4), ("Z_OPT", &1), ("ZCONTENT", &html)])?;
            let row = insert(
                db,
                "ZNOTE",
                &[
                    ("Z_ENT", &3),
                    ("Z_OPT", &1),
                    ("ZBODY", &body),
                    ("ZSTORE", &1),
                    ("ZDELETEDFLAG", &0),
                    ("ZCREATIONDATE", &at.apple()),
                    ("ZMODIFICATIONDATE", &at.later(60).apple()),
                    ("ZGUID", &seed.uuid(note.created)),
                    ("ZTITLE", &title),
                    ("ZSUMMARY", &lines.get(1)),
                ],
            )?;
            db.execute("UPDATE ZNOTEBODY SET ZOWNER = ? WHERE Z_PK = ?", [row, body])?;
        }
        Ok(())
    })
}

struct Store<'a> {
    era: Era,
    seed: &'a Seed,
    generation: &'a str,
}

/// Numbers of the kinds of objects, which move from release to release.
struct Kinds {
    attachment: i64,
    media: i64,
    note: i64,
    account: i64,
    folder: i64,
    data: i64,
}

const OBJECT: &str = "ZICCLOUDSYNCINGOBJECT";

impl Store<'_> {
    fn kinds(&self) -> Kinds {
        match self.era {
            Era::Ios5 | Era::Ios7 | Era::Ios9 => {
                Kinds { attachment: 4, media: 8, note: 9, account: 11, folder: 12, data: 16 }
            }
            Era::Ios10_1 => Kinds { attachment: 3, media: 7, note: 8, account: 10, folder: 11, data: 15 },
            Era::Ios15 | Era::Ios18 | Era::Ios26 => {
                Kinds { attachment: 4, media: 10, note: 11, account: 13, folder: 14, data: 19 }
            }
        }
    }

    fn database(&self, story: &[(Moment, &Note)]) -> Result<Vec<u8>> {
        let (schema, kinds) = match self.era {
            Era::Ios5 | Era::Ios7 | Era::Ios9 => (IOS_9, self.kinds()),
            Era::Ios10_1 => (IOS_10, self.kinds()),
            Era::Ios15 | Era::Ios18 | Era::Ios26 => (IOS_17, self.kinds()),
        };
        database::build(schema, |db| {
            database::entities(
                db,
                &[
                    (kinds.attachment, "ICAttachment"),
                    (kinds.media, "ICMedia"),
                    (kinds.note, "ICNote"),
                    (kinds.account, "ICAccount"),
                    (kinds.folder, "ICFolder"),
                    (kinds.data, "ICNoteData"),
                ],
            )?;
            let account = self.account(db, &kinds)?;
            let folders = self.folders(db, &kinds, account)?;
            for (at, note) in story {
                let folder = folders.get(note.folder as usize - 1).copied().unwrap_or_default();
                self.note(db, &kinds, account, folder, *at, note)?;
            }
            Ok(())
        })
    }

    fn account(&self, db: &Connection, kinds: &Kinds) -> Result<i64> {
        insert_known(
            db,
            OBJECT,
            &[
                ("Z_ENT", &kinds.account),
                ("Z_OPT", &1),
                ("ZNAME", &"iCloud"),
                ("ZIDENTIFIER", &self.seed.uuid("account")),
                ("ZACCOUNTTYPE", &1),
                ("ZMARKEDFORDELETION", &0),
            ],
        )
    }

    fn folders(&self, db: &Connection, kinds: &Kinds, account: i64) -> Result<Vec<i64>> {
        let folders = [
            ("Notes", 0, "DefaultFolder-CloudKit".to_owned()),
            ("Recently Deleted", 1, "TrashFolder-CloudKit".to_owned()),
            ("Trips: \"2016\"/<x>", 0, self.seed.uuid("folder")),
        ];
        let insert_folder = |(title, kind, identifier): &(&str, i64, String)| {
            insert_known(
                db,
                OBJECT,
                &[
                    ("Z_ENT", &kinds.folder),
                    ("Z_OPT", &1),
                    ("ZTITLE2", title),
                    ("ZFOLDERTYPE", kind),
                    ("ZOWNER", &account),
                    ("ZACCOUNT8", &account),
                    ("ZACCOUNT3", &account),
                    ("ZIDENTIFIER", identifier),
                    ("ZMARKEDFORDELETION", &0),
                ],
            )
        };
        folders.iter().map(insert_folder).collect()
    }

    fn note(&self, db: &Connection, kinds: &Kinds, account: i64, folder: i64, at: Moment, note: &Note) -> Result<()> {
        let lines: Vec<&str> = note.paragraphs.iter().map(|(_, line)| *line).collect();
        let picture = note.has_picture.then(|| self.seed.uuid("picture"));
        let data = body::encode(note.paragraphs, picture.as_deref())?;
        let data = insert_known(db, "ZICNOTEDATA", &[("Z_ENT", &kinds.data), ("Z_OPT", &1), ("ZDATA", &data)])?;
        let has_list = note.paragraphs.iter().any(|(kind, _)| matches!(kind, Paragraph::Todo | Paragraph::Done));
        let row = insert_known(
            db,
            OBJECT,
            &[
                ("Z_ENT", &kinds.note),
                ("Z_OPT", &1),
                ("ZTITLE1", &lines.first()),
                ("ZSNIPPET", &lines.get(1)),
                ("ZCREATIONDATE3", &at.apple()),
                ("ZCREATIONDATE1", &at.apple()),
                ("ZCREATIONDATE", &at.apple()),
                ("ZMODIFICATIONDATE1", &at.later(600).apple()),
                ("ZFOLDER", &folder),
                ("ZACCOUNT7", &account),
                ("ZACCOUNT2", &account),
                ("ZNOTEDATA", &data),
                ("ZISPINNED", &i64::from(note.is_pinned)),
                ("ZHASCHECKLIST", &i64::from(has_list)),
                ("ZISPASSWORDPROTECTED", &0),
                ("ZMARKEDFORDELETION", &0),
                ("ZIDENTIFIER", &self.seed.uuid(note.created)),
            ],
        )?;
        db.execute("UPDATE ZICNOTEDATA SET ZNOTE = ? WHERE Z_PK = ?", [row, data])?;
        // Before iOS 12 a table joins notes to their folders.
        if self.era <= Era::Ios10_1 {
            let table = if self.era == Era::Ios9 { "Z_12NOTES" } else { "Z_11NOTES" };
            db.execute(&format!("INSERT INTO {table} VALUES (?, ?)"), [folder, row])?;
        }
        match picture {
            Some(identifier) => self.picture(db, kinds, row, &identifier),
            None => Ok(()),
        }
    }

    fn picture(&self, db: &Connection, kinds: &Kinds, note: i64, identifier: &str) -> Result<()> {
        let media = insert_known(
            db,
            OBJECT,
            &[
                ("Z_ENT", &kinds.media),
                ("Z_OPT", &1),
                ("ZIDENTIFIER", &self.seed.uuid("media")),
                ("ZFILENAME", &"hat.jpg"),
                ("ZGENERATION1", &self.generation),
            ],
        )?;
        insert_known(
            db,
            OBJECT,
            &[
                ("Z_ENT", &kinds.attachment),
                ("Z_OPT", &1),
                ("ZIDENTIFIER", &identifier),
                ("ZTYPEUTI", &"public.jpeg"),
                ("ZNOTE", &note),
                ("ZMEDIA", &media),
                ("ZMARKEDFORDELETION", &0),
            ],
        )?;
        Ok(())
    }
}
