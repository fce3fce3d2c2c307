use plist::Value as Plist;

use super::super::model::app::{BusinessKind, PollOption};
use super::*;

/// Archives a tree: dictionaries become `NSDictionary`, strings that begin with `url:` become `NSURL`.
struct Archiver(Vec<Plist>);

impl Archiver {
    fn archive(root: &serde_json::Value) -> Vec<u8> {
        let mut own = Self(vec![Plist::String("$null".into())]);
        let fields = root.as_object().unwrap().iter().map(|(key, value)| (key.clone(), own.add(value)));
        // The root object has fields, as objects of apps have.
        let root: plist::Dictionary = fields.collect();
        own.0.push(Plist::Dictionary(root));
        let top = Plist::Uid(plist::Uid::new(own.0.len() as u64 - 1));
        let list: plist::Dictionary = [
            ("$version".to_owned(), Plist::Integer(100_000.into())),
            ("$archiver".to_owned(), Plist::String("NSKeyedArchiver".into())),
            ("$top".to_owned(), Plist::Dictionary([("root".to_owned(), top)].into_iter().collect())),
            ("$objects".to_owned(), Plist::Array(own.0)),
        ]
        .into_iter()
        .collect();
        let mut bytes = Vec::new();
        Plist::Dictionary(list).to_writer_binary(&mut bytes).unwrap();
        bytes
    }

    fn add(&mut self, value: &serde_json::Value) -> Plist {
        let object = match value {
            serde_json::Value::Object(fields) => {
                let keys = fields.keys().map(|key| self.add(&key.clone().into())).collect();
                let values = fields.values().map(|value| self.add(value)).collect();
                self.object("NSDictionary", [("NS.keys", Plist::Array(keys)), ("NS.objects", Plist::Array(values))])
            }
            serde_json::Value::Array(members) => {
                let members = members.iter().map(|member| self.add(member)).collect();
                self.object("NSArray", [("NS.objects", Plist::Array(members))])
            }
            serde_json::Value::String(text) => match text.strip_prefix("url:") {
                Some(address) => {
                    let relative = self.add(&address.into());
                    self.object("NSURL", [("NS.relative", relative)])
                }
                None => match text.strip_prefix("data:json") {
                    Some(json) => Plist::Data(json.as_bytes().to_vec()),
                    None => Plist::String(text.clone()),
                },
            },
            serde_json::Value::Bool(truth) => Plist::Boolean(*truth),
            serde_json::Value::Number(number) => Plist::Real(number.as_f64().unwrap()),
            serde_json::Value::Null => Plist::String("$null".into()),
        };
        self.0.push(object);
        Plist::Uid(plist::Uid::new(self.0.len() as u64 - 1))
    }

    fn object<const N: usize>(&mut self, class: &str, fields: [(&str, Plist); N]) -> Plist {
        let class = [("$classname".to_owned(), Plist::String(class.into()))].into_iter().collect();
        self.0.push(Plist::Dictionary(class));
        let class = Plist::Uid(plist::Uid::new(self.0.len() as u64 - 1));
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value));
        Plist::Dictionary(fields.chain([("$class".to_owned(), class)]).collect())
    }
}

const PLUGIN: &str = "com.apple.messages.MSMessageExtensionBalloonPlugin:0000000000:";

fn app(bundle: &str, root: serde_json::Value) -> App {
    read(bundle.to_owned(), Some(&Archiver::archive(&root)))
}

fn link(metadata: serde_json::Value) -> AppContent {
    app("com.apple.messages.URLBalloonProvider", serde_json::json!({ "richLinkMetadata": metadata })).content
}

#[test]
fn a_card_has_the_words_of_its_template() {
    let card = serde_json::json!({
        "URL": "url:?game=chess", "an": "Chess", "ldtext": "A game of chess",
        "userInfo": { "image-title": "Title", "image-subtitle": "Under", "caption": "Your move", "subcaption": "e4",
            "secondary-subcaption": "right", "tertiary-subcaption": "below" }
    });
    let app = app(&format!("{PLUGIN}com.example.Chess"), card);
    assert_eq!((app.name.as_deref(), app.card.url.as_deref()), (Some("Chess"), Some("?game=chess")));
    let words: Vec<_> = app.card.words().collect();
    assert_eq!(words, ["Title", "Under", "Your move", "e4", "right", "below", "A game of chess"]);
    assert_eq!(app.content, AppContent::Other);
}

