//! The attachments of messages.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use foldhash::HashMap;
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::super::attachments::StoredAttachment;
use super::super::generation::Attachments;
use super::super::stickers;
use crate::database::{Column as _, Layout, Row, Schema, columns, each_row, integer, truth};
use crate::formats::sqlite::{Rows, Table, ValuePosition};
use crate::skipped::Skipped;
use crate::source::Database;

/// The table that links messages and attachments.
const LINKS: &str = "message_attachment_join";

/// The table of attachments.
const TABLE: &str = "attachment";

/// Of how many messages they are looked up one by one, before it pays to know first which have any.
const MANY: usize = 4096;

columns! {
    /// The columns of `attachment`.
    enum Column {
        Guid = "guid",
        Path = "filename",
        TransferName = "transfer_name",
        Mime = "mime_type",
        Size = "total_bytes",
        Uti = "uti",
        Created = "created_date",
        IsSticker = "is_sticker",
        IsHidden = "hide_attachment",
        IsSensitive = "is_commsafety_sensitive",
        Description = "emoji_image_short_description",
        Sticker = "sticker_user_info",
        App = "attribution_info",
    }
}

/// How attachments are found.
pub(super) struct Attached {
    database: Arc<dyn Database>,
    /// A query for all of them, up to the name of the table of links, and from there on.
    sql: Option<(String, String)>,
    /// Whether an index leads from a message to its attachments.
    is_indexed: bool,
    /// Of how many messages they have been asked for.
    asked: AtomicUsize,
    /// What is known of all of them, once that has been looked up.
    all: OnceLock<Option<All>>,
}

/// Which message has which attachments, and where their rows lie.
struct All {
    /// The numbers of attachments, by that of their message.
    links: HashMap<i64, Vec<i64>>,
    /// `None` where the rows can be read through SQL alone.
    stored: Option<(Layout, Arc<Table>)>,
}

impl Attached {
    pub(super) fn new(database: Arc<dyn Database>, schema: &Schema, connection: &Connection) -> Self {
        let has_links = ["message_id", "attachment_id"].iter().all(|column| schema.has_column(LINKS, column));
        let (columns, table) = match schema.has_table(TABLE) {
            true => (schema.columns(TABLE, "a", Column::NAMES), TABLE),
            false => (["NULL"; Column::NAMES.len()].join(", "), "(SELECT NULL AS ROWID)"),
        };
        let before = format!("SELECT j.message_id, j.attachment_id, a.ROWID IS NULL, {columns} FROM {LINKS} j");
        let after = format!(" LEFT JOIN {table} a ON a.ROWID = j.attachment_id");
        let indexes = "SELECT count(*) FROM sqlite_master WHERE type = 'index' AND tbl_name = ?1";
        let count = connection.query_row(indexes, [LINKS], |row| row.get::<_, i64>(0));
        Self {
            database,
            sql: has_links.then_some((before, after)),
            is_indexed: count.is_ok_and(|count| count > 0),
            asked: AtomicUsize::new(0),
            all: OnceLock::new(),
        }
    }

    /// Reads those of messages of one chat, whose numbers ascend.
    pub(super) fn of(
        &self,
        connection: &Connection,
        chat: i64,
        numbers: &[i64],
        skipped: &mut Vec<Skipped>,
    ) -> Attachments {
        let mut attachments = Attachments::new();
        let Some(sql) = &self.sql else { return attachments };
        let read = match self.is_indexed {
            true => self.of_each(connection, sql, numbers, &mut attachments),
            false => Err(rusqlite::Error::QueryReturnedNoRows),
        };
        // Damage may lie in an index alone: the second way goes past it.
        let read = read.or_else(|_| all(connection, sql, numbers, &mut attachments));
        let what = || format!("some attachments of chat {chat}");
        skipped.extend(read.err().map(|error| Skipped::part(what(), error)));
        for attached in attachments.values_mut() {
            attached.sort_by_key(|stored| stored.id);
            attached.dedup_by_key(|stored| stored.id);
        }
        attachments
    }

    fn of_each(
        &self,
        connection: &Connection,
        (before, after): &(String, String),
        numbers: &[i64],
        attachments: &mut Attachments,
    ) -> rusqlite::Result<()> {
        let mut statement = connection.prepare_cached(&format!("{before}{after} WHERE j.message_id = ?1"))?;
        let mut query = |number: i64, attachments: &mut Attachments| {
            let mut rows = statement.query([number])?;
            while let Some(row) = rows.next()? {
                add_queried(row, attachments);
            }
            Ok(())
        };
        let Some(known) = self.known(connection, numbers.len()) else {
            return numbers.iter().try_for_each(|number| query(*number, attachments));
        };
        let mut look_up = known.look_up(&*self.database);
        for number in numbers {
            // Most messages have none.
            let Some(own) = known.links.get(number) else { continue };
            let is_found =
                own.iter().all(|id| look_up.as_mut().is_some_and(|look_up| look_up.add(*number, *id, attachments)));
            if !is_found {
                query(*number, attachments)?;
            }
        }
        Ok(())
    }

