//! What both versions of cards have in common: the order of what a card says; labels that are tied to their value by a
//! group, `item1.TEL:…` and `item1.X-ABLabel:…`, with Apple's own as they are stored (`_$!<Other>!$_`), so that an iPhone
//! shows them in its language; and fields that have no property at all.

use std::io::{self, Write};

use corer_schemas::contacts::{Contact, Label, Labelled, Photo, PostalAddress};

use super::line::{Lines, Parameter, escaped, uri};
use super::terms::types;
use crate::contacts::fields::title;

/// What fields are called that the format does not know.
const FIELD: &str = "X-CORER-FIELD";

/// What each version says in its own way.
pub(super) trait Dialect {
    /// Begins the card, with whose it is.
    ///
    /// # Errors
    /// Those of `to`, as of all that follow.
    fn begin<'w>(&self, contact: &Contact, identifier: &str, to: &'w mut dyn Write) -> io::Result<Card<'w>>;

    /// Writes numbers and mail addresses.
    fn handles(&self, card: &mut Card<'_>, contact: &Contact) -> io::Result<()>;

    /// Writes a postal address.
    fn address(&self, card: &mut Card<'_>, address: &Labelled<PostalAddress>) -> io::Result<()>;

    /// Writes days.
    fn days(&self, card: &mut Card<'_>, contact: &Contact) -> io::Result<()>;

    /// Writes who somebody is to the contact.
    fn related(&self, card: &mut Card<'_>, related: &Labelled<String>) -> io::Result<()>;

    /// Writes messengers and social networks.
    fn profiles(&self, card: &mut Card<'_>, contact: &Contact) -> io::Result<()>;

    /// Writes what is left, with the picture.
    fn rest(&self, card: &mut Card<'_>, contact: &Contact, photo: Option<&Photo>, identifier: &str) -> io::Result<()>;
}

/// Writes the card of a contact in a dialect.
///
/// # Errors
/// Those of `to`.
pub(super) fn write(
    dialect: &dyn Dialect,
    contact: &Contact,
    photo: Option<&Photo>,
    identifier: &str,
    to: &mut dyn Write,
) -> io::Result<()> {
    let mut card = dialect.begin(contact, identifier, to)?;
    dialect.handles(&mut card, contact)?;
    contact.addresses.iter().try_for_each(|own| dialect.address(&mut card, own))?;
    for url in &contact.urls {
        card.typed("URL", types(url.label.as_ref()), url.label.as_ref(), &[], &uri(&url.value))?;
    }
    dialect.days(&mut card, contact)?;
    contact.related.iter().try_for_each(|own| dialect.related(&mut card, own))?;
    dialect.profiles(&mut card, contact)?;
    dialect.rest(&mut card, contact, photo, identifier)?;
    card.lines.fixed("END:VCARD")
}

/// What a contact is called as a whole.
pub(super) fn formatted(contact: &Contact) -> String {
    let whole = if contact.is_organization { None } else { contact.name.whole() };
    whole.unwrap_or_else(|| title(contact))
}

/// A card that is being written.
pub(super) struct Card<'w> {
    pub(super) lines: Lines<'w>,
}

impl<'w> Card<'w> {
    pub(super) fn new(to: &'w mut dyn Write) -> Self {
        Self { lines: Lines::new(to) }
    }

    pub(super) fn some(&mut self, name: &str, value: Option<&String>) -> io::Result<()> {
        value.map_or(Ok(()), |value| self.lines.text(name, &[], value))
    }

    /// What has no property of its own.
    pub(super) fn others(&mut self, contact: &Contact) -> io::Result<()> {
        for other in &contact.others {
            let label = other.label.as_ref();
            let called = label.map_or_else(|| other.name.clone(), |label| format!("{} ({label})", other.name));
            self.field(&called, &other.value)?;
        }
        Ok(())
    }

    /// A text with its types, or with its label beside it.
    pub(super) fn labelled(
        &mut self,
        name: &str,
        types: Option<&[&str]>,
        label: Option<&Label>,
        more: &[Parameter<'_>],
        value: &str,
    ) -> io::Result<()> {
        self.typed(name, types, label, more, &escaped(value))
    }

    /// A value as the format wants it, with its types, or with its label beside it.
    pub(super) fn typed(
        &mut self,
        name: &str,
        types: Option<&[&str]>,
        label: Option<&Label>,
        more: &[Parameter<'_>],
        value: &str,
    ) -> io::Result<()> {
        match types {
            Some(types) => {
                let types = types.iter().map(|kind| ("type", *kind));
                let parameters: Vec<Parameter<'_>> = types.chain(more.iter().copied()).collect();
                self.lines.raw(name, &parameters, value)
            }
            None => self.item(name, label, more, value),
        }
    }

    /// A value as the format wants it, with its label beside it.
    pub(super) fn item(
        &mut self,
        name: &str,
        label: Option<&Label>,
        parameters: &[Parameter<'_>],
        value: &str,
    ) -> io::Result<()> {
        let item = self.lines.item();
        self.lines.raw(&format!("{item}.{name}"), parameters, value)?;
        self.label(&item, label)
    }

    pub(super) fn label(&mut self, item: &str, label: Option<&Label>) -> io::Result<()> {
        label.map_or(Ok(()), |label| self.lines.text(&format!("{item}.X-ABLabel"), &[], label.stored()))
    }

    /// A field that the format does not know.
    pub(super) fn field(&mut self, called: &str, value: &str) -> io::Result<()> {
        let item = self.lines.item();
        self.lines.text(&format!("{item}.{FIELD}"), &[], value)?;
        self.lines.text(&format!("{item}.X-ABLabel"), &[], called)
    }

    /// The same of an address of the web or of an app, letter for letter.
    pub(super) fn uri_field(&mut self, called: &str, address: &str) -> io::Result<()> {
        let item = self.lines.item();
        self.lines.raw(&format!("{item}.{FIELD}"), &[("VALUE", "uri")], &uri(address))?;
        self.lines.text(&format!("{item}.X-ABLabel"), &[], called)
    }

    pub(super) fn parts(&mut self, called: &str, parts: &[(String, String)]) -> io::Result<()> {
        parts.iter().try_for_each(|(name, text)| self.field(&format!("{called}: {name}"), text))
    }
}
