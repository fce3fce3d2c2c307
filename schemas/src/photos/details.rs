//! What the tables beside that of assets say: names, titles, keywords, cameras, places by name.

use std::collections::HashMap;

use super::assets::{orientation, size};
use super::catalog::Catalog;
use super::geography::named_place;
use super::model::{Asset, Importer};
use super::rows::Rows;
use crate::skipped::Skipped;

/// The columns of `ZADDITIONALASSETATTRIBUTES`, in the order in which they are taken.
const ATTRIBUTES: [&str; 15] = [
    "ZASSET",
    "ZORIGINALFILENAME",
    "ZTITLE",
    "ZACCESSIBILITYDESCRIPTION",
    "ZIMPORTEDBYBUNDLEIDENTIFIER",
    "ZCREATORBUNDLEID",
    "ZIMPORTEDBYDISPLAYNAME",
    "ZORIGINALFILESIZE",
    "ZASSETDESCRIPTION",
    "ZUNMANAGEDADJUSTMENT",
    "ZEDITORBUNDLEID",
    "ZREVERSELOCATIONDATA",
    "ZORIGINALWIDTH",
    "ZORIGINALHEIGHT",
    "ZORIGINALORIENTATION",
];

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
    let captions = texts(rows, "ZASSETDESCRIPTION", &["ZLONGDESCRIPTION"]);
    let editors = texts(rows, "ZUNMANAGEDADJUSTMENT", &["ZEDITORLOCALIZEDNAME", "ZADJUSTMENTFORMATIDENTIFIER"]);
    let mut damaged = Vec::new();
    rows.each("ZADDITIONALASSETATTRIBUTES", &ATTRIBUTES, &mut |id, row| {
        let Some(at) = row.integer().and_then(|asset| index.assets.get(&asset).copied()) else { return };
        index.attributes.insert(id, at);
        let Some(asset) = assets.get_mut(at) else { return };
        asset.original_name = row.text();
        asset.title = row.text().or_else(|| asset.title.take());
        asset.accessibility = row.text();
        let (bundle, before, name) = (row.text(), row.text(), row.text());
        asset.importer = importer(bundle.or(before), name);
        asset.original_size = row.integer().and_then(|bytes| u64::try_from(bytes).ok()).filter(|bytes| *bytes > 0);
        asset.caption = row.integer().and_then(|id| captions.get(&id).cloned());
        let editor = row.integer().and_then(|id| editors.get(&id).cloned());
        asset.editor = row.text().into_iter().fold(editor, |name, bundle| name.or(Some(bundle)));
        if let Some(archive) = row.blob()
            && let Err(error) = named_place(archive, &mut asset.place)
        {
            damaged.push(Skipped::new(format!("the place of asset {}", asset.uuid), error));
        }
        asset.original.dimensions = size(row.integer()).zip(size(row.integer()));
        asset.original.orientation = orientation(row.integer());
    });
    rows.skipped.append(&mut damaged);
    cameras(rows, assets, index);
    keywords(rows, catalog, assets, index);
}

pub(super) fn importer(bundle_id: Option<String>, name: Option<String>) -> Option<Importer> {
    (bundle_id.is_some() || name.is_some()).then_some(Importer { bundle_id, name })
}

/// The first text of each row that is not empty.
fn texts(rows: &mut Rows<'_>, table: &str, columns: &[&str]) -> HashMap<i64, String> {
    let mut texts = HashMap::new();
    rows.each(table, columns, &mut |id, row| {
        if let Some(text) = (0..columns.len()).find_map(|_| row.name()) {
            texts.insert(id, text);
        }
    });
    texts
}

fn cameras(rows: &mut Rows<'_>, assets: &mut [Asset], index: &Index) {
    const COLUMNS: [&str; 5] = ["ZASSET", "ZCAMERAMAKE", "ZCAMERAMODEL", "ZLENSMODEL", "ZDURATION"];
    rows.each("ZEXTENDEDATTRIBUTES", &COLUMNS, &mut |_, row| {
        let Some(asset) = index.asset(assets, row.integer()) else { return };
        (asset.camera.make, asset.camera.model, asset.camera.lens) = (row.text(), row.text(), row.text());
        asset.duration = asset.duration.or_else(|| row.real().filter(|seconds| *seconds > 0.0));
    });
}

fn keywords(rows: &mut Rows<'_>, catalog: &Catalog, assets: &mut [Asset], index: &Index) {
    let Some(join) = &catalog.has_keywords else { return };
    let words = texts(rows, "ZKEYWORD", &["ZTITLE"]);
    rows.each(&join.table, &[&join.left, &join.right], &mut |_, row| {
        let Some(asset) = index.owner(assets, row.integer()) else { return };
        asset.keywords.extend(row.integer().and_then(|id| words.get(&id).cloned()));
    });
    for asset in assets {
        asset.keywords.sort_unstable();
        asset.keywords.dedup();
    }
}
