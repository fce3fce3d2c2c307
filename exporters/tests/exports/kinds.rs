//! Every kind of message, in every format.

use std::fs;

use crate::common::{Memory, export_to, kinds, options};
use corer_exporters::messages::{Attachments, Formats, Layout};
use serde_json::Value;
use tempfile::TempDir;

fn written(change: impl FnOnce(&mut corer_exporters::messages::Options)) -> (TempDir, Memory) {
    let mut memory = Memory::default();
    kinds::add(&mut memory, &str::to_owned);
    let mut options = options(1);
    options.formats = Formats { html: true, jsonl: true, csv: true, txt: true, layout: None };
    options.search = true;
    options.owner = Some("Mia".to_owned());
    change(&mut options);
    let folder = TempDir::new().unwrap();
    export_to(folder.path(), &memory, &options);
    (folder, memory)
}

#[test]
fn a_page_shows_every_kind() {
    let (folder, memory) = written(|_| ());
    let page = fs::read_to_string(folder.path().join("Everything/index.html")).unwrap();
    for part in [
        "<b><u>B</u></b></a>",
        "class=\"fx Shake\" title=\"Shake\"",
        "<b class=\"mention\">",
        "title=\"One-time code\"",
        "<p class=emoji>🎈🎈</p>",
        "<a href=\"https://example.org/a?b=1&#38;c=2\"",
        "<a class=re href=\"#m-0000-0001\" aria-label=\"In reply to\"><b><bdi>Anna Kowalczyk</bdi></b> <bdi>Bold, italic and 123456</bdi></a>",
        "<p class=tr dir=auto lang=\"en-GB\">See you soon <small dir=ltr>Translation</small></p>",
        "title=\"Delivered 09:30:00, read 10:00:00\"",
        "❤️ 2<span> <bdi>Anna Kowalczyk</bdi>, <bdi>Mia</bdi></span>",
        "alt=\"Memoji sticker\"",
        "<summary>Edited</summary>",
        "I bring caek",
        "<bdi>Mia</bdi> took this back on 2024-05-11 09:50",
        "and a secret <small dir=ltr>Deleted on 2024-05-12 09:50</small>",
        "Deleted on 2024-05-12 08:00, still in Recently Deleted</bdi>",
        "Sent with Confetti",
        "Not delivered (error 22)",
        "<bdi>Waits to be sent at this time</bdi> · <bdi>By satellite</bdi> · <bdi>Emergency message</bdi>",
        "It does not play here: ",
        "<p class=said dir=auto>Call me back when you can</p>",
        "<video controls preload=none",
        "only in iCloud, not in the backup",
        "alt=\"Genmoji: a cat with a hat (Glitter)\"",
        "<summary>Sensitive: show</summary>",
        "href=\"https://example.org/tram\" rel=\"noopener noreferrer\">Tram 28</a>",
        "src=\"../attachments/5F-",
        "<p dir=auto>Ana</p>",
        "<p class=name>App Store</p>",
        "38.71000, -9.13000",
        "<p class=address>javascript:alert(1)</p>",
        "Its content could not be read: it is cut off",
        "<p dir=auto>Expected 2024-05-11 22:00</p>",
        "<meter max=2 value=2 aria-label=\"2 votes\"></meter><small dir=ltr><bdi>Mia</bdi>, <bdi>Anna Kowalczyk</bdi></small>",
        "\u{2713} Seat: 12A (window)",
        "aria-label=\"A message written by hand\"",
        "aria-label=\"A drawing\"",
        "aria-label=\"A heart that breaks, 72 beats a minute\"",
        "A touch of an unknown kind (99)",
        "<p dir=ltr><bdi>Anna Kowalczyk</bdi> added <bdi>Ben</bdi> to the conversation",
        "<bdi>Anna Kowalczyk</bdi> named the conversation “<bdi>Lisbon</bdi>”",
        "<bdi>Anna Kowalczyk</bdi> started to share a location with <bdi>Ben</bdi>",
        "<bdi>Ben</bdi>: <bdi>Liked “an old message”</bdi>",
        "that this version of corer cannot show (<bdi>item type 77</bdi>)",
        "class=\"m me sms\"",
        "<span class=tag>Unknown sender</span>",
    ] {
        assert!(page.contains(part), "{part}");
    }
    let messages = memory.messages.values().flatten().count();
    assert_eq!(page.matches(" id=m-").count(), messages, "every message has its mark");
}

