//! What apps send: cards, drawings, polls.

use super::Club;
use crate::error::Result;
use crate::life::messages::apps;
use crate::life::messages::story::guid;
use crate::life::people::{AMAL, ANNA, JONAS};

/// What the identifiers of message extensions begin with.
const PLUGIN: &str = "com.apple.messages.MSMessageExtensionBalloonPlugin:0000000000:";
/// Who draws hearts and taps.
const TOUCH: &str = "com.apple.DigitalTouchBalloonProvider";

/// Bundle identifier, name, caption, second line, address.
const CARDS: [(&str, &str, &str, &str, &str); 8] = [
    (
        "com.apple.PassbookUIService.PeerPaymentMessagesExtension",
        "Apple Cash",
        "$12.50 for the boat",
        "Paid",
        "https://pay.example.com/",
    ),
    (
        "com.apple.ActivityMessagesApp.MessagesExtension",
        "Fitness",
        "Jonas closed all three rings",
        "",
        "https://fitness.example.com/",
    ),
    (
        "com.apple.mobileslideshow.PhotosMessagesApp",
        "Photos",
        "12 photos from the river",
        "",
        "https://www.icloud.example.com/photos/1",
    ),
    (
        "com.apple.SafetyMonitorApp.SafetyMonitorMessages",
        "Check In",
        "Check In: home",
        "",
        "?messageType=1&estimatedEndTime=1728554400.0&sendDate=1728550800.0",
    ),
    (
        "com.apple.SafetyMonitorApp.SafetyMonitorMessages",
        "Check In",
        "Check In: arrived",
        "",
        "?messageType=2&sendDate=1728554000.0",
    ),
    (
        "com.apple.SafetyMonitorApp.SafetyMonitorMessages",
        "Check In",
        "Check In: late",
        "",
        "?messageType=3&triggerTime=1728558000.0&sendDate=1728558000.0",
    ),
    ("com.apple.findmy.FindMyMessagesApp", "Find My", "Anna shares her place", "", "https://findmy.example.com/"),
    ("com.example.Boats", "Boats & Ports", "Your move", "Turn 3", "?turn=3"),
];

impl Club<'_> {
    /// Money, rings, photos, a safe way home, a place, a game.
    pub(super) fn cards(&mut self) -> Result<()> {
        for (bundle, name, caption, subcaption, url) in CARDS {
            let payload = apps::card(name, caption, subcaption, url)?;
            self.app(JONAS.phone, &format!("{PLUGIN}{bundle}"), payload)?;
        }
        Ok(())
    }

    /// Written and drawn by hand, and everything that Digital Touch knows.
    pub(super) fn drawings(&mut self) -> Result<()> {
        self.app(AMAL.phone, "com.apple.Handwriting.HandwritingProvider", apps::handwriting())?;
        self.app("", TOUCH, apps::sketch())?;
        let touches = [apps::heartbeat(None), apps::heartbeat(Some(2.5)), apps::taps(), apps::kiss(), apps::fireball()];
        for touch in touches {
            self.app(ANNA.phone, TOUCH, touch)?;
        }
        Ok(())
    }

    /// A question, three answers, and a change of mind.
    pub(super) fn poll(&mut self) -> Result<()> {
        let options = r#"{"item":{"title":"Which day?","orderedPollOptions":[
            {"optionIdentifier":"SAT","text":"Saturday","creatorHandle":"+14155550134"},
            {"optionIdentifier":"SUN","text":"Sunday","creatorHandle":"+14155550134"}]}}"#;
        self.asks("which day", None, options)?;
        for (from, option) in [(JONAS.phone, "SAT"), ("", "SUN"), (JONAS.phone, "SUN")] {
            self.votes(from, option)?;
        }
        Ok(())
    }

    /// Asks, or adds to what was asked before under the name `updates`.
    pub(super) fn asks(&mut self, name: &str, updates: Option<&str>, options: &str) -> Result<()> {
        self.app(ANNA.phone, &format!("{PLUGIN}com.apple.messages.Polls"), apps::poll(options)?)?;
        let target = updates.map(|name| guid(self.seed, name));
        self.change_last(|message| {
            let message = message.named(name);
            target.into_iter().fold(message, |message, target| {
                message.with("associated_message_type", 2).with("associated_message_guid", target)
            })
        });
        Ok(())
    }

    pub(super) fn votes(&mut self, from: &str, option: &str) -> Result<()> {
        let json =
            format!(r#"{{"item":{{"votes":[{{"voteOptionIdentifier":"{option}","participantHandle":"{from}"}}]}}}}"#);
        self.app(from, &format!("{PLUGIN}com.apple.messages.Polls"), apps::poll(&json)?)?;
        let target = guid(self.seed, "which day");
        self.change_last(|message| {
            message.with("associated_message_type", 4000).with("associated_message_guid", target)
        });
        Ok(())
    }
}
