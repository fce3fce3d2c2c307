//! `corer whatsapp`: conversations of WhatsApp and WhatsApp Business, printed or written as pages and data.

use clap::Args;
use corer_exporters::messages::Format;
use corer_exporters::output::report::AppliedFilter;
use corer_schemas::Kind;
use corer_schemas::messages::{Filter, Grouping};
use corer_schemas::whatsapp::{KIND, WhatsApp};

use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::input::args::WorkArgs;
use crate::cli::input::zone::Zone;
use crate::cli::run::command::{KindArgs, OpenContext, OpenError, Opened};
use crate::cli::run::conversations::{ConversationArgs, ConversationsJob, may_mean_orphans};
use crate::cli::run::output::Output;

/// Show or export WhatsApp chats
///
/// Takes WhatsApp and WhatsApp Business together, where both are there. Prints to the terminal; with -o writes files: pages to
/// read in a browser (html), a table (csv) and JSON Lines for programs (jsonl), with the media beside them. The selection means
/// the same in both, and the same as for messages.
#[derive(Debug, Args)]
#[command(after_long_help = after_help())]
pub struct WhatsAppArgs {
    #[command(flatten)]
    pub conversations: ConversationArgs,

    /// Keep chats apart that are with one person under a number and under a hidden one
    #[arg(long, help_heading = "Selection")]
    pub no_merge: bool,
}

fn after_help() -> String {
    help::after_help(
        &[
            ("corer whatsapp --list", "which chats there are"),
            ("corer whatsapp --with Anna -o anna/", "pages, data and media"),
            ("corer whatsapp --chat Family -f txt -o family/", "one group as plain text"),
        ],
        help::TAKING,
    )
}

impl KindArgs for WhatsAppArgs {
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
        let chats = WhatsApp::open(at.source(), at.directory)?
            .grouped(if self.no_merge { Grouping::Apart } else { Grouping::default() })
            .with_orphans(may_mean_orphans(&self.conversations.select.chat));
        let notes = chats.notes().to_vec();
        let opened = ConversationsJob::open(&KIND, Box::new(chats), filter, &self.conversations, at)?;
        Ok(Opened { notes: opened.notes.iter().cloned().chain(notes).collect(), ..opened })
    }
}
