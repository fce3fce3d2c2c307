//! Which events were asked for.

use super::model::{Event, Nature};
use crate::handles::folded;
use crate::selection::{Selection, includes};
use crate::time::AppleTime;

/// A choice of events. The default chooses everything but what the device only suggests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// When and with whom.
    pub common: Selection,
    /// Only those of these calendars: a part of the name, whatever its case and accents. Empty: of any, and of none.
    pub calendars: Vec<String>,
    /// Only those with all of these words in their title, their notes or their place.
    pub words: Vec<String>,
    /// Also what the device found in apps and mails, and nobody took over.
    pub suggestions: bool,
}

impl Filter {
    /// Whether one is among those asked for. A series counts from its first occurrence to its end.
    pub(super) fn includes(&self, event: &Event) -> bool {
        (self.suggestions || event.nature != Nature::Suggestion)
            && self.includes_time(event)
            && includes(&self.common.asked(), event.people().flat_map(|person| person.names()))
            && self.includes_calendar(event)
            && self.includes_words(event)
    }

    fn includes_calendar(&self, event: &Event) -> bool {
        let title = event.calendar.as_ref().and_then(|calendar| calendar.title.as_deref());
        let title = || folded(title.unwrap_or_default());
        self.calendars.is_empty() || self.calendars.iter().any(|asked| title().contains(&folded(asked)))
    }

    fn includes_words(&self, event: &Event) -> bool {
        if self.words.is_empty() {
            return true;
        }
        let place = event.place.as_ref();
        let place = place.into_iter().flat_map(|place| [&place.title, &place.address]);
        let texts = [&event.title, &event.notes].into_iter().chain(place);
        let text = texts.filter_map(|text| text.as_deref()).collect::<Vec<_>>().join("\n");
        let text = folded(&text);
        self.words.iter().all(|word| text.contains(&folded(word)))
    }

    fn includes_time(&self, event: &Event) -> bool {
        let Selection { since, until, .. } = &self.common;
        let Some(start) = event.start else { return since.is_none() && until.is_none() };
        let end =
            if event.rules.is_empty() { event.end.map(|end| end.max(start)).or(Some(start)) } else { last(event) };
        until.is_none_or(|until| start < until) && since.is_none_or(|since| end.is_none_or(|end| end >= since))
    }
}

/// When the last occurrence of a series begins at the latest; `None` where nothing says so.
fn last(event: &Event) -> Option<AppleTime> {
    let ends: Option<Vec<AppleTime>> = event.rules.iter().map(|rule| rule.until).collect();
    ends?.into_iter().max()
}

impl AsRef<Selection> for Filter {
    fn as_ref(&self) -> &Selection {
        &self.common
    }
}
