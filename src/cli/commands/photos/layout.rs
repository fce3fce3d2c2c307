//! Where files of photos stand, as typed.

use clap::Args;
use corer_exporters::photos::{Edited, Layout, TemplateError, TemplateFields};

use crate::cli::failure::Failure;
use crate::cli::sentence::sentence;

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
    /// What was asked for.
    ///
    /// # Errors
    /// A usage failure for a template that makes no sense, or leads out of the folder.
    pub fn resolve(&self) -> Result<Layout, Failure> {
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
