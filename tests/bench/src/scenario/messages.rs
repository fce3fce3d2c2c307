//! A long conversation history as pages, beside imessage-exporter: the cost of a message, that cost and memory grow as the
//! history does or less, and that one conversation does not cost the rest.

use std::process::Command;

use crate::failure::Result;
use crate::inputs::{self, Form, Input};
use crate::race::{Contestant, Finish, race, unfinished};
use crate::settings::Settings;
use crate::table::{Check, Limit, Report, megabytes};

const PAGES: &str = "corer messages, pages alone";
const PEER: &str = "imessage-exporter -f html";
const TENTH: &str = "corer messages, of a tenth of them";
const ONE: &str = "corer messages --chat, a middling one";
const SEARCH: &str = "corer messages, with the search index";
const WHOLE: &str = "corer messages, all formats and checksums";

/// Pages and nothing else.
const BARE: [&str; 5] = ["--format", "html", "--attachments", "none", "--no-search"];

/// Runs the scenario.
///
/// # Errors
/// As [`crate::scenario::Scenario::run`].
pub fn run(settings: &Settings) -> Result<Report> {
    let (messages, chats) = settings.pick((1_000_000, 800), (5_000, 30));
    let many = history(settings, "messages-many", messages, chats)?;
    let few = history(settings, "messages-few", messages / 10, chats)?;
    let target = settings.work().join("target");
    let corer = |input: &Input, arguments: &[&str]| {
        let mut command = settings.corer(&["messages"], &input.backup);
        command.args(arguments).arg("--output").arg(&target);
        command
    };
    // The first conversations are the largest; of 800, the third part of them is as far as one of a thousand messages.
    let middling = (chats / 3).to_string();
    let mut runs: Vec<(&'static str, Command)> = vec![(PAGES, corer(&many, &BARE))];
    runs.extend(settings.peers.messages(&many.backup, &target).map(|command| (PEER, command)));
    runs.push((TENTH, corer(&few, &BARE)));
    runs.push((ONE, corer(&many, &[&BARE[..], &["--chat", &middling]].concat())));
    runs.push((SEARCH, corer(&many, &BARE[..4])));
    runs.push((WHOLE, corer(&many, &["--attachments", "none", "--checksums"])));
    let contestants = runs.into_iter().map(|(name, command)| Contestant::writing(name, command, target.clone()));
    let finishes = race(settings, &contestants.collect::<Vec<_>>())?;
    Ok(Report {
        title: format!("Messages: {messages} in {chats} conversations, not encrypted"),
        checks: checks(&finishes),
        notes: unfinished(&finishes),
        finishes,
    })
}

fn history(settings: &Settings, name: &str, messages: u64, chats: u64) -> Result<Input> {
    inputs::make(settings, name, &[("messages", messages), ("chats", chats)], Form::Plain)
}

fn checks(finishes: &[Finish]) -> Vec<Check> {
    let find = |name: &str| finishes.iter().find(|finish| finish.name == name).map(|finish| finish.usage);
    let pages = find(PAGES);
    let ratio = |one: Option<f64>, other: Option<f64>| one.zip(other).map(|(one, other)| one / other);
    let wall = |name: &str| find(name).map(|usage| usage.wall.as_secs_f64());
    let cpu = |name: &str| find(name).map(|usage| usage.cpu.as_secs_f64());
    let check = |what: &str, value, limit, unit| Check { what: what.to_owned(), value, limit, unit };
    vec![
        check("times faster than imessage-exporter", ratio(wall(PEER), wall(PAGES)), Limit::AtLeast(3.0), "×"),
        check("CPU time, of imessage-exporter's", ratio(cpu(PAGES), cpu(PEER)), Limit::AtMost(1.0), "×"),
        check("peak memory", pages.map(|usage| megabytes(usage.peak)), Limit::AtMost(200.0), "MB"),
        check("time for ten times as many", ratio(wall(PAGES), wall(TENTH)), Limit::AtMost(10.0), "×"),
        check("one conversation, of the time for all", ratio(wall(ONE), wall(PAGES)), Limit::AtMost(0.05), "×"),
    ]
}
