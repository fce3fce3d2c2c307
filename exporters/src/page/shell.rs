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
    /// The script that this kind of page runs, a constant of the program; a page must be complete without it.
    pub script: Option<&'static str>,
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
struct Foot {
    script: Option<Html>,
}

impl Shell<'_> {
    /// Everything up to where the content begins.
    pub fn head(&self) -> Html {
        self.head_with("")
    }

    /// The same for a page whose script loads data of ours from beside the page. From `file://` a page can read files
    /// in one way alone: as scripts that its own script puts into it. No other script gets in this way.
    pub fn head_of_loader(&self) -> Html {
        self.head_with(" 'strict-dynamic'")
    }

    fn head_with(&self, loads: &str) -> Html {
        Html::of(&Head {
            title: self.title,
            policy: policy(&[STYLE, self.style], self.script, loads),
            style: Html::of_our_own(STYLE),
            more_style: Html::of_our_own(self.style),
        })
    }

    /// Everything after the content.
    pub fn foot(&self) -> Html {
        Html::of(&Foot { script: self.script.map(Html::of_our_own) })
    }
}

/// A complete page.
pub fn complete_page(shell: &Shell<'_>, content: &impl Template) -> String {
    around(shell.head(), shell, content)
}

/// A complete page whose script loads data of ours: see [`Shell::head_of_loader`].
pub fn complete_loader_page(shell: &Shell<'_>, content: &impl Template) -> String {
    around(shell.head_of_loader(), shell, content)
}

fn around(mut page: Html, shell: &Shell<'_>, content: &impl Template) -> String {
    page.push(content);
    page.append(&shell.foot());
    page.to_string()
}

/// What a page may load: pictures, sound and films from its own place, and the styles and the script inside it, known by
/// their hash. `'self'` covers servers. Browsers differ on whether it covers `file:`, hence that beside it. No frame, no
/// font, no form, no base, and no script but our own.
fn policy(styles: &[&str], script: Option<&str>, loads: &str) -> String {
    let hashes: String = styles.iter().map(|style| source_of(style)).collect();
    let script = script.map(|script| format!("; script-src{}{loads}", source_of(script))).unwrap_or_default();
    format!(
        "default-src 'none'; img-src 'self' file:; media-src 'self' file:; style-src{hashes}{script}; \
         base-uri 'none'; form-action 'none'"
    )
}

/// How a policy names a style or script that is inside the page.
fn source_of(text: &str) -> String {
    format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}
