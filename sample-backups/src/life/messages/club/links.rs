//! Links that are more than a page.

use super::Club;
use crate::error::Result;
use crate::life::messages::apps::{self, Tree, t, u};
use crate::life::messages::story::link_preview;
use crate::life::people::ANNA;

/// The fields of an archived object.
type Fields = Vec<(&'static str, Tree)>;

impl Club<'_> {
    /// A page, a song, an app, a place, a document.
    pub(super) fn links(&mut self) -> Result<()> {
        let page = "https://example.com/weather";
        self.link(page, link_preview(page, "The weather", "Sun, mostly")?)?;
        for (url, title, more) in [song(), software(), place(), board()] {
            self.link(url, apps::link(url, title, more)?)?;
        }
        Ok(())
    }

    fn link(&mut self, url: &str, payload: Vec<u8>) -> Result<()> {
        self.says(ANNA.phone, url, |message| {
            message
                .with("balloon_bundle_id", "com.apple.messages.URLBalloonProvider".to_owned())
                .with("payload_data", payload)
        })
    }
}

fn song() -> (&'static str, &'static str, Fields) {
    let fields = vec![
        ("name", t("Row")),
        ("artist", t("The Paddlers")),
        ("album", t("Still Water")),
        ("previewURL", u("https://music.example.com/row.m4a")),
        ("lyricExcerpt", Tree::Fields(vec![("lyrics", t("Row, row,\nrow your boat"))])),
    ];
    let more = vec![("specialization", Tree::Object("LPiTunesMediaSongMetadata", fields))];
    ("https://music.example.com/row", "Row", more)
}

fn software() -> (&'static str, &'static str, Fields) {
    let fields =
        vec![("name", t("Tides")), ("subtitle", t("High and low")), ("genre", t("Weather")), ("platform", t("iOS"))];
    let more = vec![("specialization", Tree::Object("LPiTunesMediaSoftwareMetadata", fields))];
    ("https://apps.example.com/tides", "Tides", more)
}

fn place() -> (&'static str, &'static str, Fields) {
    let parts = vec![
        ("_street", t("Rua da Ribeira 1")),
        ("_postalCode", t("1200-001")),
        ("_city", t("Lisboa")),
        ("_country", t("Portugal")),
    ];
    let fields = vec![
        ("name", t("Old pier")),
        ("address", t("Rua da Ribeira 1")),
        ("addressComponents", Tree::Object("CNPostalAddress", parts)),
    ];
    let more = vec![("specialization2", Tree::Object("LPMapMetadata", fields))];
    ("https://maps.example.com/?ll=38.7071,-9.1355", "Old pier", more)
}

fn board() -> (&'static str, &'static str, Fields) {
    let app = Tree::Object("LPBoard", vec![("application", t("Freeform"))]);
    let more = vec![
        ("collaborationMetadata", Tree::Object("LPCollaboration", vec![("title", t("Trip board"))])),
        ("specialization2", Tree::Object("LPSpecial", vec![("specialization", app)])),
    ];
    ("https://www.icloud.example.com/freeform/1", "Trip board", more)
}
