//! What the sounds of voicemails are called.

use corer_schemas::voicemail::Voicemail;
use jiff::tz::TimeZone;

use super::labels::who;
use crate::clock::Moment;

/// How much of a name is that of the caller, in characters.
const NAME_CHARS: usize = 60;

/// `2019-03-04 14.05 Anna Kowalczyk`.
pub(super) fn stem(voicemail: &Voicemail, zone: &TimeZone) -> String {
    let moment = voicemail.date.and_then(|date| Moment::new(date, zone));
    let when = moment.map_or_else(|| "undated".to_owned(), |moment| moment.short().replace(':', "."));
    let who: String = who(voicemail).chars().take(NAME_CHARS).collect();
    format!("{when} {}", who.trim())
}
