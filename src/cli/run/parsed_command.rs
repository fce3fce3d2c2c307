//! The command of a kind, as it was typed: what is its own, and what all of them take.

use clap::{ArgMatches, Args, Command, Error, FromArgMatches};

use super::command::KindArgs;
use crate::cli::failure::Failure;
use crate::cli::input::args::{OutputArgs, SourceArgs, ZoneArgs};

/// What was typed.
#[derive(Debug)]
pub struct ParsedCommand<C> {
    /// What the kind alone takes.
    pub own: C,
    /// The zone of dates.
    pub zone: ZoneArgs,
    /// Where files go.
    pub output: OutputArgs,
    /// Which backup.
    pub source: SourceArgs,
}

impl<C: KindArgs> ParsedCommand<C> {
    /// The command as if nothing but its name had been typed.
    ///
    /// # Errors
    /// None, as long as no argument is required.
    pub fn bare() -> Result<Self, Failure> {
        let matches = Self::augment_args(Command::new(C::KIND.name)).try_get_matches_from([C::KIND.name]);
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
            source: SourceArgs::from_arg_matches(matches)?,
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
        let all = SourceArgs::augment_args(OutputArgs::augment_args(ZoneArgs::augment_args(own)));
        all.about(about).long_about(long)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}
