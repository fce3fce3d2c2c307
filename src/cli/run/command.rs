//! What the command of a kind is: what can be typed, and how that opens into records that can be shown and written.

use std::fmt::Debug;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use corer_exporters::formats::Format;
use corer_exporters::output::report::{AppliedFilter, ExportInfo};
use corer_exporters::output::{Checksums, ExportError, KindReport, SafePath, Tree};
use corer_exporters::saved::{Asked, Losses, Subject, Taken, Update};
use corer_schemas::identity::Identified;
use corer_schemas::people::Directory;
use corer_schemas::{Kind, Skipped, Source, SourceError};
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::keep::Keep;
use super::output::Output;
use crate::cli::failure::Failure;
use crate::cli::input::args::WorkArgs;
use crate::cli::input::matched_people::MatchedPeople;
use crate::cli::input::session::Session;
use crate::cli::input::zone::Zone;
use crate::cli::terminal::console::{Answer, Console};
use crate::cli::terminal::interrupt;
use crate::cli::terminal::progress::{Progress, Unit};

/// The command of one kind, as it was typed.
pub trait KindArgs: Args + Debug {
    /// The kind.
    const KIND: &'static Kind;
    /// The page or file of its folder to begin with.
    const START: &'static str;
    /// Whether names come from the address book, so that the report says what of it is not there.
    const TAKES_NAMES: bool;
    /// Whether formats are asked for by `-f`; else the name of a file alone tells.
    const HAS_FORMAT: bool = true;
    /// Whether an export remembers what it holds, so that an update loses nothing.
    const REMEMBERS: bool = false;
    /// What SHA256SUMS lists where nobody asked for more.
    const CHECKSUMS: Checksums = Checksums::Written;

    /// The formats that it writes.
    type Format: Format;
    /// What the arguments mean.
    type Query;
    /// The records that they open into.
    type Job<'s>: Job<Format = Self::Format>;

    /// The formats that were asked for.
    fn formats(&self) -> &[Self::Format] {
        &[]
    }

    /// How much of the computer to use, where that can be said.
    fn work(&self) -> WorkArgs {
        WorkArgs::default()
    }

    /// What narrows the choice, as typed.
    fn filters(&self) -> Vec<AppliedFilter>;

    /// All that has a bearing on what is written, where an update can see at a glance that nothing is new.
    fn fingerprint(&self) -> Option<String> {
        None
    }

    /// What the arguments mean. Asked before a backup is opened.
    ///
    /// # Errors
    /// A usage failure where they make no sense.
    fn resolve(&self, zone: &Zone) -> Result<Self::Query, Failure>;

    /// Refuses an output that does not go with the other arguments.
    ///
    /// # Errors
    /// A usage failure.
    fn refuse(&self, _output: &Output) -> Result<(), Failure> {
        Ok(())
    }

    /// Opens the records that are asked for.
    ///
    /// # Errors
    /// When there are none, and when they cannot be read at all.
    fn open<'s>(&self, query: Self::Query, at: OpenContext<'s>) -> Result<Opened<Self::Job<'s>>, OpenError>;
}

/// What records are opened from.
#[derive(Clone)]
pub struct OpenContext<'s> {
    /// The backup.
    pub session: &'s Session,
    /// Who a handle is. Empty where the kind takes no names.
    pub directory: &'s Directory,
    /// What the run is about.
    pub about: ExportInfo,
    /// The zone of all times.
    pub zone: TimeZone,
    /// How many threads to use.
    pub threads: usize,
    /// What of the names could not be read that no reader sees, where that is known.
    pub names_unread: &'s [Skipped],
    /// Who may be asked for more, such as the password of locked notes. Nobody where several kinds are taken or counted.
    pub asks: Option<&'s Console>,
}

impl<'s> OpenContext<'s> {
    /// The files.
    pub fn source(&self) -> &'s dyn Source {
        self.session.source()
    }
}

/// Records that are open, and what is to be said about them.
pub struct Opened<J> {
    /// The records.
    pub job: J,
    /// Whom the choice means, for each flag that names people.
    pub whom: Vec<MatchedPeople>,
    /// What a person should know, for the report alone.
    pub notes: Vec<String>,
    /// The same, for the terminal, too.
    pub warnings: Vec<String>,
    /// What could not be read, beside what the records say themselves.
    pub skipped: Vec<Skipped>,
}

impl<J> Opened<J> {
    /// Records of which there is nothing to be said.
    pub fn new(job: J) -> Self {
        Self { job, whom: Vec::new(), notes: Vec::new(), warnings: Vec::new(), skipped: Vec::new() }
    }
}

/// Why records could not be opened.
pub enum OpenError {
    /// The source has none, or they cannot be read.
    Source(SourceError),
    /// Anything else.
    Failure(Failure),
}

impl From<SourceError> for OpenError {
    fn from(error: SourceError) -> Self {
        Self::Source(error)
    }
}

impl From<Failure> for OpenError {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

/// Who hears how many records are done, and may ask to stop.
pub type OnProgress<'t> = dyn Fn(u64) -> ControlFlow<()> + Sync + 't;

/// Chosen records of one kind, in everything that a command does with them.
pub trait Job {
    /// The formats that they are written in.
    type Format: Format;

    /// How many there are, where that is known without reading them; of a choice it shows only at the end.
    fn total(&self) -> Option<u64>;

    /// Whether there is nothing to show, to write or to report. Asked before an output is begun.
    fn is_empty(&self) -> bool;

    /// Says that no record matches.
    fn nothing_matched(&self) -> Failure;

