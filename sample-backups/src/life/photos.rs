//! Photos: the files of the camera roll and the catalogue `Photos.sqlite`.
//!
//! Originals lie in `DCIM` or, fetched from iCloud, in `CPLAssets`; edits in `Mutations`; of what is only in iCloud a
//! reduced copy may remain in `Metadata`.

use plist::Value;
use rusqlite::Connection;

use super::Moment;
use crate::builder::BackupBuilder;
use crate::database::{self, insert, insert_known};
use crate::era::Era;
use crate::error::Result;
use crate::mbfile::to_binary;
use crate::media;
use crate::plists::{dictionary, text};
use crate::seed::Seed;

const IOS_9: &str = include_str!("../../schema/photos-ios9.sql");
const IOS_10: &str = include_str!("../../schema/photos-ios10.sql");
/// The schema of iOS 18.
pub const IOS_18: &str = include_str!("../../schema/photos-ios18.sql");
/// Where photos lie.
pub const DOMAIN: &str = "CameraRollDomain";
const LISBON: Option<(f64, f64)> = Some((38.7139, -9.1334));
const CPL: &str = "PhotoData/CPLAssets/group7";

/// What is special about an asset.
#[derive(Clone, Copy, PartialEq)]
enum Special {
    Nothing,
    Favourite,
    /// A second file of the same name moves.
    Live,
    Video,
    Screenshot,
    /// An edited rendering lies in `Mutations`.
    Edited,
    Hidden,
    Trashed,
    /// Member of a burst; the first is the pick.
    Burst,
    /// Fetched from iCloud under an identifier instead of a name.
    FromCloud,
    /// Only a reduced copy is on the device.
    OnlyInCloud,
    /// Only the edited rendering is on the device.
    EditedInCloud,
    /// Only a thumbnail is on the device.
    OnlyThumbnail,
    /// Nothing of it is on the device.
    Nowhere,
}

impl Special {
    fn is_original_away(self) -> bool {
        matches!(self, Self::OnlyInCloud | Self::EditedInCloud | Self::OnlyThumbnail | Self::Nowhere)
    }

    fn is_edited(self) -> bool {
        matches!(self, Self::Edited | Self::EditedInCloud)
    }
}

