//! The start page: from the report of what was written to what people read first.

use corer::backup::availability::{AvailabilityState, availability};
use corer_exporters::output::report::AppliedFilter;
use corer_exporters::output::{KindReport, OutputError, Report, SafePath, Tree};
use corer_exporters::page::count;
use corer_exporters::start::{self, ExportedKind, MissingKind};
use corer_schemas::Kind;

use crate::cli::commands::kinds::{COMMANDS, KindCommand};
use crate::cli::input::session::Session;
use crate::cli::run::absent::why_left_out;

/// What the report says of a kind that was named.
pub fn filter(kind: &Kind) -> AppliedFilter {
    AppliedFilter::new("kind", kind.name)
}

/// Writes the page.
///
/// # Errors
/// When it cannot be written.
pub fn write(
    kinds: &[&'static KindCommand],
    report: &Report,
    session: &Session,
    tree: &Tree,
) -> Result<(), OutputError> {
    let mut here = Vec::new();
    let mut gone = Vec::new();
    for (command, own) in kinds.iter().zip(&report.kinds) {
        if own.exported > 0 {
            here.push(one(command, own));
        } else {
            gone.push(MissingKind { title: command.kind.title, why: why(own) });
        }
    }
    let raw = if kinds.len() == COMMANDS.len() { rest(session, &mut gone) } else { Vec::new() };
    start::write(tree, &report.about, &here, &gone, &raw)
}

fn one(command: &KindCommand, own: &KindReport) -> ExportedKind {
    let kind = command.kind;
    let (singular, plural) = kind.nouns;
    let facts = format!("{} {}", count(own.exported), if own.exported == 1 { singular } else { plural });
    let gaps = own.skipped.len() + own.missing.len();
    let gaps = (gaps > 0).then(|| format!("{} missing or not readable: see the report", count(gaps as u64)));
    ExportedKind {
        title: kind.title,
        facts,
        gaps,
        start: SafePath::new(kind.name).join(command.start),
        remembers: own.remembers,
    }
}

/// Why nothing of a kind was written.
fn why(own: &KindReport) -> String {
    let missing = own.missing.iter().map(|missing| &missing.why);
    let skipped = own.skipped.iter().map(|skipped| &skipped.why);
    missing.chain(skipped).next().cloned().unwrap_or_else(|| "there are none in this backup".to_owned())
}

/// What no command takes out yet: adds what the backup does not hold, and gives what it does.
fn rest(session: &Session, gone: &mut Vec<MissingKind>) -> Vec<&'static str> {
    // Whether encryption would have kept more is known of backups alone.
    let protected = session.is_encrypted || session.facts.udid.is_none();
    let others = availability(session.source(), &session.facts, protected).into_iter();
    let mut raw = Vec::new();
    for holding in others.filter(|holding| !COMMANDS.iter().any(|command| command.kind.name == holding.command)) {
        match holding.state {
            AvailabilityState::Held(..) => raw.push(holding.name),
            AvailabilityState::OnlyInEncrypted => {
                let why = why_left_out();
                gone.push(MissingKind { title: holding.name, why });
            }
            AvailabilityState::Lost(why) => gone.push(MissingKind { title: holding.name, why: why.to_string() }),
            AvailabilityState::NotThere => {}
        }
    }
    raw
}
