//! Calls as pages: the newest first, with totals by person and by month above them.
//!
//! A phone keeps a few thousand calls, which is one page; more go to pages of [`PAGE`] calls, the oldest on the first, so
//! that a page that is full stays as it is when new calls come. [`Rows`] renders calls, [`page`] what is around them.

mod frame;
mod rows;

pub use frame::{Position, page};
pub use rows::Rows;

/// The most calls on one page.
pub const PAGE: usize = 5_000;

/// What these pages add to the style of all pages.
const STYLE: &str = include_str!("style.css");
