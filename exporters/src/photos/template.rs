//! Where an asset goes, as a person writes it: `{year}/{country|somewhere}/{city}`.
//!
//! A template is a path. `{field}` stands for what is known of the asset, `{field|words}` for the words where nothing is
//! known. A part of the path of whose fields none is known is left out. `{{` and `}}` are braces.

use std::fmt;

use corer_schemas::photos::{Asset, AssetKind, Subkind};
use jiff::Zoned;

/// A path with fields in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    segments: Vec<Vec<Piece>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Field(Field, Option<String>),
}

/// What can stand in braces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Year,
    Month,
    Day,
    Date,
    Time,
    Album,
    Name,
    Uuid,
    AssetKind,
    Country,
    Region,
    City,
    LinkTarget,
    Person,
    Camera,
    App,
}

impl Field {
    /// Every field, with the word for it and what it gives.
    const ALL: [(&'static str, Self, &'static str); 16] = [
        ("year", Self::Year, "2016"),
        ("month", Self::Month, "07"),
        ("day", Self::Day, "16"),
        ("date", Self::Date, "2016-07-16"),
        ("time", Self::Time, "14.05.33"),
        ("album", Self::Album, "the folders and title of each album"),
        ("name", Self::Name, "IMG_0123"),
        ("uuid", Self::Uuid, "the identifier"),
        ("kind", Self::AssetKind, "photo, live, screenshot, video …"),
        ("country", Self::Country, "Portugal"),
        ("region", Self::Region, "Lisbon District"),
        ("city", Self::City, "Lisbon"),
        ("place", Self::LinkTarget, "Belém, Lisbon, Portugal"),
        ("person", Self::Person, "the first person, by the alphabet"),
        ("camera", Self::Camera, "iPhone 6s"),
        ("app", Self::App, "the app that brought it in"),
    ];

    fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(name, ..)| *name == word).map(|(_, field, _)| field)
    }
}

/// Why a template makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A brace that nothing closes or opens.
    #[error("a brace is missing; write {{{{ and }}}} for braces themselves")]
    Brace,
    /// A field that there is not.
    #[error("there is no field {{{0}}}")]
    Field(String),
    /// A path that leads out of the folder of the export, or nowhere.
    #[error("{0}")]
    Path(&'static str),
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// [`TemplateError`] for a field that there is not and for a brace alone.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut segments = vec![Vec::new()];
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            let piece = match letter {
                '/' => {
                    segments.push(Vec::new());
                    continue;
                }
                '{' | '}' if letters.next_if_eq(&letter).is_some() => Piece::Text(letter.to_string()),
                '{' => {
                    let inside: String = std::iter::from_fn(|| letters.next_if(|&letter| letter != '}')).collect();
                    letters.next().ok_or(TemplateError::Brace)?;
                    field(&inside)?
                }
                '}' => return Err(TemplateError::Brace),
                other => Piece::Text(other.to_string()),
            };
            segments.last_mut().into_iter().for_each(|segment| segment.push(piece.clone()));
        }
        Ok(Self { segments })
    }

    /// Whether the path stays in the folder of the export, also where fields are not known and where the words for that
    /// stand in their place. What a backup says cannot lead out of it: it is made safe. `is_name`: it makes a name.
    ///
    /// # Errors
    /// [`TemplateError::Path`].
    pub(super) fn check(&self, is_name: bool) -> Result<(), TemplateError> {
        // The words for what is not known, and something harmless for what is. A part of whose fields none is known, and
        // that has no words for that, is left out.
        let unknown = |segment: &Vec<Piece>| -> Option<String> {
            let has = |wanted: fn(&Piece) -> bool| segment.iter().any(wanted);
            let is_written = has(|piece| matches!(piece, Piece::Field(_, Some(_))))
                || !has(|piece| matches!(piece, Piece::Field(..)));
            let words = segment.iter().map(|piece| match piece {
                Piece::Text(text) | Piece::Field(_, Some(text)) => text.as_str(),
                Piece::Field(_, None) => "",
            });
            is_written.then(|| words.collect())
        };
        let known = |segment: &Vec<Piece>| -> String {
            let words = segment.iter().map(|piece| match piece {
                Piece::Text(text) => text.as_str(),
                Piece::Field(..) => "x",
            });
            words.collect()
        };
        let is_flat = self.segments.len() == 1 && self.segments.iter().all(Vec::is_empty);
        if is_flat && !is_name {
            return Ok(());
        }
        if self.segments.iter().any(Vec::is_empty) {
            let is_absolute = self.segments.first().is_some_and(Vec::is_empty) && !is_flat;
            return Err(TemplateError::Path(if is_absolute { ABSOLUTE } else { EMPTY }));
        }
        for (at, segment) in self.segments.iter().enumerate() {
            is_below(&known(segment), at == 0)?;
            unknown(segment).map_or(Ok(()), |part| is_below(&part, at == 0))?;
        }
        Ok(())
    }

    /// What every field stands for, for help pages: the word, and an example.
    pub fn fields() -> impl Iterator<Item = (&'static str, &'static str)> {
        Field::ALL.into_iter().map(|(name, _, example)| (name, example))
    }

    /// Whether it names albums, so that an asset may have several places.
    pub fn names_albums(&self) -> bool {
        self.segments.iter().flatten().any(|piece| matches!(piece, Piece::Field(Field::Album, _)))
    }

    /// The parts of the path for an asset, made from `facts`. None of them is safe for a disk yet.
    pub(super) fn expand(&self, facts: &Facts<'_>) -> Vec<String> {
        let mut path = Vec::new();
        for segment in &self.segments {
            let (mut name, mut is_known) = (String::new(), false);
            for piece in segment {
                match piece {
                    Piece::Text(text) => name.push_str(text),
                    // An album is a path of its own.
                    Piece::Field(Field::Album, _) if !facts.album.is_empty() => {
                        let (last, above) = facts.album.split_last().unwrap_or((&"", &[]));
                        path.extend(above.iter().map(|part| std::mem::take(&mut name) + part));
                        name.push_str(last);
                        is_known = true;
                    }
                    Piece::Field(field, otherwise) => {
                        let value = facts.value(*field).or_else(|| otherwise.clone());
                        is_known |= value.is_some();
                        name.push_str(&value.unwrap_or_default());
                    }
                }
            }
            let has_field = segment.iter().any(|piece| matches!(piece, Piece::Field(..)));
            if !name.trim().is_empty() && (is_known || !has_field) {
                path.push(name);
            }
        }
        path
    }
}