/// When, directory, file, place, what is special, whether it is in the album "Lisbon".
type Asset = (&'static str, &'static str, &'static str, Option<(f64, f64)>, Special, bool);

const STORY: [Asset; 13] = [
    ("2012-03-10T10:31:07Z", "DCIM/100APPLE", "IMG_0001.JPG", Some((59.9075, 10.7311)), Special::Nothing, false),
    ("2013-06-21T21:45:00Z", "DCIM/100APPLE", "IMG_0412.JPG", None, Special::Favourite, false),
    ("2016-07-16T12:00:00Z", "DCIM/101APPLE", "IMG_1003.MOV", None, Special::Video, false),
    ("2016-09-01T08:15:30Z", "DCIM/101APPLE", "IMG_1010.PNG", None, Special::Screenshot, false),
    ("2019-05-11T14:03:22Z", "DCIM/102APPLE", "IMG_2041.JPG", LISBON, Special::Favourite, true),
    ("2019-05-11T14:05:00Z", "DCIM/102APPLE", "IMG_2042.JPG", LISBON, Special::Live, true),
    ("2019-05-12T09:00:00Z", "DCIM/102APPLE", "IMG_2043.JPG", LISBON, Special::Edited, true),
    ("2019-05-13T09:00:00Z", "DCIM/102APPLE", "IMG_2044.JPG", LISBON, Special::Burst, false),
    ("2019-05-13T09:00:00Z", "DCIM/102APPLE", "IMG_2045.JPG", LISBON, Special::Burst, false),
    ("2020-01-01T00:00:10Z", "DCIM/103APPLE", "IMG_3001.JPG", None, Special::Hidden, false),
    ("2024-10-20T10:00:00Z", "DCIM/103APPLE", "IMG_3002.JPG", None, Special::Trashed, false),
    ("2018-08-08T08:08:08Z", CPL, "7A3C5E10-0000-4000-8000-00000000C0DE.JPG", None, Special::FromCloud, false),
    ("2019-05-14T18:00:00Z", CPL, "7A3C5E10-0000-4000-8000-00000000C10D.JPG", LISBON, Special::OnlyInCloud, true),
];

/// A phone that keeps its originals in iCloud ("Optimise iPhone Storage").
const CLOUD: [Asset; 9] = [
    ("2021-02-01T10:00:00Z", "DCIM/104APPLE", "IMG_4001.HEIC", None, Special::Nothing, false),
    ("2021-02-02T10:00:00Z", CPL, "7A3C5E10-0000-4000-8000-00000000C001.JPG", LISBON, Special::FromCloud, true),
    ("2021-02-03T10:00:00Z", CPL, "7A3C5E10-0000-4000-8000-00000000C002.JPG", LISBON, Special::OnlyInCloud, true),
    ("2021-02-04T10:00:00Z", CPL, "7A3C5E10-0000-4000-8000-00000000C003.JPG", None, Special::OnlyInCloud, false),
    ("2021-02-05T10:00:00Z", CPL, "7A3C5E10-0000-4000-8000-00000000C004.JPG", None, Special::OnlyInCloud, false),
    ("2021-02-06T10:00:00Z", CPL, "7A3C5E10-0000-4000-8000-00000000C005.JPG", None, Special::EditedInCloud, false),
    ("2021-02-07T10:00:00Z", CPL, "7A3C5E10-0000-4000-8000-00000000C006.JPG", None, Special::OnlyThumbnail, false),
    ("2021-02-08T10:00:00Z", CPL, "7A3C5E10-0000-4000-8000-00000000C007.JPG", None, Special::Nowhere, false),
    ("2021-02-09T10:00:00Z", CPL, "7A3C5E10-0000-4000-8000-00000000C008.JPG", None, Special::Nowhere, false),
];

/// Adds the files and the catalogue of a phone that keeps its originals in iCloud.
///
/// # Errors
/// As [`add`].
pub fn add_cloud(backup: &mut BackupBuilder) -> Result<()> {
    add_story(backup, &CLOUD)
}

/// Adds files and catalogue.
///
/// # Errors
/// Passes on errors of SQLite and of the encoders.
pub fn add(backup: &mut BackupBuilder) -> Result<()> {
    add_story(backup, &STORY)
}

fn add_story(backup: &mut BackupBuilder, assets: &[Asset]) -> Result<()> {
    let mut story = Vec::new();
    for asset in assets {
        let at = Moment::at(asset.0)?;
        if at.unix() <= backup.now() {
            story.push((at, asset));
        }
    }
    for (at, asset) in &story {
        add_files(backup, *at, asset)?;
    }
    let schema = match backup.era() {
        // The catalogue of iOS 5 and 7 is not known well enough to be told.
        Era::Ios5 | Era::Ios7 => return Ok(()),
        Era::Ios9 => IOS_9,
        Era::Ios10_1 => IOS_10,
        Era::Ios15 | Era::Ios18 | Era::Ios26 => IOS_18,
    };
    let (era, seed) = (backup.era(), backup.seed().clone());
    let catalogue = database::build(schema, |db| {
        let model = Value::Integer(if era > Era::Ios10_1 { 18_508 } else { 3_000 }.into());
        database::metadata(db, &seed, vec![("PLModelVersion", model), ("NSStoreType", text("SQLite"))])?;
        let catalogue = Catalogue::new(db, era, &seed)?;
        let mut in_album = Vec::new();
        for (at, asset) in &story {
            let id = catalogue.asset(*at, asset)?;
            in_album.extend(asset.5.then_some(id));
        }
        catalogue.albums(&in_album)
    })?;
    backup.file(DOMAIN, "Media/PhotoData/Photos.sqlite", catalogue);
    Ok(())
}

fn content(asset: &Asset) -> Result<Vec<u8>> {
    let (at, _, name, place, special, _) = asset;
    match special {
        Special::Video => Ok(media::mov(3200)),
        Special::Screenshot => media::png(name, 24, 52),
        _ => media::photo(name, &at.replace('-', ":").replace('T', " ").replace('Z', ""), *place),
    }
}

fn add_files(backup: &mut BackupBuilder, at: Moment, asset: &Asset) -> Result<()> {
    let (_, directory, name, _, special, _) = asset;
    let stem = name.split('.').next().unwrap_or_default();
    let mut file = |path: String, bytes: Vec<u8>| {
        backup.odd_file(DOMAIN, &path, bytes, |record| *record = record.clone().at(at.unix()));
    };
    if *special == Special::OnlyInCloud {
        file(format!("Media/PhotoData/Metadata/{directory}/{name}"), media::jpeg(name, 16, 12)?);
    }
    if matches!(special, Special::OnlyInCloud | Special::OnlyThumbnail) {
        file(format!("Media/PhotoData/Thumbnails/V2/{directory}/{name}/5003.JPG"), media::jpeg(name, 8, 6)?);
    }
    if !special.is_original_away() {
        file(format!("Media/{directory}/{name}"), content(asset)?);
    }
    if *special == Special::Live {
        file(format!("Media/{directory}/{stem}.MOV"), media::mov(1500));
    }
    if special.is_edited() {
        let folder = format!("Media/PhotoData/Mutations/{directory}/{stem}/Adjustments");
        file(format!("{folder}/FullSizeRender.jpg"), media::jpeg("edited", 36, 48)?);
        file(format!("{folder}/Adjustments.plist"), adjustment()?);
        if !special.is_original_away() {
            file(format!("Media/{directory}/{stem}.AAE"), adjustment()?);
        }
    }
    Ok(())
}

fn adjustment() -> Result<Vec<u8>> {
    to_binary(&dictionary([
        ("adjustmentFormatIdentifier", text("com.apple.photo")),
        ("adjustmentFormatVersion", text("1.4")),
        ("adjustmentEditorBundleID", text("com.apple.mobileslideshow")),
        ("adjustmentData", Value::Data(vec![0; 8])),
    ]))
}

struct Catalogue<'a> {
    db: &'a Connection,
    seed: &'a Seed,
    assets: &'static str,
    /// Numbers of the kinds "album" and "asset" in the names of the join table.
    join: (i64, i64),
    kinds: Vec<(i64, &'static str)>,
}

impl<'a> Catalogue<'a> {
    fn new(db: &'a Connection, era: Era, seed: &'a Seed) -> Result<Self> {
        let (assets, join, kinds) = match era {
            Era::Ios5 | Era::Ios7 | Era::Ios9 => (
                "ZGENERICASSET",
                (15, 22),
                vec![(1, "AdditionalAssetAttributes"), (15, "Album"), (19, "Folder"), (22, "GenericAsset")],
            ),
            Era::Ios10_1 => (
                "ZGENERICASSET",
                (20, 27),
                vec![(1, "AdditionalAssetAttributes"), (20, "Album"), (24, "Folder"), (27, "GenericAsset")],
            ),
            Era::Ios15 | Era::Ios18 | Era::Ios26 => (
                "ZASSET",
                (30, 3),
                vec![
                    (1, "AdditionalAssetAttributes"),
                    (3, "Asset"),
                    (30, "Album"),
                    (38, "Folder"),
                    (46, "InternalResource"),
                    (47, "Keyword"),
                ],
            ),
        };
        database::entities(db, &kinds)?;
        Ok(Self { db, seed, assets, join, kinds })
    }

    fn kind(&self, name: &str) -> i64 {
        self.kinds.iter().find(|kind| kind.1 == name).map_or(0, |kind| kind.0)
    }

    fn asset(&self, at: Moment, asset: &Asset) -> Result<i64> {
        let (taken, directory, name, place, special, _) = asset;
        let (latitude, longitude) = place.unwrap_or((-180.0, -180.0));
        let kind_subtype = match special {
            Special::Live => 2,
            Special::Screenshot => 10,
            Special::Video => 100,
            _ => 0,
        };
        let is = |wanted: Special| i64::from(*special == wanted);
        let trashed = (*special == Special::Trashed).then(|| at.later(3600).apple());
        let burst = (*special == Special::Burst).then(|| self.seed.uuid("burst"));
        let is_pick = name.starts_with("IMG_2044");
        let row = insert_known(
            self.db,
            self.assets,
            &[
                ("Z_ENT", &self.join.1),
                ("Z_OPT", &1),
                ("ZDATECREATED", &at.apple()),
                ("ZADDEDDATE", &at.later(2).apple()),
                ("ZMODIFICATIONDATE", &at.later(60).apple()),
                ("ZDIRECTORY", directory),
                ("ZFILENAME", name),
                ("ZUUID", &self.seed.uuid(name)),
                ("ZKIND", &is(Special::Video)),
                ("ZKINDSUBTYPE", &kind_subtype),
                ("ZPLAYBACKSTYLE", if *special == Special::Live { &3 } else { &1 }),
                ("ZFAVORITE", &is(Special::Favourite)),
                ("ZHIDDEN", &is(Special::Hidden)),
                ("ZTRASHEDSTATE", &is(Special::Trashed)),
                ("ZTRASHEDDATE", &trashed),
                ("ZHASADJUSTMENTS", &i64::from(special.is_edited())),
                ("ZADJUSTMENTSSTATE", &i64::from(special.is_edited())),
                ("ZAVALANCHEUUID", &burst),
                (
                    "ZAVALANCHEPICKTYPE",
                    if burst.is_none() {
                        &0
                    } else if is_pick {
                        &52
                    } else {
                        &2
                    },
                ),
                ("ZVISIBILITYSTATE", if burst.is_some() && !is_pick { &2 } else { &0 }),
                ("ZLATITUDE", &latitude),
                ("ZLONGITUDE", &longitude),
                ("ZWIDTH", &48),
                ("ZHEIGHT", &36),
            ],
        )?;
        self.attributes(row, taken, name, *special)?;
        self.resource(row, *special)?;
        Ok(row)
    }

    fn attributes(&self, asset: i64, taken: &str, name: &str, special: Special) -> Result<()> {
        // Assets of iCloud go by the name that they had where they were taken.
        let is_from_cloud = special == Special::FromCloud || special.is_original_away();
        let original = match name.get(32..36) {
            Some(number) if is_from_cloud && number.starts_with("C0") && number != "C0DE" => {
                format!("IMG_50{}.JPG", &number[2..])
            }
            _ if is_from_cloud => "IMG_1999.JPG".to_owned(),
            _ => name.to_owned(),
        };
        let row = insert_known(
            self.db,
            "ZADDITIONALASSETATTRIBUTES",
            &[
                ("Z_ENT", &1),
                ("Z_OPT", &1),
                ("ZASSET", &asset),
                ("ZORIGINALFILENAME", &original),
                ("ZEXIFTIMESTAMPSTRING", &taken.replace('-', ":").replace('T', " ").replace('Z', "")),
                ("ZTIMEZONEOFFSET", &3600),
                ("ZTIMEZONENAME", &"Europe/Lisbon"),
            ],
        )?;
        let sql = format!("UPDATE {} SET ZADDITIONALATTRIBUTES = ? WHERE Z_PK = ?", self.assets);
        self.db.execute(&sql, [row, asset])?;
        Ok(())
    }

    /// Whether the original is on the device (1) or only in iCloud (-1, 1).
    fn resource(&self, asset: i64, special: Special) -> Result<()> {
        if self.kind("InternalResource") == 0 {
            return Ok(());
        }
        let (local, remote) = match special {
            _ if special.is_original_away() => (-1, 1),
            Special::FromCloud => (1, 1),
            _ => (1, 0),
        };
        insert(
            self.db,
            "ZINTERNALRESOURCE",
            &[
                ("Z_ENT", &self.kind("InternalResource")),
                ("Z_OPT", &1),
                ("ZDATASTORESUBTYPE", &1),
                ("ZLOCALAVAILABILITY", &local),
                ("ZREMOTEAVAILABILITY", &remote),
                ("ZRESOURCETYPE", &0),
                ("ZASSET", &asset),
            ],
        )?;
        Ok(())
    }

    fn albums(&self, in_album: &[i64]) -> Result<()> {
        let folder = self.album("Travel / <all>", 4000, "Folder", None)?;
        let album = self.album("Lisbon", 2, "Album", Some(folder))?;
        self.album("Empty", 2, "Album", None)?;
        let (album_kind, _) = self.join;
        let sql = format!("INSERT INTO Z_{album_kind}ASSETS VALUES (?, ?, ?)");
        for (place, asset) in (1i64..).zip(in_album) {
            self.db.execute(&sql, [album, *asset, place * 1024])?;
        }
        Ok(())
    }

    fn album(&self, title: &str, kind: i64, name: &str, parent: Option<i64>) -> Result<i64> {
        insert_known(
            self.db,
            "ZGENERICALBUM",
            &[
                ("Z_ENT", &self.kind(name)),
                ("Z_OPT", &1),
                ("ZKIND", &kind),
                ("ZPARENTFOLDER", &parent),
                ("ZTRASHEDSTATE", &0),
                ("ZTITLE", &title),
                ("ZUUID", &self.seed.uuid(title)),
            ],
        )
    }
}
