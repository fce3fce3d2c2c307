//! `com.apple.springboardservices`: icons for the placeholders in Info.plist \[S\].

use plist::Value;
use sample_backups::media;
use sample_backups::plists::{dictionary, text};

use super::{dialogue, word};
use crate::error::Result;
use crate::wire::Channel;
use crate::world::World;

/// Serves one connection.
///
/// # Errors
/// When the connection breaks.
pub fn serve(world: &World, channel: Channel) -> Result<()> {
    dialogue(channel, |request| {
        let command = word(request, "command");
        world.log.asked("springboard", command);
        Some(vec![match command {
            "getIconPNGData" => match media::png(word(request, "bundleId"), 8, 8) {
                Ok(icon) => dictionary([("pngData", Value::Data(icon))]),
                Err(error) => dictionary([("Error", text(error.to_string()))]),
            },
            _ => dictionary([("Error", text("UnknownCommand"))]),
        }])
    })
}
