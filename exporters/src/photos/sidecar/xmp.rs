//! XMP packets.

use askama::Template;

use super::faces::Size;
use super::facts::Facts;
use super::xml_text::xml_text;

/// A packet. The template escapes; [`Facts`] hold no character that XML cannot.
#[derive(Template)]
#[template(path = "photos/sidecar.xml")]
struct Packet<'a> {
    facts: &'a Facts<'a>,
    taken: Option<String>,
    position: Option<(String, String)>,
    code: Option<String>,
    region: Option<String>,
    city: Option<String>,
    country: Option<String>,
    location: Option<String>,
    tags: Vec<String>,
    faces: Option<(Size, Vec<Area<'a>>)>,
}

struct Area<'a> {
    name: &'a str,
    x: String,
    y: String,
    width: String,
    height: String,
}

/// The packet of a file.
pub(super) fn render(facts: &Facts<'_>) -> String {
    let place = facts.place;
    let packet = Packet {
        facts,
        taken: facts.taken.as_ref().map(|taken| taken.strftime("%Y-%m-%dT%H:%M:%S%.f%:z").to_string()),
        position: facts
            .coordinates
            .map(|(latitude, longitude)| (angle(latitude, "N", "S"), angle(longitude, "E", "W"))),
        code: xml_text(place.country_code.as_deref()),
        region: xml_text(place.region.as_deref()),
        city: xml_text(place.city.as_deref()),
        country: xml_text(place.country.as_deref()),
        location: xml_text(place.district.as_deref().or(place.name.as_deref())),
        tags: tags(facts),
        faces: faces(facts),
    };
    // Writing to a string cannot fail, and the template has no fallible filters.
    packet.render().unwrap_or_default()
}

/// Keywords, and people as digiKam sorts them, with what would make a level of its own taken out.
fn tags(facts: &Facts<'_>) -> Vec<String> {
    let people = facts.people.iter().map(|name| format!("People/{}", name.replace('/', "\u{2215}")));
    facts.keywords.iter().map(|keyword| keyword.replace('/', "\u{2215}")).chain(people).collect()
}

fn faces<'a>(facts: &'a Facts<'a>) -> Option<(Size, Vec<Area<'a>>)> {
    let size = facts.size.filter(|_| !facts.faces.is_empty())?;
    let fraction = |value: f64| format!("{value:.6}");
    let area = |spot: &'a super::faces::NamedFace| Area {
        name: &spot.name,
        x: fraction(spot.region.x),
        y: fraction(spot.region.y),
        width: fraction(spot.region.width),
        height: fraction(spot.region.height),
    };
    Some((size, facts.faces.iter().map(area).collect()))
}

/// Degrees and minutes as XMP has them: `38,42.508200N`. Six digits of a minute are two millimetres.
fn angle(degrees: f64, positive: &str, negative: &str) -> String {
    let side = if degrees < 0.0 { negative } else { positive };
    let (whole, minutes) = (degrees.abs().floor(), degrees.abs().fract() * 60.0);
    // What rounds up to sixty minutes is the next degree.
    let (whole, minutes) = if minutes >= 59.999_999_5 { (whole + 1.0, 0.0) } else { (whole, minutes) };
    format!("{whole:.0},{minutes:.6}{side}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn angles_are_degrees_and_minutes() {
        let seen = [38.708_47, -9.136_585, 0.0, -0.5, 179.999_999_999].map(|degrees| angle(degrees, "E", "W"));
        assert_eq!(seen, ["38,42.508200E", "9,8.195100W", "0,0.000000E", "0,30.000000W", "180,0.000000E"]);
    }
}
