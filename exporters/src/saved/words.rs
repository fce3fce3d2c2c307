//! What is said of a record that is remembered: in words for people, in fields for programs.

use corer_schemas::AppleTime;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::record::{Kept, Standing};
use crate::clock::{Moment, date_in_words, exact};

/// What people are told, in a few words each; nothing of a record that the newest backup has and that never changed. `version`
/// says what an earlier version was.
pub(crate) fn notes<R>(kept: &Kept<R>, zone: &TimeZone, version: impl Fn(&R) -> String) -> Vec<String> {
    let standing = match &kept.standing {
        Standing::Present => None,
        Standing::Missing(lacking) => Some(format!("not in {}", backup(lacking.made, zone))),
        Standing::Outside(lacking) => {
            Some(format!("no longer among what was chosen in {}", backup(lacking.made, zone)))
        }
    };
    let versions = kept.versions.iter();
    let versions = versions.map(|earlier| format!("in {}: {}", backup(earlier.made, zone), version(&earlier.record)));
    let device = kept.device.as_ref().map(|device| format!("from the device {device}"));
    standing.into_iter().chain(versions).chain(device).collect()
}

/// `the backup of 30 November 2026`.
fn backup(made: Option<i64>, zone: &TimeZone) -> String {
    let moment = made.and_then(AppleTime::from_unix_seconds).and_then(|made| Moment::new(made, zone));
    moment.map_or_else(
        || "a backup without a date".to_owned(),
        |moment| format!("the backup of {}", date_in_words(moment.date())),
    )
}

/// What programs are told; no field of a record that the newest backup has and that never changed.
#[derive(Serialize)]
pub(crate) struct Fields<V> {
    #[serde(skip_serializing_if = "Option::is_none")]
    lacking: Option<LackingField>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    earlier: Vec<EarlierField<V>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    of_device: Option<String>,
}

#[derive(Serialize)]
struct LackingField {
    /// `backup`: it is not there; `choice`: it is not among what is asked for.
    of: &'static str,
    backup: Option<String>,
}

#[derive(Serialize)]
struct EarlierField<V> {
    backup: Option<String>,
    #[serde(flatten)]
    record: V,
}

/// The fields of a record. `version` gives those of an earlier version.
pub(crate) fn fields<'k, R, V>(kept: &'k Kept<R>, zone: &TimeZone, version: impl Fn(&'k R) -> V) -> Fields<V> {
    let exact = |made: Option<i64>| exact(made.and_then(AppleTime::from_unix_seconds), zone);
    let lacking = match &kept.standing {
        Standing::Present => None,
        Standing::Missing(lacking) => Some(LackingField { of: "backup", backup: exact(lacking.made) }),
        Standing::Outside(lacking) => Some(LackingField { of: "choice", backup: exact(lacking.made) }),
    };
    let earlier = kept.versions.iter();
    let earlier = earlier.map(|earlier| EarlierField { backup: exact(earlier.made), record: version(&earlier.record) });
    Fields { lacking, earlier: earlier.collect(), of_device: kept.device.clone() }
}
