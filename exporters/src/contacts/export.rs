//! The drivers: one way through the contacts, every format that is asked for.

use std::io::{self, Write};
use std::ops::ControlFlow;

use corer_schemas::Skipped;
use corer_schemas::contacts::{Contact, Photo, Picture};

use super::html::Pages;
use super::jsonl::PhotoRecord;
use super::marked::marked;
use super::photo::SavedPictures;
use super::pictures::{others, shown};
use super::table::Table;
use super::totals::RunTotals;
use super::vcard::Cards;
use super::{Book, CARDS, Format, Options, Pictures, RECORDS, TABLE, fields, jsonl};
use crate::output::report::SkippedItem;
use crate::output::{ExportError, KindReport, OutFile, OutputError, SafePath, Tree, UniqueNames};
use crate::page::{Links, SavedFiles};
use crate::saved::Kept;
use crate::write::pipeline::read_ahead;

/// How many pictures are read before they are written: few, for a picture may have many megabytes.
const BATCH: usize = 4;
/// The folder of cards that are files of their own.
const CARD_FOLDER: &str = "cards";
const START: &str = "contacts.html";

/// Exports contacts into a tree, in the formats that the options name, with their pictures beside them. `progress` is told
/// how many are done, and can stop the export.
///
/// # Errors
/// [`ExportError::Output`] when the tree cannot be written. What cannot be *read* is no error: it is in the report.
pub fn export(
    book: Book<'_>,
    options: &Options,
    tree: &Tree,
    progress: &dyn Fn(u64) -> ControlFlow<()>,
) -> Result<KindReport, ExportError> {
    let mut totals = RunTotals::default();
    let links = SavedFiles { from: &options.base };
    let mut files = Files::begin(book, options, tree, &links)?;
    read_ahead(
        BATCH,
        |push| illustrate(book, progress, push),
        |(contact, picture)| {
            let photo = readable(contact, picture, &mut totals);
            totals.totals.contacts += 1;
            files.contact(contact, photo.as_ref().map(|(picture, photo)| (*picture, photo)), book.pictures, &mut totals)
        },
    )?;
    if progress(totals.totals.contacts).is_break() {
        return Err(ExportError::Interrupted);
    }
    files.finish(&totals)?;
    Ok(totals.report(book))
}

/// Writes contacts in one format to one stream. Pictures are inside of cards and nowhere else.
///
/// # Errors
/// Those of `to`.
pub fn single(
    book: Book<'_>,
    format: Format,
    options: &Options,
    to: &mut (dyn Write + Send),
) -> io::Result<KindReport> {
    let mut totals = RunTotals::default();
    let alone = SavedFiles { from: &options.base };
    match format {
        Format::Vcard => {
            let mut cards = Cards::new(options.version, &options.about.backup);
            let never = |_| ControlFlow::Continue(());
            read_ahead(
                BATCH,
                |push| illustrate(book, &never, push),
                |(contact, picture)| {
                    let photo = readable(contact, picture, &mut totals);
                    others_are_not_here(book.pictures, contact, &mut totals);
                    let photo = photo.as_ref().map(|(_, photo)| photo);
                    card(&mut cards, &marked(contact, &options.zone), photo, to, &mut totals)
                },
            )?;
        }
        Format::Csv => {
            let mut table = Table::begin(&mut *to, options.layout, book.contacts, &options.zone)?;
            let mut row = |contact: &Kept<Contact>| table.contact(&marked(contact, &options.zone), &[]);
            book.contacts.iter().try_for_each(&mut row)?;
            table.finish()?;
        }
        Format::Jsonl => {
            jsonl::header(to, &options.about)?;
            book.groups.iter().try_for_each(|group| jsonl::group(to, group))?;
            book.contacts.iter().try_for_each(|contact| jsonl::contact(to, contact, None, &[], &options.zone))?;
        }
        Format::Html => {
            let pages = Pages::new(book.contacts, &options.about, &alone);
            to.write_all(pages.head().as_bytes())?;
            for contact in book.contacts {
                to.write_all(pages.contact(&marked(contact, &options.zone), None, &[]).as_bytes())?;
            }
        }
    }
    totals.totals.contacts = book.contacts.len() as u64;
    match format {
        Format::Jsonl => jsonl::completion(to, totals.totals)?,
        Format::Html => {
            to.write_all(Pages::new(book.contacts, &options.about, &alone).foot(&totals.totals).as_bytes())?
        }
        Format::Vcard | Format::Csv => {}
    }
    Ok(totals.report(book))
}

