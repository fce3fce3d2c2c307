//! The frame around the content of every page.

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::html::Html;

/// The style of every page.
const STYLE: &str = include_str!("style.css");

/// The frame of a page: a head that comes before the content and a foot after it.
#[derive(Debug, Clone)]
pub struct Shell<'a> {
    /// What the window is called.
    pub title: &'a str,
    /// The style that this kind of page adds, a constant of the program.
    pub style: &'static str,
}

#[derive(Template)]
#[template(path = "page/head.html")]
struct Head<'a> {
    title: &'a str,
    policy: String,
    style: Html,
    more_style: Html,
}

#[derive(Template)]
#[template(path = "page/foot.html")]
struct Foot;

impl Shell<'_> {
    /// Everything up to where the content begins.
    pub fn head(&self) -> Html {
        Html::of(&Head {
            title: self.title,
            policy: policy(&[STYLE, self.style]),
            style: Html::of_our_own(STYLE),
            more_style: Html::of_our_own(self.style),
        })
    }

    /// Everything after the content.
    pub fn foot(&self) -> Html {
        Html::of(&Foot)
    }
}

/// A whole page.
pub fn whole(shell: &Shell<'_>, content: &impl Template) -> String {
    let mut page = shell.head();
    page.push(content);
    page.push(&Foot);
    page.to_string()
}

/// What a page may load: pictures, sound and films from its own place, and the styles inside it, known by their hash.
/// `'self'` covers servers. Browsers differ on whether it covers `file:`, hence that beside it. No script, no frame, no
/// font, no form, no base.
fn policy(styles: &[&str]) -> String {
    let hashes: String =
        styles.iter().map(|style| format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(style)))).collect();
    format!(
        "default-src 'none'; img-src 'self' file:; media-src 'self' file:; style-src{hashes}; base-uri 'none'; \
         form-action 'none'"
    )
}
