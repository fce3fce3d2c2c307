//! Links between notes.

use std::collections::HashMap;

use corer_schemas::notes::{Attachment, AttachmentKind, Note};

use crate::output::SafePath;
use crate::page::safe_url;

/// Where notes are, by their identifiers: their places without what their names end in.
#[derive(Debug, Default)]
pub struct NoteLinks(HashMap<String, SafePath>);

/// Where a link leads.
pub(super) enum Leads<'l> {
    /// To a note of the export.
    ToNote(&'l SafePath),
    /// To an address that can be followed.
    ToAddress(&'l str),
    /// Nowhere that can be followed from here.
    Nowhere,
}

impl NoteLinks {
    /// Knows where a note is from now on.
    pub(super) fn place(&mut self, note: &Note, path: &SafePath) {
        if let Some(identifier) = &note.identifier {
            self.0.entry(identifier.to_ascii_uppercase()).or_insert_with(|| path.clone());
        }
    }

    /// Where an address leads.
    pub(super) fn follow<'l>(&'l self, address: &'l str) -> Leads<'l> {
        match target(address) {
            Some(identifier) => self.0.get(&identifier).map_or(Leads::Nowhere, Leads::ToNote),
            None => safe_url(address).map_or(Leads::Nowhere, Leads::ToAddress),
        }
    }
}

/// The identifier of the note that an address leads to: `applenotes:note/ID?…` and `applenotes://showNote?identifier=ID`.
fn target(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once(':')?;
    if !["applenotes", "notes", "mobilenotes"].iter().any(|own| scheme.eq_ignore_ascii_case(own)) {
        return None;
    }
    let named = rest.split_once("identifier=").map(|(_, identifier)| identifier);
    let identifier =
        named.or_else(|| Some(rest.trim_start_matches('/').strip_prefix("note/")?.trim_start_matches('/')));
    let identifier = identifier?.split(['?', '&', '#', '/']).next()?;
    Some(identifier.to_ascii_uppercase()).filter(|identifier| !identifier.is_empty())
}

/// Whether a note leads to another one, so that it can be written only when all are placed.
pub(super) fn has_any(note: &Note) -> bool {
    let is_link = |attachment: &Attachment| {
        attachment.kind == AttachmentKind::NoteLink
            || attachment.target.as_deref().is_some_and(|to| target(to).is_some())
    };
    let cells = note.attachments.iter().filter_map(|attachment| attachment.table.as_ref());
    let cells = cells.flat_map(|table| table.rows.iter().flatten().flatten());
    let spans = note.paragraphs().iter().chain(cells).flat_map(|paragraph| &paragraph.spans);
    note.attachments.iter().any(is_link)
        || spans.into_iter().any(|span| span.style.link.as_deref().is_some_and(|link| target(link).is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_notes_name_their_identifier() {
        for address in [
            "applenotes:note/ab-1?ownerIdentifier=_x",
            "applenotes://showNote?identifier=AB-1",
            "mobilenotes://showNote?identifier=AB-1&x=y",
            "applenotes://note/AB-1",
        ] {
            assert_eq!(target(address).as_deref(), Some("AB-1"), "{address}");
        }
        for address in ["https://a.example/?identifier=AB", "applenotes:", "applenotes:note/", "AB-1"] {
            assert_eq!(target(address), None, "{address}");
        }
    }
}
