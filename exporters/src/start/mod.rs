//! The start page of an export of everything: what is here, what is missing, and where to look on.

use askama::Template;

use crate::output::{ExportInfo, OutputError, SafePath, Tree};
use crate::page::{Shell, complete_page, encode_path};

/// What this page adds to the style of all pages.
const STYLE: &str = include_str!("style.css");

/// A kind of data that was exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedKind {
    /// What it is called: `Messages`.
    pub title: &'static str,
    /// How much there is: `1,234 messages`.
    pub facts: String,
    /// What could not be read or is not there, in a few words.
    pub gaps: Option<String>,
    /// The page or file to begin with, from the root of the tree.
    pub start: SafePath,
    /// Whether its folder remembers what it holds, also of earlier backups.
    pub remembers: bool,
}

/// A kind of data that is not here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingKind {
    /// What it is called.
    pub title: &'static str,
    /// Why it is not here.
    pub why: String,
}

#[derive(Template)]
#[template(path = "start/page.html")]
struct Page<'a> {
    title: &'a str,
    here: Vec<Link<'a>>,
    gone: &'a [MissingKind],
    raw: String,
    zone: &'a str,
    version: &'a str,
    remembers: bool,
}

struct Link<'a> {
    href: String,
    own: &'a ExportedKind,
}

/// The page. `raw` are kinds that the backup holds and that are not among what was exported.
pub fn page(about: &ExportInfo, here: &[ExportedKind], gone: &[MissingKind], raw: &[&str]) -> String {
    let title = about.device.as_deref().unwrap_or(&about.backup);
    let page = Page {
        title,
        here: here.iter().map(|own| Link { href: encode_path(own.start.as_str()), own }).collect(),
        gone,
        raw: raw.join(", "),
        zone: &about.time_zone,
        version: &about.corer_version,
        remembers: here.iter().any(|own| own.remembers),
    };
    complete_page(&Shell { title, style: STYLE, script: None }, &page)
}

/// Writes the page as `index.html` at the root of a tree.
///
/// # Errors
/// When it cannot be written.
pub fn write(
    tree: &Tree,
    about: &ExportInfo,
    here: &[ExportedKind],
    gone: &[MissingKind],
    raw: &[&str],
) -> Result<(), OutputError> {
    tree.write(&SafePath::new("index.html"), page(about, here, gone, raw).as_bytes()).map(|_| ())
}