#[test]
fn a_page_has_its_title_and_its_pictures() {
    let content = link(serde_json::json!({
        "URL": "url:https://example.org/b", "originalURL": "url:https://example.org/a", "title": "A page",
        "summary": "About it", "siteName": "Example", "itemType": "article",
        "imageMetadata": { "URL": "url:https://example.org/1.jpg" },
        "images": { "images": [{ "URL": "url:https://example.org/1.jpg" }, { "URL": "url:https://example.org/2.jpg" }] }
    }));
    let AppContent::Link(link) = content else { panic!("{content:?}") };
    assert_eq!((link.url.as_deref(), link.title.as_deref()), (Some("https://example.org/b"), Some("A page")));
    assert_eq!((link.site.as_deref(), link.kind.as_deref()), (Some("Example"), Some("article")));
    assert_eq!(link.images, ["https://example.org/1.jpg", "https://example.org/2.jpg"]);
    assert!(!link.is_placeholder);
}

#[test]
fn songs_apps_places_and_documents_are_told_apart() {
    let song = link(serde_json::json!({ "URL": "url:https://music.example/1", "specialization": {
        "album": "Blue", "artist": "Anna", "name": "Lisbon", "previewURL": "url:https://music.example/1.m4a",
        "lyricExcerpt": { "lyrics": "one\ntwo" } } }));
    assert!(matches!(song, AppContent::Music(music) if music.track.as_deref() == Some("Lisbon")
        && music.preview.as_deref() == Some("https://music.example/1.m4a") && music.lyrics == ["one", "two"]));
    let software = link(serde_json::json!({ "URL": "url:https://apps.example/1", "specialization": {
        "name": "Kayak", "genre": "Sports", "platform": "ios", "subtitle": "Paddle" } }));
    assert!(matches!(software, AppContent::Software(app) if app.genre.as_deref() == Some("Sports")));
    let place = link(serde_json::json!({ "URL": "url:https://maps.example/?ll=38.71,-9.14", "specialization2": {
        "name": "Time Out Market", "address": "Av. 24 de Julho", "addressComponents": {
            "_street": "Av. 24 de Julho 49", "_postalCode": "1200-479", "_city": "Lisboa", "_country": "Portugal" } } }));
    let AppContent::Place(place) = place else { panic!("{place:?}") };
    assert_eq!(place.address, ["Av. 24 de Julho 49", "1200-479 Lisboa", "Portugal"]);
    assert_eq!(place.coordinates, Some((38.71, -9.14)));
    let shared = link(serde_json::json!({ "originalURL": "url:https://www.icloud.com/freeform/1",
        "collaborationMetadata": { "title": "Plans" }, "specialization2": { "specialization": { "application": "Freeform" } } }));
    assert!(matches!(shared, AppContent::Collaboration(shared) if shared.title.as_deref() == Some("Plans")
        && shared.app.as_deref() == Some("Freeform")));
}

#[test]
fn a_check_in_says_when() {
    let check_in = |query: &str| {
        let bundle = format!("{PLUGIN}com.apple.SafetyMonitorApp.SafetyMonitorMessages");
        let url = format!("url:?messageType=1&{query}");
        match app(&bundle, serde_json::json!({ "URL": url })).content {
            AppContent::CheckIn(check_in) => check_in,
            other => panic!("{other:?}"),
        }
    };
    let moment = AppleTime::from_unix_seconds(1_697_316_869);
    assert_eq!(check_in("estimatedEndTime=1697316869.68&sendDate=1697316000").expected, moment);
    assert_eq!(check_in("triggerTime=1697316869.1").overdue, moment);
    // The time of sending is no arrival: a timer that was just started has nothing else either.
    assert_eq!(check_in("sendDate=1697316869"), CheckIn { sent: moment, ..CheckIn::default() });
    assert_eq!(check_in("sendDate=soon"), CheckIn::default());
    assert_eq!(check_in("sendDate=1e300").sent, None);
}

fn data_url(json: &str) -> String {
    use base64::Engine;
    format!("data:,{}?x=1", base64::engine::general_purpose::URL_SAFE.encode(json))
}