impl fmt::Display for TemplateFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = Template::fields().map(|(name, _)| format!("{{{name}}}")).collect();
        f.write_str(&names.join(" "))
    }
}

const ABSOLUTE: &str = "it begins at the root of a disk; it must stay in the folder of the export";
const EMPTY: &str = "a part of it between two slashes, or at its end, is empty";
const CLIMBS: &str = "a part of it is . or .., and it must stay in the folder of the export";
const DRIVE: &str = "it names a drive; it must stay in the folder of the export";

/// Whether one part of a path stays below the one before, on every system.
fn is_below(part: &str, is_first: bool) -> Result<(), TemplateError> {
    let mut letters = part.trim_start().chars();
    let is_drive = letters.next().is_some_and(|letter| letter.is_ascii_alphabetic()) && letters.next() == Some(':');
    if part.starts_with(['/', '\\']) {
        return Err(TemplateError::Path(ABSOLUTE));
    }
    if is_first && is_drive {
        return Err(TemplateError::Path(DRIVE));
    }
    // Blanks and dots at the end of a name count for nothing on some disks.
    let climbs = |name: &str| {
        let name = name.trim();
        !name.is_empty() && name.chars().all(|letter| letter == '.')
    };
    if part.split(['/', '\\']).any(climbs) { Err(TemplateError::Path(CLIMBS)) } else { Ok(()) }
}

/// The words of all fields, in braces.
#[derive(Debug, Clone, Copy)]
pub struct TemplateFields;

fn field(inside: &str) -> Result<Piece, TemplateError> {
    let (word, otherwise) = match inside.split_once('|') {
        Some((word, otherwise)) => (word, Some(otherwise.to_owned())),
        None => (inside, None),
    };
    let field = Field::named(word.trim()).ok_or_else(|| TemplateError::Field(word.to_owned()))?;
    Ok(Piece::Field(field, otherwise))
}

/// What is known of an asset.
pub(super) struct Facts<'a> {
    pub(super) asset: &'a Asset,
    /// The moment taken on a clock at that place.
    pub(super) taken: Option<&'a Zoned>,
    /// The album that it is placed in, as the names of its folders.
    pub(super) album: &'a [&'a str],
}

impl Facts<'_> {
    fn value(&self, field: Field) -> Option<String> {
        let asset = self.asset;
        let format = |pattern: &str| self.taken.map(|taken| taken.strftime(pattern).to_string());
        match field {
            Field::Year => format("%Y"),
            Field::Month => format("%m"),
            Field::Day => format("%d"),
            Field::Date => format("%Y-%m-%d"),
            Field::Time => format("%H.%M.%S"),
            Field::Album => None,
            Field::Name => Some(crate::output::split_extension(asset.name()).0.to_owned()),
            Field::Uuid => Some(asset.uuid.clone()),
            Field::AssetKind => Some(sort(asset).to_owned()),
            Field::Country => asset.place.country.clone(),
            Field::Region => asset.place.region.clone(),
            Field::City => asset.place.city.clone(),
            Field::LinkTarget => asset.place.name.clone(),
            Field::Person => asset.people().first().map(|&name| name.to_owned()),
            Field::Camera => asset.camera.model.clone(),
            Field::App => asset.importer.as_ref().and_then(|app| app.name.clone().or_else(|| app.bundle_id.clone())),
        }
    }
}

