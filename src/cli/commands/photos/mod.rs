//! `corer photos`: the photo library, shown or written as plain folders.

mod beside;
mod job;
mod preview;
mod select;

use std::cell::OnceCell;
use std::collections::BTreeSet;

use clap::Args;
use corer_exporters::output::report::Filter;
use corer_exporters::output::{Checksums, SafePath};
use corer_exporters::photos::{Edited, Format, Layout, Options, TemplateError, TemplateFields};
use corer_schemas::Kind;
use corer_schemas::photos::{Asset, Filter as PhotosFilter, Found, KIND, read};

use beside::BesideArgs;
use job::PhotosJob;
use select::PhotoSelectArgs;

use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::input::args::{SelectArgs, WorkArgs};
use crate::cli::input::zone::Zone;
use crate::cli::run::command::{At, KindArgs, OpenError, Opened};
use crate::cli::run::output::sentence;

/// Show or export photos and videos
///
/// Prints a list to the terminal; with -o writes every photo and video under the name that people know it by, in folders
/// by month: originals byte for byte, Live Photos with their movement, edited pictures beside their originals. What is
/// hidden or recently deleted stands in folders of its own. index.html shows them all, by month, album, person and place;
/// photos.csv and photos.jsonl tell everything that the library knows. The selection means the same in both.
#[derive(Debug, Args)]
#[command(after_long_help = ending())]
pub struct PhotosArgs {
    #[command(flatten)]
    pub select: SelectArgs,

    #[command(flatten)]
    pub asked: PhotoSelectArgs,

    #[command(flatten)]
    pub layout: LayoutArgs,

    #[command(flatten)]
    pub beside: BesideArgs,

    #[command(flatten)]
    pub work: WorkArgs,
}

/// Where files stand in the folder, and which.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Layout")]
pub struct LayoutArgs {
    /// Folders by year, month, day or album, flat, or a template such as '{year}/{country|elsewhere}'
    ///
    /// An album's folder stands in the folders that it has on the device; what is in several albums is written once and
    /// shares its bytes with the others. A template is a path with fields in it; the fields are listed at the end of this
    /// page. `{field|words}` stands for the words where nothing is known.
    #[arg(long, value_name = "LAYOUT", default_value = "month")]
    pub by: String,

    /// Name files by a template, without extension: '{date} {name}'
    #[arg(long, value_name = "TEMPLATE", default_value = "{name}", hide_default_value = true)]
    pub name: String,

    /// Which to write of edited photos: both, the edited one only, or none of the edits
    #[arg(long, value_name = "WHICH", value_enum, default_value_t)]
    pub edited: Edited,

    /// Write .AAE files too: what edits consist of, for photo editors
    #[arg(long)]
    pub aae: bool,
}

impl LayoutArgs {
    fn resolve(&self) -> Result<Layout, Failure> {
        let layout = Layout::by(&self.by).and_then(|layout| layout.named(&self.name));
        let is_word = matches!(&*self.by, "year" | "month" | "day" | "album" | "flat");
        match layout {
            Ok(layout) if is_word || self.by.contains('{') => Ok(layout),
            Ok(_) => Err(Failure::usage(format!("There is no layout \"{}\".", self.by))
                .hint("Layouts are year, month, day, album, flat, or a template with fields in braces.")),
            Err(error @ TemplateError::Path(_)) => {
                Err(Failure::usage(sentence(&format!("the template is refused: {error}")))
                    .hint("A template is a path below the folder of the export, such as {year}/{country|elsewhere}."))
            }
            Err(error) => Err(Failure::usage(sentence(&format!("the template makes no sense: {error}")))
                .hint(format!("Fields are {TemplateFields}"))),
        }
    }
}

fn ending() -> String {
    let examples = help::ending(
        &[
            ("corer photos -o photos/", "everything, in folders by month"),
            ("corer photos --album Lisbon -o lisbon/", "one album"),
            ("corer photos --kind video --since 2019-01-01", "see which videos there are, and how large they are"),
        ],
        help::TAKING,
    );
    format!("{examples}\n\nFields of templates: {TemplateFields}")
}

impl KindArgs for PhotosArgs {
    const KIND: &'static Kind = &KIND;
    const START: &'static str = "index.html";
    const TAKES_NAMES: bool = false;
    const HAS_FORMAT: bool = false;
    const CHECKSUMS: Checksums = Checksums::None;

    type Format = Format;
    type Wish = (PhotosFilter, Layout);
    type Job<'s> = PhotosJob<'s>;

    fn work(&self) -> WorkArgs {
        self.work
    }

    fn filters(&self) -> Vec<Filter> {
        self.asked.filters(&self.select)
    }

    fn fingerprint(&self) -> Option<String> {
        let Self { select, asked, layout, beside, .. } = self;
        Some(format!("{select:?} {asked:?} {layout:?} {beside:?}"))
    }

    fn resolve(&self, zone: &Zone) -> Result<Self::Wish, Failure> {
        Ok((self.asked.resolve(&self.select, zone)?, self.layout.resolve()?))
    }

    fn open<'s>(&self, (filter, layout): Self::Wish, at: At<'s>) -> Result<Opened<PhotosJob<'s>>, OpenError> {
        let Found { mut library, skipped, notes, without_database } = read(at.source())?;
        library.settle(&at.zone);
        let names: BTreeSet<String> = library.assets.iter().flat_map(Asset::people).map(str::to_owned).collect();
        let whom = self.asked.whom(&self.select, &names);
        filter.narrow(&mut library);
        let warnings = without_database
            .into_iter()
            .map(|why| format!("The files alone were read, without albums, people and captions: {why}."));
        let job = PhotosJob {
            source: at.source(),
            library,
            has_skipped: !skipped.is_empty(),
            beside: self.beside.clone(),
            known: OnceCell::new(),
            options: Options {
                about: at.about,
                zone: at.zone,
                base: SafePath::root(),
                layout,
                edited: self.layout.edited,
                with_adjustments: self.layout.aae,
                jobs: at.threads,
            },
        };
        Ok(Opened { whom, notes, warnings: warnings.collect(), skipped, ..Opened::new(job) })
    }
}
