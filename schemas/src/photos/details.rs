//! What the tables beside that of assets say: names, titles, keywords, cameras, places by name.

use std::collections::HashMap;

use super::assets::{orientation, size};
use super::catalog::{Catalog, Joined};
use super::geography::named_place;
use super::model::{Asset, Importer};
use super::rows::Rows;
use crate::database::{Column, columns};
use crate::skipped::Skipped;

columns! {
    /// The columns of `ZADDITIONALASSETATTRIBUTES`.
    enum Attribute {
        Asset = "ZASSET",
        OriginalName = "ZORIGINALFILENAME",
        Title = "ZTITLE",
        Accessibility = "ZACCESSIBILITYDESCRIPTION",
        ImporterBundle = "ZIMPORTEDBYBUNDLEIDENTIFIER",
        OldImporterBundle = "ZCREATORBUNDLEID",
        ImporterName = "ZIMPORTEDBYDISPLAYNAME",
        OriginalSize = "ZORIGINALFILESIZE",
        Caption = "ZASSETDESCRIPTION",
        Adjustment = "ZUNMANAGEDADJUSTMENT",
        EditorBundle = "ZEDITORBUNDLEID",
        Place = "ZREVERSELOCATIONDATA",
        OriginalWidth = "ZORIGINALWIDTH",
        OriginalHeight = "ZORIGINALHEIGHT",
        OriginalOrientation = "ZORIGINALORIENTATION",
    }

    /// The text of `ZASSETDESCRIPTION`.
    enum Caption { Text = "ZLONGDESCRIPTION" }

    /// What `ZUNMANAGEDADJUSTMENT` says of who edited.
    enum Editor { Name = "ZEDITORLOCALIZEDNAME", Format = "ZADJUSTMENTFORMATIDENTIFIER" }

    /// The word of `ZKEYWORD`.
    enum Keyword { Title = "ZTITLE" }

    /// The columns of `ZEXTENDEDATTRIBUTES`.
    enum Camera {
        Asset = "ZASSET",
        Make = "ZCAMERAMAKE",
        Model = "ZCAMERAMODEL",
        Lens = "ZLENSMODEL",
        Duration = "ZDURATION",
    }
}

/// Assets by their row number, and by that of their attributes.
pub(super) struct Index {
    assets: HashMap<i64, usize>,
    attributes: HashMap<i64, usize>,
}

impl Index {
    /// Numbers the assets.
    pub(super) fn new(assets: &[Asset]) -> Self {
        let numbers = assets.iter().enumerate().map(|(at, asset)| (asset.id, at)).collect();
        Self { assets: numbers, attributes: HashMap::new() }
    }

    /// The asset of this row number.
    pub(super) fn asset<'a>(&self, assets: &'a mut [Asset], id: Option<i64>) -> Option<&'a mut Asset> {
        assets.get_mut(*self.assets.get(&id?)?)
    }

    /// The asset whose attributes have this row number.
    pub(super) fn owner<'a>(&self, assets: &'a mut [Asset], attributes: Option<i64>) -> Option<&'a mut Asset> {
        assets.get_mut(*self.attributes.get(&attributes?)?)
    }
}

/// Adds what the tables say to the assets.
pub(super) fn complete(rows: &mut Rows<'_>, catalog: &Catalog, assets: &mut [Asset], index: &mut Index) {
    let captions = texts(rows, "ZASSETDESCRIPTION", &[Caption::Text]);
    let editors = texts(rows, "ZUNMANAGEDADJUSTMENT", &[Editor::Name, Editor::Format]);
    let mut damaged = Vec::new();
    rows.each("ZADDITIONALASSETATTRIBUTES", &mut |id, row| {
        let Some(at) = row.integer(Attribute::Asset).and_then(|asset| index.assets.get(&asset).copied()) else {
            return;
        };
        index.attributes.insert(id, at);
        let Some(asset) = assets.get_mut(at) else { return };
        asset.original_name = row.some_text(Attribute::OriginalName);
        asset.title = row.some_text(Attribute::Title).or_else(|| asset.title.take());
        asset.accessibility = row.some_text(Attribute::Accessibility);
        let bundle = row.some_text(Attribute::ImporterBundle);
        let bundle = bundle.or_else(|| row.some_text(Attribute::OldImporterBundle));
        asset.importer = importer(bundle, row.some_text(Attribute::ImporterName));
        let bytes = row.integer(Attribute::OriginalSize).and_then(|bytes| u64::try_from(bytes).ok());
        asset.original_size = bytes.filter(|bytes| *bytes > 0);
        asset.caption = row.integer(Attribute::Caption).and_then(|id| captions.get(&id).cloned());
        let editor = row.integer(Attribute::Adjustment).and_then(|id| editors.get(&id).cloned());
        asset.editor = editor.or_else(|| row.some_text(Attribute::EditorBundle));
        if let Some(archive) = row.blob(Attribute::Place)
            && let Err(error) = named_place(archive, &mut asset.place)
        {
            damaged.push(Skipped::new(format!("the place of asset {}", asset.uuid), error));
        }
        let side = |column| size(row.integer(column));
        asset.original.dimensions = side(Attribute::OriginalWidth).zip(side(Attribute::OriginalHeight));
        asset.original.orientation = orientation(row.integer(Attribute::OriginalOrientation));
    });
    rows.skipped.append(&mut damaged);
    cameras(rows, assets, index);
    keywords(rows, catalog, assets, index);
}

pub(super) fn importer(bundle_id: Option<String>, name: Option<String>) -> Option<Importer> {
    (bundle_id.is_some() || name.is_some()).then_some(Importer { bundle_id, name })
}

/// The first text of each row that is not empty.
fn texts<C: Column>(rows: &mut Rows<'_>, table: &str, columns: &[C]) -> HashMap<i64, String> {
    let mut texts = HashMap::new();
    rows.each(table, &mut |id, row| {
        if let Some(text) = columns.iter().find_map(|column| row.name(*column)) {
            texts.insert(id, text);
        }
    });
    texts
}

fn cameras(rows: &mut Rows<'_>, assets: &mut [Asset], index: &Index) {
    rows.each("ZEXTENDEDATTRIBUTES", &mut |_, row| {
        let Some(asset) = index.asset(assets, row.integer(Camera::Asset)) else { return };
        asset.camera.make = row.some_text(Camera::Make);
        asset.camera.model = row.some_text(Camera::Model);
        asset.camera.lens = row.some_text(Camera::Lens);
        asset.duration = asset.duration.or_else(|| row.real(Camera::Duration).filter(|seconds| *seconds > 0.0));
    });
}

fn keywords(rows: &mut Rows<'_>, catalog: &Catalog, assets: &mut [Asset], index: &Index) {
    let Some(join) = &catalog.has_keywords else { return };
    let words = texts(rows, "ZKEYWORD", &[Keyword::Title]);
    rows.each_joined(join, &mut |_, row| {
        let Some(asset) = index.owner(assets, row.integer(Joined::Left)) else { return };
        asset.keywords.extend(row.integer(Joined::Right).and_then(|id| words.get(&id).cloned()));
    });
    for asset in assets {
        asset.keywords.sort_unstable();
        asset.keywords.dedup();
    }
}
