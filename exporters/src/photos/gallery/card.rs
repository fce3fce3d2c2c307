//! One asset as pages show it.

use corer_schemas::photos::{Kind, Role, Subkind};
use jiff::Zoned;
use jiff::tz::TimeZone;

use super::thumbs::mark;
use crate::clock::date_in_words;
use crate::output::SafePath;
use crate::photos::companion::{Placed, PlacedFile};
use crate::photos::conversion::Conversions;

/// An asset, and what of it a browser can show.
pub(super) struct Card<'a> {
    /// The asset and its files.
    pub placed: &'a Placed<'a>,
    /// What it is called in addresses.
    pub mark: String,
    /// When it was taken, on a clock at the place.
    pub taken: Option<Zoned>,
    /// The small picture.
    pub thumb: Option<SafePath>,
    /// The large picture; of a HEIC without a converted copy there is none.
    pub picture: Option<SafePath>,
    /// The large picture that some browsers show: a HEIC without a converted copy.
    pub rare: Option<SafePath>,
    /// The video.
    pub video: Option<SafePath>,
    /// The movement of a Live Photo.
    pub motion: Option<SafePath>,
}

impl<'a> Card<'a> {
    pub(super) fn new(
        placed: &'a Placed<'a>,
        thumb: Option<SafePath>,
        conversions: Option<&Conversions<'_>>,
        zone: &TimeZone,
    ) -> Self {
        let of = |roles: &[Role], shown: &dyn Fn(&PlacedFile<'_>) -> Option<SafePath>| {
            roles.iter().find_map(|role| placed.files.iter().filter(|file| file.role() == *role).find_map(shown))
        };
        let picture = |file: &PlacedFile<'_>| {
            let shown = ["jpg", "jpeg", "jpe", "png", "gif", "webp", "avif", "bmp"].contains(&&*file.path.extension());
            // The name may say that a browser shows it, and the content that none does.
            conversions.and_then(|made| made.of(&file.path)).or_else(|| shown.then(|| file.path.clone()))
        };
        let heic = |file: &PlacedFile<'_>| {
            ["heic", "heif", "hif"].contains(&&*file.path.extension()).then(|| file.path.clone())
        };
        let video = |file: &PlacedFile<'_>| {
            let shown = ["mov", "mp4", "m4v", "qt"].contains(&&*file.path.extension());
            shown.then(|| file.path.clone())
        };
        let is_photo = placed.asset.kind == Kind::Photo;
        let main = [Role::EditedFullSize, Role::Original, Role::AlternateImage, Role::ReducedCopy, Role::Thumbnail];
        let picture_of = |roles: &[Role]| if is_photo { of(roles, &picture) } else { None };
        // A small JPEG does not stand for a HEIC of full size.
        let whole = picture_of(main.get(..3).unwrap_or_default());
        let rare = if is_photo && whole.is_none() { of(&main, &heic) } else { None };
        Self {
            mark: mark(placed.asset),
            taken: placed.asset.taken(zone),
            picture: whole.or_else(|| picture_of(&main)),
            rare,
            video: if is_photo { None } else { of(&main, &video) },
            motion: if is_photo { of(&[Role::EditedLiveVideo, Role::LiveVideo], &video) } else { None },
            thumb: thumb.or_else(|| of(&[Role::Thumbnail, Role::ReducedCopy], &picture)),
            placed,
        }
    }

    /// Whether it belongs on the pages that everybody may see.
    pub(super) fn is_open(&self) -> bool {
        !self.placed.asset.is_hidden && !self.placed.asset.is_trashed
    }

    /// What it is, for those who cannot see it: what somebody wrote about it, else what is known.
    pub(super) fn words(&self) -> String {
        let asset = self.placed.asset;
        let written = [&asset.accessibility, &asset.caption, &asset.title];
        if let Some(text) = written.into_iter().flatten().find(|text| !text.trim().is_empty()) {
            return text.trim().to_owned();
        }
        let mut words = vec![self.kind().to_owned()];
        words.extend(self.taken.as_ref().map(|taken| date_in_words(taken.date())));
        words.extend(asset.place.city.clone().or_else(|| asset.place.name.clone()));
        let people = asset.people();
        if !people.is_empty() {
            words.push(people.join(" and "));
        }
        words.join(", ")
    }

    /// What sort of picture it is.
    pub(super) fn kind(&self) -> &'static str {
        let asset = self.placed.asset;
        let kinds = [
            (Subkind::Screenshot, "Screenshot"),
            (Subkind::ScreenRecording, "Screen recording"),
            (Subkind::Panorama, "Panorama"),
            (Subkind::SlowMotion, "Slow-motion video"),
            (Subkind::TimeLapse, "Time-lapse video"),
            (Subkind::Live, "Live Photo"),
            (Subkind::Portrait, "Portrait"),
            (Subkind::Burst, "Burst photo"),
        ];
        match (kinds.into_iter().find(|(kind, _)| asset.is(*kind)), asset.kind) {
            (Some((_, word)), _) => word,
            (None, Kind::Photo) => "Photo",
            (None, Kind::Video) => "Video",
            (None, Kind::Audio) => "Recording",
        }
    }
}
