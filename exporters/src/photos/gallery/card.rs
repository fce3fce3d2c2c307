//! One asset as pages show it.

use corer_schemas::photos::{AssetKind, Role, Subkind};
use jiff::Zoned;
use jiff::tz::TimeZone;

use super::thumbs::asset_slug;
use crate::clock::date_in_words;
use crate::convert::Content;
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
        // What a file holds decides how it is shown: browsers look at it, too. The copy of a file has a name that is right.
        let copy = |file: &PlacedFile<'_>| conversions.and_then(|made| made.of(&file.path));
        let picture = |file: &PlacedFile<'_>| match file.content? {
            content if content.is_shown() => copy(file).or_else(|| Some(file.path.clone())),
            content if content.is_rare() => copy(file),
            _ => None,
        };
        let heic = |file: &PlacedFile<'_>| file.content.is_some_and(Content::is_rare).then(|| file.path.clone());
        let movie = |file: &PlacedFile<'_>| {
            file.content.is_some_and(Content::is_movie).then(|| copy(file).unwrap_or_else(|| file.path.clone()))
        };
        let is_photo = placed.asset.kind == AssetKind::Photo;
        let (wholes, substitutes) =
            ([Role::EditedFullSize, Role::Original, Role::AlternateImage], [Role::ReducedCopy, Role::Thumbnail]);
        // A small JPEG does not stand for a HEIC of full size, and a movie that is called a picture is none.
        let film = || of(&wholes, &movie).or_else(|| of(&substitutes, &movie));
        let video_first = if is_photo { None } else { film() };
        let whole = if video_first.is_none() { of(&wholes, &picture) } else { None };
        let rare = if video_first.is_none() && whole.is_none() {
            of(&wholes, &heic).or_else(|| if is_photo { of(&substitutes, &heic) } else { None })
        } else {
            None
        };
        let video = video_first.or_else(|| if whole.is_none() && rare.is_none() { film() } else { None });
        let substitute = || if is_photo && video.is_none() { of(&substitutes, &picture) } else { None };
        let motion = is_photo && video.is_none();
        Self {
            mark: asset_slug(placed.asset),
            taken: placed.asset.taken(zone),
            picture: whole.or_else(substitute),
            rare,
            motion: if motion { of(&[Role::EditedLiveVideo, Role::LiveVideo], &movie) } else { None },
            video,
            thumb: thumb.or_else(|| of(&[Role::Thumbnail, Role::ReducedCopy], &picture)),
            placed,
        }
    }

    /// Whether it belongs on the pages that everybody may see.
    pub(super) fn is_open(&self) -> bool {
        !self.placed.asset.is_hidden && !self.placed.asset.is_trashed
    }

    /// Whether it is shown as a video, or is one of which nothing can be shown.
    pub(super) fn is_video(&self) -> bool {
        let is_picture = self.picture.is_some() || self.rare.is_some();
        self.video.is_some() || (!is_picture && self.placed.asset.kind != AssetKind::Photo)
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
            (None, AssetKind::Audio) => "Recording",
            (None, _) if self.is_video() => "Video",
            (None, _) => "Photo",
        }
    }
}
