//! What both versions of cards have in common: labels that are tied to their value by a group, `item1.TEL:…` and
//! `item1.X-ABLabel:…`, with Apple's own as they are stored (`_$!<Other>!$_`), so that an iPhone shows them in its language;
//! and fields that have no property at all.

use std::io::{self, Write};

use corer_schemas::contacts::{Contact, Label};

use super::line::{Lines, Parameter, escaped, list};
use crate::contacts::fields::title;

/// What fields are called that the format does not know.
const FIELD: &str = "X-CORER-FIELD";

/// A card that is being written.
pub(super) struct Card<'w> {
    pub(super) lines: Lines<'w>,
}

impl<'w> Card<'w> {
    /// Begins a card of a version.
    pub(super) fn begin(version: &str, to: &'w mut dyn Write) -> io::Result<Self> {
        let mut card = Self { lines: Lines::new(to) };
        card.lines.fixed("BEGIN:VCARD")?;
        card.lines.fixed(&format!("VERSION:{version}"))?;
        card.lines.fixed("PRODID:-//corer//corer//EN")?;
        Ok(card)
    }

    pub(super) fn end(mut self) -> io::Result<()> {
        self.lines.fixed("END:VCARD")
    }

    pub(super) fn some(&mut self, name: &str, value: Option<&String>) -> io::Result<()> {
        value.map_or(Ok(()), |value| self.lines.text(name, &[], value))
    }

    /// The name and all that goes with it; `parameters` are those of `N`.
    pub(super) fn names(&mut self, contact: &Contact, parameters: &[Parameter<'_>]) -> io::Result<()> {
        let name = &contact.name;
        let parts = [&name.last, &name.first, &name.middle, &name.prefix, &name.suffix];
        self.lines.components("N", parameters, &parts.map(Option::as_deref))?;
        let whole = if contact.is_organization { None } else { name.whole() };
        self.lines.text("FN", &[], &whole.unwrap_or_else(|| title(contact)))?;
        if !contact.nicknames.is_empty() {
            self.lines.raw("NICKNAME", &[], &list(contact.nicknames.iter()))?;
        }
        self.some("X-MAIDENNAME", name.maiden.as_ref())?;
        self.some("X-PHONETIC-FIRST-NAME", name.first_phonetic.as_ref())?;
        self.some("X-PHONETIC-MIDDLE-NAME", name.middle_phonetic.as_ref())?;
        self.some("X-PHONETIC-LAST-NAME", name.last_phonetic.as_ref())
    }

    /// Firm, department and job.
    pub(super) fn work(&mut self, contact: &Contact) -> io::Result<()> {
        if contact.organization.is_some() || contact.department.is_some() {
            let organization = contact.organization.as_deref();
            match contact.department.as_deref() {
                Some(department) => self.lines.components("ORG", &[], &[organization, Some(department)])?,
                None => self.lines.components("ORG", &[], &[organization])?,
            }
        }
        self.some("X-PHONETIC-ORG", contact.organization_phonetic.as_ref())?;
        self.some("TITLE", contact.job_title.as_ref())
    }

    /// What has no property of its own, groups, and what the card is known by.
    pub(super) fn others(&mut self, contact: &Contact) -> io::Result<()> {
        for other in &contact.others {
            let label = other.label.as_ref();
            let called = label.map_or_else(|| other.name.clone(), |label| format!("{} ({label})", other.name));
            self.field(&called, &other.value)?;
        }
        if !contact.groups.is_empty() {
            self.lines.raw("CATEGORIES", &[], &list(contact.groups.iter()))?;
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

    pub(super) fn parts(&mut self, called: &str, parts: &[(String, String)]) -> io::Result<()> {
        parts.iter().try_for_each(|(name, text)| self.field(&format!("{called}: {name}"), text))
    }
}
