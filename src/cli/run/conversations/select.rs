//! Which conversations and messages: the flags that conversations alone have.

use clap::{Args, ValueEnum};
use corer_exporters::output::report::AppliedFilter;
use corer_schemas::Selection;
use corer_schemas::messages::{Category, Filter, Service};

/// Which conversations and messages.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Selection")]
pub struct ChatSelectArgs {
    /// Only this conversation: its title or the beginnings of words in it, a number or an address; may be repeated
    ///
    /// `corer messages --list` shows the titles. One of exactly that title counts alone; else all with words that begin so are
    /// taken, and it is said which. A number counts as it is dialled. The `id` and `guid` of `--json` will do, too, and
    /// `--chat =TITLE` means exactly that title.
    #[arg(long, value_name = "CHAT", allow_hyphen_values = true)]
    pub chat: Vec<String>,

    /// Only what went by this service: iMessage, SMS, RCS, satellite; of WhatsApp: whatsapp, business; may be repeated
    #[arg(long, value_name = "SERVICE")]
    pub service: Vec<String>,

    /// Only messages that have this: attachment
    #[arg(long, value_name = "WHAT", value_enum, hide_possible_values = true)]
    pub has: Option<Has>,

    /// Only these kinds, with commas between them: text, attachment, media, audio, sticker, link, app, poll, tapback,
    /// announcement, reply, edited, deleted, filtered, failed, scheduled, unsupported
    #[arg(long, value_name = "KINDS", value_delimiter = ',', value_parser = kind)]
    pub only: Vec<Category>,

    /// Not these kinds
    #[arg(long, value_name = "KINDS", value_delimiter = ',', value_parser = kind)]
    pub skip: Vec<Category>,
}

/// What a message may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Has {
    /// A file
    Attachment,
}

impl ChatSelectArgs {
    /// What was asked for. `common`: when, and with whom.
    pub fn resolve(&self, common: Selection) -> Filter {
        Filter {
            common,
            services: self.service.iter().map(|name| service(name)).collect(),
            with_attachment: self.has.is_some(),
            only: self.only.clone(),
            skip: self.skip.clone(),
        }
    }

    /// What narrowed the choice, as typed.
    pub fn filters(&self) -> Vec<AppliedFilter> {
        let words = |kinds: &[Category]| kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(",");
        let chats = self.chat.iter().map(|chat| AppliedFilter::new("chat", chat));
        let services = self.service.iter().map(|service| AppliedFilter::new("service", service));
        let has = self.has.iter().map(|_| AppliedFilter::new("has", "attachment"));
        let only = (!self.only.is_empty()).then(|| AppliedFilter::new("only", words(&self.only)));
        let skip = (!self.skip.is_empty()).then(|| AppliedFilter::new("skip", words(&self.skip)));
        chats.chain(services).chain(has).chain(only).chain(skip).collect()
    }
}

/// The service of a name that people type, whatever its case.
fn service(name: &str) -> Service {
    match name.to_lowercase().as_str() {
        "imessage" => Service::IMessage,
        "sms" | "mms" => Service::Sms,
        "rcs" => Service::Rcs,
        "satellite" | "imessagelite" => Service::Satellite,
        "whatsapp" => Service::WhatsApp,
        "whatsapp business" | "business" => Service::WhatsAppBusiness,
        _ => Service::Other(name.to_owned()),
    }
}

fn kind(name: &str) -> Result<Category, String> {
    let own = Category::ALL.into_iter().find(|kind| kind.name() == name.trim().to_lowercase());
    own.ok_or_else(|| {
        let known: Vec<&str> = Category::ALL.into_iter().map(Category::name).collect();
        format!("there is no such kind; the kinds are {}", known.join(", "))
    })
}