/// A contact and its picture.
type Illustrated<'b> = (&'b Kept<Contact>, Result<Option<(&'b Picture, Photo)>, Skipped>);

/// Reads the picture of each contact, until `on_progress` or `push` say to stop.
fn illustrate<'b>(
    book: Book<'b>,
    on_progress: &dyn Fn(u64) -> ControlFlow<()>,
    push: &mut dyn FnMut(Illustrated<'b>) -> ControlFlow<()>,
) {
    for (done, contact) in (0..).zip(book.contacts) {
        if on_progress(done).is_break() || push((contact, shown(book.pictures, contact))).is_break() {
            return;
        }
    }
}

/// The picture of a contact, if it has one that can be read.
fn readable<P>(contact: &Contact, picture: Result<Option<P>, Skipped>, totals: &mut RunTotals) -> Option<P> {
    match picture {
        Ok(photo) => photo,
        Err(skipped) => {
            totals.skip(of_contact(contact, skipped));
            None
        }
    }
}

/// Notes the other pictures of a contact, which a single file has no place for: what an address book does with a card of
/// several pictures is not known.
fn others_are_not_here(pictures: &dyn Pictures, contact: &Contact, totals: &mut RunTotals) {
    let mut left_out = Vec::new();
    others(pictures, contact, &mut |picture, photo| match photo {
        Ok(_) => {
            left_out.push(format!("that of card {} is not in this file; an export into a folder has it", picture.card))
        }
        Err(skipped) => totals.skip(of_contact(contact, skipped)),
    });
    if !left_out.is_empty() {
        totals.pictures(&fields::title(contact), &left_out);
    }
}

fn of_contact(contact: &Contact, skipped: Skipped) -> SkippedItem {
    SkippedItem { item: format!("{} of {}", skipped.item, fields::title(contact)), why: skipped.why }
}

/// Writes a card. One that the format cannot say costs that card alone.
fn card(
    cards: &mut Cards,
    contact: &Contact,
    photo: Option<&Photo>,
    to: &mut dyn Write,
    totals: &mut RunTotals,
) -> io::Result<()> {
    let written = cards.write(contact, photo, to);
    if let Some(why) = cards.unconverted.take() {
        totals.notes.push(format!("The picture of {} was not converted: {why}.", fields::title(contact)));
    }
    match written {
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            totals
                .skip(SkippedItem { item: format!("the card of {}", fields::title(contact)), why: error.to_string() });
            Ok(())
        }
        written => written,
    }
}

/// The files of an export that are being written.
struct Files<'t> {
    options: &'t Options,
    tree: &'t Tree,
    cards: Cards,
    names: UniqueNames,
    album: SavedPictures<'t>,
    card_file: Option<OutFile<'t>>,
    table: Option<Table<OutFile<'t>>>,
    records: Option<OutFile<'t>>,
    page: Option<(OutFile<'t>, Pages<'t>)>,
}

impl<'t> Files<'t> {
    fn begin(book: Book<'t>, options: &'t Options, tree: &'t Tree, links: &'t dyn Links) -> Result<Self, OutputError> {
        let wants = |format| options.formats.contains(&format);
        let file = |name: &str| tree.file(&options.base.join(name), None);
        let failed = |name: &str, error| tree.failed(&options.base.join(name), error);
        let mut own = Self {
            options,
            tree,
            cards: Cards::new(options.version, &options.about.backup),
            names: UniqueNames::new(),
            album: SavedPictures::new(tree, &options.base, book.pictures),
            card_file: None,
            table: None,
            records: None,
            page: None,
        };
        if wants(Format::Vcard) && !options.is_split {
            own.card_file = Some(file(CARDS)?);
        }
        if wants(Format::Csv) {
            let table = Table::begin(file(TABLE)?, options.layout, book.contacts, &options.zone);
            own.table = Some(table.map_err(|e| failed(TABLE, e))?);
        }
        if wants(Format::Jsonl) {
            let mut file = file(RECORDS)?;
            let begun = jsonl::header(&mut file, &options.about);
            let begun = begun.and_then(|()| book.groups.iter().try_for_each(|group| jsonl::group(&mut file, group)));
            begun.map_err(|e| failed(RECORDS, e))?;
            own.records = Some(file);
        }
        if wants(Format::Html) {
            let (mut file, pages) = (file(START)?, Pages::new(book.contacts, &options.about, links));
            file.write_all(pages.head().as_bytes()).map_err(|e| failed(START, e))?;
            own.page = Some((file, pages));
        }
        Ok(own)
    }

