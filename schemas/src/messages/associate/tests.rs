use std::sync::Arc;

use super::super::model::Handle;
use super::super::model::app::{Poll, PollOption};
use super::*;
use crate::time::AppleTime;

fn zoe() -> Sender {
    Some(Arc::new(Handle { address: "+15550101234".into(), name: None }))
}

fn at(second: i64) -> Option<AppleTime> {
    AppleTime::from_seconds_or_nanoseconds(second)
}

fn message(id: i64, guid: &str) -> Message {
    Message { id, guid: Some(guid.into()), date: at(id), ..Message::default() }
}

fn tapback(id: i64, sender: Sender, reaction: Reaction, removed: bool) -> Message {
    let kind = MessageKind::Tapback(Box::new(Tapback {
        id,
        guid: Some(format!("t{id}")),
        date: at(id),
        is_from_me: sender.is_none(),
        sender,
        target: Some("m".into()),
        part: 0,
        reaction,
        removed,
        removed_by: None,
        text: None,
    }));
    Message { kind, ..message(id, &format!("t{id}")) }
}

fn woven(rows: Vec<Message>, mut target: Message) -> Message {
    let mut associations = Associations::default();
    rows.into_iter().for_each(|row| associations.keep(row));
    associations.complete(&mut target);
    target
}

#[test]
fn reactions_stand_at_their_message_in_order() {
    let rows = vec![tapback(5, None, Reaction::Liked, false), tapback(3, zoe(), Reaction::Loved, false)];
    let target = woven(rows, message(1, "m"));
    assert_eq!(target.tapbacks.iter().map(|tapback| tapback.id).collect::<Vec<_>>(), [3, 5]);
    assert!(target.tapbacks.iter().all(|tapback| !tapback.removed));
}

#[test]
fn what_was_taken_back_says_so_once() {
    let rows = vec![
        tapback(2, zoe(), Reaction::Loved, false),
        tapback(3, zoe(), Reaction::Loved, true),
        tapback(4, None, Reaction::Loved, false),
        tapback(6, None, Reaction::Questioned, true),
    ];
    let target = woven(rows, message(1, "m"));
    let state: Vec<_> = target.tapbacks.iter().map(|tapback| (tapback.id, tapback.removed)).collect();
    // The last one has lost the row that it takes back.
    assert_eq!(state, [(2, true), (4, false), (6, true)]);
}

#[test]
fn what_finds_nothing_stays_a_message() {
    let mut associations = Associations::default();
    associations.keep(tapback(5, None, Reaction::Liked, false));
    associations.complete(&mut message(1, "another"));
    assert_eq!(associations.take(5).map(|row| row.id), Some(5));
    assert_eq!(associations.take(5), None);
    let mut own = tapback(7, None, Reaction::Liked, false);
    own.guid = Some("m".into());
    associations.keep(own.clone());
    associations.complete(&mut own);
    assert!(own.tapbacks.is_empty() && associations.take(7).is_some(), "nobody reacts to a reaction itself");
}

fn poll(options: &[&str]) -> MessageKind {
    let option = |id: &&str| PollOption { id: (*id).into(), text: (*id).into(), ..PollOption::default() };
    let content = AppContent::Poll(Poll { title: None, options: options.iter().map(option).collect() });
    MessageKind::App(Box::new(App { content, ..App::default() }))
}

fn vote(id: i64, sender: Sender, options: &[&str]) -> Message {
    let vote = Vote {
        id,
        guid: None,
        date: at(id),
        is_from_me: sender.is_none(),
        sender,
        target: Some("m".into()),
        options: options.iter().map(|option| (*option).into()).collect(),
    };
    Message { kind: MessageKind::Vote(Box::new(vote)), ..message(id, &format!("v{id}")) }
}

#[test]
fn votes_are_counted_and_the_last_one_of_each_voter_counts() {
    let mut update = message(6, "u");
    update.kind = poll(&["tea", "water"]);
    if let MessageKind::App(app) = &mut update.kind {
        app.updates = Some("m".into());
    }
    let rows = vec![
        vote(3, zoe(), &["tea", "coffee"]),
        vote(4, None, &["coffee"]),
        vote(5, zoe(), &["coffee"]),
        update,
        vote(7, None, &["water", "milk"]),
    ];
    let target = woven(rows, Message { kind: poll(&["tea", "coffee"]), ..message(1, "m") });
    let MessageKind::App(app) = target.kind else { panic!("a poll") };
    let AppContent::Poll(poll) = app.content else { panic!("a poll") };
    let counts: Vec<_> = poll.options.iter().map(|option| (option.text.as_str(), option.voters.len())).collect();
    assert_eq!(counts, [("tea", 0), ("coffee", 1), ("water", 1)]);
    assert_eq!(poll.options[1].voters[0].sender, zoe());
}
