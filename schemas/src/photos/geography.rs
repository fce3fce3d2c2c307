//! The name of a place, as the device looked it up: `ZREVERSELOCATIONDATA`, a keyed archive of `PLRevGeoLocationInfo`.
//!
//! Seen in libraries of macOS 10.15 to 15.4: `postalAddress` (`CNPostalAddress`), and `mapItem.sortedPlaceInfos`, the
//! finest first, each with a `name` and a `placeType` (1 country, 2 region, 3 county, 4 town, 6 quarter, 8 place of
//! interest, 17 address).

use super::model::Place;
use crate::formats::bplist::Malformed;
use crate::formats::keyed_archive::{Archive, Node};

/// More names of one place than any map knows.
const MOST_NAMES: usize = 64;
/// The types of places whose names make up the name of the place, one of each.
const SHOWN: [i64; 5] = [8, 6, 4, 2, 1];

/// Adds to a place what an archive calls it.
///
/// # Errors
/// [`Malformed`] when the archive is none; what was read before stays.
pub(super) fn named_place(archive: &[u8], place: &mut Place) -> Result<(), Malformed> {
    let archive = Archive::new(archive)?;
    let root = archive.root()?;
    place.country_code = text(&root, &["countryCode"])?;
    if let Some(address) = root.field("postalAddress")? {
        place.street = text(&address, &["_street"])?;
        place.district = text(&address, &["_subLocality"])?;
        place.city = text(&address, &["_city"])?;
        place.region = text(&address, &["_state"])?;
        place.postal_code = text(&address, &["_postalCode"])?;
        place.country = text(&address, &["_country"])?;
        let code = text(&address, &["_ISOCountryCode"])?;
        place.country_code = place.country_code.take().or(code);
    }
    let Some(infos) = root.path(&["mapItem", "sortedPlaceInfos"])? else { return Ok(()) };
    let mut names = Vec::new();
    for info in infos.members().take(MOST_NAMES) {
        let info = info?;
        let kind = info.field("placeType")?.and_then(|kind| kind.integer()).unwrap_or_default();
        names.extend(text(&info, &["name"])?.map(|name| (kind, name)));
    }
    complete(place, &names);
    Ok(())
}

/// Fills in what the address does not say, and puts the names together.
fn complete(place: &mut Place, names: &[(i64, String)]) {
    let of = |kind| names.iter().find(|(known, _)| *known == kind).map(|(_, name)| name.clone());
    place.country = place.country.take().or_else(|| of(1));
    place.region = place.region.take().or_else(|| of(2));
    place.city = place.city.take().or_else(|| of(4));
    place.district = place.district.take().or_else(|| of(6));
    let mut shown: Vec<String> = Vec::new();
    for name in SHOWN.into_iter().filter_map(of) {
        if !shown.contains(&name) {
            shown.push(name);
        }
    }
    place.name = (!shown.is_empty()).then(|| shown.join(", "));
}

fn text(node: &Node<'_, '_>, path: &[&str]) -> Result<Option<String>, Malformed> {
    let text = node.path(path)?.and_then(|node| node.text().map(|text| text.into_owned()));
    Ok(text.filter(|text| !text.is_empty()))
}
