//! `--update` alone: the choice and formats are those with which the folder was made.

use corer_exporters::output::AppliedFilter;

use super::command::KindArgs;
use super::keep::{ZONE, head_of};
use super::parsed_command::ParsedCommand;
use crate::cli::failure::Failure;
use crate::cli::terminal::console::Console;

/// The command as the folder was made, where nothing but `--update` was typed that chooses records or formats.
///
/// # Errors
/// When what the folder remembers cannot be read, or means nothing to this version.
pub fn as_before<C: KindArgs>(
    typed: &ParsedCommand<C>,
    console: &Console,
) -> Result<Option<ParsedCommand<C>>, Failure> {
    let Some(folder) = typed.output.output.as_deref().filter(|_| typed.output.update && typed.choice.is_empty()) else {
        return Ok(None);
    };
    let Some(head) = head_of(folder)?.filter(|head| head.kind == C::KIND.name && !head.choice.is_empty()) else {
        return Ok(None);
    };
    let words: Vec<String> =
        head.choice.iter().filter(|word| word.name != ZONE).map(AppliedFilter::to_string).collect();
    if !words.is_empty() {
        console.note(format_args!("As before: {}", words.join(" ")));
    }
    typed.with_choice(&head.choice).map(Some)
}
