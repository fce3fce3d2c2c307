//! Photos, a film, a voice, papers, stickers.

use rusqlite::types::Value;

use super::Club;
use crate::error::Result;
use crate::life::Moment;
use crate::life::messages::story::{Attached, PLACEHOLDER, guid, jpeg};
use crate::life::people::{AMAL, ANNA, JONAS};
use crate::mbfile::to_binary;
use crate::media;
use crate::plists::{dictionary, text};
use crate::typedstream::{self, Run};

/// What the identifiers of packs that are message extensions begin with.
const PLUGIN: &str = "com.apple.messages.MSMessageExtensionBalloonPlugin:0000000000:";

impl Club<'_> {
    /// A voice message with what it says, photos one of which is answered, a film, papers, and a file that is gone.
    pub(super) fn files(&mut self) -> Result<()> {
        self.voice()?;
        let at = self.now();
        let photos = vec![jpeg("IMG_5001.JPG")?, jpeg("IMG_5002.JPG")?];
        self.story.sends(self.chat, ANNA.phone, &at, "\u{fffc}\u{fffc}Our spot", photos, self.seed)?;
        self.name_last("our spot");
        let spot = guid(self.seed, "our spot");
        self.says(JONAS.phone, "The second one looks cold", |message| {
            message.with("thread_originator_guid", spot.clone()).with("thread_originator_part", "1:0:1".to_owned())
        })?;
        let card = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Pier;Old;;;\r\nFN:Old Pier\r\nEND:VCARD\r\n";
        let files = [
            Attached::new("rapids.mov", "com.apple.quicktime-movie", "video/quicktime", media::mov(4000)),
            Attached::new("route.pdf", "com.adobe.pdf", "application/pdf", b"%PDF-1.4\n%%EOF\n".to_vec()),
            Attached::new("Old Pier.vcf", "public.vcard", "text/vcard", card.as_bytes().to_vec()),
            Attached { is_gone: true, ..jpeg("IMG_4999.JPG")? },
        ];
        for file in files {
            let at = self.now();
            self.story.sends(self.chat, JONAS.phone, &at, PLACEHOLDER, vec![file], self.seed)?;
        }
        Ok(())
    }

    fn voice(&mut self) -> Result<()> {
        let at = self.now();
        let voice = Attached::new("Audio Message.caf", "com.apple.coreaudio-format", "audio/x-caf", media::amr(1));
        let heard = vec![("IMAudioTranscription", "The river is high, bring boots".to_owned())];
        let run = Run { texts: heard, ..Run::attachment(&voice.guid(self.seed), 0) };
        let played = Moment::at("2024-10-10T10:30:00Z")?.in_messages();
        let message = self.story.says(self.chat, JONAS.phone, &at, PLACEHOLDER)?;
        message.body = Some(typedstream::attributed(PLACEHOLDER, &[run]));
        message.files = vec![voice];
        message.columns = [("is_audio_message", 1), ("is_played", 1), ("is_expirable", 1), ("date_played", played)]
            .map(|(column, value)| (column, Value::Integer(value)))
            .to_vec();
        self.announces("", None, &[("item_type", 5)])
    }

    /// Stickers of every make, two of them put on a message.
    pub(super) fn stickers(&mut self) -> Result<()> {
        let user_made = format!("{PLUGIN}com.apple.Stickers.UserGenerated.MessagesExtension");
        let memoji = format!("{PLUGIN}com.apple.Animoji.StickersApp.MessagesExtension");
        let mut cut_out = self.sticker("cut out.png", &user_made)?;
        // The look of a sticker stands in its metadata.
        cut_out.content.extend(b"<x stickerEffect:type=\"stroke\"/>");
        let alone = [self.genmoji("genmoji.png", "otter in a kayak")?, self.sticker("memoji.png", &memoji)?, cut_out];
        for sticker in alone {
            let at = self.now();
            self.story.sends(self.chat, AMAL.phone, &at, PLACEHOLDER, vec![sticker], self.seed)?;
        }
        for (name, number, part) in [("paw.png", 2007, 2), ("shell.png", 1000, 0)] {
            let at = self.now();
            let sticker = self.sticker(name, "com.example.Paws.stickers")?;
            self.story.sends(self.chat, AMAL.phone, &at, PLACEHOLDER, vec![sticker], self.seed)?;
            let target = format!("p:{part}/{}", guid(self.seed, "our spot"));
            self.change_last(|message| {
                message.with("associated_message_type", number).with("associated_message_guid", target)
            });
        }
        Ok(())
    }

    /// A picture made of words.
    pub(super) fn genmoji(&self, name: &'static str, prompt: &str) -> Result<Attached> {
        let mut made = self.sticker(name, "com.apple.messages.genmoji")?;
        made.columns.push(("emoji_image_short_description", Value::Text(prompt.to_owned())));
        Ok(made)
    }

    fn sticker(&self, name: &'static str, pid: &str) -> Result<Attached> {
        let info = to_binary(&dictionary([("pid", text(pid))]))?;
        let app = to_binary(&dictionary([("bundle-id", text(pid)), ("name", text("Paws"))]))?;
        let columns = vec![("sticker_user_info", Value::Blob(info)), ("attribution_info", Value::Blob(app))];
        let picture = Attached::new(name, "public.png", "image/png", media::png(name, 24, 24)?);
        Ok(Attached { is_sticker: true, columns, ..picture })
    }
}
