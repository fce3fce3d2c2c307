//! A call history of any size, with the schema of iOS 18.

use std::path::Path;

use rusqlite::params;

use super::PAGE;
use crate::database;
use crate::error::Result;
use crate::life::calls::IOS_18;
use crate::seed::Seed;

/// The first call: 2016-01-01, in seconds since 2001; then one every ten minutes.
const START: i64 = 473_385_600;

/// How many people call.
const PEOPLE: u64 = 2_000;

const CALL: &str = "INSERT INTO ZCALLRECORD (Z_PK, Z_ENT, Z_OPT, ZANSWERED, ZCALL_CATEGORY, ZCALLTYPE, ZHANDLE_TYPE, \
     ZORIGINATED, ZREAD, ZDATE, ZDURATION, ZADDRESS, ZISO_COUNTRY_CODE, ZLOCATION, ZSERVICE_PROVIDER, ZUNIQUE_ID) \
     VALUES (?1, 2, 1, ?2, 1, ?3, 2, ?4, 1, ?5, ?6, ?7, 'us', 'San Francisco, CA', ?8, ?9)";

/// Writes the database into the new file `path`. Most calls are with few people; every sixteenth is FaceTime.
pub(super) fn write(path: &Path, calls: u64, seed: &Seed) -> Result<()> {
    let (tables, rest): (Vec<&str>, Vec<&str>) = IOS_18.lines().partition(|line| line.starts_with("CREATE TABLE"));
    let db = database::open(path, PAGE)?;
    db.execute_batch("PRAGMA cache_size=-200000; BEGIN")?;
    db.execute_batch(&tables.join("\n"))?;
    let names = [(1, "CallDBProperties"), (2, "CallRecord"), (3, "EmergencyMediaItem"), (4, "Handle")];
    database::entities(&db, &names)?;
    let mut stream = seed.stream("calls");
    let mut call = db.prepare(CALL)?;
    let mut handle = db.prepare("INSERT INTO ZHANDLE VALUES (?1, 4, 1, 2, ?2, ?2)")?;
    let mut join = db.prepare("INSERT INTO Z_2REMOTEPARTICIPANTHANDLES VALUES (?1, ?1)")?;
    for id in 1..=calls as i64 {
        let with = (stream.unit().powi(3) * PEOPLE as f64) as i64 + 1;
        let address = format!("+1415{with:07}");
        let is_answered = stream.below(4) > 0;
        let seconds = if is_answered { stream.unit() * 900.0 } else { 0.0 };
        let (kind, provider) = if id % 16 == 0 { (16, "com.apple.FaceTime") } else { (1, "com.apple.Telephony") };
        let (date, is_outgoing) = ((START + id * 600) as f64 + 0.5, stream.below(2) == 0);
        let unique = format!("{id:08X}-0000-4000-8000-00000000CA11");
        call.execute(params![id, is_answered, kind, is_outgoing, date, seconds, address.as_bytes(), provider, unique])?;
        handle.execute(params![id, address])?;
        join.execute([id])?;
    }
    drop((call, handle, join));
    db.execute_batch(&rest.join("\n"))?;
    db.execute_batch("COMMIT")?;
    Ok(db.close().map_err(|(_, error)| error)?)
}
