//! Contacts as an address book to read: one page, in the order of the alphabet, with pictures, a line of letters to jump by,
//! and a field to search by where scripts are on. Without them, everything is there, and the browser's own search finds it.

use std::sync::LazyLock;

use askama::Template;
use corer_schemas::contacts::{Contact, Image, Photo};
use sha2::{Digest, Sha256};

use super::fields::{Field, FieldKind, fields, title};
use super::text::account_name;
use super::totals::Totals;
use crate::output::{ExportInfo, SafePath};
use crate::page::{Html, LinkTarget, Links, Rich, Shell, plural, safe_url, with_folding};
use crate::saved::Kept;

/// What this page adds to the style of all pages.
const STYLE: &str = include_str!("style.css");

/// Hides contacts that do not hold what is typed.
static SCRIPT: LazyLock<String> = LazyLock::new(|| with_folding(include_str!("search.js")));

/// How many colours the style has for faces.
const COLOURS: u8 = 8;

/// A picture, and where an export has saved it.
pub type Pictured<'p> = (&'p Photo, Option<&'p SafePath>);

/// What is the same for all contacts of a page.
pub struct Pages<'a> {
    about: &'a ExportInfo,
    links: &'a dyn Links,
    count: u64,
    /// Each letter with the first contact that begins with it.
    letters: Vec<(String, i64)>,
}

#[derive(Template)]
#[template(path = "contacts/top.html")]
struct Top<'a> {
    facts: String,
    letters: &'a [(String, i64)],
}

#[derive(Template)]
#[template(path = "contacts/contact.html")]
struct Entry<'a> {
    id: i64,
    title: &'a str,
    picture: Option<String>,
    initials: String,
    colour: u8,
    is_me: bool,
    lines: Vec<FieldLine>,
    groups: String,
    accounts: String,
}

struct FieldLine {
    name: String,
    value: String,
    href: Option<String>,
    rich: Option<Html>,
}

#[derive(Template)]
#[template(path = "contacts/end.html")]
struct End<'a> {
    gaps: Option<String>,
    backup: &'a str,
}

impl<'a> Pages<'a> {
    /// The page of these contacts.
    pub fn new(contacts: &[Kept<Contact>], about: &'a ExportInfo, links: &'a dyn Links) -> Self {
        let mut letters: Vec<(String, i64)> = Vec::new();
        for contact in contacts {
            let letter = contact.letter();
            if letters.last().is_none_or(|(last, _)| *last != letter) && letters.iter().all(|(own, _)| *own != letter) {
                letters.push((letter, contact.id));
            }
        }
        Self { about, links, count: contacts.len() as u64, letters }
    }

    /// Everything before the first contact.
    pub fn head(&self) -> String {
        let mut html = self.shell().head();
        // A few letters can be seen at a glance; so can a few contacts.
        let letters = if self.count < 20 { &[] } else { self.letters.as_slice() };
        html.push(&Top { facts: plural(self.count, "contact"), letters });
        html.to_string()
    }

    /// A contact; `more` is where its other pictures have been saved.
    pub fn contact(&self, contact: &Contact, photo: Option<Pictured<'_>>, more: &[SafePath]) -> String {
        let title = title(contact);
        let shown =
            photo.filter(|(photo, _)| matches!(photo.image, Image::Jpeg | Image::Png | Image::Gif | Image::WebP));
        let mut lines: Vec<FieldLine> = fields(contact).into_iter().map(line).collect();
        let picture =
            |number, saved| self.links.href(LinkTarget::ContactPicture { contact: contact.id, number, saved });
        lines.extend(more.iter().enumerate().map(|(at, path)| another(path, picture(at + 1, Some(path)))));
        let entry = Entry {
            id: contact.id,
            picture: shown.and_then(|(_, saved)| picture(0, saved)),
            initials: initials(&title),
            colour: Sha256::digest(&title).first().copied().unwrap_or_default() % COLOURS,
            title: &title,
            is_me: contact.is_me,
            lines,
            groups: contact.groups.join(", "),
            accounts: contact.accounts.iter().map(account_name).collect::<Vec<_>>().join(", "),
        };
        Html::of(&entry).to_string()
    }

    /// Everything behind the last contact.
    pub fn foot(&self, totals: &Totals) -> String {
        let gaps = (totals.skipped > 0)
            .then(|| format!("{} could not be read; the report says which and why.", plural(totals.skipped, "item")));
        let backup = self.about.device.as_deref().unwrap_or(&self.about.backup);
        let mut html = Html::of(&End { gaps, backup });
        html.append(&self.shell().foot());
        html.to_string()
    }

    fn shell(&self) -> Shell<'static> {
        Shell { title: "Contacts", style: STYLE, script: Some(&SCRIPT) }
    }
}

fn line(field: Field) -> FieldLine {
    let href = href(&field);
    let rich = (field.kind == FieldKind::Text).then(|| Rich::new(&field.value).html());
    FieldLine { name: field.name, href, rich, value: field.value }
}

/// A link to another picture.
fn another(path: &SafePath, href: Option<String>) -> FieldLine {
    FieldLine { name: "another picture".to_owned(), value: path.name().to_owned(), href, rich: None }
}

/// Where a value leads.
fn href(field: &Field) -> Option<String> {
    let value = field.value.trim();
    match field.kind {
        FieldKind::Phone => {
            // What follows a pause (`,` or `;`) is typed once somebody answers, and is no part of the number.
            let number = value.split([',', ';']).next().unwrap_or_default();
            let digits: String = number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
            (digits.len() > 2).then(|| format!("tel:{digits}"))
        }
        FieldKind::Email => {
            let is_plain = value.chars().all(|c| c.is_alphanumeric() || matches!(c, '@' | '.' | '+' | '-' | '_'));
            (is_plain && value.contains('@')).then(|| format!("mailto:{value}"))
        }
        FieldKind::Url => safe_url(value).map(str::to_owned),
        FieldKind::Text => None,
    }
}

/// The first letters of the first two words that begin with a letter.
fn initials(title: &str) -> String {
    let letters = title.split_whitespace().filter_map(|word| word.chars().next()).filter(|c| c.is_alphabetic());
    let initials: String = letters.take(2).flat_map(char::to_uppercase).collect();
    if initials.is_empty() { "#".to_owned() } else { initials }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_called_without_what_is_typed_after_a_pause() {
        let phone = |value: &str| href(&Field { name: "mobile".into(), value: value.into(), kind: FieldKind::Phone });
        assert_eq!(phone("+1 (415) 555-0152,,44#").as_deref(), Some("tel:+14155550152"));
    }
}
