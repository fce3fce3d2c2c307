//! Conversations as pages: a start page, and for each conversation pages of at most [`PAGE`] messages.
//!
//! A page is a pure function of records and [`Links`](crate::page::Links). [`Body`] renders messages, [`Frame`] what is
//! around them, [`start_page`] the list of all conversations.

mod anchor;
mod avatar;
mod body;
mod drawing;
mod file;
mod frame;
mod part;
mod reactions_and_edits;
mod spans;
mod start;
mod time;

pub use anchor::Anchor;
pub use body::{Body, Months, PushedMessage};
pub use frame::Frame;
pub use start::{ChatSummary, start_page};

/// The most messages on one page. A page of ten thousand costs a browser seconds and hundreds of megabytes.
pub const PAGE: usize = 1_000;

/// What these pages add to the style of all pages.
const STYLE: &str = include_str!("style.css");
