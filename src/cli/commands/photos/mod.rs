//! `corer photos`: the photo library, shown or written as plain folders.

mod companions;
mod job;
mod layout;
mod preview;
mod select;

use std::cell::OnceCell;
use std::collections::BTreeSet;

use clap::Args;
use corer_exporters::output::report::AppliedFilter;
use corer_exporters::output::{Checksums, SafePath};
use corer_exporters::photos::{Format, Layout, Options, TemplateFields};
use corer_schemas::Kind;
use corer_schemas::photos::{Asset, Filter, KIND, LoadedLibrary, read};

use companions::CompanionArgs;
use job::PhotosJob;
use layout::LayoutArgs;
use select::PhotoSelectArgs;

use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::input::args::{SelectArgs, WorkArgs};
use crate::cli::input::zone::Zone;
use crate::cli::run::command::{KindArgs, OpenContext, OpenError, Opened};

/// Show or export photos and videos
///
/// Prints a list to the terminal; with -o writes every photo and video under the name that people know it by, in folders
/// by month: originals byte for byte, Live Photos with their movement, edited pictures beside their originals. What is
/// hidden or recently deleted stands in folders of its own. index.html shows them all, by month, album, person and place;
/// photos.csv and photos.jsonl tell everything that the library knows. The selection means the same in both.
#[derive(Debug, Args)]
#[command(after_long_help = after_help())]
pub struct PhotosArgs {
    #[command(flatten)]
    pub select: SelectArgs,

    #[command(flatten)]
    pub asked: PhotoSelectArgs,

    #[command(flatten)]
    pub layout: LayoutArgs,

    #[command(flatten)]
    pub beside: CompanionArgs,

    #[command(flatten)]
    pub work: WorkArgs,
}

fn after_help() -> String {
    let examples = help::after_help(
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
    type Query = (Filter, Layout);
    type Job<'s> = PhotosJob<'s>;

    fn work(&self) -> WorkArgs {
        self.work
    }

    fn filters(&self) -> Vec<AppliedFilter> {
        self.asked.filters(&self.select)
    }

    fn fingerprint(&self) -> Option<String> {
        let Self { select, asked, layout, beside, .. } = self;
        Some(format!("{select:?} {asked:?} {layout:?} {beside:?}"))
    }

    fn resolve(&self, zone: &Zone) -> Result<Self::Query, Failure> {
        Ok((self.asked.resolve(&self.select, zone)?, self.layout.resolve()?))
    }

    fn open<'s>(&self, (filter, layout): Self::Query, at: OpenContext<'s>) -> Result<Opened<PhotosJob<'s>>, OpenError> {
        let LoadedLibrary { mut library, skipped, notes, without_database } = read(at.source())?;
        library.assume_zone(&at.zone);
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
