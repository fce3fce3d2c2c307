//! What the bubble of an app says, whatever the app: a name, a title, further lines, and where it leads.

use std::borrow::Cow;
use std::collections::HashSet;

use corer_schemas::AppleTime;
use corer_schemas::messages::app::{
    Business, CheckIn, Collaboration, Link, Music, Place, Poll, PollOption, Software, Touch,
};
use corer_schemas::messages::{App, AppContent, Card};
use jiff::tz::TimeZone;

use super::app_name::{app_name, last_part};
use super::people::ChatPeople;
use crate::clock::Moment;
use crate::page::{plural, safe_url};

/// The words of an app's bubble.
#[derive(Debug, Default)]
pub(super) struct AppCard<'a> {
    /// The app or what it is.
    pub(super) name: Cow<'a, str>,
    /// The first line.
    pub(super) title: Option<Cow<'a, str>>,
    /// The lines below.
    pub(super) lines: Vec<Cow<'a, str>>,
    /// Where it leads; any address, as it was sent.
    pub(super) url: Option<&'a str>,
}

impl<'a> AppCard<'a> {
    /// Reads the words of an app. Moments are told in `zone`.
    pub(super) fn new(app: &'a App, zone: &TimeZone) -> Self {
        let own = match &app.content {
            AppContent::Link(link) => Self::link(link),
            AppContent::Music(music) => Self::music(music),
            AppContent::Software(software) => Self::software(software),
            AppContent::Place(place) => Self::place(place),
            AppContent::Collaboration(shared) => Self::collaboration(shared),
            AppContent::CheckIn(check_in) => Self::check_in(check_in, zone),
            AppContent::Poll(poll) => Self { title: text(&poll.title), ..Self::default() },
            AppContent::Business(business) => Self::business(business),
            AppContent::Touch(touch) => Self { title: Some(touch_words(touch).into()), ..Self::default() },
            AppContent::Unreadable(why) => {
                let why = format!("Its content could not be read: {why}");
                Self { lines: vec![why.into()], ..Self::default() }
            }
            _ => Self::default(),
        };
        let mut own = own.named(app).with(&app.card);
        // What a check-in says in its address is told above, and leads nowhere.
        if matches!(app.content, AppContent::CheckIn(_)) && own.url.is_some_and(|url| url.starts_with('?')) {
            own.url = None;
        }
        own
    }