#[test]
fn every_kind_is_as_the_schema_says() {
    let (folder, memory) = written(|_| ());
    let schema: Value = serde_json::from_str(include_str!("../../../docs/formats/messages.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let text = fs::read_to_string(folder.path().join("messages.jsonl")).unwrap();
    let records: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for record in &records {
        let errors: Vec<String> = schema.iter_errors(record).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{record}: {errors:?}");
    }
    assert_eq!(records.len(), memory.messages.values().flatten().count() + 3);
    let of = |text: &str| records.iter().find(|record| record["text"] == text).unwrap();
    let first = of("Bold, italic and 123456, see example");
    assert_eq!(first["parts"][0]["spans"][5]["value"], "https://example.org/");
    assert_eq!(first["sender"]["name"], "Anna Kowalczyk");
    assert_eq!(of("À bientôt")["reply_to"]["guid"], "0000-0001");
    let taps = of("Who brings cake?")["tapbacks"].as_array().unwrap();
    assert_eq!(
        (&taps[0]["reaction"], &taps[0]["emoji"], &taps[2]["emoji"]),
        (&"loved".into(), &"❤️".into(), &"🎉".into())
    );
    assert_eq!(taps[4]["sticker"]["status"], "saved");
    assert_eq!(of("I bring cake")["edits"][0]["versions"][0]["text"], "I bring caek");
    assert_eq!(of("Hurray")["effect"], "Confetti");
    assert_eq!(of("This was deleted")["deleted"]["is_whole"], true);
    assert_eq!(of("This failed")["delivery"]["error"], 22);
}

#[test]
fn tables_and_plain_text_say_what_the_pages_say() {
    let (folder, memory) = written(|_| ());
    let table = fs::read_to_string(folder.path().join("messages.csv")).unwrap();
    let rows: Vec<csv::StringRecord> = csv::Reader::from_reader(table.trim_start_matches('\u{feff}').as_bytes())
        .into_records()
        .map(Result::unwrap)
        .collect();
    assert_eq!(rows.len(), memory.messages.values().flatten().count());
    let row = rows.iter().find(|row| &row[7] == "Who brings cake?").unwrap();
    assert_eq!((&row[0], &row[2], &row[3]), ("Everything", "Ben", "ben@example.org"));
    assert!(row[9].starts_with("❤️ Anna Kowalczyk, ❤️ Mia, 🎉 Anna Kowalczyk"), "{}", &row[9]);
    let poll = rows.iter().find(|row| row[7].starts_with("Where to eat?")).unwrap();
    assert_eq!(&poll[7], "Where to eat?\nFish: 2 votes (Mia, Anna Kowalczyk)\nPizza: 1 vote (Ben)\nAt home: no votes");

    let text = fs::read_to_string(folder.path().join("Everything/messages.txt")).unwrap();
    for line in [
        "2024-05-11 09:12  Mia: [to Anna Kowalczyk: Bold, italic and 123456] À bientôt",
        "    [edited; before: I bring caek]",
        "    “Call me back when you can”",
        "    [Not delivered (error 22)]",
        "  Anna Kowalczyk added Ben to the conversation",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[test]
fn a_layout_of_another_program_has_its_columns_and_names() {
    let (folder, _) =
        written(|options| options.formats = Formats { layout: Some(Layout::Imazing15), ..Formats::default() });
    let table = fs::read_to_string(folder.path().join("csv/Messages - Everything.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    assert_eq!(
        reader.headers().unwrap().iter().collect::<Vec<_>>().join(","),
        "Chat Session,Message Date,Delivered Date,Read Date,Edited Date,Service,Type,Sender ID,Sender Name,Status,Replying to,Subject,Text,Attachment,Attachment type"
    );
    let rows: Vec<csv::StringRecord> = reader.into_records().map(Result::unwrap).collect();
    let own = rows.iter().find(|row| &row[12] == "À bientôt").unwrap();
    assert_eq!(
        own.iter().collect::<Vec<_>>(),
        [
            "Everything",
            "2024-05-11 09:12:00",
            "2024-05-11 09:30:00",
            "2024-05-11 10:00:00",
            "",
            "iMessage",
            "Outgoing",
            "",
            "Mia",
            "Read",
            "Bold, italic and 123456",
            "",
            "À bientôt",
            "",
            ""
        ]
    );
    let photo = rows.iter().find(|row| row[13].ends_with("photo.png")).unwrap();
    assert!(folder.path().join("attachments").join(&photo[13]).is_file(), "{}", &photo[13]);
    assert!(photo[13].ends_with(" - Everything - photo.png") && photo[13].starts_with("2024-05-11 "), "{}", &photo[13]);
    assert_eq!((&photo[6], &photo[14]), ("Incoming", "Image"));
    assert!(rows.iter().any(|row| &row[6] == "Notification"));
}

#[test]
fn attachments_can_be_left_where_they_are() {
    let (folder, _) = written(|options| options.attachments = Attachments::Leave);
    assert!(!folder.path().join("attachments").exists());
    let page = fs::read_to_string(folder.path().join("Everything/index.html")).unwrap();
    assert!(page.contains("<bdi>photo.png</bdi> <small>not included</small>"));

    let (folder, _) = written(|options| options.attachments = Attachments::Link);
    let page = fs::read_to_string(folder.path().join("Everything/index.html")).unwrap();
    assert!(page.contains("src=\"file:///backup/Library/SMS/Attachments/"));
    assert!(fs::read_to_string(folder.path().join("messages.jsonl")).unwrap().contains("\"status\":\"linked\""));
}