/// The finest word for what an asset is.
pub fn sort(asset: &Asset) -> &'static str {
    let telling = [
        Subkind::Screenshot,
        Subkind::Panorama,
        Subkind::ScreenRecording,
        Subkind::SlowMotion,
        Subkind::TimeLapse,
        Subkind::Live,
        Subkind::Portrait,
        Subkind::Burst,
    ];
    telling.into_iter().find(|subkind| asset.is(*subkind)).map_or_else(|| kind_word(asset.kind), subkind_word)
}

/// The word for a kind in data and on the command line.
pub fn kind_word(kind: AssetKind) -> &'static str {
    match kind {
        AssetKind::Photo => "photo",
        AssetKind::Video => "video",
        AssetKind::Audio => "audio",
    }
}

/// The word for a finer sort in data and on the command line.
pub fn subkind_word(subkind: Subkind) -> &'static str {
    match subkind {
        Subkind::Live => "live",
        Subkind::Screenshot => "screenshot",
        Subkind::Panorama => "panorama",
        Subkind::Burst => "burst",
        Subkind::Portrait => "portrait",
        Subkind::Hdr => "hdr",
        Subkind::Spatial => "spatial",
        Subkind::Raw => "raw",
        Subkind::Animated => "animated",
        Subkind::Looping => "looping",
        Subkind::SlowMotion => "slow-motion",
        Subkind::TimeLapse => "time-lapse",
        Subkind::ScreenRecording => "screen-recording",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expand(template: &str, album: &[&str]) -> String {
        let asset = Asset { filename: "IMG_0001.HEIC".into(), uuid: "U".into(), ..Asset::default() };
        let taken: Zoned = "2016-07-16T14:05:33+02:00[+02:00]".parse().unwrap();
        let facts = Facts { asset: &asset, taken: Some(&taken), album };
        Template::parse(template).unwrap().expand(&facts).join("/")
    }

    #[test]
    fn fields_become_what_is_known() {
        assert_eq!(expand("{year}/{year}-{month}", &[]), "2016/2016-07");
        assert_eq!(expand("{country|somewhere}/{city}/{name} {time}", &[]), "somewhere/IMG_0001 14.05.33");
        assert_eq!(expand("a{{b}}/{uuid}", &[]), "a{b}/U");
        assert_eq!(expand("", &[]), "");
    }

    #[test]
    fn an_album_is_a_path() {
        assert_eq!(expand("x {album}/{year}", &["Travel", "Lisbon"]), "x Travel/Lisbon/2016");
        assert_eq!(expand("{album|No album}/{year}", &[]), "No album/2016");
        assert!(Template::parse("{album}").unwrap().names_albums());
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        assert_eq!(Template::parse("{yaer}"), Err(TemplateError::Field("yaer".into())));
        assert_eq!(Template::parse("a}"), Err(TemplateError::Brace));
        assert_eq!(Template::parse("{year"), Err(TemplateError::Brace));
    }

    #[test]
    fn no_template_leads_out_of_the_folder() {
        let check = |text: &str, is_name| Template::parse(text).unwrap().check(is_name);
        for (text, why) in [
            ("../{year}", CLIMBS),
            ("{year}/../..", CLIMBS),
            ("{year}/./{month}", CLIMBS),
            ("{year}/.. /{month}", CLIMBS),
            ("..\\{year}", CLIMBS),
            ("{year}/a\\..\\b", CLIMBS),
            ("{city|..}/{year}", CLIMBS),
            (".{city|.}/{year}", CLIMBS),
            ("{city|../..}", CLIMBS),
            ("/{year}", ABSOLUTE),
            ("\\\\server\\{year}", ABSOLUTE),
            ("{city|/etc}/{year}", ABSOLUTE),
            ("C:/{year}", DRIVE),
            ("c:{year}", DRIVE),
            ("{city|C:}/{year}", DRIVE),
            ("{year}//{month}", EMPTY),
            ("{year}/", EMPTY),
        ] {
            assert_eq!(check(text, false), Err(TemplateError::Path(why)), "{text}");
        }
        for text in ["../{name}", "{name}/", "/{name}", "", "..", "{city|..}"] {
            assert!(check(text, true).is_err(), "{text}");
        }
        for text in [
            "",
            "{year}",
            "{year|undated}/{year}-{month}",
            "...and {year}",
            "{album}",
            "{city|none}/{time}",
            "{date}.{city}",
            "a:b/{year}x",
        ] {
            assert_eq!(check(text, false).is_err(), text.starts_with("a:"), "{text}");
        }
        assert_eq!(check("{date} {name}", true), Ok(()));
    }
}
