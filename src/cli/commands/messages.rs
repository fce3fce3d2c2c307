//! `corer messages`: conversations, printed or written as pages and data.

use clap::Args;
use corer_exporters::messages::Format;
use corer_exporters::output::report::AppliedFilter;
use corer_schemas::Kind;
use corer_schemas::messages::{Filter, Grouping, KIND, Messages};

use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::input::args::WorkArgs;
use crate::cli::input::zone::Zone;
use crate::cli::run::command::{KindArgs, OpenContext, OpenError, Opened};
use crate::cli::run::conversations::{ConversationArgs, ConversationsJob, may_mean_orphans};
use crate::cli::run::output::Output;

/// Show or export messages
///
/// Prints to the terminal; with -o writes files: pages to read in a browser (html), a table (csv) and JSON Lines for
/// programs (jsonl), with the attachments beside them. A name that ends in .jsonl or .csv makes that one
/// file, without attachments. The selection means the same in both.
#[derive(Debug, Args)]
#[command(after_long_help = after_help())]
pub struct MessagesArgs {
    #[command(flatten)]
    pub conversations: ConversationArgs,

    /// Keep conversations apart that the phone shows as one, by service and number
    #[arg(long, help_heading = "Selection")]
    pub no_merge: bool,
}

fn after_help() -> String {
    help::after_help(
        &[
            ("corer messages --list", "which conversations there are"),
            ("corer messages --with Anna -o anna/", "pages, data and attachments"),
            ("corer messages --since 2024-01-01 -f html -o 2024.zip", "one year, one file"),
        ],
        help::TAKING,
    )
}

impl KindArgs for MessagesArgs {
    const KIND: &'static Kind = &KIND;
    const START: &'static str = "index.html";
    const TAKES_NAMES: bool = true;
    const REMEMBERS: bool = true;

    type Format = Format;
    type Query = Filter;
    type Job<'s> = ConversationsJob<'s>;

    fn formats(&self) -> &[Format] {
        &self.conversations.format
    }

    fn work(&self) -> WorkArgs {
        self.conversations.work
    }

    fn filters(&self) -> Vec<AppliedFilter> {
        self.conversations.filters()
    }

    fn resolve(&self, zone: &Zone) -> Result<Filter, Failure> {
        self.conversations.resolve(&KIND, zone)
    }

    fn refuse(&self, output: &Output) -> Result<(), Failure> {
        self.conversations.refuse(output)
    }

    fn open<'s>(&self, filter: Filter, at: OpenContext<'s>) -> Result<Opened<ConversationsJob<'s>>, OpenError> {
        self.conversations.check(&KIND, at.session)?;
        let messages = Messages::open(at.source(), at.directory)?
            .grouped(if self.no_merge { Grouping::Apart } else { Grouping::default() })
            .with_orphans(may_mean_orphans(&self.conversations.select.chat));
        ConversationsJob::open(&KIND, Box::new(messages), filter, &self.conversations, at)
    }
}