#[test]
fn a_poll_has_options_and_a_vote_names_them() {
    let json = r#"{"item":{"title":"Drinks?","orderedPollOptions":[
        {"optionIdentifier":"1","text":"Tea","creatorHandle":"+1"},{"optionIdentifier":"2","text":"Coffee"}]}}"#;
    let app = app(
        &format!("{PLUGIN}com.apple.messages.Polls"),
        serde_json::json!({ "URL": format!("url:{}", data_url(json)) }),
    );
    let AppContent::Poll(poll) = app.content else { panic!("{:?}", app.content) };
    assert_eq!(poll.title.as_deref(), Some("Drinks?"));
    let tea = PollOption { id: "1".into(), text: "Tea".into(), creator: Some("+1".into()), voters: vec![] };
    assert_eq!((poll.options.len(), &poll.options[0]), (2, &tea));
    let vote = r#"{"item":{"votes":[{"voteOptionIdentifier":"2","participantHandle":"+1"}]}}"#;
    assert_eq!(poll::votes(&data_url(vote)), Some(vec!["2".into()]));
    assert_eq!(poll::votes(&data_url("{}")), None);
    assert_eq!(poll::votes("https://example.org"), None);
}

#[test]
fn a_company_asks_and_is_answered() {
    let business = |json: &str| {
        let root = serde_json::json!({ "data": format!("data:json{json}"), "ldtext": "Pick one" });
        match app("com.apple.icloud.apps.messages.business.extension", root).content {
            AppContent::Business(business) => business,
            other => panic!("{other:?}"),
        }
    };
    let reply = business(r#"{"quick-reply":{"items":[{"title":"Yes"},{"title":"No"}],"selectedIndex":1}}"#);
    assert_eq!((reply.kind, reply.title.as_deref()), (BusinessKind::QuickReply, Some("Pick one")));
    assert_eq!(reply.items.iter().map(|item| item.is_chosen).collect::<Vec<_>>(), [false, true]);
    let list = business(
        r#"{"listPicker":{"sections":[{"title":"Cakes","items":[{"title":"Waffle","subtitle":"warm"}]}]},
            "replyMessage":{},"receivedMessage":{"title":"What would you like?"}}"#,
    );
    assert_eq!((list.kind, list.title.as_deref()), (BusinessKind::ListPicker, Some("What would you like?")));
    assert_eq!((list.items[0].text.as_str(), list.items[0].is_chosen), ("Waffle", true));
    let form = business(r#"{"dynamic":{"selections":[{"subtitle":"When?","items":[{"title":"Noon"}]}]}}"#);
    assert_eq!((form.kind, form.items[0].label.as_deref()), (BusinessKind::FormAnswer, Some("When?")));
    assert_eq!(business(r#"{"dynamic":{"selections":null}}"#).kind, BusinessKind::Form);
}

#[test]
fn fitness_names_the_reader_you() {
    let words = "Zoë finished a workout and beat $(kIMTranscriptPluginBreadcrumbTextReceiverIdentifier)!";
    let app = app(
        &format!("{PLUGIN}com.apple.ActivityMessagesApp.MessagesExtension"),
        serde_json::json!({ "ldtext": words }),
    );
    assert_eq!(app.card.summary.as_deref(), Some("Zoë finished a workout and beat You!"));
    assert_eq!(app.content, AppContent::Fitness);
}

#[test]
fn what_cannot_be_read_is_shown_with_its_name() {
    let broken = read("com.example.Game".into(), Some(b"no archive"));
    assert!(matches!(broken.content, AppContent::Unreadable(_)));
    assert_eq!(broken.bundle_id, "com.example.Game");
    assert!(matches!(read("com.example.Game".into(), None).content, AppContent::Unreadable(_)));
    for bundle in ["com.apple.Handwriting.HandwritingProvider", "com.apple.DigitalTouchBalloonProvider"] {
        assert!(matches!(read(bundle.into(), Some(b"\xff")).content, AppContent::Unreadable(_)));
    }
}

#[test]
fn an_app_is_the_last_part_of_an_extension() {
    assert_eq!(own_bundle(&format!("{PLUGIN}com.example.Chess")), "com.example.Chess");
    assert_eq!(own_bundle("com.apple.messages.URLBalloonProvider"), "com.apple.messages.URLBalloonProvider");
}
