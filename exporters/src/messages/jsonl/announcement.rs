//! Lines that nobody wrote: who came and went, what was renamed.

use corer_schemas::messages::{Announcement, Sender, Sharing};
use serde_json::{Value, json};

/// What the conversation tells of itself.
pub(super) fn announcement(announcement: &Announcement) -> Value {
    let person = |sender: &Sender| sender.as_deref().map(|own| json!({ "handle": own.address, "name": own.name }));
    let several = |people: &[Sender]| people.iter().map(person).collect::<Vec<_>>();
    match announcement {
        Announcement::Added(who) => json!({ "what": "added", "person": person(who) }),
        Announcement::Removed(who) => json!({ "what": "removed", "person": person(who) }),
        Announcement::NumberChanged(who) => json!({ "what": "number_changed", "person": person(who) }),
        Announcement::Left => json!({ "what": "left" }),
        Announcement::Renamed(name) => json!({ "what": "renamed", "name": name }),
        Announcement::PhotoChanged => json!({ "what": "photo_changed" }),
        Announcement::PhotoRemoved => json!({ "what": "photo_removed" }),
        Announcement::BackgroundChanged => json!({ "what": "background_changed" }),
        Announcement::BackgroundRemoved => json!({ "what": "background_removed" }),
        Announcement::Location { sharing, with } => {
            let what = match sharing {
                Some(Sharing::Started) => "location_started",
                Some(Sharing::Stopped) => "location_stopped",
                None => "location",
            };
            json!({ "what": what, "person": person(with) })
        }
        Announcement::AudioKept => json!({ "what": "audio_kept" }),
        Announcement::SharePlay => json!({ "what": "shareplay" }),
        Announcement::Unsent => json!({ "what": "unsent" }),
        Announcement::AddedSeveral(people) => json!({ "what": "added", "people": several(people) }),
        Announcement::RemovedSeveral(people) => json!({ "what": "removed", "people": several(people) }),
        Announcement::Joined => json!({ "what": "joined" }),
        Announcement::Created => json!({ "what": "created" }),
        Announcement::DescriptionChanged(text) => json!({ "what": "description_changed", "description": text }),
        Announcement::Encrypted => json!({ "what": "encrypted" }),
        Announcement::SecurityCodeChanged(who) => json!({ "what": "security_code_changed", "person": person(who) }),
        Announcement::TimerChanged(seconds) => json!({ "what": "timer_changed", "seconds": seconds }),
        Announcement::Called(call) => json!({
            "what": "call", "is_video": call.is_video, "is_group": call.is_group, "seconds": call.seconds,
            "is_missed": call.is_missed,
        }),
        Announcement::Awaited => json!({ "what": "awaited" }),
        Announcement::Unknown { what } => json!({ "what": "unknown", "stored": what }),
        Announcement::Other { item_type, action } => {
            json!({ "what": "other", "item_type": item_type, "action": action })
        }
    }
}
