//! Health: only in encrypted backups. Values in canonical units: heart rate in beats per second, distance in metres.

use rusqlite::Connection;

use super::Moment;
use crate::builder::BackupBuilder;
use crate::database::{self, insert};
use crate::era::Era;
use crate::error::Result;
use crate::seed::Seed;

const SECURE: &str = include_str!("../../schema/healthdb_secure.sql");
const SOURCES: &str = include_str!("../../schema/healthdb.sql");

/// Start, seconds, kind (3 mass, 5 heart rate, 7 steps, 8 distance, 63 sleep, 79 workout, 9999 unknown), value.
const STORY: [(&str, i64, i64, f64); 8] = [
    ("2019-05-11T09:00:00Z", 3600, 7, 6204.0),
    ("2019-05-11T09:00:00Z", 3600, 8, 4410.5),
    ("2019-05-11T10:00:00Z", 0, 5, 1.45),
    ("2022-01-04T17:35:00Z", 2700, 79, 1000.0),
    ("2024-10-31T06:00:00Z", 0, 3, 63.2),
    ("2024-10-31T23:00:00Z", 3600, 63, 4.0),
    ("2024-11-01T08:00:00Z", 600, 7, 811.0),
    ("2024-11-01T08:00:00Z", 0, 9999, 42.0),
];

/// Adds both databases to encrypted backups.
///
/// # Errors
/// Passes on errors of SQLite.
pub fn add(backup: &mut BackupBuilder) -> Result<()> {
    if backup.era() < Era::Ios18 || !backup.is_encrypted() {
        return Ok(());
    }
    let seed = backup.seed().clone();
    let sources = database::build(SOURCES, |db| {
        let identifier: [u8; 16] = seed.bytes("health source");
        let row: [(&str, &dyn rusqlite::ToSql); 6] = [
            ("ROWID", &1),
            ("uuid", &identifier),
            ("bundle_id", &"com.apple.health.00000000"),
            ("name", &"Mira\u{2019}s iPhone"),
            ("product_type", &"iPhone15,2"),
            ("deleted", &0),
        ];
        insert(db, "sources", &row)?;
        insert(
            db,
            "source_devices",
            &[("ROWID", &1), ("name", &"iPhone"), ("manufacturer", &"Apple Inc."), ("model", &"iPhone")],
        )?;
        Ok(())
    })?;
    let secure = database::build(SECURE, |db| {
        provenance(db)?;
        STORY.iter().enumerate().try_for_each(|(index, row)| sample(db, index, row, &seed))
    })?;
    backup.file("HealthDomain", "Health/healthdb.sqlite", sources);
    backup.odd_file("HealthDomain", "Health/healthdb_secure.sqlite", secure, |record| record.protection_class = 1);
    Ok(())
}

fn provenance(db: &Connection) -> Result<()> {
    let row: [(&str, &dyn rusqlite::ToSql); 13] = [
        ("sync_provenance", &0),
        ("origin_product_type", &"iPhone15,2"),
        ("origin_build", &"22B83"),
        ("local_product_type", &"iPhone15,2"),
        ("local_build", &"22B83"),
        ("source_id", &1),
        ("device_id", &1),
        ("source_version", &"18.1"),
        ("tz_name", &"Europe/Oslo"),
        ("origin_major_version", &18),
        ("origin_minor_version", &1),
        ("origin_patch_version", &0),
        ("derived_flags", &0),
    ];
    insert(db, "data_provenances", &row)?;
    Ok(())
}

fn sample(db: &Connection, index: usize, row: &(&str, i64, i64, f64), seed: &Seed) -> Result<()> {
    let (at, seconds, kind, value) = *row;
    let start = Moment::at(at)?;
    let identifier: [u8; 16] = seed.bytes(&format!("sample {index}"));
    let object: [(&str, &dyn rusqlite::ToSql); 4] =
        [("uuid", &identifier), ("provenance", &1), ("type", &1), ("creation_date", &start.later(seconds).apple())];
    let id = insert(db, "objects", &object)?;
    let sample: [(&str, &dyn rusqlite::ToSql); 4] = [
        ("data_id", &id),
        ("start_date", &start.apple()),
        ("end_date", &start.later(seconds).apple()),
        ("data_type", &kind),
    ];
    insert(db, "samples", &sample)?;
    match kind {
        63 => insert(db, "category_samples", &[("data_id", &id), ("value", &(value as i64))])?,
        79 => insert(
            db,
            "workouts",
            &[
                ("data_id", &id),
                ("duration", &(seconds as f64)),
                ("total_distance", &(value / 1000.0)),
                ("activity_type", &46),
                ("goal_type", &0),
            ],
        )?,
        _ => insert(db, "quantity_samples", &[("data_id", &id), ("quantity", &value)])?,
    };
    Ok(())
}
