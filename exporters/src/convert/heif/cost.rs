//! What decoding a file will cost, before a pixel is decoded.
//!
//! A picture is a tree: a grid of tiles, an overlay of pictures, each with a plane of opacity beside it. The tree is in the
//! file, so a hostile one has cycles, names one huge picture a thousand times, or claims a small grid of large tiles. The
//! decoder bounds the size of each picture and the depth of what it decodes, but not the number of tiles, and follows
//! cycles when it looks for a colour profile. So the tree is walked here first.

use heifer::heifer_hevc_dec::nal::{NalUnit, split_annex_b};
use heifer::heifer_hevc_dec::params::ParameterSets;
use heifer::heifer_isobmff::boxes::Property;
use heifer::heifer_isobmff::{HeifFile, ItemId};

use crate::convert::{ConvertError, Limits};

/// How deep a tree may be: a grid and its tiles, within an overlay, within an identity.
const DEPTH: usize = 4;

/// The most pictures of a tree. 200 megapixels in tiles of 512 are 800.
const PICTURES: usize = 4096;

/// How much larger than claimed a coded picture may be, in pixels: codecs work in blocks of up to 64.
const ROUNDING: u64 = 1 << 20;

/// The most pixels of a small copy inside a file.
const PREVIEW: u64 = 1 << 20;

/// What is found in a tree.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Cost {
    pictures: usize,
    /// Of the coded pictures together.
    coded: u64,
    /// Of the largest coded picture.
    largest_coded: u64,
    /// Of the largest picture, coded or put together.
    largest: u64,
    /// Whether pictures lie over each other: all of them are decoded before the first is laid down.
    is_overlay: bool,
}

impl Cost {
    /// About how much memory decoding needs, in bytes: the picture before and after it is turned, in four bytes for each
    /// pixel, one coded picture with the decoder's own notes, and the encoded file.
    pub(super) fn memory(&self) -> u64 {
        let overlay = if self.is_overlay { self.coded.saturating_mul(4) } else { 0 };
        let picture = self.largest.saturating_mul(10).saturating_add(self.largest_coded.saturating_mul(12));
        picture.saturating_add(overlay)
    }

    /// How large a picture the decoder may meet, in pixels.
    pub(super) fn most_pixels(&self) -> u64 {
        self.largest.saturating_add(ROUNDING)
    }
}

/// Walks the tree of the picture that the file shows.
pub(super) fn estimate(file: &HeifFile<'_>, limits: &Limits) -> Result<Cost, ConvertError> {
    let mut cost = Cost::default();
    visit(file, file.primary_id, 0, limits, &mut cost)?;
    Ok(cost)
}

/// Whether every small copy of the picture is one plain picture and really small.
pub(super) fn preview_is_small(file: &HeifFile<'_>, limits: &Limits) -> bool {
    let copies = file.referencing_items(file.primary_id, b"thmb");
    copies.len() <= 8
        && copies.iter().all(|id| {
            let mut cost = Cost::default();
            visit(file, *id, 0, limits, &mut cost).is_ok()
                && cost.pictures == 1
                && cost.largest <= PREVIEW
                && coded_pixels(file, *id).is_some_and(|pixels| pixels <= PREVIEW)
        })
}

/// How many pixels the codec itself says that a coded picture has: the decoder takes no limit for small copies.
fn coded_pixels(file: &HeifFile<'_>, id: ItemId) -> Option<u64> {
    let mut sets = ParameterSets::default();
    for unit in split_annex_b(&file.hevc_bitstream(id).ok()?) {
        sets.add(&NalUnit::parse(unit).ok()?).ok()?;
    }
    let area = |width: u32, height: u32| u64::from(width).saturating_mul(u64::from(height));
    let sizes = sets.sps.iter().flatten();
    sizes.map(|set| area(set.pic_width_in_luma_samples, set.pic_height_in_luma_samples)).max()
}

fn visit(file: &HeifFile<'_>, id: ItemId, depth: usize, limits: &Limits, cost: &mut Cost) -> Result<(), ConvertError> {
    let damaged = |why: &str| ConvertError::Undecodable(why.to_owned());
    cost.pictures += 1;
    if depth > DEPTH || cost.pictures > PICTURES {
        return Err(damaged("it is put together of too many pictures"));
    }
    let kind = file.item(id).map_err(|e| damaged(&e.to_string()))?.item_type.0;
    let (width, height) = size(file, id, kind)?;
    let pixels = u64::from(width).saturating_mul(u64::from(height));
    cost.largest = cost.largest.max(pixels);
    cost.is_overlay |= kind == *b"iovl";
    let parts = file.referenced_items(id, b"dimg");
    let parts = match &kind {
        // The search for a colour profile follows these parts too.
        b"hvc1" if !parts.is_empty() => return Err(damaged("a coded picture in it claims to be put together")),
        b"hvc1" => {
            cost.coded = cost.coded.saturating_add(pixels);
            cost.largest_coded = cost.largest_coded.max(pixels);
            parts
        }
        b"grid" | b"iovl" | b"iden" => parts,
        kind => return Err(damaged(&format!("its pictures are of the kind {}", kind.escape_ascii()))),
    };
    // Tiles reach over the edge, and a plane of opacity doubles the work.
    if pixels > limits.pixels || cost.coded > limits.pixels.saturating_mul(2).saturating_add(ROUNDING) {
        return Err(ConvertError::TooLarge(format!("it has {width} × {height} pixels")));
    }
    // Any plane beside the picture is counted, though only opacity is decoded: hostile files have many, cameras few.
    let planes = file.referencing_items(id, b"auxl");
    let opacity = planes.iter().filter(|plane| is_opacity(file, **plane));
    parts.iter().chain(opacity).try_for_each(|part| visit(file, *part, depth + 1, limits, cost))
}

/// The size of a picture. A grid has it in its own data too, which the decoder goes by.
fn size(file: &HeifFile<'_>, id: ItemId, kind: [u8; 4]) -> Result<(u32, u32), ConvertError> {
    let damaged = |e: heifer::heifer_isobmff::Error| ConvertError::Undecodable(e.to_string());
    if kind == *b"grid" {
        let grid = file.grid(id).map_err(damaged)?;
        return Ok((grid.output_width, grid.output_height));
    }
    let size = file.image_size(id).map_err(damaged)?;
    size.ok_or_else(|| ConvertError::Undecodable("a picture in it has no size".to_owned()))
}

fn is_opacity(file: &HeifFile<'_>, id: ItemId) -> bool {
    file.item_properties(id).is_ok_and(|mut properties| {
        properties.any(|property| {
            matches!(property, Property::AuxiliaryType(kind)
                if kind == "urn:mpeg:hevc:2015:auxid:1" || kind == "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha")
        })
    })
}
