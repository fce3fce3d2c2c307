//! How messages came and went.

use super::Club;
use crate::error::Result;
use crate::life::people::{AMAL, ANNA, JONAS};

/// The effects, as `expressive_send_style_id` names them.
const EFFECTS: [&str; 13] = [
    "com.apple.MobileSMS.expressivesend.impact",
    "com.apple.MobileSMS.expressivesend.loud",
    "com.apple.MobileSMS.expressivesend.gentle",
    "com.apple.MobileSMS.expressivesend.invisibleink",
    "com.apple.messages.effect.CKEchoEffect",
    "com.apple.messages.effect.CKSpotlightEffect",
    "com.apple.messages.effect.CKHappyBirthdayEffect",
    "com.apple.messages.effect.CKConfettiEffect",
    "com.apple.messages.effect.CKHeartEffect",
    "com.apple.messages.effect.CKLasersEffect",
    "com.apple.messages.effect.CKFireworksEffect",
    "com.apple.messages.effect.CKShootingStarEffect",
    "com.apple.messages.effect.CKSparklesEffect",
];

/// Who, what, and the columns that say how.
type Sent = (&'static str, &'static str, &'static [(&'static str, i64)]);

const SENT: [Sent; 10] = [
    (
        "",
        "See you tomorrow at nine",
        &[("schedule_type", 2), ("schedule_state", 2), ("is_sent", 0), ("is_delivered", 0)],
    ),
    ("", "Written last night", &[("schedule_type", 2), ("schedule_state", 5)]),
    ("", "This did not go through", &[("error", 22), ("is_sent", 0), ("is_delivered", 0)]),
    ("", "From the mountain, by satellite", &[("is_stewie", 1), ("sent_or_received_off_grid", 1)]),
    ("", "Waiting for a satellite", &[("is_pending_satellite_send", 1), ("is_sent", 0)]),
    ("", "This went as a text message", &[("was_downgraded", 1)]),
    (AMAL.phone, "Do not disturb me", &[("was_delivered_quietly", 1)]),
    (JONAS.phone, "I\u{2019}m driving with Focus turned on.", &[("is_auto_reply", 1)]),
    (JONAS.phone, "We need help at the old pier", &[("is_sos", 1)]),
    (ANNA.phone, "Win a boat! Answer YES", &[("is_spam", 1)]),
];

/// By what a message may travel.
const SERVICES: [&str; 4] = ["SMS", "RCS", "iMessageLite", "Pigeon"];

impl Club<'_> {
    /// Sent later, failed, by satellite, as a text message, silently, by itself, for help, unwanted; by every service.
    pub(super) fn deliveries(&mut self) -> Result<()> {
        for (from, words, columns) in SENT {
            self.says(from, words, |message| {
                columns.iter().fold(message, |message, (column, value)| message.with(column, *value))
            })?;
        }
        for service in SERVICES {
            self.says("", &format!("This went by {service}"), |message| message.with("service", service.to_owned()))?;
        }
        Ok(())
    }

    /// Every effect of bubble and screen.
    pub(super) fn effects(&mut self) -> Result<()> {
        for (place, effect) in EFFECTS.iter().enumerate() {
            let from = if place % 2 == 0 { "" } else { ANNA.phone };
            let name = effect.rsplit('.').next().unwrap_or_default();
            self.says(from, &format!("With {name}"), |message| {
                message.with("expressive_send_style_id", (*effect).to_owned())
            })?;
        }
        Ok(())
    }
}
