//! Whether a folder may be written as is asked: it must be of the same kind, choice and device, and nothing is lost unasked.

use std::ops::ControlFlow;

use corer_schemas::Kind;
use corer_schemas::identity::Identified;

use super::asked::{Asked, Mode, Subject};
use super::error::{Losses, SavedError};
use super::head::{Head, Taken};
use super::memory::Memory;
use super::plan::{Outcome, Plan};
use crate::output::AppliedFilter;

/// So many of the records that would be lost are named.
const MOST_EXAMPLES: usize = 20;

/// Whether a folder may be brought up to date as is asked.
pub(super) fn agree(head: &Head, kind: &Kind, asked: &Asked<'_>) -> Result<(), SavedError> {
    if head.kind != kind.name {
        return Err(SavedError::OtherKind { there: head.kind.clone(), here: kind.name.to_owned() });
    }
    if !matches!(asked.mode, Mode::Update) {
        return Ok(());
    }
    if head.choice != asked.choice {
        let words = |choice: &[AppliedFilter]| match choice {
            [] => "no choice at all".to_owned(),
            choice => choice.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        };
        return Err(SavedError::OtherChoice { there: words(&head.choice), here: words(&asked.choice) });
    }
    let devices = head.devices();
    let is_known = devices.is_empty() || devices.iter().any(|device| device.device == asked.backup.device);
    if is_known || asked.backup.device.is_none() || asked.is_same_person {
        return Ok(());
    }
    let there: Vec<String> = devices.into_iter().map(Taken::to_string).collect();
    Err(SavedError::OtherDevice { there: there.join(", "), here: asked.backup.to_string() })
}

/// Whether what is remembered is to be forgotten.
pub(super) fn forgets(mode: Mode<'_>, losses: impl FnOnce() -> Result<Losses, SavedError>) -> Result<bool, SavedError> {
    match mode {
        Mode::New | Mode::Update => Ok(false),
        Mode::Overwrite => match losses()? {
            losses if losses.is_nothing() => Ok(true),
            losses => Err(SavedError::WouldLose(losses)),
        },
        Mode::Mirror(agrees) => match losses()? {
            losses if losses.is_nothing() || agrees(&losses) => Ok(true),
            _ => Err(SavedError::Declined),
        },
    }
}

/// What would be lost if the folder held what the backup has and nothing else.
pub(super) fn losses<R: Identified>(
    subject: &Subject<'_, R>,
    memory: Option<&Memory>,
    plan: &Plan,
) -> Result<Losses, SavedError> {
    let mut losses = Losses { nouns: subject.kind.nouns, ..Losses::default() };
    let Some(memory) = memory else { return Ok(losses) };
    let Outcome { lacking, versions, parts, .. } = plan.outcome;
    (losses.records, losses.versions, losses.parts) = (lacking, versions, parts);
    _ = plan.lacking(memory).try_for_each(|known| {
        let kept = memory.line(known).and_then(|line| memory.kept::<R>(known, &memory.head, &line));
        losses.examples.extend(kept.map(|kept| (subject.describe)(&kept.record)));
        if losses.examples.len() < MOST_EXAMPLES { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    Ok(losses)
}
