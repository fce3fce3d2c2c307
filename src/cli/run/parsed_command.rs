//! The command of a kind, as it was typed: what is its own, and what all of them take.

use std::ffi::OsString;

use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches, Args, Command, Error, FromArgMatches};
use corer_exporters::output::AppliedFilter;

use super::command::KindArgs;
use crate::cli::failure::Failure;
use crate::cli::input::args::{KeepArgs, OutputArgs, SourceArgs, WorkArgs, ZoneArgs};
use crate::cli::input::password::notes::NotePasswordArgs;

/// What was typed.
#[derive(Debug)]
pub struct ParsedCommand<C> {
    /// What the kind alone takes.
    pub own: C,
    /// The zone of dates.
    pub zone: ZoneArgs,
    /// Where files go.
    pub output: OutputArgs,
    /// What happens to what an earlier export holds.
    pub keep: KeepArgs,
    /// Which backup.
    pub source: SourceArgs,
    /// Everything that was typed and has a bearing on which records are written and how, in the order of the names.
    pub choice: Vec<AppliedFilter>,
}

impl<C: KindArgs> ParsedCommand<C> {
    /// The command as if nothing but its name had been typed.
    ///
    /// # Errors
    /// None, as long as no argument is required.
    pub fn bare() -> Result<Self, Failure> {
        Self::parse([OsString::from(C::KIND.name)])
    }

    /// This command as if the choice of an earlier one had been typed with it.
    ///
    /// # Errors
    /// When that makes no sense to this version.
    pub fn with_choice(&self, choice: &[AppliedFilter]) -> Result<Self, Failure> {
        let typed = choice.iter().map(|word| match word.value.as_str() {
            "" => format!("--{}", word.name),
            value => format!("--{}={value}", word.name),
        });
        // Formats belong to an output.
        let place = self.output.output.iter().flat_map(|place| [OsString::from("--output"), place.clone().into()]);
        let words = std::iter::once(C::KIND.name.to_owned()).chain(typed).map(OsString::from).chain(place);
        let Self { own, zone, choice, .. } = Self::parse(words)?;
        let (output, keep, source) = (self.output.clone(), self.keep.clone(), self.source.clone());
        Ok(Self { own, zone, output, keep, source, choice })
    }

    fn parse(words: impl IntoIterator<Item = OsString>) -> Result<Self, Failure> {
        let matches = Self::augment_args(Command::new(C::KIND.name)).try_get_matches_from(words);
        let read = matches.and_then(|matches| Self::from_arg_matches(&matches));
        read.map_err(|error| Failure::failed(error.to_string()))
    }
}

impl<C: KindArgs> FromArgMatches for ParsedCommand<C> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        Ok(Self {
            own: C::from_arg_matches(matches)?,
            zone: ZoneArgs::from_arg_matches(matches)?,
            output: OutputArgs::from_arg_matches(matches)?,
            keep: KeepArgs::from_arg_matches(matches)?,
            source: SourceArgs::from_arg_matches(matches)?,
            choice: choice::<C>(matches),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Derived, the words above the options would be those of the last group, and not those of the kind.
impl<C: KindArgs> Args for ParsedCommand<C> {
    fn augment_args(command: Command) -> Command {
        let own = C::augment_args(command);
        let [about, long] = [own.get_about(), own.get_long_about()].map(|words| words.cloned().unwrap_or_default());
        let all = KeepArgs::augment_args(OutputArgs::augment_args(ZoneArgs::augment_args(own)));
        let all = SourceArgs::augment_args(all);
        all.about(about).long_about(long)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

/// What was typed of a kind's own arguments and of the zone; how much of the computer to use has no bearing on anything, and where a
/// password stands is nobody's choice of records.
fn choice<C: KindArgs>(matches: &ArgMatches) -> Vec<AppliedFilter> {
    let own = ZoneArgs::augment_args(C::augment_args(Command::new(C::KIND.name)));
    let other = NotePasswordArgs::augment_args(WorkArgs::augment_args(Command::new(C::KIND.name)));
    let is_other = |name: &clap::Id| other.get_arguments().any(|argument| argument.get_id() == name);
    let mut choice = Vec::new();
    for argument in own.get_arguments().filter(|argument| !is_other(argument.get_id())) {
        let name = argument.get_id().as_str();
        let (Some(ValueSource::CommandLine), Some(long)) = (matches.value_source(name), argument.get_long()) else {
            continue;
        };
        if matches!(argument.get_action(), ArgAction::SetTrue) {
            choice.push(AppliedFilter::new(long, ""));
            continue;
        }
        let values = matches.get_raw(name).into_iter().flatten();
        choice.extend(values.map(|value| AppliedFilter::new(long, value.to_string_lossy())));
    }
    choice.sort_by(|one, other| (&one.name, &one.value).cmp(&(&other.name, &other.value)));
    choice.dedup();
    choice
}