    /// Whether it may be for whom the choice means that nothing matched.
    fn is_about_people(&self) -> bool {
        true
    }

    /// Whether something would be found if this were typed instead of what was.
    fn finds(&self, _name: &str) -> bool {
        true
    }

    /// Whether it is something to have read the records, though there was none.
    fn has_more_than_records(&self) -> bool {
        false
    }

    /// Whether what is shown is one document for programs, too, and no stream of records.
    fn is_document(&self) -> bool {
        false
    }

    /// Prints them, for programs where [`is_document`](Self::is_document) says so.
    ///
    /// # Errors
    /// Those of writing to stdout.
    fn show(&self, answer: &mut Answer, for_programs: bool) -> Result<KindReport, Failure>;

    /// Writes them in a format of one stream. `on_progress` hears of each that is done.
    ///
    /// # Errors
    /// Those of `to`.
    fn stream(
        &self,
        format: Self::Format,
        to: &mut (dyn Write + Send),
        on_progress: &OnProgress<'_>,
    ) -> io::Result<KindReport>;

    /// What the work of writing a tree is counted in, and how much there is.
    fn work(&self, _to: &Destination) -> (Unit, Option<u64>) {
        (Unit::Items, self.total())
    }

    /// Refuses to write what must not be written over, and asks where somebody may agree. Nothing is written.
    ///
    /// # Errors
    /// When the folder must not be written.
    fn look(&self, to: &WriteContext<'_>) -> Result<(), ExportError> {
        let _ = to;
        Ok(())
    }

    /// Writes them into a folder of a tree.
    ///
    /// # Errors
    /// When the tree cannot be written, and when somebody asked to stop.
    fn write(&self, to: &WriteContext<'_>) -> Result<KindReport, ExportError>;

    /// What would be written, without writing it.
    fn plan(&self, to: &Destination) -> WritePlan;
}

/// Where records are written.
#[derive(Debug, Clone)]
pub struct Destination {
    /// The folder of the tree.
    pub base: SafePath,
    /// The same on the disk, where an earlier run wrote into it and it is brought up to date.
    pub updated: Option<PathBuf>,
    /// Whether the system may copy plain files there by itself.
    pub takes_kernel_copies: bool,
    /// What becomes of what an earlier run wrote there.
    pub keep: Keep,
}

impl Destination {
    /// The root of an output.
    pub fn root(output: &Output, keep: Keep) -> Self {
        Self {
            base: SafePath::root(),
            keep,
            updated: output.updated_folder().map(Into::into),
            takes_kernel_copies: output.takes_kernel_copies(),
        }
    }

    /// The folder of a kind in it.
    #[must_use]
    pub fn folder_of(&self, kind: &Kind) -> Self {
        let updated = self.updated.as_ref().map(|folder| folder.join(kind.name));
        Self { base: SafePath::new(kind.name), updated, ..self.clone() }
    }
}

/// A tree that is being written, and who is told.
pub struct WriteContext<'a> {
    /// The tree.
    pub tree: &'a Tree,
    /// Where in it.
    pub place: Destination,
    /// Who is told.
    pub progress: Arc<Progress>,
    /// Who is asked.
    pub console: &'a Console,
    /// Whether everything could be read that the records come from.
    pub is_complete: bool,
}

impl<'a> WriteContext<'a> {
    /// Looks at what the folder remembers, and what is to become of it. `None` where nothing is remembered.
    ///
    /// # Errors
    /// When the folder must not be written.
    pub fn update<R: Identified>(
        &self,
        subject: &Subject<'_, R>,
        corer_version: &str,
        backup: &Taken,
    ) -> Result<Option<Update<'a>>, ExportError> {
        let agrees = |losses: &Losses| self.place.keep.agrees(losses, self.console);
        Update::begin(subject, &self.asked(corer_version, backup, &agrees), self.tree, &self.place.base)
    }

    /// Refuses what [`update`](Self::update) would refuse, and asks what it would ask.
    ///
    /// # Errors
    /// When the folder must not be written.
    pub fn look<R: Identified>(
        &self,
        subject: &Subject<'_, R>,
        corer_version: &str,
        backup: &Taken,
    ) -> Result<(), ExportError> {
        let agrees = |losses: &Losses| self.place.keep.agrees(losses, self.console);
        Update::look(subject, &self.asked(corer_version, backup, &agrees), self.tree, &self.place.base)
    }

    /// Whether what is written is remembered: in a folder it is, in an archive not.
    pub fn remembers(&self) -> bool {
        self.tree.is_folder()
    }

    fn asked<'k>(&self, corer_version: &'k str, backup: &Taken, agrees: &'k dyn Fn(&Losses) -> bool) -> Asked<'k> {
        let backup = Taken { complete: self.is_complete, ..backup.clone() };
        self.place.keep.asked(corer_version, backup, agrees)
    }
}

impl WriteContext<'_> {
    /// Tells that so many are done, and stops the writing if somebody asked for that.
    pub fn reach(&self, done: u64) -> ControlFlow<()> {
        self.progress.reach(done);
        self.keep_going()
    }

    /// Stops the writing if somebody asked for that.
    pub fn keep_going(&self) -> ControlFlow<()> {
        interrupt::keep_going()
    }
}

/// What would be written.
pub struct WritePlan {
    /// The records at most, where that is known.
    pub records: Option<u64>,
    /// The same in words; the words of the kind, where there are none.
    pub words: Option<String>,
    /// What else is known, for programs.
    pub more: Map<String, Value>,
}

impl WritePlan {
    /// So many records at most.
    pub fn of(records: Option<u64>) -> Self {
        Self { records, words: None, more: Map::new() }
    }
}
