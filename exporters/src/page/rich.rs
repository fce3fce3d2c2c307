//! Plain text in which addresses can be followed.

use askama::Template;
use linkify::{LinkFinder, LinkKind};

use super::html::Html;
use super::url::safe_url;

/// Plain text as markup: escaped, with its web and mail addresses as links.
#[derive(Template)]
#[template(path = "page/rich.html")]
pub struct Rich<'a> {
    pieces: Vec<Piece<'a>>,
}

/// Text, or text that can be followed.
struct Piece<'a> {
    text: &'a str,
    href: Option<String>,
}

impl<'a> Rich<'a> {
    /// Whether `text` may hold addresses. Looking for these two is much cheaper than looking for addresses, which few
    /// texts hold.
    pub fn is_needed(text: &str) -> bool {
        text.contains("://") || text.contains('@')
    }

    /// Finds the addresses in `text`.
    pub fn new(text: &'a str) -> Self {
        if !Self::is_needed(text) {
            return Self { pieces: vec![Piece { text, href: None }] };
        }
        let mut finder = LinkFinder::new();
        finder.kinds(&[LinkKind::Url, LinkKind::Email]);
        let pieces = finder.spans(text).map(|span| {
            let href = span.kind().and_then(|kind| href_of(kind, span.as_str()));
            Piece { text: span.as_str(), href }
        });
        Self { pieces: pieces.collect() }
    }

    /// The markup.
    pub fn html(&self) -> Html {
        Html::of(self)
    }
}

fn href_of(kind: &LinkKind, text: &str) -> Option<String> {
    match kind {
        LinkKind::Url => safe_url(text).map(str::to_owned),
        LinkKind::Email => {
            // What stands before the @ may hold ? and &, which would add fields to the letter.
            let plain = text.chars().all(|c| c.is_alphanumeric() || matches!(c, '@' | '.' | '+' | '-' | '_'));
            plain.then(|| format!("mailto:{text}"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(text: &str) -> String {
        Rich::new(text).html().to_string()
    }

    #[test]
    fn addresses_can_be_followed_and_the_rest_is_escaped() {
        assert_eq!(html("a < b & c"), "a &#60; b &#38; c");
        assert_eq!(
            html("see https://a.example/?x=1&y=\"2, or mail me@a.example!"),
            "see <a href=\"https://a.example/?x=1&#38;y=\" rel=\"noopener noreferrer\">https://a.example/?x=1&#38;y=</a>\
             &#34;2, or mail <a href=\"mailto:me@a.example\" rel=\"noopener noreferrer\">me@a.example</a>!"
        );
    }

    #[test]
    fn other_schemes_and_odd_letters_stay_text() {
        for text in ["javascript://a.example/%0aalert(1)", "file://a.example/b", "x?bcc=y@a.example"] {
            assert!(!html(text).contains("<a"), "{text}");
        }
    }
}