    fn contact(
        &mut self,
        kept: &Kept<Contact>,
        photo: Option<(&Picture, &Photo)>,
        pictures: &dyn Pictures,
        totals: &mut RunTotals,
    ) -> Result<(), OutputError> {
        let contact = &*marked(kept, &self.options.zone);
        let saved = photo.map(|(picture, photo)| self.album.save(contact, picture, photo)).transpose()?;
        let photo = photo.map(|(_, photo)| photo);
        totals.totals.photos += u64::from(saved.is_some());
        let (options, tree) = (self.options, self.tree);
        let failed = |name: &str, error| tree.failed(&options.base.join(name), error);
        // Beside the other files, a picture is named as seen from them.
        let seen = saved.as_ref().map(|saved| seen(&options.base, saved));
        let seen = seen.as_deref();
        let (more, more_saved) = self.more(contact, pictures, totals)?;
        let more_seen: Vec<&str> = more.iter().map(PhotoRecord::path).collect();
        if let Some(file) = &mut self.card_file {
            card(&mut self.cards, contact, photo, file, totals).map_err(|e| failed(CARDS, e))?;
        } else if options.formats.contains(&Format::Vcard) {
            self.own_card(contact, photo, totals)?;
        }
        if let Some(table) = &mut self.table {
            table
                .contact(contact, &seen.into_iter().chain(more_seen.iter().copied()).collect::<Vec<_>>())
                .map_err(|e| failed(TABLE, e))?;
        }
        if let Some(file) = &mut self.records {
            jsonl::contact(file, kept, photo.zip(seen), &more, &options.zone).map_err(|e| failed(RECORDS, e))?;
        }
        if let Some((file, pages)) = &mut self.page {
            let html = pages.contact(contact, photo.map(|photo| (photo, saved.as_ref())), &more_saved);
            file.write_all(html.as_bytes()).map_err(|e| failed(START, e))?;
        }
        Ok(())
    }

    /// Saves the other pictures of a contact that was made of several cards, and says what and where each is.
    fn more(
        &mut self,
        contact: &Contact,
        pictures: &dyn Pictures,
        totals: &mut RunTotals,
    ) -> Result<(Vec<PhotoRecord<'static>>, Vec<SafePath>), OutputError> {
        let (mut more, mut saved, mut failed) = (Vec::new(), Vec::new(), None);
        others(pictures, contact, &mut |picture, photo| match photo {
            Ok(_) if failed.is_some() => {}
            Ok(photo) => match self.album.save_another(contact, picture, more.len() + 2, &photo) {
                Ok(path) => {
                    more.push(PhotoRecord::of(&photo, seen(&self.options.base, &path)));
                    saved.push(path);
                }
                Err(error) => failed = Some(error),
            },
            Err(skipped) => totals.skip(of_contact(contact, skipped)),
        });
        if let Some(error) = failed {
            return Err(error);
        }
        if !more.is_empty() {
            totals.totals.photos += more.len() as u64;
            totals.pictures(&fields::title(contact), &more.iter().map(|own| own.path().to_owned()).collect::<Vec<_>>());
        }
        Ok((more, saved))
    }

    /// Writes a card that is a file of its own.
    fn own_card(
        &mut self,
        contact: &Contact,
        photo: Option<&Photo>,
        totals: &mut RunTotals,
    ) -> Result<(), OutputError> {
        let name = format!("{}.vcf", fields::title(contact));
        let identity = contact.guid.clone().unwrap_or_else(|| contact.id.to_string());
        let path = self.names.fresh_in(&self.options.base.join(CARD_FOLDER), &name, &identity);
        let mut bytes = Vec::new();
        card(&mut self.cards, contact, photo, &mut bytes, totals).map_err(|e| self.tree.failed(&path, e))?;
        self.tree.write(&path, &bytes).map(|_| ())
    }

    fn finish(self, totals: &RunTotals) -> Result<(), OutputError> {
        let (options, tree) = (self.options, self.tree);
        let failed = |name: &str, error| tree.failed(&options.base.join(name), error);
        if let Some(file) = self.card_file {
            file.finish()?;
        }
        if let Some(table) = self.table {
            table.finish().map_err(|e| failed(TABLE, e))?.finish()?;
        }
        if let Some(mut file) = self.records {
            jsonl::completion(&mut file, totals.totals).map_err(|e| failed(RECORDS, e))?;
            file.finish()?;
        }
        if let Some((mut file, pages)) = self.page {
            file.write_all(pages.foot(&totals.totals).as_bytes()).map_err(|e| failed(START, e))?;
            file.finish()?;
        }
        Ok(())
    }
}

/// A file as seen from the folder of contacts.
fn seen(base: &SafePath, path: &SafePath) -> String {
    let depth = base.segments().count();
    path.segments().skip(depth).collect::<Vec<_>>().join("/")
}
