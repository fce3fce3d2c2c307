//! Markup that is known to be safe.

use std::fmt;

use askama::Template;
use askama::filters::HtmlSafe;

/// Markup that a template made, in which everything untrusted is escaped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Html(String);

/// How much room is kept, in bytes.
const ROOM: usize = 2 * 1024 * 1024;

impl Html {
    /// Fills in a template. Only templates can become markup, and their engine escapes what they are given.
    pub fn of(template: &impl Template) -> Self {
        let mut html = Self::default();
        html.push(template);
        html
    }

    /// Takes text as it is meant to be read: everything in it is escaped.
    pub fn text(text: &str) -> Self {
        Self::of(&Text { text })
    }

    /// Fills in a template and appends it.
    pub fn push(&mut self, template: &impl Template) {
        // Writing to a string cannot fail, and our templates have no fallible filters.
        let _ = template.render_into(&mut self.0);
    }

    /// Appends other markup.
    pub fn append(&mut self, other: &Self) {
        self.0.push_str(&other.0);
    }

    /// Takes text of our own that is markup already.
    pub(super) fn of_our_own(markup: &'static str) -> Self {
        Self(markup.to_owned())
    }

    /// The markup as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Empties it and keeps its room, but for what few pages need.
    pub fn clear(&mut self) {
        self.0.clear();
        self.0.shrink_to(ROOM);
    }
}

#[derive(Template)]
#[template(source = "{{ text }}", ext = "html")]
struct Text<'a> {
    text: &'a str,
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Html {}