    /// What is known of all attachments, once so many have been asked for that it is worth looking all up. What cannot be
    /// looked up at once is looked up one by one.
    fn known(&self, connection: &Connection, asked: usize) -> Option<&All> {
        let before = self.asked.fetch_add(asked, Ordering::Relaxed);
        if before.saturating_add(asked) < MANY {
            return None;
        }
        self.all.get_or_init(|| All::find(&*self.database, connection)).as_ref()
    }
}

impl All {
    fn find(database: &dyn Database, connection: &Connection) -> Option<Self> {
        let mut links: HashMap<i64, Vec<i64>> = HashMap::default();
        let sql = format!("SELECT message_id, attachment_id FROM {LINKS}");
        let mut are_numbers = true;
        let add = &mut |row: &rusqlite::Row<'_>| match (row.get_ref(0), row.get_ref(1)) {
            (Ok(ValueRef::Integer(message)), Ok(ValueRef::Integer(attachment))) => {
                links.entry(message).or_default().push(attachment);
            }
            (Ok(ValueRef::Null), _) => {}
            // What SQL takes for equal to a number depends on the column.
            _ => are_numbers = false,
        };
        each_row(connection, &sql, [], add).ok().filter(|()| are_numbers)?;
        let find = || {
            let layout = Layout::probe(connection, TABLE, Column::NAMES)?;
            let table = Table::find(&mut *database.pages()?, layout.root)?;
            Some((layout, Arc::new(table)))
        };
        Some(Self { links, stored: find() })
    }

    fn look_up(&self, database: &dyn Database) -> Option<LookUp<'_>> {
        let (layout, table) = self.stored.as_ref()?;
        let rows = Rows::new(Arc::clone(table), database.pages()?);
        Some(LookUp { layout, rows, places: [ValuePosition::NULL; Column::NAMES.len()] })
    }
}

/// Looks up the rows of attachments.
struct LookUp<'a> {
    layout: &'a Layout,
    rows: Rows,
    places: [ValuePosition; Column::NAMES.len()],
}

impl LookUp<'_> {
    /// Adds an attachment of a message. Says whether its row was found.
    fn add(&mut self, message: i64, id: i64, attachments: &mut Attachments) -> bool {
        let record = self.rows.record(id).filter(|record| self.layout.find(record, &mut self.places));
        if let Some(record) = record {
            add(message, id, Row::stored(record, &self.places), false, attachments);
        }
        record.is_some()
    }
}

fn all(
    connection: &Connection,
    (before, after): &(String, String),
    numbers: &[i64],
    attachments: &mut Attachments,
) -> rusqlite::Result<()> {
    each_row(connection, &format!("{before} NOT INDEXED{after}"), [], &mut |row| {
        if integer(row, 0).is_some_and(|message| numbers.binary_search(&message).is_ok()) {
            add_queried(row, attachments);
        }
    })
}

fn add_queried(row: &rusqlite::Row<'_>, attachments: &mut Attachments) {
    if let (Some(message), Some(id)) = (integer(row, 0), integer(row, 1)) {
        add(message, id, Row::queried(row, 3), truth(row, 2), attachments);
    }
}

/// Adds an attachment. One that is linked twice is there once in the end. `lacking`: whether it has no row.
fn add(message: i64, id: i64, row: Row<'_, Column>, lacking: bool, attachments: &mut Attachments) {
    attachments.entry(message).or_default().push(stored(row, id, lacking));
}

fn stored(row: Row<'_, Column>, id: i64, lacking: bool) -> StoredAttachment {
    let description = row.some_text(Column::Description);
    let sticker = || Box::new(stickers::read(row.blob(Column::Sticker), row.blob(Column::App), description.as_deref()));
    StoredAttachment {
        id,
        guid: row.some_text(Column::Guid),
        path: row.some_text(Column::Path),
        transfer_name: row.some_text(Column::TransferName),
        mime: row.some_text(Column::Mime),
        size: row.integer(Column::Size),
        uti: row.some_text(Column::Uti),
        created: row.integer(Column::Created),
        sticker: row.truth(Column::IsSticker).then(sticker),
        is_hidden: row.truth(Column::IsHidden),
        is_sensitive: row.truth(Column::IsSensitive),
        lacking: lacking.then(|| "the database has lost its record".into()),
        app: row.blob(Column::App).and_then(stickers::app),
        description,
    }
}