    /// All of it in the order in which it is read, without the name.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.title.iter().chain(&self.lines).map(|line| &**line)
    }

    fn named(mut self, app: &'a App) -> Self {
        if self.name.is_empty() {
            self.name = match app.name.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
                Some(name) => name.into(),
                None => app_name(app),
            };
        }
        self
    }

    /// Adds what the card says and is not said yet.
    fn with(mut self, card: &'a Card) -> Self {
        for word in [
            &card.image_title,
            &card.image_subtitle,
            &card.caption,
            &card.subcaption,
            &card.trailing_caption,
            &card.trailing_subcaption,
        ] {
            self.add(word);
        }
        if card.summary.as_deref().is_some_and(|summary| self.says_less_than(summary)) {
            self.add(&card.summary);
        }
        self.url = self.url.or(card.url.as_deref());
        self
    }

    /// Whether a summary has words that are not shown: most repeat the lines, put together in one way or another.
    fn says_less_than(&self, summary: &str) -> bool {
        let words = |text: &str| -> Vec<String> {
            let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
            words.map(str::to_lowercase).collect()
        };
        let said: HashSet<String> = self.words().chain([&*self.name]).flat_map(words).collect();
        let mut own = words(summary).into_iter().peekable();
        // One of signs alone, such as an emoji, has no words to compare.
        match own.peek() {
            None => !self.words().any(|said| said.contains(summary.trim())),
            Some(_) => own.any(|word| !said.contains(&word)),
        }
    }

    fn add(&mut self, word: &'a Option<String>) {
        let Some(word) = text(word).filter(|word| !self.words().any(|said| said == word)) else { return };
        match self.title {
            None => self.title = Some(word),
            Some(_) => self.lines.push(word),
        }
    }

    fn link(link: &'a Link) -> Self {
        let url = link.url.as_deref().or(link.original_url.as_deref());
        let host = url.and_then(host_of);
        let site = text(&link.site).or_else(|| host.map(Cow::Borrowed));
        Self {
            name: site.unwrap_or("Link".into()),
            title: text(&link.title).or_else(|| url.map(Cow::Borrowed)),
            lines: [&link.summary, &link.author].into_iter().filter_map(text).collect(),
            url,
        }
    }

    fn music(music: &'a Music) -> Self {
        let lines = [&music.artist, &music.album].into_iter().filter_map(text);
        let lyrics = music.lyrics.iter().map(|line| Cow::Borrowed(line.as_str()));
        Self {
            name: "Apple Music".into(),
            title: text(&music.track),
            lines: lines.chain(lyrics).collect(),
            url: music.url.as_deref(),
        }
    }

    fn software(software: &'a Software) -> Self {
        Self {
            name: "App Store".into(),
            title: text(&software.name),
            lines: [&software.subtitle, &software.genre, &software.platform].into_iter().filter_map(text).collect(),
            url: software.url.as_deref(),
        }
    }

    fn place(place: &'a Place) -> Self {
        let lines = place.address.iter().map(|line| Cow::Borrowed(line.as_str()));
        let at = place.coordinates.map(|(latitude, longitude)| format!("{latitude:.5}, {longitude:.5}").into());
        Self {
            name: if place.is_live { "Live location".into() } else { "Map".into() },
            title: text(&place.name),
            lines: lines.chain(at).collect(),
            url: place.url.as_deref(),
        }
    }

    fn collaboration(shared: &'a Collaboration) -> Self {
        let app = text(&shared.app).map(|app| if app.contains('.') { last_part(&app).to_owned().into() } else { app });
        Self {
            name: app.unwrap_or("Shared document".into()),
            title: text(&shared.title),
            lines: Vec::new(),
            url: shared.url.as_deref(),
        }
    }

    fn check_in(check_in: &CheckIn, zone: &TimeZone) -> Self {
        let line = |what: &str, time: Option<AppleTime>| {
            Some(Cow::Owned(format!("{what} {}", Moment::new(time?, zone)?.short())))
        };
        let lines = [line("Expected", check_in.expected), line("Overdue from", check_in.overdue)];
        Self { lines: lines.into_iter().flatten().collect(), ..Self::default() }
    }

    fn business(business: &'a Business) -> Self {
        let items = business.items.iter().map(|item| {
            let label = item.label.as_deref().map(|label| format!("{label}: ")).unwrap_or_default();
            let more = item.subtitle.as_deref().map(|more| format!(" ({more})")).unwrap_or_default();
            Cow::Owned(format!("{}{label}{}{more}", if item.is_chosen { "\u{2713} " } else { "" }, item.text))
        });
        Self {
            title: text(&business.title),
            lines: text(&business.subtitle).into_iter().chain(items).collect(),
            ..Self::default()
        }
    }
}

/// The options of a poll in words: `Pizza: 2 votes (Anna, Me)`.
pub(super) fn poll_words(poll: &Poll, who: &ChatPeople<'_>) -> Vec<String> {
    let words = |option: &PollOption| match &*voters(option, *who).collect::<Vec<_>>().join(", ") {
        "" => format!("{}: no votes", option.text),
        names => format!("{}: {} ({names})", option.text, plural(option.voters.len() as u64, "vote")),
    };
    poll.options.iter().map(words).collect()
}

/// Who voted for an option.
pub(super) fn voters<'m, 'a: 'm>(option: &'m PollOption, who: ChatPeople<'a>) -> impl Iterator<Item = &'m str> {
    option.voters.iter().map(move |voter| who.name(voter.is_from_me, &voter.sender))
}

/// What a drawing or tap is, in words.
pub(super) fn touch_words(touch: &Touch) -> String {
    match touch {
        Touch::Taps(taps) => plural(taps.len() as u64, "tap"),
        Touch::Sketch(_) => "A drawing".to_owned(),
        Touch::Kisses(kisses) if kisses.len() == 1 => "A kiss".to_owned(),
        Touch::Kisses(kisses) => format!("{} kisses", kisses.len()),
        Touch::Heartbeat { beats, broken_at, .. } => {
            let heart = if broken_at.is_some() { "A heart that breaks" } else { "A heartbeat" };
            format!("{heart}, {beats:.0} beats a minute")
        }
        Touch::Fireball(_) => "A fireball".to_owned(),
        Touch::Media(media) if media.is_video => "A film that is drawn on".to_owned(),
        Touch::Media(_) => "A photo that is drawn on".to_owned(),
        Touch::Other(number) => format!("A touch of an unknown kind ({number})"),
    }
}

fn text(word: &Option<String>) -> Option<Cow<'_, str>> {
    word.as_deref().map(str::trim).filter(|word| !word.is_empty()).map(Cow::Borrowed)
}

fn host_of(url: &str) -> Option<&str> {
    let (_, rest) = safe_url(url)?.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    let host = host.rsplit('@').next()?;
    Some(host.strip_prefix("www.").unwrap_or(host)).filter(|host| !host.is_empty())
}
